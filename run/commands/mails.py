"""The command that shows every mail that an organisation sends: `mails --preview`."""

from __future__ import annotations

import email
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from itertools import groupby, product
from pathlib import Path
from typing import Any

import click

from models.case_numbers import CaseNumbers
from models.files import READABLE
from models.kinds import MAILS, Channel, ParcelKind, TicketType
from models.outcomes import Parcel, ParcelDraft
from models.pages import page_templates
from models.profiles import DATA, Profile, load_profile
from models.records import ParcelId, TicketId
from route.compose import compose
from route.templates import FACTS, FACTS_OF_ALL, Templates, folders_of
from run.commands.printed import save_page
from run.sandbox import first_sampled_profile

SAMPLES = DATA / "samples"
FACTS_FILE = SAMPLES / "facts.toml"
PAGE = "preview.html"
SECRET = b"of the preview alone"
"""Case numbers on the page are signed, but not as the installation signs."""
SENT_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OF_COMPOSE = ("case", "signed", "desk")
"""Facts that `compose` adds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One mail as its reader gets it. `html` is empty where there is none."""

    kind: ParcelKind
    variant: str
    language: str
    channel: Channel
    subject: str
    text: str
    html: str


@click.command("mails")
@click.option("--preview", "page", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write the page (HTML).")
@click.option("--profile", default=None, help="A shipped profile's name, or the folder of your own; the first that has sample mails.")
def mails_command(page: Path, profile: str | None) -> None:
    """Write a page with every mail that the organisation sends, in each of its languages, with made-up facts."""
    chosen = load_profile(profile or first_sampled_profile())
    shown = list(mails_of(chosen))
    save_page(page, preview(chosen, shown), mode=READABLE)
    click.echo(f"{len(shown)} mails in {', '.join(chosen.languages)}: {page}")


def preview(profile: Profile, shown: list[Shown]) -> str:
    """The page as HTML that needs nothing else and runs nothing."""
    kinds = [(kind, list(mails)) for kind, mails in groupby(shown, lambda mail: mail.kind)]
    return page_templates(SAMPLES).get_template(PAGE).render(title=profile.desk.title, kinds=kinds)


def mails_of(profile: Profile) -> Iterator[Shown]:
    """Every kind, in every wording, language and channel that the organisation has words for, composed as it would leave."""
    samples = tomllib.loads(FACTS_FILE.read_text(encoding="utf-8"))
    templates = Templates(profile)
    by_text_message = _kinds_by_text_message(profile)
    for kind in MAILS:
        channels = (Channel.MAIL, Channel.SMS) if kind in by_text_message else (Channel.MAIL,)
        variants = {"": [], **samples["variants"].get(kind, {})}
        for language, (variant, present), channel in product(profile.languages, variants.items(), channels):
            facts = facts_of(kind, language, present, profile, samples)
            draft = ParcelDraft(kind=kind, channel=channel, to=_reader(profile), language=language, facts=facts)
            yield _composed(kind, variant, draft, profile, templates)


def facts_of(kind: ParcelKind, language: str, present: list[str], profile: Profile, samples: Mapping[str, Any]) -> dict[str, str]:
    """What the template of the kind may show, and no more. A fact that nobody made up is a `KeyError`."""
    spoken = samples.get(language) or samples["en"]
    known: dict[str, Any] = {**samples["all"], **_own_words(kind, language, profile), **spoken, **spoken["of"].get(kind, {})}
    chosen = {name: value or known[name] for name, _, value in (entry.partition("=") for entry in present)}
    absent = dict.fromkeys(samples["optional"], "")
    wanted = [name for name in (*FACTS_OF_ALL, *FACTS[kind]) if name not in OF_COMPOSE]
    return {name: str({**known, **absent, **chosen}[name]).strip("\n") for name in wanted}


def _own_words(kind: ParcelKind, language: str, profile: Profile) -> dict[str, str]:
    """Facts that an organisation has words of its own for."""
    teams = [profile.team_title(team, language) for team in profile.teams if team != profile.doubt_team] or [profile.desk.title]
    level = str(profile.default_priority[TicketType.INCIDENT])
    asked = {name: question.ask for name, question in profile.questions.items()}
    advice = {name: advice.text for name, advice in profile.advice.items() if kind in advice.mails}
    return {
        "type": profile.words(profile.types, TicketType.INCIDENT, language),
        "priority": profile.words(profile.priorities, level, language),
        "priority_number": level,
        "scope": profile.words(profile.scopes, profile.default_scope, language),
        "team": teams[0],
        **dict.fromkeys(("guessed_team", "also_told", "change_request", "by"), teams[-1]),
        "known": ", ".join(teams),
        "address": profile.desk.addresses[0],
        "service": profile.words(profile.services, next(iter(profile.services)), language) if profile.services else teams[0],
        "risk": profile.words(profile.risk_titles, next(iter(profile.risks)), language) if profile.risks else "",
        "advice": "\n\n".join(profile.words(advice, name, language) for name in advice),
        "questions": "\n".join(f"- {profile.words(asked, name, language)}" for name in asked),
    }


def _composed(kind: ParcelKind, variant: str, draft: ParcelDraft, profile: Profile, templates: Templates) -> Shown:
    parcel = Parcel(
        id=ParcelId(1),
        ticket=TicketId(1042),
        profile=profile.name,
        message_id=f"<preview@{profile.desk.addresses[0].rpartition('@')[2]}>",
        draft=draft,
        original=None,
        attempts=0,
        doubted=False,
        created_at=SENT_AT,
    )
    letter = compose(parcel, profile, templates, CaseNumbers(profile.desk.case_prefix, SECRET))
    message = email.message_from_bytes(letter.content, policy=default)
    return Shown(
        kind=kind,
        variant=variant,
        language=draft.language,
        channel=draft.channel,
        subject=message["Subject"],
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, form: str) -> str:
    part = message.get_body((form,))
    return "\n".join(part.get_content().splitlines()) if part else ""


def _kinds_by_text_message(profile: Profile) -> set[str]:
    """Kinds that somebody has written a text message for."""
    return {file.name.removesuffix(".sms.txt") for folder in folders_of(profile) for file in folder.glob("*/*.sms.txt")}


def _reader(profile: Profile) -> str:
    return f"reader@{profile.desk.staff_domains[0]}" if profile.desk.staff_domains else profile.desk.addresses[0]
