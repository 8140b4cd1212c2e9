"""When a surge is seen: against bursts written by hand, a day of ordinary incidents, and what must hold for any incidents."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.redact import redact
from models.incidents import Seen
from models.profiles import load_profile
from models.records import Redacted, TicketId
from route.likeness import Likeness
from route.rates import Period, Rates
from route.surge import Ordinary, find_surge, joins

DATA = Path(__file__).resolve().parents[2] / "data"
OSLO = ZoneInfo("Europe/Oslo")
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
TEN = MONDAY + timedelta(hours=9)
"""Ten in the morning in Oslo."""
MINUTE = timedelta(minutes=1)
RULES = load_profile("siv").surges
LENIENT = RULES.model_copy(update={"proposed_a_month": 1e9})
"""Tells the chance also of what is no surge."""
BURSTS = sorted(
    {
        (file.stem, json.loads(line)["burst"])
        for file in (DATA / "samples" / "bursts").glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    }
)
NORWEGIAN = "siv"
FAMOUS = "etikettskrivere"

Line = tuple[str, Redacted]


@cache
def incidents(organisation: str) -> tuple[Line, ...]:
    files = sorted((DATA / "corpus" / organisation).glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    kept = [row for row in rows if row["type"] == "hendelse" and not row["is_auto"]]
    return tuple((row.get("service") or row["team"], redact(f"{row['subject']}\n{row['body']}")) for row in kept)


@cache
def bursts(organisation: str) -> dict[str, list[Line]]:
    found = defaultdict[str, list[Line]](list)
    for line in (DATA / "samples" / "bursts" / f"{organisation}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["burst"]].append((row["service"], redact(f"{row['subject']}\n{row['body']}")))
    return found


@cache
def ordinary(organisation: str = NORWEGIAN) -> Ordinary:
    """A desk with six incidents an hour from eight to four on working days; every other incident of the corpus is its past."""
    past = incidents(organisation)[::2]
    hours = [MONDAY + timedelta(days=day, hours=hour) for day in range(28) if day % 7 < 5 for hour in range(7, 15)]
    came = [hour + 10 * number * MINUTE for hour in hours for number in range(6)]
    services = random.Random(1).choices([service for service, _ in past], k=len(came))
    rates = Rates.learn(zip(came, services, strict=True), Period(since=MONDAY, until=MONDAY + timedelta(days=28)), OSLO)
    return Ordinary(rates=rates, likeness=Likeness(past))


def seen(number: int, line: Line, minute: float, reporter: str = "") -> Seen:
    at = TEN + minute * MINUTE
    return Seen(ticket=TicketId(number), at=at, service=line[0], reporter=reporter or f"reporter {number}", text=line[1])


def burst(name: str = FAMOUS, organisation: str = NORWEGIAN) -> list[Seen]:
    """A mail every three minutes."""
    return [seen(1000 + number, line, 3 * number) for number, line in enumerate(bursts(organisation)[name])]


def quiet_hour(organisation: str = NORWEGIAN, seed: int = 1) -> list[Seen]:
    order = random.Random(seed)
    lines = order.sample(incidents(organisation)[1::2], 6)
    return [seen(number, line, order.uniform(-60, 0)) for number, line in enumerate(lines)]


def first_seen(mails: Sequence[Seen], before: Sequence[Seen], about: Ordinary) -> int | None:
    """At which mail a surge is seen that holds enough of them."""
    own = {mail.ticket for mail in mails}
    for place, new in enumerate(mails):
        surge = find_surge(new, [*before, *mails[:place]], about, RULES)
        if surge and len(own & set(surge.tickets)) >= RULES.fewest_reporters:
            return place + 1
    return None


@pytest.mark.parametrize(("organisation", "name"), BURSTS)
def test_a_burst_about_one_fault_is_seen(organisation: str, name: str) -> None:
    assert first_seen(burst(name, organisation), quiet_hour(organisation), ordinary(organisation)) is not None


def test_most_bursts_are_seen_by_the_fifth_mail() -> None:
    found = [first_seen(burst(name, organisation), quiet_hour(organisation), ordinary(organisation)) for organisation, name in BURSTS]

    assert sum(number is not None and number <= 5 for number in found) >= 0.8 * len(found)


def test_a_surge_names_its_service_its_reporters_and_what_it_is_about() -> None:
    mails = burst()

    surge = find_surge(mails[-1], mails[:-1], ordinary(), RULES)

    assert surge is not None
    assert surge.declared
    assert surge.service == "arbeidsplass"
    assert surge.reporters == len(surge.tickets) >= 5
    assert any(word.startswith("etikett") for word in surge.label)
    assert len(surge.label) <= 4
    assert list(surge.tickets) == sorted(surge.tickets)


def test_a_label_never_holds_a_word_of_one_reporter_alone() -> None:
    mails = [replace(mail, text=Redacted(f"{mail.text} Kvernbekkmoen")) if number == 2 else mail for number, mail in enumerate(burst())]

    surge = find_surge(mails[-1], mails[:-1], ordinary(), RULES)

    assert surge is not None
    assert "kvernbekkmoen" not in surge.label


def test_of_two_forms_that_one_reporter_each_used_neither_is_shown() -> None:
    names = {1: "Kvernbekkmo", 3: "Kvernbekkmoen", 4: "Kvernbekkmobakken"}
    mails = [replace(mail, text=Redacted(f"{mail.text} {names.get(number, '')}")) for number, mail in enumerate(burst())]

    surge = find_surge(mails[-1], mails[:-1], ordinary(), RULES)

    assert surge is not None
    assert not {"kvernbekkmoen", "kvernbekkmobakken"} & set(surge.label)


@pytest.mark.parametrize("organisation", sorted({organisation for organisation, _ in BURSTS}))
def test_a_quiet_day_has_no_declared_surge(organisation: str) -> None:
    order = random.Random(2)
    lines = order.sample(incidents(organisation)[1::2], 48)
    day = [seen(number, line, 10 * number + order.uniform(-5, 5) - 120) for number, line in enumerate(lines)]
    surges = [find_surge(new, day[:place], ordinary(organisation), RULES) for place, new in enumerate(day)]

    assert [surge for surge in surges if surge and surge.declared] == []


def test_everyday_look_alikes_spread_over_a_day_are_no_surge() -> None:
    printers = [line for line in incidents(NORWEGIAN)[1::2] if "skriver" in line[1].lower()][:12]
    day = [seen(number, line, 40 * number - 120) for number, line in enumerate(printers)]

    assert [find_surge(new, day[:place], ordinary(), RULES) for place, new in enumerate(day)] == [None] * len(day)


def test_the_same_burst_stands_out_less_where_its_matter_is_everyday() -> None:
    mails = burst()
    past = [*incidents(NORWEGIAN)[::2], *((mail.service, mail.text) for mail in mails for _ in range(20))]
    everyday = replace(ordinary(), likeness=Likeness(past))

    rare, common = (find_surge(mails[-1], mails[:-1], about, LENIENT) for about in (ordinary(), everyday))

    assert rare is not None
    assert common is None or common.chance > rare.chance


def test_a_busy_day_is_no_surge() -> None:
    mails, crowd = burst()[:4], [line for seed in range(12) for line in quiet_hour(seed=seed)]
    crowd = [replace(one, ticket=TicketId(number), reporter=f"other {number}") for number, one in enumerate(crowd)]

    alone, among = (find_surge(mails[-1], [*mails[:-1], *before], ordinary(), LENIENT) for before in ([], crowd))

    assert alone is not None
    assert among is not None
    assert among.chance > alone.chance


def test_a_later_mail_about_the_fault_joins_and_an_ordinary_one_does_not() -> None:
    mails = burst()
    members, last = mails[:-2], mails[-2:]
    strangers = [replace(one, at=last[0].at) for seed in range(5) for one in quiet_hour(seed=seed)]

    assert [joins(one, members, ordinary(), RULES) for one in last] == [True, True]
    assert sum(joins(one, members, ordinary(), RULES) for one in strangers) <= 0.1 * len(strangers)
    assert not joins(last[0], [], ordinary(), RULES)


def test_who_reported_the_fault_before_may_write_of_it_again() -> None:
    mails = burst()
    again = replace(mails[-1], reporter=mails[0].reporter)

    assert joins(again, mails[:-1], ordinary(), RULES)


def test_a_desk_that_has_learned_nothing_sees_no_surge() -> None:
    rates = Rates.learn([], Period(since=MONDAY, until=MONDAY), OSLO)
    mails = burst()

    assert find_surge(mails[-1], mails[:-1], Ordinary(rates=rates, likeness=Likeness([])), RULES) is None
    assert not joins(mails[-1], mails[:-1], Ordinary(rates=rates, likeness=Likeness([])), RULES)


LINES = st.one_of(
    st.sampled_from(bursts(NORWEGIAN)[FAMOUS]),
    st.integers(0, 800).map(lambda place: incidents(NORWEGIAN)[2 * place + 1]),
    st.just(("nett", Redacted(""))),
)
MINUTES = st.floats(-100, 0)
PLACED = st.tuples(LINES, MINUTES, st.integers(0, 8))
WINDOWS = st.lists(PLACED, max_size=10).map(
    lambda drawn: [seen(number, line, minute, f"person {person}") for number, (line, minute, person) in enumerate(drawn)]
)
NEW = LINES.map(lambda line: seen(500, line, 0, "person 3"))


@settings(deadline=None)
@given(NEW, WINDOWS)
def test_one_reporter_is_never_a_surge(new: Seen, window: list[Seen]) -> None:
    alone = [replace(one, reporter=new.reporter) for one in window]

    assert find_surge(new, alone, ordinary(), LENIENT) is None


@settings(deadline=None)
@given(NEW, WINDOWS, st.randoms())
def test_a_reporter_who_writes_twice_counts_once(new: Seen, window: list[Seen], order: random.Random) -> None:
    surge = find_surge(new, window, ordinary(), LENIENT)
    twice = [*window, *(replace(one, ticket=TicketId(one.ticket + 100)) for one in window)]
    order.shuffle(twice)

    again = find_surge(new, twice, ordinary(), LENIENT)

    assert (surge and surge.chance) == (again and again.chance)


@settings(deadline=None)
@given(NEW, WINDOWS, st.randoms())
def test_the_order_of_recent_incidents_does_not_matter(new: Seen, window: list[Seen], order: random.Random) -> None:
    mixed = order.sample(window, len(window))

    assert find_surge(new, mixed, ordinary(), LENIENT) == find_surge(new, window, ordinary(), LENIENT)


@settings(deadline=None)
@given(NEW, WINDOWS, MINUTES.filter(lambda minute: minute > -RULES.window_minutes))
def test_one_more_similar_incident_never_makes_it_less_of_a_surge(new: Seen, window: list[Seen], minute: float) -> None:
    surge = find_surge(new, window, ordinary(), LENIENT)
    another = replace(new, ticket=TicketId(600), reporter="somebody else", at=new.at + minute * MINUTE)

    more = find_surge(new, [*window, another], ordinary(), LENIENT)

    assert surge is None or (more is not None and more.chance <= surge.chance)


@settings(deadline=None)
@given(st.lists(st.text("bcdfghjklmnpqrstvwxz", min_size=5, max_size=9), min_size=3, max_size=10, unique=True))
def test_incidents_without_anything_in_common_are_no_surge_be_they_ever_so_many(words: list[str]) -> None:
    window = [seen(number, ("nett", Redacted(f"{word}{number}" * 3)), -1) for number, word in enumerate(words)]
    new = seen(500, ("nett", Redacted("aeiouy")), 0)

    assert find_surge(new, window, ordinary(), LENIENT) is None


def test_rates_are_never_zero_and_few_incidents_fall_back_on_the_mean() -> None:
    weeks = Period(since=MONDAY, until=MONDAY + timedelta(days=28))
    rates = Rates.learn([(TEN, "nett")] * 3, weeks, OSLO)
    night = rates.expected(Period(since=MONDAY + timedelta(hours=1), until=MONDAY + timedelta(hours=2)))

    assert 0 < night[""] < night["nett"] < 1
    assert rates.a_month == pytest.approx(3 / 28 * 30, rel=0.5)


def test_rates_know_the_hour_on_the_clock_of_the_zone() -> None:
    came = [MONDAY + timedelta(days=7 * week, hours=7, minutes=6 * number) for week in range(20) for number in range(10)]
    rates = Rates.learn([(at, "nett") for at in came], Period(since=MONDAY, until=MONDAY + timedelta(days=140)), OSLO)
    summer = datetime(2026, 7, 6, 6, tzinfo=UTC)  # eight o'clock in Oslo, as 7 UTC is in winter

    at_eight, at_nine = (
        sum(rates.expected(Period(since=at, until=at + timedelta(hours=1))).values()) for at in (summer, summer + timedelta(hours=1))
    )

    assert at_eight > 5 > at_nine
