"""What the tests of `import` share: a database and the command."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from run.commands.importing import import_command
from tests.support.imports import Take, put
from tests.support.postgres import PostgresServer


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh SQLite database; one of PostgreSQL where a test asks for both."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path / 'saksgang.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def take(tmp_path: Path, database_url: str) -> Take:
    """Runs the command on a file, or on rows that are put into one; `maps` are its --map."""

    def run(
        given: Path | Iterable[dict[str, str]], *words: str, maps: Iterable[str] = (), profile: str = "siv", database: str = ""
    ) -> Result:
        file = given if isinstance(given, Path) else put(tmp_path / "rows.csv", given)
        environment = {
            "SAKSGANG_HOME": str(tmp_path),
            "SAKSGANG_DATABASE": database or database_url,
            "SAKSGANG_TRAINED": str(tmp_path / "no-model"),
        }
        mapped = [word for one in maps for word in ("--map", one)]
        return CliRunner().invoke(import_command, [str(file), "--profile", profile, *mapped, *words], env=environment)

    return run
