"""The commands `people token`, `tokens` and `revoke`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.people import Role
from models.store import Store, open_store
from run.cli import saksgang


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with one lead."""
    monkeypatch.setenv("SAKSGANG_HOME", str(tmp_path))
    monkeypatch.delenv("SAKSGANG_DATABASE", raising=False)
    assert called("people", "add", "lea", "--name", "Lea", "--role", "lead", "--role", "member").exit_code == 0
    return tmp_path


def called(*words: str) -> Result:
    return CliRunner().invoke(saksgang, words)


def opened(home: Path) -> Store:
    return open_store(f"sqlite:///{home / 'saksgang.db'}")


def test_a_token_is_printed_once_and_lets_in(home: Path) -> None:
    token = called("people", "token", "LEA", "--name", "CMDB", "--role", "member").stdout.strip()
    store = opened(home)
    bearer = store.tokens.bearer(token, datetime.now(UTC))
    store.close()
    assert bearer
    assert (bearer.name, bearer.person.login, bearer.person.roles) == ("CMDB", "lea", frozenset({Role.MEMBER}))
    listed = called("people", "tokens")
    assert "CMDB" in listed.stdout
    assert token not in listed.stdout


def test_a_revoked_token_is_shown_as_such_and_cannot_be_revoked_again(home: Path) -> None:
    called("people", "token", "lea", "--name", "CMDB")
    assert called("people", "revoke", "1").exit_code == 0
    [line] = [json.loads(line) for line in called("people", "tokens", "lea", "--json").stdout.splitlines()]
    assert (line["login"], line["roles"], line["stands"]) == ("lea", ["lead", "member"], "revoked")
    assert called("people", "revoke", "1").exit_code == 2


def test_making_and_revoking_are_noted(home: Path) -> None:
    called("people", "token", "lea", "--name", "CMDB")
    called("people", "revoke", "1")
    kept = [json.loads(line) for line in called("audit", "--json").stdout.splitlines()]
    assert [(note["what"], note["about"]) for note in kept[-2:]] == [("token-made", "lea"), ("token-revoked", "token 1")]


@pytest.mark.parametrize(("words", "told"), [(("nobody",), "no person nobody"), (("lea", "--role", "admin"), "lea is no admin")])
def test_a_token_that_cannot_be_is_wrong_use(home: Path, words: tuple[str, ...], told: str) -> None:
    result = called("people", "token", *words, "--name", "x")
    assert result.exit_code == 2
    assert told in result.output
