"""The report as people see it: opened in Chromium from a file, in light, in dark, narrow and on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from models.store import open_store
from run.cli import saksgang
from tests.support.browsing import TOO_WIDE, UNFOLD, opened
from tests.support.diary import busy_weeks

WITHOUT_NAME = """
[...document.querySelectorAll('svg, [role=region], table, nav, summary')]
  .filter(one => !(one.getAttribute('aria-label') || one.textContent.trim())).map(one => one.outerHTML.slice(0, 80))
"""
UNREACHABLE = """
[...document.querySelectorAll('*')]
  .filter(one => one.scrollWidth > one.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && one.tabIndex < 0)
  .map(one => one.outerHTML.slice(0, 80))
"""
"""What can be scrolled must be reached from the keyboard (WCAG 2.1.1)."""
BLACK_ON_NOTHING = "[...document.querySelectorAll('svg text')].filter(one => getComputedStyle(one).fill === 'rgb(0, 0, 0)').length"
CLIPPED = """
[...document.querySelectorAll('svg')].flatMap(picture => [...picture.querySelectorAll('text')].filter(text => {
  const [outer, inner] = [picture.getBoundingClientRect(), text.getBoundingClientRect()];
  return inner.left < outer.left - 2 || inner.right > outer.right + 2 || inner.top < outer.top - 2 || inner.bottom > outer.bottom + 2;
}).map(text => text.textContent))
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    store = open_store(f"sqlite:///{home / 'saksgang.db'}")
    busy_weeks(store)
    store.close()
    words = ["report", "--profile", "siv", "--week", "2026-W07", "--out", str(home / "page.html")]
    answer = CliRunner(env={"SAKSGANG_HOME": str(home), "SAKSGANG_DATABASE": None}).invoke(saksgang, words)
    assert answer.exit_code == 0, answer.output
    return home / "page.html"


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The report, opened with no network: it asks for nothing but itself."""
    with opened(browser, file.as_uri(), offline=True, viewport={"width": 1000, "height": 1200}) as found:
        found.goto(file.as_uri())
        yield found


def test_the_report_opens_offline_with_every_picture_drawn(page: Page) -> None:
    assert page.title().startswith("Ukerapport 2026-W07")
    sizes = [picture.bounding_box() for picture in page.query_selector_all("figure svg")]
    assert len(sizes) >= 8
    assert all(size and size["width"] > 250 and size["height"] > 60 for size in sizes)


def test_everything_has_a_name_and_can_be_reached_from_the_keyboard(page: Page) -> None:
    page.evaluate(UNFOLD)
    assert page.evaluate(WITHOUT_NAME) == []
    assert page.evaluate(UNREACHABLE) == []
    assert page.evaluate("document.documentElement.lang") == "nb"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_take_the_colours_of_the_page(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(21, 24, 28)" if scheme == "dark" else "rgb(255, 255, 255)")
    assert page.evaluate(BLACK_ON_NOTHING) == 0, "no word keeps a colour of its own"


def test_no_word_is_cut_off_in_a_picture(page: Page) -> None:
    assert page.evaluate(CLIPPED) == []


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_the_page_fits_every_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(UNFOLD)
    assert page.evaluate(TOO_WIDE) == []


def test_on_paper_it_is_light_and_few_pages(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()") == "#ffffff"
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert 2 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") + printed.count(b"/Type /Page/") <= 8


def test_the_page_is_read_in_the_order_in_which_it_is_seen(page: Page) -> None:
    """Sections lie beside each other on a wide screen; what comes first in the text is never below what comes later."""
    tops = json.loads(
        page.evaluate("JSON.stringify([...document.querySelectorAll('h1, h2, h3')].map(one => one.getBoundingClientRect().top))")
    )
    assert tops == sorted(tops)
