"""The page of the embedded default: what was decided, and not a word of a mail."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPResponse
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from models.case_numbers import CaseNumbers
from models.profiles import Profile
from models.records import Assignment
from models.store import Store
from review.pages import Pages
from run.dovecot import free_port
from run.web import WebServer
from tests.support.mails import SCENE, mail, new_ticket, raw
from tests.support.program import until


class Site:
    """The real server, asked over HTTP."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    def get(self, path: str) -> HTTPResponse:
        answer = urlopen(self._address + path)  # noqa: S310  our own server on loopback
        assert isinstance(answer, HTTPResponse)
        return answer

    def text(self, path: str) -> str:
        with self.get(path) as answer:
            return answer.read().decode()

    def is_up(self) -> bool:
        try:
            self.text("/style.css")
        except OSError:
            return False
        return True


@pytest.fixture
def site(siv: Profile, store: Store) -> Iterator[Site]:
    server = WebServer(Pages(siv, store, CaseNumbers("SIV", b"x" * 32)).app(), free_port())
    server.start()
    found = Site(server.address)
    until(found.is_up, "the page served")
    yield found
    server.stop()


def test_the_page_shows_tickets_and_queues_and_no_word_of_the_mail(site: Site, store: Store) -> None:
    [id] = store.mails.keep([raw()])
    doubt = Assignment(team="trakta", guessed_team="nett", unsure=True, also=())
    store.tickets.record([new_ticket(id, mail=mail(subject="<b>hemmelig</b>", text="hemmelig"), assignment=doubt)], SCENE)
    page = site.text("/")
    assert "SIV-1" in page
    assert "guess: Nett og telefoni" in page
    assert "<strong>1</strong> Trakta" in page
    assert "hemmelig" not in page
    assert "kari.moe" not in page


def test_an_empty_store_has_a_page(site: Site) -> None:
    assert "outbox: empty" in " ".join(site.text("/").split())


def test_pages_allow_no_script_and_no_stranger(site: Site) -> None:
    for path in ("/", "/style.css"):
        with site.get(path) as answer:
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
    with pytest.raises(HTTPError, match="404"):
        site.get("/tickets/1")
