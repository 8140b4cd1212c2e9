"""Where a team is written to, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.kinds import ParcelKind
from models.profiles import Profile
from route.post import Post, team_address
from route.routine import Routine
from route.team import follow_team
from tests.support.cases import ticket
from tests.support.mails import NOW, mail
from tests.support.teams import OPEN_WORDS, said, told, with_team


@pytest.mark.parametrize(
    ("reporter", "kind", "expected"),
    [
        ("kari@siv.no", None, "nett@teams.example"),
        ("kari@kommune.example", None, "kommune@teams.example"),
        ("kari@lege.kommune.example", None, "kommune@teams.example"),
        ("kari@ekommune.example", None, "nett@teams.example"),
        ("kari@kommune.example.evil.example", None, "nett@teams.example"),
        ("kari@siv.no", "patient", "pasient@teams.example"),
        ("kari@siv.no", "vendor", "nett@teams.example"),
        ("kari@kommune.example", "patient", "kommune@teams.example"),
        ("", None, "nett@teams.example"),
    ],
)
def test_a_team_may_have_an_address_for_a_domain_or_a_kind_of_reporter(
    siv: Profile, reporter: str, kind: str | None, expected: str
) -> None:
    desk = with_team(
        siv,
        "nett",
        address="nett@teams.example",
        address_by_domain={"kommune.example": "kommune@teams.example"},
        address_by_reporter={"patient": "pasient@teams.example"},
    )
    assert team_address("nett", reporter, kind, desk) == expected
    assert told("Til team: nett", desk, reporter=reporter, reporter_kind=kind).parcels[0].to == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 6, 10, 0, tzinfo=UTC), datetime(2026, 3, 6, 10, 0, tzinfo=UTC)),
        (datetime(2026, 3, 6, 15, 0, tzinfo=UTC), datetime(2026, 3, 9, 7, 0, tzinfo=UTC)),
        (datetime(2026, 3, 6, 23, 0, tzinfo=UTC), datetime(2026, 3, 9, 7, 0, tzinfo=UTC)),
        (datetime(2026, 4, 1, 20, 0, tzinfo=UTC), datetime(2026, 4, 7, 6, 0, tzinfo=UTC)),
    ],
)
def test_a_team_with_office_hours_is_written_to_in_them_and_of_the_gravest_at_any_hour(
    siv: Profile, now: datetime, expected: datetime
) -> None:
    desk = with_team(siv, "nett", hours="office")
    for priority, not_before in ((1, None), (2, expected), (3, expected), (4, expected)):
        given = said(mail(text="Til team: nett"), ticket(priority=priority), desk, now)
        assert follow_team(given, OPEN_WORDS).parcels[0].not_before == not_before


def test_agents_reporters_and_teams_without_office_hours_are_written_to_at_any_hour(siv: Profile) -> None:
    desk, night = with_team(siv, "nett", hours="office"), datetime(2026, 3, 6, 23, 0, tzinfo=UTC)
    for text in ("Til team: ehelse", "Til team: månen", "Er den slått på?"):
        given = said(mail(text=text), ticket(team="nett"), desk, night)
        assert follow_team(given, OPEN_WORDS).parcels[0].not_before is None


def test_the_doubt_team_is_written_to_for_a_team_that_is_gone(siv: Profile) -> None:
    post = Post(ticket=ticket(team="nedlagt"), routine=Routine.of(siv), now=NOW)
    assert post.to_team(ParcelKind.FOLLOW_UP).to == siv.teams["trakta"].address
