"""The command that writes the report of a week, or of any time: `report`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from analyse.exports import Format, export
from analyse.listing import listing
from analyse.matter import Matter, matter_of
from analyse.periods import DAY, Period, last_whole_week, week_of
from analyse.report import Report, report_of, report_page
from models.files import PRIVATE
from models.pages import load_words
from models.profiles import Profile, load_profile
from run.commands.opening import opened_store
from run.commands.options import DATE, PROFILE
from run.commands.printed import OUT, save_page
from run.commands.repeating import search


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options that say of which time the report is."""

    week: str | None
    since: datetime | None
    until: datetime | None


@click.command("report")
@PROFILE
@OUT
@click.option("--week", default=None, help="An ISO week, as 2026-W07; the newest that is over where no time is given.")
@click.option("--since", type=DATE, default=None, help="First day of any other time, as 2026-02-01.")
@click.option("--until", type=DATE, default=None, help="The day after the last; tomorrow where it is not given.")
@click.option("--tables", type=click.Path(file_okay=False, path_type=Path), default=None, help="A folder for the report's tables.")
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Format]),
    default=Format.CSV.value,
    show_default=True,
    help="What the tables are written as.",
)
def report_command(profile: str, out: Path, tables: Path | None, form: str, **asked: Any) -> None:
    """Write the report of a week as a page that needs nothing else: how many cases came, when, to whom, how long they took."""
    chosen, now = load_profile(profile), datetime.now(UTC)
    period = _period(Asked(**asked), ZoneInfo(chosen.timezone), now)
    matter = _read(chosen, period)
    report = report_of(matter, now)
    save_page(out, report_page(report, matter).html, mode=PRIVATE)
    click.echo(f"{out}: {report.title}, {report.span}")
    if tables:
        _hand_on(report, tables, Format(form))


def _read(profile: Profile, period: Period) -> Matter:
    words = load_words(profile.default_language)
    with opened_store() as store:
        cases = store.repeats.cases(profile.name)
        repeats = listing(search(store, profile, cases, whole=True), cases, words["automation"])
        return matter_of(store, profile, period, words["report"], repeats=repeats)


def _hand_on(report: Report, folder: Path, form: Format) -> None:
    files = export(report.tables, folder, form)
    click.echo(f"{folder}: {len(report.tables)} tables in {len(files)} files")


def _period(asked: Asked, zone: ZoneInfo, now: datetime) -> Period:
    """The time that is asked for. A week and other days together, or days in the wrong order, are wrong use."""
    if asked.week and (asked.since or asked.until):
        raise click.UsageError("give --week, or --since and --until, not both")
    if asked.until and not asked.since:
        raise click.UsageError("--until needs --since")
    if asked.week:
        return _week(asked.week, zone)
    if asked.since is None:
        return last_whole_week(now, zone)
    after = asked.until.date() if asked.until else now.astimezone(zone).date() + DAY
    try:
        return Period(first=asked.since.date(), after=after, zone=zone)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--since, --until") from error


def _week(written: str, zone: ZoneInfo) -> Period:
    try:
        return week_of(written, zone)
    except ValueError as error:
        raise click.BadParameter(f"{written!r} is no week such as 2026-W07", param_hint="--week") from error
