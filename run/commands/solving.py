"""The commands that a lead judges solutions with: `solutions list`, `show`, `adopt`, `confirm`, `edit`, `retire`, `unite`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from models.profiles import load_profile
from models.solutions import Solution, SolutionId, SolutionState, read_solution_number, solution_number
from models.store import Store
from review.solutions import next_version
from run.commands import outputs
from run.commands.opening import opened_store
from run.commands.options import JSON, PROFILE, user_here


class SolutionNumber(click.ParamType[SolutionId]):
    """`L-12` or `12`."""

    name = "number"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> SolutionId:
        number = read_solution_number(value if value[:1] in "lL" else f"L-{value}")
        return self.fail(f"{value!r} is no number of a solution", param, ctx) if number is None else number


NUMBER = SolutionNumber()


@click.group("solutions")
def solutions_group() -> None:
    """How cases were solved, to be confirmed by a lead and offered again."""


@solutions_group.command("list")
@PROFILE
@click.option("--state", type=click.Choice([str(state) for state in SolutionState]), default=None, help="Only these; all where not given.")
@JSON
def solutions_list(profile: str, state: str | None, *, as_json: bool) -> None:
    """Those that solved most cases first."""
    states = [SolutionState(state)] if state else list(SolutionState)
    with opened_store() as store:
        for solution in store.solutions.those(load_profile(profile).name, states):
            _show(solution, as_json=as_json)


@solutions_group.command("show")
@click.argument("number", type=NUMBER)
@PROFILE
@JSON
def solutions_show(number: SolutionId, profile: str, *, as_json: bool) -> None:
    """One with every text that it had."""
    with opened_store() as store:
        _show(_existing(store, load_profile(profile).name, number), as_json=as_json)
        for version in store.solutions.versions(number):
            values = asdict(version)
            click.echo(outputs.line(values) if as_json else f"  {version.number}  {version.written_at:%Y-%m-%d}  {version.text}")


@solutions_group.command("adopt")
@PROFILE
@click.option("--least", default=2, show_default=True, type=click.IntRange(1), help="Cases that it solved in the same words.")
def solutions_adopt(profile: str, least: int) -> None:
    """Propose what solved imported cases, for a lead to confirm."""
    with opened_store() as store:
        count = store.solutions.adopt(load_profile(profile).name, least, user_here(), datetime.now(UTC))
    click.echo(f"{count} solutions proposed")


@solutions_group.command("confirm")
@click.argument("numbers", nargs=-1, required=True, type=NUMBER)
@PROFILE
@click.option("--public/--for-teams", default=None, help="Whether reporters may be offered it too; as it was where not given.")
def solutions_confirm(numbers: tuple[SolutionId, ...], profile: str, *, public: bool | None) -> None:
    """A lead's yes: from now on they are offered."""
    with opened_store() as store:
        for number in numbers:
            store.solutions.judge(load_profile(profile).name, number, SolutionState.CONFIRMED, public=public)


@solutions_group.command("retire")
@click.argument("numbers", nargs=-1, required=True, type=NUMBER)
@PROFILE
def solutions_retire(numbers: tuple[SolutionId, ...], profile: str) -> None:
    """Out of date or wrong: they are offered no more."""
    with opened_store() as store:
        for number in numbers:
            store.solutions.judge(load_profile(profile).name, number, SolutionState.RETIRED)


@solutions_group.command("edit")
@click.argument("number", type=NUMBER)
@PROFILE
@click.option("--text", required=True, help="The new words; personal data is taken out of them.")
def solutions_edit(number: SolutionId, profile: str, text: str) -> None:
    """Write it anew; the earlier words are kept as versions."""
    with opened_store() as store:
        solution = _existing(store, load_profile(profile).name, number)
        store.solutions.rewrite(load_profile(profile).name, number, next_version(solution, text, user_here(), datetime.now(UTC)))


@solutions_group.command("unite")
@click.argument("number", type=NUMBER)
@click.argument("into", type=NUMBER)
@PROFILE
def solutions_unite(number: SolutionId, into: SolutionId, profile: str) -> None:
    """One solution for the cases of both: the first is retired, its cases and counts go to the other."""
    with opened_store() as store:
        store.solutions.unite(load_profile(profile).name, number, into)


def _existing(store: Store, profile: str, number: SolutionId) -> Solution:
    found = store.solutions.find(profile, number)
    if found is None:
        raise click.UsageError(f"there is no solution {solution_number(number)}")
    return found


def _show(solution: Solution, *, as_json: bool) -> None:
    values = asdict(solution) | {"number": solution_number(solution.id)}
    said = "public" if solution.public else "for teams"
    words = f"{values['number']}  {solution.state}  {said}  {solution.cases} cases, worked {solution.worked} of {solution.tried}  {solution.text}"
    click.echo(outputs.line(values) if as_json else words)
