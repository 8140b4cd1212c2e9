"""The command `report`: which time it takes, what it writes, and what it refuses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.store import open_store
from run.cli import saksgang
from tests.support.diary import busy_weeks

Report = Callable[..., Result]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with six busy weeks, to be copied."""
    home = tmp_path_factory.mktemp("weeks")
    store = open_store(f"sqlite:///{home / 'saksgang.db'}")
    busy_weeks(store)
    store.close()
    return home


@pytest.fixture
def report(weeks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The command over a store with these weeks; its page is `page.html`."""
    shutil.copytree(weeks, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SAKSGANG_HOME", str(tmp_path))
    monkeypatch.delenv("SAKSGANG_DATABASE", raising=False)
    return lambda *words: CliRunner().invoke(saksgang, ["report", "--profile", "siv", "--out", str(tmp_path / "page.html"), *words])


def test_a_week_is_written_as_a_page_that_only_its_owner_reads(report: Report, tmp_path: Path) -> None:
    answer = report("--week", "2026-W07")
    assert answer.exit_code == 0, answer.output
    assert answer.output == f"{tmp_path / 'page.html'}: Ukerapport 2026-W07, 2026-02-09 til 2026-02-15 (7 dager)\n"
    assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o600
    assert "14 saker kom inn" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_where_no_time_is_given_the_newest_week_that_is_over_is_taken(report: Report) -> None:
    answer = report()
    assert answer.exit_code == 0, answer.output
    assert "Ukerapport 20" in answer.output


def test_any_other_time_goes_from_a_day_until_before_another(report: Report) -> None:
    assert "2026-02-01 til 2026-02-10 (10 dager)" in report("--since", "2026-02-01", "--until", "2026-02-11").output
    assert "2026-02-01 til 20" in report("--since", "2026-02-01").output


@pytest.mark.parametrize(("form", "files"), [("csv", "*.csv"), ("parquet", "*.parquet"), ("excel", "*.xlsx")])
def test_tables_are_written_beside_it(report: Report, tmp_path: Path, form: str, files: str) -> None:
    answer = report("--week", "2026-W07", "--tables", str(tmp_path / "tables"), "--format", form)
    assert answer.exit_code == 0, answer.output
    assert f"in {len(list((tmp_path / 'tables').glob(files)))} files" in answer.output
    assert list((tmp_path / "tables").glob(files))


@pytest.mark.parametrize(
    "words",
    [
        ["--week", "2026-W60"],
        ["--week", "2026-W07", "--since", "2026-02-01"],
        ["--until", "2026-02-01"],
        ["--since", "2026-02-02", "--until", "2026-02-02"],
        ["--since", "in February"],
        ["--week", "2026-W07", "--format", "pdf"],
    ],
)
def test_wrong_use_is_status_2_and_no_page(report: Report, tmp_path: Path, words: list[str]) -> None:
    assert report(*words).exit_code == 2
    assert not (tmp_path / "page.html").exists()
