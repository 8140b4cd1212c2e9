"""The values that cross a package line."""

from __future__ import annotations

import dataclasses
import inspect
from dataclasses import FrozenInstanceError, replace

import pytest

from models import records
from models.kinds import Mode, Security, Source
from models.records import Account, SmtpServer
from tests.support.mails import mail, raw, verdict

RECORDS = [kind for _, kind in inspect.getmembers(records, inspect.isclass) if dataclasses.is_dataclass(kind)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_record_is_frozen_slotted_keyword_only_and_says_what_it_is_by_its_fields(record: type) -> None:
    parameters = record.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert "__slots__" in vars(record)
    assert all(field.kw_only for field in dataclasses.fields(record))


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        mail().subject = "Noe annet"  # type: ignore[misc]


def test_equal_values_are_equal_records() -> None:
    given = mail()
    assert replace(given) == given
    assert replace(given, subject="Noe annet") != given


@pytest.mark.parametrize(("more", "truncated"), [(0, False), (1, True)])
def test_a_mail_is_truncated_where_the_server_stated_more_than_was_taken(more: int, truncated: bool) -> None:  # noqa: FBT001  a table
    given = raw()
    assert replace(given, size=len(given.content) + more).truncated is truncated


def test_a_mail_without_personal_data_is_its_subject_and_what_its_sender_wrote_now() -> None:
    given = mail(subject="Skriver, ring 99 88 77 66", visible_reply="Den svarer ikke.", text="Den svarer ikke.\n> Prøv igjen.")
    assert given.safe_text == "Skriver, ring [telefon]\nDen svarer ikke."


@pytest.mark.parametrize(("service", "about"), [("e-resept", "e-resept"), (None, "arbeidsplass")])
def test_a_case_is_about_its_service_or_where_services_are_not_told_apart_its_team(service: str | None, about: str) -> None:
    assert verdict(service=service).about == about


def test_a_password_stands_in_no_printed_record() -> None:
    account = Account(name="ikt", profile="siv", source=Source.IMAP, mode=Mode.SHADOW, password="hemmelig")
    server = SmtpServer(host="smtp.siv.no", port=587, security=Security.STARTTLS, password="hemmelig")
    assert "hemmelig" not in f"{account} {server}"


def test_a_mailbox_that_says_nothing_else_is_reached_by_tls() -> None:
    account = Account(name="ikt", profile="siv", source=Source.IMAP, mode=Mode.SHADOW)
    assert (account.security, account.port, account.folder) == (Security.TLS, 993, "INBOX")
