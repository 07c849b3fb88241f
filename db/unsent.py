"""Questions about what was typed and not sent; each asks for one user's own."""

from uuid import UUID

from sqlalchemy import Delete, Select, delete, select

from db.tables.unsent import UnsentWords


def unsent(user_id: UUID, record_id: UUID, dialog: str) -> Select[UnsentWords]:
    """What a user left in one dialog about a record."""
    return select(UnsentWords).where(
        UnsentWords.user_id == user_id, UnsentWords.record_id == record_id, UnsentWords.dialog == dialog
    )


def unsent_about(user_id: UUID, record_id: UUID) -> Select[UnsentWords]:
    """What a user left in all dialogs about a record, the oldest first."""
    return (
        select(UnsentWords)
        .where(UnsentWords.user_id == user_id, UnsentWords.record_id == record_id)
        .order_by(UnsentWords.saved_at)
    )


def forget_unsent(user_id: UUID, record_id: UUID, dialog: str) -> Delete:
    """Take a user's words of one dialog away."""
    return delete(UnsentWords).where(
        UnsentWords.user_id == user_id, UnsentWords.record_id == record_id, UnsentWords.dialog == dialog
    )
