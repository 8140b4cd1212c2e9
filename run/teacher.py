"""The only place that begins trainings while the program runs: those that are asked for, and the nightly ones, in a process of low priority."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from classify.artefact import find_card
from classify.versions import learned_until
from models.profiles import Profile
from models.store import Store
from models.training import TrainingId, TrainingState
from run.settings import ROOT, Environment

NIGHTLY = "nightly"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A training leaves the other processors to the mails."""
STOPS_WITHIN = 10.0

log = structlog.get_logger()


class Teacher:
    """Begins one training at a time for one organisation. Only the thread that watches the clock calls it."""

    def __init__(self, profile: Profile, store: Store, environment: Environment) -> None:
        self._profile = profile
        self._trainings = store.training
        self._environment = environment
        self._at_work: tuple[TrainingId, subprocess.Popen[bytes]] | None = None
        self._asked_on: date | None = None

    def look(self, now: datetime) -> None:
        """Begin what is asked for or due; note what has died. Never waits."""
        if not self._is_free(now):
            return
        if self._is_due(now):
            self._trainings.ask(self._profile.name, NIGHTLY, now)
        id = self._trainings.claim(self._profile.name, now)
        if id is not None:
            self._begin(id, now)

    def stop(self, now: datetime) -> None:
        """A training that is under way ends with the program; the next one begins anew."""
        if self._at_work is None:
            return
        id, process = self._at_work
        process.terminate()
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._trainings.end(id, TrainingState.FAILED, now, why="the program was stopped")
        self._at_work = None

    def _is_free(self, now: datetime) -> bool:
        if self._at_work is None:
            return True
        id, process = self._at_work
        status = process.poll()
        if status is None:
            return False
        if status != 0:
            self._trainings.end(id, TrainingState.FAILED, now, why=f"it ended with status {status}")
        self._at_work = None
        return True

    def _is_due(self, now: datetime) -> bool:
        """Once a day from the hour on, where enough was confirmed since the model in use was made."""
        rules, here = self._profile.learning, now.astimezone(ZoneInfo(self._profile.timezone))
        if not rules.nightly or here.hour < rules.hour or self._asked_on == here.date():
            return False
        self._asked_on = here.date()
        if self._trainings.asked_since(self._profile.name, now - timedelta(hours=here.hour - rules.hour, minutes=here.minute + 1)):
            return False  # before a restart, or by another machine
        place = self._environment.trained / self._profile.name
        return self._trainings.confirmed_after(self._profile.name, learned_until(find_card(place))) >= rules.fewest

    def _begin(self, id: TrainingId, now: datetime) -> None:
        command = [sys.executable, "-m", "run", "train", "--profile", str(self._profile.folder), "--confirmed", "--training", str(id)]
        try:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self._surroundings(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            log.error("training not begun", error=error.strerror)
            self._trainings.end(id, TrainingState.FAILED, now, why=f"it could not begin: {error.strerror}")
            return
        self._at_work = (id, process)
        log.info("training begun", profile=self._profile.name)

    def _surroundings(self) -> dict[str, str]:
        """Our own environment, and what this desk has otherwise."""
        own = {
            "SAKSGANG_HOME": str(self._environment.home),
            "SAKSGANG_TRAINED": str(self._environment.trained),
            "SAKSGANG_DATABASE": self._environment.database_url(),
        }
        return {**os.environ, **ONE_THREAD, **own}
