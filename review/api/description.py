"""The only place where the API is described to machines, from the operations themselves: OpenAPI 3.1."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from models.profiles import Profile
from review.api.choices import listed
from review.api.operations import AnyOperation
from review.api.problems import MEDIA_TYPE, Problem
from review.api.reading import JSON_TYPE

VERSION = "1.0.0"
"""Of the API: the first number stands in its addresses, and changes where something that was promised goes."""
REFERENCE = "#/components/schemas/{model}"
REFUSED_ANYWHERE = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
REFUSED_WITH_BODY = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

Json = dict[str, Any]


def describe(operations: Sequence[AnyOperation], profile: Profile, address: str) -> Json:
    """The whole API as an OpenAPI document; `address` is where its paths begin."""
    schemas = listed(_schemas(operations), profile)
    paths = defaultdict[str, Json](dict)
    for operation in operations:
        paths[operation.path][operation.method.lower()] = _operation(operation, schemas[operation.asked.__name__])
    asked = {operation.asked.__name__ for operation in operations}
    return {
        "openapi": "3.1.0",
        "info": {"title": profile.desk.title, "version": VERSION, "description": "Cases, solutions and what waits at the desk."},
        "servers": [{"url": address}],
        "security": [{"token": []}],
        "paths": dict(paths),
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in asked},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "Made by `saksgang people token`."}},
        },
    }


def _schemas(operations: Sequence[AnyOperation]) -> Json:
    """Every shape by its name."""
    given: dict[tuple[type[BaseModel], Literal["validation", "serialization"]], None] = {(Problem, "serialization"): None}
    for operation in operations:
        given[operation.asked, "validation"] = None
        given[operation.gives, "serialization"] = None
    _, found = models_json_schema(list(given), ref_template=REFERENCE)
    return {name: _as_described(schema) for name, schema in found["$defs"].items()}


def _as_described(schema: Json) -> Json:
    return {"properties": {}} | schema


def _operation(operation: AnyOperation, asked: Json) -> Json:
    summary, _, more = (inspect.getdoc(operation.run) or "").partition("\n")
    described: Json = {
        "operationId": operation.name,
        "summary": summary,
        "description": f"{more.strip()}\n\nFor {', '.join(sorted(operation.roles))}.".strip(),
        "parameters": list(_parameters(operation, asked)),
        "responses": {str(status): _response(status, name, kind) for status, name, kind in _responses(operation)},
    }
    body = _body(operation, asked)
    return described | ({"requestBody": body} if body else {})


def _parameters(operation: AnyOperation, asked: Json) -> Iterator[Json]:
    for name, schema in asked["properties"].items():
        in_path = name in operation.in_path
        if in_path or operation.method == "GET":
            place = {"name": name, "in": "path" if in_path else "query", "required": in_path or name in asked.get("required", ())}
            yield place | {"schema": _without_null(schema), "description": schema.get("description", "")}


def _without_null(schema: Json) -> Json:
    """What stands in an address is there or is not: nothing in it is null."""
    kept = {key: value for key, value in schema.items() if key not in {"description", "default", "title"} or value is not None}
    kept.pop("description", None)
    if "anyOf" not in kept:
        return kept
    options = [option for option in kept.pop("anyOf") if option.get("type") != "null"]
    return kept | (options[0] if len(options) == 1 else {"anyOf": options})


def _body(operation: AnyOperation, asked: Json) -> Json | None:
    fields = {name: schema for name, schema in asked["properties"].items() if name not in operation.in_path}
    if operation.method == "GET" or not fields:
        return None
    required = [name for name in asked.get("required", ()) if name in fields]
    schema = {"type": "object", "properties": fields, "required": required, "additionalProperties": False}
    return {"required": True, "content": {JSON_TYPE: {"schema": schema}}}


def _responses(operation: AnyOperation) -> Iterator[tuple[HTTPStatus, str, str]]:
    yield HTTPStatus.OK, operation.gives.__name__, JSON_TYPE
    with_body = REFUSED_WITH_BODY if operation.method == "POST" else ()
    for status in sorted({*REFUSED_ANYWHERE, *with_body, *operation.refuses}):
        yield status, Problem.__name__, MEDIA_TYPE


def _response(status: HTTPStatus, name: str, kind: str) -> Json:
    return {"description": status.phrase, "content": {kind: {"schema": {"$ref": REFERENCE.format(model=name)}}}}
