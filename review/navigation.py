"""The only place that says which pages stand in the head of every page, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from models.people import EVERYONE, Person, Role

ADMINS = frozenset({Role.ADMIN})
LEADS = frozenset({Role.LEAD, Role.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page; `key` names its word in the table `site` of `data/pages`."""

    path: str
    key: str
    roles: frozenset[Role] = EVERYONE


ENTRIES = (
    Entry(path="/", key="home"),
    Entry(path="/queue", key="queue", roles=frozenset({Role.LEAD})),
    Entry(path="/cases", key="cases"),
    Entry(path="/incidents", key="incidents"),
    Entry(path="/solutions", key="solutions", roles=frozenset({Role.LEAD, Role.ANALYST, Role.MEMBER})),
    Entry(path="/repeats", key="repeats", roles=frozenset({Role.LEAD, Role.ANALYST})),
    Entry(path="/analyse", key="analyse", roles=frozenset({Role.LEAD, Role.ANALYST})),
    Entry(path="/post", key="post", roles=LEADS),
    Entry(path="/shadow", key="shadow", roles=frozenset({Role.ANALYST, *LEADS})),
    Entry(path="/learning", key="learning", roles=LEADS),
    Entry(path="/people", key="people", roles=ADMINS),
    Entry(path="/audit", key="audit", roles=ADMINS),
    Entry(path="/settings", key="settings", roles=LEADS),
)


def entries_for(person: Person) -> list[Entry]:
    return [entry for entry in ENTRIES if entry.roles & person.roles]
