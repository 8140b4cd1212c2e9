"""The only place for what an organisation may choose: its profile folder, laid over `data/profiles/base`, checked."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import ProfileError
from models.records import TicketType

DATA = Path(__file__).resolve().parent.parent / "data"
PROFILES = DATA / "profiles"
LEXICON = DATA / "lexicon"
BASE = "base"

Words = dict[str, str]
"""Language code to words that people see."""
Level = Annotated[str, Field(pattern=r"^[1-9][0-9]?$")]


class Part(BaseModel):
    """One table of a profile: unknown keys are an error, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Desk(Part):
    """Who the organisation is to those who write to it."""

    title: str
    addresses: list[str]
    sender_name: str
    case_prefix: str = Field(pattern=r"^[A-Z]{2,8}$")
    staff_domains: list[str]


class Team(Part):
    """A queue that takes tickets; `members` may answer for it besides `address`."""

    title: Words
    address: str
    members: list[str] = []


class Thresholds(Part):
    """Below one of the first three probabilities a lead must look before the value is trusted.

    `grave`: from this probability on, the grave priorities together win over the likeliest one.
    """

    type: float = Field(ge=0, le=1)
    priority: float = Field(ge=0, le=1)
    team: float = Field(ge=0, le=1)
    grave: float = Field(ge=0, le=1)


class Automatic(Part):
    """The fixed values of a mail that no person wrote."""

    scope: str
    team: str
    service: str = ""


class Outgoing(Part):
    """How mails leave: `cap_per_hour` for one address that is no team, `dead_after_hours` until a person must look."""

    cap_per_hour: int = Field(ge=1)
    dead_after_hours: float = Field(gt=0)
    closing_words: list[str]
    solution_labels: list[str]


class Clause(Part):
    """One written clause of the policy: where all of `needs` are told and none of `unless`, priority is at least `floor`.

    `needs` and `unless` name cue groups of the lexicon, or `field=value` for what was already decided (scope, type,
    patient_safety).
    """

    floor: int = Field(ge=1, le=5)
    source: str
    needs: list[str]
    unless: list[str] = []
    reason: Words

    def cues(self) -> list[str]:
        """The cue groups among its conditions."""
        return [condition for condition in (*self.needs, *self.unless) if "=" not in condition]

    def decided(self) -> list[str]:
        """The conditions on what was decided before, `field=value`."""
        return [condition for condition in (*self.needs, *self.unless) if "=" in condition]


class Keywords(Part):
    """The fallback that works with no model: words per value; the value with most hits wins, the first on a tie."""

    type: dict[TicketType, list[str]]
    team: dict[str, list[str]]
    scope: dict[str, list[str]]
    service: dict[str, list[str]] = {}


class Profile(Part):
    """An organisation as data. `name` is the folder's name, `folder` where it lies."""

    name: str
    folder: Path
    languages: list[str]
    default_language: str
    desk: Desk
    types: dict[str, Words]
    priorities: dict[Level, Words]
    default_priority: dict[TicketType, int]
    scopes: dict[str, Words]
    default_scope: str
    doubt_team: str
    teams: dict[str, Team]
    thresholds: Thresholds
    grave_priority: int
    outgoing: Outgoing
    clauses: dict[str, Clause]
    lexicon: dict[str, list[str]]
    keywords: Keywords
    language_aliases: dict[str, str] = {}
    automatic: Automatic
    automatic_subjects: list[str]
    thanks: list[str]
    thanks_fillers: list[str]
    reasons: dict[str, Words]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Profile:
        used: list[tuple[str, object, Collection[object]]] = [
            ("doubt_team", self.doubt_team, self.teams),
            ("automatic.team", self.automatic.team, self.teams),
            ("automatic.scope", self.automatic.scope, self.scopes),
            ("default_scope", self.default_scope, self.scopes),
            ("default_language", self.default_language, self.languages),
            *(("keywords.team", team, self.teams) for team in self.keywords.team),
            *(("keywords.scope", scope, self.scopes) for scope in self.keywords.scope),
            *((f"clauses.{name}", cue, self.lexicon) for name, clause in self.clauses.items() for cue in clause.cues()),
            *(
                (f"clauses.{name}", condition, self._conditions())
                for name, clause in self.clauses.items()
                for condition in clause.decided()
            ),
            *((f"clauses.{name}.floor", clause.floor, self.levels) for name, clause in self.clauses.items()),
            *((f"default_priority.{kind}", level, self.levels) for kind, level in self.default_priority.items()),
        ]
        for key, value, known in used:
            if value not in known:
                raise ValueError(f"{key}: {value!r} is not one of {', '.join(sorted(map(str, known)))}")
        return self

    def _conditions(self) -> set[str]:
        """What a clause may ask of fields that were decided before it."""
        flags = {f"patient_safety={value}" for value in ("true", "false")}
        return {*flags, *(f"type={kind}" for kind in TicketType), *(f"scope={scope}" for scope in self.scopes)}

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """Priority levels, the gravest first."""
        return tuple(sorted(int(level) for level in self.priorities))

    def words(self, table: Mapping[str, Words], key: str, language: str) -> str:
        """What people read for `key`: in `language`, else the default language, else the key itself."""
        words = table.get(key, {})
        return words.get(language) or words.get(self.default_language) or key

    def team_title(self, team: str, language: str) -> str:
        return self.words({team: self.teams[team].title}, team, language)


def find_profile_folder(name: str) -> Path:
    """The folder of a shipped profile by name, or of a user's own by path; `ProfileError` where there is none."""
    shipped = PROFILES / name
    for folder in (shipped, Path(name)):
        if (folder / "profile.toml").is_file():
            return folder.resolve()
    known = sorted(p.parent.name for p in PROFILES.glob("*/profile.toml") if p.parent.name != BASE)
    raise ProfileError(name, "--profile", f"no such profile; shipped are {', '.join(known)}, or give a folder with profile.toml")


def load_profile(name: str) -> Profile:
    """Base and own, merged and checked. Raises `ProfileError` that names file, key and reason."""
    folder = find_profile_folder(name)
    raw: dict[str, Any] = {}
    origin: dict[str, Path] = {}
    for layer in (LEXICON, PROFILES / BASE, folder):
        for file in sorted(layer.glob("*.toml")):
            table = _read(file)
            origin.update(dict.fromkeys(_paths(table), file))
            raw = _merge(raw, table)
    try:
        return Profile.model_validate({**raw, "name": folder.name, "folder": folder})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or str(first["msg"]).removeprefix("Value error, ").split(":")[0]
        raise ProfileError(_origin(origin, key, folder), key, str(first["msg"]).removeprefix("Value error, ")) from error


def _paths(table: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Every key of a table and of the tables in it, dotted."""
    for key, value in table.items():
        yield f"{above}{key}"
        if isinstance(value, dict):
            yield from _paths(value, f"{above}{key}.")


def _origin(origin: Mapping[str, Path], key: str, folder: Path) -> Path:
    """The file that last said something of the key, or of the nearest table around it."""
    while key:
        if key in origin:
            return origin[key]
        key = key.rpartition(".")[0]
    return folder / "profile.toml"


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(file, "TOML", str(error)) from error


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Tables merge, lists and values replace."""
    merged = dict(under)
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _merge(merged[key], value)
        else:
            merged[key] = value
    return merged
