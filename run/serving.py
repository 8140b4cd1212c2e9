"""The only place where the pages are wired: what they need of the desk at work, served meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from models.settings import Setting
from review.app import make_app
from review.visit import Site
from run.desk import Desk
from run.entrance import entrance_of
from run.later import press_of, settler
from run.settings import Environment, WebTable
from run.web import Place, WebServer


@contextmanager
def serving(desk: Desk, web: WebTable, environment: Environment, configured: Sequence[Setting]) -> Iterator[str]:
    """The desk's pages, served until the block ends; how browsers reach them. `SaksgangError` where the port is in use."""
    place = Place(web.host, web.port)
    reached_at = (web.address or place.address).rstrip("/")
    site = Site(
        routine=desk.routine,
        store=desk.store,
        numbers=desk.numbers,
        address=reached_at,
        clock=desk.clock,
        calls_a_minute=web.calls_a_minute,
        entrance=entrance_of(web.oidc, desk.profile, reached_at, environment.secret()) if web.oidc else None,
        configured=tuple(configured),
        similar=desk.memory.similar,
        mode_of=desk.mode_of,
        models=desk.current.place,
        settle=settler(desk.store, desk.profile, desk.clock),
        reports=press_of(desk.store, desk.profile, desk.clock),
    )
    server = WebServer(make_app(site), place)
    server.start()
    try:
        yield site.address
    finally:
        server.stop()
