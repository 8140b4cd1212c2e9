"""The commands that teach and examine a classifier: `train`, `models` and `evaluate`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from analyse.evaluation import evaluation_page
from classify.chain import Classifiers, classify
from classify.evaluate import evaluate
from classify.scores import FieldReport
from classify.versions import Reason, Taking, list_versions, take
from models.errors import SaksgangError
from models.files import PRIVATE
from models.profiles import Profile, load_profile
from models.store import Store
from models.training import TrainingId, TrainingState
from run.commands import outputs
from run.commands.opening import opened_store
from run.commands.options import AT_COMMAND_LINE, BATCH, JSON, PROFILE
from run.commands.printed import save_page
from run.commands.progress import share_bar, told_to, tracked
from run.inputs import examples_of
from run.relearning import Learned, Lessons, Order, confirmed_cases, corpora_of, corpus_of, learn_anew
from run.settings import load_environment
from run.wire import find_model

ASIDE = "kept aside, for it is worse"
MOST_ASKED = 20
LABELS = click.Path(exists=True, dir_okay=False, path_type=Path)
LOW_PRIORITY = 19


@click.command("train")
@PROFILE
@click.option("--labels", multiple=True, type=LABELS, help="Labelled mails (.jsonl); the shipped corpus where none is given.")
@click.option("--confirmed", is_flag=True, help="Learn from what people confirmed or corrected too.")
@click.option("--anyway", is_flag=True, help="Take the new model even where it is worse than the old one.")
@click.option("--training", type=int, default=None, hidden=True, help="The training that the running program has claimed for this.")
def train_command(profile: str, labels: tuple[Path, ...], *, confirmed: bool, anyway: bool, training: int | None) -> None:
    """Train a profile's model on labelled mails. A model that is worse than the one there is kept aside."""
    chosen, environment = load_profile(profile), load_environment()
    order = Order(place=environment.trained / chosen.name, by=AT_COMMAND_LINE, now=datetime.now(UTC), anyway=anyway)
    if confirmed:
        with opened_store(environment) as store:
            _train_confirmed(store, chosen, labels, order, None if training is None else TrainingId(training))
        return
    corpora = corpora_of(chosen, labels)
    lessons = Lessons(profile=chosen, corpora=corpora, corpus=list(tracked(corpus_of(corpora), "read")))
    with share_bar(f"train {chosen.name}") as progress:
        _tell(learn_anew(lessons, order, progress), order.place)


def _train_confirmed(store: Store, profile: Profile, labels: Sequence[Path], order: Order, training: TrainingId | None) -> None:
    """With a row that says how far it is; in the running program's stead at low priority."""
    if training is not None:
        os.nice(LOW_PRIORITY)
    else:
        store.training.ask(profile.name, order.by, order.now)
        training = store.training.claim(profile.name, order.now)
    if training is None:
        raise SaksgangError(f"{profile.name}: a training is under way already")
    asked = next((one for one in store.training.latest(profile.name, MOST_ASKED) if one.id == training), None)
    order = replace(order, by=asked.by if asked else order.by)
    try:
        with share_bar(f"train {profile.name}") as bar:
            learned = learn_anew(_lessons(store, profile, labels), order, told_to(store, training, bar))
    except SaksgangError as error:
        store.training.end(training, TrainingState.FAILED, datetime.now(UTC), why=str(error))
        raise
    state = TrainingState.PROMOTED if learned.taken else TrainingState.ASIDE
    store.training.end(training, state, datetime.now(UTC), version=learned.version, why=learned.reason)
    _tell(learned, order.place)


def _lessons(store: Store, profile: Profile, labels: Sequence[Path]) -> Lessons:
    corpora = corpora_of(profile, labels)
    return Lessons(profile=profile, corpora=corpora, corpus=list(corpus_of(corpora)), own=confirmed_cases(store, profile))


def _tell(learned: Learned, place: Path) -> None:
    Console(width=150).print(_figures(list(learned.proof.scores.values()), "each field on mails of writers it had not seen"))
    if learned.trial:
        click.echo(f"{learned.trial.frozen}\n{learned.trial.own.told_of('cases judged since')}")
    where = f"model {learned.version} in {place}"
    aside = "kept aside, for the one in use has learned from people and this one has not" if learned.reason is Reason.KNOWS_LESS else ASIDE
    click.echo(where if learned.taken else f"{where}: {aside}; --anyway takes it")


@click.group("models")
def models_group() -> None:
    """Models that were trained: list them, and take another into use."""


@models_group.command("list")
@PROFILE
@JSON
def list_command(profile: str, *, as_json: bool) -> None:
    """The models of a profile, the newest first."""
    for version in list_versions(load_environment().trained / load_profile(profile).name):
        confirmed = version.card.get("confirmed", {}).get("cases", 0)
        values = {"version": version.name, "trained_at": version.card.get("trained_at"), "mails": version.card.get("mails")}
        values |= {"confirmed": confirmed, "in_use": version.in_use, "usable": version.usable}
        click.echo(outputs.line(values) if as_json else "  ".join(str(value) for value in values.values()))


@models_group.command("use")
@click.argument("version")
@PROFILE
def use_command(version: str, profile: str) -> None:
    """Take a model into use, an earlier one too. A running program has it with the next mail."""
    place = load_environment().trained / load_profile(profile).name
    take(place, Taking(at=datetime.now(UTC), by=AT_COMMAND_LINE, version=version, reason=Reason.CHOSEN, taken=True))
    click.echo(f"model {version} in {place}")


@click.command("evaluate")
@PROFILE
@click.option("--labels", multiple=True, required=True, type=LABELS, help="Labelled mails (.jsonl).")
@JSON
@click.option(
    "--report", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write the figures as a page of HTML with pictures."
)
def evaluate_command(profile: str, labels: tuple[Path, ...], *, as_json: bool, report: Path | None) -> None:
    """Hold the classifier against labels."""
    chosen = load_profile(profile)
    examples = list(tracked(examples_of(labels, chosen.name), "read"))
    model = find_model(chosen, load_environment().trained, lambda words: click.echo(words, err=True))
    classifiers = Classifiers.of(chosen, model)
    mails = [example.mail for example in examples]
    verdicts = [verdict for start in range(0, len(mails), BATCH) for verdict in classify(mails[start : start + BATCH], classifiers)]
    reports = evaluate(verdicts, examples, chosen)
    if report is not None:
        save_page(report, evaluation_page(chosen, reports, verdicts, examples), mode=PRIVATE)
    if as_json:
        for figures in reports:
            click.echo(outputs.line(asdict(figures)))
    else:
        _show(reports)


def _show(reports: Sequence[FieldReport]) -> None:
    """Each field's figures, then where its values are taken for each other."""
    console = Console(width=150)
    console.print(_figures(reports, "each field against its labels"))
    for report in reports:
        console.print(_confusion(report))


def _figures(reports: Sequence[FieldReport], title: str) -> Table:
    table = Table(title=title)
    for column in ("field", "n", "accuracy", "macro-F1", "kappa", "P1 found", "P1-2 found", "P1-2 said", "ECE", "to review", "rest right"):
        table.add_column(column, justify="left" if column == "field" else "right")
    for report in reports:
        figures = (report.accuracy, report.macro_f1, report.quadratic_kappa, report.recall_p1, report.recall_p12, report.said_p12_per_true)
        more = (report.ece, report.sent_to_review, report.accuracy_of_the_rest)
        table.add_row(report.field, str(report.n), *(_figure(value) for value in (*figures, *more)))
    return table


def _confusion(report: FieldReport) -> Table:
    table = Table(title=f"{report.field}: true in rows, said in columns")
    table.add_column("")
    for value in report.values:
        table.add_column(value, justify="right")
    for value, row in zip(report.values, report.confusion, strict=True):
        table.add_row(value, *map(str, row))
    return table


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
