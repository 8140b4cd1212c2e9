"""`make designs`: classifiers compared by nested cross-validation over writers. The table stands in docs/decisions/0012.

Outer folds hold writers out; in each, a design's strength is chosen by inner folds over the remaining writers. Mails of one
writer are never on both sides of any split. One vocabulary serves all folds: which words there are is no label.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from classify import linear
from classify.features import Describer
from classify.fields import Example
from classify.joint import Joint
from classify.linear import Belief, Scores, Span, Targets, learn
from classify.model import probabilities
from classify.train import Course, Lesson, lesson_of
from models.profiles import Profile, load_profile
from run.relearning import corpus_of, shipped_corpora

FIELDS = ("type", "priority", "scope", "team")
INNER = 3
OUTER = 5
COMPONENTS = 100
TREES = 50
Learner = Callable[[Any, Targets, float], Callable[[Any], Scores]]
"""Learns from rows and targets at a strength; answers with a score a value for each row of another matrix."""


@dataclass(frozen=True, slots=True)
class Design:
    name: str
    strengths: Sequence[float]
    learner: Learner
    ends: int
    """How many of the views it sees: 1 words, 2 letters too, 3 pairs too, 4 keys too, 5 cues too."""


def _dense(found: Any, count: int, scores: Scores) -> Scores:
    """A column for every value, also where the learner saw only some of them."""
    wide = np.full((len(scores), count), scores.min() - 1.0)
    wide[:, found.classes_] = np.column_stack([-scores, scores]) if scores.ndim == 1 else scores
    return wide


def _logistic(rows: Any, targets: Targets, strength: float) -> Callable[[Any], Scores]:
    found = LogisticRegression(C=strength, max_iter=300, tol=1e-3).fit(rows, targets)
    return lambda asked: _dense(found, int(targets.max()) + 1, found.decision_function(asked))


def _margin(rows: Any, targets: Targets, strength: float) -> Callable[[Any], Scores]:
    found = LinearSVC(C=strength, random_state=0).fit(rows, targets)
    return lambda asked: _dense(found, int(targets.max()) + 1, found.decision_function(asked))


def _count(rows: Any, targets: Targets, strength: float) -> Callable[[Any], Scores]:
    found = ComplementNB(alpha=strength).fit(rows, targets)
    return lambda asked: _dense(found, int(targets.max()) + 1, found.predict_joint_log_proba(asked))


def _boosted(rows: Any, targets: Targets, strength: float) -> Callable[[Any], Scores]:
    """Latent semantic analysis, then boosted trees."""
    reduced = TruncatedSVD(COMPONENTS, random_state=0).fit(rows)
    found = HistGradientBoostingClassifier(max_iter=TREES, learning_rate=strength, random_state=0).fit(reduced.transform(rows), targets)
    return lambda asked: _dense(found, int(targets.max()) + 1, np.log(found.predict_proba(reduced.transform(asked)) + 1e-9))


SINGLE = (
    Design("words, logistic regression", (8,), _logistic, 1),
    Design("words and letters, logistic regression", (8,), _logistic, 2),
    Design("words and letters, support vectors", (0.2, 0.5), _margin, 2),
    Design("words, letters, pairs, support vectors", (0.2, 0.5), _margin, 3),
    Design("words, letters, pairs, marks, support vectors", (0.2, 0.5), _margin, 5),
    Design("words, letters, pairs, keys, complement naive Bayes", (0.05, 0.1, 0.3), _count, 4),
    Design("latent semantics, boosted trees", (0.1,), _boosted, 5),
)


def _columns(course: Course, ends: int) -> Any:
    return course.rows[:, : course.vectors.ends[ends - 1]]


def single(design: Design, course: Course, lesson: Lesson) -> NDArray[np.int64]:
    """What the design says of each mail that it had not seen the writer of."""
    rows, fold = _columns(course, design.ends)[lesson.mails], course.fold[lesson.mails]
    said = np.zeros(len(lesson.mails), dtype=np.int64)
    for number in range(OUTER):
        unseen = fold == number
        strength = _chosen(design, rows[~unseen], lesson.targets[~unseen], fold[~unseen])
        said[unseen] = design.learner(rows[~unseen], lesson.targets[~unseen], strength)(rows[unseen]).argmax(axis=1)
    return said


def _chosen(design: Design, rows: Any, targets: Targets, fold: NDArray[np.int64]) -> float:
    """The strength with the best macro-F1 on inner folds: the remaining outer folds, some of them held out in turn."""
    if len(design.strengths) == 1:
        return design.strengths[0]

    inner = np.searchsorted(np.unique(fold), fold) % INNER

    def score(strength: float) -> float:
        said = np.zeros(len(targets), dtype=np.int64)
        for number in range(INNER):
            unseen = inner == number
            said[unseen] = design.learner(rows[~unseen], targets[~unseen], strength)(rows[unseen]).argmax(axis=1)
        return float(f1_score(targets, said, average="macro"))

    return max(design.strengths, key=score)


def blended(course: Course, lessons: Mapping[str, Lesson]) -> tuple[dict[str, Scores], dict[str, Scores]]:
    """Probabilities of the program's own design; first each field by itself, then each field's belief seeing the scores of all fields."""
    both = tuple({name: np.zeros((len(lesson.mails), len(lesson.values))) for name, lesson in lessons.items()} for _ in range(2))
    for number in range(OUTER):
        known, asked = _scored(course, lessons, number)
        for chances, chained in zip(both, (False, True), strict=True):
            for name, found in _believed(course, lessons, number, (known, asked), chained=chained).items():
                chances[name][course.fold[lessons[name].mails] == number] = found
    return both[0], both[1]


def _scored(course: Course, lessons: Mapping[str, Lesson], number: int) -> tuple[dict[str, Scores], dict[str, Scores]]:
    """Scores of the mails outside a fold, each by models that did not see its writer; and of those inside it."""
    known: dict[str, Scores] = {}
    asked: dict[str, Scores] = {}
    for name, lesson in lessons.items():
        rows, fold, count = course.rows[lesson.mails], course.fold[lesson.mails], len(lesson.values)
        span: Span = course.span(lesson)
        seen = fold != number
        inner = np.zeros((len(lesson.mails), 2 * count))
        for other in sorted(set(fold[seen].tolist())):
            learners = seen & (fold != other)
            inner[fold == other] = learn(rows[learners], lesson.targets[learners], course.worth[lesson.mails][learners], span).of(
                rows[fold == other]
            )
        known[name] = inner[seen]
        asked[name] = learn(rows[seen], lesson.targets[seen], course.worth[lesson.mails][seen], span).of(rows[~seen])
    return known, asked


def _believed(
    course: Course, lessons: Mapping[str, Lesson], number: int, scores: tuple[dict[str, Scores], dict[str, Scores]], *, chained: bool
) -> dict[str, Scores]:
    known, asked = scores
    found: dict[str, Scores] = {}
    for name, lesson in lessons.items():
        fold = course.fold[lesson.mails]
        settings, seen = course.settings[lesson.mails], fold != number
        given = np.hstack(list(known.values())) if chained else known[name]
        question = np.hstack(list(asked.values())) if chained else asked[name]
        belief = Belief.learned(given, settings[seen], lesson.targets[seen], course.worth[lesson.mails][seen])
        found[name] = probabilities(belief.log_odds(question, settings[~seen]))
    return found


def together(chances: Mapping[str, Scores], lessons: Mapping[str, Lesson], profile: Profile) -> dict[str, list[Any]]:
    joint = Joint(profile=profile, values={name: lesson.values for name, lesson in lessons.items()})
    count = len(next(iter(chances.values())))
    decided = [joint.decide({name: found[row] for name, found in chances.items()})[0] for row in range(count)]
    return {name: [values[name] for values in decided] for name in chances}


def _line(name: str, said: Mapping[str, Sequence[Any]], lessons: Mapping[str, Lesson], own: NDArray[np.bool_], seconds: float) -> str:
    """One row of the table, over the organisation's own mails."""
    cells = []
    for field in FIELDS:
        lesson = lessons[field]
        truth = np.array([str(lesson.values[target]) for target in lesson.targets])[own]
        answers = np.array([str(value) for value in said[field]])[own]
        cells.append(f"{f1_score(truth, answers, average='macro', zero_division=0):.3f}")
        if field == "priority":
            levels, guesses = truth.astype(int), answers.astype(int)
            grave = levels <= 2
            cells.append(f"{cohen_kappa_score(levels, guesses, weights='quadratic'):.3f}")
            cells.append(f"{(guesses[grave] <= 2).mean():.3f} ({(guesses <= 2).sum() / grave.sum():.2f})")
    return f"| {name} | " + " | ".join(cells) + f" | {seconds:.0f} |"


def compare(name: str) -> None:
    """Print the table of one organisation."""
    profile = load_profile(name)
    examples = list(corpus_of(shipped_corpora(profile)))
    examples = [example for example in examples if not example.labels.get("is_auto")]
    describer = Describer(profile)
    course = Course(examples, [describer.describe(example.mail) for example in examples], profile)
    lessons = {field: lesson for field in (*FIELDS, "patient_safety") if (lesson := lesson_of(examples, field, profile))}
    print(f"\n{name}: {sum(_is_own(example, profile) for example in examples)} mails, {len(examples)} with kin\n")
    print("| design | type | priority | kappa | P1-2 found (said per true) | scope | team | s |\n|---|---|---|---|---|---|---|---|")
    for design in SINGLE:
        began = time.perf_counter()
        said = {f: [lessons[f].values[place] for place in single(design, course, lessons[f])] for f in FIELDS}
        _print(design.name, said, lessons, course, time.perf_counter() - began)
    began = time.perf_counter()
    labels = ("support vectors and naive Bayes, believed as held out", "the same, each field seeing all fields' scores")
    for label, chances in zip(labels, blended(course, lessons), strict=True):
        alone = {f: [lessons[f].values[place] for place in found.argmax(axis=1)] for f, found in chances.items()}
        _print(label, alone, lessons, course, time.perf_counter() - began)
        if len({lesson.mails.tobytes() for lesson in lessons.values()}) == 1:
            _print(f"{label}, decided together", together(chances, lessons, profile), lessons, course, time.perf_counter() - began)


def _print(name: str, said: Mapping[str, Sequence[Any]], lessons: Mapping[str, Lesson], course: Course, seconds: float) -> None:
    own = np.array([_is_own(course.examples[mail], course.profile) for mail in lessons["type"].mails])
    print(_line(name, said, lessons, own, seconds), flush=True)


def _is_own(example: Example, profile: Profile) -> bool:
    return example.organisation == profile.name


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profiles", nargs="*", default=["siv"])
    given = parser.parse_args()
    print(f"margin {linear.MARGIN_STRENGTH}, smoothing {linear.COUNT_SMOOTHING}, belief {linear.BELIEF_STRENGTH}")
    for chosen in given.profiles:
        compare(chosen)
