"""A day at Inera, as "Support och incidentflöde" says it goes: care providers and citizens, the supplier, the region, the MIM."""

from __future__ import annotations

from models.kinds import TicketStatus
from tests.support.day import Day
from tests.support.desk import text_of
from tests.whole.days.conftest import OpenDay

CARE, ADMIN = "eva.sand@regionnorr.example", "forvaltning-1177@regionnorr.example"
CITIZEN = "kalle.ek@mejl.example"
SUPPORT, CITIZENS = "first-line-answer@inera.teams.example", "invanarsupport@inera.teams.example"
SUPPLIER, MAJOR = "supplier@inera.teams.example", "major-incident@inera.teams.example"
DUTY, DUTY_PHONE, MIM = "jour@inera.teams.example", "jour@sms.inera.teams.example", "mim@inera.teams.example"

SHUT_OUT = (
    "Ingen av våra vårdcentraler i hela regionen kan logga in i Clinic24, sedan kl 10.20 i dag. "
    "Patienterna står i kö och vi ser dem inte. Akut!"
)
ANSWERS_SHUT = (
    "När jag trycker på visa originalsvar i Clinic24 händer ingenting. Gäller mig på vår vårdcentral, kollegan kan öppna dem. "
    "Jag läser sammanfattningen så länge."
)
CHEST = (
    "Varken jag, min fru eller grannarna kommer in i 1177 Direkt sedan i morse, det står bara att tjänsten inte kan nås. "
    "Min far har bröstsmärtor och vi får ingen kontakt."
)
PICTURE = "När jag ska bifoga en bild i frågorna kommer ett fel och den laddas inte upp. Har provat flera gånger. Jag klarar mig utan."


def said_to(day: Day, who: str) -> str:
    return text_of(day.only(who))


def test_priority_1_by_mail_is_told_to_telephone_and_wakes_the_duty_until_somebody_takes_it(day_of: OpenDay) -> None:
    day = day_of("inera").at("2026-06-20 02:15")  # the night of Midsummer's Day
    day.write(f"Eva Sand <{CARE}>", "Ingen kommer in i Clinic24", SHUT_OUT)

    receipt = said_to(day, CARE)
    assert "0771-25 10 10" in receipt
    assert "https://www.inera.se/driftstatus/" in receipt
    assert len(day.new(MAJOR)) == 1  # at once, in the night of a holiday
    alarm = day.only(DUTY)
    assert day.new(DUTY_PHONE) == []
    day.at("2026-06-20 02:25")
    assert [len(day.new(who)) for who in (DUTY, DUTY_PHONE, MIM)] == [1, 1, 0]
    day.at("2026-06-20 02:35")
    assert [len(day.new(who)) for who in (DUTY, DUTY_PHONE, MIM)] == [1, 1, 1]
    day.answer(alarm, "Kvitterar")
    day.at("2026-06-20 05:00")
    assert [len(day.new(who)) for who in (DUTY, DUTY_PHONE, MIM)] == [0, 0, 0]


def test_the_supplier_is_reached_on_weekdays_below_priority_1_and_the_first_line_answers_the_region(day_of: OpenDay) -> None:
    day = day_of("inera").at("2026-06-18 17:30")  # Thursday evening before Midsummer Eve
    day.write(f"Eva Sand <{CARE}>", "Originalsvar öppnas inte", ANSWERS_SHUT)
    assert "- När hände det?" in said_to(day, CARE)  # what the next line needs and the mail does not tell
    assert day.new(SUPPLIER) == []
    day.at("2026-06-22 07:59")
    assert day.new(SUPPLIER) == []
    day.at("2026-06-22 08:00")  # Monday: Friday was the eve
    forward = day.only(SUPPLIER)

    day.write(f"Eva Sand <{CARE}>", f"SV: {day.office.last(CARE)['Subject']}", "Det började igår kl 15, i Edge.")
    assert "i Edge" in said_to(day, SUPPLIER)  # the answer joins

    day.answer(forward, "Rättat i version 8.2.\n\nLösning: Felet i visaren är rättat i 8.2, ladda om sidan.")
    passed = day.only(SUPPORT)
    assert "8.2" in text_of(passed)
    assert day.new(CARE) == []  # the region hears it from Inera support
    day.answer(passed, "Hej, felet är rättat, ladda om sidan.\n\nLösning: Rättat i version 8.2.")
    answer = said_to(day, CARE)
    assert "ladda om sidan" in answer
    assert "förvaltning" in answer  # who reports tells the region's administration
    assert day.ticket(1).status is TicketStatus.SOLVED


def test_what_a_citizen_reports_as_grave_is_the_mims_to_decide(day_of: OpenDay) -> None:
    day = day_of("inera").at("2026-03-02 10:00")
    day.write(f"Kalle Ek <{CITIZEN}>", "Appen öppnas inte för någon", CHEST, to="invanarsupport@inera.example")
    forward = day.only(MIM)
    assert "Beslut: ja" in text_of(forward)
    assert "0771" not in said_to(day, CITIZEN)  # the telephone is the care providers'

    day.answer(forward, "Beslut: ja\nFler har hört av sig.")
    declared = day.only(MAJOR)
    assert "Fler har hört av sig." in text_of(declared)
    day.answer(declared, "Tjänsten är uppe.\n\nLösning: Lastbalanseraren startades om.")
    passed = day.only(CITIZENS)
    assert day.new(CITIZEN) == []
    day.answer(passed, "Hej! Nu går det att komma in igen.\n\nLösning: Fel hos leverantören, rättat.")
    assert "komma in igen" in said_to(day, CITIZEN)


def test_what_the_mim_declines_is_an_ordinary_case_of_the_citizens_support(day_of: OpenDay) -> None:
    day = day_of("inera").at("2026-03-02 10:00")
    day.write(f"Kalle Ek <{CITIZEN}>", "Appen öppnas inte för någon", CHEST, to="invanarsupport@inera.example")

    day.answer(day.only(MIM), "Beslut: nej\nBara hans eget nät är nere.")

    assert "eget nät" in said_to(day, CITIZENS)
    ticket = day.ticket(1)
    assert (ticket.priority, ticket.team) == (3, "first-line-answer")
    assert day.local(ticket.due_at) == "2026-03-09 10:00"  # 45 hours of nine a day, from when it was opened


def test_a_citizens_technical_fault_goes_straight_to_the_supplier_and_back_through_the_citizens_support(day_of: OpenDay) -> None:
    day = day_of("inera").at("2026-03-02 10:00")
    day.write(f"Kalle Ek <{CITIZEN}>", "Bilden laddas inte upp", PICTURE, to="invanarsupport@inera.example")
    forward = day.only(SUPPLIER)
    day.new(CITIZEN)
    day.answer(forward, "Bilder över 10 MB stoppas. Be honom minska bilden.")
    assert "10 MB" in said_to(day, CITIZENS)
    assert day.new(CITIZEN) == []


def test_the_regions_own_function_troubleshoots_and_sends_back_what_is_not_its(day_of: OpenDay) -> None:
    day = day_of("inera").at("2026-03-02 10:00")
    day.write(f"Eva Sand <{CARE}>", "Originalsvar öppnas inte", ANSWERS_SHUT)
    day.answer(day.only(SUPPLIER), "Till: Första linjen\nKontrollera behörigheten först.")
    day.answer(day.only(SUPPORT), "Till: Regionens angivna funktion\nStämmer hennes uppdrag?")
    asked = day.only(ADMIN)  # the function of the region that the reporter writes from
    assert "Stämmer hennes uppdrag?" in text_of(asked)
    day.answer(asked, "Åter: uppdraget är rätt, felet ligger inte hos oss.")
    back = day.only(SUPPORT)
    assert "inte hos oss" in text_of(back)
    day.answer(back, "Till: Leverantören\nRegionen har felsökt.")
    assert "Regionen har felsökt." in said_to(day, SUPPLIER)
