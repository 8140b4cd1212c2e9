"""Figures as people of a language read them."""

from __future__ import annotations

from datetime import date
from string import Formatter
from typing import Any

import pandas as pd
import pytest

from analyse.speech import NOTHING, Form, Speech
from models.pages import WORDS, load_words

LANGUAGES = sorted(folder.name for folder in WORDS.iterdir())
NB, EN = (Speech(words=load_words(code)["report"]) for code in ("nb", "en"))


@pytest.mark.parametrize(
    ("value", "form", "nb", "en"),
    [
        (12345, Form.COUNT, "12 345", "12,345"),
        (1.26, Form.MEAN, "1,3", "1.3"),
        (-0.5, Form.MEAN, "−0,5", "−0.5"),
        (0.834, Form.SHARE, "83 %", "83%"),
        (0.5, Form.MINUTES, "30 s", "30 s"),
        (59.4, Form.MINUTES, "59 min", "59 min"),
        (90, Form.MINUTES, "1,5 t", "1.5 h"),
        (3 * 1440, Form.MINUTES, "3,0 d", "3.0 d"),
        (3 * 1440, Form.OFFICE, "72,0 t", "72.0 h"),
        (1.5, Form.HOURS, "1,5 t", "1.5 h"),
        (date(2026, 2, 9), Form.DAY, "2026-02-09", "2026-02-09"),
        (date(2025, 12, 29), Form.WEEK, "2026-W01", "2026-W01"),
        ("nett", Form.TEXT, "nett", "nett"),
        (None, Form.COUNT, NOTHING, NOTHING),
        (float("nan"), Form.SHARE, NOTHING, NOTHING),
        (pd.NaT, Form.DAY, NOTHING, NOTHING),
    ],
)
def test_a_figure_is_written_in_its_form(value: Any, form: Form, nb: str, en: str) -> None:
    plain = NB.written(value, form).replace("\u00a0", " ")
    assert (plain, EN.written(value, form).replace("\u00a0", " ")) == (nb, en)


def test_days_are_never_told_of_office_hours() -> None:
    """A working day has eight hours or nine: nobody knows which."""
    assert "d" not in EN.written(100_000, Form.OFFICE)


@pytest.mark.parametrize(
    ("now", "usual", "form", "told"),
    [
        (112, 100, Form.COUNT, "+12%"),
        (88, 100, Form.COUNT, "−12%"),
        (100, 100, Form.COUNT, "±0%"),
        (0.83, 0.81, Form.SHARE, "+2 points"),
        (5, 0, Form.COUNT, NOTHING),
        (float("nan"), 1, Form.SHARE, NOTHING),
        (1, float("nan"), Form.COUNT, NOTHING),
        (None, 1, Form.COUNT, NOTHING),
    ],
)
def test_a_change_is_told_against_the_usual(now: float | None, usual: float, form: Form, told: str) -> None:
    assert EN.change(now, usual, form).replace("\u00a0", " ") == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fills_in_the_same_figures(language: str) -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    ours, english = load_words(language)["report"], load_words("en")["report"]
    assert {key: places(ours[key]) for key in english} == {key: places(text) for key, text in english.items()}
