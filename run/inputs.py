"""The only place that knows what a PATH on the command line may be: files, folders, mailboxes, lines of JSON."""

from __future__ import annotations

import json
import mailbox
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classify.fields import FIELDS, Example, Value
from ingest.display import safe_html
from ingest.fingerprint import fingerprint
from ingest.parse import parse_mail
from models.errors import MailUnreadableError, SaksgangError
from models.records import Mail, SafeHtml

SAME = {"foresporsel": "forespørsel", "apotek/aktor": "apotek"}
"""Spellings in labels files that mean the same."""
MBOX_BEGINS = b"From "


class InputError(SaksgangError):
    """A PATH that is nothing we can read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One mail as given: its bytes, or why there are none. `row` holds the line of JSON it came from."""

    id: str
    content: bytes = b""
    error: str | None = None
    row: Mapping[str, Any] | None = None

    def read(self) -> Mail:
        """Raises `MailUnreadableError`."""
        if self.error is not None:
            raise MailUnreadableError(self.error)
        return parse_mail(self.content, fingerprint(self.content))

    def show(self) -> SafeHtml | None:
        """What of its HTML may be shown; None where it is shown by its text."""
        return safe_html(self.content)


def inputs_of(paths: Iterable[str]) -> Iterator[Input]:
    """Every mail of every path, in order. Raises `InputError` for a path that does not exist or is of no known kind."""
    for path in paths:
        yield from _rows(sys.stdin.buffer, "stdin") if path == "-" else _of_path(Path(path))


def examples_of(files: Iterable[Path], organisation: str) -> Iterator[Example]:
    """Labelled mails of an organisation. Raises `InputError` that names file and line for a line that cannot be used."""
    for file in files:
        for given in _of_path(file):
            if given.row is None or given.error is not None:
                raise InputError(f"{file}: {given.id}: {given.error or 'no labels'}")
            try:
                mail = given.read()
            except MailUnreadableError as error:
                raise InputError(f"{file}: {given.id}: {error}") from error
            yield Example(
                mail=mail, labels=labels_of(given.row), group=str(given.row.get("writer") or file.stem), organisation=organisation
            )


def example_of(row: Mapping[str, Any], name: str) -> Mail:
    """The mail of one row of a labels file that is already in hand. Raises `MailUnreadableError`."""
    return Input(id=name, content=_as_mail(row), row=row).read()


def labels_of(row: Mapping[str, Any]) -> dict[str, Value]:
    """The label keys of a row in the program's own words; `line` is what the Swedish sets call the team."""
    found = {field: row[field] for field in (*FIELDS, "language") if field in row}
    if "team" not in found and "line" in row:
        found["team"] = row["line"]
    return {field: SAME.get(value, value) if isinstance(value, str) else value for field, value in found.items()}


def _of_path(path: Path) -> Iterator[Input]:
    if path.is_dir():
        yield from _maildir(path) if (path / "cur").is_dir() and (path / "new").is_dir() else _folder(path)
    elif not path.is_file():
        raise InputError(f"{path}: no such file or folder")
    elif path.suffix == ".jsonl":
        with path.open("rb") as lines:
            yield from _rows(lines, str(path))
    elif path.suffix != ".eml" and _begins(path) == MBOX_BEGINS:
        yield from _mbox(path)
    else:
        yield _file(path, path.name)


def _begins(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(MBOX_BEGINS))


def _folder(path: Path) -> Iterator[Input]:
    for file in sorted(file for file in path.rglob("*") if file.suffix.lower() == ".eml"):
        yield _file(file, file.name)


def _maildir(path: Path) -> Iterator[Input]:
    files = [file for part in ("new", "cur") for file in (path / part).iterdir() if file.is_file()]
    for file in sorted(files, key=lambda file: file.name):
        yield _file(file, file.name.split(":")[0])


def _file(path: Path, id: str) -> Input:
    try:
        return Input(id=id, content=path.read_bytes())
    except OSError as error:
        return Input(id=id, error=f"cannot be read: {error.strerror}")


def _mbox(path: Path) -> Iterator[Input]:
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.keys(), start=1):
            yield Input(id=f"{path.name}:{number}", content=box.get_bytes(key))
    finally:
        box.close()


def _rows(lines: Iterable[bytes], name: str) -> Iterator[Input]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _row(line, f"{name}:{number}")


def _row(line: bytes, place: str) -> Input:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return Input(id=place, error="the line is not JSON")
    if not isinstance(row, dict):
        return Input(id=place, error="the line is not a JSON object")
    return Input(id=place if row.get("id") is None else str(row["id"]), content=_as_mail(row), row=row)


def _as_mail(row: Mapping[str, Any]) -> bytes:
    """The row as a mail in UTF-8 (RFC 6532), so that every input is read in the same way."""
    headers = [(name, row.get(key)) for name, key in (("From", "from"), ("To", "to"), ("Date", "date"), ("Subject", "subject"))]
    lines = [f"{name}: {' '.join(str(value).split())}" for name, value in headers if value]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return ("\r\n".join(lines) + "\r\n\r\n" + str(row.get("body") or "")).encode("utf-8", "replace")
