"""What the store promises, on SQLite and on PostgreSQL."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from models.errors import StoreError, ValuesRefusedError
from models.kinds import AutoKind, EventKind, MailState, Method, Mode, ParcelState, TicketStatus
from models.outcomes import JoinTicket, ParcelFate, Quarantine, SetAside, Step, TicketChange
from models.records import Guess, MailKey, Refusal
from models.store import Database, Store, open_store
from models.store.engine import MIGRATIONS
from models.tables import Table
from review.judging import let_go
from tests.support.mails import NOW, SCENE, content, forward, mail, new_ticket, raw, verdict

LATER = NOW + timedelta(minutes=1)


def test_a_mail_keeps_its_true_bytes(store: Store) -> None:
    bytes_ = b"Subject: \xf8\xe5\r\n\r\nbl\xe5b\xe6r \x00 og \xff\r\n"
    [id] = store.mails.keep([raw(bytes_)])
    [kept] = store.mails.load([id])
    assert kept.content == bytes_
    assert not kept.truncated


def test_one_mail_delivered_to_two_mailboxes_is_one_mail(store: Store) -> None:
    bytes_ = content()
    [first] = store.mails.keep([raw(bytes_, account="ikt")])
    [second] = store.mails.keep([raw(b"Received: by another way\r\n" + bytes_, account="e-helse")])
    assert first == second
    assert store.mails.waiting(10) == [first]


def test_two_copies_in_one_batch_are_one_mail(store: Store) -> None:
    bytes_ = content()
    ids = store.mails.keep([raw(bytes_, uid="1"), raw(bytes_, uid="2")])
    assert len(set(ids)) == 1
    assert store.mails.known_uids("ikt", "INBOX", 1) == {"1", "2"}


def test_a_new_uidvalidity_makes_every_uid_unknown_and_no_mail_double(store: Store) -> None:
    bytes_ = content()
    [first] = store.mails.keep([raw(bytes_, uid="7", uidvalidity=1)])
    assert store.mails.known_uids("ikt", "INBOX", 2) == frozenset()
    assert store.mails.keep([raw(bytes_, uid="1", uidvalidity=2)]) == [first]


def test_keeping_the_same_sighting_again_does_no_harm(store: Store) -> None:
    seen = raw(uid="7")
    assert store.mails.keep([seen]) == store.mails.keep([seen])


def test_a_settled_mail_is_to_be_filed_until_it_is_marked_filed(store: Store) -> None:
    [id] = store.mails.keep([raw(uid="7")])
    assert store.mails.unfiled("ikt", "INBOX", 1) == []
    store.tickets.record([new_ticket(id)], SCENE)
    key = MailKey(account="ikt", folder="INBOX", uidvalidity=1, uid="7")
    assert store.mails.unfiled("ikt", "INBOX", 1) == [(key, MailState.HANDLED)]
    store.mails.mark_filed([key])
    assert store.mails.unfiled("ikt", "INBOX", 1) == []


def test_an_outcome_is_written_once_however_often_it_is_recorded(store: Store) -> None:
    [id] = store.mails.keep([raw()])
    first = store.tickets.record([new_ticket(id)], SCENE)
    again = store.tickets.record([new_ticket(id)], SCENE)
    assert list(first) == [id]
    assert again == {}
    assert len(store.tickets.latest(10)) == 1
    assert store.outbox.counts()[ParcelState.WAITING] == 1


def test_a_batch_of_all_outcomes_is_recorded_together(store: Store) -> None:
    opening, bounce, poison = store.mails.keep([raw(), raw(), raw()])
    refusal = Refusal(kind=AutoKind.BOUNCE, reason="null return path")
    settled = store.tickets.record(
        [
            new_ticket(opening),
            SetAside(mail_id=bounce, message_id="<b@x>", refusal=refusal),
            Quarantine(mail_id=poison, error="unreadable"),
        ],
        SCENE,
    )
    assert settled[opening] is not None
    assert settled[bounce] is None
    assert [mail.error for mail in store.mails.quarantined()] == ["unreadable"]
    assert store.mails.counts()["ikt"] == {MailState.RECEIVED: 0, MailState.HANDLED: 2, MailState.QUARANTINED: 1}


def test_a_quarantined_mail_can_be_tried_again(store: Store) -> None:
    [id] = store.mails.keep([raw()])
    store.tickets.record([Quarantine(mail_id=id, error="a bug")], SCENE)
    assert store.mails.waiting(10) == []
    assert store.mails.retry_quarantined(None) == 1
    assert store.mails.waiting(10) == [id]


def test_a_ticket_is_found_by_the_mail_that_opened_it_and_by_those_sent_for_it(store: Store) -> None:
    [id] = store.mails.keep([raw()])
    first = mail()
    [ticket] = store.tickets.record([new_ticket(id, mail=first)], SCENE).values()
    assert ticket is not None
    view = store.tickets.find(ticket)
    assert view is not None
    [sent] = view.team_message_ids
    assert store.tickets.by_message_ids({first.message_id, sent, "<unknown@x>"}) == {first.message_id: ticket, sent: ticket}
    assert view.participants == {"kari.moe@siv.no"}
    assert view.message_id == first.message_id


def test_a_later_mail_changes_its_ticket(store: Store) -> None:
    opening, closing = store.mails.keep([raw(), raw()])
    [ticket] = store.tickets.record([new_ticket(opening)], SCENE).values()
    assert ticket is not None
    solved = JoinTicket(
        mail_id=closing,
        mail=mail(),
        ticket=ticket,
        step=Step(event=EventKind.SOLVED, change=TicketChange(status=TicketStatus.SOLVED, solution="Byttet toner.")),
        mode=Mode.AUTO,
    )
    store.tickets.record([solved], SCENE)
    view = store.tickets.find(ticket)
    assert view is not None
    assert view.status is TicketStatus.SOLVED


def test_numbers_of_tickets_are_never_used_twice(store: Store) -> None:
    ids = store.mails.keep([raw() for _ in range(3)])
    tickets = [ticket for ticket in store.tickets.record([new_ticket(id) for id in ids], SCENE).values() if ticket]
    assert tickets == sorted(set(tickets))


@pytest.mark.parametrize(
    ("mode", "state"), [(Mode.AUTO, ParcelState.WAITING), (Mode.ASSIST, ParcelState.HELD), (Mode.SHADOW, ParcelState.WITHHELD)]
)
def test_the_mode_says_whether_a_mail_may_leave(store: Store, mode: Mode, state: ParcelState) -> None:
    [id] = store.mails.keep([raw()])
    store.tickets.record([new_ticket(id, mode=mode)], SCENE)
    assert store.outbox.counts()[state] == 1
    assert bool(store.outbox.claim("siv", "w", LATER, 10)) is (mode is Mode.AUTO)


def test_a_lead_releases_what_assist_held(store: Store) -> None:
    [id] = store.mails.keep([raw()])
    [ticket] = store.tickets.record([new_ticket(id, mode=Mode.ASSIST)], SCENE).values()
    assert ticket is not None
    assert let_go(store, ticket, "lea", LATER) == 1
    assert len(store.outbox.claim("siv", "w", LATER, 10)) == 1


def test_a_claimed_parcel_carries_the_true_bytes_and_is_claimed_once(store: Store) -> None:
    bytes_ = content("æøå")
    [id] = store.mails.keep([raw(bytes_)])
    store.tickets.record([new_ticket(id)], SCENE)
    [parcel] = store.outbox.claim("siv", "one", LATER, 10)
    assert parcel.original == bytes_
    assert store.outbox.claim("siv", "two", LATER, 10) == []


def test_the_gravest_ticket_is_sent_first_then_first_come_first_served(store: Store) -> None:

    ids = store.mails.keep([raw() for _ in range(3)])
    levels = [3, 1, 3]
    outcomes = [
        new_ticket(id, verdict=verdict(priority=Guess(value=level, confidence=1.0, method=Method.MODEL)))
        for id, level in zip(ids, levels, strict=True)
    ]
    tickets = list(store.tickets.record(outcomes, SCENE).values())
    claimed = [parcel.ticket for parcel in store.outbox.claim("siv", "w", LATER, 10)]
    assert claimed == [tickets[1], tickets[0], tickets[2]]


def test_a_parcel_of_a_dead_sender_is_sent_once_more_and_then_waits_for_a_person(store: Store) -> None:
    [id] = store.mails.keep([raw()])
    store.tickets.record([new_ticket(id)], SCENE)
    [first] = store.outbox.claim("siv", "killed", LATER, 10)
    store.outbox.begin([first], "killed", [], LATER)
    store.outbox.release({"killed"})
    [second] = store.outbox.claim("siv", "killed too", LATER, 10)
    assert second.message_id == first.message_id
    store.outbox.begin([second], "killed too", [], LATER)
    store.outbox.release({"killed too"})
    assert store.outbox.claim("siv", "third", LATER, 10) == []
    assert store.outbox.counts()[ParcelState.DEAD] == 1
    assert store.outbox.retry(None, LATER) == 1


def test_a_parcel_that_was_claimed_and_not_tried_is_in_no_doubt(store: Store) -> None:
    ids = store.mails.keep([raw() for _ in range(3)])
    store.tickets.record([new_ticket(id) for id in ids], SCENE)
    for _ in range(5):
        assert len(store.outbox.claim("siv", "killed", LATER, 10)) == 3
        store.outbox.release({"killed"})


def test_beginning_one_parcel_settles_the_ones_before(store: Store) -> None:
    ids = store.mails.keep([raw() for _ in range(2)])
    store.tickets.record([new_ticket(id) for id in ids], SCENE)
    first, second = store.outbox.claim("siv", "w", LATER, 10)
    store.outbox.begin([first], "w", [], LATER)
    store.outbox.begin([second], "w", [ParcelFate(id=first.id, state=ParcelState.SENT)], LATER)
    counts = store.outbox.counts()
    assert (counts[ParcelState.SENT], counts[ParcelState.SENDING]) == (1, 1)


def test_a_lease_runs_out(store: Store) -> None:
    [id] = store.mails.keep([raw()])
    store.tickets.record([new_ticket(id)], SCENE)
    store.outbox.claim("siv", "elsewhere", LATER, 10)
    assert store.outbox.claim("siv", "other", LATER + timedelta(minutes=1), 10) == []
    assert len(store.outbox.claim("siv", "other", LATER + timedelta(minutes=16), 10)) == 1


def test_what_a_worker_lost_after_its_lease_is_not_its_own_to_send(store: Store) -> None:
    ids = store.mails.keep([raw() for _ in range(2)])
    store.tickets.record([new_ticket(id) for id in ids], SCENE)
    lost, given_back = store.outbox.claim("siv", "slow", LATER, 10)
    late = LATER + timedelta(minutes=16)
    assert [parcel.id for parcel in store.outbox.claim("siv", "other", late, 1)] == [lost.id]
    assert store.outbox.begin([lost, given_back], "slow", [], late) == frozenset()
    assert store.outbox.begin([lost], "other", [], late) == {lost.id}


def test_a_parcel_that_failed_waits_for_its_time(store: Store) -> None:
    [id] = store.mails.keep([raw()])
    store.tickets.record([new_ticket(id)], SCENE)
    [parcel] = store.outbox.claim("siv", "w", LATER, 10)
    store.outbox.settle(
        [ParcelFate(id=parcel.id, state=ParcelState.WAITING, error="451", retry_at=LATER + timedelta(minutes=5))], "w", LATER
    )
    assert store.outbox.claim("siv", "w", LATER + timedelta(minutes=4), 10) == []
    assert store.outbox.next_due("siv") == LATER + timedelta(minutes=5)
    assert len(store.outbox.claim("siv", "w", LATER + timedelta(minutes=5), 10)) == 1


def test_what_waits_for_another_organisation_is_not_due_for_this_one(store: Store) -> None:
    store.outbox.put([forward()], replace(SCENE, profile="renamed"))
    assert store.outbox.claim("siv", "w", LATER, 10) == []
    assert store.outbox.next_due("siv") is None
    assert store.outbox.next_due("renamed") == NOW


def test_what_an_address_was_sent_is_counted(store: Store) -> None:
    [id] = store.mails.keep([raw()])
    store.tickets.record([new_ticket(id, parcels=(forward("a@x"), forward("b@x")))], SCENE)
    parcels = store.outbox.claim("siv", "w", LATER, 10)
    store.outbox.settle([ParcelFate(id=parcel.id, state=ParcelState.SENT) for parcel in parcels], "w", LATER)
    kinds = {parcel.draft.kind for parcel in parcels}
    assert store.outbox.sent_since(NOW, kinds, {"a@x", "b@x", "c@x"}) == {"a@x": 1, "b@x": 1}
    assert store.outbox.sent_since(NOW, kinds, {"a@x"}) == {"a@x": 1}
    assert store.outbox.sent_since(LATER + timedelta(seconds=1), kinds, {"a@x", "b@x"}) == {}


def test_health_remembers_since_when_a_mailbox_fails(store: Store) -> None:
    store.health.polled("ikt", Mode.AUTO, NOW)
    store.health.failed("ikt", Mode.AUTO, LATER, "no answer")
    store.health.failed("ikt", Mode.AUTO, LATER + timedelta(minutes=5), "no answer")
    [found] = store.health.all()
    assert (found.polled_at, found.failing_since) == (NOW, LATER)
    store.health.polled("ikt", Mode.AUTO, LATER + timedelta(minutes=9))
    assert store.health.all()[0].failing_since is None


def test_migrations_make_the_tables_that_the_program_knows(database_url: str) -> None:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415  only here
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    opened = open_store(database_url)
    with opened.database.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Table.metadata)
    opened.close()
    assert differences == []


def test_opening_twice_migrates_once(database_url: str) -> None:
    for _ in range(2):
        opened = open_store(database_url)
        here, wanted = opened.database.schema_versions()
        opened.close()
        assert here == wanted


def test_mails_of_the_first_schema_are_there_in_the_present_one(database_url: str) -> None:
    from alembic import command  # noqa: PLC0415  only here
    from alembic.config import Config  # noqa: PLC0415

    database = Database(database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        packed = zlib.compress(b"Subject: gammel\r\n\r\nbl\xe5b\xe6r\r\n")
        values = {"packed": packed, "at": NOW.isoformat()}
        connection.execute(
            text(
                "INSERT INTO mail (fingerprint, account, content, size, truncated, received_at, state, attempts) "
                "VALUES ('f', 'ikt', :packed, 30, false, :at, 'received', 0)"
            ),
            values,
        )
    database.close()
    opened = open_store(database_url)
    [kept] = opened.mails.load(opened.mails.waiting(10))
    opened.close()
    assert kept.content == zlib.decompress(packed)


def test_values_that_the_database_cannot_hold_are_told_from_a_fault_that_passes(store: Store) -> None:
    [id] = store.mails.keep([raw()])
    outcome = new_ticket(id)
    unwritable = replace(outcome, mail=mail(subject="\ud800"))
    with pytest.raises(ValuesRefusedError):
        store.tickets.record([unwritable], SCENE)
    assert store.mails.waiting(10) == [id], "nothing of it was written"
    with pytest.raises(StoreError) as caught, store.database.reading() as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))
    assert not isinstance(caught.value, ValuesRefusedError)


@pytest.mark.parametrize("url", ["nonsense", "nonsense://", "mysql://u:hemmelig@h/db", "postgresql://u:hemmelig@h:port/db"])
def test_a_url_of_no_known_database_is_an_error_of_ours(url: str) -> None:
    with pytest.raises(StoreError, match="SAKSGANG_DATABASE") as caught:
        Database(url)
    assert "hemmelig" not in str(caught.value)


def test_an_error_of_the_database_tells_no_values() -> None:
    database = Database("sqlite:////nowhere/at/all.db")
    with pytest.raises(StoreError) as caught, database.reading():
        pass
    assert "unable to open" in str(caught.value)
