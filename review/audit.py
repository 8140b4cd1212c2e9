"""The only place where an administrator reads the log of access and takes it out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response, StreamingResponse

from models.people import Note, Noted, NoteSearch, Role
from review.doors import Door
from review.log_lines import as_csv, as_json_lines
from review.visit import Visit

PATH = "/audit"
ADMINS = frozenset({Role.ADMIN})
SHOWN = 200
USUAL = timedelta(days=30)
LONGEST = 320
"""Letters of what is looked for."""
LONGEST_NUMBER = 12
MOST = 2**31 - 1
"""Of a ticket's number, on either database."""
FORMS = {"csv": (as_csv, "text/csv; charset=utf-8"), "jsonl": (as_json_lines, "application/x-ndjson")}


def show(visit: Visit) -> Response:
    """The newest lines first, so many at once; that it was read stands in it from now on."""
    search, asked = _search(visit), _asked(visit)
    before = visit.query.get("before", "")
    found = visit.store.audit.latest(search, SHOWN + 1, _line_number(before))
    visit.note(Noted.LIST_SEEN, about="audit", searched=urlencode(asked))
    older = f"{PATH}?{urlencode(asked | {'before': str(found[SHOWN - 1][0])})}" if len(found) > SHOWN else ""
    return visit.page(
        "audit.html",
        lines=[_line(visit, note) for _, note in found[:SHOWN]],
        asked=asked,
        days={"since": _day(visit, search.since), "until": _day(visit, search.until - timedelta(days=1))},
        older=older,
        exports={form: f"{PATH}/export/{form}?{urlencode(asked)}" for form in FORMS},
    )


def export(visit: Visit) -> Response:
    """All lines that fit, the oldest first, as a file."""
    if visit.asked["form"] not in FORMS:
        visit.refuse(404)
    write, kind = FORMS[visit.asked["form"]]
    search = _search(visit)
    visit.note(Noted.EXPORTED, about="audit", form=visit.asked["form"], searched=urlencode(_asked(visit)))
    named = f"log-{_day(visit, search.since)}-{_day(visit, search.until - timedelta(days=1))}.{visit.asked['form']}"
    return StreamingResponse(
        write(visit.store.audit.read(search)), media_type=kind, headers={"Content-Disposition": f'attachment; filename="{named}"'}
    )


def _line_number(text: str) -> int | None:
    """Where a page begins; None where that is no number of a line."""
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def _asked(visit: Visit) -> dict[str, str]:
    """What was looked for, as the address says it."""
    return {key: visit.query[key].strip()[:LONGEST] for key in ("since", "until", "who", "case") if visit.query.get(key, "").strip()}


def _search(visit: Visit) -> NoteSearch:
    """Days on the organisation's clock, the last one whole; the last thirty where nothing is said. A case by its number, with or without letters."""
    asked = _asked(visit)
    today = _day(visit, visit.now)
    until = _midnight(visit, asked.get("until", "") or today, timedelta(days=1))
    since = _midnight(visit, asked["since"], timedelta()) if "since" in asked else until - USUAL
    ticket = visit.site.numbers.read_short(asked["case"]) if "case" in asked else None
    if "case" in asked and ticket is None:
        visit.refuse(422)
    return NoteSearch(since=since, until=until, who=asked.get("who", ""), ticket=ticket)


def _midnight(visit: Visit, day: str, later: timedelta) -> datetime:
    """The beginning of a day, in UTC."""
    try:
        begins = datetime.combine(date.fromisoformat(day) + later, time(), ZoneInfo(visit.profile.timezone))
        return begins.astimezone(UTC)
    except (ValueError, OverflowError):
        visit.refuse(422)


def _day(visit: Visit, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(visit.profile.timezone)):%Y-%m-%d}"


def _line(visit: Visit, note: Note) -> dict[str, Any]:
    return {
        "at": visit.told(note.at),
        "who": note.who,
        "what": note.what.value,
        "case": visit.site.numbers.short(note.ticket) if note.ticket is not None else "",
        "about": note.about,
        "facts": ", ".join(f"{key}: {value}" for key, value in (note.facts or {}).items() if value),
    }


DOORS = (
    Door(path=PATH, visit=show, roles=ADMINS),
    Door(path=f"{PATH}/export/{{form}}", visit=export, roles=ADMINS),
)
