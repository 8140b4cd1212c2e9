"""What files earlier cases may come in: tables however written, lines of JSON, mailbox files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from ingest.rows import LONGEST_CELL
from models.kinds import TicketStatus
from models.profiles import DATA
from run.inputs import InputError
from tests.support.desk import Office
from tests.support.imports import ON_BOTH, PERSONAL, Take, put, row, said, tickets
from tests.support.mails import NOW, content
from tests.support.program import ROOT

SAMPLES = DATA / "samples" / "import"
PURESERVICE = ("Saksnummer=id", "Opprettet=opened", "Lukket=closed", "E-post=from", "Emne=subject", "Beskrivelse=body", "Sakstype=type",
               "Prioritet=priority", "Løsning=solution")  # fmt: skip


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
        ("a.csv", b'"id;opened\n', "the first line cannot be read as CSV"),
        pytest.param("a.csv", b"x" * (LONGEST_CELL + 1), "the first line cannot be read as CSV", id="one endless line"),
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
