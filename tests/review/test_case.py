"""The page of one case: all that came, left and happened, its mails' words for those who may see it, and a note of each look."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from ingest.fingerprint import fingerprint
from ingest.parse import parse_mail
from models.judgements import Act, Judgement
from models.kinds import EventKind, Mode, TicketStatus
from models.outcomes import JoinTicket, Step, TicketChange
from models.people import Noted, Role
from models.records import Assignment, TicketId
from models.timers import TimerDraft, TimerKind
from tests.support.mails import NOW, SCENE, mail, new_ticket, raw
from tests.support.pages import Browser, Desk, all_noted

PDF = b"%PDF-1.4 \xff not really"
HOSTILE = '<p>Skriveren <b>svarer</b> ikke.<script>alert(1)</script><img src="https://evil.example/p.gif" onerror="alert(2)"></p>'


def letter(text: str = "Skriveren på rom 4 svarer ikke.\n\nHilsen Kari\n\n> Hva er galt?") -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "Kari Moe <kari.moe@siv.no>", "ikt@siv.no", "Skriver"
    message["Message-ID"] = "<first@siv.no>"
    message.set_content(text)
    message.add_alternative(HOSTILE, subtype="html")
    message.add_attachment(PDF, maintype="text", subtype="html", filename='bil"de/æ.pdf')
    message.add_attachment(b"\x00\x01", maintype="application", subtype="pdf", filename="to.pdf")
    return message.as_bytes()


def opened(desk: Desk, body: bytes | None = None, team: str = "nett") -> TicketId:
    body = body or letter()
    [id] = desk.store.mails.keep([raw(body)])
    given = Assignment(team=team, guessed_team="nett", unsure=team == "trakta", also=())
    timers = (TimerDraft(kind=TimerKind.OVERDUE, due_at=NOW + timedelta(hours=4)),)
    outcome = new_ticket(id, mail=parse_mail(body, fingerprint(body)), assignment=given, timers=timers, due_at=NOW)
    ticket = desk.store.tickets.record([outcome], SCENE)[id]
    assert ticket
    return ticket


def noted(desk: Desk) -> list[tuple[Noted, int | None, str]]:
    kept = all_noted(desk.store)
    return [(note.what, note.ticket, note.about) for note in kept if note.what in (Noted.CASE_SEEN, Noted.MAIL_SEEN)]


@pytest.fixture
def lead(desk: Desk) -> Browser:
    return desk.person("lea", Role.LEAD)


def test_a_case_tells_what_was_decided_why_and_what_left_for_it(desk: Desk, lead: Browser) -> None:
    opened(desk, team="trakta")
    page = lead.text("/cases/SIV-1")
    assert "Peker mot Arbeidsplass: «skriver»." in page
    assert "Ny sak til teamet" in page
    assert "arbeidsplass@teams.siv.example" in page
    assert "Skal sendes" in page
    assert "Saken ble åpnet" in page
    assert "Fristen er ute" in page
    assert "over fristen" in page
    assert "Beste gjetning: <strong>Nett og telefoni</strong>" in page
    assert "90\N{NO-BREAK SPACE}%" in page


def test_the_words_of_a_mail_are_its_text_and_the_rest_is_folded_away(desk: Desk, lead: Browser) -> None:
    opened(desk)
    page = lead.text("/cases/1")
    assert '<div class="words">Skriveren på rom 4 svarer ikke.' in page
    assert "Kari Moe &lt;kari.moe@siv.no&gt;" in page
    assert page.index("<details><summary>Hele e-posten") < page.index("Hva er galt?")
    assert "<b>svarer</b>" not in page
    assert noted(desk) == [(Noted.CASE_SEEN, 1, ""), (Noted.MAIL_SEEN, 1, "mail 1")]


def test_the_senders_html_is_shown_on_demand_in_a_frame_where_nothing_acts(desk: Desk, lead: Browser) -> None:
    opened(desk)
    page = lead.text("/cases/SIV-1?mail=1&form=html")
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox" src="/cases/SIV-1/mails/1/html"' in page
    answer = lead.get("/cases/SIV-1/mails/1/html")
    assert "<b>svarer</b>" in answer.text
    assert "script" not in answer.text
    assert "evil" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_the_original_and_the_files_are_downloads_that_no_browser_shows(desk: Desk, lead: Browser) -> None:
    body = letter()
    opened(desk, body)
    answers = [lead.get(f"/cases/SIV-1/mails/1/{path}") for path in ("original", "files/0", "files/1")]
    assert [answer.content for answer in answers] == [body, PDF, b"\x00\x01"]
    for answer in answers:
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert answers[0].headers["content-disposition"].endswith("1.eml")
    assert answers[1].headers["content-disposition"].endswith("%C3%A6.pdf")
    assert noted(desk) == [(Noted.MAIL_SEEN, 1, "mail 1")] * 3
    assert lead.get("/cases/SIV-1/mails/1/files/2").status_code == 404


def test_a_later_mail_stands_in_its_order_and_is_shown_when_it_is_asked_for(desk: Desk, lead: Browser) -> None:
    ticket, later = opened(desk), letter("Det haster nå.")
    [id] = desk.store.mails.keep([raw(later)])
    solved = TicketChange(status=TicketStatus.SOLVED, solution="Startet på nytt.")
    step = Step(event=EventKind.SOLVED, change=solved)
    desk.store.tickets.record([JoinTicket(mail_id=id, mail=mail(), ticket=ticket, step=step, mode=Mode.AUTO)], SCENE)
    page = lead.text(f"/cases/SIV-1?mail={id}")
    assert '<div class="words">Det haster nå.' in page
    assert "Startet på nytt." in page
    assert "løst" in page


def test_a_case_that_is_open_again_is_not_told_as_closed(desk: Desk, lead: Browser) -> None:
    ticket = opened(desk)
    steps = (
        Step(event=EventKind.SOLVED, change=TicketChange(status=TicketStatus.SOLVED, solution="Startet på nytt.")),
        Step(event=EventKind.REOPENED, change=TicketChange(status=TicketStatus.OPEN)),
    )
    told = []
    for step in steps:
        [id] = desk.store.mails.keep([raw(letter(step.event))])
        desk.store.tickets.record([JoinTicket(mail_id=id, mail=mail(), ticket=ticket, step=step, mode=Mode.AUTO)], SCENE)
        told.append("<dt>Lukket</dt>" in lead.text("/cases/SIV-1"))
    assert told == [True, False]


def test_what_people_said_and_did_at_a_page_stands_with_their_names(desk: Desk, lead: Browser) -> None:
    ticket = opened(desk)
    said = {"type": "hendelse", "priority": 3, "scope": "single", "team": "arbeidsplass", "service": None}
    judgement = Judgement(said=said, meant=said | {"team": "nett"}, example={})
    step = Step(event=EventKind.MOVED, change=TicketChange(team="nett"))
    desk.store.judgements.act([Act(ticket=ticket, seen=1, by="per", step=step, mode=Mode.AUTO, judgement=judgement)], SCENE)
    page = lead.text("/cases/SIV-1")
    assert "<td>Flyttet til et annet team</td><td>per</td>" in page
    assert "Team <del>Arbeidsplass</del> <strong>Nett og telefoni</strong>" in page


def test_a_lead_is_led_on_to_judge_it_and_others_are_not(desk: Desk, lead: Browser) -> None:
    opened(desk)
    assert "Skriver" in lead.text("/queue?case=SIV-1")
    assert 'href="/queue?case=SIV-1"' in lead.text("/cases/SIV-1")
    assert "/queue" not in desk.person("nils", Role.MEMBER, teams=frozenset({"nett"})).text("/cases/SIV-1")


def test_bytes_that_are_no_mail_are_to_be_downloaded(desk: Desk, lead: Browser) -> None:
    [id] = desk.store.mails.keep([raw(b"\x00")])
    desk.store.tickets.record([new_ticket(id)], SCENE)
    assert "E-posten kan ikke leses." in lead.text("/cases/SIV-1")
    assert lead.get(f"/cases/SIV-1/mails/{id}/original").content == b"\x00"
    assert lead.get(f"/cases/SIV-1/mails/{id}/html").status_code == 404


def test_who_may_not_see_a_case_finds_none_of_it(desk: Desk) -> None:
    opened(desk, team="nett")
    opened(desk, letter("Noe annet."), team="trakta")
    member = desk.person("nils", Role.MEMBER, teams=frozenset({"nett"}))
    assert member.get("/cases/SIV-1").status_code == 200
    for path in ("", "/mails/2/html", "/mails/2/original", "/mails/2/files/0"):
        assert member.get(f"/cases/SIV-2{path}").status_code == 404, path
    assert member.get("/cases/SIV-1/mails/2/original").status_code == 404, "a mail of another case"
    assert {ticket for _, ticket, _ in noted(desk)} == {1}


def test_what_is_no_case_is_not_found(desk: Desk, lead: Browser) -> None:
    opened(desk)
    for number in ("SIV-2", "X-1", "0", "99999999999999999999", "<script>", "SIV-1?mail=9", "SIV-1/mails/9/html"):
        assert lead.get(f"/cases/{number}").status_code == 404, number
