"""The only place for what the API tells of the past: cases that read alike, and repeat problems."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from ingest.redact import redact
from models.people import Noted, Role
from models.records import Redacted, TicketId, safe_text
from resolve.earlier import Question
from review.api.choices import ServiceName
from review.api.operations import Answer, Asked, AskedNothing, Call, Operation
from review.visit import is_seen

MOST_FOUND = 50
LOOKED_AT = 200
"""Cases among which those are looked for that the token's person may see."""
LONGEST = 20_000


class AskedLikeness(Asked):
    """What earlier cases are held against. Personal data is taken out of it before anything else, and nothing of it is kept."""

    subject: str = Field(default="", max_length=1_000)
    text: str = Field(min_length=1, max_length=LONGEST)
    service: ServiceName | None = None
    top: int = Field(default=10, ge=1, le=MOST_FOUND)


class SimilarCase(Answer):
    """An earlier case. `score` is 1 for the very same words, 0 for nothing in common; `solution` may be offered again, and is without personal data."""

    id: int
    number: str
    source_id: str | None
    score: float
    opened_at: datetime
    team: str
    subject: str
    solution: str | None
    worked: int
    failed: int


class SimilarCases(Answer):
    """The most alike first."""

    cases: list[SimilarCase]


class RepeatShown(Answer):
    """A repeat problem: cases of several people about one fault. `label` are telling words that more than one of them used."""

    id: int
    number: str
    name: str | None
    label: list[str]
    service: str
    count: int
    reporters: int
    first: datetime
    last: datetime
    cases: list[int]


class Repeats(Answer):
    """As they were found last, the first begun first."""

    repeats: list[RepeatShown]


def find_similar(call: Call, asked: AskedLikeness) -> SimilarCases:
    """Earlier cases that read like a text, and how they were solved."""
    subject = " ".join(redact(asked.subject).split())
    question = Question(text=safe_text(Redacted(subject), redact(asked.text)), at=call.now, service=asked.service, top=LOOKED_AT)
    found = {one.ticket: one.score for one in call.site.similar(question)}
    lines = [line for line in call.store.cases.lines(list(found)) if is_seen(line.team, call.sees)][: asked.top]
    known = call.store.memory.find_all([TicketId(line.id) for line in lines])
    call.note(Noted.LIST_SEEN, about="similar cases")
    return SimilarCases(
        cases=[
            SimilarCase(
                id=line.id,
                number=call.site.numbers.short(line.id),
                source_id=known[line.id].source_id,
                score=round(found[line.id], 4),
                opened_at=line.opened_at,
                team=line.team,
                subject=line.subject,
                solution=known[line.id].solution or None,
                worked=known[line.id].worked,
                failed=known[line.id].failed,
            )
            for line in lines
            if line.id in known
        ]
    )


def read_repeats(call: Call, _: AskedNothing) -> Repeats:
    """Which errors repeat."""
    found = call.store.repeats.found(call.profile.name)
    call.note(Noted.LIST_SEEN, about="repeats")
    return Repeats(
        repeats=[
            RepeatShown(
                id=one.id,
                number=f"R-{one.id}",
                name=one.name,
                label=list(one.label),
                service=one.service,
                count=len(one.tickets),
                reporters=one.reporters,
                first=one.first,
                last=one.last,
                cases=list(one.tickets),
            )
            for one in found
        ]
    )


OPERATIONS = (
    Operation(name="findSimilarCases", method="POST", path="/similar", run=find_similar, asked=AskedLikeness, gives=SimilarCases),
    Operation(
        name="listRepeats", path="/repeats", run=read_repeats, asked=AskedNothing, gives=Repeats, roles=frozenset({Role.ANALYST, Role.LEAD})
    ),
)
