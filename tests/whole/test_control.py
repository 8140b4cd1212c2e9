"""What the shipped models say of mails that are none of their business: they do not know, and a lead looks."""

from __future__ import annotations

from statistics import mean

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
SHIPPED = ("siv", "inera", "ehm", "regionjh", "sll")


def judged(name: str, texts: list[str]) -> list[Verdict]:
    profile = load_profile(name)
    model = load_model(DATA / "trained" / name, profile)
    return classify([mail(subject="", text=text) for text in texts], Classifiers.of(profile, model))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_foreign_language_takes_belief_to_chance_and_the_mail_to_a_lead(name: str) -> None:
    found = judged(name, FOREIGN_LANGUAGES)
    values = len(load_profile(name).teams)
    assert all(verdict.review for verdict in found)
    assert mean(verdict.team.confidence for verdict in found) < 1.6 / values
    assert mean(verdict.type.confidence for verdict in found) < 0.5


@pytest.mark.parametrize("name", sorted(FOREIGN_SUBJECTS))
def test_a_foreign_subject_is_believed_less_and_most_of_it_goes_to_a_lead(name: str) -> None:
    found = judged(name, FOREIGN_SUBJECTS[name])
    assert sum(verdict.review for verdict in found) >= len(found) - 1
    assert mean(verdict.type.confidence for verdict in found) < 0.75
    assert mean(verdict.team.confidence for verdict in found) < 0.5
