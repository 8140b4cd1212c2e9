"""Figures of quality from people's judgements."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.judgements import Judged, Judgement, JudgementId
from models.records import TicketId
from models.training import Intake, Witness
from review.charts import Series, line_chart
from review.quality import Share, bands_of, by_key, by_week, confusions_of, everything_of, right_of, weeks_until

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SAID = {"type": "hendelse", "priority": 3, "scope": "single", "team": "nett"}


def witness(
    *, doubtful: bool = False, sampled: bool | None = None, sure: float = 0.9, at: datetime = NOON, of: str = "nett", **meant: Any
) -> Witness:
    judgement = Judgement(said=SAID, meant={**SAID, **meant}, example={})
    judged = Judged(
        id=JudgementId(1), ticket=TicketId(1), by="lea", at=at, sampled=not doubtful if sampled is None else sampled, judgement=judgement
    )
    return Witness(judged=judged, opened_at=at, language="nb", team=of, doubtful=doubtful, sure={"team": sure})


def intake(week: date, team: str, cases: int, unseen: int = 0) -> Intake:
    return Intake(week=week, team=team, language="nb", cases=cases, doubtful=cases - unseen, judged=0, unseen=unseen)


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_share_lies_within_its_bounds(hits: int, misses: int) -> None:
    share = Share(hits=hits, of=hits + misses)
    assert 0.0 <= share.low <= share.high <= 1.0
    assert share.value is None or share.low - 1e-9 <= share.value <= share.high + 1e-9


def test_all_is_right_only_where_what_routes_a_case_is() -> None:
    found = right_of([witness(), witness(scope="few"), witness(team="ehelse"), witness(priority="3")])
    assert (found.everything, found.fields["scope"]) == (Share(hits=3, of=4), Share(hits=3, of=4))


def test_weeks_begin_on_mondays_of_the_desks_own_clock() -> None:
    weeks, bounds = weeks_until(datetime(2026, 3, 30, 0, 30, tzinfo=UTC), 2, "Europe/Oslo")
    assert weeks == [date(2026, 3, 23), date(2026, 3, 30)]
    assert [bound.astimezone(UTC).hour for bound in bounds] == [23, 22, 22], "summer time began in between"


def test_a_changed_mix_of_teams_is_told() -> None:
    weeks, bounds = weeks_until(NOON, 2, "Europe/Oslo")
    same = by_week(weeks, bounds, [], [intake(weeks[0], "a", 10), intake(weeks[1], "a", 99)])
    other = by_week(weeks, bounds, [], [intake(weeks[0], "a", 10), intake(weeks[1], "b", 10)])
    assert [group.moved for group in same] == [None, 0.0]
    assert other[1].moved == pytest.approx(1.0)


def test_cases_count_in_the_week_in_which_they_came() -> None:
    weeks, bounds = weeks_until(NOON, 2, "Europe/Oslo")
    groups = by_week(weeks, bounds, [witness(), witness(at=bounds[0])], [])
    assert [group.by_lot.everything.of for group in groups] == [1, 1]


def test_coverage_is_what_nobody_saw() -> None:
    found = everything_of([witness(doubtful=True)], [intake(NOON.date(), "a", 10, 7), intake(NOON.date(), "b", 10, 5)])
    assert found.unseen == Share(hits=12, of=20)
    assert (found.by_lot.everything.of, found.doubtful.everything.of) == (0, 1)


def test_groups_come_by_size() -> None:
    groups = by_key(
        [witness(of="c")], [intake(NOON.date(), "a", 1), intake(NOON.date(), "b", 2)], lambda one: one.team, lambda one: one.team
    )
    assert [group.name for group in groups] == ["b", "a", "c"]


def test_bands_hold_stated_probability_against_what_was_found() -> None:
    [low, high] = bands_of("team", [witness(sure=0.99), witness(sure=1.0), witness(sure=0.55, doubtful=True, team="ehelse")])
    assert (low.since, low.doubtful.of, low.by_lot.of) == (0.5, 1, 0)
    assert (high.since, high.until, high.by_lot) == (0.95, 1.0, Share(hits=2, of=2))


def test_confusions_are_counted_the_worst_first() -> None:
    found = confusions_of([witness(team="ehelse"), witness(team="ehelse", doubtful=True), witness(team="innkjop"), witness()], 10)
    assert [(one.field, one.said, one.meant, one.count, one.by_lot) for one in found] == [
        ("team", "nett", "ehelse", 2, 1),
        ("team", "nett", "innkjop", 1, 1),
    ]


def test_what_a_lead_picked_out_is_not_by_lot() -> None:
    chosen = witness(sampled=False, team="ehelse")
    assert everything_of([chosen], []).by_lot.everything.of == 0
    assert bands_of("team", [chosen]) == []
    assert [one.by_lot for one in confusions_of([chosen], 10)] == [0]


def test_a_line_breaks_where_nothing_is_known() -> None:
    chart = line_chart("t", ["1", "2", "3", "4", "5"], [Series(title="s", values=[0.5, 1.0, None, 0.0, None])], "{:.0%}".format)
    [line] = chart.lines
    assert len(line.pieces) == 1
    assert len(line.points) == 3
    assert line.points[1][1] < line.points[0][1] < line.points[2][1], "more is higher"
