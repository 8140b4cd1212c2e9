"""The only place where figures become a drawing on a page: points in a plane, which a template writes as SVG beside the table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 12, 28
"""Room for words around the plane, in the drawing's own units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line: shares from 0 to 1, None where nothing is known."""

    title: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A series as drawn: unbroken pieces of points, and each point by itself."""

    title: str
    pieces: Sequence[str]
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing of lines over the same steps. `rules` and `ticks` are positions and words of the axes."""

    title: str
    width: int
    height: int
    lines: Sequence[Line]
    rules: Sequence[tuple[float, str]]
    ticks: Sequence[tuple[float, str]]


def line_chart(title: str, steps: Sequence[str], series: Sequence[Series], written: Callable[[float], str]) -> Chart:
    """Shares by step, `written` as people write them; every other step is named where there are many."""
    every = 1 + len(steps) // 7
    return Chart(
        title=title,
        width=WIDTH,
        height=HEIGHT,
        lines=[_line(one, len(steps)) for one in series],
        rules=[(_down(share), written(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)],
        ticks=[(_along(number, len(steps)), step) for number, step in enumerate(steps) if (len(steps) - 1 - number) % every == 0],
    )


def _line(series: Series, count: int) -> Line:
    points = [None if share is None else (_along(number, count), _down(share)) for number, share in enumerate(series.values)]
    pieces: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(point)
    drawn = [" ".join(f"{x:g},{y:g}" for x, y in piece) for piece in pieces if len(piece) > 1]
    return Line(title=series.title, pieces=drawn, points=[point for point in points if point])


def _along(number: int, count: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (number / max(1, count - 1)), 1)


def _down(share: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share), 1)
