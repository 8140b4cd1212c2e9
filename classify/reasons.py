"""The only place that says why, in sentences that a team lead understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from classify.fields import FieldGuess, Value
from classify.joint import decides
from classify.priority import Applied
from models.kinds import Method
from models.parts import Words
from models.profiles import Profile

MOST_REASONS = 5
WORTH_SAYING = 0.2
"""What is less likely did not speak against the decision in earnest."""

Decided = Mapping[str, tuple[FieldGuess, Value]]
"""Of each field what was said of it alone, and what was decided."""


def reasons_of(decided: Decided, held: Sequence[Applied], profile: Profile) -> tuple[str, ...]:
    """At most five sentences in the organisation's language: the policy first, then what spoke for, then what spoke against."""
    language = profile.default_language
    sentences = [profile.words({"": applied.clause.reason}, "", language) for applied in held]
    values = {field: value for field, (_, value) in decided.items()}
    changed = {field for field, (guess, value) in decided.items() if guess.value != value}
    sentences += [
        profile.words({"": agreement.reason}, "", language)
        for agreement in profile.agreements.values()
        if decides(agreement, values, changed)
    ]
    if not sentences:
        sentences += _to_be_safe(decided, profile)
    sentences += [*_for(decided, profile), *_against(decided, profile)]
    return tuple(dict.fromkeys(sentences))[:MOST_REASONS] or (_say(profile, "nothing_found"),)


def said_automatic(profile: Profile) -> str:
    return _say(profile, "automatic")


def _to_be_safe(decided: Decided, profile: Profile) -> Iterator[str]:
    """A priority graver than the likeliest one, because a miss costs more than a false alarm."""
    guess, value = decided["priority"]
    if isinstance(value, int) and isinstance(guess.value, int) and value < guess.value:
        yield _say(profile, "to_be_safe", value=_title(profile, "priority", value), share=f"{guess.probabilities.get(value, 0.0):.0%}")


def _for(decided: Decided, profile: Profile) -> Iterator[str]:
    """The words that weighed for type, team and priority."""
    for field in ("type", "team", "priority"):
        guess, value = decided[field]
        if words := guess.words.get(value):
            yield _say(profile, f"{field}_{guess.method}", value=_title(profile, field, value), words=_quoted(words))


def _against(decided: Decided, profile: Profile) -> Iterator[str]:
    """The likeliest other type or team, where it was likely and words spoke for it."""
    for field in ("type", "team"):
        guess, value = decided[field]
        others = [
            (chance, str(other), other) for other, chance in guess.probabilities.items() if other != value and guess.method is Method.MODEL
        ]
        chance, _, other = max(others, default=(0.0, "", None))
        if chance >= WORTH_SAYING and (words := guess.words.get(other)):
            yield _say(profile, "against", value=_title(profile, field, other), share=f"{chance:.0%}", words=_quoted(words))


def _title(profile: Profile, field: str, value: Value) -> str:
    tables: dict[str, Mapping[str, Words]] = {"type": profile.types, "team": profile.team_titles}
    return profile.words(tables.get(field, {}), str(value), profile.default_language)


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"«{word}»" for word in words)


def _say(profile: Profile, reason: str, **values: str) -> str:
    return profile.words(profile.reasons, reason, profile.default_language).format(**values)
