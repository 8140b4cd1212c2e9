"""The commands that read mails and say what they are: `parse` and `classify`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import click

from classify.chain import Classifiers, classify
from ingest.screen import screen
from models.errors import MailUnreadableError
from models.profiles import load_profile
from models.records import Mail
from run import outputs
from run.inputs import Input, inputs_of
from run.progress import tracked
from run.settings import load_environment
from run.wire import find_model

BATCH = 64
JSON = click.option("--json", "as_json", is_flag=True, help="Lines of JSON.")
PROFILE = click.option("--profile", required=True, help="A shipped profile's name, or the folder of your own.")
PATHS = click.argument("paths", nargs=-1, required=True)


@click.command("parse")
@PATHS
@JSON
@click.pass_context
def parse_command(context: click.Context, paths: tuple[str, ...], *, as_json: bool) -> None:
    """Read mails: .eml files, folders, mbox, Maildir, .jsonl, or - for lines of JSON on stdin."""
    lines = (_parsed(given) for given in tracked(inputs_of(paths), "parse"))
    _print(context, lines, as_json=as_json, keys=("id", "from_address", "subject", "auto", "language"))


@click.command("classify")
@PATHS
@PROFILE
@JSON
@click.pass_context
def classify_command(context: click.Context, paths: tuple[str, ...], profile: str, *, as_json: bool) -> None:
    """Say type, priority, scope and team of mails, how sure that is, and why."""
    chosen = load_profile(profile)
    model = find_model(chosen, load_environment().trained, lambda words: click.echo(words, err=True))
    lines = _classified(tracked(inputs_of(paths), "classify"), Classifiers.of(chosen, model))
    _print(context, lines, as_json=as_json, keys=("id", "type", "priority", "team", "review"))


def _parsed(given: Input) -> dict[str, Any]:
    try:
        mail = given.read()
    except MailUnreadableError as error:
        return outputs.failed(given.id, str(error))
    return outputs.parsed(given.id, mail, screen(mail, ()))


def _classified(given: Iterable[Input], classifiers: Classifiers) -> Iterator[dict[str, Any]]:
    """Batches for speed; a mail that cannot be read keeps its place in the order."""
    waiting = iter(given)
    while batch := list(islice(waiting, BATCH)):
        read: list[Mail | str] = [_read(one) for one in batch]
        verdicts = iter(classify([mail for mail in read if isinstance(mail, Mail)], classifiers))
        for one, mail in zip(batch, read, strict=True):
            yield outputs.failed(one.id, mail) if isinstance(mail, str) else outputs.classified(one.id, next(verdicts))


def _read(given: Input) -> Mail | str:
    try:
        return given.read()
    except MailUnreadableError as error:
        return str(error)


def _print(context: click.Context, lines: Iterable[dict[str, Any]], *, as_json: bool, keys: tuple[str, ...]) -> None:
    failed = False
    for values in lines:
        failed = failed or "error" in values
        click.echo(outputs.line(values) if as_json else _for_people(values, keys))
    context.exit(1 if failed else 0)


def _for_people(values: dict[str, Any], keys: tuple[str, ...]) -> str:
    if "error" in values:
        return f"{values['id']}: {values['error']}"
    return "  ".join(str(values[key]) for key in keys)
