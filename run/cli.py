"""The only place where the command line begins and errors become one line and an exit status."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from models.errors import ProfileError, SaksgangError
from run.inputs import InputError

SOME_FAILED = 1
WRONG_USE = 2
INTERRUPTED = 130

COMMANDS = {
    "parse": ("run.commands.reading:parse_command", "Show what is read of mails."),
    "classify": ("run.commands.judging:classify_command", "Show type, priority and team of mails, and why."),
    "train": ("run.commands.learning:train_command", "Train an organisation's model from labelled mails."),
    "evaluate": ("run.commands.learning:evaluate_command", "Score an organisation's classifier on labelled mails."),
    "models": ("run.commands.learning:models_group", "Models that were trained: list them, take an earlier one."),
    "run": ("run.commands.operating:run_command", "Poll, handle and deliver until told to stop."),
    "mails": ("run.commands.mails:mails_command", "Show every mail that an organisation sends, on a page."),
    "doctor": ("run.commands.operating:doctor_command", "Examine everything that surrounds the program."),
    "status": ("run.commands.looking:status_command", "Tell how each mailbox and the outbox stand."),
    "tickets": ("run.commands.looking:tickets_command", "List the newest tickets."),
    "workload": ("run.commands.counting:workload_command", "Count open cases by team and priority."),
    "improvements": ("run.commands.counting:improvements_command", "List the wishes for change by team."),
    "cases": ("run.commands.counting:cases_command", "Count cases by how they came, reporter, kind and service."),
    "report": ("run.commands.reporting:report_command", "Write the report of a week: cases, workload, times, corrections."),
    "reserve": ("run.commands.reserve:reserve_command", "Write a page to print of all that waits."),
    "routines": ("run.commands.routines:routines_command", "Write a dated copy of templates and routines to print."),
    "import": ("run.commands.importing:import_command", "Take over earlier cases of another system."),
    "similar": ("run.commands.remembering:similar_command", "Find earlier cases like a case, a text or a mail."),
    "repeats": ("run.commands.repeating:repeats_group", "Find which errors repeat, and say what belongs together."),
    "solutions": ("run.commands.solving:solutions_group", "Solutions: confirm, write anew, retire, unite."),
    "people": ("run.commands.people:people_group", "Who may use the pages: list, add, invite, change, disable."),
    "audit": ("run.commands.people:audit_command", "Write out who looked at which mail and changed what."),
    "confirm": ("run.commands.looking:confirm_command", "Let a ticket's held mails go."),
    "quarantine": ("run.commands.looking:quarantine_group", "Mails that could not be handled."),
    "outbox": ("run.commands.looking:outbox_group", "Outgoing mails that are not sent."),
}
"""Where each is and what it does in a line. It is loaded when called: who asks for the status need not wait for the classifier's libraries."""


class Commands(click.Group):
    """The commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click hands it in
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click hands it in
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click hands it in
        """The list in `--help`, with nothing loaded for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="saksgang")
def saksgang() -> None:
    """E-mail intake for support desks: mail is read, typed, prioritised and handed to the right team."""


def main() -> None:
    """Run the command line: status 0 done, 1 some input could not be handled, 2 wrong use."""
    try:
        sys.exit(saksgang.main(standalone_mode=False) or 0)
    except click.Abort:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        click.echo(f"saksgang: {_in_a_line(error)}", err=True)
        sys.exit(WRONG_USE)
    except (ProfileError, InputError) as error:
        click.echo(f"saksgang: {error}", err=True)
        sys.exit(WRONG_USE)
    except SaksgangError as error:
        click.echo(f"saksgang: {error}", err=True)
        sys.exit(SOME_FAILED)
    except BrokenPipeError:
        sys.stderr.close()


def _in_a_line(error: click.ClickException) -> str:
    words = " ".join(error.format_message().split())
    asked = getattr(error, "ctx", None)
    return f"{words} See `{asked.command_path} --help`." if asked else words
