"""The only place where a lead's word on cases becomes what is written: what follows for the ticket, and an example to learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.cases import Case
from models.errors import StoreError
from models.judgements import TOLD_TO_LEADS, Act, Decided, Judged, Judgement
from models.kinds import EventKind, Mode, ParcelState, TicketType
from models.outcomes import Mailed, Scene, Step
from models.profiles import Profile
from models.records import Mail, TicketId
from models.store import Store
from review.mails import opening_mail
from review.visit import Site
from route.correction import Corrected, Meant, Word, correct

TAKEN_BACK_WITHIN = timedelta(days=1)
NOBODY = "reporter"
"""The left side of the sender's address in an example: of a reporter only the domain is learned from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A lead's word on a case as they saw it in version `seen`: `meant` has the fields that they judged, and no others."""

    case: Case
    seen: int
    meant: Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What was taken back: the cases, and how many mails had left before."""

    tickets: tuple[TicketId, ...]
    left: int


def proposed(case: Case, profile: Profile) -> dict[str, Any]:
    """What a yes means: the case as it stands, with the machine's best guess where the leads have it because it was not sure."""
    values = {field: case.stands[field] for field in TOLD_TO_LEADS}
    undecided = case.unsure and values["team"] == profile.doubt_team and case.guessed_team in profile.teams
    return values | ({"team": case.guessed_team} if undecided else {})


def changed(case: Case, meant: Decided) -> dict[str, str]:
    """What a word changes of a case, from and to, for the log of access."""
    return {field: f"{case.stands[field]} > {value}" for field, value in meant.items() if value != case.stands[field]}


def judge(site: Site, orders: Sequence[Order], by: str) -> int:
    """Write what a lead says of cases, all or nothing; how many mails their yes let go. `ChangedMeanwhileError` where one is not as they saw it."""
    return site.store.judgements.act([_act(site, order, by) for order in orders], site.scene())


def _act(site: Site, order: Order, by: str) -> Act:
    case, mode = order.case, _mode(site, order.case)
    corrected = _corrected(site, case, order.meant)
    judgement = _judgement(site.store, case, order.meant, site.numbers.short(case.id))
    release = True if case.mode is Mode.ASSIST and mode is not Mode.SHADOW else None
    return Act(
        ticket=case.id,
        seen=order.seen,
        by=by,
        step=corrected.step,
        mode=mode,
        judgement=judgement,
        release=release,
        withhold=corrected.withhold,
    )


def _mode(site: Site, case: Case) -> Mode:
    """What a lead says acts at once; nothing is ever sent where the mailbox is only watched, or was when the case came."""
    now = site.mode_of(case.account) if site.mode_of else case.mode
    return Mode.SHADOW if Mode.SHADOW in (now, case.mode) else Mode.AUTO


def _corrected(site: Site, case: Case, meant: Decided) -> Corrected:
    ticket = site.store.tickets.find(case.id)
    if ticket is None:
        raise StoreError(f"there is no case {case.id}")
    values = {**case.stands, **meant}
    word = Word(
        ticket=ticket,
        meant=Meant(type=TicketType(values["type"]), priority=values["priority"], scope=values["scope"], team=values["team"]),
        mailed=site.store.outbox.of_ticket(case.id),
        routine=site.routine,
        now=site.clock(),
    )
    return correct(word)


def _judgement(store: Store, case: Case, meant: Decided, number: str) -> Judgement:
    example = example_of(opening_mail(store, case.id), case, meant, number)
    return Judgement(said=case.said or case.stands, meant=meant, example=example, stood=case.stands)


def example_of(mail: Mail | None, case: Case, meant: Decided, number: str) -> Mapping[str, Any]:
    """A line of a labels file (data/README.md) without personal data; what the ticket keeps of the mail where its bytes are forgotten."""
    domain = mail.sender.address.rpartition("@")[2] if mail else ""
    return {
        "id": number,
        "from": f"{NOBODY}@{domain}" if domain else "",
        "date": case.opened_at.isoformat(),
        "subject": str(mail.safe_subject) if mail else case.subject,
        "body": str(mail.safe_reply) if mail else case.words,
        **meant,
    }


def take_back(site: Site, by: str) -> TakenBack:
    """The last that this person said, undone by new acts: fields go back where nobody changed them since, and the case waits again.

    What has left cannot be called back: those who got it are told anew.
    """
    last = site.store.judgements.last_of(site.profile.name, by, site.clock() - TAKEN_BACK_WITHIN)
    cases = {case.id: case for case in site.store.pile.find_all(judged.ticket for judged in last)}
    left = sum(_left_since(site, judged) for judged in last)
    acts = [_undoing(site, cases[judged.ticket], judged, by) for judged in last if judged.ticket in cases]
    site.store.judgements.act(acts, site.scene())
    return TakenBack(tickets=tuple(act.ticket for act in acts), left=left)


def _left_since(site: Site, judged: Judged) -> int:
    return sum(mailed.has_left and mailed.created_at >= judged.at for mailed in site.store.outbox.of_ticket(judged.ticket))


def _undoing(site: Site, case: Case, judged: Judged, by: str) -> Act:
    stood, meant = judged.judgement.stood, judged.judgement.meant
    back = {field: stood[field] for field in meant if field in stood and case.stands[field] == meant[field]}
    corrected, mode = _corrected(site, case, back), _mode(site, case)
    step = corrected.step if corrected.step.event is not EventKind.CONFIRMED else Step(event=EventKind.TAKEN_BACK)
    waits_again = case.mode is Mode.ASSIST and mode is not Mode.SHADOW
    return Act(
        ticket=case.id,
        seen=case.version,
        by=by,
        step=step,
        mode=Mode.ASSIST if waits_again else mode,
        judgement=Judgement(said=case.stands, meant={}, example={}, stood=case.stands),
        release=False if waits_again else None,
        withhold=corrected.withhold,
    )


def let_go(store: Store, ticket: TicketId, by: str, now: datetime) -> int:
    """A yes to the mails of a case that wait for one: how many may leave now.

    The first yes in `assist` says that what was decided is right; of a case that lies with the leads because the machine was not sure
    of its team, it says nothing of the team.
    """
    case = store.pile.find(ticket)
    if case is None or not held(store, ticket):
        return 0
    first = case.mode is Mode.ASSIST and case.judged_at is None
    meant = {field: case.stands[field] for field in TOLD_TO_LEADS if field != "team" or not case.unsure}
    act = Act(
        ticket=ticket,
        seen=case.version,
        by=by,
        step=Step(event=EventKind.CONFIRMED),
        mode=case.mode,
        judgement=_judgement(store, case, meant, str(ticket)) if first else None,
        release=True,
    )
    return store.judgements.act([act], Scene(profile=case.profile, message_id_domain="", now=now))


def held(store: Store, ticket: TicketId) -> list[Mailed]:
    """Mails of a case that do not leave before something is said."""
    return [mailed for mailed in store.outbox.of_ticket(ticket) if mailed.state is ParcelState.HELD]
