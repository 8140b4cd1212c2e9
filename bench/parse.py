"""`make bench-parse`: mails a CPU second through the parser as a library call, and the slowest mails."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bench.mails import mails_of
from ingest.fingerprint import fingerprint
from ingest.parse import parse_mail
from models.errors import MailUnreadableError

MAILS = 2_000
SHOWN = 5


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--mails", type=Path, help="a folder of .eml files or a Maildir to read instead of our own")
    words.add_argument("--rounds", type=int, default=3)
    given = words.parse_args()
    contents = list(_contents(given.mails))
    for _ in range(given.rounds):
        costs = sorted(((_cost(content), name) for name, content in contents), reverse=True)
        total = sum(cost for cost, _ in costs)
        print(
            f"{len(costs)} mails, {sum(len(content) for _, content in contents) / 1e6:.0f} MB: {len(costs) / total:.0f} mails a CPU second"
        )
    print("slowest: " + ", ".join(f"{name} {cost * 1000:.1f} ms" for cost, name in costs[:SHOWN]))


def _contents(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    if folder is not None and not (folder / "cur").is_dir():
        yield from ((file.name, file.read_bytes()) for file in sorted(folder.rglob("*.eml")))
        return
    yield from ((f"mail {number}", content) for number, content in enumerate(mails_of(folder, MAILS)))


def _cost(content: bytes) -> float:
    """CPU seconds for one mail."""
    began = time.process_time()
    with suppress(MailUnreadableError):
        parse_mail(content, fingerprint(content))
    return time.process_time() - began


if __name__ == "__main__":
    main()
