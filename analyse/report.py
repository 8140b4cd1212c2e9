"""The only place for the report of a week, or of any time: one page that needs nothing else, and the tables that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analyse.flow import cases, workload
from analyse.headline import Tile, key_figures, lead, tiles
from analyse.matter import Matter
from analyse.quality import outcomes, repeating, sorting
from analyse.section import Section
from analyse.speech import Form, day, week
from analyse.style import policy_of, without_style
from analyse.tables import Table
from analyse.times import within
from analyse.waits import waiting
from models.kinds import CameBy, Mode
from models.pages import page_templates

TEMPLATES = Path(__file__).resolve().parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the page says, in the words of its language."""

    title: str
    span: str
    made: str
    source: str
    lead: Sequence[str]
    key_figures: Table
    tiles: Sequence[Tile]
    sections: Sequence[Section]

    @property
    def tables(self) -> list[Table]:
        """Every table, the key figures first."""
        return [self.key_figures, *(exhibit.table for section in self.sections for exhibit in section.exhibits)]


def report_of(matter: Matter, made_at: datetime) -> Report:
    period, figures = matter.period, key_figures(matter)
    made = made_at.astimezone(period.zone)
    return Report(
        title=matter.said("week_title", week=week(period.first)) if period.is_week else matter.said("time_title"),
        span=matter.said("span", first=day(period.first), last=day(period.last), days=period.days),
        made=matter.said("made", at=f"{made:%Y-%m-%d %H:%M}", zone=period.zone.key),
        source=_source(matter),
        lead=list(lead(matter, figures)),
        key_figures=figures,
        tiles=tiles(matter, figures),
        sections=[cases(matter), workload(matter), waiting(matter), sorting(matter), outcomes(matter), *repeating(matter)],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as HTML: no script, nothing fetched, for the screen in light and dark and for paper. `policy` (CSP) lets a browser do no more with it."""

    html: str
    policy: str


def report_page(report: Report, matter: Matter) -> Page:
    templates, desk = page_templates(TEMPLATES), matter.profile.desk.title
    drawn = {exhibit.table.name: exhibit.picture for section in report.sections for exhibit in section.exhibits if exhibit.picture}
    pictures, rules = without_style(drawn)
    style = templates.get_template("style.css").render(desk=_quoted(desk), title=_quoted(report.title), rules=rules)
    policy = policy_of(style)
    html = templates.get_template("report.html").render(
        report=report,
        desk=desk,
        language=matter.profile.default_language,
        words=matter.speech.words,
        written=lambda table: table.written(matter.speech),
        numeric=[form for form in Form if form is not Form.TEXT],
        pictures=pictures,
        style=style,
        policy=policy,
    )
    return Page(html=html, policy=policy)


def _quoted(text: str) -> str:
    """For a string of CSS in a style element: nothing that ends either."""
    return text.translate({ord(letter): None for letter in '"\\<\n'})


def _source(matter: Matter) -> str:
    """From how many cases the report is made, and how many of them nobody works on."""
    opened = within(matter.tickets, "opened", matter.period)
    shadow = int(((opened["mode"] == Mode.SHADOW) & (opened["came_by"] != CameBy.IMPORT)).sum())
    known = matter.said("source", opened=matter.count(len(opened)), all=matter.count(len(matter.tickets)), first=day(matter.weeks.first))
    return f"{known} {matter.said('in_shadow', shadow=matter.count(shadow))}" if shadow else known
