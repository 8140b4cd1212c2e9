"""The only place for the page of the report: of which days, the report itself, and its tables for other programs."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.people import Noted, Role
from review.doors import Door
from review.visit import Visit
from review.wired import Days, Reports

READERS = frozenset({Role.LEAD, Role.ANALYST})
WAITS = 2.0
"""Seconds until the page says that the report is being built; a small desk's is ready before."""
FORMS = ("csv", "excel", "parquet")
PATH = "/analyse"
ASKED = ("week", "since", "until")


def show(visit: Visit) -> Response:
    """The days stand in the address; days that are none are told."""
    reports = _reports(visit)
    days = _days(visit, reports)
    if days is None:
        return visit.page("analysis.html", status=422, built=None, days=None, weeks=reports.weeks(), asked=_form(visit, None))
    built = reports.built(days, WAITS)
    return visit.page("analysis.html", built=built, days=days, weeks=reports.weeks(), asked=_form(visit, days))


def report(visit: Visit) -> Response:
    """The report as a page of its own, which a page of ours may frame: it brings its own style, and the policy that lets no other in."""
    reports = _reports(visit)
    days = _days(visit, reports)
    built = reports.built(days, WAITS) if days else None
    if days is None or built is None:
        return RedirectResponse(f"{PATH}?{_query(visit)}", status_code=303)
    visit.note(Noted.REPORT_SEEN, about=f"{days.first} {days.after}")
    own = {"Content-Security-Policy": f"{built.policy}; frame-ancestors 'self'", "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(built.page, headers=own)


def tables(visit: Visit) -> Response:
    """The report's tables as files, never shown by the browser itself."""
    reports, form = _reports(visit), visit.query.get("form", "")
    days = _days(visit, reports)
    if days is None or form not in FORMS:
        visit.refuse(422)
    found = reports.tables(days, form, WAITS)
    if found is None:
        return visit.go(f"{PATH}?{_query(visit)}")
    visit.note(Noted.EXPORTED, about=f"{days.first} {days.after}", form=form)
    return Response(found.content, media_type=found.kind, headers={"Content-Disposition": f'attachment; filename="{found.name}"'})


def _reports(visit: Visit) -> Reports:
    if visit.site.reports is None:
        visit.refuse(404)
    return visit.site.reports()


def _days(visit: Visit, reports: Reports) -> Days | None:
    week, since, until = (visit.query.get(name, "").strip()[:20] for name in ASKED)
    try:
        return reports.days(week, since, until)
    except (ValueError, OverflowError):
        return None


def _form(visit: Visit, days: Days | None) -> dict[str, str]:
    """What the forms hold: what was asked, or what is shown."""
    week, since, until = (visit.query.get(name, "").strip()[:20] for name in ASKED)
    if days is not None:
        year, number, _ = days.first.isocalendar()
        is_week = days.first.isoweekday() == 1 and days.after - days.first == timedelta(days=7)
        week = f"{year}-W{number:02}" if is_week else ""
        since, until = days.first.isoformat(), (days.after - timedelta(days=1)).isoformat()
    return {"week": week, "since": since, "until": until, "query": _query(visit)}


def _query(visit: Visit) -> str:
    return urlencode([(name, value) for name in ASKED if (value := visit.query.get(name, "").strip()[:20])])


DOORS = (
    Door(path=PATH, visit=show, roles=READERS),
    Door(path=f"{PATH}/report", visit=report, roles=READERS),
    Door(path=f"{PATH}/tables", visit=tables, roles=READERS),
)
