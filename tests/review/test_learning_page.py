"""The page about learning: figures with their sources apart, trainings on demand, one click back to an earlier model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from classify.train import train
from classify.versions import Reason, Taking, keep_version, list_versions, take
from models.people import Noted, Role
from models.profiles import Profile
from models.store import Store
from models.training import TrainingState
from tests.support.cases import corpus
from tests.support.judged import judge, opened
from tests.support.mails import NOW
from tests.support.pages import Desk, all_noted, served


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def desk(siv: Profile, store: Store, place: Path) -> Iterator[Desk]:
    with served(siv, store, lambda site: replace(site, models=place)) as found:
        yield found


def fill(store: Store) -> None:
    """Ten by lot of which nine are right, ten doubtful of which four are; twenty that nobody saw."""
    for number, id in enumerate(opened(store, 10, sampled=True)):
        judge(store, id, meant={"team": "nett"} if number == 0 else None, text="Hemmelig skriver.")
    for number, id in enumerate(opened(store, 10, doubtful=True)):
        judge(store, id, meant={"team": "ehelse"} if number < 6 else None)
    opened(store, 20)


def two_models(profile: Profile, place: Path) -> tuple[str, str]:
    """The names of the one in use and of an earlier one."""
    names = [
        keep_version(place, *train(corpus(*fields), profile), {"trained_at": (NOW + timedelta(hours=number)).isoformat()})
        for number, fields in enumerate((("type",), ("type", "team")))
    ]
    for name in names:
        take(place, Taking(at=NOW, by="nightly", version=name, reason=Reason.NOT_WORSE, taken=True))
    return names[1], names[0]


def test_cases_by_lot_and_doubtful_ones_are_counted_apart(desk: Desk) -> None:
    fill(desk.store)
    page = desk.person("lea", Role.LEAD).text("/learning")
    assert "90\N{NO-BREAK SPACE}% <small>(9/10)</small>" in page
    assert "40\N{NO-BREAK SPACE}% <small>(4/10)</small>" in page
    assert "<strong>50\N{NO-BREAK SPACE}% <small>(20/40)</small></strong>" in page
    assert "Hemmelig" not in page


def test_an_empty_desk_has_a_page(desk: Desk) -> None:
    page = desk.person("lea", Role.LEAD).text("/learning")
    assert "Ingen modell er trent her ennå." in page
    assert "Ingen rettelser ennå." in page


def test_the_worst_confusions_lead_to_examples_and_each_look_is_noted(desk: Desk) -> None:
    fill(desk.store)
    browser = desk.person("lea", Role.LEAD)
    page = browser.text("/learning")
    assert page.index("meant=ehelse") < page.index("meant=nett")
    examples = browser.text("/learning/confusion?field=team&said=arbeidsplass&meant=nett")
    assert "Hemmelig skriver." in examples
    noted = [note for note in all_noted(desk.store) if note.what is Noted.CASE_SEEN]
    assert [(note.who, note.ticket) for note in noted] == [("lea", 1)]
    assert browser.get("/learning/confusion?field=password&said=a&meant=b").status_code == 404
    assert "Hemmelig" not in browser.text("/learning/confusion?field=team&said=&meant=")


def test_a_lead_asks_for_a_training_and_sees_how_far_it_is(desk: Desk) -> None:
    browser, training = desk.person("lea", Role.LEAD), desk.store.training
    assert browser.send("/learning/train").headers["location"] == "/learning#trainings"
    id = training.claim("siv", desk.clock())
    assert id is not None
    training.tell(id, "team", 0.4, desk.clock())
    page = browser.text("/learning")
    assert '<progress max="1" value="0.4"' in page
    assert "data-follow" in browser.text("/learning/trainings")
    training.end(id, TrainingState.ASIDE, desk.clock(), version="abc", why=Reason.WORSE_ON_OWN)
    page = browser.text("/learning")
    assert "dårligere på egne saker" in page
    assert "data-follow" not in page


def test_one_click_takes_an_earlier_model_into_use(desk: Desk, siv: Profile, place: Path) -> None:
    newer, older = two_models(siv, place)
    browser = desk.person("lea", Role.LEAD)
    assert f'action="/learning/models/{older}"' in browser.text("/learning")
    assert browser.send(f"/learning/models/{older}").status_code == 303
    assert {version.name: version.in_use for version in list_versions(place)} == {newer: False, older: True}
    assert "valgt av et menneske, lea" in browser.text("/learning")
    noted = all_noted(desk.store)
    assert (noted[-1].what, noted[-1].about) == (Noted.MODEL_CHANGED, f"model {older}")
    assert browser.send("/learning/models/nothing").status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ANALYST])
def test_it_is_for_leads_and_those_who_run_the_desk(desk: Desk, role: Role) -> None:
    browser = desk.person("nils", role, teams=frozenset({"nett"}))
    assert browser.get("/learning").status_code == 403
    assert browser.send("/learning/train").status_code == 403
    assert "/learning" not in browser.text("/")


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "en"])
def test_every_language_has_all_its_words(desk: Desk, siv: Profile, place: Path, language: str) -> None:
    two_models(siv, place)
    fill(desk.store)
    browser = desk.person("lea", Role.LEAD)
    browser.send("/language", language=language)
    assert f'<html lang="{language}">' in browser.text("/learning")
