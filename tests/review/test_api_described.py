"""Every operation, called with whatever its description allows and forbids, over a store filled through the pipeline: it answers as described."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from models.people import EVERYONE, Role
from models.profiles import Profile, load_profile
from models.store import open_store
from review.api.description import describe
from review.api.mounted import DESCRIPTION, OPERATIONS, PREFIX
from tests.support.filled import fill, pipeline_desk
from tests.support.pages import Clock, Desk, served
from tests.support.systems import token_of

AS_DESCRIBED = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, unsupported_method,
]  # fmt: skip
HOW = {
    "seed": 7,
    "generation": {"max-examples": 6, "deterministic": True, "database": "none", "with-security-parameters": False},
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409"]}},
    "phases": {"stateful": {"enabled": False}},
}
MANY_CALLS = 100_000


@pytest.fixture(scope="module")
def desk(siv: Profile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("described")
    store = open_store(f"sqlite:///{folder / 'saksgang.db'}")
    fill(pipeline_desk(siv, store, folder, Clock()))
    with served(siv, store, lambda site: replace(site, calls_a_minute=MANY_CALLS)) as served_desk:
        yield served_desk
    store.close()


@pytest.fixture(scope="module")
def all_rights(desk: Desk) -> dict[str, Any]:
    """How somebody calls who may do everything."""
    return called_by(desk, token_of(desk, "alma", *EVERYONE))


@pytest.fixture(scope="module")
def few_rights(desk: Desk) -> dict[str, Any]:
    return called_by(desk, token_of(desk, "nils", Role.MEMBER, teams=frozenset({"nett"})))


def called_by(desk: Desk, token: str) -> dict[str, Any]:
    return {"base_url": desk.served_at + PREFIX, "headers": {"authorization": f"Bearer {token}"}}


ADDRESS = "http://127.0.0.1"
api = schemathesis.openapi.from_dict(describe(OPERATIONS, load_profile("siv"), ADDRESS + PREFIX), config=SchemathesisConfig.from_dict(HOW))


@api.parametrize()
def test_who_may_do_all_gets_what_is_described(case: schemathesis.Case[Any], all_rights: dict[str, Any]) -> None:
    case.call_and_validate(**all_rights, checks=[*AS_DESCRIBED, negative_data_rejection, positive_data_acceptance])


@api.parametrize()
def test_who_may_do_little_gets_that_or_a_refusal_as_described(case: schemathesis.Case[Any], few_rights: dict[str, Any]) -> None:
    answer = case.call_and_validate(**few_rights, checks=AS_DESCRIBED)
    [operation] = [found for found in OPERATIONS if found.name == case.operation.definition.raw["operationId"]]
    if case.method == operation.method and Role.MEMBER not in operation.roles:
        assert answer.status_code == 403


@api.parametrize()
def test_who_has_no_token_gets_nothing(case: schemathesis.Case[Any], desk: Desk) -> None:
    assert case.call(base_url=desk.served_at + PREFIX).status_code in {401, 405}


def test_the_description_is_served_to_everyone(desk: Desk) -> None:
    described = httpx.get(desk.served_at + PREFIX + DESCRIPTION, trust_env=False).json()
    assert described["servers"] == [{"url": desk.address + PREFIX}]
    assert described["paths"] == api.raw_schema["paths"]


def test_every_operation_says_what_it_does_and_for_whom() -> None:
    for path in api.raw_schema["paths"].values():
        for operation in path.values():
            assert operation["summary"].endswith(".")
            assert "For " in operation["description"]
