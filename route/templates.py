"""The only place that finds and fills the words of outgoing mails, as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup, escape

from models.errors import ProfileError
from models.kinds import ParcelKind
from models.profiles import BASE, PROFILES, Profile

FACTS_OF_ALL = ("subject", "case", "signed", "desk")
STANDING = ("type", "priority", "team", "opened", "due")
FACTS = {
    ParcelKind.FORWARD: (
        *STANDING, "priority_number", "scope", "guessed_team", "also_told", "confidence", "patient_safety", "risk", "to_decide", "change_request", "reasons",
        "reporter", "reporter_language", "too_large", "encrypted", "known_fault", "solutions",
    ),
    ParcelKind.RECEIPT: ("type", "name", "unsure", "too_large", "encrypted", "change_request", "advice", "questions", "known_fault", "status", "prognosis"),
    ParcelKind.FAQ: ("name", "answer", "address"),
    ParcelKind.ANSWER: ("text", "solution", "advice"),
    ParcelKind.SOLVED: ("text", "solution", "advice"),
    ParcelKind.CLOSED: ("text", "advice"),
    ParcelKind.FOLLOW_UP: ("text", "reopened"),
    ParcelKind.UNDELIVERED: ("kind", "team"),
    ParcelKind.NEEDS_SOLUTION: ("label",),
    ParcelKind.NOT_UNDERSTOOD: ("line", "known"),
    ParcelKind.QUESTION: ("text", "advice"),
    ParcelKind.REMINDER: ("advice",),
    ParcelKind.MOVED: ("text", "by"),
    ParcelKind.TAKEN_AWAY: ("team",),
    ParcelKind.JUDGED: STANDING,
    ParcelKind.CORRECTED: ("type", "advice"),
    ParcelKind.PASSED_ON: ("text", "solution", "by"),
    ParcelKind.DECLARED: ("text", "by"),
    ParcelKind.SURGE: (*STANDING, "reporters", "words", "cases", "declared"),
    ParcelKind.GATHERED: ("cases",),
    ParcelKind.KNOWN_FAULT: ("advice",),
    ParcelKind.OUTAGE: ("service", "state", "starts", "ends", "text"),
    ParcelKind.STATUS: ("text", "prognosis", "advice"),
    ParcelKind.STATUS_OVERDUE: ("text", "prognosis", "told"),
    ParcelKind.ATTACHED: ("cases",),
    ParcelKind.REVIEW_DUE: ("starts", "ends", "cases"),
    ParcelKind.REVIEW: ("text", "solution"),
    ParcelKind.RETURNED: ("text", "solution"),
    ParcelKind.UNANSWERED: STANDING,
    ParcelKind.DUE_SOON: STANDING,
    ParcelKind.OVERDUE: STANDING,
    ParcelKind.ALARM: STANDING,
    ParcelKind.QUARANTINED: ("mails",),
    ParcelKind.MAILBOX_AWAY: ("mailboxes",),
    ParcelKind.ROUTINES_OLD: ("made",),
}  # fmt: skip
"""What a template of each kind may name: another name is an error that `doctor` finds."""

IN_HTML_TOO = frozenset(
    {
        ParcelKind.RECEIPT, ParcelKind.ANSWER, ParcelKind.SOLVED, ParcelKind.CLOSED, ParcelKind.QUESTION, ParcelKind.REMINDER,
        ParcelKind.STATUS, ParcelKind.OUTAGE, ParcelKind.FAQ, ParcelKind.KNOWN_FAULT, ParcelKind.CORRECTED,
    }
)  # fmt: skip
"""What goes to reporters and to the audience of outages; a team's mails carry the original and stay plain."""
OF_THE_DESK = frozenset({ParcelKind.QUARANTINED, ParcelKind.MAILBOX_AWAY, ParcelKind.ROUTINES_OLD})
"""Word of the desk itself: of no case, so with no subject and no number."""
LAYOUT = "layout.html"

LINK = re.compile(
    r"""https?://[^\s<>"'`\\^{|}«»“”„‘’\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+"""
    r"|(?<![\w.+-])(?:mailto:)?[a-z0-9._+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+(?![\w@])"
    r"(?:\?subject=(?:[a-z0-9._~-]|%[2-9a-f][0-9a-f])+)?",
    re.IGNORECASE,
)
MAILTO = "mailto:"
PLAIN_ADDRESS = re.compile(r"https?://[\w.-]+(?::[0-9]{1,5})?(?:[/?#]|$)", re.IGNORECASE)
"""A host with nothing before it: what stands before an @ looks like a host to people."""
MOST_OF_AN_ADDRESS = 2000
BRACKETS = {")": "(", "]": "["}
UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
"""Control characters that HTML does not know; those that end a line are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`html` is empty for kinds that stay plain."""

    subject: str
    text: str
    html: str = ""


class Shape(StrEnum):
    """What a run of lines is to the reader."""

    GAP = "gap"
    PARAGRAPH = "paragraph"
    LIST = "list"  # lines that begin with "- "
    RULE = "rule"  # "--", what a mail's foot begins with


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one shape, safe to stand in HTML; a list's without their dashes."""

    shape: Shape
    lines: Sequence[Markup]

    @property
    def broken(self) -> Markup:
        """A paragraph's lines, each on a line of its own."""
        return Markup("<br>").join(self.lines)


class Templates:
    """Templates of one organisation: its own folder's `mails/<language>/<kind>.txt` first, then the base's; `mails/layout.html` likewise.

    A template's first line is the subject, then a blank line, then the text. The layout makes HTML of any filled text.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._environment = Environment(
            loader=FileSystemLoader(folders_of(profile)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,  # read once: a changed template needs a restart
            autoescape=False,  # noqa: S701  plain text mails: nothing is markup
        )
        self._pages = self._environment.overlay(autoescape=True)

    def fill(self, kind: str, language: str, facts: Mapping[str, str]) -> Words:
        """Subject (one line), text, and HTML where such a mail has it. `ProfileError` names the template that is missing or wrong."""
        one_line = {**facts, "subject": " ".join(facts["subject"].split())} if "subject" in facts else facts
        names = [f"{code}/{kind}.txt" for code in (language, self._profile.default_language, "en")]
        try:
            template = self._environment.select_template(names)
            filled = template.render(one_line)
        except TemplateError as error:
            raise ProfileError(self._profile.folder / "mails" / names[0], kind, str(error)) from error
        first, _, rest = filled.partition("\n")
        words = Words(subject=" ".join(first.split()), text=rest.lstrip("\n"))
        if kind not in IN_HTML_TOO:
            return words
        written_in = (template.name or language).partition("/")[0]
        return Words(subject=words.subject, text=words.text, html=self._page(words, written_in, facts))

    def _page(self, words: Words, language: str, facts: Mapping[str, str]) -> str:
        """The same words as HTML. The reporter's name is a stranger's: an address in it is no link of ours."""
        blocks = tuple(_blocks(UNSEEN.sub("", words.text), facts.get("name", "")))
        try:
            page = self._pages.get_template(LAYOUT)
            return page.render(subject=UNSEEN.sub("", words.subject), desk=facts["desk"], language=language, blocks=blocks)
        except TemplateError as error:
            raise ProfileError(self._profile.folder / "mails" / LAYOUT, "layout", str(error)) from error


def folders_of(profile: Profile) -> tuple[Path, Path]:
    """Where an organisation's templates lie, in the order they are looked for: its own, then those that all have."""
    return profile.folder / "mails", PROFILES / BASE / "mails"


def _blocks(text: str, strange: str) -> Iterator[Block]:
    for shape, lines in groupby(text.splitlines(), _shape):
        if shape is Shape.RULE:
            yield Block(shape, ())
        elif shape is not Shape.GAP:
            yield Block(shape, [_linked(line.lstrip()[2:] if shape is Shape.LIST else line, strange) for line in lines])


def _shape(line: str) -> Shape:
    bare = line.strip()
    if not bare:
        return Shape.GAP
    if bare == "--":
        return Shape.RULE
    return Shape.LIST if bare.startswith("- ") else Shape.PARAGRAPH


def _linked(line: str, strange: str) -> Markup:
    """A line with its addresses as links, and all else escaped; what stands in `strange` is no link."""
    if "@" not in line and "://" not in line:
        return escape(line)
    parts: list[Markup] = []
    done = 0
    for found in LINK.finditer(line):
        address = _without_punctuation(found[0])
        if address and address not in strange:
            parts += (escape(line[done : found.start()]), _link(address))
            done = found.start() + len(address)
    return Markup("").join((*parts, escape(line[done:])))


def _link(address: str) -> Markup:
    """What people see is where it leads; of `mailto:` the address alone (RFC 6068)."""
    if "://" in address:
        return Markup('<a href="{}">{}</a>').format(address, address)
    mail = address[len(MAILTO) :] if address.lower().startswith(MAILTO) else address
    return Markup('<a href="{}{}">{}</a>').format(MAILTO, mail, mail.partition("?")[0])


def _without_punctuation(found: str) -> str:
    """The address without what ends a sentence or closes a bracket that was opened before it; empty for one that misleads."""
    if len(found) > MOST_OF_AN_ADDRESS:
        return ""
    address = found
    while address[-1] in ".,;:!?…*_" or (address[-1] in BRACKETS and address.count(address[-1]) > address.count(BRACKETS[address[-1]])):
        address = address[:-1]
    return address if "://" not in address or PLAIN_ADDRESS.match(address) else ""
