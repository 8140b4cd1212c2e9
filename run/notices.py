"""The only place that tells the leads what concerns no case: mails that wait for a person, mailboxes that cannot be read, a copy that is old."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.kinds import Mode, ParcelKind
from models.outcomes import ParcelDraft
from route.post import team_address
from run.copied import copied_at, is_old
from run.desk import Desk

AWAY_AFTER = timedelta(minutes=15)
"""A mailbox that cannot be read for so long is told of; a restart of its server takes less."""
MOST_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notice:
    """Word of one kind, given no oftener than `again_after`.

    `lines` are what there is to tell, asked with the time of the last such word; none, no word. Its template calls them `fact`.
    """

    kind: ParcelKind
    fact: str
    again_after: timedelta
    lines: Callable[[Desk, datetime | None], Iterator[str]]


def give_notice(desk: Desk) -> int:
    """Put what the leads must know into the outbox; how many mails that were. Nothing where every mailbox is only looked at (shadow)."""
    if all(mode is Mode.SHADOW for mode in desk.modes.values()):
        return 0
    drafts = [draft for notice in NOTICES if (draft := _draft(notice, desk))]
    desk.store.outbox.put(drafts, desk.scene())
    return len(drafts)


def _draft(notice: _Notice, desk: Desk) -> ParcelDraft | None:
    """To the team that decides in doubt; None where there is nothing to tell, or word of it was given lately."""
    last = desk.store.outbox.last_put(desk.profile.name, notice.kind)
    if last and desk.clock() - last < notice.again_after:
        return None
    lines = list(notice.lines(desk, last))
    if not lines:
        return None
    to, language = team_address(desk.profile.doubt_team, "", None, desk.profile), desk.profile.default_language
    return ParcelDraft(kind=notice.kind, to=to, language=language, facts={notice.fact: "\n".join(lines)}, to_team=True)


def _quarantined(desk: Desk, since: datetime | None) -> Iterator[str]:
    """Mails that nobody was told of yet; no word of them, for what could not be read may be anything."""
    found = [mail for mail in desk.store.mails.quarantined() if mail.account in desk.modes]
    new = [mail for mail in found if since is None or mail.quarantined_at > since]
    for mail in new[:MOST_LISTED]:
        yield f"{mail.id}  {mail.account}  {desk.profile.told(mail.received_at)}  {mail.error}"
    if len(new) > MOST_LISTED:
        yield f"… +{len(new) - MOST_LISTED}"


def _away(desk: Desk, _last: datetime | None) -> Iterator[str]:
    for box in desk.store.health.all():
        if box.account in desk.modes and box.failing_since and desk.clock() - box.failing_since >= AWAY_AFTER:
            yield f"{box.account}  {desk.profile.told(box.failing_since)}  {box.error}"


def _old_copy(desk: Desk, _last: datetime | None) -> Iterator[str]:
    """Counted from the last copy, or from the desk's first mail where none was ever made."""
    made = copied_at(desk.home)
    since = made or desk.store.mails.first_kept_at()
    if since and is_old(since, desk.clock()):
        yield desk.profile.told(made) if made else "–"


NOTICES = (
    _Notice(kind=ParcelKind.QUARANTINED, fact="mails", again_after=timedelta(hours=1), lines=_quarantined),
    _Notice(kind=ParcelKind.MAILBOX_AWAY, fact="mailboxes", again_after=timedelta(hours=4), lines=_away),
    _Notice(kind=ParcelKind.ROUTINES_OLD, fact="made", again_after=timedelta(days=30), lines=_old_copy),
)
