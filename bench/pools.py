"""Texts of which it is known which belong together: two public sets, and the repeat groups of the shipped corpora."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.redact import redact
from models.records import Redacted, TicketId
from resolve.earlier import Earlier, Question

DATA = Path(__file__).resolve().parent.parent / "data"
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
NO_TEXT = Redacted("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Cases to search, numbered by their place; questions, and for each the places of what should be found.

    Where they are `in_order` a question is one of the cases, and only cases before its place are searched.
    """

    name: str
    cases: tuple[Earlier, ...]
    questions: tuple[Question, ...]
    wanted: tuple[frozenset[int], ...]
    in_order: bool = False

    def text(self, place: int) -> str:
        case = self.cases[place]
        return case.text or case.solution


def duplicates(reports: Path, pairs: Path) -> Pool:
    """Bug reports, each held against all earlier ones; a duplicate of a duplicate is one too.

    Lines of `reports` have `id`, `order` and `text`, those of `pairs` `report` and `duplicate_of`.
    """
    rows = sorted(_lines(reports), key=lambda row: row["order"])
    places = {row["id"]: place for place, row in enumerate(rows)}
    groups = _groups([(places[pair["report"]], places[pair["duplicate_of"]]) for pair in _lines(pairs)])
    moments = [BEGIN + timedelta(minutes=place) for place in range(len(rows))]
    cases = tuple(
        Earlier(ticket=TicketId(place), opened_at=moments[place], text=Redacted(row["text"]), solution=NO_TEXT)
        for place, row in enumerate(rows)
    )
    asked = {place: earlier for place in range(len(rows)) if (earlier := frozenset(other for other in groups[place] if other < place))}
    questions = tuple(Question(text=cases[place].text, at=moments[place], apart=TicketId(place)) for place in asked)
    name = f"bug reports, {len(asked)} with an earlier duplicate"
    return Pool(name=name, cases=cases, questions=questions, wanted=tuple(asked.values()), in_order=True)


def answers(file: Path) -> Pool:
    """Questions whose answers lie among all answers of all questions. Lines have `question`, `candidates`, and in `right` the place of the right one."""
    rows = list(_lines(file))
    texts = list(dict.fromkeys(text for row in rows for text in row["candidates"]))
    cases = tuple(
        Earlier(ticket=TicketId(place), opened_at=BEGIN, text=NO_TEXT, solution=Redacted(text)) for place, text in enumerate(texts)
    )
    wanted = tuple(frozenset([texts.index(row["candidates"][row["right"]])]) for row in rows)
    questions = tuple(Question(text=Redacted(row["question"]), at=BEGIN) for row in rows)
    return Pool(name=f"questions, {len(rows)}, and {len(texts)} answers", cases=cases, questions=questions, wanted=wanted)


def repeat_groups() -> Iterator[Pool]:
    """Each organisation's mails; a mail of a repeat group asks for the others of its group."""
    for folder in sorted(path for path in (DATA / "corpus").iterdir() if path.is_dir()):
        rows = [row for file in sorted(folder.glob("*.jsonl")) for row in _lines(file)]
        groups = defaultdict[str, set[int]](set)
        for place, row in enumerate(rows):
            groups[row["repeat_group"] or f"alone {place}"].add(place)
        cases = tuple(_case(place, row) for place, row in enumerate(rows))
        asked = {place: group - {place} for group in groups.values() if len(group) > 1 for place in sorted(group)}
        questions = tuple(_question(cases[place]) for place in asked)
        yield Pool(name=folder.name, cases=cases, questions=questions, wanted=tuple(map(frozenset, asked.values())))


def _case(place: int, row: dict[str, Any]) -> Earlier:
    return Earlier(
        ticket=TicketId(place),
        opened_at=datetime.fromisoformat(row["date"]),
        text=redact(f"{row['subject']}\n{row['body']}"),
        solution=NO_TEXT,
        service=row.get("service"),
    )


def _question(case: Earlier) -> Question:
    return Question(text=case.text, at=case.opened_at, service=case.service, apart=case.ticket)


def _groups(pairs: Sequence[tuple[int, int]]) -> defaultdict[int, set[int]]:
    """For each place all that pairs tie it to, however many steps away."""
    groups = defaultdict[int, set[int]](set)
    for pair in pairs:
        together = {*pair, *groups[pair[0]], *groups[pair[1]]}
        for place in together:
            groups[place] = together
    return groups


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    content = file.read_bytes()
    yield from map(json.loads, (gzip.decompress(content) if file.suffix == ".gz" else content).splitlines())
