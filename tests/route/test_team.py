"""What a team's mail does to its ticket: answers, closings, instructions."""

from __future__ import annotations

import pytest

from models.profiles import Profile
from models.records import Address, EventKind, Mail, ParcelKind, TicketStatus
from models.views import TicketView
from route.routine import Routine
from route.team import Closing, Said, follow_team
from tests.support.cases import ticket
from tests.support.mails import NOW, mail

STAFF = "tekniker@siv.no"
OPEN_WORDS = Closing(wants=False, solution=None)


def said(given: Mail, of: TicketView, profile: Profile) -> Said:
    return Said(mail=given, ticket=of, routine=Routine.of(profile), now=NOW)


def test_a_teams_answer_goes_to_the_reporter_in_the_tickets_language(siv: Profile) -> None:
    step = follow_team(said(mail(text="Er den slått på?"), ticket(), siv), OPEN_WORDS)
    [draft] = step.parcels
    assert (step.event, step.change.status, step.change.solution) == (EventKind.TEAM_ANSWERED, TicketStatus.ANSWERED, None)
    assert (draft.kind, draft.to, draft.language, draft.in_reply_to) == (ParcelKind.ANSWER, "kari.moe@siv.no", "nn", "<first@siv.no>")
    assert not draft.to_team
    assert not draft.with_original


def test_an_answer_with_a_solution_solves_whether_or_not_it_also_says_close(siv: Profile) -> None:
    for wants in (False, True):
        step = follow_team(said(mail(text="Løsning: ny toner"), ticket(), siv), Closing(wants=wants, solution="ny toner"))
        assert (step.event, step.change.status, step.change.solution) == (EventKind.SOLVED, TicketStatus.SOLVED, "ny toner")
        assert [(draft.kind, draft.to, draft.facts["solution"]) for draft in step.parcels] == [
            (ParcelKind.SOLVED, "kari.moe@siv.no", "ny toner")
        ]


@pytest.mark.parametrize("status", list(TicketStatus))
def test_closing_without_a_solution_is_refused_and_only_the_agent_hears_of_it(siv: Profile, status: TicketStatus) -> None:
    given = mail(sender=Address(name="", address=STAFF), text="Lukk")
    step = follow_team(said(given, ticket(status=status), siv), Closing(wants=True, solution=None))
    [draft] = step.parcels
    assert (step.event, step.change.status, step.change.solution) == (EventKind.CLOSING_REFUSED, None, None)
    assert (draft.kind, draft.to, draft.in_reply_to, draft.to_team) == (ParcelKind.NEEDS_SOLUTION, STAFF, given.message_id, True)
    assert draft.facts["label"] == "Løsning"


def test_an_answer_to_a_ticket_without_a_message_id_refers_to_nothing(siv: Profile) -> None:
    assert follow_team(said(mail(), ticket(message_id=""), siv), OPEN_WORDS).parcels[0].in_reply_to is None
