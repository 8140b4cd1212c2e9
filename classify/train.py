"""The only place where labelled mails become a model: deterministic, held out by writer, believed as far as held-out mails allow."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from classify.features import Describer, Features
from classify.fields import FIELDS, Example, Progress, Value
from classify.joint import TIED, broken
from classify.linear import Belief, Linear, Span, Targets, learn
from classify.model import FieldModel, Measured, TrainedModel, probabilities
from classify.proof import HeldOut, prove
from classify.scores import Proof
from classify.vectors import Terms, Vectors, letters_of, pairs_of, words_of
from models.errors import ModelError
from models.kinds import TicketType
from models.profiles import Profile

FOLDS = 5
MOST_LETTERS = 100_000
MOST_PAIRS, MOST_HELD, FEWEST_OF_A_PAIR = 300_000, 1_000_000, 3
STRANGE = 2
"""Per cent of the mails that are learned from count as strange: a mail with no more known words than these is believed less."""
FEWEST = 2
"""A field needs two values and this many mails of each to be learned."""
CONFIRMED_WORTH = 3.0
"""So many mails of the corpus does one count that a person of the desk has judged: docs/decisions/0020-learning-from-corrections.md."""
CONFIRMED = " confirmed"
OF_THE_SENDER = ("reporter", "is_auto")
"""Fields that may learn from the sender's address; what a matter is about does not depend on who writes."""


def train(examples: Sequence[Example], profile: Profile, progress: Progress = lambda _what, _share: None) -> tuple[TrainedModel, Proof]:
    """A model of every field that the labels teach, and how it did on held-out writers.

    Mails of other organisations teach what their labels mean here too (`Example.organisation`); scores count only mails of
    the profile's own. Raises `ModelError` where the labels teach nothing or name a type that is none.
    """
    _refuse_unknown_types(examples)
    lessons = {field: lesson for field in FIELDS if (lesson := lesson_of(examples, field, profile))}
    if not lessons:
        raise ModelError("no field has two values with two mails each: nothing to learn")
    describer = Describer(profile)
    progress("features", 0.0)
    features = [describer.describe(example.mail) for example in examples]
    try:
        return _learned(Course(examples, features, profile), describer, lessons, progress)
    except ValueError as error:  # scikit-learn's word for too few or too equal mails
        raise ModelError(f"these mails cannot be learned from: {error}") from error


def _refuse_unknown_types(examples: Sequence[Example]) -> None:
    known = set(TicketType)
    for example in examples:
        kind = example.labels.get("type")
        if kind is not None and kind not in known:
            raise ModelError(f"labels: {kind!r} is no type; types are {', '.join(sorted(known))}")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the labels teach of one field: which mails, and which of `values` each has."""

    field: str
    values: tuple[Value, ...]
    mails: NDArray[np.int64]
    targets: Targets


class Course:
    """The mails to learn from, as numbers, and how they are held out."""

    def __init__(self, examples: Sequence[Example], features: Sequence[Features], profile: Profile) -> None:
        self.examples = examples
        self.profile = profile
        self.vectors = _vocabulary(features)
        self.rows = _matrix(self.vectors, features)
        self.worth = np.array([CONFIRMED_WORTH if example.confirmed else 1.0 for example in examples])
        organisations = sorted({_setting(example) for example in examples})
        own = profile.name + CONFIRMED if profile.name + CONFIRMED in organisations else profile.name
        self.settings = np.array([[float(_setting(example) == name) for name in organisations] for example in examples])
        self.own_setting = np.array([float(name == own) for name in organisations])
        self.fold = _folds(examples)
        self.familiar = float(np.percentile([self.vectors.familiarity(feature) for feature in features], STRANGE))

    def span(self, lesson: Lesson) -> Span:
        _words, _letters, _pairs, keys, cues, sender = self.vectors.ends
        return Span(values=len(lesson.values), counted=keys, end=sender if lesson.field in OF_THE_SENDER else cues)


def _setting(example: Example) -> str:
    """What is said of the desk's own cases is marked apart from the corpus of the same organisation: it may decide otherwise, and other things more often."""
    return example.organisation + (CONFIRMED if example.confirmed else "")


def _learned(course: Course, describer: Describer, lessons: Mapping[str, Lesson], progress: Progress) -> tuple[TrainedModel, Proof]:
    fields: dict[str, FieldModel] = {}
    held_out: dict[str, HeldOut] = {}
    for number, (name, lesson) in enumerate(lessons.items()):
        progress(name, 0.1 + 0.9 * number / len(lessons))
        found, held_out[name] = _field(course, lesson)
        base = np.log(np.bincount(lesson.targets, minlength=len(lesson.values)) / len(lesson.targets))
        fields[name] = FieldModel(
            found.weights.astype(np.float32), found.offsets.astype(np.float32), base.astype(np.float32), lesson.values
        )
    proof = prove(held_out, [example.labels for example in course.examples], course.profile)
    progress("done", 1.0)
    measured = Measured(trust=proof.trust, independence=proof.independence, sureness=proof.sureness, familiar=course.familiar)
    return TrainedModel(describer, course.vectors, fields, measured), proof


def _field(course: Course, lesson: Lesson) -> tuple[Linear, HeldOut]:
    """The field's weights; and what models that saw no mail of the same writer say of the organisation's own mails."""
    everything = len(lesson.mails) == len(course.examples)
    rows, settings = course.rows if everything else course.rows[lesson.mails], course.settings[lesson.mails]
    count, span, fold, worth = len(lesson.values), course.span(lesson), course.fold[lesson.mails], course.worth[lesson.mails]
    scores = np.zeros((len(lesson.mails), 2 * count))
    folds = [unseen for unseen in _unseen(fold) if len(set(lesson.targets[~unseen])) > 1]
    for unseen in folds:
        scores[unseen] = learn(rows[~unseen], lesson.targets[~unseen], worth[~unseen], span).of(rows[unseen])
    chances = np.full((len(lesson.mails), count), 1 / count)
    for unseen in folds:
        belief = Belief.learned(scores[~unseen], settings[~unseen], lesson.targets[~unseen], worth[~unseen])
        chances[unseen] = probabilities(belief.log_odds(scores[unseen], settings[unseen]))
    belief = Belief.learned(scores, settings, lesson.targets, worth)
    whole = learn(rows, lesson.targets, worth, span)
    own = np.array([course.examples[mail].organisation == course.profile.name for mail in lesson.mails])
    return belief.through(whole, course.own_setting), HeldOut(lesson.values, lesson.mails[own], chances[own])


def _unseen(fold: NDArray[np.int64]) -> Iterator[NDArray[np.bool_]]:
    """For each fold which mails are held out."""
    for number in sorted(set(fold.tolist())):
        yield fold == number


def lesson_of(examples: Sequence[Example], field: str, profile: Profile) -> Lesson | None:
    labelled = [(mail, example.labels[field]) for mail, example in enumerate(examples) if _teaches(example, field, profile)]
    counts = Counter(value for mail, value in labelled if examples[mail].organisation == profile.name)
    values = tuple(sorted((value for value, count in counts.items() if count >= FEWEST), key=str))
    if len(values) < 2:
        return None
    place = {value: index for index, value in enumerate(values)}
    kept = [(mail, place[value]) for mail, value in labelled if value in place]
    return Lesson(field, values, np.array([mail for mail, _ in kept]), np.array([target for _, target in kept]))


def _teaches(example: Example, field: str, profile: Profile) -> bool:
    """Automatic mails carry fixed labels by convention: they teach only what is automatic.

    Another organisation's mail teaches nothing that this one's agreements contradict.
    """
    if example.labels.get(field) is None or (field != "is_auto" and example.labels.get("is_auto")):
        return False
    if example.organisation == profile.name or field not in TIED:
        return True
    foreign = [agreement for agreement in profile.agreements.values() if broken(example.labels, agreement)]
    return not any(condition.startswith(f"{field}=") for agreement in foreign for condition in agreement.then)


def _vocabulary(features: Sequence[Features]) -> Vectors:
    """The terms that stand in enough of these mails, and how rare each is."""
    return Vectors(
        words=_terms(CountVectorizer(analyzer=words_of, min_df=2), features),
        letters=_terms(CountVectorizer(analyzer=letters_of, min_df=3, max_features=MOST_LETTERS), features),
        pairs=_pairs(features),
        keys=_marks(feature.keys for feature in features),
        cues=_marks(feature.cues for feature in features),
        sender=_marks(feature.sender for feature in features),
    )


def _terms(counter: CountVectorizer, features: Sequence[Features]) -> Terms:
    try:
        counts = counter.fit_transform(features)
    except ValueError:  # scikit-learn's word for no term that stands in mails enough
        return Terms((), np.ones(0))
    return Terms(tuple(counter.get_feature_names_out()), TfidfTransformer().fit(counts).idf_)


def _pairs(features: Sequence[Features]) -> Terms:
    """The pairs that stand in enough mails. Those met once are forgotten whenever there are too many to hold."""
    counts: Counter[str] = Counter()
    for feature in features:
        counts.update(set(pairs_of(feature)))
        if len(counts) > MOST_HELD:
            counts = Counter({pair: count for pair, count in counts.items() if count > 1})
    often = sorted((-count, pair) for pair, count in counts.items() if count >= FEWEST_OF_A_PAIR)[:MOST_PAIRS]
    names = sorted(pair for _, pair in often)
    rarity = [np.log((1 + len(features)) / (1 + counts[name])) + 1 for name in names]
    return Terms(tuple(names), np.array(rarity, dtype=np.float64))


def _marks(of_each: Iterable[Sequence[str]]) -> Terms:
    """Marks that two mails have; there may be none."""
    counts = Counter(mark for marks in of_each for mark in set(marks))
    names = sorted(mark for mark, count in counts.items() if count >= FEWEST)
    return Terms(tuple(names), np.ones(len(names)))


def _matrix(vectors: Vectors, features: Sequence[Features]) -> Any:
    """A scipy sparse matrix, one row a mail; scipy has no types for it."""
    rows = [vectors.row(feature) for feature in features]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    return csr_matrix((np.concatenate([weights for _, weights in rows]), columns, ends), shape=(len(rows), vectors.width))


def _folds(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Of each mail the fold in which it is held out: a writer's mails in one, an organisation's writers spread over all."""
    fold = np.zeros(len(examples), dtype=np.int64)
    for organisation in sorted({example.organisation for example in examples}):
        mails = [number for number, example in enumerate(examples) if example.organisation == organisation]
        writers = [examples[number].group for number in mails]
        if len(set(writers)) < FOLDS:
            writers = [hashlib.sha256(examples[number].mail.message_id.encode()).hexdigest()[:8] for number in mails]
        largest_first = sorted(Counter(writers).items(), key=lambda entry: (-entry[1], entry[0]))
        place = {writer: number % FOLDS for number, (writer, _) in enumerate(largest_first)}
        fold[mails] = [place[writer] for writer in writers]
    return fold
