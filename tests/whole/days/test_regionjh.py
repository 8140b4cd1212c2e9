"""A day at Region Jämtland Härjedalen's administration of the 1177 e-services, as the central reserve routine says it goes."""

from __future__ import annotations

from models.incidents import IncidentState
from models.kinds import TicketStatus
from tests.support.day import Day
from tests.support.desk import text_of
from tests.whole.days.conftest import OpenDay

INERA, NURSE, CITIZEN = "drift@inera.example", "karin.aberg@regionjh.se", "nils.ek@mejl.example"
LEAD = "forvaltare@regionjh.se"
FUNCTION, MAJOR = "region-function@regionjh.teams.example", "major-incident@regionjh.teams.example"
TEAMS_CHANNEL, INTRANET = "teamet-1177-etjanster@regionjh.teams.example", "driftinformation-insidan@regionjh.teams.example"

PLANNED = "Hej, vi planerar en uppgradering av 1177 Journalen torsdag 12 mars kl 22.00 till 02.00. Tjänsten är då inte tillgänglig."
EMPTY = "Mina patienter säger att journalen på 1177 är tom och inte går att öppna sedan i morse, flera har ringt till hälsocentralen."
ERROR = "Jag får bara felmeddelande när jag öppnar journalen på 1177. Har provat två dagar."
NOTICE = "Avbrott: 1177 Journalen\nFrån: 2026-03-12 22:00\nTill: 2026-03-13 02:00\nInera uppgraderar. Läs journalen före 22."


def incident(day: Day) -> IncidentState:
    [found] = day.office.store.incidents.standing("regionjh", list(IncidentState))
    return found.state


def test_a_planned_outage_is_announced_told_when_it_begins_and_asked_about_when_it_should_be_over(day_of: OpenDay) -> None:
    day = day_of("regionjh").at("2026-03-09 09:00")
    day.write(f"Inera Drift <{INERA}>", "Planerad störning Journalen 12 mars", PLANNED)
    forward = day.only(FUNCTION)  # a lead judges what has to be spread

    day.answer(forward, NOTICE, sender=LEAD)
    for reader in (TEAMS_CHANNEL, INTRANET):
        told = day.only(reader)
        assert "Planerat avbrott, 1177 Journalen" in str(told["Subject"])
        assert "Från: 2026-03-12 22:00" in text_of(told)
        assert "Läs journalen före 22." in text_of(told)
    assert incident(day) is IncidentState.PLANNED

    day.at("2026-03-12 21:59")
    assert day.new(TEAMS_CHANNEL) == []
    day.at("2026-03-12 22:00")
    assert "Avbrott, " in str(day.only(TEAMS_CHANNEL)["Subject"])
    assert incident(day) is IncidentState.ONGOING

    day.at("2026-03-13 02:00")
    assert any("Till: " in text_of(mail) or "Prognos: 2026-03-13 02:00" in text_of(mail) for mail in day.new(LEAD))


def test_a_time_that_cannot_be_read_is_said_and_nothing_is_announced(day_of: OpenDay) -> None:
    day = day_of("regionjh").at("2026-03-09 09:00")
    day.write(f"Inera Drift <{INERA}>", "Planerad störning Journalen 12 mars", PLANNED)
    day.answer(day.only(FUNCTION), "Avbrott: Journalen\nFrån: på torsdag", sender=LEAD)
    assert "2026-03-05 22:00" in text_of(day.only(LEAD))
    assert day.new(TEAMS_CHANNEL) == []


def struck(day: Day) -> Day:
    """Monday morning: the journal is away, a lead has said so, and a citizen has written."""
    day.at("2026-03-09 08:10").write(f"Karin Åberg <{NURSE}>", "Journalen tom", EMPTY)
    day.answer(day.only(MAJOR), "Avbrott: 1177 Journalen\nInera felsöker.\nPrognos: kl. 12", sender=LEAD)
    day.at("2026-03-09 09:00").write(f"Nils Ek <{CITIZEN}>", "Ser inget i journalen", ERROR)
    return day


def test_an_outage_that_strikes_is_told_and_what_comes_in_joins_it(day_of: OpenDay) -> None:
    day = struck(day_of("regionjh"))
    assert "per telefon eller brev" in text_of(day.only(NURSE))  # what the routine asks of the units meanwhile
    assert "Inera felsöker." in text_of(day.only(INTRANET))
    assert "känt fel" in text_of(day.only(CITIZEN))
    day.write(f"Nils Ek <{CITIZEN}>", "Ny mall", "Hur fyller jag i formuläret för hälsodeklaration på 1177? Hittar inte var man börjar.")
    assert "känt fel" not in text_of(day.only(CITIZEN))  # another matter stays apart


def test_the_status_is_told_again_at_its_interval_and_the_lead_is_reminded_that_it_is_old(day_of: OpenDay) -> None:
    day = struck(day_of("regionjh"))
    day.new(CITIZEN), day.new(TEAMS_CHANNEL)

    day.at("2026-03-09 10:10")  # two hours after it was told
    assert "Inera felsöker." in text_of(day.only(CITIZEN))
    assert "Inera felsöker." in text_of(day.only(TEAMS_CHANNEL))
    day.answer(day.only(LEAD), "Status: Felet är hittat.\nPrognos: kl. 11", sender=LEAD)
    told = text_of(day.only(CITIZEN))
    assert "Felet är hittat." in told
    assert "Prognos: kl. 11" in told
    day.at("2026-03-09 12:09")
    assert day.new(CITIZEN) == []  # the interval runs from what was told last
    day.at("2026-03-09 12:10")
    assert "Felet är hittat." in text_of(day.only(CITIZEN))


def test_who_reported_twice_is_told_once(day_of: OpenDay) -> None:
    day = struck(day_of("regionjh"))
    day.write(f"Nils Ek <{CITIZEN}>", "Fortfarande inget i journalen", ERROR)
    day.new(CITIZEN)
    day.answer(day.office.last(MAJOR), "Status: Felet är hittat.", sender=LEAD)
    assert "Felet är hittat." in text_of(day.only(CITIZEN))


def test_after_the_outage_the_lead_gets_the_list_of_what_came_in_and_closes_what_was_solved_by_telephone(day_of: OpenDay) -> None:
    day = struck(day_of("regionjh"))
    day.write(
        "Ulla Ek <ulla@mejl.example>", "Ny mall", "Hur fyller jag i formuläret för hälsodeklaration på 1177? Hittar inte var man börjar."
    )
    day.new(CITIZEN), day.new(TEAMS_CHANNEL)

    day.at("2026-03-09 09:30").answer(day.office.last(MAJOR), "Journalen är uppe.\n\nLösning: Inera startade om tjänsten.", sender=LEAD)
    assert incident(day) is IncidentState.OVER
    assert "är över" in str(day.only(TEAMS_CHANNEL)["Subject"])
    listed = day.only(LEAD)
    assert "Ser inget i journalen" in text_of(listed)
    assert "Ny mall" not in text_of(listed)
    day.answer(listed, "Avsluta alla utan svar: löst på telefon under stoppet", sender=LEAD)
    assert [day.ticket(number).status for number in (2, 3)] == [TicketStatus.SOLVED, TicketStatus.OPEN]
    assert day.new(CITIZEN) == []

    day.at("2026-03-09 15:00")
    assert [day.new(who) for who in (CITIZEN, TEAMS_CHANNEL, LEAD)] == [[], [], []]  # what is over is told no more
    day.at("2026-03-14 09:30")
    assert "Uppföljning" in str(day.only(LEAD)["Subject"])


def test_all_cases_of_an_outage_are_answered_or_closed_at_once(day_of: OpenDay) -> None:
    day = day_of("regionjh").at("2026-03-09 08:10")
    day.write(f"Karin Åberg <{NURSE}>", "Journalen tom", EMPTY)
    forward = day.only(MAJOR)
    day.answer(forward, "Avbrott: 1177 Journalen\nInera felsöker.", sender=LEAD)
    for person in ("a@mejl.example", "b@mejl.example"):
        day.write(f"Bo Ek <{person}>", "Ser inget i journalen", ERROR)
        day.new(person)

    day.answer(forward, "Svara alla: Prova igen om en timme.", sender=LEAD)
    assert ["en timme" in text_of(day.only(person)) for person in ("a@mejl.example", "b@mejl.example")] == [True, True]
    day.answer(forward, "Avsluta alla: Tjänsten är omstartad.", sender=LEAD)
    assert ["omstartad" in text_of(day.only(person)) for person in ("a@mejl.example", "b@mejl.example")] == [True, True]
    assert [day.ticket(number).status for number in (1, 2, 3)] == [TicketStatus.OPEN, TicketStatus.SOLVED, TicketStatus.SOLVED]


def test_the_same_status_is_not_told_twice_within_the_quiet_time_but_a_new_one_is(day_of: OpenDay) -> None:
    day = struck(day_of("regionjh"))
    day.new(CITIZEN), day.new(TEAMS_CHANNEL)
    forward = day.office.last(MAJOR)
    for _ in range(2):
        day.answer(forward, "Status: Felet är hittat.", sender=LEAD)
    assert [len(day.new(who)) for who in (CITIZEN, TEAMS_CHANNEL)] == [1, 1]
    day.answer(forward, "Status: Felet är rättat.", sender=LEAD)
    assert [len(day.new(who)) for who in (CITIZEN, TEAMS_CHANNEL)] == [1, 1]
    day.at("2026-03-09 09:31").answer(forward, "Status: Felet är rättat.", sender=LEAD)
    assert [len(day.new(who)) for who in (CITIZEN, TEAMS_CHANNEL)] == [1, 1]  # half an hour later it may be said again
