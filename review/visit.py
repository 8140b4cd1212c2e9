"""The only place for what every page needs: the site, and the visit of one person to one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import Environment
from starlette.datastructures import FormData, QueryParams, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.case_numbers import CaseNumbers
from models.kinds import Mode
from models.outcomes import Scene
from models.pages import Words, load_words, page_templates
from models.parts import Sees
from models.people import Note, Noted, Person, Role, Session
from models.profiles import Profile
from models.records import TicketId
from models.scenes import scene_of
from models.settings import Setting
from models.store import Store
from resolve.earlier import Question, Similar
from review.navigation import entries_for
from review.provider import OpenIdProvider
from review.standing import Grants
from review.wired import Reports, Settle
from route.routine import Routine

TEMPLATES = Path(__file__).resolve().parent / "templates"
LANGUAGES = ("nb", "nn", "sv", "en")
NOBODY, NOTHING = "-", "–"
LONGEST_PATH = 1_000


def inside(next: str) -> str:
    """A path on this site, never an address elsewhere; a browser takes a backslash for a slash and passes over control characters (WHATWG URL, 4.4)."""
    strange = "\\" in next or any(letter < " " for letter in next)
    ours = next.startswith("/") and not next.startswith("//") and not strange
    return next if ours and len(next) <= LONGEST_PATH else "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """How people come in by an identity provider. `key` seals what a browser keeps on the way there and back."""

    provider: OpenIdProvider
    grants: Grants
    key: bytes = field(repr=False)


def _none_alike(_: Question) -> Sequence[Similar]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One organisation's pages. `address` is how browsers reach them, without a slash at the end.

    `entrance` is None where there are local accounts alone. `configured` is what the configuration file and the environment say, secrets
    left out. `similar` finds earlier cases that read alike. `mode_of` says how far the program goes by itself for a mailbox now; where
    nobody says it, it is as it was when the case was opened. `models` is where its models lie.

    `calls_a_minute`: how often another system may call the API with one token.
    """

    routine: Routine
    store: Store
    numbers: CaseNumbers
    address: str
    clock: Callable[[], datetime]
    entrance: Entrance | None = None
    configured: tuple[Setting, ...] = ()
    similar: Callable[[Question], Sequence[Similar]] = _none_alike
    mode_of: Callable[[str], Mode] | None = None
    settle: Settle | None = None
    reports: Callable[[], Reports] | None = None
    models: Path | None = None
    calls_a_minute: int = 600
    templates: Environment = field(default_factory=lambda: page_templates(TEMPLATES))

    @property
    def profile(self) -> Profile:
        return self.routine.profile

    def scene(self) -> Scene:
        """What is the same for all that is written now."""
        return scene_of(self.profile, self.clock())

    @property
    def is_secure(self) -> bool:
        """Whether cookies may insist on an encrypted line; on loopback there is none."""
        return self.address.startswith("https:")


def teams_seen_by(person: Person, profile: Profile) -> frozenset[str] | None:
    """The teams whose cases a person sees, by pages and API alike; None for every team's."""
    only_member = person.roles <= {Role.MEMBER}
    return person.teams if only_member and profile.pages.team_sees is Sees.OWN else None


def is_seen(team: str, sees: frozenset[str] | None) -> bool:
    """Whether a case of the team's is among what somebody sees (`teams_seen_by`)."""
    return sees is None or team in sees


def reads_mails_of(person: Person, profile: Profile, team: str) -> bool:
    """Whether a person reads the mails of a team's cases: a lead every team's, a member those of whom they see the cases. Who counts reads none."""
    if Role.LEAD in person.roles:
        return True
    return Role.MEMBER in person.roles and (profile.pages.team_sees is Sees.ALL or team in person.teams)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One person at one page, at one hour. `session` is None where nobody is signed in.

    `here` is where this page can be asked for again. `asked` are the parts of the address by name, `query` what stands behind its question mark, `form` what was filled in.
    `browser` is what the browser calls itself.
    """

    site: Site
    now: datetime
    session: Session | None
    path: str
    here: str
    asked: Mapping[str, Any]
    query: QueryParams
    form: FormData
    accepts: str
    peer: str
    cookies: Mapping[str, str]
    browser: str

    @property
    def person(self) -> Person:
        """Who is signed in: a page that is open to nobody else asks."""
        if self.session is None:
            raise HTTPException(401)
        return self.session.person

    @property
    def sees(self) -> frozenset[str] | None:
        """The teams whose cases this person sees; None for every team's."""
        return teams_seen_by(self.person, self.profile)

    def is_a(self, *roles: Role) -> bool:
        return self.session is not None and bool(self.session.person.roles & set(roles))

    @property
    def profile(self) -> Profile:
        return self.site.profile

    @property
    def store(self) -> Store:
        return self.site.store

    @property
    def language(self) -> str:
        """The person's choice, else the first that the browser accepts and the organisation speaks, else the organisation's own."""
        if self.session and self.session.person.language:
            return self.session.person.language
        wanted = (part.split(";")[0].strip().lower().split("-")[0] for part in self.accepts.split(","))
        spoken = {"no": "nb"}
        known = (spoken.get(code, code) for code in wanted)
        return next((code for code in known if code in self.profile.languages), self.profile.default_language)

    @property
    def words(self) -> Words:
        """What the pages say, by table and key."""
        return load_words(self.language)

    def text(self, name: str) -> str:
        """What was filled in under a name; empty where nothing was."""
        value = self.form.get(name, "")
        return "" if isinstance(value, UploadFile) else value.strip()

    def page(self, template: str, /, *, status: int = 200, **values: Any) -> Response:
        """A page in the person's language."""
        filled = self.site.templates.get_template(template).render(
            visit=self,
            title=self.profile.desk.title,
            language=self.language if self.language in LANGUAGES else "en",
            languages=LANGUAGES,
            words=self.words,
            said=self.said,
            clock=self.told,
            percent=self.percent,
            roles=Role,
            entries=entries_for(self.session.person) if self.session else [],
            **values,
        )
        return HTMLResponse(filled, status_code=status)

    def go(self, path: str) -> Response:
        """To another page of ours, after something was done (RFC 9110, 15.4.4)."""
        return RedirectResponse(path, status_code=303)

    def refuse(self, status: int) -> NoReturn:
        raise HTTPException(status)

    def said(self, table: Mapping[str, dict[str, str]], key: object) -> str:
        """What people read for a key of the profile, in the language of the page where the organisation has it."""
        return self.profile.words(table, str(key), self.language)

    def told(self, at: datetime | None) -> str:
        """An hour on the organisation's clock."""
        return self.profile.told(at) if at else ""

    def percent(self, share: float | None) -> str:
        """A share from 0 to 1 as people write it; a dash where it is not known."""
        return NOTHING if share is None else load_words(self.language)["report"]["percent"].format(number=f"{100 * share:.0f}")

    def note(self, what: Noted, /, *, ticket: TicketId | None = None, about: str = "", **facts: str) -> None:
        """Into the log of access."""
        who = self.session.person.login if self.session else NOBODY
        self.store.audit.note([Note(at=self.now, who=who, what=what, ticket=ticket, about=about, facts=facts)])
