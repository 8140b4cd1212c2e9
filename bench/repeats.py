"""`make repeats`: how well cases about one fault are found, at several densities of traffic; `--learn` writes the weights anew.

The weights that are measured were learned from other organisations; those that `--learn` ships are learned from all.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from analyse.families import families_of
from analyse.links import SIGNALS, pairs_of
from analyse.matters import WEIGHTS, Weights, learned_weights
from analyse.repeats import Basis, find_repeats
from analyse.traits import Numbers, Past
from bench.mailstreams import (
    Stream,
    among_look_alikes,
    as_from_classifier,
    corpus,
    held_out,
    judged,
    numbered,
    organisations,
    squeezed,
    with_bursts,
)

DENSITIES = (10, 30, 60)
LEARNED_AT = (10, 30)
LOOK_ALIKES_AT = (0.6, 3, 10)
HARD, OWN = 3.0, 10.0
"""How much a stream with look-alikes, or mails of one's own, weigh against plain traffic when weights are learned."""
MOST_PAIRS = 60_000
STRENGTH = 1.0
MANY, MANY_A_DAY, PLENTY = 100_000, 100, 20_000
HEAD = "# What speaks for one fault and against it, in log-odds of a pair of cases. Written by `python -m bench.repeats --learn`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Pairs of one stream: signals, whether one fault, how much each counts."""

    organisation: str
    signals: Numbers
    one_fault: Numbers
    counts: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Pairs of cases said to be one fault, those that are, and both."""

    said: int
    true: int
    right: int
    largest: int

    def __add__(self, other: Score) -> Score:
        return Score(
            said=self.said + other.said,
            true=self.true + other.true,
            right=self.right + other.right,
            largest=max(self.largest, other.largest),
        )

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.said), self.right / max(1, self.true)
        return f"{precision:.2f} | {recall:.2f} | {2 * self.right / max(1, self.said + self.true):.2f} | {self.largest}"


def streams_of(organisation: str, seed: int = 1) -> dict[str, Stream]:
    """What is measured: the corpus as dated, at other densities, with bursts, and with look-alikes."""
    plain, order = corpus(organisation), random.Random(seed)
    found = {"as dated": as_from_classifier(plain, order)}
    for a_day in DENSITIES:
        found[f"{a_day} a day"] = as_from_classifier(squeezed(plain, a_day, order), order)
    found["30 a day, with bursts"] = as_from_classifier(with_bursts(squeezed(plain, 30, order), organisation, order), order)
    for pace in LOOK_ALIKES_AT:
        found[f"among look-alikes, {pace} a day"] = as_from_classifier(
            among_look_alikes(with_bursts(plain, organisation, order), pace, order), order
        )
    return found


def lessons_of(organisation: str, seed: int = 7) -> list[Lesson]:
    plain, order = with_bursts(corpus(organisation), organisation, random.Random(seed)), random.Random(seed)
    traffic = [squeezed(plain, a_day, order) for a_day in LEARNED_AT]
    hard = [among_look_alikes(plain, a_day, order) for a_day in LOOK_ALIKES_AT]
    weighed = [*((stream, 1.0) for stream in traffic), *((stream, HARD) for stream in hard)]
    return [lesson(organisation, as_from_classifier(stream, order), weight) for stream, weight in weighed]


def lesson(organisation: str, stream: Stream, weight: float) -> Lesson:
    """A fault of many mails has many pairs: each counts the less."""
    cases = [mail.case for mail in stream]
    chance = np.random.default_rng(1)
    faults = [mail.fault for mail in stream]
    sizes = Counter(faults)
    parts = list(pairs_of(cases, Past.learn(cases)))
    one, other = (np.concatenate([getattr(part, name) for part in parts]) for name in ("one", "other"))
    signals = np.concatenate([part.signals for part in parts], axis=1).T
    truth = np.array([faults[a] is not None and faults[a] == faults[b] for a, b in zip(one, other, strict=True)])
    others = np.flatnonzero(~truth)
    kept = chance.choice(others, MOST_PAIRS, replace=False) if len(others) > MOST_PAIRS else others
    counts = np.concatenate(
        [[1 / np.sqrt(sizes[faults[a]] * (sizes[faults[a]] - 1) / 2) for a in one[truth]], np.full(len(kept), len(others) / len(kept))]
    )
    places = np.concatenate([np.flatnonzero(truth), kept])
    return Lesson(organisation=organisation, signals=signals[places], one_fault=truth[places].astype(float), counts=counts * weight)


def learn(lessons: Sequence[Lesson]) -> Weights:
    signals = np.concatenate([one.signals for one in lessons]).astype(float)
    mean, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(
        (signals - mean) / spread, np.concatenate([one.one_fault for one in lessons]), np.concatenate([one.counts for one in lessons])
    )
    found = model.coef_[0] / spread
    named = {name: round(float(value), 3) for name, value in zip(SIGNALS, found, strict=True)}
    return Weights(bias=round(float(model.intercept_[0] - found @ mean), 3), **named)


def score(stream: Stream, weights: Weights) -> Score:
    cases = [mail.case for mail in stream]
    fault = {mail.case.ticket: mail.fault for mail in stream}
    repeats = find_repeats(cases, Basis(past=Past.learn(cases), weights=weights))
    said = {pair for repeat in repeats for pair in combinations(sorted(repeat.tickets), 2)}
    right = sum(fault[one] is not None and fault[one] == fault[other] for one, other in said)
    true = sum(size * (size - 1) // 2 for name, size in Counter(fault.values()).items() if name)
    return Score(said=len(said), true=true, right=right, largest=max((len(repeat.tickets) for repeat in repeats), default=0))


def report(own: Sequence[Path]) -> None:
    """Figures by stream and organisation, with weights learned from the others."""
    lessons = {name: lessons_of(name) for name in organisations()}
    mine = judged(own)
    print("| stream | organisation | precision | recall | F1 | largest |\n|---|---|---|---|---|---|")
    sums: dict[str, Score] = {}
    for name in organisations():
        weights = learn([one for other, some in lessons.items() if other != name for one in some])
        for kind, stream in (streams_of(name) | ({"mails of one's own": mine[name]} if name in mine else {})).items():
            found = score(stream, weights)
            sums[kind] = sums[kind] + found if kind in sums else found
            print(f"| {kind} | {name} | {found} |", flush=True)
    for kind, found in sums.items():
        print(f"| {kind} | all | {found} |")


def report_shipped(title: str, groups: Iterable[Sequence[Path]]) -> None:
    """Mails of one's own, or held out, with the weights that are shipped; each group of files is one desk's, or several organisations'."""
    total = Score(said=0, true=0, right=0, largest=0)
    for files in groups:
        for name, stream in judged(files).items():
            total += (found := score(numbered(stream), learned_weights()))
            print(f"| {title}, shipped weights | {name} | {found} |", flush=True)
    print(f"| {title}, shipped weights | all | {total} |")


def report_held_out() -> None:
    """Mails of writers whom nothing learned from: each writer's as a desk of its own, each organisation's together, and the hard ones."""
    plain, hard = held_out("f"), held_out("x")
    report_shipped("held out, a writer each", [[file] for file in plain])
    report_shipped("held out, an organisation each", [plain])
    report_shipped("held out, hard", [hard])


def report_cost() -> None:
    """The time and the memory that many cases need."""
    stream = as_from_classifier(_many(), random.Random(3))
    cases = [mail.case for mail in stream]
    begin = time.perf_counter()
    past = Past.learn(cases[-PLENTY:])
    repeats = find_repeats(cases, Basis(past=past))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(cases)} cases: {time.perf_counter() - begin:.0f} s, {peak:.0f} MB in all, {len(repeats)} repeats")


def report_families() -> None:
    """How many cases of each corpus belong to a family; how good these are, nothing here can tell."""
    print("| organisation | cases | families | cases in them | largest | s |\n|---|---|---|---|---|---|")
    for name in organisations():
        cases = [mail.case for mail in corpus(name)]
        begin = time.perf_counter()
        found = families_of(cases, Past.learn(cases))
        sizes = [len(family.tickets) for family in found]
        print(f"| {name} | {len(cases)} | {len(found)} | {sum(sizes)} | {max(sizes)} | {time.perf_counter() - begin:.1f} |")


def _many() -> Stream:
    """Every corpus many times over, as mails of one desk in three years."""
    mails = [mail for name in organisations() for mail in corpus(name)]
    many = [replace(mail, fault=f"{mail.fault} {copy}" if mail.fault else None) for copy in range(MANY // len(mails) + 1) for mail in mails]
    return squeezed(many[:MANY], MANY_A_DAY, random.Random(2))


def write_weights(own: Sequence[Path]) -> None:
    """Learn from all that there is and write it where the program reads it."""
    lessons = [one for name in organisations() for one in lessons_of(name)]
    found = learn([*lessons, *(lesson(name, stream, OWN) for name, stream in judged(own).items())])
    lines = [f"{name} = {value}" for name, value in asdict(found).items()]
    WEIGHTS.write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("own", nargs="*", type=Path, help="labelled mails of one's own, with `org` and `repeat_group`")
    parser.add_argument("--learn", action="store_true")
    parser.add_argument("--shipped", action="store_true")
    chosen = parser.parse_args()
    if chosen.learn:
        write_weights(chosen.own)
    elif chosen.shipped:
        report_shipped("one's own", [chosen.own])
    else:
        report(chosen.own)
        report_held_out()
        report_families()
        report_cost()


if __name__ == "__main__":
    main()
