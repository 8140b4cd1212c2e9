"""Numbers laid end to end: against the plain way of doing the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.spots import spots
from resolve import lists
from resolve.lists import Growing, Lists, Numbering, highest, turned

ROWS = st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=8)


def laid(rows: list[list[int]]) -> Lists:
    starts = np.cumsum([0, *map(len, rows)])
    return Lists(starts=starts, values=np.array([value for row in rows for value in row], np.uint32))


@given(ROWS, st.data())
def test_the_values_of_some_lists_are_found_where_they_stand(rows: list[list[int]], data: st.DataObject) -> None:
    which = data.draw(st.lists(st.sampled_from(range(len(rows))), max_size=8) if rows else st.just([]))
    at, lengths = spots(laid(rows).starts, np.array(which, np.int64))

    assert laid(rows).values[at].tolist() == [value for row in which for value in rows[row]]
    assert lengths.tolist() == [len(rows[row]) for row in which]


@given(ROWS, st.integers(0, 3))
def test_turned_lists_name_every_list_that_holds_a_number(rows: list[list[int]], left_out: int) -> None:
    names = np.array([-1 if row % 4 == left_out else row for row in range(len(rows))], np.int32)
    made = turned(laid(rows), names, 10)

    for number in range(10):
        wanted = [row for row, values in enumerate(rows) for value in values if value == number and row % 4 != left_out]
        assert made.values[made.starts[number] : made.starts[number + 1]].tolist() == wanted


def test_more_lists_than_are_turned_at_once_are_turned_all_the_same() -> None:
    count = 2 * lists.LISTS_AT_ONCE + 5
    made = turned(Lists(starts=np.arange(count + 1), values=np.arange(count) % 3), np.arange(count, dtype=np.int32), 3)

    assert [made.values[start : start + 2].tolist() for start in made.starts[:-1]] == [[0, 3], [1, 4], [2, 5]]
    assert np.array_equal(np.sort(made.values), np.arange(count))


@given(st.lists(st.floats(0, 1)), st.integers(1, 10))
def test_the_highest_scores_are_found_and_none_of_nought(scores: list[float], most: int) -> None:
    found = highest(np.array(scores), most).tolist()

    assert found == sorted(found)
    assert sorted(scores[place] for place in found) == sorted([score for score in sorted(scores)[-most:] if score > 0])


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_of_a_key_that_came_twice_the_later_place_is_known(first: list[int], later: list[int]) -> None:
    numbering = Numbering(np.array(sorted(set(first)), np.int64))
    places = {key: place for place, key in enumerate(sorted(set(first)))}
    for place, key in enumerate(later, 100):
        numbering.add(key, place)
        places[key] = place

    assert numbering.find(range(12)).tolist() == [places.get(key, -1) for key in range(12)]


@given(st.lists(st.lists(st.integers(0, 9))))
def test_what_grew_holds_all_that_was_added(added: list[list[int]]) -> None:
    growing = Growing(np.zeros(0, np.int64))
    seen = []
    for numbers in added:
        growing.extend(np.array(numbers, np.int64))
        seen.append(growing.array)

    assert growing.array.tolist() == [number for numbers in added for number in numbers]
    assert all(array.tolist() == growing.array[: len(array)].tolist() for array in seen)
