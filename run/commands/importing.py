"""The command that takes over earlier cases of another system: `import`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from classify.chain import Classifiers
from classify.earlier import LabelBook
from ingest.charset import find_charset
from ingest.columns import read_naming
from ingest.history import read_case, read_messages
from ingest.rows import read_csv, read_json
from models.errors import ColumnsError, MailUnreadableError
from models.history import PassedOver, PastCase, Row, RowRefusal
from models.profiles import Profile, load_profile
from models.records import Mail
from models.store import Store
from run.commands import outputs
from run.commands.judges import Judges
from run.commands.opening import opened_store
from run.commands.options import JSON, PROFILE
from run.commands.progress import tracked
from run.commands.tally import Tally
from run.inputs import MBOX_BEGINS, Input, InputError, inputs_of
from run.settings import load_environment
from run.wire import find_model

BATCH = 1_000
"""Cases written together: all of them, or none where the program is stopped."""
JSON_ENDS = (".jsonl", ".ndjson", ".json")
WORKBOOK_BEGINS = b"PK\x03\x04"

Told = Row | RowRefusal | PastCase | PassedOver


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@PROFILE
@click.option(
    "--map", "maps", multiple=True, metavar="THEIRS=OURS", help="Which column of the file is which of ours; THEIRS= leaves it out."
)
@JSON
@click.pass_context
def import_command(context: click.Context, file: Path, profile: str, maps: tuple[str, ...], *, as_json: bool) -> None:
    """Take over earlier cases: CSV, lines of JSON or mbox. Nothing is sent, and no case becomes anybody's work."""
    chosen = load_profile(profile)
    with _wrong_use(file), _told(file, maps, chosen) as cases:
        trained = load_environment().trained
        model = find_model(chosen, trained, _say)
        with opened_store() as store:
            judges = Judges(named=profile, trained=trained, book=LabelBook.of(chosen), classifiers=Classifiers.of(chosen, model))
            taking = Taking(store=store, profile=chosen, judges=judges, now=datetime.now(UTC))
            taking.take(tracked(cases, "import"))
    tally = taking.tally
    for line in [outputs.line(tally.report())] if as_json else tally.lines():
        click.echo(line)
    context.exit(1 if tally.refused else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """One import at work."""

    store: Store
    profile: Profile
    judges: Judges
    now: datetime
    tally: Tally = field(default_factory=Tally)
    _given: set[str] = field(init=False, default_factory=set)
    """Ids of cases that are being judged."""

    def take(self, told: Iterable[Told]) -> None:
        """Batch after batch. What is there already is neither read nor judged again."""
        for judged in self.judges.judged(self._batches(told)):
            self.tally.kept += self.store.history.keep(self.profile.name, judged, self.now)
            self.tally.judged(judged)
            self._given.difference_update(one.case.source_id for one in judged)

    def _batches(self, told: Iterable[Told]) -> Iterator[list[PastCase]]:
        waiting = iter(told)
        while batch := list(islice(waiting, BATCH)):
            read = list(self._read([one for one in batch if isinstance(one, Row | PastCase)]))
            refused = [one for one in (*batch, *read) if isinstance(one, RowRefusal)]
            self.tally.refuse(sorted(refused, key=lambda one: one.place))
            self.tally.passed_over.update(one for one in batch if isinstance(one, PassedOver))
            self.tally.read += len(batch)
            yield [one for one in read if isinstance(one, PastCase)]

    def _read(self, given: Sequence[Row | PastCase]) -> Iterator[PastCase | RowRefusal]:
        """What is neither there nor given to be judged yet; of those with one id the first."""
        zone = ZoneInfo(self.profile.timezone)
        known = self._given | self.store.history.known(self.profile.name, {one.source_id for one in given})
        for one in given:
            found = read_case(one, zone) if isinstance(one, Row) and one.source_id not in known else one
            if isinstance(found, RowRefusal):
                yield found
            elif isinstance(found, PastCase) and found.source_id not in known:
                known.add(found.source_id)
                self._given.add(found.source_id)
                yield found


@contextmanager
def _wrong_use(file: Path) -> Iterator[None]:
    try:
        yield
    except ColumnsError as error:
        raise InputError(f"{file}: {error}") from error


@contextmanager
def _told(file: Path, maps: tuple[str, ...], profile: Profile) -> Iterator[Iterator[Told]]:
    """What the file tells, one case at a time, in its order."""
    naming, beginning = read_naming(maps), _beginning(file)
    if beginning.startswith(WORKBOOK_BEGINS):
        raise InputError(f"{file}: is a workbook; save its sheet as CSV")
    if beginning == MBOX_BEGINS:
        if naming:
            raise InputError(f"{file}: --map is for columns, and an mbox has none")
        yield read_messages(map(_message, inputs_of([str(file)])), profile.desk.addresses, profile.automatic_subjects)
        return
    is_json = file.suffix.lower() in JSON_ENDS or beginning.startswith(b"{")
    with file.open(encoding=_charset(file), errors="replace", newline="") as lines:
        table = (read_json if is_json else read_csv)(lines, naming)
        if table.head.unknown:
            _say(f"{file}: columns left out: {', '.join(table.head.unknown)}")
        yield table.rows


def _beginning(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(len(MBOX_BEGINS))
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from error


def _charset(file: Path) -> str:
    """The whole file is looked through: its beginning may be in English."""
    with file.open("rb") as lines:
        charset = find_charset(lines)
    if not charset.startswith("utf"):
        _say(f"{file}: is not UTF-8; read as {charset}")
    return charset


def _message(given: Input) -> Mail | None:
    try:
        return given.read()
    except MailUnreadableError:
        return None


def _say(words: str) -> None:
    click.echo(words, err=True)
