"""The only place where the rules of the house are held against every file: what a reader would otherwise have to remember."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.kinds import MAILS, ParcelKind
from models.parts import Part
from models.profiles import BASE, PROFILES, Profile

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 350
MOST_LINES_OF_A_FUNCTION = 60
PACKAGES = sorted(
    {name.partition(".")[0] for name in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]}
)
GENERATED = ROOT / "models" / "migrations" / "versions"
"""Written by Alembic, left out by ruff and mypy as well."""
PRODUCT = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "__pycache__" not in path.parts and GENERATED not in path.parents
)
OURS = sorted({*PRODUCT, *GENERATED.glob("*.py"), *(path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py"))})
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("*.md")})
LOCKS = sorted(ROOT.glob("requirements*.lock"))

NAMES_OF_ORGANISATIONS = {
    *(folder.name for folder in PROFILES.iterdir() if folder.is_dir() and folder.name != BASE),
    *("siv", "inera", "ehm", "regionjh", "sll"),
    *("sykehuset i vestfold", "vestfold", "ehälsomyndigheten", "e-hälsomyndigheten", "region jämtland", "jämtland", "region stockholm"),
}
ORGANISATION = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(map(re.escape, sorted(NAMES_OF_ORGANISATIONS, key=len, reverse=True)))})(?![^\W_])", re.IGNORECASE
)

OPENINGS = ("The only place ", "The only door ", "The command that ", "The commands that ")
ENTRIES = ("__init__.py", "__main__.py", "env.py")
"""Files that others find by name; they say what the package, or the entry, is."""

CATCH_ALL = {"ingest/parse.py", "run/guard.py"}
OWN_FOLDER_ONLY = {"desk", "priorities", "scopes"}
"""Tables with no default: docs/configuration.md says that they must be given."""
FOUND_BY_THE_PROGRAM = {"name", "folder", "lexicon"}
"""The folder's name and place, and the cue words of `data/lexicon`."""


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


PRODUCT_FILES = [short(path) for path in PRODUCT]


def test_the_product_is_found() -> None:
    assert set(PACKAGES) >= {"ingest", "classify", "resolve", "route", "models", "run"}
    assert len(PRODUCT) > 40
    assert len(LOCKS) == 2


@pytest.mark.parametrize("name", PRODUCT_FILES)
def test_no_code_names_an_organisation(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [f"{number}: {line.strip()}" for number, line in enumerate(lines, 1) if ORGANISATION.search(line)] == []


@pytest.mark.parametrize("name", PRODUCT_FILES)
def test_a_file_is_one_noun_and_not_long(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("name", PRODUCT_FILES)
def test_a_function_fits_on_a_page(name: str) -> None:
    functions = (node for node in ast.walk(tree(ROOT / name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    lengths = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


@pytest.mark.parametrize("name", PRODUCT_FILES)
def test_a_module_opens_with_what_it_is_the_only_place_for(name: str) -> None:
    opening = (ast.get_docstring(tree(ROOT / name)) or "").partition("\n")[0]
    assert opening.endswith("."), opening
    assert name.endswith(ENTRIES) or opening.startswith(OPENINGS), opening


def test_no_file_has_the_name_of_a_module_of_the_standard_library() -> None:
    named = {short(path) for path in OURS if path.stem in sys.stdlib_module_names}
    assert named == set()
    assert set(PACKAGES).isdisjoint(sys.stdlib_module_names)


def caught(handler: ast.ExceptHandler) -> set[str]:
    """Names of what a handler catches; a bare `except` catches all there is."""
    if handler.type is None:
        return {"BaseException"}
    return {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("name", PRODUCT_FILES)
def test_everything_is_caught_in_two_places_only(name: str) -> None:
    for node in ast.walk(tree(ROOT / name)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        if "Exception" in caught(node):
            assert name in CATCH_ALL, f"line {node.lineno}"
        if "BaseException" in caught(node):
            last = node.body[-1]
            assert isinstance(last, ast.Raise), f"line {node.lineno} swallows what it catches"
            assert last.exc is None, f"line {node.lineno} raises something else"


def nouns() -> Iterator[str]:
    """Classes and new types of the shared language."""
    for node in (
        *tree(ROOT / "models" / "records.py").body,
        *tree(ROOT / "models" / "kinds.py").body,
        *tree(ROOT / "models" / "timers.py").body,
    ):
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="NewType"))):
                yield name


@pytest.mark.parametrize("noun", sorted(nouns()))
def test_every_noun_of_the_records_has_a_line_in_the_glossary(noun: str) -> None:
    rows = [line.split("|")[1] for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert any(f"`{noun}`" in row for row in rows)


@pytest.mark.parametrize("lock", LOCKS, ids=short)
def test_a_lock_names_no_host_and_has_a_hash_for_every_requirement(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert re.findall(r"\S*://\S*|--(?:extra-)?index-url.*|--find-links.*|--trusted-host.*", text) == []
    requirements = [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip() and not entry.lstrip().startswith("#")]
    assert len(requirements) > 20
    assert [entry.split()[0] for entry in requirements if not re.search(r"==\S+.*--hash=sha256:[0-9a-f]{64}", entry)] == []


def anchors(page: Path) -> set[str]:
    """The anchors that headings get, as the usual viewers make them."""
    headings = re.findall(r"^#+ +(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_every_internal_link_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def keys_of(part: type[Part], above: str = "") -> Iterator[str]:
    """Every key a profile may set, dotted, into the tables whose keys are fixed."""
    for name, field in part.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Part):
            yield from keys_of(kind, f"{above}{name}.")
        else:
            yield f"{above}{name}"


PROFILE_KEYS = [key for key in keys_of(Profile) if key.partition(".")[0] not in FOUND_BY_THE_PROGRAM | OWN_FOLDER_ONLY]


@pytest.mark.parametrize("key", PROFILE_KEYS)
def test_every_key_of_a_profile_stands_in_base(key: str) -> None:
    base: dict[str, Any] = {}
    for file in sorted((PROFILES / BASE).glob("*.toml")):
        base.update(tomllib.loads(file.read_text(encoding="utf-8")))
    for part in key.split("."):
        assert part in base, key
        base = base[part] if isinstance(base[part], dict) else {}


@pytest.mark.parametrize("table", sorted(OWN_FOLDER_ONLY))
def test_a_key_without_default_is_said_to_be_required(table: str) -> None:
    assert Profile.model_fields[table].is_required()
    headings = re.findall(rf"^### .*`\[{table}[.\]].*$", (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(headings) == 1


@pytest.mark.parametrize("language", ["nb", "sv", "en"])
@pytest.mark.parametrize("kind", MAILS)
def test_every_kind_of_outgoing_mail_has_its_words(kind: ParcelKind, language: str) -> None:
    subject, blank, text = (PROFILES / BASE / "mails" / language / f"{kind}.txt").read_text(encoding="utf-8").split("\n", 2)
    assert subject.strip()
    assert not blank.strip()
    assert text.strip()


def test_no_two_test_files_have_one_name() -> None:
    """pytest imports them by name alone: of two the second is an error."""
    names = Counter(file.name for file in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
