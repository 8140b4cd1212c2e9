"""The only place that measures how long cases take: on the wall clock, in office hours, and against their due times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyse.courses import SOLVED
from analyse.periods import Period
from models.profiles import Profile
from route.hours import OfficeHours, clocks_of

MINUTE = 60
HIGH = 0.9
"""The share of cases that take at most the time called p90."""

Clocks = Mapping[int, OfficeHours]
"""The hours in which a priority's due time is counted."""


def clocks_by_priority(profile: Profile) -> Clocks:
    """None for a priority that has no due time: nobody said in which hours it counts."""
    clocks = clocks_of(profile)
    return {int(level): clocks[deadline.hours] for level, deadline in profile.deadlines.items()}


def durations(tickets: pd.DataFrame, stages: pd.DataFrame, clocks: Clocks) -> pd.DataFrame:
    """Each stage with how long it took from the case's opening: `minutes` on the wall clock, `office_minutes` in its priority's hours.

    Time in which the reporter was asked counts in both. `in_time` is told of solutions whose case has a due time, by the due time as
    it stands now, which time of waiting for the reporter has put off.
    """
    known = tickets[["ticket", "opened", "due", "priority", "type", "service", "team"]]
    rows = stages.merge(known, on="ticket", validate="many_to_one")
    office = pd.Series(np.nan, index=rows.index)
    for priority, clock in clocks.items():
        mine = rows["priority"] == priority
        office[mine] = office_minutes(clock, rows.loc[mine, "opened"], rows.loc[mine, "at"])
    due = (rows["stage"] == SOLVED) & rows["due"].notna()
    in_time = (rows["at"] <= rows["due"]).astype("boolean").where(due)
    return rows.assign(minutes=(rows["at"] - rows["opened"]).dt.total_seconds() / MINUTE, office_minutes=office, in_time=in_time).drop(
        columns="opened"
    )


def office_minutes(clock: OfficeHours, starts: pd.Series[Any], ends: pd.Series[Any]) -> NDArray[np.float64]:
    """Open minutes between each pair of moments: what `OfficeHours.between` counts, for many at once."""
    if starts.empty:
        return np.zeros(0)
    spans = list(clock.spans(starts.min().to_pydatetime(), ends.max().to_pydatetime()))
    moments = np.array([(since.timestamp(), till.timestamp()) for since, till in spans]).reshape(-1, 2)
    open_until = np.cumsum(moments[:, 1] - moments[:, 0])
    passed = np.column_stack([open_until - (moments[:, 1] - moments[:, 0]), open_until]).ravel()
    before = np.interp(_seconds(starts), moments.ravel(), passed) if spans else np.zeros(len(starts))
    after = np.interp(_seconds(ends), moments.ravel(), passed) if spans else before
    return np.asarray((after - before) / 60)


def spread(durations: pd.DataFrame, by: str) -> pd.DataFrame:
    """Half of them took at most the median, nine of ten the p90: `cases`, `median`, `p90`, `office_median`, `office_p90`, in minutes."""
    groups = durations.groupby(by, observed=False)
    wall, office = groups["minutes"], groups["office_minutes"]
    return pd.DataFrame(
        {
            "cases": groups.size(),
            "median": wall.median(),
            "p90": wall.quantile(HIGH),
            "office_median": office.median(),
            "office_p90": office.quantile(HIGH),
        }
    )


def in_time(solved: pd.DataFrame, by: str) -> pd.DataFrame:
    """Of the solutions: `solved`, `with_due` (those that have a due time), `in_time`, `share` of those with one."""
    groups = solved.groupby(by, observed=True)["in_time"]
    found = pd.DataFrame({"solved": groups.size(), "with_due": groups.count(), "in_time": groups.sum()}).astype("int64")
    return found.assign(share=found["in_time"] / found["with_due"].where(found["with_due"] > 0))


def within(rows: pd.DataFrame, moment: str, period: Period) -> pd.DataFrame:
    """The rows whose moment lies in the period."""
    return rows[(rows[moment] >= period.since) & (rows[moment] < period.until)]


def _seconds(moments: pd.Series[Any]) -> NDArray[np.float64]:
    return np.asarray((moments - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1), np.float64)
