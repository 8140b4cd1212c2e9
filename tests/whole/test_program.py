"""The program as scripts and services meet it: commands, lines of JSON, exit statuses, signals, the log."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import NoneType
from typing import Any

import pytest

from models.kinds import AutoKind, MailState, Method, ParcelState, TicketType
from models.profiles import Profile
from run.dovecot import free_port
from tests.support.cases import PROFILE, write_profile
from tests.support.faults import assert_each_once, count_of, looking_into, numbered
from tests.support.inbox import Inbox
from tests.support.mails import content
from tests.support.program import ROOT, Program, line, rows_of, until
from tests.support.smtp import SmtpSink

TEXT_OR_NONE = (str, NoneType)
PARSED: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "message_id": str,
    "from_address": str,
    "from_name": str,
    "to": list,
    "cc": list,
    "date": TEXT_OR_NONE,
    "subject": str,
    "text": str,
    "visible_reply": str,
    "attachments": list,
    "in_reply_to": TEXT_OR_NONE,
    "references": list,
    "auto": TEXT_OR_NONE,
    "language": TEXT_OR_NONE,
}
CLASSIFIED: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "type": str,
    "priority": int,
    "scope": str,
    "team": str,
    "service": TEXT_OR_NONE,
    "reporter": TEXT_OR_NONE,
    "language": TEXT_OR_NONE,
    "patient_safety": bool,
    "change_request": bool,
    "is_auto": bool,
    "confidence": dict,
    "review": bool,
    "method": dict,
    "reasons": list,
}
COMMANDS = (
    "parse",
    "classify",
    "train",
    "evaluate",
    "run",
    "status",
    "doctor",
    "quarantine",
    "outbox",
    "tickets",
    "import",
    "similar",
    "repeats",
    "report",
    "solutions",
    "confirm",
    "reserve",
    "routines",
)
WRONG: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("parse", "x.eml", "--nonsense"), ("--nonsense",)),
    (("nonsense",), ("nonsense",)),
    (("parse",), ("PATHS",)),
    (("parse", "nowhere.eml"), ("nowhere.eml", "no such file")),
    (("classify", "-", "--profile", "nobody"), ("nobody",)),
    (("run", "--config", "nowhere.toml"), ("nowhere.toml", "--config", "No such file")),
    (("doctor",), ("--config",)),
    (("confirm", "abc"), ("abc",)),
    (("evaluate", "--profile", "siv", "--labels", "nowhere.jsonl"), ("nowhere.jsonl",)),
)
SECONDS_TO_STOP = 10
STRAY = 'raise RuntimeError("a stray package was taken for ours")\n'


@pytest.fixture
def program(tmp_path: Path, inbox: Inbox, smtp: SmtpSink) -> Program:
    return Program(tmp_path / "home", [inbox], smtp.port)


def assert_shape(row: dict[str, Any], shape: dict[str, type | tuple[type, ...]]) -> None:
    assert shape.keys() <= row.keys()
    for key, kind in shape.items():
        assert isinstance(row[key], kind), f"{key} is {row[key]!r}"


def assert_one_line(answer: subprocess.CompletedProcess[str], status: int, *words: str) -> None:
    """The status, and one line that says it all."""
    assert answer.returncode == status, answer.stderr
    assert answer.stdout == ""
    [said] = answer.stderr.splitlines()
    assert said.startswith("saksgang: ")
    for word in words:
        assert word in said


def test_parse_reads_every_kind_of_input_in_order_and_keeps_its_contract(bare: Program, tmp_path: Path) -> None:
    one, folder, box, maildir, rows = (tmp_path / name for name in ("one.eml", "folder", "box.mbox", "maildir", "rows.jsonl"))
    full = content(
        "Se vedlegget.\n\nFra: Per <per@siv.no>\nSendt: mandag 2. mars 2026 08:00\nTil: Kari\nEmne: Skriver\n\nGammelt.\n",
        subject="SV: Blå skjerm",
        message_id="<one@siv.no>",
        Cc="Per <per@siv.no>",
        In_Reply_To="<zero@siv.no>",
        References="<first@siv.no> <zero@siv.no>",
    )
    one.write_bytes(full)
    (folder / "deep").mkdir(parents=True)
    (folder / "b.eml").write_bytes(content(Auto_Submitted="auto-replied", subject="Automatisk svar"))
    (folder / "deep" / "a.eml").write_bytes(b"From: a@b.no\nSubject: Gl\xf8mt\n\nuten dato\n")
    box.write_bytes(b"From x@siv.no Mon Mar  2 09:00:00 2026\n" + content().replace(b"\r\n", b"\n") + b"\n")
    for part in ("new", "cur", "tmp"):
        (maildir / part).mkdir(parents=True)
    (maildir / "cur" / "1.x:2,S").write_bytes(content())
    rows.write_text(line("r1") + line("r2", body="😀 <&> \u2028 Æ"), encoding="utf-8")
    answer = bare.call("parse", *map(str, (one, folder, box, maildir, rows)), "-", "--json", given=line("s1"))
    assert answer.returncode == 0, answer.stderr
    found = rows_of(answer)
    assert [row["id"] for row in found] == ["one.eml", "b.eml", "a.eml", "box.mbox:1", "1.x", "r1", "r2", "s1"]
    for row in found:
        assert_shape(row, PARSED)
        assert row["auto"] in {None, *AutoKind}
    first = found[0]
    assert (first["message_id"], first["from_address"], first["from_name"]) == ("<one@siv.no>", "kari.moe@siv.no", "Kari Moe")
    assert (first["to"], first["cc"], first["subject"]) == (["ikt@siv.no"], ["per@siv.no"], "SV: Blå skjerm")
    assert (first["in_reply_to"], first["references"]) == ("<zero@siv.no>", ["<first@siv.no>", "<zero@siv.no>"])
    assert first["date"] == "2026-03-02T07:55:00+00:00"
    assert "Gammelt." in first["text"]
    assert first["visible_reply"] == "Se vedlegget."
    assert (found[1]["auto"], found[2]["date"], found[2]["subject"]) == ("auto-reply", None, "Glømt")


def test_attachments_are_told_by_name_type_and_size(bare: Program, tmp_path: Path) -> None:
    file = tmp_path / "bilde.eml"
    file.write_bytes(numbered(1, attached=5_000))
    [row] = rows_of(bare.call("parse", str(file), "--json"))
    assert row["attachments"] == [{"name": "bilde.png", "content_type": "image/png", "bytes": 5_000, "inline": False}]


def test_an_unreadable_mail_keeps_its_place_with_id_and_error_and_status_1(bare: Program, siv: Profile, tmp_path: Path) -> None:
    empty = tmp_path / "empty.eml"
    empty.write_bytes(b"\r\n")
    given = line("first") + "{broken\n" + line("last", subject="Ny pc", body="Jeg vil bestille ny pc.")
    answer = bare.call("classify", str(empty), "-", "--profile", "siv", "--json", given=given)
    assert answer.returncode == 1
    unread, first, broken, last = rows_of(answer)
    assert unread == {"id": "empty.eml", "error": "no header and no text"}
    assert broken == {"id": "stdin:2", "error": "the line is not JSON"}
    assert (first["id"], last["id"]) == ("first", "last")
    for row in (first, last):
        assert_shape(row, CLASSIFIED)
        assert row["type"] in set(TicketType)
        assert 1 <= row["priority"] <= 4
        assert row["team"] in siv.teams
        assert row["scope"] in siv.scopes
        assert row["confidence"].keys() == row["method"].keys() == {"type", "priority", "team"}
        assert all(0 <= chance <= 1 for chance in row["confidence"].values())
        assert set(row["method"].values()) <= {Method.KEYWORDS, Method.POLICY}
        assert all(isinstance(reason, str) for reason in row["reasons"])
    assert "no trained model" in answer.stderr
    assert "Keywords and policy decide meanwhile." in answer.stderr


def test_wrong_use_is_status_2_and_one_clear_line(bare: Program) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda wrong: bare.call(*wrong[0]), WRONG))
    for answer, (_, said) in zip(answers, WRONG, strict=True):
        assert_one_line(answer, 2, *said)


def test_a_bad_profile_names_file_and_key(bare: Program, tmp_path: Path) -> None:
    folder = write_profile(tmp_path / "mine", 'langages = ["nb"]\n' + PROFILE)
    assert_one_line(bare.call("classify", "-", "--profile", folder, given=""), 2, str(Path(folder) / "profile.toml"), "langages")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("profile = 7\n[mailbox]\n", "profile"),
        ('profile = "siv"\n[mailbox.ikt]\nhots = "x"\n', "mailbox.ikt.hots"),
        ('profile = "siv"\n[mailbox.ikt]\nhost = "x"\nmode = "wild"\n', "mailbox.ikt.mode"),
        ('profile = "siv"\n[mailbox.ikt]\nhost = "x"\npassword_env = "UNSET_NAME"\n', "mailbox.ikt.password_env"),
        ("profile = \n", "TOML"),
    ],
)
def test_a_bad_configuration_names_file_and_key(bare: Program, text: str, said: str) -> None:
    bare.config.write_text(text)
    assert_one_line(bare.call("run", "--config", str(bare.config), "--once"), 2, str(bare.config), said)


def test_a_bad_environment_names_the_variable(bare: Program) -> None:
    bare.environment["SAKSGANG_SMTP_PORT"] = "twenty-five"
    assert_one_line(bare.call("status"), 2, "SAKSGANG_SMTP_PORT")


def test_a_home_that_cannot_be_made_is_told_in_a_line(bare: Program, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    bare.config.write_text('profile = "siv"\n[mailbox]\n')
    bare.environment["SAKSGANG_HOME"] = str(tmp_path / "file" / "home")
    config = ("--config", str(bare.config))
    for words in (("status",), ("run", *config, "--once"), ("doctor", *config), ("train", "--profile", "siv", "--confirmed")):
        assert_one_line(bare.call(*words), 2, "SAKSGANG_HOME", "Not a directory")
    assert_one_line(bare.call("run", "--once"), 1, "SAKSGANG_HOME", "Not a directory")


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:hemmelig@h/db"])
def test_a_database_that_is_not_known_here_is_told_in_a_line(bare: Program, url: str) -> None:
    bare.environment["SAKSGANG_DATABASE"] = url
    bare.config.write_text('profile = "siv"\n[mailbox]\n')
    for words in (("status",), ("run", "--config", str(bare.config), "--once")):
        assert_one_line(bare.call(*words), 1, "database", "SAKSGANG_DATABASE")
    doctor = bare.call("doctor", "--config", str(bare.config), "--json")
    assert [row["found"] for row in rows_of(doctor) if row["what"] == "database"] == [
        "database: SAKSGANG_DATABASE is no URL of a database known here"
    ]
    assert "hemmelig" not in doctor.stdout + doctor.stderr


def test_status_tells_of_mailboxes_and_outbox(program: Program, inbox: Inbox) -> None:
    inbox.deliver(numbered(0))
    assert program.once().returncode == 0
    told = program.status()
    [box] = told["mailboxes"]
    states = {str(state) for state in MailState}
    assert box.keys() >= {"account", "mode", "last_poll", "lag_seconds", "failing_since", "error", *states}
    assert (box["account"], box["mode"], box["handled"], box["received"], box["error"]) == (inbox.user, "auto", 1, 0, None)
    assert told["outbox"].keys() == {str(state) for state in ParcelState}
    assert (told["outbox"]["sent"], told["oldest_unsent"]) == (2, None)


def test_doctor_finds_a_well_installation_well(program: Program) -> None:
    answer = program.call("doctor", "--config", str(program.config), "--json")
    found = {row["what"].partition(" ")[0]: row for row in rows_of(answer)}
    assert answer.returncode == 0, answer.stdout
    assert found.keys() == {"profile", "templates", "hours", "model", "database", "mailbox", "smtp", "pages", "routines"}
    assert [what for what, row in found.items() if not row["well"]] == ["model", "routines"]
    assert found["model"]["warning"]
    assert found["routines"]["warning"]
    assert program.status()["routines_copied_at"] is None
    assert program.call("routines", "--config", str(program.config), "--out", str(program.home / "copy.html")).returncode == 0
    assert program.status()["routines_copied_at"]
    assert "ok    routines: copied" in program.call("doctor", "--config", str(program.config)).stdout


def test_doctor_says_of_each_fault_what_to_do(program: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    smtp.stop()
    program.environment |= {"TEST_PASSWORD": "not-the-password", "SAKSGANG_DATABASE": f"postgresql://nobody@127.0.0.1:{free_port()}/none"}
    answer = program.call("doctor", "--config", str(program.config), "--json")
    assert answer.returncode == 1, answer.stderr
    ill = {row["what"]: row for row in rows_of(answer) if not row["well"] and not row["warning"]}
    assert ill.keys() == {"database", f"mailbox {inbox.user}", "smtp"}
    for what, words in (("database", "SAKSGANG_DATABASE"), (f"mailbox {inbox.user}", "password"), ("smtp", "SAKSGANG_SMTP_HOST")):
        assert words in ill[what]["advice"]
        assert ill[what]["found"]
    assert "not-the-password" not in answer.stdout


def test_one_round_ends_with_1_where_something_failed(program: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    smtp.stop()
    inbox.deliver(numbered(0))
    assert program.once().returncode == 1
    with looking_into(program) as store:
        assert store.outbox.counts()[ParcelState.WAITING] == 2


def test_told_to_stop_it_puts_down_what_it_holds_and_goes_on_at_the_next_start(program: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    inbox.deliver(*(numbered(number) for number in range(120)))
    with program.running() as process:
        until(lambda: bool(smtp.contents()), "the program at work")
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS_TO_STOP) == 0
    with looking_into(program) as store:
        counts = store.outbox.counts()
        assert (counts[ParcelState.CLAIMED], counts[ParcelState.SENDING]) == (0, 0)
        assert store.outbox.workers() == set()
        assert count_of(store) <= 120
    assert program.once().returncode == 0
    assert_each_once(program, smtp, 120)


def test_told_to_stop_while_nothing_happens_it_stops_at_once(program: Program) -> None:
    with program.running() as process:
        until(lambda: (program.home / "saksgang.db").exists() and _polled(program), "the first look")
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS_TO_STOP) == 0


def _polled(program: Program) -> bool:
    with looking_into(program) as store:
        return bool(store.database.schema_versions()[0] and store.health.all())


def test_in_assist_mode_nothing_leaves_before_a_leads_yes(program: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    program.config.write_text(program.config.read_text().replace('mode = "auto"', 'mode = "assist"'))
    inbox.deliver(numbered(0))
    assert program.once().returncode == 0
    assert program.status()["outbox"]["held"] == 2
    assert smtp.contents() == []
    [ticket] = rows_of(program.call("tickets", "--json"))
    answer = program.call("confirm", f"SIV-{ticket['id']}")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.endswith(f"{ticket['id']}: 2 mails released\n")
    assert program.call("confirm", str(ticket["id"])).returncode == 1
    assert program.once().returncode == 0
    assert_each_once(program, smtp, 1)


def test_a_stray_package_of_our_name_never_wins(bare: Program, tmp_path: Path) -> None:
    for name in ("models", "run", "classify", "ingest"):
        (tmp_path / "stray" / name).mkdir(parents=True)
        (tmp_path / "stray" / name / "__init__.py").write_text(STRAY)
    before = bare.environment.get("PYTHONPATH")
    bare.environment["PYTHONPATH"] = os.pathsep.join(filter(None, (before, str(tmp_path / "stray"))))
    answer = bare.call("classify", "-", "--profile", "siv", "--json", given=line("m"))
    assert answer.returncode == 0, answer.stderr
    assert rows_of(answer)[0]["id"] == "m"


def test_no_word_of_a_mail_stands_in_the_log(program: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    secret = "Hemmelighetsfull hodepine hos 01017012345, ring 33 34 35 36."
    senders = ("astrid.lindqvist@siv.no", "550.astrid@siv.no", "451.astrid@siv.no")
    mails = [
        content(secret, sender=f"Astrid Lindqvist <{sender}>", subject=f"Konfidensielt {number}") for number, sender in enumerate(senders)
    ]
    inbox.deliver(
        *mails, b"\r\n\r\n", content(secret, sender="noreply@lindqvist.example", subject="Konfidensielt", Auto_Submitted="auto-replied")
    )
    with program.running() as process:
        until(lambda: len(smtp.contents()) == 5, "three forwards, one receipt, and word to the leads of the mail in quarantine")
        with looking_into(program) as store:
            until(lambda: store.outbox.counts()[ParcelState.DEAD] == 1, "the refused one")
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS_TO_STOP)
    with looking_into(program) as store:
        assert (count_of(store, MailState.HANDLED), count_of(store, MailState.QUARANTINED)) == (4, 1)
    log = (program.home / "log").read_text()
    assert '"event": "handled"' in log
    assert '"event": "not sent"' in log
    shown = (program.call(*words).stdout for words in (("outbox", "list"), ("quarantine", "list")))
    for text in (log, *shown):
        for word in ("hemmelighetsfull", "01017012345", "33 34 35 36", "astrid", "lindqvist", "konfidensielt", "@siv.no"):
            assert word not in text.lower()


def test_help_lists_the_commands_also_of_the_installed_script(bare: Program) -> None:
    script = subprocess.run(
        [Path(sys.executable).parent / "saksgang", "--help"], cwd=ROOT, env=bare.environment, capture_output=True, text=True, check=True
    )
    for text in (script.stdout, bare.call("--help").stdout):
        for command in COMMANDS:
            assert re.search(rf"^  {command}\b", text, re.MULTILINE)
