"""The only door to smtplib."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from types import TracebackType

from models.errors import DeliveryError
from models.kinds import Security
from models.outcomes import Letter
from models.records import SmtpServer

CALL_SECONDS = 60.0
"""No single call to the server may take longer."""
GO_ON = 354
REFUSED_FOR_EVER = range(500, 600)


class _Line(smtplib.SMTP):
    """A line on which a letter costs no regular expression over all its bytes, as the library's own does."""

    def data(self, msg: bytes) -> tuple[int, bytes]:  # type: ignore[override]  # ours are always bytes
        """The letter after DATA, line ends CRLF, dots at their beginning doubled (RFC 5321, 4.5.2): never at the very start, where headers stand."""
        self.putcmd("data")
        code, words = self.getreply()
        if code != GO_ON:
            raise smtplib.SMTPDataError(code, words)
        self.send(msg.replace(b"\n.", b"\n..") + (b".\r\n" if msg.endswith(b"\r\n") else b"\r\n.\r\n"))
        return self.getreply()


class _TlsLine(_Line, smtplib.SMTP_SSL):
    """The same inside TLS from the first byte (RFC 8314)."""


class Sender:
    """A line to the SMTP server (RFC 5321), opened with the first mail and kept for those that follow."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> None:
        """Hand over one mail. Raises `DeliveryError`: permanent for this mail, for now, or the server is out of reach."""
        line = self._line or self._open()
        options = ["BODY=8BITMIME"] if line.has_extn("8bitmime") else []
        if not letter.recipient.isascii():
            if not line.has_extn("smtputf8"):
                raise DeliveryError("the server takes no address outside ASCII (RFC 6531)", permanent=True)
            options.append("SMTPUTF8")
        try:
            line.sendmail(letter.sender, [letter.recipient], letter.content, options)
        except ValueError as error:
            self._drop()
            raise DeliveryError("the address cannot be written on the wire", permanent=True) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _refused(code, words) from error
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise DeliveryError(f"{self._server.host}:{self._server.port}: {type(error).__name__}", server=True) from error

    def check(self) -> None:
        """Open the line and close it again."""
        self._open()
        self.close()

    def close(self) -> None:
        if self._line:
            with suppress(OSError, smtplib.SMTPException):  # the server forgets us by itself
                self._line.quit()
            self._line = None

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _open(self) -> smtplib.SMTP:
        server = self._server
        try:
            self._line = line = self._connect()
            if server.security is Security.STARTTLS:
                line.starttls(context=ssl.create_default_context(cafile=server.ca_file))
            line.ehlo_or_helo_if_needed()
            if server.user:
                line.login(server.user, server.password)
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            raise DeliveryError(f"{server.host}:{server.port}: user and password refused", server=True) from error
        except UnicodeEncodeError as error:  # smtplib knows no user and no password but of ASCII
            self._drop()
            raise DeliveryError(f"{server.host}:{server.port}: user or password holds more than ASCII", server=True) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise DeliveryError(f"{server.host}:{server.port}: {type(error).__name__}", server=True) from error
        return line

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security is Security.TLS:
            context = ssl.create_default_context(cafile=server.ca_file)
            return _TlsLine(server.host, server.port, timeout=CALL_SECONDS, context=context)
        return _Line(server.host, server.port, timeout=CALL_SECONDS)

    def _drop(self) -> None:
        if self._line:
            self._line.close()
            self._line = None


def _refused(code: int, words: bytes | str) -> DeliveryError:
    """The server's word on this one mail; its text may hold an address, so only the codes are kept (RFC 3463)."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    enhanced = text.split(" ", 1)[0] if text[:1].isdigit() else ""
    return DeliveryError(f"refused with {code} {enhanced}".strip(), permanent=code in REFUSED_FOR_EVER)
