"""The only place where model, keywords and policy become one verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from classify.cues import CueFinder
from classify.faq import Faq
from classify.fields import FieldGuess, Value
from classify.joint import TIED, Joint
from classify.keywords import KeywordClassifier
from classify.model import TrainedModel
from classify.priority import Applied, clauses_that_hold, floor_of
from classify.questions import open_questions
from classify.reasons import reasons_of, said_automatic
from classify.trust import chosen_limits, needs_a_person
from models.kinds import Method, TicketType
from models.profiles import Profile
from models.records import Guess, Mail, Verdict

FLAGS = {"patient_safety": "harm", "change_request": "change_wish", "is_auto": "automatic_for_sure"}
"""The cue group that tells a yes-or-no field where no model was taught it."""
CUE_SAYS = 0.6
"""What a cue group may claim where no model was taught the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifiers:
    """What judges the mails of one organisation. `model` is None where none is trained: keywords carry on.

    `joint` knows all that the profile knows, not only what the model was taught: policy may demand what no mail has shown.
    """

    profile: Profile
    model: TrainedModel | None
    keywords: KeywordClassifier
    cues: CueFinder[str]
    joint: Joint
    faq: Faq

    @classmethod
    def of(cls, profile: Profile, model: TrainedModel | None) -> Classifiers:
        keywords = KeywordClassifier(profile)
        joint = Joint(profile=profile, values={field: keywords.values.get(field, (False, True)) for field in TIED})
        if model:
            joint = replace(joint, independence=model.measured.independence, sureness=model.measured.sureness)
        return cls(profile=profile, model=model, keywords=keywords, cues=CueFinder(profile.cue_groups), joint=joint, faq=Faq(profile))

    def limits(self) -> dict[str, float]:
        """From which probability on a field is trusted, where a model was measured."""
        return chosen_limits(self.model.measured.trust, self.profile) if self.model else {}


def classify(mails: Sequence[Mail], classifiers: Classifiers) -> list[Verdict]:
    """One verdict a mail, in order. All mails at once: what a model does per call is done once."""
    if not mails:
        return []
    trained = classifiers.model.guess(mails) if classifiers.model else [{} for _ in mails]
    counted = classifiers.keywords.guess(mails) if _keywords_needed(classifiers) else [{} for _ in mails]
    limits = classifiers.limits()
    cases = [_Case(mail, model, keywords, classifiers) for mail, model, keywords in zip(mails, trained, counted, strict=True)]
    return [_automatic(case, limits) if case.is_automatic() else _verdict(case, limits) for case in cases]


def _keywords_needed(classifiers: Classifiers) -> bool:
    wanted = {"type", "team", "scope", "priority"} | ({"service"} if classifiers.profile.keywords.service else set())
    return classifiers.model is None or not wanted <= set(classifiers.model.fields)


class _Case:
    """One mail on its way through the chain."""

    def __init__(self, mail: Mail, model: Mapping[str, FieldGuess], keywords: Mapping[str, FieldGuess], classifiers: Classifiers) -> None:
        self.mail = mail
        self.profile = classifiers.profile
        self.joint = classifiers.joint
        self.faq = classifiers.faq
        self.text = mail.safe_text
        self.cues = classifiers.cues.find(self.text)
        self._model = model
        self._keywords = keywords

    def said(self, field: str) -> FieldGuess:
        """The model's word, else that of keywords, else of the field's cue group."""
        return self._model.get(field) or self._keywords.get(field) or self._by_cue(field)

    def method(self, field: str, decided: Value) -> Method:
        """Who decided: policy where it is not what the field by itself would have been."""
        said = self.said(field)
        return said.method if decided == said.value else Method.POLICY

    def is_automatic(self) -> bool:
        return bool(self.said("is_auto").value)

    def _by_cue(self, field: str) -> FieldGuess:
        told = FLAGS.get(field, "") in self.cues
        return FieldGuess(value=told, confidence=CUE_SAYS, words={}, probabilities={told: 1.0, not told: 0.0})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """The tied fields' values, how likely each is, and the clauses that had a say."""

    values: Mapping[str, Value]
    confidence: Mapping[str, float]
    held: Sequence[Applied]


def _decide(case: _Case) -> _Decision:
    """The likeliest values that agree with each other; then again under the floor of the clauses that they bring about, until it stands."""
    said = {field: case.said(field) for field in TIED}
    chances = {field: np.array([guess.probabilities.get(v, 0.0) for v in case.joint.values[field]]) for field, guess in said.items()}
    values, sure = case.joint.decide(chances)
    floor = case.profile.levels[-1]
    while (graver := floor_of(held := clauses_that_hold(case.profile, case.cues, values), floor)) < floor:
        floor = graver
        values, sure = case.joint.decide(chances, floor)
    return _Decision(values=values, confidence={field: _claim(said[field], sure[field]) for field in TIED}, held=held)


def _claim(said: FieldGuess, sure: float) -> float:
    """Counted words claim no more than they may."""
    return sure if said.method is Method.MODEL else min(sure, said.confidence)


def _verdict(case: _Case, limits: Mapping[str, float]) -> Verdict:
    decision = _decide(case)
    values, sure = decision.values, decision.confidence
    service, reporter = _optional(case, "service"), _optional(case, "reporter")
    told = {**values, "service": service, "reporter": reporter}
    return Verdict(
        type=Guess(value=TicketType(str(values["type"])), confidence=sure["type"], method=case.method("type", values["type"])),
        priority=Guess(value=int(values["priority"] or 0), confidence=sure["priority"], method=case.method("priority", values["priority"])),
        scope=Guess(value=str(values["scope"]), confidence=sure["scope"], method=case.method("scope", values["scope"])),
        team=Guess(value=str(values["team"]), confidence=sure["team"], method=case.method("team", values["team"])),
        service=service,
        reporter=reporter,
        language=language_of(case.mail, case.profile),
        patient_safety=bool(values["patient_safety"]),
        change_request=bool(case.said("change_request").value),
        is_auto=False,
        review=needs_a_person(sure, limits, case.profile),
        reasons=reasons_of({field: (case.said(field), values[field]) for field in TIED}, decision.held, case.profile),
        questions=open_questions(case.profile, case.cues, told),
        faq=case.faq.find(case.text, told),
    )


def _automatic(case: _Case, limits: Mapping[str, float]) -> Verdict:
    """Nothing to handle: fixed values by convention (policy section on automatic mail)."""
    profile, guess = case.profile, case.said("is_auto")
    method = case.method("is_auto", guess.value)
    sure = dict.fromkeys(("type", "priority", "team"), guess.confidence)
    return Verdict(
        type=Guess(value=TicketType.REQUEST, confidence=guess.confidence, method=method),
        priority=Guess(value=profile.levels[-1], confidence=guess.confidence, method=method),
        scope=Guess(value=profile.automatic.scope, confidence=guess.confidence, method=method),
        team=Guess(value=profile.automatic.team, confidence=guess.confidence, method=method),
        service=profile.automatic.service or None,
        reporter=_optional(case, "reporter"),
        language=language_of(case.mail, profile),
        patient_safety=False,
        change_request=False,
        is_auto=True,
        review=needs_a_person(sure, limits, profile),
        reasons=(said_automatic(profile),),
    )


def language_of(mail: Mail, profile: Profile) -> str:
    """The mail's language as the organisation counts languages; its own where the mail tells none."""
    found = mail.language or profile.default_language
    return profile.language_aliases.get(found, found)


def _optional(case: _Case, field: str) -> str | None:
    value: Value = case.said(field).value
    return value if isinstance(value, str) else None
