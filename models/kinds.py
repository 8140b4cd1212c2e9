"""The only place for closed sets: the values that a thing may have and no others."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class TicketType(StrEnum):
    """What a mail asks of the desk; the values are the users' own terms."""

    INCIDENT = "hendelse"
    REQUEST = "forespørsel"
    ORDER = "bestilling"


class Mode(StrEnum):
    """How far the program may go by itself for one mailbox."""

    SHADOW = "shadow"  # mailbox opened read-only, nothing sent
    ASSIST = "assist"  # a lead confirms before anything is sent
    AUTO = "auto"  # sent at once; doubtful ones go to the doubt team


class Source(StrEnum):
    IMAP = "imap"
    MAILDIR = "maildir"


class Security(StrEnum):
    """How the line to a server is protected; NONE is for loopback only."""

    TLS = "tls"  # from the first byte (RFC 8314)
    STARTTLS = "starttls"
    NONE = "none"


class AutoKind(StrEnum):
    """Why a mail that no person wrote to us opens no ticket (RFC 3834, RFC 3464, RFC 2369, RFC 5546)."""

    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    LIST = "list"
    OWN = "own"
    CALENDAR = "calendar"


class MailState(StrEnum):
    RECEIVED = "received"  # bytes kept, not yet handled
    HANDLED = "handled"
    QUARANTINED = "quarantined"


class TicketStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"  # the team has written to the reporter
    REVIEWED = "in-review"  # solved by the team; a reviewer looks before the reporter is told
    SOLVED = "solved"  # closed with a solution description
    ELSEWHERE = "elsewhere"  # imported and not known to be solved: history here, work in another system if anywhere


AT_WORK = frozenset({TicketStatus.OPEN, TicketStatus.ANSWERED, TicketStatus.REVIEWED})
"""Statuses of tickets that somebody here has to do something about."""


class ParcelKind(StrEnum):
    """Why something is sent; each of `MAILS` has a template of this name."""

    FORWARD = "forward"  # a new ticket to its team
    RECEIPT = "receipt"  # case number to the reporter
    FAQ = "faq"  # an answer from the list of questions and answers, before a team is troubled
    ANSWER = "answer"  # a team's words to the reporter
    SOLVED = "solved"  # a team's closing words to the reporter
    CLOSED = "closed"  # the same, where nothing was solved
    FOLLOW_UP = "follow-up"  # the reporter's later words to the team
    UNDELIVERED = "undelivered"  # to the leads: a mail of ours came back
    NEEDS_SOLUTION = "needs-solution"  # to the agent who closed without a solution description
    NOT_UNDERSTOOD = "not-understood"  # to the agent whose instruction means nothing here
    QUESTION = "question"  # a team's question to the reporter; the clock stands until it is answered
    REMINDER = "reminder"  # that the question waits
    UNANSWERED = "unanswered"  # to the team: the reporter has not answered
    MOVED = "moved"  # a ticket to the team that another, or a lead, gives it to
    TAKEN_AWAY = "taken-away"  # to a team that had it: a lead gave it to another
    JUDGED = "judged"  # to the team: a lead says that the priority or the type is another
    CORRECTED = "corrected"  # to the reporter: what the receipt said is otherwise
    PASSED_ON = "passed-on"  # what one line answered, to the line that answers the reporter
    REVIEW = "review"  # a solution to the reviewer, before the reporter is told
    DECLARED = "declared"  # to the team: the one who decides says that it is a major incident
    SURGE = "surge"  # to the leads: similar cases of different reporters in a short time
    GATHERED = "gathered"  # to a team: cases of it belong to a major incident now
    KNOWN_FAULT = "known-fault"  # to a reporter: others report the same, and the cases are looked at together
    RETURNED = "returned"  # the reviewer's words to the team: look again
    OUTAGE = "outage"  # to the audience: an outage is planned, has begun or is over
    STATUS = "status"  # to those who are hit: how it stands, and the prognosis
    STATUS_OVERDUE = "status-overdue"  # to the manager: nothing new was told, or it should be over
    ATTACHED = "attached"  # to the manager: the cases that came in during it
    REVIEW_DUE = "review-due"  # to the manager: the review of a major incident
    DUE_SOON = "due-soon"  # to the team: the time is nearly up
    OVERDUE = "overdue"  # to the team and up the ladder: the time is up
    ALARM = "alarm"  # to the duty: somebody must take this now
    QUARANTINED = "quarantined"  # to the leads: mails that could not be handled wait for a person
    MAILBOX_AWAY = "mailbox-away"  # to the leads: a mailbox cannot be read
    ROUTINES_OLD = "routines-old"  # to the leads: the printed copy of the routines is old
    EVENT = "event"  # to a webhook: what happened to a case; no mail, and the only kind without a template


MAILS = tuple(kind for kind in ParcelKind if kind is not ParcelKind.EVENT)
"""Kinds that people read."""


class HookEvent(StrEnum):
    """What other systems may be told of as it happens."""

    OPENED = "ticket.opened"
    MOVED = "ticket.moved"  # to another team
    SOLVED = "ticket.solved"  # or closed without a solution, for a stated reason
    REOPENED = "ticket.reopened"
    DECLARED = "incident.declared"  # a major incident, or an outage that began
    OVER = "incident.over"


class CameBy(StrEnum):
    """How a case came to the desk."""

    MAIL = "mail"
    PHONE = "phone"
    CHAT = "chat"
    NOTE = "note"  # told in passing, or on a slip of paper
    IMPORT = "import"  # to another system, whose cases were taken over as history


BY_HAND = frozenset({CameBy.PHONE, CameBy.CHAT, CameBy.NOTE})
"""Ways whose cases staff registers by mail."""


class Channel(StrEnum):
    """How a parcel reaches its reader."""

    MAIL = "mail"
    SMS = "sms"  # a short mail to a gateway that turns it into a text message
    WEBHOOK = "webhook"


class ParcelState(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"  # in a sender's hands, not yet tried
    SENDING = "sending"  # being handed to the server: its fate is unknown if its sender died now
    SENT = "sent"
    HELD = "held"  # assist: waits for a lead's yes
    WITHHELD = "withheld"  # shadow: never sent
    SUPPRESSED = "suppressed"  # over the cap for its address
    DEAD = "dead"  # refused for ever or too old: a person must look


UNSENT = (ParcelState.DEAD, ParcelState.SUPPRESSED, ParcelState.HELD, ParcelState.SENDING, ParcelState.CLAIMED, ParcelState.WAITING)
"""States of parcels that may leave yet, or ought to have left: what needs a person first."""


class Method(StrEnum):
    """What a decision rests on."""

    MODEL = "model"
    KEYWORDS = "keywords"
    POLICY = "policy"


class EventKind(StrEnum):
    OPENED = "opened"
    IMPORTED = "imported"  # as history, from another system
    REPORTER_WROTE = "reporter-wrote"
    TEAM_ANSWERED = "team-answered"
    SOLVED = "solved"
    CLOSED = "closed"  # without a solution, for a stated reason
    SOLUTION_FAILED = "solution-failed"  # a known one did not help here
    CLOSING_REFUSED = "closing-refused"
    REOPENED = "reopened"
    THANKED = "thanked"
    FAQ_HELPED = "faq-helped"  # nobody objected
    ANSWER_STOOD = "answer-stood"  # nobody wrote after a team's answer: it may be how the matter was solved
    FAQ_FAILED = "faq-failed"  # the reporter wants more: the team gets the case
    CONFIRMED = "confirmed"
    BOUNCED = "bounced"  # a mail that we sent for it came back
    ACKNOWLEDGED = "acknowledged"  # somebody has taken it
    MOVED = "moved"  # to another team
    PASSED_ON = "passed-on"  # a line's answer went to the line that answers the reporter
    ASKED = "asked"  # the reporter, by the team: the clock stands
    REMINDED = "reminded"  # the reporter, of a question
    PRIORITY_CHANGED = "priority-changed"
    TYPE_CHANGED = "type-changed"
    RISK_CHANGED = "risk-changed"
    SCOPE_CHANGED = "scope-changed"
    TAKEN_BACK = "taken-back"  # a lead's word, by that lead
    SURGE = "surge"  # of similar cases: proposed to a lead
    GATHERED = "gathered"  # under a major incident, with others that read alike
    DECLARED = "declared"  # a major incident, by the one who decides or by the measure of the surge
    DECLINED = "declined"  # not one
    OUTAGE_ANNOUNCED = "outage-announced"
    OUTAGE_BEGAN = "outage-began"
    STATUS_TOLD = "status-told"
    STATUS_OVERDUE = "status-overdue"
    ALL_ANSWERED = "all-answered"  # every case attached
    ALL_CLOSED = "all-closed"
    REVIEW_DUE = "review-due"
    SENT_TO_REVIEW = "sent-to-review"
    RETURNED = "returned"  # by the reviewer
    NOT_UNDERSTOOD = "not-understood"  # an instruction that means nothing here
    WARNED = "warned"  # the time is nearly up
    ESCALATED = "escalated"  # the time is up
    ALARMED = "alarmed"  # nobody has taken it yet


class Part(IntEnum):
    """Who writes in a ticket: decides what their mail does to it."""

    STRANGER = 0
    REPORTER = 1
    TEAM = 2
