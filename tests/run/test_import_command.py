"""Earlier cases of other systems, taken over at the command line into a real store."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from models.errors import SaksgangError
from models.kinds import CameBy, EventKind, Mode, TicketStatus
from models.profiles import DATA, Profile
from models.store import Store, open_store
from models.store.reserve import read_waiting
from models.tables import EventRow, ParcelRow, ParticipantRow, ThreadRow, TicketRow, TimerRow
from run.importing import BATCH, import_command
from run.inputs import InputError
from tests.support.desk import Office
from tests.support.mails import NOW, content
from tests.support.postgres import PostgresServer
from tests.support.program import PATIENCE, ROOT, Program

SAMPLES = DATA / "samples" / "import"
HEAD = ("id", "opened", "closed", "from", "subject", "body", "type", "priority", "team", "solution")
LABELLED = {"type": "hendelse", "priority": "3", "team": "arbeidsplass"}
PERSONAL = ("99887766", "010190", "kari.moe@siv.no", "Skriverfeil", "rom 4")
PURESERVICE = ("Saksnummer=id", "Opprettet=opened", "Lukket=closed", "E-post=from", "Emne=subject", "Beskrivelse=body", "Sakstype=type",
               "Prioritet=priority", "Løsning=solution")  # fmt: skip

Take = Callable[..., Result]
ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh SQLite database; one of PostgreSQL where a test asks for both."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path / 'saksgang.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def take(tmp_path: Path, database_url: str) -> Take:
    """Runs the command on a file, or on rows that are put into one; `maps` are its --map."""

    def run(given: Path | Iterable[dict[str, str]], *words: str, maps: Iterable[str] = (), profile: str = "siv") -> Result:
        file = given if isinstance(given, Path) else put(tmp_path / "rows.csv", given)
        environment = {"SAKSGANG_HOME": str(tmp_path), "SAKSGANG_DATABASE": database_url, "SAKSGANG_TRAINED": str(tmp_path / "no-model")}
        mapped = [word for one in maps for word in ("--map", one)]
        return CliRunner().invoke(import_command, [str(file), "--profile", profile, *mapped, *words], env=environment)

    return run


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


@ON_BOTH
def test_labels_that_the_file_does_not_tell_are_guessed_and_said_to_be(take: Take, database_url: str) -> None:
    result = take([row(type="", priority=""), row("2")])
    assert "guessed: type 1, priority 1" in result.stdout
    first, second = tickets(database_url)
    assert first.type == "hendelse"
    assert first.team == "arbeidsplass"
    assert set(first.confidence) == {"type", "priority", "scope"}
    assert set(first.reasons["guessed"]) == {"type", "priority", "scope"}
    assert second.reasons["guessed"] == ["scope"]


def test_a_service_is_guessed_where_the_organisation_tells_services_apart(take: Take, database_url: str) -> None:
    take([row(team="supplier")], profile="inera")
    [found] = tickets(database_url)
    assert set(found.reasons["guessed"]) == {"service", "scope"}


@pytest.mark.parametrize(
    ("told", "stored"),
    [
        ({"type": "HENDING"}, ("hendelse", 3, "arbeidsplass")),
        ({"type": "incident", "priority": "2 Høg", "team": "Workplace"}, ("hendelse", 2, "arbeidsplass")),
        ({"priority": " kritisk ", "team": "nett  og TELEFONI"}, ("hendelse", 1, "nett")),
        ({"type": "Tinging", "priority": "4"}, ("bestilling", 4, "arbeidsplass")),
    ],
)
def test_a_label_may_be_a_value_or_what_people_read_for_it(
    take: Take, database_url: str, told: dict[str, str], stored: tuple[str, int, str]
) -> None:
    take([row(**told)])
    [found] = tickets(database_url)
    assert (found.type, found.priority, found.team) == stored
    assert found.reasons["guessed"] == ["scope"]


def test_a_label_that_nobody_knows_is_guessed_counted_and_cited_only_where_it_stands_often(take: Take) -> None:
    rows = [row(str(number), team="IT Drift" if number else "Kari Moe") for number in range(7)]
    result = take(rows)
    assert "not known here, so guessed: team 7, 'IT Drift' 6" in result.stdout
    assert "Kari" not in result.output
    assert said(take([row("20", team="x")], "--json"))["unknown"] == {"team": 1}


def test_text_that_came_to_stand_for_a_label_is_never_cited(take: Take) -> None:
    result = take([row(str(number), team="Skriveren på rom 4 virker ikke, og ingen av oss vet hvorfor det er slik") for number in range(9)])
    assert "team 9\n" in result.stdout
    assert "rom 4" not in result.output


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


@pytest.mark.parametrize(("encoding", "told"), [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("cp1252", "read as cp1252")])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_charset_and_delimiter_are_found(take: Take, tmp_path: Path, database_url: str, encoding: str, told: str, delimiter: str) -> None:
    subject = "Blå skjerm; på post 4, æ ø å"
    result = take(put(tmp_path / "rows.csv", [row(subject=subject)], delimiter=delimiter, encoding=encoding))
    assert result.exit_code == 0, result.output
    assert (told in result.stderr) if told else ("read as" not in result.stderr)
    assert [found.subject for found in tickets(database_url)] == [subject]


def test_one_strange_byte_does_not_spoil_the_other_rows(take: Take, tmp_path: Path, database_url: str) -> None:
    file = put(tmp_path / "rows.csv", [row(str(number), subject="Blå skjerm på æøå") for number in range(9)])
    file.write_bytes(file.read_bytes().replace("Blå".encode(), b"Bl\xe5", 1))
    result = take(file)
    assert "read as" not in result.stderr
    assert [found.subject for found in tickets(database_url)][1:] == ["Blå skjerm på æøå"] * 8


def test_columns_are_mapped_whatever_their_case_and_strange_ones_named_once(take: Take, tmp_path: Path, database_url: str) -> None:
    file = tmp_path / "export.csv"
    file.write_text("sep=;\nSaksnummer;ID;OPENED;Emne;Rom;team\n41;900;2026-03-02;Skriver;4;Ukjent\n", encoding="utf-8")
    result = take(file, maps=["saksnummer=id", "EMNE = subject", "team="])
    assert result.exit_code == 0, result.output
    assert result.stderr.count("columns left out: ID, Rom\n") == 1
    [found] = tickets(database_url)
    assert (found.source_id, found.subject) == ("41", "Skriver")
    assert "not known" not in result.stdout


@pytest.mark.parametrize(
    ("maps", "reason"),
    [
        (["Saksnummer"], "write theirs=ours"),
        (["=id"], "write theirs=ours"),
        (["id=number"], "'number' is none of id, opened"),
        (["Saksnummer=id"], "no column 'saksnummer'"),
        (["subject=id", "body=id"], "another column is `id` already"),
        (["id="], "no column is `id`"),
    ],
)
def test_a_wrong_mapping_is_wrong_use(take: Take, maps: list[str], reason: str) -> None:
    result = take([row()], maps=maps)
    assert isinstance(result.exception, InputError)
    assert reason in str(result.exception)


@pytest.mark.parametrize(
    ("name", "bytes_", "reason"),
    [
        ("a.csv", b"", "no column is `id`"),
        ("a.csv", b"kari.moe@siv.no;99887766\nx;y\n", "no column is `id`"),
        ("a.csv", b"id;opened;ID\n1;2026-03-02;3\n", "two columns are `id`"),
        ("a.csv", b'"id;opened\n', "broken quotation marks"),
        ("a.xlsx", b"PK\x03\x04 and so on", "is a workbook"),
        ("a.jsonl", b"not json\n", "no column is `id`"),
        ("a.csv", b"\x00\xff\xfe\x00", "no column is `id`"),
    ],
)
def test_a_file_that_is_no_table_of_cases_is_wrong_use_and_none_of_it_is_cited(
    take: Take, tmp_path: Path, name: str, bytes_: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(bytes_)
    result = take(tmp_path / name)
    assert isinstance(result.exception, InputError)
    assert reason in str(result.exception)
    assert not any(word in str(result.exception) for word in PERSONAL)


@ON_BOTH
def test_lines_of_json_are_rows_too(take: Take, tmp_path: Path, database_url: str) -> None:
    rows = [{"id": 7, "opened": "2026-03-02T08:00:00Z", "subject": "Skriver", "closed": None, "priority": 2.0, "extra": [1]},
            {"id": "8", "opened": "2026-03-02T08:00:00Z", "subject": {"text": "x"}}, {"id": "9", "opened": "2026-03-02"}]  # fmt: skip
    (tmp_path / "a.jsonl").write_text("\n".join([json.dumps(rows[0]), "", "not json", *map(json.dumps, rows[1:])]), encoding="utf-8")
    result = take(tmp_path / "a.jsonl", "--json")
    assert (result.exit_code, said(result)["kept"]) == (1, 2)
    assert said(result)["first_refused"] == [
        {"place": 3, "key": "line", "reason": "is no JSON object"},
        {"place": 4, "key": "subject", "reason": "is no text or number"},
    ]
    first, second = tickets(database_url)
    assert (first.source_id, first.priority, first.status, second.source_id) == ("7", 2, TicketStatus.ELSEWHERE, "9")


def mbox(file: Path, *mails: bytes) -> Path:
    file.write_bytes(b"".join(b"From x@siv.no Mon Mar  2 09:00:00 2026\n" + mail.replace(b"\r\n", b"\n") + b"\n" for mail in mails))
    return file


@ON_BOTH
def test_a_message_is_a_case_and_its_thread_is_not_another(take: Take, tmp_path: Path, database_url: str) -> None:
    first = content("Skriveren står.\n\nMvh\nKari", message_id="<1@siv.no>")
    answer = content("Prøv igjen.", message_id="<2@siv.no>", In_Reply_To="<1@siv.no>")
    later = content("Takk!", message_id="<3@siv.no>", References="<0@siv.no> <2@siv.no>")
    robot = content("Borte.", message_id="<4@siv.no>", Auto_Submitted="auto-replied")
    undated = content("Når?", message_id="<5@siv.no>", Date="ukjent")
    file = mbox(tmp_path / "inbox", first, answer, later, robot, undated)
    report = said(take(file, "--json"))
    assert (report["read"], report["kept"], report["passed_over"]) == (5, 1, {"reply": 2, "automatic": 1})
    assert report["first_refused"] == [{"place": 5, "key": "opened", "reason": "is missing"}]
    [found] = tickets(database_url)
    assert (found.source_id, found.said, found.opened_at) == ("<1@siv.no>", "Skriveren står.", datetime(2026, 3, 2, 7, 55, tzinfo=UTC))
    assert said(take(file, "--json"))["already_there"] == 1


def test_an_answer_to_an_imported_message_opens_a_case_of_its_own(take: Take, tmp_path: Path, office: Office) -> None:
    take(mbox(tmp_path / "inbox", content(message_id="<1@siv.no>")))
    office.inboxes[0].deliver(content("Det virker fortsatt ikke på skriveren.", In_Reply_To="<1@siv.no>", Date=format_datetime(NOW)))
    assert office.work()
    [ticket] = office.store.tickets.latest(10)
    assert (office.told[0].outcome, office.told[0].ticket) == ("opened", ticket.id)


def test_an_mbox_has_no_columns_to_map(take: Take, tmp_path: Path) -> None:
    assert "an mbox has none" in str(take(mbox(tmp_path / "inbox", content()), maps=["a=id"]).exception)


@pytest.mark.parametrize(
    ("name", "profile", "maps", "kept"),
    [
        ("pureservice.csv", "siv", [*PURESERVICE], 4),
        ("zammad.csv", "inera", ["#=id", "Title=subject", "Customer=from", "Group=team", "Created At=opened", "Closed At=closed", "Priority="], 3),
        ("zammad.jsonl", "inera", ["number=id", "title=subject", "customer=from", "group=team", "created_at=opened", "close_at=closed",
                                   "answer=solution", "priority="], 3),
        ("inbox.mbox", "siv", [], 2),
    ],
)  # fmt: skip
def test_the_examples_are_taken_over_as_the_page_about_them_says(
    take: Take, database_url: str, name: str, profile: str, maps: list[str], kept: int
) -> None:
    result = take(SAMPLES / name, maps=maps, profile=profile)
    assert result.exit_code == 0, result.output
    assert len(tickets(database_url)) == kept
    page = " ".join((ROOT / "docs" / "import.md").read_text(encoding="utf-8").replace("\\\n", " ").split())
    words = "".join(f' --map "{one}"' for one in maps)
    assert f"saksgang import data/samples/import/{name} --profile {profile}{words}" in page


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
