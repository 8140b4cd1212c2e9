"""The only place for a report's sections on how well cases were handled: sorted, corrected, answered from the list, opened again; what repeats."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analyse import measures
from analyse.matter import Matter, called, week_names
from analyse.pictures import View, flat_bars, heat, stacked_bars, trend
from analyse.section import Exhibit, Section
from analyse.speech import Form
from analyse.tables import Column

MOST_REPEATS = 20
HALF = 0.5
"""Shares above it are drawn on an axis that ends at all."""
OUTCOMES = ("helped", "failed", "waiting")
"""Of an answer that was offered from the list."""


def sorting(matter: Matter) -> Section:
    """What no person had to sort, and what people corrected."""
    found = measures.sorted_alone(matter.tickets, matter.weeks)
    exhibits = [_weekly(matter, "sorting_by_week", found, ("mails", "sorted")), *_corrections(matter)]
    return Section(name="sorting", title=matter.said("sorting_heading"), note=matter.said("sorting_note"), exhibits=exhibits)


def outcomes(matter: Matter) -> Section:
    """What was answered before a team was troubled, and what was not over when it was closed."""
    offered = measures.deflections(matter.events, matter.parcels, matter.weeks)
    any_offered = bool(offered[list(OUTCOMES)].to_numpy().any())
    again = measures.reopenings(matter.events, matter.stays, matter.weeks)
    exhibits = [_offers(matter, offered)] * any_offered + [_weekly(matter, "reopened_by_week", again, ("closed", "reopened"))]
    note = matter.said("outcomes_note" if any_offered else "outcomes_note_without_offers")
    return Section(name="outcomes", title=matter.said("outcomes_heading"), note=note, exhibits=exhibits)


def repeating(matter: Matter) -> Iterator[Section]:
    """Repeat problems over time; no section where nobody looked for them."""
    if matter.repeats is None:
        return
    title = matter.said("repeats_heading")
    if matter.repeats.empty:
        yield Section(name="repeats", title=title, note=matter.said("repeats_nothing"))
        return
    yield Section(
        name="repeats",
        title=title,
        note=matter.said("repeats_note"),
        exhibits=[_over_time(matter, matter.repeats), _listed(matter, matter.repeats)],
    )


def _offers(matter: Matter, found: pd.DataFrame) -> Exhibit:
    labels: dict[object, str] = {key: matter.said(f"{key}_column") for key in OUTCOMES}
    columns = [matter.column("week", Form.WEEK), *(matter.column(key) for key in OUTCOMES), matter.column("helped_share", Form.SHARE)]
    table = matter.table("answers_by_week", found.rename(columns={"share": "helped_share"}), columns)
    alt = matter.said("answers_by_week_alt", helped=int(found["helped"].sum()), failed=int(found["failed"].sum()), weeks=len(found))
    view = View(name="answers", alt=alt, across=matter.said("week_column"), written=matter.count, marked=matter.marked, narrow=True)
    return Exhibit(table=table, picture=stacked_bars(week_names(found), called(found[list(OUTCOMES)], labels), view), narrow=True)


def _weekly(matter: Matter, name: str, found: pd.DataFrame, keys: tuple[str, str]) -> Exhibit:
    """Two counts of each week, and the second as a share of the first."""
    columns = [matter.column("week", Form.WEEK), *(matter.column(key) for key in keys), matter.column("share", Form.SHARE)]
    last = matter.speech.written(found["share"].iloc[-1], Form.SHARE)
    view = View(
        name=name.replace("_", "-"),
        alt=matter.said(f"{name}_alt", last=last, weeks=len(found)),
        across=matter.said("week_column"),
        written=matter.share,
        marked=matter.marked,
        most=1.0 if found["share"].max() > HALF else None,
        narrow=True,
    )
    return Exhibit(
        table=matter.table(name, found, columns), picture=trend(week_names(found), {"": found["share"].tolist()}, view), narrow=True
    )


def _corrections(matter: Matter) -> Iterator[Exhibit]:
    found = measures.corrections(matter.live, matter.events, matter.period)
    counts = found.loc[[team for team in matter.teams() if team in found.index], (found > 0).any()]
    if counts.empty:
        return
    labels: dict[object, str] = {key: matter.said(f"{key}_column") for key in counts.columns}
    names = [matter.labels("team").get(team, str(team)) for team in counts.index]
    table = matter.counts("corrections", counts, matter.named("team"), labels)
    alt = matter.said("corrections_alt", all=int(counts.to_numpy().sum()), teams=len(counts))
    view = View(name="corrections", alt=alt, written=matter.count, narrow=True)
    yield Exhibit(table=table, picture=flat_bars(names, called(counts, labels), view), folded=False, narrow=True)


def _over_time(matter: Matter, repeats: pd.DataFrame) -> Exhibit:
    """How often the most frequent were reported, week by week."""
    top = repeats.head(MOST_REPEATS).set_index("repeat")["label"]
    rows = matter.members.merge(matter.tickets[["ticket", "opened"]], on="ticket")
    counts = measures.by_week(rows, "opened", "repeat", matter.weeks).reindex(columns=top.index, fill_value=0)
    weeks = week_names(counts)
    columns = [Column(key=f"{moment:%G-W%V}", title=f"{moment:%G-W%V}") for moment in counts.index]
    shown = counts.T.set_axis([column.key for column in columns], axis="columns").assign(label=top)
    table = matter.table("repeats_by_week", shown, [Column(key="label", title=matter.said("label_column"), form=Form.TEXT), *columns])
    alt = matter.said("repeats_by_week_alt", label=str(top.iloc[0]), repeats=len(top), weeks=len(weeks))
    view = View(name="repeats", alt=alt, across=matter.said("week_column"), written=matter.count)
    return Exhibit(table=table, picture=heat([str(label) for label in top], weeks, counts.T.to_numpy().tolist(), view))


def _listed(matter: Matter, repeats: pd.DataFrame) -> Exhibit:
    days = repeats.assign(**{key: repeats[key].dt.tz_localize(None) for key in ("first", "last")})
    columns = [
        Column(key="label", title=matter.said("label_column"), form=Form.TEXT),
        matter.named("service"),
        *(matter.column(key) for key in ("count", "reporters")),
        *(matter.column(key, Form.DAY) for key in ("first", "last")),
        matter.column("trend", Form.MEAN),
        matter.column("hours_to_solve", Form.HOURS),
        matter.column("known_solution", Form.TEXT),
        matter.column("automation", Form.SHARE),
        matter.column("reason", Form.TEXT),
    ]
    return Exhibit(table=matter.table("repeats", days.head(MOST_REPEATS), columns), folded=False)
