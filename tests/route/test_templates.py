"""The words of outgoing mails."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ProfileError
from models.kinds import ParcelKind
from models.profiles import Profile
from route.templates import Templates
from tests.support.cases import FACTS

CASE = {**FACTS, "case": "SIV-7", "desk": "Brukerstøtten"}
JINJA = "{{ 7 * 7 }}{% if x %}{# gone #}"


def own(siv: Profile, folder: Path, **templates: str) -> Templates:
    """Templates of a profile whose own folder holds these, `nb_receipt` for `nb/receipt.txt`."""
    for name, words in templates.items():
        language, _, kind = name.partition("_")
        (folder / "mails" / language).mkdir(parents=True, exist_ok=True)
        (folder / "mails" / language / f"{kind}.txt").write_text(words, encoding="utf-8")
    return Templates(siv.model_copy(update={"folder": folder}))


def test_the_first_line_is_the_subject_and_the_rest_the_text(siv: Profile, tmp_path: Path) -> None:
    words = own(siv, tmp_path, nb_receipt="  Mottatt:   {{ subject }} \n\nHei\n  du.\n").fill("receipt", "nb", CASE)
    assert (words.subject, words.text) == ("Mottatt: Skriver", "Hei\n  du.\n")


def test_an_own_folders_template_wins_over_the_bases(siv: Profile, tmp_path: Path) -> None:
    templates = own(siv, tmp_path, nb_receipt="Vårt eget\n\nHei")
    assert templates.fill("receipt", "nb", CASE).subject == "Vårt eget"
    assert templates.fill("solved", "nb", CASE) == Templates(siv).fill("solved", "nb", CASE)


def test_a_kind_without_a_template_in_the_language_is_written_in_the_default_language(siv: Profile) -> None:
    assert Templates(siv).fill("forward", "nn", CASE) == Templates(siv).fill("forward", "nb", CASE)


def test_a_missing_template_is_an_error_that_names_the_file(siv: Profile) -> None:
    with pytest.raises(ProfileError, match=r"mails/nb/greeting\.txt: greeting: "):
        Templates(siv).fill("greeting", "nb", CASE)


@pytest.mark.parametrize("wrong", ["{{ subjcet }}\n\nHei", "{% if %}\n\nHei", "{{ subject\n\nHei"])
def test_a_wrong_template_is_an_error_that_names_the_file(siv: Profile, tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ProfileError, match=r"mails/nb/receipt\.txt: receipt: "):
        own(siv, tmp_path, nb_receipt=wrong).fill("receipt", "nb", CASE)


@pytest.mark.parametrize("kind", list(ParcelKind))
def test_facts_that_look_like_a_template_are_shown_as_they_are(siv: Profile, kind: ParcelKind) -> None:
    facts = {**CASE, "subject": JINJA, "text": JINJA, "reasons": JINJA, "name": JINJA}
    words = Templates(siv).fill(kind, "nb", facts)
    assert JINJA in words.subject
    assert "49" not in words.subject + words.text


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("aø \r\n\t\x0b\x0c\x1c\x85\u2028"), max_size=30))
def test_a_subject_is_one_line_whatever_the_facts_hold(siv: Profile, subject: str) -> None:
    found = Templates(siv).fill("receipt", "nb", {**CASE, "subject": subject}).subject
    assert len(found.splitlines()) == 1
    assert found == " ".join(found.split())


def test_a_line_break_in_the_subject_fact_does_not_reach_the_text(siv: Profile) -> None:
    words = Templates(siv).fill("receipt", "nb", {**CASE, "subject": "Skriver\nog mer"})
    assert words.text.startswith("Hei Kari Moe,")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_doubt_and_the_warnings_stand_in_the_forward_only_where_there_are_any(siv: Profile, language: str) -> None:
    plain = Templates(siv).fill("forward", language, CASE).text
    doubtful = Templates(siv).fill("forward", language, {**CASE, "guessed_team": "Nett", "also_told": "Nett", "patient_safety": "yes"}).text
    assert "Nett" not in plain
    assert doubtful.count("Nett") == 2
    assert len(doubtful.splitlines()) == len(plain.splitlines()) + 3
