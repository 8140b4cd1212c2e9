"""What the tests of routing share."""

from __future__ import annotations

import pytest

from models.profiles import Profile
from tests.support.teams import DEADLINES, GRAVE_REVIEW, HOURS


@pytest.fixture
def timed(siv: Profile) -> Profile:
    """With times to solve in, and a review of grave incidents."""
    return siv.model_copy(update={"hours": HOURS, "deadlines": DEADLINES, "final_review": GRAVE_REVIEW})
