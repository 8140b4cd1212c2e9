"""The only place where earlier cases are judged by several processes at once: one keeps one processor busy, a large import should keep all."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

from classify.chain import Classifiers
from classify.earlier import LabelBook, judge
from models.errors import SaksgangError
from models.history import JudgedCase, PastCase
from models.profiles import load_profile
from run.wire import find_model

Batch = Sequence[PastCase]
FEW = 2
"""Batches that are not worth the start of other processes."""
AHEAD = 2
"""Batches for each process that wait for it, or for their turn to be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """What labels the cases of one import. `named` is the profile as the command was told it, a name or a folder: each process reads it."""

    named: str
    trained: Path
    book: LabelBook
    classifiers: Classifiers

    def judged(self, batches: Iterable[Batch]) -> Iterator[list[JudgedCase]]:
        """Each batch with its labels, in order: here where they are few or the first have every label, else by a process a processor."""
        waiting = iter(batches)
        first = list(islice(waiting, FEW))
        every = chain(first, waiting)
        if len(first) == FEW and any(self.book.lacks(case.labels) for batch in first for case in batch):
            return self._by_many(every)
        return (judge(batch, self.book, self.classifiers) for batch in every)

    def _by_many(self, batches: Iterable[Batch]) -> Iterator[list[JudgedCase]]:
        count = os.cpu_count() or 1
        turns = deque[Future[list[JudgedCase]]]()
        ignoring_interrupts = (signal.SIGINT, signal.SIG_IGN)  # who stops the import stops it here
        with ProcessPoolExecutor(count, get_context("spawn"), signal.signal, ignoring_interrupts) as pool:
            try:
                for batch in batches:
                    turns.append(pool.submit(_judge, self.named, self.trained, batch))
                    if len(turns) > count * AHEAD:
                        yield turns.popleft().result()
                while turns:
                    yield turns.popleft().result()
            except BrokenProcessPool as error:
                raise SaksgangError("a process that judges cases was killed; what was kept stays kept: import the file again") from error
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def _judge(named: str, trained: Path, batch: Batch) -> list[JudgedCase]:
    """In a process of its own."""
    return judge(batch, *_bench(named, trained))


@cache
def _bench(named: str, trained: Path) -> tuple[LabelBook, Classifiers]:
    profile = load_profile(named)
    return LabelBook.of(profile), Classifiers.of(profile, find_model(profile, trained, lambda _: None))
