"""The only place for the tables that a profile is made of: what each key is, and which values it may have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.kinds import Channel, HookEvent, ParcelKind, TicketType

Words = dict[str, str]
"""Language code to words that people see."""
HookName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,49}$")]
"""In capitals, with `_` for `-`, it ends the name of an environment variable."""
Level = Annotated[str, Field(pattern=r"^[1-9][0-9]?$")]


class InstructionKind(StrEnum):
    """What a team may tell the desk in the first line of an answer."""

    ACKNOWLEDGE = "acknowledge"  # we take it
    MOVE = "move"  # to the team named
    BACK = "back"  # to the team it came from
    ASK = "ask"  # the reporter; the clock stands until the answer
    PRIORITY = "priority"  # the number named
    TYPE = "type"  # the type named
    RISK = "risk"  # the risk named
    DECIDE = "decide"  # whether it is a major incident: yes or no
    OUTAGE = "outage"  # of the service named, with when it begins and ends
    STATUS = "status"  # of a major incident or outage, to everyone who is hit
    ANSWER_ALL = "answer-all"  # every case attached
    CLOSE_ALL = "close-all"  # every case attached, with word to the reporters
    CLOSE_ALL_SILENTLY = "close-all-silently"  # the same, without
    FAILED = "failed"  # a known solution did not help
    CLOSE_UNSOLVED = "close-unsolved"  # for the reason given
    APPROVE = "approve"  # a solution under review
    CLOSE_SILENTLY = "close-silently"  # solved elsewhere: the reporter knows


class Part(BaseModel):
    """One table of a profile: unknown keys are an error, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Desk(Part):
    """Who the organisation is to those who write to it."""

    title: str
    addresses: list[str] = Field(min_length=1)
    sender_name: str
    case_prefix: str = Field(pattern=r"^[A-Z]{2,8}$")
    staff_domains: list[str]


class Team(Part):
    """A queue that takes tickets; `members` may answer for it besides `address`.

    `address_by_reporter` has an address for a kind of reporter, `address_by_domain` one for reporters whose address ends so.
    `answers_through` names the team that tells the reporter what this one answers, by kind of reporter or for `any`. `hours`: when it is reached, but for
    priority 1; at any time where it is empty.
    """

    title: Words
    address: str
    members: list[str] = []
    address_by_reporter: dict[str, str] = {}
    address_by_domain: dict[str, str] = {}
    answers_through: dict[str, str] = {}
    hours: str = ""

    def front(self, reporter_kind: str | None) -> str:
        """The team that tells such a reporter what this one answers; empty where it tells them itself."""
        return self.answers_through.get(reporter_kind or "", self.answers_through.get("any", ""))

    def addresses(self) -> set[str]:
        """Every address that is this team's, in lower case."""
        found = (self.address, *self.members, *self.address_by_reporter.values(), *self.address_by_domain.values())
        return {address.lower() for address in found}


class Deadline(Part):
    """How long a ticket of one priority may take: `minutes` of the hours named; the team is warned so many minutes ahead."""

    hours: str
    minutes: int = Field(gt=0)
    warn_minutes: int = Field(ge=0)


class Contact(Part):
    """One whom the program calls: by mail, by a mail that a gateway turns into a text message, or by a webhook."""

    channel: Channel = Channel.MAIL
    to: str


class Hook(Part):
    """Another system that is told of these events by a webhook."""

    events: list[HookEvent] = Field(min_length=1)


class Ladder(Part):
    """Whom to call, one rung after the other: the next as well, every so many minutes of the hours named.

    Each rung is called with those below it; after the last all are called once more. An alarm goes on until somebody takes the ticket.
    """

    every_minutes: int = Field(gt=0)
    hours: str = ""
    rungs: list[Contact] = []

    def called(self, number: int) -> list[Contact]:
        """Who is called in this round, the first being 0."""
        return self.rungs[: number + 1]


class Alarm(Ladder):
    """The duty, called at once for tickets of this priority or graver, and again in the hours named, until somebody takes them."""

    priority: int = 0


class Question(Part):
    """A control question: asked where all of `when` hold and none of the cue groups `answered_by` is hit."""

    when: list[str]
    answered_by: list[str]
    ask: Words


class EarlierCases(Part):
    """Solutions of earlier cases: how many the team is shown, and how alike a case must read (0 to 1) for that, and for an answer to the reporter."""

    shown: int = Field(ge=0, le=10)
    least: float = Field(ge=0, le=1)
    sure: float = Field(ge=0, le=1)


class FaqEntry(Part):
    """An answer that is offered before a team is troubled: where all of `when` hold and one of each group of `needs` stands in the mail."""

    source: str
    when: list[str]
    needs: list[list[str]] = Field(min_length=1)
    answer: Words


class Advice(Part):
    """Words that stand in mails to the reporter, of the kinds named in `mails`, where all of `when` hold."""

    source: str
    mails: list[ParcelKind]
    when: list[str]
    text: Words


class Decision(Part):
    """Where somebody must say whether it is a major incident: `yes` tells the team at `address`, `no` gives the case to another, milder."""

    team: str = ""
    address: str = ""
    no_team: str = ""
    no_priority: int = 0
    when: list[str] = []
    yes: list[str] = []
    no: list[str] = []


class Incidents(Part):
    """The routine of major incidents and outages.

    Status and prognosis are told to those who are hit and to `audience` every `update_minutes`, 0 for never by itself; `review_days`
    after the end its manager is reminded of the review, 0 for never. The labels begin the lines of an outage notice.
    """

    update_minutes: int = Field(ge=0)
    review_days: int = Field(ge=0)
    audience: list[Contact]
    from_labels: list[str]
    to_labels: list[str]
    prognosis_labels: list[str]


class SurgeRules(Part):
    """What counts as a surge of similar incidents, within `window_minutes` and from `fewest_reporters` people.

    `similar` is the floor: two incidents are similar where at most this share of ordinary ones reads as alike. The last two say
    how rare a surge must be to be proposed to a lead, or declared without one, as a number for the whole month so that it fits
    desks of every size: at most so many would come of chance alone. 0: never.
    """

    window_minutes: float = Field(gt=0)
    fewest_reporters: int = Field(ge=2)
    similar: float = Field(gt=0, le=1)
    proposed_a_month: float = Field(ge=0)
    declared_a_month: float = Field(ge=0)

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.window_minutes)


class Risk(Part):
    """A first risk assessment: given where all of `when` hold, the first of the profile's risks that fits."""

    when: list[str]
    title: Words


class FinalReview(Part):
    """Solutions that are looked at before the reporter is told: where all of `when` hold, by the team `by`."""

    when: list[str] = []
    by: str = ""


class Trust(Part):
    """How many of a hundred decisions must be right for a kind of decision to go unseen by a lead: shares, 0 to 1."""

    type: float = Field(ge=0, le=1)
    priority: float = Field(ge=0, le=1)
    team: float = Field(ge=0, le=1)


class Sees(StrEnum):
    """Whose cases a team member sees."""

    OWN = "own"
    ALL = "all"


class Pages(Part):
    """The web pages for staff. `sample` is a share, 0 to 1; `log_days` is how long the log of access is kept, 0 for ever."""

    team_sees: Sees
    sample: float = Field(ge=0, le=1)
    log_days: int = Field(ge=0)


class Learning(Part):
    """Learning from what people confirmed: each night from `hour` on (0 to 23), where `fewest` cases were confirmed since the last time.

    `labels` are files of one's own to learn from besides, in the profile's folder or by whole path; the shipped corpus where there is none.
    """

    nightly: bool
    hour: int = Field(ge=0, le=23)
    fewest: int = Field(ge=1)
    labels: list[str]


class Automatic(Part):
    """The fixed values of a mail that no person wrote."""

    scope: str
    team: str
    service: str = ""


class Outgoing(Part):
    """How mails leave: `cap_per_hour` for one address that is no team, `dead_after_hours` until a person must look.

    What is told to many is not told to one reader twice in the same words within `quiet_minutes`.
    """

    cap_per_hour: int = Field(ge=1)
    quiet_minutes: float = Field(ge=0)
    dead_after_hours: float = Field(gt=0)
    closing_words: list[str]
    solution_labels: list[str] = Field(min_length=1)


class Clause(Part):
    """One written clause of the policy: where all of `needs` are told and none of `unless`, priority is at least `floor`.

    `needs` and `unless` name cue groups of the lexicon, or `field=value` for what was already decided (scope, type,
    patient_safety).
    """

    floor: int = Field(ge=1, le=5)
    source: str
    needs: list[str]
    unless: list[str] = []
    reason: Words

    def cues(self) -> list[str]:
        """The cue groups among its conditions."""
        return [condition for condition in (*self.needs, *self.unless) if "=" not in condition]

    def decided(self) -> list[str]:
        """The conditions on what was decided before, `field=value`."""
        return [condition for condition in (*self.needs, *self.unless) if "=" in condition]


class Agreement(Part):
    """Fields that the policy ties together: where all of `when` hold, so do all of `then`.

    Each is `field=value`, or `field=value|value` where several will do, over type, priority, scope, team, patient_safety.
    """

    source: str
    when: list[str]
    then: list[str]
    reason: Words

    def parts(self) -> list[str]:
        """Every `field=value` that it names."""
        return parts_of((*self.when, *self.then))


class Keywords(Part):
    """The fallback that works with no model: words per value; the value with most hits wins, the first on a tie."""

    type: dict[TicketType, list[str]]
    team: dict[str, list[str]]
    scope: dict[str, list[str]]
    service: dict[str, list[str]] = {}


def parts_of(conditions: Iterable[str]) -> list[str]:
    """Conditions such as `field=value|value` taken apart: every `field=value` that they name."""
    split = [condition.partition("=") for condition in conditions]
    return [f"{field}={value}" for field, _, values in split for value in values.split("|")]
