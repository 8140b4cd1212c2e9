"""The only place where plain text bodies are tidied: line ends, format=flowed (RFC 3676), blank lines."""

from __future__ import annotations

import re

from ingest.charset import clean

_MANY_BLANKS = re.compile(r"\n{3,}")
_PICTURE = re.compile(r"\[cid:[^\]\s]{1,200}\]")
"""What Outlook writes where a picture stands."""
TIDIED = 2**20
"""Characters up to which blanks at line ends are taken away."""


def tidy(text: str) -> str:
    """One kind of line end, no control characters, no blanks at line ends but the one of a signature mark."""
    text = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n").replace("\x0c", "\n")
    if "[cid:" in text:
        text = _PICTURE.sub("", text)
    if len(text) <= TIDIED:
        text = "\n".join([line if line == "-- " else line.rstrip() for line in text.split("\n")])
        text = _MANY_BLANKS.sub("\n\n", text)
    return text.strip()


def unflow(text: str, *, delete_space: bool) -> str:
    """Paragraphs of format=flowed on one line each (RFC 3676, 4.1-4.5); `delete_space` as the parameter DelSp says."""
    paragraphs: list[list[str]] = []
    open_depth = -1
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        if open_depth != depth or words == "-- ":
            paragraphs.append([">" * depth + (" " if depth else "")])
        flows = words.endswith(" ") and words != "-- "
        open_depth = depth if flows else -1
        paragraphs[-1].append(words[:-1] if flows and delete_space else words)
    return "\n".join(map("".join, paragraphs))
