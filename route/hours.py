"""The only place that knows when people work: opening hours, public holidays, half days, summer time."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from models.errors import ProfileError
from models.hours import MINUTES_OF_DAY, Hours, Span
from models.profiles import Profile

DAY = timedelta(days=1)
FARTHEST = timedelta(days=400)
"""Open hours come every year; so many days without any are a mistake of the profile."""
NATIVE = {"NO": "no", "SE": "sv"}
"""The language of a country's own names for its holidays, as profiles write them."""
OWN_DATE = re.compile(r"(\d\d)-(\d\d)")
BESIDE_HOLIDAY = re.compile(r"(.+?)([+-]\d)?")
ANY_YEAR = 2024
LEAP_DAY = (2, 29)

Moments = tuple[datetime, datetime]


def clocks_of(profile: Profile) -> dict[str, OfficeHours]:
    """The profile's hours by name. `ProfileError` names the key where a country or a day is not known."""
    zone = ZoneInfo(profile.timezone)
    clocks: dict[str, OfficeHours] = {}
    for name, hours in profile.hours.items():
        try:
            _holidays_of(hours.country, ANY_YEAR)
            clocks[name] = OfficeHours(hours, zone)
            clocks[name].own_days(ANY_YEAR)
        except (NotImplementedError, ValueError) as error:  # the library's word for a country that it does not know; ours for a day
            raise ProfileError(profile.folder / "profile.toml", f"hours.{name}", str(error)) from error
    return clocks


class OfficeHours:
    """Open time on one organisation's clock. Moments come and go in UTC; days are the zone's own, 23 to 25 hours long."""

    def __init__(self, hours: Hours, zone: ZoneInfo) -> None:
        self._hours = hours
        self._zone = zone
        self._open = lru_cache(maxsize=1000)(self._open_on)
        self.own_days = lru_cache(maxsize=20)(self._own_days)

    def is_open(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self._open(self._day_of(at)))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself where people work then, else when they next begin."""
        return next(max(at, start) for start, end in self._spans_from(at) if at < end)

    def after(self, at: datetime, amount: timedelta) -> datetime:
        """The first moment at which so much open time has passed since `at`."""
        left = amount
        for start, end in self._spans_from(at):
            begin = max(start, at)
            if end - begin >= left:
                return begin + left
            left -= max(end - begin, timedelta())
        raise AssertionError("spans never end")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two moments; none where `end` is the earlier."""
        spans = self.spans(start, end)
        return sum((max(min(till, end) - max(since, start), timedelta()) for since, till in spans), timedelta())

    def spans(self, start: datetime, end: datetime) -> Iterator[Moments]:
        """Every open span of the days from one moment's to another's, whole, in order."""
        day, last = self._day_of(start), self._day_of(end)
        while day <= last:
            yield from self._open(day)
            day += DAY

    def _spans_from(self, at: datetime) -> Iterator[Moments]:
        """Every open span from the day of `at` on, without end."""
        day = latest = self._day_of(at)
        while day - latest < FARTHEST:
            spans = self._open(day)
            latest = day if spans else latest
            yield from spans
            day += DAY
        raise ValueError(f"nobody works for {FARTHEST.days} days after {latest}")

    def _open_on(self, day: date) -> tuple[Moments, ...]:
        return tuple((self._moment(day, span.opens), self._moment(day, span.closes)) for span in self._spans_of(day))

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        """A day of its own first, then a public holiday, then the week."""
        own = self.own_days(day.year)
        if day in own:
            return own[day]
        return () if day in _holidays_of(self._hours.country, day.year) else self._hours.week.get(day.weekday(), ())

    def _own_days(self, year: int) -> Mapping[date, tuple[Span, ...]]:
        """The dates of `days` in one year. `ValueError` where a day is neither a date nor beside a holiday."""
        found: dict[date, tuple[Span, ...]] = {}
        for key, spans in self._hours.days.items():
            for day in self._dates(key, year):
                found[day] = spans
        return found

    def _dates(self, key: str, year: int) -> list[date]:
        if own := OWN_DATE.fullmatch(key):
            month, day = int(own[1]), int(own[2])
            return [date(year, month, day)] if (month, day) != LEAP_DAY or isleap(year) else []
        beside = BESIDE_HOLIDAY.fullmatch(key)
        name, shift = (beside[1], int(beside[2] or 0)) if beside else (key, 0)
        years = (year - 1, year, year + 1)
        holidays = {day: names for near in years for day, names in _holidays_of(self._hours.country, near).items()}
        named = [day + DAY * shift for day, names in holidays.items() if name in names.split("; ")]
        if not named:
            known = ", ".join(sorted(set(holidays.values()))) or "none, for no country is given"
            raise ValueError(f"days: {key!r} is no date such as 12-24, and no public holiday: {known}")
        return [day for day in named if day.year == year]

    def _moment(self, day: date, minute: int) -> datetime:
        """A local minute of a day in UTC; one that summer time leaves out is the moment when clocks are put forward."""
        day, minute = day + DAY * (minute // MINUTES_OF_DAY), minute % MINUTES_OF_DAY
        return datetime.combine(day, time(minute // 60, minute % 60), self._zone).astimezone(UTC)

    def _day_of(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


@lru_cache(maxsize=100)
def _holidays_of(country: str, year: int) -> Mapping[date, str]:
    """By day, with the names in the country's own language. Whole before anybody sees it: the library's own calendar fills up as it is asked."""
    return dict(country_holidays(country, language=NATIVE.get(country), years=year)) if country else {}
