"""The only place for how people come in by an identity provider, as `[web.oidc]` of the configuration file says it."""

from __future__ import annotations

import hashlib
import hmac
import os

from models.errors import ProfileError
from models.profiles import Profile
from review.by_provider import BACK
from review.provider import OpenIdProvider, Registration
from review.standing import Grants
from review.visit import Entrance
from run.settings import OidcTable


def entrance_of(table: OidcTable, profile: Profile, reached_at: str, secret: bytes) -> Entrance:
    """The entrance, ready for use. `ProfileError` where the secret is not set or a team is none."""
    for value, teams in table.teams.items():
        for team in sorted(teams - set(profile.teams)):
            raise ProfileError("[web.oidc]", f"teams.{value}", f"{profile.name} has no team {team}; it has {', '.join(profile.teams)}")
    own_secret = os.environ.get(table.client_secret_env, "")
    if not own_secret:
        raise ProfileError("[web.oidc]", "client_secret_env", "name an environment variable that holds the secret")
    registration = Registration(
        issuer=table.issuer,
        client_id=table.client_id,
        client_secret=own_secret,
        scopes=table.scopes,
        title=table.title,
        back=f"{reached_at}{BACK}",
    )
    key = hmac.new(secret, b"sign-in by a provider", hashlib.sha256).digest()  # no key is used for two things
    return Entrance(provider=OpenIdProvider(registration), grants=Grants(claim=table.claim, roles=table.roles, teams=table.teams), key=key)
