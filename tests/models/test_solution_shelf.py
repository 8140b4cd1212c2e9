"""What the store promises of solutions, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from models.errors import StoreError
from models.kinds import EventKind, TicketStatus
from models.outcomes import JoinTicket, Step, TicketChange
from models.records import Redacted, TicketId
from models.solutions import Solution, SolutionId, SolutionState, SolutionVersion, read_solution_number, solution_number
from models.store import Store
from tests.support.mails import NOW, SCENE, mail, new_ticket, raw

RESTART = Redacted("Start utskriftstjenesten på nytt.")


def step(store: Store, ticket: TicketId, change: TicketChange, event: EventKind = EventKind.SOLVED) -> None:
    [id] = store.mails.keep([raw()])
    store.tickets.record(
        [JoinTicket(mail_id=id, mail=mail(), ticket=ticket, step=Step(event=event, change=change), mode=new_ticket(id).mode)], SCENE
    )


def opened(store: Store) -> TicketId:
    [id] = store.mails.keep([raw()])
    ticket = store.tickets.record([new_ticket(id)], SCENE)[id]
    assert ticket is not None
    return ticket


def solved(store: Store, text: Redacted = RESTART) -> TicketId:
    ticket = opened(store)
    step(store, ticket, TicketChange(status=TicketStatus.SOLVED, solution=text, shared=text))
    return ticket


def the(store: Store, number: int = 1) -> Solution:
    found = store.solutions.find("siv", SolutionId(number))
    assert found
    return found


def test_a_number_is_read_as_it_is_written_and_only_alone() -> None:
    assert read_solution_number(solution_number(SolutionId(12))) == 12
    assert [read_solution_number(text) for text in ("l12", "L-12.", " L-12\nHilsen Per")] == [12, 12, 12]
    assert [read_solution_number(text) for text in ("L-12 hjalp", "PL-12", "12", "", "L-")] == [None] * 5


def test_the_same_words_are_one_solution_of_many_cases(store: Store) -> None:
    for _ in range(3):
        solved(store)
    solved(store, Redacted("Noe annet."))
    first, second = store.solutions.those("siv", [SolutionState.PROPOSED])
    assert (first.cases, first.worked, first.failed, first.text) == (3, 3, 0, RESTART)
    assert (second.cases, second.worked) == (1, 1)
    assert store.solutions.those("inera", list(SolutionState)) == []


def test_a_lead_confirms_and_retires_and_what_is_retired_is_written_anew_by_the_next_case(store: Store) -> None:
    solved(store)
    assert not store.solutions.any_confirmed("siv")
    store.solutions.judge("siv", SolutionId(1), SolutionState.CONFIRMED, public=True)
    assert store.solutions.any_confirmed("siv")
    assert the(store).public
    store.solutions.judge("siv", SolutionId(1), SolutionState.RETIRED)
    assert the(store).public  # as it was
    solved(store)
    assert the(store, 2).state is SolutionState.PROPOSED


def test_every_text_that_a_solution_had_is_kept_with_who_wrote_it(store: Store) -> None:
    solved(store)
    store.solutions.rewrite("siv", SolutionId(1), SolutionVersion(number=2, text=Redacted("Kortere."), written_at=NOW, written_by="lead"))
    assert (the(store).text, the(store).version) == ("Kortere.", 2)
    assert [(one.number, one.text, one.written_by) for one in store.solutions.versions(SolutionId(1))] == [
        (1, RESTART, "arbeidsplass"),
        (2, "Kortere.", "lead"),
    ]


def test_two_solutions_become_one_with_the_cases_and_counts_of_both(store: Store) -> None:
    first, second = solved(store), solved(store, Redacted("Restart spooler."))
    store.solutions.unite("siv", SolutionId(2), SolutionId(1))
    assert (the(store).cases, the(store).worked) == (2, 2)
    assert (the(store, 2).state, the(store, 2).cases) == (SolutionState.RETIRED, 0)
    assert store.solutions.of_tickets([first, second], [SolutionState.PROPOSED]) == {first: 1, second: 1}


def test_what_worked_is_taken_back_where_the_case_is_opened_again(store: Store) -> None:
    ticket = solved(store)
    step(store, ticket, TicketChange(status=TicketStatus.OPEN), EventKind.REOPENED)
    assert (the(store).cases, the(store).worked, the(store).failed) == (0, 0, 1)


def test_a_known_solution_is_counted_where_it_is_used_and_where_it_fails(store: Store) -> None:
    solved(store)
    other = opened(store)
    step(store, other, TicketChange(failed=SolutionId(1)), EventKind.SOLUTION_FAILED)
    assert (the(store).worked, the(store).failed) == (1, 1)
    step(store, other, TicketChange(status=TicketStatus.SOLVED, solution=RESTART, used=SolutionId(1)))
    assert (the(store).cases, the(store).worked, the(store).failed) == (2, 2, 1)


@pytest.mark.parametrize("profile", ["siv", "inera"])
def test_a_word_on_a_solution_that_there_is_not_is_an_error(store: Store, profile: str) -> None:
    solved(store)
    number = SolutionId(1 if profile == "inera" else 9)
    with pytest.raises(StoreError, match="solution"):
        store.solutions.judge(profile, number, SolutionState.CONFIRMED)
    with pytest.raises(StoreError, match="solution"):
        store.solutions.rewrite(profile, number, SolutionVersion(number=2, text=RESTART, written_at=NOW, written_by="lead"))
    with pytest.raises(StoreError, match="solution"):
        store.solutions.unite(profile, number, SolutionId(1))
