"""What the match searches: a folded copy of each person, the keys that lead to it, and the words on file."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.model import Base

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class SearchPerson(Base):
    """One client, or one referral in the queue, as the match compares it. Rewritten with its record."""

    __tablename__ = "search_person"
    __table_args__ = (Index("uq_search_person_record", "record_id", "kind", unique=True),)
    audited = False

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True)
    """Short, because every key repeats it."""
    kind: Mapped[str] = mapped_column(String(10))
    record_id: Mapped[UUID]
    folded: Mapped[str] = mapped_column(Text)
    """The fields in search spelling, as `domain.matching` packs them."""
    written: Mapped[str] = mapped_column(Text)
    """The same fields as they were typed, for the reasons that people read."""
    keys: Mapped[bytes] = mapped_column(LargeBinary)
    """The keys of this person, eight bytes each, so that they can be taken back when the rules have changed."""


class SearchKey(Base):
    """A search key and one person who has it. Only this is indexed."""

    __tablename__ = "search_key"
    __table_args__ = {"sqlite_with_rowid": False}
    audited = False

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=False)


class SearchWord(Base):
    """A change in how often a word is on file. Only ever added to, so that no two writers wait for one another;
    a process reads what is new, and now and then the rows are summed up."""

    __tablename__ = "search_word"
    audited = False

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True)
    part: Mapped[str] = mapped_column(String(10))
    """What the word is: a given name, a surname, a year of birth, a zip, a city, or a kind of record."""
    word: Mapped[str] = mapped_column(String(200))
    change: Mapped[int]


class LearnedWeights(Base):
    """Weights of the match that were learnt from this center's own records; the newest that stands is used."""

    __tablename__ = "learned_weights"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    learned_at: Mapped[datetime]
    learned_by_name: Mapped[str] = mapped_column(String(200))
    clients: Mapped[int]
    pairs: Mapped[int]
    """Pairs of records that were compared."""
    decisions: Mapped[int]
    """Merges and "not the same child" among them."""
    weights: Mapped[str] = mapped_column(Text)
    """Field, level and how often it is reached by the same child, as JSON."""
    taken_back_at: Mapped[datetime | None]
    taken_back_by_name: Mapped[str] = mapped_column(String(200), default="")
