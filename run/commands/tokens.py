"""The commands that make, list and revoke the tokens by which other systems come in: `people token`, `people tokens`, `people revoke`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click

from models.people import Noted, Role
from models.tokens import NewToken, TokenId
from review.staffing import Hand
from run.commands import outputs
from run.commands.opening import opened_store
from run.commands.options import AT_COMMAND_LINE, JSON

YEAR = 365


@click.command("token")
@click.argument("login")
@click.option("--name", required=True, help="What it is for, such as the other system's name.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([str(role) for role in Role]),
    help="No more than these; all of the person's where not given.",
)
@click.option("--days", default=YEAR, show_default=True, type=click.IntRange(1, 3 * YEAR), help="How long it lets in.")
def token_command(login: str, name: str, roles: tuple[str, ...], days: int) -> None:
    """Make a token by which another system comes in for a person, and print it, once."""
    now = datetime.now(UTC)
    with opened_store() as store:
        person = store.people.find(login.lower())
        if person is None:
            raise click.UsageError(f"there is no person {login} who may come in")
        chosen = frozenset(map(Role, roles)) or person.roles
        if not chosen <= person.roles:
            raise click.UsageError(f"--role: {login} is no {', '.join(sorted(chosen - person.roles))}")
        token = store.tokens.make(NewToken(person=person.id, name=name, roles=chosen, ends_at=now + timedelta(days=days)), now)
        Hand(store=store, by=AT_COMMAND_LINE, now=now).note(Noted.KEY_MADE, person.login, {"name": name})
    click.echo(token)


@click.command("tokens")
@click.argument("login", required=False)
@JSON
def tokens_command(login: str | None, *, as_json: bool) -> None:
    """The tokens of a person, or of everybody; nobody can read their secrets any more."""
    now = datetime.now(UTC)
    with opened_store() as store:
        for token in store.tokens.all(login and login.lower()):
            stands = "revoked" if token.revoked_at else "over" if token.ends_at <= now else "stands"
            used = f"used {token.used_at:%Y-%m-%d}" if token.used_at else "never used"
            words = (str(token.id), token.login, token.name, ",".join(sorted(token.roles)), f"until {token.ends_at:%Y-%m-%d}", used, stands)
            values = asdict(token) | {"roles": sorted(token.roles), "stands": stands}
            click.echo(outputs.line(values) if as_json else "  ".join(words))


@click.command("revoke")
@click.argument("token", type=int)
def revoke_command(token: int) -> None:
    """From now on this token (its number in `people tokens`) lets nobody in."""
    now = datetime.now(UTC)
    with opened_store() as store:
        if not store.tokens.revoke(TokenId(token), now):
            raise click.UsageError(f"there is no token {token} that lets anybody in")
        Hand(store=store, by=AT_COMMAND_LINE, now=now).note(Noted.KEY_REVOKED, f"token {token}", {})


TOKEN_COMMANDS = (token_command, tokens_command, revoke_command)
