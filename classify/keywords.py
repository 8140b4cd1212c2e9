"""The only place that classifies by counting an organisation's keywords: the fallback that needs no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classify.cues import CueFinder
from classify.fields import FieldGuess
from models.profiles import Profile
from models.records import Mail, Method, TicketType

SUREST = 0.5
"""What counting words may claim at its surest: a lead looks at it in every shipped profile."""


class KeywordClassifier:
    """Type, team, scope and service by the value whose words stand most often in subject and body."""

    method = Method.KEYWORDS

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

    def guess(self, mails: Sequence[Mail]) -> list[dict[str, FieldGuess]]:
        return [self._one(mail) for mail in mails]

    def _one(self, mail: Mail) -> dict[str, FieldGuess]:
        text = f"{mail.safe_subject}\n{mail.safe_subject}\n{mail.safe_reply}"
        guesses = {field: _most(finder.find(text), self._tables[field], self._otherwise[field]) for field, finder in self._finders.items()}
        kind = str(guesses["type"].value)
        guesses["priority"] = FieldGuess(value=self._profile.default_priority[TicketType(kind)], confidence=0.4, words=(), probabilities={})
        return guesses


def _most(found: Mapping[str, Sequence[str]], values: Sequence[str], otherwise: str | None) -> FieldGuess:
    """The value with most hits, the first of the table on a tie."""
    if not found:
        return FieldGuess(value=otherwise, confidence=0.1, words=(), probabilities={})
    best = max(values, key=lambda value: len(found.get(value, ())))
    share = len(found[best]) / (sum(map(len, found.values())) + 1)
    return FieldGuess(value=best, confidence=SUREST * share, words=tuple(dict.fromkeys(found[best])), probabilities={})
