"""The only place where reports are built for the pages: one at a time, each once, kept while their figures hold."""

from __future__ import annotations

import tempfile
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from analyse.exports import Format, export
from analyse.listing import Listed, listed
from analyse.matter import matter_of
from analyse.periods import DAY, Period, last_whole_week, week_of
from analyse.report import report_of, report_page
from analyse.speech import week as week_name
from analyse.tables import Table
from models.pages import load_words
from models.profiles import Profile
from models.store import Store
from review.wired import Built, Days, Download

HOLDS_WHEN_OVER, HOLDS = timedelta(hours=12), timedelta(minutes=5)
"""Of days that are over little changes still: a case is moved, or opened again."""
MOST_KEPT = 16
MOST_WAITING = 4
"""Reports that are built or wait for it; whoever wants another asks again."""
MOST_DAYS = 3 * 366
OLDEST = date(2000, 1, 1)
WEEKS = 26
KINDS = {
    Format.CSV: ("zip", "application/zip"),
    Format.PARQUET: ("zip", "application/zip"),
    Format.EXCEL: ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A report as it was built, with its tables; after `until` it is built anew."""

    built: Built
    tables: Sequence[Table]
    until: datetime


class Press:
    """Builds in a thread of its own: whoever waits for a report holds up nobody else. Threads may share it."""

    def __init__(self, store: Store, profile: Profile, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._profile = profile
        self._clock = clock
        self._zone = ZoneInfo(profile.timezone)
        self._lock = threading.Lock()
        self._kept: OrderedDict[Days, Printed] = OrderedDict()
        self._building: dict[Days, Future[Printed]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="press")

    def days(self, week: str, since: str, until: str) -> Days:
        if week and (since or until):
            raise ValueError("a week and other days")
        if since or until:
            period = Period(first=date.fromisoformat(since), after=date.fromisoformat(until) + DAY, zone=self._zone)
        else:
            period = week_of(week, self._zone) if week else self._newest()
        if period.first < OLDEST or period.days > MOST_DAYS or period.since > self._clock():
            raise ValueError(f"no report of {period.days} days from {period.first}")
        return Days(first=period.first, after=period.after)

    def _newest(self) -> Period:
        """The newest week that is over; of a desk that is younger, the days that there were."""
        span, week = self._store.repeats.span(self._profile.name), last_whole_week(self._clock(), self._zone)
        if span is None or span[0] < week.until:
            return week
        return Period(first=week.after, after=self._clock().astimezone(self._zone).date() + DAY, zone=self._zone)

    def weeks(self) -> Sequence[str]:
        newest = last_whole_week(self._clock(), self._zone).first
        return [week_name(newest - 7 * place * DAY) for place in range(WEEKS)]

    def built(self, days: Days, wait: float) -> Built | None:
        printed = self._printed(days, wait)
        return printed.built if printed else None

    def tables(self, days: Days, form: str, wait: float) -> Download | None:
        kind, printed = Format(form), self._printed(days, wait)
        if printed is None:
            return None
        ending, media = KINDS[kind]
        last = days.after - DAY
        return Download(name=f"report-{days.first}-{last}-{kind}.{ending}", kind=media, content=_packed(printed.tables, kind))

    def _printed(self, days: Days, wait: float) -> Printed | None:
        with self._lock:
            kept = self._kept.get(days)
            if kept and self._clock() < kept.until:
                self._kept.move_to_end(days)
                return kept
            if days not in self._building and len(self._building) >= MOST_WAITING:
                return None
            job = self._building.get(days) or self._begun(days)
        try:
            return job.result(timeout=wait)
        except TimeoutError:
            return None

    def _begun(self, days: Days) -> Future[Printed]:
        """Under the lock; its end is noted by the thread that builds."""
        job = self._thread.submit(self._print, days)
        self._building[days] = job
        return job

    def _print(self, days: Days) -> Printed:
        try:
            printed = self._made(days)
            with self._lock:
                self._kept[days] = printed
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            return printed
        finally:
            with self._lock:
                del self._building[days]

    def _made(self, days: Days) -> Printed:
        words, now = load_words(self._profile.default_language), self._clock()
        period = Period(first=days.first, after=days.after, zone=self._zone)
        matter = matter_of(self._store, self._profile, period, words["report"], repeats=self._repeats())
        report = report_of(matter, now)
        page = report_page(report, matter)
        over = period.until <= now
        return Printed(
            built=Built(title=report.title, span=report.span, page=page.html, policy=page.policy),
            tables=report.tables,
            until=now + (HOLDS_WHEN_OVER if over else HOLDS),
        )

    def _repeats(self) -> list[Listed] | None:
        """As they were found last: seeking is the running program's work. None where nobody has sought yet."""
        shelf, name = self._store.repeats, self._profile.name
        if shelf.searched(name).at is None:
            return None
        accounts, sentences = shelf.accounts(name), load_words(self._profile.default_language)["automation"]
        return [listed(repeat, accounts[repeat.id], sentences) for repeat in shelf.found(name) if repeat.id in accounts]


def _packed(tables: Sequence[Table], form: Format) -> bytes:
    """The one file, or all of them in an archive."""
    with tempfile.TemporaryDirectory() as folder:
        files = export(tables, Path(folder), form)
        if len(files) == 1:
            return files[0].read_bytes()
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
        return packed.getvalue()
