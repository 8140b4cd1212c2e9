"""A solution's way on a real mailbox: written by a team, confirmed by a lead, shown with the next case like it, used again."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from models.kinds import TicketStatus
from models.records import TicketId
from models.solutions import SolutionId, SolutionState
from tests.support.desk import Office, text_of, to_teams
from tests.support.mails import content

QUEUE = "Skriveren på laboratoriet skriver ut blanke etiketter siden i morges. Vi har prøvd å bytte rull."
AGAIN = "Etikettskriveren på laboratoriet skriver ut blanke etiketter igjen. Vi har prøvd å bytte rull, det hjelper ikke."
SOLVED = "Løsning: Etikettskriveren hadde mistet malen. Last inn malen på nytt fra utskriftstjeneren. Ring Kari Nordmann på 92 34 56 78."
FIRST = SolutionId(1)


def opens(office: Office, text: str = QUEUE, sender: str = "Kari Moe <kari.moe@siv.no>") -> EmailMessage:
    """A case; the forward that its team got."""
    before = {str(mail["Message-ID"]) for mail in to_teams(office)}
    office.inboxes[0].deliver(content(text, subject="Etiketter", sender=sender))
    assert office.work()
    return next(mail for mail in to_teams(office) if str(mail["Message-ID"]) not in before)


def answers(office: Office, forward: EmailMessage, text: str) -> None:
    named = str(forward["Message-ID"])
    office.inboxes[0].deliver(
        content(
            text, sender="per@siv.no", to=str(forward["Reply-To"]), subject=f"SV: {forward['Subject']}", In_Reply_To=named, References=named
        )
    )
    assert office.work()


@pytest.fixture
def solved(office: Office) -> Office:
    """One case is solved."""
    answers(office, opens(office), SOLVED)
    return office


def confirm(office: Office) -> None:
    office.store.solutions.judge("siv", FIRST, SolutionState.CONFIRMED)


def counts(office: Office) -> tuple[int, int, int]:
    """Cases, worked, failed."""
    found = office.store.solutions.find("siv", FIRST)
    assert found
    return found.cases, found.worked, found.failed


def status(office: Office, number: int) -> TicketStatus:
    found = office.store.tickets.find(TicketId(number))
    assert found
    return found.status


def test_a_teams_solution_is_proposed_without_personal_data_and_shown_to_nobody_before_a_lead_confirms_it(solved: Office) -> None:
    [proposed] = solved.store.solutions.those("siv", [SolutionState.PROPOSED])
    assert "Last inn malen" in proposed.text
    assert "92 34 56 78" not in proposed.text
    assert "L-1 " not in text_of(opens(solved, AGAIN))


def test_a_confirmed_solution_stands_in_the_forward_with_why_and_is_used_again_by_its_number(solved: Office) -> None:
    confirm(solved)
    forward = opens(solved, AGAIN)
    assert "Slik ble lignende saker løst:" in text_of(forward)
    assert "L-1 (virket 1 av 1 ganger, SIV-1 ligner" in text_of(forward)

    answers(solved, forward, "Hei! Prøv dette:\nLøsning: L-1")

    assert status(solved, 2) is TicketStatus.SOLVED
    assert counts(solved) == (2, 2, 0)
    told = text_of(solved.last("kari.moe@siv.no"))
    assert "Last inn malen på nytt" in told  # the words, not the number
    assert "L-1" not in told


def test_a_case_that_is_closed_silently_uses_a_confirmed_solution_by_its_number(solved: Office) -> None:
    confirm(solved)
    answers(solved, opens(solved, AGAIN), "Avslutt uten svar: L-1")

    found = solved.store.tickets.find(TicketId(2))
    assert found
    assert (found.status, found.solution_id) == (TicketStatus.SOLVED, FIRST)
    assert "Last inn malen på nytt" in (found.solution or "")
    assert counts(solved) == (2, 2, 0)


def test_a_case_unlike_the_others_gets_no_solution(solved: Office) -> None:
    confirm(solved)
    assert "L-1" not in text_of(opens(solved, "Kan jeg få tilgang til fellesområdet for økonomi? Leder har godkjent."))


def test_a_solution_that_did_not_help_is_counted_and_in_the_end_shown_no_more(solved: Office) -> None:
    confirm(solved)
    forward = opens(solved, AGAIN)
    answers(solved, forward, "Virket ikke: L-1")
    assert counts(solved) == (1, 1, 1)
    assert status(solved, 2) is TicketStatus.OPEN
    answers(solved, forward, "Virket ikke: L-1")
    assert "L-1 " not in text_of(opens(solved, AGAIN))


def test_a_case_that_is_opened_again_takes_back_that_its_solution_worked(solved: Office) -> None:
    confirm(solved)
    receipt = solved.sent("kari.moe@siv.no")[0]
    answered = str(receipt["Message-ID"])
    solved.inboxes[0].deliver(
        content("Det er like galt, etikettene er fortsatt blanke.", to=str(receipt["Reply-To"]), In_Reply_To=answered, References=answered)
    )
    solved.work()
    assert counts(solved) == (0, 0, 1)
    assert "L-1 " not in text_of(opens(solved, AGAIN))


def test_closing_without_a_solution_takes_a_reason_that_the_reporter_is_told(office: Office) -> None:
    forward = opens(office)
    answers(office, forward, "Lukk uten løsning: ")
    assert status(office, 1) is TicketStatus.OPEN
    answers(office, forward, "Lukk uten løsning: Skriveren er kassert i dag.")
    assert status(office, 1) is TicketStatus.SOLVED
    assert "Skriveren er kassert i dag." in text_of(office.last("kari.moe@siv.no"))
    assert office.store.solutions.those("siv", list(SolutionState)) == []


def test_an_unknown_number_is_told_and_closes_nothing(solved: Office) -> None:
    forward = opens(solved, AGAIN)
    answers(solved, forward, "Løsning: L-77")
    assert status(solved, 2) is TicketStatus.OPEN
    assert "Ikke forstått" in str(solved.last("per@siv.no")["Subject"])


def test_the_index_survives_a_restart_and_is_made_anew_where_it_is_damaged(solved: Office) -> None:
    confirm(solved)
    folder = solved.environment.home / "index" / "siv"
    assert "L-1 " in text_of(opens(solved, AGAIN))  # every round of work is a process of its own
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.json").write_text("{", encoding="utf-8")
    assert "L-1 " in text_of(opens(solved, AGAIN))
