"""Models side by side: kept under their own names, one in use, and always a way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classify.artefact import load_model, save_model
from classify.model import TrainedModel
from classify.scores import Proof
from classify.train import train
from classify.versions import KEPT, STORY_FILE, Reason, Taking, adopt, keep_version, list_versions, read_story, take
from models.errors import ModelError
from models.profiles import Profile
from tests.support.cases import corpus

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Made = list[tuple[TrainedModel, Proof]]


def taking(version: str, reason: Reason = Reason.CHOSEN, *, taken: bool = True) -> Taking:
    return Taking(at=NOON, by="lea", version=version, reason=reason, taken=taken)


@pytest.fixture(scope="module")
def made(siv: Profile) -> Made:
    """Two models that are not the same."""
    return [train(corpus("type"), siv), train(corpus("type", "team"), siv)]


def kept(place: Path, made: Made, number: int = 0, day: int = 0) -> str:
    return keep_version(place, *made[number], {"trained_at": (NOON + timedelta(days=day)).isoformat()})


def test_a_model_that_is_kept_is_not_yet_in_use(made: Made, siv: Profile, tmp_path: Path) -> None:
    name = kept(tmp_path, made)
    assert [(version.name, version.in_use) for version in list_versions(tmp_path)] == [(name, False)]
    with pytest.raises(ModelError):
        load_model(tmp_path, siv)


def test_one_is_taken_and_there_is_a_way_back(made: Made, siv: Profile, tmp_path: Path) -> None:
    first, second = kept(tmp_path, made, 0, 0), kept(tmp_path, made, 1, 1)
    take(tmp_path, taking(first, Reason.FIRST))
    take(tmp_path, taking(second, Reason.NOT_WORSE))
    assert set(load_model(tmp_path, siv).fields) == {"type", "team"}
    assert [(version.name, version.in_use) for version in list_versions(tmp_path)] == [(second, True), (first, False)]
    take(tmp_path, taking(first))
    assert set(load_model(tmp_path, siv).fields) == {"type"}
    assert [(line.version, line.reason) for line in read_story(tmp_path)] == [
        (first, Reason.CHOSEN),
        (second, Reason.NOT_WORSE),
        (first, Reason.FIRST),
    ]


def test_a_model_that_was_there_before_there_were_versions_is_kept_too(made: Made, siv: Profile, tmp_path: Path) -> None:
    save_model(tmp_path, *made[0], {})
    second = kept(tmp_path, made, 1)
    take(tmp_path, taking(second))
    [old] = [version for version in list_versions(tmp_path) if not version.in_use]
    take(tmp_path, taking(old.name))
    assert set(load_model(tmp_path, siv).fields) == {"type"}


def test_what_is_kept_aside_stands_in_the_story_and_changes_nothing(made: Made, siv: Profile, tmp_path: Path) -> None:
    first, second = kept(tmp_path, made, 0), kept(tmp_path, made, 1)
    take(tmp_path, taking(first))
    take(tmp_path, taking(second, Reason.WORSE_ON_OWN, taken=False))
    assert set(load_model(tmp_path, siv).fields) == {"type"}
    assert not read_story(tmp_path)[0].taken


@pytest.mark.parametrize("name", ["", "nothing", "..", "../../etc", "a/b", "0123456789ab"])
def test_a_name_that_is_no_model_is_refused(made: Made, siv: Profile, tmp_path: Path, name: str) -> None:
    first = kept(tmp_path, made)
    take(tmp_path, taking(first))
    with pytest.raises(ModelError, match="no model"):
        take(tmp_path, taking(name))
    assert load_model(tmp_path, siv).fields


def test_old_ones_are_forgotten_and_never_the_one_in_use(made: Made, siv: Profile, tmp_path: Path) -> None:
    first = kept(tmp_path, made, 0, -1)
    take(tmp_path, taking(first))
    for number in range(KEPT + 3):
        folder = tmp_path / "versions" / f"{number:012}"
        save_model(folder, *made[1], {"trained_at": (NOON + timedelta(days=number)).isoformat()})
    take(tmp_path, taking("x", taken=False))
    versions = list_versions(tmp_path)
    assert len(versions) == KEPT + 1
    assert versions[-1].name == first
    assert versions[-1].in_use


def test_a_damaged_line_of_the_story_is_passed_over(made: Made, tmp_path: Path) -> None:
    take(tmp_path, taking(kept(tmp_path, made)))
    with (tmp_path / STORY_FILE).open("a", encoding="utf-8") as story:
        story.write('{"at": \n[1]\n{"at": "noon", "by": "x", "version": "y", "reason": "chosen", "taken": true}\n')
    assert len(read_story(tmp_path)) == 1


def test_where_nothing_was_trained_there_is_nothing(tmp_path: Path) -> None:
    assert (list_versions(tmp_path), read_story(tmp_path), adopt(tmp_path)) == ([], [], "")
