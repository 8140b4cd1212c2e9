"""`make pictures`: the only place that takes the pictures of pages in docs/pictures, in Chromium, over sample mails that the shipped model judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from models.people import Role
from models.profiles import DATA, Profile, load_profile
from models.solutions import SolutionId, SolutionState
from models.store import open_store
from review.wired import Days
from run.later import press_of
from run.parts import find_chromium
from run.sandbox import first_sampled_profile
from run.seeking import seek_again
from run.settings import TRAINED
from run.wire import find_model
from tests.support.diary import busy_weeks
from tests.support.filled import come_in, go_wrong, pipeline_desk
from tests.support.pages import Desk, served, wired
from tests.support.repeated import fault

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WIDTH = 1180
SAMPLES = 40
AT_WORK = {"queue": ("/queue", 900), "cases": ("/cases", 760), "case": ("/cases/SIV-2", 1050)}
"""By picture the page and how high it is shown."""
REPEATING = {"repeats": ("/repeats", 620)}
ANALYSED = {"solution": ("/solutions/L-2", 760), "analyse": ("/analyse?week=2026-W07", 900)}
WEEK = Days(first=date(2026, 2, 9), after=date(2026, 2, 16))
LONGEST = 60.0
"""Seconds for a report."""
AFTERWARDS, LAST = datetime(2026, 2, 24, 13, tzinfo=UTC), datetime(2025, 12, 22, 9, tzinfo=UTC)


def main() -> None:
    profile, chromium = load_profile(first_sampled_profile()), find_chromium()
    assert chromium
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program, env=dict(chromium.environment), args=["--no-sandbox", "--disable-gpu"]
        )
        for pages, shown in (
            (_at_work(profile, Path(folder)), AT_WORK),
            (_analysed(profile, Path(folder)), ANALYSED),
            (_repeating(profile, Path(folder)), REPEATING),
        ):
            with pages as desk:
                _take(desk, browser, shown)
        browser.close()


@contextmanager
def _at_work(profile: Profile, home: Path) -> Iterator[Desk]:
    """A desk to which the sample mails came just now."""
    store = open_store(f"sqlite:///{home / 'work.db'}")
    desk = pipeline_desk(profile, store, home, model=find_model(profile, TRAINED, print))
    come_in(desk, [file.read_bytes() for file in sorted((DATA / "samples" / profile.name).glob("*.eml"))[:SAMPLES]])
    go_wrong(desk)
    with served(profile, store) as pages:
        pages.clock.now = datetime.now(UTC)
        yield pages
    store.close()


@contextmanager
def _analysed(profile: Profile, home: Path) -> Iterator[Desk]:
    """A desk with some weeks behind it, and solutions."""
    store = open_store(f"sqlite:///{home / 'weeks.db'}")
    busy_weeks(store, profile.name)
    fault(store)
    store.solutions.judge(profile.name, SolutionId(1), SolutionState.CONFIRMED)
    fault(store, "Klienten ble rullet tilbake til forrige versjon.")
    with served(profile, store, wired) as pages:
        pages.clock.now = AFTERWARDS
        press_of(store, profile, pages.clock)().built(WEEK, LONGEST)
        yield pages
    store.close()


@contextmanager
def _repeating(profile: Profile, home: Path) -> Iterator[Desk]:
    """A desk that took two years of held-out mails over."""
    rows = [json.loads(line) for line in (DATA / "held-out" / profile.name / "f2.jsonl").read_text(encoding="utf-8").splitlines()]
    file = home / "rows.jsonl"
    file.write_text("".join(json.dumps(row | {"opened": row["date"]}) + "\n" for row in rows), encoding="utf-8")
    environment = os.environ | {"SAKSGANG_HOME": str(home), "SAKSGANG_TRAINED": str(TRAINED)}
    subprocess.run([sys.executable, "-m", "run", "import", str(file), "--profile", profile.name], env=environment, check=True)
    store = open_store(f"sqlite:///{home / 'saksgang.db'}")
    seek_again(store, profile, LAST)
    with served(profile, store, wired) as pages:
        pages.clock.now = LAST
        yield pages
    store.close()


def _take(desk: Desk, browser: Browser, shown: Mapping[str, tuple[str, int]]) -> None:
    person = desk.hire("lea", Role.LEAD, Role.ANALYST)
    token = desk.store.people.begin_session(person.id, desk.clock(), desk.clock() + timedelta(hours=9))
    with browser.new_context(viewport={"width": WIDTH, "height": 800}, locale="nb") as context:
        context.add_cookies([{"name": "saksgang", "value": token, "url": desk.address}])
        page = context.new_page()
        for name, (path, height) in shown.items():
            page.set_viewport_size({"width": WIDTH, "height": height})
            page.goto(f"{desk.address}{path}")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
            print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
