"""The words that a decision rests on, found again in the mail."""

from __future__ import annotations

import pytest

from models.profiles import Profile
from review.marking import cited, marked


def words(text: str, profile: Profile, *reasons: str) -> list[str]:
    return [piece for piece, is_marked in marked(text, reasons, profile) if is_marked]


@pytest.mark.parametrize(
    ("text", "quoted", "found"),
    [
        ("Skriveren på rom 4 svarer ikke.", "«skriver»", ["Skriveren"]),
        ("Kurve 7 / 9 er borte", "«kurve 7»", ["Kurve 7"]),
        ("MetaVision, har stoppet", "«metavision har»", ["MetaVision, har"]),
        ("Omskriver dette", "«skriver»", []),
        ("a+b (c) [d", "«a+b», «(»", ["a+b"]),
        ("", "«skriver»", []),
    ],
)
def test_what_a_reason_quotes_is_marked_where_it_stands(siv: Profile, text: str, quoted: str, found: list[str]) -> None:
    assert words(text, siv, f"Peker mot Arbeidsplass: {quoted}.") == found


def test_the_pieces_are_the_text(siv: Profile) -> None:
    text = "Skriver <b>skriver</b>\nog SKRIVER igjen, " * 50
    assert "".join(piece for piece, _ in marked(text, ["«skriver»"], siv)) == text


def test_a_reason_that_is_a_clause_has_its_source_and_its_cues_are_marked(siv: Profile) -> None:
    clause = siv.clauses["vital-whole-site"]
    reason = clause.reason["nb"]
    assert [(one.reason, one.source) for one in cited([reason, "«x»"], siv)] == [(reason, clause.source), ("«x»", "")]
    cue = siv.cue_groups["whole_site"][0].rstrip("*")
    assert words(f"Det gjelder {cue} nå.", siv, reason) == [cue]
    assert words(f"Det gjelder {cue} nå.", siv) == []
