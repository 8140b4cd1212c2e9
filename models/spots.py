"""The only place that tells where the values of some lists stand, where many lists are laid end to end in one array."""

from __future__ import annotations

import numpy as np

from models.terms import Places


def spots(starts: Places, which: Places) -> tuple[Places, Places]:
    """Where the values of these lists stand, one list after the other; and how many each has.

    List `n` begins at `starts[n]` and ends before `starts[n + 1]`.
    """
    lengths = starts[which + 1] - starts[which]
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[which] - ends + lengths, lengths), lengths
