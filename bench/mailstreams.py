"""Mails with known faults among them as streams of cases: as they are dated, at other densities, among look-alikes, and with bursts."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from classify.chain import Classifiers, classify
from ingest.redact import redact
from models.kinds import TicketType
from models.profiles import DATA, load_profile
from models.records import Redacted, TicketId
from models.repeats import Case
from run.inputs import inputs_of
from run.settings import load_environment
from run.wire import find_model

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TYPE_MISSED, TYPE_FALSE, SERVICE_WRONG = 0.08, 0.05, 0.12
"""So often a classifier takes an incident for something else, something else for an incident, and one service for another."""
BURST_HOURS = (1.5, 5, 12, 30)
LOOK_ALIKES, STRANGERS = 3, 2
"""For each fault, in the streams with look-alikes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A case and the fault that it reports, None where it reports none that others report too. `writer` names the file."""

    case: Case
    fault: str | None
    writer: str


Stream = list[Mail]


def organisations() -> list[str]:
    return sorted(path.name for path in (DATA / "corpus").iterdir() if path.is_dir())


def corpus(organisation: str) -> Stream:
    """With labels as they were given."""
    files = sorted((DATA / "corpus" / organisation).glob("*.jsonl"))
    rows = [(file.stem, given.row or {}, given.read()) for file in files for given in inputs_of([str(file)])]
    found = []
    for number, (writer, row, mail) in enumerate(rows, 1):
        if not row["is_auto"]:
            told = {"type": row["type"], "service": row.get("service"), "team": row.get("team") or row["line"]}
            case = _case(number, datetime.fromisoformat(row["date"]), mail.sender.address, mail.safe_text, told)
            found.append(Mail(case=case, fault=_fault(writer, row), writer=writer))
    return found


def judged(files: Sequence[Path]) -> dict[str, Stream]:
    """Labelled mails by organisation, that of a line or else of its folder; type, service and team are what the shipped classifier says of them."""
    by_organisation = defaultdict[str, list[tuple[str, Mapping[str, str], datetime]]](list)
    mails = defaultdict(list)
    for file in files:
        for given in inputs_of([str(file)]):
            row = given.row or {}
            organisation = row.get("org", file.parent.name)
            by_organisation[organisation].append((file.stem, row, datetime.fromisoformat(row["date"])))
            mails[organisation].append(given.read())
    found = {}
    for organisation, rows in by_organisation.items():
        profile = load_profile(organisation)
        classifiers = Classifiers.of(profile, find_model(profile, load_environment().trained, print))
        verdicts = classify(mails[organisation], classifiers)
        stream = []
        for number, ((writer, row, at), mail, verdict) in enumerate(zip(rows, mails[organisation], verdicts, strict=True), 1):
            if verdict.is_auto:
                continue
            told = {"type": verdict.type.value, "service": verdict.service, "team": verdict.team.value}
            case = _case(number, at, mail.sender.address, mail.safe_text, told)
            stream.append(Mail(case=case, fault=_fault(writer, row), writer=writer))
        found[organisation] = stream
    return found


def held_out(pattern: str) -> list[Path]:
    """Files of mails that nothing learns from, by the beginning of their names: `f` as such faults come, `x` hard."""
    return sorted((DATA / "held-out").glob(f"*/{pattern}*.jsonl"))


def _fault(writer: str, row: Mapping[str, str]) -> str | None:
    return f"{writer} {row['repeat_group']}" if row.get("repeat_group") else None


def _case(number: int, at: datetime, reporter: str, text: Redacted, told: Mapping[str, str | None]) -> Case:
    return Case(
        ticket=TicketId(number),
        at=at.astimezone(UTC),
        type=TicketType(str(told["type"])),
        service=told["service"],
        team=str(told["team"]),
        priority=3,
        reporter=reporter,
        text=text,
    )


def bursts(organisation: str) -> Iterator[Stream]:
    """The bursts written by hand, all mails of one at the same moment."""
    rows = defaultdict[str, list[dict[str, str]]](list)
    for line in (DATA / "samples" / "bursts" / f"{organisation}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rows[row["burst"]].append(row)
    for name, mails in rows.items():
        yield [
            Mail(
                case=_case(0, BEGIN, row["id"], redact(f"{row['subject']}\n{row['body']}"), _told_of(row)),
                fault=f"burst {name}",
                writer="burst",
            )
            for row in mails
        ]


def _told_of(row: Mapping[str, str]) -> dict[str, str | None]:
    return {"type": TicketType.INCIDENT, "service": row["service"], "team": row["service"]}


def as_from_classifier(stream: Stream, order: random.Random) -> Stream:
    """The same with types and services as wrong as a classifier's; numbered anew in order of time."""
    services = [(mail.case.service, mail.case.team) for mail in stream]
    found = []
    for mail in stream:
        case, incident = mail.case, mail.case.type is TicketType.INCIDENT
        if order.random() < (TYPE_MISSED if incident else TYPE_FALSE):
            case = replace(case, type=TicketType.REQUEST if incident else TicketType.INCIDENT)
        if order.random() < SERVICE_WRONG:
            service, team = order.choice(services)
            case = replace(case, service=service, team=team)
        found.append(replace(mail, case=case))
    return numbered(found)


def numbered(stream: Stream) -> Stream:
    """Numbered anew in order of time."""
    found = sorted(stream, key=lambda mail: (mail.case.at, mail.case.reporter, mail.case.text))
    return [replace(mail, case=replace(mail.case, ticket=TicketId(number))) for number, mail in enumerate(found, 1)]


def with_bursts(stream: Stream, organisation: str, order: random.Random) -> Stream:
    found = list(stream)
    for burst in bursts(organisation):
        begin, hours = order.choice(stream).case.at, order.choice(BURST_HOURS)
        found += [moved(mail, begin + order.uniform(0, hours) * HOUR) for mail in burst]
    return found


def moved(mail: Mail, at: datetime) -> Mail:
    return replace(mail, case=replace(mail.case, at=at))


def squeezed(stream: Stream, a_day: float, order: random.Random) -> Stream:
    """So many mails a day: each fault, and each mail of none, begins on a day drawn by lot; hours and the time within a fault stay."""
    days = max(1, round(len(stream) / a_day))
    found = []
    for unit in _units(stream):
        first = min(mail.case.at for mail in unit)
        begin = BEGIN + order.randrange(days) * DAY + (first - first.replace(hour=0, minute=0, second=0, microsecond=0))
        found += [moved(mail, begin + (mail.case.at - first)) for mail in unit]
    return found


def among_look_alikes(stream: Stream, a_day: float, order: random.Random) -> Stream:
    """Each fault with some cases of its service that share the most words with it, dated around it, and some others: harder than life."""
    units = list(_units(stream))
    faults = [unit for unit in units if unit[0].fault]
    others = [unit[0] for unit in units if not unit[0].fault]
    order.shuffle(faults)
    days = sum(len(unit) + LOOK_ALIKES + STRANGERS for unit in faults) / a_day
    found, used = Stream(), set[Redacted]()
    for unit in faults:
        begin = BEGIN + order.random() * days * DAY
        first = min(mail.case.at for mail in unit)
        found += [moved(mail, begin + (mail.case.at - first)) for mail in unit]
        near = [mail for mail in _nearest(unit, others) if mail.case.text not in used and order.random() < 0.6][:LOOK_ALIKES]
        far = order.sample(others, STRANGERS)
        used.update(mail.case.text for mail in near)
        found += [moved(mail, begin + order.uniform(*order.choice([(-6, 30), (-60, 80)])) * HOUR) for mail in near]
        found += [moved(mail, BEGIN + order.random() * days * DAY) for mail in far]
    return found


def _nearest(unit: Stream, others: Stream) -> list[Mail]:
    words = {word for mail in unit for word in _stems(mail.case.text)}
    about = unit[0].case.about

    def nearness(mail: Mail) -> float:
        own = _stems(mail.case.text)
        return len(words & own) / (len(own) + 10) + 0.1 * (mail.case.about == about)

    return sorted(others, key=lambda mail: (-nearness(mail), mail.case.text))[:60]


def _stems(text: str) -> set[str]:
    return {word[:6].lower() for word in text.split() if len(word) > 4}


def _units(stream: Stream) -> Iterator[Stream]:
    units = defaultdict[str | int, Stream](Stream)
    for place, mail in enumerate(stream):
        units[mail.fault or place].append(mail)
    yield from units.values()
