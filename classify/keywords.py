"""The only place that classifies by counting an organisation's keywords: the fallback that needs no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classify.cues import CueFinder
from classify.fields import FieldGuess
from models.profiles import Profile
from models.records import Mail, Method

SUREST = 0.5
"""What counting words may claim at its surest: a lead looks at it in every shipped profile."""


class KeywordClassifier:
    """Type, team, scope and service by the value whose words stand most often in subject and body."""

    method = Method.KEYWORDS

    def __init__(self, profile: Profile) -> None:
        keywords = profile.keywords
        self._profile = profile
        self._finders = {
            field: CueFinder(table)
            for field, table in (("type", keywords.type), ("team", keywords.team), ("scope", keywords.scope), ("service", keywords.service))
        }
        self._otherwise = {"type": "forespørsel", "team": profile.doubt_team, "scope": profile.default_scope, "service": None}

    def guess(self, mails: Sequence[Mail]) -> list[dict[str, FieldGuess]]:
        return [self._one(mail) for mail in mails]

    def _one(self, mail: Mail) -> dict[str, FieldGuess]:
        text = f"{mail.subject}\n{mail.subject}\n{mail.visible_reply}"
        guesses = {field: _most(finder.find(text), self._otherwise[field]) for field, finder in self._finders.items()}
        kind = str(guesses["type"].value)
        guesses["priority"] = FieldGuess(value=self._profile.default_priority[kind], confidence=0.4, words=(), probabilities={})
        return guesses


def _most(found: Mapping[str, Sequence[str]], otherwise: str | None) -> FieldGuess:
    if not found:
        return FieldGuess(value=otherwise, confidence=0.1, words=(), probabilities={})
    best = max(found, key=lambda value: len(found[value]))
    share = len(found[best]) / (sum(map(len, found.values())) + 1)
    return FieldGuess(value=best, confidence=SUREST * share, words=tuple(dict.fromkeys(found[best])), probabilities={})
