"""What a PATH on the command line may be."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from models.errors import MailUnreadableError
from run.inputs import InputError, examples_of, inputs_of, labels_of
from tests.support.mails import content


def ids(*paths: Path | str) -> list[str]:
    return [given.id for given in inputs_of(map(str, paths))]


def put(file: Path, subject: str = "Skriver") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content(subject=subject))
    return file


def subjects(*paths: Path | str) -> list[str]:
    return [given.read().subject for given in inputs_of(map(str, paths))]


def lines(file: Path, *rows: object) -> Path:
    written = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    file.write_text("\n".join(written) + "\n", encoding="utf-8")
    return file


def test_an_eml_file_is_one_mail_with_its_true_bytes(tmp_path: Path) -> None:
    file = put(tmp_path / "a.eml")
    [given] = inputs_of([str(file)])
    assert (given.id, given.content, given.error, given.row) == ("a.eml", file.read_bytes(), None, None)


def test_a_file_of_any_other_name_is_one_mail_too(tmp_path: Path) -> None:
    assert ids(put(tmp_path / "mail.txt")) == ["mail.txt"]
    assert subjects(tmp_path / "mail.txt") == ["Skriver"]


def test_a_folder_is_its_eml_files_at_every_depth_in_order_of_name(tmp_path: Path) -> None:
    for name in ("b.eml", "a.eml", "deep/down/c.eml", "notes.txt"):
        put(tmp_path / name)
    assert ids(tmp_path) == ["a.eml", "b.eml", "c.eml"]


def test_an_empty_folder_is_no_mail(tmp_path: Path) -> None:
    assert ids(tmp_path) == []


def test_paths_come_in_the_order_given(tmp_path: Path) -> None:
    last, first = put(tmp_path / "a.eml"), put(tmp_path / "z.eml")
    rows = lines(tmp_path / "rows.jsonl", {"id": "r1"})
    assert ids(first, rows, last) == ["z.eml", "r1", "a.eml"]


def test_an_mbox_is_its_mails_in_order(tmp_path: Path) -> None:
    file = tmp_path / "box.mbox"
    bodies = [content(subject=subject).replace(b"\r\n", b"\n") for subject in ("én", "to", "tre")]
    file.write_bytes(b"".join(b"From x@siv.no Mon Mar  2 09:00:00 2026\n" + body + b"\n" for body in bodies))
    assert ids(file) == ["box.mbox:1", "box.mbox:2", "box.mbox:3"]
    assert subjects(file) == ["én", "to", "tre"]


def test_a_maildir_is_its_new_and_seen_mails_and_not_those_being_written(tmp_path: Path) -> None:
    for part, name in (("cur", "1002.b.host:2,S"), ("new", "1001.a.host"), ("tmp", "1000.c.host")):
        put(tmp_path / part / name, subject=part)
    assert ids(tmp_path) == ["1001.a.host", "1002.b.host"]
    assert subjects(tmp_path) == ["new", "cur"]


def test_a_jsonl_file_is_one_mail_a_line(tmp_path: Path) -> None:
    row = {
        "id": "w1",
        "from": "Kari Moe <kari@siv.no>",
        "to": "ikt@siv.no",
        "date": "2026-03-02T09:00:00+01:00",
        "subject": "Blå skjerm",
        "body": "Hei\nÆ",
    }
    [given] = inputs_of([str(lines(tmp_path / "rows.jsonl", row, "", "   "))])
    mail = given.read()
    assert (given.id, given.row) == ("w1", row)
    assert (mail.sender.name, mail.sender.address, mail.to[0].address) == ("Kari Moe", "kari@siv.no", "ikt@siv.no")
    assert (mail.subject, mail.text) == ("Blå skjerm", "Hei\nÆ")
    assert mail.date
    assert mail.date.isoformat() == "2026-03-02T08:00:00+00:00"


def test_a_row_without_an_id_is_called_by_its_place(tmp_path: Path) -> None:
    file = lines(tmp_path / "rows.jsonl", {"body": "x"}, "", {"id": 7, "body": "y"})
    assert ids(file) == [f"{file}:1", "7"]


def test_a_row_cannot_make_headers(tmp_path: Path) -> None:
    row = {"id": "w1", "from": "a@siv.no", "subject": "x\r\nReply-To: evil@x.example\r\n\r\nBody", "body": "Hei"}
    [given] = inputs_of([str(lines(tmp_path / "rows.jsonl", row))])
    assert given.read().reply_to is None
    assert given.read().text == "Hei"


@pytest.mark.parametrize("body", ["\ud800", "\x00", None, 7, ""])
def test_a_row_with_any_body_can_be_read(tmp_path: Path, body: object) -> None:
    [given] = inputs_of([str(lines(tmp_path / "rows.jsonl", {"id": "w1", "from": "a@siv.no", "subject": "x", "body": body}))])
    assert given.read().subject == "x"


@pytest.mark.parametrize("bad", ["{", "ikke json", '["a"]', "7", "null", '{"id": "cut'])
def test_a_line_that_is_no_object_keeps_its_place_and_says_why(tmp_path: Path, bad: str) -> None:
    first, second, third = inputs_of([str(lines(tmp_path / "rows.jsonl", {"id": "a"}, bad, {"id": "c"}))])
    assert (first.id, third.id) == ("a", "c")
    assert second.id.endswith("rows.jsonl:2")
    assert second.error
    assert second.error.startswith("the line is not")
    with pytest.raises(MailUnreadableError, match="the line is not"):
        second.read()


def test_a_line_in_another_charset_keeps_its_place(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b'{"id": "a"}\n{"id": "\xe5"}\n{"id": "c"}\n')
    assert [bool(given.error) for given in inputs_of([str(tmp_path / "rows.jsonl")])] == [False, True, False]


def test_a_mail_that_cannot_be_opened_keeps_its_place_and_says_why(tmp_path: Path) -> None:
    put(tmp_path / "a.eml")
    (tmp_path / "b.eml").mkdir()
    (tmp_path / "c.eml").symlink_to(tmp_path / "gone")
    put(tmp_path / "d.eml")
    found = list(inputs_of([str(tmp_path)]))
    assert [given.id for given in found] == ["a.eml", "b.eml", "c.eml", "d.eml"]
    assert [given.error for given in found] == [None, "cannot be read: Is a directory", "cannot be read: No such file or directory", None]


def test_a_dash_is_rows_on_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO('{"id": "a", "subject": "blå"}\nnei\n'.encode())))
    first, second = inputs_of(["-"])
    assert first.read().subject == "blå"
    assert (second.id, second.error) == ("stdin:2", "the line is not JSON")


def test_a_path_that_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.eml: no such file or folder"):
        ids(tmp_path / "gone.eml")


def test_an_empty_file_keeps_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.eml").touch()
    [given] = inputs_of([str(tmp_path / "a.eml")])
    with pytest.raises(MailUnreadableError):
        given.read()


def test_labels_are_known_fields_in_the_programs_words() -> None:
    row = {
        "type": "foresporsel",
        "reporter": "apotek/aktor",
        "priority": 2,
        "patient_safety": True,
        "service": None,
        "language": "sv",
        "why": "no label",
    }
    assert labels_of(row) == {
        "type": "forespørsel",
        "reporter": "apotek",
        "priority": 2,
        "patient_safety": True,
        "service": None,
        "language": "sv",
    }


@pytest.mark.parametrize(
    ("row", "team"), [({"line": "supplier"}, "supplier"), ({"team": "nett"}, "nett"), ({"team": "nett", "line": "supplier"}, "nett")]
)
def test_a_line_is_a_team_where_no_team_is_said(row: dict[str, str], team: str) -> None:
    assert labels_of(row) == {"team": team}


def test_examples_are_grouped_by_writer_or_by_file(tmp_path: Path) -> None:
    file = lines(tmp_path / "w01.jsonl", {"id": "a", "type": "hendelse", "writer": "anne"}, {"id": "b", "type": "bestilling"})
    first, second = examples_of([file], "siv")
    assert (first.group, second.group) == ("anne", "w01")
    assert (first.labels, second.labels) == ({"type": "hendelse"}, {"type": "bestilling"})


def test_a_line_that_teaches_nothing_is_an_error_that_names_file_and_line(tmp_path: Path) -> None:
    file = lines(tmp_path / "w01.jsonl", {"id": "a"}, "nei")
    with pytest.raises(InputError, match=r"w01\.jsonl: .*w01\.jsonl:2: the line is not JSON"):
        list(examples_of([file], "siv"))


def test_mails_without_labels_are_no_examples(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.eml: no labels"):
        list(examples_of([put(tmp_path / "a.eml")], "siv"))


def test_the_case_of_the_ending_does_not_matter(tmp_path: Path) -> None:
    put(tmp_path / "A.EML")
    assert ids(tmp_path) == ["A.EML"]


def test_a_deeply_nested_line_keeps_its_place(tmp_path: Path) -> None:
    found = list(inputs_of([str(lines(tmp_path / "rows.jsonl", "[" * 100_000, {"id": "b"}))]))
    assert [bool(given.error) for given in found] == [True, False]


def test_a_row_whose_id_is_null_is_called_by_its_place(tmp_path: Path) -> None:
    assert ids(lines(tmp_path / "rows.jsonl", {"id": None})) == [f"{tmp_path / 'rows.jsonl'}:1"]
