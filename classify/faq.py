"""The only place that sees whether an organisation's list of questions and answers answers a mail."""

from __future__ import annotations

from collections.abc import Mapping

from classify.cues import CueFinder
from models.profiles import Profile, all_hold


class Faq:
    """An organisation's answers, by the words that must all be there: one of each group."""

    def __init__(self, profile: Profile) -> None:
        self._entries = profile.faq
        groups = {(name, number): words for name, entry in profile.faq.items() for number, words in enumerate(entry.needs)}
        self._finder = CueFinder(groups)

    def find(self, text: str, values: Mapping[str, object]) -> str | None:
        """The first entry whose words all stand in the text and whose conditions hold; None where none does."""
        if not self._entries:
            return None
        hit = set(self._finder.find(text))
        for name, entry in self._entries.items():
            told = all((name, number) in hit for number in range(len(entry.needs)))
            if told and all_hold(entry.when, values):
                return name
        return None
