"""Clients from a spreadsheet: each file that was read, what becomes of its rows, and how its columns were read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.model import Base, coded
from domain.spreadsheet.fates import BatchStatus


class ClientBatch(Base):
    """A file of clients on its way in: read, mapped, checked, loaded at once, and perhaps taken back at once."""

    __tablename__ = "client_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file, to say that it was loaded before. The file itself is not kept."""
    status: Mapped[BatchStatus] = mapped_column(coded(BatchStatus))
    about: Mapped[str] = mapped_column(Text)
    """JSON: how the file was read (encoding, sheet), its header and on which line it stands."""
    choices: Mapped[str] = mapped_column(Text, default="")
    """JSON: what each column is, and the questions that were answered about it."""
    rows: Mapped[int] = mapped_column(Integer)
    checked_from: Mapped[datetime | None]
    """When the first row was searched for: who came on file since is looked at again before loading."""
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    loaded_by_name: Mapped[str] = mapped_column(String(200), default="")
    loaded_at: Mapped[datetime | None]
    loaded: Mapped[int] = mapped_column(Integer, default=0)
    first_number: Mapped[str] = mapped_column(String(20), default="")
    last_number: Mapped[str] = mapped_column(String(20), default="")
    undone_by_name: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[datetime | None]
    undo_reason: Mapped[str] = mapped_column(Text, default="")


class ClientBatchRow(Base):
    """One line of such a file. What it says is forgotten once it is on file, or a month after."""

    __tablename__ = "client_batch_row"
    __table_args__ = (Index("ix_client_batch_row_found", "batch_id", "found"),)
    audited = False

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("client_batch.id"), primary_key=True)
    line: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    cells: Mapped[str] = mapped_column(Text)
    """JSON list of the cells as text."""
    answers: Mapped[str] = mapped_column(Text, default="")
    """Canonical JSON of the answers that the cells were read as."""
    child: Mapped[str] = mapped_column(Text, default="")
    found: Mapped[str] = mapped_column(String(20), default="")
    """What the check found; empty until it was checked."""
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why the line is refused."""
    other_id: Mapped[UUID | None]
    """The client on file who may be this child. Not a foreign key: a purged client may be gone."""
    other_line: Mapped[int | None] = mapped_column(Integer)
    """The earlier line that may be this child."""
    evidence: Mapped[str] = mapped_column(Text, default="")
    """JSON of who was shown, with the reasons; after loading without the words."""
    decision: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why this is another child than the one who was shown."""
    client_id: Mapped[UUID | None] = mapped_column(index=True)
    """The client that was made of this line."""


class ClientColumnMap(Base):
    """How the columns of files with this header were read last."""

    __tablename__ = "client_column_map"
    audited = False

    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the folded header."""
    choices: Mapped[str] = mapped_column(Text)
    saved_by_name: Mapped[str] = mapped_column(String(200))
    saved_at: Mapped[datetime]
