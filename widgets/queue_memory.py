"""What one tab remembers of the queue: its filter, the referrals picked to merge, the last decision, an open dialog."""

from dataclasses import dataclass, field
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
    unpicked: int = 0
    """Goes up when all picks are cleared, so that the boxes are drawn anew."""
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
    unsent: str = ""
    """What was typed in a dialog that can no longer be sent, kept until the person decides about it."""
    key: str = ""
    """The one-use key of the open dialog, so that a second click is the same act."""
    correction: dict[str, Any] = field(default_factory=dict)
    """What is being typed as a correction, until it is saved or left."""
    seen: dict[UUID, int] = field(default_factory=dict)
    """The version of each referral as this person last saw it."""
