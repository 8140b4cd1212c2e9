"""The only place that gathers what a report is made of: the frames of its time, how the cases in them went, and what keys are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analyse import frames
from analyse.courses import stages, stays
from analyse.listing import Listed
from analyse.periods import Period
from analyse.speech import Form, Speech
from analyse.tables import Column, Table
from analyse.times import clocks_by_priority, durations
from models.kinds import CameBy, Mode, TicketType
from models.parts import Words
from models.profiles import Profile
from models.store import Store

USUAL_WEEKS = 4
"""What is usual: the weeks just ahead of the report's time."""
TREND_WEEKS = 13
"""A quarter: how far back trends are shown."""
NO_SERVICE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """`usual` are the weeks ahead of `period`, `weeks` the whole weeks of which trends are shown.

    `tickets` are all; `live` those that teams work on, which cases of mailboxes in trial and imported ones are not: nothing was sent for them, and nobody
    closes them. `repeats` is None where nobody looked for repeat problems.
    """

    profile: Profile
    speech: Speech
    period: Period
    usual: Period
    weeks: Period
    tickets: pd.DataFrame
    live: pd.DataFrame
    events: pd.DataFrame
    parcels: pd.DataFrame
    stays: pd.DataFrame
    durations: pd.DataFrame
    repeats: pd.DataFrame | None
    members: pd.DataFrame

    @property
    def scale(self) -> float:
        """What is counted in the usual weeks, for a time as long as the period."""
        return self.period.days / self.usual.days

    @property
    def knows_usual(self) -> bool:
        """Whether there were cases at all when the usual weeks began."""
        return bool((self.tickets["opened"] < self.usual.since).any())

    @property
    def marked(self) -> tuple[int, int] | None:
        """The places among the weeks that the period fills; None where it is all of them."""
        first, last = ((day - self.weeks.first).days // 7 for day in (self.period.first, self.period.last))
        last = min(last, self.weeks.days // 7 - 1)
        return (first, last) if 0 < first <= last else None

    def said(self, key: str, **values: str | float) -> str:
        return self.speech.said(key, **values)

    def labels(self, key: str) -> dict[object, str]:
        """What the values of a ticket's field are called."""
        profile = self.profile
        tables: Mapping[str, Mapping[str, Words]] = {
            "type": profile.types, "priority": profile.priorities, "service": profile.services,
            "team": profile.team_titles,
        }  # fmt: skip
        if key == "came_by":
            return {way.value: self.said(f"came_by_{way}") for way in CameBy}
        called: dict[object, str] = {name: profile.words(tables[key], name, profile.default_language) for name in tables[key]}
        if key == "priority":
            return {int(str(level)): words for level, words in called.items()}
        return {**called, NO_SERVICE: self.said("none")}

    def teams(self) -> list[str]:
        """The teams of the profile in its order, then others that cases still have."""
        known = list(self.profile.teams)
        return [*known, *sorted(set(self.tickets["team"].unique()) - set(known))]

    def count(self, number: float) -> str:
        return self.speech.written(number, Form.COUNT)

    def mean(self, number: float) -> str:
        return self.speech.written(number, Form.MEAN)

    def share(self, number: float) -> str:
        return self.speech.written(number, Form.SHARE)

    def counts(self, name: str, frame: pd.DataFrame, names: Column, labels: Mapping[object, str]) -> Table:
        """Counts by place (rows) and value (columns), and their sum."""
        parts = [Column(key=str(key), title=labels.get(key, str(key))) for key in frame.columns]
        whole = frame.rename(columns=str).assign(all=frame.sum(axis=1)).reset_index()
        return Table(
            name=name, title=self.said(f"{name}_title"), columns=[names, *parts, Column(key="all", title=self.said("all"))], frame=whole
        )

    def table(self, name: str, frame: pd.DataFrame, columns: Sequence[Column]) -> Table:
        return Table(name=name, title=self.said(f"{name}_title"), columns=columns, frame=frame.reset_index())

    def column(self, key: str, form: Form = Form.COUNT) -> Column:
        """A column by the words that the reports have for it."""
        return Column(key=key, title=self.said(f"{key}_column"), form=form)

    def named(self, key: str) -> Column:
        """A column of a ticket's field, its values by what they are called."""
        return Column(key=key, title=self.said(f"{key}_column"), form=Form.TEXT, labels=self.labels(key))


def matter_of(store: Store, profile: Profile, period: Period, words: Mapping[str, str], repeats: Sequence[Listed] | None) -> Matter:
    """Read once for all tables: the period, the usual weeks ahead of it, and the weeks of the trends."""
    usual, weeks = period.before(USUAL_WEEKS), period.whole_weeks(TREND_WEEKS)
    whole = Period(first=min(usual.first, weeks.first), after=period.after, zone=period.zone)
    tickets, events, parcels = (read(store, profile, whole) for read in (frames.tickets, frames.events, frames.parcels))
    live = tickets[tickets["mode"] != Mode.SHADOW]
    open_times = stays(live, events)
    return Matter(
        profile=profile,
        speech=Speech(words=words),
        period=period,
        usual=usual,
        weeks=weeks,
        tickets=tickets,
        live=live,
        events=events,
        parcels=parcels,
        stays=open_times,
        durations=durations(live, stages(live, events, parcels, open_times), clocks_by_priority(profile)),
        repeats=None if repeats is None else frames.repeats(repeats, period),
        members=frames.members(repeats or ()),
    )


def types_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns by type in the order of the program, those that do not occur among them."""
    return frame.reindex(columns=[kind.value for kind in TicketType], fill_value=0)


def called(counts: pd.DataFrame, labels: Mapping[object, str]) -> dict[str, list[float]]:
    """The columns of a table by what they are called, as pictures take them."""
    return {labels.get(key, str(key)): counts[key].tolist() for key in counts.columns}


def week_names(weekly: pd.DataFrame) -> list[str]:
    """The numbers of the weeks that are a table's rows."""
    return [f"{moment:%V}" for moment in weekly.index]
