"""Who writes in a ticket, and what the reporter's later mails do to it."""

from __future__ import annotations

import pytest

from models.kinds import EventKind, ParcelKind, Part, TicketStatus
from models.outcomes import UNCHANGED
from models.profiles import Profile
from models.records import Address, Attachment
from route.follow import follow_bounce, follow_reporter, only_thanks, part_of
from route.post import NO_SUBJECT
from route.routine import Routine
from tests.support.cases import FORWARD_ID, ticket
from tests.support.mails import NOW, mail

STAFF = "tekniker@siv.no"
TEAM = "arbeidsplass@teams.siv.example"
SOLVED = ticket(status=TicketStatus.SOLVED)


def part(siv: Profile, sender: str, *, answers: str | None = None, **changes: object) -> Part:
    given = mail(sender=Address(name="", address=sender), references=(answers,) if answers else ())
    return part_of(given, ticket(**changes), siv)


def test_the_reporter_and_those_let_in_are_reporters(siv: Profile) -> None:
    assert part(siv, "kari.moe@siv.no") is Part.REPORTER
    assert part(siv, "per@kommune.example") is Part.REPORTER


def test_the_teams_own_address_is_the_team(siv: Profile) -> None:
    assert part(siv, TEAM) is Part.TEAM


def test_a_member_of_the_team_is_the_team_whatever_the_case_of_the_address(siv: Profile) -> None:
    team = siv.teams["arbeidsplass"].model_copy(update={"members": ["Vikar@Innleid.example"]})
    profile = siv.model_copy(update={"teams": {**siv.teams, "arbeidsplass": team}})
    assert part(profile, "vikar@innleid.example") is Part.TEAM


def test_staff_who_answers_the_forward_is_the_team(siv: Profile) -> None:
    assert part(siv, STAFF, answers=FORWARD_ID) is Part.TEAM
    in_reply = mail(sender=Address(name="", address=STAFF), in_reply_to=FORWARD_ID)
    assert part_of(in_reply, ticket(), siv) is Part.TEAM


def test_staff_who_answers_something_else_is_a_stranger(siv: Profile) -> None:
    assert part(siv, STAFF) is Part.STRANGER
    assert part(siv, STAFF, answers="<first@siv.no>") is Part.STRANGER


@pytest.mark.parametrize("sender", ["x@evil.example", "x@siv.no.evil.example", "x@evilsiv.no", "x@siv.no@evil.example"])
def test_a_stranger_with_the_right_references_but_another_domain_stays_a_stranger(siv: Profile, sender: str) -> None:
    assert part(siv, sender, answers=FORWARD_ID) is Part.STRANGER


def test_a_reporter_who_is_staff_stays_the_reporter_even_in_answer_to_the_forward(siv: Profile) -> None:
    assert part(siv, "kari.moe@siv.no", answers=FORWARD_ID) is Part.REPORTER


def test_another_teams_address_is_a_stranger(siv: Profile) -> None:
    assert part(siv, siv.teams["nett"].address) is Part.STRANGER


def test_a_team_told_beside_the_doubt_team_may_answer_its_forward_from_its_own_address(siv: Profile) -> None:
    assert part(siv, siv.teams["nett"].address, answers=FORWARD_ID, team="trakta") is Part.TEAM


def test_a_ticket_of_a_team_that_is_gone_still_knows_its_people(siv: Profile) -> None:
    assert part(siv, "kari.moe@siv.no", team="nedlagt") is Part.REPORTER
    assert part(siv, STAFF, answers=FORWARD_ID, team="nedlagt") is Part.TEAM


def test_mail_without_references_never_matches_on_nothing(siv: Profile) -> None:
    assert part(siv, STAFF, team_message_ids=frozenset()) is Part.STRANGER


def test_the_reporters_words_go_to_the_team_with_the_original(siv: Profile) -> None:
    step = follow_reporter(mail(text="Nå er den også tom for papir."), ticket(), Routine.of(siv), NOW)
    [draft] = step.parcels
    assert (step.event, step.change.status, step.change.solution) == (EventKind.REPORTER_WROTE, TicketStatus.OPEN, None)
    assert (draft.kind, draft.to, draft.with_original, draft.to_team) == (ParcelKind.FOLLOW_UP, TEAM, True, True)
    assert (draft.facts["text"], draft.facts["reopened"]) == ("Nå er den også tom for papir.", "")


def test_the_reporters_words_on_an_answered_ticket_open_it(siv: Profile) -> None:
    step = follow_reporter(mail(text="Takk!"), ticket(status=TicketStatus.ANSWERED), Routine.of(siv), NOW)
    assert (step.event, step.change.status, len(step.parcels)) == (EventKind.REPORTER_WROTE, TicketStatus.OPEN, 1)


def test_the_reporters_words_on_a_solved_ticket_open_it_again(siv: Profile) -> None:
    step = follow_reporter(mail(text="Den er død igjen."), SOLVED, Routine.of(siv), NOW)
    assert (step.event, step.change.status) == (EventKind.REOPENED, TicketStatus.OPEN)
    assert step.parcels[0].facts["reopened"] == "yes"


def test_thanks_on_a_solved_ticket_leave_it_solved_and_disturb_nobody(siv: Profile) -> None:
    step = follow_reporter(mail(text="Takk for hjelpen!"), SOLVED, Routine.of(siv), NOW)
    assert (step.event, step.change, step.parcels) == (EventKind.THANKED, UNCHANGED, ())


def test_words_for_a_team_that_is_gone_go_to_the_doubt_team(siv: Profile) -> None:
    step = follow_reporter(mail(), ticket(team="nedlagt", subject=""), Routine.of(siv), NOW)
    assert step.parcels[0].to == siv.teams["trakta"].address
    assert step.parcels[0].facts["subject"] == NO_SUBJECT


@pytest.mark.parametrize(
    "text",
    [
        "Takk!",
        "takk for hjelpen",
        "Tusen takk for rask hjelp.\nMvh",
        "TACK SÅ MYCKET",
        "Thank you very much",
        "Supert 👍",
        "Hei!\n\nMange takk :-)",
    ],
)
def test_words_of_thanks_alone_only_thank(siv: Profile, text: str) -> None:
    assert only_thanks(text, siv)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "Den virker ikke.",
        "Takk, men den virker ikke.",
        "Takk,\nmen den er død",
        "Thanks, but it is down again",
        "Takk! Når kommer den nye?",
        "Takk?",
        "Takk, fortsatt samme feil.",
        "Takk for forsøket, virker ikke ennå",
        "Tack, fast det funkar inte",
        "Great, it is down again",
        "Takket være oppdateringen er alt nede",
        "Toppetasjen er uten nett",
        "Tack vare er uppdatering är allt nere",
    ],
)
def test_thanks_with_any_other_word_do_not_only_thank(siv: Profile, text: str) -> None:
    assert not only_thanks(text, siv)


@pytest.mark.parametrize("text", ["Tusen takk for hjelpen!", "Tusen tack för hjälpen", "Takk, takk!", "Takk!\n\nTakk"])
def test_thanks_in_other_words_of_the_profile_only_thank(siv: Profile, text: str) -> None:
    assert only_thanks(text, siv)


@pytest.mark.parametrize("text", ["Hei", "...", "Hei alt", "!!!"])
def test_what_holds_no_thanks_does_not_thank(siv: Profile, text: str) -> None:
    assert not only_thanks(text, siv)


def test_thanks_with_a_file_open_a_solved_ticket_again(siv: Profile) -> None:
    given = mail(text="Takk!", attachments=(Attachment(name="feil.png", content_type="image/png", size=10_000),))
    assert follow_reporter(given, SOLVED, Routine.of(siv), NOW).event is EventKind.REOPENED


@pytest.mark.parametrize("kind", [ParcelKind.FORWARD, ParcelKind.ANSWER, ParcelKind.SOLVED])
def test_the_leads_are_told_of_a_mail_that_came_back(siv: Profile, kind: ParcelKind) -> None:
    step = follow_bounce(kind, ticket(), Routine.of(siv), NOW)
    [word] = step.parcels
    assert (step.event, step.change) == (EventKind.BOUNCED, UNCHANGED)
    assert (word.kind, word.to, word.facts["kind"]) == (ParcelKind.UNDELIVERED, siv.teams[siv.doubt_team].address, kind.value)


@pytest.mark.parametrize("kind", [ParcelKind.RECEIPT, ParcelKind.UNDELIVERED])
def test_nobody_is_told_of_a_receipt_or_of_such_a_word_itself_that_came_back(siv: Profile, kind: ParcelKind) -> None:
    assert follow_bounce(kind, ticket(), Routine.of(siv), NOW).parcels == ()


def test_thanks_with_a_logo_in_the_text_open_nothing(siv: Profile) -> None:
    logo = Attachment(name="logo.png", content_type="image/png", size=10_000, inline=True)
    assert follow_reporter(mail(text="Takk!", attachments=(logo,)), SOLVED, Routine.of(siv), NOW).event is EventKind.THANKED
