"""The only place that says how alike a question and the texts of cases are: TF-IDF over words and letters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.terms import COLUMNS, terms_of
from resolve.lists import Places, Weights
from resolve.vocabulary import Vocabulary, Words

FEW_WORDS, LIKE_A_WORD = 5_000, 0.1
"""Of a vocabulary larger than this those words are looked for that add at least this part of what a word of the question adds on average."""

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A text that is asked for: its known words and its columns of letters, the weight of each word of the vocabulary and of each column.

    `length` is that of all weights together, unknown words among them; `size` is the number of words, each once.
    """

    known: Places
    columns: Places
    words: Weights
    letters: Weights
    length: float
    size: int


def weighed(text: str, vocabulary: Vocabulary, cases: int) -> Weighed:
    """What the text weighs, its words and its letters in one bag (sublinear TF-IDF)."""
    found = vocabulary.read(text)
    columns, times = np.unique(terms_of(text)[1], return_counts=True)
    by_word = damped(found.times) * vocabulary.word_rarity(found.words, cases)
    by_letters = damped(times) * vocabulary.letter_rarity(columns, cases)
    words, letters = np.zeros(len(vocabulary), np.float32), np.zeros(COLUMNS, np.float32)
    known = found.words >= 0
    words[found.words[known]], letters[columns] = by_word[known], by_letters
    length = float(np.sqrt(by_word @ by_word + by_letters @ by_letters))
    return Weighed(known=found.words[known], columns=columns, words=words, letters=letters, length=length, size=len(found.words))


def damped(times: Places) -> Weights:
    return np.asarray(1 + np.log(times), np.float32)


def likely_words(asked: Weighed, vocabulary: Vocabulary, cases: int, most: int) -> tuple[Weights, Places]:
    """How much each word of the vocabulary would add to the likeness, itself and by its letters; and the words that are worth a search."""
    columns = asked.columns[np.argsort(-asked.letters[asked.columns], kind="stable")]
    columns = columns[np.cumsum(vocabulary.by_letters.lengths(columns)) <= most]
    by_letters = asked.letters[columns] * vocabulary.letter_rarity(columns, cases)
    found = np.zeros(len(vocabulary), np.float32)
    found[: vocabulary.packed] = vocabulary.by_letters.sums(columns, by_letters, vocabulary.packed)
    later = np.arange(vocabulary.packed, len(vocabulary))
    letters, lengths = vocabulary.letters(later)
    of = np.repeat(np.arange(len(later)), lengths)
    found[vocabulary.packed :] = np.bincount(of, asked.letters[letters] * vocabulary.letter_rarity(letters, cases), minlength=len(later))
    found[asked.known] += asked.words[asked.known] * vocabulary.word_rarity(asked.known, cases)
    floor = LIKE_A_WORD * asked.length**2 / max(1, asked.size) if len(vocabulary) > FEW_WORDS else 0
    return found, np.flatnonzero(found > np.float32(floor))


def cosines(asked: Weighed, texts: Words, vocabulary: Vocabulary, cases: int) -> Scores:
    """The cosine of the question and of each text, 0 to 1."""
    of = texts.texts
    weights = damped(texts.times) * vocabulary.word_rarity(texts.words, cases)
    columns, lengths = vocabulary.letters(np.repeat(texts.words, texts.times))
    keys, times = np.unique(np.repeat(np.repeat(of, texts.times), lengths) * COLUMNS + columns, return_counts=True)
    of_letters, columns = np.divmod(keys, COLUMNS)
    by_letters = damped(times) * vocabulary.letter_rarity(columns, cases)
    size = len(texts.lengths)
    products = np.bincount(of, weights * asked.words[texts.words], minlength=size)
    products += np.bincount(of_letters, by_letters * asked.letters[columns], minlength=size)
    squares = np.bincount(of, weights**2, minlength=size) + np.bincount(of_letters, by_letters**2, minlength=size)
    lengths_of_both = np.sqrt(squares) * asked.length
    return np.asarray(np.minimum(1, np.divide(products, lengths_of_both, out=np.zeros(size), where=lengths_of_both > 0)))
