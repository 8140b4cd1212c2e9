"""The command that reads mails and says what they hold: `parse`."""

from __future__ import annotations

from typing import Any

import click

from ingest.screen import screen
from models.errors import MailUnreadableError
from run.commands import outputs
from run.commands.options import JSON, PATHS, print_lines
from run.commands.progress import tracked
from run.inputs import Input, inputs_of


@click.command("parse")
@PATHS
@JSON
@click.option("--html", "with_html", is_flag=True, help="With each mail's HTML, made safe to show (key `html`).")
@click.pass_context
def parse_command(context: click.Context, paths: tuple[str, ...], *, as_json: bool, with_html: bool) -> None:
    """Read mails: .eml files, folders, mbox, Maildir, .jsonl, or - for lines of JSON on stdin."""
    lines = (_parsed(given, with_html=with_html) for given in tracked(inputs_of(paths), "parse"))
    print_lines(context, lines, as_json=as_json, keys=("id", "from_address", "subject", "auto", "language"))


def _parsed(given: Input, *, with_html: bool) -> dict[str, Any]:
    try:
        mail = given.read()
    except MailUnreadableError as error:
        return outputs.failed(given.id, str(error))
    shown = {"html": given.show()} if with_html else {}
    return outputs.parsed(given.id, mail, screen(mail, ())) | shown
