"""The only place where a lead judges a case by the API: in the same way as at the pages."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import Field

from models.kinds import TicketType
from models.people import Noted, Role
from models.records import TicketId
from review import judging
from review.api.cases import CaseShown, seen_story, shown
from review.api.choices import PriorityLevel, ScopeName, TeamName
from review.api.operations import Asked, Call, Operation, RowNumber, not_there


class AskedJudgement(Asked):
    """A lead's word: fields that are not given are right as they were proposed."""

    id: RowNumber
    version: RowNumber = Field(description="Of the case that was read.")
    type: TicketType | None = None
    priority: PriorityLevel | None = None
    scope: ScopeName | None = None
    team: TeamName | None = None


def judge(call: Call, asked: AskedJudgement) -> CaseShown:
    """A lead's word on what was decided: a yes where no field is given, else a correction.

    The case moves, due times and timers follow, those whom it concerns are told, and the word is learned from. In `assist` the mails that
    waited for it leave. Of a case that lies with the leads because the machine was not sure, the best guess of a team is what is proposed.
    Refused with 409 where the case has changed since it was read.
    """
    case = call.store.pile.find(TicketId(asked.id))
    if case is None or case.profile != call.profile.name:
        raise not_there("case")
    given = asked.model_dump(exclude={"id", "version"}, exclude_none=True)
    meant = judging.proposed(case, call.profile) | {field: str(value) if field != "priority" else value for field, value in given.items()}
    judging.judge(call.site, [judging.Order(case=case, seen=asked.version, meant=meant)], call.bearer.person.login)
    call.note(Noted.CASE_JUDGED, ticket=case.id, **judging.changed(case, meant))
    return shown(call, seen_story(call, asked.id).case)


OPERATIONS = (
    Operation(
        name="judgeCase", method="POST", path="/cases/{id}/judgement", run=judge, asked=AskedJudgement, gives=CaseShown,
        roles=frozenset({Role.LEAD}), refuses=frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}),
    ),
)  # fmt: skip
