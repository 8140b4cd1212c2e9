"""The only place that finds which mail of ours a bounce speaks of."""

from __future__ import annotations

import re
from itertools import islice

from models.case_numbers import OUR_MESSAGE_IDS

OURS = re.compile(rb"<" + re.escape(OUR_MESSAGE_IDS).encode() + rb"[0-9a-f]{32}@[^<>\s]{1,250}>")
MOST_NAMED = 100


def written_by_us(content: bytes) -> frozenset[str]:
    """Message-IDs of our own that stand anywhere in a bounce: in its headers, or in the mail or headers it returns (RFC 3464, 2)."""
    return frozenset(found[0].decode("ascii", "replace") for found in islice(OURS.finditer(content), MOST_NAMED))
