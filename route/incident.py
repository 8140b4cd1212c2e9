"""The only place for the routine of major incidents and outages: announced, told again and again, ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from models.incidents import Incident, IncidentChange, IncidentState
from models.kinds import EventKind, ParcelKind, TicketStatus, TicketType
from models.outcomes import OtherStep, ParcelDraft, Step, TicketChange
from models.profiles import Profile
from models.records import Verdict
from models.timers import OF_INCIDENTS, TimerDraft, TimerKind
from route.affair import Affair
from route.answers import Said, closed_with
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


def joins(verdict: Verdict, incident: Incident, profile: Profile) -> bool:
    """Whether a new case belongs to an incident that goes on: a fault of the same service, and a grave one unless the outage was announced."""
    if incident.state is not IncidentState.ONGOING or verdict.type.value is not TicketType.INCIDENT or verdict.is_auto:
        return False
    grave = verdict.priority.value <= profile.grave_priority
    return incident.service is not None and verdict.service == incident.service and (incident.announced or grave)


def announce(said: Said, notice: Notice) -> Step:
    """An outage: the audience is told now, and again when a planned one begins; when it should be over its manager is asked."""
    starts = notice.starts_at or said.now
    status, prognosis = _status_and_prognosis(notice.text, said.profile)
    planned = starts > said.now
    timers = [TimerDraft(kind=TimerKind.OUTAGE_BEGINS, due_at=starts)] if planned else list(_next_status(said.routine, said.now))
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
    facts = {
        "service": notice.service,
        "state": change.state or "",
        "starts": said.routine.told(starts),
        "ends": said.routine.told(notice.ends_at) if notice.ends_at else "",
        "text": notice.text,
    }
    return Step(
        event=EventKind.OUTAGE_ANNOUNCED,
        change=TicketChange(acknowledged=True, stop=OF_INCIDENTS, start=tuple(timers)),
        parcels=said.post.to_audience(ParcelKind.OUTAGE, **facts),
        incident=change,
    )


def on_parent(said: Said, step: Step) -> Step:
    """A step of the incident's parent, whichever of its cases somebody answered."""
    if said.affair is None or said.affair.parent.id == said.ticket.id:
        return step
    parents = OtherStep(ticket=said.affair.parent.id, step=replace(step, others=()))
    return Step(event=step.event, others=(parents, *step.others))


def begin(affair: Affair) -> Step:
    """A planned outage begins: the audience is told, and its status from now on."""
    incident = affair.incident
    facts = {
        "service": affair.post.service,
        "state": IncidentState.ONGOING,
        "starts": affair.routine.told(incident.starts_at),
        "ends": affair.routine.told(incident.ends_at) if incident.ends_at else "",
        "text": incident.status,
    }
    return Step(
        event=EventKind.OUTAGE_BEGAN,
        change=TicketChange(start=_next_status(affair.routine, affair.now)),
        parcels=affair.post.to_audience(ParcelKind.OUTAGE, **facts),
        incident=IncidentChange(state=IncidentState.ONGOING),
    )


def declared(said: Said, step: Step) -> Step:
    """The step that says yes to a major incident: its status is told from now on, and what is proposed with it is attached and told."""
    change = replace(step.change, start=(*step.change.start, *_next_status(said.routine, said.now)))
    incident = IncidentChange(state=IncidentState.ONGOING, manager=said.mail.sender.address)
    return replace(step, change=change, incident=incident, others=tuple(_known_faults(said.affair)) if said.affair else ())


def _known_faults(affair: Affair) -> Iterator[OtherStep]:
    for ticket in affair.attached:
        parcel = affair.of(ticket).to_reporter(ParcelKind.KNOWN_FAULT, text=affair.incident.status, prognosis=affair.incident.prognosis)
        yield OtherStep(ticket=ticket.id, step=Step(event=EventKind.ATTACHED, parcels=(parcel,)))


def tell_status(affair: Affair, text: str, manager: str) -> Step:
    """How it stands, and the prognosis, to everyone who is hit and to the audience; told again after the interval."""
    status, prognosis = _status_and_prognosis(text, affair.profile)
    told = _told_to_all(affair, status, prognosis)
    change = TicketChange(acknowledged=True, stop=frozenset({TimerKind.STATUS_DUE}), start=_next_status(affair.routine, affair.now))
    incident = IncidentChange(status=status, prognosis=prognosis, manager=manager)
    return replace(told, change=change, incident=incident)


def repeat_status(affair: Affair) -> Step:
    """The interval is over: the last status goes out once more, and the manager is reminded that it is old."""
    incident = affair.incident
    told = _told_to_all(affair, incident.status, incident.prognosis)
    reminder = affair.post.to_address(
        ParcelKind.STATUS_OVERDUE,
        incident.manager or affair.post.team_address,
        text=incident.status,
        prognosis=incident.prognosis,
        told=affair.routine.told(incident.told_at) if incident.told_at else "",
    )
    parcels = told.parcels if incident.status else ()
    return replace(told, parcels=(*parcels, reminder), others=told.others if incident.status else ())


def should_be_over(affair: Affair) -> Step:
    """The hour at which a planned outage ends has come: its manager says whether it is over."""
    incident = affair.incident
    reminder = affair.post.to_address(
        ParcelKind.STATUS_OVERDUE,
        incident.manager or affair.post.team_address,
        text=incident.status,
        prognosis=affair.routine.told(incident.ends_at) if incident.ends_at else "",
        told=affair.routine.told(incident.told_at) if incident.told_at else "",
    )
    return Step(event=EventKind.STATUS_OVERDUE, parcels=(reminder,))


def over(affair: Affair, step: Step) -> Step:
    """The parent is solved: the audience is told, and the manager gets the list of what came in meanwhile."""
    listed = affair.post.to_address(
        ParcelKind.ATTACHED, affair.incident.manager or affair.post.team_address, cases="\n".join(_lines(affair))
    )
    facts = {
        "service": affair.post.service,
        "state": IncidentState.OVER,
        "starts": affair.routine.told(affair.incident.starts_at),
        "ends": affair.routine.told(affair.now),
        "text": step.change.solution or "",
    }
    days = affair.profile.incidents.review_days
    review = (TimerDraft(kind=TimerKind.REVIEW_DUE, due_at=affair.now + timedelta(days=days)),) if days else ()
    return replace(
        step,
        change=replace(step.change, start=(*step.change.start, *review)),
        parcels=(*step.parcels, *affair.post.to_audience(ParcelKind.OUTAGE, **facts), listed),
        incident=IncidentChange(state=IncidentState.OVER, ends_at=affair.now),
    )


def answer_all(affair: Affair, text: str) -> Step:
    """One answer to every reporter whose case is attached and not solved."""
    steps = [
        OtherStep(
            ticket=ticket.id,
            step=Step(
                event=EventKind.TEAM_ANSWERED,
                change=TicketChange(status=TicketStatus.ANSWERED, acknowledged=True),
                parcels=(affair.of(ticket).to_reporter(ParcelKind.ANSWER, text=text, solution=""),),
            ),
        )
        for ticket in affair.unsolved()
    ]
    return Step(event=EventKind.STATUS_TOLD, others=tuple(steps))


def close_all(affair: Affair, solution: str, *, silently: bool) -> Step:
    """Every case attached is closed with one solution; silently where the reporters know already."""
    steps = [
        OtherStep(
            ticket=ticket.id,
            step=Step(
                event=EventKind.SOLVED,
                change=closed_with(solution),
                parcels=() if silently else (affair.of(ticket).to_reporter(ParcelKind.SOLVED, text=solution, solution=solution),),
            ),
        )
        for ticket in affair.unsolved()
    ]
    return Step(event=EventKind.STATUS_TOLD, others=tuple(steps))


def review_due(affair: Affair) -> Step:
    """Some days after the end: what happened, what was learned."""
    incident = affair.incident
    reminder = affair.post.to_address(
        ParcelKind.REVIEW_DUE,
        incident.manager or affair.post.team_address,
        starts=affair.routine.told(incident.starts_at),
        ends=affair.routine.told(incident.ends_at) if incident.ends_at else "",
        cases="\n".join(_lines(affair)),
    )
    return Step(event=EventKind.REVIEW_DUE, parcels=(reminder,))


def _told_to_all(affair: Affair, status: str, prognosis: str) -> Step:
    """To every reporter who is hit and to the audience."""
    facts = {"text": status, "prognosis": prognosis}
    others = tuple(
        OtherStep(
            ticket=ticket.id,
            step=Step(event=EventKind.STATUS_TOLD, parcels=(affair.of(ticket).to_reporter(ParcelKind.STATUS, **facts),)),
        )
        for ticket in affair.hit()
    )
    parcels: tuple[ParcelDraft, ...] = affair.post.to_audience(ParcelKind.STATUS, advice="", **facts)
    return Step(event=EventKind.STATUS_TOLD, parcels=parcels, others=others)


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


def _next_status(routine: Routine, now: datetime) -> tuple[TimerDraft, ...]:
    minutes = routine.profile.incidents.update_minutes
    return (TimerDraft(kind=TimerKind.STATUS_DUE, due_at=now + timedelta(minutes=minutes)),) if minutes else ()


def _lines(affair: Affair) -> Iterator[str]:
    """One line a case, without a word of its mails beyond the subject."""
    for ticket in affair.attached:
        yield f"{affair.profile.desk.case_prefix}-{ticket.id}  {affair.routine.told(ticket.opened_at)}  {ticket.status}  {ticket.subject}"
