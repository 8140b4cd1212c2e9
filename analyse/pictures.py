"""The only door to matplotlib: figures as pictures that stand inside a page (SVG, no font and no script fetched)."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from classify.evaluate import Bin

SIZE = (4.2, 3.2)
"""Inches."""
BLUE, ORANGE = "#0072B2", "#D55E00"
"""Told apart by people who see no red or green, and in print (Okabe and Ito, 2008)."""


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


def _axes(title: str, across: str, up: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.set(title=title, xlabel=across, ylabel=up, xlim=(0, 1.02), ylim=(0, 1.02))
    axes.grid(visible=True, alpha=0.3)
    return figure, axes


def _svg(figure: Figure) -> str:
    """The picture alone, without the file's head; the same figures give the same text."""
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "saksgang"}):
        written = StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    return text[text.index("<svg") :]
