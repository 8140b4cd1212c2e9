"""The only place where the parts are put together: profile, model, store, mailboxes."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from classify.artefact import load_model
from classify.model import TrainedModel
from ingest.imap import ImapMailbox, open_imap
from ingest.maildir import MaildirMailbox, open_maildir
from models.case_numbers import CaseNumbers
from models.errors import ModelError
from models.kinds import Source
from models.profiles import Profile
from models.records import Account
from models.store import Store
from route.routine import Routine
from route.templates import Templates
from run.current import CurrentModel
from run.desk import Desk
from run.lookout import Lookout
from run.memory import Memory
from run.settings import Environment
from run.teacher import Teacher

OpenMailbox = ImapMailbox | MaildirMailbox


def open_mailbox(account: Account) -> OpenMailbox:
    """The account's mailbox, open; `MailboxError` where it cannot be."""
    match account.source:
        case Source.IMAP:
            return open_imap(account)
        case Source.MAILDIR:
            return open_maildir(account)


def find_model(profile: Profile, trained: Path, say: Callable[[str], None]) -> TrainedModel | None:
    """The profile's trained model, or None after saying why there is none and that keywords and policy decide."""
    try:
        return load_model(trained / profile.name, profile)
    except ModelError as error:
        say(f"{error}. Keywords and policy decide meanwhile.")
        return None


def make_desk(profile: Profile, store: Store, model: TrainedModel | None, accounts: Sequence[Account], environment: Environment) -> Desk:
    return Desk(
        routine=Routine.of(profile),
        store=store,
        current=CurrentModel(profile, model, environment.trained),
        teacher=Teacher(profile, store, environment),
        templates=Templates(profile),
        numbers=CaseNumbers(profile.desk.case_prefix, environment.secret()),
        modes={account.name: account.mode for account in accounts},
        worker=worker_name(),
        hooks=environment.hooks(),
        lookout=Lookout(store, profile),
        memory=Memory(store, profile, environment.home),
        home=environment.home,
    )


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def dead_workers(workers: set[str]) -> set[str]:
    """Those of this machine that no longer run; our own name among them is that of one who had our number before."""
    host = socket.gethostname()
    return {worker for worker in workers if worker == worker_name() or (worker.startswith(f"{host}:") and not _runs(worker))}


def _runs(worker: str) -> bool:
    try:
        os.kill(int(worker.rpartition(":")[2]), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True
