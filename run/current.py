"""The only place that keeps what judges mails now, and takes another model into use while the program runs."""

from __future__ import annotations

import threading
from pathlib import Path

import structlog

from classify.artefact import CARD_FILE, load_model
from classify.chain import Classifiers
from classify.model import TrainedModel
from models.errors import ModelError
from models.profiles import Profile

log = structlog.get_logger()
Stamp = tuple[int, int] | None
"""By which another card is told from the one that was read: its file, and when it was written."""


class CurrentModel:
    """What judges the mails of one organisation: `model` until another is put in its folder. Threads may share it."""

    def __init__(self, profile: Profile, model: TrainedModel | None, trained: Path) -> None:
        self._profile = profile
        self.place = trained / profile.name
        self._stamp = self._found()
        self._classifiers = Classifiers.of(profile, model)
        self._lock = threading.Lock()

    def classifiers(self) -> Classifiers:
        """With the newest model; the one before where the new one cannot be read."""
        with self._lock:
            stamp = self._found()
            if stamp != self._stamp and stamp is not None:
                self._take(stamp)
            return self._classifiers

    def _take(self, stamp: Stamp) -> None:
        try:
            model = load_model(self.place, self._profile)
        except ModelError as error:  # half of the pair may be there yet: it is looked at again with the next mails
            log.warning("model not taken", error=str(error))
            return
        self._classifiers, self._stamp = Classifiers.of(self._profile, model), stamp
        log.info("model taken", profile=self._profile.name)

    def _found(self) -> Stamp:
        try:
            status = (self.place / CARD_FILE).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns
