"""An answer after which the reporter thanked, or wrote no more, is proposed as a solution: for a lead's yes, and never in place of closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from models.kinds import TicketStatus
from models.records import TicketId
from models.solutions import Solution, SolutionState
from tests.support.desk import Office, text_of, to_teams
from tests.support.mails import content

QUEUE = "Skriveren på laboratoriet skriver ut blanke etiketter siden i morges. Vi har prøvd å bytte rull."
ANSWER = "Hei! Last inn etikettmalen på nytt fra utskriftstjeneren, da kommer teksten tilbake. Ring 92 34 56 78 om det ikke går."
DAYS = timedelta(days=5, minutes=1)


@pytest.fixture
def answered(office: Office) -> Office:
    """One case is answered, and not closed."""
    office.inboxes[0].deliver(content(QUEUE, subject="Etiketter"))
    assert office.work()
    answers(office, ANSWER)
    return office


def answers(office: Office, text: str) -> None:
    [forward, *_] = to_teams(office)
    writes(office, text, forward, "per@siv.no")


def reports(office: Office, text: str) -> None:
    writes(office, text, office.last("kari.moe@siv.no"), "Kari Moe <kari.moe@siv.no>")


def writes(office: Office, text: str, to: EmailMessage, sender: str) -> None:
    named = str(to["Message-ID"])
    headers = {"In_Reply_To": named, "References": named}
    office.inboxes[0].deliver(content(text, sender=sender, to=str(to["Reply-To"]), subject=f"SV: {to['Subject']}", **headers))
    assert office.work()


def wait(office: Office, time: timedelta = DAYS) -> None:
    later = datetime.now(UTC) + time
    assert replace(office, clock=lambda: later).work()


def solutions(office: Office) -> list[Solution]:
    return office.store.solutions.those("siv", list(SolutionState))


def status(office: Office) -> TicketStatus:
    found = office.store.tickets.find(TicketId(1))
    assert found
    return found.status


def test_an_answer_that_is_thanked_for_is_proposed_without_personal_data(answered: Office) -> None:
    assert solutions(answered) == []
    reports(answered, "Tusen takk, nå virker det!")
    [proposed] = solutions(answered)
    assert proposed.state is SolutionState.PROPOSED
    assert "Last inn etikettmalen på nytt" in proposed.text
    assert "92 34 56 78" not in proposed.text
    assert status(answered) is TicketStatus.OPEN, "its team closes it, with a description or a reason"


def test_an_answer_after_which_nobody_wrote_is_proposed_when_the_days_are_over(answered: Office) -> None:
    wait(answered, timedelta(days=4))
    assert solutions(answered) == []
    wait(answered)
    assert len(solutions(answered)) == 1
    assert status(answered) is TicketStatus.ANSWERED


@pytest.mark.parametrize("text", ["Nei, det hjalp ikke.", "Takk, men kan du se på den andre skriveren også?"])
def test_an_answer_to_which_the_reporter_had_more_to_say_is_not(answered: Office, text: str) -> None:
    reports(answered, text)
    wait(answered)
    assert solutions(answered) == []


def test_a_short_word_and_a_question_are_no_solutions(office: Office) -> None:
    office.inboxes[0].deliver(content(QUEUE, subject="Etiketter"))
    assert office.work()
    answers(office, "Vi ser på det.")
    reports(office, "Takk!")
    answers(office, "Spørsmål: Hvilken etikettskriver gjelder det, og hvilket rom står den i?")
    wait(office)
    assert solutions(office) == []


def test_what_is_only_proposed_is_offered_to_nobody(answered: Office) -> None:
    reports(answered, "Takk, det virker!")
    before = {str(mail["Message-ID"]) for mail in to_teams(answered)}
    answered.inboxes[0].deliver(content(QUEUE, subject="Etiketter", sender="Ola Lie <ola.lie@siv.no>"))
    assert answered.work()
    [forward] = [mail for mail in to_teams(answered) if str(mail["Message-ID"]) not in before]
    assert "L-1" not in text_of(forward)


def test_the_description_that_closes_the_case_takes_the_place_of_the_answer(answered: Office) -> None:
    reports(answered, "Takk, det virker!")
    answers(answered, "Lukk saken")
    assert status(answered) is TicketStatus.OPEN, "closing still needs a description"
    answers(answered, "Løsning: Etikettmalen manglet på skriveren og ble lastet inn på nytt.")
    first, second = sorted(solutions(answered), key=lambda one: one.id)
    assert (first.state, first.cases, first.worked) == (SolutionState.RETIRED, 0, 0)
    assert (second.state, second.cases, second.worked) == (SolutionState.PROPOSED, 1, 1)


def test_thanks_and_silence_after_it_count_once(answered: Office) -> None:
    reports(answered, "Takk, det virker!")
    answers(answered, ANSWER)
    wait(answered)
    [proposed] = solutions(answered)
    assert (proposed.cases, proposed.worked) == (1, 1)
