"""Written clauses of the policy: they raise a priority and never lower it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.priority import clauses_that_hold, floor_of
from models.parts import Clause
from models.profiles import Profile

VITAL = ["vital_system", "stopped", "whole_site"]
INCIDENT: dict[str, object] = {"type": "hendelse", "scope": "hospital", "patient_safety": False}


def held(siv: Profile, cues: list[str], **decided: object) -> list[str]:
    return [applied.name for applied in clauses_that_hold(siv, cues, {**INCIDENT, **decided})]


def with_clauses(siv: Profile, **clauses: Clause) -> Profile:
    return siv.model_copy(update={"clauses": clauses})


def clause(floor: int, needs: list[str], unless: list[str] | None = None) -> Clause:
    return Clause(floor=floor, source="policy", needs=needs, unless=unless or [], reason={"nb": "Fordi."})


def test_a_clause_holds_where_all_its_needs_are_told(siv: Profile) -> None:
    assert "vital-whole-site" in held(siv, VITAL)


@pytest.mark.parametrize("missing", VITAL)
def test_a_clause_does_not_hold_where_one_need_is_missing(siv: Profile, missing: str) -> None:
    assert "vital-whole-site" not in held(siv, [cue for cue in VITAL if cue != missing])


def test_a_clause_does_not_hold_where_another_field_was_judged_otherwise(siv: Profile) -> None:
    assert "vital-whole-site" not in held(siv, VITAL, type="forespørsel")


@pytest.mark.parametrize("exception", ["works_again", "planned_work", "cosmetic"])
def test_an_exception_told_undoes_a_clause(siv: Profile, exception: str) -> None:
    assert "vital-whole-site" not in held(siv, [*VITAL, exception])


def test_a_boolean_is_written_in_lower_case_as_in_the_profile(siv: Profile) -> None:
    profile = with_clauses(siv, safety=clause(2, ["patient_safety=true"]))
    assert held(profile, [], patient_safety=True) == ["safety"]
    assert held(profile, [], patient_safety=False) == []


def test_the_gravest_clause_comes_first(siv: Profile) -> None:
    profile = with_clauses(siv, mild=clause(3, ["stopped"]), grave=clause(1, ["stopped"]), middle=clause(2, ["stopped"]))
    assert held(profile, ["stopped"]) == ["grave", "middle", "mild"]


def test_the_floor_is_the_gravest_of_the_clauses_that_hold(siv: Profile) -> None:
    profile = with_clauses(siv, mild=clause(3, ["stopped"]), grave=clause(2, ["stopped"]), other=clause(1, ["harm"]))
    assert floor_of(clauses_that_hold(profile, ["stopped"], {}), 4) == 2


def test_without_a_clause_the_floor_is_the_lowest_level(siv: Profile) -> None:
    assert floor_of([], 4) == 4
    assert floor_of(clauses_that_hold(siv, [], {}), 5) == 5


@settings(deadline=None)
@given(data=st.data())
def test_a_clause_more_never_makes_a_mail_less_grave(siv: Profile, data: st.DataObject) -> None:
    cue = st.sampled_from(["stopped", "harm", "whole_site"])
    clauses = data.draw(st.lists(st.tuples(st.integers(1, 4), st.lists(cue, min_size=1), st.lists(cue, max_size=1)), max_size=5))
    made = {str(number): clause(*parts) for number, parts in enumerate(clauses)}
    told = data.draw(st.lists(cue))
    floors = [
        floor_of(clauses_that_hold(with_clauses(siv, **dict(list(made.items())[:count])), told, {}), 4) for count in range(len(made) + 1)
    ]
    assert floors == sorted(floors, reverse=True)
