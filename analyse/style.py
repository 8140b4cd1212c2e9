"""The only place for the style of a report's page: all of it in one element whose digest the page's policy names, none on the elements themselves."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

ON_AN_ELEMENT = re.compile(r' style="([^"]*)"')


def without_style(pictures: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Pictures (SVG) with classes in place of style attributes, and the rules that these stand for."""
    classes: dict[str, str] = {}

    def classed(found: re.Match[str]) -> str:
        return f' class="{classes.setdefault(found[1], f"s{len(classes)}")}"'

    plain = {name: ON_AN_ELEMENT.sub(classed, text) for name, text in pictures.items()}
    return plain, "\n".join(f".{name} {{ {style} }}" for style, name in classes.items())


def policy_of(style: str) -> str:
    """What a browser may do with a page that has this style element and fetches nothing (CSP 3, 2.3.1)."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
