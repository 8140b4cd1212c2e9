"""What a case is about, and what is said in it: the same when it is judged and wherever it is read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.records import Assignment
from models.store import Store
from tests.support.mails import NOW, SCENE, mail, new_ticket, raw, verdict

DOUBT = Assignment(team="trakta", guessed_team="arbeidsplass", unsure=True, also=())


@pytest.mark.parametrize("service", ["e-resept", None])
def test_a_case_is_about_the_same_and_says_the_same_wherever_it_is_read(store: Store, service: str | None) -> None:
    [id] = store.mails.keep([raw()])
    given, judged = mail(subject="Skriver, ring 99 88 77 66"), verdict(service=service)
    store.tickets.record([new_ticket(id, mail=given, verdict=judged, assignment=DOUBT)], SCENE)

    [seen] = store.incidents.reported("siv", NOW - timedelta(days=1), NOW + timedelta(days=1), 9)
    [case] = store.repeats.cases("siv")
    [remembered] = store.memory.find_all([case.ticket]).values()

    assert [about for _, about in store.incidents.came("siv", NOW - timedelta(days=1))] == [judged.about]
    assert (seen.service, case.about) == (judged.about, judged.about)
    assert {seen.text, case.text, remembered.text} == {given.safe_text}


def test_what_came_is_told_in_the_order_of_time_however_it_was_written(store: Store) -> None:
    hours = [NOW - timedelta(hours=number) for number in range(3)]
    for at in hours:
        [id] = store.mails.keep([raw()])
        store.tickets.record([new_ticket(id)], replace(SCENE, now=at))
    assert [at for at, _ in store.incidents.came("siv", NOW - timedelta(days=1))] == sorted(hours)
