"""The only place where labelled mails become a model: deterministic, grouped by writer, calibrated on held-out mails."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, log_loss
from sklearn.model_selection import GroupKFold

from classify.evaluate import expected_calibration_error
from classify.features import Describer, Features
from classify.fields import FIELDS, Example, FieldScore, Progress, Value
from classify.model import FieldModel, TrainedModel, calibrated
from classify.vectors import Terms, Vectors, cues_of, letters_of, words_of
from models.errors import ModelError
from models.profiles import Profile
from models.records import TicketType

FOLDS = 5
STRENGTH = {"type": 8.0, "team": 8.0}
OTHER_STRENGTH = 4.0
MOST_LETTERS = 80_000
FEWEST = 2
"""A field needs two values and this many mails of each to be learned."""


def train(
    examples: Sequence[Example], profile: Profile, progress: Progress = lambda _what, _share: None
) -> tuple[TrainedModel, dict[str, FieldScore]]:
    """A model of every field that the labels teach, and each field's score on held-out writers.

    Raises `ModelError` where the labels teach nothing or name a type that is none.
    """
    _refuse_unknown_types(examples)
    describer = Describer(profile)
    features = [describer.describe(example.mail) for example in examples]
    lessons = {field: lesson for field in FIELDS if (lesson := _lesson(examples, field))}
    if not lessons:
        raise ModelError("no field has two values with two mails each: nothing to learn")
    try:
        held_out = _held_out_scores(features, examples, lessons, progress)
        return _fitted(features, describer, lessons, held_out, progress)
    except ValueError as error:  # scikit-learn's word for too few or too equal mails
        raise ModelError(f"these mails cannot be learned from: {error}") from error


def _refuse_unknown_types(examples: Sequence[Example]) -> None:
    known = set(TicketType)
    for example in examples:
        kind = example.labels.get("type")
        if kind is not None and kind not in known:
            raise ModelError(f"labels: {kind!r} is no type; types are {', '.join(sorted(known))}")


def _fitted(
    features: Sequence[Features],
    describer: Describer,
    lessons: Mapping[str, _Lesson],
    held_out: Mapping[str, NDArray[np.float64]],
    progress: Progress,
) -> tuple[TrainedModel, dict[str, FieldScore]]:
    vectors = _learned(features)
    rows = _matrix(vectors, features)
    fields: dict[str, FieldModel] = {}
    report: dict[str, FieldScore] = {}
    for number, (name, lesson) in enumerate(lessons.items()):
        progress(name, 0.7 + 0.3 * number / len(lessons))
        temperature = _temperature(held_out[name], lesson.targets)
        estimator = _estimator(name).fit(rows[lesson.rows], lesson.targets)
        fields[name] = FieldModel(estimator.coef_.astype(np.float32), estimator.intercept_.astype(np.float32), lesson.values, temperature)
        report[name] = _score(calibrated(held_out[name], temperature), lesson.targets)
    progress("done", 1.0)
    return TrainedModel(describer, vectors, fields), report


def _learned(features: Sequence[Features]) -> Vectors:
    """The terms that stand in enough of these mails, and how rare each is."""
    cues = CountVectorizer(analyzer=cues_of).fit(features).get_feature_names_out()
    return Vectors(
        words=_terms(CountVectorizer(analyzer=words_of, min_df=2), features),
        letters=_terms(CountVectorizer(analyzer=letters_of, min_df=3, max_features=MOST_LETTERS), features),
        cues=Terms(tuple(cues), np.ones(len(cues))),
    )


def _terms(counter: CountVectorizer, features: Sequence[Features]) -> Terms:
    counts = counter.fit_transform(features)
    return Terms(tuple(counter.get_feature_names_out()), TfidfTransformer().fit(counts).idf_)


def _matrix(vectors: Vectors, features: Sequence[Features]) -> Any:
    """A scipy sparse matrix, one row a mail; scipy has no types for it."""
    rows = [vectors.row(feature) for feature in features]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    return csr_matrix((np.concatenate([weights for _, weights in rows]), columns, ends), shape=(len(rows), vectors.width))


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What the labels teach of one field: which mails, and which of `values` each has."""

    values: tuple[Value, ...]
    rows: NDArray[np.int64]
    targets: NDArray[np.int64]


def _lesson(examples: Sequence[Example], field: str) -> _Lesson | None:
    labelled = [(row, example.labels[field]) for row, example in enumerate(examples) if _teaches(example, field)]
    counts = Counter(value for _, value in labelled)
    values = tuple(sorted((value for value, count in counts.items() if count >= FEWEST), key=str))
    if len(values) < 2:
        return None
    place = {value: index for index, value in enumerate(values)}
    kept = [(row, place[value]) for row, value in labelled if value in place]
    return _Lesson(values, np.array([row for row, _ in kept]), np.array([target for _, target in kept]))


def _teaches(example: Example, field: str) -> bool:
    """Automatic mails carry fixed labels by convention: they teach only what is automatic."""
    return example.labels.get(field) is not None and (field == "is_auto" or not example.labels.get("is_auto"))


def _estimator(field: str) -> LogisticRegression:
    return LogisticRegression(
        C=STRENGTH.get(field, OTHER_STRENGTH), class_weight="balanced" if field in ("scope", "priority") else None, max_iter=300, tol=1e-3
    )


def _held_out_scores(
    features: Sequence[Features], examples: Sequence[Example], lessons: Mapping[str, _Lesson], progress: Progress
) -> dict[str, NDArray[np.float64]]:
    """For each field and mail the scores of a model that saw no mail of the same writer."""
    found = {name: np.zeros((len(lesson.rows), len(lesson.values))) for name, lesson in lessons.items()}
    everything = np.arange(len(features))
    for fold, (seen, unseen) in enumerate(_splits(examples)):
        progress(f"held out {fold + 1}/{FOLDS}", 0.7 * fold / FOLDS)
        known_mails = [features[row] for row in seen]
        vectors = _learned(known_mails)
        known, asked = _matrix(vectors, known_mails), _matrix(vectors, [features[row] for row in unseen])
        position = np.full(len(everything), -1)
        position[seen] = np.arange(len(seen))
        position[unseen] = np.arange(len(unseen))
        is_seen = np.isin(everything, seen)
        for name, lesson in lessons.items():
            learn = is_seen[lesson.rows]
            rows = position[lesson.rows]
            if len(set(lesson.targets[learn])) < len(lesson.values) or learn.all():
                continue  # a value that stands with one writer only cannot be held out
            estimator = _estimator(name).fit(known[rows[learn]], lesson.targets[learn])
            found[name][~learn] = _scores(estimator, asked[rows[~learn]])
    return found


def _scores(estimator: LogisticRegression, rows: Any) -> NDArray[np.float64]:
    """Unscaled log-odds, one column a value, also where there are only two."""
    found = np.asarray(estimator.decision_function(rows), dtype=np.float64)
    return np.column_stack([np.zeros_like(found), found]) if found.ndim == 1 else found


def _splits(examples: Sequence[Example]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    groups = [example.group for example in examples]
    if len(set(groups)) < FOLDS:
        groups = [hashlib.sha256(example.mail.message_id.encode()).hexdigest()[:8] for example in examples]
    count = min(FOLDS, len(set(groups)))
    return list(GroupKFold(n_splits=count).split(np.zeros(len(examples)), groups=groups))


def _temperature(held_out: NDArray[np.float64], targets: NDArray[np.int64]) -> float:
    """The one number that makes stated probabilities true: least log-loss on held-out mails."""
    labels = list(range(held_out.shape[1]))

    def loss(log_temperature: float) -> float:
        return float(log_loss(targets, calibrated(held_out, float(np.exp(log_temperature))), labels=labels))

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x))


def _score(chances: NDArray[np.float64], targets: NDArray[np.int64]) -> FieldScore:
    said = chances.argmax(axis=1)
    right = said == targets
    return FieldScore(
        n=len(targets),
        accuracy=float(right.mean()),
        macro_f1=float(f1_score(targets, said, average="macro", zero_division=0)),
        ece=expected_calibration_error(chances.max(axis=1), right),
    )
