"""Real servers and made-up mails that the tests share."""
