"""Similar incidents of different people in a short time, on a real mailbox: proposed to a lead, or declared by the desk itself."""

from __future__ import annotations

import json
from collections.abc import Sequence

from models.incidents import IncidentState
from models.kinds import TicketStatus
from models.profiles import DATA, Profile
from tests.support.day import Day
from tests.support.desk import text_of
from tests.support.past import live_through
from tests.whole.days.conftest import OpenDay

LEADS = "trakta@teams.siv.example"
TEN = "2026-03-02 10:00"


def mails_of(burst: str) -> list[dict[str, str]]:
    lines = (DATA / "samples" / "bursts" / "siv.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["burst"] == burst]


def a_desk_with_a_past(day_of: OpenDay, **surges: float) -> Day:
    """Nothing proposes itself in what came before."""
    day = day_of("siv")
    day.office.profile = with_surges(day.office.profile, **surges)
    day.at(TEN)
    assert live_through(day.office.store, "siv", day.now) > 300
    return day


def with_surges(profile: Profile, **changes: float) -> Profile:
    return profile.model_copy(update={"surges": profile.surges.model_copy(update=changes)})


def strike(day: Day, burst: str, mails: slice, first: int = 0) -> Sequence[str]:
    """Two minutes apart each, from different people; their addresses."""
    people = []
    for number, row in enumerate(mails_of(burst)[mails], start=first):
        day.at(f"2026-03-02 10:{2 * number:02}")
        people.append(f"person{number}@siv.no")
        day.write(f"Person {number} <{people[-1]}>", row["subject"], row["body"])
    return people


def incidents(day: Day) -> list[IncidentState]:
    return [found.state for found in day.office.store.incidents.standing("siv", list(IncidentState))]


def test_a_lead_is_asked_once_and_with_a_yes_the_cases_are_gathered_and_their_reporters_told(day_of: OpenDay) -> None:
    day = a_desk_with_a_past(day_of, declared_a_month=0)
    people = strike(day, "etikettskrivere", slice(0, 6))

    asked = [mail for mail in day.new(LEADS) if "Mulig storhendelse" in str(mail["Subject"])]
    assert len(asked) == 1
    assert "etikett" in text_of(asked[0])
    assert incidents(day) == [IncidentState.PROPOSED]
    for person in people:
        [receipt] = day.new(person)
        assert "kjent feil" not in text_of(receipt)  # nobody has said yet that it is one fault

    day.answer(asked[0], "Storhendelse: ja", sender="vakt@siv.no")
    assert incidents(day) == [IncidentState.ONGOING]
    [incident] = day.office.store.incidents.standing("siv")
    assert incident.manager == "vakt@siv.no"
    gathered = {incident.parent, *incident.members}
    told = [day.new(day.ticket(number).reporter) for number in sorted(gathered - {incident.parent})]
    assert len(told) >= 3
    assert all(len(mails) == 1 and str(mails[0]["Subject"]).startswith(("Flere har meldt", "Fleire har meldt")) for mails in told)
    assert day.new(day.ticket(incident.parent).reporter) == []

    [late] = strike(day, "etikettskrivere", slice(6, 7), first=6)
    assert "kjent feil" in text_of(day.only(late))
    [incident] = day.office.store.incidents.standing("siv")
    assert len({incident.parent, *incident.members}) == len(gathered) + 1

    day.at("2026-03-02 10:30").answer(asked[0], "Status: Tjenesten startes på nytt.\nPrognose: kl. 11", sender="vakt@siv.no")
    assert "Tjenesten startes på nytt." in text_of(day.only(late))
    day.answer(asked[0], "Løsning: Tjenesten for etiketter er startet på nytt.", sender="vakt@siv.no")
    assert incidents(day) == [IncidentState.OVER]


def test_with_a_no_the_cases_go_their_own_ways_and_are_not_proposed_again(day_of: OpenDay) -> None:
    day = a_desk_with_a_past(day_of, declared_a_month=0)
    people = strike(day, "etikettskrivere", slice(0, 6))
    asked = next(mail for mail in day.new(LEADS) if "Mulig storhendelse" in str(mail["Subject"]))

    day.answer(asked, "Storhendelse: nei", sender="vakt@siv.no")

    assert incidents(day) == [IncidentState.DECLINED]
    for person in people:
        assert len(day.new(person)) == 1  # the receipt
    strike(day, "etikettskrivere", slice(6, 7), first=6)
    assert not any("torhendelse" in str(mail["Subject"]) for mail in day.new(LEADS))
    assert {day.ticket(number).status for number in range(1, 8)} <= {TicketStatus.OPEN}


def test_a_surge_as_rare_as_the_profile_says_is_declared_by_itself_and_a_lead_may_take_it_back(day_of: OpenDay) -> None:
    day = a_desk_with_a_past(day_of, declared_a_month=50)
    strike(day, "etikettskrivere", slice(0, 5))

    [told] = [mail for mail in day.new(LEADS) if "torhendelse" in str(mail["Subject"])]
    assert str(told["Subject"]).startswith("Storhendelse")
    assert incidents(day) == [IncidentState.ONGOING]

    day.answer(told, "Storhendelse: nei", sender="vakt@siv.no")
    assert incidents(day) == [IncidentState.DECLINED]
    day.at("2026-03-02 14:00")
    assert not any("Status" in str(mail["Subject"]) for mail in day.new(LEADS))


def test_ordinary_incidents_are_proposed_to_nobody(day_of: OpenDay) -> None:
    day = a_desk_with_a_past(day_of)
    for number, burst in enumerate(("lab-svar", "kortinnlogging", "tradlost", "turnus", "sms-feil-dato")):
        strike(day, burst, slice(0, 1), first=number)
    assert incidents(day) == []


def test_a_desk_without_a_past_sees_no_surge(day_of: OpenDay) -> None:
    day = day_of("siv").at(TEN)
    strike(day, "etikettskrivere", slice(0, 7))
    assert incidents(day) == []
