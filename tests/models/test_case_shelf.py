"""What the shelf of cases promises beyond its pages: older cases are found by their words too, and a story is told to its own organisation alone."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from models.cases import Wanted, sought_of
from models.records import TicketId
from models.store import Database, Store, open_store
from models.store.engine import MIGRATIONS
from tests.support.mails import NOW, SCENE, mail, new_ticket, raw

BEFORE = "0011"
OLD = """
INSERT INTO ticket (profile, account, mode, status, opened_at, subject, reporter, language, type, priority, scope, team, guessed_team, unsure,
  patient_safety, change_request, confidence, reasons)
VALUES ('siv', 'ikt', 'auto', 'open', :at, :subject, 'kari.moe@siv.no', 'nb', 'hendelse', 3, 'single', 'nett', 'nett', false, false, false, '{}', '{}')
"""


def test_cases_from_before_there_was_a_search_are_found_by_their_words(database_url: str) -> None:
    database, config = Database(database_url), Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        connection.execute(text(OLD), [{"at": NOW.isoformat(), "subject": subject} for subject in ("ÆRLIG  talt", "x" * 300, "")])
    database.close()
    opened = open_store(database_url)
    found = {
        words: [line.id for line in opened.cases.page(Wanted(profile="siv", text=words), None, 9).lines] for words in ("Ærlig talt", "xxx")
    }
    opened.close()
    assert found == {"Ærlig talt": [1], "xxx": [2]}


def test_signs_that_mean_anything_to_a_database_mean_themselves(store: Store) -> None:
    ids = store.mails.keep([raw(), raw(), raw()])
    subjects = ("100% feil", "100 feil", "a_b/c")
    store.tickets.record([new_ticket(id, mail=mail(subject=subject)) for id, subject in zip(ids, subjects, strict=True)], SCENE)
    for words, found in (("100%", [1]), ("a_b", [3]), ("_", [3]), ("/c", [3]), ("'; --", [])):
        assert [line.id for line in store.cases.page(Wanted(profile="siv", text=words), None, 9).lines] == found, words


def test_a_story_is_told_to_its_own_organisation_alone(store: Store) -> None:
    [id] = store.mails.keep([raw()])
    store.tickets.record([new_ticket(id)], SCENE)
    story = store.cases.story("siv", TicketId(1))
    assert story
    assert [one.id for one in story.mails] == [id]
    assert len(story.parcels) == len(story.events) == 1
    assert store.cases.story("another", TicketId(1)) is None


def test_a_subject_is_searched_without_regard_to_case_and_spaces() -> None:
    assert sought_of("  Straße \t ÆØÅ ") == "strasse æøå"
    assert len(sought_of("x" * 900)) == 200
