"""The only place that gives a ticket to a team."""

from __future__ import annotations

from models.profiles import Profile
from models.records import Assignment, Mail, Verdict


def assign(verdict: Verdict, mail: Mail, profile: Profile, *, truncated: bool = False) -> Assignment:
    """The team that gets the ticket: the doubt team where a lead must look first, or where the mail was too large to read.

    A doubtful matter that may be grave is told to the guessed team as well: it waits for nobody.
    """
    guessed = verdict.team.value if verdict.team.value in profile.teams else profile.doubt_team
    if not verdict.review and not truncated and mail.visible_reply.strip():
        return Assignment(team=guessed, guessed_team=guessed, unsure=False, also=())
    grave = verdict.priority.value <= profile.grave_priority
    also = (guessed,) if grave and guessed != profile.doubt_team else ()
    return Assignment(team=profile.doubt_team, guessed_team=guessed, unsure=True, also=also)
