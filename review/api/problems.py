"""The only place for how the API refuses: one shape for every error, problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.errors import ChangedMeanwhileError, SaksgangError, StoreError, ValuesRefusedError

MEDIA_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One value that was not taken: `field` as it was sent, dotted where it lies deeper."""

    model_config = ConfigDict(extra="forbid")

    field: str
    fault: str


class Problem(BaseModel):
    """Why a call was refused. `title` and `status` say what kind of refusal, `detail` what to do about this one."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    detail: str
    faults: list[Fault]


class RefusedCallError(SaksgangError):
    """A call that is answered by a problem."""

    def __init__(self, status: HTTPStatus, detail: str, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.faults = faults
        self.headers = headers


def answer_of(_: Request, error: Exception) -> Response:
    """The answer to a call that could not be served; of our own faults nothing is told."""
    match error:
        case RefusedCallError():
            return _answer(error.status, str(error), error.faults, error.headers)
        case HTTPException():
            return _answer(HTTPStatus(error.status_code), "There is nothing here that can be asked so.", (), error.headers)
        case ChangedMeanwhileError():
            return _answer(HTTPStatus.CONFLICT, "It has changed meanwhile: nothing was written. Read it again.")
        case ValuesRefusedError():
            return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, "The database does not take these values.")
        case StoreError():
            return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer. Nothing was written: try again.")
        case _:
            return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "A fault of ours.")


def refused_values(error: ValidationError) -> RefusedCallError:
    """What pydantic found wrong, without the values that were sent."""
    faults = [
        Fault(field=".".join(map(str, found["loc"])), fault=found["msg"])
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return RefusedCallError(HTTPStatus.UNPROCESSABLE_ENTITY, "Some values are not as they are described.", faults=faults)


def _answer(status: HTTPStatus, detail: str, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None) -> Response:
    problem = Problem(type="about:blank", title=status.phrase, status=status, detail=detail, faults=list(faults))
    return Response(problem.model_dump_json(), status_code=status, headers=headers, media_type=MEDIA_TYPE)
