"""What the audit trail says about the site itself: when something last went well, or badly."""

from datetime import datetime

from sqlalchemy import Select, select

from db.tables.audit import AuditEntry


def newest_moment() -> Select[datetime]:
    """When the newest entry of the trail says that it was written."""
    return select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1)


def last_of(*events: str) -> Select[str, datetime, str]:
    """Event, moment and reason of the newest entry of these kinds."""
    return (
        select(AuditEntry.event, AuditEntry.at, AuditEntry.reason)
        .where(AuditEntry.event.in_(events))
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )
