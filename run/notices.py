"""The only place that tells the leads what concerns no case: mails that wait for a person, mailboxes that cannot be read, a copy that is old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from models.kinds import Mode, ParcelKind
from models.outcomes import ParcelDraft
from route.post import team_address
from run.copied import copied_at, is_old
from run.desk import Desk

AWAY_AFTER = timedelta(minutes=15)
"""A mailbox that cannot be read for so long is told of; a restart of its server takes less."""
AGAIN_AFTER = {
    ParcelKind.QUARANTINED: timedelta(hours=1),
    ParcelKind.MAILBOX_AWAY: timedelta(hours=4),
    ParcelKind.ROUTINES_OLD: timedelta(days=30),
}
"""Word of one kind is given no oftener than this."""
MOST_LISTED = 20


def give_notice(desk: Desk) -> int:
    """Put what the leads must know into the outbox; how many mails that were. Nothing where every mailbox is only looked at (shadow)."""
    if all(mode is Mode.SHADOW for mode in desk.modes.values()):
        return 0
    drafts = [draft for kind in AGAIN_AFTER if (draft := _notice(kind, desk))]
    desk.store.outbox.put(drafts, desk.scene())
    return len(drafts)


def _notice(kind: ParcelKind, desk: Desk) -> ParcelDraft | None:
    last = desk.store.outbox.last_put(desk.profile.name, kind)
    if last and desk.clock() - last < AGAIN_AFTER[kind]:
        return None
    match kind:
        case ParcelKind.QUARANTINED:
            return _to_leads(kind, "mails", list(_quarantined(desk, last)), desk)
        case ParcelKind.MAILBOX_AWAY:
            return _to_leads(kind, "mailboxes", list(_away(desk)), desk)
        case _:
            return _to_leads(kind, "made", list(_old_copy(desk)), desk)


def _to_leads(kind: ParcelKind, fact: str, lines: list[str], desk: Desk) -> ParcelDraft | None:
    """To the team that decides in doubt; None where there is nothing to tell."""
    if not lines:
        return None
    to = team_address(desk.profile.doubt_team, "", None, desk.profile)
    return ParcelDraft(kind=kind, to=to, language=desk.profile.default_language, facts={fact: "\n".join(lines)}, to_team=True)


def _quarantined(desk: Desk, since: datetime | None) -> Iterator[str]:
    """Mails that nobody was told of yet; no word of them, for what could not be read may be anything."""
    found = [mail for mail in desk.store.mails.quarantined() if mail.account in desk.modes]
    new = [mail for mail in found if since is None or mail.quarantined_at > since]
    for mail in new[:MOST_LISTED]:
        yield f"{mail.id}  {mail.account}  {desk.profile.told(mail.received_at)}  {mail.error}"
    if len(new) > MOST_LISTED:
        yield f"… +{len(new) - MOST_LISTED}"


def _away(desk: Desk) -> Iterator[str]:
    for box in desk.store.health.all():
        if box.account in desk.modes and box.failing_since and desk.clock() - box.failing_since >= AWAY_AFTER:
            yield f"{box.account}  {desk.profile.told(box.failing_since)}  {box.error}"


def _old_copy(desk: Desk) -> Iterator[str]:
    """Counted from the last copy, or from the desk's first mail where none was ever made."""
    made = copied_at(desk.home)
    since = made or desk.store.mails.first_kept_at()
    if since and is_old(since, desk.clock()):
        yield desk.profile.told(made) if made else "–"
