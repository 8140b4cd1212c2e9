"""The only place where a model is written to disk and read back: arrays (data, not code) and their card."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classify.features import VERSION, Describer
from classify.joint import Sureness
from classify.model import FieldModel, Measured, TrainedModel
from classify.scores import Proof
from classify.trust import Limit
from classify.vectors import Terms, Vectors
from models.errors import ModelError
from models.files import READABLE, write_whole
from models.profiles import Profile

MODEL_FILE = "model.npz"
CARD_FILE = "card.json"
BETWEEN_TERMS = "\n"
"""No term holds one: they are made of word characters, or of letters on one line."""
VIEWS = ("words", "letters", "pairs", "keys", "cues", "sender")


def save_model(folder: Path, model: TrainedModel, proof: Proof, facts: Mapping[str, Any]) -> None:
    """Write model and card; readers see the old pair or the new one, or refuse a mixed one. The same labels give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = BytesIO()
    np.savez(packed, allow_pickle=False, **_arrays(model))
    content = packed.getvalue()
    card = {
        "features_version": VERSION,
        "scikit_learn": version("scikit-learn"),
        "sha256": hashlib.sha256(content).hexdigest(),
        "fields": {name: {"values": list(field.values)} for name, field in model.fields.items()},
        "measured": asdict(model.measured),
        "held_out": {name: asdict(score) for name, score in proof.scores.items()},
        **facts,
    }
    write_whole(folder / MODEL_FILE, content, mode=READABLE)  # made by root, read by the service's own user
    write_whole(folder / CARD_FILE, (json.dumps(card, ensure_ascii=False, indent=2) + "\n").encode(), mode=READABLE)


def load_model(folder: Path, profile: Profile) -> TrainedModel:
    """The model in a folder. Raises `ModelError` that says what to do where it is missing, damaged or of another version."""
    try:
        card = json.loads((folder / CARD_FILE).read_bytes())
        content = (folder / MODEL_FILE).read_bytes()
    except FileNotFoundError as error:
        raise ModelError(f"{folder}: no trained model; make one with `saksgang train --profile {profile.name}`") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: {CARD_FILE} cannot be read: {type(error).__name__}; train again") from error
    _refuse_other_version(folder, card)
    if hashlib.sha256(content).hexdigest() != card.get("sha256"):
        raise ModelError(f"{folder}: {MODEL_FILE} is not the file its card speaks of; train again")
    try:
        with np.load(BytesIO(content), allow_pickle=False) as arrays:
            fields = {
                name: FieldModel(arrays[f"weights/{name}"], arrays[f"offsets/{name}"], arrays[f"base/{name}"], tuple(about["values"]))
                for name, about in card["fields"].items()
            }
            vectors = Vectors(**{view: _terms(arrays, view) for view in VIEWS})
            return TrainedModel(Describer(profile), vectors, fields, _measured(card["measured"]))
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise ModelError(f"{folder}: {MODEL_FILE} is refused: {type(error).__name__}; train again") from error


def find_card(folder: Path) -> dict[str, Any]:
    """The card of a model that this program can use; empty where there is none."""
    try:
        card = json.loads((folder / CARD_FILE).read_bytes())
        _refuse_other_version(folder, card)
    except (OSError, ValueError, ModelError):
        return {}
    return dict(card)


def _arrays(model: TrainedModel) -> dict[str, NDArray[Any]]:
    """Everything as arrays; the terms of a view as one text, for a list of a hundred thousand takes seconds to read back."""
    found: dict[str, NDArray[Any]] = {}
    for view in VIEWS:
        terms: Terms = getattr(model.vectors, view)
        found[f"terms/{view}"] = np.frombuffer(BETWEEN_TERMS.join(terms.names).encode(), np.uint8)
        found[f"rarity/{view}"] = terms.rarity
    for name, field in model.fields.items():
        found |= {f"weights/{name}": field.weights, f"offsets/{name}": field.offsets, f"base/{name}": field.base}
    return found


def _terms(arrays: Mapping[str, NDArray[Any]], view: str) -> Terms:
    text = arrays[f"terms/{view}"].tobytes().decode()
    return Terms(tuple(text.split(BETWEEN_TERMS) if text else ()), arrays[f"rarity/{view}"])


def _measured(told: Mapping[str, Any]) -> Measured:
    trust = {name: [Limit(**limit) for limit in limits] for name, limits in told["trust"].items()}
    sureness = {field: Sureness(**found) for field, found in told["sureness"].items()}
    return Measured(trust=trust, independence=float(told["independence"]), sureness=sureness, familiar=float(told["familiar"]))


def _refuse_other_version(folder: Path, card: Any) -> None:
    found = card.get("features_version") if isinstance(card, dict) else None
    if found != VERSION:
        raise ModelError(f"{folder}: trained with features_version {found}, this program has {VERSION}; train again")
