"""The only place for the page that tells how well a classifier judges labelled mails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from analyse.pictures import coverage, reliability
from classify.evaluate import FieldReport, mistakes
from classify.fields import Example
from models.profiles import Profile
from models.records import Verdict

TEMPLATES = Path(__file__).resolve().parent / "templates"
PICTURED = ("type", "priority", "team")
MOST_MISTAKES = 20
MOST_LETTERS = 280
"""Of a mail that was judged wrongly; redacted text only."""


def evaluation_page(profile: Profile, reports: Sequence[FieldReport], verdicts: Sequence[Verdict], examples: Sequence[Example]) -> str:
    """The page as HTML that needs nothing else: figures, confusion, parts, pictures and the worst mistakes."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(
        "evaluation.html"
    ).render(
        title=profile.desk.title,
        count=len(examples),
        reports=reports,
        pictures=[Markup(picture) for picture in _pictures(verdicts, examples)],  # noqa: S704  made by us, of numbers alone
        mistakes=[_shown(mistake) for mistake in mistakes(verdicts, examples)[:MOST_MISTAKES]],
    )


def _pictures(verdicts: Sequence[Verdict], examples: Sequence[Example]) -> list[str]:
    found = []
    for field in PICTURED:
        judged = [
            (getattr(verdict, field), example.labels[field])
            for verdict, example in zip(verdicts, examples, strict=True)
            if example.labels.get(field) is not None and not example.labels.get("is_auto")
        ]
        if judged:
            confidence = [guess.confidence for guess, _ in judged]
            right = [str(guess.value) == str(truth) for guess, truth in judged]
            found += [
                reliability(confidence, right, f"{field}: is sureness true?"),
                coverage(confidence, right, f"{field}: the surest first"),
            ]
    return found


def _shown(mistake: Any) -> dict[str, str]:
    mail = mistake.example.mail
    return {
        "field": mistake.field,
        "truth": str(mistake.truth),
        "said": str(mistake.said),
        "confidence": f"{mistake.confidence:.0%}",
        "subject": mail.safe_subject,
        "text": mail.safe_reply[:MOST_LETTERS],
    }
