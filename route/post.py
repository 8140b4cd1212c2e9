"""The only place that addresses the mails of a ticket that stands: to a team, to its reporter, to those on duty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from models.kinds import Channel, ParcelKind
from models.outcomes import ParcelDraft
from models.parts import Contact
from models.profiles import Profile, all_hold
from models.views import TicketView
from route.routine import Routine

NO_SUBJECT = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Mails of one ticket at one hour. Every mail shows the ticket's subject, and what else is given."""

    ticket: TicketView
    routine: Routine
    now: datetime

    @property
    def profile(self) -> Profile:
        return self.routine.profile

    def to_team(self, kind: ParcelKind, team: str | None = None, /, *, with_original: bool = False, **facts: str) -> ParcelDraft:
        """To the ticket's team or another, in office hours where it has such."""
        team = team or self._team
        return ParcelDraft(
            kind=kind,
            to=team_address(team, self.ticket.reporter, self.ticket.reporter_kind, self.profile),
            language=self.profile.default_language,
            facts=self._facts(facts),
            with_original=with_original,
            to_team=True,
            not_before=self.routine.reached(team, self.ticket.priority, self.now),
        )

    def tell_team(self, kind: ParcelKind, /) -> ParcelDraft:
        """To the ticket's team: how the ticket stands."""
        return replace(self.to_team(kind), facts=self.standing())

    def to_agent(self, kind: ParcelKind, address: str, message_id: str, /, **facts: str) -> ParcelDraft:
        """Back to the member of a team who wrote."""
        return ParcelDraft(
            kind=kind,
            to=address,
            language=self.profile.default_language,
            facts=self._facts(facts),
            in_reply_to=message_id,
            to_team=True,
        )

    def to_reporter(self, kind: ParcelKind, /, **facts: str) -> ParcelDraft:
        """In the reporter's language, in the thread of the reporter's first mail, with what the organisation advises in such a mail."""
        language = reply_language(self.ticket.language, self.profile)
        return ParcelDraft(
            kind=kind,
            to=self.ticket.reporter,
            language=language,
            facts=self._facts({**facts, "advice": advice_for(kind, self.ticket.values, language, self.profile)}),
            in_reply_to=self.ticket.message_id or None,
        )

    def to_contacts(self, kind: ParcelKind, contacts: Iterable[Contact]) -> tuple[ParcelDraft, ...]:
        """To each who is called, whatever the hour."""
        return tuple(
            ParcelDraft(
                kind=kind,
                channel=contact.channel,
                to=contact.to,
                language=self.profile.default_language,
                facts=self.standing(),
                to_team=contact.channel is Channel.MAIL,
            )
            for contact in contacts
        )

    def to_audience(self, kind: ParcelKind, /, **facts: str) -> tuple[ParcelDraft, ...]:
        """To those who are told of major incidents and outages besides the reporters."""
        language = self.profile.default_language
        return tuple(
            ParcelDraft(kind=kind, channel=contact.channel, to=contact.to, language=language, facts=self._facts(facts))
            for contact in self.profile.incidents.audience
        )

    def to_address(self, kind: ParcelKind, address: str, /, **facts: str) -> ParcelDraft:
        """To one of the staff, who answers for the ticket."""
        return ParcelDraft(kind=kind, to=address, language=self.profile.default_language, facts=self._facts(facts), to_team=True)

    @property
    def team_address(self) -> str:
        """Where the ticket's team is written to."""
        return team_address(self._team, self.ticket.reporter, self.ticket.reporter_kind, self.profile)

    @property
    def _team(self) -> str:
        """The ticket's team; the one that decides in doubt where it is gone."""
        return self.ticket.team if self.ticket.team in self.profile.teams else self.profile.doubt_team

    @property
    def service(self) -> str:
        """What the ticket is about, as people call it; its team's name where the organisation names no services."""
        service, language = self.ticket.service, self.profile.default_language
        return self.profile.words(self.profile.services, service, language) if service else self.title(self.ticket.team)

    def standing(self) -> dict[str, str]:
        """How the ticket stands, without a word of its mails beyond the subject."""
        ticket = self.ticket
        return standing_of(ticket.subject, ticket.values, ticket.opened_at, ticket.due_at, self.profile)

    def title(self, team: str) -> str:
        return self.profile.team_title(team, self.profile.default_language)

    def _facts(self, facts: dict[str, str]) -> dict[str, str]:
        return {"subject": self.ticket.subject or NO_SUBJECT, **facts}


def standing_of(
    subject: str, values: Mapping[str, object], opened_at: datetime, due_at: datetime | None, profile: Profile
) -> dict[str, str]:
    """A ticket's facts in words; `values` as conditions may ask them."""
    language, team = profile.default_language, str(values["team"])
    return {
        "subject": subject or NO_SUBJECT,
        "type": profile.words(profile.types, str(values["type"]), language),
        "priority": profile.words(profile.priorities, str(values["priority"]), language),
        "team": profile.words(profile.team_titles, team, language),
        "opened": profile.told(opened_at),
        "due": profile.told(due_at) if due_at else "",
    }


def team_address(team: str, reporter: str, reporter_kind: str | None, profile: Profile) -> str:
    """Where a team is written to: it may have an address for reporters of one domain, or for one kind of them."""
    chosen = profile.teams[team]
    domain = reporter.rpartition("@")[2].lower()
    for suffix, address in chosen.address_by_domain.items():
        if f".{domain}".endswith(f".{suffix.lower()}"):
            return address
    return chosen.address_by_reporter.get(reporter_kind or "", chosen.address)


def advice_for(kind: ParcelKind, values: Mapping[str, object], language: str, profile: Profile) -> str:
    """What the organisation tells reporters of such matters in such a mail, a paragraph each."""
    texts = {name: advice.text for name, advice in profile.advice.items() if kind in advice.mails and all_hold(advice.when, values)}
    return "\n\n".join(profile.words(texts, name, language) for name in texts)


def reply_language(language: str, profile: Profile) -> str:
    """The language in which somebody is answered."""
    return language if language in profile.languages else profile.default_language
