"""Solutions that are looked at before the reporter is told of them."""

from __future__ import annotations

import pytest

from models.kinds import EventKind, ParcelKind, TicketStatus, TicketType
from models.outcomes import UNCHANGED, Step
from models.profiles import Profile
from models.records import Address
from route.answers import ALL_TIMERS, TAKEN, Closing
from route.team import follow_team
from tests.support.cases import ticket
from tests.support.mails import mail
from tests.support.teams import GRAVE_REVIEW, NEW_TONER, OPEN_WORDS, REPORTER, said, told


@pytest.mark.parametrize("priority", [1, 2])
def test_a_grave_solution_is_looked_at_before_the_reporter_is_told(timed: Profile, priority: int) -> None:
    step = told("Løsning: ny toner", timed, NEW_TONER, priority=priority)
    draft, kept = step.parcels
    assert (step.event, step.change.status, step.change.solution) == (EventKind.SENT_TO_REVIEW, TicketStatus.REVIEWED, "ny toner")
    assert (step.change.acknowledged, step.change.stop) == (True, TAKEN)
    assert (step.change.release, kept.kind, kept.to, kept.later) == (False, ParcelKind.SOLVED, REPORTER, True)  # an earlier one is withheld
    assert (draft.kind, draft.to, draft.with_original) == (ParcelKind.REVIEW, timed.teams["trakta"].address, True)
    assert (draft.facts["text"], draft.facts["solution"]) == ("Løsning: ny toner", "ny toner")


@pytest.mark.parametrize("changes", [{"priority": 3}, {"priority": 1, "type": TicketType.ORDER}])
def test_a_solution_for_which_not_all_conditions_hold_goes_to_the_reporter_at_once(timed: Profile, changes: dict[str, object]) -> None:
    assert told("Løsning: ny toner", timed, NEW_TONER, **changes).event is EventKind.SOLVED


def test_without_a_reviewer_every_solution_goes_to_the_reporter_at_once(siv: Profile) -> None:
    assert told("Løsning: ny toner", siv, NEW_TONER, priority=1).event is EventKind.SOLVED


def by_the_reviewer(text: str, profile: Profile, closing: Closing = OPEN_WORDS, **changes: object) -> Step:
    """What the reviewer's mail does to a ticket under review."""
    standing = ticket(**({"status": TicketStatus.REVIEWED, "solution": "ny toner"} | changes))
    sender = Address(name="", address=profile.teams[GRAVE_REVIEW.by].address)
    return follow_team(said(mail(sender=sender, text=text), standing, profile), closing)


def test_the_reviewers_yes_tells_the_reporter_how_it_was_solved(timed: Profile) -> None:
    step = by_the_reviewer("Godkjent", timed)
    assert (step.event, step.change.status, step.change.solution) == (EventKind.SOLVED, TicketStatus.SOLVED, "ny toner")
    assert (step.change.stop, step.change.release, step.parcels) == (ALL_TIMERS, True, ())  # what the team wrote to the reporter goes now


def test_what_was_kept_for_the_reporter_is_withheld_where_the_solution_is_returned_or_the_case_moved(timed: Profile) -> None:
    assert by_the_reviewer("Hvilken toner?", timed).change.release is False
    assert by_the_reviewer("Til team: nett", timed).change.release is False
    assert told("Til team: nett", timed).change.release is None


@pytest.mark.parametrize("status", [status for status in TicketStatus if status is not TicketStatus.REVIEWED])
def test_a_yes_to_what_is_not_under_review_is_not_understood(timed: Profile, status: TicketStatus) -> None:
    step = by_the_reviewer("Godkjent", timed, status=status)
    [draft] = step.parcels
    assert (step.event, step.change) == (EventKind.NOT_UNDERSTOOD, UNCHANGED)
    assert (draft.to, draft.facts["line"], draft.facts["known"]) == (timed.teams["trakta"].address, "Godkjent", "")


def test_a_team_approves_no_solution_of_its_own_but_any_other_of_the_staff_may(timed: Profile) -> None:
    own = mail(sender=Address(name="", address=timed.teams["arbeidsplass"].address), text="Godkjent")
    waits = ticket(status=TicketStatus.REVIEWED, solution="ny toner")
    assert follow_team(said(own, waits, timed), OPEN_WORDS).event is EventKind.NOT_UNDERSTOOD
    assert told("Godkjent", timed, status=TicketStatus.REVIEWED, solution="ny toner").event is EventKind.SOLVED


@pytest.mark.parametrize("closing", [OPEN_WORDS, Closing(wants=True, solution=None)])
def test_anything_else_that_the_reviewer_writes_goes_back_to_the_team_and_never_to_the_reporter(timed: Profile, closing: Closing) -> None:
    step = by_the_reviewer("Skriv hvilken toner.", timed, closing)
    [draft] = step.parcels
    assert (step.event, step.change.status, step.change.solution) == (EventKind.RETURNED, TicketStatus.OPEN, None)
    assert (draft.kind, draft.to, draft.with_original) == (ParcelKind.RETURNED, timed.teams["arbeidsplass"].address, True)
    assert (draft.facts["text"], draft.facts["solution"]) == ("Skriv hvilken toner.", "ny toner")
