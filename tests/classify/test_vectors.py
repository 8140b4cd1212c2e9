"""A mail as numbers: what scikit-learn would make of it, without scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from classify.features import Features
from classify.train import _vocabulary
from classify.vectors import MARK_WEIGHT, Vectors

SEEN = [
    "skriveren på post 3 svarer ikke",
    "skriveren er tom, å nei",
    "får ikke svar av dips i dag",
    "i dag svarer ingen på post 3",
    "skriveren på post 3 er tom",
]
Theirs = tuple[TfidfVectorizer, TfidfVectorizer]


def features(text: str, *cues: str) -> Features:
    return Features(said=text, text=text, keys=("key_team_nett",), cues=cues, sender=("@siv",))


@pytest.fixture(scope="module")
def ours() -> Vectors:
    return _vocabulary([features(text, "cue_printer", "asks") for text in SEEN])


@pytest.fixture(scope="module")
def theirs() -> Theirs:
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b").fit(SEEN)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True).fit(SEEN)
    return words, letters


@given(text=st.text().map(str.lower) | st.sampled_from(SEEN))
def test_words_and_letters_weigh_what_scikit_learn_makes_them_weigh(ours: Vectors, theirs: Theirs, text: str) -> None:
    columns, weights = ours.row(features(text))
    row = np.zeros(ours.width)
    row[columns] = weights
    expected = np.concatenate([view.transform([text]).toarray()[0] for view in theirs])
    assert np.abs(row[: len(expected)] - expected).max() < 1e-12


def test_marks_count_once_however_often_they_stand_and_lie_side_by_side(ours: Vectors) -> None:
    columns, weights = ours.row(features("", "asks", "asks", "unknown"))
    keys, cues, sender = ours.ends[2:5]
    assert columns.tolist() == [keys, cues + ours.cues.names.index("asks"), sender]
    assert weights.tolist() == [MARK_WEIGHT] * 3
