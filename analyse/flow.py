"""The only place for a report's sections on the flow of cases: how many came, of what kind, when, and to whom."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analyse import measures
from analyse.matter import Matter, called, types_of, week_names
from analyse.pictures import View, heat, heat_panels, panels, stacked_bars
from analyse.section import Exhibit, Section
from analyse.speech import Form, day
from analyse.tables import Column
from models.hours import WEEKDAYS

MOST_DAYS = 35
"""A longer time is shown by week alone."""
MOST_ROWS = 15


def cases(matter: Matter) -> Section:
    exhibits = [*_by_day(matter), _by_week(matter), *_by_value(matter)]
    note = matter.said("cases_note_marked" if matter.marked else "cases_note")
    return Section(name="cases", title=matter.said("cases_heading"), note=note, exhibits=exhibits)


def workload(matter: Matter) -> Section:
    """When to staff: what comes in at which hour, what each team has before it."""
    exhibits = [_load(matter), *_arrivals(matter), *_open(matter)]
    note = matter.said("workload_note", weeks=matter.weeks.days // 7)
    return Section(name="workload", title=matter.said("workload_heading"), note=note, exhibits=exhibits)


def _by_day(matter: Matter) -> Iterator[Exhibit]:
    if matter.period.days > MOST_DAYS:
        return
    counts = types_of(measures.by_day(matter.tickets, matter.period, "type"))
    days = [f"{matter.said(WEEKDAYS[moment.weekday()])} {moment.day}." for moment in counts.index]
    table = matter.counts("cases_by_day", counts, matter.column("day", Form.DAY), matter.labels("type"))
    most = table.frame.iloc[int(table.frame["all"].argmax())]
    alt = matter.said("cases_by_day_alt", day=day(most["day"]), most=int(most["all"]), all=int(table.frame["all"].sum()))
    view = View(name="by-day", alt=alt, written=matter.count)
    yield Exhibit(table=table, picture=stacked_bars(days, called(counts, matter.labels("type")), view), folded=False)


def _by_week(matter: Matter) -> Exhibit:
    counts = types_of(measures.by_week(matter.tickets, "opened", "type", matter.weeks))
    table = matter.counts("cases_by_week", counts, matter.column("week", Form.WEEK), matter.labels("type"))
    total = table.frame["all"]
    alt = matter.said("cases_by_week_alt", first=int(total.iloc[0]), last=int(total.iloc[-1]), weeks=len(total))
    view = View(name="by-week", alt=alt, across=matter.said("week_column"), written=matter.count, marked=matter.marked)
    return Exhibit(table=table, picture=stacked_bars(week_names(counts), called(counts, matter.labels("type")), view))


def _by_value(matter: Matter) -> Iterator[Exhibit]:
    for key in ("priority", "type", "service", "came_by"):
        found = measures.by_value(matter.tickets, matter.period, key)
        before = measures.by_value(matter.tickets, matter.usual, key)["cases"] * matter.scale
        usual = before.reindex(found.index, fill_value=0) if matter.knows_usual else float("nan")
        ordered = found.assign(usual=usual).sort_index() if key == "priority" else found.assign(usual=usual)
        columns = [
            matter.named(key),
            matter.column("cases"),
            matter.column("share", Form.SHARE),
            *[matter.column("usual")] * matter.knows_usual,
        ]
        if set(found.index) != {measures.NONE}:
            yield Exhibit(table=matter.table(f"cases_by_{key}", ordered.head(MOST_ROWS), columns), folded=False, narrow=True)


def _load(matter: Matter) -> Exhibit:
    found = measures.load_by_team(matter.live, matter.stays, matter.period)
    columns = [matter.named("team"), *(matter.column(key) for key in ("opened", "closed", "open", "overdue"))]
    shown = columns if matter.profile.deadlines else columns[:-1]
    return Exhibit(
        table=matter.table("teams", found.reindex([team for team in matter.teams() if team in found.index]), shown), folded=False
    )


def _arrivals(matter: Matter) -> Iterator[Exhibit]:
    """The heat map that shows when to staff: of all teams with its numbers, then of each."""
    found = measures.arrivals(matter.tickets, matter.weeks)
    if found.empty:
        return
    hours = [Column(key=str(hour), title=f"{hour:02}", form=Form.MEAN) for hour in measures.HOURS]
    days = Column(
        key="weekday", title=matter.said("weekday_column"), form=Form.TEXT, labels={n: matter.said(name) for n, name in enumerate(WEEKDAYS)}
    )
    names, columns = [matter.said(name) for name in WEEKDAYS], [f"{hour:02}" for hour in measures.HOURS]
    whole = found.groupby("weekday").sum()
    weekday, hour = busiest_hour(whole)
    alt = matter.said(
        "arrivals_alt", weekday=names[weekday], hour=f"{hour:02}", until=f"{hour + 1:02}", most=matter.mean(whole.to_numpy().max())
    )
    view = View(name="arrivals", alt=alt, across=matter.said("hour_axis"), written=matter.mean)
    table = matter.table("arrivals", whole.rename(columns=str), [days, *hours])
    yield Exhibit(table=table, picture=heat(names, columns, whole.to_numpy().tolist(), view))
    teams = [team for team in matter.teams() if team in found.index.get_level_values("team")]
    tables = {matter.labels("team").get(team, team): found.loc[team].to_numpy().tolist() for team in teams}
    by_team = matter.table("arrivals_by_team", found.loc[teams].rename(columns=str), [matter.named("team"), days, *hours])
    view = View(
        name="arrivals-team",
        alt=matter.said("arrivals_by_team_alt", teams=len(teams)),
        across=matter.said("hour_axis"),
        up=matter.said("most"),
        written=matter.mean,
    )
    yield Exhibit(table=by_team, picture=heat_panels(names, columns, tables, view))


def _open(matter: Matter) -> Iterator[Exhibit]:
    moments = measures.mondays(matter.weeks) + pd.Timedelta(weeks=1)
    found = measures.open_at(matter.live, matter.stays, moments.tz_localize(matter.period.zone.key))
    counts = found.set_axis(measures.mondays(matter.weeks), axis="index")[[team for team in matter.teams() if team in found.columns]]
    if counts.empty or not counts.columns.size:
        return
    table = matter.counts("open_by_week", counts, matter.column("week", Form.WEEK), matter.labels("team"))
    total = table.frame["all"]
    alt = matter.said("open_by_week_alt", first=int(total.iloc[0]), last=int(total.iloc[-1]), weeks=len(total))
    view = View(name="open", alt=alt, across=matter.said("week_column"), written=matter.count)
    yield Exhibit(table=table, picture=panels(week_names(counts), called(counts, matter.labels("team")), view))


def busiest_hour(hourly: pd.DataFrame) -> tuple[int, int]:
    """Weekday and hour at which most comes, of rows by weekday and columns by hour."""
    weekday, hour = divmod(int(hourly.to_numpy().argmax()), len(hourly.columns))
    return int(hourly.index[weekday]), int(hourly.columns[hour])
