"""The only place for what an organisation may choose: its profile folder, laid over `data/profiles/base`, checked."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, ValidationError, model_validator

from models.errors import ProfileError
from models.hours import Hours
from models.kinds import BY_HAND, CameBy, TicketType
from models.parts import (
    Advice,
    Agreement,
    Alarm,
    Automatic,
    Clause,
    Deadline,
    Decision,
    Desk,
    EarlierCases,
    FaqEntry,
    FinalReview,
    Hook,
    HookName,
    Incidents,
    InstructionKind,
    Keywords,
    Ladder,
    Learning,
    Level,
    Outgoing,
    Pages,
    Part,
    Question,
    Risk,
    SurgeRules,
    Team,
    Trust,
    Words,
    parts_of,
)
from models.settings import Setting, leaves_of, told_value

DATA = Path(__file__).resolve().parent.parent / "data"
PROFILES = DATA / "profiles"
LEXICON = DATA / "lexicon"
BASE = "base"


class Profile(Part):
    """An organisation as data. `name` is the folder's name, `folder` where it lies."""

    name: str
    folder: Path
    languages: list[str]
    default_language: str
    timezone: str
    hours: dict[str, Hours]
    deadlines: dict[Level, Deadline]
    escalation: Ladder
    alarm: Alarm
    final_review: FinalReview
    risks: dict[str, Risk]
    questions: dict[str, Question]
    advice: dict[str, Advice]
    decision: Decision
    incidents: Incidents
    surges: SurgeRules
    earlier: EarlierCases
    faq: dict[str, FaqEntry]
    faq_days: float = Field(gt=0)
    registrations: dict[CameBy, list[str]]
    instructions: dict[InstructionKind, list[str]]
    kin: list[str]
    desk: Desk
    types: dict[str, Words]
    priorities: dict[Level, Words]
    default_priority: dict[TicketType, int]
    scopes: dict[str, Words]
    default_scope: str
    doubt_team: str
    teams: dict[str, Team]
    trust: Trust
    pages: Pages
    learning: Learning
    grave_priority: int
    miss_cost: float = Field(ge=1)
    outgoing: Outgoing
    services: dict[str, Words]
    reporters: dict[str, Words]
    clauses: dict[str, Clause]
    agreements: dict[str, Agreement]
    lexicon: dict[str, dict[str, list[str]]]
    keywords: Keywords
    language_aliases: dict[str, str]
    automatic: Automatic
    automatic_subjects: list[str]
    thanks: list[str]
    thanks_fillers: list[str]
    reasons: dict[str, Words]
    webhooks: dict[HookName, Hook]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Profile:
        conditions = self._conditions()
        routed = conditions | {f"service={name}" for name in self.services} | {f"reporter={name}" for name in self.reporters}
        used: list[tuple[str, object, Collection[object]]] = [
            ("doubt_team", self.doubt_team, self.teams),
            ("automatic.team", self.automatic.team, self.teams),
            ("automatic.scope", self.automatic.scope, self.scopes),
            ("default_scope", self.default_scope, self.scopes),
            ("default_language", self.default_language, self.languages),
            *(("keywords.team", team, self.teams) for team in self.keywords.team),
            *(("keywords.scope", scope, self.scopes) for scope in self.keywords.scope),
            *((f"clauses.{name}", cue, self.cue_groups) for name, clause in self.clauses.items() for cue in clause.cues()),
            *((f"clauses.{name}", condition, conditions) for name, clause in self.clauses.items() for condition in clause.decided()),
            *((f"clauses.{name}.floor", clause.floor, self.levels) for name, clause in self.clauses.items()),
            *((f"default_priority.{kind}", level, self.levels) for kind, level in self.default_priority.items()),
            *((f"agreements.{name}", part, conditions) for name, agreement in self.agreements.items() for part in agreement.parts()),
            ("timezone", self.timezone, available_timezones()),
            *(("registrations", came_by, BY_HAND) for came_by in self.registrations),
            *((f"deadlines.{level}", int(level), self.levels) for level in self.deadlines),
            ("decision.no_priority", self.decision.no_priority, {0, *self.levels}),
            *(
                (f"teams.{name}.{key}", kind, {"any", *self.reporters})
                for name, team in self.teams.items()
                for key, kinds in (("address_by_reporter", team.address_by_reporter), ("answers_through", team.answers_through))
                for kind in kinds
            ),
            *((f"deadlines.{level}.hours", deadline.hours, self.hours) for level, deadline in self.deadlines.items()),
            *(
                (f"{key}.hours", ladder.hours, {"", *self.hours})
                for key, ladder in (("escalation", self.escalation), ("alarm", self.alarm))
            ),
            *((f"teams.{name}.hours", team.hours, {"", *self.hours}) for name, team in self.teams.items()),
            *(
                (f"teams.{name}.answers_through", front, self.teams)
                for name, team in self.teams.items()
                for front in team.answers_through.values()
            ),
            ("final_review.by", self.final_review.by, {"", *self.teams}),
            *((key, part, routed) for key, when in self._routed_conditions() for part in parts_of(when)),
            *(
                (f"questions.{name}.answered_by", cue, self.cue_groups)
                for name, question in self.questions.items()
                for cue in question.answered_by
            ),
            *(
                (f"decision.{key}", team, {"", *self.teams})
                for key, team in (("team", self.decision.team), ("no_team", self.decision.no_team))
            ),
        ]
        for key, value, known in used:
            if value not in known:
                raise ValueError(f"{key}: {value!r} is not one of {', '.join(sorted(map(str, known)))}")
        return self

    def _routed_conditions(self) -> Iterator[tuple[str, list[str]]]:
        """What the routine asks of a ticket, by key; it may name its service and its kind of reporter too."""
        yield "final_review.when", self.final_review.when
        yield "decision.when", self.decision.when
        for table, entries in (("risks", self.risks), ("questions", self.questions), ("advice", self.advice), ("faq", self.faq)):
            yield from ((f"{table}.{name}.when", entry.when) for name, entry in entries.items())

    def _conditions(self) -> set[str]:
        """What clauses and agreements may say of fields, `field=value`."""
        values: dict[str, Iterable[object]] = {
            "type": TicketType, "priority": self.levels, "scope": self.scopes, "team": self.teams, "patient_safety": (True, False),
        }  # fmt: skip
        return {f"{field}={written(value)}" for field, options in values.items() for value in options}

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """Priority levels, the gravest first."""
        return tuple(sorted(int(level) for level in self.priorities))

    @cached_property
    def cue_groups(self) -> dict[str, list[str]]:
        """The lexicon's words by group, of all languages that the organisation reads together."""
        found: dict[str, list[str]] = {}
        for language in self.languages:
            for group, words in self.lexicon.get(language, {}).items():
                found[group] = [*found.get(group, []), *words]
        return found

    @property
    def risk_titles(self) -> dict[str, Words]:
        return {name: risk.title for name, risk in self.risks.items()}

    @property
    def team_titles(self) -> dict[str, Words]:
        return {name: team.title for name, team in self.teams.items()}

    def words(self, table: Mapping[str, Words], key: str, language: str) -> str:
        """What people read for `key`: in `language`, else the default language, else the key itself."""
        words = table.get(key, {})
        return words.get(language) or words.get(self.default_language) or key

    def told(self, at: datetime) -> str:
        """A moment as people read it, on the organisation's clock."""
        return f"{at.astimezone(ZoneInfo(self.timezone)):%Y-%m-%d %H:%M}"

    def team_title(self, team: str, language: str) -> str:
        return self.words(self.team_titles, team, language)


def written(value: object) -> str:
    """A field's value as profiles write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def holds(condition: str, values: Mapping[str, object]) -> bool:
    """Whether the values have what a condition says: `field=value`, or `field=value|value` where several will do."""
    field, _, wanted = condition.partition("=")
    return written(values[field]) in wanted.split("|")


def all_hold(conditions: Iterable[str], values: Mapping[str, object]) -> bool:
    """Whether the values have what every condition says; true where there is none."""
    return all(holds(condition, values) for condition in conditions)


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
    raw, origin = _layers(folder)
    try:
        return Profile.model_validate({**raw, "name": folder.name, "folder": folder})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or str(first["msg"]).removeprefix("Value error, ").split(":")[0]
        raise ProfileError(_origin(origin, key, folder), key, str(first["msg"]).removeprefix("Value error, ")) from error


def settings_of(profile: Profile) -> list[Setting]:
    """Every value of a profile with the file that says it last, as base has them ordered."""
    raw, origin = _layers(profile.folder)
    return [
        Setting(key=key, value=told_value(value), source=f"{file.parent.name}/{file.name}", is_own=file.parent == profile.folder)
        for key, value in leaves_of(raw)
        for file in [_origin(origin, key, profile.folder)]
    ]


def _layers(folder: Path) -> tuple[dict[str, Any], dict[str, Path]]:
    """Lexicon, base and own merged, and by key the file that said something of it last."""
    raw: dict[str, Any] = {}
    origin: dict[str, Path] = {}
    for layer in (LEXICON, PROFILES / BASE, folder):
        for file in sorted(layer.glob("*.toml")):
            table = _read(file)
            origin.update(dict.fromkeys(_paths(table), file))
            raw = _merge(raw, table)
    return raw, origin


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
