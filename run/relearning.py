"""The only place where what people confirmed joins the corpus, and where a training goes its way: learned, held against the model in use, taken or kept aside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classify.artefact import find_card, load_model
from classify.champion import Contest, answers_of, read_answers
from classify.fields import Example, Progress
from classify.model import TrainedModel
from classify.promotion import Trial, answers_by, held_out_answers, trial
from classify.scores import Proof
from classify.train import train
from classify.versions import Reason, Taking, adopt, keep_version, learned_until, take
from models.errors import MailUnreadableError, ModelError
from models.judgements import JUDGED, Judged
from models.profiles import DATA, Profile
from models.store import Store
from run.inputs import InputError, example_of, examples_of, labels_of

CORPUS = DATA / "corpus"
EVER = datetime(1970, 1, 1, tzinfo=UTC)
Corpora = Mapping[str, Sequence[Path]]
"""Labels files by the organisation whose policy they follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """What a model is to learn: mails of labels files, and the desk's own cases, each with its judgement."""

    profile: Profile
    corpora: Corpora
    corpus: Sequence[Example]
    own: Sequence[tuple[Judged, Example]] = ()

    @property
    def examples(self) -> list[Example]:
        return [*self.corpus, *(example for _, example in self.own)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who wants a training, when, and where its model goes; `anyway`: even where it is worse."""

    place: Path
    by: str
    now: datetime
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What came of a training: the model's name, how it did, and against which one; None where there was none to compare with."""

    version: str
    proof: Proof
    trial: Trial | None
    reason: Reason
    taken: bool


def shipped_corpora(profile: Profile) -> dict[str, list[Path]]:
    """The corpus files of a shipped profile and of its kin. `InputError` where it has none of its own."""
    found = {name: sorted((CORPUS / name).glob("*.jsonl")) for name in (profile.name, *profile.kin)}
    if not found[profile.name]:
        raise InputError(f"{CORPUS / profile.name}: no corpus for this profile; give --labels")
    return found


def corpora_of(profile: Profile, labels: Sequence[Path]) -> dict[str, list[Path]]:
    """The files that are asked for, else those that the profile names, else the shipped ones."""
    own = list(labels) or [profile.folder / name for name in profile.learning.labels]
    return {profile.name: own} if own else shipped_corpora(profile)


def corpus_of(corpora: Corpora) -> Iterable[Example]:
    for organisation, files in corpora.items():
        yield from examples_of(files, organisation)


def confirmed_cases(store: Store, profile: Profile) -> list[tuple[Judged, Example]]:
    """What people said last of each case that they judged, as examples: their own words on it, and nothing that the machine said."""
    found = []
    for judged in store.judgements.since(profile.name, EVER):
        row = judged.judgement.example
        try:
            mail = example_of(row, f"case {judged.ticket}")
        except MailUnreadableError:
            continue
        labels = {field: value for field, value in labels_of(judged.judgement.meant).items() if field in JUDGED}
        example = Example(mail=mail, labels=labels, group=f"case {judged.ticket}", organisation=profile.name, confirmed=True)
        found.append((judged, example))
    return found


def learn_anew(lessons: Lessons, order: Order, progress: Progress) -> Learned:
    """Train, compare, keep; and take the new model into use where it is not worse. Raises `ModelError` where nothing can be learned."""
    model, proof = train(lessons.examples, lessons.profile, progress)
    adopt(order.place)
    answers = answers_of(proof, [None if example.confirmed else example.mail.message_id for example in lessons.examples])
    tried = _tried(lessons, order.place, proof, answers)
    reason = _reason(tried, find_card(order.place), lessons, anyway=order.anyway)
    name = keep_version(order.place, model, proof, _facts(lessons, order, answers, tried))
    taken = reason in {Reason.FIRST, Reason.NOT_WORSE, Reason.BETTER_ON_OWN, Reason.ANYWAY}
    take(order.place, Taking(at=order.now, by=order.by, version=name, reason=reason, taken=taken))
    return Learned(version=name, proof=proof, trial=tried, reason=reason, taken=taken)


def _tried(lessons: Lessons, place: Path, proof: Proof, answers: Mapping[str, Mapping[str, bool]]) -> Trial | None:
    champion = _champion(place, lessons.profile)
    if champion is None:
        return None
    card = find_card(place)
    known, first = learned_until(card), len(lessons.corpus)
    recent = [(number, judged, example) for number, (judged, example) in enumerate(lessons.own) if judged.id > known]
    keys = [str(judged.ticket) for _, judged, _ in recent]
    before = answers_by(champion, [example for *_, example in recent], keys, lessons.profile)
    after = held_out_answers(proof, lessons.examples, {first + number: str(judged.ticket) for number, judged, _ in recent})
    drawn = frozenset(str(judged.ticket) for _, judged, _ in recent if judged.sampled)
    return trial((read_answers(card), answers), (before, after), drawn)


def _champion(place: Path, profile: Profile) -> TrainedModel | None:
    try:
        return load_model(place, profile)
    except ModelError:
        return None


def _reason(tried: Trial | None, card: Mapping[str, Any], lessons: Lessons, *, anyway: bool) -> Reason:
    if tried is None:
        return Reason.FIRST
    knows_less = bool(learned_until(card)) and not lessons.own
    found = Reason.KNOWS_LESS if knows_less else tried.reason
    return Reason.ANYWAY if anyway and (knows_less or not tried.wins) else found


def _facts(lessons: Lessons, order: Order, answers: Mapping[str, Mapping[str, bool]], tried: Trial | None) -> dict[str, Any]:
    """What the card tells besides the model's own figures."""
    return {
        "profile": lessons.profile.name,
        "mails": len(lessons.examples),
        "labels_sha256": _digest(file for files in lessons.corpora.values() for file in files),
        "frozen": dict(answers),
        "trained_at": order.now.isoformat(),
        "by": order.by,
        "confirmed": {"cases": len(lessons.own), "until": max((judged.id for judged, _ in lessons.own), default=0)},
        "contest": {name: _figures(found) for name, found in _parts(tried)},
    }


def _parts(tried: Trial | None) -> list[tuple[str, Contest]]:
    return [("frozen", tried.frozen), ("own", tried.own), ("by_lot", tried.by_lot)] if tried else []


def _figures(found: Contest) -> dict[str, Any]:
    return asdict(found)


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
