"""The only place where the API knows what an organisation may choose: values of its profile, checked when they are read and listed when they are described."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, ValidationInfo, WithJsonSchema

from models.profiles import Profile

MARK = "x-one-of"
"""Stands in a schema until the organisation's values do."""
CHOICES: Mapping[str, Callable[[Profile], Collection[Any]]] = {
    "team": lambda profile: profile.teams,
    "scope": lambda profile: profile.scopes,
    "service": lambda profile: profile.services,
    "priority": lambda profile: profile.levels,
}


def _one_of(name: str, kind: str) -> tuple[AfterValidator, WithJsonSchema]:
    def known(value: Any, info: ValidationInfo) -> Any:
        profile: Any = info.context
        choices = CHOICES[name](profile)
        if choices and value not in choices:
            raise ValueError(f"not one of {', '.join(map(str, choices))}")
        return value

    return AfterValidator(known), WithJsonSchema({"type": kind, MARK: name})


TEAM, SCOPE, SERVICE, LEVEL = (
    _one_of("team", "string"),
    _one_of("scope", "string"),
    _one_of("service", "string"),
    _one_of("priority", "integer"),
)
TeamName = Annotated[str, *TEAM]
ScopeName = Annotated[str, *SCOPE]
ServiceName = Annotated[str, *SERVICE]
PriorityLevel = Annotated[int, *LEVEL]


def listed(schema: Any, profile: Profile) -> Any:
    """A schema with the organisation's values where they are chosen from."""
    if isinstance(schema, list):
        return [listed(part, profile) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: listed(part, profile) for key, part in schema.items() if key != MARK}
    choices = list(CHOICES[schema[MARK]](profile)) if MARK in schema else []
    return found | ({"enum": choices} if choices else {})
