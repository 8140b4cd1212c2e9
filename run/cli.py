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
    "parse": "run.reading:parse_command",
    "classify": "run.judging:classify_command",
    "train": "run.learning:train_command",
    "evaluate": "run.learning:evaluate_command",
    "run": "run.operating:run_command",
    "doctor": "run.operating:doctor_command",
    "status": "run.looking:status_command",
    "tickets": "run.looking:tickets_command",
    "confirm": "run.looking:confirm_command",
    "quarantine": "run.looking:quarantine_group",
    "outbox": "run.looking:outbox_group",
}
"""Each is loaded when it is called: who asks for the status need not wait for the classifier's libraries."""


class Commands(click.Group):
    """The commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click hands it in
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click hands it in
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


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
        error.show()
        sys.exit(WRONG_USE)
    except (ProfileError, InputError) as error:
        click.echo(f"saksgang: {error}", err=True)
        sys.exit(WRONG_USE)
    except SaksgangError as error:
        click.echo(f"saksgang: {error}", err=True)
        sys.exit(SOME_FAILED)
    except BrokenPipeError:
        sys.stderr.close()
