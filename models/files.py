"""The only place where a file is written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PRIVATE, READABLE = 0o600, 0o644


def write_whole(file: Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """What stood there stays until the new content is on disk. Raises `OSError`, and leaves nothing beside it."""
    with _aside(file, content, mode) as aside:
        aside.replace(file)
    sync_folder(file.parent)


def write_once(file: Path, content: bytes) -> None:
    """Never over what another process wrote first. Raises `OSError` where nothing can be written."""
    with _aside(file, content, PRIVATE) as aside, suppress(FileExistsError):
        file.hardlink_to(aside)


def sync_folder(folder: Path) -> None:
    """The names in it are on disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _aside(file: Path, content: bytes, mode: int) -> Iterator[Path]:
    """The content on disk under a name of its own in the same folder, gone afterwards."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-", delete=False) as opened:
        aside = Path(opened.name)
        try:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
            os.fchmod(opened.fileno(), mode)
            yield aside
        finally:
            aside.unlink(missing_ok=True)
