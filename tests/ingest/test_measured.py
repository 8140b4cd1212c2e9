"""What was reached once is not lost again."""

from __future__ import annotations

import pytest

from tests.ingest.measured import Share, measure

FLOORS = {
    "visible reply: exact": 0.97,
    "visible reply: contains and excludes": 0.97,
    "automatic mail: recognised": 0.985,
    "automatic mail: kind": 0.985,
    "mail of people: not called automatic": 0.99,
    "mail of people: not set aside without a second opinion": 1.0,
    "language: nb": 0.95,
    "language: nn": 0.95,
    "language: sv": 0.95,
    "language: da": 0.90,
    "language: en": 0.97,
    "language: other": 0.90,
    "personal data: taken out": 0.99,
    "look-alikes: kept": 0.99,
    "thanks alone: recognised": 0.85,
    "thanks and more: read by a person": 1.0,
}


@pytest.fixture(scope="module")
def measured() -> dict[str, Share]:
    return measure()


def test_every_figure_has_a_floor(measured: dict[str, Share]) -> None:
    assert measured.keys() == FLOORS.keys()


@pytest.mark.parametrize("name", FLOORS)
def test_the_reading_of_mail_is_no_worse_than_it_was(measured: dict[str, Share], name: str) -> None:
    assert measured[name].value >= FLOORS[name], measured[name].wrong
