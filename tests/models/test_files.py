"""Files written whole or not at all."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from models.files import READABLE, write_once, write_whole
from tests.support.program import ROOT

KILLED_BEFORE = """
import os, signal, sys
from pathlib import Path
import models.files
setattr(models.files.Path, sys.argv[2], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
models.files.write_whole(Path(sys.argv[1]), b"new")
"""


def test_what_stood_there_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "card.json"
    write_whole(file, b"old")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    write_whole(file, b"new", mode=READABLE)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", 0o644)
    assert list(tmp_path.iterdir()) == [file]


def test_killed_before_the_last_step_the_old_content_stands(tmp_path: Path) -> None:
    file = tmp_path / "card.json"
    write_whole(file, b"old")
    killed = subprocess.run([sys.executable, "-c", KILLED_BEFORE, file, "replace"], cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert file.read_bytes() == b"old"


def test_what_cannot_be_put_in_its_place_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "card.json").mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "card.json", b"new")
    assert os.listdir(tmp_path) == ["card.json"]


def test_what_another_wrote_first_stays(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    write_once(file, b"first")
    write_once(file, b"second")
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"first", [file])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
