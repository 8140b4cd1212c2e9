"""Pages as people see them in a real browser: the only place for what every such test asks of a page, and for browsers in which somebody is signed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page

from models.people import Person, Role
from tests.support.pages import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How somebody sees a page. `width` is in CSS pixels."""

    scheme: Literal["light", "dark"]
    width: int
    language: str


LOOKS = (Look(scheme="light", width=1280, language="nb"), Look(scheme="dark", width=320, language="sv"))
"""Every scheme and every width once: in our style sheets colours do not follow the width, nor sizes the scheme."""

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
    "iframes": False,
}
"""WCAG 2.0 to 2.2, A and AA (2.2 brought no rule at A that a machine can check), and what is good practice. What lies in a frame is asked for by itself."""

TOO_WIDE = """
document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
  : [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 80))
"""
SMALL = """
[...document.querySelectorAll('main :is(a, button, input, select, summary)')]
  .filter(one => !(one.matches('a:not(.button)') && one.closest('p, li, dd, th, td')))
  .filter(one => { const box = (one.closest('label') || one).getBoundingClientRect(); return box.width && (box.width < 24 || box.height < 24) })
  .map(one => one.outerHTML.slice(0, 80))
"""
"""WCAG 2.2, 2.5.8. A link among words may be as high as its line."""

UNFOLD = "document.querySelectorAll('details:not(header *)').forEach(one => one.open = true)"


def faults(page: Page, looks: Sequence[Look] = LOOKS) -> list[str]:
    """What the page does wrong in these looks: rules that it breaks, what is wider than the window, targets under 24 pixels."""
    found = []
    for look in looks:
        put_on(page, look)
        wrong = [
            *broken_rules(page),
            *(f"too wide: {one}" for one in page.evaluate(TOO_WIDE)),
            *(f"small: {one}" for one in page.evaluate(SMALL)),
        ]
        found += [f"{look.scheme} {look.width} {page.url}: {words}" for words in wrong]
    return found


def put_on(page: Page, look: Look) -> None:
    """The page in this look's colours and width. Its language is the person's choice: see `signed_in`."""
    page.emulate_media(color_scheme=look.scheme)
    page.set_viewport_size({"width": look.width, "height": 900})


def broken_rules(place: Page | Frame) -> list[str]:
    """What axe finds, as it stands now; it is put into a document only once."""
    if not place.evaluate("'axe' in window"):
        place.evaluate(AXE_SCRIPT)
    rules: list[dict[str, Any]] = place.evaluate("async rules => (await axe.run(rules)).violations", RULES)
    return [f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in rules for node in rule["nodes"]]


@contextmanager
def opened(browser: Browser, home: str, *, guests: tuple[str, ...] = (), allowing: str | None = None, **choices: Any) -> Iterator[Page]:
    """An empty page for what lies under the address `home`. At its end it has asked for nothing elsewhere and the browser had nothing to complain of.

    `guests` are addresses that people are led to, and what those pages do is theirs; `allowing` is a word of a complaint that the test provokes; the choices are Playwright's.
    """
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}, "locale": "nb", "reduced_motion": "reduce"} | choices))
    page, elsewhere, complaints = context.new_page(), list[str](), list[str]()

    def hear(message: ConsoleMessage) -> None:
        if not message.location["url"].startswith(guests):
            complaints.append(message.text)

    page.on("request", lambda request: None if request.url.startswith((home, "data:", "blob:", *guests)) else elsewhere.append(request.url))
    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    unwanted = [*elsewhere, *(words for words in complaints if allowing is None or allowing not in words)]
    assert not unwanted, "\n".join(unwanted)


@contextmanager
def signed_in(
    browser: Browser, desk: Desk, login: str, *roles: Role, language: str = "nb", allowing: str | None = None, **choices: Any
) -> Iterator[Page]:
    """An empty page of this person, who is hired where nobody has the name; else as `opened`."""
    person = desk.store.people.find(login) or desk.hire(login, *roles)
    desk.store.people.speak(person.id, language)
    with opened(browser, desk.address, allowing=allowing, **choices) as page:
        page.context.add_cookies([{"name": "saksgang", "value": session_of(desk, person), "url": desk.address}])
        yield page


def session_of(desk: Desk, person: Person) -> str:
    """The secret of a new session, as its cookie holds it."""
    now = desk.site.clock()
    return desk.store.people.begin_session(person.id, now, now + timedelta(hours=9))
