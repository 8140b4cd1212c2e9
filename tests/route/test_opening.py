"""Which mails a new ticket sends out, and what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.kinds import Method, ParcelKind
from models.outcomes import ParcelDraft
from models.profiles import Profile
from models.records import Address, Assignment, Guess, Mail, Verdict
from route.assign import assign
from route.opening import Opening, answer_address, parcels_of_new_ticket, participants_of_new_ticket
from route.post import NO_SUBJECT, reply_language
from route.routine import Routine
from route.templates import FACTS, FACTS_OF_ALL
from tests.support.mails import NOW, QUIET, mail, verdict

SURE = Assignment(team="nett", guessed_team="nett", unsure=False, also=())
DOUBT = Assignment(team="trakta", guessed_team="nett", unsure=True, also=("nett",))


def person(address: str, name: str = "") -> Address:
    return Address(name=name, address=address)


def opening(
    given: Mail, judged: Verdict, assignment: Assignment, profile: Profile, *, answerable: bool, too_large: int | None = None
) -> Opening:
    routine = Routine.of(profile)
    return Opening(mail=given, verdict=judged, assignment=assignment, routine=routine, now=NOW, answerable=answerable, too_large=too_large)


def forward_of(siv: Profile, **changes: object) -> ParcelDraft:
    [forward] = parcels_of_new_ticket(opening(mail(), verdict(**changes), SURE, siv, answerable=False))
    return forward


def test_a_new_ticket_is_forwarded_with_the_original_and_the_reporter_gets_a_receipt(siv: Profile) -> None:
    given = mail()
    forward, receipt = parcels_of_new_ticket(opening(given, verdict(), SURE, siv, answerable=True))
    assert (forward.kind, forward.to, forward.with_original, forward.to_team) == (ParcelKind.FORWARD, siv.teams["nett"].address, True, True)
    assert (receipt.kind, receipt.to, receipt.with_original, receipt.to_team) == (ParcelKind.RECEIPT, "kari.moe@siv.no", False, False)
    assert receipt.in_reply_to == given.message_id
    assert receipt.facts["name"] == "Kari Moe"


def test_a_sender_that_may_not_be_answered_gets_no_receipt(siv: Profile) -> None:
    kinds = [draft.kind for draft in parcels_of_new_ticket(opening(mail(), verdict(), SURE, siv, answerable=False))]
    assert kinds == [ParcelKind.FORWARD]


def test_a_mail_judged_automatic_gets_no_receipt(siv: Profile) -> None:
    kinds = [draft.kind for draft in parcels_of_new_ticket(opening(mail(), verdict(is_auto=True), SURE, siv, answerable=True))]
    assert kinds == [ParcelKind.FORWARD]


def test_the_size_of_a_mail_that_was_too_large_is_told_to_both(siv: Profile) -> None:
    forward, receipt = parcels_of_new_ticket(opening(mail(), verdict(), DOUBT, siv, answerable=True, too_large=57_300_000))[1:]
    assert forward.facts["too_large"] == receipt.facts["too_large"] == "57 MB"


def test_that_a_mail_is_encrypted_is_told_to_both(siv: Profile) -> None:
    sealed = mail(signals=replace(QUIET, encrypted=True))
    *_, forward, receipt = parcels_of_new_ticket(opening(sealed, verdict(), DOUBT, siv, answerable=True))
    assert forward.facts["encrypted"] == receipt.facts["encrypted"] == "yes"


def test_the_receipt_says_who_has_the_case_now(siv: Profile) -> None:
    for assignment, said in ((SURE, ""), (DOUBT, "yes")):
        *_, receipt = parcels_of_new_ticket(opening(mail(), verdict(), assignment, siv, answerable=True))
        assert receipt.facts["unsure"] == said


def test_each_team_that_is_told_gets_a_forward_that_names_the_doubt(siv: Profile) -> None:
    *forwards, receipt = parcels_of_new_ticket(opening(mail(), verdict(), DOUBT, siv, answerable=True))
    assert [draft.to for draft in forwards] == [siv.teams["trakta"].address, siv.teams["nett"].address]
    assert {draft.facts["guessed_team"] for draft in forwards} == {"Nett og telefoni"}
    assert {draft.facts["also_told"] for draft in forwards} == {"Nett og telefoni"}
    assert receipt.kind is ParcelKind.RECEIPT


def test_a_sure_forward_names_no_guess_and_nobody_else(siv: Profile) -> None:
    facts = forward_of(siv).facts
    assert (facts["guessed_team"], facts["also_told"]) == ("", "")


def test_a_forward_holds_type_priority_scope_and_certainty_in_words(siv: Profile) -> None:
    facts = forward_of(siv).facts
    assert [facts[key] for key in ("type", "priority", "priority_number", "scope")] == ["hendelse", "3 middels", "3", "én bruker"]
    assert facts["confidence"] == "90%, 80%, 90%"
    assert facts["reasons"] == "Peker mot Arbeidsplass: «skriver»."


@pytest.mark.parametrize("flag", ["patient_safety", "change_request"])
def test_a_forward_says_what_must_not_be_overlooked(siv: Profile, flag: str) -> None:
    assert forward_of(siv).facts[flag] == ""
    assert forward_of(siv, **{flag: True}).facts[flag] == "yes"


def test_a_value_that_the_profile_has_no_words_for_is_shown_as_it_is(siv: Profile) -> None:
    odd = Guess(value="galaxy", confidence=0.2, method=Method.MODEL)
    assert forward_of(siv, scope=odd).facts["scope"] == "galaxy"


def test_a_mail_without_a_subject_or_a_name_still_has_something_to_show(siv: Profile) -> None:
    given = mail(subject="", sender=person("x@siv.no"))
    forward, receipt = parcels_of_new_ticket(opening(given, verdict(), SURE, siv, answerable=True))
    assert forward.facts["subject"] == receipt.facts["subject"] == NO_SUBJECT
    assert (forward.facts["reporter"], receipt.facts["name"]) == ("x@siv.no", "")


@pytest.mark.parametrize(("language", "written"), [("nb", "nb"), ("nn", "nn"), ("en", "en"), ("fi", "nb"), ("", "nb")])
def test_a_receipt_is_in_the_reporters_language_where_the_desk_writes_it(siv: Profile, language: str, written: str) -> None:
    forward, receipt = parcels_of_new_ticket(opening(mail(), verdict(language=language), SURE, siv, answerable=True))
    assert (forward.language, receipt.language) == ("nb", written)
    assert reply_language(language, siv) == written


def test_a_receipt_goes_where_the_sender_wants_to_be_answered(siv: Profile) -> None:
    given = mail(reply_to=person("post@klinikk.example"))
    *_, receipt = parcels_of_new_ticket(opening(given, verdict(), SURE, siv, answerable=True))
    assert receipt.to == "post@klinikk.example"


def test_an_empty_reply_to_is_no_address() -> None:
    assert answer_address(mail(reply_to=person("", "Kari"))) == "kari.moe@siv.no"


def test_participants_are_the_sender_and_those_the_sender_wrote_to_but_never_our_own_addresses() -> None:
    given = mail(
        reply_to=person("post@klinikk.example"),
        to=(person("ikt@siv.no"), person("per@siv.no")),
        cc=(person("e-helse@siv.no"), person("anne@siv.no"), person("kari.moe@siv.no"), person("")),
    )
    found = participants_of_new_ticket(given, {"ikt@siv.no", "e-helse@siv.no"})
    assert found == ("kari.moe@siv.no", "post@klinikk.example", "per@siv.no", "anne@siv.no")


def test_a_mail_from_our_own_address_has_no_participants() -> None:
    assert participants_of_new_ticket(mail(sender=person("ikt@siv.no")), {"ikt@siv.no"}) == ()


def test_assignment_and_opening_agree_on_a_grave_doubt(siv: Profile) -> None:
    grave = verdict(review=True, priority=Guess(value=1, confidence=0.3, method=Method.MODEL))
    drafts = parcels_of_new_ticket(opening(mail(), grave, assign(grave, mail(), siv), siv, answerable=False))
    assert [draft.to for draft in drafts] == [siv.teams["trakta"].address, siv.teams["arbeidsplass"].address]


def test_templates_may_name_the_facts_that_are_given_and_no_others(siv: Profile) -> None:
    for draft in parcels_of_new_ticket(opening(mail(), verdict(), SURE, siv, answerable=True)):
        assert {*draft.facts, "case", "signed", "desk"} == {*FACTS[draft.kind], *FACTS_OF_ALL}, draft.kind
