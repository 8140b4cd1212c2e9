"""The only place that makes a text harmless to a spreadsheet (OWASP, CSV Injection)."""

from __future__ import annotations

from typing import Any

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The wide forms of the signs are run as well."""


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would run begins with an apostrophe; anything else stays as it is."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(RUN_BY_SPREADSHEETS) else value
