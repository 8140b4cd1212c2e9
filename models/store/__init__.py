"""The only door to the database."""

from __future__ import annotations

from models.kinds import MailState
from models.store.audit import AuditShelf
from models.store.cases import CaseShelf
from models.store.columns import ColumnShelf
from models.store.engine import Database, shown_url
from models.store.figures import Figures
from models.store.health import HealthShelf
from models.store.history import HistoryShelf
from models.store.incidents import IncidentShelf
from models.store.judgements import JudgementShelf
from models.store.mails import MailShelf
from models.store.memory import MemoryShelf
from models.store.outbox import Outbox
from models.store.people import PeopleShelf
from models.store.pile import PileShelf
from models.store.repeats import RepeatShelf
from models.store.solutions import SolutionShelf
from models.store.tickets import TicketShelf
from models.store.timers import TimerShelf
from models.store.tokens import TokenShelf
from models.store.training import TrainingShelf
from models.store.trials import TrialShelf
from models.views import MailboxStanding


class Store:
    """Mails, tickets, incidents, timers, solutions, earlier cases, outgoing mails, judgements, people and the mailboxes' health, over one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.mails = MailShelf(database)
        self.tickets = TicketShelf(database)
        self.cases = CaseShelf(database)
        self.trials = TrialShelf(database)
        self.incidents = IncidentShelf(database)
        self.timers = TimerShelf(database)
        self.outbox = Outbox(database)
        self.solutions = SolutionShelf(database)
        self.history = HistoryShelf(database)
        self.memory = MemoryShelf(database)
        self.repeats = RepeatShelf(database)
        self.judgements = JudgementShelf(database)
        self.pile = PileShelf(database)
        self.training = TrainingShelf(database)
        self.people = PeopleShelf(database)
        self.tokens = TokenShelf(database)
        self.audit = AuditShelf(database)
        self.figures = Figures(database)
        self.columns = ColumnShelf(database)
        self.health = HealthShelf(database)

    def mailboxes(self) -> list[MailboxStanding]:
        """How each stands, by account."""
        counts, health = self.mails.counts(), {found.account: found for found in self.health.all()}
        return [
            MailboxStanding(
                account=account, health=health.get(account), mails={state: counts.get(account, {}).get(state, 0) for state in MailState}
            )
            for account in sorted({*counts, *health})
        ]

    def close(self) -> None:
        self.database.close()


def open_store(url: str) -> Store:
    """The store at a SQLAlchemy URL, its schema brought up to date; `StoreError` where it cannot be reached."""
    database = Database(url)
    here, wanted = database.schema_versions()
    if here != wanted:  # looking takes no lock: a status is told also while another process writes
        database.migrate()
    return Store(database)


__all__ = ["Database", "Store", "open_store", "shown_url"]
