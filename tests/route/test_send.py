"""The door to an SMTP server, against one that takes mail, refuses it, and goes away."""

from __future__ import annotations

import gc
import warnings
from dataclasses import replace
from typing import Any

import pytest

from models.errors import DeliveryError
from models.kinds import Security
from models.outcomes import Letter
from models.records import SmtpServer
from route.send import Sender
from tests.support.smtp import SmtpSink

CONTENT = b"Subject: x\r\n\r\n.punkt f\xf8rst\r\n..to\r\n.\r\nslutt\r\n"


def letter(to: str, content: bytes = CONTENT) -> Letter:
    return Letter(sender="ikt@siv.no", recipient=to, content=content)


def refusal(sender: Sender, to: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        sender.send(letter(to))
    return caught.value


def failed_check(server: SmtpServer) -> tuple[DeliveryError, list[str]]:
    """The error of a check that fails, and the warnings of what it left open."""
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        try:
            Sender(server).check()
        except DeliveryError as error:
            found = DeliveryError(str(error), permanent=error.permanent, server=error.server)
        gc.collect()
    return found, [str(warning.message) for warning in left]


def test_a_mail_arrives_with_every_byte(smtp: SmtpSink) -> None:
    with Sender(smtp.server) as sender:
        sender.send(letter("kari@siv.no"))
    assert smtp.contents() == [("kari@siv.no", CONTENT)]


def test_mails_follow_each_other_on_one_line(smtp: SmtpSink) -> None:
    with Sender(smtp.server) as sender:
        for number in range(5):
            sender.send(letter(f"{number}@siv.no"))
    assert [to for to, _ in smtp.contents()] == [f"{number}@siv.no" for number in range(5)]


def test_a_refusal_with_5xx_is_permanent_for_this_mail_alone(smtp: SmtpSink) -> None:
    with Sender(smtp.server) as sender:
        error = refusal(sender, "550@siv.no")
        sender.send(letter("kari@siv.no"))
    assert (error.permanent, error.server) == (True, False)
    assert [to for to, _ in smtp.contents()] == ["kari@siv.no"]


def test_a_refusal_with_4xx_is_for_now_and_for_this_mail_alone(smtp: SmtpSink) -> None:
    with Sender(smtp.server) as sender:
        error = refusal(sender, "451@siv.no")
        sender.send(letter("kari@siv.no"))
    assert (error.permanent, error.server) == (False, False)
    assert [to for to, _ in smtp.contents()] == ["kari@siv.no"]


def test_a_refusal_keeps_the_codes_and_none_of_the_servers_words(smtp: SmtpSink) -> None:
    with Sender(smtp.server) as sender:
        assert str(refusal(sender, "550@siv.no")) == "refused with 550 5.1.1"
        assert str(refusal(sender, "451@siv.no")) == "refused with 451 4.3.0"


def test_a_line_cut_after_the_mail_was_taken_is_the_servers_fault_and_the_next_mail_gets_a_new_line(smtp: SmtpSink) -> None:
    with Sender(smtp.server) as sender:
        error = refusal(sender, "drop@siv.no")
        sender.send(letter("kari@siv.no"))
    assert (error.permanent, error.server) == (False, True)
    assert [to for to, _ in smtp.contents()] == ["drop@siv.no", "kari@siv.no"]


def test_a_server_that_is_not_there_is_out_of_reach(smtp: SmtpSink) -> None:
    smtp.stop()
    error = refusal(Sender(smtp.server), "kari@siv.no")
    assert (error.permanent, error.server) == (False, True)
    assert str(error) == f"127.0.0.1:{smtp.port}: ConnectionRefusedError"


def test_a_server_that_goes_away_and_comes_back_is_found_again(smtp: SmtpSink) -> None:
    with Sender(smtp.server) as sender:
        sender.send(letter("first@siv.no"))
        smtp.stop()
        assert refusal(sender, "lost@siv.no").server
        assert refusal(sender, "lost@siv.no").server
        smtp.start()
        sender.send(letter("second@siv.no"))
    assert [to for to, _ in smtp.contents()] == ["first@siv.no", "second@siv.no"]


def test_a_check_opens_and_closes_the_line_and_sends_nothing(smtp: SmtpSink) -> None:
    Sender(smtp.server).check()
    assert smtp.contents() == []


@pytest.mark.parametrize("changes", [{"security": Security.STARTTLS}, {"security": Security.TLS}, {"user": "ikt", "password": "hemmelig"}])
def test_a_server_that_cannot_do_what_the_settings_say_gets_no_mail_and_no_password_is_told(
    smtp: SmtpSink, changes: dict[str, Any]
) -> None:
    error, _ = failed_check(replace(smtp.server, **changes))
    assert (error.permanent, error.server) == (False, True)
    assert "hemmelig" not in str(error)
    assert smtp.contents() == []


@pytest.mark.parametrize("changes", [{"security": Security.STARTTLS}, {"user": "ikt", "password": "hemmelig"}])
def test_a_line_that_fails_while_it_opens_is_closed(smtp: SmtpSink, changes: dict[str, Any]) -> None:
    _, left = failed_check(replace(smtp.server, **changes))
    assert left == []


@pytest.mark.parametrize("changes", [{"user": "ikt", "password": "passørd"}, {"user": "kåre", "password": "hemmelig"}])
def test_a_user_or_password_outside_ascii_is_one_clear_error_and_not_told(changes: dict[str, Any]) -> None:
    sink = SmtpSink(asks=True).start()
    try:
        error, left = failed_check(replace(sink.server, **changes))
        Sender(replace(sink.server, user="ikt", password="hemmelig")).check()
    finally:
        sink.stop()
    assert (error.server, left) == (True, [])
    assert "user or password holds more than ASCII" in str(error)
    assert not any(value in str(error) for value in changes.values())


def test_an_address_that_the_server_cannot_write_is_refused_for_ever_and_the_next_mail_goes() -> None:
    sink = SmtpSink(utf8=False).start()
    try:
        with Sender(sink.server) as sender:
            assert refusal(sender, "kåre@siv.no").permanent
            sender.send(letter("kari@siv.no"))
    finally:
        sink.stop()
    assert [recipient for recipient, _ in sink.contents()] == ["kari@siv.no"]


def test_an_address_outside_ascii_is_sent_to_a_server_that_can(smtp: SmtpSink) -> None:
    with Sender(smtp.server) as sender:
        sender.send(letter("kåre@siv.no"))
    assert [recipient for recipient, _ in smtp.contents()] == ["kåre@siv.no"]
