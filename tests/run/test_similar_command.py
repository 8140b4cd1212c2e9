"""The commands `similar` and `solutions`, over a store with imported cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from run.cli import saksgang

HISTORY = [
    {"id": "A-1", "opened": "2025-01-10T09:00:00+01:00", "closed": "2025-01-10T11:00:00+01:00", "from": "a@siv.no", "subject": "Etiketter", "body": "Etikettskriveren på laben skriver blanke etiketter.", "type": "hendelse", "priority": 3, "team": "arbeidsplass", "solution": "Last inn malen på nytt."},
    {"id": "A-2", "opened": "2025-02-10T09:00:00+01:00", "closed": "2025-02-10T11:00:00+01:00", "from": "b@siv.no", "subject": "Passord", "body": "Jeg har glemt passordet mitt til DIPS og kommer ikke inn.", "type": "forespørsel", "priority": 4, "team": "arbeidsplass", "solution": "Nytt passord på telefon."},
    {"id": "A-3", "opened": "2025-03-10T09:00:00+01:00", "from": "c@siv.no", "subject": "Blanke etiketter", "body": "Det kommer bare blanke etiketter ut av etikettskriveren.", "type": "hendelse", "priority": 3, "team": "arbeidsplass"},
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with three imported cases."""
    monkeypatch.setenv("SAKSGANG_HOME", str(tmp_path))
    monkeypatch.delenv("SAKSGANG_DATABASE", raising=False)
    file = tmp_path / "history.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in HISTORY), encoding="utf-8")
    assert called("import", str(file), "--profile", "siv").exit_code == 0
    return tmp_path


def called(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(saksgang, words, input=stdin)


def lines(*words: str, stdin: str | None = None) -> list[dict[str, Any]]:
    result = called(*words, "--json", stdin=stdin)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def found(*words: str) -> list[str]:
    [line] = lines("similar", *words)
    return [result["ticket"] for result in line["results"]]


def test_words_find_the_cases_that_speak_of_the_same(home: Path) -> None:
    [line] = lines("similar", "--text", "etikettene er blanke")
    assert (line["id"], [result["ticket"] for result in line["results"]][:2]) in (("text", ["A-3", "A-1"]), ("text", ["A-1", "A-3"]))
    solution = next(result for result in line["results"] if result["ticket"] == "A-1")
    assert (solution["solution"], solution["worked"]) == ("Last inn malen på nytt.", 0)
    assert 0 < solution["score"] <= 1
    assert next(result for result in line["results"] if result["ticket"] == "A-3")["solution"] is None


def test_a_case_finds_others_by_its_imported_id_or_by_our_number_and_never_itself(home: Path) -> None:
    assert found("--ticket", "A-3")[0] == "A-1"
    [line] = lines("similar", "--ticket", "SIV-3")
    assert line["results"][0]["ticket"] == "A-1"
    assert "A-3" not in found("--ticket", "A-3")


def test_only_earlier_cases_where_that_is_asked(home: Path) -> None:
    assert "A-3" in found("--ticket", "A-1")
    assert "A-3" not in found("--ticket", "A-1", "--earlier-only")


def test_mails_are_answered_in_order_and_one_that_cannot_be_read_keeps_its_place(home: Path) -> None:
    mails = [{"id": "x", "subject": "Etiketter", "body": "Blanke etiketter fra etikettskriveren"}, {"id": "y", "subject": "Passord", "body": "Glemt passordet til DIPS"}]  # fmt: skip
    result = called("similar", "-", "--top", "1", "--json", stdin="\n".join([json.dumps(mails[0]), "{", json.dumps(mails[1])]))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [len(row.get("results", [])) for row in rows] == [1, 0, 1]
    assert rows[2]["results"][0]["ticket"] == "A-2"
    assert "error" in rows[1]


def test_a_case_that_there_is_not_is_told_in_its_place(home: Path) -> None:
    result = called("similar", "--ticket", "Z-9", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (1, {"id": "Z-9", "error": "there is no such case"})


@pytest.mark.parametrize(
    "wrong", [(), ("--ticket", "1", "--text", "x"), ("--text", "x", "--profile", "nobody"), ("--text", "x", "--top", "0")]
)
def test_wrong_use_is_one_line(home: Path, wrong: tuple[str, ...]) -> None:
    result = called("similar", *wrong)
    assert result.exit_code != 0


def test_an_empty_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAKSGANG_HOME", str(tmp_path))
    result = called("similar", "--text", "x")
    assert (result.exit_code, "no cases" in result.output) == (2, True)


def test_what_solved_imported_cases_is_proposed_confirmed_written_anew_united_and_retired(home: Path) -> None:
    assert lines("solutions", "list", "--profile", "siv") == []
    assert "2 solutions proposed" in called("solutions", "adopt", "--least", "1", "--profile", "siv").output
    assert "0 solutions proposed" in called("solutions", "adopt", "--least", "1", "--profile", "siv").output
    assert [(row["number"], row["state"], row["cases"], row["worked"]) for row in lines("solutions", "list", "--profile", "siv")] == [
        ("L-1", "proposed", 1, 1),
        ("L-2", "proposed", 1, 1),
    ]
    assert called("solutions", "confirm", "L-1", "2", "--public", "--profile", "siv").exit_code == 0
    assert called("solutions", "edit", "L-1", "--text", "Last inn malen. Ring 22 33 44 55.", "--profile", "siv").exit_code == 0
    shown = lines("solutions", "show", "L-1", "--profile", "siv")
    assert (shown[0]["state"], shown[0]["public"], shown[0]["version"]) == ("confirmed", True, 2)
    assert "22 33 44 55" not in shown[0]["text"]
    assert [row["number"] for row in shown[1:]] == [1, 2]
    assert called("solutions", "unite", "L-2", "L-1", "--profile", "siv").exit_code == 0
    assert [(row["number"], row["cases"]) for row in lines("solutions", "list", "--state", "confirmed", "--profile", "siv")] == [("L-1", 2)]
    assert called("solutions", "retire", "L-1", "--profile", "siv").exit_code == 0
    assert lines("solutions", "list", "--state", "confirmed", "--profile", "siv") == []


@pytest.mark.parametrize(
    "wrong", [("confirm", "L-7"), ("show", "L-7"), ("show", "x"), ("unite", "L-7", "L-8"), ("edit", "L-7", "--text", "x")]
)
def test_a_word_on_a_solution_that_there_is_not_is_one_line_and_a_status(home: Path, wrong: tuple[str, ...]) -> None:
    assert called("solutions", *wrong, "--profile", "siv").exit_code != 0
