"""The command that makes a list of what waits, for hours when the database or the case system is away: `reserve`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path

import click

from ingest.envelope import Listing
from models.case_numbers import short_number
from models.errors import MailboxError, StoreError
from models.files import PRIVATE
from models.kinds import Mode
from models.profiles import Profile, load_profile
from models.records import Account
from models.store.reserve import read_waiting
from models.waiting import OpenTicket, Waiting
from run.commands.options import CONFIG
from run.commands.printed import OUT, fill_page, save_page
from run.settings import accounts_of, load_configuration, load_environment
from run.wire import open_mailbox

MOST_MAILS = 1_000
"""Of one mailbox: what people can go through by hand."""
BLANK_ROWS = 14
"""For what is told by telephone meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One mailbox: what waits in it, or why that cannot be told."""

    account: Account
    listing: Listing | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """All that could be read. `waiting` is None where the database is away."""

    waiting: Waiting | None
    fault: str
    boxes: Sequence[Box]

    @property
    def whole(self) -> bool:
        return self.waiting is not None and not any(box.error for box in self.boxes)

    def faults(self) -> list[str]:
        return [fault for fault in (self.fault, *(box.error for box in self.boxes)) if fault]


@click.command("reserve")
@OUT
@CONFIG
@click.option("--profile", default=None, help="Whose cases, words and clock; the configuration's where it is not given.")
@click.pass_context
def reserve_command(context: click.Context, out: Path, config: Path | None, profile: str | None) -> None:
    """Write a page to print: the open cases, and the mails that lie in the mailboxes and are not handled. Nothing is changed anywhere."""
    chosen, accounts = configured_profile(config, profile)
    reserve = gather(chosen, accounts, load_environment().database_url())
    save_page(out, reserve_page(chosen, reserve, datetime.now(UTC)), mode=PRIVATE)
    for fault in reserve.faults():
        click.echo(f"saksgang: {fault}", err=True)
    mails = sum(box.listing.count for box in reserve.boxes if box.listing)
    cases = "no word of the cases" if reserve.waiting is None else f"{len(reserve.waiting.tickets)} open cases"
    click.echo(f"{out}: {cases}, {mails} mails in {len(reserve.boxes)} mailboxes")
    context.exit(0 if reserve.whole else 1)


def configured_profile(config: Path | None, profile: str | None) -> tuple[Profile, list[Account]]:
    """The profile that is named, else the configuration's; and the configuration's mailboxes."""
    if config is None:
        if profile is None:
            raise click.UsageError("give --config, --profile or both")
        return load_profile(profile), []
    configuration = load_configuration(config)
    return load_profile(profile or configuration.profile), accounts_of(configuration, config)


def gather(profile: Profile, accounts: Sequence[Account], database_url: str) -> Reserve:
    """The database first, then each mailbox; what is away is said and stops nothing."""
    waiting, fault = None, ""
    try:
        waiting = read_waiting(database_url, profile.name, accounts)
    except StoreError as error:
        fault = str(error)
    return Reserve(waiting=waiting, fault=fault, boxes=[_look_into(account, waiting) for account in accounts])


def _look_into(account: Account, waiting: Waiting | None) -> Box:
    try:
        mailbox = open_mailbox(replace(account, mode=Mode.SHADOW))  # a mailbox in shadow is opened to read
        try:
            settled = waiting.handled[account.name, account.folder].get(mailbox.uidvalidity, frozenset()) if waiting else None
            return Box(account=account, listing=mailbox.waiting(settled, MOST_MAILS))
        finally:
            mailbox.close()
    except MailboxError as error:
        return Box(account=account, error=str(error))


def reserve_page(profile: Profile, reserve: Reserve, now: datetime) -> str:
    tickets = reserve.waiting.tickets if reserve.waiting else ()
    return fill_page(
        "reserve.html",
        profile,
        now,
        reserve=reserve,
        teams=_by_team(profile, tickets),
        number=partial(short_number, profile.desk.case_prefix),
        blank_rows=BLANK_ROWS,
    )


def _by_team(profile: Profile, tickets: Sequence[OpenTicket]) -> list[tuple[str, list[OpenTicket]]]:
    """Teams as the profile orders them, each with its tickets, the gravest and most urgent first."""
    found = {team: list(some) for team, some in groupby(tickets, key=lambda ticket: ticket.team)}
    order = [*(team for team in profile.teams if team in found), *(team for team in found if team not in profile.teams)]
    return [(team, found[team]) for team in order]
