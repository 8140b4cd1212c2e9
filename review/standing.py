"""The only place that turns what an identity provider says of a person into what they may do here: name, roles, teams, or why they may not come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.people import NewPerson, Role

NAMED_BY = ("preferred_username", "upn", "email", "sub")
"""Claims that people know somebody by, the best first. They may change and be given to others: who it is, `iss` and `sub` say."""
LONGEST = 320
"""Letters of a login: an address (RFC 5321, 4.5.3.1)."""


class Denial(StrEnum):
    """Why somebody whom the provider knows may not come in."""

    NO_ROLE = "no_role"
    OVERAGE = "overage"  # too many groups for a token (Entra ID)
    DISABLED = "disabled"
    NAME_TAKEN = "name_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """Which values of which claim give which roles and teams. `claim` may lie within others: `realm_access.roles`."""

    claim: str
    roles: Mapping[str, frozenset[Role]]
    teams: Mapping[str, frozenset[str]]


def standing(claims: Mapping[str, Any], grants: Grants) -> NewPerson | Denial:
    """The person as the provider sees them now. Who is in a team is a member, at least."""
    values = _values(claims, grants.claim)
    if values is None and _is_too_long(claims, grants.claim):
        return Denial.OVERAGE
    held = values or frozenset()
    roles = frozenset[Role]().union(*(grants.roles.get(value, frozenset()) for value in held))
    teams = frozenset[str]().union(*(grants.teams.get(value, frozenset()) for value in held))
    if teams:
        roles |= {Role.MEMBER}
    if not roles:
        return Denial.NO_ROLE
    login = _login(claims)
    return NewPerson(
        login=login, name=one_line(claims.get("name")) or login, roles=roles, teams=teams, subject=(claims["iss"], claims["sub"])
    )


def _values(claims: Mapping[str, Any], claim: str) -> frozenset[str] | None:
    """The claim's values, a text alone as one; None where it is not there."""
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if found is None:
        return None
    listed = found if isinstance(found, list) else [found]
    return frozenset(value for value in listed if isinstance(value, str))


def _is_too_long(claims: Mapping[str, Any], claim: str) -> bool:
    """Entra ID leaves out `groups` above two hundred, and says where they can be asked for (Core, 5.6.2)."""
    elsewhere = claims.get("_claim_names")
    return bool(claims.get("hasgroups")) or (isinstance(elsewhere, Mapping) and claim in elsewhere)


def _login(claims: Mapping[str, Any]) -> str:
    """The subject's own letters in hex where nothing can be read: a name there must be, and no two have the same."""
    readable = (one_line(claims.get(name)).lower() for name in NAMED_BY)
    return next(filter(None, readable), claims["sub"].encode(errors="replace").hex()[:LONGEST])


def one_line(value: object) -> str:
    """One line of bounded length, whatever was said."""
    return (
        " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())[:LONGEST] if isinstance(value, str) else ""
    )
