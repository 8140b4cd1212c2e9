"""The only place that knows days and weeks: stretches of time on an organisation's clock, from one local midnight to another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `first` up to `after`, which is not one of them, on the clock of a zone."""

    first: date
    after: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if not self.first < self.after:
            raise ValueError(f"a period from {self.first} to {self.after} holds no day")

    @property
    def since(self) -> datetime:
        return _midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        return _midnight(self.after, self.zone)

    @property
    def days(self) -> int:
        return (self.after - self.first).days

    @property
    def last(self) -> date:
        return self.after - DAY

    @property
    def is_week(self) -> bool:
        return self.days == WEEK.days and self.first.weekday() == 0

    def before(self, weeks: int) -> Period:
        """The weeks that lie just ahead of it."""
        return replace(self, first=self.first - weeks * WEEK, after=self.first)

    def whole_weeks(self, fewest: int) -> Period:
        """ISO weeks up to its end, as many as it spans and never fewer than said; the week that it ends in only where it is over."""
        after = monday_of(self.after)
        return replace(self, first=min(monday_of(self.first), after - fewest * WEEK), after=after)


def week_of(written: str, zone: ZoneInfo) -> Period:
    """The week that is written so: `2026-W07` (ISO 8601). `ValueError` where it is none."""
    monday = date.fromisoformat(f"{written}-1")
    return Period(first=monday, after=monday + WEEK, zone=zone)


def last_whole_week(now: datetime, zone: ZoneInfo) -> Period:
    """The newest week that is over."""
    after = monday_of(now.astimezone(zone).date())
    return Period(first=after - WEEK, after=after, zone=zone)


def monday_of(day: date) -> date:
    return day - day.weekday() * DAY


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
