"""The words of outgoing mails."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ProfileError
from models.kinds import MAILS, ParcelKind
from models.profiles import Profile
from route.templates import IN_HTML_TOO, OF_THE_DESK, Templates
from tests.support.cases import FACTS

CASE = {**FACTS, "case": "SIV-7", "signed": "SIV-7-abcd2345", "desk": "Brukerstøtten"}
HTML_KINDS = sorted(IN_HTML_TOO)
TAGS = {"html", "head", "meta", "title", "body", "div", "h1", "p", "br", "ul", "li", "a", "hr"}
ATTRIBUTES = {"lang", "charset", "name", "content", "style", "href"}
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</p></div><style>*{display:none}</style>",
    '"><a href="javascript:alert(1)">x</a>',
    'https://siv.no/"onmouseover=alert(1)//',
    "https://siv.no/'onmouseover='alert(1)",
    "https://siv.no/<b>x",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'mailto:a@b.no"onclick="alert(1)',
    "&lt;b&gt; &#60;b&#62; &amp;",
    "<!-- <![CDATA[ ]]> -->",
    "- <li onclick=x>",
    "{{ 7 * 7 }}{% raw %}",
    "a\x00b\x1b[31mc\x9b",
)
JINJA = "{{ 7 * 7 }}{% if x %}{# gone #}"


class Seen(HTMLParser):
    """What a reader of the HTML finds: tags, attributes, addresses that links lead to, and the words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str | None] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href"]
        self.words += "\n" if tag in {"br", "p", "li"} else ""

    def handle_data(self, data: str) -> None:
        self.words += data


def seen(siv: Profile, text: str, kind: str = "answer", **facts: str) -> Seen:
    return Seen(Templates(siv).fill(kind, "nb", {**CASE, "text": text, "advice": "", **facts}).html)


def own(siv: Profile, folder: Path, **templates: str) -> Templates:
    """Templates of a profile whose own folder holds these, `nb_receipt` for `nb/receipt.txt`."""
    for name, words in templates.items():
        language, _, kind = name.partition("_")
        (folder / "mails" / language).mkdir(parents=True, exist_ok=True)
        (folder / "mails" / language / f"{kind}.txt").write_text(words, encoding="utf-8")
    return Templates(siv.model_copy(update={"folder": folder}))


def test_the_first_line_is_the_subject_and_the_rest_the_text(siv: Profile, tmp_path: Path) -> None:
    words = own(siv, tmp_path, nb_receipt="  Mottatt:   {{ subject }} \n\nHei\n  du.\n").fill("receipt", "nb", CASE)
    assert (words.subject, words.text) == ("Mottatt: Skriver", "Hei\n  du.\n")


def test_an_own_folders_template_wins_over_the_bases(siv: Profile, tmp_path: Path) -> None:
    templates = own(siv, tmp_path, nb_receipt="Vårt eget\n\nHei")
    assert templates.fill("receipt", "nb", CASE).subject == "Vårt eget"
    assert templates.fill("solved", "nb", CASE) == Templates(siv).fill("solved", "nb", CASE)


def test_a_kind_without_a_template_in_the_language_is_written_in_the_default_language(siv: Profile) -> None:
    assert Templates(siv).fill("forward", "fi", CASE) == Templates(siv).fill("forward", "nb", CASE)


def test_a_missing_template_is_an_error_that_names_the_file(siv: Profile) -> None:
    with pytest.raises(ProfileError, match=r"mails/nb/greeting\.txt: greeting: "):
        Templates(siv).fill("greeting", "nb", CASE)


@pytest.mark.parametrize("wrong", ["{{ subjcet }}\n\nHei", "{% if %}\n\nHei", "{{ subject\n\nHei"])
def test_a_wrong_template_is_an_error_that_names_the_file(siv: Profile, tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ProfileError, match=r"mails/nb/receipt\.txt: receipt: "):
        own(siv, tmp_path, nb_receipt=wrong).fill("receipt", "nb", CASE)


@pytest.mark.parametrize("kind", sorted(set(MAILS) - OF_THE_DESK))
def test_facts_that_look_like_a_template_are_shown_as_they_are(siv: Profile, kind: ParcelKind) -> None:
    facts = {**CASE, "subject": JINJA, "text": JINJA, "reasons": JINJA, "name": JINJA}
    words = Templates(siv).fill(kind, "nb", facts)
    assert JINJA in words.subject
    assert "49" not in words.subject + words.text


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("aø \r\n\t\x0b\x0c\x1c\x85\u2028"), max_size=30))
def test_a_subject_is_one_line_whatever_the_facts_hold(siv: Profile, subject: str) -> None:
    found = Templates(siv).fill("receipt", "nb", {**CASE, "subject": subject}).subject
    assert len(found.splitlines()) == 1
    assert found == " ".join(found.split())


def test_a_line_break_in_the_subject_fact_does_not_reach_the_text(siv: Profile) -> None:
    words = Templates(siv).fill("receipt", "nb", {**CASE, "subject": "Skriver\nog mer"})
    assert words.text.startswith("Hei Kari Moe,")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_doubt_and_the_warnings_stand_in_the_forward_only_where_there_are_any(siv: Profile, language: str) -> None:
    plain = Templates(siv).fill("forward", language, CASE).text
    doubtful = Templates(siv).fill("forward", language, {**CASE, "guessed_team": "Nett", "also_told": "Nett", "patient_safety": "yes"}).text
    assert "Nett" not in plain
    assert doubtful.count("Nett") == 2
    assert len(doubtful.splitlines()) == len(plain.splitlines()) + 3


@pytest.mark.parametrize("kind", MAILS)
def test_what_goes_to_reporters_and_to_the_audience_has_html_and_a_teams_mails_have_none(siv: Profile, kind: ParcelKind) -> None:
    to_reporters = {"receipt", "answer", "solved", "closed", "question", "reminder", "status", "outage", "faq", "known-fault", "corrected"}
    assert bool(Templates(siv).fill(kind, "nb", CASE).html) is (kind in to_reporters)


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "en"])
@pytest.mark.parametrize("kind", HTML_KINDS)
def test_every_word_of_the_text_stands_in_the_html_in_its_order(siv: Profile, kind: str, language: str) -> None:
    words = Templates(siv).fill(kind, language, CASE)
    found = Seen(words.html).words
    assert [*re.findall(r"mailto:\S+", words.text)] == [link for link in Seen(words.html).links if link]
    plain = re.sub(r"mailto:(\S+)\?\S+", r"\1", words.text)
    plain = re.sub(r"^(?:- |--$)", "", plain, flags=re.MULTILINE)
    assert found.split() == [*words.subject.split(), *CASE["desk"].split(), *plain.split()]


@pytest.mark.parametrize("kind", HTML_KINDS)
def test_the_html_fetches_nothing_runs_nothing_and_has_one_heading(siv: Profile, kind: str) -> None:
    page = Templates(siv).fill(kind, "nb", CASE).html
    found = Seen(page)
    assert (set(found.tags) <= TAGS, found.attributes <= ATTRIBUTES, found.tags.count("h1")) == (True, True, True)
    assert not re.search(r"None|[{}]|url\(|@import|<style|<script", page)
    assert 'content="width=device-width' in page
    assert 'content="light dark"' in page
    assert not re.search(r"[;\"](?:color|background)[^;\"]*:", page.replace("color-scheme:", ""))


def test_the_html_says_in_which_language_it_is_written(siv: Profile, tmp_path: Path) -> None:
    assert '<html lang="nn">' in Templates(siv).fill("receipt", "nn", CASE).html
    assert '<html lang="nb">' in Templates(siv).fill("outage", "fi", CASE).html
    assert '<html lang="en">' in own(siv, tmp_path, en_thanks="x\n\ny").fill("receipt", "en", CASE).html


@pytest.mark.parametrize("evil", HOSTILE)
@pytest.mark.parametrize("fact", ["text", "name", "subject", "advice", "questions", "status", "prognosis", "service"])
@pytest.mark.parametrize("kind", HTML_KINDS)
def test_text_from_outside_never_becomes_markup(siv: Profile, kind: str, fact: str, evil: str) -> None:
    found = Seen(Templates(siv).fill(kind, "nb", {**CASE, fact: evil}).html)
    assert set(found.tags) <= TAGS
    assert found.attributes <= ATTRIBUTES
    assert all(
        link and re.match(r"https://siv\.no/?$|mailto:a@b\.no$|mailto:ikt@siv\.no\?subject=[\w%-]+$", link) for link in found.links
    ), found.links


@pytest.mark.parametrize("evil", ["<script>", "</title><script>", '"onload="x'])
def test_the_desks_title_is_no_markup_either(siv: Profile, evil: str) -> None:
    found = Seen(Templates(siv).fill("answer", "nb", {**CASE, "desk": evil}).html)
    assert set(found.tags) <= TAGS
    assert evil in found.words


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from("ab.:/@<>&\"'- \n()htps"), max_size=60))
def test_no_letter_that_people_see_is_lost_whatever_the_text(siv: Profile, text: str) -> None:
    found = seen(siv, text)
    assert set(found.tags) <= TAGS
    assert all(link and link.startswith(("http://", "https://", "mailto:")) for link in found.links)
    plain = "".join("" if line.strip() == "--" else line.strip().removeprefix("- ") for line in text.splitlines())
    assert "".join(plain.split()) in "".join(found.words.split())


def test_paragraphs_lists_and_lines_are_kept(siv: Profile) -> None:
    page = Templates(siv).fill("answer", "nb", {**CASE, "text": "Hei,\nto linjer.\n\n- en\n- to\nEtterpå.", "advice": ""}).html
    body = re.sub(r' style="[^"]*"', "", page)
    assert "<p>Hei,<br>to linjer.</p>\n<ul>\n<li>en</li>\n<li>to</li>\n</ul>\n<p>Etterpå.</p>\n<hr>\n<p>Sak SIV-7" in body


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Se https://siv.no/a?b=1&c=2.", ["https://siv.no/a?b=1&c=2"]),
        ("(se http://siv.no/side_(ny))", ["http://siv.no/side_(ny)"]),
        ("https://siv.no, https://helse.no!", ["https://siv.no", "https://helse.no"]),
        ("«https://siv.no»", ["https://siv.no"]),
        ("HTTPS://SIV.NO/A", ["HTTPS://SIV.NO/A"]),
        ("https://blåbær.example:8443/å#ø", ["https://blåbær.example:8443/å#ø"]),
        ("Skriv til ikt@siv.no.", ["mailto:ikt@siv.no"]),
        ("https://siv.no@evil.example/", []),
        ("https://siv.no:pw@evil.example/", []),
        ("https://", []),
        ("http://...", []),
        ("ftp://siv.no file:///etc/passwd javascript://siv.no", []),
        ("@siv.no ikt@ a@b c@@d.no", []),
        ("https://siv.no/" + "a" * 3000, []),
        ("https://siv.no/\u202egpj.exe", ["https://siv.no/"]),
    ],
)
def test_addresses_become_links_and_nothing_else_does(siv: Profile, text: str, links: list[str]) -> None:
    found = seen(siv, text)
    assert found.links == links
    assert text in found.words


@pytest.mark.parametrize(
    ("text", "links", "words"),
    [
        ("mailto:Ikt@siv.no", ["mailto:Ikt@siv.no"], "Ikt@siv.no"),
        ("MAILTO:ikt@siv.no.", ["mailto:ikt@siv.no"], "ikt@siv.no."),
        ("mailto:ikt@siv.no?subject=Nei%20%C3%B8%20SIV-7-ab.", ["mailto:ikt@siv.no?subject=Nei%20%C3%B8%20SIV-7-ab"], "ikt@siv.no."),
        ("mailto:ikt@siv.no?subject=a&bcc=x", ["mailto:ikt@siv.no?subject=a"], "ikt@siv.no&bcc=x"),
        ("mailto:ikt@siv.no?subject=a%0ABcc:x", ["mailto:ikt@siv.no?subject=a"], "ikt@siv.no%0ABcc:x"),
        ("mailto:ikt@siv.no?bcc=x@y.no", ["mailto:ikt@siv.no", "mailto:x@y.no"], "ikt@siv.no?bcc=x@y.no"),
    ],
)
def test_a_mailto_shows_its_address_and_carries_a_subject_at_most(siv: Profile, text: str, links: list[str], words: str) -> None:
    found = seen(siv, text)
    assert found.links == links
    assert f"\n{words}\n" in found.words


def test_an_address_in_a_strangers_name_is_no_link_of_ours(siv: Profile) -> None:
    found = seen(siv, "", "receipt", name="Logg inn på https://evil.example/siv eller a@evil.example", advice="Se https://siv.no.")
    assert found.links == ["https://siv.no"]


@pytest.mark.parametrize(
    "text", ["a" * 200_000 + "@", "https://" + ")" * 200_000, "a@" + "b-." * 70_000, "mailto:" * 30_000, "https://a.b/" * 20_000]
)
@pytest.mark.timeout(20)
def test_a_long_hostile_line_costs_no_long_time(siv: Profile, text: str) -> None:
    assert seen(siv, text).words


def test_an_own_layout_wins_over_the_bases(siv: Profile, tmp_path: Path) -> None:
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "layout.html").write_text("<b>{{ desk }}</b>{{ blocks[0].lines[0] }}")
    page = own(siv, tmp_path).fill("answer", "nb", {**CASE, "desk": "A & B", "text": "<i>", "advice": ""}).html
    assert page.startswith("<b>A &amp; B</b>&lt;i&gt;")


@pytest.mark.parametrize("wrong", ["{{ nothing }}", "{% if %}", "{{ desk"])
def test_a_wrong_layout_is_an_error_that_names_the_file(siv: Profile, tmp_path: Path, wrong: str) -> None:
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails" / "layout.html").write_text(wrong)
    with pytest.raises(ProfileError, match=r"mails/layout\.html: layout: "):
        own(siv, tmp_path).fill("answer", "nb", CASE)
