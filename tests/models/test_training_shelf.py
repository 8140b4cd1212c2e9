"""Trainings as rows: asked for once, done by one, ended once; and what is counted of judged cases."""

from __future__ import annotations

from datetime import date, timedelta

from models.store import Store
from models.training import TrainingId, TrainingState
from tests.support.judged import judge, opened, take_back
from tests.support.mails import NOW, SCENE

HOUR = timedelta(hours=1)


def test_who_asks_twice_gets_one_training(store: Store) -> None:
    shelf = store.training
    first = shelf.ask("siv", "lea", NOW)
    assert shelf.ask("siv", "ola", NOW + HOUR) == first
    assert shelf.claim("siv", NOW) == first
    assert shelf.claim("siv", NOW) is None
    assert shelf.ask("siv", "ola", NOW + timedelta(minutes=5)) == first
    assert shelf.claim("ehm", NOW) is None


def test_progress_and_the_end_are_told(store: Store) -> None:
    shelf = store.training
    id = shelf.ask("siv", "lea", NOW)
    assert shelf.claim("siv", NOW) == id
    shelf.tell(id, "team", 0.4, NOW + HOUR / 4)
    [running] = shelf.latest("siv", 5)
    assert (running.state, running.doing, running.share, running.by) == (TrainingState.RUNNING, "team", 0.4, "lea")
    shelf.end(id, TrainingState.PROMOTED, NOW + HOUR / 2, version="abc", why="not-worse")
    shelf.end(id, TrainingState.FAILED, NOW + HOUR)
    shelf.tell(id, "late", 0.1, NOW + HOUR)
    [done] = shelf.latest("siv", 5)
    assert (done.state, done.version, done.why, done.doing) == (TrainingState.PROMOTED, "abc", "not-worse", "team")
    assert shelf.ask("siv", "lea", NOW + HOUR) != id


def test_a_training_that_tells_nothing_for_long_makes_way(store: Store) -> None:
    shelf = store.training
    id = shelf.ask("siv", "lea", NOW)
    shelf.claim("siv", NOW)
    assert shelf.ask("siv", "lea", NOW + 3 * HOUR) != id
    assert {training.id: training.state for training in shelf.latest("siv", 5)}[id] is TrainingState.FAILED


def test_only_the_programs_own_wish_counts_as_nightly(store: Store) -> None:
    store.training.ask("siv", "lea", NOW)
    assert not store.training.asked_since("siv", NOW - HOUR)
    store.training.end(_claimed(store), TrainingState.FAILED, NOW)
    store.training.ask("siv", "nightly", NOW)
    assert store.training.asked_since("siv", NOW - HOUR)
    assert not store.training.asked_since("siv", NOW + HOUR)


def test_the_last_word_on_a_case_counts_and_cases_are_counted_once(store: Store) -> None:
    ids = opened(store, 2)
    judge(store, ids[0], meant={"team": "nett"})
    judge(store, ids[0], meant={"team": "ehelse"})
    judge(store, ids[1])
    found = store.training.witnesses("siv", NOW - HOUR, NOW + HOUR, 100)
    assert [(one.judged.ticket, one.judged.judgement.meant["team"]) for one in found] == [(ids[0], "ehelse"), (ids[1], "arbeidsplass")]
    assert found[0].sure["team"] == 0.9
    assert store.training.confirmed_after("siv", 0) == 2
    assert store.training.confirmed_after("siv", found[-1].judged.id) == 0
    assert store.training.witnesses("siv", NOW + HOUR, NOW + 2 * HOUR, 100) == []


def test_a_word_that_was_taken_back_counts_for_nothing(store: Store) -> None:
    [first, second] = opened(store, 2)
    judge(store, first)
    judge(store, second)
    take_back(store, first)
    assert [one.judged.ticket for one in store.training.witnesses("siv", NOW - HOUR, NOW + HOUR, 100)] == [second]
    assert store.training.confirmed_after("siv", 0) == 1


def test_what_came_by_mail_is_counted_by_week_team_and_language(store: Store) -> None:
    doubted, drawn = opened(store, 1, doubtful=True), opened(store, 1, sampled=True)
    opened(store, 3)
    for id in (*doubted, *drawn):
        judge(store, id)
    weeks, bounds = [date(2026, 2, 23), date(2026, 3, 2)], [SCENE.now - timedelta(days=7), SCENE.now, SCENE.now + timedelta(days=7)]
    [intake] = store.training.intake("siv", weeks, bounds)
    assert (intake.week, intake.team, intake.language) == (date(2026, 3, 2), "arbeidsplass", "nb")
    assert (intake.cases, intake.doubtful, intake.judged, intake.unseen) == (5, 1, 2, 3)


def _claimed(store: Store) -> TrainingId:
    id = store.training.claim("siv", NOW)
    assert id is not None
    return id
