"""The log of access, read and taken out by an administrator, and forgotten after its time."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime, timedelta

import pytest

from models.people import Note, Noted, NoteSearch, Role
from models.records import TicketId
from tests.support.pages import Browser, Desk


def written(desk: Desk, who: str, *, at: datetime | None = None, ticket: int | None = None, about: str = "", **facts: str) -> None:
    note = Note(
        at=at or desk.clock() - timedelta(minutes=1),
        who=who,
        what=Noted.MAIL_SEEN,
        ticket=TicketId(ticket) if ticket else None,
        about=about,
        facts=facts,
    )
    desk.store.audit.note([note])


def admin(desk: Desk) -> Browser:
    return desk.person("ada", Role.ADMIN)


def everything(desk: Desk) -> list[Note]:
    return list(desk.store.audit.read(NoteSearch(since=desk.clock() - timedelta(days=9000), until=desk.clock() + timedelta(days=1))))


def test_lines_are_found_by_person_case_and_day(desk: Desk) -> None:
    written(desk, "lea", ticket=7)
    written(desk, "nils", ticket=8, at=desk.clock() - timedelta(days=3))
    ada = admin(desk)
    assert all(number in ada.text("/audit") for number in ("SIV-7", "SIV-8"))
    for query, seen, unseen in (
        ("who=lea", "SIV-7", "SIV-8"),
        ("case=SIV-8", "SIV-8", "SIV-7"),
        ("case=8", "SIV-8", "SIV-7"),
        ("since=2026-03-01", "SIV-7", "SIV-8"),
        ("until=2026-02-28", "SIV-8", "SIV-7"),
    ):
        page = ada.text(f"/audit?{query}")
        assert f"<td>{seen}</td>" in page, query
        assert f"<td>{unseen}</td>" not in page, query


def test_the_day_that_the_form_says_is_the_last_that_is_looked_at(desk: Desk) -> None:
    written(desk, "lea", ticket=7)
    page = admin(desk).text("/audit")
    until = re.search(r'name="until" value="([0-9-]+)"', page)
    assert until
    assert until[1] == f"{desk.clock():%Y-%m-%d}"
    assert "<td>SIV-7</td>" in desk.person("eva", Role.ADMIN).text(f"/audit?who=lea&until={until[1]}")


def test_an_export_is_named_by_its_days_on_the_organisations_clock(desk: Desk) -> None:
    answer = admin(desk).get("/audit/export/csv?since=2026-03-01&until=2026-03-05")
    assert 'filename="log-2026-03-01-2026-03-05.csv"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("query", ["since=yesterday", "until=9999-12-31", "case=none", "case=L-7", "case=OTHER-7"])
def test_what_is_no_day_and_no_case_is_refused(desk: Desk, query: str) -> None:
    assert admin(desk).get(f"/audit?{query}").status_code == 422


def test_a_page_shows_two_hundred_lines_and_leads_to_the_older_ones(desk: Desk) -> None:
    for number in range(1, 302):
        written(desk, "lea", ticket=number)
    ada = admin(desk)
    page = ada.text("/audit?who=lea")
    assert "<td>SIV-301</td>" in page
    assert "<td>SIV-101</td>" not in page
    older = page.partition('href="/audit?who=lea&amp;before=')[2].partition('"')[0]
    assert "<td>SIV-101</td>" in ada.text(f"/audit?who=lea&before={older}")


def test_the_export_holds_every_line_and_is_noted_itself(desk: Desk) -> None:
    for number in range(1, 252):
        written(desk, "lea", ticket=number, changed="team")
    ada = admin(desk)
    lines = [json.loads(line) for line in ada.text("/audit/export/jsonl?who=lea").splitlines()]
    assert [line["ticket"] for line in lines] == list(range(1, 252))
    assert lines[0]["facts"] == {"changed": "team"}
    answer = ada.get("/audit/export/csv?who=lea")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="log-2026-')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 251
    assert [(note.who, note.about, (note.facts or {})["form"]) for note in everything(desk) if note.what is Noted.EXPORTED] == [
        ("ada", "audit", "jsonl"),
        ("ada", "audit", "csv"),
    ]
    assert ada.get("/audit/export/exe").status_code == 404


def test_no_cell_of_the_export_is_run_by_a_spreadsheet(desk: Desk) -> None:
    written(desk, "=cmd|' /C calc'!A0", about="@SUM(1)\r\nx")
    [row] = csv.DictReader(io.StringIO(admin(desk).text("/audit/export/csv?case=&who=%3Dcmd%7C%27+%2FC+calc%27%21A0"), newline=""))
    assert (row["who"], row["about"]) == ("'=cmd|' /C calc'!A0", "'@SUM(1)\r\nx")


def test_reading_the_log_stands_in_the_log(desk: Desk) -> None:
    admin(desk).get("/audit?who=lea")
    last = everything(desk)[-1]
    assert (last.who, last.what, last.about, last.facts) == ("ada", Noted.LIST_SEEN, "audit", {"searched": "who=lea"})


def test_what_is_old_is_forgotten_and_nothing_else(desk: Desk) -> None:
    for number in range(1200):
        written(desk, "lea", at=desk.clock() - timedelta(days=100, seconds=number))
    written(desk, "lea", at=desk.clock() - timedelta(days=1))
    assert desk.store.audit.forget(desk.clock() - timedelta(days=50)) == 1200
    assert len(everything(desk)) == 1
    assert desk.store.audit.forget(desk.clock() - timedelta(days=50)) == 0
