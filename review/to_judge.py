"""The only place for the page of the cases that wait for a lead: one open beside the others, judged by a key, many at once, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from models.cases import Case
from models.errors import ChangedMeanwhileError
from models.judgements import TOLD_TO_LEADS
from models.kinds import Mode
from models.outcomes import Mailed
from models.people import Noted, Role
from models.records import Redacted, TicketId, safe_text
from models.store.pile import MOST_COUNTED
from resolve.earlier import Question
from review.doors import Door
from review.judging import TAKEN_BACK_WITHIN, Order, changed, held, judge, proposed, take_back
from review.mails import opening_mail
from review.marking import cited, marked
from review.visit import Visit

PATH = "/queue"
MOST_SHOWN = 200
MOST_AT_ONCE = 50
SIMILAR_SHOWN = 3
KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
"""What chooses a value, in the order the values stand in."""
MOST_DIGITS = 9
UNSURE_BELOW = 0.6
"""A probability that is shown as low."""
DONE = frozenset({"accepted", "corrected", "taken_back", "nothing_to_take_back", "nothing_marked"})
"""What the page may say that it did: names of its words."""


def show(visit: Visit) -> Response:
    """The case that is asked for, else the first."""
    cases = visit.store.pile.waiting(visit.profile.name, MOST_SHOWN)
    asked = visit.site.numbers.read_short(visit.query.get("case", ""))
    case = visit.store.pile.find(asked) if asked is not None else None
    if asked is not None and (case is None or case.profile != visit.profile.name):
        visit.refuse(404)
    return _page(visit, cases, case or next(iter(cases), None))


def one(visit: Visit) -> Response:
    """A lead's word on the open case. Where it has changed since they saw it they see it anew, their choices still made."""
    case, meant = _asked_for(visit, visit.text("case")), _meant(visit)
    order = Order(case=case, seen=_count(visit, "seen"), meant=meant)
    try:
        judge(visit.site, [order], visit.person.login)
    except ChangedMeanwhileError:
        return _changed(visit, case.id, meant)
    done = "accepted" if meant == proposed(case, visit.profile) else "corrected"
    _note(visit, [order])
    return _go(visit, done, [case.id])


def many(visit: Visit) -> Response:
    """One word on all that are marked: a yes to each, or one team for all of them. What changed meanwhile, and what is more than may be judged at once, is left, and said so."""
    picked = dict(_picked(visit))
    cases = [case for case in visit.store.pile.find_all(picked) if case.profile == visit.profile.name]
    same = [case for case in cases if case.version == picked[case.id]]
    if not same:
        return _go(visit, "nothing_marked", [])
    team = {"team": _known(visit, "team", visit.profile.teams)} if visit.text("act") == "move" else None
    orders = [Order(case=case, seen=case.version, meant=team or proposed(case, visit.profile)) for case in same]
    judge(visit.site, orders, visit.person.login)
    _note(visit, orders)
    left_out = len(set(visit.form.getlist("picked"))) - len(same)
    return _go(visit, "corrected" if team else "accepted", [case.id for case in same], left_out=left_out)


def undo(visit: Visit) -> Response:
    """What this person said last is taken back."""
    found = take_back(visit.site, visit.person.login)
    if not found.tickets:
        return _go(visit, "nothing_to_take_back", [])
    for ticket in found.tickets:
        visit.note(Noted.CASE_JUDGED, ticket=ticket, about="taken back")
    return _go(visit, "taken_back", found.tickets, to=found.tickets[0], left=found.left)


def _changed(visit: Visit, ticket: TicketId, picked: Mapping[str, Any]) -> Response:
    """The case as it stands now, who judged it meanwhile, and what this lead wanted to say."""
    case = visit.store.pile.find(ticket)
    if case is None:
        visit.refuse(404)
    words = visit.store.judgements.of_ticket(ticket)
    by = words[-1].by if words and case.judged_at else ""
    cases = visit.store.pile.waiting(visit.profile.name, MOST_SHOWN)
    return _page(visit, cases, case, status=409, picked=picked, overtaken={"by": by, "at": visit.told(case.judged_at)})


def _page(visit: Visit, cases: Sequence[Case], case: Case | None, status: int = 200, **more: Any) -> Response:
    doubtful, drawn = visit.store.pile.counts(visit.profile.name)
    place = next((place for place, found in enumerate(cases) if case and found.id == case.id), None)
    around = {
        "before": cases[place - 1] if place else None,
        "after": cases[place + 1] if place is not None and place + 1 < len(cases) else None,
    }
    numbers = {way: visit.site.numbers.short(found.id) if found else "" for way, found in around.items()}
    since = visit.now - TAKEN_BACK_WITHIN
    undoable = [judged.ticket for judged in visit.store.judgements.last_of(visit.profile.name, visit.person.login, since)]
    visit.note(Noted.LIST_SEEN, about="queue")
    return visit.page(
        "queue.html",
        status=status,
        lines=[_line(visit, found, case) for found in cases],
        case=_open(visit, case, more.get("picked") or {}) if case else None,
        teams=_choices(visit, visit.profile.team_titles, visit.profile.teams, ""),
        overtaken=more.get("overtaken"),
        around=numbers,
        counts={"doubtful": _counted(doubtful), "drawn": _counted(drawn)},
        undoable=[visit.site.numbers.short(ticket) for ticket in undoable],
        done=_done(visit),
    )


def _counted(count: int) -> str:
    return str(count) if count < MOST_COUNTED else f"{MOST_COUNTED}+"


def _line(visit: Visit, case: Case, opened: Case | None) -> dict[str, Any]:
    profile, values = visit.profile, proposed(case, visit.profile)
    return {
        "number": visit.site.numbers.short(case.id),
        "picks": f"{case.id}:{case.version}",
        "subject": case.subject,
        "level": values["priority"],
        "priority": visit.said(profile.priorities, values["priority"]),
        "type": visit.said(profile.types, values["type"]),
        "scope": visit.said(profile.scopes, values["scope"]),
        "team": profile.team_title(values["team"], visit.language),
        "sure": visit.percent(min(case.confidence.values(), default=0)),
        "drawn": case.sampled and not _waits(case),
        "held": case.mode is Mode.ASSIST,
        "is_open": opened is not None and opened.id == case.id,
    }


def _waits(case: Case) -> bool:
    return case.mode is Mode.ASSIST or case.doubtful


def _open(visit: Visit, case: Case, picked: Mapping[str, Any]) -> dict[str, Any]:
    """The case with its mail. Every look at it is noted."""
    profile, mail = visit.profile, opening_mail(visit.store, case.id)
    visit.note(Noted.MAIL_SEEN, ticket=case.id)
    values = proposed(case, profile)
    return {
        "number": visit.site.numbers.short(case.id),
        "seen": case.version,
        "subject": marked(mail.subject if mail else case.subject, case.reasons, profile),
        "sender": mail.sender if mail else None,
        "opened": visit.told(case.opened_at),
        "status": case.status.value,
        "judged": visit.told(case.judged_at),
        "held": [_held(mailed) for mailed in held(visit.store, case.id)] if case.mode is Mode.ASSIST else [],
        "text": marked(mail.visible_reply or mail.text if mail else case.words, case.reasons, profile),
        "whole": mail.text if mail and mail.visible_reply and mail.text.strip() != mail.visible_reply.strip() else "",
        "files": mail.attachments if mail else (),
        "forgotten": mail is None,
        "reasons": cited(case.reasons, profile),
        "fields": [_field(visit, case, name, values[name], {**values, **picked}[name]) for name in TOLD_TO_LEADS],
        "similar": _similar(visit, case),
    }


def _held(mailed: Mailed) -> dict[str, str]:
    """A mail that waits for this lead's yes."""
    draft = mailed.draft
    return {"kind": draft.kind.value, "to": draft.to, "text": draft.facts.get("text", "")}


def _field(visit: Visit, case: Case, name: str, proposal: Any, picked: Any) -> dict[str, Any]:
    """One of the four fields with its choices; `picked` is what is chosen to begin with."""
    profile = visit.profile
    tables: dict[str, tuple[Mapping[str, dict[str, str]], Mapping[str, Any]]] = {
        "type": (profile.types, profile.types),
        "priority": (profile.priorities, profile.priorities),
        "scope": (profile.scopes, profile.scopes),
        "team": (profile.team_titles, profile.teams),
    }
    titles, values = tables[name]
    sure = case.confidence.get(name)
    return {
        "name": name,
        "choices": _choices(visit, titles, values, str(picked)),
        "proposal": str(proposal),
        "sure": visit.percent(sure) if sure is not None else "",
        "low": sure is not None and sure < UNSURE_BELOW,
    }


def _choices(visit: Visit, titles: Mapping[str, dict[str, str]], values: Mapping[str, Any], picked: str) -> list[dict[str, Any]]:
    return [
        {"value": value, "title": visit.said(titles, value), "key": key, "picked": value == picked}
        for value, key in zip(values, KEYS.ljust(len(values)), strict=False)
    ]


def _similar(visit: Visit, case: Case) -> list[dict[str, str]]:
    """Earlier cases that read alike, with how they were solved where that may be shown."""
    text = safe_text(Redacted(case.subject), Redacted(case.words))
    question = Question(text=text, at=visit.now, service=case.stands["service"], apart=case.id, top=SIMILAR_SHOWN)
    found = [one for one in visit.site.similar(question) if one.score >= visit.profile.earlier.least]
    known = visit.store.memory.find_all([one.ticket for one in found])
    return [
        {
            "number": visit.site.numbers.short(one.ticket),
            "score": visit.percent(one.score),
            "subject": known[one.ticket].text.partition("\n")[0],
            "solution": known[one.ticket].solution,
        }
        for one in found
        if one.ticket in known
    ]


def _done(visit: Visit) -> dict[str, Any] | None:
    """What was done just before, as the address says; nothing that is not ours to say."""
    done, count = visit.query.get("done", ""), visit.query.get("count", "")
    if done not in DONE:
        return None
    about = visit.site.numbers.read_short(visit.query.get("about", ""))
    return {
        "what": done,
        "about": visit.site.numbers.short(about) if about is not None else "",
        "count": _whole(count) or 0,
        "left": visit.query.get("left", "").isdecimal(),
        "left_out": visit.query.get("left_out", "").isdecimal(),
    }


def _go(visit: Visit, done: str, tickets: Sequence[TicketId], *, to: TicketId | None = None, left: int = 0, left_out: int = 0) -> Response:
    """On to the next case, with word of what was done."""
    next = to if to is not None else visit.site.numbers.read_short(visit.text("next"))
    said = {
        "case": visit.site.numbers.short(next) if next is not None else "",
        "done": done,
        "about": visit.site.numbers.short(tickets[0]) if tickets else "",
        "count": len(tickets) if len(tickets) > 1 else "",
        "left": left or "",
        "left_out": left_out or "",
    }
    return visit.go(f"{PATH}?{urlencode({key: value for key, value in said.items() if value})}")


def _note(visit: Visit, orders: Iterable[Order]) -> None:
    for order in orders:
        visit.note(Noted.CASE_JUDGED, ticket=order.case.id, **changed(order.case, order.meant))


def _asked_for(visit: Visit, number: str) -> Case:
    asked = visit.site.numbers.read_short(number)
    case = visit.store.pile.find(asked) if asked is not None else None
    if case is None or case.profile != visit.profile.name:
        visit.refuse(404)
    return case


def _meant(visit: Visit) -> dict[str, Any]:
    profile = visit.profile
    return {
        "type": _known(visit, "type", profile.types),
        "priority": int(_known(visit, "priority", profile.priorities)),
        "scope": _known(visit, "scope", profile.scopes),
        "team": _known(visit, "team", profile.teams),
    }


def _known(visit: Visit, name: str, values: Mapping[str, Any]) -> str:
    """What was chosen; only what the organisation has."""
    chosen = visit.text(name)
    if chosen not in values:
        visit.refuse(422)
    return chosen


def _picked(visit: Visit) -> list[tuple[TicketId, int]]:
    """Cases that are marked, with the version of each that was seen."""
    pairs = [str(value).partition(":") for value in visit.form.getlist("picked")[:MOST_AT_ONCE]]
    read = [(_whole(id), _whole(seen)) for id, _, seen in pairs]
    return [(TicketId(id), seen) for id, seen in read if id is not None and seen is not None]


def _count(visit: Visit, name: str) -> int:
    value = _whole(visit.text(name))
    return visit.refuse(422) if value is None else value


def _whole(text: str) -> int | None:
    """A whole number that a row can have; None for anything else, however long."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


LEADS = frozenset({Role.LEAD})

DOORS = (
    Door(path=PATH, visit=show, roles=LEADS),
    Door(path=f"{PATH}/one", visit=one, roles=LEADS, method="POST"),
    Door(path=f"{PATH}/many", visit=many, roles=LEADS, method="POST"),
    Door(path=f"{PATH}/undo", visit=undo, roles=LEADS, method="POST"),
)
