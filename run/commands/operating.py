"""The commands that work: `run`, and `doctor`, who examines whether it can."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import click

from models.kinds import MailState, ParcelState
from models.people import NewPerson, Role
from models.profiles import load_profile
from models.records import Account, SmtpServer
from models.store import Store
from review.staffing import Hand, hire
from run.commands import outputs
from run.commands.opening import opened_store
from run.commands.options import AT_COMMAND_LINE, CONFIG, JSON
from run.commands.people import invitation
from run.commands.screen import Screen
from run.configured import told_configuration, told_environment
from run.desk import Desk
from run.doctor import examine, examine_pages
from run.log import set_up_logging
from run.loop import Loop
from run.sandbox import Sandbox, first_sampled_profile
from run.serving import serving
from run.settings import Environment, WebTable, accounts_of, load_configuration, load_environment
from run.wire import find_model, make_desk

SECONDS_BETWEEN_SAMPLES = 0.4
COLLECT_AFTER = 20_000
"""New objects between two looks of the garbage collector."""


@click.command("run")
@CONFIG
@click.option("--once", is_flag=True, help="One round of everything, then leave.")
@click.option("--demo-profile", default=None, help="Whose sample mails to show where no --config is given; the first that has any.")
@click.pass_context
def run_command(context: click.Context, config: Path | None, demo_profile: str | None, *, once: bool) -> None:
    """Poll, handle and deliver until told to stop. Without --config: a local mail service with sample mails."""
    environment = load_environment()
    if config is None:
        _run_sandbox(environment, demo_profile or first_sampled_profile(), once=once)
        return
    configuration = load_configuration(config)
    accounts = accounts_of(configuration, config)
    set_up_logging()
    with opened_store(environment) as store:
        desk = _make_desk(environment, configuration.profile, store, accounts)
        loop = _make_loop(desk, accounts, environment.smtp(), show=sys.stdout.isatty())
        told = told_configuration(configuration, config, environment)
        pages = serving(desk, configuration.web, environment, told) if configuration.web.serve and not once else nullcontext()
        with pages:
            well = _go(loop, once=once)
        context.exit(0 if well else 1)


def _run_sandbox(environment: Environment, profile: str, *, once: bool) -> None:
    """The embedded default lives in a folder of its own, made anew at every start."""
    home = environment.home / "sandbox"
    set_up_logging(quiet=True)
    chosen = load_profile(profile)
    sandbox = Sandbox(home, chosen)
    inside = environment.model_copy(update={"home": home, "database": None})
    with opened_store(inside) as store:
        sandbox.start()
        try:
            desk = _make_desk(inside, profile, store, sandbox.accounts())
            with serving(desk, WebTable(port=0), inside, told_environment(inside)) as address:
                for words in (
                    f"the pages: {_newcomer(store, address)} (a link that works once)",
                    *sandbox.words(),
                    f"ask it: SAKSGANG_HOME={home} {sys.executable} -m run status",
                    "Ctrl-C stops everything.",
                    "",
                ):
                    click.echo(words)
                loop = _make_loop(desk, sandbox.accounts(), sandbox.server(), show=True)
                if once:
                    sandbox.feed(0)
                else:
                    threading.Thread(target=sandbox.feed, args=(SECONDS_BETWEEN_SAMPLES,), daemon=True).start()
                _go(loop, once=once)
        finally:
            sandbox.stop()
            _say_end(store)


def _make_desk(environment: Environment, profile: str, store: Store, accounts: Sequence[Account]) -> Desk:
    chosen = load_profile(profile)
    model = find_model(chosen, environment.trained, lambda words: click.echo(words, err=True))
    return make_desk(chosen, store, model, accounts, environment)


def _newcomer(store: Store, address: str) -> str:
    """A link for who tries the embedded default: they may do everything."""
    person = NewPerson(login="newcomer", name="Newcomer", roles=frozenset(Role) - {Role.MEMBER})
    return invitation(store, hire(Hand(store=store, by=AT_COMMAND_LINE, now=datetime.now(UTC)), person), address)


def _make_loop(desk: Desk, accounts: Sequence[Account], server: SmtpServer, *, show: bool) -> Loop:
    if not show:
        return Loop(desk, accounts, server)
    screen = Screen(desk.profile, desk.numbers)
    screen.headings()
    return Loop(desk, accounts, server, screen.tell)


def _spare_the_collector() -> None:
    """What the start made lives as long as the program: looking through it again and again costs a tenth of a mail's time."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


def _go(loop: Loop, *, once: bool) -> bool:
    _spare_the_collector()
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
    environment.make_home()
    ill = False
    rest = examine_pages(configuration.web, profile, environment)
    for finding in chain(examine(profile, accounts, environment.smtp(), environment.database_url(), environment.trained), rest):
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
