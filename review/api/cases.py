"""The only place for cases in the API: a list by filter, one with its whole story, and the words of a mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from pydantic import Field

from models.cases import Case, CaseLine, Order, Story, Wanted
from models.judgements import Decided
from models.kinds import CameBy, Channel, EventKind, MailState, Mode, ParcelKind, ParcelState, TicketStatus, TicketType
from models.people import Noted
from models.records import MailId, TicketId
from models.solutions import solution_number
from review.api.choices import PriorityLevel, ServiceName, TeamName
from review.api.operations import Answer, Asked, AskedOne, Call, Moment, Operation, RowNumber, not_there
from review.mails import read_mail
from review.visit import is_seen

MOST_SHOWN = 200
LONGEST_TEXT = 200


class AskedCases(Asked):
    """Which cases; what is not given asks nothing."""

    team: TeamName | None = None
    type: TicketType | None = None
    priority: PriorityLevel | None = None
    status: TicketStatus | None = None
    service: ServiceName | None = None
    unsure: bool = Field(default=False, description="Only those of which the machine was not sure.")
    since: Moment | None = Field(default=None, description="Opened then or later.")
    until: Moment | None = Field(default=None, description="Opened before.")
    text: str = Field(default="", max_length=LONGEST_TEXT, description="Stands in the subject, or is the number of the case.")
    order: Order = Order.NEWEST
    after: RowNumber | None = Field(default=None, description="The `next` of the answer before.")
    limit: int = Field(default=50, ge=1, le=MOST_SHOWN)


class AskedMail(Asked):
    """A mail of a case."""

    id: RowNumber
    mail: RowNumber


class CaseInList(Answer):
    """A case in a list. `subject` is without personal data."""

    id: int
    number: str
    opened_at: datetime
    due_at: datetime | None
    status: TicketStatus
    mode: Mode
    type: TicketType
    priority: int
    scope: str
    service: str | None
    team: str
    unsure: bool
    subject: str


class CasesFound(Answer):
    """A stretch of a list. `next`: ask for what comes `after` it; null at the end."""

    cases: list[CaseInList]
    next: int | None


class Standing(Answer):
    """What was decided of a case. A field is null where it was not kept, or where the organisation does not tell services apart."""

    type: TicketType | None
    priority: int | None
    scope: str | None
    team: str | None
    service: str | None


class CaseShown(Answer):
    """One case. `said` is what the machine decided when it came, `stands` what holds now; `words` are its reporter's, without personal data.

    `version` grows with each change: who judges a case names the one that they read. `reporter` and `solution` are personal data.
    """

    id: int
    number: str
    source_id: str | None
    mailbox: str
    mode: Mode
    status: TicketStatus
    came_by: CameBy
    opened_at: datetime
    solved_at: datetime | None
    due_at: datetime | None
    waiting_since: datetime | None
    acknowledged_at: datetime | None
    judged_at: datetime | None
    subject: str
    words: str
    reporter: str
    language: str
    said: Standing
    stands: Standing
    guessed_team: str
    previous_team: str | None
    unsure: bool
    doubtful: bool
    patient_safety: bool
    change_request: bool
    confidence: dict[str, float]
    reasons: list[str]
    risk: str | None
    solution: str | None
    solution_number: str | None
    unsolved: str | None
    version: int


class MailInStory(Answer):
    """A mail that came in."""

    id: int
    received_at: datetime
    state: MailState
    bytes: int


class SentInStory(Answer):
    """What the desk sent, or has not sent."""

    id: int
    kind: ParcelKind
    channel: Channel
    state: ParcelState
    to_team: bool
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    error: str | None


class EventInStory(Answer):
    """What happened. `by` is who did it at a page or by the API, `mail` the mail that did."""

    at: datetime
    kind: EventKind
    by: str | None
    mail: int | None


class JudgementInStory(Answer):
    """What a person said of a decision; of `meant` the fields that they judged."""

    at: datetime
    by: str
    said: Standing
    meant: Standing


class CaseStory(Answer):
    """A case with all that came, left and happened, each in the order of time."""

    case: CaseShown
    mails: list[MailInStory]
    sent: list[SentInStory]
    events: list[EventInStory]
    judgements: list[JudgementInStory]


class MailWords(Answer):
    """A mail as people read it: `reply` is what its sender wrote now, `text` all of it. `readable` is false where its bytes say nothing."""

    id: int
    received_at: datetime
    readable: bool
    truncated: bool
    sender: str | None
    sent_at: datetime | None
    subject: str
    reply: str
    text: str
    files: list[str]


def read_list(call: Call, asked: AskedCases) -> CasesFound:
    """The cases that the token's person may see, by filter."""
    found = call.store.cases.page(_wanted(call, asked), TicketId(asked.after) if asked.after else None, asked.limit)
    call.note(Noted.LIST_SEEN, about="cases")
    return CasesFound(cases=[_line(call, line) for line in found.lines], next=found.lines[-1].id if found.more else None)


def read_one(call: Call, asked: AskedOne) -> CaseStory:
    """One case with its story.

    The words of its mails are asked for one by one.
    """
    story = seen_story(call, asked.id)
    call.note(Noted.CASE_SEEN, ticket=story.case.id)
    judgements = call.store.judgements.of_ticket(story.case.id)
    return CaseStory(
        case=shown(call, story.case),
        mails=[MailInStory.of(mail, bytes=mail.size) for mail in story.mails],
        sent=[SentInStory.of(one) for one in story.parcels],
        events=[EventInStory.of(event) for event in story.events],
        judgements=[
            JudgementInStory(at=one.at, by=one.by, said=_standing(one.judgement.said), meant=_standing(one.judgement.meant))
            for one in judgements
        ],
    )


def read_words(call: Call, asked: AskedMail) -> MailWords:
    """The words of a mail of a case, as its sender wrote them: personal data."""
    story = seen_story(call, asked.id)
    mail = read_mail(call.store, MailId(asked.mail)) if call.reads(story.case) and asked.mail in {mail.id for mail in story.mails} else None
    if mail is None:
        raise not_there("mail of this case")
    call.note(Noted.MAIL_SEEN, ticket=story.case.id, about=f"mail {mail.id}")
    sender = mail.sender.address if mail.sender else None
    return MailWords.of(mail, sender=sender, files=[file.name for file in mail.files])


def seen_story(call: Call, id: int) -> Story:
    """The case of that number; for who may not see it there is none."""
    story = call.store.cases.story(call.profile.name, TicketId(id))
    if story is None or not is_seen(story.case.stands["team"], call.sees):
        raise not_there("case")
    return story


def shown(call: Call, case: Case) -> CaseShown:
    return CaseShown.of(
        case,
        number=call.site.numbers.short(case.id),
        mailbox=case.account,
        said=_standing(case.said),
        stands=_standing(case.stands),
        solution_number=solution_number(case.solution_id) if case.solution_id is not None else None,
    )


def _standing(values: Decided) -> Standing:
    known: Mapping[str, object] = {field: values.get(field) for field in Standing.model_fields}
    return Standing.model_validate(known)


def _wanted(call: Call, asked: AskedCases) -> Wanted:
    text = asked.text.strip()
    return Wanted(
        profile=call.profile.name,
        sees=call.sees,
        teams=frozenset({asked.team} if asked.team else ()),
        types=frozenset({asked.type} if asked.type else ()),
        priorities=frozenset({asked.priority} if asked.priority else ()),
        statuses=frozenset({asked.status} if asked.status else ()),
        services=frozenset({asked.service} if asked.service else ()),
        unsure=asked.unsure,
        text=text,
        number=call.site.numbers.read_short(text),
        since=asked.since,
        until=asked.until,
        order=asked.order,
    )


def _line(call: Call, line: CaseLine) -> CaseInList:
    return CaseInList.of(line, number=call.site.numbers.short(line.id))


MISSING = frozenset({HTTPStatus.NOT_FOUND})
OPERATIONS = (
    Operation(name="listCases", path="/cases", run=read_list, asked=AskedCases, gives=CasesFound),
    Operation(name="readCase", path="/cases/{id}", run=read_one, asked=AskedOne, gives=CaseStory, refuses=MISSING),
    Operation(name="readMail", path="/cases/{id}/mails/{mail}", run=read_words, asked=AskedMail, gives=MailWords, refuses=MISSING),
)
