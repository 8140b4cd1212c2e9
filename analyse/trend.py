"""The only place that says whether a matter grows: by its cases a week, beyond what the season brings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from analyse.traits import Numbers
from models.repeats import Direction, Trend

WEEK = timedelta(days=7)
WEEKS = 12
"""The weeks looked at: longer than any holiday, shorter than half a year."""
YEAR = 52
SURE = 2.0
"""A slope of so many standard errors is no chance."""


def trend_of(came: Sequence[datetime], since: datetime, until: datetime) -> Trend:
    """The slope of the last twelve weekly counts before `until`. `since`: from when on cases are known at all.

    Where a year more is known, the same weeks of the year before are taken off: what returns every August is no growth.
    The standard error takes counts for as scattered as chance makes them (Poisson).
    """
    counts = _weekly(came, until)
    spread = counts.mean()
    if since <= until - (YEAR + WEEKS) * WEEK:
        before = _weekly(came, until - YEAR * WEEK)
        counts, spread = counts - before, spread + before.mean()
    weeks = np.arange(WEEKS) - (WEEKS - 1) / 2
    slope = float(weeks @ counts / (weeks @ weeks))
    error = math.sqrt(max(float(spread), 1 / WEEKS) / float(weeks @ weeks))
    if abs(slope) < SURE * error:
        return Trend(direction=Direction.STEADY, a_week=slope)
    return Trend(direction=Direction.RISING if slope > 0 else Direction.FALLING, a_week=slope)


def _weekly(came: Sequence[datetime], until: datetime) -> Numbers:
    """Cases in each of the twelve weeks, the oldest first."""
    back = [int((until - at) / WEEK) for at in came if at <= until]
    return np.bincount([WEEKS - 1 - weeks for weeks in back if weeks < WEEKS], minlength=WEEKS).astype(float)
