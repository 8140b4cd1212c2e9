"""The pages as the program serves them, and who may use them from the command line: the installation as a whole."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from tests.support.inbox import Inbox
from tests.support.pages import Browser
from tests.support.program import Program, rows_of, until
from tests.support.smtp import SmtpSink


@pytest.fixture
def program(tmp_path: Path, inbox: Inbox, smtp: SmtpSink) -> Program:
    return Program(tmp_path / "home", [inbox], smtp.port)


def link_of(program: Program, *words: str) -> str:
    answer = program.call("people", *words, "--config", str(program.config))
    assert answer.returncode == 0, answer.stderr
    found = re.search(r"/invitation/\S+", answer.stdout)
    assert found
    return found[0]


def test_a_person_is_added_comes_in_and_is_kept_out(program: Program) -> None:
    address = f"http://127.0.0.1:{program.choose_port()}"
    link = link_of(program, "add", "Lea", "--name", "Lea Lie", "--role", "lead")
    with program.running():
        until(lambda: is_up(address), "the pages are served")
        browser = Browser(address)
        assert browser.client.post(link).status_code == 303
        assert "Lea Lie" in browser.text("/")
        assert program.call("people", "disable", "lea").returncode == 0
        assert browser.get("/").status_code == 303
        browser.client.close()
    [told] = rows_of(program.call("people", "list", "--json"))
    assert told == {"login": "lea", "name": "Lea Lie", "roles": ["lead"], "teams": [], "stands": "disabled"}
    kept = rows_of(program.call("audit", "--json"))
    assert [note["what"] for note in kept] == ["person-changed", "invited", "signed-in", "person-changed"]


def is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/static/style.css", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "lea", "--name", "Lea"), "--role"),
        (("add", "lea", "--name", "Lea", "--role", "king"), "king"),
        (("add", "nils", "--name", "Nils", "--role", "member", "--team", "ukjent"), "ukjent"),
        (("invite", "nobody"), "there is no person nobody"),
        (("disable", "nobody"), "there is no person nobody"),
    ],
)
def test_wrong_use_is_told_in_a_line(program: Program, words: tuple[str, ...], said: str) -> None:
    more = () if words[0] == "disable" else ("--config", str(program.config))
    answer = program.call("people", *words, *more)
    assert answer.returncode == 2
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_nobody_is_added_twice(program: Program) -> None:
    link_of(program, "add", "lea", "--name", "Lea", "--role", "lead")
    answer = program.call("people", "add", "LEA", "--name", "Lea", "--role", "lead", "--config", str(program.config))
    assert (answer.returncode, "there is a person" in answer.stderr) == (2, True)


def test_a_port_in_use_is_told_before_anything_begins(program: Program) -> None:
    port = program.choose_port()
    with program.running():
        until(lambda: is_up(f"http://127.0.0.1:{port}"), "the pages are served")
        answer = program.call("run", "--config", str(program.config))
    assert answer.returncode == 1
    assert f"the pages cannot be served at 127.0.0.1:{port}" in answer.stderr
