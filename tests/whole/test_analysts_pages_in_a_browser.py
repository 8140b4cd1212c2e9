"""Solutions, repeat problems and the report as people use them: in Chromium, light and dark, narrow and wide, by keyboard, with script and without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from models.people import Role
from models.profiles import Profile
from models.solutions import SolutionId, SolutionState
from models.store import open_store
from review.wired import Days
from run.seeking import seek_again
from tests.support.browsing import broken_rules, faults, signed_in
from tests.support.diary import busy_weeks
from tests.support.pages import Desk, served, wired
from tests.support.repeated import fault, ordinary

NOW = datetime(2026, 2, 24, 13, tzinfo=UTC)
WEEK = Days(first=date(2026, 2, 16), after=date(2026, 2, 23))
PATHS = ("/solutions", "/solutions/L-1", "/repeats", "/repeats/{repeat}", "/analyse")
LANGUAGES = ("nb", "nn", "sv", "en")


@pytest.fixture(scope="module")
def desk(siv: Profile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('desk') / 'saksgang.db'}")
    busy_weeks(store)
    ordinary(store)
    fault(store)
    store.solutions.judge("siv", SolutionId(1), SolutionState.CONFIRMED)
    fault(store, "Klienten ble rullet tilbake til forrige versjon.")
    assert seek_again(store, siv, NOW)
    with served(siv, store, wired) as found:
        found.clock.now = NOW
        assert found.site.reports
        assert found.site.reports().built(WEEK, 60)
        yield found
    store.close()


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    """Of a lead who is an analyst too."""
    with signed_in(browser, desk, "lea", Role.LEAD, Role.ANALYST) as found:
        yield found


def open_page(page: Page, desk: Desk, path: str) -> None:
    [repeat, *_] = desk.store.repeats.found("siv")
    page.goto(desk.address + path.format(repeat=f"R-{repeat.id}"))


@pytest.mark.parametrize("path", PATHS)
def test_a_page_breaks_no_rule_in_light_and_dark_narrow_and_wide(page: Page, desk: Desk, path: str) -> None:
    open_page(page, desk, path)
    assert faults(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_every_language(browser: Browser, desk: Desk, language: str) -> None:
    with signed_in(browser, desk, "lea", Role.LEAD, Role.ANALYST, language=language) as page:
        headings = []
        for path in PATHS:
            open_page(page, desk, path)
            expect(page.locator("h1")).to_have_count(1)
            assert page.get_attribute("html", "lang") == language
            headings.append(page.inner_text("h1"))
        assert len(set(headings)) == len(PATHS)


def test_a_lead_confirms_and_rewrites_by_the_keyboard_alone(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.address}/solutions/L-2")
    reach(page, "Bekreft for team")
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_have_text("bekreftet")
    page.get_by_label("Skriv løsningen på nytt").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Rull klienten tilbake til forrige versjon.")
    reach(page, "Lagre ny versjon")
    page.keyboard.press("Enter")
    expect(page.locator(".solution")).to_have_text("Rull klienten tilbake til forrige versjon.")
    expect(page.locator(".versions li")).to_have_count(2)


def reach(page: Page, words: str) -> None:
    """Tab until the button has the focus, which must be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{words} cannot be reached")


def test_without_script_a_repeat_is_named_and_the_report_is_read(browser: Browser, desk: Desk) -> None:
    with signed_in(browser, desk, "lea", Role.LEAD, Role.ANALYST, java_script_enabled=False) as page:
        open_page(page, desk, "/repeats/{repeat}")
        page.get_by_label("Navn").fill("Svart MetaVision")
        page.get_by_role("button", name="Lagre").click()
        expect(page.locator("h1")).to_contain_text("Svart MetaVision")
        page.goto(f"{desk.address}/analyse?week=2026-W08")
        expect(page.frame_locator("iframe.report").locator("h1")).to_have_text("Ukerapport 2026-W08")


def test_the_reports_frame_is_as_high_as_the_report_and_its_pictures_have_colours(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.address}/analyse?week=2026-W08")
    inside = page.frame_locator("iframe.report")
    expect(inside.locator("figure svg").first).to_be_visible()
    frame = page.frame(url="**/analyse/report**")
    assert frame
    page.wait_for_function("document.querySelector('iframe.report').getBoundingClientRect().height > 2000")
    assert not frame.evaluate("document.documentElement.scrollHeight > document.documentElement.clientHeight + 2")
    black = "[...document.querySelectorAll('svg text')].filter(one => getComputedStyle(one).fill === 'rgb(0, 0, 0)').length"
    assert frame.evaluate(black) == 0
    assert broken_rules(frame) == []


def test_a_week_is_chosen_and_its_tables_are_downloaded(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.address}/analyse")
    page.locator("select[name=week]").select_option("2026-W07")
    page.get_by_role("button", name="Vis uken").click()
    page.wait_for_selector("iframe.report", timeout=30_000)
    assert "week=2026-W07" in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename == "report-2026-02-09-2026-02-15-excel.xlsx"
