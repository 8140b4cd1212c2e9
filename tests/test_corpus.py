"""The only place where the corpus and the held-out mails are held to their form: keys, values, nobody's words twice, nothing that could be real."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from stdnum import luhn
from stdnum.no import fodselsnummer
from stdnum.se import personnummer

from models.profiles import load_profile

Line = dict[str, Any]

CORPUS = Path(__file__).resolve().parent.parent / "data" / "corpus"
FILES = sorted(CORPUS.glob("*/*.jsonl"))
HELD_OUT = sorted((CORPUS.parent / "held-out").glob("*/*.jsonl"))
FEW_LABELS = "x"
"""So begin the names of held-out files that tell type and service alone."""
KEYS = [
    *("id", "from", "to", "date", "subject", "body"),
    *("type", "priority", "scope", "team", "language"),
    *("patient_safety", "change_request", "is_auto"),
    "repeat_group",
    "why",
]
SWEDISH_KEYS = [
    *("id", "org", "from", "to", "date", "subject", "body"),
    *("type", "priority", "reporter", "service", "line", "scope"),
    *("patient_safety", "is_auto", "change_request", "language"),
    "repeat_group",
    "why",
]
SWEDISH = {
    "type": {"hendelse", "forespørsel", "bestilling"},
    "line": {"first-line-answer", "second-line", "supplier", "region-function", "local-it", "major-incident"},
    "scope": {"all", "many", "unit", "few", "single", "none"},
    "reporter": {"vardgivare", "invanare", "apotek", "intern"},
}
"""Values of the policy of the four Swedish organisations, sections 2, 4, 6 and 7."""
FLAGS = ("patient_safety", "change_request", "is_auto")
LANGUAGES = {"nb", "nn", "en"}
ENOUGH = {"siv": 2000, "inera": 800, "ehm": 500, "regionjh": 350, "sll": 350}
ORGANISATIONS = list(ENOUGH)
AUTOMATIC = {
    "type": "forespørsel",
    "priority": 4,
    "scope": "none",
    "team": "trakta",
    "patient_safety": False,
    "change_request": False,
    "repeat_group": None,
}
"""The policy's fixed labels of a mail that no person wrote (section 7)."""

RUN = 6
EVERYDAY: frozenset[str] = frozenset()
"""Runs of six words that two mails may share: greetings, closings, forms of signatures and of forwarded headers. None is needed."""

SECRETS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a token of a known service": r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,}|xox[abprs]-[\w-]{10,}|sk-[\w-]{20,}|glpat-[\w-]{20,})",
    "a signed token": r"\beyJ[\w-]{8,}\.[\w-]{8,}\.",
    "a long hexadecimal or base64 word": r"\b(?:[0-9a-fA-F]{32,}|(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])[\w+/]{28,})",
    "a password with a digit in it": r"(?i)\b(?:passord|passordet|password|pwd|pin|pinkode|pin-kode|kode)\s*(?::|=|\ber\b|\bis\b)\s*[\"'«]?(?=\S*\d)\S{4,}",
    "a login inside an address": r"://[^/\s:@]+:[^/\s@]+@",
}


def read(file: Path) -> list[Line]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@cache
def corpus() -> tuple[Line, ...]:
    return tuple(line for file in FILES for line in read(file))


@cache
def held_out() -> tuple[Line, ...]:
    return tuple(line | {"id": f"{file.parent.name}/{line['id']}"} for file in HELD_OUT for line in read(file))


@cache
def written() -> tuple[Line, ...]:
    """Everything."""
    return (*corpus(), *held_out())


@cache
def siv() -> tuple[Line, ...]:
    return tuple(line for file in FILES if file.parent.name == "siv" for line in read(file))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def wrong(lines: tuple[Line, ...], is_wrong: Callable[[Line], bool]) -> list[str]:
    return [line["id"] for line in lines if is_wrong(line)]


@cache
def swedish() -> tuple[Line, ...]:
    return tuple(line for file in FILES if file.parent.name != "siv" for line in read(file))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_file_holds_one_mail_a_line_with_all_keys_in_order(file: Path) -> None:
    for line in read(file):
        assert list(line) == (KEYS if file.parent.name == "siv" else SWEDISH_KEYS), line["id"]
        assert line.get("org", "siv") == file.parent.name
        assert line["id"].startswith(f"{file.stem}-"), line["id"]


@pytest.mark.parametrize("file", HELD_OUT, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_held_out_file_is_of_the_same_form(file: Path) -> None:
    keys = KEYS if file.parent.name == "siv" else SWEDISH_KEYS
    profile = load_profile(file.parent.name)
    for line in read(file):
        told = {"service", *KEYS[:7], "org", "repeat_group", "why"} if file.stem.startswith(FEW_LABELS) else set(keys)
        assert [key for key in keys if key in line] == [key for key in keys if key in told], line["id"]
        assert line["id"].startswith(f"{file.stem}-"), line["id"]
        assert line.get("team", line.get("line", next(iter(profile.teams)))) in profile.teams, line["id"]
        assert line.get("scope", "none") in profile.scopes, line["id"]
        assert line.get("service") in {None, *profile.services}, line["id"]


@pytest.mark.parametrize("file", HELD_OUT, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_held_out_fault_is_told_by_two_people_within_some_days(file: Path) -> None:
    faults = defaultdict[str, list[Line]](list)
    for line in read(file):
        if line["repeat_group"] is not None:
            faults[line["repeat_group"]].append(line)
    for name, lines in faults.items():
        dates = [datetime.fromisoformat(line["date"]) for line in lines]
        assert len({line["from"] for line in lines}) > 1, name
        assert (max(dates) - min(dates)).days < 5, name


def test_no_held_out_mail_stands_in_the_corpus() -> None:
    known = {tuple(words(line["body"])) for line in corpus()}
    assert wrong(held_out(), lambda line: len(told := tuple(words(line["body"]))) >= RUN and told in known) == []


def test_an_id_stands_once() -> None:
    assert [key for key, times in Counter(line["id"] for line in corpus()).items() if times > 1] == []


def test_every_label_is_one_that_the_profile_knows() -> None:
    profile = load_profile("siv")
    known = {"type": set(profile.types), "priority": set(profile.levels), "scope": set(profile.scopes), "team": set(profile.teams)}
    for key, values in {**known, "language": LANGUAGES}.items():
        assert {line[key] for line in siv()} == values, key
    assert wrong(siv(), lambda line: any(type(line[flag]) is not bool for flag in FLAGS) or type(line["priority"]) is not int) == []
    assert {line["to"] for line in siv()} == set(profile.desk.addresses)


def test_every_swedish_label_is_one_of_the_policy() -> None:
    assert {key: {line[key] for line in swedish()} - values for key, values in SWEDISH.items()} == {key: set() for key in SWEDISH}
    assert wrong(swedish(), lambda line: line["priority"] not in range(1, 6 if line["org"] == "ehm" else 5)) == []
    ehm = tuple(line for line in swedish() if line["org"] == "ehm")
    assert wrong(ehm, lambda line: (line["type"] == "hendelse") is (line["priority"] == 5)) == [], "section 3.2"
    mild = tuple(line for line in swedish() if line["org"] in ("inera", "regionjh") and line["type"] != "hendelse")
    assert wrong(mild, lambda line: line["priority"] < 3) == [], "section 3.1"


def test_every_text_is_text_and_only_a_subject_may_be_empty() -> None:
    texts = ("from", "to", "date", "subject", "body", "why")
    assert wrong(written(), lambda line: any(not isinstance(line[key], str) for key in texts)) == []
    assert wrong(written(), lambda line: any(not line[key].strip() for key in texts if key != "subject")) == []
    assert wrong(written(), lambda line: not re.fullmatch(r"[^<>]+ <[^<>@\s]+@[^<>@\s]+\.[a-z]+>", line["from"])) == []


def test_every_date_has_a_zone_and_lies_in_the_years_told() -> None:
    dates = {line["id"]: datetime.fromisoformat(line["date"]) for line in written()}
    assert [key for key, date in dates.items() if date.utcoffset() is None] == []
    assert {date.year for date in dates.values()} == {2022, 2023, 2024, 2025}


def test_patient_safety_is_never_mild() -> None:
    strict = tuple(line for line in corpus() if line.get("org", "siv") in ("siv", "ehm"))
    assert wrong(strict, lambda line: line["patient_safety"] and line["priority"] > 2) == []


def test_automatic_mail_has_its_fixed_labels() -> None:
    automatic = tuple(line for line in siv() if line["is_auto"])
    assert automatic
    assert wrong(automatic, lambda line: any(line[key] != value for key, value in AUTOMATIC.items())) == []


def test_a_repeat_group_has_two_mails_of_one_writer_or_more() -> None:
    groups = Counter(line["repeat_group"] for line in corpus() if line["repeat_group"] is not None)
    assert [group for group, times in groups.items() if times < 2] == []
    assert wrong(corpus(), lambda line: (line["repeat_group"] or line["id"]).partition("-")[0] != line["id"].partition("-")[0]) == []


def test_no_two_mails_share_a_run_of_six_words() -> None:
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for line in corpus():
        told = words(f"{line['subject']} {line['body']}")
        for start in range(len(told) - RUN + 1):
            holders[" ".join(told[start : start + RUN])].add(line["id"])
    assert {run: sorted(ids) for run, ids in holders.items() if len(ids) > 1 and run not in EVERYDAY} == {}


def digits(text: str, pattern: str) -> Iterator[str]:
    for found in re.findall(rf"(?<!\d){pattern}(?!\d)", text):
        yield re.sub(r"\D", "", found)


def test_no_personal_number_is_valid() -> None:
    def holds_one(line: Line) -> bool:
        return any(fodselsnummer.is_valid(number) for number in digits(json.dumps(line), r"\d{6}[ .-]?\d{5}"))

    def holds_a_swedish_one(line: Line) -> bool:
        return any(personnummer.is_valid(number) for number in re.findall(r"(?<!\d)(?:\d\d)?\d{6}[-+]\d{4}(?!\d)", json.dumps(line)))

    assert fodselsnummer.is_valid("15108695088")  # the libraries' own examples: the checks do check
    assert personnummer.is_valid("880320-0016")
    assert wrong(written(), holds_one) == []
    assert wrong(written(), holds_a_swedish_one) == []


def test_no_payment_card_is_valid() -> None:
    def holds_one(line: Line) -> bool:
        return any(luhn.is_valid(number) for number in digits(json.dumps(line), r"(?:\d[ -]?){15,18}\d"))

    assert wrong(written(), holds_one) == []


@pytest.mark.parametrize("kind", sorted(SECRETS))
def test_nothing_looks_like_a_secret(kind: str) -> None:
    assert wrong(written(), lambda line: re.search(SECRETS[kind], f"{line['subject']}\n{line['body']}") is not None) == []


def told_counts() -> dict[str, list[int]]:
    """The table of counts on the corpus's page: row to the numbers of each organisation and of all."""
    rows = re.findall(r"^\| ((?:\w+ )?`[^`]+`|mails) \|((?: \d+ \|)+)$", (CORPUS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {name.replace("`", ""): [int(number) for number in re.findall(r"\d+", numbers)] for name, numbers in rows}


def label(line: Line, key: str) -> Any:
    """A label by the program's name of it: what the Swedish files call line is the team."""
    return line.get("line") if key == "team" and "line" in line else line.get(key)


def test_the_page_of_the_corpus_counts_what_there_is() -> None:
    mails = {name: [line for line in corpus() if line.get("org", "siv") == name] for name in ORGANISATIONS}
    counted = {"mails": [len(lines) for lines in mails.values()]}
    for key in ("type", "priority", "team", "scope", "service", "reporter", "language"):
        for value in {label(line, key) for line in corpus()} - {None}:
            counted[f"{key} {value}"] = [sum(label(line, key) == value for line in lines) for lines in mails.values()]
    for flag in FLAGS:
        counted[flag] = [sum(line[flag] for line in lines) for lines in mails.values()]
    assert told_counts() == {name: [*numbers, sum(numbers)] for name, numbers in counted.items()}


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_an_organisation_has_mails_enough_of_every_length(name: str) -> None:
    lengths = sorted(len(words(line["body"])) for line in corpus() if line.get("org", "siv") == name)
    assert len(lengths) >= ENOUGH[name]
    assert 30 <= median(lengths) <= 60
    assert lengths[0] <= 8
    assert 150 <= lengths[-1] <= 320
    assert sum(length <= 25 for length in lengths) >= len(lengths) / 10
    assert sum(length >= 100 for length in lengths) >= len(lengths) / 20
