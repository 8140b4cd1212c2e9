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
    """How two models did on the frozen mails that both were asked: shares right by field."""

    mails: int
    champion: Mapping[str, float]
    challenger: Mapping[str, float]

    @property
    def wins(self) -> bool:
        """Whether the challenger is not worse."""
        return self.mails < FEWEST or self.within_chance

    @property
    def within_chance(self) -> bool:
        """Whether it loses no more than chance may take, however few mails there are."""
        if not self.champion:
            return True
        losses = [self.champion[field] - self.challenger[field] for field in self.champion]
        return sum(losses) / len(losses) <= TOLERANCE and max(losses) <= MOST_IN_ONE_FIELD

    def __str__(self) -> str:
        if self.mails < FEWEST:
            return f"{self.mails} frozen mails in common: too few to compare"
        return self.told_of("frozen mails")

    def told_of(self, what: str) -> str:
        """Each field's share right, of so many of them."""
        fields = ", ".join(f"{field} {self.challenger[field]:.3f} (was {self.champion[field]:.3f})" for field in self.champion)
        return f"on {self.mails} {what} {fields}".rstrip()


def frozen_key(message_id: str) -> str | None:
    """By what a frozen mail is known, None for a mail that is not frozen."""
    digest = hashlib.sha256(message_id.encode()).hexdigest()
    return digest[:16] if int(digest, 16) % FROZEN_SHARE == 0 else None


def contest(champion: Answers, challenger: Answers) -> Contest:
    """The two models' answers on the same mails and fields."""
    common = sorted(champion.keys() & challenger.keys())
    fields = [field for field in JUDGED if common and all(field in answers[key] for answers in (champion, challenger) for key in common)]
    shares = [{field: sum(answers[key][field] for key in common) / len(common) for field in fields} for answers in (champion, challenger)]
    return Contest(mails=len(common) if fields else 0, champion=shares[0], challenger=shares[1])


def answers_of(proof: Proof, message_ids: Sequence[str | None]) -> dict[str, dict[str, bool]]:
    """The frozen ones among the held-out answers; a mail without an id is none of them."""
    keys = {mail: frozen_key(id) for mail in proof.right if (id := message_ids[mail])}
    return {key: {field: right for field, right in proof.right[mail].items() if field in JUDGED} for mail, key in keys.items() if key}


def read_answers(card: Mapping[str, object]) -> dict[str, dict[str, bool]]:
    """A card's frozen answers; none where the card tells none."""
    found = card.get("frozen")
    return {str(key): dict(fields) for key, fields in found.items()} if isinstance(found, dict) else {}
