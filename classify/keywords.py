"""The only place that classifies by counting an organisation's keywords: the fallback that needs no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classify.cues import CueFinder
from classify.fields import FieldGuess, Value
from models.kinds import TicketType
from models.profiles import Profile
from models.records import Mail

SUREST = 0.5
"""What counting words may claim at its surest: a lead looks at it in every shipped profile."""
BY_DEFAULT, LEAST_SURE = 0.4, 0.1
LIKELIER = 100


class KeywordClassifier:
    """Type, team, scope and service by the value whose words stand most often in subject and body."""

    def __init__(self, profile: Profile) -> None:
        keywords = profile.keywords
        self._profile = profile
        tables: dict[str, Mapping[str, list[str]]] = {
            "type": {kind.value: words for kind, words in keywords.type.items()},
            "team": keywords.team,
            "scope": keywords.scope,
            "service": keywords.service,
        }
        self._tables = {field: list(table) for field, table in tables.items()}
        self._finders = {field: CueFinder(table) for field, table in tables.items()}
        self._otherwise = {"type": "forespørsel", "team": profile.doubt_team, "scope": profile.default_scope, "service": None}
        self.values: dict[str, tuple[Value, ...]] = {
            "type": tuple(kind.value for kind in TicketType),
            "team": tuple(profile.teams),
            "scope": tuple(profile.scopes),
            "service": tuple(profile.services),
            "priority": profile.levels,
        }

    def guess(self, mails: Sequence[Mail]) -> list[dict[str, FieldGuess]]:
        return [self._one(mail) for mail in mails]

    def _one(self, mail: Mail) -> dict[str, FieldGuess]:
        text = f"{mail.safe_subject}\n{mail.safe_subject}\n{mail.safe_reply}"
        guesses = {
            field: _most(finder.find(text), self._tables[field], self._otherwise[field], self.values[field])
            for field, finder in self._finders.items()
        }
        level = self._profile.default_priority[TicketType(str(guesses["type"].value))]
        guesses["priority"] = FieldGuess(
            value=level, confidence=BY_DEFAULT, words={}, probabilities=_spread(level, self.values["priority"])
        )
        return guesses


def _most(found: Mapping[str, Sequence[str]], values: Sequence[str], otherwise: str | None, known: Sequence[Value]) -> FieldGuess:
    """The value with most hits, the first of the table on a tie."""
    if not found:
        return FieldGuess(value=otherwise, confidence=LEAST_SURE, words={}, probabilities=_spread(otherwise, known))
    best = max(values, key=lambda value: len(found.get(value, ())))
    share = len(found[best]) / (sum(map(len, found.values())) + 1)
    words: dict[Value, tuple[str, ...]] = {best: tuple(dict.fromkeys(found[best]))}
    return FieldGuess(value=best, confidence=SUREST * share, words=words, probabilities=_spread(best, known))


def _spread(best: Value, known: Sequence[Value]) -> dict[Value, float]:
    """Counted words know no probabilities: the value they name stands, unless policy forbids it beside the others."""
    weights = {value: 1 + LIKELIER * (value == best) for value in known}
    return {value: weight / sum(weights.values()) for value, weight in weights.items()}
