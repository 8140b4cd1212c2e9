"""What `doctor` finds of a profile's routine."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.hours import Hours
from models.kinds import Channel, Security
from models.parts import Alarm, Contact
from models.profiles import Profile
from models.records import SmtpServer
from run.doctor import Finding, examine


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
