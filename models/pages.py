"""The only place for how a page of HTML is filled: the words of each language, and templates in which nothing acts that a stranger wrote."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from models.profiles import DATA

WORDS = DATA / "pages"
LAST_LANGUAGE = "en"

Words = Mapping[str, Mapping[str, str]]
"""By table and key, as `data/pages/<language>/<table>.toml` has them."""


@cache
def load_words(language: str) -> Words:
    """The words of pages in a language; in English where it has none."""
    folder = WORDS / language
    chosen = folder if folder.is_dir() else WORDS / LAST_LANGUAGE
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(chosen.glob("*.toml"))}


def page_templates(folder: Path) -> Environment:
    """The folder's templates: values are escaped, and one that is missing is an error."""
    return Environment(
        loader=FileSystemLoader(folder), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
