"""The only place where an organisation's models lie side by side: each in a folder of its own, one of them in use, and the story of who took which."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from classify.artefact import CARD_FILE, MODEL_FILE, find_card, save_model
from classify.model import TrainedModel
from classify.scores import Proof
from models.errors import ModelError
from models.files import READABLE, write_whole

VERSIONS = "versions"
STORY_FILE = "story.jsonl"
KEPT = 12
"""So many models stay besides the one in use: each takes some ten megabytes."""
LETTERS = 12
"""Of the digest of its arrays, by which a model is named: the same labels give the same name."""


class Reason(StrEnum):
    """Why a model was taken, or kept aside."""

    FIRST = "first"
    NOT_WORSE = "not-worse"
    BETTER_ON_OWN = "better-on-own"
    WORSE_ON_FROZEN = "worse-on-frozen"
    WORSE_ON_OWN = "worse-on-own"
    KNOWS_LESS = "knows-less"
    ANYWAY = "anyway"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A model that is kept. `card` is its card; `in_use` says whether it judges now; `usable`: by this version of the program."""

    name: str
    card: Mapping[str, Any]
    in_use: bool
    usable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """One line of the story: who took which model into use or kept it aside, and why."""

    at: datetime
    by: str
    version: str
    reason: Reason
    taken: bool


def version_of(card: Mapping[str, Any]) -> str:
    """A model's name; empty where its card names no arrays."""
    return str(card.get("sha256", ""))[:LETTERS]


def learned_until(card: Mapping[str, Any]) -> int:
    """The number of the last judgement that a model has learned from; 0 where it knows the corpus alone."""
    confirmed = card.get("confirmed")
    return int(confirmed.get("until", 0)) if isinstance(confirmed, dict) else 0


def keep_version(place: Path, model: TrainedModel, proof: Proof, facts: Mapping[str, Any]) -> str:
    """Write a model beside the others, in use or not; its name."""
    shelf = place / VERSIONS
    shelf.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=shelf, prefix=".new-") as folder:
        made = Path(folder) / "model"
        save_model(made, model, proof, facts)
        name = version_of(find_card(made))
        _put(made, shelf / name)
    return name


def adopt(place: Path) -> str:
    """The name of the model in use, kept among the others so that there is a way back to it; empty where none is."""
    card = find_card(place)
    name = version_of(card)
    if name and not (place / VERSIONS / name / CARD_FILE).exists() and (place / MODEL_FILE).exists():
        _put(place, place / VERSIONS / name)
    return name


def take(place: Path, taking: Taking) -> None:
    """Write the story's next line; put the model in use where it is taken. `ModelError` where there is none of that name for this program."""
    if taking.taken:
        chosen = place / VERSIONS / taking.version
        if not taking.version.isalnum() or version_of(find_card(chosen)) != taking.version:
            raise ModelError(f"{place}: there is no model {taking.version!r} that this program can use")
        adopt(place)
        _put(chosen, place)
    with (place / STORY_FILE).open("a", encoding="utf-8") as story:
        line = {"at": taking.at.isoformat(), "by": taking.by, "version": taking.version, "reason": taking.reason, "taken": taking.taken}
        story.write(json.dumps(line, ensure_ascii=False) + "\n")
    _forget_oldest(place)


def list_versions(place: Path) -> list[Version]:
    """The newest first."""
    current = version_of(_card(place))
    shelf = place / VERSIONS
    folders = sorted(shelf.iterdir(), key=_made_at, reverse=True) if shelf.is_dir() else []
    return [
        Version(name=folder.name, card=_card(folder), in_use=folder.name == current, usable=bool(find_card(folder)))
        for folder in folders
        if folder.name.isalnum()
    ]


def read_story(place: Path) -> list[Taking]:
    """The newest line first; a line that is no line of ours is passed over."""
    try:
        lines = (place / STORY_FILE).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [found for line in reversed(lines) if (found := _taking(line))]


def _taking(line: str) -> Taking | None:
    try:
        told = json.loads(line)
        reason, at = Reason(told["reason"]), datetime.fromisoformat(told["at"])
        return Taking(at=at, by=str(told["by"]), version=str(told["version"]), reason=reason, taken=bool(told["taken"]))
    except (ValueError, KeyError, TypeError):
        return None


def _put(source: Path, target: Path) -> None:
    """The pair of another folder here too: the arrays first, then the card that names them."""
    target.mkdir(parents=True, exist_ok=True)
    for name in (MODEL_FILE, CARD_FILE):
        write_whole(target / name, (source / name).read_bytes(), mode=READABLE)


def _forget_oldest(place: Path) -> None:
    """All but the newest and the one in use."""
    spare = [version for version in list_versions(place) if not version.in_use][KEPT:]
    for version in spare:
        shutil.rmtree(place / VERSIONS / version.name)


def _card(folder: Path) -> dict[str, Any]:
    """A card, of whatever version of the program."""
    try:
        card = json.loads((folder / CARD_FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    return dict(card) if isinstance(card, dict) else {}


def _made_at(folder: Path) -> tuple[str, str]:
    return str(_card(folder).get("trained_at", "")), folder.name
