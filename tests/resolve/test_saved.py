"""An index on disk: whole or not at all, the same as in memory, and refused where it is not what its card says."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.errors import IndexRefusedError
from models.records import Redacted, TicketId
from resolve.index import Index
from resolve.saved import CARD_FILE, MAPPED, PREFIX, load_index, save_index
from tests.resolve.test_index import TEXTS, case, desk, question, tickets
from tests.support.program import ROOT

KILLED_WHILE_SAVING = """
import sys
from pathlib import Path
from resolve.saved import load_index, save_index
from tests.resolve.test_index import case
from tests.support.killed_at import kill_at

index = load_index(Path(sys.argv[1])).index
index.add([case(99, "En ny sak\\nmed nye ord")])
kill_at(sys.argv[2], "call", int(sys.argv[3]))
save_index(Path(sys.argv[1]), index, "new")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_index(tmp_path / "index", desk(), "old")
    return tmp_path / "index"


def arrays_of(folder: Path) -> Path:
    return Path(folder / json.loads((folder / CARD_FILE).read_bytes())["arrays"])


def test_what_was_saved_finds_what_was_in_memory(folder: Path) -> None:
    saved = load_index(folder)

    assert saved.mark == "old"
    assert len(saved.index) == len(TEXTS)
    for text in TEXTS:
        assert saved.index.find(question(text)) == desk().find(question(text))


def test_services_are_known_again(tmp_path: Path) -> None:
    index = Index()
    for number, service in enumerate(("utskrift", "journal", None)):
        index.add([case(number, TEXTS[0], service=service)])
    save_index(tmp_path, index, "")

    assert load_index(tmp_path).index.services == ("utskrift", "journal")


def test_an_index_goes_on_after_it_was_saved_and_after_it_was_loaded(folder: Path) -> None:
    index = load_index(folder).index
    index.remove([TicketId(2)])
    index.add([case(1, "Headset\nhodesettet knitrer")])
    index.add([case(60, "Vekt\nvekten på poliklinikken viser feil")])
    save_index(folder, index, "newer")
    again = load_index(folder)

    assert again.mark == "newer"
    for one in (index, again.index):
        assert len(one) == len(TEXTS)
        assert tickets(one.find(question("vekt på poliklinikk")))[0] == 60
        assert tickets(one.find(question("hodesett")))[0] == 1
        assert 2 not in tickets(one.find(question(TEXTS[2])))


def test_an_empty_index_is_saved_too(tmp_path: Path) -> None:
    save_index(tmp_path, Index(), "")
    index = load_index(tmp_path).index
    index.add([case(1, TEXTS[0])])

    assert tickets(index.find(question(TEXTS[0]))) == [1]


def test_only_the_last_arrays_stay(folder: Path) -> None:
    (folder / f"{PREFIX}left-by-a-kill").mkdir()
    save_index(folder, desk(), "next")

    assert [path.name for path in folder.glob(f"{PREFIX}*")] == [arrays_of(folder).name]


def test_the_large_arrays_stay_on_disk(folder: Path) -> None:
    arrays = load_index(folder).index.arrays()

    assert {name for name, array in arrays.items() if isinstance(array.base, np.memmap) or isinstance(array, np.memmap)} >= MAPPED - {
        "times"
    }


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexRefusedError, match="no saved index"):
        load_index(tmp_path / "none")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"version": 0}', b'{"version": 1}', b"\xff\xfe", b'{"version": 1, "arrays": 3}']
)
def test_a_card_that_says_nothing_of_use_is_refused(folder: Path, content: bytes) -> None:
    (folder / CARD_FILE).write_bytes(content)

    with pytest.raises(IndexRefusedError):
        load_index(folder)


@pytest.mark.parametrize("name", ["words", "tickets", "by_word", "letters", "letter_cases"])
def test_a_byte_that_changed_is_noticed(folder: Path, name: str) -> None:
    file = arrays_of(folder) / f"{name}.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)

    with pytest.raises(IndexRefusedError, match="not the file"):
        load_index(folder)


@pytest.mark.parametrize("kept", [0, 40, -1])
def test_a_file_that_was_cut_is_noticed(folder: Path, kept: int) -> None:
    file = arrays_of(folder) / "words.npy"
    file.write_bytes(file.read_bytes()[:kept])

    with pytest.raises(IndexRefusedError):
        load_index(folder)


def test_a_missing_array_is_noticed(folder: Path) -> None:
    (arrays_of(folder) / "starts.npy").unlink()

    with pytest.raises(IndexRefusedError):
        load_index(folder)


@pytest.mark.parametrize(("door", "crossing"), [("_write", 1), ("_write", 7), ("sync_folder", 1), ("write_whole", 1)])
def test_killed_while_saving_the_old_index_stays(folder: Path, door: str, crossing: int) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_SAVING, folder, door, str(crossing)], cwd=ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    saved = load_index(folder)
    assert saved.mark == "old"
    assert TicketId(99) not in saved.index
    save_index(folder, saved.index, "after")
    assert load_index(folder).mark == "after"
    assert len(list(folder.iterdir())) == 2


def test_a_full_disk_leaves_the_old_index_and_nothing_besides(folder: Path) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    index = load_index(folder).index
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
    try:
        with pytest.raises(OSError, match="written"):
            save_index(folder, index, "new")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_killed_after_the_card_was_written_the_new_index_stands(folder: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_SAVING, folder, "rmtree", "1"], cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    saved = load_index(folder)
    assert saved.mark == "new"
    assert tickets(saved.index.find(question("En ny sak")))[0] == 99


def test_no_word_of_a_text_is_in_the_folder(folder: Path) -> None:
    content = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())

    assert Redacted("vaktrommet").encode() not in content
