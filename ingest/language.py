"""The only place that says in which language a mail is written; the only door to lingua."""

from __future__ import annotations

import re
from functools import lru_cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from ingest.lexicon import languages

SHOWN = 1_000
"""Characters that are looked at."""
SHOWN_TO_LINGUA = 300
LEAST_WORDS = 2
LEAST_SCORE = 1.0
CLEAR_RATIO = 1.2
"""Words and letters decide alone from this score on, where it is this many times the score of any other language."""
LETTER_WEIGHT = 0.7
LETTER_LIMIT = 4

_SIBLINGS = ("nb", "nn", "da")
"""So alike that only the words that one of them does not have can tell. The first stands where these tell nothing."""
_LETTERS = {
    "ø": _SIBLINGS,
    "æ": _SIBLINGS,
    "ä": ("sv", "de", "fi"),
    "ö": ("sv", "de", "fi"),
    "ß": ("de",),
    "ł": ("pl",),
    "ę": ("pl",),
    "ñ": ("es",),
}
_LINGUA = {
    Language.BOKMAL: "nb", Language.NYNORSK: "nn", Language.SWEDISH: "sv", Language.DANISH: "da", Language.ENGLISH: "en", Language.GERMAN: "de",
    Language.FINNISH: "fi", Language.FRENCH: "fr", Language.SPANISH: "es", Language.POLISH: "pl", Language.DUTCH: "nl", Language.ITALIAN: "it",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOISE = re.compile(r"\S*[@/\\]\S*|\S*\d\S*")


def detect_language(text: str) -> str | None:
    """ISO 639-1 of the text, None below two words or where nothing speaks for a language. Written dialect is nynorsk."""
    words = _WORD.findall(_NOISE.sub(" ", text[:SHOWN]).lower())
    if len(words) < LEAST_WORDS:
        return None
    scores = _score(words)
    (best, score), (_, second) = sorted(_by_family(scores).items(), key=lambda item: (-item[1], item[0]))[:2]
    if score < LEAST_SCORE or score < CLEAR_RATIO * second:
        said = _ask_lingua(" ".join(words)[:SHOWN_TO_LINGUA])
        best = said if said and scores.get(said, 0) * 2 >= score else best
    return _sibling(words) if best in _SIBLINGS else best


def _score(words: list[str]) -> dict[str, float]:
    """Languages by the weight of their function words and letters."""
    scores = dict.fromkeys(languages(), 0.0)
    weights = _weights()
    for word in words:
        for language, weight in weights.get(word, ()):
            scores[language] += weight
    joined = "".join(words)
    for letter, owners in _LETTERS.items():
        for owner in owners:
            scores[owner] += LETTER_WEIGHT * min(joined.count(letter), LETTER_LIMIT)
    return scores


def _by_family(scores: dict[str, float]) -> dict[str, float]:
    """The siblings count as one."""
    best = max(scores[sibling] for sibling in _SIBLINGS)
    return {language: score for language, score in scores.items() if language not in _SIBLINGS} | {_SIBLINGS[0]: best}


def _sibling(words: list[str]) -> str:
    """The first, or the one whose own words outnumber those that only the first has."""
    leads = dict.fromkeys(_SIBLINGS, 0)
    for other, (theirs, ours) in _own_words().items():
        leads[other] = sum(word in theirs or word.endswith(_endings(other)) for word in words) - sum(word in ours for word in words)
    return max(_SIBLINGS, key=lambda sibling: leads[sibling])


@lru_cache(maxsize=8)
def _endings(sibling: str) -> tuple[str, ...]:
    return tuple(languages()[sibling].get("endings", ()))


@lru_cache(maxsize=1)
def _own_words() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """For each sibling but the first: its words that the first does not have, and the first's that it does not have."""
    words = {sibling: frozenset(languages()[sibling]["function_words"]) for sibling in _SIBLINGS}
    norm, *others = _SIBLINGS
    return {other: (words[other] - words[norm], words[norm] - words[other]) for other in others}


@lru_cache(maxsize=1)
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """Word to languages; a word of one family alone weighs most."""
    owners: dict[str, list[str]] = {}
    for language, table in languages().items():
        for word in table["function_words"]:
            owners.setdefault(word.lower(), []).append(language)
    return {word: tuple((owner, 1 / _families(found)) for owner in found) for word, found in owners.items()}


def _families(found: list[str]) -> int:
    return len({_SIBLINGS[0] if owner in _SIBLINGS else owner for owner in found})


def _ask_lingua(text: str) -> str | None:
    found = _detector().detect_language_of(text)
    return _LINGUA.get(found) if found is not None else None


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    """Low accuracy mode: 22 MB and 0.1 s to load, where the other takes 330 MB and 1.7 s and the words decide most mails."""
    return LanguageDetectorBuilder.from_languages(*_LINGUA).with_low_accuracy_mode().build()
