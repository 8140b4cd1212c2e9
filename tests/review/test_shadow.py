"""A trial run: what would have been done beside what people did, where that is known."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from models.history import JudgedCase, PastCase
from models.judgements import Act, Judgement
from models.kinds import EventKind, Mode, TicketType
from models.outcomes import Step
from models.people import Role
from models.records import Assignment, TicketId
from tests.support.judged import take_back
from tests.support.mails import NOW, SCENE, mail, new_ticket, raw
from tests.support.pages import Desk

SAID = {"type": "hendelse", "priority": 3, "scope": "single", "team": "arbeidsplass", "service": None}


def tried(
    desk: Desk, subject: str = "Skriver", *, message_id: str = "<tried@siv.no>", unsure: bool = False, mode: Mode = Mode.SHADOW
) -> TicketId:
    [id] = desk.store.mails.keep([raw()])
    given = Assignment(team="trakta" if unsure else "arbeidsplass", guessed_team="arbeidsplass", unsure=unsure, also=())
    outcome = new_ticket(id, mail=mail(subject=subject, message_id=message_id), assignment=given, mode=mode)
    ticket = desk.store.tickets.record([outcome], SCENE)[id]
    assert ticket
    return ticket


def taken_over(desk: Desk, source_id: str, subject: str, **labels: Any) -> None:
    past = PastCase(
        place=1,
        source_id=source_id,
        opened_at=NOW + timedelta(hours=3),
        closed_at=None,
        reporter="kari.moe@siv.no",
        mail=mail(subject=subject),
        solution=None,
        labels={},
    )
    values: dict[str, Any] = {
        "type": TicketType.INCIDENT,
        "priority": 3,
        "team": "nett",
        "service": None,
        "scope": "single",
        "language": "nb",
    }
    judged = JudgedCase(case=past, **(values | {"guessed": {}, "unknown": ()} | labels))
    desk.store.history.keep("siv", [judged], NOW)


def judge(desk: Desk, ticket: TicketId, **meant: Any) -> None:
    judgement = Judgement(said=SAID, meant=SAID | meant, example={})
    act = Act(ticket=ticket, seen=1, by="lea", step=Step(event=EventKind.CONFIRMED), mode=Mode.SHADOW, judgement=judgement)
    desk.store.judgements.act([act], SCENE)


def shares(page: str) -> dict[str, list[str]]:
    rows = re.findall(
        r'<th scope="row">(Type|Prioritet|Team|Omfang)</th><td class="number">([^<]*)</td><td class="number">([^<]*)</td>', page
    )
    return {field: [every, sure] for field, every, sure in rows}


def test_what_a_lead_said_stands_beside_what_the_machine_said(desk: Desk) -> None:
    judge(desk, tried(desk), team="nett")
    judge(desk, tried(desk, message_id="<2@siv.no>", unsure=True))
    page = desk.person("lea", Role.LEAD).text("/shadow")
    assert shares(page)["Team"] == ["50\N{NO-BREAK SPACE}% (1/2)", "0\N{NO-BREAK SPACE}% (0/1)"]
    assert shares(page)["Type"] == ["100\N{NO-BREAK SPACE}% (2/2)", "100\N{NO-BREAK SPACE}% (1/1)"]
    assert "≠ Nett og telefoni" in page
    assert "Ny sak til teamet" in page, "what would have been sent"


def test_a_word_that_was_taken_back_is_not_known(desk: Desk) -> None:
    ticket = tried(desk)
    judge(desk, ticket, team="nett")
    take_back(desk.store, ticket, desk.clock())
    assert shares(desk.person("lea", Role.LEAD).text("/shadow"))["Team"] == ["ikke kjent", "ikke kjent"]


def test_an_imported_case_is_found_by_message_id_or_by_reporter_subject_and_hour(desk: Desk) -> None:
    tried(desk, "Skriver A", message_id="<a@siv.no>")
    tried(desk, "Skriver B", message_id="<b@siv.no>")
    tried(desk, "Skriver C", message_id="<c@siv.no>")
    taken_over(desk, "<a@siv.no>", "Et annet emne")
    taken_over(desk, "INC-2", "skriver  b", team="arbeidsplass", guessed={"priority": 0.4})
    page = desk.person("anna", Role.ANALYST).text("/shadow")
    assert shares(page)["Team"] == ["50\N{NO-BREAK SPACE}% (1/2)", "50\N{NO-BREAK SPACE}% (1/2)"]
    assert shares(page)["Prioritet"][0] == "100\N{NO-BREAK SPACE}% (1/1)", "what a machine guessed is no word of people"
    assert page.count("det andre systemet</td>") == 2
    assert page.count("<td>ikke kjent</td>") == 1


def test_where_nothing_is_known_it_says_so(desk: Desk) -> None:
    tried(desk)
    page = desk.person("lea", Role.LEAD).text("/shadow")
    assert shares(page)["Team"] == ["ikke kjent", "ikke kjent"]
    assert "Ingen postkasse er på prøve nå." in page


def test_only_those_that_differ_are_listed_when_that_is_asked_for(desk: Desk) -> None:
    judge(desk, tried(desk), team="nett")
    judge(desk, tried(desk, message_id="<2@siv.no>"))
    page = desk.person("lea", Role.LEAD).text("/shadow?differ=1&days=7")
    assert "/cases/SIV-1" in page
    assert "/cases/SIV-2" not in page


def test_cases_of_other_mailboxes_and_other_times_are_left_out(desk: Desk) -> None:
    tried(desk, mode=Mode.AUTO)
    desk.store.health.polled("e-helse", Mode.SHADOW, NOW)
    desk.clock.pass_on(-timedelta(minutes=30))
    assert "Ingen saker på prøve" in desk.person("lea", Role.LEAD).text("/shadow")
    tried(desk, message_id="<2@siv.no>")
    desk.clock.pass_on(timedelta(days=8) - timedelta(hours=3))
    page = desk.person("lars", Role.LEAD).text("/shadow?days=7")
    assert "Ingen saker på prøve" in page
    assert "Postkasser på prøve: e-helse." in page


def test_a_member_is_kept_out(desk: Desk) -> None:
    assert desk.person("nils", Role.MEMBER, teams=frozenset({"nett"})).get("/shadow").status_code == 403
