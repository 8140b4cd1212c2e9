"""The only place that decides whether a new model takes the place of the old one: not where it does worse on the frozen mails."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classify.scores import Proof

FROZEN_SHARE = 4
"""One mail in so many is frozen: chosen by its Message-ID, so that it is the same one whatever else is learned."""
JUDGED = ("type", "priority", "team")
FEWEST = 50
"""Fewer mails that both were asked prove nothing: the new one takes the place."""
TOLERANCE = 0.01
"""A loss of so many right answers in the mean of the three fields is chance; a larger one is worse."""
MOST_IN_ONE_FIELD = 0.03

Answers = Mapping[str, Mapping[str, bool]]
"""Of each frozen mail which judged fields were right. Each answer is one of a model that had not seen the mail's writer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """How two models did on the frozen mails that both were asked: shares right by field, each on the mails where both told it.

    `counts` is how many these are by field, `mails` the most of them.
    """

    mails: int
    counts: Mapping[str, int]
    champion: Mapping[str, float]
    challenger: Mapping[str, float]

    @property
    def wins(self) -> bool:
        """Whether the challenger is not worse."""
        return self.within_chance(FEWEST)

    def within_chance(self, fewest: int) -> bool:
        """Whether it loses no more than chance may take; a field with fewer mails proves nothing."""
        losses = [self.champion[field] - self.challenger[field] for field, count in self.counts.items() if count >= fewest]
        return not losses or (sum(losses) / len(losses) <= TOLERANCE and max(losses) <= MOST_IN_ONE_FIELD)

    def __str__(self) -> str:
        if self.mails < FEWEST:
            return f"{self.mails} frozen mails in common: too few to compare"
        return self.told_of("frozen mails")

    def told_of(self, what: str) -> str:
        """Each field's share right, of so many of them."""
        return f"on {self.mails} {what} {', '.join(map(self._told, self.counts))}".rstrip()

    def _told(self, field: str) -> str:
        fewer = "" if self.counts[field] == self.mails else f", on {self.counts[field]}"
        return f"{field} {self.challenger[field]:.3f} (was {self.champion[field]:.3f}{fewer})"


def frozen_key(message_id: str) -> str | None:
    """By what a frozen mail is known, None for a mail that is not frozen."""
    digest = hashlib.sha256(message_id.encode()).hexdigest()
    return digest[:16] if int(digest, 16) % FROZEN_SHARE == 0 else None


def contest(champion: Answers, challenger: Answers) -> Contest:
    """The two models' answers, each field on the mails where both have it."""
    common = champion.keys() & challenger.keys()
    asked = {field: [key for key in common if field in champion[key] and field in challenger[key]] for field in JUDGED}
    counts = {field: len(keys) for field, keys in asked.items() if keys}
    shares = [
        {field: sum(answers[key][field] for key in asked[field]) / counts[field] for field in counts} for answers in (champion, challenger)
    ]
    return Contest(mails=max(counts.values(), default=0), counts=counts, champion=shares[0], challenger=shares[1])


def answers_of(proof: Proof, message_ids: Sequence[str | None]) -> dict[str, dict[str, bool]]:
    """The frozen ones among the held-out answers; a mail without an id is none of them."""
    keys = {mail: frozen_key(id) for mail in proof.right if (id := message_ids[mail])}
    return {key: {field: right for field, right in proof.right[mail].items() if field in JUDGED} for mail, key in keys.items() if key}


def read_answers(card: Mapping[str, object]) -> dict[str, dict[str, bool]]:
    """A card's frozen answers; none where the card tells none."""
    found = card.get("frozen")
    return {str(key): dict(fields) for key, fields in found.items()} if isinstance(found, dict) else {}
