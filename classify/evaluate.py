"""The only place where verdicts are held against labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import cohen_kappa_score, confusion_matrix, f1_score

from classify.circumstances import LENGTH_STEPS
from classify.fields import FIELDS, Example, Value
from classify.scores import Bin, FieldReport, Part
from classify.trust import FIELDS_OF_TRUST
from models.profiles import Profile
from models.records import Guess, Verdict

BINS = 10


Judged = list[tuple[Verdict, Example]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A wrong decision that was believed: what it said of which mail, and how sure it was."""

    field: str
    example: Example
    truth: Value
    said: Value
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said of one field of many mails: true and said value, its probability (None where none is stated), seen by no lead."""

    field: str
    truth: Sequence[Value]
    said: Sequence[Value]
    confidence: Sequence[float] | None
    kept: Sequence[bool]

    @property
    def right(self) -> list[bool]:
        return [str(truth) == str(said) for truth, said in zip(self.truth, self.said, strict=True)]


def evaluate(verdicts: Sequence[Verdict], examples: Sequence[Example], profile: Profile) -> list[FieldReport]:
    """One report for each field that the labels hold. Mails labelled automatic count for `is_auto` only."""
    reports = []
    for field in (*FIELDS, "language"):
        judged = judged_on(field, verdicts, examples)
        if judged:
            given = said_of(field, judged)
            reports.append(replace(report(given, profile), parts=_parts(given, [example for _, example in judged])))
    return reports


def judged_on(field: str, verdicts: Sequence[Verdict], examples: Sequence[Example]) -> Judged:
    """The mails whose labels tell of a field. Those labelled automatic tell of `is_auto` only: their other labels are fixed."""
    return [
        (verdict, example)
        for verdict, example in zip(verdicts, examples, strict=True)
        if example.labels.get(field) is not None and (field == "is_auto" or not example.labels.get("is_auto"))
    ]


def mistakes(verdicts: Sequence[Verdict], examples: Sequence[Example]) -> list[Mistake]:
    """Wrong decisions on type, priority and team, the surest first."""
    found = []
    for field in FIELDS_OF_TRUST:
        for verdict, example in judged_on(field, verdicts, examples):
            guess: Guess[Value] = getattr(verdict, field)
            truth = example.labels[field]
            if str(guess.value) != str(truth):
                found.append(Mistake(field=field, example=example, truth=truth, said=guess.value, confidence=guess.confidence))
    return sorted(found, key=lambda mistake: -mistake.confidence)


def _parts(given: Said, examples: Sequence[Example]) -> tuple[Part, ...]:
    """The mails by language, then by length."""
    right = given.right
    names = [(f"language {example.labels.get('language') or example.mail.language}", _length(example)) for example in examples]
    parts = []
    for column in zip(*names, strict=True):
        for name in sorted(set(column)):
            hits = [hit for hit, part in zip(right, column, strict=True) if part == name]
            parts.append(Part(name=name, n=len(hits), accuracy=sum(hits) / len(hits)))
    return tuple(parts)


def _length(example: Example) -> str:
    words = len(example.mail.visible_reply.split())
    start = max((step for step in LENGTH_STEPS if words > step), default=0)
    return f"more than {start:3} words"


def expected_calibration_error(confidence: ArrayLike, right: ArrayLike) -> float:
    """Mean distance of stated probability and share right over ten bins of equal width (0 is perfect)."""
    return sum(abs(bin.stated - bin.right) * bin.share for bin in reliability(confidence, right))


def reliability(confidence: ArrayLike, right: ArrayLike) -> list[Bin]:
    """The bins that hold any decision, the least sure first."""
    stated, hits = np.asarray(confidence, float), np.asarray(right, float)
    slots = np.minimum((stated * BINS).astype(int), BINS - 1)
    held = [slots == slot for slot in sorted(set(slots.tolist()))]
    return [Bin(stated=float(stated[here].mean()), right=float(hits[here].mean()), share=float(here.mean())) for here in held]


def said_of(field: str, judged: Judged) -> Said:
    """What was said of a field of these mails."""
    values = [getattr(verdict, field) for verdict, _ in judged]
    guesses = [value for value in values if isinstance(value, Guess)]
    return Said(
        field=field,
        truth=[example.labels[field] for _, example in judged],
        said=[value.value if isinstance(value, Guess) else value for value in values],
        confidence=[guess.confidence for guess in guesses] if guesses else None,
        kept=[not verdict.review for verdict, _ in judged],
    )


def report(given: Said, profile: Profile) -> FieldReport:
    """The figures of one field."""
    truth, said = [str(value) for value in given.truth], [str(value) for value in given.said]
    right, kept = np.array(given.right), np.array(given.kept)
    values = tuple(sorted({*truth, *said}))
    graded = _priority_figures(truth, said, profile) if given.field == "priority" else (None, None, None, None)
    with_review = given.field in FIELDS_OF_TRUST
    return FieldReport(
        field=given.field,
        n=len(truth),
        accuracy=float(right.mean()),
        macro_f1=float(f1_score(truth, said, average="macro", labels=sorted(set(truth)), zero_division=0)),
        quadratic_kappa=graded[0],
        recall_p1=graded[1],
        recall_p12=graded[2],
        said_p12_per_true=graded[3],
        ece=None if given.confidence is None else expected_calibration_error(given.confidence, right),
        sent_to_review=float(1 - kept.mean()) if with_review else None,
        accuracy_of_the_rest=float(right[kept].mean()) if with_review and kept.any() else None,
        values=values,
        confusion=_confusion(truth, said, values),
    )


def _confusion(truth: Sequence[str], said: Sequence[str], values: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    if len(values) == 1:
        return ((len(truth),),)
    return tuple(tuple(map(int, row)) for row in confusion_matrix(truth, said, labels=list(values)))


def _priority_figures(
    truth: Sequence[str], said: Sequence[str], profile: Profile
) -> tuple[float | None, float | None, float | None, float | None]:
    gold, guess = np.array(truth, int), np.array(said, int)
    grave = profile.grave_priority
    true_grave = gold <= grave
    varied = len({*gold.tolist(), *guess.tolist()}) > 1
    kappa = float(cohen_kappa_score(gold, guess, weights="quadratic", labels=list(profile.levels))) if varied else None
    return (
        kappa,
        float((guess[gold == 1] == 1).mean()) if (gold == 1).any() else None,
        float((guess[true_grave] <= grave).mean()) if true_grave.any() else None,
        float((guess <= grave).sum() / true_grave.sum()) if true_grave.any() else None,
    )
