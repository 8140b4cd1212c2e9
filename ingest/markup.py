"""The only place where HTML mail becomes text, told apart into what is new, what is quoted and what is signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

from lxml import etree

from ingest.charset import clean
from ingest.lexicon import starts_header_block

MARKUP_LIMIT = 2**20
"""Characters of HTML that are read."""

MARKS = (
    b"gmail_quote", b"gmail_signature", b"divrplyfwdmsg", b"appendonsend", b'type="cite"', b"type=cite", b"type='cite'", b"moz-cite-prefix",
    b"moz-signature", b"yahoo_quoted", b"protonmail_quote", b"zmail_extra", b"_mailoriginal", b"border-top:solid", b"border-top: solid",
    b"mail-editor-reference-message", b'id="signature"', b"ms-outlook-mobile", b"tutanota_quote", b"olk_src_body", b"ox-quote",
    b"isforwardcontent", b"border-top: 1px solid", b"mobile-signature", b"border-width:1pt",
)  # fmt: skip
"""One of these stands in the lower-case bytes of HTML that tells where quoted matter or a signature is."""


SIGNATURE_LIMIT = 500
"""Characters of a signature; people who write more have put the cursor inside it."""


class Zone(Enum):
    OWN = 0
    QUOTED = 1
    SIGNATURE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlText:
    """`text` is all that a reader sees, `own` what the markup shows to be new; `marked` where it shows anything at all."""

    text: str
    own: str
    quoted: str
    marked: bool


_QUOTE_CLASSES = re.compile(
    r"\b(?:x_)?(?:gmail_attr|gmail_quote|moz-cite-prefix|moz-forward-container|yahoo_quoted|protonmail_quote|zmail_extra|tutanota_quote|ox-quote"
    r"|gmail_quote_container)\b"
)
_QUOTE_IDS = re.compile(
    r"^(?:x_)*(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|isForwardContent)$", re.IGNORECASE
)
_SIGNATURE_CLASSES = re.compile(r"\b(?:gmail_signature|moz-signature|protonmail_signature_block|tutanota-signature)\b")
_SIGNATURE_IDS = re.compile(
    r"^(?:x_)*(?:signature|ms-outlook-mobile-(?:body-separator-line|signature)|[\w-]*mobile-?signature)$", re.IGNORECASE
)
_BORDER = re.compile(r"border-top:\s*(?:solid|1px solid|#)|border-width:\s*1\.?0?pt (?:medium|0)", re.IGNORECASE)
_HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all", re.IGNORECASE)
_NO_MARGIN = re.compile(r"margin(?:-bottom)?:\s*0", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_MANY_BLANKS = re.compile(r"\n{3,}")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SKIPPED = frozenset(("script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "select", "iframe"))
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_HEADINGS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6"])
_OPENING_PIECES = 60
_OPENING_TEXT = 400
"""Characters looked at to tell a block of forwarded headers from a line drawn for beauty."""


def is_marked(markup: bytes) -> bool:
    """Whether reading the HTML would tell more about quotes than its plain twin does."""
    lower = markup[:MARKUP_LIMIT].lower()
    return any(mark in lower for mark in MARKS)


def read_html(markup: str) -> HtmlText:
    """Text of any HTML; tags are cut out where the parser gives up."""
    markup = clean(markup[:MARKUP_LIMIT])
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, recover=True, huge_tree=True)
    try:
        root = etree.fromstring(markup.encode("utf-8"), parser)
    except (etree.LxmlError, ValueError, AssertionError):
        root = None
    if root is None:
        return _stripped(markup)
    writer = _Writer()
    _walk(root, writer)
    text = writer.joined(*Zone)
    if not text and len(_TAG.sub("", markup).strip()) > _OPENING_TEXT:
        return _stripped(markup)
    signature = writer.joined(Zone.SIGNATURE)
    written_within = "?" in signature or len(signature) > SIGNATURE_LIMIT
    own = writer.joined(Zone.OWN, Zone.SIGNATURE) if written_within else writer.joined(Zone.OWN)
    return HtmlText(text=text, own=own, quoted=writer.joined(Zone.QUOTED), marked=writer.marked)


def _stripped(markup: str) -> HtmlText:
    text = _tidy(_TAG.sub(" ", markup))
    return HtmlText(text=text, own=text, quoted="", marked=False)


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in clean(text).replace("\xa0", " ").split("\n")]
    return _MANY_BLANKS.sub("\n\n", "\n".join(lines)).strip()


@dataclass(slots=True)
class _Writer:
    """Collects text with the zone it stands in; knows how many line ends are due before the next word."""

    pieces: list[tuple[Zone, str]] = field(default_factory=list)
    zone: Zone = Zone.OWN
    due: int = 0
    fresh: bool = True  # at the beginning of a line
    marked: bool = False

    def write(self, text: str, *, preformatted: bool = False) -> None:
        if not preformatted:
            text = _SPACE.sub(" ", text)
            if self.fresh or self.due:
                text = text.lstrip(" ")
        if not text:
            return
        if self.due and self.pieces:
            self.pieces.append((self.zone, "\n" * self.due))
        self.due = 0
        self.pieces.append((self.zone, text))
        self.fresh = text[-1] in " \n"

    def newline(self) -> None:
        self.pieces.append((self.zone, "\n" * (self.due + 1)))
        self.due, self.fresh = 0, True

    def demand(self, lines: int) -> None:
        self.due = max(self.due, lines - (1 if lines == 1 and self._ended() else 0))

    def _ended(self) -> bool:
        return bool(self.pieces) and self.pieces[-1][1].endswith("\n")

    def enter(self, zone: Zone) -> None:
        if zone is not self.zone:
            self.demand(1)
            self.zone = zone
        self.marked = True

    def joined(self, *zones: Zone) -> str:
        return _tidy("".join(text for zone, text in self.pieces if zone in zones))


def _walk(root: etree._Element, writer: _Writer) -> None:
    """Depth first without recursion. Each element that changes the zone gives it back at its end, but for a history
    that runs to the end of the mail."""
    zones: dict[etree._Element, Zone] = {}
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        if event == "start":
            if _is_skipped(element):
                events.skip_subtree()
                continue
            _enter_zone(element, writer, zones)
            _open(element, writer)
            continue
        _close(element, writer)
        if element in zones:
            _leave_zone(element, writer, zones.pop(element))
        if element.tail:
            writer.write(element.tail, preformatted=_within_pre(element.getparent()))


def _is_skipped(element: etree._Element) -> bool:
    style = element.get("style")
    return element.tag in _SKIPPED or bool(style and "none" in style and _HIDDEN.search(style))


def _enter_zone(element: etree._Element, writer: _Writer, zones: dict[etree._Element, Zone]) -> None:
    zone = _zone_of(element) if writer.zone is Zone.OWN and element.attrib else None
    if zone is not None:
        zones[element] = writer.zone
        writer.enter(zone)


def _leave_zone(element: etree._Element, writer: _Writer, before: Zone) -> None:
    if not (writer.zone is Zone.QUOTED and _runs_to_end(element)):
        writer.enter(before)


def _runs_to_end(element: etree._Element) -> bool:
    """Outlook marks only where history begins, not where it ends."""
    return element.tag != "blockquote" and not _QUOTE_CLASSES.search(element.get("class", ""))


def _zone_of(element: etree._Element) -> Zone | None:
    css, ident, style = element.get("class", ""), element.get("id", ""), element.get("style", "")
    if _SIGNATURE_CLASSES.search(css) or _SIGNATURE_IDS.match(ident):
        return Zone.SIGNATURE
    if _QUOTE_CLASSES.search(css):
        return None if _holds_answers(element, css) else Zone.QUOTED
    if _QUOTE_IDS.match(ident) or element.get("name") == "_MailOriginal" or _is_cite(element, style):
        return Zone.QUOTED
    if style and _BORDER.search(style) and starts_header_block(_opening(element)):
        return Zone.QUOTED
    return None


def _opening(element: etree._Element) -> str:
    """The first words within an element, without walking over all of it."""
    return "".join(islice(element.itertext(), _OPENING_PIECES))[:_OPENING_TEXT]


def _is_cite(element: etree._Element, style: str) -> bool:
    return element.tag == "blockquote" and (element.get("type") == "cite" or "border-left" in style)


def _holds_answers(element: etree._Element, css: str) -> bool:
    """Gmail puts answers between the quoted pieces into the same element as these: then the pieces alone are quoted."""
    return "gmail_quote" in css and element.tag == "div" and any(child.tag == "blockquote" for child in element)


def _open(element: etree._Element, writer: _Writer) -> None:
    tag = element.tag
    if tag == "br":
        writer.newline()
    elif tag in _HEADINGS:
        writer.demand(_paragraph_lines(element))
    elif tag in _BLOCKS:
        writer.demand(1)
        if tag == "li":
            writer.write("- ")
    elif tag in ("td", "th") and not writer.fresh and not writer.due:
        writer.write(" ")
    if element.text:
        writer.write(element.text, preformatted=tag == "pre" or _within_pre(element))


def _close(element: etree._Element, writer: _Writer) -> None:
    if element.tag in _HEADINGS:
        writer.demand(_paragraph_lines(element))
    elif element.tag in _BLOCKS:
        writer.demand(1)


def _paragraph_lines(element: etree._Element) -> int:
    """An Office paragraph stands without a blank line around it."""
    return 1 if "Mso" in element.get("class", "") or _NO_MARGIN.search(element.get("style", "")) else 2


def _within_pre(element: etree._Element | None) -> bool:
    return element is not None and element.tag in ("pre", "textarea")
