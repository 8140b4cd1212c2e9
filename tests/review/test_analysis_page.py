"""The page of the report: of which days, under which policy a browser shows it, what is downloaded, and that nothing is built twice."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from models.people import Noted, Role
from models.profiles import Profile
from models.store import Store, open_store
from review.wired import Built, Days
from run.press import Press
from tests.support.diary import busy_weeks
from tests.support.mails import SCENE, new_ticket, raw
from tests.support.pages import Browser, Desk, all_noted, served, wired

NOW = datetime(2026, 2, 16, 9, tzinfo=UTC)
WEEK = Days(first=date(2026, 2, 9), after=date(2026, 2, 16))
ENOUGH = 60.0


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('busy') / 'saksgang.db'}")
    busy_weeks(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def desk(siv: Profile, busy: Store) -> Iterator[Desk]:
    with served(siv, busy, wired) as found:
        found.clock.now = NOW
        yield found


@pytest.fixture(scope="module")
def analyst(desk: Desk) -> Browser:
    browser = desk.person("ana", Role.ANALYST)
    assert desk.site.reports
    assert desk.site.reports().built(WEEK, ENOUGH), "the first report takes longest: matplotlib is read"
    return browser


def test_of_a_desk_in_its_first_week_the_days_so_far_are_shown(siv: Profile, store: Store) -> None:
    [id] = store.mails.keep([raw()])
    store.tickets.record([new_ticket(id)], SCENE)
    press = Press(store, siv, lambda: SCENE.now + timedelta(days=2))
    assert press.days("", "", "") == Days(first=date(2026, 3, 2), after=date(2026, 3, 5))


def test_the_newest_week_that_is_over_is_shown_where_nothing_is_asked(analyst: Browser) -> None:
    page = analyst.text("/analyse")
    assert "Ukerapport 2026-W07" in page
    assert 'src="/analyse/report?"' in page
    assert '<option value="2026-W07" selected>' in page


def test_days_stand_in_the_address(analyst: Browser, desk: Desk) -> None:
    assert desk.site.reports
    assert desk.site.reports().built(Days(first=date(2026, 1, 12), after=date(2026, 2, 1)), ENOUGH)
    page = analyst.text("/analyse?since=2026-01-12&until=2026-01-31")
    assert "since=2026-01-12&amp;until=2026-01-31" in page
    assert 'value="2026-01-31"' in page


@pytest.mark.parametrize(
    "query",
    ["week=2026-W99", "week=x", "since=2026-01-01", "until=2026-01-01", "since=2026-02-01&until=2026-01-01", "since=0001-01-01&until=0001-02-01",
     "since=2026-05-01&until=2026-05-02", "since=2010-01-01&until=2026-01-01", "week=2026-W07&since=2026-01-01", "since=9999-12-31&until=9999-12-31"],
)  # fmt: skip
def test_days_that_are_none_are_told(analyst: Browser, query: str) -> None:
    answer = analyst.get(f"/analyse?{query}")
    assert answer.status_code == 422
    assert "Velg en uke" in answer.text
    assert analyst.get(f"/analyse/tables?{query}&form=csv").status_code == 422


def test_the_report_is_shown_under_a_policy_that_names_its_own_style_alone(analyst: Browser) -> None:
    answer = analyst.get("/analyse/report?week=2026-W07")
    policy = answer.headers["content-security-policy"]
    [style] = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy + answer.text
    assert " style=" not in answer.text
    assert "<script" not in answer.text
    assert "frame-ancestors 'none'" in analyst.get("/analyse").headers["content-security-policy"]


def test_tables_come_as_files_for_other_programs(analyst: Browser) -> None:
    csv = analyst.get("/analyse/tables?week=2026-W07&form=csv")
    assert csv.headers["content-disposition"] == 'attachment; filename="report-2026-02-09-2026-02-15-csv.zip"'
    assert "key_figures.csv" in zipfile.ZipFile(io.BytesIO(csv.content)).namelist()
    parquet = zipfile.ZipFile(io.BytesIO(analyst.get("/analyse/tables?week=2026-W07&form=parquet").content))
    assert len(pd.read_parquet(io.BytesIO(parquet.read("key_figures.parquet"))))
    excel = analyst.get("/analyse/tables?week=2026-W07&form=excel")
    assert pd.ExcelFile(io.BytesIO(excel.content)).sheet_names
    assert analyst.get("/analyse/tables?week=2026-W07&form=exe").status_code == 422


def test_who_is_no_analyst_and_no_lead_has_no_way_in(desk: Desk) -> None:
    member = desk.person("nils", Role.MEMBER, teams=frozenset({"nett"}))
    assert [member.get(path).status_code for path in ("/analyse", "/analyse/report", "/analyse/tables?form=csv")] == [403] * 3


def test_looks_and_downloads_are_noted(analyst: Browser, desk: Desk) -> None:
    analyst.get("/analyse/report?week=2026-W07")
    analyst.get("/analyse/tables?week=2026-W07&form=excel")
    found = [(note.what, note.about) for note in all_noted(desk.store) if note.who == "ana"]
    assert found[-2:] == [(Noted.REPORT_SEEN, "2026-02-09 2026-02-16"), (Noted.EXPORTED, "2026-02-09 2026-02-16")]


def test_a_report_is_built_once_however_many_ask_and_meanwhile_says_so(siv: Profile, busy: Store) -> None:
    asked, gate = list[datetime](), threading.Event()

    def clock() -> datetime:
        """Asked once as a report is begun, by the thread that builds it: there it waits."""
        if threading.current_thread().name.startswith("press"):
            asked.append(NOW)
            assert gate.wait(ENOUGH)
        return NOW

    press, found = Press(busy, siv, clock), list[Built | None]()
    assert press.built(WEEK, 0.05) is None
    assert press.tables(WEEK, "csv", 0.05) is None
    waiting = [threading.Thread(target=lambda: found.append(press.built(WEEK, ENOUGH))) for _ in range(4)]
    for thread in waiting:
        thread.start()
    gate.set()
    for thread in waiting:
        thread.join()
    assert len(asked) == 1
    assert len(found) == 4
    assert all(one is found[0] and one is not None for one in found)
    assert press.built(WEEK, 0.05) is found[0], "a week that is over is kept"
