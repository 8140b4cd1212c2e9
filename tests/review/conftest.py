"""The pages over a fresh store, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models.profiles import Profile
from models.store import Store
from review.tries import TRIES
from tests.support.pages import Desk, served


@pytest.fixture
def desk(siv: Profile, store: Store) -> Iterator[Desk]:
    with served(siv, store) as found:
        yield found


@pytest.fixture(autouse=True)
def _tries_are_forgotten() -> None:
    """All tests come from one machine."""
    TRIES.storage.reset()
