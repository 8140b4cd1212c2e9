"""`make bench-import`: earlier cases taken over from a CSV, with all labels, the same file again, and with none: seconds, rows a second, peak memory."""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.cost import Cost
from models.history import Column
from models.profiles import DATA, load_profile
from run.settings import TRAINED
from tests.support.program import ROOT

FIRST = datetime(2023, 1, 2, 7, 0, tzinfo=UTC)
SENTENCES = (2, 6)
PEOPLE = 3_000
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=100_000)
    words.add_argument("--profile", default="siv")
    words.add_argument("--database", help="SQLAlchemy URL of an empty database; a SQLite file where it is not given")
    given = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="saksgang-bench-") as folder:
        home = Path(folder)
        full, bare = home / "full.csv", home / "bare.csv"
        write(full, list(rows(given.profile, given.rows, labelled=True)))
        write(bare, list(rows(given.profile, given.rows, labelled=False)))
        print(f"{given.rows} rows, {full.stat().st_size / 1e6:.0f} MB, profile {given.profile}")
        for what, file in (("all labels", full), ("the same again", full), ("no label, judged by the model", bare)):
            _measure(what, file, given.rows, home, given)


def rows(profile: str, count: int, *, labelled: bool) -> Iterator[dict[str, str]]:
    """Cases of three years, made up of the corpus's sentences; the same in every run."""
    order = random.Random(1)
    mails = [
        json.loads(line) for file in sorted((DATA / "corpus" / profile).glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    sentences = [sentence for mail in mails for sentence in _SENTENCE.split(mail["body"])]
    labels, zone = _labels(profile), ZoneInfo(load_profile(profile).timezone)
    for number in range(count):
        opened = FIRST + timedelta(minutes=15.7 * number)
        closed = opened + timedelta(minutes=order.expovariate(1 / 600))
        row = {
            Column.ID: f"{'F' if labelled else 'B'}{number}",
            Column.OPENED: f"{opened.astimezone(zone):%d.%m.%Y %H:%M}",
            Column.CLOSED: f"{closed.astimezone(zone):%d.%m.%Y %H:%M}",
            Column.FROM: f"person{order.randrange(PEOPLE)}@desk.example",
            Column.SUBJECT: order.choice(mails)["subject"],
            Column.BODY: _text(sentences, order),
            Column.SOLUTION: order.choice(sentences),
        }
        yield row | ({column: order.choice(values) for column, values in labels.items()} if labelled else {})


def write(file: Path, told: Sequence[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(told[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(told)


def _labels(name: str) -> dict[str, list[str]]:
    profile = load_profile(name)
    found: dict[str, Iterable[str]] = {
        Column.TYPE: profile.types, Column.PRIORITY: profile.priorities, Column.TEAM: profile.teams, Column.SERVICE: profile.services
    }  # fmt: skip
    return {column: list(values) for column, values in found.items() if values}


def _text(sentences: Sequence[str], order: random.Random) -> str:
    return " ".join(order.choices(sentences, k=order.randint(*SENTENCES)))


def _measure(what: str, file: Path, count: int, home: Path, given: argparse.Namespace) -> None:
    environment = {**os.environ, "SAKSGANG_HOME": str(home / "home"), "SAKSGANG_TRAINED": str(TRAINED)}
    if given.database:
        environment["SAKSGANG_DATABASE"] = given.database
    cost = Cost.of([sys.executable, "-m", "run", "import", str(file), "--profile", given.profile], environment, str(ROOT))
    print(f"{what}: {cost.wall:.1f} s ({cost.cpu:.1f} s CPU), {count / cost.wall:.0f} rows/s, peak {cost.peak:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
