"""A day at Sykehuset i Vestfold's IKT and E-helse, as the procedure "Melde feil, mangler og utfordring" says it goes."""

from __future__ import annotations

from datetime import timedelta

from models.kinds import CameBy, TicketStatus
from models.solutions import SolutionState
from tests.support.day import Day
from tests.support.desk import text_of
from tests.whole.days.conftest import OpenDay

NURSE, DOCTOR, AGENT = "kari.moe@siv.no", "liv.sand@siv.no", "ola.tekniker@siv.no"
WORKPLACE, CLINICAL, TRAKTA = "arbeidsplass@teams.siv.example", "kliniske-systemer@teams.siv.example", "trakta@teams.siv.example"
PRINTER = "Skriveren på vaktrommet i 4. etasje skriver ikke ut, det kommer bare papirstopp. Vi bruker den på rommet ved siden av så lenge."
FIELD = "Kan dere legge inn et eget felt for allergier øverst i innkomstnotatet i DIPS? Det ville spart oss mye leting."
DOWN = "DIPS er nede på hele sykehuset, ingen får opp journaler eller medisinlister. Akuttmottaket står uten oversikt."


def opened(day: Day) -> list[tuple[CameBy, int]]:
    found = day.office.store.figures.came("siv", day.now - timedelta(days=1), day.now + timedelta(days=1))
    return [(CameBy(came.came_by), came.count) for came in found]


def test_a_case_goes_to_the_team_that_can_solve_it_and_what_is_unclear_to_trakta(day_of: OpenDay) -> None:
    day = day_of("siv").at("2026-03-02 09:00")
    day.write(f"Kari Moe <{NURSE}>", "Skriver på vaktrommet", PRINTER)
    day.write(f"Nina Vik <{NURSE}>", "Noe rart", "Hei. Kan dere se på det?")
    assert len(day.new(WORKPLACE)) == 1
    unclear = day.only(TRAKTA)
    day.answer(unclear, "Til team: Arbeidsplass\nRing henne.")
    assert "Ring henne." in text_of(day.only(WORKPLACE))


def test_the_reporter_gets_an_answer_and_no_case_is_closed_without_how_it_was_solved(day_of: OpenDay) -> None:
    day = day_of("siv").at("2026-03-02 09:00")
    day.write(f"Kari Moe <{NURSE}>", "Skriver på vaktrommet", PRINTER)
    forward = day.only(WORKPLACE)
    day.new(NURSE)
    day.answer(forward, "Lukk saken", sender=AGENT)
    assert "Løsning:" in text_of(day.only(AGENT))
    assert day.ticket(1).status is TicketStatus.OPEN
    day.answer(forward, "Nå virker den.\n\nLøsning: Byttet papirmateren.", sender=AGENT)
    assert "Nå virker den." in text_of(day.only(NURSE))
    assert day.ticket(1).solution == "Byttet papirmateren."


def test_a_wish_for_change_is_on_the_owning_teams_list_and_the_reporter_is_told(day_of: OpenDay) -> None:
    day = day_of("siv").at("2026-03-02 09:00")
    day.write(f"Liv Sand <{DOCTOR}>", "Ønske om felt i DIPS", FIELD)
    assert "forbedringslisten til Kliniske systemer" in text_of(day.only(DOCTOR))
    [wish] = day.office.store.figures.wishes("siv")
    assert (wish.team, wish.subject) == ("kliniske-systemer", "Ønske om felt i DIPS")
    assert "forbedring" in text_of(day.only(CLINICAL)).casefold()


def test_what_came_by_telephone_or_chat_is_registered_in_a_short_mail(day_of: OpenDay) -> None:
    day = day_of("siv").at("2026-03-02 09:00")
    day.write(f"Ola Tekniker <{AGENT}>", "Kari ringte", f"Telefon: Kari Moe {NURSE}\n{PRINTER}")
    day.write(f"Ola Tekniker <{AGENT}>", "Chat", f"Chat:\n{PRINTER}")
    assert "SIV-1" in text_of(day.only(NURSE))  # the receipt is the caller's, not the agent's
    assert "SIV-2" in text_of(day.only(AGENT))
    assert opened(day) == [(CameBy.CHAT, 1), (CameBy.PHONE, 1)]
    [first, _] = day.new(WORKPLACE)
    day.answer(first, "Løsning: Byttet papirmateren.", sender="per.tekniker@siv.no")
    assert "Byttet papirmateren." in text_of(day.only(NURSE))


def test_a_stranger_registers_nothing_in_another_persons_name(day_of: OpenDay) -> None:
    day = day_of("siv").at("2026-03-02 09:00")
    day.write("Ukjent <x@mejl.example>", "Kari ringte", f"Telefon: Kari Moe {NURSE}\n{PRINTER}")
    assert day.new(NURSE) == []
    assert opened(day) == [(CameBy.MAIL, 1)]


def test_the_consequence_decides_then_who_came_first_and_the_workload_is_visible(day_of: OpenDay) -> None:
    day = day_of("siv").at("2026-03-02 09:00")
    day.write(f"Kari Moe <{NURSE}>", "Skriver på vaktrommet", PRINTER)
    day.at("2026-03-02 09:30").write("Ola Moen <ola.moen@siv.no>", "DIPS nede", DOWN)
    loads = {(load.team, load.priority): load.open for load in day.office.store.figures.workload("siv", day.now)}
    assert loads == {("arbeidsplass", 3): 1, ("kliniske-systemer", 1): 1}
    forward = day.only(CLINICAL)
    assert "1 kritisk" in text_of(forward)


def test_a_solution_that_a_lead_made_public_is_offered_to_the_next_reporter_before_a_team_is_troubled(day_of: OpenDay) -> None:
    day = day_of("siv").at("2026-03-02 09:00")
    day.write(f"Kari Moe <{NURSE}>", "Skriver på vaktrommet", PRINTER)
    day.answer(day.only(WORKPLACE), "Løsning: Åpne luken bak, ta ut arket som henger igjen, og lukk den til det klikker.", sender=AGENT)
    solutions = day.office.store.solutions
    [proposed] = solutions.those("siv", [SolutionState.PROPOSED])
    solutions.judge("siv", proposed.id, SolutionState.CONFIRMED, public=True)

    again = PRINTER.replace("4. etasje", "3. etasje")
    day.write(f"Liv Sand <{DOCTOR}>", "Skriver på vaktrommet", again)
    offer = day.only(DOCTOR)
    assert "lukk den til det klikker" in text_of(offer)
    assert day.new(WORKPLACE) == []
    day.answer(offer, "Tusen takk, nå virker den!", sender=DOCTOR)
    assert day.ticket(2).status is TicketStatus.SOLVED
    assert [(one.cases, one.worked, one.failed) for one in solutions.those("siv", [SolutionState.CONFIRMED])] == [(2, 2, 0)]

    day.write("Per Ås <per.aas@siv.no>", "Skriver på vaktrommet", again)
    day.answer(day.only("per.aas@siv.no"), "Det hjalp ikke, den er like død.", sender="per.aas@siv.no")
    assert len(day.new(WORKPLACE)) == 2  # the mail, and what was said of the offer
    assert [(one.cases, one.worked, one.failed) for one in solutions.those("siv", [SolutionState.CONFIRMED])] == [(2, 2, 1)]
