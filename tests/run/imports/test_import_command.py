"""Earlier cases of other systems, taken over at the command line into a real store."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from models.errors import SaksgangError
from models.kinds import CameBy, EventKind, Mode, TicketStatus
from models.profiles import Profile
from models.store import open_store
from models.store.reserve import read_waiting
from models.tables import EventRow, ParcelRow, ParticipantRow, ThreadRow, TimerRow
from run.commands.importing import BATCH, import_command
from tests.support.desk import Office
from tests.support.imports import ON_BOTH, PERSONAL, Take, put, row, rows_in, said, tickets
from tests.support.mails import NOW
from tests.support.program import PATIENCE, ROOT, Program


@ON_BOTH
def test_a_row_becomes_a_ticket_that_says_what_the_row_said(take: Take, database_url: str) -> None:
    result = take([row()])
    assert (result.exit_code, result.stdout) == (0, "1 read, 1 kept, 0 already there, 0 refused\n")
    [found] = tickets(database_url)
    assert (found.profile, found.source_id, found.came_by, found.mode, found.status) == (
        "siv", "1", CameBy.IMPORT, Mode.SHADOW, TicketStatus.SOLVED,
    )  # fmt: skip
    assert (found.opened_at, found.solved_at) == (datetime(2026, 3, 2, 8, 0, tzinfo=UTC), datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    assert (found.reporter, found.subject, found.said, found.language) == (
        "kari.moe@siv.no", "Skriverfeil", "Skriveren på rom 4 virker ikke.", "nb",
    )  # fmt: skip
    assert (found.type, found.priority, found.team, found.solution) == ("hendelse", 3, "arbeidsplass", "Startet på nytt.")
    assert (found.confidence, found.reasons["guessed"]) == ({}, ["scope"])


@ON_BOTH
def test_the_same_file_again_changes_nothing(take: Take, database_url: str) -> None:
    given = [row(str(number)) for number in range(3)]
    take(given)
    before = tickets(database_url)
    result = take([*given, row("9")])
    assert result.stdout.splitlines()[0] == "4 read, 1 kept, 3 already there, 0 refused"
    assert tickets(database_url)[:3] == before
    assert len(tickets(database_url)) == 4


@ON_BOTH
def test_of_two_rows_with_one_id_the_first_stands(take: Take, database_url: str) -> None:
    result = take([row("7", subject="Den første"), row("7", subject="Den andre")])
    assert result.stdout.splitlines()[0] == "2 read, 1 kept, 1 already there, 0 refused"
    assert [found.subject for found in tickets(database_url)] == ["Den første"]


def test_an_id_is_an_organisations_own(take: Take, database_url: str) -> None:
    take([row()])
    assert take([row()], profile="inera").exit_code == 0
    assert [(found.profile, found.source_id) for found in tickets(database_url)] == [("siv", "1"), ("inera", "1")]


@ON_BOTH
def test_what_is_imported_is_nobodys_work_and_has_nothing_that_could_be_sent(take: Take, database_url: str) -> None:
    take([row("1"), row("2", closed="", priority="1")])
    assert [found.status for found in tickets(database_url)] == [TicketStatus.SOLVED, TicketStatus.ELSEWHERE]
    store = open_store(database_url)
    try:
        assert store.figures.workload("siv", NOW) == []
        assert store.tickets.latest(10) == []
        assert [(came.came_by, came.count) for came in store.figures.came("siv", NOW - timedelta(days=9), NOW)] == [(CameBy.IMPORT, 2)]
        assert {table: rows_in(store, table) for table in (TimerRow, ParcelRow, ParticipantRow, ThreadRow)} == dict.fromkeys(
            (TimerRow, ParcelRow, ParticipantRow, ThreadRow), 0
        )
        with store.database.reading() as connection:
            assert connection.scalars(select(EventRow.kind)).all() == [EventKind.IMPORTED] * 2
    finally:
        store.close()
    assert read_waiting(database_url, "siv", []).tickets == ()


def test_a_desk_at_work_does_nothing_about_what_was_imported(take: Take, office: Office) -> None:
    take([row(str(number), closed="", priority="1") for number in range(5)])
    assert office.work()
    assert office.smtp.contents() == []
    assert office.told == []


def test_refused_rows_are_counted_and_named_by_line_and_column(take: Take) -> None:
    rows = [row(""), row("2", body="to\nlinjer", opened=""), row("3", opened="31.02.2026"), row("4", closed="i går"),
            row("5", closed="2026-03-02 08:59"), row("x" * 1_000), row("7")]  # fmt: skip
    result = take(rows, "--json")
    assert result.exit_code == 1
    report = said(result)
    assert (report["read"], report["kept"], report["refused"]) == (7, 1, 6)
    assert report["first_refused"] == [
        {"place": 2, "key": "id", "reason": "is missing"},
        {"place": 3, "key": "opened", "reason": "is missing"},
        {"place": 5, "key": "opened", "reason": "is no date that can be read"},
        {"place": 6, "key": "closed", "reason": "is no date that can be read"},
        {"place": 7, "key": "closed", "reason": "lies before opened"},
    ]
    assert sum(report["why"].values()) == 6


def test_refused_rows_are_told_in_the_order_of_the_file(take: Take, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id;opened\n1;i går\n2;2026-03-02;3\n4;i dag\n5;2026-03-02\n", encoding="utf-8")
    report = said(take(tmp_path / "a.csv", "--json"))
    assert [one["place"] for one in report["first_refused"]] == [2, 3, 4]


def test_nothing_that_a_row_says_is_printed(take: Take) -> None:
    body = "Pasienten Kari Moe på rom 4, tlf 99887766, fnr 010190 12345."
    result = take([row(body=body), row("2", body=body, opened="kari.moe@siv.no"), row("", body=body), row("4", closed="rom 4", body=body)])
    assert not any(word in result.output for word in PERSONAL)


@ON_BOTH
def test_personal_data_is_taken_out_of_subject_words_and_solution(take: Take, database_url: str) -> None:
    text = "ring 99 88 77 66 om fnr 01019012345, skriv til per@siv.no"
    take([row(subject=text, body=text, solution=text)])
    [found] = tickets(database_url)
    for kept in (found.subject, found.said, found.solution):
        assert "[telefon]" in kept
        assert not any(word in kept for word in ("99 88", "01019012345", "per@"))


def test_html_and_quoted_history_are_read_as_in_a_mail(take: Take, database_url: str) -> None:
    html = "<div>Skjermen er svart.</div><script>x()</script>"
    older = "Virker fortsatt ikke.\n\nFra: IKT <ikt@siv.no>\nSendt: 1. mars 2026 10:00\nTil: Kari Moe\nEmne: Skriver\n\nPrøv igjen."
    take([row("1", body=html, solution="<p>Byttet <b>kabel</b>.</p>"), row("2", subject="SV: Skriver", body=older)])
    first, second = tickets(database_url)
    assert (first.said, first.solution, second.said) == ("Skjermen er svart.", "Byttet kabel.", "Virker fortsatt ikke.")


@pytest.fixture
def program(database_url: str, tmp_path: Path) -> Program:
    return Program(tmp_path / "home", [], 9, database_url=database_url)


@ON_BOTH
@pytest.mark.parametrize("moment", ["call", "return"])
def test_killed_in_the_middle_and_run_again_nothing_is_doubled_and_nothing_half(
    program: Program, tmp_path: Path, database_url: str, moment: str
) -> None:
    count = 2 * BATCH + 10
    file = put(tmp_path / "rows.csv", [row(str(number), body="", subject="") for number in range(count)])
    words = ["import", str(file), "--profile", "siv"]
    killer = [sys.executable, "-m", "tests.support.killed_at", "HistoryShelf.keep", moment, "2", *words]
    killed = subprocess.run(killer, cwd=ROOT, env=program.environment, timeout=PATIENCE, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    written = len(tickets(database_url))
    assert written == BATCH * (1 if moment == "call" else 2)
    again = program.call(*words)
    assert again.returncode == 0, again.stderr
    assert again.stdout == f"{count} read, {count - written} kept, {written} already there, 0 refused\n"
    found = tickets(database_url)
    assert sorted(int(one.source_id) for one in found) == list(range(count))
    store = open_store(database_url)
    assert rows_in(store, EventRow) == count
    store.close()


@ON_BOTH
def test_two_imports_at_once_keep_every_case_once(program: Program, tmp_path: Path, database_url: str) -> None:
    open_store(database_url).close()
    count = BATCH + 10
    file = put(tmp_path / "rows.csv", [row(str(number)) for number in range(count)])
    words = [sys.executable, "-m", "run", "import", str(file), "--profile", "siv", "--json"]
    both = [subprocess.Popen(words, cwd=ROOT, env=program.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    reports = [json.loads(one.communicate(timeout=PATIENCE)[0]) for one in both]
    assert sum(report["kept"] for report in reports) == count
    assert sum(report["already_there"] for report in reports) == count
    assert len(tickets(database_url)) == count


def test_at_the_command_line_a_refused_row_is_status_1_and_wrong_use_is_one_line_and_status_2(
    bare_program: Program, tmp_path: Path
) -> None:
    refused = bare_program.call("import", str(put(tmp_path / "rows.csv", [row(""), row("2")])), "--profile", "siv")
    assert (refused.returncode, refused.stdout.splitlines()[0]) == (1, "2 read, 1 kept, 0 already there, 1 refused")
    assert "Keywords and policy decide" in refused.stderr
    for words in (("--map", "x=y"), ("--profile", "nobody"), ("--nonsense",)):
        wrong = bare_program.call("import", str(tmp_path / "rows.csv"), "--profile", "siv", *words)
        assert (wrong.returncode, len(wrong.stderr.splitlines()), wrong.stdout) == (2, 1, "")


@pytest.fixture
def bare_program(tmp_path: Path) -> Program:
    return Program(tmp_path / "home", [], 9)


def test_a_profile_cannot_let_a_mail_come_in_as_imported(siv: Profile) -> None:
    with pytest.raises(ValueError, match=r"registrations: .*import"):
        Profile.model_validate(siv.model_dump(mode="json") | {"registrations": {"import": ["gammel"]}})


def test_a_database_that_is_away_is_said_in_a_line(tmp_path: Path) -> None:
    environment = {"SAKSGANG_HOME": str(tmp_path), "SAKSGANG_DATABASE": "sqlite:////nowhere/at/all.db"}
    result = CliRunner().invoke(import_command, [str(put(tmp_path / "rows.csv", [row()])), "--profile", "siv"], env=environment)
    assert isinstance(result.exception, SaksgangError)
