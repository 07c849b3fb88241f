"""What a person typed in a dialog and has not sent yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.model import Base


class UnsentWords(Base):
    """The boxes of one dialog about one record, as one user left them; gone once the dialog did its work."""

    __tablename__ = "unsent_words"
    audited = False

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    dialog: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    """The version of the record that the person saw while typing; 0 where a dialog stands on none."""
    typed: Mapped[str] = mapped_column(Text)
    """Canonical JSON: what stands in each box, by the box's name."""
    saved_at: Mapped[datetime] = mapped_column(index=True)
