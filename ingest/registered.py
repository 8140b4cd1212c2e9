"""The only place that reads a case which staff registers by mail for somebody who telephoned, chatted or came by."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.redact import redact
from models.kinds import CameBy
from models.profiles import Profile
from models.records import Address, Mail

ADDRESS = re.compile(r"(?<![^\s<>,;:@])[^\s<>,;:@]++@[^\s<>,;:@]+\.[^\s<>,;:@]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A case as it came, and the mail as its reporter would have written it."""

    came_by: CameBy
    mail: Mail


def registered(mail: Mail, profile: Profile) -> Registered:
    """A mail of staff whose first line is `Telefon:` and an address, or `Chat:` and so on, is the case of that person; any other came by mail.

    Without an address on the line the one who registers is the reporter.
    """
    first, _, rest = mail.visible_reply.strip().partition("\n")
    label, colon, value = first.partition(":")
    came_by = next((way for way, words in profile.registrations.items() if label.strip().casefold() in words), None)
    if came_by is None or not colon or not rest.strip() or not _is_staff(mail.sender.address, profile):
        return Registered(came_by=CameBy.MAIL, mail=mail)
    named = ADDRESS.search(value)
    sender = Address(name=ADDRESS.sub("", value).strip(" <>,;"), address=named[0].lower()) if named else mail.sender
    words = rest.strip()
    return Registered(came_by=came_by, mail=replace(mail, sender=sender, reply_to=None, visible_reply=words, safe_reply=redact(words)))


def _is_staff(address: str, profile: Profile) -> bool:
    teams = {known for team in profile.teams.values() for known in team.addresses()}
    return address in teams or address.rpartition("@")[2] in profile.desk.staff_domains
