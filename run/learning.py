"""The commands that teach and examine a classifier: `train` and `evaluate`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from analyse.evaluation import evaluation_page
from classify.artefact import find_card, save_model
from classify.chain import Classifiers, classify
from classify.champion import answers_of, contest, read_answers
from classify.evaluate import evaluate
from classify.fields import Example
from classify.scores import FieldReport
from classify.train import train
from models.profiles import DATA, Profile, load_profile
from run import outputs
from run.inputs import InputError, examples_of
from run.options import BATCH, JSON, PROFILE
from run.progress import share_bar, tracked
from run.settings import load_environment
from run.wire import find_model

CORPUS = DATA / "corpus"
ASIDE = "aside"
LABELS = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("train")
@PROFILE
@click.option("--labels", multiple=True, type=LABELS, help="Labelled mails (.jsonl); the shipped corpus where none is given.")
@click.option("--anyway", is_flag=True, help="Take the new model even where it is worse than the old one.")
def train_command(profile: str, labels: tuple[Path, ...], *, anyway: bool) -> None:
    """Train a profile's model on labelled mails. A model that is worse than the one there is kept aside."""
    chosen = load_profile(profile)
    corpora = {chosen.name: list(labels)} if labels else shipped_corpora(chosen)
    examples = list(tracked(_examples(corpora), "read"))
    with share_bar(f"train {chosen.name}") as progress:
        model, proof = train(examples, chosen, progress)
    Console(width=150).print(_figures(list(proof.scores.values()), "each field on mails of writers it had not seen"))
    answers = answers_of(proof, [example.mail.message_id for example in examples])
    facts = {
        "profile": chosen.name,
        "mails": len(examples),
        "labels_sha256": _digest(file for files in corpora.values() for file in files),
        "frozen": answers,
    }
    place = load_environment().trained / chosen.name
    found = contest(read_answers(find_card(place)), answers)
    folder = place if found.wins or anyway else place / ASIDE
    save_model(folder, model, proof, facts)
    click.echo(f"{found}\nmodel in {folder}" + ("" if folder == place else ": kept aside, for it is worse; --anyway takes it"))


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
        report.write_text(evaluation_page(chosen, reports, verdicts, examples), encoding="utf-8")
    if as_json:
        for figures in reports:
            click.echo(outputs.line(asdict(figures)))
    else:
        _show(reports)


def shipped_corpora(profile: Profile) -> dict[str, list[Path]]:
    """The corpus files of a shipped profile and of its kin. `InputError` where it has none of its own."""
    found = {name: sorted((CORPUS / name).glob("*.jsonl")) for name in (profile.name, *profile.kin)}
    if not found[profile.name]:
        raise InputError(f"{CORPUS / profile.name}: no corpus for this profile; give --labels")
    return found


def _examples(corpora: Mapping[str, Sequence[Path]]) -> Iterator[Example]:
    for organisation, files in corpora.items():
        yield from examples_of(files, organisation)


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


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
