"""The only place where what a call says is read: values by name from path, query or body, strictly."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import QueryParams
from starlette.requests import Request

from models.profiles import Profile
from review.api.operations import A, Asked, Operation
from review.api.problems import Fault, RefusedCallError, refused_values

MOST_BODY = 100_000
"""Bytes: a long mail's words."""
WHOLE = re.compile(r"-?(0|[1-9]\d{0,18})", re.ASCII)
JSON_TYPE = "application/json"


async def read_body(request: Request) -> bytes:
    """The body, while it is not too long. Raises `RefusedCallError`."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            raise RefusedCallError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {MOST_BODY} bytes are read.")
    return bytes(body)


def read_asked(operation: Operation[A], request: Request, body: bytes, profile: Profile) -> A:
    """What is asked of this organisation. Raises `RefusedCallError`."""
    values = _typed(operation.asked, request.path_params)
    if operation.method == "GET":
        values |= _typed(operation.asked, _once_each(request.query_params))
    else:
        _none_of(request.query_params)
        values |= _of_body(request, body, wanted=bool(operation.asked.model_fields.keys() - operation.in_path))
    try:
        return operation.asked.model_validate_json(json.dumps(values), strict=True, context=profile)
    except ValidationError as error:
        raise refused_values(error) from None


def _once_each(query: QueryParams) -> QueryParams:
    twice = [name for name, count in Counter(name for name, _ in query.multi_items()).items() if count > 1]
    if twice:
        raise _unfit([Fault(field=name, fault="given more than once") for name in twice])
    return query


def _none_of(query: QueryParams) -> None:
    if query:
        raise _unfit([Fault(field=name, fault="belongs into the body") for name in query])


def _of_body(request: Request, body: bytes, *, wanted: bool) -> dict[str, Any]:
    if not body and not wanted:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON_TYPE:
        raise RefusedCallError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body has to be {JSON_TYPE}.")
    try:
        found = json.loads(body, parse_float=_number)
    except (ValueError, RecursionError):
        raise RefusedCallError(HTTPStatus.BAD_REQUEST, "The body is no JSON.") from None
    if not isinstance(found, dict):
        raise _unfit([Fault(field="", fault="an object is wanted")])
    return found


def _number(text: str) -> float | int:
    """1.0 is a whole number too (JSON Schema, 6.1.1)."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _typed(asked: type[Asked], texts: Mapping[str, str]) -> dict[str, Any]:
    """Values that travel as text: numbers and a yes or no are told by the field they are for."""
    kinds = _kinds(asked)
    return {name: _value(text, kinds.get(name, frozenset())) for name, text in texts.items()}


def _value(text: str, kinds: frozenset[str]) -> Any:
    if "integer" in kinds and WHOLE.fullmatch(text):
        return int(text)
    if "boolean" in kinds and text in {"true", "false"}:
        return text == "true"
    return text


@cache
def _kinds(asked: type[Asked]) -> dict[str, frozenset[str]]:
    """The JSON types that each field may have."""
    fields = asked.model_json_schema()["properties"] if asked.model_fields else {}
    return {name: frozenset(part.get("type", "") for part in (field, *field.get("anyOf", ()))) for name, field in fields.items()}


def _unfit(faults: list[Fault]) -> RefusedCallError:
    return RefusedCallError(HTTPStatus.UNPROCESSABLE_ENTITY, "Some values are not as they are described.", faults=faults)
