"""The only place where verdicts are held against labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from sklearn.metrics import cohen_kappa_score, confusion_matrix, f1_score

from classify.fields import FIELDS, Value
from models.profiles import Profile
from models.records import Guess, Verdict

BINS = 10
WITH_REVIEW = ("type", "priority", "team")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport:
    """How one field did: shares are 0..1, None where the labels hold no such case.

    `confusion` has one row a true value and one column a said one, in the order of `values`.
    """

    field: str
    n: int
    accuracy: float
    macro_f1: float
    quadratic_kappa: float | None
    recall_p1: float | None
    recall_p12: float | None
    said_p12_per_true: float | None
    ece: float | None
    sent_to_review: float | None
    accuracy_of_the_rest: float | None
    values: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]


def evaluate(verdicts: Sequence[Verdict], labels: Sequence[Mapping[str, Value]], profile: Profile) -> list[FieldReport]:
    """One report for each field that the labels hold. Mails labelled automatic count for `is_auto` only."""
    reports = []
    for field in (*FIELDS, "language"):
        pairs = [(verdict, label) for verdict, label in zip(verdicts, labels, strict=True) if _counts(label, field)]
        if pairs:
            reports.append(_report(field, [verdict for verdict, _ in pairs], [label[field] for _, label in pairs], profile))
    return reports


def expected_calibration_error(confidence: ArrayLike, right: ArrayLike) -> float:
    """Mean distance of stated probability and share right over ten bins of equal width (0 is perfect)."""
    stated, hits = np.asarray(confidence, float), np.asarray(right, float)
    slots = np.minimum((stated * BINS).astype(int), BINS - 1)
    return float(
        sum(abs(stated[slots == slot].mean() - hits[slots == slot].mean()) * (slots == slot).mean() for slot in set(slots.tolist()))
    )


def _counts(label: Mapping[str, Value], field: str) -> bool:
    return label.get(field) is not None and (field == "is_auto" or not label.get("is_auto"))


def _report(field: str, verdicts: Sequence[Verdict], gold: Sequence[Value], profile: Profile) -> FieldReport:
    truth = [str(value) for value in gold]
    found = [_value(verdict, field) for verdict in verdicts]
    said = [str(value) for value, _ in found]
    stated = [confidence for _, confidence in found if confidence is not None]
    right = np.array(truth) == np.array(said)
    values = tuple(sorted({*truth, *said}))
    kept = np.array([not verdict.review for verdict in verdicts])
    graded = _priority_figures(truth, said, profile) if field == "priority" else (None, None, None, None)
    return FieldReport(
        field=field,
        n=len(truth),
        accuracy=float(right.mean()),
        macro_f1=float(f1_score(truth, said, average="macro", labels=sorted(set(truth)), zero_division=0)),
        quadratic_kappa=graded[0],
        recall_p1=graded[1],
        recall_p12=graded[2],
        said_p12_per_true=graded[3],
        ece=expected_calibration_error(stated, right) if stated else None,
        sent_to_review=float(1 - kept.mean()) if field in WITH_REVIEW else None,
        accuracy_of_the_rest=float(right[kept].mean()) if field in WITH_REVIEW and kept.any() else None,
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


def _value(verdict: Verdict, field: str) -> tuple[Value, float | None]:
    """What a verdict says of a field, with its confidence where one is stated."""
    value = getattr(verdict, field)
    return (value.value, value.confidence) if isinstance(value, Guess) else (value, None)
