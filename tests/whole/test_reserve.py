"""The list for hours on paper: what waits in the database and in the mailboxes, whichever of them is away."""

from __future__ import annotations

import re
import stat
import subprocess
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import update

from models.kinds import TicketStatus
from models.tables import TicketRow
from run.dovecot import free_port
from tests.support.faults import looking_into, numbered
from tests.support.inbox import Inbox
from tests.support.mails import content
from tests.support.postgres import PostgresServer
from tests.support.program import Program, rows_of
from tests.support.smtp import SmtpSink


@pytest.fixture(params=["sqlite", "postgresql"])
def program(request: pytest.FixtureRequest, tmp_path: Path, inbox: Inbox, smtp: SmtpSink) -> Program:
    url = None
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.database()
    return Program(tmp_path / "home", [inbox], smtp.port, database_url=url)


@pytest.fixture
def plain(tmp_path: Path, inbox: Inbox, smtp: SmtpSink) -> Program:
    """On SQLite."""
    return Program(tmp_path / "home", [inbox], smtp.port)


def reserve(program: Program, *words: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """The answer, and the page as people read it."""
    out = program.home / "reserve.html"
    answer = program.call("reserve", "--out", str(out), "--config", str(program.config), *words)
    return answer, read(out)


def read(page: Path) -> str:
    text = re.sub(r"<style>.*?</style>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def names(inbox: Inbox) -> list[tuple[str, str]]:
    return [(file.parent.name, file.name) for file in inbox.files()]


def test_open_cases_and_waiting_mails_stand_on_one_page(program: Program, inbox: Inbox) -> None:
    inbox.deliver(content("Skriveren er ødelagt.", subject="Skriver på 010101 12345 <b>", sender="Kari Moe <kari.moe@siv.no>"))
    assert program.once().returncode == 0
    inbox.deliver(content(subject="Ny og ulest", sender="Per Å <per@siv.no>", Date="Mon, 02 Mar 2026 08:55:00 +0000"))
    before = names(inbox)
    answer, page = reserve(program)
    assert (answer.returncode, answer.stderr) == (0, "")
    [ticket] = rows_of(program.call("tickets", "--json"))
    assert f"SIV-{ticket['id']}" in page
    for words in (
        "Reserveliste",
        "Åpne saker: 1",
        "Skriver på [fnr] <b>",
        "kari.moe@siv.no",
        "Europe/Oslo",
        "Per Å <per@siv.no>",
        "Ny og ulest",
    ):
        assert words in page
    assert "2026-03-02 09:55" in page, "the organisation's clock"
    assert "010101 12345" not in page
    assert page.count("Skriver på") == 1, "a handled mail waits no more"
    assert names(inbox) == before
    assert program.status()["mailboxes"][0]["received"] == 0, "nothing was fetched"


def test_a_solved_case_waits_no_more_and_one_on_trial_says_so(plain: Program, inbox: Inbox) -> None:
    plain.config.write_text(plain.config.read_text().replace('mode = "auto"', 'mode = "shadow"'))
    inbox.deliver(numbered(0))
    assert plain.once().returncode == 0
    _, page = reserve(plain)
    assert "Bare prøve" in page
    assert "Ingenting venter her." in page
    with looking_into(plain) as store, store.database.writing() as connection:
        connection.execute(update(TicketRow).values(status=TicketStatus.SOLVED))
    _, page = reserve(plain)
    assert "Ingen åpne saker." in page


def test_a_quarantined_mail_waits_for_a_person(plain: Program, inbox: Inbox) -> None:
    inbox.deliver(b"\r\n\r\n")
    assert plain.once().returncode == 0
    _, page = reserve(plain)
    assert "E-poster i karantene: 1." in page


@pytest.mark.parametrize("away", ["no database", "no file", "empty", "nobody listens", "no url"])
def test_where_the_database_is_away_the_page_says_so_and_lists_the_mailboxes(plain: Program, inbox: Inbox, away: str) -> None:
    file = plain.home / "saksgang.db"
    match away:
        case "no database":
            file.write_bytes(b"This is no database, but it is long enough to be read as one. " * 40)
        case "empty":
            file.touch()
        case "nobody listens":
            plain.environment["SAKSGANG_DATABASE"] = f"postgresql://nobody:hemmelig@127.0.0.1:{free_port()}/none"
        case "no url":
            plain.environment["SAKSGANG_DATABASE"] = "nonsense://"
    there = file.read_bytes() if file.exists() else None
    inbox.deliver(content(subject="Venter i postkassen"))
    before = names(inbox)
    answer, page = reserve(plain)
    assert answer.returncode == 1
    [said] = answer.stderr.splitlines()
    assert said.startswith("saksgang: database: ")
    assert "hemmelig" not in answer.stdout + answer.stderr + page
    assert "Databasen kan ikke leses" in page
    assert "Venter i postkassen" in page
    assert "Åpne saker" not in page
    assert (file.read_bytes() if file.exists() else None) == there
    assert names(inbox) == before


def test_an_older_schema_is_not_touched(plain: Program, inbox: Inbox) -> None:
    assert plain.once().returncode == 0
    with looking_into(plain) as store, store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    answer, page = reserve(plain)
    assert answer.returncode == 1
    assert "schema 0001" in page


def test_where_a_mailbox_is_away_the_rest_is_listed(tmp_path: Path, inbox: Inbox, smtp: SmtpSink) -> None:
    other = Inbox(inbox.server, inbox.user + "-nobody")
    assert Program(tmp_path / "home", [inbox], smtp.port).once().returncode == 0
    program = Program(tmp_path / "home", [other, inbox], smtp.port)
    inbox.deliver(content(subject="Den andre postkassen"))
    answer, page = reserve(program)
    assert answer.returncode == 1
    assert answer.stderr == f"saksgang: {other.user}: the server refuses user and password\n"
    assert f"Postkassen kan ikke leses: {other.user}" in page
    assert "Den andre postkassen" in page
    assert "Ingen åpne saker." in page


def test_everything_away_is_still_a_page_with_room_to_write(plain: Program) -> None:
    plain.environment |= {"TEST_PASSWORD": "not-the-password"}
    answer, page = reserve(plain)
    assert answer.returncode == 1
    assert len(answer.stderr.splitlines()) == 2
    assert "Meldt på telefon imens" in page
    assert "not-the-password" not in page


def test_more_mails_than_fit_are_said(plain: Program, inbox: Inbox) -> None:
    inbox.deliver(*(numbered(number) for number in range(1003)))
    answer, page = reserve(plain)
    assert "Bare de 1000 nyeste av 1003 står her." in page
    assert "1003 mails in 1 mailboxes" in answer.stdout


def test_the_page_is_for_its_owner_alone_and_needs_nothing_else(plain: Program, inbox: Inbox) -> None:
    inbox.deliver(content(subject="<script src=//x.example></script>", sender='"<img src=x>" <x@siv.no>'))
    reserve(plain)
    file = plain.home / "reserve.html"
    html = file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not re.search(r"<(?:script|img|link|iframe)|<[^>]*(?:src|href)\s*=|url\(|@import", html)
    assert "size: A4" in html


def test_no_word_of_a_mail_is_told_outside_the_page(plain: Program, inbox: Inbox) -> None:
    inbox.deliver(content("Hodepine.", subject="Konfidensielt", sender="Astrid Lindqvist <astrid@siv.no>"))
    answer, page = reserve(plain)
    assert "Konfidensielt" in page
    for word in ("konfidensielt", "astrid", "hodepine", "@siv.no"):
        assert word not in (answer.stdout + answer.stderr).lower()


def test_wrong_use_is_one_line(plain: Program, tmp_path: Path) -> None:
    for words, status, said in (
        (("--out", str(tmp_path / "x.html")), 2, "--config"),
        ((), 2, "--out"),
        (("--out", str(tmp_path / "no" / "x.html"), "--profile", "siv"), 1, "cannot be written"),
        (("--out", str(tmp_path / "x.html"), "--profile", "nobody"), 2, "nobody"),
    ):
        answer = plain.call("reserve", *words)
        assert answer.returncode == status, answer.stderr
        assert said in answer.stderr.splitlines()[-1]
        assert not (tmp_path / "x.html").exists()


def test_with_a_profile_alone_the_cases_are_listed_in_its_language(plain: Program, inbox: Inbox, tmp_path: Path) -> None:
    assert plain.once().returncode == 0
    out = tmp_path / "sv.html"
    answer = plain.call("reserve", "--out", str(out), "--profile", "inera")
    assert answer.returncode == 0, answer.stderr
    assert "Inga öppna ärenden." in read(out)
    assert "Inga brevlådor är lästa" in read(out)
