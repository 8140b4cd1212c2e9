"""Who gets a ticket."""

from __future__ import annotations

import pytest

from models.profiles import Profile
from models.records import Assignment, Guess, Method
from route.assign import assign
from tests.support.mails import mail, verdict


def guess[T](value: T) -> Guess[T]:
    return Guess(value=value, confidence=0.3, method=Method.MODEL)
