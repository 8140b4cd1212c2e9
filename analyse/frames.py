"""The only door to frames: tickets, events, outgoing mails and repeat problems of a time as pandas has them, for reports and for notebooks.

No frame holds an address, a subject or a word of a mail. Moments are on the organisation's clock, to the microsecond. What can have
few values is a category. `docs/analysts.md` tells every column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from analyse.listing import Listed
from analyse.periods import Period
from models.profiles import Profile
from models.store import Store
from models.store.columns import Stretch


def tickets(store: Store, profile: Profile, period: Period) -> pd.DataFrame:
    """A row for each ticket that was open at any time in the period, as it stands now; `opened`, `solved` and `due` are moments."""
    read = store.columns.tickets(_stretch(profile, period))
    return pd.DataFrame(
        {
            "ticket": _column(read.ticket, "int64"),
            "opened": _moments(read.opened, period),
            "solved": _moments(read.solved, period),
            "due": _moments(read.due, period),
            "status": _category(read.status),
            "mode": _category(read.mode),
            "came_by": _category(read.came_by),
            "type": _category(read.type),
            "priority": _column(read.priority, "int8"),
            "scope": _category(read.scope),
            "service": _category(read.service),
            "team": _category(read.team),
            "guessed_team": _category(read.guessed_team),
            "reporter": _column(read.reporter, "int64"),
            "reporter_kind": _category(read.reporter_kind),
            "language": _category(read.language),
            "incident": _column(read.incident, "Int64"),
            "unsure": _column(read.unsure, "bool"),
            "patient_safety": _column(read.patient_safety, "bool"),
            "change_request": _column(read.change_request, "bool"),
            "confidence_type": _column(read.confidence_type, "float64"),
            "confidence_priority": _column(read.confidence_priority, "float64"),
            "confidence_team": _column(read.confidence_team, "float64"),
        }
    )


def events(store: Store, profile: Profile, period: Period) -> pd.DataFrame:
    """A row for all that had happened in these tickets by the period's end, in order, also where it was before the period."""
    read = store.columns.events(_stretch(profile, period))
    return pd.DataFrame({"ticket": _column(read.ticket, "int64"), "at": _moments(read.at, period), "kind": _category(read.kind)})


def parcels(store: Store, profile: Profile, period: Period) -> pd.DataFrame:
    """A row for each outgoing mail of these tickets; `sent` is missing where it has not left. To whom it went is not told."""
    read = store.columns.parcels(_stretch(profile, period))
    return pd.DataFrame(
        {
            "ticket": _column(read.ticket, "int64"),
            "kind": _category(read.kind),
            "to_team": _column(read.to_team, "bool"),
            "channel": _category(read.channel),
            "state": _category(read.state),
            "created": _moments(read.created, period),
            "sent": _moments(read.sent, period),
        }
    )


def repeats(found: Iterable[Listed], period: Period) -> pd.DataFrame:
    """A row for each repeat problem, the most frequent first; `hours_to_solve` is a median, `automation` from 0 to 1."""
    listed = sorted(found, key=lambda one: (-len(one.tickets), one.first, one.repeat))
    frame = pd.DataFrame(
        {
            "repeat": [one.repeat for one in listed],
            "label": [one.label for one in listed],
            "service": _category([one.service for one in listed]),
            "count": _column([len(one.tickets) for one in listed], "int64"),
            "reporters": _column([one.reporters for one in listed], "int64"),
            "first": _moments([one.first for one in listed], period),
            "last": _moments([one.last for one in listed], period),
            "trend": _column([one.trend for one in listed], "float64"),
            "hours_to_solve": _column([one.median_hours_to_solve for one in listed], "float64"),
            "known_solution": _column([one.known_solution for one in listed], "str"),
            "automation": _column([one.automation for one in listed], "float64"),
            "reason": _column([one.reason for one in listed], "str"),
        }
    )
    return frame.astype({"repeat": "str", "label": "str"})


def members(found: Iterable[Listed]) -> pd.DataFrame:
    """A row for each ticket of each repeat problem: `repeat`, `ticket`."""
    rows = [(one.repeat, ticket) for one in found for ticket in one.tickets]
    return pd.DataFrame(rows, columns=["repeat", "ticket"]).astype({"repeat": "str", "ticket": "int64"})


def _stretch(profile: Profile, period: Period) -> Stretch:
    return Stretch(profile=profile.name, since=period.since, until=period.until)


def _column(values: Sequence[Any], kind: str) -> pd.Series[Any]:
    """The kind is said: pandas guesses wrongly where a column is empty."""
    return pd.Series(list(values), dtype=kind)


def _moments(values: Sequence[datetime | None], period: Period) -> pd.Series[Any]:
    """Moments in UTC on the organisation's clock, summer time and all."""
    local: pd.Series[Any] = _column(values, "datetime64[us, UTC]").dt.tz_convert(period.zone.key)
    return local


def _category(values: Sequence[str | None]) -> pd.Series[Any]:
    return pd.Series(pd.Categorical([*values]))
