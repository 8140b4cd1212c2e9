"""Measures the reading of mail on sets that their writers made without seeing the program; `make measure` prints the table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.body import Body
from ingest.language import detect_language
from ingest.parse import parse_mail
from ingest.redact import redact
from ingest.reply import read_reply
from ingest.screen import screen
from models.profiles import load_profile
from models.records import Mail
from route.follow import only_thanks

HERE = Path(__file__).parent
OWN = {"ikt@siv.no"}


@dataclass(frozen=True)
class Share:
    """How many of `of` are as expected, and which are not."""

    right: int
    of: int
    wrong: tuple[str, ...]

    @property
    def value(self) -> float:
        return self.right / self.of

    @classmethod
    def count(cls, judged: list[tuple[str, bool]]) -> Share:
        wrong = tuple(name for name, right in judged if not right)
        return cls(len(judged) - len(wrong), len(judged), wrong)


def measure() -> dict[str, Share]:
    """Every figure by its name."""
    return {**_replies(), **_robots(), **_languages(), **_personal(), **_thanks()}


def _replies() -> dict[str, Share]:
    exact, held = [], []
    for name, mail, expected in _mails("replies"):
        said = _flat(mail.visible_reply)
        if expected["exact"] is not None:
            exact.append((name, said == _flat(expected["exact"])))
        holds = all(_flat(words) in said for words in expected["contains"])
        held.append((name, holds and not any(_flat(words) in said for words in expected["excludes"])))
    return {"visible reply: exact": Share.count(exact), "visible reply: contains and excludes": Share.count(held)}


def _robots() -> dict[str, Share]:
    automatic = [(name, screen(mail, OWN), expected["auto"]) for name, mail, expected in _mails("robots/automatic")]
    people = [(name, screen(mail, OWN)) for name, mail, _ in _mails("robots/people")]
    return {
        "automatic mail: recognised": Share.count([(name, refusal is not None) for name, refusal, _ in automatic]),
        "automatic mail: kind": Share.count([(name, refusal is not None and refusal.kind == kind) for name, refusal, kind in automatic]),
        "mail of people: not called automatic": Share.count([(name, refusal is None) for name, refusal in people]),
        "mail of people: not set aside without a second opinion": Share.count(
            [(name, refusal is None or not refusal.sure) for name, refusal in people]
        ),
    }


def _languages() -> dict[str, Share]:
    judged: dict[str, list[tuple[str, bool]]] = {}
    for row in _rows("languages"):
        said, wanted = detect_language(row["body"]) or detect_language(row["subject"]), row["language"]
        right = said == wanted if wanted != "other" else said not in ("nb", "nn", "sv", "da", "en")
        judged.setdefault(f"language: {wanted}", []).append((row["body"][:60], right))
    return {name: Share.count(found) for name, found in judged.items()}


def _personal() -> dict[str, Share]:
    gone, kept = [], []
    for row in _rows("personal"):
        said = redact(row["text"])
        gone += [(words, words not in said) for words in row["remove"]]
        kept += [(words, words in said) for words in row["keep"]]
    return {"personal data: taken out": Share.count(gone), "look-alikes: kept": Share.count(kept)}


def _thanks() -> dict[str, Share]:
    profile = load_profile("siv")
    judged: dict[bool, list[tuple[str, bool]]] = {True: [], False: []}
    for row in _rows("thanks"):
        own = read_reply(Body(text=row["body"]), "", "").text
        judged[row["only_thanks"]].append((row["body"], only_thanks(own, profile) is row["only_thanks"]))
    return {"thanks alone: recognised": Share.count(judged[True]), "thanks and more: read by a person": Share.count(judged[False])}


def _mails(folder: str) -> Iterator[tuple[str, Mail, dict[str, Any]]]:
    for file in sorted((HERE / folder).rglob("*.eml")):
        yield file.stem, parse_mail(file.read_bytes(), "0" * 64), json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (HERE / "sets" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _flat(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    for name, share in measure().items():
        print(f"{share.value:7.1%}  {share.right:4} of {share.of:<4}  {name}")
        for wrong in share.wrong:
            print(f"{'':24}{wrong.splitlines()[0][:100]}")
