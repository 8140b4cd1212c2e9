"""The only place for how a line of the log of access is written out: as values, as CSV, as JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from models.people import Note

COLUMNS = ("at", "who", "what", "ticket", "about", "facts")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run by spreadsheets; a login comes from outside."""


def values_of(note: Note) -> dict[str, Any]:
    """What stands in the line, by name; what is empty is left out."""
    return {key: value for key, value in asdict(note).items() if value not in (None, "", {})}


def as_json_lines(notes: Iterable[Note]) -> Iterator[str]:
    for note in notes:
        yield json.dumps(values_of(note) | {"at": note.at.isoformat()}, ensure_ascii=False) + "\n"


def as_csv(notes: Iterable[Note]) -> Iterator[str]:
    """RFC 4180, with a heading."""
    yield _row(COLUMNS)
    for note in notes:
        facts = json.dumps(dict(note.facts), ensure_ascii=False) if note.facts else ""
        yield _row((note.at.isoformat(), note.who, note.what.value, "" if note.ticket is None else str(note.ticket), note.about, facts))


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(FORMULA) and cell != "-" else cell for cell in cells])
    return line.getvalue()
