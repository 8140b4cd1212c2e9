"""The only place where lines of CSV (RFC 4180) or of JSON become rows of earlier cases, one at a time however many there are."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from ingest.charset import clean
from ingest.columns import Head, Naming, read_head
from models.errors import ColumnsError
from models.history import Column, Fault, Row, RowRefusal

DELIMITERS = (";", ",", "\t")
"""Which one it is, the head tells: the one that parts it into most columns."""
LONGEST_CELL = 2**20
"""Characters. A quotation mark that is never closed swallows no more than this."""
HEAD_ROWS = 100
"""Objects whose keys are taken for the columns: not every object has every key."""
LINE = "line"

_EXCEL_SAYS = re.compile(r"sep=(.)\s*", re.IGNORECASE)
"""First line of a CSV by which Excel is told the delimiter."""
_NOTHING = ("", "NULL")
"""What exports write where there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file's head, and its rows in order."""

    head: Head
    rows: Iterator[Row | RowRefusal]


def read_csv(lines: Iterator[str], naming: Naming) -> Table:
    """Lines with their line ends as they are. `ColumnsError` where the head is not what it must be."""
    first = next(lines, "")
    skipped = 0
    delimiter = ""
    if said := _EXCEL_SAYS.fullmatch(first):
        delimiter, first, skipped = said[1], next(lines, ""), 1
    csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(chain([first], lines), delimiter=delimiter or _delimiter(first), strict=True)
        names = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise ColumnsError("the first line cannot be read as CSV") from error
    head = read_head(names, naming)
    return Table(head=head, rows=_csv_rows(reader, names, head, skipped))


def read_json(lines: Iterator[str], naming: Naming) -> Table:
    """One object a line. `ColumnsError` where their keys are not what they must be."""
    numbered = enumerate(lines, start=1)
    beginning = list(islice(numbered, HEAD_ROWS))
    objects = [row for _, line in beginning if isinstance(row := _object(line), dict)]
    head = read_head(list(dict.fromkeys(key for row in objects for key in row)), naming)
    return Table(head=head, rows=_json_rows(chain(beginning, numbered), head))


def _delimiter(first: str) -> str:
    return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([first], delimiter=delimiter), [])))


def _csv_rows(reader: Any, names: Sequence[str], head: Head, skipped: int) -> Iterator[Row | RowRefusal]:
    """`reader` is a csv.reader, whose type has no public name."""
    while True:
        place = reader.line_num + skipped + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield RowRefusal(place=place, key=LINE, fault=Fault.BROKEN)
            continue
        if not any(map(str.strip, cells)):
            continue
        if len(cells) != len(names):
            yield RowRefusal(place=place, key=LINE, fault=Fault.UNEVEN)
            continue
        told = ((head.columns[name], cell) for name, cell in zip(names, cells, strict=True) if name in head.columns)
        yield _row(place, told)


def _json_rows(numbered: Iterator[tuple[int, str]], head: Head) -> Iterator[Row | RowRefusal]:
    for place, line in numbered:
        if not line.strip():
            continue
        row = _object(line)
        yield _json_row(place, row, head) if isinstance(row, dict) else RowRefusal(place=place, key=LINE, fault=Fault.NOT_JSON)


def _json_row(place: int, row: dict[str, Any], head: Head) -> Row | RowRefusal:
    told = [(ours, row.get(name)) for name, ours in head.columns.items()]
    for ours, value in told:
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            return RowRefusal(place=place, key=ours, fault=Fault.NO_TEXT)
    return _row(place, ((ours, _written(value)) for ours, value in told))


def _written(value: str | float | None) -> str:
    """A number that is whole is written so: some systems write every number with a decimal point."""
    whole = isinstance(value, float) and value.is_integer()
    return "" if value is None else str(int(value) if whole else value)


def _row(place: int, told: Iterable[tuple[Column, str]]) -> Row:
    cells = ((ours, clean(cell).strip()) for ours, cell in told)
    return Row(place=place, cells={ours: cell for ours, cell in cells if cell not in _NOTHING})


def _object(line: str) -> Any:
    """None where the line is not JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
