"""The page about learning as people see it: in Chromium, light and dark, narrow and wide, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from classify.train import train
from classify.versions import Reason, Taking, keep_version, list_versions, take
from models.people import Role
from models.profiles import Profile
from models.store import open_store
from models.training import TrainingState
from tests.support.browsing import faults, signed_in
from tests.support.cases import corpus
from tests.support.judged import judge, opened
from tests.support.mails import NOW
from tests.support.pages import Desk, served


@pytest.fixture(scope="module")
def place(siv: Profile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models, the later one in use."""
    folder = tmp_path_factory.mktemp("models")
    for number, fields in enumerate((("type",), ("type", "team"))):
        facts = {"trained_at": (NOW + timedelta(hours=number)).isoformat(), "contest": {"own": CONTEST}}
        name = keep_version(folder, *train(corpus(*fields), siv), facts)
        take(folder, Taking(at=NOW, by="nightly", version=name, reason=Reason.NOT_WORSE, taken=True))
    return folder


CONTEST = {"mails": 60, "champion": {"team": 0.7}, "challenger": {"team": 0.8}}


@pytest.fixture(scope="module")
def desk(siv: Profile, place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('home') / 'saksgang.db'}")
    for week in range(4):
        at = NOW - timedelta(weeks=week)
        for number, id in enumerate(opened(store, 6, sampled=True, at=at)):
            judge(store, id, meant={"team": "nett"} if number == 0 else None, at=at)
        for id in opened(store, 3, doubtful=True, at=at):
            judge(store, id, meant={"priority": 4}, at=at)
        opened(store, 10, at=at, language="nn")
    store.training.ask("siv", "lea", NOW)
    with served(siv, store, lambda site: replace(site, models=place)) as found:
        yield found
    store.close()


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    with signed_in(browser, desk, "lea", Role.LEAD) as found:
        found.goto(f"{desk.address}/learning")
        yield found


@pytest.mark.parametrize("path", ["/learning", "/learning/confusion?field=team&said=arbeidsplass&meant=nett"])
def test_everybody_can_read_it(page: Page, desk: Desk, path: str) -> None:
    page.goto(desk.address + path)
    assert faults(page) == []


def test_the_picture_is_drawn_and_its_table_says_the_same(page: Page) -> None:
    picture = page.get_by_role("img", name="Kvalitet over tid")
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert picture.locator("g.line1 circle").count() == 4
    table = page.get_by_role("table", name="Kvalitet uke for uke")
    assert table.get_by_role("row").count() == 13
    assert "83\N{NO-BREAK SPACE}% (5/6)" in table.inner_text()


def test_by_keyboard_alone_an_earlier_model_is_taken(page: Page, place: Path) -> None:
    earlier = next(version.name for version in list_versions(place) if not version.in_use)
    button = page.get_by_role("button", name=f"Ta i bruk modell {earlier}")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").filter(has_text=earlier).first).to_contain_text("i bruk")
    assert next(version.in_use for version in list_versions(place) if version.name == earlier)


def test_a_training_that_waits_cannot_be_asked_for_again(page: Page) -> None:
    expect(page.get_by_role("button", name="Lær av rettelsene nå")).to_be_disabled()
    expect(page.get_by_role("progressbar")).to_be_visible()


def test_the_page_follows_a_training_until_it_ends(page: Page, desk: Desk) -> None:
    training = desk.store.training
    id = training.claim("siv", desk.clock())
    assert id is not None
    training.tell(id, "team", 0.4, desk.clock())
    expect(page.get_by_text("40\N{NO-BREAK SPACE}%").last).to_be_visible(timeout=20_000)
    training.end(id, TrainingState.ASIDE, desk.clock(), version="abc", why=Reason.WORSE_ON_OWN)
    expect(page.get_by_text("dårligere på egne saker")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Lær av rettelsene nå")).to_be_enabled()
    training.ask("siv", "lea", desk.clock())
