"""`make fuzz`: coverage-guided fuzzing of everything that reads a stranger's bytes. Not part of the suite; what it finds becomes a test mail.

Fails on any exception but the promised one, on lone surrogates or NULs in what is read, and on a mail that takes over a second.
"""

from __future__ import annotations

import sys
from dataclasses import astuple

import atheris

with atheris.instrument_imports(include=["ingest"]):
    from ingest.display import safe_html
    from ingest.fingerprint import fingerprint
    from ingest.parse import _parse
    from ingest.redact import redact
    from ingest.returned import written_by_us
    from ingest.screen import answerable, screen


def read(content: bytes) -> None:
    """One mail through reading and screening; `_parse` itself, for `parse_mail` would hide what it catches."""
    mail = _parse(content, fingerprint(content))
    written_by_us(content)
    safe_html(content)
    if mail is None:
        return
    screen(mail, {"ikt@siv.no"})
    answerable(mail)
    assert redact(mail.safe_reply) == mail.safe_reply
    for text in _texts(astuple(mail)):
        text.encode()  # raises on a lone surrogate
        assert "\0" not in text


def _texts(values: object) -> list[str]:
    if isinstance(values, str):
        return [values]
    return [text for value in values for text in _texts(value)] if isinstance(values, tuple) else []


if __name__ == "__main__":
    atheris.Setup([*sys.argv, "-timeout=2", "-rss_limit_mb=4000"], read)
    atheris.Fuzz()
