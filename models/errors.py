"""The only place for the errors this program promises; a library's errors become one of these at its door."""


class SaksgangError(Exception):
    """Something expected went wrong; the message is one line that a person can act on, free of mail text and addresses."""


class MailUnreadableError(SaksgangError):
    """Bytes that are no mail: the one error `parse_mail` may raise."""


class ProfileError(SaksgangError):
    """A profile or configuration file is wrong; names the file, the key and the reason."""

    def __init__(self, file: object, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")


class ColumnsError(SaksgangError):
    """A file's columns are not what was asked for; names the column and what to do."""


class MailboxError(SaksgangError):
    """The mailbox cannot be reached or refuses; `permanent` where waiting will not help (wrong password, no such folder)."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class DeliveryError(SaksgangError):
    """An outgoing mail was not accepted; `permanent` for a 5xx answer (RFC 5321, 4.2.1), else try again later.

    `server` is true where the server itself is out of reach: then no other mail of the batch can be sent either.
    """

    def __init__(self, message: str, *, permanent: bool = False, server: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.server = server


class ModelError(SaksgangError):
    """A trained model is missing, damaged or of another version; keywords and policy carry on meanwhile."""


class IndexRefusedError(SaksgangError):
    """A saved index of earlier cases is missing, damaged or of another version; it is made again from the database."""


class StoreError(SaksgangError):
    """The database cannot be reached, is locked or full, or has the wrong schema: the same may succeed later."""


class ValuesRefusedError(StoreError):
    """The database does not take these values, now or later."""


class ChangedMeanwhileError(StoreError):
    """Somebody else changed what a person saw: nothing of theirs was written, and they must look again."""


class ProviderError(SaksgangError):
    """The identity provider says what does not hold; `away` where it cannot be reached: then the same may succeed later."""

    def __init__(self, message: str, *, away: bool = False) -> None:
        super().__init__(message)
        self.away = away
