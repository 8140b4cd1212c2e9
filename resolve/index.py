"""The only place that finds earlier cases like a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.records import TicketId
from resolve.earlier import Earlier, Question, Similar
from resolve.lists import Growing, Numbering, Places, empty, highest, keep_freed_memory
from resolve.shelf import Shelf, Text
from resolve.vocabulary import Vocabulary
from resolve.weighing import Scores, Weighed, cosines, likely_words, weighed

CANDIDATES = 200
"""Cases looked at closely."""
MOST_LETTERS, MOST_CASES = 100_000, 100_000
"""Entries read in the lists of words by letters, and of cases by word."""
SUBJECT_WEIGHS, LONG_SUBJECT = 0.25, 6
"""The subjects' part of the likeness where both have so many words; less where they have fewer, for "printer" is like any printer."""
BOOST = 0.1
"""A case that is old, of another service and never helped counts a tenth less than it reads alike."""
SERVICE, RECENT, WORKED = 0.5, 0.25, 0.25
HALF_AS_RECENT = 365 * 24 * 3600
"""The parts of `BOOST` that the same service, a new case and a solution that always works take away; seconds after which a case is half as new."""
DECIMALS = 6
"""Scores are told so exactly: sums in another order end differently after that, and equal cases must stay equal."""
AT_ONCE = 1_000
"""Cases taken in together."""
NO_SERVICE = -1


class Index:
    """The earlier cases of one organisation.

    What is added or removed is seen by the next question. `pack` makes questions quick again after thousands of additions.
    """

    def __init__(self, saved: Mapping[str, NDArray[Any]] | None = None, services: Iterable[str] = ()) -> None:
        keep_freed_memory()
        self._vocabulary, self._shelf = Vocabulary(saved), Shelf(saved)
        self._stand_on({name: (saved or _nothing())[name] for name in _nothing()})
        self._services = {name: place for place, name in enumerate(services)}

    def _stand_on(self, facts: Mapping[str, NDArray[Any]]) -> None:
        self._facts = {name: Growing(column) for name, column in facts.items()}
        self._cases = len(facts["tickets"])
        self._alive = Growing(np.ones(self._cases, np.bool_))
        self._slots = Numbering(facts["tickets"])

    def __len__(self) -> int:
        return self._cases

    def __contains__(self, ticket: TicketId) -> bool:
        slot = int(self._slots.find([ticket])[0])
        return slot >= 0 and bool(self._alive.array[slot])

    @property
    def services(self) -> tuple[str, ...]:
        return tuple(self._services)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that is packed, as `Index` takes it."""
        facts = {name: column.array for name, column in self._facts.items()}
        return facts | self._vocabulary.arrays() | self._shelf.arrays()

    def add(self, cases: Iterable[Earlier]) -> None:
        """Take cases in, each in place of what stood here under its number. Many at once cost far less than one by one."""
        coming = iter(cases)
        while some := {case.ticket: case for case in islice(coming, AT_ONCE)}:
            self.remove(some)
            self._add(list(some.values()))

    def remove(self, tickets: Iterable[TicketId]) -> None:
        """Forget cases; one that is not here is no error."""
        slots = np.unique(self._slots.find(tickets))
        slots = slots[slots >= 0]
        slots = slots[self._alive.array[slots]]
        self._alive.array[slots] = False
        self._cases -= len(slots)
        texts = [self._shelf.take(slots, text) for text in Text]
        self._vocabulary.count(np.concatenate([one.texts for one in texts]), np.concatenate([one.words for one in texts]), -1)

    def _add(self, cases: Sequence[Earlier]) -> None:
        texts = self._vocabulary.learn([text for case in cases for text in (case.text.partition("\n")[0], case.text, case.solution)])
        self._shelf.add(texts)
        self._vocabulary.count(texts.texts // len(Text), texts.words, 1)
        for slot, case in enumerate(cases, len(self._alive)):
            self._slots.add(case.ticket, slot)
        self._facts["tickets"].extend(np.array([case.ticket for case in cases]))
        self._facts["opened"].extend(np.array([_seconds(case.opened_at) for case in cases]))
        self._facts["service"].extend(np.array([self._number(case.service) for case in cases]))
        self._facts["worked"].extend(np.array([case.worked for case in cases]))
        self._alive.extend(np.ones(len(cases), np.bool_))
        self._cases += len(cases)

    def pack(self) -> None:
        """Forget what was removed, and make questions as quick for the new cases as for the old."""
        alive = self._alive.array
        self._vocabulary.pack()
        self._stand_on({name: column.array[alive] for name, column in self._facts.items()})
        self._shelf.pack(alive, len(self._vocabulary))

    def find(self, question: Question) -> tuple[Similar, ...]:
        """The cases most like the question, best first."""
        asked = weighed(question.text, self._vocabulary, self._cases)
        slots = self._candidates(asked, question)
        scores = np.round(self._likeness(asked, slots, question) * self._standing(slots, question), DECIMALS)
        tickets = self._facts["tickets"].array[slots]
        best = [place for place in np.lexsort((tickets, -scores)).tolist() if scores[place] > 0][: question.top]
        return tuple(Similar(ticket=TicketId(int(tickets[place])), score=float(scores[place])) for place in best)

    def _candidates(self, asked: Weighed, question: Question) -> Places:
        """The slots of the cases that are worth a close look, in ascending order."""
        weights, words = likely_words(asked, self._vocabulary, self._cases, MOST_LETTERS)
        rough = self._shelf.sums(weights, words, MOST_CASES)
        rough *= self._alive.array
        if question.earlier_only:
            rough *= self._facts["opened"].array < _seconds(question.at)
        if question.apart is not None and question.apart in self:
            rough[self._slots.find([question.apart])] = 0
        return highest(rough, CANDIDATES)

    def _likeness(self, asked: Weighed, slots: Places, question: Question) -> Scores:
        """How alike the texts read: the better of what the reporter wrote and of the solution."""
        whole, solution = (
            cosines(asked, self._shelf.take(slots, text), self._vocabulary, self._cases) for text in (Text.WHOLE, Text.SOLUTION)
        )
        asked_subject = weighed(question.text.partition("\n")[0], self._vocabulary, self._cases)
        subjects = self._shelf.take(slots, Text.SUBJECT)
        part = SUBJECT_WEIGHS * np.minimum(1, np.minimum(subjects.lengths, asked_subject.size) / LONG_SUBJECT)
        mixed = (1 - part) * whole + part * cosines(asked_subject, subjects, self._vocabulary, self._cases)
        return np.asarray(np.maximum(mixed, solution))

    def _standing(self, slots: Places, question: Question) -> Scores:
        """What a case counts for besides its text, 1 - `BOOST` to 1."""
        ages = np.maximum(0, _seconds(question.at) - self._facts["opened"].array[slots])
        same = self._facts["service"].array[slots] == self._services.get(question.service or "", len(self._services))
        for_it = SERVICE * same + RECENT * 0.5 ** (ages / HALF_AS_RECENT) + WORKED * self._facts["worked"].array[slots]
        return np.asarray(1 - BOOST + BOOST * for_it)

    def _number(self, service: str | None) -> int:
        return self._services.setdefault(service, len(self._services)) if service else NO_SERVICE


def _seconds(at: datetime) -> float:
    return at.timestamp()


def _nothing() -> dict[str, NDArray[Any]]:
    return {"tickets": empty(np.int64), "opened": empty(np.float64), "service": empty(np.int32), "worked": empty(np.float32)}
