"""Teaching and examining a classifier at the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cases import BROKEN, PROFILE, WISHED, write_profile
from tests.support.program import PATIENCE, ROOT, Program, line, rows_of

EVALUATED = {"field", "n", "accuracy", "macro_f1", "quadratic_kappa", "recall_p1", "recall_p12", "ece", "sent_to_review", "confusion"}
DECIDED = {"type", "priority", "team"}
OWN_TEAMS = """
[teams.verksted]
title = { nb = "Verkstedet" }
address = "verksted@fjord.example"
[teams.lager]
title = { nb = "Lageret" }
address = "lager@fjord.example"
"""


def labels(file: Path, broken: str = "arbeidsplass", wished: str = "innkjop", rounds: int = 5) -> Path:
    """Mails that are easy to tell apart, with type, priority and team; `broken` and `wished` are the teams."""
    with file.open("w", encoding="utf-8") as rows:
        for number in range(rounds):
            for text in (*BROKEN, *WISHED):
                is_broken = text in BROKEN
                decided = (
                    {"type": "hendelse", "priority": 2, "team": broken}
                    if is_broken
                    else {"type": "bestilling", "priority": 4, "team": wished}
                )
                rows.write(line(f"{text} {number}", subject="", writer=f"w{number}", body=f"{text} nr {number}", **decided))
    return file


def asked(program: Program, profile: str, text: str) -> dict[str, object]:
    [row] = rows_of(program.call("classify", "-", "--profile", profile, "--json", given=line("m", subject="", body=text)))
    return row


@pytest.fixture
def learner(bare: Program, tmp_path: Path) -> Program:
    """The program with models of its own."""
    bare.environment["SAKSGANG_TRAINED"] = str(tmp_path / "trained")
    return bare


def test_what_is_trained_is_the_same_every_time_and_classify_uses_it(learner: Program, tmp_path: Path) -> None:
    given = labels(tmp_path / "labels.jsonl")
    words = [sys.executable, "-m", "run", "train", "--profile", "siv", "--labels", str(given)]
    folders = [str(tmp_path / name) for name in ("one", "two")]
    at_work = [
        subprocess.Popen(words, cwd=ROOT, env=learner.environment | {"SAKSGANG_TRAINED": folder}, stdout=subprocess.DEVNULL)
        for folder in folders
    ]
    assert [process.wait(PATIENCE) for process in at_work] == [0, 0]
    first, second = ((Path(folder) / "siv" / "model.npz").read_bytes() for folder in folders)
    assert first == second
    learner.environment["SAKSGANG_TRAINED"] = folders[0]
    evaluated = learner.call("evaluate", "--profile", "siv", "--labels", str(given), "--json")
    assert evaluated.returncode == 0, evaluated.stderr
    reports = {row["field"]: row for row in rows_of(evaluated)}
    assert reports.keys() >= DECIDED
    assert reports["priority"].keys() >= EVALUATED
    assert (reports["type"]["n"], reports["type"]["accuracy"]) == (40, 1.0)
    found = asked(learner, "siv", f"{BROKEN[0]} nr 9")
    assert found["type"] == "hendelse"
    assert found["method"] == {"type": "model", "priority": "model", "team": "model"}


def test_an_organisation_of_ones_own_is_a_folder_and_labels(learner: Program, tmp_path: Path) -> None:
    profile = write_profile(tmp_path / "fjord", PROFILE + OWN_TEAMS)
    taught = learner.call("train", "--profile", profile, "--labels", str(labels(tmp_path / "own.jsonl", "verksted", "lager")))
    assert taught.returncode == 0, taught.stderr
    assert (asked(learner, profile, BROKEN[0])["team"], asked(learner, profile, WISHED[0])["team"]) == ("verksted", "lager")


def test_a_model_that_does_worse_is_kept_aside_until_it_is_wanted_anyway(learner: Program, tmp_path: Path) -> None:
    good = labels(tmp_path / "good.jsonl", rounds=40)
    swapped = labels(tmp_path / "swapped.jsonl", rounds=40)
    rows = [json.loads(text) for text in swapped.read_text(encoding="utf-8").splitlines()]
    for number, row in enumerate(rows):
        row["team"] = ("nett", "ehelse", "trakta")[number % 3]
    swapped.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    assert learner.call("train", "--profile", "siv", "--labels", str(good)).returncode == 0
    model = tmp_path / "trained" / "siv" / "model.npz"
    champion = model.read_bytes()
    told = learner.call("train", "--profile", "siv", "--labels", str(swapped))
    assert told.returncode == 0, told.stderr
    assert "kept aside, for it is worse" in told.stdout
    assert model.read_bytes() == champion
    listed = rows_of(learner.call("models", "list", "--profile", "siv", "--json"))
    assert [row["in_use"] for row in listed] == [False, True]
    assert learner.call("train", "--profile", "siv", "--labels", str(swapped), "--anyway").returncode == 0
    assert model.read_bytes() != champion
    back = learner.call("models", "use", listed[1]["version"], "--profile", "siv")
    assert back.returncode == 0, back.stderr
    assert model.read_bytes() == champion


def test_the_page_of_an_evaluation_is_written(learner: Program, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    answer = learner.call("evaluate", "--profile", "siv", "--labels", str(labels(tmp_path / "l.jsonl")), "--json", "--report", str(page))
    assert answer.returncode == 0, answer.stderr
    assert "<svg" in page.read_text(encoding="utf-8")
    nowhere = tmp_path / "nowhere" / "page.html"
    answer = learner.call("evaluate", "--profile", "siv", "--labels", str(tmp_path / "l.jsonl"), "--json", "--report", str(nowhere))
    assert answer.returncode == 1
    [said] = answer.stderr.splitlines()[-1:]
    assert said == f"saksgang: {nowhere}: the page cannot be written: No such file or directory"
