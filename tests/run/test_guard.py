"""Where a bug in a stage is caught."""

from __future__ import annotations

import json

import pytest

from models.errors import DeliveryError, MailUnreadableError, SaksgangError
from run.guard import Failure, attempt

SECRET = "Kari Moe, 010190 12345"


def stumble() -> None:
    raise ValueError(SECRET)


def promised(error: SaksgangError) -> None:
    raise error


def test_work_that_goes_well_gives_its_result() -> None:
    assert attempt(lambda: 42) == 42
    assert attempt(lambda: None) is None


def test_a_bug_becomes_a_failure_that_says_what_and_where() -> None:
    found = attempt(stumble)
    assert isinstance(found, Failure)
    assert found.words == f"ValueError in {__name__} line {stumble.__code__.co_firstlineno + 1}"


def test_a_failure_holds_no_word_of_what_was_handled() -> None:
    found = attempt(stumble)
    assert "Kari" not in repr(found)
    assert "12345" not in repr(found)


def test_the_place_is_where_it_happened_and_not_where_it_was_called_from() -> None:
    found = attempt(lambda: json.loads("{"))
    assert isinstance(found, Failure)
    assert found.words.startswith("JSONDecodeError in json.decoder line ")


@pytest.mark.parametrize("error", [SaksgangError("x"), MailUnreadableError("x"), DeliveryError("x", permanent=True)])
def test_promised_errors_are_no_bugs_and_pass_through(error: SaksgangError) -> None:
    with pytest.raises(SaksgangError) as caught:
        attempt(lambda: promised(error))
    assert caught.value is error


@pytest.mark.parametrize("order", [KeyboardInterrupt, SystemExit])
def test_an_order_to_stop_passes_through(order: type[BaseException]) -> None:
    def work() -> None:
        raise order

    with pytest.raises(order):
        attempt(work)
