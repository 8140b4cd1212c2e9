"""The only place where a model is written to disk and read back: a skops file (data, not code) and its card."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sklearn
import skops.io
from skops.io.exceptions import UntrustedTypesFoundException

from classify.features import VERSION, Describer
from classify.model import FieldModel, TrainedModel, Vectorizers
from classify.train import FieldScore
from models.errors import ModelError
from models.profiles import Profile

MODEL_FILE = "model.skops"
CARD_FILE = "card.json"
READABLE = 0o644
"""A model made by root is read by the service's own user."""


def save_model(folder: Path, model: TrainedModel, report: Mapping[str, FieldScore], facts: Mapping[str, Any]) -> None:
    """Write model and card; readers see the old pair or the new one, never half of one."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "words": model.vectorizers.words,
        "letters": model.vectorizers.letters,
        "cues": model.vectorizers.cues,
        "fields": {name: field.estimator for name, field in model.fields.items()},
    }
    content = skops.io.dumps(parts, compression=zipfile.ZIP_DEFLATED, compresslevel=1)
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
    except (UntrustedTypesFoundException, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"{folder}: {MODEL_FILE} is refused: {type(error).__name__}; train again") from error
    fields = {
        name: FieldModel(parts["fields"][name], tuple(about["values"]), float(about["temperature"]))
        for name, about in card["fields"].items()
    }
    return TrainedModel(Describer(profile), Vectorizers(words=parts["words"], letters=parts["letters"], cues=parts["cues"]), fields)


def _refuse_other_versions(folder: Path, card: Mapping[str, Any]) -> None:
    for key, mine in (("features_version", VERSION), ("scikit_learn", sklearn.__version__)):
        if card.get(key) != mine:
            raise ModelError(f"{folder}: trained with {key} {card.get(key)}, this program has {mine}; train again")


def _replace(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), READABLE)
    os.replace(file.name, path)
