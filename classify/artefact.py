"""The only place where a model is written to disk and read back: a skops file (data, not code) and its card."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
import skops.io
from sklearn.feature_extraction.text import CountVectorizer
from skops.io.exceptions import UntrustedTypesFoundException

from classify.features import VERSION, Describer
from classify.fields import FieldScore
from classify.model import FieldModel, TrainedModel
from classify.vectors import Vectorizers
from models.errors import ModelError
from models.profiles import Profile

MODEL_FILE = "model.skops"
CARD_FILE = "card.json"
READABLE = 0o644
"""A model made by root is read by the service's own user."""
BEGINNING_OF_TIME = (1980, 1, 1, 0, 0, 0)
BETWEEN_TERMS = "\n"
"""No term holds one: they are made of word characters, or of letters on one line."""


def save_model(folder: Path, model: TrainedModel, report: Mapping[str, FieldScore], facts: Mapping[str, Any]) -> None:
    """Write model and card; readers see the old pair or the new one, or refuse a mixed one."""
    folder.mkdir(parents=True, exist_ok=True)
    content = _same_every_time(skops.io.dumps(_parts(model)))
    card = {
        "features_version": VERSION,
        "scikit_learn": sklearn.__version__,
        "sha256": hashlib.sha256(content).hexdigest(),
        "fields": {name: {"values": list(field.values), "temperature": field.temperature} for name, field in model.fields.items()},
        "held_out": {name: asdict(score) for name, score in report.items()},
        **facts,
    }
    _replace(folder / MODEL_FILE, content)
    _replace(folder / CARD_FILE, (json.dumps(card, ensure_ascii=False, indent=2) + "\n").encode())


def load_model(folder: Path, profile: Profile) -> TrainedModel:
    """The model in a folder. Raises `ModelError` that says what to do where it is missing, damaged or of another version."""
    try:
        card = json.loads((folder / CARD_FILE).read_bytes())
        content = (folder / MODEL_FILE).read_bytes()
    except FileNotFoundError as error:
        raise ModelError(f"{folder}: no trained model; make one with `saksgang train --profile {profile.name}`") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: {CARD_FILE} cannot be read: {type(error).__name__}; train again") from error
    _refuse_other_versions(folder, card)
    if hashlib.sha256(content).hexdigest() != card.get("sha256"):
        raise ModelError(f"{folder}: {MODEL_FILE} is not the file its card speaks of; train again")
    try:
        parts = skops.io.loads(content, trusted=[])
        fields = {
            name: FieldModel(parts["fields"][name], tuple(about["values"]), float(about["temperature"]))
            for name, about in card["fields"].items()
        }
        return TrainedModel(Describer(profile), _vectorizers(parts), fields)
    except (UntrustedTypesFoundException, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{folder}: {MODEL_FILE} is refused: {type(error).__name__}; train again") from error


def _parts(model: TrainedModel) -> dict[str, Any]:
    """Terms as one text and weights as arrays: a dictionary of a hundred thousand terms takes seconds to read back."""
    vectorizers = model.vectorizers
    return {
        "terms": {name: BETWEEN_TERMS.join(view.get_feature_names_out()) for name, view in _counters(vectorizers).items()},
        "idf": {"words": vectorizers.words.idf_, "letters": vectorizers.letters.weigher.idf_},
        "fields": {name: field.estimator for name, field in model.fields.items()},
    }


def _vectorizers(parts: Mapping[str, Any]) -> Vectorizers:
    vectorizers = Vectorizers()
    for name, view in _counters(vectorizers).items():
        view.vocabulary_ = {term: place for place, term in enumerate(parts["terms"][name].split(BETWEEN_TERMS))}
        view.fixed_vocabulary_ = False
    vectorizers.words.idf_ = np.asarray(parts["idf"]["words"], dtype=np.float64)
    vectorizers.letters.weigher.idf_ = np.asarray(parts["idf"]["letters"], dtype=np.float64)
    return vectorizers


def _counters(vectorizers: Vectorizers) -> dict[str, CountVectorizer]:
    return {"words": vectorizers.words, "letters": vectorizers.letters.counter, "cues": vectorizers.cues}


def _same_every_time(archive: bytes) -> bytes:
    """The same parts in an archive without the time of day, so that the same labels give the same file.

    skops names its members by memory address: they are renamed in the order in which the schema speaks of them.
    """
    with zipfile.ZipFile(BytesIO(archive)) as given:
        schema = given.read("schema.json").decode()
        names = sorted((name for name in given.namelist() if name != "schema.json"), key=schema.index)
        contents = [given.read(name) for name in names]
    for number, name in enumerate(names):
        schema = schema.replace(name, f"{number}{Path(name).suffix}")
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        for name, content in (
            *((f"{n}{Path(name).suffix}", content) for n, (name, content) in enumerate(zip(names, contents, strict=True))),
            ("schema.json", _without_addresses(schema).encode()),
        ):
            written.writestr(zipfile.ZipInfo(name, BEGINNING_OF_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _without_addresses(schema: str) -> str:
    """The schema with its objects numbered in order instead of named by where they lay in memory."""
    numbers: dict[int, int] = {}

    def renumber(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: numbers.setdefault(value, len(numbers)) if key == "__id__" else renumber(value) for key, value in node.items()}
        return [renumber(item) for item in node] if isinstance(node, list) else node

    return json.dumps(renumber(json.loads(schema)))


def _refuse_other_versions(folder: Path, card: Any) -> None:
    for key, mine in (("features_version", VERSION), ("scikit_learn", sklearn.__version__)):
        found = card.get(key) if isinstance(card, dict) else None
        if found != mine:
            raise ModelError(f"{folder}: trained with {key} {found}, this program has {mine}; train again")


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), READABLE)
    Path(file.name).replace(path)
