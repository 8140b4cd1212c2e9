"""Learning from what people confirmed: the command, the nightly one, the model that is taken while the program runs, and the way back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from classify.artefact import find_card
from classify.versions import Reason, Taking, list_versions, read_story, take, version_of
from models.profiles import Profile
from models.records import TicketId
from models.store import Store, open_store
from models.training import Training, TrainingState
from run.cli import saksgang
from run.current import CurrentModel
from run.relearning import EVER, confirmed_cases
from run.settings import Environment
from run.teacher import Teacher
from tests.support.cases import BROKEN, WISHED
from tests.support.judged import judge, opened
from tests.support.program import line, until

NIGHT = datetime(2026, 3, 3, 2, 30, tzinfo=UTC)


def own_labels(file: Path) -> Path:
    """A small corpus in which the workplace team has what is broken."""
    with file.open("w", encoding="utf-8") as rows:
        for number in range(10):
            for text in (*BROKEN, *WISHED):
                broken = text in BROKEN
                labels = (
                    {"type": "hendelse", "priority": 2, "team": "arbeidsplass"}
                    if broken
                    else {"type": "bestilling", "priority": 4, "team": "innkjop"}
                )
                rows.write(line(f"{text} {number}", subject="", writer=f"w{number}", body=f"{text} nr {number}", **labels))
    return file


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "home").mkdir(exist_ok=True)
    opened_store = open_store(f"sqlite:///{tmp_path / 'home' / 'saksgang.db'}")
    yield opened_store
    opened_store.close()


class Learner:
    """The command line over this store, with models of its own; in this process, for the libraries take seconds to load."""

    def __init__(self, home: Path, trained: Path) -> None:
        self._runner = CliRunner(env={"SAKSGANG_HOME": str(home), "SAKSGANG_TRAINED": str(trained), "SAKSGANG_DATABASE": None})

    def call(self, *words: str, given: str | None = None) -> Result:
        return self._runner.invoke(saksgang, words, input=given)


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path / "home", tmp_path / "trained")


def judge_many(store: Store, count: int = 40, team: str = "nett") -> list[TicketId]:
    """Cases of broken things that people gave to another team than the corpus would."""
    ids = opened(store, count, sampled=True)
    for number, id in enumerate(ids):
        judge(store, id, meant={"team": team, "priority": 2}, text=f"{BROKEN[number % 4]} nr {number + 500}")
    return ids


def latest(store: Store) -> Training:
    return store.training.latest("siv", 1)[0]


def test_corrections_are_learned_and_outweigh_the_corpus(learner: Learner, store: Store, tmp_path: Path) -> None:
    labels, place = str(own_labels(tmp_path / "own.jsonl")), tmp_path / "trained" / "siv"
    assert learner.call("train", "--profile", "siv", "--labels", labels).exit_code == 0
    before = version_of(find_card(place))
    judge_many(store)
    told = learner.call("train", "--profile", "siv", "--labels", labels, "--confirmed")
    assert told.exit_code == 0, told.output
    card = find_card(place)
    assert card["confirmed"]["cases"] == 40
    assert version_of(card) != before
    assert latest(store).state is TrainingState.PROMOTED
    assert card["contest"]["own"]["challenger"]["team"] > card["contest"]["own"]["champion"]["team"]
    [found] = [
        json.loads(row)
        for row in learner.call(
            "classify", "-", "--profile", "siv", "--json", given=line("m", subject="", body=BROKEN[0])
        ).output.splitlines()
    ]
    assert found["team"] == "nett"
    plain = learner.call("train", "--profile", "siv", "--labels", labels)
    assert "has learned from people" in plain.output
    assert version_of(find_card(place)) == version_of(card)


def test_only_peoples_words_are_learned_and_the_last_one_counts(store: Store, siv: Profile) -> None:
    [id] = opened(store, 1)
    judge(store, id, meant={"team": "nett"})
    judge(store, id, meant={"team": "ehelse"})
    [(judged, example)] = confirmed_cases(store, siv)
    assert example.labels == {"type": "hendelse", "priority": 3, "scope": "single", "team": "ehelse"}
    assert (example.confirmed, example.group, judged.ticket) == (True, f"case {id}", id)


def test_a_case_that_nobody_judged_teaches_nothing(store: Store, siv: Profile) -> None:
    opened(store, 5)
    assert confirmed_cases(store, siv) == []
    assert store.judgements.since("siv", EVER) == []


def test_a_training_that_cannot_learn_says_why(learner: Learner, store: Store, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text(line("m", type="hendelse"), encoding="utf-8")
    told = learner.call("train", "--profile", "siv", "--labels", str(tmp_path / "none.jsonl"), "--confirmed")
    assert told.exit_code == 1
    assert (latest(store).state, "nothing to learn" in latest(store).why) == (TrainingState.FAILED, True)


@pytest.fixture
def nightly(siv: Profile, tmp_path: Path) -> Profile:
    own_labels(tmp_path / "own.jsonl")
    rules = siv.learning.model_copy(update={"labels": [str(tmp_path / "own.jsonl")], "nightly": True, "hour": 3, "fewest": 10})
    return siv.model_copy(update={"learning": rules})


def teacher_of(profile: Profile, store: Store, tmp_path: Path) -> Teacher:
    return Teacher(profile, store, Environment(home=tmp_path / "home", trained=tmp_path / "trained"))


def test_at_night_a_training_is_due_once_and_only_where_enough_was_confirmed(nightly: Profile, store: Store, tmp_path: Path) -> None:
    patient = nightly.model_copy(update={"folder": tmp_path})  # no profile there: the process ends at once
    judge_many(store, 9)
    teacher_of(patient, store, tmp_path).look(NIGHT)
    assert store.training.latest("siv", 5) == []
    judge_many(store, 1)
    teacher = teacher_of(patient, store, tmp_path)
    teacher.look(NIGHT - timedelta(hours=2))
    assert store.training.latest("siv", 5) == []
    teacher.look(NIGHT)
    assert (latest(store).by, latest(store).state) == ("nightly", TrainingState.RUNNING)

    def ended() -> bool:
        teacher.look(NIGHT + timedelta(minutes=1))
        return latest(store).state is TrainingState.FAILED

    until(ended, "the training is known to have died")
    assert "status 2" in latest(store).why
    teacher_of(patient, store, tmp_path).look(NIGHT + timedelta(hours=1))
    assert len(store.training.latest("siv", 5)) == 1


def test_a_training_that_is_asked_for_runs_beside_the_program(nightly: Profile, store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    quick = nightly.model_copy(update={"learning": nightly.learning.model_copy(update={"nightly": False})})
    folder = tmp_path / "mine" / "siv"
    folder.mkdir()
    for file in sorted(nightly.folder.glob("*.toml")):
        (folder / file.name).write_bytes(file.read_bytes())
    own = f'\n[learning]\nlabels = ["{tmp_path / "own.jsonl"}"]\n'
    (folder / "zz.toml").write_text(own, encoding="utf-8")
    teacher = teacher_of(quick.model_copy(update={"folder": folder}), store, tmp_path)
    judge_many(store, 12)
    teacher.look(NIGHT)
    assert store.training.latest("siv", 5) == [], "nobody asked"
    store.training.ask("siv", "lea", NIGHT)
    teacher.look(NIGHT)
    until(lambda: latest(store).state is TrainingState.PROMOTED, "the training ends")
    [line_of_story] = read_story(tmp_path / "trained" / "siv")
    assert (line_of_story.by, line_of_story.reason) == ("lea", Reason.FIRST)
    until(lambda: _is_free(teacher), "the process is gone")


def _is_free(teacher: Teacher) -> bool:
    teacher.look(NIGHT)
    return teacher._at_work is None


def test_a_program_that_stops_takes_its_training_with_it(nightly: Profile, store: Store, tmp_path: Path) -> None:
    teacher = teacher_of(nightly, store, tmp_path)
    store.training.ask("siv", "lea", NIGHT)
    teacher.look(NIGHT)
    teacher.stop(NIGHT)
    assert (latest(store).state, latest(store).why) == (TrainingState.FAILED, "the program was stopped")


def test_a_running_program_takes_another_model_with_the_next_mails(learner: Learner, siv: Profile, tmp_path: Path) -> None:
    labels, trained = own_labels(tmp_path / "own.jsonl"), tmp_path / "trained"
    current = CurrentModel(siv, None, trained)
    assert current.classifiers().model is None
    assert learner.call("train", "--profile", "siv", "--labels", str(labels)).exit_code == 0
    first = current.classifiers()
    assert first.model is not None
    assert current.classifiers() is first, "nothing is read twice"
    (trained / "siv" / "model.npz").write_bytes(b"damaged")
    (trained / "siv" / "card.json").touch()
    assert current.classifiers() is first, "a model that cannot be read changes nothing"
    [version] = [one.name for one in list_versions(trained / "siv")]
    take(trained / "siv", Taking(at=NIGHT, by="lea", version=version, reason=Reason.CHOSEN, taken=True))
    assert current.classifiers() is not first
