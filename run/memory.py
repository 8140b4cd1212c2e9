"""The only place that keeps the index of earlier cases: read from its folder, brought up to date from the store, written back."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog

from models.errors import IndexRefusedError
from models.profiles import Profile
from models.records import Mail, Verdict
from models.solutions import Remembered, SolutionState, Suggestion
from models.store import Store
from resolve.earlier import Earlier, Question, Similar
from resolve.index import Index
from resolve.saved import load_index, save_index
from resolve.suggestion import suggest

TAKEN_TOGETHER = 5_000
SAVED_AFTER = 5_000
"""Changes after which the folder is written anew: a start reads what is there and takes in the rest."""
LOOKED_AT = 30
"""Cases like a new one among which a solution is looked for."""
CONFIRMED = frozenset({SolutionState.CONFIRMED})

log = structlog.get_logger()


class Memory:
    """Earlier cases of one organisation, as `home/index/<profile>` and the store have them. Threads wait for each other."""

    def __init__(self, store: Store, profile: Profile, home: Path, *, saved_after: int = SAVED_AFTER) -> None:
        self._store = store
        self._profile = profile
        self._folder = home / "index" / profile.name
        self._saved_after = saved_after
        self._index: Index | None = None
        self._seen = self._unsaved = 0
        self._confirmed = False
        self._turn = threading.RLock()

    def catch_up(self) -> int:
        """Take in some of what became history since, so that a new mail need not wait for a million old ones; how many cases that were."""
        with self._turn:
            return self._take_in(self._opened())

    def _take_in(self, index: Index) -> int:
        changed = self._store.memory.changed(self._profile.name, self._seen, TAKEN_TOGETHER)
        cases = {case.ticket: case for _, case in changed}
        index.add(_as_earlier(case) for case in cases.values() if case.is_history)
        index.remove(case.ticket for case in cases.values() if not case.is_history)
        self._seen = changed[-1][0] if changed else self._seen
        self._confirmed = self._store.solutions.any_confirmed(self._profile.name)
        self._unsaved += len(cases)
        if len(changed) < TAKEN_TOGETHER and self._unsaved >= self._saved_after:
            self._save(index)
        return len(cases)

    def similar(self, question: Question) -> tuple[Similar, ...]:
        with self._turn:
            return self._opened().find(question)

    def suggestions(self, mail: Mail, verdict: Verdict, now: datetime) -> tuple[Suggestion, ...]:
        """Confirmed solutions for a new case, as of the last `catch_up`."""
        rules = self._profile.earlier
        if not (rules.shown and self._confirmed):
            return ()
        found = self.similar(Question(text=mail.safe_text, at=now, service=verdict.service, top=LOOKED_AT))
        solved_by = self._store.solutions.of_tickets([one.ticket for one in found], CONFIRMED)
        solutions = {solution.id: solution for solution in self._store.solutions.find_all(self._profile.name, solved_by.values())}
        return suggest(found, {ticket: solutions[id] for ticket, id in solved_by.items()}, now, least=rules.least, most=rules.shown)

    def _opened(self) -> Index:
        if self._index is None:
            try:
                self._index, self._seen = self._loaded()
            except IndexRefusedError as error:
                log.info("index made anew", error=str(error))
                self._index, self._seen = Index(), 0
        return self._index

    def _loaded(self) -> tuple[Index, int]:
        """The index as it was saved, and the last event that it has seen. `IndexRefusedError` also where it is of another database, or of a later day."""
        saved = load_index(self._folder)
        if not saved.mark.isdecimal() or int(saved.mark) > self._store.memory.last_event():
            raise IndexRefusedError(f"{self._folder}: the saved index has seen what this database has not")
        return saved.index, int(saved.mark)

    def _save(self, index: Index) -> None:
        """Where another process writes it just now, ours is written next time; where the disk does not take it, after as many changes again."""
        try:
            with _alone(self._folder) as alone:
                if alone:
                    save_index(self._folder, index, str(self._seen))
                    self._unsaved = 0
        except OSError as error:
            log.warning("index not saved", error=str(error))
            self._unsaved = 0


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether no other process writes the folder meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _as_earlier(case: Remembered) -> Earlier:
    return Earlier(
        ticket=case.ticket, opened_at=case.opened_at, text=case.text, solution=case.solution, service=case.service, worked=case.worth
    )
