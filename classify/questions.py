"""The only place that sees which of an organisation's control questions a mail leaves open."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from models.profiles import Profile, all_hold


def open_questions(profile: Profile, cues: Collection[str], values: Mapping[str, object]) -> tuple[str, ...]:
    """The questions that such a matter raises and no word of the mail answers, in the profile's order.

    `cues` are the groups of the lexicon that the mail hits, `values` what its fields were judged to be.
    """
    return tuple(
        name
        for name, question in profile.questions.items()
        if all_hold(question.when, values) and not set(question.answered_by) & set(cues)
    )
