"""One-use keys: what a drawn form did is done once, however often its button is pressed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.tables.people import UsedKey


def claim(session: Session, key: str, user_id: UUID, result_id: UUID, now: datetime) -> UUID:
    """Take the key for `result_id` and give it back; or what the same key of this person led to before.

    A second transaction with the key waits for the first one. If the first is rolled back the key is free again.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"key": key, "user_id": user_id, "result_id": result_id, "used_at": now}
    session.execute(dialect.insert(UsedKey).values(row).on_conflict_do_nothing())
    led_to = session.scalar(select(UsedKey.result_id).where(UsedKey.key == key, UsedKey.user_id == user_id))
    return led_to or result_id
