"""The commands that tell which errors repeat, and keep what a person decides of them: `repeats`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from analyse.families import families_of
from analyse.harmless import harmless
from analyse.listing import Listed, listing
from analyse.repeats import Basis, find_repeats
from analyse.traits import Past
from ingest.redact import redact
from models.pages import load_words
from models.profiles import Profile
from models.records import TicketId
from models.repeats import Case, Repeat, RepeatId, read_repeat_number, repeat_number
from models.store import Store
from run.commands import outputs
from run.commands.opening import chosen_profile, opened_store
from run.commands.options import DATE, begin_of, user_here
from run.seeking import seek_all

FORMATS = ("table", "csv", "json")
PROFILE = click.option("--profile", default=None, help="The organisation; may be left out where the database has one.")
WORDS_SHOWN = 60


class RepeatNumber(click.ParamType[RepeatId]):
    """`R-12` or `12`."""

    name = "repeat"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> RepeatId:
        number = read_repeat_number(value)
        return self.fail(f"{value!r} is no repeat such as R-12", param, ctx) if number is None else number


NUMBER = RepeatNumber()


@click.group("repeats", invoke_without_command=True)
@PROFILE
@click.option("--since", type=DATE, default=None, help="Cases opened from this day on, as 2026-02-01.")
@click.option("--until", type=DATE, default=None, help="The day after the last.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--families", is_flag=True, help="What keeps coming back over months, requests and orders too, in place of single faults.")
@click.pass_context
def repeats_group(
    context: click.Context, profile: str | None, form: str, since: datetime | None, until: datetime | None, *, families: bool
) -> None:
    """Which errors repeat: cases of several people about one fault, what they cost, how they were solved, whether a machine could do it."""
    if context.invoked_subcommand:
        return
    with opened_store() as store:
        chosen = chosen_profile(profile, store)
        cases = _between(store.repeats.cases(chosen.name), since, until, ZoneInfo(chosen.timezone))
        found = families_of(cases, Past.learn(cases)) if families else search(store, chosen, cases, whole=not (since or until))
        imported = store.repeats.imported_ids(chosen.name)
    sentences = load_words(chosen.default_language)["automation"]
    _show([_row(one, imported) for one in listing(found, cases, sentences)], form)


def search(store: Store, profile: Profile, cases: Sequence[Case], *, whole: bool) -> tuple[Repeat, ...]:
    """The repeats among the cases; each keeps the number that it had. What is found among all of them is kept."""
    if whole:
        return tuple(one.repeat for one in seek_all(store, profile, cases, datetime.now(UTC)))
    basis = Basis(past=Past.learn(cases), told=store.repeats.told(profile.name))
    return find_repeats(cases, basis, store.repeats.found(profile.name)) if cases else ()


@repeats_group.command("merge")
@click.argument("numbers", nargs=-1, required=True, type=NUMBER)
@PROFILE
def repeats_merge(numbers: tuple[RepeatId, ...], profile: str | None) -> None:
    """These repeats are one: they stay together whatever the machine thinks."""
    if len(set(numbers)) < 2:
        raise click.UsageError("name two repeats or more")
    with opened_store() as store:
        chosen = chosen_profile(profile, store)
        repeats = [_repeat(store, chosen, number) for number in dict.fromkeys(numbers)]
        store.repeats.merge(chosen.name, repeats, user_here(), datetime.now(UTC))


@repeats_group.command("split")
@click.argument("number", type=NUMBER)
@click.argument("tickets", nargs=-1, required=True)
@PROFILE
def repeats_split(number: RepeatId, tickets: tuple[str, ...], profile: str | None) -> None:
    """These cases have another cause than the rest of the repeat: they stay apart from it, and so do the others together."""
    with opened_store() as store:
        chosen = chosen_profile(profile, store)
        repeat = _repeat(store, chosen, number)
        taken = [_member(store, chosen, repeat, ticket) for ticket in tickets]
        if set(taken) == set(repeat.tickets):
            raise click.UsageError("all of its cases are named: nothing would be left")
        store.repeats.split(chosen.name, repeat, taken, user_here(), datetime.now(UTC))


@repeats_group.command("name")
@click.argument("number", type=NUMBER)
@click.argument("name")
@PROFILE
def repeats_name(number: RepeatId, name: str, profile: str | None) -> None:
    """What people call it; personal data is taken out."""
    with opened_store() as store:
        chosen = chosen_profile(profile, store)
        _repeat(store, chosen, number)
        store.repeats.name(chosen.name, number, redact(name.strip()), user_here(), datetime.now(UTC))


def _repeat(store: Store, profile: Profile, number: RepeatId) -> Repeat:
    found = store.repeats.find(profile.name, number)
    if found is None:
        raise click.UsageError(f"there is no repeat {repeat_number(number)}: `saksgang repeats` finds them")
    return found.repeat


def _member(store: Store, profile: Profile, repeat: Repeat, named: str) -> TicketId:
    case = store.memory.find(profile.name, named)
    if case is None or case.ticket not in repeat.tickets:
        raise click.UsageError(f"case {named} is not in {repeat_number(repeat.id)}")
    return case.ticket


def _between(cases: Sequence[Case], since: datetime | None, until: datetime | None, zone: ZoneInfo) -> list[Case]:
    first, last = begin_of(since, zone), begin_of(until, zone)
    return [case for case in cases if (first is None or case.at >= first) and (last is None or case.at < last)]


def _row(one: Listed, imported: Mapping[TicketId, str]) -> dict[str, Any]:
    """`tickets` are the ids that cases were imported under, else their numbers."""
    return {
        "repeat": one.repeat,
        "label": one.label,
        "tickets": [imported.get(ticket, ticket) for ticket in one.tickets],
        "count": len(one.tickets),
        "reporters": one.reporters,
        "first": one.first,
        "last": one.last,
        "trend": one.direction,
        "trend_a_week": round(one.trend, 3),
        "service": one.service,
        "median_hours_to_solve": one.median_hours_to_solve,
        "known_solution": one.known_solution,
        "automation": {"score": one.automation, "reason": one.reason},
    }


def _show(rows: Sequence[dict[str, Any]], form: str) -> None:
    if form == "csv":
        _write_csv(rows)
        return
    for row in rows:
        click.echo(outputs.line(row) if form == "json" else _in_a_line(row))


def _in_a_line(row: dict[str, Any]) -> str:
    span = f"{row['first']:%Y-%m-%d} to {row['last']:%Y-%m-%d}"
    score = f"{row['automation']['score']:.2f}"
    counts = f"{row['repeat']:>8}  {row['count']:>4} cases  {row['reporters']:>4} reporters"
    return f"{counts}  {span}  {row['trend']:<8} {score}  {row['service']}  {row['label'][:WORDS_SHOWN]}"


def _write_csv(rows: Sequence[dict[str, Any]]) -> None:
    """A column for each key; tickets are divided by spaces, and what a machine could do stands in two columns."""
    writer = csv.writer(sys.stdout)
    writer.writerow([*COLUMNS, "automation", "automation_reason"])
    for row in rows:
        told = {**row, "tickets": " ".join(map(str, row["tickets"])), "first": row["first"].isoformat(), "last": row["last"].isoformat()}
        values = ["" if told[key] is None else told[key] for key in COLUMNS]
        writer.writerow([*map(harmless, values), row["automation"]["score"], row["automation"]["reason"]])


COLUMNS = (
    "repeat", "label", "tickets", "count", "reporters", "first", "last", "trend", "trend_a_week", "service", "median_hours_to_solve", "known_solution",
)  # fmt: skip
