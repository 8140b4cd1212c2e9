"""Runs the program and kills it, as `kill -9` does, at the n-th crossing of one of its doors.

`python -m tests.support.killed_at MailShelf.keep return 1 run --once ...`: the interpreter's own profiler sees every
call, so the program itself needs no hook for it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any


def kill_at(door: str, moment: str, crossing: int) -> None:
    crossings = 0

    def look(frame: FrameType, event: str, _: Any) -> None:
        nonlocal crossings
        if event == moment and frame.f_code.co_qualname == door:
            crossings += 1
            if crossings == crossing:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(look)
    sys.setprofile(look)


if __name__ == "__main__":
    door, moment, crossing, *words = sys.argv[1:]
    sys.argv = ["saksgang", *words]
    from run.cli import main

    kill_at(door, moment, int(crossing))
    main()
