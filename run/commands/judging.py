"""The command that says what mails ask for: `classify`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import click

from classify.chain import Classifiers, classify
from models.errors import MailUnreadableError
from models.profiles import load_profile
from models.records import Mail
from run.commands import outputs
from run.commands.options import BATCH, JSON, PATHS, PROFILE, print_lines
from run.commands.progress import tracked
from run.inputs import Input, inputs_of
from run.settings import load_environment
from run.wire import find_model


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
    print_lines(context, lines, as_json=as_json, keys=("id", "type", "priority", "team", "review"))


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
