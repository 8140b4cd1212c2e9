"""What must go from a text, what must stay. All numbers are synthetic or impossible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.no import fodselsnummer

from ingest.redact import redact


def norwegian(nine: str) -> str | None:
    """Eleven digits with right check digits, None where these nine digits have none."""
    first = fodselsnummer.calc_check_digit1(nine)
    second = fodselsnummer.calc_check_digit2(nine + first) if len(first) == 1 else "10"
    return None if "10" in (first, second) else nine + first + second


def swedish(nine: str) -> str:
    return nine + luhn.calc_check_digit(nine)


def some(stem: str) -> str:
    """A number with these six digits first, its individual digits the first that have check digits."""
    return next(number for serial in range(900, 999) if (number := norwegian(f"{stem}{serial}")))


FNR, D_NUMBER, H_NUMBER, TENOR, DOLLY = some("311299"), some("711299"), some("315299"), some("319299"), some("317299")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"Pasient {FNR} er borte.", "Pasient [fnr] er borte."),
        (f"D-nummer {D_NUMBER}", "D-nummer [fnr]"),
        (f"syntetisk {TENOR}, {DOLLY} og H {H_NUMBER}", "syntetisk [fnr], [fnr] og H [fnr]"),
        (f"({FNR[:6]} {FNR[6:]})", "([fnr])"),
        ("feil kontrollsiffer 010203 99999 her", "feil kontrollsiffer [fnr] her"),
        ("fnr: 01020399999.", "fnr: [fnr]."),
        (f"pnr 19{swedish('991231001')}", "pnr [fnr]"),
        (f"{swedish('991231001')} finns inte", "[fnr] finns inte"),
        (f"{swedish('991291001')} samordning", "[fnr] samordning"),
        ("rätt person, 19460231-0000. Men", "rätt person, [fnr]. Men"),
        ("460231-0000 och 460231+0000", "[fnr] och [fnr]"),
        ("ring 930 00 000 eller 93 00 00 00", "ring [telefon] eller [telefon]"),
        ("Tlf. 93000000", "Tlf. [telefon]"),
        ("+47 930 00 000, +4793000000, 0047 93 00 00 00", "[telefon], [telefon], [telefon]"),
        ("070-000 00 00 eller 08-00 00 00", "[telefon] eller [telefon]"),
        ("+46 70 000 00 00 och 0700000000", "[telefon] och [telefon]"),
        ("Skriv til Kari.Lunde+x@ward.example.", "Skriv til [e-post]."),
    ],
)
def test_personal_matter_goes(said: str, left: str) -> None:
    assert redact(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "Ordre 123456789 og 12345678901 er sendt",
        "Sak SIV-1042-k7f3q2xa fra 2026-03-02 kl. 10:15",
        "Den 02.03.2026 mellom 10.15 og 11.30",
        "IP 10.20.30.40 og 192.168.100.200",
        "Organisasjon 556677-8899, ärende 20240312",
        "Feilkode 0x80070005, versjon 10.0.19045.3803",
        "PC-12345, rom 4012, internnummer 2291",
        "KB5034441 og 24 000 kroner, 1 250 000 kr",
        "kostnadssted 31420, prosjekt 90277",
    ],
)
def test_other_numbers_stay(said: str) -> None:
    assert redact(said) == said


@given(st.text(alphabet="0123456789 -+.@/aå[]:\n", max_size=80))
def test_doing_it_twice_changes_nothing(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(st.integers(1, 28), st.integers(1, 12), st.integers(0, 99), st.integers(0, 999), st.sampled_from(["", " "]))
def test_every_number_with_right_check_digits_goes(day: int, month: int, year: int, serial: int, gap: str) -> None:
    number = norwegian(f"{day:02}{month + 80:02}{year:02}{serial:03}")
    if number is not None:
        assert redact(f"Gjelder {number[:6]}{gap}{number[6:]} i dag") == "Gjelder [fnr] i dag"
