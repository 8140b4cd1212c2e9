"""Any file becomes rows or refusals, each in its place; any row becomes a case or a refusal."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.charset import clean, find_charset
from ingest.columns import read_head
from ingest.history import read_case, read_messages
from ingest.moments import read_moment
from ingest.redact import redact
from ingest.rows import LONGEST_CELL, read_csv, read_json
from models.errors import ColumnsError
from models.history import Column, Fault, PassedOver, PastCase, Row, RowRefusal
from tests.support.mails import mail

OSLO = ZoneInfo("Europe/Oslo")
HEAD = "id;opened;subject;body\n"
CELLS = st.text(max_size=40)
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=6)
ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.integers(), max_size=2))


def lines(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")


def rows_of(text: str) -> list[Row | RowRefusal]:
    return list(read_csv(lines(text), {}).rows)


def refusals(text: str) -> list[tuple[int, str, Fault]]:
    return [(one.place, one.key, one.fault) for one in rows_of(text) if isinstance(one, RowRefusal)]


def seen(cell: str) -> str:
    """A cell as a row has it."""
    kept = clean(cell).strip()
    return "" if kept == "NULL" else kept


@settings(deadline=None)
@given(TABLES, st.sampled_from(";,\t"), st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_as_csv_is_read_again_whatever_it_is(table: list[tuple[str, ...]], delimiter: str, end: str) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "opened", "subject", "body"])
    writer.writerows(table)
    columns = (Column.ID, Column.OPENED, Column.SUBJECT, Column.BODY)
    expected = [
        {column: seen(cell) for column, cell in zip(columns, cells, strict=True) if seen(cell)}
        for cells in table
        if any(map(str.strip, cells))
    ]
    assert [one.cells for one in rows_of(written.getvalue()) if isinstance(one, Row)] == expected


@settings(deadline=None)
@given(st.text())
def test_any_text_under_a_head_is_rows_and_refusals_in_order(text: str) -> None:
    places = [one.place for one in rows_of(HEAD + text)]
    assert places == sorted(set(places))
    assert all(place > 1 for place in places)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_table_or_is_said_to_be_none(text: str) -> None:
    for reader in (read_csv, read_json):
        with suppress(ColumnsError):
            assert all(isinstance(one, Row | RowRefusal) for one in reader(lines(text), {}).rows)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from([*Column, "other"]), ANYTHING, max_size=5), max_size=5))
def test_any_objects_are_rows_or_refusals_each_in_its_place(objects: list[dict[str, Any]]) -> None:
    head = json.dumps({"id": 1, "opened": "2026-03-02"})
    text = "\n".join([head, *map(json.dumps, objects)])
    assert [one.place for one in read_json(lines(text), {}).rows] == list(range(1, len(objects) + 2))


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(Column)), st.text(max_size=300).map(seen).filter(bool)))
def test_any_row_is_a_case_without_personal_data_or_a_refusal_that_names_a_column(cells: dict[Column, str]) -> None:
    dated = cells | {Column.ID: cells.get(Column.ID, "1"), Column.OPENED: "2026-03-02"}
    for row in (Row(place=2, cells=cells), Row(place=3, cells=dated)):
        found = read_case(row, OSLO)
        assert found.place == row.place
        if isinstance(found, RowRefusal):
            assert found.key in list(Column)
        else:
            assert (found.source_id, found.mail.safe_subject) == (row.source_id, redact(found.mail.safe_subject))
            assert found.mail.safe_reply == redact(found.mail.safe_reply)
            assert found.closed_at is None or found.closed_at >= found.opened_at


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-02T08:00:00Z", "2026-03-02 08:00:00"),
        ("2026-03-02T09:00:00+01:00", "2026-03-02 08:00:00"),
        ("2026-03-02T09:00:00.123456", "2026-03-02 08:00:00.123456"),
        ("2026-03-02 09:00:00", "2026-03-02 08:00:00"),
        ("2026-03-02 09:00", "2026-03-02 08:00:00"),
        ("2026-07-02 09:00", "2026-07-02 07:00:00"),
        ("2026-03-02 08:00:00 UTC", "2026-03-02 08:00:00"),
        ("02.03.2026 09:00", "2026-03-02 08:00:00"),
        ("2.3.2026 9:00", "2026-03-02 08:00:00"),
        ("02.03.2026 09:00:30", "2026-03-02 08:00:30"),
        ("02.03.2026, kl. 09.00", "2026-03-02 08:00:00"),
        ("02.03.2026", "2026-03-01 23:00:00"),
        ("2026-03-02", "2026-03-01 23:00:00"),
        ("20260302T090000", "2026-03-02 08:00:00"),
    ],
)
def test_dates_are_read_as_case_systems_write_them(written: str, moment: str) -> None:
    assert read_moment(written, OSLO) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["", "i går", "31.02.2026", "02/03/2026", "2026-13-01", "02.03.26", "46083.375", "0001-01-01T00:00:00", "1899-12-30", "9999-12-31T23:59:59-14:00",
     "2026-03-02 25:00", "٠٢.٠٣.٢٠٢٦x"],
)  # fmt: skip
def test_what_is_no_date_is_none(written: str) -> None:
    assert read_moment(written, OSLO) is None


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_moment_in_utc_or_none(text: str) -> None:
    found = read_moment(text, OSLO)
    assert found is None or found.tzinfo is UTC


def closed(opened: str, ended: str) -> datetime | RowRefusal | None:
    found = read_case(Row(place=2, cells={Column.ID: "1", Column.OPENED: opened, Column.CLOSED: ended}), OSLO)
    return found if isinstance(found, RowRefusal) else found.closed_at


def test_a_case_closed_on_the_day_it_was_opened_is_closed_later() -> None:
    assert closed("2026-03-02 09:00", "2026-03-02") == datetime(2026, 3, 2, 22, 59, 59, tzinfo=UTC)


def test_a_case_closed_in_the_hour_that_comes_twice_is_closed_later() -> None:
    assert closed("2026-10-25 02:50", "2026-10-25 02:10") == datetime(2026, 10, 25, 1, 10, tzinfo=UTC)


def test_a_moment_in_the_year_1_says_that_it_has_not_happened() -> None:
    assert closed("2026-03-02 09:00", "0001-01-01T00:00:00") is None


def test_a_case_closed_before_it_was_opened_is_refused() -> None:
    assert closed("2026-03-02 09:00", "2026-03-01") == RowRefusal(place=2, key=Column.CLOSED, fault=Fault.BEFORE_OPENED)


def test_a_row_is_named_by_the_line_it_begins_on() -> None:
    text = HEAD + '1;2026-03-02;x;"to\nlinjer"\n\n2;2026-03-02;x\n3;2026-03-02;x;y;z\n'
    assert refusals(text) == [(5, "line", Fault.UNEVEN), (6, "line", Fault.UNEVEN)]
    assert refusals("sep=;\n" + text) == [(6, "line", Fault.UNEVEN), (7, "line", Fault.UNEVEN)]


def test_quotation_marks_that_are_not_closed_are_refused_and_rows_behind_them_go_on() -> None:
    first, *rest = rows_of(HEAD + '1;2026-03-02;x;"y" z\n2;2026-03-02;x;y\n')
    assert isinstance(first, RowRefusal)
    assert (first.fault, len(rest)) == (Fault.BROKEN, 1)
    assert refusals(HEAD + '1;2026-03-02;x;"y\n2;2026-03-02;x;y\n') == [(2, "line", Fault.BROKEN)]


def test_a_mark_that_is_never_closed_does_not_swallow_the_whole_file() -> None:
    text = HEAD + '1;2026-03-02;x;"' + "y" * LONGEST_CELL + "\n2;2026-03-02;x;y\n"
    assert [type(one) for one in rows_of(text)] == [RowRefusal, Row]


def test_a_first_line_is_read_by_the_delimiter_that_parts_it_most() -> None:
    [row] = rows_of("id\topened\tsubject, or body\n1\t2026-03-02\ta, b; c\n")
    assert isinstance(row, Row)
    assert row.cells == {Column.ID: "1", Column.OPENED: "2026-03-02"}


def test_objects_need_not_all_have_the_same_keys() -> None:
    table = read_json(lines('{"id": 1, "opened": "2026-03-02"}\n{"id": 2, "opened": "2026-03-02", "Subject": "x", "room": 4}\n'), {})
    assert table.head.unknown == ("room",)
    assert [one.cells.get(Column.SUBJECT) for one in table.rows if isinstance(one, Row)] == [None, "x"]


def test_no_error_cites_a_head_that_may_be_a_row() -> None:
    with pytest.raises(ColumnsError) as caught:
        read_head(["Kari Moe", "99887766"], {})
    assert "Kari" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "reporter"),
    [
        ("Kari Moe <Kari.Moe@SIV.no>", "kari.moe@siv.no"),
        ("kari.moe@siv.no", "kari.moe@siv.no"),
        ("Moe, Kari", "Moe, Kari"),
        ("", ""),
        ("@", "@"),
    ],
)
def test_a_reporter_is_an_address_else_a_name(written: str, reporter: str) -> None:
    found = read_case(Row(place=2, cells={Column.ID: "1", Column.OPENED: "2026-03-02", Column.FROM: written}), OSLO)
    assert isinstance(found, PastCase)
    assert found.reporter == reporter


def test_a_huge_text_is_cut_and_quick() -> None:
    cells = {Column.ID: "1", Column.OPENED: "2026-03-02", Column.BODY: "skriver " * 100_000, Column.SOLUTION: "ring 99 88 77 66 " * 50_000}
    found = read_case(Row(place=2, cells=cells), OSLO)
    assert isinstance(found, PastCase)
    assert len(found.mail.text) <= 20_000
    assert found.solution
    assert (len(found.solution), "99" in found.solution) == (10_000, False)


def test_messages_are_told_apart_into_cases_answers_and_what_nobody_wrote() -> None:
    first, answer = mail(message_id="<1@x>"), mail(message_id="<2@x>", in_reply_to="<1@x>")
    later, other = mail(message_id="<3@x>", references=("<2@x>",)), mail(message_id="<4@x>", in_reply_to="<unknown@x>")
    own, undated = mail(message_id="<5@x>", sender=first.to[0]), mail(message_id="<6@x>", date=None)
    found = list(read_messages([first, answer, None, later, other, own, undated], ["ikt@siv.no"], []))
    told = [one.source_id if isinstance(one, PastCase) else one for one in found]
    assert told == [
        "<1@x>",
        PassedOver.REPLY,
        RowRefusal(place=3, key="message", fault=Fault.UNREADABLE),
        PassedOver.REPLY,
        "<4@x>",
        PassedOver.AUTOMATIC,
        RowRefusal(place=7, key=Column.OPENED, fault=Fault.MISSING),
    ]


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-8-sig", "utf-16", "iso8859-1"])
def test_a_file_that_begins_in_english_is_read_in_its_charset(charset: str) -> None:
    text = "id;subject\n" + "1;printer\n" * 5_000 + "2;blåbær på skjermen, så øynene går i kryss\n" * 3
    content = text.encode(charset)
    assert content.decode(find_charset(io.BytesIO(content))) == text


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_have_a_charset_that_reads_them(content: bytes) -> None:
    assert isinstance(content.decode(find_charset(io.BytesIO(content)), "replace"), str)
