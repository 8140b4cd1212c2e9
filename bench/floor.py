"""The floor: the same mails fetched raw with imaplib in hundreds and read by the standard library, nothing else done."""

from __future__ import annotations

import email
import email.policy
import imaplib
import sys


def main(port: int, user: str, password: str) -> None:
    box = imaplib.IMAP4("127.0.0.1", port)
    box.login(user, password)
    box.select("INBOX", readonly=True)
    uids = box.uid("SEARCH", "ALL")[1][0].split()
    for start in range(0, len(uids), 100):
        _, answer = box.uid("FETCH", b",".join(uids[start : start + 100]).decode(), "(BODY.PEEK[])")
        for part in answer:
            if isinstance(part, tuple):
                message = email.message_from_bytes(part[1], policy=email.policy.default)
                message.get("subject"), message.get_body(("plain", "html"))
    box.logout()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
