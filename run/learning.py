"""The commands that teach and examine a classifier: `train` and `evaluate`."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from classify.artefact import save_model
from classify.chain import Classifiers, classify
from classify.evaluate import FieldReport, evaluate
from classify.train import train
from models.profiles import DATA, Profile, load_profile
from run import outputs
from run.inputs import InputError, examples_of
from run.options import BATCH, JSON, PROFILE
from run.progress import share_bar, tracked
from run.settings import load_environment
from run.wire import find_model

CORPUS = DATA / "corpus"
LABELS = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("train")
@PROFILE
@click.option("--labels", multiple=True, type=LABELS, help="Labelled mails (.jsonl); the shipped corpus where none is given.")
def train_command(profile: str, labels: tuple[Path, ...]) -> None:
    """Train a profile's model on labelled mails."""
    chosen = load_profile(profile)
    files = labels or shipped_corpus(chosen)
    examples = list(tracked(examples_of(files), "read"))
    with share_bar(f"train {chosen.name}") as progress:
        model, scores = train(examples, chosen, progress)
    folder = load_environment().trained / chosen.name
    facts = {"profile": chosen.name, "mails": len(examples), "labels_sha256": _digest(files)}
    save_model(folder, model, scores, facts)
    for field, score in scores.items():
        click.echo(
            f"{field:15} n {score.n:6}  accuracy {score.accuracy:.3f}  macro-F1 {score.macro_f1:.3f}  ECE {score.ece:.3f}  (held out by writer)"
        )
    click.echo(f"model in {folder}")


@click.command("evaluate")
@PROFILE
@click.option("--labels", multiple=True, required=True, type=LABELS, help="Labelled mails (.jsonl).")
@JSON
def evaluate_command(profile: str, labels: tuple[Path, ...], *, as_json: bool) -> None:
    """Hold the classifier against labels."""
    chosen = load_profile(profile)
    examples = list(tracked(examples_of(labels), "read"))
    model = find_model(chosen, load_environment().trained, lambda words: click.echo(words, err=True))
    classifiers = Classifiers.of(chosen, model)
    mails = [example.mail for example in examples]
    verdicts = [verdict for start in range(0, len(mails), BATCH) for verdict in classify(mails[start : start + BATCH], classifiers)]
    reports = evaluate(verdicts, [example.labels for example in examples], chosen)
    if as_json:
        for report in reports:
            click.echo(outputs.line(asdict(report)))
    else:
        _show(reports)


def shipped_corpus(profile: Profile) -> list[Path]:
    """The corpus files of a shipped profile. `InputError` where there are none."""
    files = sorted((CORPUS / profile.name).glob("*.jsonl"))
    if not files:
        raise InputError(f"{CORPUS / profile.name}: no corpus for this profile; give --labels")
    return files


def _digest(files: list[Path] | tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _show(reports: list[FieldReport]) -> None:
    console = Console(width=150)
    table = Table(title="each field against its labels")
    for column in ("field", "n", "accuracy", "macro-F1", "kappa", "P1 found", "P1-2 found", "P1-2 said", "ECE", "to review", "rest right"):
        table.add_column(column, justify="left" if column == "field" else "right")
    for report in reports:
        figures = (report.accuracy, report.macro_f1, report.quadratic_kappa, report.recall_p1, report.recall_p12, report.said_p12_per_true)
        more = (report.ece, report.sent_to_review, report.accuracy_of_the_rest)
        table.add_row(report.field, str(report.n), *(_figure(value) for value in (*figures, *more)))
    console.print(table)
    for report in reports:
        confusion = Table(title=f"{report.field}: true in rows, said in columns")
        confusion.add_column("")
        for value in report.values:
            confusion.add_column(value, justify="right")
        for value, row in zip(report.values, report.confusion, strict=True):
            confusion.add_row(value, *map(str, row))
        console.print(confusion)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
