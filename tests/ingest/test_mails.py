"""Each `.eml` in `mails/` says what its sister `.json` expects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.parse import parse_mail
from ingest.redact import redact
from ingest.screen import answerable, screen
from models.errors import MailUnreadableError
from models.records import Mail

MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))
FINGERPRINT = "f" * 64
OWN = ["desk@support.example"]


def said(mail: Mail) -> dict[str, Any]:
    refusal = screen(mail, OWN)
    return {
        "message_id": mail.message_id,
        "from_address": mail.sender.address,
        "from_name": mail.sender.name,
        "to": [address.address for address in mail.to],
        "cc": [address.address for address in mail.cc],
        "date": mail.date.isoformat() if mail.date else None,
        "subject": mail.subject,
        "text": mail.text,
        "visible_reply": mail.visible_reply,
        "attachments": [[file.name, file.content_type, file.size] for file in mail.attachments],
        "attachment_names": [file.name for file in mail.attachments],
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "language": mail.language,
        "auto": refusal.kind.value if refusal else None,
        "answerable": answerable(mail),
        "points_down": mail.points_down,
        "encrypted": mail.signals.encrypted,
        "inline": [file.name for file in mail.attachments if file.inline],
    }


def part_of(facts: dict[str, Any], key: str) -> str:
    return str(facts[{"visible": "visible_reply"}.get(key, key)])


@pytest.mark.parametrize("file", MAILS, ids=lambda file: file.stem)
def test_a_mail_is_read_as_its_sister_file_expects(file: Path) -> None:
    expected = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    content = file.read_bytes()
    if expected.pop("error", False):
        with pytest.raises(MailUnreadableError):
            parse_mail(content, FINGERPRINT)
        return
    facts = said(parse_mail(content, FINGERPRINT))
    contained = {key: expected.pop(key) for key in list(expected) if key.endswith(("_contains", "_lacks"))}
    assert {key: facts[key] for key in expected} == expected
    for key, words in contained.items():
        field, _, how = key.rpartition("_")
        for word in words:
            assert (word in part_of(facts, field)) is (how == "contains"), (key, word, part_of(facts, field))


def test_there_are_at_least_seventy_mails_each_with_its_expectation() -> None:
    assert len(MAILS) >= 70
    assert all(file.with_suffix(".json").is_file() for file in MAILS)


@pytest.mark.parametrize("file", MAILS, ids=lambda file: file.stem)
def test_what_is_redacted_of_a_mail_holds_nothing_more_to_redact(file: Path) -> None:
    try:
        mail = parse_mail(file.read_bytes(), FINGERPRINT)
    except MailUnreadableError:
        return
    assert redact(mail.safe_reply) == mail.safe_reply
    assert redact(mail.safe_subject) == mail.safe_subject
