"""The page that tells how well a classifier judges."""

from __future__ import annotations

from lxml import html

from analyse.evaluation import MOST_LETTERS, evaluation_page
from classify.evaluate import evaluate
from classify.fields import Example, Value
from models.profiles import Profile
from tests.support.mails import mail, verdict

SECRET = "15108695088"
HOSTILE = "<script>alert(1)</script>"


def page(siv: Profile) -> html.HtmlElement:
    text = f"{HOSTILE} fødselsnummer {SECRET} " + "ord " * 200
    labels: dict[str, Value] = {"type": "bestilling", "priority": 4, "team": "innkjop", "is_auto": False}
    examples = [Example(mail=mail(subject=HOSTILE, text=text), labels=labels, group="w", organisation="siv") for _ in range(30)]
    verdicts = [verdict() for _ in examples]
    return html.document_fromstring(evaluation_page(siv, evaluate(verdicts, examples, siv), verdicts, examples))


def test_every_field_has_its_figures_and_its_confusion(siv: Profile) -> None:
    captions = [caption.text for caption in page(siv).iter("caption")]
    assert captions[0] == "Each field against its labels"
    assert {"type: true in rows, said in columns", "team: true in rows, said in columns"} <= set(captions)


def test_there_is_a_picture_of_sureness_and_one_of_coverage_for_each_field_of_trust(siv: Profile) -> None:
    assert len(list(page(siv).iter("svg"))) == 6


def test_the_page_fetches_and_runs_nothing(siv: Profile) -> None:
    found = page(siv)
    assert list(found.iter("script", "link", "img", "iframe")) == []
    assert [value for element in found.iter() for name, value in element.attrib.items() if name in ("src", "onload", "onclick")] == []


def test_mails_on_the_page_are_redacted_and_short(siv: Profile) -> None:
    text = page(siv).text_content()
    assert SECRET not in text
    cells = [cell.text_content() for cell in page(siv).xpath("//table[@class='words']//td[last()]")]
    assert cells
    assert max(map(len, cells)) <= MOST_LETTERS
    assert HOSTILE in cells[0]
