"""The only place that reads from events how cases went: when each was open, and when its reporter and its team first heard."""

from __future__ import annotations

import pandas as pd

from models.kinds import EventKind, ParcelKind, TicketStatus

CLOSES = frozenset({EventKind.SOLVED, EventKind.CLOSED, EventKind.FAQ_HELPED})
OPENS_AGAIN = frozenset(
    {
        EventKind.REOPENED,
        EventKind.MOVED,
        EventKind.PASSED_ON,
        EventKind.ASKED,
        EventKind.DECLARED,
        EventKind.DECLINED,
        EventKind.SENT_TO_REVIEW,
    }
)
"""What a closed case does not survive as closed; of an open one they change nothing here."""
ANSWERS = frozenset({EventKind.TEAM_ANSWERED, EventKind.ASKED, EventKind.SOLVED, EventKind.CLOSED})
RECEIPT, TO_TEAM, ANSWER, SOLVED = STAGES = ["receipt", "to_team", "answer", "solved"]
"""What a case waits for, in its order."""


def stays(tickets: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """A row for each time that a case was open: `ticket`, `since`, `until` (missing while it is open).

    A case without a closing event that is solved all the same, as an earlier one that was taken over, ends when it was solved. One that
    was taken over and not known to be solved is open in another system, if anywhere, and has none.
    """
    tickets = tickets[tickets["status"] != TicketStatus.ELSEWHERE]
    begun = pd.DataFrame({"ticket": tickets["ticket"], "at": tickets["opened"], "opens": True})
    turns = events[events["kind"].isin(CLOSES | OPENS_AGAIN) & events["ticket"].isin(tickets["ticket"])]
    turned = turns[["ticket", "at"]].assign(opens=turns["kind"].isin(OPENS_AGAIN).to_numpy())
    rows = pd.concat([begun, turned], ignore_index=True).sort_values(["ticket", "at"], kind="stable")
    again = rows["ticket"].eq(rows["ticket"].shift()) & rows["opens"].eq(rows["opens"].shift())
    kept = rows[~again]
    ends = kept["at"].shift(-1).where(kept["ticket"].eq(kept["ticket"].shift(-1)))
    found = kept.assign(until=ends)[kept["opens"]].rename(columns={"at": "since"})[["ticket", "since", "until"]]
    solved = tickets.loc[tickets["status"] == TicketStatus.SOLVED, ["ticket", "solved"]]
    known = found.merge(solved, on="ticket", how="left")
    ended = known["solved"].where(known["solved"] >= known["since"])
    return known.assign(until=known["until"].fillna(ended)).drop(columns="solved")


def stages(tickets: pd.DataFrame, events: pd.DataFrame, parcels: pd.DataFrame, stays: pd.DataFrame) -> pd.DataFrame:
    """A row for each stage that a case reached: `ticket`, `stage`, `at`. Receipt, team and answer once, the solution each time it was closed.

    An answer from the list is a receipt too: it is the first that the reporter hears.
    """
    left = parcels[parcels["sent"].notna()]
    reached = {
        RECEIPT: _first(left[left["kind"].isin([ParcelKind.RECEIPT, ParcelKind.FAQ])], "sent"),
        TO_TEAM: _first(left[left["kind"] == ParcelKind.FORWARD], "sent"),
        ANSWER: _first(events[events["kind"].isin(ANSWERS)], "at"),
        SOLVED: stays.loc[stays["until"].notna(), ["ticket", "until"]].rename(columns={"until": "at"}),
    }
    rows = pd.concat([found.assign(stage=stage) for stage, found in reached.items()], ignore_index=True)
    return rows[rows["ticket"].isin(tickets["ticket"])].astype({"stage": pd.CategoricalDtype(STAGES, ordered=True)})


def _first(rows: pd.DataFrame, moment: str) -> pd.DataFrame:
    return rows.groupby("ticket")[moment].min().rename("at").reset_index()
