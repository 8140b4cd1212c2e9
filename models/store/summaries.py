"""The only place that knows how the figures of a repeat problem are written in a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.records import Redacted
from models.repeats import Account, Automation, Direction, Holds, KnownSolution, Trend


def account_values(account: Account) -> dict[str, Any]:
    known = account.known_solution
    return {
        "count": account.count,
        "reporters": account.reporters,
        "first": account.first.isoformat(),
        "last": account.last.isoformat(),
        "trend": {"direction": account.trend.direction.value, "a_week": account.trend.a_week},
        "hours": account.median_hours_to_solve,
        "known": {"text": known.text, "used": known.used, "solved": known.solved} if known else None,
        "automation": {"score": account.automation.score, "holds": account.automation.holds.value},
    }


def read_account(values: Mapping[str, Any]) -> Account:
    known, trend, automation = values["known"], values["trend"], values["automation"]
    solution = KnownSolution(text=Redacted(known["text"]), used=known["used"], solved=known["solved"]) if known else None
    return Account(
        count=values["count"],
        reporters=values["reporters"],
        first=datetime.fromisoformat(values["first"]),
        last=datetime.fromisoformat(values["last"]),
        trend=Trend(direction=Direction(trend["direction"]), a_week=trend["a_week"]),
        median_hours_to_solve=values["hours"],
        known_solution=solution,
        automation=Automation(score=automation["score"], holds=Holds(automation["holds"])),
    )
