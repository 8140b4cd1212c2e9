"""Settings: hosts and secrets from the environment, mailboxes from the configuration file."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.errors import ProfileError
from models.kinds import Mode, Security, Source
from models.people import Role
from run.settings import ROOT, SECRET_FILE, Environment, WebTable, accounts_of, load_configuration, load_environment

IMAP = """
profile = "siv"
[mailbox.ikt]
host = "imap.siv.example"
user = "ikt"
password_env = "IKT_PASSWORD"
mode = "auto"
handled_folder = "Behandlet"
"""
MAILDIR = '[mailbox.arkiv]\nsource = "maildir"\npath = "/mail/arkiv"\n'


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("SAKSGANG_", "IKT_")):
            monkeypatch.delenv(name)


def configured(folder: Path, text: str) -> Path:
    file = folder / "saksgang.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refusal(file: Path) -> str:
    with pytest.raises(ProfileError) as caught:
        accounts_of(load_configuration(file), file)
    return str(caught.value).removeprefix(f"{file}: ")


def test_without_any_variable_the_defaults_stand() -> None:
    found = load_environment()
    assert (found.home, found.trained) == (ROOT / "var", ROOT / "data" / "trained")
    assert found.database_url() == f"sqlite:///{ROOT / 'var' / 'saksgang.db'}"
    assert (found.smtp().host, found.smtp().port, found.smtp().security) == ("localhost", 587, Security.STARTTLS)


def test_the_environment_says_hosts_and_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = {"HOME": str(tmp_path), "SMTP_HOST": "smtp.siv.example", "SMTP_PORT": "25", "SMTP_SECURITY": "none", "SMTP_PASSWORD": "hemmelig"}
    for name, value in said.items():
        monkeypatch.setenv(f"SAKSGANG_{name}", value)
    found = load_environment()
    assert found.database_url() == f"sqlite:///{tmp_path / 'saksgang.db'}"
    assert (found.smtp().host, found.smtp().port, found.smtp().security) == ("smtp.siv.example", 25, Security.NONE)
    assert found.smtp().password == "hemmelig"
    assert "hemmelig" not in repr(found)


def test_a_database_of_ones_own_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAKSGANG_DATABASE", "postgresql://db.siv.example/saksgang")
    assert load_environment().database_url() == "postgresql://db.siv.example/saksgang"


@pytest.mark.parametrize(("name", "value"), [("SAKSGANG_SMTP_PORT", "mange"), ("SAKSGANG_SMTP_SECURITY", "litt")])
def test_a_variable_that_does_not_fit_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ProfileError, match=f"environment: {name}: "):
        load_environment()


def test_the_secret_is_made_once_for_this_user_alone(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    first = Environment(home=home).secret()
    assert len(first) == 32
    assert Environment(home=home).secret() == first
    assert stat.S_IMODE((home / SECRET_FILE).stat().st_mode) == 0o600


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    assert Environment(home=tmp_path / "a").secret() != Environment(home=tmp_path / "b").secret()


def test_a_secret_that_is_there_is_used_as_it_is(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_text("ab" * 32 + "\n")
    assert Environment(home=tmp_path).secret() == b"\xab" * 32


def test_a_secret_left_empty_by_a_kill_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).touch(mode=0o600)
    assert len(Environment(home=tmp_path).secret()) == 32


def test_a_damaged_secret_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_text("no hexadecimal")
    with pytest.raises(ProfileError, match=SECRET_FILE):
        Environment(home=tmp_path).secret()


def test_a_secret_that_cannot_be_kept_is_an_error_that_names_the_home(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).mkdir()
    (tmp_path / SECRET_FILE / "something").touch()
    with pytest.raises(ProfileError, match="SAKSGANG_HOME"):
        Environment(home=tmp_path).secret()
    with pytest.raises(ProfileError, match="SAKSGANG_HOME"):
        Environment(home=Path("/dev/null/home")).secret()


def test_many_readers_of_a_secret_that_is_there_read_the_same(tmp_path: Path) -> None:
    expected = Environment(home=tmp_path).secret()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: Environment(home=tmp_path).secret(), range(40))) == {expected}


def test_an_account_takes_its_password_from_the_named_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IKT_PASSWORD", "hemmelig")
    file = configured(tmp_path, IMAP + MAILDIR)
    ikt, archive = accounts_of(load_configuration(file), file)
    assert (ikt.name, ikt.profile, ikt.source, ikt.mode, ikt.password) == ("ikt", "siv", Source.IMAP, Mode.AUTO, "hemmelig")
    assert (ikt.port, ikt.security, ikt.handled_folder, ikt.size_limit) == (993, Security.TLS, "Behandlet", 50_000_000)
    assert (archive.source, archive.path, archive.password) == (Source.MAILDIR, "/mail/arkiv", "")


def test_a_mailbox_that_says_no_mode_only_looks_on(tmp_path: Path) -> None:
    file = configured(tmp_path, f'profile = "siv"\n{MAILDIR}')
    [account] = accounts_of(load_configuration(file), file)
    assert account.mode is Mode.SHADOW


def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    found = refusal(configured(tmp_path, IMAP + 'password = "hemmelig"\n'))
    assert found.startswith("mailbox.ikt.password: ")
    assert "hemmelig" not in found


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_holds_no_password_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str | None) -> None:
    if value is not None:
        monkeypatch.setenv("IKT_PASSWORD", value)
    assert refusal(configured(tmp_path, IMAP)).startswith("mailbox.ikt.password_env: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('profile = "siv"\n', "mailbox: "),
        (MAILDIR, "profile: "),
        (f'profile = "siv"\ncolour = "red"\n{MAILDIR}', "colour: "),
        ('profile = "siv"\n[mailbox.a]\nsource = "maildir"\n', "mailbox.a.path: a Maildir needs a path"),
        ('profile = "siv"\n[mailbox.a]\nuser = "x"\n', "mailbox.a.host: an IMAP mailbox needs a host"),
        ('profile = "siv"\n[mailbox.a]\nmode = "brave"\n', "mailbox.a.mode: "),
        ('profile = "siv"\n[mailbox.a]\nsecurity = "some"\n', "mailbox.a.security: "),
        ('profile = "siv"\n[mailbox.a]\nsize_limit = 10\n', "mailbox.a.size_limit: "),
        ('profile = "siv"\n[mailbox.a]\npoll_seconds = 0\n', "mailbox.a.poll_seconds: "),
        ('profile = "siv\n', "TOML: "),
    ],
)
def test_a_mistake_in_the_file_is_named_by_its_key(tmp_path: Path, text: str, words: str) -> None:
    assert refusal(configured(tmp_path, text)).startswith(words)


def test_a_file_that_is_not_there_or_no_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.toml") == "--config: No such file or directory"
    assert refusal(tmp_path) == "--config: Is a directory"


def test_a_file_in_another_charset_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "saksgang.toml"
    file.write_bytes('profile = "sørvest"\n'.encode("latin-1"))
    assert refusal(file).startswith("TOML: ")


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Desk.Hospital.example/", "https://desk.hospital.example"),
        ("https://desk.hospital.example:443", "https://desk.hospital.example"),
        ("http://127.0.0.1:8470", "http://127.0.0.1:8470"),
        ("http://[::1]:8470", "http://[::1]:8470"),
    ],
)
def test_the_address_of_the_pages_is_kept_as_browsers_write_it(address: str, origin: str) -> None:
    assert WebTable(address=address).reached_at == origin


@pytest.mark.parametrize("address", ["desk.hospital.example", "https://desk.example/pages", "ftp://desk.example", "https://desk.example:x"])
def test_an_address_that_no_browser_would_send_is_refused(address: str, tmp_path: Path) -> None:
    file = configured(tmp_path, f'profile = "siv"\n[web]\naddress = "{address}"\n[mailbox]\n')
    assert refusal(file).startswith("web.address: ")


OIDC = '[web.oidc]\nclient_id = "desk"\nclient_secret_env = "OIDC"\n'


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ('issuer = "http://sso.example"', "web.oidc.issuer"),
        ('issuer = "https://sso.example"\nscopes = ["profile"]', "web.oidc.scopes"),
        ('issuer = "https://sso.example"\nroles = { leads = ["owner"] }', "web.oidc.roles.leads"),
        ('issuer = "https://sso.example"\nsecret = "x"', "web.oidc.secret"),
        ("", "web.oidc.issuer"),
    ],
)
def test_an_identity_provider_that_cannot_be_trusted_is_refused(lines: str, key: str, tmp_path: Path) -> None:
    assert refusal(configured(tmp_path, f'profile = "siv"\n[mailbox]\n{OIDC}{lines}\n')).startswith(key)


def test_an_identity_provider_is_read_from_the_configuration(tmp_path: Path) -> None:
    lines = 'issuer = "https://sso.example"\nclaim = "roles"\nroles = { "Desk.Lead" = ["lead", "analyst"] }\nteams = { net = ["nett"] }\n'
    oidc = load_configuration(configured(tmp_path, f'profile = "siv"\n[mailbox]\n{OIDC}{lines}')).web.oidc
    assert oidc
    assert oidc.roles == {"Desk.Lead": frozenset({Role.LEAD, Role.ANALYST})}
    assert (oidc.claim, oidc.teams) == ("roles", {"net": frozenset({"nett"})})
