"""What a team's mail does to its ticket: answers, closings, instructions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.hours import Hours
from models.kinds import EventKind, ParcelKind, TicketStatus, TicketType
from models.outcomes import UNCHANGED, Step, TicketChange
from models.parts import Alarm, Contact, Deadline, FinalReview, Risk
from models.profiles import Profile
from models.records import Address, Mail
from models.timers import CLOCK, TimerDraft, TimerKind
from models.views import TicketView
from route.answers import ALL_TIMERS, TAKEN, Closing, Said
from route.post import Post, team_address
from route.routine import Routine
from route.team import find_team, follow_team
from route.templates import FACTS, FACTS_OF_ALL
from tests.support.cases import ticket
from tests.support.mails import NOW, mail

STAFF, REPORTER = "tekniker@siv.no", "kari.moe@siv.no"
OPEN_WORDS = Closing(wants=False, solution=None)
NEW_TONER = Closing(wants=False, solution="ny toner")
HOURS = {"office": Hours(week={"mon-fri": "08:00-16:00"}, country="NO"), "always": Hours(week={"mon-sun": "00:00-24:00"})}
DEADLINES = {
    "1": Deadline(hours="always", minutes=240, warn_minutes=60),
    "3": Deadline(hours="always", minutes=960, warn_minutes=60),
}
GRAVE_REVIEW = FinalReview(when=["priority=1|2", "type=hendelse"], by="trakta")
RISKS = {
    "stor": Risk(when=["priority=1"], title={"nb": "stor fare for pasienter", "en": "great danger to patients"}),
    "ingen": Risk(when=[], title={"nb": "ingen fare for pasienter"}),
}


def said(given: Mail, of: TicketView, profile: Profile, now: datetime = NOW) -> Said:
    return Said(mail=given, ticket=of, routine=Routine.of(profile), now=now)


def told(text: str, profile: Profile, closing: Closing = OPEN_WORDS, **changes: object) -> Step:
    """What an agent's mail with this text does."""
    return follow_team(said(mail(sender=Address(name="", address=STAFF), text=text), ticket(**changes), profile), closing)


def with_team(profile: Profile, name: str, **changes: object) -> Profile:
    """One team of it made different."""
    teams = {**profile.teams, name: profile.teams[name].model_copy(update=changes)}
    return profile.model_copy(update={"hours": HOURS, "teams": teams})


@pytest.fixture
def timed(siv: Profile) -> Profile:
    """With times to solve in, and a review of grave incidents."""
    return siv.model_copy(update={"hours": HOURS, "deadlines": DEADLINES, "final_review": GRAVE_REVIEW})


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


@pytest.mark.parametrize(
    ("reporter", "kind", "expected"),
    [
        ("kari@siv.no", None, "nett@teams.example"),
        ("kari@kommune.example", None, "kommune@teams.example"),
        ("kari@lege.kommune.example", None, "kommune@teams.example"),
        ("kari@ekommune.example", None, "nett@teams.example"),
        ("kari@kommune.example.evil.example", None, "nett@teams.example"),
        ("kari@siv.no", "patient", "pasient@teams.example"),
        ("kari@siv.no", "vendor", "nett@teams.example"),
        ("kari@kommune.example", "patient", "kommune@teams.example"),
        ("", None, "nett@teams.example"),
    ],
)
def test_a_team_may_have_an_address_for_a_domain_or_a_kind_of_reporter(
    siv: Profile, reporter: str, kind: str | None, expected: str
) -> None:
    desk = with_team(
        siv,
        "nett",
        address="nett@teams.example",
        address_by_domain={"kommune.example": "kommune@teams.example"},
        address_by_reporter={"patient": "pasient@teams.example"},
    )
    assert team_address("nett", reporter, kind, desk) == expected
    assert told("Til team: nett", desk, reporter=reporter, reporter_kind=kind).parcels[0].to == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 6, 10, 0, tzinfo=UTC), datetime(2026, 3, 6, 10, 0, tzinfo=UTC)),
        (datetime(2026, 3, 6, 15, 0, tzinfo=UTC), datetime(2026, 3, 9, 7, 0, tzinfo=UTC)),
        (datetime(2026, 3, 6, 23, 0, tzinfo=UTC), datetime(2026, 3, 9, 7, 0, tzinfo=UTC)),
        (datetime(2026, 4, 1, 20, 0, tzinfo=UTC), datetime(2026, 4, 7, 6, 0, tzinfo=UTC)),
    ],
)
def test_a_team_with_office_hours_is_written_to_in_them_and_of_the_gravest_at_any_hour(
    siv: Profile, now: datetime, expected: datetime
) -> None:
    desk = with_team(siv, "nett", hours="office")
    for priority, not_before in ((1, None), (2, expected), (3, expected), (4, expected)):
        given = said(mail(text="Til team: nett"), ticket(priority=priority), desk, now)
        assert follow_team(given, OPEN_WORDS).parcels[0].not_before == not_before


def test_agents_reporters_and_teams_without_office_hours_are_written_to_at_any_hour(siv: Profile) -> None:
    desk, night = with_team(siv, "nett", hours="office"), datetime(2026, 3, 6, 23, 0, tzinfo=UTC)
    for text in ("Til team: ehelse", "Til team: månen", "Er den slått på?"):
        given = said(mail(text=text), ticket(team="nett"), desk, night)
        assert follow_team(given, OPEN_WORDS).parcels[0].not_before is None


def test_the_doubt_team_is_written_to_for_a_team_that_is_gone(siv: Profile) -> None:
    post = Post(ticket=ticket(team="nedlagt"), routine=Routine.of(siv), now=NOW)
    assert post.to_team(ParcelKind.FOLLOW_UP).to == siv.teams["trakta"].address


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


def test_words_on_a_solved_ticket_leave_it_solved_and_a_move_opens_it(siv: Profile) -> None:
    assert told("Husk å melde fra.", siv, status=TicketStatus.SOLVED).change.status is None
    assert told("Til team: nett", siv, status=TicketStatus.SOLVED).change.status is TicketStatus.OPEN


def test_a_case_that_is_taken_and_solved_in_one_mail_is_solved_and_words_below_are_not_lost(siv: Profile) -> None:
    assert told("Kvitterer\nLøsning: ny toner", siv, NEW_TONER).event is EventKind.SOLVED
    assert told("Kvitterer\nJeg kommer kl. 14.", siv).event is EventKind.TEAM_ANSWERED
    assert told("Kvitterer", siv).event is EventKind.ACKNOWLEDGED
