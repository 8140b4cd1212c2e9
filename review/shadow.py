"""The only place for the page of a trial run: what would have been done, side by side with what people did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from models.judgements import JUDGED, Decided
from models.kinds import Mode
from models.people import Noted, Role
from models.trials import Agreement, Trial, TrialSource, agreement_of
from review.case import said_of
from review.cases import case_path
from review.doors import Door
from review.visit import Visit

PATH = "/shadow"
DAYS = (7, 30, 90)
USUAL = 30
MOST = 5_000
"""So many of the newest are held against what people did."""
SHOWN = 200


def show(visit: Visit) -> Response:
    days = _days(visit)
    trials = visit.store.trials.newest(visit.profile.name, visit.now - timedelta(days=days), MOST)
    only_differing = bool(visit.query.get("differ"))
    shown = [trial for trial in trials if trial.differs or not only_differing][:SHOWN]
    visit.note(Noted.LIST_SEEN, about="shadow")
    return visit.page(
        "shadow.html",
        days=days,
        choices=DAYS,
        only_differing=only_differing,
        boxes=[box.account for box in visit.store.health.all() if box.mode is Mode.SHADOW],
        count=len(trials),
        known=sum(trial.source is not TrialSource.UNKNOWN for trial in trials),
        fields=_fields(visit),
        agreements=_agreements(visit, trials),
        trials=[_told(visit, trial) for trial in shown],
    )


def _days(visit: Visit) -> int:
    known = {str(days): days for days in DAYS}
    return known.get(visit.query.get("days", ""), USUAL)


def _fields(visit: Visit) -> list[str]:
    return [field for field in JUDGED if field != "service" or visit.profile.services]


def _agreements(visit: Visit, trials: list[Trial]) -> list[tuple[str, str, str]]:
    """By field the share of all, and of those of whose team the machine was sure."""
    every = {one.field: one for one in agreement_of(trials)}
    sure = {one.field: one for one in agreement_of(trial for trial in trials if not trial.unsure)}
    return [(field, _share(visit, every[field]), _share(visit, sure[field])) for field in _fields(visit)]


def _share(visit: Visit, agreement: Agreement) -> str:
    return "" if agreement.share is None else f"{visit.percent(agreement.share)} ({agreement.alike}/{agreement.known})"


def _told(visit: Visit, trial: Trial) -> Mapping[str, Any]:
    return {
        "number": visit.site.numbers.short(trial.ticket),
        "path": case_path(visit, trial.ticket),
        "opened": visit.told(trial.opened_at),
        "unsure": trial.unsure,
        "source": trial.source,
        "withheld": trial.withheld,
        "pairs": [
            {"said": said_of(visit, field, trial.said), "people": _done(visit, field, trial.people), "differs": field in trial.differs}
            for field in _fields(visit)
        ],
    }


def _done(visit: Visit, field: str, people: Decided) -> str | None:
    """None where it is not known."""
    return said_of(visit, field, people) if field in people else None


DOORS = (Door(path=PATH, visit=show, roles=frozenset({Role.ANALYST, Role.LEAD, Role.ADMIN})),)
