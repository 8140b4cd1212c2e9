"""The only place where log lines get their form: keys on an allow-list, so that no mail text can slip in."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {"event", "level", "timestamp", "account", "mail", "ticket", "parcel", "kind", "state", "type", "priority", "team", "unsure", "outcome", "count",
     "seconds", "error", "attempts", "retry_in", "worker", "mode", "profile", "reason", "port", "folder"}
)  # fmt: skip


def set_up_logging(*, quiet: bool = False) -> None:
    """Lines to stderr: for people on a terminal, JSON elsewhere."""
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed_keys,
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def only_allowed_keys(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Refuse what nobody has thought about: a new key is a decision, not an accident."""
    strange = line.keys() - ALLOWED
    if strange:
        raise KeyError(f"log keys not on the allow-list: {sorted(strange)}")
    return line
