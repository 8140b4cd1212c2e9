"""The only place where a model is held against mails of writers it never saw: scores, and how sure it must be to be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from classify.evaluate import Said, report
from classify.fields import Value
from classify.joint import AS_IT_IS, TIED, Joint, Sureness, log_odds
from classify.scores import Proof
from classify.trust import FEWEST, FIELDS_OF_TRUST, Limit, chosen_limits, limits, needs_a_person
from models.profiles import Profile

WANTED = (0.90, 0.95, 0.98)
"""Precisions whose coverage every card tells, besides those that the profile wants."""
INDEPENDENCE = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
FORBIDDEN = 1e-4
"""What a true combination counts that the agreements forbid: labels err too."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What was said of one field: a row of `chances` for each of `mails`, a column for each of `values`."""

    values: tuple[Value, ...]
    mails: NDArray[np.int64]
    chances: NDArray[np.float64]


Labels = Sequence[Mapping[str, Value]]
Answers = tuple[list[Value], list[float]]
"""Values said, and the probability of each."""


def prove(held_out: Mapping[str, HeldOut], labels: Labels, profile: Profile) -> Proof:
    """Each field's figures after the organisation's agreements have had their say, and the limits of trust."""
    tied = _tied(held_out)
    independence = _independence(tied, labels, profile)
    together = _together(tied, profile, independence)
    claimed = {name: _of_mails(together[name], tied[name], found) if name in tied else _alone(found) for name, found in held_out.items()}
    right = {
        name: [labels[mail][name] == value for mail, value in zip(found.mails, claimed[name][0], strict=True)]
        for name, found in held_out.items()
    }
    sureness = {name: sureness_of(claimed[name][1], right[name]) for name in tied}
    answers = {name: (said, [sureness.get(name, AS_IT_IS).of(chance) for chance in chances]) for name, (said, chances) in claimed.items()}
    trust = {
        name: limits(answers[name][1], right[name], sorted({*WANTED, getattr(profile.trust, name)}))
        for name in FIELDS_OF_TRUST
        if name in held_out
    }
    kept = _kept(held_out, answers, trust, profile)
    scores = {
        name: report(
            Said(field=name, truth=[labels[mail][name] for mail in found.mails], said=answers[name][0], confidence=answers[name][1],
                 kept=[bool(kept.get(int(mail))) for mail in found.mails]), profile,
        )
        for name, found in held_out.items() if len(found.mails)
    }  # fmt: skip
    return Proof(scores, trust, independence, sureness, _by_mail(held_out, right))


def sureness_of(claimed: Sequence[float], right: Sequence[bool]) -> Sureness:
    """How what was claimed is turned into what held-out mails showed; as it is where there are too few mails, or it would turn round."""
    if min(sum(right), len(right) - sum(right)) < FEWEST:
        return AS_IT_IS
    found = LogisticRegression(C=1e6).fit([[log_odds(chance)] for chance in claimed], right)
    slope, offset = float(found.coef_[0, 0]), float(found.intercept_[0])
    return Sureness(slope, offset) if slope > 0 else AS_IT_IS


def _by_mail(held_out: Mapping[str, HeldOut], right: Mapping[str, Sequence[bool]]) -> dict[int, dict[str, bool]]:
    found: dict[int, dict[str, bool]] = {}
    for name, answers in right.items():
        for mail, is_right in zip(held_out[name].mails, answers, strict=True):
            found.setdefault(int(mail), {})[name] = is_right
    return found


def _tied(held_out: Mapping[str, HeldOut]) -> dict[str, HeldOut]:
    """The fields that are decided together, each of all mails whose labels tell of any of them; none where no priority was learned."""
    tied = {name: held_out[name] for name in TIED if name in held_out}
    if "priority" not in tied:
        return {}
    mails = np.unique(np.concatenate([found.mails for found in tied.values()]))
    return {name: _stretched(found, mails) for name, found in tied.items()}


def _stretched(found: HeldOut, mails: NDArray[np.int64]) -> HeldOut:
    """The field of more mails: as likely as in the mean where its label is not known, and nothing was said."""
    if not len(found.mails):
        return HeldOut(found.values, mails, np.full((len(mails), len(found.values)), 1 / len(found.values)))
    chances = np.tile(found.chances.mean(axis=0), (len(mails), 1))
    chances[np.searchsorted(mails, found.mails)] = found.chances
    return HeldOut(found.values, mails, chances)


def _of_mails(answers: Answers, stretched: HeldOut, found: HeldOut) -> Answers:
    """Of what was said of all mails together, what concerns the field's own."""
    places = np.searchsorted(stretched.mails, found.mails).tolist()
    values, sure = answers
    return [values[place] for place in places], [sure[place] for place in places]


def _alone(found: HeldOut) -> Answers:
    return [found.values[place] for place in found.chances.argmax(axis=1)], found.chances.max(axis=1).tolist()


def _together(tied: Mapping[str, HeldOut], profile: Profile, independence: float) -> dict[str, Answers]:
    joint = Joint(profile=profile, values={name: found.values for name, found in tied.items()}, independence=independence)
    decided = [joint.decide(chances) for chances in _each(tied)]
    return {name: ([values[name] for values, _ in decided], [sure[name] for _, sure in decided]) for name in tied}


def _each(tied: Mapping[str, HeldOut]) -> list[dict[str, NDArray[np.float64]]]:
    """Of each mail the tied fields' probabilities."""
    count = len(next(iter(tied.values())).mails) if tied else 0
    return [{name: found.chances[row] for name, found in tied.items()} for row in range(count)]


def _independence(tied: Mapping[str, HeldOut], labels: Labels, profile: Profile) -> float:
    """Which of a few makes the truth likeliest."""
    if not tied:
        return 1.0
    told = [labels[mail] for mail in next(iter(tied.values())).mails]
    given = [
        (chances, truth)
        for chances, truth in zip(_each(tied), told, strict=True)
        if all(truth.get(name) in tied[name].values for name in tied)
    ]
    if not given:
        return 1.0

    def surprise(independence: float) -> float:
        joint = Joint(profile=profile, values={name: found.values for name, found in tied.items()}, independence=independence)
        return -float(np.mean([np.log(max(joint.chance_of(chances, truth), FORBIDDEN)) for chances, truth in given]))

    return min(INDEPENDENCE, key=surprise)


def _kept(
    held_out: Mapping[str, HeldOut], answers: Mapping[str, Answers], trust: Mapping[str, Sequence[Limit]], profile: Profile
) -> dict[int, bool]:
    """Of each mail whether no lead would look at it; empty where a field of trust was not learned."""
    if not set(FIELDS_OF_TRUST) <= set(held_out):
        return {}
    limit = chosen_limits(trust, profile)
    sure: dict[int, dict[str, float]] = {}
    for name in FIELDS_OF_TRUST:
        for mail, confidence in zip(held_out[name].mails, answers[name][1], strict=True):
            sure.setdefault(int(mail), {})[name] = confidence
    return {mail: len(found) == len(FIELDS_OF_TRUST) and not needs_a_person(found, limit, profile) for mail, found in sure.items()}
