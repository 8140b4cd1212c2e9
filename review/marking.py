"""The only place that finds the words again which a decision rests on, to mark them in the mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classify.cues import TOKEN, CueFinder
from models.parts import Agreement, Clause
from models.profiles import Profile

QUOTED = re.compile(r"«([^»]+)»")
LONGEST_MARKED = 20_000
"""Letters of a mail within which words are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A reason, and the written rule that it cites; empty where it cites none."""

    reason: str
    source: str


def cited(reasons: Sequence[str], profile: Profile) -> list[Cited]:
    """Each reason with its clause of the policy, or its agreement between fields."""
    rules: list[Clause | Agreement] = [*profile.clauses.values(), *profile.agreements.values()]
    sources = {words: rule.source for rule in rules for words in rule.reason.values()}
    return [Cited(reason=reason, source=sources.get(reason, "")) for reason in reasons]


def marked(text: str, reasons: Sequence[str], profile: Profile) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is to be marked."""
    told = [phrase for phrase in _told(text, reasons, profile) if TOKEN.search(phrase)]
    if not told:
        return [(text, False)]
    longest_first = sorted(set(told), key=lambda phrase: (-len(phrase), phrase))
    pattern = re.compile("|".join(map(_pattern, longest_first)), re.IGNORECASE)
    return list(_pieces(text, pattern))


def _told(text: str, reasons: Sequence[str], profile: Profile) -> Iterator[str]:
    """What the reasons quote, and the cues of the clauses that they cite."""
    said = set(reasons)
    for reason in reasons:
        yield from QUOTED.findall(reason)
    held = [clause for clause in profile.clauses.values() if said & set(clause.reason.values())]
    groups = {cue: profile.cue_groups[cue] for clause in held for cue in clause.needs if "=" not in cue}
    for phrases in CueFinder(groups).find(text[:LONGEST_MARKED]).values():
        yield from phrases


def _pattern(phrase: str) -> str:
    """The phrase as words in a row, whatever stands between them; its last word with any ending."""
    words = (re.escape(word) for word in TOKEN.findall(phrase))
    return r"\b" + r"\W{1,3}".join(words) + r"\w{0,12}"


def _pieces(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    done = 0
    for found in pattern.finditer(text, 0, LONGEST_MARKED):
        if found.start() > done:
            yield text[done : found.start()], False
        yield found[0], True
        done = found.end()
    if done < len(text):
        yield text[done:], False
