"""What a lead's word on a case does to it, to teams and to its reporter."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from models.hours import Hours
from models.kinds import EventKind, ParcelKind, ParcelState, TicketStatus, TicketType
from models.outcomes import UNCHANGED, Mailed, ParcelDraft
from models.parts import Alarm, Contact, Deadline
from models.profiles import Profile, load_profile
from models.records import ParcelId
from models.timers import TimerKind
from route.correction import Corrected, Meant, Word, correct
from route.routine import Routine
from route.templates import FACTS, FACTS_OF_ALL
from tests.support.cases import FACTS as ALL_FACTS
from tests.support.cases import ticket
from tests.support.mails import NOW

ALWAYS = {"always": Hours(week={"mon-sun": "00:00-24:00"})}
DEADLINES = {str(level): Deadline(hours="always", minutes=minutes, warn_minutes=0) for level, minutes in ((1, 120), (3, 960))}
DUTY = Alarm(priority=1, rungs=[Contact(channel="mail", to="vakt@siv.example")], every_minutes=15)
NUMBERS = count(1)


def mailed(kind: ParcelKind, state: ParcelState, profile: Profile, team: str = "arbeidsplass", **facts: str) -> Mailed:
    """A mail to a team, or a receipt to Kari, as it stands in the outbox."""
    to_team = kind not in (ParcelKind.RECEIPT, ParcelKind.CORRECTED)
    known = {name: ALL_FACTS[name] for name in (*FACTS[kind], "subject")} | facts
    draft = ParcelDraft(
        kind=kind, to=profile.teams[team].address if to_team else "kari.moe@siv.no", language="nb", facts=known, with_original=to_team, to_team=to_team
    )  # fmt: skip
    return Mailed(id=ParcelId(next(NUMBERS)), state=state, draft=draft, created_at=NOW)


def said(profile: Profile, *mails: Mailed, meant: dict[str, Any] | None = None, **stands: Any) -> Corrected:
    """A lead's word on a ticket that stands so, where they mean it otherwise in these fields."""
    of = ticket(**stands)
    values: dict[str, Any] = {"type": of.type, "priority": of.priority, "scope": of.scope, "team": of.team} | (meant or {})
    word = Word(ticket=of, meant=Meant(**values), mailed=mails, routine=Routine.of(profile), now=NOW + timedelta(minutes=5))
    return correct(word)


@pytest.fixture
def timed(siv: Profile) -> Profile:
    return siv.model_copy(update={"hours": ALWAYS, "deadlines": DEADLINES, "alarm": DUTY})


def test_a_yes_changes_nothing_and_writes_to_nobody(siv: Profile) -> None:
    found = said(siv, mailed(ParcelKind.FORWARD, ParcelState.SENT, siv), mailed(ParcelKind.RECEIPT, ParcelState.SENT, siv))
    assert (found.step.event, found.step.change, found.step.parcels) == (EventKind.CONFIRMED, UNCHANGED, ())
    assert not found.withhold


def test_another_team_gets_the_case_with_the_original_and_the_old_one_is_told(siv: Profile) -> None:
    found = said(siv, mailed(ParcelKind.FORWARD, ParcelState.SENT, siv), meant={"team": "nett"})
    moved, away = found.step.parcels
    assert (found.step.event, found.step.change.team, found.step.change.acknowledged) == (EventKind.MOVED, "nett", False)
    assert (moved.kind, moved.to, moved.with_original) == (ParcelKind.MOVED, siv.teams["nett"].address, True)
    assert (away.kind, away.to, away.facts["team"]) == (ParcelKind.TAKEN_AWAY, siv.teams["arbeidsplass"].address, "Nett og telefoni")
    for parcel in found.step.parcels:
        assert set(parcel.facts) <= {*FACTS_OF_ALL, *FACTS[parcel.kind]}


def test_a_forward_that_has_not_left_goes_to_the_right_team_as_if_from_the_beginning(siv: Profile) -> None:
    held = mailed(ParcelKind.FORWARD, ParcelState.HELD, siv, guessed_team="Nett", also_told="Nett")
    found = said(siv, held, meant={"team": "nett", "priority": 2})
    [forward] = found.step.parcels
    assert found.withhold == {held.id}
    assert (forward.kind, forward.to, forward.with_original) == (ParcelKind.FORWARD, siv.teams["nett"].address, True)
    assert (forward.facts["team"], forward.facts["priority_number"], forward.facts["guessed_team"]) == ("Nett og telefoni", "2", "")


def test_a_team_that_was_told_beside_the_leads_is_told_too_when_it_goes_to_a_third(siv: Profile) -> None:
    mails = [mailed(ParcelKind.FORWARD, ParcelState.SENT, siv, team) for team in ("trakta", "nett")]
    found = said(siv, *mails, meant={"team": "arbeidsplass"}, team="trakta")
    assert [(parcel.kind, parcel.to) for parcel in found.step.parcels] == [
        (ParcelKind.MOVED, siv.teams["arbeidsplass"].address),
        (ParcelKind.TAKEN_AWAY, siv.teams["trakta"].address),
        (ParcelKind.TAKEN_AWAY, siv.teams["nett"].address),
    ]


def test_a_team_that_knows_already_that_it_has_lost_the_case_is_not_told_again(siv: Profile) -> None:
    history = [
        mailed(ParcelKind.FORWARD, ParcelState.SENT, siv),
        mailed(ParcelKind.MOVED, ParcelState.SENT, siv, "nett"),
        mailed(ParcelKind.TAKEN_AWAY, ParcelState.SENT, siv),
    ]
    found = said(siv, *history, meant={"team": "trakta"}, team="nett")
    assert [parcel.to for parcel in found.step.parcels] == [siv.teams["trakta"].address, siv.teams["nett"].address]


def test_taken_back_before_anything_left_nobody_hears_of_it(siv: Profile) -> None:
    unsent = [mailed(ParcelKind.MOVED, ParcelState.WAITING, siv, "nett"), mailed(ParcelKind.TAKEN_AWAY, ParcelState.WAITING, siv)]
    found = said(siv, mailed(ParcelKind.FORWARD, ParcelState.SENT, siv), *unsent, meant={"team": "arbeidsplass"}, team="nett")
    assert found.step.parcels == ()
    assert found.withhold == {one.id for one in unsent}


def test_another_priority_has_another_due_time_and_the_team_is_told(timed: Profile) -> None:
    found = said(timed, mailed(ParcelKind.FORWARD, ParcelState.SENT, timed), meant={"priority": 1})
    change, [judged] = found.step.change, found.step.parcels
    assert (found.step.event, change.priority, change.due_at) == (EventKind.PRIORITY_CHANGED, 1, NOW + timedelta(minutes=120))
    assert {timer.kind for timer in change.start} == {TimerKind.OVERDUE, TimerKind.ALARM}
    assert (judged.kind, judged.to) == (ParcelKind.JUDGED, timed.teams["arbeidsplass"].address)
    assert judged.facts["due"] == timed.told(NOW + timedelta(minutes=120))


def test_the_duty_is_called_again_where_a_grave_case_gets_another_team(timed: Profile) -> None:
    found = said(timed, mailed(ParcelKind.FORWARD, ParcelState.SENT, timed), meant={"team": "nett"}, priority=1, acknowledged_at=NOW)
    assert [timer.kind for timer in found.step.change.start] == [TimerKind.ALARM]
    assert found.step.change.acknowledged is False


def test_the_reporter_hears_of_another_type_and_not_of_another_team(siv: Profile) -> None:
    mails = (mailed(ParcelKind.FORWARD, ParcelState.SENT, siv), mailed(ParcelKind.RECEIPT, ParcelState.SENT, siv))
    told = said(siv, *mails, meant={"type": TicketType.ORDER}).step.parcels
    assert [parcel.kind for parcel in told] == [ParcelKind.CORRECTED, ParcelKind.JUDGED]
    assert (told[0].to, told[0].language) == ("kari.moe@siv.no", "nn")
    moved = said(siv, *mails, meant={"team": "nett", "priority": 2, "scope": "few"}).step.parcels
    assert {parcel.kind for parcel in moved} == {ParcelKind.MOVED, ParcelKind.TAKEN_AWAY}


def test_the_reporter_hears_of_a_priority_that_the_receipt_advises_on() -> None:
    inera = load_profile("inera")
    team = next(name for name in inera.teams if name != inera.doubt_team)
    mails = (mailed(ParcelKind.FORWARD, ParcelState.SENT, inera, team), mailed(ParcelKind.RECEIPT, ParcelState.SENT, inera, team))
    found = said(inera, *mails, meant={"priority": 2}, team=team, language="sv", scope=inera.default_scope)
    assert found.step.parcels[0].kind is ParcelKind.CORRECTED
    assert "driftstatus" in found.step.parcels[0].facts["advice"]


def test_a_receipt_that_has_not_left_says_what_is_so(siv: Profile) -> None:
    held = mailed(ParcelKind.RECEIPT, ParcelState.HELD, siv, unsure="yes", advice="")
    found = said(siv, held, meant={"team": "nett"}, team="trakta", language="nb")
    assert found.withhold == {held.id}
    receipt = found.step.parcels[0]
    assert (receipt.kind, receipt.facts["unsure"]) == (ParcelKind.RECEIPT, "")


def test_a_receipt_that_has_not_left_says_that_a_lead_looks_where_the_leads_get_the_case_back(siv: Profile) -> None:
    held = mailed(ParcelKind.RECEIPT, ParcelState.HELD, siv, unsure="", advice="")
    [receipt, *_] = said(siv, held, meant={"team": "trakta"}, team="nett", language="nb").step.parcels
    assert receipt.facts["unsure"] == "yes"


def test_of_a_solved_case_only_the_values_change(timed: Profile) -> None:
    sent = mailed(ParcelKind.FORWARD, ParcelState.SENT, timed)
    found = said(timed, sent, meant={"team": "nett", "priority": 1, "type": TicketType.ORDER}, status=TicketStatus.SOLVED)
    change = found.step.change
    assert (change.team, change.priority, change.type, change.start, change.due_at) == (None, 1, TicketType.ORDER, (), None)
    assert found.step.parcels == ()


def test_while_an_answer_is_offered_the_forward_waits_on_and_no_clock_starts(timed: Profile) -> None:
    held = mailed(ParcelKind.FORWARD, ParcelState.HELD, timed)
    found = said(timed, held, meant={"team": "nett", "priority": 1}, offered=True, status=TicketStatus.ANSWERED)
    [forward] = found.step.parcels
    assert (forward.later, found.step.change.status, found.step.change.start) == (True, None, ())


def test_a_solution_under_review_is_not_sent_by_the_old_team(siv: Profile) -> None:
    kept = mailed(ParcelKind.SOLVED, ParcelState.HELD, siv)
    found = said(siv, mailed(ParcelKind.FORWARD, ParcelState.SENT, siv), kept, meant={"team": "nett"}, status=TicketStatus.REVIEWED)
    assert kept.id in found.withhold
    assert found.step.change.release is False
