"""The only place that goes on for ever: one thread a mailbox, one that handles, one that watches the clock, one that delivers, one that seeks repeat problems, until told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from models.errors import SaksgangError
from models.kinds import MailState, Mode, ParcelState
from models.outcomes import ParcelFate
from models.records import Account, SmtpServer
from models.views import Handled
from run.chores import Chores
from run.delivery import InHand, back_off, deliver, put_down
from run.desk import Desk
from run.later import seek
from run.pipeline import HANDLED_TOGETHER, file_settled, handle, poll
from run.watch import watch
from run.wire import OpenMailbox, dead_workers, open_mailbox

IDLE_LOOK = 0.5
SLOWEST_LOOK = 30.0
"""The outbox and the pile of kept mails are looked at this often even if nobody rings."""

log = structlog.get_logger()
Tell = Callable[[Sequence[Handled]], None]


class Loop:
    """Polls, handles and delivers. `tell` hears of every mail handled."""

    def __init__(self, desk: Desk, accounts: Sequence[Account], server: SmtpServer, tell: Tell = lambda _: None) -> None:
        self._desk = desk
        self._accounts = accounts
        self._server = server
        self._tell = tell
        self._stopping = threading.Event()
        self._broken = False
        self._mail_kept = threading.Event()
        self._parcels_made = threading.Event()
        self._timers_set = threading.Event()
        self._in_hand: InHand = {}
        self._chores = Chores(desk)
        self._settled = {account.name: threading.Event() for account in accounts}

    def stop(self) -> None:
        self._stopping.set()
        self._mail_kept.set()
        self._parcels_made.set()
        self._timers_set.set()

    def once(self) -> bool:
        """One round of everything, in turn; False where a mailbox or the SMTP server failed."""
        self._take_over_from_the_dead()
        fetched = [self._round(account) for account in self._accounts]
        while self._handle_some():
            pass
        while watch(self._desk):
            pass
        self._chores.when_due()
        seek(self._desk)
        delivered = self._deliver_all()
        filed = [self._round(account) for account in self._accounts]
        return all((*fetched, delivered, *filed))

    def forever(self) -> bool:
        """Until `stop`; returns when every thread has put down what it held. False where one of them broke."""
        self._take_over_from_the_dead()
        works = (
            *(partial(self._watch, account) for account in self._accounts),
            self._keep_handling,
            self._keep_watch,
            self._keep_delivering,
            self._keep_seeking,
        )
        threads = [threading.Thread(target=self._all_or_nothing, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._desk.teacher.stop(self._desk.clock())
        return not self._broken

    def _all_or_nothing(self, work: Callable[[], None]) -> None:
        """A thread that ends before it was told to takes the others with it: a service that is half dead looks alive."""
        try:
            work()
        finally:
            if not self._stopping.is_set():
                self._broken = True
                self.stop()

    def _take_over_from_the_dead(self) -> None:
        outbox = self._desk.store.outbox
        outbox.release(dead_workers(outbox.workers()))

    def _watch(self, account: Account) -> None:
        """One mailbox: connect, poll, file, wait for more; after a fault again, later each time."""
        failures = 0
        while not self._stopping.is_set():
            try:
                box = open_mailbox(account)
                try:
                    while not self._stopping.is_set():
                        self._look(box, account)
                        failures = 0
                        box.wait(account.poll_seconds, lambda: self._called(account))
                finally:
                    box.close()
            except SaksgangError as error:
                failures += 1
                self._note_failure(account, error, failures)
                self._stopping.wait(_pause(failures))

    def _round(self, account: Account) -> bool:
        try:
            box = open_mailbox(account)
            try:
                self._look(box, account)
            finally:
                box.close()
        except SaksgangError as error:
            self._note_failure(account, error, 1)
            return False
        return True

    def _look(self, box: OpenMailbox, account: Account) -> None:
        self._settled[account.name].clear()
        for ids in poll(box, account.name, account.folder, self._desk.store):
            log.info("kept", account=account.name, count=len(ids))
            self._mail_kept.set()
        self._file(box, account)
        error = f"{account.name}: mails that could not be read and were passed over: {box.refused}" if box.refused else None
        if error:
            log.warning("mails passed over", account=account.name, count=box.refused)
        self._desk.store.health.polled(account.name, account.mode, self._desk.clock(), error)

    def _file(self, box: OpenMailbox, account: Account) -> None:
        if account.mode is Mode.SHADOW:
            return  # the mailbox stays as it is
        folders = {MailState.HANDLED: account.handled_folder, MailState.QUARANTINED: account.quarantine_folder}
        file_settled(box, account.name, account.folder, folders, self._desk.store)

    def _called(self, account: Account) -> bool:
        return self._stopping.is_set() or self._settled[account.name].is_set()

    def _note_failure(self, account: Account, error: SaksgangError, failures: int) -> None:
        log.error("mailbox failed", account=account.name, error=str(error), attempts=failures)
        try:
            self._desk.store.health.failed(account.name, account.mode, self._desk.clock(), str(error))
        except SaksgangError as second:
            log.error("health not written", account=account.name, error=str(second))

    def _keep_handling(self) -> None:
        while not self._stopping.is_set():
            self._mail_kept.wait(SLOWEST_LOOK)
            self._mail_kept.clear()
            try:
                while not self._stopping.is_set() and self._handle_some():
                    pass
            except SaksgangError as error:
                log.error("handling failed", error=str(error))
                self._stopping.wait(IDLE_LOOK)
                self._mail_kept.set()

    def _handle_some(self) -> bool:
        """One batch; False where nothing waits."""
        ids = self._desk.store.mails.waiting(HANDLED_TOGETHER)
        if not ids:
            return False
        told = handle(ids, self._desk)
        for one in told:
            _log_handled(one)
            if one.account in self._settled:
                self._settled[one.account].set()
        self._parcels_made.set()
        self._timers_set.set()
        self._tell(told)
        return True

    def _keep_watch(self) -> None:
        while not self._stopping.is_set():
            self._timers_set.wait(self._until(partial(self._desk.store.timers.next_due, self._desk.profile.name)))
            self._timers_set.clear()
            try:
                while not self._stopping.is_set() and watch(self._desk):
                    self._parcels_made.set()
                if self._chores.when_due():
                    self._parcels_made.set()
            except SaksgangError as error:
                log.error("watching failed", error=str(error))
                self._stopping.wait(IDLE_LOOK)

    def _keep_delivering(self) -> None:
        failures = 0
        broke_off = False
        while not self._stopping.is_set():
            self._parcels_made.wait(self._until(partial(self._desk.store.outbox.next_due, self._desk.profile.name)))
            self._parcels_made.clear()
            try:
                if broke_off:
                    put_down(self._desk, self._in_hand, self._desk.clock())
                    broke_off = False
                failures = 0 if self._deliver_all() else failures + 1
            except SaksgangError as error:
                log.error("delivering failed", error=str(error))
                broke_off = True
                self._stopping.wait(IDLE_LOOK)
                self._parcels_made.set()
            if failures:
                self._stopping.wait(_pause(failures))

    def _keep_seeking(self) -> None:
        """A thread of its own: seeking takes seconds, and nothing that is due may wait for it."""
        while not self._stopping.is_set():
            try:
                seek(self._desk)
            except SaksgangError as error:
                log.error("seeking failed", error=str(error))
            self._stopping.wait(SLOWEST_LOOK)

    def _until(self, next_due: Callable[[], datetime | None]) -> float:
        """Seconds until something is due, at most until it is looked at anyway."""
        try:
            due = next_due()
        except SaksgangError:
            return IDLE_LOOK
        left = (due - self._desk.clock()) if due else timedelta(seconds=SLOWEST_LOOK)
        return min(max(left.total_seconds(), 0.0), SLOWEST_LOOK)

    def _deliver_all(self) -> bool:
        """Round after round while anything is due; False where the server cannot be reached."""
        while not self._stopping.is_set():
            delivered = deliver(self._desk, self._server, self._in_hand)
            for fate in delivered.fates:
                _log_fate(fate)
            if delivered.server_down:
                return False
            if not delivered.fates:
                break
        return True


def _pause(failures: int) -> float:
    """Seconds until a server that failed is asked again."""
    return back_off(failures).total_seconds() / 10


def _log_handled(one: Handled) -> None:
    verdict, assignment = one.verdict, one.assignment
    log.info(
        "handled",
        mail=one.mail_id,
        account=one.account,
        outcome=one.outcome,
        ticket=one.ticket,
        type=verdict.type.value if verdict else None,
        priority=verdict.priority.value if verdict else None,
        team=assignment.team if assignment else None,
        unsure=assignment.unsure if assignment else None,
        seconds=round(one.seconds, 4),
    )


def _log_fate(fate: ParcelFate) -> None:
    if fate.state is ParcelState.SENT:
        log.info("sent", parcel=fate.id)
    else:
        log.warning("not sent", parcel=fate.id, state=fate.state, error=fate.error)
