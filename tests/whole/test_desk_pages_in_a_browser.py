"""The desk pages as people use them: in Chromium, over cases that came through the pipeline, by every rule of WCAG 2.2 AA that a machine can check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from models.incidents import IncidentChange
from models.judgements import Act
from models.kinds import EventKind, Mode
from models.outcomes import Step
from models.people import Role
from models.profiles import DATA, Profile
from models.records import TicketId
from models.store import Store, open_store
from tests.support.browsing import LOOKS, UNFOLD, Look, faults, signed_in
from tests.support.filled import come_in, go_wrong, pipeline_desk
from tests.support.mails import content
from tests.support.pages import Desk, served

SAMPLES = sorted((DATA / "samples" / "siv").glob("*.eml"))[:30]
PAGES = (
    "/",
    "/cases",
    "/cases?unsure=1&order=gravest",
    "/cases/SIV-1",
    "/cases/SIV-1?mail=1&form=html",
    "/post",
    "/incidents",
    "/settings",
    "/shadow",
)
HTML = '<p>Skriveren <b>svarer ikke</b>.<script>window.top.hit = 1</script><img src="https://evil.example/p.gif"></p>'
LETTER = (
    b"From: Kari Moe <kari.moe@siv.no>\r\nTo: ikt@siv.no\r\nSubject: Skriver\r\nMessage-ID: <html@siv.no>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + HTML.encode()
)


def fill(store: Store, siv: Profile, home: Path) -> None:
    """Cases of two mailboxes, one of them on trial; a dead mail, a mail in quarantine, a major incident."""
    desk = pipeline_desk(siv, store, home, more={"e-helse": Mode.SHADOW})
    samples = [file.read_bytes() for file in SAMPLES]
    come_in(desk, [LETTER, *samples[:20]])
    come_in(desk, samples[20:], "e-helse")
    go_wrong(desk)
    store.health.failed("e-helse", Mode.SHADOW, desk.clock(), "timed out")
    incident = IncidentChange(
        manager="mim@siv.example", status="Leverandøren feilsøker.", prognosis="kl. 14", attach=(TicketId(3), TicketId(4))
    )
    act = Act(ticket=TicketId(2), seen=1, by="lea", step=Step(event=EventKind.DECLARED, incident=incident), mode=Mode.AUTO)
    store.judgements.act([act], desk.scene())


@pytest.fixture(scope="module")
def desk(siv: Profile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("home")
    store = open_store(f"sqlite:///{home / 'saksgang.db'}")
    fill(store, siv, home)
    with served(siv, store) as found:
        found.clock.now = store.mails.first_kept_at() or found.clock.now
        yield found
    store.close()


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    with signed_in(browser, desk, "lea", Role.LEAD) as found:
        yield found


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_keeps_the_rules_in_every_look(browser: Browser, desk: Desk, look: Look) -> None:
    with signed_in(browser, desk, "lea", Role.LEAD, language=look.language) as page:
        for path in PAGES:
            page.goto(desk.address + path)
            if path != "/settings":
                page.evaluate(UNFOLD)
            assert faults(page, [look]) == []
            assert page.get_attribute("html", "lang") == look.language


def test_a_lead_finds_a_case_by_its_words_and_reads_it_by_the_keyboard_alone(page: Page, desk: Desk) -> None:
    page.goto(desk.address + "/cases")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("skriver")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases?text=skriver*")
    link = page.get_by_role("link", name="SIV-1", exact=True)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/SIV-1")
    assert "svarer ikke" in page.inner_text(".words")


def test_the_overview_follows_what_happens_until_it_is_told_to_wait(page: Page, desk: Desk, siv: Profile, tmp_path: Path) -> None:
    page.goto(desk.address + "/")
    page.get_by_role("checkbox").check()
    newest = page.locator("#standing tbody th").first
    before = newest.inner_text()
    come_in(pipeline_desk(siv, desk.store, tmp_path), [content("Enda en skriver.")])
    expect(newest).not_to_have_text(before, timeout=20_000)
    page.get_by_role("checkbox").uncheck()
    assert not page.get_by_role("checkbox").is_checked()


def test_the_overview_goes_on_after_an_answer_that_failed(browser: Browser, desk: Desk, siv: Profile, tmp_path: Path) -> None:
    with signed_in(browser, desk, "lise", Role.LEAD, allowing="503") as page:
        page.goto(desk.address + "/")
        page.route("**/*", lambda route: route.fulfill(status=503), times=1)
        with page.expect_response(lambda answer: answer.status == 503, timeout=20_000):
            page.get_by_role("checkbox").check()
        newest = page.locator("#standing tbody th").first
        before = newest.inner_text()
        come_in(pipeline_desk(siv, desk.store, tmp_path), [content("Skriveren igjen.")])
        expect(newest).not_to_have_text(before, timeout=20_000)


def test_a_strangers_html_is_shown_in_a_frame_and_does_nothing(page: Page, desk: Desk) -> None:
    page.goto(desk.address + "/cases/SIV-1")
    page.locator("a[href*='form=html']").click()
    frame = page.frame_locator("iframe.mail")
    assert frame.locator("b").inner_text() == "svarer ikke"
    assert frame.locator("body").evaluate("one => getComputedStyle(one).margin") == "16px", "its style is let in"
    assert page.evaluate("window.hit") is None


def test_the_original_is_saved_as_a_file(page: Page, desk: Desk) -> None:
    page.goto(desk.address + "/cases/SIV-1")
    with page.expect_download() as download:
        page.locator("a[href$='/original']").click()
    assert download.value.path().read_bytes() == LETTER
    assert download.value.suggested_filename == "1.eml"


def test_a_dead_mail_goes_again_by_a_click(page: Page, desk: Desk) -> None:
    page.goto(desk.address + "/post")
    page.locator("form[action='/post/outbox'] input[type=checkbox]").check()
    page.locator("form[action='/post/outbox'] button").first.click()
    page.wait_for_url("**/post?back=1")
    assert page.get_by_role("status").inner_text().startswith("1 ")
