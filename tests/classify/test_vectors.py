"""A mail as numbers: what scikit-learn would make of it, faster."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from classify.vectors import Letters

SEEN = ["skriveren på post 3 svarer ikke", "skriveren er tom, å nei", "Får ikke svar av DIPS i dag", "i dag svarer ingen på post 3"]


@pytest.fixture(scope="module")
def both() -> tuple[Letters, TfidfVectorizer]:
    theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, max_features=80_000, sublinear_tf=True).fit(SEEN)
    ours = Letters()
    ours.fit_transform(SEEN)
    return ours, theirs


@given(texts=st.lists(st.text() | st.sampled_from(SEEN), min_size=1, max_size=4))
def test_letters_are_counted_as_scikit_learn_counts_them(both: tuple[Letters, TfidfVectorizer], texts: list[str]) -> None:
    ours, theirs = both
    assert abs(ours.transform(texts) - theirs.transform(texts)).max() < 1e-12


def test_what_was_remembered_is_forgotten_when_other_mails_are_learned() -> None:
    letters = Letters()
    letters.fit_transform(SEEN)
    letters.transform(["skriveren svarer"])
    letters.fit_transform([*SEEN, "blåtann blåser", "blåtann", "blåbær"])
    assert letters.transform(["skriveren svarer blåtann"]).shape[1] == len(letters.counter.vocabulary_)
    assert letters.transform(["blåtann"]).nnz
