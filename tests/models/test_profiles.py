"""What an organisation may choose: base and own merged, and every mistake named by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from models.errors import ProfileError
from models.kinds import MAILS, TicketType
from models.profiles import BASE, PROFILES, Profile, find_profile_folder, load_profile
from route.templates import Templates
from tests.support.cases import FACTS, PROFILE, write_profile

SHIPPED = sorted(file.parent.name for file in PROFILES.glob("*/profile.toml") if file.parent.name != BASE)


def own(folder: Path, more: str = "", **files: str) -> Profile:
    return load_profile(write_profile(folder / "fjord", PROFILE + more, **files))


def refusal(folder: Path, text: str, **files: str) -> str:
    """The one line that says what is wrong, without the folder's own path."""
    name = write_profile(folder / "fjord", text, **files)
    with pytest.raises(ProfileError) as caught:
        load_profile(name)
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(f"{name}/", "")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_loads_and_agrees_with_itself(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert set(profile.default_priority) == set(profile.types) == set(TicketType)
    assert set(profile.default_priority.values()) <= set(profile.levels)
    assert profile.levels == tuple(range(1, len(profile.levels) + 1))
    assert set(profile.keywords.type) <= set(TicketType)
    assert all(clause.floor in profile.levels for clause in profile.clauses.values())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_has_every_mail_in_every_language(name: str) -> None:
    profile = load_profile(name)
    for language in profile.languages:
        for kind in MAILS:
            words = Templates(profile).fill(kind, language, {**FACTS, "case": "X-1", "signed": "X-1-abcd2345", "desk": profile.desk.title})
            assert words.subject
            assert words.text


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_has_words_for_every_value_in_its_default_language(name: str) -> None:
    profile = load_profile(name)
    tables = [profile.types, profile.priorities, profile.scopes, {team: values.title for team, values in profile.teams.items()}]
    reasons = {key: clause.reason for key, clause in profile.clauses.items()}
    missing = [key for table in (*tables, reasons, profile.reasons) for key in table if profile.default_language not in table[key]]
    assert missing == []


def test_there_is_a_shipped_profile() -> None:
    assert "siv" in SHIPPED


def test_a_profile_in_a_folder_of_ones_own_works_by_its_path(tmp_path: Path) -> None:
    profile = own(tmp_path)
    assert (profile.name, profile.folder) == ("fjord", (tmp_path / "fjord").resolve())
    assert profile.desk.case_prefix == "FJO"


def test_a_profile_by_a_relative_path_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert load_profile("fjord").folder == (tmp_path / "fjord").resolve()


def test_a_shipped_name_wins_over_a_folder_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_profile(tmp_path / "siv")
    monkeypatch.chdir(tmp_path)
    assert find_profile_folder("siv") == PROFILES / "siv"


@pytest.mark.parametrize("name", ["nobody", "", "/nowhere"])
def test_an_unknown_profile_is_an_error_that_names_those_there_are(name: str) -> None:
    with pytest.raises(ProfileError, match=r"--profile: no such profile; shipped are .*siv"):
        load_profile(name)


def test_tables_merge(tmp_path: Path, siv: Profile) -> None:
    profile = own(tmp_path, '\n[outgoing]\ncap_per_hour = 3\n[types.hendelse]\nnb = "feil"\n')
    assert profile.outgoing.cap_per_hour == 3
    assert profile.outgoing.dead_after_hours == siv.outgoing.dead_after_hours
    assert profile.types["hendelse"] == {**siv.types["hendelse"], "nb": "feil"}


def test_lists_and_values_replace(tmp_path: Path, siv: Profile) -> None:
    profile = own(tmp_path, '\n[outgoing]\nclosing_words = ["ferdig"]\n[lexicon.nb]\nstopped = ["knurr"]\n')
    assert profile.outgoing.closing_words == ["ferdig"]
    assert profile.lexicon["nb"]["stopped"] == ["knurr"]
    assert profile.lexicon["nb"]["faulty"] == siv.lexicon["nb"]["faulty"]
    assert profile.languages == ["nb", "en"]


def test_own_tables_may_stand_in_any_file_of_the_folder(tmp_path: Path) -> None:
    profile = own(tmp_path, policy='[keywords.team]\nalle = ["alt"]\n')
    assert profile.keywords.team == {"alle": ["alt"]}


def test_levels_are_numbers_the_gravest_first(tmp_path: Path) -> None:
    assert own(tmp_path, '\n[priorities.10]\nnb = "10"\n').levels == (1, 2, 3, 4, 10)


def test_words_fall_back_to_the_default_language_and_then_to_the_key(tmp_path: Path) -> None:
    profile = own(tmp_path)
    assert profile.words(profile.types, "hendelse", "en") == "incident"
    assert profile.words(profile.scopes, "none", "en") == "ingen"
    assert profile.words(profile.scopes, "galaxy", "en") == "galaxy"
    assert profile.team_title("alle", "en") == "Alle"


def test_a_profile_never_changes(siv: Profile) -> None:
    with pytest.raises(ValidationError):
        siv.doubt_team = "nett"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('\n[colours]\nred = "x"\n', "profile.toml: colours: "),
        ("\n[outgoing]\ncap = 3\n", "profile.toml: outgoing.cap: "),
        ("\n[outgoing]\ncap_per_hour = 0\n", "profile.toml: outgoing.cap_per_hour: "),
        ("\n[outgoing]\nsolution_labels = []\n", "profile.toml: outgoing.solution_labels: List should have at least 1 item"),
        ("\n[trust]\ntype = 2\n", "profile.toml: trust.type: "),
        ('\n[teams.nett]\ntitle = { nb = "Nett" }\n', "profile.toml: teams.nett.address: "),
        ('\n[teams.nett]\ntitle = { nb = "Nett" }\naddress = "a@b"\nlead = "x"\n', "profile.toml: teams.nett.lead: "),
        ('\n[keywords.team]\nborte = ["x"]\n', "profile.toml: keywords.team: keywords.team: 'borte' is not one of alle"),
        ('\n[keywords.scope]\nborte = ["x"]\n', "profile.toml: keywords.scope: keywords.scope: 'borte' is not one of none, single"),
        (
            '\n[clauses.a]\nfloor = 1\nsource = "p"\nneeds = ["no_such_cue"]\nreason = { nb = "x" }\n',
            "profile.toml: clauses.a: clauses.a: 'no_such_cue' is not one of ",
        ),
        ('\n[clauses.a]\nfloor = 6\nsource = "p"\nneeds = []\nreason = { nb = "x" }\n', "profile.toml: clauses.a.floor: "),
        ('\n[colours\nred = "x"\n', "profile.toml: TOML: "),
    ],
)
def test_a_mistake_is_named_by_file_and_key(tmp_path: Path, more: str, words: str) -> None:
    assert refusal(tmp_path, PROFILE + more).startswith(words)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('doubt_team = "alle"', 'doubt_team = "ingen"', "profile.toml: doubt_team: "),
        ('default_language = "nb"', 'default_language = "fi"', "profile.toml: default_language: "),
        ('scope = "none"', 'scope = "galaxy"', "profile.toml: automatic.scope: "),
        ('case_prefix = "FJO"', 'case_prefix = "fjord 1"', "profile.toml: desk.case_prefix: "),
        ('sender_name = "Hjelp"', "", "profile.toml: desk.sender_name: "),
        ('addresses = ["hjelp@fjord.example"]', "addresses = []", "profile.toml: desk.addresses: List should have at least 1 item"),
    ],
)
def test_a_value_that_does_not_fit_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert refusal(tmp_path, PROFILE.replace(old, new)).startswith(words)


def test_a_mistake_in_another_file_of_the_folder_is_named_by_that_file(tmp_path: Path) -> None:
    assert refusal(tmp_path, PROFILE, policy='[keywords.team]\nborte = ["x"]\n').startswith("policy.toml: keywords.team: ")
    assert refusal(tmp_path, PROFILE, policy="[colours]\n").startswith("policy.toml: colours: ")
    assert refusal(tmp_path, PROFILE, policy="[[[").startswith("policy.toml: TOML: ")


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'doubt_team = "alle"\n').startswith("profile.toml: desk: ")


def test_a_profile_in_another_charset_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    name = write_profile(tmp_path / "fjord")
    (tmp_path / "fjord" / "profile.toml").write_bytes(PROFILE.encode("latin-1"))
    with pytest.raises(ProfileError, match=r"profile\.toml: TOML: "):
        load_profile(name)


def test_a_mistake_in_one_of_two_files_with_the_same_table_is_named_by_the_right_one(tmp_path: Path) -> None:
    found = refusal(tmp_path, PROFILE + '\n[keywords.scope]\nsingle = ["jeg"]\n', keywords='[keywords.team]\nborte = ["x"]\n')
    assert found.startswith("keywords.toml: ")


@pytest.mark.parametrize(
    "more",
    [
        '\n[keywords.type]\nincident = ["nede"]\n',
        "\n[default_priority]\nhendelse = 9\n",
        '\n[priorities.high]\nnb = "høy"\n',
        '\n[clauses.a]\nfloor = 1\nsource = "p"\nneeds = ["type=incident"]\nreason = { nb = "x" }\n',
        '\n[clauses.a]\nfloor = 1\nsource = "p"\nneeds = ["scoop=single"]\nreason = { nb = "x" }\n',
    ],
)
def test_a_name_that_nothing_knows_is_refused(tmp_path: Path, more: str) -> None:
    assert refusal(tmp_path, PROFILE + more)
