"""The only place for what scrolls over a person's terminal while the program runs: a line a mail, no word of the mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from models.case_numbers import CaseNumbers
from models.profiles import Profile
from models.views import Handled

COLOURS = {1: "bold white on red", 2: "bold red", 3: "yellow", 4: "green", 5: "green"}
HEADINGS = f"{'time':8}  {'case':9} {'type':12} {'priority':11} {'team':34} {'sure':>5}  {'took':>7}"


class Screen:
    """Tells a terminal of mails as they are handled."""

    def __init__(self, profile: Profile, numbers: CaseNumbers) -> None:
        self._profile = profile
        self._numbers = numbers
        self._console = Console(highlight=False, soft_wrap=True)

    def headings(self) -> None:
        self._console.print(HEADINGS, style="bold")

    def tell(self, handled: Sequence[Handled]) -> None:
        for one in handled:
            self._console.print(self._line(one))

    def _line(self, one: Handled) -> Text:
        line = Text(f"{datetime.now().astimezone():%H:%M:%S}  {self._numbers.short(one.ticket) if one.ticket else '–':9} ")
        verdict, assignment = one.verdict, one.assignment
        if verdict is None or assignment is None:
            return line.append(f"{one.outcome} ({one.account})", style="magenta" if one.outcome == "quarantined" else "dim")
        language = self._profile.default_language
        level = verdict.priority.value
        team = assignment.team if not assignment.unsure else f"{assignment.team} (guess: {assignment.guessed_team})"
        line.append(f"{self._profile.words(self._profile.types, verdict.type.value, language):12} ")
        line.append(f"{self._profile.words(self._profile.priorities, str(level), language):11} ", style=COLOURS.get(level, ""))
        line.append(f"{team:34} ", style="dim" if assignment.unsure else "cyan")
        return line.append(f"{min(verdict.type.confidence, verdict.team.confidence):5.0%}  {one.seconds * 1000:4.0f} ms")
