"""Numbers in series, each given once whoever asks at the same moment."""

from sqlalchemy import text
from sqlalchemy.orm import Session

# One statement on both databases: reading first and writing after would race for the first number of a year.
_NEXT = text(
    "INSERT INTO counter (series, last) VALUES (:series, 1) "
    "ON CONFLICT (series) DO UPDATE SET last = counter.last + 1 RETURNING last"
)


def next_in(session: Session, series: str) -> int:
    """The next number of a series, from 1. A number whose transaction is rolled back is given again."""
    return int(session.execute(_NEXT, {"series": series}).scalar_one())
