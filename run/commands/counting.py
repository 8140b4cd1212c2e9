"""The commands that count cases: `workload`, `improvements`, `cases`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from models.profiles import load_profile
from run.commands import outputs
from run.commands.opening import opened_store
from run.commands.options import DATE, JSON, PROFILE, begin_of


@click.command("workload")
@PROFILE
@JSON
def workload_command(profile: str, *, as_json: bool) -> None:
    """Open cases by team and priority: how many, the oldest, how many over their time or waiting for their reporter."""
    with opened_store() as store:
        _show([asdict(load) for load in store.figures.workload(load_profile(profile).name, datetime.now(UTC))], as_json=as_json)


@click.command("improvements")
@PROFILE
@JSON
def improvements_command(profile: str, *, as_json: bool) -> None:
    """Each team's improvement list: the wishes for change that came in."""
    with opened_store() as store:
        _show([asdict(wish) for wish in store.figures.wishes(load_profile(profile).name)], as_json=as_json)


@click.command("cases")
@PROFILE
@click.option("--since", type=DATE, default=None, help="First day, as 2026-02-01; a year back where it is not given.")
@click.option("--until", type=DATE, default=None, help="The day after the last.")
@JSON
def cases_command(profile: str, since: datetime | None, until: datetime | None, *, as_json: bool) -> None:
    """Cases counted by how they came, who reported, what kind they are and where the fault springs from."""
    chosen = load_profile(profile)
    zone = ZoneInfo(chosen.timezone)
    last = begin_of(until, zone) or datetime.now(zone) + timedelta(days=1)
    first = begin_of(since, zone) or last - timedelta(days=365)
    with opened_store() as store:
        _show([asdict(came) for came in store.figures.came(chosen.name, first, last)], as_json=as_json)


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    for row in rows:
        click.echo(outputs.line(row) if as_json else "  ".join("-" if value is None else str(value) for value in row.values()))
