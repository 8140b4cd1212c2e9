"""`make similar`: how well and how fast earlier cases like a text are found. The tables stand in docs/decisions/0017.

The two public sets are named by options; the repeat groups of the shipped corpora are always measured. Of every design all is
fixed but the subject's part, which is chosen on every other question and measured on the rest, both ways.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

from bench import many
from bench.pools import BEGIN, Pool, answers, duplicates, repeat_groups
from models.terms import GRAM, words_of
from resolve.index import Index

K1, B = 1.2, 0.75
TOPICS = 200
PARTS, LONG = (0.0, 0.1, 0.2, 0.25, 0.3, 0.4), (3, 6, 10)
"""What may be chosen: the subject's part, and the words from which on it has all of it."""
ALL = 1_000_000

Scores = NDArray[np.float64]
Ranks = list[list[int]]
"""For each question the ranks of what should have been found, best first."""
Design = Callable[[Sequence[str], Sequence[str]], Scores]
"""Texts of the cases and of the questions to scores, a row for each question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Of one question: found first, among ten, and average precision."""

    first: bool
    ten: bool
    precision: float


def pieces(text: str) -> list[str]:
    """Words, and letters in a row within them: what the index sees."""
    words = words_of(text)
    padded = [f" {word} " for word in words]
    return [*words, *(f"<{word[at : at + GRAM]}" for word in padded for at in range(max(1, len(word) - GRAM + 1)))]


def _cosine(vectorizer: TfidfVectorizer) -> Design:
    def score(cases: Sequence[str], questions: Sequence[str]) -> Scores:
        rows = vectorizer.fit_transform(cases)
        return np.asarray((vectorizer.transform(questions) @ rows.T).toarray())

    return score


def _latent(cases: Sequence[str], questions: Sequence[str]) -> Scores:
    vectorizer, reduced = TfidfVectorizer(sublinear_tf=True, analyzer=pieces), TruncatedSVD(TOPICS, random_state=0)
    rows = normalize(reduced.fit_transform(vectorizer.fit_transform(cases)))
    return np.asarray(normalize(reduced.transform(vectorizer.transform(questions))) @ rows.T)


def _okapi(cases: Sequence[str], questions: Sequence[str]) -> Scores:
    """BM25, with the score of a text with every word of the question in it as 1."""
    counter = CountVectorizer(analyzer=words_of)
    rows = counter.fit_transform(cases).astype(float)
    lengths = np.asarray(rows.sum(axis=1)).ravel()
    held = np.bincount(rows.indices, minlength=rows.shape[1])
    rarity = np.log(1 + (len(cases) - held + 0.5) / (held + 0.5))
    of = np.repeat(np.arange(len(cases)), np.diff(rows.indptr))
    rows.data *= (K1 + 1) / (rows.data + K1 * (1 - B + B * lengths[of] / lengths.mean())) * rarity[rows.indices]
    asked = (counter.transform(questions) > 0).astype(float)
    most = (asked @ rarity) * (K1 + 1)
    return np.asarray((asked @ rows.T).toarray() / np.maximum(most, 1e-9)[:, None])


BAG = _cosine(TfidfVectorizer(sublinear_tf=True, analyzer=pieces))
DESIGNS: dict[str, Design] = {
    "words, BM25": _okapi,
    "words, TF-IDF": _cosine(TfidfVectorizer(analyzer=words_of)),
    "letters 3 to 5, TF-IDF": _cosine(TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5))),
    "words and letters in one bag, TF-IDF": BAG,
    "the bag and half of BM25": lambda cases, questions: BAG(cases, questions) + _okapi(cases, questions) / 2,
    "the bag in 200 latent topics": _latent,
}


def with_subjects(pool: Pool, part: float, long: int) -> Scores:
    """The bag, with the likeness of the subjects."""
    whole = BAG([pool.text(place) for place in range(len(pool.cases))], [question.text for question in pool.questions])
    if not any(case.text for case in pool.cases):
        return whole
    cases = [case.text.partition("\n")[0] for case in pool.cases]
    questions = [question.text.partition("\n")[0] for question in pool.questions]
    sizes = [np.array([len(set(words_of(text))) for text in texts]) for texts in (questions, cases)]
    parts = part * np.minimum(1, np.minimum(sizes[0][:, None], sizes[1]) / long)
    return np.asarray((1 - parts) * whole + parts * BAG(cases, questions))


def ranks(pool: Pool, scores: Scores) -> Ranks:
    """Ranks among the cases that may be found; of equal scores the first case comes first."""
    found = []
    for question, wanted, row in zip(pool.questions, pool.wanted, scores, strict=True):
        allowed = row.copy()
        if question.apart is not None:
            allowed[question.apart : None if pool.in_order else question.apart + 1] = -np.inf
        order = np.argsort(-allowed, kind="stable")
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(1, len(order) + 1)
        found.append(sorted(place[list(wanted)].tolist()))
    return found


def index_ranks(pool: Pool) -> Ranks:
    """Ranks as the index finds them; what it does not find has none. Where cases came in order it knows nothing of what came later."""
    index, found, done = Index(), [], 0
    for question, wanted in zip(pool.questions, pool.wanted, strict=True):
        known = question.apart if pool.in_order and question.apart is not None else len(pool.cases)
        index.add(pool.cases[done:known])
        done = known
        best = {similar.ticket: rank for rank, similar in enumerate(index.find(replace(question, top=ALL)), 1)}
        found.append(sorted(best.get(pool.cases[place].ticket, ALL) for place in wanted))
    return found


def without_time_and_service(pool: Pool) -> Pool:
    cases = tuple(replace(case, service=None, opened_at=BEGIN) for case in pool.cases)
    return replace(pool, cases=cases, questions=tuple(replace(question, service=None, at=BEGIN) for question in pool.questions))


def measured(found: Ranks) -> list[Row]:
    precisions = [float(np.mean([number / rank for number, rank in enumerate(of, 1)])) for of in found]
    return [Row(first=of[0] <= 1, ten=of[0] <= 10, precision=mean) for of, mean in zip(found, precisions, strict=True)]


def _told(rows: Iterable[Row]) -> str:
    """Share found first and among ten, and mean average precision."""
    parts = np.array([(row.first, row.ten, row.precision) for row in rows], float).mean(axis=0)
    return " / ".join(f"{part:.3f}" for part in parts)


def _chosen(groups: Sequence[Sequence[Pool]]) -> list[list[Row]]:
    """The subject's part chosen on every other question of all sets, the mean of the sets' precisions deciding; measured on the others."""
    tried = {
        pair: [[row for pool in pools for row in measured(ranks(pool, with_subjects(pool, *pair)))] for pools in groups]
        for pair in product(PARTS, LONG)
    }
    found: list[list[Row]] = [[] for _ in groups]
    for half in (0, 1):
        best = max(tried, key=lambda pair: np.mean([np.mean([row.precision for row in rows[1 - half :: 2]]) for rows in tried[pair]]))
        print(f"(half {half + 1}: chosen on the other are {best[0]} from {best[1]} words on)")
        for into, rows in zip(found, tried[best], strict=True):
            into.extend(rows[half::2])
    return found


def report(groups: Sequence[Sequence[Pool]]) -> None:
    """A line a design, a column a set."""
    names = [pools[0].name if len(pools) == 1 else f"repeat groups, {sum(len(pool.questions) for pool in pools)}" for pools in groups]
    print("Found first / among ten / mean average precision\n")
    chosen = _chosen(groups)
    print("\n| design | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for name, design in DESIGNS.items():
        _line(name, [[row for pool in pools for row in _of_design(pool, design)] for pools in groups])
    _line("the bag with subjects, their part chosen on the other half", chosen)
    plain = [[without_time_and_service(pool) for pool in pools] for pools in groups]
    for name, of in (("the index, all cases of one time and service", plain), ("the index", groups)):
        _line(name, [[row for pool in pools for row in measured(index_ranks(pool))] for pools in of])


def _of_design(pool: Pool, design: Design) -> list[Row]:
    texts = [pool.text(place) for place in range(len(pool.cases))]
    return measured(ranks(pool, design(texts, [question.text for question in pool.questions])))


def _line(name: str, sets: Iterable[list[Row]]) -> None:
    print(f"| {name} | " + " | ".join(map(_told, sets)) + " |", flush=True)


def _groups(words: argparse.Namespace) -> Iterator[list[Pool]]:
    if words.seamonkey:
        yield [duplicates(*words.seamonkey)]
    if words.swefaq:
        yield [answers(words.swefaq)]
    yield list(repeat_groups())


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seamonkey", type=Path, nargs=2, metavar=("REPORTS", "DUPLICATES"), help="bug reports and which are duplicates")
    words.add_argument("--swefaq", type=Path, metavar="FILE", help="questions and candidate answers")
    words.add_argument(
        "--tickets", type=int, default=0, metavar="N", help="what so many made-up tickets cost; then nothing else is measured"
    )
    chosen = words.parse_args()
    if chosen.tickets:
        many.report(chosen.tickets)
        return
    report(list(_groups(chosen)))


if __name__ == "__main__":
    main()
