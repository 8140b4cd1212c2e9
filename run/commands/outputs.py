"""The only place for the JSON lines that outside scripts read: how values are written, and the shapes of `parse` and `classify`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from models.records import Guess, Mail, Refusal, Verdict


def line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, default=_written)


def parsed(id: str, mail: Mail, refusal: Refusal | None) -> dict[str, Any]:
    return {
        "id": id,
        "message_id": mail.message_id,
        "from_address": mail.sender.address,
        "from_name": mail.sender.name,
        "to": [person.address for person in mail.to],
        "cc": [person.address for person in mail.cc],
        "date": mail.date,
        "subject": mail.subject,
        "text": mail.text,
        "visible_reply": mail.visible_reply,
        "points_down": mail.points_down,
        "attachments": [
            {"name": part.name, "content_type": part.content_type, "bytes": part.size, "inline": part.inline} for part in mail.attachments
        ],
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "auto": refusal.kind if refusal else None,
        "encrypted": mail.signals.encrypted,
        "language": mail.language,
    }


def classified(id: str, verdict: Verdict) -> dict[str, Any]:
    decided: dict[str, Guess[Any]] = {"type": verdict.type, "priority": verdict.priority, "team": verdict.team}
    return {
        "id": id,
        "type": verdict.type.value,
        "priority": verdict.priority.value,
        "scope": verdict.scope.value,
        "team": verdict.team.value,
        "service": verdict.service,
        "reporter": verdict.reporter,
        "language": verdict.language,
        "patient_safety": verdict.patient_safety,
        "change_request": verdict.change_request,
        "is_auto": verdict.is_auto,
        "confidence": {field: round(guess.confidence, 4) for field, guess in decided.items()},
        "review": verdict.review,
        "method": {field: guess.method for field, guess in decided.items()},
        "reasons": list(verdict.reasons),
    }


def failed(id: str, error: str) -> dict[str, Any]:
    return {"id": id, "error": error}


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a line of JSON")
