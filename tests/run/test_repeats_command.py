"""The command `repeats` over a store with imported cases, and what people decide of them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from run.cli import saksgang

DOWN = (
    "MetaVision er svart på alle skjermer på intensiv siden klokka ni, vi fører kurve på papir.",
    "Kurven i MetaVision kommer ikke opp hos oss på intensiv, svart skjerm siden i morges.",
    "Svart skjerm i MetaVision på hele intensiv, ingen får ført kurve.",
)
PAPER = "Skriveren på kontoret i økonomi melder papirstopp. Jeg har tatt ut skuffen."


def history() -> list[dict[str, Any]]:
    """One fault told by three people within the hour, and thirty ordinary cases around it."""
    rows = [
        {"id": f"M-{number}", "opened": f"2025-03-10T09:{10 * number:02}:00+01:00", "closed": "2025-03-10T12:00:00+01:00", "from": f"p{number}@siv.no", "subject": "MetaVision", "body": body, "type": "hendelse", "priority": 2, "team": "kliniske-systemer", "solution": "Tjenesten ble startet på nytt."}
        for number, body in enumerate(DOWN)
    ]  # fmt: skip
    for day in range(1, 31):
        body = f"{PAPER} Rom {day}." if day % 2 else f"Jeg har glemt passordet til e-post etter ferie nummer {day}."
        rows.append({"id": f"O-{day}", "opened": f"2025-03-{day:02}T13:00:00+01:00", "from": f"o{day}@siv.no", "subject": "Hjelp", "body": body, "type": "hendelse" if day % 2 else "forespørsel", "priority": 4, "team": "arbeidsplass"})  # fmt: skip
    return rows


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAKSGANG_HOME", str(tmp_path))
    monkeypatch.delenv("SAKSGANG_DATABASE", raising=False)
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in history()), encoding="utf-8")
    assert called("import", str(file), "--profile", "siv").exit_code == 0
    return tmp_path


def called(*words: str) -> Result:
    return CliRunner().invoke(saksgang, words)


def repeats(*words: str) -> list[dict[str, Any]]:
    result = called("repeats", *words, "--format", "json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def groups(*words: str) -> list[list[str]]:
    return [row["tickets"] for row in repeats(*words)]


def the_fault() -> dict[str, Any]:
    [found] = [row for row in repeats() if "M-0" in row["tickets"]]
    return found


def test_one_fault_told_by_several_is_one_row_with_its_figures(home: Path) -> None:
    found = the_fault()
    assert found["tickets"] == ["M-0", "M-1", "M-2"]
    assert (found["count"], found["reporters"], found["service"]) == (3, 3, "kliniske-systemer")
    assert (found["first"], found["last"]) == ("2025-03-10T08:00:00+00:00", "2025-03-10T08:20:00+00:00")
    assert found["median_hours_to_solve"] == pytest.approx(3 - 1 / 6)
    assert found["known_solution"] == "Tjenesten ble startet på nytt."
    assert 0 <= found["automation"]["score"] <= 1
    assert found["automation"]["reason"]
    assert "metavision" in found["label"]


def test_ordinary_cases_of_one_kind_are_no_fault(home: Path) -> None:
    assert not any(ticket.startswith("O-") for group in groups() for ticket in group)


def test_a_repeat_keeps_its_number_from_run_to_run_and_when_it_grows(home: Path) -> None:
    number = the_fault()["repeat"]
    late = {**history()[0], "id": "M-9", "opened": "2025-03-10T10:05:00+01:00", "from": "p9@siv.no"}
    (home / "late.jsonl").write_text(json.dumps(late), encoding="utf-8")
    assert called("import", str(home / "late.jsonl"), "--profile", "siv").exit_code == 0
    found = the_fault()
    assert (found["repeat"], found["count"]) == (number, 4)


def test_what_a_person_split_stays_apart_and_what_they_merged_stays_together(home: Path) -> None:
    number = the_fault()["repeat"]
    assert called("repeats", "split", number, "M-2").exit_code == 0
    assert the_fault()["tickets"] == ["M-0", "M-1"]
    assert the_fault()["tickets"] == ["M-0", "M-1"]

    assert called("repeats", "name", number, "Svart MetaVision").exit_code == 0
    assert the_fault()["label"] == "Svart MetaVision"


def test_a_time_holds_only_its_own_cases_and_changes_nothing_that_was_kept(home: Path) -> None:
    number = the_fault()["repeat"]
    assert groups("--since", "2025-03-11") == []
    assert groups("--since", "2025-03-10", "--until", "2025-03-11") == [["M-0", "M-1", "M-2"]]
    assert the_fault()["repeat"] == number


def test_the_rows_as_csv_have_a_column_for_each_key(home: Path) -> None:
    result = called("repeats", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert rows[0]["tickets"] == "M-0 M-1 M-2"
    assert set(the_fault()) <= {*rows[0]}
    assert 0 <= float(rows[0]["automation"]) <= 1


def test_what_keeps_coming_back_is_shown_apart_and_is_not_kept_as_a_fault(home: Path) -> None:
    number = the_fault()["repeat"]
    passwords = [{"id": f"P-{month}", "opened": f"2025-{month:02}-02T09:00:00+01:00", "from": f"q{month}@siv.no", "subject": "Passord", "body": f"Kontoen min er låst, kan noen låse den opp? Hilsen {month}", "type": "forespørsel", "priority": 4, "team": "arbeidsplass", "solution": "Kontoen ble låst opp."} for month in range(1, 13)]  # fmt: skip
    (home / "more.jsonl").write_text("\n".join(map(json.dumps, passwords)), encoding="utf-8")
    assert called("import", str(home / "more.jsonl"), "--profile", "siv").exit_code == 0
    [family] = [row for row in repeats("--families") if "P-1" in row["tickets"]]
    assert (family["repeat"][:2], family["count"], family["known_solution"]) == ("F-", 12, "Kontoen ble låst opp.")
    assert the_fault()["repeat"] == number


@pytest.mark.parametrize(
    "wrong", [("merge", "R-1"), ("merge", "R-1", "R-777"), ("split", "R-777", "1"), ("split", "x", "1"), ("name", "R-777", "x")]
)
def test_a_word_on_a_repeat_that_there_is_not_is_wrong_use(home: Path, wrong: tuple[str, ...]) -> None:
    repeats()
    assert called("repeats", *wrong).exit_code == 2
