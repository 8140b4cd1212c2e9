"""Verdict to team, and to the mails that tell people about it."""
