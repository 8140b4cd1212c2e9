"""The only place where earlier cases get the labels that a ticket has: those that a person gave, else a classifier's guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from classify.chain import Classifiers, classify, language_of
from classify.fields import Value
from models.history import LABELS, Column, JudgedCase, PastCase
from models.kinds import TicketType
from models.parts import Words
from models.profiles import Profile
from models.records import Verdict

SCOPE = "scope"
Known = Mapping[str, Value]
"""What people write for a value, folded, to the value."""


@dataclass(frozen=True, kw_only=True)
class LabelBook:
    """An organisation's labels by every word that may stand for them: the value, or what people read for it in any of its languages."""

    profile: Profile
    known: Mapping[Column, Known]

    @classmethod
    def of(cls, profile: Profile) -> LabelBook:
        levels = _book((level, int(level), profile.priorities.get(level, {})) for level in profile.priorities)
        bare = {word.removeprefix(f"{level} "): level for word, level in levels.items()}
        return cls(
            profile=profile,
            known={
                Column.TYPE: _book((kind, kind, profile.types.get(kind, {})) for kind in TicketType),
                Column.PRIORITY: bare | levels,
                Column.TEAM: _book((team, team, words) for team, words in profile.team_titles.items()),
                Column.SERVICE: _book((service, service, words) for service, words in profile.services.items()),
            },
        )

    @cached_property
    def asked(self) -> frozenset[Column]:
        """Labels that the organisation has at all."""
        return frozenset(label for label in LABELS if self.known[label])

    def lacks(self, labels: Mapping[Column, str]) -> bool:
        """Whether one must be guessed."""
        return not self.asked <= self.read(labels).keys()

    def read(self, labels: Mapping[Column, str]) -> dict[Column, Value]:
        """Those of the labels whose words are known."""
        return {label: found for label, words in labels.items() if (found := self.known[label].get(_folded(words))) is not None}


def judge(cases: Sequence[PastCase], book: LabelBook, classifiers: Classifiers) -> list[JudgedCase]:
    """Each case with every label, in order. What nobody labelled in full is judged, all of it at once."""
    told = [book.read(case.labels) for case in cases]
    lacking = [place for place, labels in enumerate(told) if not book.asked <= labels.keys()]
    verdicts = dict(zip(lacking, classify([cases[place].mail for place in lacking], classifiers), strict=True))
    return [_judged(case, labels, verdicts.get(place), book) for place, (case, labels) in enumerate(zip(cases, told, strict=True))]


def _judged(case: PastCase, told: Mapping[Column, Value], verdict: Verdict | None, book: LabelBook) -> JudgedCase:
    guesses = {label: guess for label, guess in _guesses(verdict).items() if label in book.asked} if verdict else {}
    values = {label: value for label, (value, _) in guesses.items()} | dict(told)
    guessed: dict[str, float | None] = {label: sure for label, (_, sure) in guesses.items() if label not in told}
    service = values.get(Column.SERVICE)
    return JudgedCase(
        case=case,
        type=TicketType(str(values[Column.TYPE])),
        priority=int(values[Column.PRIORITY] or 0),
        team=str(values[Column.TEAM]),
        service=None if service is None else str(service),
        scope=verdict.scope.value if verdict else book.profile.default_scope,
        language=language_of(case.mail, book.profile),
        guessed=guessed | {SCOPE: verdict.scope.confidence if verdict else None},
        unknown=tuple(label for label in case.labels if label not in told),
    )


def _guesses(verdict: Verdict) -> dict[Column, tuple[Value, float | None]]:
    """What a verdict says of each label, and how likely that is; nobody says how likely a service is."""
    return {
        Column.TYPE: (verdict.type.value, verdict.type.confidence),
        Column.PRIORITY: (verdict.priority.value, verdict.priority.confidence),
        Column.TEAM: (verdict.team.value, verdict.team.confidence),
        Column.SERVICE: (verdict.service, None),
    }


def _book(entries: Iterable[tuple[str, Value, Words]]) -> dict[str, Value]:
    """Of two values that people read alike the first stands; a value's own name goes before what people read."""
    entries = list(entries)
    titles = {_folded(word): value for _, value, words in reversed(entries) for word in reversed(words.values())}
    return titles | {_folded(name): value for name, value, _ in entries}


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()
