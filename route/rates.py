"""The only place that knows how many incidents a desk expects at which hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

HOURS_OF_DAY, HOURS_OF_WEEK = 24, 168
SATURDAY = 5 * HOURS_OF_DAY
"""The first hour of the week that is not a working day's."""
HOUR = timedelta(hours=1)
DAYS_OF_MONTH = 30
STEADY = 4.0
"""Weeks that what is expected beforehand weighs: after so many weeks an hour's own count weighs as much."""
LIKELY_NONE = 1.0
"""Incidents that every service, and the desk, is counted to have had on top: nothing is impossible."""

Hourly = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The time that was observed."""

    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Incidents expected in an hour, by service and hour of the week on the zone's clock; never zero.

    `by_hour` has a row for each service, in the order of `services`, and a last one for services that were never seen.
    """

    services: tuple[str, ...]
    by_hour: NDArray[np.float64]
    zone: ZoneInfo

    @classmethod
    def learn(cls, past: Iterable[tuple[datetime, str]], period: Period, zone: ZoneInfo) -> Rates:
        """From when the past incidents of that period came, and about what.

        What was seldom seen is taken for what is usual: a service at an hour for the service's share of the desk at that hour, the desk at an hour for
        the same hour on other days, that for the desk's mean. Take surges out first, but for one incident of each.
        """
        seen = list(past)
        services = tuple(sorted({service for _, service in seen}))
        weeks = _weeks(period, zone)
        counts = np.zeros((len(services) + 1, HOURS_OF_WEEK))
        np.add.at(counts, ([services.index(service) for _, service in seen], [_hour_of_week(at, zone) for at, _ in seen]), 1)
        desk = _desk(counts.sum(axis=0), weeks)
        shares = (counts.sum(axis=1) + LIKELY_NONE) / (len(seen) + LIKELY_NONE * len(counts))
        by_hour = (counts + STEADY * shares[:, None] * desk) / (weeks + STEADY)
        return cls(services=services, by_hour=by_hour, zone=zone)

    def expected(self, period: Period) -> Mapping[str, float]:
        """Incidents in that time, by service."""
        total = np.zeros(len(self.services) + 1)
        for start, end in _hours(period):
            total += self.by_hour[:, _hour_of_week(start, self.zone)] * ((end - start) / HOUR)
        return dict(zip((*self.services, ""), total.tolist(), strict=True))

    @cached_property
    def a_month(self) -> float:
        """Incidents of the whole desk."""
        return float(self.by_hour.sum() * DAYS_OF_MONTH * HOURS_OF_DAY / HOURS_OF_WEEK)


def _desk(counts: Hourly, weeks: Hourly) -> Hourly:
    """Incidents an hour of the whole desk."""
    mean = (counts.sum() + LIKELY_NONE) / (weeks.sum() + 1)
    usual = np.concatenate([_usual(counts[days], weeks[days], mean) for days in (slice(SATURDAY), slice(SATURDAY, None))])
    return np.asarray((counts + STEADY * usual) / (weeks + STEADY))


def _usual(counts: Hourly, weeks: Hourly, mean: float) -> Hourly:
    """The same hour on all working days, or on all other days."""
    days = len(counts) // HOURS_OF_DAY
    rates = (counts.reshape(days, -1).sum(axis=0) + STEADY * mean) / (weeks.reshape(days, -1).sum(axis=0) + STEADY)
    return np.tile(rates, days)


def _weeks(period: Period, zone: ZoneInfo) -> Hourly:
    """How often each hour of the week was observed."""
    times = np.zeros(HOURS_OF_WEEK)
    for start, end in _hours(period):
        times[_hour_of_week(start, zone)] += (end - start) / HOUR
    return times


def _hours(period: Period) -> Iterator[tuple[datetime, datetime]]:
    """The period cut at full hours."""
    start = period.since.astimezone(UTC)
    while start < period.until:
        end = min(start.replace(minute=0, second=0, microsecond=0) + HOUR, period.until)
        yield start, end
        start = end


def _hour_of_week(at: datetime, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return local.weekday() * HOURS_OF_DAY + local.hour
