"""The commands that say who may use the pages, and tell what they did there: `people` and `audit`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from models.errors import ValuesRefusedError
from models.people import NewPerson, NoteSearch, Person, Role
from models.profiles import Profile, load_profile
from models.store import Store
from review.log_lines import values_of
from review.staffing import Hand, as_before, change, hire, invite, is_local
from run.commands import outputs
from run.commands.opening import opened_store
from run.commands.options import AT_COMMAND_LINE, CONFIG, DATE, JSON, begin_of
from run.commands.tokens import TOKEN_COMMANDS
from run.settings import WebTable, load_configuration

ROLE = click.option("--role", "roles", multiple=True, type=click.Choice([str(role) for role in Role]), help="May be given more than once.")
TEAM = click.option("--team", "teams", multiple=True, help="Whose cases a member sees; may be given more than once.")


@click.group("people")
def people_group() -> None:
    """Who may use the pages. Nobody has a password until they set one by a link that works once."""


for command in TOKEN_COMMANDS:
    people_group.add_command(command)


@people_group.command("list")
@JSON
def people_list(*, as_json: bool) -> None:
    """By login, with roles and teams."""
    with opened_store() as store:
        for person in store.people.all():
            values = {"login": person.login, "name": person.name, "roles": sorted(person.roles), "teams": sorted(person.teams)}
            stands = "disabled" if person.disabled else "by provider" if person.subject else "local"
            words = (person.login, person.name, ",".join(values["roles"]), ",".join(values["teams"]), stands)
            click.echo(outputs.line(values | {"stands": stands}) if as_json else "  ".join(word for word in words if word))


@people_group.command("add")
@click.argument("login")
@click.option("--name", required=True, help="As colleagues know them.")
@ROLE
@TEAM
@CONFIG
def people_add(login: str, name: str, roles: tuple[str, ...], teams: tuple[str, ...], config: Path | None) -> None:
    """Add a person and print the link that lets them in once."""
    web = _web_of(config, teams)
    if not roles:
        raise click.UsageError("--role: give one at least")
    new = NewPerson(login=login.lower(), name=name, roles=frozenset(map(Role, roles)), teams=frozenset(teams))
    with opened_store() as store:
        try:
            person = hire(_hand(store), new)
        except ValuesRefusedError as error:
            raise click.UsageError(f"there is a person {login} already") from error
        click.echo(invitation(store, person, web.reached_at))


@people_group.command("invite")
@click.argument("login")
@CONFIG
def people_invite(login: str, config: Path | None) -> None:
    """Print a new link that lets a person in once, to set a password anew."""
    web = _web_of(config, ())
    with opened_store() as store:
        person = _existing(store, login)
        if not is_local(person):
            raise click.UsageError(
                f"{person.login} comes in by the identity provider: a password here would open where the provider has shut"
            )
        click.echo(invitation(store, person, web.reached_at))


@people_group.command("change")
@click.argument("login")
@ROLE
@TEAM
@CONFIG
def people_change(login: str, roles: tuple[str, ...], teams: tuple[str, ...], config: Path | None) -> None:
    """Give a person other roles or teams; what is not given stays. A person who was disabled may come in again."""
    _web_of(config, teams)
    with opened_store() as store:
        person = _existing(store, login)
        new = replace(as_before(person), roles=frozenset(map(Role, roles)) or person.roles, teams=frozenset(teams) or person.teams)
        change(_hand(store), person, new)


@people_group.command("disable")
@click.argument("login")
def people_disable(login: str) -> None:
    """Sign a person out everywhere and let them in no more; what they did stays in the log."""
    with opened_store() as store:
        person = _existing(store, login)
        change(_hand(store), person, as_before(person), disabled=True)


@click.command("audit")
@click.option("--since", type=DATE, default=None, help="First day (UTC), as 2026-02-01; thirty days ago where it is not given.")
@click.option("--until", type=DATE, default=None, help="The day after the last (UTC); now where it is not given.")
@JSON
def audit_command(since: datetime | None, until: datetime | None, *, as_json: bool) -> None:
    """The log of access: who looked at which mail and changed what."""
    end = begin_of(until, UTC) or datetime.now(UTC)
    begin = begin_of(since, UTC) or end - timedelta(days=30)
    with opened_store() as store:
        for note in store.audit.read(NoteSearch(since=begin, until=end)):
            values = values_of(note)
            click.echo(outputs.line(values) if as_json else "  ".join(map(str, values.values())))


def invitation(store: Store, person: Person, address: str) -> str:
    """A link that lets the person in once."""
    return f"{address}{invite(_hand(store), person)}"


def _hand(store: Store) -> Hand:
    return Hand(store=store, by=AT_COMMAND_LINE, now=datetime.now(UTC))


def _existing(store: Store, login: str) -> Person:
    found = {person.login: person for person in store.people.all()}.get(login.lower())
    if found is None:
        raise click.UsageError(f"there is no person {login}")
    return found


def _web_of(config: Path | None, teams: Iterable[str]) -> WebTable:
    """How the pages are reached; teams that the configured organisation does not have are wrong use."""
    if config is None:
        return WebTable()
    configuration = load_configuration(config)
    profile: Profile = load_profile(configuration.profile)
    for team in teams:
        if team not in profile.teams:
            raise click.UsageError(f"--team: {profile.name} has no team {team}; it has {', '.join(profile.teams)}")
    return configuration.web
