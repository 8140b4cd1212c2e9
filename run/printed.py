"""The only place for pages that people print: their words, their templates, the file they are written to."""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from models.errors import SaksgangError
from models.profiles import DATA, Profile

TEMPLATES = Path(__file__).resolve().parent / "templates"
WORDS = DATA / "pages"
LAST_LANGUAGE = "en"
PRIVATE = 0o600
PUBLIC = 0o644
OUT = click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The page to write (HTML).")

Words = Mapping[str, Mapping[str, str]]
"""By table and key, as `data/pages/<language>.toml` has them."""


def load_words(language: str) -> Words:
    """The words of pages in a language; in English where it has none."""
    file = WORDS / f"{language}.toml"
    chosen = file if file.is_file() else WORDS / f"{LAST_LANGUAGE}.toml"
    found: dict[str, dict[str, str]] = tomllib.loads(chosen.read_text(encoding="utf-8"))
    return found


def fill_page(name: str, profile: Profile, now: datetime, **values: Any) -> str:
    """A page as HTML that needs nothing else; its times are on the organisation's clock."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"clock": partial(_clock, profile), "size": _size, "duration": _duration}
    language = profile.default_language
    return environment.get_template(name).render(
        profile=profile, language=language, words=load_words(language), made_at=now, said=partial(_said, profile), **values
    )


def save_page(file: Path, page: str, *, mode: int) -> None:
    """Whole or not at all: an earlier page stays until the new one is on disk."""
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as aside:
            try:
                aside.write(page)
                aside.flush()
                os.fsync(aside.fileno())
                Path(aside.name).chmod(mode)
                os.replace(aside.name, file)
            except BaseException:
                Path(aside.name).unlink()
                raise
    except OSError as error:
        raise SaksgangError(f"{file}: the page cannot be written: {error.strerror}") from error


def _clock(profile: Profile, at: datetime | None) -> str:
    return profile.told(at) if at else ""


def _said(profile: Profile, table: Mapping[str, dict[str, str]], key: str) -> str:
    """What people of the organisation read for a key."""
    return profile.words(table, key, profile.default_language)


def _size(count: int) -> str:
    kilobytes = count / 1000
    return f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{max(round(kilobytes), 1)} kB"


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))
