"""Log lines: keys on an allow-list."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from run.log import ALLOWED, only_allowed_keys, set_up_logging


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_line_is_json_on_stderr_with_its_keys_a_level_and_a_time_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    structlog.get_logger().info("polled", account="ikt", count=3)
    out, err = capsys.readouterr()
    line = json.loads(err)
    assert out == ""
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "polled", "level": "info", "account": "ikt", "count": 3}


def test_nordic_letters_stay_readable(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    structlog.get_logger().warning("filed", folder="Søppelpost")
    assert "Søppelpost" in capsys.readouterr().err


def test_quiet_lets_only_errors_through(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(quiet=True)
    structlog.get_logger().warning("polled")
    structlog.get_logger().error("failed")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["failed"]


@pytest.mark.parametrize("key", ["subject", "text", "address", "sender", "to", "body", "exc_info", "user", "password"])
def test_a_key_that_may_hold_mail_text_or_a_person_is_refused_and_nothing_is_written(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    with pytest.raises(KeyError, match=key) as caught:
        structlog.get_logger().info("handled", **{key: "Kari Moe"})
    assert "Kari" not in str(caught.value)
    assert capsys.readouterr().err == ""


def test_every_allowed_key_passes_unchanged() -> None:
    line: dict[str, object] = dict.fromkeys(ALLOWED, "x")
    assert only_allowed_keys(None, "info", line) == dict.fromkeys(ALLOWED, "x")


def test_all_strange_keys_are_named_at_once() -> None:
    with pytest.raises(KeyError, match=r"\['colour', 'shape'\]"):
        only_allowed_keys(None, "info", {"shape": 1, "event": "x", "colour": 2})
