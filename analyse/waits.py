"""The only place for a report's section on how long cases wait: for a receipt, their team, an answer, a solution; and due times."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

import pandas as pd

from analyse import measures
from analyse.courses import RECEIPT, SOLVED, STAGES, TO_TEAM
from analyse.matter import Matter, week_names
from analyse.pictures import Range, View, ranges, trend
from analyse.section import Exhibit, Section
from analyse.speech import Form
from analyse.tables import Column
from analyse.times import in_time, spread, within

SECOND = 1 / 60
TICKS = {
    SECOND: ("seconds", 1),
    1.0: ("minutes", 1),
    60.0: ("hours", 1),
    1440.0: ("days", 1),
    10_080.0: ("days", 7),
    43_200.0: ("days", 30),
}
"""Minutes at which the axis of times has a mark."""
MINUTES_OF_DAY = 1440


def waiting(matter: Matter) -> Section:
    """Time to receipt, to the team, to the first answer, to the solution; and all that against due times."""
    ended = within(matter.durations, "at", matter.period)
    if ended.empty:
        return Section(name="times", title=matter.said("times_heading"), note=matter.said("times_nothing"))
    exhibits = [_times(matter, ended), _solving(matter), *_due(matter, ended)]
    note = matter.said("times_note" if matter.profile.deadlines else "times_note_without_due")
    return Section(name="times", title=matter.said("times_heading"), note=note, exhibits=exhibits)


def _times(matter: Matter, ended: pd.DataFrame) -> Exhibit:
    now, before = spread(ended, "stage"), spread(within(matter.durations, "at", matter.usual), "stage")
    names: dict[object, str] = {stage: matter.said(stage) for stage in STAGES}
    shown = now.assign(usual_median=before["median"])
    shown.loc[[RECEIPT, TO_TEAM], ["office_median", "office_p90"]] = float("nan")  # the machine keeps no office hours
    office = ("office_median", "office_p90") if matter.profile.deadlines else ()
    columns = [
        Column(key="stage", title=matter.said("stage_column"), form=Form.TEXT, labels=names),
        matter.column("cases"),
        *(matter.column(key, Form.MINUTES) for key in ("median", "p90")),
        *(matter.column(key, Form.OFFICE) for key in office),
        *[matter.column("usual_median", Form.MINUTES)] * matter.knows_usual,
    ]
    rows = [Range(label=names[stage], now=_range(now, stage), usual=_range(before, stage)) for stage in STAGES]
    solved = matter.speech.written(now.loc[SOLVED, "median"], Form.MINUTES)
    alt = matter.said("times_alt", receipt=matter.speech.written(now.loc[RECEIPT, "median"], Form.MINUTES), solved=solved)
    view = View(name="times", alt=alt, across=matter.said("times_axis"))
    ticks = {minutes: matter.said(unit, number=number) for minutes, (unit, number) in TICKS.items()}
    table = matter.table("times", shown, columns)
    return Exhibit(table=table, picture=ranges(rows, ticks, view), folded=False)


def _solving(matter: Matter) -> Exhibit:
    """How long a solution took, week by week, in days."""
    found = _solved_by_week(matter)
    columns = [matter.column("week", Form.WEEK), matter.column("cases"), *(matter.column(key, Form.MINUTES) for key in ("median", "p90"))]
    lines = {
        matter.said("median_column"): list(found["median"] / MINUTES_OF_DAY),
        matter.said("p90_column"): list(found["p90"] / MINUTES_OF_DAY),
    }
    alt = matter.said("solving_by_week_alt", last=matter.speech.written(found["median"].iloc[-1], Form.MINUTES), weeks=len(found))
    view = View(
        name="solving",
        alt=alt,
        across=matter.said("week_column"),
        up=matter.said("days_axis"),
        written=matter.mean,
        marked=matter.marked,
        narrow=True,
    )
    return Exhibit(table=matter.table("solving_by_week", found, columns), picture=trend(week_names(found), lines, view), narrow=True)


def _due(matter: Matter, ended: pd.DataFrame) -> Iterator[Exhibit]:
    if not matter.profile.deadlines:
        return
    solved = matter.durations[matter.durations["stage"] == SOLVED]
    by_week = in_time(solved.assign(week=measures.week_of_each(solved["at"])), "week").reindex(measures.mondays(matter.weeks))
    parts = [matter.column(key) for key in ("solved", "with_due", "in_time")]
    last = matter.speech.written(by_week["share"].iloc[-1], Form.SHARE)
    alt = matter.said("in_time_by_week_alt", last=last, weeks=len(by_week))
    view = View(
        name="in-time", alt=alt, across=matter.said("week_column"), written=matter.share, marked=matter.marked, most=1.0, narrow=True
    )
    table = matter.table("in_time_by_week", by_week, [matter.column("week", Form.WEEK), *parts, matter.column("share", Form.SHARE)])
    yield Exhibit(table=table, picture=trend(week_names(by_week), {"": list(by_week["share"])}, view), narrow=True)
    by_priority = in_time(ended[ended["stage"] == SOLVED], "priority")
    yield Exhibit(
        table=matter.table("in_time_by_priority", by_priority, [matter.named("priority"), *parts, matter.column("share", Form.SHARE)]),
        folded=False,
    )


def _solved_by_week(matter: Matter) -> pd.DataFrame:
    solved = matter.durations[matter.durations["stage"] == SOLVED]
    return spread(solved.assign(week=measures.week_of_each(solved["at"])), "week").reindex(measures.mondays(matter.weeks))


def _range(found: pd.DataFrame, stage: str) -> tuple[float, float] | None:
    """Median and p90, never less than a second: the axis is logarithmic."""
    half, most = (float(found[key].get(stage, float("nan"))) for key in ("median", "p90"))
    return None if isnan(half) else (max(half, SECOND), max(most, SECOND))
