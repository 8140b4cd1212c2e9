"""Cases by the API: what is listed and told, to whom, and judged in the same way as at the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.kinds import EventKind, Mode, ParcelState, TicketStatus
from models.outcomes import JoinTicket, Step, TicketChange
from models.people import Noted, NoteSearch, Role
from models.profiles import Profile
from models.records import TicketId
from models.solutions import SolutionState
from models.store import Store
from tests.support.filled import WORDS, come_in, fill, pipeline_desk, solve
from tests.support.mails import SCENE, content, mail, raw
from tests.support.pages import Clock, Desk, served
from tests.support.systems import OtherSystem, system_of

LEAD, MEMBER = Role.LEAD, Role.MEMBER
ALL = range(1, len(WORDS) + 1)


@pytest.fixture
def filled(siv: Profile, store: Store, tmp_path: Path) -> Iterator[Desk]:
    """The pages and the API of a desk at work, over both databases."""
    office = pipeline_desk(siv, store, tmp_path, Clock())
    fill(office)
    solve(office)
    office.memory.catch_up()
    with served(siv, store, lambda site: replace(site, similar=office.memory.similar)) as desk:
        yield desk


def listed(system: OtherSystem, **query: object) -> list[int]:
    return [case["id"] for case in system.read("/cases", **query)["cases"]]


def noted(desk: Desk) -> list[tuple[str, Noted, int | None, str]]:
    kept = desk.store.audit.read(NoteSearch(since=desk.clock() - timedelta(days=1), until=desk.clock() + timedelta(days=1)))
    return [(note.who, note.what, note.ticket, note.about) for note in kept]


def test_cases_are_listed_by_filter_and_in_pages(filled: Desk) -> None:
    system = system_of(filled, "lea", LEAD)
    assert listed(system) == list(reversed(ALL))
    assert listed(system, order="oldest", limit=2) == [1, 2]
    first = system.read("/cases", limit=3)
    assert first["next"] == 3
    rest = system.read("/cases", limit=3, after=first["next"])
    assert [case["id"] for case in (*first["cases"], *rest["cases"])] == list(reversed(ALL))
    assert rest["next"] is None
    assert listed(system, status="solved") == [1]
    assert listed(system, text="SIV-2") == [2]
    assert listed(system, text="skriver") == [1]
    assert listed(system, since="2026-03-02T09:30:01Z") == []
    assert listed(system, until="2026-03-02T10:30:01+01:00") == list(reversed(ALL))
    team = system.read("/cases/2")["case"]["stands"]["team"]
    assert 2 in listed(system, team=team)


def test_a_filter_with_a_value_that_the_organisation_does_not_have_is_refused(filled: Desk) -> None:
    system = system_of(filled, "lea", LEAD)
    for query in ({"team": "nowhere"}, {"priority": "9"}, {"type": "x"}, {"since": "2026-03-02"}):
        answer = system.get("/cases", **query)
        assert answer.status_code == 422
        assert [fault["field"] for fault in answer.json()["faults"]] == [*query]


def test_a_list_holds_no_address_of_a_reporter(filled: Desk) -> None:
    assert "@" not in system_of(filled, "lea", LEAD).get("/cases").text


def test_a_case_is_told_with_its_story_and_the_look_is_noted(filled: Desk) -> None:
    story = system_of(filled, "lea", LEAD).read("/cases/1")
    assert story["case"]["number"] == "SIV-1"
    assert story["case"]["status"] == "solved"
    assert story["case"]["opened_at"] == "2026-03-02T09:30:00Z"
    assert [event["kind"] for event in story["events"]] == ["opened", "solved"]
    assert {sent["kind"] for sent in story["sent"]} >= {"forward", "receipt"}
    assert noted(filled) == [("lea", Noted.CASE_SEEN, 1, "")]


def test_a_case_has_a_time_at_which_it_was_solved_while_it_is_solved(filled: Desk) -> None:
    system = system_of(filled, "lea", LEAD)
    assert system.read("/cases/1")["case"]["solved_at"] == "2026-03-02T09:30:00Z"
    step = Step(event=EventKind.REOPENED, change=TicketChange(status=TicketStatus.OPEN))
    [id] = filled.store.mails.keep([raw(content("Den svarer fortsatt ikke."))])
    filled.store.tickets.record([JoinTicket(mail_id=id, mail=mail(), ticket=TicketId(1), step=step, mode=Mode.AUTO)], SCENE)
    again = system.read("/cases/1")["case"]
    assert (again["status"], again["solved_at"]) == ("open", None)


def test_the_words_of_a_mail_are_told_one_by_one_and_each_look_is_noted(filled: Desk) -> None:
    system = system_of(filled, "lea", LEAD)
    [mail] = system.read("/cases/2")["mails"]
    words = system.read(f"/cases/2/mails/{mail['id']}")
    assert words["subject"] == "Passord"
    assert "glemt passordet" in words["reply"]
    assert noted(filled)[-1] == ("lea", Noted.MAIL_SEEN, 2, f"mail {mail['id']}")
    assert system.get(f"/cases/3/mails/{mail['id']}").status_code == 404, "it is another case's"


def test_a_lead_says_yes_and_it_is_kept_who_and_when(filled: Desk) -> None:
    system = system_of(filled, "lea", LEAD)
    version = system.read("/cases/3")["case"]["version"]
    answer = system.post("/cases/3/judgement", version=version)
    assert answer.status_code == 200, answer.text
    assert answer.json()["judged_at"] == "2026-03-02T09:30:00Z"
    assert answer.json()["version"] > version
    [judgement] = filled.store.judgements.of_ticket(TicketId(3))
    assert (judgement.by, judgement.at) == ("lea", filled.clock())
    assert ("lea", Noted.CASE_JUDGED, 3, "") in noted(filled)


def test_a_correction_moves_the_case_and_tells_the_new_team(filled: Desk) -> None:
    system = system_of(filled, "lea", LEAD)
    story = system.read("/cases/3")
    before, told = story["case"], sum(sent["to_team"] for sent in story["sent"])
    team = next(name for name in filled.site.profile.teams if name not in {before["stands"]["team"], before["guessed_team"]})
    answer = system.post("/cases/3/judgement", version=before["version"], team=team)
    assert answer.status_code == 200, answer.text
    story = system.read("/cases/3")
    assert story["case"]["stands"]["team"] == team
    assert story["judgements"][0]["meant"]["team"] == team
    assert sum(sent["to_team"] for sent in story["sent"]) > told
    assert story["events"][-1]["by"] == "lea"


def test_two_who_judge_one_case_do_not_overwrite_each_other(filled: Desk) -> None:
    lea, lars = system_of(filled, "lea", LEAD), system_of(filled, "lars", LEAD)
    version = lea.read("/cases/3")["case"]["version"]
    assert lea.post("/cases/3/judgement", version=version, priority=4).status_code == 200
    answer = lars.post("/cases/3/judgement", version=version, priority=2)
    assert (answer.status_code, answer.json()["title"]) == (409, "Conflict")
    assert lars.read("/cases/3")["case"]["stands"]["priority"] == 4


def test_in_assist_the_mails_leave_after_the_yes(siv: Profile, store: Store, tmp_path: Path) -> None:
    office = pipeline_desk(siv, store, tmp_path, Clock(), mode=Mode.ASSIST)
    come_in(office, [content()])
    with served(siv, store, lambda site: replace(site, mode_of=office.mode_of)) as desk:
        assert store.outbox.counts()[ParcelState.HELD] == 2
        system = system_of(desk, "lea", LEAD)
        assert system.post("/cases/1/judgement", version=system.read("/cases/1")["case"]["version"]).status_code == 200
    assert store.outbox.counts()[ParcelState.HELD] == 0
    assert store.outbox.counts()[ParcelState.WAITING] >= 1


def test_earlier_cases_like_a_text_are_found_with_how_they_were_solved(filled: Desk) -> None:
    filled.store.solutions.judge("siv", filled.store.solutions.those("siv", [SolutionState.PROPOSED])[0].id, SolutionState.CONFIRMED)
    answer = system_of(filled, "lea", LEAD).post("/similar", text="Skriveren på rom 4 svarer ikke")
    first = answer.json()["cases"][0]
    assert (first["id"], first["solution"]) == (1, "Slå den av og på.")


def test_a_member_finds_no_case_of_another_team(filled: Desk) -> None:
    other = next(team for team in filled.site.profile.teams if filled.store.cases.lines([TicketId(1)])[0].team != team)
    system = system_of(filled, "nils", MEMBER, teams=frozenset({other}))
    assert system.post("/similar", text="Skriveren på rom 4 svarer ikke").json() == {"cases": []}
