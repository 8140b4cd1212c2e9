"""The only place where a bug in a stage is caught, so that one mail's bad luck stops no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from models.errors import SaksgangError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong and where: a type, a module, a line; no values, for they may be mail text."""

    words: str


def attempt(work: Callable[[], T]) -> T | Failure:
    """The work's result, or what bug struck. Promised errors are not bugs and pass through."""
    try:
        return work()
    except SaksgangError:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the next mail must not wait for its mend
        return Failure(named(error))


def named(error: BaseException) -> str:
    """What struck and where."""
    return f"{type(error).__name__} in {_place(error)}"


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')} line {trace.tb_lineno}" if trace else "an unknown place"
