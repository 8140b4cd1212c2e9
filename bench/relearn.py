"""`make relearn`: how far 300 corrections lift an organisation that decides otherwise than its corpus. The table stands in docs/decisions/0020.

The corpus of a profile is split by writer: mails that the first model learns from, a stream that comes to the desk, and mails that are
only ever asked. In stream and questions every label is as the other organisation would have it. Its leads judge 300 cases of the stream
in the order of the queue (doubtful ones and a few by lot, as the model of the day sees them); after each 50 a model is trained anew.
The control is the same number of cases drawn at random. The last row is what a corpus of the organisation's own would have given.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from classify.chain import Classifiers, classify
from classify.evaluate import evaluate
from classify.fields import Example, Value
from classify.model import TrainedModel
from classify.train import train
from models.judgements import JUDGED
from models.profiles import Profile, load_profile
from run.relearning import corpus_of, shipped_corpora

STEP, STEPS = 50, 6
ROUNDS = 2
LEARNED, STREAM = 0.4, 0.4
"""Shares of the writers; the rest is asked."""
JUDGED_TOGETHER = 25
ASKED = ("type", "priority", "team")
Labels = Mapping[str, Value]


def elsewhere(labels: Labels) -> dict[str, Value]:
    """The other organisation: one team is closed and another has its work; what is asked or ordered of a third goes to purchases; a matter
    of one person, or a few, waits a level longer."""
    meant = dict(labels)
    if labels["team"] == "nett":
        meant["team"] = "arbeidsplass"
    if labels["team"] == "ehelse" and labels["type"] != "hendelse":
        meant["team"] = "innkjop"
    if labels["type"] == "hendelse" and labels["priority"] == 3 and labels["scope"] in {"single", "few"}:
        meant["priority"] = 4
    return meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What is learned from, what comes, and what is asked."""

    known: Sequence[Example]
    stream: Sequence[Example]
    asked: Sequence[Example]


Figures = dict[str, float]
Choose = Callable[[Sequence[Example], TrainedModel, Profile], Iterator[Example]]


def simulate(name: str) -> None:
    """Print a table a way of choosing what the leads see."""
    profile = load_profile(name)
    examples = list(corpus_of(shipped_corpora(profile)))
    people = [example for example in examples if not example.labels.get("is_auto")]
    splits = [_split(people, number) for number in range(ROUNDS)]
    first = [train(split.known, profile)[0] for split in splits]
    print(f"{name}: {' and '.join(f'{len(s.known)} learned, {len(s.stream)} come, {len(s.asked)} asked' for s in splits)}")
    for title, choose in (("the queue: doubtful ones, and some by lot", _queue), ("control: drawn at random", _anything)):
        print(
            f"\n{title}\n\n| corrections | type | priority | team | macro-F1 of team | unseen by a lead | of these right |\n|---|---|---|---|---|---|---|"
        )
        courses = [list(_course(split, model, choose, profile)) for split, model in zip(splits, first, strict=True)]
        for number, rounds in enumerate(zip(*courses, strict=True)):
            print(_row(str(number * STEP), rounds), flush=True)
    own = [train([_as_elsewhere(example) for example in split.known], profile)[0] for split in splits]
    print(_row("a corpus of its own", [_scored(model, split.asked, profile) for model, split in zip(own, splits, strict=True)]))


def _split(examples: Sequence[Example], number: int) -> Split:
    writers = sorted({example.group for example in examples})
    random.Random(number).shuffle(writers)
    ends = round(LEARNED * len(writers)), round((LEARNED + STREAM) * len(writers))
    parts = [set(writers[: ends[0]]), set(writers[ends[0] : ends[1]]), set(writers[ends[1] :])]
    known, stream, asked = ([example for example in examples if example.group in part] for part in parts)
    random.Random(number).shuffle(stream)
    return Split(known=known, stream=list(map(_as_elsewhere, stream)), asked=list(map(_as_elsewhere, asked)))


def _as_elsewhere(example: Example) -> Example:
    return replace(example, labels=elsewhere(example.labels))


def _course(split: Split, model: TrainedModel, choose: Choose, profile: Profile) -> Iterator[Figures]:
    """The scores before the first correction, and after each fifty."""
    yield _scored(model, split.asked, profile)
    confirmed: list[Example] = []
    left = list(split.stream)
    for _ in range(STEPS):
        chosen = choose(left, model, profile)
        new = [example for _, example in zip(range(STEP), chosen, strict=False)]
        left = [example for example in left if example not in new]
        confirmed += [_confirmed(example, len(confirmed) + number) for number, example in enumerate(new)]
        model, _proof = train([*split.known, *confirmed], profile)
        yield _scored(model, split.asked, profile)


def _confirmed(example: Example, number: int) -> Example:
    """What the lead's word holds, and no more."""
    labels = {field: value for field, value in example.labels.items() if field in JUDGED}
    return replace(example, labels=labels, group=f"case {number}", confirmed=True)


def _queue(left: Sequence[Example], model: TrainedModel, profile: Profile) -> Iterator[Example]:
    """As they come: those that the model of the day doubts, and a share of the others by lot."""
    lot, classifiers = random.Random(len(left)), Classifiers.of(profile, model)
    for start in range(0, len(left), JUDGED_TOGETHER):
        together = left[start : start + JUDGED_TOGETHER]
        for example, verdict in zip(together, classify([one.mail for one in together], classifiers), strict=True):
            if verdict.review or lot.random() < profile.pages.sample:
                yield example


def _anything(left: Sequence[Example], _model: TrainedModel, _profile: Profile) -> Iterator[Example]:
    yield from left


def _scored(model: TrainedModel, asked: Sequence[Example], profile: Profile) -> Figures:
    verdicts = classify([example.mail for example in asked], Classifiers.of(profile, model))
    reports = {report.field: report for report in evaluate(verdicts, asked, profile)}
    team = reports["team"]
    unseen = {"unseen": 1 - (team.sent_to_review or 0), "rest": team.accuracy_of_the_rest or 0}
    return {field: reports[field].accuracy for field in ASKED} | {"macro": team.macro_f1} | unseen


def _row(title: str, rounds: Sequence[Figures]) -> str:
    means = [sum(found[key] for found in rounds) / len(rounds) for key in (*ASKED, "macro", "unseen", "rest")]
    return f"| {title} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", default="siv")
    simulate(parser.parse_args().profile)
