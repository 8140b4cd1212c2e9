"""The only place that counts cases for reports: how many came, waited, were sorted, corrected, answered from the list, opened again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from analyse.periods import DAY, Period
from analyse.times import within
from models.kinds import CameBy, EventKind, ParcelKind

HOURS = range(24)
WEEKDAYS = range(7)
CORRECTED = {
    EventKind.MOVED: "moved",
    EventKind.PRIORITY_CHANGED: "priority",
    EventKind.TYPE_CHANGED: "type",
    EventKind.RISK_CHANGED: "risk",
}
"""Which field a person corrected, by what happened."""
NONE = ""
"""The service of cases that have none."""


def by_day(tickets: pd.DataFrame, period: Period, key: str) -> pd.DataFrame:
    """Cases opened: a row for each day of the period (local midnight), a column for each value of `key` that occurs."""
    days = pd.date_range(period.first, period.last, name="day")
    return _counted(within(tickets, "opened", period), "opened", key, days, daily=True)


def by_week(rows: pd.DataFrame, moment: str, key: str, weeks: Period) -> pd.DataFrame:
    """Rows counted: one for each whole week (its Monday), a column for each value of `key` that occurs."""
    return _counted(within(rows, moment, weeks), moment, key, mondays(weeks), daily=False)


def by_value(tickets: pd.DataFrame, period: Period, key: str) -> pd.DataFrame:
    """Cases opened in the period by the value of `key`, the most frequent first: `cases`, `share` of all."""
    found = _named(within(tickets, "opened", period)[key]).value_counts().rename("cases").rename_axis(key)
    kept = found[found > 0].to_frame()
    return kept.assign(share=kept["cases"] / kept["cases"].sum())


def arrivals(tickets: pd.DataFrame, weeks: Period) -> pd.DataFrame:
    """Cases opened in an hour of the week, on average over the weeks: rows `team`, `weekday` (Monday 0), a column for each hour of the day.

    A case counts for the team that has it now. Weeks before the first case of all are not counted: nobody was there to count.
    """
    came = within(tickets, "opened", weeks)
    teams = sorted(came["team"].unique())
    rows = pd.MultiIndex.from_product([teams, WEEKDAYS], names=["team", "weekday"])
    keys = [came["team"].astype("str"), came["opened"].dt.day_of_week.rename("weekday"), came["opened"].dt.hour.rename("hour")]
    table = came.groupby(keys).size().unstack("hour", fill_value=0)
    return table.reindex(index=rows, columns=list(HOURS), fill_value=0) / _observed(tickets, weeks)


def open_at(tickets: pd.DataFrame, stays: pd.DataFrame, moments: pd.DatetimeIndex) -> pd.DataFrame:
    """Cases open at each moment: a column for each team, by the team that has the case now."""
    owners = stays["ticket"].map(tickets.set_index("ticket")["team"].astype("str"))
    found = {
        team: _before(mine["since"], moments) - _before(mine["until"].dropna(), moments) for team, mine in stays.groupby(owners, sort=True)
    }
    return pd.DataFrame(found, index=moments, dtype="int64")


def load_by_team(tickets: pd.DataFrame, stays: pd.DataFrame, period: Period) -> pd.DataFrame:
    """What a team had in the period: `opened`, `closed`, `open` and `overdue` at its end; by the team that has the case now."""
    last = stays[(stays["since"] < period.until) & ~(stays["until"] < period.until)]
    waiting = tickets[tickets["ticket"].isin(last["ticket"])]
    closed = within(stays, "until", period).merge(tickets[["ticket", "team"]], on="ticket")
    parts = {
        "opened": within(tickets, "opened", period),
        "closed": closed,
        "open": waiting,
        "overdue": waiting[waiting["due"] < period.until],
    }
    counts = {name: rows["team"].astype("str").value_counts() for name, rows in parts.items()}
    return pd.DataFrame(counts, dtype="Int64").fillna(0).astype("int64").rename_axis("team").sort_index()


def sorted_alone(tickets: pd.DataFrame, weeks: Period) -> pd.DataFrame:
    """Of the cases that came by mail in each week those that no person had to sort: `mails`, `sorted`, `share`."""
    mails = within(tickets[tickets["came_by"] == CameBy.MAIL], "opened", weeks)
    sure = _by_monday(mails.loc[~mails["unsure"], "opened"], weeks)
    return _shares(_by_monday(mails["opened"], weeks), sure, ("mails", "sorted"))


def corrections(tickets: pd.DataFrame, events: pd.DataFrame, period: Period) -> pd.DataFrame:
    """What people changed in the period, by the team that was guessed when the case was opened: a column for each field.

    Where the machine was not sure, the first move is the sorting that it asked for and corrects nothing.
    """
    changes = events[events["kind"].isin(CORRECTED)].merge(tickets[["ticket", "guessed_team", "unsure"]], on="ticket")
    moved = changes["kind"] == EventKind.MOVED
    first_move = moved & (changes[moved].groupby("ticket").cumcount().reindex(changes.index) == 0)
    counted = within(changes[~(first_move & changes["unsure"])], "at", period)
    fields = counted["kind"].astype("str").map({str(kind): field for kind, field in CORRECTED.items()})
    table = counted.groupby([counted["guessed_team"].astype("str"), fields]).size().unstack(fill_value=0)
    return table.reindex(columns=list(CORRECTED.values()), fill_value=0).rename_axis(index="team", columns=None).astype("int64")


def deflections(events: pd.DataFrame, parcels: pd.DataFrame, weeks: Period) -> pd.DataFrame:
    """Cases that were offered an answer from the list in each week: `helped` and not opened again, `failed`, `waiting` for either.

    The share is of those that are decided.
    """
    sent = parcels[(parcels["kind"] == ParcelKind.FAQ) & parcels["sent"].notna()]
    offered = within(sent.drop_duplicates("ticket"), "sent", weeks)
    back = events["kind"].isin([EventKind.FAQ_FAILED, EventKind.REOPENED])
    failed = offered["ticket"].isin(events.loc[back, "ticket"])
    helped = ~failed & offered["ticket"].isin(events.loc[events["kind"] == EventKind.FAQ_HELPED, "ticket"])
    found = pd.DataFrame(
        {
            "helped": _by_monday(offered.loc[helped, "sent"], weeks),
            "failed": _by_monday(offered.loc[failed, "sent"], weeks),
            "waiting": _by_monday(offered.loc[~failed & ~helped, "sent"], weeks),
        }
    )
    decided = found["helped"] + found["failed"]
    return found.assign(share=found["helped"] / decided.where(decided > 0))


def reopenings(events: pd.DataFrame, stays: pd.DataFrame, weeks: Period) -> pd.DataFrame:
    """In each week: cases `closed`, cases that their reporters `reopened`, and these as a `share` of those."""
    again = events.loc[events["kind"] == EventKind.REOPENED, "at"]
    return _shares(_by_monday(stays["until"].dropna(), weeks), _by_monday(again, weeks), ("closed", "reopened"))


def mondays(weeks: Period) -> pd.DatetimeIndex:
    return pd.date_range(weeks.first, weeks.last, freq="7D", name="week")


def _counted(rows: pd.DataFrame, moment: str, key: str, index: pd.DatetimeIndex, *, daily: bool) -> pd.DataFrame:
    when = _days(rows[moment]) if daily else week_of_each(rows[moment])
    table = rows.groupby([when, _named(rows[key])]).size().unstack(fill_value=0)
    return table.reindex(index, fill_value=0).rename_axis(columns=None).astype("int64")


def _named(values: pd.Series[Any]) -> pd.Series[Any]:
    """Values as they are counted, those that are missing under a name too."""
    return values if pd.api.types.is_integer_dtype(values) else values.astype("object").fillna(NONE)


def _by_monday(moments: pd.Series[Any], weeks: Period) -> pd.Series[Any]:
    return week_of_each(moments).value_counts().reindex(mondays(weeks), fill_value=0).astype("int64")


def _shares(all: pd.Series[Any], some: pd.Series[Any], names: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({names[0]: all, names[1]: some}).assign(share=some / all.where(all > 0))


def _days(moments: pd.Series[Any]) -> pd.Series[Any]:
    """The local day of each moment, without a zone: a day has none."""
    days: pd.Series[Any] = moments.dt.tz_localize(None).dt.normalize()
    return days


def week_of_each(moments: pd.Series[Any]) -> pd.Series[Any]:
    """The Monday of each moment's local week."""
    days = _days(moments)
    monday: pd.Series[Any] = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    return monday


def _before(moments: pd.Series[Any], limits: pd.DatetimeIndex) -> Any:
    """How many of the moments lie at each limit or before it."""
    return moments.sort_values().searchsorted(limits, side="right")


def _observed(tickets: pd.DataFrame, weeks: Period) -> float:
    """Weeks since the first case, and all of them where that is older."""
    if tickets.empty:
        return 1.0
    first: date = max(tickets["opened"].min().date(), weeks.first)
    return max(1.0, (weeks.after - first) / (7 * DAY))
