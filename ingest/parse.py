"""The only place where the bytes of a mail become a `Mail`."""

from __future__ import annotations

from ingest.addresses import read_addresses, read_name
from ingest.attachments import read_attachments
from ingest.body import Body, read_body, sort_parts
from ingest.headers import Headers, read_date, read_ids
from ingest.language import detect_language
from ingest.markup import read_html
from ingest.mime import Part, read_tree
from ingest.redact import redact
from ingest.reply import read_reply
from ingest.signals import read_signals
from ingest.text import tidy
from models.errors import MailUnreadableError
from models.records import Address, Attachment, Mail

NO_ONE = Address(name="", address="")
_SENDER_FIELDS = ("from", "reply-to", "sender", "return-path")


def parse_mail(content: bytes, fingerprint: str) -> Mail:
    """What any bytes say as a mail, in time linear in their number.

    `fingerprint` makes a message id where the mail has none. Raises `MailUnreadableError` where there is neither a header
    nor a text, and nothing else.
    """
    try:
        mail = _parse(content, fingerprint)
    except Exception as error:
        raise MailUnreadableError(f"the mail cannot be read: {type(error).__name__}") from error
    if mail is None:
        raise MailUnreadableError("no header and no text")
    return mail


def _parse(content: bytes, fingerprint: str) -> Mail | None:
    root = read_tree(content)
    headers = root.headers
    found = sort_parts(root)
    body = read_body(found)
    files, body = _read_files(found.files, body)
    if not headers.fields and not body.text:
        return None
    sender = _sender(headers)
    subject = headers.text("subject")
    answers = read_ids(headers.first("in-reply-to"))
    references = read_ids(b" ".join(headers.fields.get("references", ())))
    reply = read_reply(body, subject, sender.name, is_answer=bool(answers or references))
    ids = read_ids(headers.first("message-id"))
    return Mail(
        message_id=ids[0] if ids else f"<{fingerprint[:32]}@unidentified.invalid>",
        sender=sender,
        reply_to=next(iter(read_addresses(headers.first("reply-to"))), None),
        to=_recipients(headers, "to"),
        cc=_recipients(headers, "cc"),
        date=read_date(headers.first("date")),
        subject=subject,
        text=body.text,
        visible_reply=reply.text,
        points_down=reply.points_down,
        safe_subject=redact(subject),
        safe_reply=redact(reply.text),
        attachments=files,
        in_reply_to=next(iter(answers), None),
        references=references,
        signals=read_signals(headers, root, found.calendars),
        language=detect_language(reply.text) or detect_language(subject),
    )


def _read_files(parts: list[Part], body: Body) -> tuple[tuple[Attachment, ...], Body]:
    """The files; and the body, from a winmail.dat or a forwarded mail where the mail itself has none."""
    files, plain, markup = read_attachments(parts)
    if body.text:
        return files, body
    if plain.strip() or markup.strip():
        html = read_html(markup) if markup.strip() else None
        return files, Body(text=html.text if html else tidy(plain), own=html.own if html and html.marked else None)
    forwarded = [part for part in parts if part.content_type == "message/rfc822"]
    return files, _body_of(forwarded[0]) if len(forwarded) == 1 else body


def _body_of(part: Part) -> Body:
    """The body of a mail sent on as a file: all that there is to read."""
    return read_body(sort_parts(read_tree(part.data())))


def _sender(headers: Headers) -> Address:
    """Who wrote: From, else where answers go, else who sent it, else whom the envelope names."""
    found = (address for name in _SENDER_FIELDS for address in read_addresses(headers.first(name))[:1])
    sender = next(found, NO_ONE)
    name = read_name(headers.first("from"))
    return sender if sender.name or not name else Address(name=name, address=sender.address)


def _recipients(headers: Headers, field: str) -> tuple[Address, ...]:
    return read_addresses(b",".join(headers.fields.get(field, ())))
