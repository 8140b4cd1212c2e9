"""What the running program loads: each second of start is a second in which no mail is handled."""

from __future__ import annotations

import subprocess
import sys

from tests.support.program import ROOT

HEAVY = ("sklearn", "scipy", "pandas", "matplotlib")
"""What trains, measures and draws; judging a mail needs none of it (docs/decisions/0005)."""


def test_the_running_program_loads_nothing_that_only_training_or_reports_need() -> None:
    asked = f"import sys, run.commands.operating; print([name for name in {HEAVY} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
