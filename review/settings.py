"""The only place for the page of settings: every value as it is, with the file or variable that says so. Nothing can be changed there."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response

from models.profiles import settings_of
from models.settings import Setting
from review.doors import Door
from review.navigation import LEADS
from review.visit import Visit

PATH = "/settings"


def show(visit: Visit) -> Response:
    """Everything, or only what the organisation says itself."""
    only_own = bool(visit.query.get("own"))
    return visit.page(
        "settings.html",
        only_own=only_own,
        profile=_tables(settings_of(visit.profile), only_own=only_own),
        configured=[setting for setting in visit.site.configured if setting.is_own or not only_own],
    )


def _tables(settings: Iterable[Setting], *, only_own: bool) -> dict[str, list[Setting]]:
    """By the first part of their keys, in the order of base."""
    found: dict[str, list[Setting]] = {}
    for setting in settings:
        if setting.is_own or not only_own:
            found.setdefault(setting.table, []).append(setting)
    return found


DOORS = (Door(path=PATH, visit=show, roles=LEADS),)
