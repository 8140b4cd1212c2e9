"""The only place that writes figures as people of a language read them: numbers, shares, times, days and weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isnan
from typing import Any

import pandas as pd

NOTHING = "–"
MINUTES_OF_HOUR, MINUTES_OF_DAY = 60, 24 * 60
LONG = 2 * MINUTES_OF_DAY
"""From so many minutes on a time is told in days."""


class Form(StrEnum):
    """What a figure is, and so how it is written."""

    TEXT = "text"
    COUNT = "count"
    MEAN = "mean"  # of counts: one decimal
    SHARE = "share"  # 0 to 1
    MINUTES = "minutes"  # on the wall clock
    OFFICE = "office"  # minutes in office hours: never told in days
    HOURS = "hours"
    DAY = "day"
    WEEK = "week"


def day(value: date) -> str:
    return f"{value:%Y-%m-%d}"


def week(value: date) -> str:
    """As ISO 8601 writes the week of a day."""
    return f"{value:%G-W%V}"


TIMES = (Form.MINUTES, Form.OFFICE, Form.HOURS)
WRITTEN: Mapping[Form, Callable[[Any], str]] = {Form.TEXT: str, Form.DAY: day, Form.WEEK: week}
"""Figures that are the same in every language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The words of the reports in one language; those of a figure are filled in by name."""

    words: Mapping[str, str]

    def said(self, key: str, **values: str | float) -> str:
        return self.words[key].format(**values)

    def written(self, value: Any, form: Form) -> str:
        """A figure in its form; a dash where there is none."""
        if value is None or value is pd.NaT or (isinstance(value, float) and isnan(value)):
            return NOTHING
        if form in WRITTEN:
            return WRITTEN[form](value)
        if form in TIMES:
            return self._time(value, form)
        if form is Form.SHARE:
            return self.said("percent", number=self._number(100 * value, 0))
        return self._number(value, 1 if form is Form.MEAN else 0)

    def change(self, now: float | None, usual: float | None, form: Form) -> str:
        """How far from usual, in per cent, and for shares in percentage points; a dash where it cannot be told."""
        if now is None or usual is None or isnan(now) or isnan(usual) or (form is not Form.SHARE and not usual):
            return NOTHING
        moved = 100 * (now - usual) if form is Form.SHARE else 100 * (now / usual - 1)
        sign = {-1: "−", 0: "±", 1: "+"}[(round(moved) > 0) - (round(moved) < 0)]
        return self.said("points" if form is Form.SHARE else "percent", number=f"{sign}{self._number(abs(moved), 0)}")

    def _time(self, value: float, form: Form) -> str:
        minutes = value * MINUTES_OF_HOUR if form is Form.HOURS else value
        if minutes < 1:
            return self.said("seconds", number=self._number(60 * minutes, 0))
        if minutes < MINUTES_OF_HOUR:
            return self.said("minutes", number=self._number(minutes, 0))
        if minutes < LONG or form is Form.OFFICE:
            return self.said("hours", number=self._number(minutes / MINUTES_OF_HOUR, 1))
        return self.said("days", number=self._number(minutes / MINUTES_OF_DAY, 1))

    def _number(self, value: float, decimals: int) -> str:
        plain = f"{value:,.{decimals}f}"
        signs: dict[str, str | int | None] = {",": self.words["thousands"], ".": self.words["decimal"], "-": "−"}
        return plain.translate(str.maketrans(signs))
