"""The only place that writes a report's tables for other programs: CSV and Parquet files, or one Excel workbook.

A cell of text that a spreadsheet would run as a formula is made inert: it begins with an apostrophe (OWASP, CSV Injection).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter

from analyse.harmless import harmless
from analyse.speech import Form
from analyse.tables import Table
from models.errors import SaksgangError

WORKBOOK = "report.xlsx"
LONGEST_NAME = 31
"""Letters that Excel takes for the name of a sheet."""
WIDEST, NARROWEST = 60, 8
NUMBERS = {
    Form.SHARE: "0 %",
    Form.MEAN: "0.0",
    Form.MINUTES: "0.0",
    Form.OFFICE: "0.0",
    Form.HOURS: "0.0",
    Form.DAY: "yyyy-mm-dd",
    Form.WEEK: "yyyy-mm-dd",
}
"""How Excel shows them; a time stays in minutes, or hours, so that it can be counted with."""


class Format(StrEnum):
    """For people's own tools, or for programs."""

    CSV = "csv"  # a file for each table, RFC 4180, UTF-8
    EXCEL = "excel"  # one workbook, a sheet for each table
    PARQUET = "parquet"  # a file for each table, every column of its kind


def export(tables: Sequence[Table], folder: Path, form: Format) -> list[Path]:
    """Write every table into the folder, made where it is missing; returns the files. `SaksgangError` where that cannot be done."""
    write: Mapping[Format, Callable[[Sequence[Table], Path], list[Path]]] = {
        Format.CSV: _to_csv, Format.EXCEL: _to_excel, Format.PARQUET: _to_parquet,
    }  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return write[form](tables, folder)
    except OSError as error:
        raise SaksgangError(f"{folder}: the tables cannot be written: {error.strerror}") from error


def _to_csv(tables: Sequence[Table], folder: Path) -> list[Path]:
    files = [folder / f"{table.name}.csv" for table in tables]
    for table, file in zip(tables, files, strict=True):
        _inert(_dated(table.plain(), table)).to_csv(file, index=False, encoding="utf-8", lineterminator="\r\n")
    return files


def _to_parquet(tables: Sequence[Table], folder: Path) -> list[Path]:
    files = [folder / f"{table.name}.parquet" for table in tables]
    for table, file in zip(tables, files, strict=True):
        table.plain().to_parquet(file, engine="pyarrow", index=False)
    return files


def _to_excel(tables: Sequence[Table], folder: Path) -> list[Path]:
    file = folder / WORKBOOK
    with pd.ExcelWriter(file, engine="openpyxl") as book:
        for table in tables:
            shown = _inert(_dated(table.titled(), table))
            shown.to_excel(book, sheet_name=table.name[:LONGEST_NAME], index=False, freeze_panes=(1, 1))
            _dress(book.sheets[table.name[:LONGEST_NAME]], table, shown)
    return [file]


def _dress(sheet: Any, table: Table, shown: pd.DataFrame) -> None:
    """Columns as wide as what stands in them, numbers in their form. The library has no types for a sheet's cells."""
    for place, column in enumerate(table.columns, 1):
        longest = max([len(column.title), *(len(str(value)) for value in shown.iloc[:, place - 1])])
        sheet.column_dimensions[get_column_letter(place)].width = min(WIDEST, max(NARROWEST, longest) + 2)
        for cell in sheet[get_column_letter(place)][1:]:
            cell.number_format = NUMBERS.get(column.form, "General")


def _dated(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Days without a time of day: a week by its Monday."""
    found = frame.copy()
    for place, column in enumerate(table.columns):
        if column.form in (Form.DAY, Form.WEEK):
            found.isetitem(place, [moment.date() if not pd.isna(moment) else None for moment in frame.iloc[:, place]])
    return found


def _inert(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts that begin as a formula does, headings among them, begin with an apostrophe instead; numbers stay numbers."""
    return frame.map(harmless).rename(columns=harmless)
