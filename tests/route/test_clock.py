"""What happens when a timer's time has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.hours import Hours
from models.kinds import Channel, EventKind, ParcelKind, TicketStatus
from models.outcomes import ParcelDraft, TicketChange
from models.parts import Alarm, Contact, Ladder
from models.profiles import load_profile
from models.timers import Timer, TimerId, TimerKind
from route.clock import NOTHING, RUNG, Ring, next_call, ring
from route.post import Post
from route.routine import Routine
from route.templates import FACTS, FACTS_OF_ALL
from tests.support.cases import ticket
from tests.support.mails import NOW

OSLO = ZoneInfo("Europe/Oslo")
TEAM, REPORTER = "arbeidsplass@teams.siv.example", "kari.moe@siv.no"
LEAD = Contact(to="leder@siv.no")
PHONE = Contact(channel=Channel.SMS, to="4790000000@sms.siv.example")
HOOK = Contact(channel=Channel.WEBHOOK, to="vakt")
HOURS = {"office": Hours(week={"mon-fri": "08:00-16:00"}, country="NO")}
LADDER = Ladder(every_minutes=240, rungs=[LEAD, PHONE])
DUTY = Alarm(priority=1, every_minutes=10, rungs=[HOOK, PHONE, LEAD])
DAYS = timedelta(days=2)
NIGHT = datetime(2026, 3, 6, 23, 0, tzinfo=UTC)
"""A Friday."""


def routine(**changes: Any) -> Routine:
    """A desk with a duty, two rungs above the team, and office hours."""
    values: dict[str, Any] = {"hours": HOURS, "escalation": LADDER, "alarm": DUTY}
    return Routine.of(load_profile("siv").model_copy(update=values | changes))


DESK = routine()

OF_ANSWERS = {TimerKind.FAQ_HELPED, TimerKind.ANSWER_STANDS}
"""These send no mail, and ring for cases that were answered alone."""


def timer(kind: TimerKind, *, round: int = 0, due_at: datetime = NOW) -> Timer:
    return Timer(id=TimerId(1), kind=kind, due_at=due_at, round=round)


def rung(kind: TimerKind, *, round: int = 0, desk: Routine = DESK, now: datetime = NOW, **changes: object) -> Ring:
    """A ticket's timer of this kind rings; it has waited for its reporter for two days."""
    standing = ticket(**({"waiting_since": NOW - DAYS, "due_at": NOW} | changes))
    return ring(timer(kind, round=round, due_at=now), standing, desk, now)


def parcels(rang: Ring) -> tuple[ParcelDraft, ...]:
    assert rang.step is not None
    return rang.step.parcels


def told(rang: Ring) -> list[str]:
    return [draft.to for draft in parcels(rang)]


@pytest.mark.parametrize("kind", sorted(set(RUNG) - OF_ANSWERS))
def test_nothing_happens_for_a_ticket_that_is_solved(kind: TimerKind) -> None:
    for number in range(3):
        assert rung(kind, round=number, status=TicketStatus.SOLVED) == NOTHING


@pytest.mark.parametrize("status", [status for status in TicketStatus if status is not TicketStatus.SOLVED])
@pytest.mark.parametrize("kind", sorted(set(RUNG) - OF_ANSWERS))
def test_every_kind_rings_for_a_ticket_that_is_not_solved_and_changes_nothing_of_it(kind: TimerKind, status: TicketStatus) -> None:
    step = rung(kind, status=status).step
    assert step is not None
    assert step.parcels
    assert step.change.status is None
    assert not step.change.stop


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("kind", sorted(set(RUNG) - OF_ANSWERS))
def test_templates_may_name_the_facts_that_are_given_and_no_others(kind: TimerKind, number: int) -> None:
    for draft in parcels(rung(kind, round=number)):
        assert {*draft.facts, "case", "signed", "desk"} == {*FACTS[draft.kind], *FACTS_OF_ALL}, draft.kind


def test_the_team_is_warned_once_that_the_time_is_nearly_up() -> None:
    rang = rung(TimerKind.DUE_SOON)
    [draft] = parcels(rang)
    assert rang.step is not None
    assert (rang.step.event, rang.again_at) == (EventKind.WARNED, None)
    assert (draft.kind, draft.to, draft.to_team, draft.with_original) == (ParcelKind.DUE_SOON, TEAM, True, False)


def test_a_warning_says_how_the_ticket_stands_on_the_organisations_clock() -> None:
    [draft] = parcels(rung(TimerKind.DUE_SOON, opened_at=NOW - DAYS, due_at=NOW + timedelta(hours=1)))
    assert draft.facts == {
        "subject": "Skriver",
        "type": "hendelse",
        "priority": "3 middels",
        "team": "Arbeidsplass",
        "opened": "2026-02-28 10:00",
        "due": "2026-03-02 11:00",
    }


def test_a_ticket_without_a_due_time_says_none() -> None:
    assert parcels(rung(TimerKind.ALARM, due_at=None))[0].facts["due"] == ""


def test_when_the_time_is_up_the_team_is_told_and_each_round_one_rung_more_until_the_ladder_ends() -> None:
    rounds = [rung(TimerKind.OVERDUE, round=number) for number in range(3)]
    assert [told(rang) for rang in rounds] == [[TEAM, LEAD.to], [TEAM, LEAD.to, PHONE.to], [TEAM, LEAD.to, PHONE.to]]
    assert [rang.again_at for rang in rounds] == [NOW + timedelta(hours=4), NOW + timedelta(hours=4), None]
    assert {rang.step.event for rang in rounds if rang.step} == {EventKind.ESCALATED}
    assert {draft.kind for rang in rounds for draft in parcels(rang)} == {ParcelKind.OVERDUE}


def test_without_a_ladder_the_team_alone_is_told_once() -> None:
    rang = rung(TimerKind.OVERDUE, desk=routine(escalation=Ladder(every_minutes=240)))
    assert (told(rang), rang.again_at) == ([TEAM], None)


@given(st.integers(0, 6))
def test_every_ladder_ends_and_has_called_everybody_by_then(height: int) -> None:
    ladder = Ladder(every_minutes=60, rungs=[Contact(to=f"{number}@siv.no") for number in range(height)])
    desk = routine(escalation=ladder)
    rounds = [rung(TimerKind.OVERDUE, round=number, desk=desk) for number in range(height + 1)]
    assert [rang.again_at is None for rang in rounds] == [*[False] * height, True]
    assert told(rounds[-1]) == [TEAM, *(contact.to for contact in ladder.rungs)]


def test_each_on_a_ladder_is_reached_by_the_channel_chosen_and_only_mails_wait_for_an_answer() -> None:
    drafts = parcels(rung(TimerKind.ALARM, round=2))
    assert [(draft.channel, draft.to, draft.to_team) for draft in drafts] == [
        (Channel.WEBHOOK, HOOK.to, False),
        (Channel.SMS, PHONE.to, False),
        (Channel.MAIL, LEAD.to, True),
    ]
    assert {draft.language for draft in drafts} == {"nb"}


def test_a_team_with_office_hours_is_told_in_them_and_those_on_a_ladder_at_once() -> None:
    siv = load_profile("siv")
    teams = {**siv.teams, "arbeidsplass": siv.teams["arbeidsplass"].model_copy(update={"hours": "office"})}
    word, *calls = parcels(rung(TimerKind.OVERDUE, round=1, desk=routine(teams=teams), now=NIGHT))
    assert word.not_before == datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    assert [call.not_before for call in calls] == [None, None]


def test_the_duty_is_called_again_and_again_one_more_each_time_until_somebody_takes_it() -> None:
    rounds = [rung(TimerKind.ALARM, round=number) for number in range(5)]
    everybody = [HOOK.to, PHONE.to, LEAD.to]
    assert [told(rang) for rang in rounds] == [everybody[:1], everybody[:2], everybody, everybody, everybody]
    assert {rang.again_at for rang in rounds} == {NOW + timedelta(minutes=10)}
    assert {(rang.step.event, draft.kind) for rang in rounds if rang.step for draft in rang.step.parcels} == {
        (EventKind.ALARMED, ParcelKind.ALARM)
    }


@given(st.integers(0, 1000))
def test_an_alarm_never_ends_by_itself_and_never_rings_once_it_is_taken(number: int) -> None:
    assert rung(TimerKind.ALARM, round=number).again_at == NOW + timedelta(minutes=10)
    assert rung(TimerKind.ALARM, round=number, acknowledged_at=NOW - DAYS) == NOTHING


@pytest.mark.parametrize("kind", [TimerKind.DUE_SOON, TimerKind.OVERDUE, TimerKind.UNANSWERED])
def test_that_a_ticket_is_taken_ends_the_alarm_only(kind: TimerKind) -> None:
    assert rung(kind, acknowledged_at=NOW) == rung(kind)


def test_the_reporter_is_reminded_once_and_after_as_long_again_the_team_is_told_that_nothing_came() -> None:
    first = rung(TimerKind.UNANSWERED)
    [reminder] = parcels(first)
    assert first.step is not None
    assert first.step.event is EventKind.REMINDED
    assert (reminder.kind, reminder.to, reminder.to_team) == (ParcelKind.REMINDER, REPORTER, False)
    assert (reminder.language, reminder.in_reply_to) == ("nn", "<first@siv.no>")
    assert first.again_at == NOW + DAYS

    second = rung(TimerKind.UNANSWERED, round=1, now=NOW + DAYS)
    [word] = parcels(second)
    assert second.step is not None
    assert (second.step.event, second.again_at) == (EventKind.WARNED, None)
    assert (word.kind, word.to, word.to_team) == (ParcelKind.UNANSWERED, TEAM, True)


@pytest.mark.parametrize("number", [0, 1])
def test_nobody_is_reminded_of_a_question_that_was_answered(number: int) -> None:
    assert rung(TimerKind.UNANSWERED, round=number, waiting_since=None) == NOTHING


@pytest.mark.parametrize("kind", [TimerKind.DUE_SOON, TimerKind.OVERDUE])
def test_the_doubt_team_is_told_of_a_ticket_whose_team_is_gone(kind: TimerKind) -> None:
    draft = parcels(rung(kind, team="nedlagt"))[0]
    assert (draft.to, draft.facts["team"]) == ("trakta@teams.siv.example", "nedlagt")


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        ("", "2026-03-06T15:00", "2026-03-06T17:00"),
        ("", "2026-03-07T23:30", "2026-03-08T01:30"),
        ("office", "2026-03-06T10:00", "2026-03-06T12:00"),
        ("office", "2026-03-06T15:00", "2026-03-09T09:00"),
        ("office", "2026-03-07T23:30", "2026-03-09T10:00"),
        ("office", "2026-04-01T15:00", "2026-04-07T09:00"),
    ],
)
def test_the_next_call_comes_after_so_many_minutes_of_the_ladders_own_hours(hours: str, now: str, expected: str) -> None:
    at, again = (datetime.fromisoformat(text).replace(tzinfo=OSLO).astimezone(UTC) for text in (now, expected))
    post = Post(ticket=ticket(), routine=DESK, now=at)
    assert next_call(Ladder(every_minutes=120, hours=hours), post) == again


@pytest.mark.parametrize(("kind", "key"), [(TimerKind.OVERDUE, "escalation"), (TimerKind.ALARM, "alarm")])
def test_a_ladder_with_office_hours_climbs_on_the_next_working_day(kind: TimerKind, key: str) -> None:
    ladder: Ladder = getattr(DESK.profile, key)
    desk = routine(**{key: ladder.model_copy(update={"hours": "office", "every_minutes": 60})})
    assert rung(kind, desk=desk, now=NIGHT).again_at == datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def test_an_offered_answer_that_nobody_objected_to_has_helped_and_what_was_kept_never_goes() -> None:
    helped = ring(
        Timer(id=TimerId(1), kind=TimerKind.FAQ_HELPED, due_at=NOW, round=0),
        ticket(status=TicketStatus.ANSWERED),
        Routine.of(load_profile("siv")),
        NOW,
    )
    assert helped.step is not None
    assert (helped.step.event, helped.step.change.status, helped.step.change.release) == (EventKind.FAQ_HELPED, TicketStatus.SOLVED, False)
    objected = ring(
        Timer(id=TimerId(1), kind=TimerKind.FAQ_HELPED, due_at=NOW, round=0),
        ticket(status=TicketStatus.OPEN),
        Routine.of(load_profile("siv")),
        NOW,
    )
    assert objected.step is None


@pytest.mark.parametrize("status", TicketStatus)
def test_only_an_answer_that_was_the_last_word_stands(status: TicketStatus) -> None:
    rang = rung(TimerKind.ANSWER_STANDS, status=status, waiting_since=None)
    stands = status is TicketStatus.ANSWERED
    assert (rang.step is not None) == stands
    assert rang.step is None or (rang.step.change == TicketChange(helped=True) and rang.step.parcels == ())
    assert rung(TimerKind.ANSWER_STANDS, status=status, waiting_since=NOW).step is None, "a question is no answer"
