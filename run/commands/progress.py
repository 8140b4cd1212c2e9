"""The only place for how far long work is: bars on stderr, on a terminal only, and the row of a training."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from classify.fields import Progress as Report
from models.errors import StoreError
from models.store import Store
from models.training import TrainingId

T = TypeVar("T")


def tracked(things: Iterable[T], what: str) -> Iterator[T]:
    """The same things, counted on the terminal as they pass."""
    if not sys.stderr.isatty():
        yield from things
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        for thing in things:
            yield thing
            bar.advance(task)


def told_to(store: Store, training: TrainingId, bar: Report) -> Report:
    """The same report, written on the training's row too; where that fails the training goes on."""

    def told(what: str, share: float) -> None:
        bar(what, share)
        with suppress(StoreError):
            store.training.tell(training, what, share, datetime.now(UTC))

    return told


@contextmanager
def share_bar(what: str) -> Iterator[Report]:
    """A bar for work that reports what it does and which share (0..1) is done."""
    if not sys.stderr.isatty():
        yield lambda _what, _share: None
        return
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda step, share: bar.update(task, description=f"{what}: {step}", completed=share)
