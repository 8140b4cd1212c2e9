"""The only place for the pages about learning: how good the machine is, what it takes for what, its trainings, and the way back to an earlier model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.responses import Response

from classify.versions import Reason, Taking, Version, list_versions, read_story, take
from models.errors import ModelError
from models.judgements import TOLD_TO_LEADS
from models.people import Noted, Role
from models.training import AT_WORK, Intake, Training, Witness
from review import quality
from review.charts import Series, line_chart
from review.doors import Door
from review.visit import Visit

LEADERS = frozenset({Role.LEAD, Role.ADMIN})
WEEKS = 12
MOST_WITNESSES = 5_000
MOST_CONFUSIONS = 10
MOST_EXAMPLES = 5
MOST_TRAININGS = 5
SHOWN = 300
"""Letters of an example."""


def show(visit: Visit) -> Response:
    """Figures of the last weeks, the trainings and the models."""
    training, profile = visit.store.training, visit.profile
    weeks, bounds = quality.weeks_until(visit.now, WEEKS, profile.timezone)
    witnesses, intake = _witnesses(visit), training.intake(profile.name, weeks, bounds)
    groups = quality.by_week(weeks, bounds, witnesses, intake)
    return visit.page(
        "learning.html",
        whole=quality.everything_of(witnesses, intake),
        weeks=groups,
        chart=_chart(visit, groups),
        parts=[("team", _by_team(visit, witnesses, intake)), ("language", _by_language(witnesses, intake))],
        bands={field: quality.bands_of(field, witnesses) for field in quality.SURE_OF},
        confusions=quality.confusions_of(witnesses, MOST_CONFUSIONS),
        models=_models(visit),
        called=lambda field, value: _called(visit, field, value),
        **_trainings(visit),
    )


def trainings(visit: Visit) -> Response:
    """How far the trainings are, for a page that is open."""
    return visit.page("trainings.html", **_trainings(visit))


def confusion(visit: Visit) -> Response:
    """Cases in which one value was taken for another: their words without personal data, each look noted."""
    field, said, meant = (visit.query.get(key, "") for key in ("field", "said", "meant"))
    if field not in TOLD_TO_LEADS:
        visit.refuse(404)
    found = [witness for witness in _witnesses(visit) if _is_taken_for(witness, field, said, meant)][::-1][:MOST_EXAMPLES]
    for witness in found:
        visit.note(Noted.CASE_SEEN, ticket=witness.judged.ticket, about="learning")
    return visit.page(
        "confusion.html",
        field=field,
        said_as=_called(visit, field, said),
        meant_as=_called(visit, field, meant),
        examples=[_example(visit, witness, field) for witness in found],
    )


def learn(visit: Visit) -> Response:
    """Ask the running program for a training; it begins within half a minute."""
    visit.store.training.ask(visit.profile.name, visit.person.login, visit.now)
    visit.note(Noted.MODEL_CHANGED, about="training")
    return visit.go("/learning#trainings")


def use(visit: Visit) -> Response:
    """Take another model into use: mails that come from now on are judged by it."""
    version, place = visit.asked["version"], _place(visit)
    if version not in {one.name for one in list_versions(place) if one.usable}:
        visit.refuse(404)
    try:
        take(place, Taking(at=visit.now, by=visit.person.login, version=version, reason=Reason.CHOSEN, taken=True))
    except ModelError:
        visit.refuse(404)  # forgotten meanwhile
    visit.note(Noted.MODEL_CHANGED, about=f"model {version}")
    return visit.go("/learning#models")


def _place(visit: Visit) -> Path:
    if visit.site.models is None:
        visit.refuse(404)
    return visit.site.models


def _witnesses(visit: Visit) -> list[Witness]:
    _, bounds = quality.weeks_until(visit.now, WEEKS, visit.profile.timezone)
    return visit.store.training.witnesses(visit.profile.name, bounds[0], bounds[-1], MOST_WITNESSES)


def _by_team(visit: Visit, witnesses: Sequence[Witness], intake: Sequence[Intake]) -> list[tuple[str, quality.Group]]:
    groups = quality.by_key(witnesses, intake, lambda one: one.team, lambda one: one.team)
    return [(visit.profile.team_title(group.name, visit.language), group) for group in groups]


def _by_language(witnesses: Sequence[Witness], intake: Sequence[Intake]) -> list[tuple[str, quality.Group]]:
    return [(group.name, group) for group in quality.by_key(witnesses, intake, lambda one: one.language, lambda one: one.language)]


def _chart(visit: Visit, groups: Sequence[quality.Group]) -> Any:
    words = visit.words["learning"]
    right = Series(title=words["right_by_lot"], values=[group.by_lot.everything.value for group in groups])
    unseen = Series(title=words["unseen"], values=[group.unseen.value for group in groups])
    return line_chart(words["over_time"], [group.name[5:] for group in groups], [right, unseen], visit.percent)


def _trainings(visit: Visit) -> dict[str, Any]:
    """What their part of the page shows."""
    found = visit.store.training.latest(visit.profile.name, MOST_TRAININGS)
    at_work = any(one.state in AT_WORK for one in found)
    return {"trainings": [_training(visit, one) for one in found], "at_work": at_work}


def _training(visit: Visit, training: Training) -> dict[str, Any]:
    reasons = set(Reason)
    return {
        "by": training.by,
        "asked": visit.told(training.asked_at),
        "state": training.state.value,
        "doing": training.doing,
        "share": training.share,
        "version": training.version,
        "reason": training.why if training.why in reasons else "",
        "words": "" if training.why in reasons else training.why,
        "at_work": training.state in AT_WORK,
    }


def _models(visit: Visit) -> list[dict[str, Any]]:
    if visit.site.models is None:
        return []
    story = read_story(visit.site.models)
    return [
        _model(visit, version, next((line for line in story if line.version == version.name), None))
        for version in list_versions(visit.site.models)
    ]


def _model(visit: Visit, version: Version, last: Taking | None) -> dict[str, Any]:
    card = version.card
    made_at = card.get("trained_at")
    return {
        "name": version.name,
        "made": visit.told(datetime.fromisoformat(made_at)) if made_at else "",
        "by": card.get("by", ""),
        "mails": card.get("mails", 0),
        "confirmed": (card.get("confirmed") or {}).get("cases", 0),
        "contest": {name: found for name, found in (card.get("contest") or {}).items() if found.get("champion")},
        "in_use": version.in_use,
        "usable": version.usable,
        "reason": last.reason.value if last else "",
        "since": visit.told(last.at) if last else "",
        "who": last.by if last else "",
    }


def _is_taken_for(witness: Witness, field: str, said: str, meant: str) -> bool:
    judgement = witness.judged.judgement
    return str(judgement.said.get(field)) == said and str(judgement.meant.get(field)) == meant and said != meant


def _example(visit: Visit, witness: Witness, field: str) -> dict[str, Any]:
    row = witness.judged.judgement.example
    return {
        "number": visit.site.numbers.short(witness.judged.ticket),
        "subject": str(row.get("subject", "")),
        "text": str(row.get("body", ""))[:SHOWN],
        "sure": visit.percent(witness.sure.get(field)),
        "by": witness.judged.by,
        "at": visit.told(witness.judged.at),
    }


def _called(visit: Visit, field: str, value: str) -> str:
    """What people call a field's value."""
    profile = visit.profile
    tables = {"type": profile.types, "priority": profile.priorities, "scope": profile.scopes, "team": profile.team_titles}
    return visit.said(tables[field], value)


DOORS = (
    Door(path="/learning", visit=show, roles=LEADERS),
    Door(path="/learning/trainings", visit=trainings, roles=LEADERS),
    Door(path="/learning/confusion", visit=confusion, roles=LEADERS),
    Door(path="/learning/train", visit=learn, roles=LEADERS, method="POST"),
    Door(path="/learning/models/{version}", visit=use, roles=LEADERS, method="POST"),
)
