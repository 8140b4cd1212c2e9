"""An OpenID Connect provider, really one, as a program of its own: `python -m tests.support.provider_program`.

The first line of its standard input (JSON) says port, client and people; each further one gives a person other groups, an empty one makes it forget what was not
used. It answers each with a line when it is done, and ends with its input.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from canaille import create_app
from canaille.app import models
from werkzeug.serving import make_server

HOST = "localhost"
"""Another site than 127.0.0.1, where the pages are: what a cookie may do across sites is put to the test."""


def main() -> None:
    said = json.loads(sys.stdin.readline())
    app: Any = create_app(
        {
            "SECRET_KEY": "a secret of tests",
            "SERVER_NAME": f"{HOST}:{said['port']}",
            "PREFERRED_URL_SCHEME": "http",
            "SESSION_COOKIE_SECURE": False,
            "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "HTMX": False, "SMTP": None, "SMPP": None},
            "CANAILLE_OIDC": {"TRUSTED_DOMAINS": ["127.0.0.1"]},
        }
    )
    with app.app_context():
        for login, person in said["people"].items():
            _add(app, login, person)
        client = models.Client(**said["client"])
        app.backend.save(client)
        client.audience = [client]
        app.backend.save(client)
    server = make_server(HOST, said["port"], app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _done()
    for line in sys.stdin:
        change = json.loads(line)
        with app.app_context():
            if change:
                _put(app, change["login"], change["groups"])
            else:
                _forget_codes(app)
        _done()


def _forget_codes(app: Any) -> None:
    """Kept in memory, a code that nobody used may be taken for a later one of the same client."""
    for code in app.backend.query(models.AuthorizationCode):
        app.backend.delete(code)


def _done() -> None:
    sys.stdout.write("done\n")
    sys.stdout.flush()


def _add(app: Any, login: str, person: Mapping[str, Any]) -> None:
    app.backend.save(
        models.User(
            formatted_name=person["name"],
            family_name=person["name"],
            user_name=login,
            display_name=login,
            emails=[f"{login}@hospital.example"],
            password=person["password"],
        )
    )
    _put(app, login, person["groups"])


def _put(app: Any, login: str, groups: Sequence[str]) -> None:
    """Into these groups and no others; one without members is gone."""
    person = app.backend.get(models.User, user_name=login)
    for group in app.backend.query(models.Group):
        others = [member for member in group.members if member != person]
        if others:
            group.members = others
            app.backend.save(group)
        else:
            app.backend.delete(group)
    for name in groups:
        group = app.backend.get(models.Group, display_name=name) or models.Group(display_name=name, members=[])
        group.members = [*group.members, app.backend.get(models.User, user_name=login)]
        app.backend.save(group)


if __name__ == "__main__":
    main()
