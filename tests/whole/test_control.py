"""What the shipped models say of mails that are none of their business: they do not know, and a lead looks."""

from __future__ import annotations

from statistics import mean

import numpy as np
import pytest

from classify.artefact import load_model
from classify.chain import Classifiers, classify
from models.profiles import DATA, load_profile
from models.records import Verdict
from tests.support.mails import mail

FOREIGN_LANGUAGES = [
    "Der Kuchen soll vierzig Minuten bei mittlerer Hitze backen, dann mit Puderzucker bestreuen.",
    "Mój pies lubi spacery nad rzeką, a kot woli spać na parapecie przez cały dzień.",
    "A gólya a kilencvenedik percben visszatért a fészkébe, és mindenki örült neki.",
    "Kissa istuu ikkunalla ja katselee lintuja, jotka lentävät järven yli.",
    "La receta lleva dos huevos, harina y un poco de limón rallado.",
    "Il treno per Firenze parte dal binario sette alle nove e un quarto.",
]
FOREIGN_SUBJECTS = {
    "siv": [
        "Bakeoppskrift: bland mel, sukker og smør, stek i førti minutter og pynt med jordbær.",
        "Laget vårt tapte tre null borte mot Lyn, men keeperen spilte en strålende kamp.",
        "Katten vår fanget en mus i hagen og la den stolt på dørmatta.",
        "Romanen handler om en fisker på Senja som mister båten sin i en storm.",
        "Potetene skal settes når jorda er varm, gjerne med litt tang som gjødsel.",
        "Konserten i kirken begynner med Bach og slutter med en salme av Grieg.",
    ],
    "inera": [
        "Blanda mjöl, socker och smör, grädda i fyrtio minuter och garnera med jordgubbar.",
        "Laget förlorade med tre noll borta, men målvakten gjorde en strålande match.",
        "Katten fångade en mus i trädgården och lade den stolt på dörrmattan.",
        "Romanen handlar om en fiskare på Gotland som mister sin båt i en storm.",
        "Potatisen sätts när jorden är varm, gärna med lite tång som gödsel.",
        "Konserten i kyrkan börjar med Bach och slutar med en psalm.",
    ],
}
NEAR = 0.1
SHIPPED = ("siv", "inera", "ehm", "regionjh", "sll")


def classifiers_of(name: str) -> Classifiers:
    profile = load_profile(name)
    return Classifiers.of(profile, load_model(DATA / "trained" / name, profile))


def judged(name: str, texts: list[str]) -> list[Verdict]:
    return classify([mail(subject="", text=text) for text in texts], classifiers_of(name))


def by_chance(name: str) -> dict[str, float]:
    """How sure each field is where nothing is known but how often each value is met."""
    classifiers = classifiers_of(name)
    assert classifiers.model is not None
    fields = classifiers.model.fields
    known = {name: dict(zip(field.values, np.exp(field.base).tolist(), strict=True)) for name, field in fields.items()}
    return classifiers.joint.decide(
        {name: np.array([known[name][value] for value in values]) for name, values in classifiers.joint.values.items()}
    )[1]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_foreign_language_takes_belief_to_chance_and_the_mail_to_a_lead(name: str) -> None:
    found = judged(name, FOREIGN_LANGUAGES)
    chance = by_chance(name)
    assert all(verdict.review for verdict in found)
    assert not any(verdict.is_auto for verdict in found), "what is not understood is not set aside"
    assert mean(verdict.team.confidence for verdict in found) < chance["team"] + NEAR
    assert mean(verdict.type.confidence for verdict in found) < chance["type"] + NEAR


@pytest.mark.parametrize("name", sorted(FOREIGN_SUBJECTS))
def test_a_foreign_subject_is_believed_less_and_most_of_it_goes_to_a_lead(name: str) -> None:
    found = judged(name, FOREIGN_SUBJECTS[name])
    assert sum(verdict.review for verdict in found) >= len(found) - 2
    assert mean(verdict.type.confidence for verdict in found) < by_chance(name)["type"] + 2 * NEAR
    assert mean(verdict.team.confidence for verdict in found) < 0.5
