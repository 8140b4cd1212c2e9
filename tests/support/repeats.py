"""A repeat problem made up for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from analyse.listing import Listed
from models.records import TicketId
from models.repeats import Direction


def made_up(**changes: Any) -> Listed:
    """Two cases of one matter in the seventh week; other values by name."""
    values: dict[str, Any] = {
        "repeat": "r1",
        "label": "etikettskriver tom",
        "tickets": (TicketId(1), TicketId(2)),
        "reporters": 2,
        "first": datetime(2026, 2, 9, 9, tzinfo=UTC),
        "last": datetime(2026, 2, 10, 9, tzinfo=UTC),
        "direction": Direction.STEADY,
        "trend": 0.5,
        "service": "",
        "median_hours_to_solve": 2.5,
        "known_solution": "Bytt rull.",
        "automation": 0.8,
        "reason": "Samme løsning hver gang.",
    }
    return Listed(**(values | changes))
