"""What one tab remembers of the queue: its filter, the referrals picked to merge, the last decision, an open dialog."""

from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any
from uuid import UUID

from domain.referrals import Decided, QueueFilter


@dataclass
class QueueMemory:
    """Ids, versions and a filter; never an answer of a referral."""

    wanted: QueueFilter = field(default_factory=QueueFilter)
    address: dict[str, str] | None = None
    """The address that was written last; another one means that the person came by a link or went back."""
    drawn: int = 0
    """Goes up when the filter changes from outside its widgets, so that they are drawn anew."""
    picked: dict[UUID, str] = field(default_factory=dict)
    """Picked to merge: id and number, over all pages of the list."""
    chosen: tuple[str, UUID] | None = None
    """What was just chosen on a row of the queue, and which; taken at once."""
    decided: Decided | None = None
    """The last decision, to be told, undone and followed by the next referral."""
    dialog: str = ""
    """The dialog that is open: "return", "close" and so on; empty for none."""
    about: UUID | None = None
    """The referral that the dialog is about."""
    version: int = 0
    """The version that the open dialog stands on; 0 until it is drawn."""
    refused: str = ""
    """Why the open dialog could not do it: said in the dialog, which keeps what was typed."""
    laid: dict[str, Any] | None = None
    """What the open dialog's boxes held when they were kept last; None until it is drawn."""
    since: datetime | None = None
    """When the words were typed that the open dialog began with; None for a dialog that began empty."""
    key: str = ""
    """The one-use key of the open dialog, so that a second click is the same act."""
    correction: dict[str, Any] = field(default_factory=dict)
    """What is being typed as a correction, until it is saved or left."""
    seen: dict[UUID, int] = field(default_factory=dict)
    """The version of each referral as this person last saw it."""

    def open(self, dialog: str, about: UUID | None, version: int = 0) -> None:
        """Open a dialog about a record, with a fresh one-use key and nothing of the one before."""
        self.dialog, self.about, self.version, self.refused, self.key = dialog, about, version, "", token_hex(16)
        self.correction, self.laid, self.since = {}, None, None

    def close(self) -> None:
        """Leave the dialog."""
        self.open("", None)
