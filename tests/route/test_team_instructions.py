"""What a team says in its first line: who takes a ticket, where it goes, what it is; and by which names teams go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.kinds import EventKind, ParcelKind, TicketStatus, TicketType
from models.outcomes import UNCHANGED, TicketChange
from models.parts import Alarm, Contact
from models.profiles import Profile
from models.records import Address
from models.timers import CLOCK, TimerDraft, TimerKind
from route.answers import TAKEN
from route.team import find_team, follow_team
from tests.support.cases import ticket
from tests.support.mails import NOW, mail
from tests.support.teams import NEW_TONER, OPEN_WORDS, REPORTER, RISKS, STAFF, said, told


@pytest.mark.parametrize("text", ["Kvitterer", "Tar den.", "*Kvitterer*\n"])
def test_who_takes_a_ticket_stops_the_alarm_and_nobody_is_written_to(siv: Profile, text: str) -> None:
    step = told(text, siv)
    assert (step.event, step.parcels) == (EventKind.ACKNOWLEDGED, ())
    assert (step.change.acknowledged, step.change.stop, step.change.status) == (True, TAKEN, None)


@pytest.mark.parametrize("name", ["nett", "NETT", "Nett og telefoni", "nett og telefoni.", "network and telephony", "**Nett**"])
def test_a_ticket_is_moved_to_a_team_named_by_its_key_or_its_title_in_any_language(siv: Profile, name: str) -> None:
    step = told(f"Til team: {name}\n\nSvitsjen i 4. etasje.", siv)
    [draft] = step.parcels
    assert (step.event, step.change.status, step.change.team) == (EventKind.MOVED, TicketStatus.OPEN, "nett")
    assert (draft.kind, draft.to, draft.with_original, draft.to_team) == (ParcelKind.MOVED, siv.teams["nett"].address, True, True)
    assert (draft.facts["text"], draft.facts["by"]) == ("Svitsjen i 4. etasje.", "Arbeidsplass")


@pytest.mark.parametrize("line", ["Til team: månen", "Til team:", "Flytt til: nett eller telefoni"])
def test_a_team_that_is_not_known_moves_nothing_and_the_agent_is_told_which_there_are(siv: Profile, line: str) -> None:
    step = told(f"{line}\nHilsen Per", siv)
    [draft] = step.parcels
    assert (step.event, step.change) == (EventKind.NOT_UNDERSTOOD, UNCHANGED)
    assert (draft.kind, draft.to, draft.to_team) == (ParcelKind.NOT_UNDERSTOOD, STAFF, True)
    assert draft.facts["line"] == line
    assert draft.facts["known"].split(", ") == [team.title["nb"] for team in siv.teams.values()]


def test_a_word_back_to_the_agent_answers_the_agents_own_mail(siv: Profile) -> None:
    given = mail(sender=Address(name="", address=STAFF), text="Til team: månen")
    [draft] = follow_team(said(given, ticket(), siv), OPEN_WORDS).parcels
    assert (draft.in_reply_to, draft.language) == (given.message_id, "nb")


@pytest.mark.parametrize(("previous", "expected"), [("nett", "nett"), (None, "trakta")])
def test_a_ticket_goes_back_to_the_team_it_came_from_or_to_the_doubt_team(siv: Profile, previous: str | None, expected: str) -> None:
    step = told("Tilbake: ikke vår\nSe loggen.", siv, previous_team=previous)
    [draft] = step.parcels
    assert (step.event, step.change.status, step.change.team) == (EventKind.MOVED, TicketStatus.OPEN, expected)
    assert (draft.kind, draft.to, draft.facts["text"]) == (ParcelKind.MOVED, siv.teams[expected].address, "ikke vår\nSe loggen.")


def test_an_instruction_beats_a_solution_and_a_closing_in_the_same_mail(siv: Profile) -> None:
    assert told("Til team: nett\nLøsning: ny toner", siv, NEW_TONER).event is EventKind.MOVED


@pytest.mark.parametrize("text", ["Spørsmål: Hvilket rom?", "Spørsmål til innmelder:\nHvilket rom?"])
def test_a_question_goes_to_the_reporter_and_the_clock_stands_until_it_is_answered(siv: Profile, text: str) -> None:
    step = told(text, siv)
    [draft] = step.parcels
    assert (step.event, step.change.status, step.change.waits) == (EventKind.ASKED, TicketStatus.ANSWERED, True)
    assert step.change.start == (TimerDraft(kind=TimerKind.UNANSWERED, due_at=NOW + timedelta(days=2)),)
    assert (draft.kind, draft.to, draft.language, draft.facts["text"]) == (ParcelKind.QUESTION, REPORTER, "nn", "Hvilket rom?")
    assert (draft.in_reply_to, draft.to_team) == ("<first@siv.no>", False)


@pytest.mark.parametrize("text", ["Prioritet: 1", "Prio: 1 kritisk", "**Priority: 1**"])
def test_another_priority_has_its_own_time_from_when_the_ticket_was_opened(timed: Profile, text: str) -> None:
    opened = NOW - timedelta(hours=1)
    step = told(text, timed, opened_at=opened, due_at=opened + timedelta(hours=16))
    assert (step.event, step.parcels, step.change.priority) == (EventKind.PRIORITY_CHANGED, (), 1)
    assert (step.change.due_at, step.change.stop) == (opened + timedelta(hours=4), CLOCK | TAKEN)
    assert {timer.kind for timer in step.change.start} == CLOCK


@pytest.mark.parametrize("line", ["Prioritet: 9", "Prioritet: høy", "Prioritet:", "Prioritet: 0", "Prioritet: -1", "Prioritet: ²"])
def test_a_priority_that_there_is_not_changes_nothing_and_the_agent_is_told_which_there_are(timed: Profile, line: str) -> None:
    step = told(line, timed)
    [draft] = step.parcels
    assert (step.event, step.change) == (EventKind.NOT_UNDERSTOOD, UNCHANGED)
    assert (draft.to, draft.facts["line"], draft.facts["known"]) == (STAFF, line, "1, 2, 3, 4")


@pytest.mark.parametrize("name", ["bestilling", "Bestilling.", "order", "tinging", "beställning"])
def test_a_team_may_say_what_kind_of_matter_it_is(siv: Profile, name: str) -> None:
    step = told(f"Type: {name}", siv)
    assert (step.event, step.change, step.parcels) == (EventKind.TYPE_CHANGED, TicketChange(type=TicketType.ORDER), ())


@pytest.mark.parametrize("name", ["stor", "Stor fare for pasienter", "great danger to patients"])
def test_a_team_may_amend_the_risk(siv: Profile, name: str) -> None:
    step = told(f"Risiko: {name}", siv.model_copy(update={"risks": RISKS}))
    assert (step.event, step.change, step.parcels) == (EventKind.RISK_CHANGED, TicketChange(risk="stor"), ())


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("Type: klage", "hendelse, forespørsel, bestilling"),
        ("Type:", "hendelse, forespørsel, bestilling"),
        ("Risiko: middels", "stor fare for pasienter, ingen fare for pasienter"),
    ],
)
def test_a_type_or_risk_that_there_is_not_changes_nothing_and_the_agent_is_told_which_there_are(
    siv: Profile, line: str, known: str
) -> None:
    step = told(line, siv.model_copy(update={"risks": RISKS}))
    [draft] = step.parcels
    assert (step.event, step.change) == (EventKind.NOT_UNDERSTOOD, UNCHANGED)
    assert (draft.to, draft.facts["line"], draft.facts["known"]) == (STAFF, line, known)


@pytest.mark.parametrize("name", ["", " ", ".", "nettt", "alle"])
def test_no_team_is_called_so(siv: Profile, name: str) -> None:
    assert find_team(name, siv) is None


def test_every_team_is_found_by_its_key_and_by_each_title(siv: Profile) -> None:
    for name, team in siv.teams.items():
        assert {find_team(written, siv) for written in (name, *team.title.values())} == {name}


def test_a_second_question_while_the_first_waits_leaves_the_clock_standing_since_the_first(siv: Profile) -> None:
    change = told("Spørsmål: Og når?", siv, waiting_since=NOW - timedelta(hours=2)).change
    assert (change.waits, TimerKind.UNANSWERED in change.stop, len(change.start)) == (None, True, 1)


def test_a_question_without_words_is_not_sent(siv: Profile) -> None:
    assert told("Spørsmål:", siv).event is EventKind.NOT_UNDERSTOOD


def test_a_team_that_is_gone_is_nobody_to_go_back_to(siv: Profile) -> None:
    assert told("Tilbake", siv, previous_team="nedlagt").change.team == siv.doubt_team


@pytest.mark.parametrize("line", ["Prioritet:\u00a01", "Prioritet: 1, haster", "Prioritet: 1."])
def test_a_priority_is_understood_with_what_people_write_around_it(timed: Profile, line: str) -> None:
    assert told(line, timed).change.priority == 1


def test_a_priority_without_a_time_takes_the_time_away(timed: Profile) -> None:
    change = told("Prioritet: 4", timed, due_at=NOW).change
    assert (change.due_at, change.undue) == (None, True)


def test_a_priority_that_calls_the_duty_calls_it_and_a_milder_one_calls_it_off(timed: Profile) -> None:
    profile = timed.model_copy(update={"alarm": Alarm(priority=1, every_minutes=10, rungs=[Contact(to="vakt@siv.example")])})
    raised, lowered = told("Prioritet: 1", profile).change, told("Prioritet: 3", profile, priority=1).change
    assert TimerDraft(kind=TimerKind.ALARM, due_at=NOW) in raised.start
    assert raised.acknowledged is False
    assert TimerKind.ALARM in lowered.stop
    assert TimerKind.ALARM not in {timer.kind for timer in lowered.start}


def test_a_case_that_is_taken_and_solved_in_one_mail_is_solved_and_words_below_are_not_lost(siv: Profile) -> None:
    assert told("Kvitterer\nLøsning: ny toner", siv, NEW_TONER).event is EventKind.SOLVED
    assert told("Kvitterer\nJeg kommer kl. 14.", siv).event is EventKind.TEAM_ANSWERED
    assert told("Kvitterer", siv).event is EventKind.ACKNOWLEDGED
