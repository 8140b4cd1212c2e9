"""Other systems that are told of events: by a parcel each, in the transaction of the event, as far as the mode lets it go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.incidents import IncidentChange, IncidentState
from models.kinds import Channel, EventKind, HookEvent, Mode, ParcelKind, ParcelState, TicketStatus
from models.outcomes import JoinTicket, ParcelDraft, Step, TicketChange
from models.pages import load_words
from models.parts import Hook
from models.people import Role
from models.profiles import Profile
from models.records import TicketId
from models.store import Store
from review.judging import let_go
from route.call import Hooks
from run.delivery import deliver
from run.desk import Desk
from tests.support.filled import come_in, pipeline_desk
from tests.support.hooks import CUT, HookServer
from tests.support.mails import content, mail, raw
from tests.support.pages import Clock, served
from tests.support.smtp import SmtpSink

KEY = b"shared with those who are called"
FIRST = TicketId(1)


@pytest.fixture
def hook() -> Iterator[HookServer]:
    with HookServer() as server:
        yield server


def told_of(profile: Profile, **hooks: list[HookEvent]) -> Profile:
    return profile.model_copy(update={"webhooks": {name: Hook(events=events) for name, events in hooks.items()}})


@pytest.fixture
def desk(siv: Profile, store: Store, hook: HookServer, tmp_path: Path) -> Desk:
    """A desk that tells its CMDB of everything."""
    made = pipeline_desk(told_of(siv, cmdb=list(HookEvent)), store, tmp_path, Clock())
    return replace(made, hooks=Hooks(urls={"CMDB": hook.url}, key=KEY))


def open_one(desk: Desk) -> None:
    come_in(desk, [content("Skriveren på rom 4, hos Kari Moe, svarer ikke lenger.", subject="Hemmelig skriver")])


def goes_on(desk: Desk, step: Step, mode: Mode = Mode.AUTO) -> None:
    [id] = desk.store.mails.keep([raw(content(str(step.event)))])
    desk.store.tickets.record([JoinTicket(mail_id=id, mail=mail(), ticket=FIRST, step=step, mode=mode)], desk.scene())


def told(desk: Desk, hook: HookServer, smtp: SmtpSink) -> list[dict[str, Any]]:
    """What the other system has been told, after a round."""
    deliver(desk, smtp.server, {})
    return [call.json() for call in hook.calls]


def calls_in(store: Store, state: ParcelState) -> int:
    return sum(line.kind is ParcelKind.EVENT for line in store.outbox.list([state]))


def test_a_new_case_is_told_with_its_number_and_how_it_stands(desk: Desk, hook: HookServer, smtp: SmtpSink) -> None:
    open_one(desk)
    [body] = told(desk, hook, smtp)
    assert body == {
        "id": 1, "kind": "ticket.opened", "at": "2026-03-02T09:30:00+00:00", "profile": "siv", "case": "SIV-1", "ticket": 1,
        "type": body["type"], "priority": body["priority"], "team": body["team"], "status": "open",
    }  # fmt: skip
    assert body["type"] in desk.profile.types
    assert body["team"] in desk.profile.teams
    assert body["priority"] in desk.profile.levels


def test_no_word_of_the_mail_and_no_address_is_told(desk: Desk, hook: HookServer, smtp: SmtpSink) -> None:
    open_one(desk)
    words = json.dumps(told(desk, hook, smtp)).lower()
    assert not any(word in words for word in ("hemmelig", "skriver", "kari", "@", "siv.no"))


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (Step(event=EventKind.MOVED, change=TicketChange(team="dips")), "ticket.moved"),
        (Step(event=EventKind.SOLVED, change=TicketChange(status=TicketStatus.SOLVED, solution="x")), "ticket.solved"),
        (Step(event=EventKind.CLOSED, change=TicketChange(status=TicketStatus.SOLVED, unsolved="x")), "ticket.solved"),
        (Step(event=EventKind.REOPENED, change=TicketChange(status=TicketStatus.OPEN)), "ticket.reopened"),
        (Step(event=EventKind.DECLARED, incident=IncidentChange(state=IncidentState.ONGOING)), "incident.declared"),
        (Step(event=EventKind.SOLVED, incident=IncidentChange(state=IncidentState.OVER)), "incident.over"),
    ],
)
def test_what_happens_is_told_as_it_stands_afterwards(desk: Desk, hook: HookServer, smtp: SmtpSink, step: Step, kind: str) -> None:
    open_one(desk)
    goes_on(desk, step)
    opened, then = told(desk, hook, smtp)
    assert (opened["kind"], then["kind"]) == ("ticket.opened", kind)
    assert then["id"] > opened["id"]
    assert then["team"] == (step.change.team or opened["team"])
    assert then["status"] == (step.change.status or TicketStatus.OPEN)


@pytest.mark.parametrize("event", [EventKind.REPORTER_WROTE, EventKind.TEAM_ANSWERED, EventKind.ACKNOWLEDGED])
def test_what_nobody_asked_for_is_told_nobody(desk: Desk, hook: HookServer, smtp: SmtpSink, event: EventKind) -> None:
    open_one(desk)
    goes_on(desk, Step(event=event))
    assert len(told(desk, hook, smtp)) == 1


def test_each_is_told_of_what_it_asked_for(siv: Profile, store: Store, tmp_path: Path) -> None:
    profile = told_of(siv, cmdb=[HookEvent.OPENED, HookEvent.SOLVED], vakt=[HookEvent.OPENED], leder=[HookEvent.MOVED])
    open_one(pipeline_desk(profile, store, tmp_path, Clock()))
    kept = store.outbox.claim("siv", "w", Clock()(), 50)
    assert sorted(parcel.draft.to for parcel in kept if parcel.draft.kind is ParcelKind.EVENT) == ["cmdb", "vakt"]


@pytest.mark.parametrize(("mode", "state"), [(Mode.SHADOW, ParcelState.WITHHELD), (Mode.ASSIST, ParcelState.HELD)])
def test_in_shadow_nothing_leaves_and_in_assist_nothing_before_the_yes(
    siv: Profile, store: Store, hook: HookServer, smtp: SmtpSink, tmp_path: Path, mode: Mode, state: ParcelState
) -> None:
    made = pipeline_desk(told_of(siv, cmdb=[HookEvent.OPENED]), store, tmp_path, Clock(), mode=mode)
    desk = replace(made, hooks=Hooks(urls={"CMDB": hook.url}))
    open_one(desk)
    assert calls_in(store, state) == 1
    assert told(desk, hook, smtp) == []
    let_go(store, FIRST, "lea", desk.clock())
    assert [body["kind"] for body in told(desk, hook, smtp)] == ["ticket.opened"] * (mode is Mode.ASSIST)


def test_a_repeat_says_the_same_under_the_same_id(desk: Desk, hook: HookServer, smtp: SmtpSink) -> None:
    open_one(desk)
    hook.status = 404
    told(desk, hook, smtp)
    assert calls_in(desk.store, ParcelState.DEAD) == 1
    hook.status = 204
    clock = desk.clock
    assert isinstance(clock, Clock)
    desk.store.outbox.retry(None, clock())
    first, second = told(desk, hook, smtp)
    assert first == second
    assert hook.calls[0].headers["webhook-id"] == hook.calls[1].headers["webhook-id"]
    assert calls_in(desk.store, ParcelState.SENT) == 1


def test_mails_leave_though_another_system_is_away(desk: Desk, hook: HookServer, smtp: SmtpSink) -> None:
    hook.status = CUT
    open_one(desk)
    open_one(desk)
    told(desk, hook, smtp)
    assert len(hook.calls) == 1, "one that does not answer is not waited for again in the same round"
    assert calls_in(desk.store, ParcelState.WAITING) == 2
    assert desk.store.outbox.counts()[ParcelState.SENT] == 4


def test_an_alarm_by_webhook_goes_though_the_smtp_server_is_away(desk: Desk, hook: HookServer, smtp: SmtpSink) -> None:
    open_one(desk)
    alarm = ParcelDraft(kind=ParcelKind.ALARM, to="cmdb", language="nb", facts={}, channel=Channel.WEBHOOK)
    goes_on(desk, Step(event=EventKind.ALARMED, parcels=(alarm,)))
    smtp.stop()
    delivered = deliver(desk, smtp.server, {})
    assert delivered.server_down
    assert "alarm" in [call.json()["kind"] for call in hook.calls]
    assert [fate.state for fate in delivered.fates].count(ParcelState.WAITING) == 1, "one mail is enough to know"
    assert {line.kind for line in desk.store.outbox.list([ParcelState.WAITING])} == {ParcelKind.FORWARD, ParcelKind.RECEIPT}


def test_where_nobody_wants_to_know_nothing_is_made(siv: Profile, store: Store, tmp_path: Path) -> None:
    open_one(pipeline_desk(siv, store, tmp_path, Clock()))
    assert {line.kind for line in store.outbox.list(list(ParcelState))} == {ParcelKind.FORWARD, ParcelKind.RECEIPT}


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "en"])
def test_pages_have_words_for_what_other_systems_are_told(desk: Desk, language: str) -> None:
    open_one(desk)
    with served(desk.profile, desk.store) as pages:
        browser = pages.person("lea", Role.LEAD, Role.ADMIN)
        browser.send("/language", language=language)
        word = load_words(language)["mails"][ParcelKind.EVENT]
        assert word in browser.text("/cases/SIV-1")
        assert word in browser.text("/post")
