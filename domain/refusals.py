"""The one word for no: a sentence that the person reads and that says what to do next."""


class Refused(Exception):
    """An act that the desk does not do; `message` is the sentence shown to the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotPermitted(Refused):
    """The actor's roles do not allow the act; recorded in the audit trail as denied."""


class NotFound(Refused):
    """No such record, or none that this actor may see: both read the same on purpose."""


class TooLate(Refused):
    """Somebody else acted first; `message` names the person and the time."""
