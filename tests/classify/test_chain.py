"""Model, keywords and policy made into one verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classify.chain import Classifiers, classify, language_of
from classify.model import TrainedModel
from classify.reasons import MOST_REASONS
from classify.train import train
from models.kinds import Method, TicketType
from models.parts import Agreement, Clause
from models.profiles import Profile
from models.records import Mail, Verdict
from tests.support.cases import BROKEN, WISHED, corpus
from tests.support.mails import mail

HARM = "Feil dose ble gitt, det er fare for pasienten."
DOWN = "DIPS er helt nede på hele sykehuset."


def one(profile: Profile, model: TrainedModel | None, text: str, **changes: object) -> Verdict:
    [found] = classify([mail(subject="", text=text, **changes)], Classifiers.of(profile, model))
    return found


def told(verdict: Verdict) -> tuple[object, ...]:
    return (verdict.type.value, verdict.priority.value, verdict.scope.value, verdict.team.value)


def lean(siv: Profile, miss_cost: float) -> Profile:
    return siv.model_copy(update={"miss_cost": miss_cost})


def assorted() -> list[Mail]:
    texts = [*BROKEN, *WISHED, HARM, DOWN, "", "Out of office: tilbake mandag", "Kan dere endre tittelen min?", "Hei"]
    return [mail(message_id=f"<{number}@siv.no>", subject="Skriver", text=text) for number, text in enumerate(texts)]


def test_no_mails_give_no_verdicts(siv: Profile, model: TrainedModel) -> None:
    assert classify([], Classifiers.of(siv, model)) == []


def test_without_a_model_keywords_decide_and_a_lead_looks(siv: Profile) -> None:
    found = one(siv, None, "Skriveren virker ikke, papiret henger fast.")
    assert told(found) == (TicketType.INCIDENT, 3, "single", "arbeidsplass")
    assert {found.type.method, found.team.method, found.scope.method, found.priority.method} == {Method.KEYWORDS}
    assert found.review
    assert any("skriver" in reason and reason.startswith("Nøkkelord for Arbeidsplass") for reason in found.reasons)


def test_without_any_word_that_points_somewhere_the_reason_says_so(siv: Profile) -> None:
    found = one(siv, None, "Hallo hallo")
    assert (found.type.value, found.team.value, found.review) == (TicketType.REQUEST, "trakta", True)
    assert found.reasons == ("Fant ingen ord som peker noe sted.",)


def test_a_trained_field_is_the_models_and_the_rest_the_keywords(siv: Profile, model: TrainedModel) -> None:
    found = one(siv, model, BROKEN[0])
    assert told(found) == (TicketType.INCIDENT, 1, "single", "arbeidsplass")
    assert (found.type.method, found.team.method, found.priority.method, found.scope.method) == (
        Method.MODEL,
        Method.MODEL,
        Method.MODEL,
        Method.KEYWORDS,
    )
    assert not found.review
    assert any(reason.startswith("Taler for hendelse: ") for reason in found.reasons)


def test_a_priority_below_the_threshold_alone_sends_a_mail_to_review(siv: Profile, model: TrainedModel) -> None:
    for limit, review in ((0.0, False), (1.0, True)):
        trust = siv.trust.model_copy(update={"type": 0.0, "team": 0.0, "priority": limit})
        assert one(siv.model_copy(update={"trust": trust}), model, "Hei på deg").review is review


def test_a_clause_raises_what_the_model_says_and_tells_its_reason_first(siv: Profile, model: TrainedModel) -> None:
    found = one(siv, model, f"{WISHED[0]}. Dette gjelder pasientsikkerhet.")
    assert found.patient_safety
    assert found.priority.value <= 2
    assert found.priority.method is Method.POLICY
    assert found.reasons[0] == "Fare for pasienter gir prioritet 1 eller 2 (punkt 2.1)."


def test_a_clause_never_lowers_what_the_model_says(siv: Profile, model: TrainedModel) -> None:
    found = one(siv, model, f"{BROKEN[0]}. Dette gjelder pasientsikkerhet.")
    assert found.patient_safety
    assert (found.priority.value, found.priority.method) == (1, Method.MODEL)


@pytest.mark.parametrize("text", [HARM, f"{WISHED[0]}, pasientsikkerheten er i fare", "Takk! Men pasientsikkerhet er viktig"])
def test_patient_safety_means_priority_one_or_two_with_and_without_a_model(siv: Profile, model: TrainedModel, text: str) -> None:
    for chosen in (None, model):
        found = one(siv, chosen, text)
        assert found.patient_safety
        assert found.priority.value in (1, 2)


def test_a_vital_system_down_for_the_whole_site_is_priority_one_by_policy(siv: Profile) -> None:
    found = one(siv, None, DOWN)
    assert (found.priority.value, found.priority.method) == (1, Method.POLICY)
    assert one(siv, None, f"{DOWN} Det er planlagt vedlikehold.").priority.value > 1


def test_policy_demands_priorities_and_teams_that_no_label_has_shown(siv: Profile) -> None:
    examples = [
        replace(example, labels={**example.labels, "priority": 3 if example.labels["priority"] == 1 else 4}) for example in corpus()
    ]
    model, _ = train(examples, siv)
    assert (model.fields["priority"].values, "nett" in model.fields["team"].values) == ((3, 4), False)
    assert one(siv, model, f"{BROKEN[0]}. {DOWN}").priority.value == 1
    grave = Agreement(source="6", when=["priority=1"], then=["team=nett"], reason={"nb": "Prioritet 1 går til Nett."})
    found = one(siv.model_copy(update={"agreements": {"grave": grave}}), model, f"{BROKEN[0]}. {DOWN}")
    assert (found.priority.value, found.team.value) == (1, "nett")


def test_a_clause_that_another_brings_about_counts_too(siv: Profile) -> None:
    because = {"nb": "fordi"}
    agreements = {
        "grave": Agreement(source="1", when=["priority=1|2"], then=["scope=department"], reason=because),
        "gravest": Agreement(source="2", when=["priority=1"], then=["team=nett"], reason=because),
    }
    clauses = {
        "first": Clause(floor=2, source="3", needs=["stopped"], reason={"nb": "Det står."}),
        "then": Clause(floor=1, source="4", needs=["stopped", "scope=department"], reason={"nb": "Det står i avdelingen."}),
    }
    found = one(siv.model_copy(update={"agreements": agreements, "clauses": clauses}), None, "Skriveren er nede.")
    assert (found.priority.value, found.scope.value) == (1, "department")
    assert found.reasons[:2] == ("Det står i avdelingen.", "Det står.")


def test_clauses_that_an_agreement_forbids_to_obey_come_to_an_end(siv: Profile) -> None:
    mild = Agreement(source="1", when=["type=hendelse|forespørsel|bestilling"], then=["priority=3|4"], reason={"nb": "Aldri."})
    assert one(siv.model_copy(update={"agreements": {"mild": mild}}), None, DOWN).priority.value == 3


def test_a_mail_surely_automatic_gets_the_fixed_values_whatever_else_it_says(siv: Profile, model: TrainedModel) -> None:
    for chosen in (None, model):
        found = one(siv, chosen, f"Out of office. {DOWN} {HARM}")
        assert told(found) == (TicketType.REQUEST, 4, "none", "trakta")
        assert (found.is_auto, found.patient_safety, found.change_request, found.service) == (True, False, False, None)
        assert found.review
        assert found.reasons == ("Ser ut som en automatisk e-post.",)


def test_a_grave_priority_wins_the_sooner_the_more_a_miss_costs(siv: Profile, model: TrainedModel) -> None:
    unclear = f"{BROKEN[0]} {WISHED[0]} {WISHED[1]}"
    assert one(lean(siv, 1e6), model, unclear).priority.value == 1
    assert one(lean(siv, 1.0), model, unclear).priority.value == 4
    assert one(lean(siv, 1e6), model, unclear).priority.confidence < 0.5
    assert one(lean(siv, 1e6), model, unclear).reasons[0].startswith("Prioritet 1 for sikkerhets skyld: ")


def test_reasons_are_at_most_five_however_much_a_mail_says(siv: Profile, model: TrainedModel) -> None:
    everything = " ".join(phrase.rstrip("*") for phrases in siv.keywords.team.values() for phrase in phrases)
    clauses = {name: clause.model_copy(update={"unless": [], "needs": ["stopped"]}) for name, clause in siv.clauses.items()}
    profile = siv.model_copy(update={"clauses": clauses})
    assert len(clauses) > MOST_REASONS
    for chosen in (None, model):
        assert len(one(profile, chosen, f"Alt er nede: {everything}").reasons) == MOST_REASONS


def test_reasons_are_in_the_organisations_language(siv: Profile, model: TrainedModel) -> None:
    english = siv.model_copy(update={"default_language": "en"})
    assert any(reason.startswith("Speaks for incident: ") for reason in one(english, model, BROKEN[0]).reasons)


@pytest.mark.parametrize("with_model", [False, True])
def test_a_batch_gives_what_one_by_one_gives(siv: Profile, model: TrainedModel, *, with_model: bool) -> None:
    classifiers = Classifiers.of(siv, model if with_model else None)
    together = classify(assorted(), classifiers)
    assert together == [classify([given], classifiers)[0] for given in assorted()]
    assert together[::-1] == classify(assorted()[::-1], classifiers)


@pytest.mark.parametrize(("language", "counted"), [("nn", "nn"), ("da", "nb"), ("sv", "nb"), (None, "nb"), ("fi", "fi")])
def test_a_mails_language_is_counted_as_the_organisation_counts(siv: Profile, language: str | None, counted: str) -> None:
    assert language_of(mail(language=language), siv) == counted
