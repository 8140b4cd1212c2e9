"""Two thousand mails to measure with: a folder of one's own, or mails of the corpus dressed as clients send them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from models.profiles import DATA

SHARE_WITH_HTML = 0.4
SHARE_WITH_FILE = 0.12
FILE_BYTES = (20_000, 600_000)


def mails_of(folder: Path | None, count: int) -> Iterator[bytes]:
    """The files of a Maildir in order of their names, or mails made here: the same in every run."""
    if folder is not None:
        files = sorted(file for part in ("new", "cur") for file in (folder / part).iterdir())
        yield from (file.read_bytes() for file in files[:count])
        return
    chance = random.Random(1)
    rows = [json.loads(line) for file in sorted((DATA / "corpus" / "siv").glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    rows = [row for row in rows if not row["is_auto"]]
    for number in range(count):
        yield _dressed(rows[number % len(rows)], number, chance)


def _dressed(row: dict[str, str], number: int, chance: random.Random) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Kari Moe <sender{number}@siv.no>"
    message["To"] = "ikt@siv.no"
    message["Subject"] = " ".join(row["subject"].split())
    message["Date"] = "Mon, 02 Mar 2026 08:55:00 +0100"
    message["Message-ID"] = f"<bench-{number}@siv.no>"
    message.set_content(row["body"], charset=chance.choice(["utf-8", "iso-8859-1"]) if row["body"].isascii() else "utf-8")
    if chance.random() < SHARE_WITH_HTML:
        paragraphs = "".join(f"<p class=MsoNormal>{line}</p>" for line in row["body"].splitlines())
        message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    if chance.random() < SHARE_WITH_FILE:
        message.add_attachment(chance.randbytes(chance.randint(*FILE_BYTES)), maintype="image", subtype="png", filename="skjermbilde.png")
    return message.as_bytes()
