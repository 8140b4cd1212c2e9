"""What the index of earlier cases costs with very many of them: made-up tickets out of sentences of the shipped corpora."""

from __future__ import annotations

import json
import random
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import psutil

from bench.pools import BEGIN, DATA
from models.records import Redacted, TicketId
from resolve.earlier import Earlier, Question
from resolve.index import Index
from resolve.saved import load_index, save_index

QUESTIONS, ADDED = 500, 500
SENTENCES = (1, 4)
SOLVED = 0.5
"""So many tickets have a solution of one sentence."""
SERVICES = 20
SYLLABLES = [first + second for first in "bdfghklmnprstv" for second in "aeiouyåø"]
MINUTE = timedelta(minutes=1)


class Desk:
    """Tickets as many as are asked for, the same in every run: a subject and sentences of the corpora, an invented name and a number in each."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        rows = [json.loads(line) for file in sorted((DATA / "corpus").glob("*/*.jsonl")) for line in file.open(encoding="utf-8")]
        self._subjects = [row["subject"] for row in rows if row["subject"]]
        parts = [part for row in rows for part in re.split(r"(?<=[.!?])\s+", row["body"])]
        self._sentences = [part for part in parts if 3 < len(part.split()) < 25]

    def tickets(self, numbers: range) -> Iterator[Earlier]:
        for number in numbers:
            yield Earlier(
                ticket=TicketId(number),
                opened_at=BEGIN + number * MINUTE,
                text=Redacted(f"{self._chance.choice(self._subjects)}\n{self._body()}"),
                solution=Redacted(self._chance.choice(self._sentences) if self._chance.random() < SOLVED else ""),
                service=f"service {self._chance.randrange(SERVICES)}",
                worked=self._chance.random(),
            )

    def _body(self) -> str:
        sentences = self._chance.sample(self._sentences, self._chance.randint(*SENTENCES))
        name = "".join(self._chance.choices(SYLLABLES, k=self._chance.randint(2, 4)))
        return " ".join([*sentences, name, str(self._chance.randrange(100_000))])


def report(number: int) -> None:
    """Build, save, load in a new process, ask and add; times of the wall, CPU in brackets."""
    with tempfile.TemporaryDirectory() as folder:
        for work in (_build, _use):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
                for name, value in apart.submit(work, Path(folder), number).result():
                    print(f"| {name} | {value} |", flush=True)


def _build(folder: Path, number: int) -> list[tuple[str, str]]:
    tickets = list(Desk(1).tickets(range(min(number, 20_000))))
    words = sum(len(ticket.text.split()) for ticket in tickets) / len(tickets)
    making = _Watch()
    for _ in Desk(1).tickets(range(number)):
        pass
    made, index, taken = making.seconds(), Index(), _Watch()
    index.add(Desk(1).tickets(range(number)))
    added = taken.seconds()
    saving = _Watch()
    save_index(folder, index, "")
    size = sum(file.stat().st_size for file in folder.rglob("*.npy"))
    return [
        ("tickets", f"{number:,} of {words:.0f} words"),
        ("taken in, the making of the texts among it", added),
        ("the making of the texts alone", made),
        ("packed and saved", saving.seconds()),
        ("memory at most while building", _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)),
        ("on disk", _megabytes(size)),
    ]


def _use(folder: Path, number: int) -> list[tuple[str, str]]:
    loading = _Watch()
    index = load_index(folder).index
    loaded = loading.seconds()
    desk, now = Desk(2), BEGIN + number * MINUTE
    asked = [Question(text=one.text, at=now, service=one.service) for one in desk.tickets(range(QUESTIONS))]
    before = [Question(text=one.text, at=now, earlier_only=True) for one in desk.tickets(range(QUESTIONS))]
    more = list(desk.tickets(range(number, number + ADDED)))
    return [
        ("loaded", loaded),
        ("a question", _times([partial(index.find, one) for one in asked])),
        ("a question, earlier cases only", _times([partial(index.find, one) for one in before])),
        ("one ticket added", _times([partial(index.add, [one]) for one in more])),
        ("a question after these", _times([partial(index.find, one) for one in asked])),
        ("one ticket removed", _times([partial(index.remove, [one.ticket]) for one in more])),
        ("memory in use", _megabytes(psutil.Process().memory_info().rss)),
    ]


class _Watch:
    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def seconds(self) -> str:
        return f"{time.perf_counter() - self._wall:.1f} s ({time.process_time() - self._cpu:.1f})"


def _times(works: Sequence[Callable[[], object]]) -> str:
    """Median and 95th of 100 in milliseconds."""
    walls, cpus = [], []
    for work in works:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    return f"p50 {_at(walls, 0.5):.1f} ({_at(cpus, 0.5):.1f}), p95 {_at(walls, 0.95):.1f} ({_at(cpus, 0.95):.1f}) ms"


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * len(values))]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
