"""Tickets, parcels, a small corpus and a profile folder of its own, made up for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from classify.fields import Example, Value
from models.kinds import ParcelKind, TicketStatus, TicketType
from models.outcomes import Parcel, ParcelDraft
from models.records import ParcelId, Redacted, TicketId
from models.solutions import Solution, SolutionId, SolutionState
from models.views import TicketView
from tests.support.mails import NOW, mail

FORWARD_ID = "<saksgang.forward@siv.no>"
FACTS = {
    "subject": "Skriver",
    "name": "Kari Moe",
    "text": "Prøv å starte den på nytt.",
    "solution": "Startet på nytt.",
    "reopened": "",
    "label": "Løsning",
    "kind": "forward",
    "type": "hendelse",
    "priority": "3 middels",
    "priority_number": "3",
    "scope": "én bruker",
    "team": "Arbeidsplass",
    "guessed_team": "",
    "also_told": "",
    "confidence": "90%, 80%, 90%",
    "patient_safety": "",
    "change_request": "",
    "unsure": "",
    "too_large": "",
    "encrypted": "",
    "reasons": "Peker mot Arbeidsplass: «skriver».",
    "reporter": "Kari Moe <kari.moe@siv.no>",
    "reporter_language": "nb",
    "opened": "2026-03-02 09:00",
    "due": "2026-03-02 15:00",
    "line": "Til team: månen",
    "known": "Arbeidsplass, Nett",
    "by": "Nett",
    "risk": "ingen påverkan",
    "to_decide": "",
    "declared": "",
    "solutions": "",
    "mails": "17  ikt  2026-03-02 08:55  MIME",
    "mailboxes": "ikt  2026-03-02 08:55  timed out",
    "made": "2025-08-20 09:00",
    "reporters": "5",
    "words": "etiketter, skriver",
    "advice": "Ring 0771-25 10 10.",
    "questions": "- Når skjedde det?",
    "prognosis": "kl. 14",
    "known_fault": "yes",
    "status": "Leverandøren feilsøker.",
    "starts": "2026-03-02 09:00",
    "ends": "2026-03-02 12:00",
    "state": "ongoing",
    "told": "2026-03-02 10:00",
    "cases": "SIV-8 Skriver",
    "service": "DIPS",
    "answer": "Prøv testsiden.",
    "address": "ikt@siv.no",
}
"""Every fact that any template shows."""

PROFILE = """
languages = ["nb", "en"]
default_language = "nb"
doubt_team = "alle"
[automatic]
team = "alle"
scope = "none"
[desk]
title = "Brukerstøtten"
addresses = ["hjelp@fjord.example"]
sender_name = "Hjelp"
case_prefix = "FJO"
staff_domains = ["fjord.example"]
[priorities.1]
nb = "1 kritisk"
[priorities.2]
nb = "2 høy"
[priorities.3]
nb = "3 middels"
[priorities.4]
nb = "4 lav"
[scopes.single]
nb = "én bruker"
[scopes.none]
nb = "ingen"
[teams.alle]
title = { nb = "Alle" }
address = "alle@fjord.example"
"""

BROKEN = (
    "Skriveren er ødelagt og virker ikke",
    "Skjermen er svart og virker ikke",
    "Maskinen henger og virker ikke",
    "Skriveren henger og er ødelagt",
)
WISHED = (
    "Kan jeg bestille ny pc til kontoret",
    "Vi ønsker å bestille ny skjerm",
    "Jeg vil bestille ny telefon",
    "Vi ønsker ny lisens til kontoret",
)


def ticket(**changes: Any) -> TicketView:
    """Kari's open ticket with the team `arbeidsplass`, forwarded under `FORWARD_ID`."""
    values: dict[str, Any] = {
        "id": TicketId(7),
        "account": "ikt",
        "status": TicketStatus.OPEN,
        "type": TicketType.INCIDENT,
        "priority": 3,
        "team": "arbeidsplass",
        "previous_team": None,
        "service": None,
        "reporter_kind": None,
        "opened_at": NOW,
        "due_at": None,
        "waiting_since": None,
        "acknowledged_at": None,
        "subject": "Skriver",
        "language": "nn",
        "reporter": "kari.moe@siv.no",
        "solution": None,
        "risk": None,
        "patient_safety": False,
        "scope": "single",
        "incident": None,
        "offered": False,
        "solution_id": None,
        "message_id": "<first@siv.no>",
        "participants": frozenset({"kari.moe@siv.no", "per@kommune.example"}),
        "team_message_ids": frozenset({FORWARD_ID}),
    }
    return TicketView(**(values | changes))


def solution(number: int, text: str) -> Solution:
    """A confirmed one that solved one case."""
    return Solution(
        id=SolutionId(number),
        state=SolutionState.CONFIRMED,
        public=False,
        text=Redacted(text),
        version=1,
        cases=1,
        worked=1,
        failed=0,
        used_at=NOW,
    )


def parcel(kind: ParcelKind = ParcelKind.RECEIPT, *, original: bytes | None = None, **changes: Any) -> Parcel:
    """A parcel of any kind with all facts; more facts or other values by name."""
    facts = {**FACTS, **changes.pop("facts", {})}
    values: dict[str, Any] = {"kind": kind, "to": "kari.moe@siv.no", "language": "nb", "facts": facts, "in_reply_to": "<first@siv.no>"}
    return Parcel(
        id=ParcelId(1),
        ticket=TicketId(7),
        profile="siv",
        message_id="<saksgang.1@siv.no>",
        draft=ParcelDraft(**(values | changes)),
        original=original,
        attempts=0,
        doubted=False,
        created_at=NOW,
    )


def corpus(*fields: str) -> list[Example]:
    """Forty mails by five writers, easy to tell apart; only the named labels are kept, all of them where none is named."""
    examples = []
    for number in range(20):
        broken: dict[str, Value] = {"type": "hendelse", "priority": 1, "team": "arbeidsplass", "scope": "single", "patient_safety": False}
        wished: dict[str, Value] = {"type": "bestilling", "priority": 4, "team": "innkjop", "scope": "single", "patient_safety": False}
        for text, labels in ((BROKEN[number % 4], broken), (WISHED[number % 4], wished)):
            kept = {field: value for field, value in labels.items() if not fields or field in fields}
            made = mail(message_id=f"<{labels['type']}-{number}@siv.no>", subject="", text=f"{text} nummer {number}")
            examples.append(Example(mail=made, labels=kept, group=f"writer-{number % 5}", organisation="siv"))
    return examples


def write_profile(folder: Path, text: str = PROFILE, **files: str) -> str:
    """A profile folder of a user's own, as `--profile` takes it; more `.toml` files by name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"profile": text, **files}.items():
        (folder / f"{name}.toml").write_text(content, encoding="utf-8")
    return str(folder)
