"""The only place where the HTML that a stranger sent becomes safe to show: no script, no style, nothing fetched from anywhere."""

from __future__ import annotations

import nh3

from ingest.body import read_markup, sort_parts
from ingest.charset import clean
from ingest.markup import MARKUP_LIMIT
from ingest.mime import read_tree
from models.records import SafeHtml

MOST_TAGS = 10_000
"""Beyond it a mail is shown as text: the sanitiser's time grows with the square of the depth (0.3 s for 10,000 nested, 173 s for 200,000)."""

TAGS = {
    "a", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
LINKS = {"http", "https", "mailto", "tel"}
"""A link is followed by a person's click alone."""
WITHIN = "cid:"
"""The one source of a picture that is kept: a part of the same mail (RFC 2392)."""

_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={*LINKS, WITHIN.rstrip(":")},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
    attribute_filter=lambda _tag, name, value: _kept(name, value),
)


def safe_html(content: bytes) -> SafeHtml | None:
    """A mail's HTML with everything taken out that acts, hides or fetches; None where the mail has none that can be shown.

    What is left names pictures by `cid:` alone. A mail in text, in winmail.dat, or with more than `MOST_TAGS` tags is shown
    by its text.
    """
    found = sort_parts(read_tree(content))
    parts = [part for part in (*found.texts, *found.twins) if part.content_type == "text/html"]
    markup = clean("\n".join(read_markup(part) for part in parts)[:MARKUP_LIMIT])
    if not markup.strip() or markup.count("<") > MOST_TAGS:
        return None
    return SafeHtml(_CLEANER.clean(markup))


def _kept(name: str, value: str) -> str | None:
    """A picture's source and a link's target have nothing in common but that both are addresses."""
    if name == "src":
        return value if value.lower().startswith(WITHIN) else None
    if name == "href" and value.lower().startswith(WITHIN):
        return None
    return value
