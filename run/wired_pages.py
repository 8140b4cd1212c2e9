"""The only place that gives the pages what they need from floors that they may not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.records import TicketId
from models.repeats import RepeatId
from review.visit import Site
from run.press import Press
from run.seeking import settle


def wired(site: Site) -> Site:
    """The site with all that it may show."""

    def settled(tickets: Sequence[TicketId]) -> RepeatId | None:
        found = settle(site.store, site.profile, tickets, site.clock())
        return next((one.repeat.id for one in found if tickets[0] in one.repeat.tickets), None)

    return replace(site, settle=settled, reports=Press(site.store, site.profile, site.clock))
