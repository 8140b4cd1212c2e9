"""The commands for those who run it: `run`, `status`, `doctor`, `tickets`, `confirm`, `quarantine`, `outbox`."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from models.profiles import load_profile
from models.records import Account, MailId, MailState, ParcelId, ParcelState, SmtpServer, TicketId
from models.store import Store, open_store
from run import outputs
from run.doctor import examine
from run.log import set_up_logging
from run.loop import Loop
from run.reading import JSON
from run.sandbox import Sandbox
from run.screen import Screen
from run.settings import Environment, accounts_of, load_configuration, load_environment
from run.wire import find_model, make_desk

CONFIG = click.option("--config", type=click.Path(dir_okay=False, path_type=Path), help="The configuration file (TOML).")
SECONDS_BETWEEN_SAMPLES = 0.4
STUCK = (ParcelState.DEAD, ParcelState.WAITING, ParcelState.CLAIMED, ParcelState.SENDING, ParcelState.HELD, ParcelState.SUPPRESSED)


@click.command("run")
@CONFIG
@click.option("--once", is_flag=True, help="One round of everything, then leave.")
@click.option("--demo-profile", default="siv", show_default=True, help="Whose sample mails to show where no --config is given.")
@click.pass_context
def run_command(context: click.Context, config: Path | None, demo_profile: str, *, once: bool) -> None:
    """Poll, handle and deliver until told to stop. Without --config: a local mail service with sample mails."""
    environment = load_environment()
    if config is None:
        _run_sandbox(environment, demo_profile, once=once)
        return
    configuration = load_configuration(config)
    accounts = accounts_of(configuration, config)
    set_up_logging()
    environment.home.mkdir(parents=True, exist_ok=True)
    store = open_store(environment.database_url())
    try:
        loop = _make_loop(environment, configuration.profile, store, accounts, environment.smtp(), show=sys.stdout.isatty())
        context.exit(0 if _go(loop, once=once) else 1)
    finally:
        store.close()


def _run_sandbox(environment: Environment, profile: str, *, once: bool) -> None:
    """The embedded default lives in a folder of its own, made anew at every start."""
    home = environment.home / "sandbox"
    set_up_logging(quiet=True)
    chosen = load_profile(profile)
    sandbox = Sandbox(home, chosen)
    inside = environment.model_copy(update={"home": home, "database": None})
    store = open_store(inside.database_url())
    sandbox.start()
    try:
        for words in (*sandbox.words(), f"ask it: SAKSGANG_HOME={home} saksgang status", "Ctrl-C stops everything.", ""):
            click.echo(words)
        loop = _make_loop(inside, profile, store, sandbox.accounts(), sandbox.server(), show=True)
        if once:
            sandbox.feed(0)
        else:
            threading.Thread(target=sandbox.feed, args=(SECONDS_BETWEEN_SAMPLES,), daemon=True).start()
        _go(loop, once=once)
    finally:
        sandbox.stop()
        _say_end(store)
        store.close()


def _make_loop(
    environment: Environment, profile: str, store: Store, accounts: Sequence[Account], server: SmtpServer, *, show: bool
) -> Loop:
    chosen = load_profile(profile)
    model = find_model(chosen, environment.trained, lambda words: click.echo(words, err=True))
    desk = make_desk(chosen, store, model, accounts, environment)
    if not show:
        return Loop(desk, accounts, server)
    screen = Screen(chosen, desk.numbers)
    screen.headings()
    return Loop(desk, accounts, server, screen.tell)


def _go(loop: Loop, *, once: bool) -> bool:
    if once:
        return loop.once()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.stop())
    return loop.forever()


def _say_end(store: Store) -> None:
    counts = store.mails.counts()
    mails = {state: sum(found[state] for found in counts.values()) for state in MailState}
    outbox = store.outbox.counts()
    click.echo(
        f"\n{mails[MailState.HANDLED]} mails handled, {mails[MailState.RECEIVED]} waiting, {mails[MailState.QUARANTINED]} in quarantine; "
        f"{outbox[ParcelState.SENT]} sent, {outbox[ParcelState.WAITING] + outbox[ParcelState.CLAIMED] + outbox[ParcelState.SENDING]} to send. Stopped cleanly."
    )


@click.command("status")
@JSON
def status_command(*, as_json: bool) -> None:
    """How the mailboxes, the pile of mails and the outbox stand."""
    with _opened() as store:
        report = _status(store, datetime.now(UTC))
    if as_json:
        click.echo(outputs.line(report))
        return
    for box in report["mailboxes"]:
        click.echo("  ".join(f"{key} {value}" for key, value in box.items() if value is not None))
    click.echo("outbox  " + "  ".join(f"{state} {count}" for state, count in report["outbox"].items()))
    click.echo(f"oldest unsent  {report['oldest_unsent'] or 'none'}")


def _status(store: Store, now: datetime) -> dict[str, Any]:
    counts = store.mails.counts()
    health = {found.account: found for found in store.health.all()}
    boxes = []
    for account in sorted({*counts, *health}):
        found = health.get(account)
        polled = found.polled_at if found else None
        boxes.append(
            {
                "account": account,
                "mode": found.mode if found else None,
                "last_poll": polled,
                "lag_seconds": round((now - polled).total_seconds(), 1) if polled else None,
                "failing_since": found.failing_since if found else None,
                "error": found.error if found else None,
                **{str(state): counts.get(account, {}).get(state, 0) for state in MailState},
            }
        )
    return {
        "mailboxes": boxes,
        "outbox": {str(state): count for state, count in store.outbox.counts().items()},
        "oldest_unsent": store.outbox.oldest_unsent(),
    }


@click.command("doctor")
@CONFIG
@JSON
@click.pass_context
def doctor_command(context: click.Context, config: Path | None, *, as_json: bool) -> None:
    """Examine configuration, database, model, mailboxes and SMTP, and say what to do for each fault."""
    if config is None:
        raise click.UsageError("doctor needs --config: the embedded default needs no doctor")
    environment = load_environment()
    configuration = load_configuration(config)
    accounts = accounts_of(configuration, config)
    profile = load_profile(configuration.profile)
    environment.home.mkdir(parents=True, exist_ok=True)
    ill = False
    for finding in examine(profile, accounts, environment.smtp(), environment.database_url(), environment.trained):
        ill = ill or not (finding.well or finding.warning)
        if as_json:
            click.echo(
                outputs.line(
                    {
                        "what": finding.what,
                        "well": finding.well,
                        "warning": finding.warning,
                        "found": finding.found,
                        "advice": finding.advice,
                    }
                )
            )
        else:
            sign = "ok  " if finding.well else "warn" if finding.warning else "FAIL"
            click.echo(
                f"{sign}  {finding.what}: {finding.found}" + (f"\n      {finding.advice}" if finding.advice and not finding.well else "")
            )
    context.exit(1 if ill else 0)


@click.command("tickets")
@click.option("--limit", default=50, show_default=True)
@JSON
def tickets_command(limit: int, *, as_json: bool) -> None:
    """The newest tickets and what was decided; in shadow mode: what would have been done."""
    with _opened() as store:
        lines = store.tickets.latest(limit)
    for found in lines:
        values = {
            key: getattr(found, key)
            for key in ("id", "opened_at", "status", "mode", "type", "priority", "scope", "team", "guessed_team", "unsure", "confidence")
        }
        click.echo(
            outputs.line(values)
            if as_json
            else "  ".join(str(values[key]) for key in ("id", "opened_at", "mode", "status", "type", "priority", "team"))
        )


@click.command("confirm")
@click.argument("tickets", nargs=-1, required=True)
@click.pass_context
def confirm_command(context: click.Context, tickets: tuple[str, ...]) -> None:
    """A lead's yes in assist mode: the mails of these tickets (42 or SIV-42) may leave."""
    numbers = [_ticket_number(ticket) for ticket in tickets]
    with _opened() as store:
        released = [store.outbox.confirm(ticket, datetime.now(UTC)) for ticket in numbers]
    for ticket, count in zip(tickets, released, strict=True):
        click.echo(f"ticket {ticket}: {count} mails released")
    context.exit(0 if all(released) else 1)


def _ticket_number(text: str) -> TicketId:
    digits = text.rpartition("-")[2]
    if not digits.isdecimal():
        raise click.BadParameter(f"{text!r} is no case number")
    return TicketId(int(digits))


@click.group("quarantine")
def quarantine_group() -> None:
    """Mails that could not be handled and wait for a person."""


@quarantine_group.command("list")
@JSON
def quarantine_list(*, as_json: bool) -> None:
    """Each with the error that put it there."""
    with _opened() as store:
        for mail in store.mails.quarantined():
            values = {
                "mail": mail.id,
                "account": mail.account,
                "received_at": mail.received_at,
                "bytes": mail.size,
                "error": mail.error,
                "attempts": mail.attempts,
            }
            click.echo(outputs.line(values) if as_json else "  ".join(map(str, values.values())))


@quarantine_group.command("retry")
@click.argument("mails", nargs=-1, type=int)
def quarantine_retry(mails: tuple[int, ...]) -> None:
    """Take mails (all where none is named) again at the next round."""
    with _opened() as store:
        count = store.mails.retry_quarantined([MailId(mail) for mail in mails] or None)
    click.echo(f"{count} mails back in line")


@click.group("outbox")
def outbox_group() -> None:
    """Outgoing mails that are not sent."""


@outbox_group.command("list")
@JSON
def outbox_list(*, as_json: bool) -> None:
    """Each with its state and the last error."""
    with _opened() as store:
        for found in store.outbox.list(STUCK):
            values = {
                "parcel": found.id, "ticket": found.ticket, "kind": found.kind, "state": found.state, "attempts": found.attempts,
                "created_at": found.created_at, "due_at": found.due_at, "error": found.error,
            }  # fmt: skip
            click.echo(outputs.line(values) if as_json else "  ".join(map(str, values.values())))


@outbox_group.command("retry")
@click.argument("parcels", nargs=-1, type=int)
def outbox_retry(parcels: tuple[int, ...]) -> None:
    """Try dead mails (all where none is named) again."""
    with _opened() as store:
        count = store.outbox.retry([ParcelId(parcel) for parcel in parcels] or None, datetime.now(UTC))
    click.echo(f"{count} mails back in line")


@contextmanager
def _opened() -> Iterator[Store]:
    """The installation's store for one command, closed afterwards."""
    environment = load_environment()
    environment.home.mkdir(parents=True, exist_ok=True)
    store = open_store(environment.database_url())
    try:
        yield store
    finally:
        store.close()
