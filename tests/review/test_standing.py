"""What a provider's claims make of a person: name, roles, teams, or why not."""

from __future__ import annotations

from typing import Any

import pytest

from models.people import NewPerson, Role
from review.standing import Denial, Grants, standing

LEAD, ADMIN, MEMBER = frozenset({Role.LEAD}), frozenset({Role.ADMIN}), frozenset({Role.MEMBER})
ROLES = {"leads": LEAD, "admins": ADMIN}
TEAMS = {"network": frozenset({"nett"})}


def of(claim: str = "groups", **claims: Any) -> NewPerson | Denial:
    return standing({"iss": "https://sso.example", "sub": "7"} | claims, Grants(claim=claim, roles=ROLES, teams=TEAMS))


def person(claim: str = "groups", **claims: Any) -> NewPerson:
    found = of(claim, **claims)
    assert isinstance(found, NewPerson)
    return found


@pytest.mark.parametrize(
    ("values", "roles", "teams"),
    [
        (["leads"], LEAD, frozenset()),
        (["leads", "admins", "others"], LEAD | ADMIN, frozenset()),
        (["network"], MEMBER, frozenset({"nett"})),
        (["network", "leads"], LEAD | MEMBER, frozenset({"nett"})),
        ("leads", LEAD, frozenset()),
    ],
)
def test_values_of_the_claim_give_roles_and_teams(values: Any, roles: frozenset[Role], teams: frozenset[str]) -> None:
    found = person(groups=values)
    assert (found.roles, found.teams, found.subject) == (roles, teams, ("https://sso.example", "7"))


@pytest.mark.parametrize("values", [[], None, ["Leads"], ["others"], [7, None, ["leads"]], {"leads": True}, 7])
def test_whoever_has_none_of_the_values_to_the_letter_has_no_role(values: Any) -> None:
    assert of(groups=values) is Denial.NO_ROLE


def test_a_claim_may_lie_within_others() -> None:
    assert person("realm_access.roles", realm_access={"roles": ["leads"]}).roles == LEAD
    assert person("https://desk.example/roles", **{"https://desk.example/roles": ["leads"]}).roles == LEAD
    assert of("realm_access.roles", realm_access="leads") is Denial.NO_ROLE


@pytest.mark.parametrize("said", [{"_claim_names": {"groups": "src1"}}, {"hasgroups": True}])
def test_groups_that_are_too_many_for_a_token_are_told_apart_from_none(said: dict[str, Any]) -> None:
    assert of(**said) is Denial.OVERAGE
    assert of(**said, groups=["leads"]) is not Denial.OVERAGE


def test_a_person_has_the_first_name_there_is() -> None:
    assert person(groups="leads", preferred_username="Lea.Lind@Hospital.example", upn="x").login == "lea.lind@hospital.example"
    assert person(groups="leads", upn="LEA", email="lea@hospital.example").login == "lea"
    assert person(groups="leads", preferred_username="  ", email="lea@hospital.example").login == "lea@hospital.example"
    assert (person(groups="leads").login, person(groups="leads").name) == ("7", "7")
    assert person(groups="leads", name="Lea Lind").name == "Lea Lind"
    assert person(groups="leads", sub="\u200b").login == "e2808b"


def test_a_name_is_one_line_of_bounded_length() -> None:
    found = person(groups="leads", preferred_username="lea\r\nset-cookie: x\x00", name="L" * 5000)
    assert found.login == "lea set-cookie: x"
    assert len(found.name) == 320
