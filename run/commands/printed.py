"""The only place for pages that people print: their templates, the file they are written to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from models.errors import SaksgangError
from models.files import write_whole
from models.pages import load_words, page_templates
from models.profiles import Profile

TEMPLATES = Path(__file__).resolve().parent / "templates"
OUT = click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The page to write (HTML).")


def fill_page(name: str, profile: Profile, now: datetime, **values: Any) -> str:
    """A page as HTML that needs nothing else; its times are on the organisation's clock."""
    environment = page_templates(TEMPLATES)
    environment.filters |= {"clock": partial(_clock, profile), "size": _size, "duration": _duration}
    language = profile.default_language
    return environment.get_template(name).render(
        profile=profile, language=language, words=load_words(language), made_at=now, said=partial(_said, profile), **values
    )


def save_page(file: Path, page: str, *, mode: int) -> None:
    """Whole or not at all: an earlier page stays until the new one is on disk."""
    try:
        write_whole(file, page.encode(), mode=mode)
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
