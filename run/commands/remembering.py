"""The command that finds earlier cases: `similar`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from ingest.redact import redact
from models.errors import MailUnreadableError
from models.profiles import Profile
from models.records import Redacted, safe_text
from models.solutions import Remembered
from models.store import Store
from resolve.earlier import Question, Similar
from run.commands import outputs
from run.commands.opening import chosen_profile, opened_store
from run.commands.options import JSON, print_lines
from run.commands.progress import tracked
from run.inputs import Input, inputs_of
from run.log import set_up_logging
from run.memory import Memory
from run.settings import load_environment

KEYS = ("id", "results")
NO_SUBJECT = Redacted("")


@click.command("similar")
@click.argument("paths", nargs=-1)
@click.option("--ticket", default=None, help="A case: its number (42 or ABC-42), or its id in the system it was imported from.")
@click.option("--text", default=None, help="Words to look for.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 200))
@click.option("--earlier-only", is_flag=True, help="Only cases from before the query's date.")
@click.option("--profile", default=None, help="The organisation; may be left out where the database has one.")
@JSON
@click.pass_context
def similar_command(context: click.Context, /, paths: tuple[str, ...], profile: str | None, *, as_json: bool, **asked: Any) -> None:
    """Find the earlier cases most like a case, a text, or mails, and how they were solved."""
    if sum(map(bool, (paths, asked["ticket"], asked["text"]))) != 1:
        raise click.UsageError("name one of --ticket, --text or PATHs")
    set_up_logging(quiet=True)
    with opened_store() as store:
        chosen = chosen_profile(profile, store)
        memory = Memory(store, chosen, load_environment().home)
        for _ in tracked(iter(memory.catch_up, 0), "cases"):
            pass
        lines = (
            question if isinstance(question, dict) else _answered(id, question, memory, store)
            for id, question in _questions(paths, chosen, store, asked)
        )
        print_lines(context, lines, as_json=as_json, keys=KEYS)


def _questions(
    paths: tuple[str, ...], profile: Profile, store: Store, asked: dict[str, Any]
) -> Iterator[tuple[str, Question | dict[str, Any]]]:
    """What is asked, in order; the line to print where it cannot be."""
    how = {"earlier_only": asked["earlier_only"], "top": asked["top"]}
    if asked["ticket"]:
        yield asked["ticket"], _of_ticket(asked["ticket"], store.memory.find(profile.name, asked["ticket"]), how)
    elif asked["text"]:
        yield "text", Question(text=safe_text(NO_SUBJECT, redact(asked["text"])), at=datetime.now(UTC), **how)
    else:
        yield from ((one.id, _of_mail(one, how)) for one in inputs_of(paths))


def _of_ticket(named: str, case: Remembered | None, how: dict[str, Any]) -> Question | dict[str, Any]:
    if case is None:
        return outputs.failed(named, "there is no such case")
    return Question(text=case.text, at=case.opened_at, service=case.service, apart=case.ticket, **how)


def _of_mail(given: Input, how: dict[str, Any]) -> Question | dict[str, Any]:
    try:
        mail = given.read()
    except MailUnreadableError as error:
        return outputs.failed(given.id, str(error))
    return Question(text=mail.safe_text, at=mail.date or datetime.now(UTC), **how)


def _answered(id: str, question: Question, memory: Memory, store: Store) -> dict[str, Any]:
    found = memory.similar(question)
    cases = store.memory.find_all([one.ticket for one in found])
    return {"id": id, "results": [_shown(one, cases[one.ticket]) for one in found if one.ticket in cases]}


def _shown(found: Similar, case: Remembered) -> dict[str, Any]:
    """`ticket` is the id that the case was imported under, else its number; `number` is always ours."""
    return {
        "ticket": case.source_id or case.ticket,
        "number": case.ticket,
        "score": round(found.score, 4),
        "solution": case.solution or None,
        "worked": case.worked,
    }
