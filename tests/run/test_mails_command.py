"""The page that shows every mail that an organisation sends."""

from __future__ import annotations

import re
import tomllib
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from models.kinds import MAILS, Channel, ParcelKind
from models.profiles import BASE, PROFILES, Profile, load_profile
from route.templates import FACTS, FACTS_OF_ALL, IN_HTML_TOO
from run.commands.mails import FACTS_FILE, OF_COMPOSE, facts_of, mails_command, mails_of, preview

SHIPPED = sorted(file.parent.name for file in PROFILES.glob("*/profile.toml") if file.parent.name != BASE)
SAMPLES: dict[str, Any] = tomllib.loads(FACTS_FILE.read_text(encoding="utf-8"))
OF_THE_ORGANISATION = {
    *(
        "type",
        "priority",
        "priority_number",
        "scope",
        "team",
        "guessed_team",
        "also_told",
        "change_request",
        "by",
        "known",
        "service",
        "address",
    ),
    *("risk", "advice", "questions"),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_kind_is_shown_in_every_language_with_no_fact_left_out(name: str) -> None:
    profile = load_profile(name)
    shown = list(mails_of(profile))
    assert {(mail.kind, mail.language) for mail in shown} == {(kind, language) for kind in MAILS for language in profile.languages}
    for mail in shown:
        case = (mail.kind, mail.variant, mail.language)
        assert mail.subject.strip(), case
        assert mail.text.strip(), case
        assert bool(mail.html) is (mail.kind in IN_HTML_TOO and mail.channel is Channel.MAIL), case
        assert not re.search(r"None|[{}]", mail.subject + mail.text + mail.html), case


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "en"])
@pytest.mark.parametrize("kind", MAILS)
def test_every_fact_that_a_template_may_name_is_made_up_in_every_language(siv: Profile, kind: ParcelKind, language: str) -> None:
    wanted = {*FACTS[kind], *FACTS_OF_ALL} - set(OF_COMPOSE)
    assert wanted <= {*SAMPLES["all"], *SAMPLES[language], *OF_THE_ORGANISATION}
    facts = facts_of(kind, language, list(wanted & set(SAMPLES["optional"])), siv, SAMPLES)
    assert set(facts) == wanted
    assert {name for name, value in facts.items() if not value} <= {"risk", "advice", "questions"}


def test_a_fact_that_nobody_made_up_is_an_error(siv: Profile) -> None:
    less = {**SAMPLES, "nb": {name: value for name, value in SAMPLES["nb"].items() if name != "solution"}}
    with pytest.raises(KeyError, match="solution"):
        facts_of(ParcelKind.SOLVED, "nb", [], siv, less)


@pytest.mark.parametrize("language", ["nn", "sv", "en"])
def test_the_same_facts_are_made_up_in_each_language(language: str) -> None:
    assert set(SAMPLES[language]) == set(SAMPLES["nb"])
    assert set(SAMPLES[language]["of"]) == set(SAMPLES["nb"]["of"]) <= set(ParcelKind)


def test_a_variant_makes_another_mail(siv: Profile) -> None:
    assert set(SAMPLES["variants"]) <= set(ParcelKind)
    for kind, variants in SAMPLES["variants"].items():
        texts = [
            mail.subject + mail.text for mail in mails_of(siv) if (mail.kind, mail.language, mail.channel) == (kind, "nb", Channel.MAIL)
        ]
        assert len(set(texts)) == len(texts) == len(variants) + 1, kind


def test_a_text_message_is_shown_beside_the_mail(siv: Profile) -> None:
    assert {mail.kind for mail in mails_of(siv) if mail.channel is Channel.SMS} >= {ParcelKind.ALARM, ParcelKind.OVERDUE}


def test_the_organisations_own_words_are_shown() -> None:
    profile = next(found for found in map(load_profile, SHIPPED) if found.questions and found.advice)
    text = "\n".join(mail.text for mail in mails_of(profile) if mail.language == profile.default_language)
    for words in [*(question.ask for question in profile.questions.values()), *(advice.text for advice in profile.advice.values())]:
        assert words[profile.default_language].splitlines()[0] in text


@pytest.mark.parametrize("name", SHIPPED)
def test_the_page_needs_nothing_else_and_runs_nothing(name: str) -> None:
    profile = load_profile(name)
    shown = list(mails_of(profile))
    page = preview(profile, shown)
    assert "<script" not in page
    assert not re.search(r"\s(?:src|onclick|onload)=|<link|@import|url\(", page)
    assert "default-src 'none'" in page
    frames = re.findall(r'<iframe sandbox loading="lazy" title="[^"]+" srcdoc="([^"]*)">', page)
    assert [unescape(frame) for frame in frames] == [mail.html for mail in shown if mail.html]


def test_an_organisations_words_are_no_markup_on_the_page(siv: Profile) -> None:
    desk = siv.desk.model_copy(update={"title": '"><script>alert(1)</script>'})
    evil = siv.model_copy(update={"desk": desk})
    assert "<script" not in preview(evil, list(mails_of(evil)))


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    result = CliRunner().invoke(mails_command, ["--preview", str(tmp_path / "page.html"), "--profile", SHIPPED[0]])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_command_shows_the_first_profile_with_sample_mails_where_none_is_named(tmp_path: Path, siv: Profile) -> None:
    result = CliRunner().invoke(mails_command, ["--preview", str(tmp_path / "page.html")])
    assert result.exit_code == 0, result.output
    assert f"<h1>Mails of {siv.desk.title}</h1>" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_told_in_a_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(mails_command, ["--preview", str(tmp_path / "no" / "page.html")])
    assert "cannot be written" in str(result.exception)
