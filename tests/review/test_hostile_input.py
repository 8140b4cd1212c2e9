"""What strangers and people write is shown as what it is, and no length, number or name makes a page fail or lead elsewhere."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from ingest.fingerprint import fingerprint
from ingest.parse import parse_mail
from models.kinds import EventKind, TicketStatus
from models.people import NewPerson, Role
from models.records import Assignment, Redacted, TicketId
from review.app import DOORS
from tests.review.test_doors import filled
from tests.support.diary import Diary
from tests.support.mails import NOW, SCENE, new_ticket, raw, verdict
from tests.support.pages import Desk
from tests.support.systems import system_of

HOSTILE = "\"'><script>alert(1)</script>{{ 7 * 7 }}<img src=x onerror=alert(2)>"
ELSEWHERE = ("//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "\\\\evil.example", "/" + "x" * 2_000)
KEPT = ("SELECT * FROM audit", "SELECT * FROM invitation", "SELECT * FROM session")
LONG = "9" * 5_000
"""More digits than Python makes a number of."""


def letter() -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = f'"{HOSTILE.replace(chr(34), "")}" <kari.moe@siv.no>', "ikt@siv.no", HOSTILE
    message["Message-ID"] = "<first@siv.no>"
    message.set_content(HOSTILE)
    message.add_attachment(b"x", maintype="text", subtype="html", filename="NAME")
    return message.as_bytes().replace(
        b'filename="NAME"', b"filename*=UTF-8''..%2Fa%0D%0ASet-Cookie%3A%20x%3Dy%3B%3Cscript%3E%E2%80%AE.html"
    )


def opened(desk: Desk) -> TicketId:
    body = letter()
    [id] = desk.store.mails.keep([raw(body)])
    given = Assignment(team="trakta", guessed_team="nett", unsure=True, also=())
    outcome = new_ticket(
        id, mail=parse_mail(body, fingerprint(body)), assignment=given, verdict=verdict(reasons=(f"Peker mot: «{HOSTILE}».",), review=True)
    )
    ticket = desk.store.tickets.record([outcome], SCENE)[id]
    assert ticket
    diary = Diary(desk.store)
    for text in (HOSTILE, f"{HOSTILE} igjen"):
        other = diary.opens("2026-03-02 09:00", team="nett")
        diary.happens(other, "2026-03-02 10:00", EventKind.SOLVED, status=TicketStatus.SOLVED, solution=text, shared=Redacted(text))
    return ticket


def test_what_a_stranger_or_a_colleague_writes_is_text_on_every_page(desk: Desk) -> None:
    opened(desk)
    desk.store.people.add(NewPerson(login=HOSTILE, name=HOSTILE, roles=frozenset(Role), teams=frozenset()), NOW)
    browser = desk.person("ada", *Role)
    paths = (
        "/", "/queue", "/queue?case=SIV-1", "/cases", "/cases/SIV-1", "/cases/SIV-2", "/solutions", "/solutions/L-1", "/people", "/people/1",
        "/sessions", "/post", "/audit", f"/cases?text={HOSTILE}", f"/solutions?words={HOSTILE}", f"/audit?who={HOSTILE}",
        f"/learning/confusion?field=team&said={HOSTILE}&meant={HOSTILE}", "/learning", "/settings", "/shadow", "/repeats", "/incidents",
    )  # fmt: skip
    for path in paths:
        page = browser.client.get(path)
        assert page.status_code == 200, path
        for word in ("<script>alert", "<img src=x", "49<"):
            assert word not in page.text, path
    assert "&lt;script&gt;alert(1)" in browser.text("/cases/SIV-1")


def test_a_strangers_file_name_is_a_name_alone(desk: Desk) -> None:
    opened(desk)
    answer = desk.person("lea", Role.LEAD).get("/cases/SIV-1/mails/1/files/0")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    told = answer.headers["content-disposition"]
    assert told.startswith("attachment; filename*=UTF-8''")
    assert all(letter not in told.partition("''")[2] for letter in "/\\<>;\r\n\"'")


def test_no_number_is_too_long_to_be_refused(desk: Desk) -> None:
    opened(desk)
    browser = desk.person("ada", *Role)
    secret = browser.csrf()
    for door in DOORS:
        path = filled(door)
        for number in ("9" * 30, LONG) if path != door.path else ():
            form = {"csrf": secret, "seen": number, "version": number, "state": "proposed", "newest": number, "case": number}
            asked = path.replace("4711", number).replace("jsonl", number)
            answer = browser.client.request(door.method, asked, data=form if door.method == "POST" else None)
            assert answer.status_code in (303, 404, 422), f"{door.method} {door.path} {len(number)} {answer.status_code}"


@pytest.mark.parametrize("number", ["9" * 30, LONG], ids=["large", "endless"])
def test_no_number_in_a_form_or_behind_the_question_mark_is_a_fault_of_ours(desk: Desk, number: str) -> None:
    opened(desk)
    browser = desk.person("ada", *Role)
    fine = {"type": "hendelse", "priority": "3", "scope": "single", "team": "nett", "next": number}
    for path, form in (
        ("/queue/one", {"case": "SIV-1", "seen": number, **fine}),
        ("/queue/one", {"case": number, "seen": "1", **fine}),
        ("/queue/many", {"picked": f"{number}:1"}),
        ("/queue/many", {"picked": f"1:{number}"}),
        ("/solutions/L-1/unite", {"version": "1", "state": "proposed", "into": number}),
        ("/solutions/L-1/confirm", {"version": number, "state": "proposed"}),
        ("/repeats/merge", {"repeat": number}),
        ("/post/outbox", {"parcel": number}),
        ("/post/quarantine", {"mail": number}),
    ):
        assert browser.send(path, **form).status_code in (303, 404, 409, 422), f"{path} {[*form]}"
    for asked in (
        f"/queue?case={number}", f"/queue?done=accepted&count={number}&about={number}&left={number}", f"/cases?priority={number}",
        f"/cases?after={number}", f"/cases?text={number}", f"/cases/SIV-1?mail={number}", f"/solutions?page={number}",
        f"/audit?before={number}", f"/audit?case={number}", f"/post?back={number}", f"/shadow?days={number}",
    ):  # fmt: skip
        assert browser.get(asked).status_code in (200, 404, 422), asked[:40]


def test_many_filters_at_once_are_asked_for_or_refused(desk: Desk) -> None:
    browser = desk.person("lea", Role.LEAD)
    for key in ("team", "priority", "service", "status"):
        asked = "&".join(f"{key}={number}" for number in range(4_000))
        assert browser.get(f"/cases?{asked}").status_code in (200, 400, 414, 422), key


def test_nobody_is_led_elsewhere(desk: Desk) -> None:
    browser = desk.person("lea", Role.LEAD)
    for elsewhere in ELSEWHERE:
        assert browser.send("/language", language="nb", next=elsewhere).headers["location"] == "/", elsewhere
        assert "evil.example" not in browser.client.get("/sign-in", params={"next": elsewhere}).text, elsewhere
    for path in ("//evil.example/", "//evil.example/%2e%2e", "/sign-in//evil.example/"):
        target = desk.browser().client.get(desk.address + path).headers.get("location", "")
        assert not target.removeprefix(desk.address).startswith("//"), f"{path} {target}"
        assert not target.startswith("http") or target.startswith(desk.address), f"{path} {target}"


def test_a_percent_sign_and_an_underscore_are_letters_in_a_search(desk: Desk) -> None:
    opened(desk)
    lead, system = desk.person("lea", Role.LEAD), system_of(desk, "cmdb", Role.LEAD)
    for letter in ("%", "_", "\\"):
        assert "/cases/SIV-1" not in lead.client.get("/cases", params={"text": letter}).text, letter
        assert "/solutions/L-1" not in lead.client.get("/solutions", params={"words": letter}).text, letter
        assert system.read("/cases", text=letter)["cases"] == [], letter


def test_a_one_time_link_leaves_no_word_in_the_log_and_works_once(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    person = desk.hire("lea", Role.LEAD)
    link = desk.link(person)
    assert desk.browser().get(link).status_code == 200
    first, second = desk.browser(), desk.browser()
    assert first.client.post(link).status_code == 303
    assert second.client.post(link).status_code == 404
    desk.clock.pass_on(timedelta(minutes=1))
    secret = link.rpartition("/")[2]
    with desk.store.database.reading() as connection:
        kept = "".join(str(row) for query in KEPT for row in connection.exec_driver_sql(query))
    assert secret not in kept
    out = capfd.readouterr()
    assert secret not in out.out + out.err
