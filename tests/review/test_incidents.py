"""Major incidents and outages that stand, each with those of its cases that one may see."""

from __future__ import annotations

from datetime import timedelta

from models.incidents import IncidentChange, IncidentState
from models.kinds import EventKind, Mode
from models.outcomes import JoinTicket, Step
from models.people import Role
from models.records import Assignment, TicketId
from tests.support.mails import NOW, SCENE, mail, new_ticket, raw
from tests.support.pages import Desk


def opened(desk: Desk, subject: str, team: str = "nett") -> TicketId:
    [id] = desk.store.mails.keep([raw()])
    given = Assignment(team=team, guessed_team=team, unsure=False, also=())
    ticket = desk.store.tickets.record([new_ticket(id, mail=mail(subject=subject), assignment=given)], SCENE)[id]
    assert ticket
    return ticket


def declared(desk: Desk, parent: TicketId, *members: TicketId, state: IncidentState = IncidentState.ONGOING) -> None:
    [id] = desk.store.mails.keep([raw()])
    change = IncidentChange(
        state=state,
        manager="mim@siv.example",
        status="Leverandøren <feilsøker>.",
        prognosis="kl. 14",
        ends_at=NOW + timedelta(hours=5),
        attach=members,
    )
    step = Step(event=EventKind.DECLARED, incident=change)
    desk.store.tickets.record([JoinTicket(mail_id=id, mail=mail(), ticket=parent, step=step, mode=Mode.AUTO)], SCENE)


def test_an_incident_stands_with_status_prognosis_manager_and_cases(desk: Desk) -> None:
    declared(desk, opened(desk, "Nettet er nede"), opened(desk, "Får ikke logget inn"))
    page = desk.person("lea", Role.LEAD).text("/incidents")
    for words in (
        "SIV-1 Nettet er nede",
        "storhendelse pågår",
        "Leverandøren &lt;feilsøker&gt;.",
        "kl. 14",
        "mim@siv.example",
        "2026-03-02 15:00",
    ):
        assert words in page
    assert "Saker du kan se: 2" in page
    assert 'href="/cases/SIV-2"' in page


def test_one_that_is_over_stands_no_more(desk: Desk) -> None:
    declared(desk, opened(desk, "Nettet er nede"), state=IncidentState.OVER)
    assert "Ingen storhendelser eller avbrudd nå." in desk.person("lea", Role.LEAD).text("/incidents")


def test_a_member_sees_those_that_hit_own_cases_and_of_them_own_cases_alone(desk: Desk) -> None:
    declared(desk, opened(desk, "Nettet er nede", "trakta"), opened(desk, "Får ikke logget inn"))
    declared(desk, opened(desk, "Strømmen er borte", "trakta"))
    page = desk.person("nils", Role.MEMBER, teams=frozenset({"nett"})).text("/incidents")
    assert "SIV-1" in page
    assert "Nettet er nede" not in page
    assert "Saker du kan se: 1" in page
    assert "Får ikke logget inn" in page
    assert "SIV-3" not in page
