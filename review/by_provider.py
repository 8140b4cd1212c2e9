"""The only place where people come in by an identity provider, and go out there again."""

from __future__ import annotations

import hmac
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from models.errors import ProviderError, ValuesRefusedError
from models.people import NewPerson, Noted, Person
from review.attempt import LASTS, Attempt, unseal
from review.doors import SIGN_IN, Door, cookie_name, drop_cookie, set_cookie
from review.sign_in import welcome
from review.staffing import BY_PROVIDER, Hand, as_before, change, hire
from review.standing import Denial, standing
from review.tries import may_ask
from review.visit import Entrance, Site, Visit, inside

BEGIN = f"{SIGN_IN}/provider"
BACK = f"{SIGN_IN}/back"
STATUS = {"away": 503, "stale": 400, "untrue": 403, "denied": 403}


def begin(visit: Visit) -> Response:
    """To the provider, with a cookie that knows the way back."""
    means = _means(visit)
    attempt = Attempt.begin(inside(visit.query.get("next", "")), visit.now)
    try:
        address = means.provider.begin(attempt)
    except ProviderError as error:
        return _failed(visit, error)
    answer = RedirectResponse(address, status_code=303)
    set_cookie(answer, visit.site, _cookie(visit.site), attempt.seal(means.key), LASTS)
    return answer


def back(visit: Visit) -> Response:
    """From the provider. An answer counts once, in the browser that asked, and what it says is asked of the provider itself."""
    if not may_ask(visit.peer):
        visit.refuse(429)
    answer = _answered(visit)
    drop_cookie(answer, visit.site, _cookie(visit.site))
    return answer


def _answered(visit: Visit) -> Response:
    means = _means(visit)
    attempt = unseal(visit.cookies.get(_cookie(visit.site), ""), means.key, visit.now)
    if attempt is None or not _same(visit.query.get("state", ""), attempt.state):
        return _refused(visit, "stale")
    issuer = means.provider.registration.issuer
    if visit.query.get("iss", issuer) != issuer:  # RFC 9207, 2.4
        return _refused(visit, "untrue")
    if "code" not in visit.query:
        return _refused(visit, "denied")
    try:
        claims = means.provider.claims(visit.query["code"], attempt, visit.now, means.grants.claim)
    except ProviderError as error:
        return _failed(visit, error)
    subject = claims["iss"], claims["sub"]
    found = standing(claims, means.grants)
    if found is Denial.NO_ROLE:
        _shut_out(visit, subject)
    person = found if isinstance(found, Denial) else _admitted(visit, found, subject)
    if isinstance(person, Denial):
        return _refused(visit, person)
    return welcome(visit, person, attempt.next, "provider")


def _admitted(visit: Visit, found: NewPerson, subject: tuple[str, str]) -> Person | Denial:
    """As the provider sees them at this hour. A login that is somebody else's is never taken over, whoever says so."""
    people, hand = visit.store.people, _hand(visit)
    known = people.known(*subject)
    try:
        if known is None:
            return hire(hand, found)
    except ValuesRefusedError:
        return Denial.NAME_TAKEN
    if known.disabled:
        return Denial.DISABLED
    try:
        change(hand, known, found)
    except ValuesRefusedError:  # their new name is taken: they keep the old one
        change(hand, known, replace(found, login=known.login))
    return known


def _shut_out(visit: Visit, subject: tuple[str, str]) -> None:
    """Who has lost their roles is out in every browser."""
    known = visit.store.people.known(*subject)
    if known:
        bare = replace(as_before(known), roles=frozenset(), teams=frozenset())
        change(_hand(visit), known, bare, disabled=known.disabled)
        visit.store.people.end_sessions(known.id)


def _hand(visit: Visit) -> Hand:
    return Hand(store=visit.store, by=BY_PROVIDER, now=visit.now)


def _means(visit: Visit) -> Entrance:
    if visit.site.entrance is None:
        raise HTTPException(404)
    return visit.site.entrance


def _failed(visit: Visit, error: ProviderError) -> Response:
    return _refused(visit, "away" if error.away else "untrue", fault=str(error))


def _refused(visit: Visit, why: str, fault: str = "") -> Response:
    visit.note(Noted.REFUSED, about="provider", why=str(why), fault=fault)
    return visit.page("refused.html", status=STATUS.get(why, 403), why=str(why))


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


def _cookie(site: Site) -> str:
    return f"{cookie_name(site)}-attempt"


DOORS = (
    Door(path=BEGIN, visit=begin, roles=frozenset()),
    Door(path=BACK, visit=back, roles=frozenset()),
)
