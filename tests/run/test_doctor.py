"""What `doctor` finds of a profile's routine."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.hours import Hours
from models.kinds import Channel, Security
from models.parts import Alarm, Contact
from models.people import Role
from models.profiles import Profile
from models.records import SmtpServer
from run.doctor import Finding, examine, examine_pages
from run.settings import Environment, OidcTable, WebTable
from tests.support.forger import forger


def found(profile: Profile, tmp_path: Path) -> dict[str, Finding]:
    server = SmtpServer(host="127.0.0.1", port=9, security=Security.NONE)
    return {one.what: one for one in examine(profile, [], server, f"sqlite:///{tmp_path / 'saksgang.db'}", tmp_path)}


def test_hours_that_cannot_be_counted_are_found_before_a_mail_needs_them(siv: Profile, tmp_path: Path) -> None:
    wrong = siv.model_copy(update={"hours": {"office": Hours(week={"mon": "08:00-16:00"}, country="XX")}})
    assert "hours.office" in found(wrong, tmp_path)["hours"].found
    assert found(siv, tmp_path)["hours"].well


def test_a_webhook_without_a_url_is_found(siv: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = Alarm(priority=1, every_minutes=10, rungs=[Contact(channel=Channel.WEBHOOK, to="on-call")])
    profile = siv.model_copy(update={"alarm": alarm})
    assert not found(profile, tmp_path)["webhook ON_CALL"].well
    monkeypatch.setenv("SAKSGANG_WEBHOOK_ON_CALL", "https://hooks.example/1")
    assert found(profile, tmp_path)["webhook ON_CALL"].well


def pages(web: WebTable, profile: Profile, tmp_path: Path) -> dict[str, Finding]:
    return {one.what: one for one in examine_pages(web, profile, Environment(home=tmp_path))}


def test_pages_that_are_reached_without_tls_are_warned_of(siv: Profile, tmp_path: Path) -> None:
    assert pages(WebTable(), siv, tmp_path)["pages"].well
    assert pages(WebTable(address="https://desk.example"), siv, tmp_path)["pages"].well
    bare = pages(WebTable(host="192.0.2.1"), siv, tmp_path)["pages"]
    assert (bare.well, bare.warning) == (False, True)
    assert pages(WebTable(serve=False), siv, tmp_path) == {}


def test_an_identity_provider_is_asked_what_it_says_of_itself(siv: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with forger() as liar:
        liar.speak_true()
        web = WebTable(
            oidc=OidcTable(issuer=liar.address, client_id="desk", client_secret_env="OIDC", roles={"leads": frozenset({Role.LEAD})})
        )
        assert "client_secret_env" in pages(web, siv, tmp_path)["identity provider"].found
        monkeypatch.setenv("OIDC", "hemmelig")
        assert pages(web, siv, tmp_path)["identity provider"].well
        liar.publish(issuer="https://evil.example")
        assert "otherwise" in pages(web, siv, tmp_path)["identity provider"].found
        assert web.oidc
        strange = WebTable(oidc=web.oidc.model_copy(update={"teams": {"x": frozenset({"nobody"})}}))
        assert "has no team nobody" in pages(strange, siv, tmp_path)["identity provider"].found
    assert "does not answer" in pages(web, siv, tmp_path)["identity provider"].found
