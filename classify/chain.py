"""The only place where model, keywords and policy become one verdict, with the reasons for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classify.cues import CueFinder
from classify.fields import FieldGuess, Value
from classify.keywords import KeywordClassifier
from classify.model import TrainedModel
from classify.priority import Applied, clauses_that_hold, floor_of
from models.profiles import Profile
from models.records import Guess, Mail, Method, TicketType, Verdict

MOST_REASONS = 5
CLAUSE_CONFIDENCE = 0.6
"""What a priority that a clause demands may claim; to be measured per clause."""
NONE_SAID = FieldGuess(value=False, confidence=0.5, words=(), probabilities={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifiers:
    """What judges the mails of one organisation. `model` is None where none is trained: keywords carry on."""

    profile: Profile
    model: TrainedModel | None
    keywords: KeywordClassifier
    cues: CueFinder

    @classmethod
    def of(cls, profile: Profile, model: TrainedModel | None) -> Classifiers:
        return cls(profile=profile, model=model, keywords=KeywordClassifier(profile), cues=CueFinder(profile.lexicon))


def classify(mails: Sequence[Mail], classifiers: Classifiers) -> list[Verdict]:
    """One verdict a mail, in order. All mails at once: what a model does per call is done once."""
    if not mails:
        return []
    trained = classifiers.model.guess(mails) if classifiers.model else [{} for _ in mails]
    counted = classifiers.keywords.guess(mails) if _keywords_needed(classifiers) else [{} for _ in mails]
    return [_verdict(_Case(mail, model, keywords, classifiers)) for mail, model, keywords in zip(mails, trained, counted, strict=True)]


def _keywords_needed(classifiers: Classifiers) -> bool:
    return classifiers.model is None or not {"type", "team", "scope", "priority"} <= set(classifiers.model.fields)


class _Case:
    """One mail on its way through the chain."""

    def __init__(self, mail: Mail, model: Mapping[str, FieldGuess], keywords: Mapping[str, FieldGuess], classifiers: Classifiers) -> None:
        self.mail = mail
        self.profile = classifiers.profile
        self.cues = classifiers.cues.find(f"{mail.safe_subject}\n{mail.safe_reply}")
        self._model = model
        self._keywords = keywords

    def said(self, field: str) -> tuple[FieldGuess, Method]:
        if field in self._model:
            return self._model[field], Method.MODEL
        return self._keywords.get(field, NONE_SAID), Method.KEYWORDS

    def flag(self, field: str, cue: str) -> bool:
        """A yes-or-no field: the model's word, else whether the cue group is hit."""
        return bool(self._model[field].value) if field in self._model else cue in self.cues


def _verdict(case: _Case) -> Verdict:
    profile = case.profile
    is_auto = case.flag("is_auto", "automatic_for_sure")
    if is_auto:
        return _automatic(case)
    (kind, kind_method), (team, team_method), (scope, scope_method) = (case.said(field) for field in ("type", "team", "scope"))
    safety = case.flag("patient_safety", "harm")
    decided: dict[str, object] = {"type": kind.value, "scope": scope.value, "patient_safety": safety}
    held = clauses_that_hold(profile, case.cues, decided)
    priority = _priority(case, held)
    sure = (
        kind.confidence >= profile.thresholds.type
        and team.confidence >= profile.thresholds.team
        and priority.confidence >= profile.thresholds.priority
    )
    return Verdict(
        type=Guess(value=TicketType(str(kind.value)), confidence=kind.confidence, method=kind_method),
        priority=priority,
        scope=Guess(value=str(scope.value), confidence=scope.confidence, method=scope_method),
        team=Guess(value=str(team.value), confidence=team.confidence, method=team_method),
        service=_optional(case, "service"),
        reporter=_optional(case, "reporter"),
        language=language_of(case.mail, profile),
        patient_safety=safety,
        change_request=case.flag("change_request", "change_wish"),
        is_auto=False,
        review=not sure,
        reasons=_reasons(case, held, priority),
    )


def language_of(mail: Mail, profile: Profile) -> str:
    """The mail's language as the organisation counts languages; its own where the mail tells none."""
    found = mail.language or profile.default_language
    return profile.language_aliases.get(found, found)


def _automatic(case: _Case) -> Verdict:
    """Nothing to handle: fixed values by convention (policy section on automatic mail)."""
    profile = case.profile
    guess, method = case.said("is_auto")
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
        review=guess.confidence < profile.thresholds.type,
        reasons=(_say(profile, "automatic"),),
    )


def _priority(case: _Case, held: Sequence[Applied]) -> Guess[int]:
    profile = case.profile
    guess, method = case.said("priority")
    level = _lean_to_the_grave(guess, profile)
    floor = floor_of(held, profile.levels[-1])
    if floor < level:
        return Guess(value=floor, confidence=CLAUSE_CONFIDENCE, method=Method.POLICY)
    return Guess(value=level, confidence=guess.probabilities.get(level, guess.confidence), method=method)


def _lean_to_the_grave(guess: FieldGuess, profile: Profile) -> int:
    """The likeliest level; but one of the grave ones as soon as they are likely enough together: a miss costs more."""
    chances = {int(level): chance for level, chance in guess.probabilities.items() if isinstance(level, int)}
    if not chances:
        return int(guess.value or profile.levels[-1])
    grave = {level: chance for level, chance in chances.items() if level <= profile.grave_priority}
    rest = {level: chance for level, chance in chances.items() if level > profile.grave_priority}
    side = grave if not rest or sum(grave.values()) >= profile.thresholds.grave else rest
    return max(side, key=lambda level: side[level])


def _optional(case: _Case, field: str) -> str | None:
    value: Value = case.said(field)[0].value
    return value if isinstance(value, str) else None


def _reasons(case: _Case, held: Sequence[Applied], priority: Guess[int]) -> tuple[str, ...]:
    """At most five sentences, clauses first, in the organisation's language."""
    profile = case.profile
    sentences = [profile.words({"": applied.clause.reason}, "", profile.default_language) for applied in held]
    for field, table in (("type", profile.types), ("team", {name: team.title for name, team in profile.teams.items()})):
        guess, method = case.said(field)
        if guess.words:
            value = profile.words(table, str(guess.value), profile.default_language)
            sentences.append(_say(profile, f"{field}_{method}", value=value, words=", ".join(f"«{word}»" for word in guess.words)))
    guess, _ = case.said("priority")
    if priority.method is not Method.POLICY and guess.words:
        sentences.append(_say(profile, "priority_model", value=str(priority.value), words=", ".join(f"«{word}»" for word in guess.words)))
    if not sentences:
        sentences.append(_say(profile, "nothing_found"))
    return tuple(sentences[:MOST_REASONS])


def _say(profile: Profile, reason: str, **values: str) -> str:
    return profile.words(profile.reasons, reason, profile.default_language).format(**values)
