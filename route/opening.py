"""The only place that decides which mails a new ticket sends out, and what facts they carry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from models.outcomes import ParcelDraft
from models.profiles import Profile
from models.records import Address, Assignment, Mail, ParcelKind, Verdict

NO_SUBJECT = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A mail that opens a ticket. `answerable`: a machine may answer its sender (RFC 3834).

    `too_large` is the mail's size in bytes where only its beginning was taken, else None.
    """

    mail: Mail
    verdict: Verdict
    assignment: Assignment
    answerable: bool
    too_large: int | None


def parcels_of_new_ticket(opening: Opening, profile: Profile) -> tuple[ParcelDraft, ...]:
    """A forward to each team that is told, and a receipt where the sender may be answered."""
    forwards = tuple(_forward(team, opening, profile) for team in (opening.assignment.team, *opening.assignment.also))
    if not opening.answerable or opening.verdict.is_auto:
        return forwards
    return (*forwards, _receipt(opening, profile))


def participants_of_new_ticket(mail: Mail, own: Collection[str]) -> tuple[str, ...]:
    """Who may write in the ticket later: the sender and those whom the sender let take part, never our own addresses."""
    people: list[Address] = [mail.sender, *([mail.reply_to] if mail.reply_to else []), *mail.to, *mail.cc]
    found = dict.fromkeys(person.address for person in people if person.address and person.address not in own)
    return tuple(found)


def answer_address(mail: Mail) -> str:
    """Where the reporter wants to be answered (RFC 5322, 3.6.2)."""
    return mail.reply_to.address if mail.reply_to and mail.reply_to.address else mail.sender.address


def reply_language(language: str, profile: Profile) -> str:
    return language if language in profile.languages else profile.default_language


def _forward(team: str, opening: Opening, profile: Profile) -> ParcelDraft:
    mail, verdict, assignment = opening.mail, opening.verdict, opening.assignment
    language = profile.default_language
    facts = {
        "type": profile.words(profile.types, verdict.type.value, language),
        "priority": profile.words(profile.priorities, str(verdict.priority.value), language),
        "priority_number": str(verdict.priority.value),
        "scope": profile.words(profile.scopes, verdict.scope.value, language),
        "team": profile.team_title(assignment.team, language),
        "guessed_team": profile.team_title(assignment.guessed_team, language) if assignment.unsure else "",
        "also_told": ", ".join(profile.team_title(name, language) for name in assignment.also),
        "confidence": _shares(verdict),
        "patient_safety": "yes" if verdict.patient_safety else "",
        "change_request": "yes" if verdict.change_request else "",
        "reasons": "\n".join(verdict.reasons),
        "reporter": _named(mail.sender),
        "reporter_language": verdict.language,
        "too_large": _megabytes(opening.too_large),
        "encrypted": "yes" if mail.signals.encrypted else "",
        "subject": mail.safe_subject or NO_SUBJECT,
    }
    return ParcelDraft(
        kind=ParcelKind.FORWARD, to=profile.teams[team].address, language=language, facts=facts, with_original=True, to_team=True
    )


def _receipt(opening: Opening, profile: Profile) -> ParcelDraft:
    mail, verdict = opening.mail, opening.verdict
    language = reply_language(verdict.language, profile)
    facts = {
        "type": profile.words(profile.types, verdict.type.value, language),
        "subject": mail.safe_subject or NO_SUBJECT,
        "name": mail.sender.name,
        "encrypted": "yes" if mail.signals.encrypted else "",
        "unsure": "yes" if opening.assignment.unsure else "",
        "too_large": _megabytes(opening.too_large),
    }
    return ParcelDraft(kind=ParcelKind.RECEIPT, to=answer_address(mail), language=language, facts=facts, in_reply_to=mail.message_id)


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{max(1, round(size / 1_000_000))} MB"


def _shares(verdict: Verdict) -> str:
    return ", ".join(f"{guess.confidence:.0%}" for guess in (verdict.type, verdict.priority, verdict.team))


def _named(person: Address) -> str:
    return f"{person.name} <{person.address}>" if person.name else person.address
