"""The only door to matplotlib: figures as pictures that stand inside a page (SVG, no font and no script fetched)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from io import StringIO
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from classify.scores import Bin

SIZE = (4.2, 3.2)
"""Inches."""
BLUE, ORANGE = "#0072B2", "#D55E00"
"""Told apart by people who see no red or green, and in print (Okabe and Ito, 2008)."""

WIDE, NARROW = 7.2, 3.5
"""Inches: the width of a page of A4 between its margins, and of half of it."""
ROW, PANEL = 0.23, 1.15
"""Inches that a row of squares, and a small panel, is high."""
INK, QUIET, LINE, PAPER, SHADE = "#010101", "#020202", "#030303", "#040404", "#050505"
PARTS = ("#0101f1", "#0101f2", "#0101f3", "#0101f4", "#0101f5")
HEAT = ("#0102f0", "#0102f1", "#0102f2", "#0102f3", "#0102f4", "#0102f5")
ON_PALE, ON_STRONG = "#0103f1", "#0103f2"
NAMED = {
    INK: "ink", QUIET: "quiet", LINE: "line", PAPER: "paper", SHADE: "shade", ON_PALE: "on-pale", ON_STRONG: "on-strong",
    **{colour: f"part-{number}" for number, colour in enumerate(PARTS, 1)},
    **{colour: f"heat-{number}" for number, colour in enumerate(HEAT)},
}  # fmt: skip
"""Colours that the page names, for light and for dark: what is drawn here stands for them until the picture is written."""
TINY = 1e-9
STRONG = 3
"""From this step of the heat on, numbers stand on a strong colour."""
HATCHES = ("", "////", "----", "xxx", "\\\\\\\\")
STYLES = ("-", "--", ":", "-.", (0, (1, 3)))
MARKS = ("o", "s", "^", "D", "v")
MOST_LABELS = 14
"""Along an axis; of more, every second or third is written."""
WORDS_ACROSS = 22
"""Letters of a row's name in a line."""
LOOK: dict[Any, Any] = {
    "svg.fonttype": "none", "text.parse_math": False, "font.size": 8, "axes.labelsize": 8, "axes.titlesize": 8, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "text.color": INK, "axes.labelcolor": QUIET, "xtick.color": QUIET, "ytick.color": QUIET, "axes.edgecolor": LINE,
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False, "ytick.left": False, "xtick.bottom": False,
    "axes.grid": True, "axes.grid.axis": "y", "grid.color": LINE, "grid.linewidth": 0.5, "axes.axisbelow": True,
    "hatch.linewidth": 0.7, "legend.frameon": False, "legend.fontsize": 8, "figure.facecolor": "none", "axes.facecolor": "none",
}  # fmt: skip

Numbers = Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How figures are shown.

    `alt` is what the picture says, `written` how a number is, `marked` the places of the report's own period, `most` the end of the
    axis. A `narrow` picture is as wide as half a page.
    """

    name: str
    alt: str
    across: str = ""
    up: str = ""
    written: Callable[[float], str] = str
    marked: tuple[int, int] | None = None
    most: float | None = None
    narrow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From half of the cases to nine of ten of them, now and usually; None where there were none."""

    label: str
    now: tuple[float, float] | None
    usual: tuple[float, float] | None


def reliability_of(bins: Sequence[Bin], title: str) -> str:
    """How often decisions were right against how sure they were; on the line, sureness is true. Dots grow with the number of mails."""
    figure, axes = _axes(title, "how sure", "share right")
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", linewidth=1)
    axes.scatter([bin.stated for bin in bins], [bin.right for bin in bins], s=[20 + 200 * bin.share for bin in bins], color=BLUE)
    return _svg(figure)


def coverage_of(confidence: Sequence[float], right: Sequence[bool], title: str) -> str:
    """How right the surest decisions are, from a few of them to all."""
    order = np.argsort(-np.asarray(confidence), kind="stable")
    reached = np.cumsum(np.asarray(right, float)[order]) / np.arange(1, len(order) + 1)
    figure, axes = _axes(title, "share of mails, the surest first", "share right")
    axes.plot(np.arange(1, len(order) + 1) / max(1, len(order)), reached, color=ORANGE)
    return _svg(figure)


def stacked_bars(places: Sequence[str], parts: Mapping[str, Numbers], view: View) -> str:
    """A bar at each place, made of parts that differ in colour and in pattern, with its sum above it."""
    with _drawn(view, height=2.3) as figure:
        axes = _plain(figure.add_subplot(), view)
        total = np.zeros(len(places))
        for number, (name, values) in enumerate(parts.items()):
            axes.bar(range(len(places)), list(values), bottom=total, label=name, width=0.72, **_filled(number))
            total = total + np.asarray(values, float)
        if len(places) <= MOST_LABELS:
            for place, sum in enumerate(total):
                axes.annotate(view.written(sum), (place, sum), (0, 2), textcoords="offset points", ha="center", fontsize=7)
        _name_places(axes, places)
        _legend(figure, axes, parts)
    return _written(figure, view)


def trend(places: Sequence[str], lines: Mapping[str, Numbers], view: View) -> str:
    """A line for each name from place to place; lines differ in colour, in dashes and in marks. NaN leaves a gap."""
    with _drawn(view, height=2.1) as figure:
        axes = _plain(figure.add_subplot(), view)
        for number, (name, values) in enumerate(lines.items()):
            mark = MARKS[number] if len(places) <= 3 * MOST_LABELS else None
            axes.plot(
                range(len(places)), list(values), linestyle=STYLES[number], marker=mark, markersize=4, label=name, color=PARTS[number]
            )
        axes.set_ylim(0, view.most)
        _name_places(axes, places, most=MOST_LABELS // 2 if view.narrow else MOST_LABELS)
        _legend(figure, axes, lines)
    return _written(figure, view)


def panels(places: Sequence[str], lines: Mapping[str, Numbers], view: View) -> str:
    """A small picture for each name, all to one scale, with the last number written at its end."""
    rows = math.ceil(len(lines) / 4)
    with _drawn(view, height=0.3 + PANEL * rows) as figure:
        grid = figure.subplots(rows, 4, sharex=True, sharey=True, squeeze=False)
        for axes, name in zip(grid.flat, lines, strict=False):
            _plain(axes, view)
            axes.set(title=_short(name), xlabel="", ylabel="")
            axes.fill_between(range(len(places)), list(lines[name]), color=PARTS[0], alpha=0.18, linewidth=0)
            axes.plot(range(len(places)), list(lines[name]), color=PARTS[0])
            last = (len(places) - 1, lines[name][-1])
            axes.annotate(view.written(lines[name][-1]), last, (0, 3), textcoords="offset points", ha="right", weight="bold")
            _name_places(axes, places, most=4)
        grid[0, 0].set_ylim(bottom=0)
        _end_grid(grid, len(lines))
        figure.supxlabel(view.across, fontsize=8, color=QUIET)
    return _written(figure, view)


def heat(rows: Sequence[str], columns: Sequence[str], numbers: Sequence[Numbers], view: View) -> str:
    """Squares that are the stronger the more there is, each with its number; empty ones hold none."""
    table = np.asarray(numbers, float)
    with _drawn(view, height=0.55 + ROW * len(rows)) as figure:
        axes = figure.add_subplot()
        steps = _squares(axes, rows, columns, table)
        for (row, column), number in np.ndenumerate(table):
            if number > 0:
                colour = ON_STRONG if steps[row, column] >= STRONG else ON_PALE
                axes.text(column + 0.5, row + 0.5, view.written(number), ha="center", va="center", fontsize=6.5, color=colour)
        axes.set(xlabel=view.across)
    return _written(figure, view)


def heat_panels(rows: Sequence[str], columns: Sequence[str], tables: Mapping[str, Sequence[Numbers]], view: View) -> str:
    """Squares for each name, each to the scale of its own most, which is written; the other numbers stand in the picture's table."""
    high = math.ceil(len(tables) / 2)
    with _drawn(view, height=0.3 + 1.35 * high) as figure:
        grid = figure.subplots(high, 2, sharex=True, squeeze=False)
        for axes, name in zip(grid.flat, tables, strict=False):
            table = np.asarray(tables[name], float)
            _squares(axes, rows, columns, table)
            axes.set_title(f"{name}: {view.up} {view.written(table.max(initial=0))}")
            _name_places(axes, columns, most=8, middle=0.5)
        _end_grid(grid, len(tables))
        figure.supxlabel(view.across, fontsize=8, color=QUIET)
    return _written(figure, view)


def flat_bars(names: Sequence[str], parts: Mapping[str, Numbers], view: View) -> str:
    """A bar for each name from left to right, made of parts, with its sum at the end."""
    with _drawn(view, height=0.6 + 0.34 * len(names)) as figure:
        axes = _plain(figure.add_subplot(), view)
        axes.grid(visible=False)
        total = np.zeros(len(names))
        for number, (name, values) in enumerate(parts.items()):
            axes.barh(range(len(names)), list(values), left=total, label=name, height=0.66, **_filled(number))
            total = total + np.asarray(values, float)
        for place, sum in enumerate(total):
            axes.annotate(view.written(sum), (sum, place), (4, 0), textcoords="offset points", va="center", fontsize=7)
        axes.set_yticks(range(len(names)), [fill(name, WORDS_ACROSS) for name in names])
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.invert_yaxis()
        _legend(figure, axes, parts)
    return _written(figure, view)


def ranges(rows: Sequence[Range], ticks: Mapping[float, str], view: View) -> str:
    """For each row a line from the median (a dot) to nine of ten (a bar's end), the usual one below it thin and hollow; logarithmic."""
    with _drawn(view, height=0.7 + 0.42 * len(rows)) as figure:
        axes = figure.add_subplot()
        for place, row in enumerate(rows):
            for span, lift, colour, face in ((row.now, -0.12, PARTS[0], PARTS[0]), (row.usual, 0.16, QUIET, PAPER)):
                if span is not None:
                    axes.plot(span, [place + lift] * 2, color=colour, linewidth=2.6 if lift < 0 else 1.2, solid_capstyle="butt")
                    axes.plot(span[:1], [place + lift], "o", color=colour, markerfacecolor=face, markersize=6 if lift < 0 else 4.5)
                    axes.plot(span[1:], [place + lift], "|", color=colour, markersize=8 if lift < 0 else 6)
        axes.set(xscale="log", xlabel=view.across, ylim=(len(rows) - 0.5, -0.5))
        axes.set_yticks(range(len(rows)), [row.label for row in rows])
        axes.set_xticks(list(ticks), list(ticks.values()))
        axes.minorticks_off()
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
    return _written(figure, view)


@contextmanager
def _drawn(view: View, height: float) -> Iterator[Figure]:
    with rc_context({**LOOK, "svg.hashsalt": view.name}):
        yield Figure(figsize=(NARROW if view.narrow else WIDE, height), layout="constrained")


def _plain(axes: Axes, view: View) -> Axes:
    axes.set(xlabel=view.across, ylabel=view.up)
    axes.yaxis.set_major_formatter(lambda value, _: view.written(value))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    if view.marked is not None:
        axes.axvspan(view.marked[0] - 0.5, view.marked[1] + 0.5, color=SHADE, linewidth=0, zorder=0)
    axes.margins(x=0.01, y=0.12)
    return axes


def _filled(number: int) -> dict[str, Any]:
    return {"facecolor": PARTS[number], "hatch": HATCHES[number], "edgecolor": PAPER, "linewidth": 0.6}


def _name_places(axes: Axes, places: Sequence[str], *, most: int = MOST_LABELS, middle: float = 0.0) -> None:
    step = max(1, math.ceil(len(places) / most))
    shown = range((len(places) - 1) % step, len(places), step)  # the last one always
    axes.set_xticks([place + middle for place in shown], [places[place] for place in shown])


def _legend(figure: Figure, axes: Axes, parts: Mapping[str, Numbers]) -> None:
    if len(parts) > 1:
        figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", ncols=len(parts), handlelength=2.2)


def _squares(axes: Axes, rows: Sequence[str], columns: Sequence[str], table: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draws the table in steps of equal size up to its most; returns each square's step."""
    steps: NDArray[np.int64] = np.rint(table / max(table.max(initial=0), TINY) * (len(HEAT) - 1)).astype(np.int64)
    for step, colour in enumerate(HEAT):
        for row, column in np.argwhere(steps == step):
            axes.fill(
                [column, column + 1, column + 1, column], [row, row, row + 1, row + 1], facecolor=colour, edgecolor=PAPER, linewidth=0.8
            )
    axes.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
    axes.set_xticks([place + 0.5 for place in range(len(columns))], list(columns))
    axes.set_yticks([place + 0.5 for place in range(len(rows))], list(rows))
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return steps


def _end_grid(grid: NDArray[np.object_], used: int) -> None:
    """Places that hold nothing vanish, and the picture above such a place names its own axis."""
    for axes in grid.flat[used:]:
        axes.set_axis_off()
    for axes in grid.flat[max(0, used - grid.shape[1]) : used]:
        axes.tick_params(labelbottom=True)


def _short(name: str, most: int = 20) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _axes(title: str, across: str, up: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.set(title=title, xlabel=across, ylabel=up, xlim=(0, 1.02), ylim=(0, 1.02))
    axes.grid(visible=True, alpha=0.3)
    return figure, axes


def _written(figure: Figure, view: View) -> str:
    """With colours that the page names, what it says for those who do not see it, and names that no other picture of the page has."""
    with rc_context({**LOOK, "svg.hashsalt": view.name}):
        text = _svg(figure)
    text = re.sub(r'(fill|stroke)="(#\w{6})"', r'style="\1: \2"', text)
    for colour, name in NAMED.items():
        text = text.replace(colour, f"var(--{name})")
    text = re.sub(r' id="((?:figure|axes|patch|line2d|xtick|ytick|text|matplotlib)[\w.]*)"', "", text)
    text = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{view.name}-", text)
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|font-family: [^;\"]*;? ?", "", text, flags=re.DOTALL)
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(view.alt)}" ', 1)


def _svg(figure: Figure) -> str:
    """The picture alone, without the file's head; the same figures give the same text."""
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "saksgang"}):
        written = StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    return text[text.index("<svg") :]
