"""The only place where an administrator sees who may use the pages, lets people in, changes them and shuts them out."""

from __future__ import annotations

from starlette.responses import Response

from models.errors import ValuesRefusedError
from models.people import NewPerson, Noted, Person, PersonId, Role
from review.doors import Door
from review.staffing import Hand, as_before, change, hire, invite, is_local
from review.standing import one_line
from review.visit import Visit

PATH = "/people"
ADMINS = frozenset({Role.ADMIN})


def show(visit: Visit) -> Response:
    visit.note(Noted.LIST_SEEN, about="people")
    return _listed(visit)


def add(visit: Visit) -> Response:
    """A person, and the link that lets them in: it stands in this answer and nowhere else."""
    new = _said(visit)
    if new is None:
        return _listed(visit, fault="incomplete")
    try:
        person = hire(_hand(visit), new)
    except ValuesRefusedError:
        return _listed(visit, fault="taken")
    return _told(visit, person, link=invite(_hand(visit), person))


def show_one(visit: Visit) -> Response:
    return _told(visit, _person(visit))


def alter(visit: Visit) -> Response:
    """Login, name, roles and teams. Nobody takes their own key away: somebody must be left who can open."""
    person, new = _person(visit), _said(visit)
    if new is None:
        return _told(visit, person, fault="incomplete")
    if person.id == visit.person.id and Role.ADMIN not in new.roles:
        return _told(visit, person, fault="oneself")
    return _changed(visit, person, new, disabled=person.disabled)


def shut(visit: Visit) -> Response:
    """In or out, as the button says."""
    person, disabled = _person(visit), visit.text("disabled") == "yes"
    if person.id == visit.person.id:
        return _told(visit, person, fault="oneself")
    return _changed(visit, person, as_before(person), disabled=disabled)


def link(visit: Visit) -> Response:
    """A new one; those before are void."""
    person = _person(visit)
    if not is_local(person) or person.disabled:
        return _told(visit, person, fault="no_link")
    return _told(visit, person, link=invite(_hand(visit), person))


def _changed(visit: Visit, person: Person, new: NewPerson, *, disabled: bool) -> Response:
    try:
        change(_hand(visit), person, new, disabled=disabled)
    except ValuesRefusedError:
        return _told(visit, person, fault="taken")
    return visit.go(f"{PATH}/{person.id}")


def _said(visit: Visit) -> NewPerson | None:
    """What the form says; None where a name or a role is missing, or there is no such role or team."""
    roles, teams = _ticked(visit, "role"), _ticked(visit, "team")
    login, name = one_line(visit.form.get("login")).lower(), one_line(visit.form.get("name"))
    if not (login and name and roles) or roles - set(Role) or teams - set(visit.profile.teams):
        return None
    known = visit.asked.get("id")
    person = visit.store.people.numbered(PersonId(known)) if known else None
    return NewPerson(login=login, name=name, roles=frozenset(map(Role, roles)), teams=teams, subject=person.subject if person else None)


def _ticked(visit: Visit, name: str) -> frozenset[str]:
    return frozenset(value for value in visit.form.getlist(name) if isinstance(value, str))


def _listed(visit: Visit, fault: str = "") -> Response:
    return visit.page(
        "people.html", status=422 if fault else 200, people=visit.store.people.all(), fault=fault, is_local=is_local, **_choices(visit)
    )


def _told(visit: Visit, person: Person, fault: str = "", link: str = "") -> Response:
    address = f"{visit.site.address}{link}" if link else ""
    status = 422 if fault else 200
    return visit.page("person.html", status=status, person=person, fault=fault, link=address, local=is_local(person), **_choices(visit))


def _choices(visit: Visit) -> dict[str, dict[str, str]]:
    """Roles and teams with the words that people read."""
    teams = {team: visit.profile.team_title(team, visit.language) for team in visit.profile.teams}
    return {"teams": teams}


def _person(visit: Visit) -> Person:
    return visit.store.people.numbered(PersonId(visit.asked["id"])) or visit.refuse(404)


def _hand(visit: Visit) -> Hand:
    return Hand(store=visit.store, by=visit.person.login, now=visit.now)


DOORS = (
    Door(path=PATH, visit=show, roles=ADMINS),
    Door(path=PATH, visit=add, roles=ADMINS, method="POST"),
    Door(path=f"{PATH}/{{id:row}}", visit=show_one, roles=ADMINS),
    Door(path=f"{PATH}/{{id:row}}", visit=alter, roles=ADMINS, method="POST"),
    Door(path=f"{PATH}/{{id:row}}/link", visit=link, roles=ADMINS, method="POST"),
    Door(path=f"{PATH}/{{id:row}}/disabled", visit=shut, roles=ADMINS, method="POST"),
)
