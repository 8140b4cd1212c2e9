"""The only place for the page that tells how well a classifier judges labelled mails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from analyse.pictures import coverage_of, reliability_of
from classify.evaluate import Mistake, judged_on, mistakes, reliability, said_of
from classify.fields import Example
from classify.scores import FieldReport
from classify.trust import FIELDS_OF_TRUST
from models.pages import page_templates
from models.profiles import Profile
from models.records import Verdict

TEMPLATES = Path(__file__).resolve().parent / "templates"
MOST_MISTAKES = 20
MOST_LETTERS = 280
"""Of a mail that was judged wrongly; redacted text only."""


def evaluation_page(profile: Profile, reports: Sequence[FieldReport], verdicts: Sequence[Verdict], examples: Sequence[Example]) -> str:
    """The page as HTML that needs nothing else: figures, confusion, parts, pictures and the worst mistakes."""
    page = page_templates(TEMPLATES).get_template("evaluation.html")
    return page.render(
        title=profile.desk.title,
        count=len(examples),
        reports=reports,
        pictures=list(_pictures(verdicts, examples)),
        mistakes=[_shown(mistake) for mistake in mistakes(verdicts, examples)[:MOST_MISTAKES]],
    )


def _pictures(verdicts: Sequence[Verdict], examples: Sequence[Example]) -> Iterator[str]:
    for field in FIELDS_OF_TRUST:
        given = said_of(field, judged_on(field, verdicts, examples))
        if given.confidence is not None:
            yield reliability_of(reliability(given.confidence, given.right), f"{field}: is sureness true?")
            yield coverage_of(given.confidence, given.right, f"{field}: the surest first")


def _shown(mistake: Mistake) -> dict[str, str]:
    mail = mistake.example.mail
    return {
        "field": mistake.field,
        "truth": str(mistake.truth),
        "said": str(mistake.said),
        "confidence": f"{mistake.confidence:.0%}",
        "subject": mail.safe_subject,
        "text": mail.safe_reply[:MOST_LETTERS],
    }
