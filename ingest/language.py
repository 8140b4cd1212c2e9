"""The only place that says in which language a mail is written; the only door to lingua."""

from __future__ import annotations

import re
from functools import lru_cache
from math import log

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from ingest.lexicon import languages

SHOWN = 1_000
"""Characters that are looked at."""
SHOWN_TO_LINGUA = 300
LEAST_WORDS = 2
LEAST_SCORE = 1.5
CLEAR_RATIO = 1.2
"""Words and letters decide alone from this score on, where it is this many times the score of any other language."""
CLEAR_LEAD = 3
"""Words more of its own than of another sibling: then nobody else is asked."""
WORD_WORTH, OWN_WORD_WORTH, FIRST_WORTH = 1.5, 2.0, 0.5
"""Against lingua's log-probabilities: a word, a sibling's own word, and being the one that most people here write."""
LEAST_CHANCE = 1e-3
LETTER_WEIGHT = 0.7
LETTER_LIMIT = 4

_EXPECTED = ("nb", "sv", "en")
"""What people here write, the siblings as one: a short text that may be one of these is."""
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
    best = _family(words)
    return _sibling(words) if best in _SIBLINGS else best


def _family(words: list[str]) -> str:
    """The language, the siblings as one: by words and letters, together with lingua's opinion where these are few."""
    scores = _by_family(_score(words))
    (best, score), (_, second) = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:2]
    if score >= LEAST_SCORE and score >= CLEAR_RATIO * second:
        return best
    chances = _chances(_detector(), words)
    chances = {language: chance for language, chance in chances.items() if language not in _SIBLINGS} | {
        _SIBLINGS[0]: sum(chances.get(sibling, 0.0) for sibling in _SIBLINGS)
    }
    worth = {language: WORD_WORTH * scores.get(language, 0.0) + FIRST_WORTH * (language in _EXPECTED) for language in {*scores, *chances}}
    return _likeliest(worth, chances)


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
    """By the words that only one of them has; where these are few together with lingua's opinion."""
    leads = dict.fromkeys(_SIBLINGS, 0)
    for other, (theirs, ours) in _own_words().items():
        leads[other] = sum(word in theirs or word.endswith(_endings(other)) for word in words) - sum(word in ours for word in words)
    first, second, *_ = sorted(leads.values(), reverse=True)
    if first - second >= CLEAR_LEAD:
        return max(_SIBLINGS, key=lambda sibling: leads[sibling])
    worth = {sibling: OWN_WORD_WORTH * lead for sibling, lead in leads.items()}
    worth[_SIBLINGS[0]] += FIRST_WORTH
    return _likeliest(worth, _chances(_sibling_detector(), words))


def _likeliest(worth: dict[str, float], chances: dict[str, float]) -> str:
    return max(sorted(worth), key=lambda language: worth[language] + log(chances.get(language, 0.0) + LEAST_CHANCE))


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


def _chances(detector: LanguageDetector, words: list[str]) -> dict[str, float]:
    found = detector.compute_language_confidence_values(" ".join(words)[:SHOWN_TO_LINGUA])
    return {_LINGUA[one.language]: one.value for one in found}


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    """Low accuracy mode: 22 MB and 0.1 s to load, where the other takes 330 MB and 1.7 s and the words decide most mails."""
    return LanguageDetectorBuilder.from_languages(*_LINGUA).with_low_accuracy_mode().build()


@lru_cache(maxsize=1)
def _sibling_detector() -> LanguageDetector:
    siblings = [language for language, code in _LINGUA.items() if code in _SIBLINGS]
    return LanguageDetectorBuilder.from_languages(*siblings).with_low_accuracy_mode().build()
