"""The only place for the routine of major incidents and outages: announced, told again and again, ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from models.case_numbers import short_number
from models.incidents import Incident, IncidentChange, IncidentState
from models.kinds import EventKind, ParcelKind, TicketStatus
from models.outcomes import OtherStep, ParcelDraft, Step, TicketChange
from models.profiles import Profile
from models.records import Verdict
from models.timers import OF_INCIDENTS, TimerDraft, TimerKind
from models.views import TicketView
from route.affair import Affair
from route.answers import Resolution, Said, closed_with
from route.post import Post
from route.routine import Routine

CLOCK_TIME = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a notice of an outage says: when, and in which words; `starts_at` is None for an outage that is there now."""

    service: str
    starts_at: datetime | None
    ends_at: datetime | None
    text: str


def read_notice(service: str, lines: str, profile: Profile) -> Notice | None:
    """The lines of an outage notice: `Från: 2026-03-05 22:00`, `Till: …`, the rest is text. None where a time cannot be read."""
    rules = profile.incidents
    times: dict[str, datetime] = {}
    words: list[str] = []
    for line in lines.splitlines():
        label, colon, value = line.partition(":")
        name = next(
            (key for key, labels in (("from", rules.from_labels), ("to", rules.to_labels)) if label.strip().casefold() in labels), ""
        )
        if not (colon and name):
            words.append(line)
            continue
        moment = _local(value, profile)
        if moment is None:
            return None
        times[name] = moment
    return Notice(service=service, starts_at=times.get("from"), ends_at=times.get("to"), text="\n".join(words).strip())


def _local(text: str, profile: Profile) -> datetime | None:
    """A time as people write it here, on the organisation's clock."""
    try:
        return datetime.strptime(re.sub(r"\s+", " ", text.strip()), CLOCK_TIME).replace(tzinfo=ZoneInfo(profile.timezone)).astimezone(UTC)
    except ValueError:
        return None


def is_of_its_service(verdict: Verdict, incident: Incident, profile: Profile) -> bool:
    """Whether a new fault is one of the service that an incident going on has, and a grave one unless the outage was announced."""
    if incident.state is not IncidentState.ONGOING:
        return False
    grave = verdict.priority.value <= profile.grave_priority
    return incident.service is not None and verdict.service == incident.service and (incident.announced or grave)


def announce(said: Said, notice: Notice) -> Step:
    """An outage: the audience is told now, and again when a planned one begins; when it should be over its manager is asked."""
    starts = notice.starts_at or said.now
    status, prognosis = _status_and_prognosis(notice.text, said.profile)
    planned = starts > said.now
    timers = [TimerDraft(kind=TimerKind.OUTAGE_BEGINS, due_at=starts)] if planned else list(next_status(said.routine, said.now))
    if notice.ends_at:
        timers.append(TimerDraft(kind=TimerKind.OUTAGE_ENDS, due_at=notice.ends_at))
    change = IncidentChange(
        state=IncidentState.PLANNED if planned else IncidentState.ONGOING,
        announced=True,
        manager=said.mail.sender.address,
        status=status,
        prognosis=prognosis,
        starts_at=starts,
        ends_at=notice.ends_at,
    )
    return Step(
        event=EventKind.OUTAGE_ANNOUNCED,
        change=TicketChange(acknowledged=True, stop=OF_INCIDENTS, start=tuple(timers)),
        parcels=_notices(said.post, notice.service, change, notice.text),
        incident=change,
    )


def _notices(post: Post, service: str, change: IncidentChange, text: str) -> tuple[ParcelDraft, ...]:
    """What the audience is told of an outage; `change` says how far it has come, and its hours."""
    told = post.profile.told
    return post.to_audience(
        ParcelKind.OUTAGE,
        service=service,
        state=change.state or "",
        starts=told(change.starts_at) if change.starts_at else "",
        ends=told(change.ends_at) if change.ends_at else "",
        text=text,
    )


def on_parent(parent: TicketView, ticket: TicketView, step: Step) -> Step:
    """A step of the incident's parent and its cases, as one of the case that caused it: somebody answered that one, or it came last."""
    if parent.id == ticket.id:
        return step
    own = next((other.step for other in step.others if other.ticket == ticket.id), Step(event=step.event))
    others = (other for other in step.others if other.ticket != ticket.id)
    return replace(own, others=(OtherStep(ticket=parent.id, step=replace(step, others=())), *others))


def begin(affair: Affair) -> Step:
    """A planned outage begins: the audience is told, and its status from now on."""
    incident = affair.incident
    change = IncidentChange(state=IncidentState.ONGOING, starts_at=incident.starts_at, ends_at=incident.ends_at)
    return Step(
        event=EventKind.OUTAGE_BEGAN,
        change=TicketChange(start=next_status(affair.routine, affair.now)),
        parcels=_notices(affair.post, affair.post.service, change, incident.status),
        incident=change,
    )


def tell_status(affair: Affair, text: str, manager: str) -> Step:
    """How it stands, and the prognosis, to everyone who is hit and to the audience; told again after the interval."""
    status, prognosis = _status_and_prognosis(text, affair.profile)
    told = _told_to_all(affair, status, prognosis)
    change = TicketChange(acknowledged=True, stop=frozenset({TimerKind.STATUS_DUE}), start=next_status(affair.routine, affair.now))
    incident = IncidentChange(status=status, prognosis=prognosis, manager=manager)
    return replace(told, change=change, incident=incident)


def repeat_status(affair: Affair) -> Step:
    """The interval is over: the last status goes out once more, and the manager is reminded that it is old."""
    incident = affair.incident
    reminder = _reminder(affair, incident.prognosis)
    if not incident.status:
        return Step(event=EventKind.STATUS_OVERDUE, parcels=(reminder,))
    told = _told_to_all(affair, incident.status, incident.prognosis)
    return replace(told, parcels=(*told.parcels, reminder))


def should_be_over(affair: Affair) -> Step:
    """The hour at which a planned outage ends has come: its manager says whether it is over."""
    ends = affair.incident.ends_at
    reminder = _reminder(affair, affair.profile.told(ends) if ends else "")
    return Step(event=EventKind.STATUS_OVERDUE, parcels=(reminder,))


def _reminder(affair: Affair, prognosis: str) -> ParcelDraft:
    """To the manager: what was told last, and when."""
    incident = affair.incident
    told = affair.profile.told(incident.told_at) if incident.told_at else ""
    return affair.to_manager(ParcelKind.STATUS_OVERDUE, text=incident.status, prognosis=prognosis, told=told)


def over(affair: Affair, step: Step) -> Step:
    """The parent is solved: the audience is told, and the manager gets the list of what came in meanwhile."""
    change = IncidentChange(state=IncidentState.OVER, starts_at=affair.incident.starts_at, ends_at=affair.now)
    notices = _notices(affair.post, affair.post.service, change, step.change.solution or "")
    listed = affair.to_manager(ParcelKind.ATTACHED, cases="\n".join(lines_of(affair.attached, affair.profile)))
    days = affair.profile.incidents.review_days
    review = (TimerDraft(kind=TimerKind.REVIEW_DUE, due_at=affair.now + timedelta(days=days)),) if days else ()
    return replace(
        step,
        change=replace(step.change, start=(*step.change.start, *review)),
        parcels=(*step.parcels, *notices, listed),
        incident=change,
    )


def review_due(affair: Affair) -> Step:
    """Some days after the end: what happened, what was learned."""
    incident, told = affair.incident, affair.profile.told
    reminder = affair.to_manager(
        ParcelKind.REVIEW_DUE,
        starts=told(incident.starts_at),
        ends=told(incident.ends_at) if incident.ends_at else "",
        cases="\n".join(lines_of(affair.attached, affair.profile)),
    )
    return Step(event=EventKind.REVIEW_DUE, parcels=(reminder,))


def answer_all(affair: Affair, text: str) -> Step:
    """One answer to every reporter whose case is attached and not solved."""

    def answered(post: Post) -> Step:
        parcel = post.to_reporter(ParcelKind.ANSWER, text=text, solution="")
        return Step(event=EventKind.TEAM_ANSWERED, change=TicketChange(status=TicketStatus.ANSWERED, acknowledged=True), parcels=(parcel,))

    return Step(event=EventKind.ALL_ANSWERED, others=_each(affair, affair.unsolved(), answered))


def close_all(affair: Affair, how: Resolution, *, silently: bool) -> Step:
    """Every case attached is closed with one solution; silently where the reporters know already."""

    def closed(post: Post) -> Step:
        parcels = () if silently else (post.to_reporter(ParcelKind.SOLVED, text=how.words, solution=how.words),)
        return Step(event=EventKind.SOLVED, change=closed_with(how), parcels=parcels)

    return Step(event=EventKind.ALL_CLOSED, others=_each(affair, affair.unsolved(), closed))


def _told_to_all(affair: Affair, status: str, prognosis: str) -> Step:
    """To every reporter who is hit and to the audience."""

    def told(post: Post) -> Step:
        return Step(event=EventKind.STATUS_TOLD, parcels=(post.to_reporter(ParcelKind.STATUS, text=status, prognosis=prognosis),))

    parcels = affair.post.to_audience(ParcelKind.STATUS, advice="", text=status, prognosis=prognosis)
    return Step(event=EventKind.STATUS_TOLD, parcels=parcels, others=_each(affair, affair.hit(), told))


def _each(affair: Affair, tickets: Iterable[TicketView], step: Callable[[Post], Step]) -> tuple[OtherStep, ...]:
    return tuple(OtherStep(ticket=ticket.id, step=step(affair.of(ticket))) for ticket in tickets)


def _status_and_prognosis(text: str, profile: Profile) -> tuple[str, str]:
    """The words of a status, the line that begins with a label of the prognosis apart."""
    words, prognosis = [], ""
    for line in text.splitlines():
        label, colon, value = line.partition(":")
        if colon and label.strip().casefold() in profile.incidents.prognosis_labels:
            prognosis = value.strip()
        else:
            words.append(line)
    return "\n".join(words).strip(), prognosis


def next_status(routine: Routine, now: datetime) -> tuple[TimerDraft, ...]:
    """When those who are hit are told again; nothing where that is left to people."""
    minutes = routine.profile.incidents.update_minutes
    return (TimerDraft(kind=TimerKind.STATUS_DUE, due_at=now + timedelta(minutes=minutes)),) if minutes else ()


def lines_of(tickets: Iterable[TicketView], profile: Profile) -> Iterator[str]:
    """One line a case, without a word of its mails beyond the subject."""
    for ticket in tickets:
        number = short_number(profile.desk.case_prefix, ticket.id)
        yield f"{number}  {profile.told(ticket.opened_at)}  {ticket.status}  {ticket.subject}"
