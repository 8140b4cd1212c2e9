"""Runs a command and prints what it cost, as JSON. A small process of its own: Linux counts a parent's memory towards its child's peak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True)
class Cost:
    """Of one process: wall and CPU seconds, peak memory in MB."""

    wall: float
    cpu: float
    peak: float

    @classmethod
    def of(cls, command: Sequence[str], environment: Mapping[str, str], folder: str) -> Self:
        """Run it and wait; leaves the whole measurement where it fails, with its last words."""
        asked = [sys.executable, "-m", "bench.cost", *command]
        done = subprocess.run(asked, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr[-2000:])
        return cls(**json.loads(done.stdout))


def main() -> None:
    began = time.monotonic()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cost = Cost(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)
    print(json.dumps(asdict(cost)))
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
