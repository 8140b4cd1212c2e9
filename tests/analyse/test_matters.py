"""What words stand for one thing: the same in every language of the desks."""

from __future__ import annotations

import pytest

from analyse.matters import SIGNS, THINGS, matter_finder
from analyse.traits import traits_of
from models.terms import column_of
from tests.support.faults_told import case


@pytest.mark.parametrize(
    ("kind", "matter", "texts"),
    [
        (THINGS, "printer", ("skriveren på vaktrommet", "skrivaren står", "skrivarna på avdelningen", "the printer here")),
        (THINGS, "wireless", ("det trådløse nettet", "trådlaust nett", "trådlösa nätet", "no wifi")),
        (THINGS, "laboratory", ("prøvesvarene kommer ikke", "provsvaren syns inte", "laboratory results")),
        (SIGNS, "blank", ("hvit skjerm", "kritvitt", "tomt felt", "an empty pane")),
        (SIGNS, "slow", ("svært tregt", "otroligt långsamt", "very slow")),
        (SIGNS, "down", ("alt er nede", "allt ligger nere", "everything is down")),
    ],
)
def test_a_matter_is_found_in_every_language(kind: str, matter: str, texts: tuple[str, ...]) -> None:
    assert [text for text in texts if (kind, matter) not in matter_finder().find(text)] == []


@pytest.mark.parametrize(
    ("text", "codes"), [("posten 6C", ["6c"]), ("feil 502", ["502"]), ("modell T14", ["t14"]), ("klokka 10 den 3.", [])]
)
def test_wards_error_numbers_and_models_are_codes_and_hours_are_none(text: str, codes: list[str]) -> None:
    assert traits_of(case(1, text))["codes"].tolist() == [column_of(code) for code in codes]
