"""The only place for the web pages: today one that shows what was decided, without a word of the mails, for the embedded default."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from models.case_numbers import CaseNumbers
from models.kinds import MailState
from models.profiles import Profile
from models.store import Store

TEMPLATES = Path(__file__).resolve().parent / "templates"
MOST_TICKETS = 200
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Pages:
    """Read-only pages of one organisation. They show nothing of a mail, so they need no sign-in on loopback."""

    def __init__(self, profile: Profile, store: Store, numbers: CaseNumbers) -> None:
        self._profile = profile
        self._store = store
        self._numbers = numbers
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._queues = environment.get_template("queues.html")
        self._style = (TEMPLATES / "style.css").read_text(encoding="utf-8")

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/", self._show_queues), Route("/style.css", self._show_style)])

    async def _show_queues(self, _: Request) -> Response:
        return HTMLResponse(await run_in_threadpool(self._filled), headers=HEADERS)

    async def _show_style(self, _: Request) -> Response:
        return Response(self._style, media_type="text/css", headers=HEADERS)

    def _filled(self) -> str:
        profile, language = self._profile, self._profile.default_language
        tickets = self._store.tickets.latest(MOST_TICKETS)
        counts = self._store.mails.counts().values()
        return self._queues.render(
            title=profile.desk.title,
            language=language,
            mails={state.value: sum(found[state] for found in counts) for state in MailState},
            outbox={state.value: count for state, count in self._store.outbox.counts().items() if count},
            queues=[(profile.team_title(team, language), sum(ticket.team == team for ticket in tickets)) for team in profile.teams],
            tickets=[
                {
                    "number": self._numbers.short(ticket.id),
                    "opened": ticket.opened_at.astimezone().strftime("%H:%M:%S"),
                    "type": profile.words(profile.types, ticket.type, language),
                    "level": ticket.priority,
                    "priority": profile.words(profile.priorities, str(ticket.priority), language),
                    "scope": profile.words(profile.scopes, ticket.scope, language),
                    "team": profile.team_title(ticket.team, language),
                    "guess": profile.team_title(ticket.guessed_team, language) if ticket.unsure else "",
                    "sure": f"{min(ticket.confidence.values(), default=0):.0%}",
                    "status": ticket.status.value,
                }
                for ticket in tickets
            ],
        )
