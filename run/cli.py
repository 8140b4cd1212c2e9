"""The only place where the command line begins and errors become one line and an exit status."""

from __future__ import annotations

import sys

import click

from models.errors import ProfileError, SaksgangError
from run.inputs import InputError
from run.learning import evaluate_command, train_command
from run.operating import confirm_command, doctor_command, outbox_group, quarantine_group, run_command, status_command, tickets_command
from run.reading import classify_command, parse_command

SOME_FAILED = 1
WRONG_USE = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="saksgang")
def saksgang() -> None:
    """E-mail intake for support desks: mail is read, typed, prioritised and handed to the right team."""


for command in (
    parse_command,
    classify_command,
    train_command,
    evaluate_command,
    run_command,
    status_command,
    doctor_command,
    tickets_command,
    confirm_command,
    quarantine_group,
    outbox_group,
):
    saksgang.add_command(command)


def main() -> None:
    """Run the command line: status 0 done, 1 some input could not be handled, 2 wrong use."""
    try:
        sys.exit(saksgang.main(standalone_mode=False) or 0)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.Abort:
        sys.exit(130)
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
