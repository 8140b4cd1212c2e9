"""The command that makes a dated copy of an organisation's routines and mail templates, to be printed: `routines`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from models.errors import ProfileError
from models.files import READABLE
from models.hours import MINUTES_OF_DAY, WEEKDAYS, Hours, Span
from models.pages import load_words
from models.profiles import Profile
from route.templates import folders_of
from run.commands.options import CONFIG
from run.commands.printed import OUT, fill_page, save_page
from run.commands.reserve import configured_profile
from run.copied import remember_copy
from run.settings import load_environment

TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|\w+|[^\w\s]+")
SIGNS = {"==": "=", "!=": "≠"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a template: its words, a place that is filled (`slot`) or a condition (`rule`)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template in one language; no pieces where the organisation has none in it and `stand_in` is sent."""

    language: str
    own: bool
    subject: Sequence[Piece] = ()
    text: Sequence[Piece] = ()
    stand_in: str = ""


@click.command("routines")
@OUT
@CONFIG
@click.option("--profile", default=None, help="Whose routines; the configuration's where it is not given.")
def routines_command(out: Path, config: Path | None, profile: str | None) -> None:
    """Write a dated copy of all mail templates and routines as a page to print, and remember when."""
    chosen, _ = configured_profile(config, profile)
    home, now = load_environment().home, datetime.now(UTC)
    page = routines_page(chosen, now)
    save_page(out, page, mode=READABLE)
    remember_copy(home, now)
    click.echo(f"{out}: routines of {chosen.name}, {now:%Y-%m-%d}")


def routines_page(profile: Profile, now: datetime) -> str:
    facts = load_words(profile.default_language)["facts"]
    return fill_page(
        "routines.html",
        profile,
        now,
        mails=[(kind, list(_templates(profile, kind, facts))) for kind in template_kinds(profile)],
        hours={name: week_of(hours) for name, hours in profile.hours.items()},
        days={name: {day: _spans(spans) for day, spans in hours.days.items()} for name, hours in profile.hours.items()},
    )


def template_kinds(profile: Profile) -> list[str]:
    """Every kind of outgoing mail that has a template in a language of the organisation or in the last resort, English."""
    files = (file for folder in folders_of(profile) for language in _tongues(profile) for file in (folder / language).glob("*.txt"))
    return sorted({file.stem for file in files})


def _templates(profile: Profile, kind: str, facts: Mapping[str, str]) -> Iterator[Template]:
    words = load_words(profile.default_language)["rules"]
    for language in profile.languages:
        if file := _find(profile, kind, language):
            subject, _, text = _read(file).partition("\n")
            own = file.is_relative_to(profile.folder)
            yield Template(
                language=language,
                own=own,
                subject=list(read_template(subject, facts, words)),
                text=list(read_template(text.strip("\n"), facts, words)),
            )
        else:
            stand_in = next((other for other in (profile.default_language, "en") if _find(profile, kind, other)), "")
            yield Template(language=language, own=False, stand_in=stand_in)


def read_template(source: str, facts: Mapping[str, str], rules: Mapping[str, str]) -> Iterator[Piece]:
    """A template in pieces that people can read: facts by their names in the organisation's language, conditions in words."""
    for stretch in TAG.split(source):
        if stretch.startswith("{{"):
            yield Piece(kind="slot", text=_spoken(stretch, facts, rules))
        elif stretch.startswith("{%"):
            yield Piece(kind="rule", text=_spoken(stretch, facts, rules))
        elif stretch and not stretch.startswith("{#"):
            yield Piece(kind="words", text=stretch)


def _spoken(tag: str, facts: Mapping[str, str], rules: Mapping[str, str]) -> str:
    tokens = TOKEN.findall(tag[2:-2].strip("-+ "))
    return " ".join(rules.get(token) or facts.get(token) or SIGNS.get(token) or token.replace("_", " ") for token in tokens)


def _find(profile: Profile, kind: str, language: str) -> Path | None:
    """The organisation's own template in a language, else the one that all have."""
    files = (folder / language / f"{kind}.txt" for folder in folders_of(profile))
    return next((file for file in files if file.is_file()), None)


def _tongues(profile: Profile) -> set[str]:
    return {*profile.languages, "en"}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(file, file.stem, f"the template cannot be read: {type(error).__name__}") from error


def week_of(hours: Hours) -> list[tuple[str, str, str]]:
    """Days with the same times together: first day, last day, times; a day that is missing is closed."""
    found: list[tuple[str, str, str]] = []
    for number, day in enumerate(WEEKDAYS):
        times = _spans(hours.week.get(number, ()))
        if found and found[-1][2] == times:
            found[-1] = (found[-1][0], day, times)
        else:
            found.append((day, day, times))
    return found


def _spans(spans: Sequence[Span]) -> str:
    return ", ".join(f"{_minute(span.opens)}–{_minute(span.closes)}" for span in spans)


def _minute(minute: int) -> str:
    return "24:00" if minute == MINUTES_OF_DAY else f"{minute // 60:02}:{minute % 60:02}"
