"""The commands that look into the store and give a person's word: `status`, `tickets`, `confirm`, `quarantine`, `outbox`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from models.kinds import UNSENT
from models.records import MailId, ParcelId, TicketId
from models.store import Store
from review.judging import let_go
from run.commands import outputs
from run.commands.opening import opened_store
from run.commands.options import JSON, user_here
from run.copied import copied_at
from run.settings import load_environment


@click.command("status")
@JSON
def status_command(*, as_json: bool) -> None:
    """How the mailboxes, the pile of mails and the outbox stand."""
    with opened_store() as store:
        report = _status(store, datetime.now(UTC)) | {"routines_copied_at": copied_at(load_environment().home)}
    if as_json:
        click.echo(outputs.line(report))
        return
    for box in report["mailboxes"]:
        click.echo("  ".join(f"{key} {value}" for key, value in box.items() if value is not None))
    click.echo("outbox  " + "  ".join(f"{state} {count}" for state, count in report["outbox"].items()))
    click.echo(f"oldest unsent  {report['oldest_unsent'] or 'none'}")
    click.echo(f"routines copied  {report['routines_copied_at'] or 'never'}")


def _status(store: Store, now: datetime) -> dict[str, Any]:
    boxes = []
    for box in store.mailboxes():
        found = box.health
        polled = found.polled_at if found else None
        boxes.append(
            {
                "account": box.account,
                "mode": found.mode if found else None,
                "last_poll": polled,
                "lag_seconds": round((now - polled).total_seconds(), 1) if polled else None,
                "failing_since": found.failing_since if found else None,
                "error": found.error if found else None,
                **{str(state): count for state, count in box.mails.items()},
            }
        )
    return {
        "mailboxes": boxes,
        "outbox": {str(state): count for state, count in store.outbox.counts().items()},
        "oldest_unsent": store.outbox.oldest_unsent(),
    }


@click.command("tickets")
@click.option("--limit", default=50, show_default=True)
@JSON
def tickets_command(limit: int, *, as_json: bool) -> None:
    """The newest tickets and what was decided; in shadow mode: what would have been done."""
    with opened_store() as store:
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
@click.option("--by", default=user_here, show_default="who is logged in here", help="Who says it: their name at the pages.")
@click.pass_context
def confirm_command(context: click.Context, tickets: tuple[str, ...], by: str) -> None:
    """A lead's yes in assist mode: the mails of these tickets (42 or ABC-42) may leave, and what was decided is right."""
    numbers = [_ticket_number(ticket) for ticket in tickets]
    with opened_store() as store:
        released = [let_go(store, ticket, by, datetime.now(UTC)) for ticket in numbers]
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
    with opened_store() as store:
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
    with opened_store() as store:
        count = store.mails.retry_quarantined([MailId(mail) for mail in mails] or None)
    click.echo(f"{count} mails back in line")


@click.group("outbox")
def outbox_group() -> None:
    """Outgoing mails that are not sent."""


@outbox_group.command("list")
@JSON
def outbox_list(*, as_json: bool) -> None:
    """Each with its state and the last error."""
    with opened_store() as store:
        for found in store.outbox.list(UNSENT):
            values = {
                "parcel": found.id, "ticket": found.ticket, "kind": found.kind, "state": found.state, "attempts": found.attempts,
                "created_at": found.created_at, "due_at": found.due_at, "error": found.error,
            }  # fmt: skip
            click.echo(outputs.line(values) if as_json else "  ".join(map(str, values.values())))


@outbox_group.command("retry")
@click.argument("parcels", nargs=-1, type=int)
def outbox_retry(parcels: tuple[int, ...]) -> None:
    """Try dead mails (all where none is named) again."""
    with opened_store() as store:
        count = store.outbox.retry([ParcelId(parcel) for parcel in parcels] or None, datetime.now(UTC))
    click.echo(f"{count} mails back in line")
