"""The only place that says over which lines a secret may travel."""

from __future__ import annotations

from urllib.parse import urlsplit

ON_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def is_safe(address: str) -> bool:
    """Encrypted, or within this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ON_THIS_MACHINE))
