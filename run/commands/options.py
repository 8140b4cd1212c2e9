"""The only place for options that several commands share, and for how their results are printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from getpass import getuser
from pathlib import Path
from typing import Any

import click

from run.commands import outputs

BATCH = 64
"""Mails classified together: what a model does per call is done once for all of them."""

AT_COMMAND_LINE = "command line"
"""Who did it, in the log of access, where nobody is signed in."""
JSON = click.option("--json", "as_json", is_flag=True, help="Lines of JSON.")
PROFILE = click.option("--profile", required=True, help="A shipped profile's name, or the folder of your own.")
PATHS = click.argument("paths", nargs=-1, required=True)
DATE = click.DateTime(formats=["%Y-%m-%d"])
"""A day of no zone yet: `begin_of` gives it one."""
CONFIG = click.option("--config", type=click.Path(dir_okay=False, path_type=Path), help="The configuration file (TOML).")


def user_here() -> str:
    """Who is logged in at this machine; a container's user may have no name."""
    try:
        return getuser()
    except (KeyError, OSError):  # KeyError before Python 3.13
        return AT_COMMAND_LINE


def begin_of(day: datetime | None, zone: tzinfo) -> datetime | None:
    """When a `DATE` begins in a zone; None where none was given."""
    return day.replace(tzinfo=zone) if day else None


def print_lines(context: click.Context, lines: Iterable[dict[str, Any]], *, as_json: bool, keys: tuple[str, ...]) -> None:
    """Print each as it comes, and leave with status 1 where one of them is an error."""
    failed = False
    for values in lines:
        failed = failed or "error" in values
        click.echo(outputs.line(values) if as_json else _for_people(values, keys))
    context.exit(1 if failed else 0)


def _for_people(values: dict[str, Any], keys: tuple[str, ...]) -> str:
    if "error" in values:
        return f"{values['id']}: {values['error']}"
    return "  ".join(str(values[key]) for key in keys)
