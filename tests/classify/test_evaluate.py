"""Verdicts held against labels: every figure here was worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.evaluate import evaluate, expected_calibration_error, mistakes
from classify.fields import Example, Value
from classify.scores import FieldReport
from models.kinds import Method, TicketType
from models.profiles import Profile
from models.records import Guess, Verdict
from tests.support.mails import mail, verdict


def level(value: int, confidence: float = 0.8) -> Guess[int]:
    return Guess(value=value, confidence=confidence, method=Method.MODEL)


def kind(value: TicketType) -> Guess[TicketType]:
    return Guess(value=value, confidence=0.9, method=Method.MODEL)


def labelled(labels: Mapping[str, Value], **changes: object) -> Example:
    return Example(mail=mail(**changes), labels=labels, group="writer", organisation="siv")


def report_of(siv: Profile, field: str, verdicts: list[Verdict], labels: list[Value]) -> FieldReport:
    [found] = evaluate(verdicts, [labelled({field: label}) for label in labels], siv)
    assert found.field == field
    return found


def priorities(siv: Profile, said: list[int], true: list[Value], **changes: Any) -> FieldReport:
    return report_of(siv, "priority", [verdict(priority=level(value), **changes) for value in said], true)


def test_figures_of_a_priority_agree_with_those_worked_out_by_hand(siv: Profile) -> None:
    verdicts = [verdict(priority=level(said), review=said == 3 and last) for said, last in ((1, False), (2, False), (3, False), (3, True))]
    found = report_of(siv, "priority", verdicts, [1, 2, 3, 4])
    assert (found.n, found.accuracy) == (4, 0.75)
    assert found.macro_f1 == pytest.approx((1 + 1 + 2 / 3 + 0) / 4)
    assert found.quadratic_kappa == pytest.approx(1 - 1 / 8)
    assert (found.recall_p1, found.recall_p12, found.said_p12_per_true) == (1.0, 1.0, 1.0)
    assert found.ece == pytest.approx(0.05)
    assert (found.sent_to_review, found.accuracy_of_the_rest) == (0.25, 1.0)
    assert found.values == ("1", "2", "3", "4")
    assert found.confusion == ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 1, 0))


def test_a_grave_one_called_grave_of_another_level_is_found_among_the_grave(siv: Profile) -> None:
    found = priorities(siv, said=[2, 1, 4, 2], true=[1, 1, 2, 4])
    assert (found.recall_p1, found.said_p12_per_true) == (0.5, 1.0)
    assert found.recall_p12 == pytest.approx(2 / 3)


def test_where_nothing_is_grave_there_is_no_recall_of_it(siv: Profile) -> None:
    found = priorities(siv, said=[2, 4], true=[3, 4])
    assert (found.recall_p1, found.recall_p12, found.said_p12_per_true) == (None, None, None)


def test_macro_f1_is_over_the_true_values_only(siv: Profile) -> None:
    said = [kind(TicketType.INCIDENT), kind(TicketType.ORDER)]
    found = report_of(siv, "type", [verdict(type=value) for value in said], ["hendelse", "hendelse"])
    assert found.accuracy == 0.5
    assert found.macro_f1 == pytest.approx(2 / 3)
    assert found.values == ("bestilling", "hendelse")
    assert found.confusion == ((0, 0), (1, 1))


def test_where_all_go_to_review_there_is_no_rest(siv: Profile) -> None:
    found = priorities(siv, said=[1, 4], true=[1, 4], review=True)
    assert (found.sent_to_review, found.accuracy_of_the_rest) == (1.0, None)


def test_a_field_without_a_stated_confidence_has_no_calibration_and_no_review(siv: Profile) -> None:
    found = report_of(siv, "patient_safety", [verdict(patient_safety=True), verdict()], [True, False])
    assert (found.accuracy, found.ece, found.sent_to_review, found.accuracy_of_the_rest) == (1.0, None, None, None)
    assert found.values == ("False", "True")


def test_only_labels_that_are_there_are_scored_in_the_order_of_the_contract(siv: Profile) -> None:
    labels: list[dict[str, Value]] = [{"language": "nn", "team": "nett"}, {"type": "hendelse", "service": None}, {"type": "bestilling"}]
    found = evaluate([verdict()] * 3, [labelled(label) for label in labels], siv)
    assert [(report.field, report.n) for report in found] == [("type", 2), ("team", 1), ("language", 1)]


def test_one_value_alone_is_scored_without_a_warning(siv: Profile) -> None:
    found = report_of(siv, "type", [verdict()], ["hendelse"])
    assert (found.values, found.confusion) == (("hendelse",), ((1,),))


def test_mails_labelled_automatic_count_for_that_alone(siv: Profile) -> None:
    labels: list[dict[str, Value]] = [
        {"type": "hendelse", "is_auto": False},
        {"type": "forespørsel", "is_auto": True},
        {"type": "bestilling", "is_auto": False},
    ]
    said = [verdict(), verdict(is_auto=True), verdict()]
    found = {report.field: (report.n, report.accuracy) for report in evaluate(said, [labelled(label) for label in labels], siv)}
    assert found == {"type": (2, 0.5), "is_auto": (3, 1.0)}


def test_no_labels_give_no_reports(siv: Profile) -> None:
    assert evaluate([verdict()], [labelled({})], siv) == []


def test_labels_and_verdicts_must_be_as_many(siv: Profile) -> None:
    with pytest.raises(ValueError, match="shorter"):
        evaluate([verdict(), verdict()], [labelled({"type": "hendelse"})], siv)


@pytest.mark.parametrize(
    ("stated", "right", "error"),
    [
        ([1.0, 1.0], [True, True], 0.0),
        ([1.0, 1.0], [False, False], 1.0),
        ([0.5, 0.5], [True, False], 0.0),
        ([0.95, 0.95, 0.15, 0.15], [True, False, False, False], 0.5 * 0.45 + 0.5 * 0.15),
        ([0.91, 0.99], [True, False], 0.45),
        ([0.0], [True], 1.0),
    ],
)
def test_calibration_error_agrees_with_that_worked_out_by_hand(stated: list[float], right: list[bool], error: float) -> None:
    assert expected_calibration_error(stated, right) == pytest.approx(error)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_calibration_error_is_a_share(pairs: list[tuple[float, bool]]) -> None:
    assert -1e-9 <= expected_calibration_error([stated for stated, _ in pairs], [right for _, right in pairs]) <= 1 + 1e-9


def test_kappa_of_one_level_alone_is_told_as_none(siv: Profile) -> None:
    assert priorities(siv, said=[3, 3], true=[3, 3]).quadratic_kappa is None


def test_parts_are_mails_of_one_language_and_of_one_length(siv: Profile) -> None:
    examples = [labelled({"type": kind, "language": "nn"}, text=text) for kind, text in (("hendelse", "ord " * 30), ("bestilling", "ord"))]
    [kinds, _] = evaluate([verdict(type=kind(TicketType.INCIDENT))] * 2, examples, siv)
    assert [(part.name, part.n, part.accuracy) for part in kinds.parts] == [
        ("language nn", 2, 0.5),
        ("more than   0 words", 1, 0.0),
        ("more than  20 words", 1, 1.0),
    ]


def test_mistakes_are_told_the_surest_first_and_what_is_right_is_none() -> None:
    wrong = labelled({"type": "bestilling", "priority": 2})
    found = mistakes(
        [verdict(type=kind(TicketType.INCIDENT), priority=level(3, 0.95)), verdict(type=kind(TicketType.ORDER))], [wrong, wrong]
    )
    assert [(mistake.field, mistake.said) for mistake in found[:2]] == [("priority", 3), ("type", TicketType.INCIDENT)]


def test_an_automatic_mail_is_no_mistake() -> None:
    assert mistakes([verdict(type=kind(TicketType.INCIDENT))], [labelled({"type": "bestilling", "is_auto": True})]) == []
