"""The only place where a command opens the installation's store, and finds the organisation that is meant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from models.profiles import Profile, load_profile
from models.store import Store, open_store
from run.settings import Environment, load_environment


@contextmanager
def opened_store(environment: Environment | None = None) -> Iterator[Store]:
    """The installation's store for one command, closed afterwards; another environment's where one is given."""
    environment = environment or load_environment()
    environment.make_home()
    store = open_store(environment.database_url())
    try:
        yield store
    finally:
        store.close()


def chosen_profile(named: str | None, store: Store) -> Profile:
    """The organisation named; else the only one that has cases. `UsageError` where that is none or one of many."""
    if named is not None:
        return load_profile(named)
    known = store.memory.profiles()
    if len(known) != 1:
        raise click.UsageError(
            f"--profile: the database has cases of {', '.join(known)}" if known else "--profile: the database has no cases"
        )
    return load_profile(known[0])
