"""The only place that decides which mails a new ticket sends out, and what facts they carry."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.case_numbers import short_number
from models.incidents import Incident
from models.kinds import ParcelKind, TicketStatus, TicketType
from models.outcomes import ParcelDraft
from models.parts import Words
from models.profiles import Profile, all_hold
from models.records import Address, Assignment, Mail, Verdict
from models.solutions import Suggestion, solution_number
from models.timers import TimerDraft, TimerKind
from route.due import alarm_timers, clock_timers, due_at
from route.post import NO_SUBJECT, advice_for, reply_language, standing_of, team_address
from route.routine import Routine


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A mail that opens a ticket, at its hour. `answerable`: a machine may answer its sender (RFC 3834).

    `too_large` is the mail's size in bytes where only its beginning was taken, else None. `incident` is the one that it joins.
    `watched`: surges are looked for. `suggestions` are earlier solutions that fit, the best first.
    """

    mail: Mail
    verdict: Verdict
    assignment: Assignment
    routine: Routine
    now: datetime
    answerable: bool
    too_large: int | None
    incident: Incident | None = None
    watched: bool = False
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def profile(self) -> Profile:
        return self.routine.profile

    @property
    def due_at(self) -> datetime | None:
        return due_at(self.verdict.priority.value, self.now, self.routine)

    @property
    def values(self) -> Mapping[str, object]:
        """What conditions of the profile may ask of the ticket."""
        return {**self.verdict.values, "team": self.assignment.team}

    @property
    def is_answered(self) -> bool:
        """Whether an answer is offered before a team is troubled: only where nothing is doubtful and a person may be answered."""
        known = self.verdict.faq is not None or self.offer is not None
        return known and self.incident is None and self.answerable and not self.assignment.unsure and not self.verdict.is_auto

    @property
    def offer(self) -> Suggestion | None:
        """The earlier solution that the reporter is offered: one that a lead marked as public, for a case that reads all but the same.

        An answer from the list goes before it. A grave matter, or one that may touch a patient, waits for no offer.
        """
        grave = self.verdict.priority.value <= self.profile.grave_priority or self.verdict.patient_safety
        best = self.suggestions[0] if self.suggestions and self.verdict.faq is None and not grave else None
        return best if best and best.solution.public and best.score >= self.profile.earlier.sure else None

    @property
    def status(self) -> TicketStatus:
        return TicketStatus.ANSWERED if self.is_answered else TicketStatus.OPEN

    @property
    def risk(self) -> str | None:
        """The first risk assessment that fits; None where the organisation makes none."""
        return next((name for name, risk in self.profile.risks.items() if all_hold(risk.when, self.values)), None)


def parcels_of_new_ticket(opening: Opening) -> tuple[ParcelDraft, ...]:
    """A forward to each team that is told, and a receipt where the sender may be answered.

    Where the list of questions and answers has the answer it goes instead, and the forward is kept until the reporter wants more.
    """
    forwards = tuple(_forward(team, opening) for team in (opening.assignment.team, *opening.assignment.also))
    if opening.is_answered:
        return (*(replace(forward, later=True) for forward in forwards), _faq(opening))
    if not opening.answerable or opening.verdict.is_auto:
        return forwards
    return (*forwards, _receipt(opening))


def timers_of_new_ticket(opening: Opening) -> tuple[TimerDraft, ...]:
    """The time it must be solved in, and the call to the duty where it is grave."""
    priority = opening.verdict.priority.value
    if opening.is_answered:
        return (TimerDraft(kind=TimerKind.FAQ_HELPED, due_at=opening.now + timedelta(days=opening.profile.faq_days)),)
    return (
        *clock_timers(priority, opening.due_at, opening.now, opening.routine),
        *alarm_timers(priority, opening.now, opening.routine),
        *_look_for_a_surge(opening),
    )


def _look_for_a_surge(opening: Opening) -> Iterator[TimerDraft]:
    """At once: whether this incident is one of many."""
    verdict = opening.verdict
    if opening.watched and verdict.type.value is TicketType.INCIDENT and not verdict.is_auto and opening.incident is None:
        yield TimerDraft(kind=TimerKind.SURGE, due_at=opening.now)


def participants_of_new_ticket(mail: Mail, own: Collection[str]) -> tuple[str, ...]:
    """Who may write in the ticket later: the sender and those whom the sender let take part, never our own addresses."""
    people: list[Address] = [mail.sender, *([mail.reply_to] if mail.reply_to else []), *mail.to, *mail.cc]
    found = dict.fromkeys(person.address for person in people if person.address and person.address not in own)
    return tuple(found)


def answer_address(mail: Mail) -> str:
    """Where the reporter wants to be answered (RFC 5322, 3.6.2)."""
    return mail.reply_to.address if mail.reply_to and mail.reply_to.address else mail.sender.address


def _forward(team: str, opening: Opening) -> ParcelDraft:
    mail, verdict, assignment, profile = opening.mail, opening.verdict, opening.assignment, opening.profile
    language = profile.default_language
    facts = {
        **standing_of(opening.mail.safe_subject, opening.values, opening.now, opening.due_at, profile),
        "priority_number": str(verdict.priority.value),
        "scope": profile.words(profile.scopes, verdict.scope.value, language),
        "guessed_team": profile.team_title(assignment.guessed_team, language) if assignment.unsure else "",
        "also_told": ", ".join(profile.team_title(name, language) for name in assignment.also),
        "confidence": _shares(verdict),
        "patient_safety": "yes" if verdict.patient_safety else "",
        "to_decide": "yes" if _to_decide(opening) else "",
        "risk": profile.words(profile.risk_titles, opening.risk, language) if opening.risk else "",
        "change_request": "yes" if verdict.change_request else "",
        "reasons": "\n".join(verdict.reasons),
        "reporter": _named(mail.sender),
        "reporter_language": verdict.language,
        "too_large": _megabytes(opening.too_large),
        "encrypted": "yes" if mail.signals.encrypted else "",
        "solutions": "\n".join(_told_of(suggestion, profile, language) for suggestion in opening.suggestions),
        "known_fault": short_number(profile.desk.case_prefix, opening.incident.parent) if opening.incident else "",
    }
    return ParcelDraft(
        kind=ParcelKind.FORWARD,
        to=team_address(team, answer_address(mail), verdict.reporter, profile),
        language=language,
        facts=facts,
        with_original=True,
        to_team=True,
        not_before=opening.routine.reached(team, verdict.priority.value, opening.now),
    )


def _receipt(opening: Opening) -> ParcelDraft:
    mail, verdict, profile = opening.mail, opening.verdict, opening.profile
    language = reply_language(verdict.language, profile)
    facts = {
        "type": profile.words(profile.types, verdict.type.value, language),
        "subject": mail.safe_subject or NO_SUBJECT,
        "name": mail.sender.name,
        "encrypted": "yes" if mail.signals.encrypted else "",
        "unsure": "yes" if opening.assignment.unsure else "",
        "advice": advice_for(ParcelKind.RECEIPT, opening.values, language, profile),
        "change_request": profile.team_title(opening.assignment.guessed_team, language) if verdict.change_request else "",
        "known_fault": "yes" if opening.incident else "",
        "status": opening.incident.status if opening.incident else "",
        "prognosis": opening.incident.prognosis if opening.incident else "",
        "questions": ""
        if opening.incident
        else "\n".join(f"- {profile.words(_asked(profile), name, language)}" for name in verdict.questions),
        "too_large": _megabytes(opening.too_large),
    }
    return ParcelDraft(kind=ParcelKind.RECEIPT, to=answer_address(mail), language=language, facts=facts, in_reply_to=mail.message_id)


def _to_decide(opening: Opening) -> bool:
    """Whether somebody must say if this is a major incident."""
    decision = opening.profile.decision
    return bool(decision.team) and all_hold(decision.when, opening.values)


def _faq(opening: Opening) -> ParcelDraft:
    mail, verdict, profile = opening.mail, opening.verdict, opening.profile
    language = reply_language(verdict.language, profile)
    answers = {name: entry.answer for name, entry in profile.faq.items()}
    answer = str(opening.offer.solution.text) if opening.offer else profile.words(answers, verdict.faq or "", language)
    facts = {
        "subject": mail.safe_subject or NO_SUBJECT,
        "name": mail.sender.name,
        "answer": answer,
        "address": profile.desk.addresses[0],
    }
    return ParcelDraft(kind=ParcelKind.FAQ, to=answer_address(mail), language=language, facts=facts, in_reply_to=mail.message_id)


def _told_of(suggestion: Suggestion, profile: Profile, language: str) -> str:
    """A line on an earlier solution: its number, how it fared, which case it solved, what it says."""
    solution = suggestion.solution
    case = short_number(profile.desk.case_prefix, suggestion.case)
    said = " ".join(solution.text.split())
    words = profile.words(profile.reasons, "earlier_solution", language)
    return words.format(
        number=solution_number(solution.id),
        worked=solution.worked,
        tried=solution.tried,
        case=case,
        share=f"{suggestion.score:.0%}",
        text=said,
    )


def _asked(profile: Profile) -> dict[str, Words]:
    return {name: question.ask for name, question in profile.questions.items()}


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{max(1, round(size / 1_000_000))} MB"


def _shares(verdict: Verdict) -> str:
    return ", ".join(f"{guess.confidence:.0%}" for guess in (verdict.type, verdict.priority, verdict.team))


def _named(person: Address) -> str:
    return f"{person.name} <{person.address}>" if person.name else person.address
