"""Cases that read alike: who is told what when a lead is asked, says yes, says no, or the desk itself declares."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.incidents import Incident, IncidentChange, IncidentId, IncidentState
from models.kinds import Channel, EventKind, ParcelKind, TicketStatus
from models.outcomes import Step
from models.parts import Alarm, Contact, Decision
from models.profiles import Profile
from models.records import Address, TicketId
from models.solutions import Solution
from models.timers import CLOCK, TimerKind
from models.views import TicketView
from route.affair import Affair
from route.answers import Closing, Said
from route.gathering import Gathering, gather
from route.routine import Routine
from route.surge import Surge
from route.team import follow_team
from route.templates import FACTS, FACTS_OF_ALL
from tests.support.cases import solution, ticket
from tests.support.mails import NOW, mail

LEAD = "vakt@siv.no"
SURGE = Surge(
    tickets=(TicketId(1), TicketId(2), TicketId(3)), reporters=3, service="arbeidsplass", label=("etikett",), chance=1e-4, declared=False
)
DECIDES = Decision(team="nett", address="leder@siv.no", no_team="trakta", no_priority=4, when=["priority=1|2"], yes=["ja"], no=["nei"])


def case(number: int, **changes: object) -> TicketView:
    return ticket(**{"id": TicketId(number), "reporter": f"p{number}@siv.no", "language": "nb", **changes})


PARENT, SECOND, THIRD = case(1), case(2, team="nett"), case(3)


def gathered(profile: Profile, *others: TicketView, declared: bool = False, proposal: Incident | None = None) -> Step:
    surge = Surge(tickets=SURGE.tickets, reporters=3, service="arbeidsplass", label=SURGE.label, chance=SURGE.chance, declared=declared)
    return gather(
        Gathering(surge=surge, parent=PARENT, others=others or (SECOND, THIRD), proposal=proposal, routine=Routine.of(profile), now=NOW)
    )


def incident(state: IncidentState, manager: str = "") -> Incident:
    return Incident(
        id=IncidentId(1),
        parent=PARENT.id,
        state=state,
        announced=False,
        service=None,
        manager=manager,
        status="",
        prognosis="",
        starts_at=NOW,
        ends_at=None,
        told_at=None,
        members=(SECOND.id, THIRD.id),
    )


def answered(text: str, profile: Profile, found: Incident | None, *, at: TicketView = PARENT, named: Solution | None = None) -> Step:
    """What a lead's answer does to a case that belongs to an incident."""
    routine = Routine.of(profile)
    affair = Affair(incident=found, parent=PARENT, attached=[SECOND, THIRD], routine=routine, now=NOW) if found else None
    said = Said(
        mail=mail(sender=Address(name="Vakt", address=LEAD), text=text),
        ticket=at,
        routine=routine,
        now=NOW,
        affair=affair if affair and affair.stands else None,
        proposal=affair if affair and affair.is_proposed else None,
        named=named,
    )
    return follow_team(said, Closing(wants=False, solution=None))


def told(step: Step) -> list[tuple[ParcelKind, str]]:
    """Every mail that follows, of the case itself and of others."""
    return [(draft.kind, draft.to) for one in (step, *(other.step for other in step.others)) for draft in one.parcels]


def test_a_lead_is_asked_and_nobody_else_is_told(siv: Profile) -> None:
    step = gathered(siv)
    assert told(step) == [(ParcelKind.SURGE, siv.teams["trakta"].address)]
    assert step.incident == IncidentChange(state=IncidentState.PROPOSED, starts_at=NOW, attach=(SECOND.id, THIRD.id))
    [draft] = step.parcels
    assert (draft.facts["reporters"], draft.facts["words"], draft.facts["declared"]) == ("3", "etikett", "")
    assert [line.split()[0] for line in draft.facts["cases"].splitlines()] == ["SIV-1", "SIV-2", "SIV-3"]
    assert set(draft.facts) == set(FACTS[ParcelKind.SURGE]) | {"subject"}


def test_who_decides_on_major_incidents_is_asked_where_the_organisation_names_one(siv: Profile) -> None:
    step = gathered(siv.model_copy(update={"decision": DECIDES}))
    assert told(step) == [(ParcelKind.SURGE, "leder@siv.no")]


def test_what_comes_later_is_gathered_without_another_mail(siv: Profile) -> None:
    step = gathered(siv, case(9), proposal=incident(IncidentState.PROPOSED))
    assert step.parcels == ()
    assert step.incident is not None
    assert step.incident.attach == (TicketId(9),)


def test_what_is_rare_enough_is_declared_and_the_leads_the_duty_the_teams_and_the_reporters_are_told(siv: Profile) -> None:
    duty = Alarm(every_minutes=10, rungs=[Contact(channel=Channel.SMS, to="vakt@sms.example")])
    step = gathered(siv.model_copy(update={"alarm": duty}), declared=True)
    assert told(step) == [
        (ParcelKind.SURGE, siv.teams["trakta"].address),
        (ParcelKind.SURGE, "vakt@sms.example"),
        (ParcelKind.GATHERED, siv.teams["nett"].address),
        (ParcelKind.KNOWN_FAULT, "p2@siv.no"),
        (ParcelKind.KNOWN_FAULT, "p3@siv.no"),
    ]
    assert (step.event, step.incident and step.incident.state) == (EventKind.DECLARED, IncidentState.ONGOING)
    assert [timer.kind for timer in step.change.start] == [TimerKind.STATUS_DUE]


def test_who_reported_twice_is_told_once_and_who_is_helped_already_is_not_told(siv: Profile) -> None:
    twice, again = case(2), case(3, reporter="p2@siv.no")
    first, solved = case(4, reporter=PARENT.reporter), case(5, status=TicketStatus.SOLVED)
    step = gathered(siv, twice, again, first, solved, declared=True)
    assert [to for kind, to in told(step) if kind is ParcelKind.KNOWN_FAULT] == ["p2@siv.no"]
    assert [other.ticket for other in step.others] == [2, 3, 4]


@pytest.mark.parametrize("at", [PARENT, THIRD], ids=["to the proposal", "to a case that came later"])
def test_a_yes_begins_the_incident_with_who_says_it_as_its_manager(siv: Profile, at: TicketView) -> None:
    step = answered("Storhendelse: ja", siv, incident(IncidentState.PROPOSED), at=at)
    steps = {at.id: step} | {other.ticket: other.step for other in step.others}
    assert set(steps) == {1, 2, 3}
    assert steps[PARENT.id].incident == IncidentChange(state=IncidentState.ONGOING, manager=LEAD)
    assert steps[PARENT.id].change.team is None  # no team of its own for major incidents: it stays where it is
    assert sorted(told(step)) == [
        (ParcelKind.GATHERED, siv.teams["nett"].address),
        (ParcelKind.KNOWN_FAULT, "p2@siv.no"),
        (ParcelKind.KNOWN_FAULT, "p3@siv.no"),
    ]


def test_a_yes_gives_the_first_case_to_the_team_for_major_incidents_where_there_is_one(siv: Profile) -> None:
    step = answered("Storhendelse: ja\nAlt er nede.", siv.model_copy(update={"decision": DECIDES}), incident(IncidentState.PROPOSED))
    assert step.change.team == "nett"
    assert (ParcelKind.DECLARED, "leder@siv.no") in told(step)


def test_a_yes_needs_no_surge(siv: Profile) -> None:
    step = answered("Storhendelse: ja", siv, None)
    assert (step.event, step.incident) == (EventKind.DECLARED, IncidentChange(state=IncidentState.ONGOING, manager=LEAD))
    assert (step.change.team, step.parcels) == (None, ())


def test_a_case_of_one_that_goes_on_begins_no_other(siv: Profile) -> None:
    assert answered("Storhendelse: ja", siv, incident(IncidentState.ONGOING, LEAD)).incident is None


@pytest.mark.parametrize("at", [PARENT, THIRD], ids=["to the proposal", "to a case that came later"])
def test_a_no_tells_nobody_and_moves_nothing(siv: Profile, at: TicketView) -> None:
    step = answered("Storhendelse: nei", siv, incident(IncidentState.PROPOSED), at=at)
    steps = {at.id: step} | {other.ticket: other.step for other in step.others}
    assert steps[PARENT.id].incident == IncidentChange(state=IncidentState.DECLINED)
    assert told(step) == []
    assert all(one.change.team is None for one in steps.values())


def test_a_no_takes_back_what_the_desk_itself_declared_but_not_what_a_lead_manages(siv: Profile) -> None:
    by_itself = answered("Storhendelse: nei", siv, incident(IncidentState.ONGOING))
    assert by_itself.incident == IncidentChange(state=IncidentState.DECLINED)
    assert TimerKind.STATUS_DUE in by_itself.change.stop
    managed = answered("Storhendelse: nei", siv, incident(IncidentState.ONGOING, LEAD))
    assert (managed.event, managed.incident) == (EventKind.NOT_UNDERSTOOD, None)


def test_a_no_to_a_case_that_waited_for_the_decision_moves_that_case_too(siv: Profile) -> None:
    profile = siv.model_copy(update={"decision": DECIDES.model_copy(update={"when": ["priority=3"]})})
    step = answered("Storhendelse: nei", profile, incident(IncidentState.PROPOSED))
    assert (step.change.team, step.change.priority) == ("trakta", 4)
    assert step.incident == IncidentChange(state=IncidentState.DECLINED)
    milder = answered("Storhendelse: nei", siv.model_copy(update={"decision": DECIDES}), incident(IncidentState.PROPOSED))
    assert milder.change.team is None  # nobody had to decide on this one: it stays where it is


@pytest.mark.parametrize(("word", "minutes"), [("nei", 960), ("ja", 240)])
def test_a_solved_case_that_is_decided_on_is_open_again_with_its_whole_time(timed: Profile, word: str, minutes: int) -> None:
    profile = timed.model_copy(update={"decision": DECIDES.model_copy(update={"no_priority": 3})})
    opened = NOW - timedelta(days=9)
    at = case(1, status=TicketStatus.SOLVED, priority=1, opened_at=opened, due_at=opened, waiting_since=opened)
    change = answered(f"Storhendelse: {word}", profile, None, at=at).change
    assert (change.status, change.waits, change.due_at) == (TicketStatus.OPEN, False, NOW + timedelta(minutes=minutes))
    assert {timer.kind for timer in change.start} >= CLOCK


@pytest.mark.parametrize("word", ["nei", "ja"])
def test_what_was_kept_for_the_reporter_is_withheld_where_a_decision_gives_the_case_to_another_team(siv: Profile, word: str) -> None:
    at = case(1, status=TicketStatus.REVIEWED, solution="ny toner")
    assert answered(f"Storhendelse: {word}", siv.model_copy(update={"decision": DECIDES}), None, at=at).change.release is False


def test_the_mails_show_what_their_templates_may_name(siv: Profile) -> None:
    step = gathered(siv, declared=True)
    for draft in (draft for one in (step, *(other.step for other in step.others)) for draft in one.parcels):
        assert set(draft.facts) <= set(FACTS[draft.kind]) | set(FACTS_OF_ALL)
        assert set(draft.facts) >= set(FACTS[draft.kind])


@pytest.mark.parametrize(("word", "mails"), [("Lukk alle", 2), ("Avslutt alle uten svar", 0)])
def test_all_cases_are_closed_with_a_known_solution_by_its_number(siv: Profile, word: str, mails: int) -> None:
    known = solution(12, "Last inn malen på nytt.")
    step = answered(f"{word}: L-12", siv, incident(IncidentState.ONGOING), named=known)
    assert step.event is EventKind.ALL_CLOSED
    assert [(other.step.change.solution, other.step.change.used) for other in step.others] == [(known.text, known.id)] * 2
    assert [draft.facts["text"] for other in step.others for draft in other.step.parcels] == [known.text] * mails


def test_no_case_is_closed_with_a_solution_that_there_is_not(siv: Profile) -> None:
    step = answered("Lukk alle: L-77", siv, incident(IncidentState.ONGOING))
    assert (step.event, step.others) == (EventKind.NOT_UNDERSTOOD, ())
