"""The only place that tells what the configuration file and the environment say, for the page of settings: of secrets only whether they are set."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from models.settings import Setting, leaves_of, told_value
from models.store import shown_url
from run.settings import WEBHOOK, Configuration, Environment

PREFIX = "SAKSGANG_"
SET, NOT_SET = "***", "–"
SECRET = frozenset({"smtp_password", "signing_key"})
ENVIRONMENT, DEFAULT = "environment", "default"


def told_configuration(configuration: Configuration, file: Path, environment: Environment) -> list[Setting]:
    """The file's values, defaults among them, and the environment's."""
    given = {key for key, _ in leaves_of(configuration.model_dump(exclude_unset=True))}
    values = leaves_of(configuration.model_dump(mode="json"))
    return [
        *(
            Setting(key=key, value=told_value(value), source=file.name if key in given else DEFAULT, is_own=key in given)
            for key, value in values
        ),
        *told_environment(environment),
    ]


def told_environment(environment: Environment) -> list[Setting]:
    """By variable."""
    values = {name: getattr(environment, name) for name in Environment.model_fields}
    plain = {name: _told(name, value) for name, value in values.items()}
    found = [
        Setting(
            key=f"{PREFIX}{name.upper()}",
            value=value,
            source=ENVIRONMENT if name in environment.model_fields_set else DEFAULT,
            is_own=name in environment.model_fields_set,
        )
        for name, value in plain.items()
    ]
    return [*found, *_webhooks()]


def _told(name: str, value: object) -> str:
    if name in SECRET:
        return SET if value else NOT_SET
    return shown_url(str(value)) if name == "database" and value else told_value(value)


def _webhooks() -> Iterator[Setting]:
    """An address may be a secret by itself."""
    for name in sorted(name for name, value in os.environ.items() if name.startswith(WEBHOOK) and value):
        yield Setting(key=name, value=SET, source=ENVIRONMENT, is_own=True)
