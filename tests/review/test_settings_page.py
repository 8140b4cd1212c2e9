"""Settings as they are, each with what says so, and never a secret."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.people import Role
from models.profiles import Profile, settings_of
from models.settings import Setting
from models.store import Store
from run.configured import told_configuration, told_environment
from run.settings import Configuration, Environment, MailboxTable
from tests.support.pages import Desk, served


def test_every_value_of_a_profile_has_its_source(siv: Profile) -> None:
    found = {setting.key: setting for setting in settings_of(siv)}
    assert (found["desk.case_prefix"].value, found["desk.case_prefix"].source, found["desk.case_prefix"].is_own) == (
        "SIV",
        "siv/profile.toml",
        True,
    )
    assert (found["outgoing.cap_per_hour"].value, found["outgoing.cap_per_hour"].source) == ("20", "base/profile.toml")
    assert not found["outgoing.cap_per_hour"].is_own
    assert found["decision.no"].value == "nei, nej, no"
    assert found["pages.sample"].value == "0.05"
    assert any(setting.table == "lexicon" for setting in found.values())


def test_secrets_are_told_to_be_set_and_never_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (
        ("SMTP_PASSWORD", "secret-1"),
        ("SIGNING_KEY", "secret-2"),
        ("DATABASE", "postgresql://desk:secret-3@db.example:5432/desk?sslpassword=secret-4"),
        ("WEBHOOK_DUTY", "https://hooks.example/secret-5"),
        ("IMAP_IKT", "secret-6"),
    ):
        monkeypatch.setenv(f"SAKSGANG_{name}", value)
    configuration = Configuration(profile="siv", mailbox={"ikt": MailboxTable(host="imap.example", password_env="SAKSGANG_IMAP_IKT")})
    told = {setting.key: setting for setting in told_configuration(configuration, tmp_path / "desk.toml", Environment())}
    assert "secret" not in repr(told)
    assert told["SAKSGANG_DATABASE"].value == "postgresql://desk:***@db.example:5432/desk"
    assert told["SAKSGANG_SMTP_PASSWORD"].value == told["SAKSGANG_WEBHOOK_DUTY"].value == "***"
    assert (told["SAKSGANG_SMTP_PORT"].value, told["SAKSGANG_SMTP_PORT"].source) == ("587", "default")
    assert (told["mailbox.ikt.host"].value, told["mailbox.ikt.source"].value) == ("imap.example", "imap")
    assert (told["mailbox.ikt.host"].source, told["mailbox.ikt.source"].source) == ("desk.toml", "default")


@pytest.mark.parametrize("password", ["pa/ss", "a?b", "a#b", "a:b", "[ab"])
def test_no_part_of_a_databases_password_is_shown(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setenv("SAKSGANG_DATABASE", f"postgresql://user:{password}@host/db")
    told = {setting.key: setting.value for setting in told_environment(Environment())}
    assert told["SAKSGANG_DATABASE"] == "postgresql://user:***@host/db"


def test_the_page_shows_all_or_own_values_alone(desk: Desk) -> None:
    lead = desk.person("lea", Role.LEAD)
    everything, own = lead.text("/settings"), lead.text("/settings?own=1")
    assert "<code>desk.case_prefix</code>" in everything
    assert "<code>desk.case_prefix</code>" in own
    assert "<code>outgoing.cap_per_hour</code>" in everything
    assert "<code>outgoing.cap_per_hour</code>" not in own


def test_what_is_configured_stands_there_too(siv: Profile, store: Store) -> None:
    one = Setting(key="mailbox.ikt.host", value="<imap.example>", source="desk.toml", is_own=True)
    with served(siv, store, lambda site: replace(site, configured=(one,))) as desk:
        assert "&lt;imap.example&gt;" in desk.person("ada", Role.ADMIN).text("/settings")


def test_others_than_leads_and_administrators_are_kept_out(desk: Desk) -> None:
    for login, role in (("anna", Role.ANALYST), ("nils", Role.MEMBER)):
        assert desk.person(login, role).get("/settings").status_code == 403
