"""Labels of earlier cases: told by the file, guessed, or not known here."""

from __future__ import annotations

import pytest

from tests.support.imports import ON_BOTH, Take, row, said, tickets


@ON_BOTH
def test_labels_that_the_file_does_not_tell_are_guessed_and_said_to_be(take: Take, database_url: str) -> None:
    result = take([row(type="", priority=""), row("2")])
    assert "guessed: type 1, priority 1" in result.stdout
    first, second = tickets(database_url)
    assert first.type == "hendelse"
    assert first.team == "arbeidsplass"
    assert set(first.confidence) == {"type", "priority", "scope"}
    assert set(first.reasons["guessed"]) == {"type", "priority", "scope"}
    assert second.reasons["guessed"] == ["scope"]


def test_a_service_is_guessed_where_the_organisation_tells_services_apart(take: Take, database_url: str) -> None:
    take([row(team="supplier")], profile="inera")
    [found] = tickets(database_url)
    assert set(found.reasons["guessed"]) == {"service", "scope"}


@pytest.mark.parametrize(
    ("told", "stored"),
    [
        ({"type": "HENDING"}, ("hendelse", 3, "arbeidsplass")),
        ({"type": "incident", "priority": "2 Høg", "team": "Workplace"}, ("hendelse", 2, "arbeidsplass")),
        ({"priority": " kritisk ", "team": "nett  og TELEFONI"}, ("hendelse", 1, "nett")),
        ({"type": "Tinging", "priority": "4"}, ("bestilling", 4, "arbeidsplass")),
    ],
)
def test_a_label_may_be_a_value_or_what_people_read_for_it(
    take: Take, database_url: str, told: dict[str, str], stored: tuple[str, int, str]
) -> None:
    take([row(**told)])
    [found] = tickets(database_url)
    assert (found.type, found.priority, found.team) == stored
    assert found.reasons["guessed"] == ["scope"]


def test_a_label_that_nobody_knows_is_guessed_counted_and_cited_only_where_it_stands_often(take: Take) -> None:
    rows = [row(str(number), team="IT Drift" if number else "Kari Moe") for number in range(7)]
    result = take(rows)
    assert "not known here, so guessed: team 7, 'IT Drift' 6" in result.stdout
    assert "Kari" not in result.output
    assert said(take([row("20", team="x")], "--json"))["unknown"] == {"team": 1}


def test_text_that_came_to_stand_for_a_label_is_never_cited(take: Take) -> None:
    result = take([row(str(number), team="Skriveren på rom 4 virker ikke, og ingen av oss vet hvorfor det er slik") for number in range(9)])
    assert "team 9\n" in result.stdout
    assert "rom 4" not in result.output
