"""What the tests of the whole program share."""

from __future__ import annotations

from pathlib import Path

import pytest

from run.dovecot import free_port
from tests.support.program import Program


@pytest.fixture
def bare(tmp_path: Path) -> Program:
    """The program without a mailbox, for commands that need none."""
    return Program(tmp_path / "home", [], free_port())
