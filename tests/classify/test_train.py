"""Labelled mails made into a model."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classify.artefact import MODEL_FILE, save_model
from classify.chain import Classifiers, classify
from classify.fields import Example
from classify.model import TrainedModel
from classify.scores import Proof
from classify.train import train
from classify.trust import NEVER
from models.errors import ModelError
from models.kinds import Method
from models.profiles import Profile
from tests.support.cases import BROKEN, WISHED, corpus
from tests.support.mails import mail

Trained = tuple[TrainedModel, Proof]
WORDS = ["alfa", "beta", "gamma", "delta", "hus", "bil", "katt", "hund", "tre", "fjell", "sjø", "vei", "dør", "vindu", "stol"]


def mixed(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=12))


def test_what_is_easy_to_tell_apart_is_told_apart_and_held_out_mails_say_so(trained: Trained) -> None:
    model, proof = trained
    asked = [mail(subject="", text=text) for text in (*BROKEN, *WISHED)]
    assert [guess["type"].value for guess in model.guess(asked)] == ["hendelse"] * 4 + ["bestilling"] * 4
    assert (proof.scores["type"].n, proof.scores["type"].accuracy, proof.scores["type"].macro_f1) == (40, 1.0, 1.0)


def test_each_guess_holds_a_probability_for_every_value_and_they_add_up_to_one(model: TrainedModel) -> None:
    [guesses] = model.guess([mail(subject="", text=BROKEN[0])])
    for field, guess in guesses.items():
        assert set(guess.probabilities) == set(model.fields[field].values)
        assert sum(guess.probabilities.values()) == pytest.approx(1)
        assert guess.confidence == max(guess.probabilities.values())
        assert guess.probabilities[guess.value] == guess.confidence


def test_the_words_that_weighed_stand_in_the_mail(model: TrainedModel) -> None:
    for text in (*BROKEN, *WISHED):
        [guesses] = model.guess([mail(subject="", text=text)])
        words = guesses["type"].words[guesses["type"].value]
        assert 0 < len(words) <= 4
        assert all(word in text.lower() for word in words)


def test_priorities_stay_numbers_and_flags_stay_flags(model: TrainedModel) -> None:
    assert model.fields["priority"].values == (1, 4)


def test_a_field_with_one_value_is_not_learned(trained: Trained) -> None:
    model, proof = trained
    assert set(model.fields) == set(proof.scores) == {"type", "priority", "team"}


def test_a_value_that_stands_only_once_is_left_out(siv: Profile) -> None:
    examples = corpus("type")
    odd = replace(examples[0], labels={"type": "forespørsel"})
    model, proof = train([odd, *examples[1:]], siv)
    assert model.fields["type"].values == ("bestilling", "hendelse")
    assert proof.scores["type"].n == 39


def test_where_only_the_team_is_labelled_only_the_team_is_learned_and_keywords_do_the_rest(siv: Profile) -> None:
    model, _ = train(corpus("team"), siv)
    assert set(model.fields) == {"team"}
    [found] = classify([mail(subject="", text=BROKEN[0])], Classifiers.of(siv, model))
    assert (found.team.method, found.type.method, found.priority.method) == (Method.MODEL, Method.KEYWORDS, Method.KEYWORDS)


def test_automatic_mails_teach_only_what_is_automatic(siv: Profile) -> None:
    automatic = [
        Example(
            mail=mail(message_id=f"<auto-{n}@x>", subject="", text=f"Fravær til dag {n}"),
            labels={"type": "forespørsel", "is_auto": True},
            group="robot",
            organisation="siv",
        )
        for n in range(4)
    ]
    persons = [replace(example, labels={**example.labels, "is_auto": False}) for example in corpus("type")]
    model, proof = train([*automatic, *persons], siv)
    assert model.fields["type"].values == ("bestilling", "hendelse")
    assert model.fields["is_auto"].values == (False, True)
    assert (proof.scores["type"].n, proof.scores["is_auto"].n) == (40, 44)


@pytest.mark.parametrize("labels", [{}, {"type": None}, {"type": "hendelse"}])
def test_nothing_to_learn_is_a_promised_error(siv: Profile, labels: dict[str, str | None]) -> None:
    with pytest.raises(ModelError, match="nothing to learn"):
        train([replace(example, labels=labels) for example in corpus()], siv)


def test_no_mails_are_nothing_to_learn(siv: Profile) -> None:
    with pytest.raises(ModelError, match="nothing to learn"):
        train([], siv)


def test_training_twice_gives_the_same_numbers_to_the_last_bit(siv: Profile, model: TrainedModel) -> None:
    again, _ = train(corpus(), siv)
    for name, field in model.fields.items():
        assert again.fields[name].values == field.values
        assert np.array_equal(again.fields[name].weights, field.weights)
        assert np.array_equal(again.fields[name].offsets, field.offsets)
    assert again.vectors.words.names == model.vectors.words.names


def test_training_twice_gives_the_same_file_to_the_byte(siv: Profile, trained: Trained, tmp_path: Path) -> None:
    save_model(tmp_path / "first", *trained, {})
    save_model(tmp_path / "second", *train(corpus(), siv), {})
    assert (tmp_path / "first" / MODEL_FILE).read_bytes() == (tmp_path / "second" / MODEL_FILE).read_bytes()


def test_labels_given_at_random_leave_confidence_near_chance(siv: Profile) -> None:
    chance = random.Random(7)
    examples = [
        Example(
            mail=mail(message_id=f"<{number}@siv.no>", subject="", text=mixed(chance)),
            labels={"type": chance.choice(["hendelse", "bestilling"])},
            group=f"writer-{number % 8}",
            organisation="siv",
        )
        for number in range(400)
    ]
    model, proof = train(examples, siv)
    guesses = [guess["type"].confidence for guess in model.guess([mail(subject="", text=mixed(chance)) for _ in range(60)])]
    assert sum(guesses) / len(guesses) < 0.62
    assert proof.scores["type"].ece is not None
    assert proof.scores["type"].ece < 0.12


def test_a_value_that_one_writer_alone_uses_is_never_trusted(siv: Profile) -> None:
    teams = ["nett", "ehelse", "innkjop", "identitet", "trakta"]
    examples = [
        Example(
            mail=mail(message_id=f"<{n}@siv.no>", subject="", text=f"{BROKEN[n % 4]} {n}"),
            labels={"team": teams[n % 5]},
            group=f"writer-{n % 5}",
            organisation="siv",
        )
        for n in range(40)
    ]
    model, _ = train(examples, siv)
    assert {limit.limit for limit in model.measured.trust["team"]} == {NEVER}
    assert all(verdict.review for verdict in classify([example.mail for example in examples], Classifiers.of(siv, model)))


def test_few_writers_are_split_by_mail(siv: Profile) -> None:
    _, proof = train([replace(example, group="one") for example in corpus("type")], siv)
    assert proof.scores["type"].accuracy == pytest.approx(1.0)


def test_progress_is_told_from_nothing_to_done(siv: Profile) -> None:
    shares: list[tuple[str, float]] = []
    train(corpus("team"), siv, lambda what, share: shares.append((what, share)))
    assert [share for _, share in shares] == sorted(share for _, share in shares)
    assert shares[-1] == ("done", 1.0)


def test_mails_without_a_word_in_common_are_a_promised_error(siv: Profile) -> None:
    texts = ["abc", "defg", "hijk", "lmnop"]
    examples = [
        Example(mail=mail(message_id=f"<{text}@siv.no>", subject="", text=text), labels={"type": kind}, group=text, organisation="siv")
        for text, kind in zip(texts, ("hendelse", "bestilling") * 2, strict=True)
    ]
    with pytest.raises(ModelError):
        train(examples, siv)


def test_a_type_that_is_none_of_ours_is_refused(siv: Profile) -> None:
    examples = [
        replace(example, labels={"type": {"hendelse": "incident"}.get(str(example.labels["type"]), "order")}) for example in corpus("type")
    ]
    with pytest.raises(ModelError):
        train(examples, siv)
