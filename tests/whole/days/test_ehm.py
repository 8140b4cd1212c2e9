"""A day at E-hälsomyndigheten's servicedesk, as "Supportprocessen" says it goes."""

from __future__ import annotations

from models.kinds import TicketStatus, TicketType
from tests.support.day import values
from tests.support.desk import text_of
from tests.whole.days.conftest import OpenDay

PHARMACY = "anna.berg@apoteket-linden.example"
CARE = "oskar.ek@vc-bjorken.example"
DESK = "first-line-answer@ehm.teams.example"
SECOND = "second-line@ehm.teams.example"
MAJOR = "major-incident@ehm.teams.example"
MIM, MIM_PHONE, CRISIS = "mim@ehm.teams.example", "mim@sms.ehm.teams.example", "krisledning@ehm.teams.example"
OWNER, CHIEF = "processagare-incident@ehm.teams.example", "it-chef@ehm.teams.example"

DOWN = (
    "Inga e-recept går att hämta eller expediera, felet gäller alla apotek i landet enligt vår kedja. "
    "Patienter får gå hem utan läkemedel. Står helt still sedan kl 09.05."
)
UNSAVED = (
    "När jag registrerar en fullmakt för en patient och trycker på spara kommer ett felmeddelande och fullmakten syns inte i listan. "
    "Gäller bara den här patienten, vi klarar oss så länge."
)
STATISTICS = "Hej, vi vill beställa statistik över antal e-recept per vårdcentral förra året. Det är ingen brådska."


def test_every_case_has_an_identity_a_category_a_priority_and_a_risk_that_a_person_may_amend(day_of: OpenDay) -> None:
    day = day_of("ehm").at("2026-03-02 09:30")
    day.write(f"Oskar Ek <{CARE}>", "Fullmakt sparas inte", UNSAVED)

    forward, receipt = day.only(SECOND), day.only(CARE)
    assert "EHM-1" in text_of(receipt)
    assert "EHM-1" in text_of(forward)
    told = values(forward)
    assert (told["Typ"], told["Prioritet"], told["Risk"]) == ("incident", "3 medel", "ingen påverkan på patientsäkerheten")

    day.answer(forward, "Risk: viss", sender="sven@ehalsomyndigheten.se")
    day.answer(forward, "Prioritet: 4", sender="sven@ehalsomyndigheten.se")
    day.answer(forward, "Kategori: service request\n", sender="sven@ehalsomyndigheten.se")
    amended = day.ticket(1)
    assert (amended.risk, amended.priority, amended.type) == ("viss", 4, TicketType.INCIDENT)
    assert "förfrågan" in text_of(day.only("sven@ehalsomyndigheten.se"))  # no type is called so: told which there are

    day.answer(forward, "Kategori: förfrågan", sender="sven@ehalsomyndigheten.se")
    assert day.ticket(1).type is TicketType.REQUEST
    assert day.new(CARE) == []  # nothing of this is the reporter's business


def test_the_desk_watches_that_a_case_is_solved_in_time(day_of: OpenDay) -> None:
    day = day_of("ehm").at("2026-04-01 14:30")  # Wednesday before Easter; Thursday ends at 14, then a long weekend
    day.write(f"Oskar Ek <{CARE}>", "Fullmakt sparas inte", UNSAVED)
    assert day.local(day.ticket(1).due_at) == "2026-04-09 08:30"  # 27 hours: 2.5, 6 on Maundy Thursday, 9, 9, and half an hour
    day.only(SECOND)

    day.at("2026-04-08 12:59")
    assert day.new(SECOND) == []
    day.at("2026-04-08 13:00")
    assert "Tiden är snart ute" in str(day.only(SECOND)["Subject"])
    assert day.new(OWNER) == []

    day.at("2026-04-09 08:30")
    assert "Över tiden" in str(day.only(SECOND)["Subject"])
    assert [len(day.new(OWNER)), len(day.new(CHIEF))] == [1, 0]
    day.at("2026-04-09 10:30")
    assert [len(day.new(OWNER)), len(day.new(CHIEF))] == [1, 1]  # a rung more, two hours later
    day.at("2026-04-09 12:30")
    assert [len(day.new(OWNER)), len(day.new(CHIEF))] == [1, 1]
    day.at("2026-04-09 23:00")
    assert day.new(OWNER) == []  # who did not act on three does not act on thirty


def test_the_clock_stands_while_the_reporter_is_asked(day_of: OpenDay) -> None:
    day = day_of("ehm").at("2026-03-02 09:00")
    day.write(f"Oskar Ek <{CARE}>", "Fullmakt sparas inte", UNSAVED)
    assert day.local(day.ticket(1).due_at) == "2026-03-05 09:00"
    forward = day.only(SECOND)
    day.new(CARE)

    day.at("2026-03-02 11:00").answer(forward, "Fråga: Vilket felmeddelande kommer?\nOch vilken webbläsare?")
    question = day.only(CARE)
    assert "Vilket felmeddelande kommer?" in text_of(question)
    assert "Och vilken webbläsare?" in text_of(question)
    assert "Auto-Submitted" not in question

    day.at("2026-03-04 11:00")
    assert "Vi väntar på svar" in str(day.only(CARE)["Subject"])
    day.at("2026-03-05 16:00")
    assert day.new(SECOND) == []  # nothing is due while the desk waits

    day.answer(question, "Det står NLL-4711, i Edge.", sender=CARE)
    assert "NLL-4711" in text_of(day.only(SECOND))
    assert day.local(day.ticket(1).due_at) == "2026-03-10 14:00"  # 25 hours were left: 1, 9, 9, and 6


def test_a_grave_incident_calls_the_duty_until_somebody_takes_it(day_of: OpenDay) -> None:
    day = day_of("ehm").at("2026-03-07 21:10")  # a Saturday night
    day.write(f"Anna Berg <{PHARMACY}>", "E-recept nere", DOWN)
    forward = day.only(MAJOR)
    told = values(forward)
    assert (told["Prioritet"], told["Till"], told["Risk"].split()[0]) == ("1 kritisk", "Major incident manager", "stor")
    assert [len(day.new(who)) for who in (MIM, MIM_PHONE, CRISIS)] == [1, 0, 0]
    assert day.local(day.ticket(1).due_at) == "2026-03-08 01:10"

    day.at("2026-03-07 21:25")
    alarm = day.only(MIM)
    assert len(text_of(day.only(MIM_PHONE)).strip()) < 160
    assert "e-recept" not in str(day.office.last(MIM_PHONE)).casefold()  # no word of the mail in a text message
    day.at("2026-03-07 21:40")
    assert [len(day.new(who)) for who in (MIM, MIM_PHONE, CRISIS)] == [1, 1, 1]

    day.answer(alarm, "Kvitterar", sender=MIM)
    assert day.ticket(1).acknowledged_at == day.now
    day.at("2026-03-07 23:00")
    assert [len(day.new(who)) for who in (MIM, MIM_PHONE, CRISIS)] == [0, 0, 0]


def test_a_grave_solution_is_reviewed_before_the_reporter_is_told(day_of: OpenDay) -> None:
    day = day_of("ehm").at("2026-03-07 21:10")
    day.write(f"Anna Berg <{PHARMACY}>", "E-recept nere", DOWN)
    forward = day.only(MAJOR)
    day.new(PHARMACY)
    day.answer(
        forward, "Databasen är tillbaka, alla apotek kan expediera.\n\nLösning: Bytte till reservnoden i databasklustret.", sender=MAJOR
    )
    assert day.ticket(1).status is TicketStatus.REVIEWED
    assert day.new(PHARMACY) == []
    review = day.only(DESK)
    day.answer(review, "Godkänd")
    assert day.ticket(1).status is TicketStatus.SOLVED
    solved = text_of(day.only(PHARMACY))
    assert "alla apotek kan expediera" in solved  # the team's own words, not the solution alone
    assert "reservnoden" in solved


def test_what_the_reviewer_finds_lacking_goes_back_and_the_reporter_hears_nothing(day_of: OpenDay) -> None:
    day = day_of("ehm").at("2026-03-07 21:10")
    day.write(f"Anna Berg <{PHARMACY}>", "E-recept nere", DOWN)
    day.answer(day.only(MAJOR), "Lösning: Startade om.", sender=MAJOR)
    day.new(PHARMACY)

    day.answer(day.only(DESK), "Skriv vad som startades om, och varför.")

    assert day.new(PHARMACY) == []
    assert day.ticket(1).status is TicketStatus.OPEN
    assert "vad som startades om" in text_of(day.only(MAJOR))


def test_what_the_service_desk_cannot_solve_goes_to_the_second_line_and_back(day_of: OpenDay) -> None:
    day = day_of("ehm").at("2026-03-02 09:00")
    day.write(f"Lisa Alm <{CARE}>", "Beställning av utdrag", STATISTICS)
    first = day.only(SECOND)
    day.answer(first, "Till: Servicedesk\nStandardutdraget räcker här.", sender=SECOND)
    moved = day.only(DESK)
    assert "Standardutdraget räcker här." in text_of(moved)
    day.answer(moved, "Åter: nej, det behövs ett nytt uttag")
    assert "det behövs ett nytt uttag" in text_of(day.only(SECOND))
    day.answer(first, "Till: månen", sender=SECOND)
    assert "månen" in text_of(day.only(SECOND))
    assert day.ticket(1).team == "second-line"
