"""A day at the support for video meetings through 1177, as the pilot's report on support says it should go."""

from __future__ import annotations

import json
from datetime import timedelta

from models.kinds import TicketStatus
from models.solutions import SolutionState
from tests.support.desk import text_of
from tests.whole.days.conftest import OpenDay

CITIZEN, CARE = "mia.ek@mejl.example", "bo.alm@vc.example"
FIRST, SECOND, SUPPLIER = "first-line-answer@sll.teams.example", "second-line@sll.teams.example", "supplier@sll.teams.example"
LOCAL_IT, FUNCTION = "local-it@sll.teams.example", "region-function@sll.teams.example"
DUTY, DUTY_PHONE = "jour@sll.teams.example", "jour@sms.sll.teams.example"
HOW_TO_TEST = "Hej, jag har ett videomöte nästa vecka. Hur testar jag kamera och ljud innan?"
IN_TEN_MINUTES = "Vi har videobesök kl 10.15 och patienten kommer inte in i väntrummet, det är om tio minuter. Hjälp!"
EMPTY_PAGE = "Länken i kallelsen på 1177 går till en tom sida när jag klickar. Jag har mötet på torsdag."


def test_the_faq_answers_first_and_one_click_brings_the_question_on(day_of: OpenDay) -> None:
    day = day_of("sll").at("2026-03-02 09:00")
    day.write(f"Mia Ek <{CITIZEN}>", "Hur testar jag kameran", HOW_TO_TEST)
    offer = day.only(CITIZEN)
    assert "testfunktion" in text_of(offer)
    assert "mailto:videosupport@sll.se?subject=Det%20hj%C3%A4lpte%20inte%20SLL-1-" in text_of(offer)
    assert day.new(FIRST) == []  # nobody is troubled

    subject = text_of(offer).split("subject=")[1].split()[0].replace("%20", " ").replace("%C3%A4", "ä")
    day.write(f"Mia Ek <{CITIZEN}>", subject, "")
    forward, words = day.new(FIRST)
    assert "Hur testar jag kamera och l" in str(forward)  # the first mail, untouched
    assert "SLL-1" in text_of(words)
    assert day.ticket(1).status is TicketStatus.OPEN


def test_an_answer_that_helped_closes_the_case_and_troubles_nobody(day_of: OpenDay) -> None:
    day = day_of("sll").at("2026-03-02 09:00")
    day.write(f"Mia Ek <{CITIZEN}>", "Hur testar jag kameran", HOW_TO_TEST)
    day.answer(day.only(CITIZEN), "Tack så mycket!", sender=CITIZEN)
    assert day.ticket(1).status is TicketStatus.SOLVED
    day.write(f"Eva Ek <e{CITIZEN}>", "Hur testar jag kameran", HOW_TO_TEST)
    day.at("2026-03-07 09:01")  # five days without a word
    assert day.ticket(2).status is TicketStatus.SOLVED
    assert day.new(FIRST) == []
    assert day.office.store.solutions.those("sll", list(SolutionState)) == []  # what the list answers is no team's solution


def test_what_strikes_just_before_a_meeting_is_called_out_at_once(day_of: OpenDay) -> None:
    day = day_of("sll").at("2026-03-02 10:05")
    day.write(f"Bo Alm <{CARE}>", "Patienten kommer inte in", IN_TEN_MINUTES)
    assert day.ticket(1).priority <= 2
    assert len(day.new(DUTY)) == 1
    assert "per telefon" in text_of(day.only(CARE))
    day.at("2026-03-02 10:10")
    assert [len(day.new(who)) for who in (DUTY, DUTY_PHONE)] == [1, 1]


def test_where_the_fault_springs_from_decides_who_gets_it_and_each_may_send_it_on(day_of: OpenDay) -> None:
    day = day_of("sll").at("2026-03-02 09:00")
    day.write("Per Ek <per@mejl.example>", "Kallelse", EMPTY_PAGE)
    forward = day.only(FUNCTION)  # the invitation is 1177's
    day.answer(forward, "Till: Videoleverantörens service desk\nLänken är rätt, sidan är er.")
    moved = day.only(SECOND)
    assert "sidan är er" in text_of(moved)
    day.answer(moved, "Till: Underleverantören\nKräver rättning i produkten.")
    assert "rättning" in text_of(day.only(SUPPLIER))


def test_the_pilots_table_counts_cases_by_channel_kind_and_origin(day_of: OpenDay) -> None:
    day = day_of("sll").at("2026-03-02 09:00")
    day.write("Per Ek <per@mejl.example>", "Kallelse", EMPTY_PAGE)
    day.write(f"Mia Ek <{CITIZEN}>", "Hur testar jag kameran", HOW_TO_TEST)
    rows = day.office.store.figures.came("sll", day.now - timedelta(hours=1), day.now + timedelta(hours=1))
    counted = [(row.came_by, row.reporter, row.type, row.service, row.count) for row in rows]
    assert json.dumps(counted, ensure_ascii=False) == json.dumps(
        [["mail", "invanare", "forespørsel", "lokal-it", 1], ["mail", "invanare", "hendelse", "1177-kallelse", 1]], ensure_ascii=False
    )
