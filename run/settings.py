"""The only place for settings: hosts and secrets from the environment, mailboxes from the configuration file."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import ProfileError
from models.files import write_once
from models.kinds import Mode, Security, Source
from models.people import Role
from models.records import Account, SmtpServer
from review.lines import is_safe
from route.call import Hooks, read_key

ROOT = Path(__file__).resolve().parent.parent
TRAINED = ROOT / "data" / "trained"
WEBHOOK = "SAKSGANG_WEBHOOK_"
SIGNING_KEY = "SAKSGANG_SIGNING_KEY_"
SECRET_FILE = "secret"  # noqa: S105  a file's name


class Environment(BaseSettings):
    """What the environment says; every name begins with SAKSGANG_."""

    model_config = SettingsConfigDict(env_prefix="SAKSGANG_", extra="ignore")

    home: Path = ROOT / "var"
    database: str | None = Field(default=None, description="SQLAlchemy URL; a SQLite file in home where it is not set")
    smtp_host: str = "localhost"
    smtp_port: int = 587
    smtp_security: Security = Security.STARTTLS
    smtp_ca_file: str | None = None
    smtp_user: str = ""
    smtp_password: str = Field(default="", repr=False)
    trained: Path = TRAINED
    signing_key: str = Field(default="", repr=False, description="shared with those who take webhooks")

    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'saksgang.db'}"

    def make_home(self) -> None:
        """`ProfileError` where it cannot be made."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _no_home(self.home, error) from error

    def smtp(self) -> SmtpServer:
        return SmtpServer(
            host=self.smtp_host,
            port=self.smtp_port,
            security=self.smtp_security,
            ca_file=self.smtp_ca_file,
            user=self.smtp_user,
            password=self.smtp_password,
        )

    def hooks(self) -> Hooks:
        """URLs by name, from SAKSGANG_WEBHOOK_<NAME>, and the keys that sign what is sent there: one's own, or the one for all."""
        keys = {name: read_key(text) for name, text in _named(SIGNING_KEY).items()}
        return Hooks(urls=_named(WEBHOOK), key=read_key(self.signing_key), keys=keys)

    def secret(self) -> bytes:
        """The installation's own secret, made at first use: it signs case numbers. `ProfileError` where it is damaged."""
        self.make_home()
        file = self.home / SECRET_FILE
        try:
            return bytes.fromhex(_made_once(file))
        except OSError as error:
            raise _no_home(file, error) from error
        except ValueError as error:
            raise ProfileError(
                file, "secret", "damaged; put it back from a backup, or remove it: then numbers in old mails are not known"
            ) from error


def _made_once(file: Path) -> str:
    """What stands in the secret's file. Raises `OSError`."""
    if file.exists() and not file.stat().st_size:
        file.unlink()  # an empty one has signed nothing
    if not file.exists():
        write_once(file, secrets.token_hex(32).encode())
    return file.read_text(encoding="ascii").strip()


def _no_home(file: Path, error: OSError) -> ProfileError:
    return ProfileError("environment", "SAKSGANG_HOME", f"{file}: {error.strerror}; name a folder that this user may write to")


def _named(prefix: str) -> dict[str, str]:
    """What the environment says of each name after a prefix."""
    return {name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix) and value}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MailboxTable(_Part):
    """One `[mailbox.<name>]` of the configuration file."""

    source: Source = Source.IMAP
    mode: Mode = Mode.SHADOW
    folder: str = "INBOX"
    host: str = ""
    port: int = 993
    security: Security = Security.TLS
    ca_file: str | None = None
    user: str = ""
    password_env: str = ""
    path: str | None = None
    handled_folder: str | None = None
    quarantine_folder: str | None = None
    size_limit: int = Field(default=50_000_000, ge=10_000)
    poll_seconds: float = Field(default=60.0, gt=0)


class OidcTable(_Part):
    """`[web.oidc]`. `roles` and `teams` say what each value of `claim` gives; the secret stands in the environment only."""

    issuer: str
    client_id: str = Field(min_length=1)
    client_secret_env: str = Field(min_length=1)
    title: str = Field(default="OpenID Connect", min_length=1, description="what people call the provider")
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    claim: str = Field(default="groups", min_length=1)
    roles: Mapping[str, frozenset[Role]] = {}
    teams: Mapping[str, frozenset[str]] = {}

    @field_validator("issuer")
    @classmethod
    def must_be_safe(cls, issuer: str) -> str:
        if not is_safe(issuer):
            raise ValueError("https://, or http:// on this machine")
        return issuer

    @field_validator("scopes")
    @classmethod
    def must_ask_for_an_id_token(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in scopes:
            raise ValueError("`openid` must be among them (OpenID Connect Core, 3.1.2.1)")
        return scopes


class WebTable(_Part):
    """`[web]` of the configuration file: where the pages are served, and how browsers reach them."""

    serve: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8470, ge=0, le=65535)
    address: str = Field(default="", description="as browsers see it: https://desk.hospital.example; host and port where it is empty")
    calls_a_minute: int = Field(default=600, ge=1, description="by the API, with one token")
    oidc: OidcTable | None = None

    @field_validator("address")
    @classmethod
    def as_browsers_write_it(cls, address: str) -> str:
        """The origin that browsers send (RFC 6454, 6.1): a form is known to be ours by it."""
        if not address:
            return ""
        parts = urlsplit(address)
        usual = {"http": 80, "https": 443}
        if parts.scheme not in usual or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
            raise ValueError("scheme and host, and a port where it is no usual one: https://desk.hospital.example")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        port = parts.port
        return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual[parts.scheme] else "")

    @property
    def reached_at(self) -> str:
        return self.address or f"http://{self.host}:{self.port}"


class Configuration(_Part):
    """The configuration file: which organisation, which mailboxes, where the pages are."""

    profile: str
    mailbox: dict[str, MailboxTable]
    web: WebTable = WebTable()


def load_environment() -> Environment:
    """Raises `ProfileError` that names the variable."""
    try:
        return Environment()
    except ValidationError as error:
        first = error.errors()[0]
        raise ProfileError("environment", "SAKSGANG_" + "_".join(map(str, first["loc"])).upper(), first["msg"]) from error


def load_configuration(file: Path) -> Configuration:
    """Raises `ProfileError` that names file, key and reason."""
    try:
        return Configuration.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise ProfileError(file, "--config", error.strerror or type(error).__name__) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(file, "TOML", str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ProfileError(file, ".".join(map(str, first["loc"])), first["msg"]) from error


def accounts_of(configuration: Configuration, file: Path) -> list[Account]:
    """Accounts with their passwords, which stand in the environment only."""
    return [_account(name, table, configuration.profile, file) for name, table in configuration.mailbox.items()]


def _account(name: str, table: MailboxTable, profile: str, file: Path) -> Account:
    if table.source is Source.MAILDIR and not table.path:
        raise ProfileError(file, f"mailbox.{name}.path", "a Maildir needs a path")
    if table.source is Source.IMAP and not table.host:
        raise ProfileError(file, f"mailbox.{name}.host", "an IMAP mailbox needs a host")
    password = os.environ.get(table.password_env, "") if table.password_env else ""
    if table.source is Source.IMAP and not password:
        raise ProfileError(file, f"mailbox.{name}.password_env", "name an environment variable that holds the password")
    values = table.model_dump(exclude={"password_env"})
    return Account(name=name, profile=profile, password=password, **values)
