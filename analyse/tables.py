"""The only place for the tables of a report: figures in named columns, shown to people or handed on as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analyse.speech import Form, Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: `key` in the frame, `title` for people, and what its values are called where they are keys."""

    key: str
    title: str
    form: Form = Form.COUNT
    labels: Mapping[object, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures as they were counted. The first column names the rows; `name` is what its files are called."""

    name: str
    title: str
    columns: Sequence[Column]
    frame: pd.DataFrame

    def plain(self) -> pd.DataFrame:
        """For programs: its columns by their keys, values as they are."""
        return self.frame[[column.key for column in self.columns]].reset_index(drop=True)

    def titled(self) -> pd.DataFrame:
        """For people's own tools: columns by their titles, keys by what they are called, numbers as they are."""
        found = self.plain()
        for column in self.columns:
            if column.labels:
                found[column.key] = [column.labels.get(value, value) for value in found[column.key]]
        return found.set_axis([column.title for column in self.columns], axis="columns")

    def written(self, speech: Speech) -> list[list[str]]:
        """For readers: every figure as text."""
        texts = [
            [column.labels[value] if value in column.labels else speech.written(value, column.form) for value in self.frame[column.key]]
            for column in self.columns
        ]
        return [list(row) for row in zip(*texts, strict=True)]
