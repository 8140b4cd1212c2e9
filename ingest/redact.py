"""The only place where personal numbers, telephone numbers, addresses and patients' names are taken out of text."""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum import luhn
from stdnum.no import fodselsnummer

from models.records import Redacted

PERSONAL_NUMBER = "[fnr]"
PHONE = "[telefon]"
EMAIL = "[e-post]"
NAME = "[navn]"

_DASH = "[-\u2010-\u2015]"
_GAP = f"(?: |\u00a0|{_DASH})"
_BEFORE = r"(?<![\w.,/])(?<!\d[ \u00a0-])"
_AFTER = r"(?!\w)(?![.,/-]\d)(?![ \u00a0]\d)"
_EMAIL = re.compile(r"[\w.+'%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b", re.IGNORECASE)
_NORWEGIAN = re.compile(
    rf"{_BEFORE}(?:(\d{{6}})(\d{{5}}|[ \u00a0]\d{{3}}[ \u00a0]\d\d)|\d{{6}}{_GAP}\d{{5}}|\d{{2}}[ .]\d{{2}}[ .]\d{{2}}[ -]\d{{5}}){_AFTER}"
)
_SWEDISH = re.compile(rf"{_BEFORE}(?:\d\d)?(\d\d)([0-1]\d)([0-9]\d)(?:(\s?[-+\u2010-\u2015]\s?|[ \u00a0])(\d{{4}})|(\d{{4}})){_AFTER}")
_CUED_NUMBER = re.compile(
    r"((?:fødselsn(?:umme)?r|personn(?:umme)?r|fnr|f\.nr|pnr|p\.nr|d-n(?:umme)?r|personnummer|samordningsn(?:umme)?r)\.?[^\w\n]{0,4}(?:er|är|:)?\s{0,2})"
    r"(\d[\d -]{8,13}\d)(?!\d)",
    re.IGNORECASE,
)
_CUED_PHONE = re.compile(
    r"(?<!\w)((?:tlf|tel|tfn|telefon(?:nummer|nr)?|phone|mob|mobil(?:nummer|nr)?|mobile|ring|sms|call|nås på|treffes på|träffas på)\.?[^\w\n+]{0,4}(?:nr|meg på|mig på|på|me at|me on)?\.?[^\w\n+]{0,3})"
    r"(\+?\d(?:[ \u00a0().-]{0,2}\d){6,12})(?!\d)",
    re.IGNORECASE,
)
_INTERNATIONAL = re.compile(
    r"(?<![\w+])(?:\(?\+(?=[1-9])\d{1,3}|00(?:[1-9]\d{0,2}(?=[ \u00a0()-])|4[5-7]|35[48]))\)?(?:[ \u00a0()./-]{0,3}\d){6,12}(?![\d])"
)
_NORWEGIAN_PHONE = re.compile(
    rf"{_BEFORE}(?:47[ \u00a0])?(?:[2-9]\d[ \u00a0]\d\d[ \u00a0]\d\d[ \u00a0]\d\d|[489]\d\d[ \u00a0]\d\d[ \u00a0]\d\d\d){_AFTER}"
)
_SWEDISH_PHONE = re.compile(
    rf"{_BEFORE}(?:0[1-9]\d{{0,2}}(?:[ \u00a0]?[-/\u2010-\u2015][ \u00a0]?)\d{{2,3}}(?:[ \u00a0-]?\d{{2,3}}){{1,3}}|07[0236-9]\d{{7}}|07[0236-9][ \u00a0]\d{{3}}[ \u00a0]\d\d[ \u00a0]\d\d){_AFTER}"
)
_NAME_WORD = r"[A-ZÆØÅÄÖÜÉ][a-zæøåäöüéèáíóúñç]+(?:[-'’][A-ZÆØÅÄÖ]?[a-zæøåäöüéè]+)*"
_PATIENT = re.compile(
    r"\b((?i:pasient(?:en|ens|navn|namn)?|patient(?:en|ens|namn|navn|'s)?|pas\.|pat\.|pt\.)"
    r"(?i:[ \u00a0]++(?:som[ \u00a0]++)?(?:heter|heiter|hedder|(?:navn|namn|name)(?:[ \u00a0]++(?:er|är|is))?))?[ \u00a0]*+(?:[:,][ \u00a0]*+)?)"
    rf"{_NAME_WORD}(?:[ \u00a0]{_NAME_WORD}){{1,3}}"
)
_PATIENT_WORDS = ("pasient", "patient", "pas.", "pat.", "pt.")
_DIGITS = re.compile(r"\d(?:\D{0,4}\d){5}")
"""Fewer digits near each other are no number of a person."""
_MONTHS_ADDED = (0, 40, 65, 80)
"""To the month: nothing, an H-number or the tests' Dolly, the tests' NAV and Tenor."""
PASSES = 8
"""What shows a new number after each of so many is no writing of a person: all its digits go."""


def redact(text: str) -> Redacted:
    """Text with each personal number, telephone number and e-mail address replaced by a word; doing it twice changes nothing.

    A name goes where the text says that it is a patient's: "pasient" or "patient" right before two names or more. A number
    in the written form of a personal number goes even where its checksum is wrong; one without a space or dash only where
    date and checksum are right.
    """
    for _ in range(PASSES):
        masked = _mask(text)
        if masked == text:
            return Redacted(text)
        text = masked
    return Redacted(_DIGITS.sub(PERSONAL_NUMBER, text))


def _mask(text: str) -> str:
    if "@" in text:
        text = _EMAIL.sub(EMAIL, text)
    folded = text.lower()
    if any(word in folded for word in _PATIENT_WORDS):
        text = _PATIENT.sub(lambda match: match[1] + NAME, text)
    return _mask_numbers(text) if _DIGITS.search(text) else text


def _mask_numbers(text: str) -> str:
    text = _CUED_NUMBER.sub(lambda match: match[1] + PERSONAL_NUMBER, text)
    text = _NORWEGIAN.sub(_if(_is_norwegian, PERSONAL_NUMBER), text)
    text = _SWEDISH.sub(_if(_is_swedish, PERSONAL_NUMBER), text)
    text = _CUED_PHONE.sub(lambda match: match[1] + PHONE, text)
    for pattern in (_INTERNATIONAL, _NORWEGIAN_PHONE, _SWEDISH_PHONE):
        text = pattern.sub(PHONE, text)
    return text


def _if(test: Callable[[re.Match[str]], bool], mark: str) -> Callable[[re.Match[str]], str]:
    return lambda match: mark if test(match) else match[0]


def _is_norwegian(match: re.Match[str]) -> bool:
    """Any in the written form; eleven digits in a row only with both check digits and a day and month."""
    if match[1] is None:
        return True
    number = match[1] + "".join(match[2].split())
    day, month = int(number[:2]) % 40, int(number[2:4])
    if not (1 <= day <= 31 and any(1 <= month - added <= 12 for added in _MONTHS_ADDED)):
        return False
    return number[-2:] == fodselsnummer.calc_check_digit1(number) + fodselsnummer.calc_check_digit2(number)


def _is_swedish(match: re.Match[str]) -> bool:
    """Day and month, the day plus 60 for a samordningsnummer; without a dash the check digit too."""
    _, month, day, dash, _, bare = match.groups()
    if not (1 <= int(month) <= 12 and 1 <= int(day) % 60 <= 31):
        return False
    if dash is not None and dash.strip():
        return True
    digits = "".join(letter for letter in match[0] if letter.isdigit())
    return luhn.is_valid(digits[-10:]) and (bare is not None or dash is not None)
