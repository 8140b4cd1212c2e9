"""Earlier cases as rows of a file, and what the store has of them once they are taken over."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import func, select

from models.store import Store, open_store
from models.tables import TicketRow

HEAD = ("id", "opened", "closed", "from", "subject", "body", "type", "priority", "team", "solution")
LABELLED = {"type": "hendelse", "priority": "3", "team": "arbeidsplass"}
PERSONAL = ("99887766", "010190", "kari.moe@siv.no", "Skriverfeil", "rom 4")
Take = Callable[..., Result]
ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


def row(id: str = "1", **changes: str) -> dict[str, str]:
    """A case solved by Arbeidsplass, with all labels."""
    told = {"opened": "02.03.2026 09:00", "closed": "02.03.2026 10:30", "from": "kari.moe@siv.no", "subject": "Skriverfeil"}
    return {"id": id, **told, "body": "Skriveren på rom 4 virker ikke.", **LABELLED, "solution": "Startet på nytt."} | changes


def put(file: Path, rows: Iterable[dict[str, str]], *, delimiter: str = ";", encoding: str = "utf-8") -> Path:
    written = io.StringIO()
    writer = csv.DictWriter(written, HEAD, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    file.write_bytes(written.getvalue().encode(encoding))
    return file


def tickets(url: str) -> list[Any]:
    store = open_store(url)
    try:
        with store.database.reading() as connection:
            return list(connection.execute(select(TicketRow).order_by(TicketRow.id)).all())
    finally:
        store.close()


def rows_in(store: Store, table: type) -> int:
    with store.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def said(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found
