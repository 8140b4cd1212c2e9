"""The only place that takes a solution description out of a team's answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.solutions import SolutionId, read_solution_number


def find_solution(text: str, labels: Sequence[str]) -> str | None:
    """What stands after the first line that begins with one of `labels` and a colon, to the end of its paragraphs.

    None where there is no such line or nothing stands after it.
    """
    names = "|".join(map(re.escape, labels))
    found = re.search(rf"^[ \t>*]*(?:{names})[ \t]*:[ \t*]*(.*)", text, re.IGNORECASE | re.MULTILINE | re.DOTALL)
    solution = found[1].strip() if found else ""
    return solution or None


def wants_to_close(text: str, words: Sequence[str]) -> bool:
    """Whether a line of the answer is just one of the closing words."""
    closing = {word.casefold() for word in words}
    return any(line.strip(" .!*").casefold() in closing for line in text.splitlines())


def find_named(text: str) -> SolutionId | None:
    """The first known solution that a text names, alone on a line or after a colon: `Løsning: L-12`."""
    numbers = (read_solution_number(line.rpartition(":")[2]) for line in text.splitlines())
    return next((number for number in numbers if number is not None), None)
