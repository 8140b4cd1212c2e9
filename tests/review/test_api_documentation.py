"""What docs/api.md shows, really run: every call with curl, as it stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from models.people import EVERYONE
from models.profiles import Profile
from models.store import open_store
from review.api.mounted import OPERATIONS
from tests.support.filled import fill, pipeline_desk, solve
from tests.support.pages import served
from tests.support.systems import token_of

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))


def test_every_call_with_curl_is_answered(siv: Profile, tmp_path: Path) -> None:
    curl = shutil.which("curl")
    assert curl, "the examples are written for curl"
    store = open_store(f"sqlite:///{tmp_path / 'saksgang.db'}")
    with served(siv, store) as desk:
        office = pipeline_desk(siv, store, tmp_path, desk.clock)
        fill(office)
        solve(office)
        environment = os.environ | {"DESK": desk.served_at, "TOKEN": token_of(desk, "alma", *EVERYONE), "no_proxy": "*"}
        script = "set -e\n" + EXAMPLES.replace("curl -sS", "curl -sS --fail-with-body -o /dev/null -w '%{http_code}\\n'")
        done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=60)
    store.close()
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["200"] * EXAMPLES.count("curl -sS")


@pytest.mark.parametrize("path", sorted({operation.path for operation in OPERATIONS}))
def test_every_operation_stands_in_the_table(path: str) -> None:
    assert re.search(rf"^\|.*`(?:GET|POST) {re.escape(path)}`", PAGE, re.MULTILINE)
