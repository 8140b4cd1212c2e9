"""A dated copy of templates and routines, and the memory of when it was made."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from models.kinds import MAILS
from models.pages import WORDS, load_words
from models.parts import InstructionKind
from models.profiles import BASE, PROFILES, Profile, load_profile
from run.cli import saksgang
from run.commands.routines import read_template, routines_page, template_kinds, week_of
from run.copied import COPIED_FILE, copied_at, is_old, remember_copy
from run.doctor import _routines
from tests.support.cases import PROFILE, write_profile

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHIPPED = sorted(folder.name for folder in PROFILES.iterdir() if folder.name != BASE and (folder / "profile.toml").is_file())


def read(html: str) -> str:
    text = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())


@pytest.mark.parametrize("name", SHIPPED)
def test_all_that_an_organisation_has_chosen_stands_in_the_copy(name: str) -> None:
    profile = load_profile(name)
    page = read(routines_page(profile, NOW))
    wanted = [profile.desk.title, *profile.desk.addresses, "2026-03-02 10:00"]
    wanted += [address for team in profile.teams.values() for address in (team.address, *team.members, *team.address_by_domain.values())]
    wanted += [
        contact.to
        for ladder in (profile.escalation, profile.alarm)
        for contact in ladder.rungs
        if ladder is not profile.alarm or profile.alarm.priority
    ]
    wanted += [contact.to for contact in profile.incidents.audience]
    wanted += [text for question in profile.questions.values() for text in question.ask.values()]
    wanted += [text for advice in profile.advice.values() for text in (advice.source, *advice.text.values())]
    wanted += [text for clause in profile.clauses.values() for text in (clause.source, *clause.reason.values())]
    wanted += [text for agreement in profile.agreements.values() for text in (agreement.source, *agreement.reason.values())]
    wanted += [", ".join(lines) for lines in profile.instructions.values()]
    assert [words for words in wanted if " ".join(words.split()) not in page] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_word_of_every_template_stands_in_the_copy(name: str) -> None:
    profile = load_profile(name)
    html = routines_page(profile, NOW)
    page = read(html)
    files = [
        file
        for language in profile.languages
        for kind in template_kinds(profile)
        for file in [
            next((f for f in (profile.folder / "mails", PROFILES / BASE / "mails") if (f / language / f"{kind}.txt").is_file()), None)
        ]
        if file
        for file in [file / language / f"{kind}.txt"]
    ]
    assert len(files) >= len(MAILS)
    for file in files:
        for stretch in re.split(r"\{[{%].*?[%}]\}", file.read_text(encoding="utf-8")):
            assert " ".join(stretch.split()) in page, file
    assert "{{" not in html
    assert "{%" not in html


def test_placeholders_and_conditions_are_readable() -> None:
    facts, rules = {"case": "ärende", "text": "text", "state": "läge"}, {"if": "om", "endif": "slut", "or": "eller", "not": "inte"}
    pieces = list(
        read_template('Hej {{ case }}{% if not text %}!{% endif %}{# ord #}{{ cases or "Inga." }}{% if state == "over" %}', facts, rules)
    )
    told = [(piece.kind, piece.text) for piece in pieces]
    assert told == [
        ("words", "Hej "),
        ("slot", "ärende"),
        ("rule", "om inte text"),
        ("words", "!"),
        ("rule", "slut"),
        ("slot", 'cases eller "Inga."'),
        ("rule", 'om läge = "over"'),
    ]


def test_an_own_template_is_shown_and_a_missing_language_says_what_is_sent(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_profile(folder, PROFILE.replace('["nb", "en"]', '["nb", "fi", "en"]'))
    (folder / "mails" / "nb").mkdir(parents=True)
    (folder / "mails" / "nb" / "receipt.txt").write_text("Takk <for> sist: {{ subject }}\n\nHilsen oss\n", encoding="utf-8")
    page = read(routines_page(load_profile(str(folder)), NOW))
    assert "Takk <for> sist: emne" in page
    assert "nb, egen" in page
    assert "fi: ingen egen; i stedet brukes nb" in page


def test_hours_of_like_days_stand_together() -> None:
    inera = load_profile("inera")
    assert week_of(inera.hours["supplier"]) == [("mon", "fri", "08:00–17:00"), ("sat", "sun", "")]
    assert week_of(inera.hours["always"]) == [("mon", "sun", "00:00–24:00")]


def test_every_language_has_the_same_words() -> None:
    tables = {folder.name: load_words(folder.name) for folder in WORDS.iterdir()}
    assert tables.keys() == {"nb", "nn", "sv", "en"}
    keys = {code: {(table, key) for table, words in found.items() for key in words} for code, found in tables.items()}
    assert all(found == keys["en"] for found in keys.values())
    for table, key in keys["en"]:
        assert len({found[table][key].count("%d") for found in tables.values()}) == 1


def test_no_word_hides_behind_a_method_of_its_table() -> None:
    """A template that asks for `words.cases.clear` is given the method of that name."""
    hidden = {(table, key) for table, words in load_words("en").items() for key in words if hasattr(words, key)}
    assert hidden == set()


@pytest.mark.parametrize("kind", list(InstructionKind))
def test_every_instruction_is_said_in_words(kind: InstructionKind) -> None:
    assert load_words("en")["instructions"][kind]


def test_a_language_without_words_has_the_english_ones() -> None:
    assert load_words("fi") == load_words("en")


def test_the_copy_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAKSGANG_HOME", str(tmp_path / "home"))
    assert copied_at(tmp_path / "home") is None
    answer = CliRunner().invoke(saksgang, ["routines", "--profile", "siv", "--out", str(tmp_path / "copy.html")])
    assert answer.exit_code == 0, answer.output
    at = copied_at(tmp_path / "home")
    assert at
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=5)
    assert (tmp_path / "copy.html").stat().st_mode & 0o777 == 0o644


def test_a_copy_that_cannot_be_written_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAKSGANG_HOME", str(tmp_path / "home"))
    answer = CliRunner().invoke(saksgang, ["routines", "--profile", "siv", "--out", str(tmp_path / "no" / "copy.html")])
    assert answer.exit_code != 0
    assert copied_at(tmp_path / "home") is None


@pytest.mark.parametrize("damage", [b"", b"yesterday", b"\xff\xfe", b"2026-03-02T09:00:00"])
def test_a_damaged_memory_is_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / COPIED_FILE).write_bytes(damage)
    assert copied_at(tmp_path) is None


def test_after_half_a_year_a_copy_is_old(tmp_path: Path) -> None:
    remember_copy(tmp_path, NOW)
    at = copied_at(tmp_path)
    assert at == NOW
    assert not is_old(at, NOW + timedelta(days=183))
    assert is_old(at, NOW + timedelta(days=184))
    assert is_old(None, NOW)


def test_doctor_warns_of_an_old_copy_and_of_none(siv: Profile) -> None:
    never, old, new = (_routines(siv, at, NOW) for at in (None, NOW - timedelta(days=200), NOW - timedelta(days=2)))
    assert (never.well, never.warning, never.found) == (False, True, "never copied")
    assert (old.well, old.warning, old.found) == (False, True, "copied 2025-08-14, more than 183 days ago")
    assert "saksgang routines --profile siv" in old.advice
    assert (new.well, new.found) == (True, "copied 2026-02-28")
