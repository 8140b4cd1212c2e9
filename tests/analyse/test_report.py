"""The report of a week: what stands on the page, in every language, from much and from nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from analyse.listing import Listed
from analyse.matter import Matter, matter_of
from analyse.periods import Period, week_of
from analyse.report import TEMPLATES, Report, report_of, report_page
from analyse.style import without_style
from models.kinds import Mode, ParcelKind
from models.pages import load_words
from models.profiles import Profile, load_profile
from models.store import Store, open_store
from tests.support.cases import PROFILE, write_profile
from tests.support.diary import Diary, busy_weeks
from tests.support.mails import mail
from tests.support.repeats import made_up

WEEK = week_of("2026-W07", ZoneInfo("Europe/Oslo"))
NOW = datetime(2026, 2, 16, 7, 0, tzinfo=UTC)
HOSTILE = '<script>alert("1")</script>'


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Read by every test, written by none."""
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('busy') / 'saksgang.db'}")
    busy_weeks(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def weekly(siv: Profile, busy: Store) -> tuple[Report, str]:
    """The report of the seventh week with a repeat problem, and its page."""
    found = matter(busy, siv, repeats=[made_up()])
    report = report_of(found, NOW)
    return report, report_page(report, found).html


@pytest.fixture
def page(weekly: tuple[Report, str]) -> html.HtmlElement:
    return html.document_fromstring(weekly[1])


def matter(store: Store, profile: Profile, period: Period = WEEK, language: str = "nb", repeats: list[Listed] | None = None) -> Matter:
    return matter_of(store, profile, period, load_words(language)["report"], repeats)


def made(found: Matter) -> tuple[Report, html.HtmlElement]:
    report = report_of(found, NOW)
    return report, html.document_fromstring(report_page(report, found).html)


def words_of(page: html.HtmlElement) -> str:
    for style in page.xpath("//style"):
        style.getparent().remove(style)
    return " ".join(page.text_content().split())


def test_the_page_says_of_whom_of_when_and_of_how_much(siv: Profile, page: html.HtmlElement) -> None:
    text = words_of(page)
    for words in (
        siv.desk.title,
        "Ukerapport 2026-W07",
        "2026-02-09 til 2026-02-15 (7 dager)",
        "Laget 2026-02-16 08:00 (Europe/Oslo)",
        "14 saker kom inn",
    ):
        assert words in text
    assert page.get("lang") == "nb"


def test_the_key_figures_are_those_that_were_counted(weekly: tuple[Report, str]) -> None:
    """Two cases a day for six weeks: 84 until the period's end, 14 in it, 56 in the four weeks before."""
    figures = weekly[0].key_figures.frame.set_index("figure").to_dict("index")
    assert figures["opened"] == {"now": 14, "usual": 14}
    assert figures["sorted_share"] == pytest.approx({"now": 11 / 14, "usual": 1 - 11 / 56})
    assert "in_time_share" not in figures, "the organisation has set no due times"


def test_every_picture_says_what_it_shows_and_has_its_table(page: html.HtmlElement) -> None:
    pictures = page.xpath("//figure/svg")
    assert len(pictures) >= 9
    for picture in pictures:
        assert picture.get("role") == "img"
        assert len(picture.get("aria-label")) > 20
        assert picture.xpath("ancestor::section[1]//table//td"), picture.get("aria-label")


def test_no_two_elements_of_the_page_have_one_id(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    used = {link.lstrip("#") for link in re.findall(r"url\((#[^)]+)\)", html.tostring(page).decode())}
    assert used <= set(ids), "patterns and clips are found under their new names"


def test_the_page_fetches_and_runs_nothing(page: html.HtmlElement) -> None:
    assert list(page.iter("script", "link", "img", "iframe", "image", "object", "form")) == []
    assert [name for element in page.iter() for name in element.attrib if name.startswith("on") or name in ("src", "srcset")] == []
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert not re.search(r"@import|url\((?!#)", html.tostring(page).decode())


def test_headings_go_down_one_step_at_a_time(page: html.HtmlElement) -> None:
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "en"])
def test_the_report_is_told_in_every_language(siv: Profile, busy: Store, language: str) -> None:
    report, page = made(matter(busy, siv, language=language, repeats=[made_up()]))
    heading = load_words(language)["report"]["workload_heading"]
    assert heading in words_of(page)
    assert not re.search(r"[{}]", words_of(page)), "every figure is filled in"
    assert len({table.name for table in report.tables}) == len(report.tables)
    for table in report.tables:
        assert len({column.title for column in table.columns}) == len(table.columns), table.name


def test_a_report_of_nothing_is_a_page_too(siv: Profile, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'saksgang.db'}")
    try:
        _, page = made(matter(store, siv, repeats=[]))
        assert "0 saker kom inn." in words_of(page)
        assert "Ingen gjentatte problemer ble funnet." in words_of(page)
    finally:
        store.close()


def test_the_first_case_ever_makes_a_report(siv: Profile, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'saksgang.db'}")
    try:
        Diary(store).opens("2026-02-11 10:00", parcels=(ParcelKind.FORWARD, ParcelKind.RECEIPT))
        report, page = made(matter(store, siv))
        assert "1 saker kom inn." in words_of(page)
        assert not any(tile.usual for tile in report.tiles), "nobody can tell what is usual"
    finally:
        store.close()


def test_cases_of_mailboxes_in_trial_are_counted_and_said_but_are_nobodys_work(siv: Profile, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'saksgang.db'}")
    try:
        Diary(store).opens("2026-02-11 10:00", mode=Mode.SHADOW)
        report, page = made(matter(store, siv))
        figures = report.key_figures.frame.set_index("figure")["now"]
        assert (figures["opened"], figures["open"]) == (1, 0)
        assert "1 av dem til postkasser på prøve." in words_of(page)
    finally:
        store.close()


def test_no_address_and_no_word_of_a_mail_is_on_the_page(siv: Profile, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'saksgang.db'}")
    try:
        Diary(store).opens("2026-02-11 10:00", reporter="kari.moe@siv.no", mail=mail(subject="hemmelig", text="hemmelig"), service=HOSTILE)
        report, page = made(matter(store, siv))
        everything = report_page(report, matter(store, siv)).html + "".join(table.frame.to_csv() for table in report.tables)
        assert "kari.moe" not in everything
        assert "hemmelig" not in everything
        assert list(page.iter("script")) == []
    finally:
        store.close()


def test_words_of_others_are_text_on_the_page_and_in_its_pictures(siv: Profile, busy: Store) -> None:
    _, page = made(matter(busy, siv, repeats=[made_up(label=HOSTILE, known_solution=HOSTILE)]))
    assert list(page.iter("script")) == []
    assert words_of(page).count(HOSTILE) >= 3


@pytest.mark.parametrize("name", ["pris $5 og $6", r"$x_$ og $\frac$", r"kost \$5"])
def test_a_name_is_drawn_as_it_was_given_and_never_as_mathematics(siv: Profile, busy: Store, name: str) -> None:
    _, page = made(matter(busy, siv, repeats=[made_up(label=name)]))
    drawn = [text.text_content() for text in page.xpath("//figure/svg//text")]
    assert name in drawn


def test_a_name_that_looks_like_style_makes_no_rule(siv: Profile, busy: Store) -> None:
    name = 'x style="} main { display: none } .y {"'
    _, page = made(matter(busy, siv, repeats=[made_up(label=name)]))
    [style] = page.xpath("//style")
    assert "display: none }" not in style.text
    assert page.xpath("//main//*[@style]") == []
    assert "".join(words_of(page).split()).count("".join(name.split())) >= 3


def test_a_letter_that_xml_forbids_costs_no_more_than_itself() -> None:
    plain, rules = without_style({"one": '<svg style="fill: red"><text>skjerm\x0b svart</text></svg>'})
    assert (plain["one"], rules) == ('<svg class="s0"><text>skjerm svart</text></svg>', ".s0 { fill: red }")


def test_a_long_time_is_told_by_week(siv: Profile, busy: Store) -> None:
    months = Period(first=date(2026, 1, 5), after=date(2026, 2, 18), zone=WEEK.zone)
    report, _ = made(matter(busy, siv, months))
    assert "cases_by_day" not in {table.name for table in report.tables}
    [weekly] = [table for table in report.tables if table.name == "cases_by_week"]
    assert weekly.frame["all"].tail(6).tolist() == [14] * 6


def test_due_times_are_told_where_the_organisation_has_set_them(tmp_path: Path) -> None:
    hours = '[hours.office]\nweek = { mon-fri = "08:00-16:00" }\n[deadlines.3]\nhours = "office"\nminutes = 120\nwarn_minutes = 0\n'
    profile = load_profile(write_profile(tmp_path / "mine", PROFILE + hours))
    store = open_store(f"sqlite:///{tmp_path / 'saksgang.db'}")
    try:
        diary = Diary(store, profile.name)
        in_time, late, waiting = (
            diary.opens("2026-02-11 10:00", team="alle", due_at=datetime(2026, 2, 11, 11, tzinfo=UTC)) for _ in range(3)
        )
        diary.solves(in_time, "2026-02-11 11:30")
        diary.solves(late, "2026-02-12 09:00")
        tables = {table.name: table.frame for table in made(matter(store, profile))[0].tables}
        assert tables["in_time_by_priority"][["solved", "with_due", "in_time", "share"]].values.tolist() == [[2, 2, 1, 0.5]]
        assert tables["teams"][["opened", "closed", "open", "overdue"]].values.tolist() == [[3, 2, 1, 1]]
        solution = tables["times"].set_index("stage").loc["solved"]
        assert (solution["median"], solution["office_median"]) == ((90 + 23 * 60) / 2, (90 + 420) / 2)
        assert waiting
    finally:
        store.close()


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3: how far apart two colours are in light, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def palettes() -> list[dict[str, str]]:
    """The colours of the page in light, and in dark."""
    blocks = re.findall(r":root \{(.*?)\}", (TEMPLATES / "report.css").read_text(encoding="utf-8"), re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in blocks]


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_colours_can_be_told_from_what_is_behind_them(palette: dict[str, str]) -> None:
    for text, grounds in (("ink", ("paper", "panel", "shade")), ("quiet", ("paper", "panel")), ("part-1", ("paper",))):
        for ground in grounds:
            assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    for part in ("part-1", "part-2", "part-3", "part-4", "part-5"):
        assert contrast(palette[part], palette["paper"]) >= 3, part
    for step in range(6):
        assert contrast(palette[f"heat-{step}"], palette["on-pale" if step < 3 else "on-strong"]) >= 4.5, step


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_heat_grows_without_a_step_back_also_in_grey(palette: dict[str, str]) -> None:
    away = [contrast(palette[f"heat-{step}"], palette["paper"]) for step in range(6)]
    assert away == sorted(away)
