"""The only place for the style of a report's page: all of it in one element whose digest the page's policy names, none on the elements themselves."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from lxml import etree


def without_style(pictures: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Pictures (SVG) with classes in place of style attributes, and the rules that these stand for."""
    classes: dict[str, str] = {}
    plain = {name: _classed(picture, classes) for name, picture in pictures.items()}
    return plain, "\n".join(f".{name} {{ {style} }}" for style, name in classes.items())


def _classed(picture: str, classes: dict[str, str]) -> str:
    """By a parser: in a picture's words may stand what looks like an attribute. A letter that XML forbids is left out."""
    drawn = etree.fromstring(picture, etree.XMLParser(recover=True, resolve_entities=False))
    for element in drawn.xpath("descendant-or-self::*[@style]"):
        style = element.attrib.pop("style")
        element.set("class", classes.setdefault(style, f"s{len(classes)}"))
    written: str = etree.tostring(drawn, encoding="unicode")
    return written


def policy_of(style: str) -> str:
    """What a browser may do with a page that has this style element and fetches nothing (CSP 3, 2.3.1)."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
