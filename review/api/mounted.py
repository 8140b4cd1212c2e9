"""The only place where the operations become one application under `/api/v1`, with its description."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from models.errors import StoreError
from review.api import cases, earlier, judgements, post, solutions
from review.api.description import describe
from review.api.entrance import Entrance
from review.api.operations import AnyOperation
from review.api.problems import RefusedCallError, answer_of
from review.api.reading import JSON_TYPE, read_asked, read_body
from review.visit import Site

PREFIX = "/api/v1"
OPERATIONS: Sequence[AnyOperation] = (
    *cases.OPERATIONS, *judgements.OPERATIONS, *earlier.OPERATIONS, *solutions.OPERATIONS, *post.OPERATIONS,
)  # fmt: skip
DESCRIPTION = "/openapi.json"


def make_api(site: Site) -> Mount:
    entrance = Entrance(site)
    by_path = defaultdict[str, dict[str, AnyOperation]](dict)
    for operation in OPERATIONS:
        by_path[operation.path][operation.method] = operation
    described = json.dumps(describe(OPERATIONS, site.profile, site.address + PREFIX), ensure_ascii=False).encode()

    async def description(_: Request) -> Response:
        return Response(described, media_type=JSON_TYPE)

    routes = [
        Route(DESCRIPTION, description),
        *(Route(path, _endpoint(entrance, found), methods=list(found)) for path, found in by_path.items()),
    ]
    refused = dict.fromkeys((RefusedCallError, HTTPException, StoreError, Exception), answer_of)
    inside = Starlette(routes=routes, exception_handlers=refused)
    inside.router.redirect_slashes = False  # a token is sent to no other address than the one that was called
    return Mount(PREFIX, inside)


def _endpoint(entrance: Entrance, operations: Mapping[str, AnyOperation]) -> Callable[[Request], Awaitable[Response]]:
    async def called(request: Request) -> Response:
        operation = operations["GET" if request.method == "HEAD" else request.method]
        return await run_in_threadpool(_answer, entrance, operation, request, await read_body(request))

    return called


def _answer(entrance: Entrance, operation: AnyOperation, request: Request, body: bytes) -> Response:
    call = entrance.enter(operation, request)
    answer = operation.run(call, read_asked(operation, request, body, call.profile))
    return Response(answer.model_dump_json(), media_type=JSON_TYPE)
