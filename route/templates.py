"""The only place that finds and fills the words of outgoing mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from models.errors import ProfileError
from models.kinds import ParcelKind
from models.profiles import BASE, PROFILES, Profile

FACTS_OF_ALL = ("subject", "case", "desk")
STANDING = ("type", "priority", "team", "opened", "due")
FACTS = {
    ParcelKind.FORWARD: (
        *STANDING, "priority_number", "scope", "guessed_team", "also_told", "confidence", "patient_safety", "risk", "to_decide", "change_request", "reasons",
        "reporter", "reporter_language", "too_large", "encrypted",
    ),
    ParcelKind.RECEIPT: ("type", "name", "unsure", "too_large", "encrypted", "advice", "questions", "known_fault", "status", "prognosis"),
    ParcelKind.ANSWER: ("text", "solution", "advice"),
    ParcelKind.SOLVED: ("text", "solution", "advice"),
    ParcelKind.FOLLOW_UP: ("text", "reopened"),
    ParcelKind.UNDELIVERED: ("kind", "team"),
    ParcelKind.NEEDS_SOLUTION: ("label",),
    ParcelKind.NOT_UNDERSTOOD: ("line", "known"),
    ParcelKind.QUESTION: ("text", "advice"),
    ParcelKind.REMINDER: ("advice",),
    ParcelKind.MOVED: ("text", "by"),
    ParcelKind.PASSED_ON: ("text", "solution", "by"),
    ParcelKind.DECLARED: ("text", "by"),
    ParcelKind.OUTAGE: ("service", "state", "starts", "ends", "text"),
    ParcelKind.KNOWN_FAULT: ("text", "prognosis", "advice"),
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
}  # fmt: skip
"""What a template of each kind may name: another name is an error that `doctor` finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    subject: str
    text: str


class Templates:
    """Templates of one organisation: its own folder's `mails/<language>/<kind>.txt` first, then the base's.

    A template's first line is the subject, then a blank line, then the text.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        folders = [profile.folder / "mails", PROFILES / BASE / "mails"]
        self._environment = Environment(
            loader=FileSystemLoader(folders),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,  # read once: a changed template needs a restart
            autoescape=False,  # noqa: S701  plain text mails: nothing is markup
        )

    def fill(self, kind: str, language: str, facts: Mapping[str, str]) -> Words:
        """Subject (one line) and text. `ProfileError` names the template that is missing or wrong."""
        one_line = {**facts, "subject": " ".join(facts["subject"].split())} if "subject" in facts else facts
        names = [f"{code}/{kind}.txt" for code in (language, self._profile.default_language, "en")]
        try:
            filled = self._environment.select_template(names).render(one_line)
        except TemplateError as error:
            raise ProfileError(self._profile.folder / "mails" / names[0], kind, str(error)) from error
        subject, _, text = filled.partition("\n")
        return Words(subject=" ".join(subject.split()), text=text.lstrip("\n"))
