"""The only place where leaves that are not the body get their names and sizes, and are taken out."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from itertools import islice

from ingest.body import sort_parts
from ingest.charset import clean
from ingest.headers import read_headers
from ingest.mime import Part, read_tree
from ingest.tnef import Opened, open_tnef
from models.records import Attachment

NAME_LIMIT = 200
"""Characters of a file name, its ending included."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f"*:<>?|\u202a-\u202e\u2066-\u2069]+')
_SPACES = re.compile(r"\s+")
_STEMS = {"image": "image", "audio": "audio", "video": "video", "text": "text", "message": "message"}
_ENDINGS = {
    "message/rfc822": ".eml", "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "text/calendar": ".ics", "text/plain": ".txt",
    "text/html": ".html", "image/jpeg": ".jpg", "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/ms-tnef": ".dat",
    "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s", "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc", "application/octet-stream": ".bin", "application/pdf": ".pdf",
}  # fmt: skip
_TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")


def read_attachments(parts: list[Part]) -> tuple[tuple[Attachment, ...], str, str]:
    """The files, and the plain and HTML body found inside a winmail.dat, which is opened and not listed itself."""
    files: list[Attachment] = []
    plain = html = ""
    for part in parts:
        opened = _opened(part)
        files.extend(file for file, _ in _files(part, opened))
        if opened:
            plain, html = plain or opened.plain, html or opened.html
    return tuple(files), plain, html


def take_file(content: bytes, place: int) -> tuple[Attachment, bytes] | None:
    """The file that stands at a place among those of a mail, counted from 0; None where there are fewer."""
    found = (file for part in sort_parts(read_tree(content)).files for file in _files(part, _opened(part)))
    return next(islice(found, place, None), None)


def _opened(part: Part) -> Opened | None:
    return open_tnef(part.data()) if is_tnef(part) else None


def _files(part: Part, opened: Opened | None) -> Iterator[tuple[Attachment, bytes]]:
    """One leaf, or what lies in a winmail.dat."""
    if opened is None:
        data = part.data()
        yield _read(part, data), data
        return
    for name, data in opened.files:
        yield Attachment(name=file_name(name, "application/octet-stream"), content_type=_guess(name), size=len(data)), data


def is_tnef(part: Part) -> bool:
    return part.content_type in _TNEF_TYPES or part.file_name.lower() == "winmail.dat"


def _read(part: Part, data: bytes) -> Attachment:
    name = part.file_name
    if not name and part.content_type == "message/rfc822":
        subject = read_headers(data, 0, len(data))[0].text("subject")
        name = f"{subject[: NAME_LIMIT - 4].replace('/', '-').replace(chr(92), '-')}.eml" if subject else ""
    return Attachment(name=file_name(name, part.content_type), content_type=part.content_type, size=len(data), inline=_is_inline(part))


def _is_inline(part: Part) -> bool:
    return part.content_type.startswith("image/") and part.disposition != "attachment" and "content-id" in part.headers


def file_name(given: str, content_type: str) -> str:
    """A name without path, line ends or signs that file systems refuse; made from the content type where nothing is left."""
    last = re.split(r"[/\\]", clean(given))[-1]
    name = _SPACES.sub(" ", _FORBIDDEN.sub(" ", last)).strip(" .'")
    if not name:
        stem = _STEMS.get(content_type.partition("/")[0], "attachment")
        return stem + (_ENDINGS.get(content_type) or mimetypes.guess_extension(content_type) or ".bin")
    if len(name) <= NAME_LIMIT:
        return name
    stem, dot, ending = name.rpartition(".")
    return name[:NAME_LIMIT] if not dot or len(ending) > 10 else f"{stem[: NAME_LIMIT - 1 - len(ending)]}.{ending}"


def _guess(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
