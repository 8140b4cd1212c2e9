"""An identity provider on this machine, and people who prove there who they are."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from models.people import Role
from review.by_provider import BACK
from review.provider import OpenIdProvider, Registration
from review.standing import Grants
from review.visit import Entrance, Site
from run.dovecot import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "en lang setning hos leverandøren"
SECRET = "delt med leverandøren"
PEOPLE = {"lea": ["desk-leads"], "nils": ["desk-nett"], "otto": [], "ada": ["desk-leads", "desk-admins"], "lars": ["desk-leads"]}
GRANTS = Grants(
    claim="groups",
    roles={"desk-leads": frozenset({Role.LEAD}), "desk-admins": frozenset({Role.ADMIN})},
    teams={"desk-nett": frozenset({"nett"})},
)
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Provider:
    """A provider that runs. `issuer` is what it calls itself."""

    issuer: str
    process: subprocess.Popen[str]

    def say(self, words: dict[str, object]) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n", "the provider did not start: see its standard error"

    def put(self, login: str, *groups: str) -> None:
        """The person into these groups and no others."""
        self.say({"login": login, "groups": groups})

    def forget(self) -> None:
        """What was begun and not ended."""
        self.say({})


@contextmanager
def provider(address: str) -> Iterator[Provider]:
    """A provider that knows the pages at this address, until the block ends."""
    port = free_port()
    client = {
        "client_id": "desk",
        "client_secret": SECRET,
        "client_name": "Desk",
        "client_uri": "http://127.0.0.1",
        "redirect_uris": [address + BACK],
        "post_logout_redirect_uris": [f"{address}/sign-in"],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "scope": ["openid", "profile", "email", "groups"],
        "token_endpoint_auth_method": "client_secret_basic",
    }
    people = {login: {"name": login.title(), "password": PASSWORD, "groups": groups} for login, groups in PEOPLE.items()}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.provider_program"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        found = Provider(f"http://localhost:{port}", process)
        try:
            found.say({"port": port, "client": client, "people": people})
            yield found
        finally:
            process.terminate()


def registration(issuer: str, address: str) -> Registration:
    return Registration(
        issuer=issuer,
        client_id="desk",
        client_secret=SECRET,
        scopes=("openid", "profile", "email", "groups"),
        title="Sykehuskontoen",
        back=address + BACK,
    )


def with_entrance(site: Site, issuer: str) -> Site:
    entrance = Entrance(provider=OpenIdProvider(registration(issuer, site.address)), grants=GRANTS, key=b"k" * 32)
    return replace(site, entrance=entrance)


def prove(way: str, login: str) -> str:
    """Go the way to the provider, prove there who one is, and say where it leads back to."""
    with httpx.Client(timeout=60, trust_env=False) as client:
        answer = client.get(way)
        for _ in range(10):
            where: str = urljoin(str(answer.url), answer.headers.get("location", ""))
            if answer.is_redirect and urlsplit(where).hostname == "127.0.0.1":
                return where
            if answer.is_redirect:
                answer = client.get(where)
                continue
            token = CSRF.search(answer.text)
            assert token, answer.text
            form = {"csrf_token": html.unescape(token[1]), "login": login, "password": PASSWORD, "answer": "accept"}
            answer = client.post(answer.url, data=form)
        raise AssertionError("the provider leads nowhere")
