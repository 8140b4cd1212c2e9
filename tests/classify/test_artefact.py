"""A model on disk: data and never code, refused where it is not what its card says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn

from classify.artefact import CARD_FILE, MODEL_FILE, load_model, save_model
from classify.features import VERSION
from classify.model import TrainedModel
from classify.scores import Proof
from classify.train import train
from models.errors import ModelError
from models.profiles import Profile, load_profile
from tests.support.cases import BROKEN, PROFILE, WISHED, corpus, write_profile
from tests.support.mails import mail

Trained = tuple[TrainedModel, Proof]
ADVICE = r"train again|saksgang train --profile siv"


class Foreign:
    """A type that no model of ours holds; counts how often one is made."""

    made = 0

    def __init__(self) -> None:
        self.words = "here"

    def __setstate__(self, state: dict[str, str]) -> None:
        Foreign.made += 1


@pytest.fixture
def folder(trained: Trained, tmp_path: Path) -> Path:
    save_model(tmp_path / "siv", *trained, {"profile": "siv", "mails": 40})
    return tmp_path / "siv"


def card(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / CARD_FILE).read_bytes())
    return found


def put_card(folder: Path, **changes: object) -> None:
    (folder / CARD_FILE).write_text(json.dumps({**card(folder), **changes}), encoding="utf-8")


def put_model(folder: Path, content: bytes) -> None:
    """A model file whose card agrees with it."""
    (folder / MODEL_FILE).write_bytes(content)
    put_card(folder, sha256=hashlib.sha256(content).hexdigest())


def assert_refused(folder: Path, siv: Profile, words: str = ADVICE) -> None:
    with pytest.raises(ModelError, match=ADVICE) as caught:
        load_model(folder, siv)
    assert str(folder) in str(caught.value)
    assert words == ADVICE or words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_model_read_back_guesses_the_same_to_the_last_bit(folder: Path, siv: Profile, model: TrainedModel) -> None:
    asked = [mail(subject="", text=text) for text in (*BROKEN, *WISHED, "", "Noe helt annet")]
    assert load_model(folder, siv).guess(asked) == model.guess(asked)


def test_a_profile_without_keywords_has_a_model_like_any_other(tmp_path: Path) -> None:
    bare = load_profile(write_profile(tmp_path / "bare", PROFILE))
    save_model(tmp_path / "model", *train([replace(example, organisation="bare") for example in corpus("team")], bare), {})
    assert load_model(tmp_path / "model", bare).vectors.keys.names == ()


def test_the_card_says_what_the_model_is_and_how_it_did(folder: Path) -> None:
    found = card(folder)
    assert (found["features_version"], found["scikit_learn"], found["profile"], found["mails"]) == (VERSION, sklearn.__version__, "siv", 40)
    assert found["sha256"] == hashlib.sha256((folder / MODEL_FILE).read_bytes()).hexdigest()
    assert found["fields"]["type"]["values"] == ["bestilling", "hendelse"]
    assert found["held_out"]["type"]["n"] == 40


def test_saving_again_leaves_the_new_pair_and_no_other_file(folder: Path, trained: Trained, siv: Profile) -> None:
    save_model(folder, *trained, {"mails": 41})
    assert sorted(file.name for file in folder.iterdir()) == [CARD_FILE, MODEL_FILE]
    assert card(folder)["mails"] == 41
    load_model(folder, siv)


def test_a_missing_model_says_how_to_make_one(tmp_path: Path, siv: Profile) -> None:
    assert_refused(tmp_path / "siv", siv, "no trained model")


@pytest.mark.parametrize("gone", [CARD_FILE, MODEL_FILE])
def test_half_a_pair_is_no_model(folder: Path, siv: Profile, gone: str) -> None:
    (folder / gone).unlink()
    assert_refused(folder, siv, "no trained model")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"not json"])
def test_a_damaged_card_is_refused(folder: Path, siv: Profile, content: bytes) -> None:
    (folder / CARD_FILE).write_bytes(content)
    assert_refused(folder, siv)


def test_a_damaged_model_file_is_refused(folder: Path, siv: Profile) -> None:
    content = bytearray((folder / MODEL_FILE).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / MODEL_FILE).write_bytes(bytes(content))
    assert_refused(folder, siv, "is not the file its card speaks of")


def test_a_card_of_another_file_is_refused(folder: Path, siv: Profile) -> None:
    put_card(folder, sha256="0" * 64)
    assert_refused(folder, siv, "is not the file its card speaks of")


@pytest.mark.parametrize(("key", "value"), [("features_version", VERSION + 1), ("features_version", None)])
def test_a_model_of_another_version_is_refused(folder: Path, siv: Profile, key: str, value: object) -> None:
    put_card(folder, **{key: value})
    assert_refused(folder, siv, key)


@pytest.mark.parametrize("content", [b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00}\x94.", b"PK\x03\x04 cut", b""])
def test_a_file_that_holds_no_arrays_is_refused_even_where_its_card_agrees(folder: Path, siv: Profile, content: bytes) -> None:
    put_model(folder, content)
    assert_refused(folder, siv, "is refused")


def test_a_foreign_object_among_the_arrays_is_never_made(folder: Path, siv: Profile) -> None:
    with np.load(folder / MODEL_FILE) as arrays:
        held: dict[str, Any] = dict(arrays)
    packed = BytesIO()
    np.savez(packed, **{**held, "rarity/words": np.array([Foreign()], dtype=object)})
    Foreign.made = 0
    put_model(folder, packed.getvalue())
    assert_refused(folder, siv, "is refused: ValueError")
    assert Foreign.made == 0


@pytest.mark.parametrize("whole", [False, True])
def test_a_card_that_is_json_but_no_card_is_refused(folder: Path, siv: Profile, *, whole: bool) -> None:
    kept = {key: value for key, value in card(folder).items() if key != "fields"}
    (folder / CARD_FILE).write_text(json.dumps([] if whole else kept), encoding="utf-8")
    assert_refused(folder, siv)


def test_a_model_file_without_our_parts_is_refused(folder: Path, siv: Profile) -> None:
    packed = BytesIO()
    np.savez(packed, words=np.array([1, 2, 3]))
    put_model(folder, packed.getvalue())
    assert_refused(folder, siv)
