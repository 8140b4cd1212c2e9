"""What an agent's mail does to a ticket, and teams that work otherwise than those of `siv`."""

from __future__ import annotations

from datetime import datetime

from models.hours import Hours
from models.outcomes import Step
from models.parts import Deadline, FinalReview, Risk
from models.profiles import Profile
from models.records import Address, Mail
from models.views import TicketView
from route.answers import Closing, Said
from route.routine import Routine
from route.team import follow_team
from tests.support.cases import ticket
from tests.support.mails import NOW, mail

STAFF, REPORTER = "tekniker@siv.no", "kari.moe@siv.no"
OPEN_WORDS = Closing(wants=False, solution=None)
NEW_TONER = Closing(wants=False, solution="ny toner")
HOURS = {"office": Hours(week={"mon-fri": "08:00-16:00"}, country="NO"), "always": Hours(week={"mon-sun": "00:00-24:00"})}
DEADLINES = {
    "1": Deadline(hours="always", minutes=240, warn_minutes=60),
    "3": Deadline(hours="always", minutes=960, warn_minutes=60),
}
GRAVE_REVIEW = FinalReview(when=["priority=1|2", "type=hendelse"], by="trakta")
RISKS = {
    "stor": Risk(when=["priority=1"], title={"nb": "stor fare for pasienter", "en": "great danger to patients"}),
    "ingen": Risk(when=[], title={"nb": "ingen fare for pasienter"}),
}


def said(given: Mail, of: TicketView, profile: Profile, now: datetime = NOW) -> Said:
    return Said(mail=given, ticket=of, routine=Routine.of(profile), now=now)


def told(text: str, profile: Profile, closing: Closing = OPEN_WORDS, **changes: object) -> Step:
    """What an agent's mail with this text does."""
    return follow_team(said(mail(sender=Address(name="", address=STAFF), text=text), ticket(**changes), profile), closing)


def with_team(profile: Profile, name: str, **changes: object) -> Profile:
    """One team of it made different."""
    teams = {**profile.teams, name: profile.teams[name].model_copy(update=changes)}
    return profile.model_copy(update={"hours": HOURS, "teams": teams})
