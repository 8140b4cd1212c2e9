"""`make curve`: how well a model does on held-out writers, by how many mails it learned from. The table stands in data/corpus/README.md."""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence

from classify.chain import Classifiers, classify
from classify.evaluate import evaluate
from classify.fields import Example
from classify.scores import FieldReport
from classify.train import train
from models.profiles import Profile, load_profile
from run.relearning import corpus_of, shipped_corpora

SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
ROUNDS = 3
HELD_OUT = 5
"""One writer in so many is held out in each round."""
FIELDS = ("type", "priority", "scope", "team", "service", "reporter")


def curve(name: str) -> None:
    """Print one row for each share of the remaining writers, kin's writers among them in the same share."""
    profile = load_profile(name)
    examples = list(corpus_of(shipped_corpora(profile)))
    print(f"\n{name}: macro-F1 on writers that were not learned from, mean of {ROUNDS} rounds\n")
    print("| mails learned | " + " | ".join(FIELDS) + " | kappa | P1-2 found |\n|---|" + "---|" * (len(FIELDS) + 2))
    for share in SHARES:
        rounds = [_round(examples, profile, share, number) for number in range(ROUNDS)]
        learned = round(sum(count for count, _ in rounds) / ROUNDS)
        figures = [_mean([getattr(reports[field], "macro_f1", None) for _, reports in rounds]) for field in FIELDS]
        graded = [_mean([getattr(reports["priority"], key) for _, reports in rounds]) for key in ("quadratic_kappa", "recall_p12")]
        print(f"| {learned} | " + " | ".join((*figures, *graded)) + " |", flush=True)


def _round(examples: Sequence[Example], profile: Profile, share: float, number: int) -> tuple[int, dict[str, FieldReport | None]]:
    """Mails learned from, and each field's report on the held-out writers of the organisation's own."""
    own = sorted({example.group for example in examples if example.organisation == profile.name})
    others = sorted({example.group for example in examples if example.organisation != profile.name})
    asked = set(own[number::HELD_OUT])
    order = random.Random(number)
    kept = {*_some([writer for writer in own if writer not in asked], share, order), *_some(others, share, order)}
    known = [example for example in examples if example.group in kept]
    unseen = [example for example in examples if example.group in asked]
    model, _ = train(known, profile)
    verdicts = classify([example.mail for example in unseen], Classifiers.of(profile, model))
    found = {report.field: report for report in evaluate(verdicts, unseen, profile)}
    return len(known), {field: found.get(field) for field in FIELDS}


def _some(writers: Sequence[str], share: float, order: random.Random) -> list[str]:
    return order.sample(list(writers), max(2, round(share * len(writers)))) if writers else []


def _mean(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{sum(known) / len(known):.3f}" if known else ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profiles", nargs="*", default=["siv", "inera", "ehm", "regionjh", "sll"])
    for chosen in parser.parse_args().profiles:
        curve(chosen)
