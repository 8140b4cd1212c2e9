"""`make bench-report`: how long the report of a large past takes, and how much memory, each report in a process of its own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from bench.history import Past, fill
from models.profiles import load_profile
from models.store import open_store

CASES = 100_000
FIRST, AFTER = date(2024, 9, 2), date(2026, 3, 2)
"""Eighteen months."""
REPORTS = {
    "one week": ["--week", "2026-W09"],
    "all of it": ["--since", f"{FIRST}", "--until", f"{AFTER}"],
}
KILOBYTES_OF_MB = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--profile", default="ehm", help="one with due times")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; SQLite where it is not given")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{folder}/saksgang.db"
        begun = time.perf_counter()
        with get_context("spawn").Pool(1) as aside:  # a child is counted as large as whoever started it
            aside.apply(_fill, (url, asked.profile, asked.cases))
        print(f"{asked.cases} cases of {(AFTER - FIRST).days} days written in {time.perf_counter() - begun:.0f} s")
        for name, words in REPORTS.items():
            _measure(name, ["--profile", asked.profile, *words], Path(folder), url)


def _fill(url: str, profile: str, cases: int) -> None:
    store = open_store(url)
    fill(store, Past(profile=load_profile(profile), cases=cases, first=FIRST, after=AFTER))
    store.close()


def _measure(name: str, words: list[str], home: Path, url: str) -> None:
    """From the shell's word to the page and its tables on disk."""
    out = home / "report.html"
    command = [sys.executable, "-m", "run", "report", *words, "--out", str(out), "--tables", str(home / "tables")]
    begun = time.perf_counter()
    environment = {**os.environ, "SAKSGANG_HOME": str(home), "SAKSGANG_DATABASE": url}
    _, status, used = os.wait4(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL).pid, 0)
    assert status == 0
    seconds, peak = time.perf_counter() - begun, used.ru_maxrss / KILOBYTES_OF_MB
    print(
        f"{name}: {seconds:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of CPU), at most {peak:.0f} MB, page {out.stat().st_size / 1e6:.2f} MB"
    )


if __name__ == "__main__":
    main()
