"""The only place for the page of one case: what was decided, what came and left, what happened, and the words of its mails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from models.cases import Case, CaseMail, CaseParcel, Story
from models.judgements import JUDGED, Judged
from models.kinds import AT_WORK
from models.people import Noted, Role
from models.records import MailId
from models.solutions import solution_number
from review.cases import PATH, case_path
from review.doors import Door
from review.mails import ShownMail, file_of, html_of, original_of, read_mail
from review.visit import Visit, is_seen, reads_mails_of

ONE = PATH + "/{number}"
MAIL = ONE + "/mails/{mail:row}"


def show(visit: Visit) -> Response:
    """The whole story, with the words of the mail asked for: the first where none is. Who reads no mails has the reporter's words redacted."""
    story = seen_story(visit)
    reads = _reads(visit, story)
    case, mail = story.case, _asked_mail(visit, story) if reads else None
    visit.note(Noted.CASE_SEEN, ticket=case.id)
    if mail:
        visit.note(Noted.MAIL_SEEN, ticket=case.id, about=f"mail {mail.id}")
    return visit.page(
        "case.html",
        case=case,
        number=visit.site.numbers.short(case.id),
        path=case_path(visit, case.id),
        is_late=case.due_at is not None and case.due_at < visit.now and case.status in AT_WORK,
        decided=_decided(visit, case),
        post=_post(story),
        reads=reads,
        mail=mail,
        as_html=bool(mail and mail.has_html and visit.query.get("form") == "html"),
        events=story.events,
        timers=visit.store.timers.of_ticket(case.id),
        judgements=[_judged(visit, judged) for judged in visit.store.judgements.of_ticket(case.id)],
        to_judge=visit.is_a(Role.LEAD) and case.source_id is None,
        solution=solution_number(case.solution_id) if case.solution_id is not None else "",
    )


def seen_story(visit: Visit) -> Story:
    """The case that the address names; for who may not see it there is none."""
    number = visit.site.numbers.read_short(visit.asked["number"])
    story = visit.store.cases.story(visit.profile.name, number) if number is not None else None
    if story is None or not is_seen(story.case.stands["team"], visit.sees):
        visit.refuse(404)
    return story


def frame(visit: Visit) -> Response:
    """A mail's HTML, made safe, for the frame on the page."""
    mail = _named_mail(visit)
    return html_of(visit.store, mail, visit.language) or visit.refuse(404)


def original(visit: Visit) -> Response:
    """A mail's true bytes, as a file."""
    return original_of(visit.store, _named_mail(visit)) or visit.refuse(404)


def file(visit: Visit) -> Response:
    """One of a mail's files."""
    return file_of(visit.store, _named_mail(visit), visit.asked["place"]) or visit.refuse(404)


def _named_mail(visit: Visit) -> MailId:
    """A mail of the case that the address names, noted as seen."""
    story, mail = seen_story(visit), MailId(visit.asked["mail"])
    if not _reads(visit, story):
        visit.refuse(403)
    if mail not in {one.id for one in story.mails}:
        visit.refuse(404)
    visit.note(Noted.MAIL_SEEN, ticket=story.case.id, about=f"mail {mail}", how=visit.path.rpartition(f"/mails/{mail}/")[2])
    return mail


def _reads(visit: Visit, story: Story) -> bool:
    return reads_mails_of(visit.person, visit.profile, str(story.case.stands["team"]))


def _asked_mail(visit: Visit, story: Story) -> ShownMail | None:
    asked = visit.query.get("mail")
    if asked is None:
        return read_mail(visit.store, story.mails[0].id) if story.mails else None
    known = {str(one.id): one.id for one in story.mails}
    return read_mail(visit.store, known[asked]) if asked in known else visit.refuse(404)


def _decided(visit: Visit, case: Case) -> list[dict[str, Any]]:
    """By field what the machine said, how sure it was, and what stands."""
    return [
        {
            "field": field,
            "said": said_of(visit, field, case.said),
            "sure": visit.percent(case.confidence[field]) if field in case.confidence else "",
            "stands": said_of(visit, field, case.stands),
            "changed": field in case.said and case.said[field] != case.stands[field],
            "in_doubt": field == "team" and case.unsure and case.stands[field] == visit.profile.doubt_team,
        }
        for field in JUDGED
        if field != "service" or visit.profile.services
    ]


def said_of(visit: Visit, field: str, values: Mapping[str, Any]) -> str:
    """What people read for the value of a field; empty where there is none."""
    value, profile = values.get(field), visit.profile
    tables = {
        "type": profile.types,
        "priority": profile.priorities,
        "scope": profile.scopes,
        "team": profile.team_titles,
        "service": profile.services,
    }
    return "" if value is None else visit.said(tables[field], value)


def _post(story: Story) -> list[CaseMail | CaseParcel]:
    """What came and what left, or waits to, the first first."""
    return sorted(
        (*story.mails, *story.parcels), key=lambda one: one.received_at if isinstance(one, CaseMail) else one.sent_at or one.created_at
    )


def _judged(visit: Visit, judged: Judged) -> dict[str, Any]:
    said, meant = judged.judgement.said, judged.judgement.meant
    return {
        "at": judged.at,
        "by": judged.by,
        "changes": [
            (field, said_of(visit, field, said), said_of(visit, field, meant)) for field in JUDGED if said.get(field) != meant.get(field)
        ],
    }


DOORS = (
    Door(path=ONE, visit=show),
    Door(path=MAIL + "/html", visit=frame),
    Door(path=MAIL + "/original", visit=original),
    Door(path=MAIL + "/files/{place:row}", visit=file),
)
