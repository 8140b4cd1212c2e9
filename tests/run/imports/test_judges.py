"""An import so large that several processes judge it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pytest

from models.errors import SaksgangError
from run.commands.importing import BATCH
from tests.support.imports import Take, put, row, tickets

ASKED = ("Skriveren er tom for toner.", "Kan dere bestille en ny skjerm?", "DIPS står stille for alle på akuttmottaket!")
MANY = 3 * BATCH + 7


def unlabelled(count: int, first: int = 0) -> Iterator[dict[str, str]]:
    for number in range(first, first + count):
        yield row(str(number), body=ASKED[number % len(ASKED)], type="", priority="", team="")


def told(url: str) -> list[tuple[Any, ...]]:
    return [(one.source_id, one.type, one.priority, one.team, one.confidence, one.reasons) for one in tickets(url)]


def test_what_several_processes_judge_is_what_one_does_in_the_files_order(take: Take, database_url: str, tmp_path: Path) -> None:
    result = take(unlabelled(MANY))
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, f"{MANY} read, {MANY} kept, 0 already there, 0 refused")
    by_many = told(database_url)
    assert [int(one[0]) for one in by_many] == list(range(MANY))

    alone = f"sqlite:///{tmp_path / 'alone.db'}"
    with pytest.MonkeyPatch.context() as here:
        here.setattr("run.commands.judges.FEW", MANY)
        assert take(tmp_path / "rows.csv", database=alone).exit_code == 0
    assert told(alone) == by_many


def test_an_id_that_comes_again_while_it_is_judged_is_kept_once(take: Take, database_url: str) -> None:
    result = take([*unlabelled(MANY), *unlabelled(MANY)])
    assert result.stdout.splitlines()[0] == f"{2 * MANY} read, {MANY} kept, {MANY} already there, 0 refused"
    assert result.stdout.splitlines()[1] == f"guessed: type {MANY}, priority {MANY}, team {MANY}"
    assert len(tickets(database_url)) == MANY


def test_a_killed_process_is_one_clear_error_and_the_next_import_ends_it(take: Take, database_url: str, tmp_path: Path) -> None:
    file, own = put(tmp_path / "rows.csv", unlabelled(MANY)), {child.pid for child in psutil.Process().children(recursive=True)}
    killed: list[int] = []
    killer = Thread(target=_kill_one, args=(own, killed))
    killer.start()
    result = take(file)
    killer.join()
    assert killed
    assert isinstance(result.exception, SaksgangError)
    assert "import the file again" in str(result.exception)

    again = take(file)
    assert again.exit_code == 0
    assert len(tickets(database_url)) == MANY


def _kill_one(own: set[int], killed: list[int]) -> None:
    """The first process that judges."""
    while not killed:
        for child in psutil.Process(os.getpid()).children():
            with suppress(psutil.NoSuchProcess):
                if child.pid not in own and any("spawn_main" in word for word in child.cmdline()):
                    child.kill()
                    killed.append(child.pid)
                    return
