"""The only place that examines an installation and says what to do for each fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from classify.artefact import load_model
from models.errors import DeliveryError, MailboxError, ModelError, ProfileError, ProviderError, StoreError
from models.kinds import Channel
from models.profiles import Profile
from models.records import Account, SmtpServer
from models.store import Database
from review.lines import is_safe
from route.call import variable_of
from route.hours import clocks_of
from route.send import Sender
from route.templates import FACTS, FACTS_OF_ALL, Templates
from run.copied import OLD_AFTER, copied_at, is_old
from run.entrance import entrance_of
from run.settings import WEBHOOK, Environment, OidcTable, WebTable, load_environment
from run.wire import open_mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing examined; `advice` says what to do where it is not well. A `warning` does not stop the program."""

    what: str
    well: bool
    found: str
    advice: str = ""
    warning: bool = False


def examine(profile: Profile, accounts: Sequence[Account], server: SmtpServer, database_url: str, trained: Path) -> Iterator[Finding]:
    """Profile, templates, hours, webhooks, model, database, each mailbox, SMTP, the copy of the routines: one finding after the other, as they are made."""
    yield Finding(what="profile", well=True, found=f"{profile.name}, {len(profile.teams)} teams")
    yield _templates(profile)
    yield _clocks(profile)
    yield from _webhooks(profile)
    yield _model(profile, trained)
    yield _database(database_url)
    if not accounts:
        yield Finding(what="mailboxes", well=False, found="none configured", advice="give --config with at least one [mailbox.<name>]")
    for account in accounts:
        yield _mailbox(account)
    yield _smtp(server)
    yield _routines(profile, copied_at(load_environment().home), datetime.now(UTC))


def examine_pages(web: WebTable, profile: Profile, environment: Environment) -> Iterator[Finding]:
    """How browsers reach the pages, and what the identity provider says of itself; nothing where no pages are served."""
    if not web.serve:
        return
    yield Finding(
        what="pages",
        well=is_safe(web.reached_at),
        warning=True,
        found=web.reached_at,
        advice="put a reverse proxy with TLS before them and say in [web] address what browsers see: passwords travel in clear",
    )
    if web.oidc:
        yield _provider(web.oidc, web.reached_at, profile, environment)


def _provider(table: OidcTable, reached_at: str, profile: Profile, environment: Environment) -> Finding:
    granted = {*table.roles, *table.teams}
    try:
        entrance_of(table, profile, reached_at, environment.secret()).provider.check()
    except (ProfileError, ProviderError) as error:
        advice = "check [web.oidc], the line to the provider, and its certificate; local accounts work meanwhile"
        return Finding(what="identity provider", well=False, found=str(error), advice=advice)
    if not granted:
        return Finding(what="identity provider", well=False, found="nobody is given a role", advice="fill roles or teams in [web.oidc]")
    return Finding(what="identity provider", well=True, found=f"{table.issuer}, {len(granted)} values of {table.claim} give roles or teams")


def _clocks(profile: Profile) -> Finding:
    """Whether the profile's hours can be counted: countries and holidays are known when they are first needed."""
    try:
        clocks = clocks_of(profile)
    except ProfileError as error:
        return Finding(what="hours", well=False, found=str(error), advice="mend the hours named")
    return Finding(what="hours", well=True, found=", ".join(clocks) or "none")


def _webhooks(profile: Profile) -> Iterator[Finding]:
    """Webhooks that the profile calls and the environment does not name."""
    contacts = (*profile.alarm.rungs, *profile.escalation.rungs, *profile.incidents.audience)
    known = load_environment().hooks().urls
    called = {contact.to for contact in contacts if contact.channel is Channel.WEBHOOK} | set(profile.webhooks)
    for name in sorted(map(variable_of, called)):
        well = name in known
        yield Finding(what=f"webhook {name}", well=well, found="set" if well else "not set", advice=f"set {WEBHOOK}{name}")


def _templates(profile: Profile) -> Finding:
    templates = Templates(profile)
    try:
        for kind, facts in FACTS.items():
            for language in profile.languages:
                templates.fill(kind, language, dict.fromkeys((*facts, *FACTS_OF_ALL), "x"))
    except ProfileError as error:
        return Finding(what="templates", well=False, found=str(error), advice="mend the template named")
    return Finding(what="templates", well=True, found=f"{len(FACTS)} kinds in {', '.join(profile.languages)}")


def _model(profile: Profile, trained: Path) -> Finding:
    try:
        model = load_model(trained / profile.name, profile)
    except ModelError as error:
        return Finding(
            what="model",
            well=False,
            warning=True,
            found=str(error),
            advice=f"saksgang train --profile {profile.name}; keywords decide meanwhile",
        )
    return Finding(what="model", well=True, found=f"trained fields: {', '.join(model.fields)}")


def _database(url: str) -> Finding:
    try:
        database = Database(url)
        try:
            here, wanted = database.schema_versions()
        finally:
            database.close()
    except StoreError as error:
        return Finding(
            what="database", well=False, found=str(error), advice="check SAKSGANG_DATABASE, or that SAKSGANG_HOME can be written"
        )
    if here == wanted:
        return Finding(what="database", well=True, found=f"schema {here}")
    known = "empty" if here is None else f"schema {here}"
    return Finding(
        what="database", well=here is None, warning=True, found=known, advice=f"`saksgang run` brings it to schema {wanted} by itself"
    )


def _mailbox(account: Account) -> Finding:
    return _tried(
        f"mailbox {account.name}",
        f"{account.source}, mode {account.mode}, folder {account.folder}",
        lambda: open_mailbox(account).close(),
        "check host, port, security, user and password (a permanent fault), or the line to the server (a passing one)",
    )


def _smtp(server: SmtpServer) -> Finding:
    return _tried(
        "smtp",
        f"{server.host}:{server.port}, {server.security}",
        Sender(server).check,
        "check SAKSGANG_SMTP_HOST, _PORT, _SECURITY, _USER and _PASSWORD; mails wait in the outbox meanwhile",
    )


def _routines(profile: Profile, copied: datetime | None, now: datetime) -> Finding:
    """Twice a year a copy of templates and routines is printed, for hours when nothing here answers."""
    found = f"copied {copied:%Y-%m-%d}" if copied else "never copied"
    if not is_old(copied, now):
        return Finding(what="routines", well=True, found=found)
    older = f", more than {OLD_AFTER.days} days ago" if copied else ""
    advice = f"saksgang routines --profile {profile.name} --out FILE.html, then print it"
    return Finding(what="routines", well=False, warning=True, found=found + older, advice=advice)


def _tried(what: str, found: str, work: Callable[[], None], advice: str) -> Finding:
    try:
        work()
    except (MailboxError, DeliveryError) as error:
        return Finding(what=what, well=False, found=str(error), advice=advice)
    return Finding(what=what, well=True, found=found)
