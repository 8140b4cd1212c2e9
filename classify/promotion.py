"""The only place that decides whether a model that learned from corrections takes the place of the one in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from classify.champion import JUDGED, Answers, Contest, contest
from classify.fields import Example, Value
from classify.joint import TIED, Joint
from classify.model import TrainedModel
from classify.scores import Proof
from classify.versions import Reason
from models.profiles import Profile

FEWEST_OWN = 20
"""Fewer cases of the desk's own say nothing of either model."""
CLEAR = 0.05
"""A gain that chance alone would make less often than this is clear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Two models side by side: on the frozen mails of the corpus, on all of the desk's own recent cases, and on those drawn by lot.

    Recent cases are those judged after the champion was trained: it has not seen them, and of the challenger only answers count
    that parts of it gave which had not seen them either.
    """

    frozen: Contest
    own: Contest
    by_lot: Contest
    clear_gain: bool

    @property
    def reason(self) -> Reason:
        """What people said of their own cases outweighs the corpus: an organisation may decide otherwise than its corpus does."""
        if not (self.own.within_chance(FEWEST_OWN) and self.by_lot.within_chance(FEWEST_OWN)):
            return Reason.WORSE_ON_OWN
        if self.frozen.wins:
            return Reason.NOT_WORSE
        return Reason.BETTER_ON_OWN if self.clear_gain else Reason.WORSE_ON_FROZEN

    @property
    def wins(self) -> bool:
        return self.reason in {Reason.NOT_WORSE, Reason.BETTER_ON_OWN}


def trial(frozen: tuple[Answers, Answers], own: tuple[Answers, Answers], drawn: frozenset[str]) -> Trial:
    """Each pair is the champion's answers and the challenger's; `drawn` names the cases that came up by lot."""
    by_lot = [{key: fields for key, fields in answers.items() if key in drawn} for answers in own]
    return Trial(frozen=contest(*frozen), own=contest(*own), by_lot=contest(*by_lot), clear_gain=_clearly_better(*own))


def _clearly_better(champion: Answers, challenger: Answers) -> bool:
    """By the sign test over cases: in how many the one got more of the fields right that both have."""
    gains = [
        sum(challenger[key][field] - champion[key][field] for field in champion[key].keys() & challenger[key].keys())
        for key in champion.keys() & challenger.keys()
    ]
    better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    decided = better + worse
    if better <= worse:
        return False
    return bool(sum(comb(decided, number) for number in range(better, decided + 1)) / 2**decided <= CLEAR)


def answers_by(model: TrainedModel, examples: Sequence[Example], keys: Sequence[str], profile: Profile) -> dict[str, dict[str, bool]]:
    """Which judged fields a model gets right, after the agreements and before the clauses: as held-out mails are judged."""
    values = {field: found.values for field, found in model.fields.items() if field in TIED}
    joint = Joint(profile=profile, values=values, independence=model.measured.independence)
    guesses = model.guess([example.mail for example in examples])
    found = {}
    for example, key, guess in zip(examples, keys, guesses, strict=True):
        said: Mapping[str, Value] = {field: one.value for field, one in guess.items()}
        if "priority" in values:
            said = {**said, **joint.decide({field: np.array([*guess[field].probabilities.values()]) for field in values})[0]}
        found[key] = {field: example.labels[field] == said.get(field) for field in JUDGED if field in example.labels}
    return found


def held_out_answers(proof: Proof, examples: Sequence[Example], keys: Mapping[int, str]) -> dict[str, dict[str, bool]]:
    """What a challenger said of cases it had not seen; `keys` names them by their place. A value that it was not taught is a miss."""
    return {
        key: {field: proof.right.get(place, {}).get(field, False) for field in JUDGED if field in examples[place].labels}
        for place, key in keys.items()
    }
