"""The only place where the parts of a mail are told apart into body and files, and the best text of the body is chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.charset import decode
from ingest.lexicon import phrases
from ingest.markup import MARKUP_LIMIT, HtmlText, is_marked, read_html
from ingest.mime import Part, read_tree, salvage
from ingest.opaque import SIGNED, open_signed
from ingest.text import tidy, unflow

STUB_LIMIT = 600
"""Characters of a plain text that may be no more than "your program cannot show HTML"."""
TWIN_LIMIT = 3
"""HTML parts that are read beside their plain text."""
SIZE_LIMIT = 16 * 2**20
"""Bytes of one text that are read."""

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_LOOKS_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<head>|<body)", re.IGNORECASE)
_BODY_TYPES = ("text/plain", "text/html")
_RENDERINGS = ("text/x-amp-html", "text/watch-html", "text/enriched", "text/richtext", "text/rtf")
"""Other ways to show the same body: neither read nor listed."""


@dataclass(slots=True)
class Sorted:
    """`texts` are the body in order, `twin` the HTML that says the same as the plain text, `files` all else."""

    texts: list[Part] = field(default_factory=list)
    twins: list[Part] = field(default_factory=list)
    calendars: list[Part] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)

    def add(self, other: Sorted) -> None:
        self.texts += other.texts
        self.twins += other.twins
        self.calendars += other.calendars
        self.files += other.files


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """`own` and `quoted` are what the markup tells to be new and old; None where it tells nothing."""

    text: str
    own: str | None = None
    quoted: str = ""


def sort_parts(root: Part) -> Sorted:
    """Every leaf is in one of the lists, but for other renderings of the body. A calendar is the body where nothing else is."""
    found = _sort(root, is_root=True)
    if not found.texts and found.calendars:
        found.texts = [part for part in found.files if part in found.calendars]
        found.files = [part for part in found.files if part not in found.calendars]
    return found


def _sort(part: Part, *, is_root: bool = False) -> Sorted:
    if part.content_type == "multipart/alternative" and part.children:
        return _choose([_sort(child) for child in part.children])
    if part.content_type.startswith("multipart/"):
        found = Sorted()
        for child in part.children:
            found.add(_sort(child))
        if part.lost:
            found.texts.append(part)
        return found
    inner = _open_signed(part) if part.content_type in SIGNED else None
    if inner is not None:
        return _sort(inner)
    return _sort_leaf(part, is_root=is_root)


def _open_signed(part: Part) -> Part | None:
    """The mail inside an opaque signature; None where it is encrypted or cannot be read."""
    content = open_signed(part.data())
    return None if content is None else read_tree(content)


def _sort_leaf(part: Part, *, is_root: bool) -> Sorted:
    is_body = part.content_type in _BODY_TYPES and (is_root or not (part.file_name or part.disposition == "attachment"))
    if is_body:
        return Sorted(texts=[part])
    if part.content_type == "text/calendar" and part.disposition != "attachment":
        return Sorted(calendars=[part], files=[part])
    if part.content_type.startswith("text/") and is_root:
        return Sorted(texts=[part])
    return Sorted(files=[part])


def _choose(branches: list[Sorted]) -> Sorted:
    """Of alternatives the plain text, unless it is blank or says only that there is HTML; files of all branches."""
    chosen = Sorted()
    for branch in branches:
        chosen.files += [part for part in branch.files if part.content_type not in _RENDERINGS or part.file_name]
        chosen.calendars += branch.calendars
    plains = [branch for branch in branches if branch.texts and not _is_html(branch)]
    htmls = [branch for branch in branches if branch.texts and _is_html(branch)]
    best = next((branch for branch in plains if not _says_nothing(branch, with_html=bool(htmls))), None)
    if best is None:
        best = (htmls or plains or [Sorted()])[-1]
    chosen.texts = best.texts
    chosen.twins = [part for branch in htmls if branch is not best for part in branch.texts] + best.twins
    return chosen


def _is_html(branch: Sorted) -> bool:
    return any(part.content_type == "text/html" for part in branch.texts)


def _says_nothing(branch: Sorted, *, with_html: bool) -> bool:
    text = "\n".join(_read_plain(part) for part in branch.texts).strip()
    if not text:
        return True
    folded = " ".join(text.lower().split()) if with_html and len(text) <= STUB_LIMIT else ""
    return any(stub in folded for stub in phrases("stubs")) if folded else False


def read_body(found: Sorted) -> Body:
    """The best plain text of the whole body, with what its HTML tells about old and new."""
    texts, own, quoted = [], [], []
    marked, budget = False, MARKUP_LIMIT
    for part in found.texts:
        if _is_markup(part):
            markup = read_markup(part)[:budget]
            budget -= len(markup)
            html = read_html(markup)
            marked = marked or html.marked
        else:
            plain = _read_plain(part)
            html = HtmlText(text=plain, own=plain, quoted="", marked=False)
        texts.append(html.text)
        own.append(html.own)
        quoted.append(html.quoted)
    body = Body(text=_joined(texts), own=_joined(own) if marked else None, quoted=_joined(quoted))
    return body if marked else _with_twins(body, found.twins)


def _with_twins(body: Body, twins: list[Part]) -> Body:
    """The plain text stays what the mail says; its HTML twin may know better which of it is new."""
    read = [read_html(read_markup(part)) for part in twins[:TWIN_LIMIT] if is_marked(part.data())]
    if not read or not any(html.marked and html.text for html in read):
        return body
    return Body(text=body.text, own=_joined([html.own for html in read]), quoted=_joined([html.quoted for html in read]))


def _joined(texts: list[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _is_markup(part: Part) -> bool:
    return part.content_type == "text/html" or (not part.lost and bool(_LOOKS_HTML.match(part.content, part.start, part.end)))


def _read_plain(part: Part) -> str:
    if part.lost:
        return tidy(salvage(part))
    text = decode(part.data()[:SIZE_LIMIT], part.parameters.get("charset", ""))
    if part.parameters.get("format", "").lower() == "flowed" and len(text) < STUB_LIMIT * 1000:
        text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    return tidy(text)


def read_markup(part: Part) -> str:
    data = part.data()[:SIZE_LIMIT]
    declared = part.parameters.get("charset", "")
    if not declared and (meta := _META_CHARSET.search(data, 0, 4096)):
        declared = meta[1].decode("ascii")
    return decode(data, declared)
