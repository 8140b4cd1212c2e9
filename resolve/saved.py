"""The only place where an index of earlier cases is written to a folder and read back."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from models.errors import IndexRefusedError
from models.files import READABLE, sync_folder, write_whole
from resolve.index import Index

VERSION = 1
"""Raised where a text is taken apart differently or the arrays mean something else."""
CARD_FILE = "card.json"
PREFIX = "arrays-"
MAPPED = frozenset({"starts", "words", "times", "by_word_starts", "by_word"})
"""Arrays that are never changed: they stay on disk and are read where a question needs them."""
AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """An index as it was saved, and the caller's mark: what tells which changes of the database it has not seen."""

    index: Index
    mark: str


def save_index(folder: Path, index: Index, mark: str) -> None:
    """Pack the index and write it; until the last step the folder holds what it held before, also where the disk is full (`OSError`).

    One process at a time writes.
    """
    index.pack()
    folder.mkdir(parents=True, exist_ok=True)
    arrays = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
    try:
        _write_all(folder, arrays, index, mark)
    except OSError:
        shutil.rmtree(arrays, ignore_errors=True)
        raise
    for other in folder.glob(f"{PREFIX}*"):
        if other != arrays:
            shutil.rmtree(other)


def _write_all(folder: Path, arrays: Path, index: Index, mark: str) -> None:
    sums = {name: _write(arrays / f"{name}.npy", array) for name, array in index.arrays().items()}
    sync_folder(arrays)
    card = {"version": VERSION, "arrays": arrays.name, "sums": sums, "services": index.services, "mark": mark}
    write_whole(folder / CARD_FILE, json.dumps(card, ensure_ascii=False, indent=2).encode(), mode=READABLE)


def load_index(folder: Path) -> Saved:
    """The index in a folder. Raises `IndexRefusedError` where it is missing, damaged or of another version: make it again from the database."""
    try:
        card = json.loads((folder / CARD_FILE).read_bytes())
    except FileNotFoundError as error:
        raise IndexRefusedError(f"{folder}: no saved index") from error
    except (OSError, ValueError) as error:
        raise IndexRefusedError(f"{folder}: {CARD_FILE} cannot be read: {type(error).__name__}") from error
    if not isinstance(card, dict) or card.get("version") != VERSION:
        raise IndexRefusedError(f"{folder}: the saved index is of another version")
    try:
        arrays = {name: _read(folder / card["arrays"] / f"{name}.npy", sum) for name, sum in card["sums"].items()}
        return Saved(index=Index(arrays, card["services"]), mark=card["mark"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise IndexRefusedError(f"{folder}: the saved index is refused: {type(error).__name__}") from error


def _write(file: Path, array: NDArray[Any]) -> int:
    """Write an array; its checksum."""
    with file.open("wb") as opened:
        np.save(opened, array, allow_pickle=False)
        opened.flush()
        os.fsync(opened.fileno())
    return _checksum(file)


def _read(file: Path, sum: int) -> NDArray[Any]:
    if _checksum(file) != sum:
        raise IndexRefusedError(f"{file}: not the file that {CARD_FILE} speaks of")
    return np.asarray(np.load(file, mmap_mode="r" if file.stem in MAPPED else None, allow_pickle=False))


def _checksum(file: Path) -> int:
    found = 0
    with file.open("rb") as opened:
        while read := opened.read(AT_ONCE):
            found = isal_zlib.crc32(read, found)
    return found
