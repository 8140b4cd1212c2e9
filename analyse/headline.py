"""The only place for what a report says first: its key figures against the usual weeks, and what they say in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from analyse import measures
from analyse.courses import ANSWER, SOLVED
from analyse.flow import busiest_hour
from analyse.matter import USUAL_WEEKS, Matter
from analyse.periods import DAY, Period
from analyse.speech import Form
from analyse.tables import Column, Table
from analyse.times import in_time, within
from models.hours import WEEKDAYS
from models.kinds import CameBy, EventKind

NOT_ONE = float("nan")
FORMS = {
    "opened": Form.COUNT, "closed": Form.COUNT, "open": Form.COUNT, "sorted_share": Form.SHARE, "answer_median": Form.MINUTES,
    "solved_median": Form.MINUTES, "in_time_share": Form.SHARE, "corrected": Form.COUNT, "helped": Form.COUNT, "reopened_share": Form.SHARE,
}  # fmt: skip
"""The key figures in their order."""
SCALED = ("opened", "closed", "corrected", "helped")
"""These grow with the time that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One key figure as it is read: its name, its value, what is usual (empty where nobody can tell), how far it is from that."""

    title: str
    value: str
    usual: str
    change: str


def key_figures(matter: Matter) -> Table:
    """Each figure in the period (`now`) and in the usual weeks (`usual`), counts of those for a time as long."""
    now, usual = _figures(matter, matter.period), _usual(matter)
    kept = [key for key in FORMS if not pd.isna(now[key])]
    frame = pd.DataFrame({"figure": kept, "now": [now[key] for key in kept], "usual": [usual[key] for key in kept]})
    labels: dict[object, str] = {key: matter.said(f"{key}_figure") for key in FORMS}
    columns = [
        Column(key="figure", title=matter.said("figure_column"), form=Form.TEXT, labels=labels),
        *(Column(key=key, title=matter.said(f"{key}_column"), form=Form.MEAN) for key in ("now", "usual")),
    ]
    return Table(name="key_figures", title=matter.said("key_figures_title"), columns=columns, frame=frame)


def tiles(matter: Matter, figures: Table) -> list[Tile]:
    rows = figures.frame.itertuples(index=False, name=None)
    return [
        Tile(
            title=matter.said(f"{key}_figure"),
            value=matter.speech.written(now, FORMS[key]),
            usual=matter.speech.written(usual, FORMS[key]) if matter.knows_usual else "",
            change=matter.speech.change(now, usual, FORMS[key]),
        )
        for key, now, usual in rows
    ]


def lead(matter: Matter, figures: Table) -> Iterator[str]:
    """What an analyst would say of the period in a breath."""
    opened, usual = (float(figures.frame[key].iloc[0]) for key in ("now", "usual"))
    change = matter.speech.change(opened, usual, Form.COUNT)
    if matter.knows_usual:
        yield matter.said("lead_opened", opened=matter.count(opened), change=change, weeks=USUAL_WEEKS)
    else:
        yield matter.said("lead_opened_alone", opened=matter.count(opened))
    hourly = measures.arrivals(matter.tickets, matter.weeks).groupby("weekday").sum()
    if not hourly.empty:
        weekday, hour = busiest_hour(hourly)
        yield matter.said("lead_hour", weekday=matter.said(f"{WEEKDAYS[weekday]}_whole"), hour=f"{hour:02}", until=f"{hour + 1:02}")
    load = measures.load_by_team(matter.live, matter.stays, matter.period)
    key = "lead_open" if matter.profile.deadlines else "lead_open_alone"
    yield matter.said(key, open=matter.count(load["open"].sum()), overdue=matter.count(load["overdue"].sum()))


def _usual(matter: Matter) -> dict[str, float]:
    """Of the weeks ahead; how many are open on average at the end of each."""
    if not matter.knows_usual:
        return dict.fromkeys(FORMS, NOT_ONE)
    found = _figures(matter, matter.usual)
    ends = [replace(matter.usual, after=matter.usual.first + number * 7 * DAY) for number in range(1, USUAL_WEEKS + 1)]
    scaled = {key: found[key] * matter.scale for key in SCALED}
    return {**found, **scaled, "open": sum(_open(matter, period) for period in ends) / len(ends)}


def _figures(matter: Matter, period: Period) -> dict[str, float]:
    opened = within(matter.tickets, "opened", period)
    by_mail = opened[opened["came_by"] == CameBy.MAIL]
    ended = within(matter.durations, "at", period)
    solved = ended[ended["stage"] == SOLVED]
    again = within(matter.events[matter.events["kind"] == EventKind.REOPENED], "at", period)
    closed = len(within(matter.stays, "until", period))
    return {
        "opened": len(opened),
        "closed": closed,
        "open": _open(matter, period),
        "sorted_share": float(1 - by_mail["unsure"].mean()) if len(by_mail) else NOT_ONE,
        "answer_median": float(ended.loc[ended["stage"] == ANSWER, "minutes"].median()),
        "solved_median": float(solved["minutes"].median()),
        "in_time_share": float(in_time(solved.assign(all=0), "all")["share"].get(0, NOT_ONE)),
        "corrected": int(measures.corrections(matter.live, matter.events, period).to_numpy().sum()),
        "helped": _helped(matter, period),
        "reopened_share": len(again) / closed if closed else NOT_ONE,
    }


def _helped(matter: Matter, period: Period) -> float:
    """Cases that an offered answer closed in the period; no figure where none was ever offered."""
    helped = matter.events[matter.events["kind"] == EventKind.FAQ_HELPED]
    return len(within(helped, "at", period)) if matter.profile.faq or len(helped) else NOT_ONE


def _open(matter: Matter, period: Period) -> int:
    end = pd.DatetimeIndex([pd.Timestamp(period.until)])
    return int(measures.open_at(matter.live, matter.stays, end).to_numpy().sum())
