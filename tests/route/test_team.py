"""What a team's mail does to its ticket: answers and closings, and lines that answer through another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.kinds import EventKind, ParcelKind, TicketStatus
from models.outcomes import UNCHANGED
from models.profiles import Profile
from models.records import Address
from models.timers import CLOCK, TimerKind
from route.answers import ALL_TIMERS, Closing
from route.team import follow_team
from route.templates import FACTS, FACTS_OF_ALL
from tests.support.cases import solution, ticket
from tests.support.mails import NOW, mail
from tests.support.teams import DEADLINES, NEW_TONER, OPEN_WORDS, REPORTER, STAFF, said, told, with_team


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


@pytest.mark.parametrize("status", [status for status in TicketStatus if status is not TicketStatus.REVIEWED])
def test_closing_without_a_solution_is_refused_and_only_the_agent_hears_of_it(siv: Profile, status: TicketStatus) -> None:
    given = mail(sender=Address(name="", address=STAFF), text="Lukk")
    step = follow_team(said(given, ticket(status=status), siv), Closing(wants=True, solution=None))
    [draft] = step.parcels
    assert (step.event, step.change.status, step.change.solution) == (EventKind.CLOSING_REFUSED, None, None)
    assert (draft.kind, draft.to, draft.in_reply_to, draft.to_team) == (ParcelKind.NEEDS_SOLUTION, STAFF, given.message_id, True)
    assert draft.facts["label"] == "Løsning"


def test_an_answer_to_a_ticket_without_a_message_id_refers_to_nothing(siv: Profile) -> None:
    assert follow_team(said(mail(), ticket(message_id=""), siv), OPEN_WORDS).parcels[0].in_reply_to is None


@pytest.mark.parametrize("text", ["Avslutt uten svar: ringte Kari, ny toner", "Avslutt uten svar\n\nringte Kari, ny toner\n"])
def test_a_ticket_is_closed_silently_with_how_it_was_solved(siv: Profile, text: str) -> None:
    step = told(text, siv)
    assert (step.event, step.parcels) == (EventKind.SOLVED, ())
    assert (step.change.status, step.change.solution) == (TicketStatus.SOLVED, "ringte Kari, ny toner")
    assert (step.change.waits, step.change.stop) == (False, ALL_TIMERS)


def test_a_silent_closing_that_does_not_say_how_it_was_solved_is_refused(siv: Profile) -> None:
    step = told("Avslutt uten svar.", siv)
    [draft] = step.parcels
    assert (step.event, step.change.status, step.change.solution) == (EventKind.CLOSING_REFUSED, None, None)
    assert (draft.kind, draft.to, draft.facts["label"]) == (ParcelKind.NEEDS_SOLUTION, STAFF, "Avslutt uten svar")


def test_a_silent_closing_with_a_known_solution_says_its_words_to_the_line_that_answers(siv: Profile) -> None:
    desk = with_team(siv, "arbeidsplass", answers_through={"any": "ehelse"})
    given = mail(sender=Address(name="", address=STAFF), text="Avslutt uten svar: L-12\nRingte Kari.")
    step = follow_team(replace(said(given, ticket(), desk), named=solution(12, "Last inn malen på nytt.")), OPEN_WORDS)
    assert (step.event, step.change.used) == (EventKind.PASSED_ON, None)
    assert [draft.facts["solution"] for draft in step.parcels] == ["Last inn malen på nytt.\nRingte Kari."]


def test_a_silent_closing_with_a_solution_that_there_is_not_closes_nothing(siv: Profile) -> None:
    step = told("Avslutt uten svar: L-77", siv)
    assert (step.event, step.change) == (EventKind.NOT_UNDERSTOOD, UNCHANGED)


@pytest.mark.parametrize(("closing", "solution"), [(OPEN_WORDS, ""), (NEW_TONER, "ny toner")])
def test_what_a_second_line_answers_or_solves_goes_to_the_line_that_answers_the_reporter(
    timed: Profile, closing: Closing, solution: str
) -> None:
    desk = with_team(timed, "arbeidsplass", answers_through={"any": "ehelse"})
    step = told("Bytt toner.", desk, closing, priority=1)
    [draft] = step.parcels
    assert (step.event, step.change.status, step.change.team) == (EventKind.PASSED_ON, TicketStatus.OPEN, "ehelse")
    assert step.change.solution is None
    assert (draft.kind, draft.to, draft.with_original, draft.to_team) == (ParcelKind.PASSED_ON, desk.teams["ehelse"].address, True, True)
    assert [draft.facts[key] for key in ("text", "solution", "by")] == ["Bytt toner.", solution, "Arbeidsplass"]


def test_what_the_line_in_front_answers_goes_to_the_reporter(timed: Profile) -> None:
    desk = with_team(timed, "arbeidsplass", answers_through={"any": "ehelse"})
    assert told("Bytt toner.", desk, team="ehelse", previous_team="arbeidsplass").parcels[0].to == REPORTER
    assert told("Bytt toner.", desk, NEW_TONER, team="ehelse", previous_team="arbeidsplass").event is EventKind.SOLVED


@pytest.mark.parametrize(("kind", "team"), [("patient", "nett"), ("vendor", "ehelse"), (None, "ehelse")])
def test_the_line_that_answers_may_be_another_for_one_kind_of_reporter(siv: Profile, kind: str | None, team: str) -> None:
    desk = with_team(siv, "arbeidsplass", answers_through={"patient": "nett", "any": "ehelse"})
    assert told("Bytt toner.", desk, reporter_kind=kind).change.team == team


def test_a_line_in_front_for_one_kind_of_reporter_leaves_the_others_to_the_team(siv: Profile) -> None:
    desk = with_team(siv, "arbeidsplass", answers_through={"patient": "nett"})
    assert told("Bytt toner.", desk, reporter_kind="patient").event is EventKind.PASSED_ON
    assert told("Bytt toner.", desk).event is EventKind.TEAM_ANSWERED


def test_what_staff_answers_for_a_team_that_is_gone_goes_to_the_reporter(siv: Profile) -> None:
    assert told("Bytt toner.", siv, team="nedlagt").parcels[0].to == REPORTER
    assert told("Til team: nett", siv, team="nedlagt").parcels[0].facts["by"] == "nedlagt"


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        ("Er den slått på?", OPEN_WORDS),
        ("Løsning: ny toner", NEW_TONER),
        ("Lukk", Closing(wants=True, solution=None)),
        ("Kvitterer", OPEN_WORDS),
        ("Til team: nett", OPEN_WORDS),
        ("Tilbake", OPEN_WORDS),
        ("Spørsmål: Hvilket rom?", OPEN_WORDS),
        ("Avslutt uten svar: ny toner", OPEN_WORDS),
        ("Avslutt uten svar", OPEN_WORDS),
    ],
)
def test_whatever_a_team_does_with_a_ticket_the_duty_is_called_no_more(siv: Profile, text: str, closing: Closing) -> None:
    for desk in (siv, with_team(siv, "arbeidsplass", answers_through={"any": "ehelse"})):
        change = told(text, desk, closing, priority=1).change
        assert change.acknowledged
        assert TimerKind.ALARM in change.stop


@pytest.mark.parametrize(
    ("text", "closing", "priority"),
    [
        ("Er den slått på?", OPEN_WORDS, 3),
        ("Løsning: ny toner", NEW_TONER, 3),
        ("Løsning: ny toner", NEW_TONER, 1),
        ("Lukk", Closing(wants=True, solution=None), 3),
        ("Til team: nett", OPEN_WORDS, 3),
        ("Til team: månen", OPEN_WORDS, 3),
        ("Tilbake", OPEN_WORDS, 3),
        ("Spørsmål: Hvilket rom?", OPEN_WORDS, 3),
        ("Avslutt uten svar", OPEN_WORDS, 3),
    ],
)
def test_templates_may_name_the_facts_that_are_given_and_no_others(timed: Profile, text: str, closing: Closing, priority: int) -> None:
    for desk in (timed, with_team(timed, "arbeidsplass", answers_through={"any": "ehelse"})):
        for draft in told(text, desk, closing, priority=priority).parcels:
            assert {*draft.facts, "case", "signed", "desk"} == {*FACTS[draft.kind], *FACTS_OF_ALL}, draft.kind


def test_words_on_a_solved_ticket_leave_it_solved_and_a_move_opens_it(siv: Profile) -> None:
    assert told("Husk å melde fra.", siv, status=TicketStatus.SOLVED).change.status is None
    assert told("Til team: nett", siv, status=TicketStatus.SOLVED).change.status is TicketStatus.OPEN


def test_a_solved_ticket_that_is_passed_on_is_open_again_with_its_whole_time(timed: Profile) -> None:
    desk = with_team(timed, "arbeidsplass", answers_through={"any": "ehelse"})
    opened = NOW - timedelta(days=9)
    change = told("Bytt toner.", desk, status=TicketStatus.SOLVED, opened_at=opened, due_at=opened).change
    assert (change.status, change.team, change.due_at) == (TicketStatus.OPEN, "ehelse", NOW + timedelta(minutes=DEADLINES["3"].minutes))
    assert {timer.kind for timer in change.start} == CLOCK
    assert told("Bytt toner.", desk).change.due_at is None


def test_what_was_kept_for_the_reporter_is_withheld_where_another_line_answers_them(timed: Profile) -> None:
    desk = with_team(timed, "arbeidsplass", answers_through={"any": "ehelse"})
    assert told("Løsning: ny toner", desk, NEW_TONER, status=TicketStatus.REVIEWED).change.release is False
