"""Numbers in series, each given once whoever asks at the same moment."""

from sqlalchemy import text
from sqlalchemy.orm import Session

# One statement on both databases: reading first and writing after would race for the first number of a year.
_NEXT = text(
    "INSERT INTO counter (series, last) VALUES (:series, :count) "
    "ON CONFLICT (series) DO UPDATE SET last = counter.last + :count RETURNING last"
)


def next_block_in(session: Session, series: str, count: int) -> int:
    """The first of so many numbers in a row."""
    return int(session.execute(_NEXT, {"series": series, "count": count}).scalar_one()) - count + 1
