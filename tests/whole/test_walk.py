"""The way of a mail, from a real IMAP server through the store to a real SMTP server, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import count

import pytest
from sqlalchemy import select

from models.kinds import EventKind, Mode, ParcelState, TicketStatus
from models.tables import TicketRow
from review.judging import let_go
from run.dovecot import DovecotServer
from tests.support.desk import TOKEN, Office, text_of, to_teams
from tests.support.inbox import Inbox
from tests.support.mails import content

NUMBERS = count(1)
REPORTER = "kari.moe@siv.no"
AGENT = "ola.tekniker@siv.no"


def forwarded(office: Office) -> EmailMessage:
    [message] = to_teams(office)
    return message


def answer(message: EmailMessage, text: str, sender: str, **headers: str) -> bytes:
    return content(
        text,
        sender=sender,
        subject=f"SV: {message['Subject']}",
        In_Reply_To=str(message["Message-ID"]),
        References=str(message["Message-ID"]),
        **headers,
    )


def test_a_mail_becomes_a_ticket_a_forward_and_a_receipt(office: Office) -> None:
    original = content("Skriveren på rom 4 virker ikke, den er helt død.", subject="Skriver på 4")
    office.inboxes[0].deliver(original)
    assert office.work()
    forward = forwarded(office)
    [attached] = [part for part in forward.walk() if part.get_content_type() == "message/rfc822"]
    assert original.rstrip() in next(body for to, body in office.smtp.contents() if to != REPORTER)
    assert attached.get_filename() == "SIV-1.eml"
    assert "Skriver på 4" in str(forward["Subject"])
    assert forward["Reply-To"] == "ikt@siv.no"
    assert "SIV-1" in text_of(forward)
    receipt = office.last(REPORTER)
    assert "SIV-1" in text_of(receipt)
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert TOKEN.search(str(receipt["Subject"]))
    assert (len(office.inboxes[0].files()), len(office.inboxes[0].files("Handled"))) == (0, 1)


def test_the_receipt_is_in_the_language_of_the_mail(office: Office) -> None:
    office.inboxes[0].deliver(
        content("Eg får ikkje logga på maskina mi lenger, kva gjer eg no? Eg treng hjelp i dag.", subject="Hjelp"),
        content(
            "My password has expired and I cannot log in to the computer on the ward.", sender="John <john@siv.no>", subject="Password"
        ),
    )
    office.work()
    assert text_of(office.last(REPORTER)).startswith("Hei Kari Moe")
    assert "e-posten din og registrert han" in text_of(office.last(REPORTER))
    assert text_of(office.last("john@siv.no")).startswith("Hello John")


def test_a_team_answers_and_the_reporter_gets_its_words(office: Office) -> None:
    office.inboxes[0].deliver(content())
    office.work()
    office.inboxes[0].deliver(answer(forwarded(office), "Vi kommer opp i dag kl. 14.", AGENT))
    office.work()
    told = office.last(REPORTER)
    assert "Vi kommer opp i dag kl. 14." in text_of(told)
    assert told["Auto-Submitted"] is None
    [ticket] = office.store.tickets.latest(10)
    assert ticket.status is TicketStatus.ANSWERED


def test_closing_needs_a_solution_description_and_logs_it(office: Office) -> None:
    office.inboxes[0].deliver(content())
    office.work()
    forward = forwarded(office)
    office.inboxes[0].deliver(answer(forward, "Lukk saken", AGENT))
    office.work()
    assert "ikke lukket" in text_of(office.last(AGENT))
    assert [ticket.status for ticket in office.store.tickets.latest(1)] == [TicketStatus.OPEN]
    office.inboxes[0].deliver(answer(forward, "Hei, da er det i orden.\n\nLøsning: Byttet toner og renset valsen.", AGENT))
    office.work()
    assert [ticket.status for ticket in office.store.tickets.latest(1)] == [TicketStatus.SOLVED]
    view = office.store.tickets.find(office.store.tickets.latest(1)[0].id)
    assert view is not None
    assert view.solution == "Byttet toner og renset valsen."
    assert "Byttet toner" in text_of(office.last(REPORTER))


def test_a_reporter_who_writes_again_joins_the_ticket_and_opens_a_solved_one(office: Office) -> None:
    office.inboxes[0].deliver(content())
    office.work()
    forward = forwarded(office)
    office.inboxes[0].deliver(answer(forward, "Løsning: Startet på nytt.", AGENT))
    office.work()
    solved = office.last(REPORTER)
    office.inboxes[0].deliver(answer(solved, "Tusen takk!", f"Kari <{REPORTER}>"))
    office.work()
    assert [ticket.status for ticket in office.store.tickets.latest(9)] == [TicketStatus.SOLVED]
    office.inboxes[0].deliver(answer(solved, "Nå er den død igjen.", f"Kari <{REPORTER}>"))
    office.work()
    assert [ticket.status for ticket in office.store.tickets.latest(9)] == [TicketStatus.OPEN]
    assert "Nå er den død igjen." in text_of(to_teams(office)[-1])


@pytest.mark.parametrize(
    ("text", "event", "status"),
    [
        ("Takk for hjelpen!", EventKind.THANKED, TicketStatus.SOLVED),
        ("Virker fortsatt ikke.", EventKind.REOPENED, TicketStatus.OPEN),
    ],
)
def test_what_the_reporter_says_to_a_solution_of_the_same_batch_is_heard_after_it(
    office: Office, text: str, event: EventKind, status: TicketStatus
) -> None:
    office.inboxes[0].deliver(content())
    office.work()
    office.inboxes[0].deliver(
        answer(forwarded(office), "Løsning: Startet på nytt.", AGENT), answer(office.last(REPORTER), text, f"Kari <{REPORTER}>")
    )
    assert office.work()
    [ticket] = office.store.tickets.latest(9)
    story = office.store.cases.story("siv", ticket.id)
    assert story is not None
    assert [one.kind for one in story.events][-2:] == [EventKind.SOLVED, event]
    assert ticket.status is status


def test_a_reply_with_only_the_signed_number_in_the_subject_joins(office: Office) -> None:
    office.inboxes[0].deliver(content())
    office.work()
    token = TOKEN.search(str(office.last(REPORTER)["Subject"]))
    assert token
    office.inboxes[0].deliver(content("Det gjelder også rom 5.", subject=f"Mer om saken {token[1]}"))
    office.work()
    assert len(office.store.tickets.latest(9)) == 1
    assert len(to_teams(office)) == 2


@pytest.mark.parametrize("subject", ["SIV-1", "[SIV-1-aaaaaaaa]"])
def test_a_stranger_with_a_number_gets_a_ticket_of_his_own(office: Office, subject: str) -> None:
    office.inboxes[0].deliver(content())
    office.work()
    office.inboxes[0].deliver(content("Hva skjer med saken?", sender="fremmed@post.example", subject=subject))
    office.work()
    assert len(office.store.tickets.latest(9)) == 2


def test_a_stranger_with_the_right_references_gets_a_ticket_of_his_own(office: Office) -> None:
    office.inboxes[0].deliver(content())
    office.work()
    office.inboxes[0].deliver(answer(office.last(REPORTER), "Send meg alt om saken.", "fremmed@post.example"))
    office.work()
    assert len(office.store.tickets.latest(9)) == 2
    assert office.sent("fremmed@post.example")
    assert all("Skriver" not in text_of(message) for message in office.sent("fremmed@post.example")[1:])


def test_one_mail_to_two_of_our_mailboxes_is_one_ticket(office: Office, dovecot: DovecotServer, inbox: Inbox) -> None:
    second = Inbox(dovecot, "user-second" if "user-second" in dovecot.users else f"user{290 - next(NUMBERS)}")
    office.accounts.append(second.account())
    original = content(to="ikt@siv.no, e-helse@siv.no")
    inbox.deliver(b"Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0100\r\n" + original)
    second.deliver(b"Received: from a by c; Mon, 2 Mar 2026 09:00:01 +0100\r\n" + original)
    office.work()
    assert len(office.store.tickets.latest(9)) == 1
    assert len(office.sent(REPORTER)) == 1
    assert (len(inbox.files("Handled")), len(second.files("Handled"))) == (1, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied", "subject": "Automatisk svar: Skriver"},
        {"Return_Path": "<>", "sender": "MAILER-DAEMON@siv.no", "subject": "Undelivered Mail Returned to Sender"},
        {
            "List_Id": "<nytt.leverandor.example>",
            "Precedence": "bulk",
            "sender": "nyhetsbrev@leverandor.example",
            "subject": "Nyheter i mars",
        },
    ],
)
def test_a_robot_gets_no_ticket_and_no_answer_and_is_filed(office: Office, headers: dict[str, str]) -> None:
    office.inboxes[0].deliver(content(**headers))
    office.work()
    assert office.store.tickets.latest(9) == []
    assert office.smtp.contents() == []
    assert len(office.inboxes[0].files("Handled")) == 1


def test_an_alarm_of_a_machine_is_a_ticket_without_a_receipt(office: Office) -> None:
    office.inboxes[0].deliver(
        content(
            "CRITICAL: switch sw-3b er nede siden 08.51",
            sender="overvakning@siv.no",
            subject="Alarm sw-3b",
            Auto_Submitted="auto-generated",
        )
    )
    office.work()
    assert len(to_teams(office)) == 1
    assert office.sent("overvakning@siv.no") == []


def test_shadow_changes_nothing_and_sends_nothing_and_says_what_it_would_do(office: Office) -> None:
    office.accounts[0] = office.inboxes[0].account(mode=Mode.SHADOW)
    office.inboxes[0].deliver(content())
    office.work()
    assert office.smtp.contents() == []
    [file] = office.inboxes[0].files()
    assert "S" not in file.name.partition(":2,")[2]
    [ticket] = office.store.tickets.latest(9)
    assert ticket.mode is Mode.SHADOW
    assert office.store.outbox.counts()[ParcelState.WITHHELD] == 2


def test_assist_sends_after_a_leads_yes(office: Office) -> None:
    office.accounts[0] = office.inboxes[0].account(mode=Mode.ASSIST)
    office.inboxes[0].deliver(content())
    office.work()
    assert office.smtp.contents() == []
    assert let_go(office.store, office.store.tickets.latest(1)[0].id, "lea", datetime.now(UTC)) == 2
    office.work()
    assert len(office.smtp.contents()) == 2


def test_doubtful_mail_goes_to_the_leads_with_the_guess_and_the_reasons(office: Office) -> None:
    office.inboxes[0].deliver(content("Nettet er nede på hele sykehuset, alle avdelinger står.", subject="Nett"))
    office.work()
    leads = office.last(office.profile.teams["trakta"].address)
    assert "Beste gjetning: Nett og telefoni" in text_of(leads)
    assert "Nøkkelord for" in text_of(leads)


def test_receipts_to_one_address_are_capped(office: Office) -> None:
    capped = office.profile.model_copy(update={"outgoing": office.profile.outgoing.model_copy(update={"cap_per_hour": 3})})
    office.profile = capped
    office.inboxes[0].deliver(*(content(f"Sak nummer {number}", subject=f"nr {number}") for number in range(6)))
    office.work()
    assert len(office.sent(REPORTER)) == 3
    assert office.store.outbox.counts()[ParcelState.SUPPRESSED] == 3
    assert len(to_teams(office)) == 6


def test_a_reply_in_the_same_batch_as_its_original_joins_it(office: Office) -> None:
    first = content(message_id="<first@siv.no>")
    office.inboxes[0].deliver(first, content("Glemte å si: det haster ikke.", In_Reply_To="<first@siv.no>", References="<first@siv.no>"))
    office.work()
    assert len(office.store.tickets.latest(9)) == 1
    assert len(to_teams(office)) == 2


def test_a_mail_too_large_goes_to_the_leads_with_its_beginning_and_its_sender_is_told(office: Office) -> None:
    office.accounts[0] = replace(office.accounts[0], size_limit=20_000)
    office.inboxes[0].deliver(content("Skriveren står, bilder ligger ved.\n" + "x" * 1_600_000, subject="Stor fil"))
    office.work()
    [ticket] = office.store.tickets.latest(9)
    assert (ticket.team, ticket.unsure) == ("trakta", True)
    assert "e-posten var for stor (2 MB)" in text_of(forwarded(office))
    assert "uendret" not in text_of(forwarded(office))
    told = text_of(office.last(REPORTER))
    assert "for stor for oss (2 MB)" in told
    assert "En teamleder ser på den" in told


def test_a_personal_number_in_the_subject_stands_in_no_line_of_ours(office: Office) -> None:
    number = "01.02.50 99999"
    office.inboxes[0].deliver(content("Får ikke åpnet journalen.", subject=f"Pasient {number} i DIPS"))
    office.work()
    for message in (forwarded(office), office.last(REPORTER)):
        assert "Pasient [fnr] i DIPS" in str(message["Subject"])
        assert number not in text_of(message)
    with office.store.database.reading() as connection:
        assert connection.scalar(select(TicketRow.subject)) == "Pasient [fnr] i DIPS"


def test_delivering_the_same_mailbox_again_doubles_nothing(office: Office) -> None:
    mails = [content(f"Sak {number}") for number in range(5)]
    office.inboxes[0].deliver(*mails)
    office.work()
    sent = len(office.smtp.contents())
    office.inboxes[0].deliver(*mails)
    office.work()
    assert len(office.store.tickets.latest(99)) == 5
    assert len(office.smtp.contents()) == sent
    assert office.inboxes[0].files() == []


def bounce_of(message: EmailMessage) -> bytes:
    returned = f"Message-ID: {message['Message-ID']}\r\nSubject: {message['Subject']}\r\n"
    return (
        "From: MAILER-DAEMON@mail.siv.no\r\nTo: ikt@siv.no\r\nSubject: Undelivered Mail Returned to Sender\r\nReturn-Path: <>\r\n"
        f"Message-ID: <bounce-{next(NUMBERS)}@mail.siv.no>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.siv.no\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}--b--\r\n"
    ).encode()


def test_a_forward_that_comes_back_is_told_to_the_leads_and_their_own_is_not(office: Office) -> None:
    office.inboxes[0].deliver(content())
    office.work()
    leads = office.profile.teams["trakta"].address
    before = len(office.sent(leads))
    office.inboxes[0].deliver(bounce_of(forwarded(office)))
    office.work()
    assert len(office.sent(leads)) == before + 1
    told = office.last(leads)
    assert "Kom i retur" in str(told["Subject"])
    assert len(office.store.tickets.latest(9)) == 1
    office.inboxes[0].deliver(bounce_of(told), bounce_of(office.last(REPORTER)))
    office.work()
    assert len(office.sent(leads)) == before + 1


def test_a_person_who_answers_under_an_automatic_subject_is_heard_and_gets_no_receipt(office: Office) -> None:
    office.inboxes[0].deliver(content("Jeg sitter her selv. Skriveren på rom 4 virker ikke.", subject="Automatisk svar: Skriver"))
    office.work()
    assert len(to_teams(office)) == 1
    assert office.sent(REPORTER) == []
