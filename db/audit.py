"""The audit trail's chain: appended in the transaction of the act, and checked entry by entry."""

import hmac
import json
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import NoneType, SimpleNamespace
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from db.model import Base
from db.tables.audit import AuditEntry

FIRST = "0" * 64
_CHAIN_LOCK = 7_260_041  # any fixed number: the PostgreSQL advisory lock that keeps the chain in one line


_SEALED = [column.key for column in AuditEntry.__table__.columns if column.key != "mac"]
_SEQ, _BEFORE = _SEALED.index("seq"), _SEALED.index("previous_mac")


class Unrecorded(RuntimeError):
    """A change was about to be saved without an entry in the audit trail: a bug, never a person's fault."""


def append(session: Session, entries: Iterable[AuditEntry]) -> None:
    """Chain the entries to the last one and add them to the session."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    seq, mac = last(session)
    for entry in entries:
        seq += 1
        entry.seq, entry.previous_mac = seq, mac
        entry.mac = mac = seal(entry, session.info["secret"])
        session.add(entry)
    session.info["recorded"] = True
    session.info["newest_entry"] = (seq, mac)


def seal(entry: AuditEntry | SimpleNamespace, secret: bytes) -> str:
    """The HMAC-SHA256 of an entry (or its plain values, for many at once) with the one before it, in hex."""
    return _seal([getattr(entry, name) for name in _SEALED], secret)


def first_broken(session: Session) -> int | None:
    """The number of the first entry that was changed, removed or forged, or None for a whole chain.

    A tail that was cut off shows only against a copy of the last value kept elsewhere: see `last`.
    """
    expected, previous, secret = 1, FIRST, session.info["secret"]
    # Plain rows: the mapper would make an object of each, and there may be a million.
    columns = AuditEntry.__table__.columns
    every = select(*(columns[name] for name in (*_SEALED, "mac"))).order_by(columns["seq"])
    with session.execute(every.execution_options(yield_per=1000)) as found:
        for *values, mac in found:
            sound = values[_SEQ] == expected and values[_BEFORE] == previous
            if not sound or not hmac.compare_digest(mac, _seal(values, secret)):
                return expected
            expected, previous = expected + 1, mac
    return None


def last_is_ours(session: Session) -> bool:
    """Whether the newest entry was sealed with this site's key."""
    newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return newest is None or hmac.compare_digest(newest.mac, seal(newest, session.info["secret"]))


def last(session: Session) -> tuple[int, str]:
    """Number and seal of the newest entry: what a copy kept elsewhere is compared with."""
    newest = session.execute(select(AuditEntry.seq, AuditEntry.mac).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return (newest.seq, newest.mac) if newest else (0, FIRST)


_head_files: list[Path] = []


def keep_head_at(file: Path | None) -> None:
    """Keep a copy of the newest entry's number and seal in this file, outside the database; None stops it."""
    _head_files[:] = [file] if file else []


def kept_head() -> tuple[int, str] | None:
    """The copy kept outside the database, or None where there is none."""
    if not _head_files or not _head_files[0].exists():
        return None
    number, _, mac = _head_files[0].read_text(encoding="ascii").strip().partition(" ")
    return int(number), mac


def head_missing(session: Session) -> bool:
    """Whether the newest entry that was ever noted outside is gone or another: a tail was cut off."""
    kept = kept_head()
    if kept is None:
        return False
    found = session.execute(select(AuditEntry.mac).where(AuditEntry.seq == kept[0])).scalar()
    return found != kept[1]


def guard(session_class: type[Session]) -> None:
    """Refuse every commit that changed an audited row and recorded nothing."""

    @event.listens_for(session_class, "after_flush")
    def _notice(session: Session, _context: Any) -> None:
        touched = [*session.new, *session.dirty, *session.deleted]
        if any(isinstance(row, Base) and row.audited for row in touched):
            session.info["changed"] = True

    @event.listens_for(session_class, "before_commit")
    def _check(session: Session) -> None:
        session.flush()
        if session.info.pop("changed", False) and not session.info.get("recorded", False):
            raise Unrecorded("a change was saved without an audit event")
        session.info.pop("recorded", None)

    @event.listens_for(session_class, "after_commit")
    def _note_head(session: Session) -> None:
        newest = session.info.pop("newest_entry", None)
        if newest and _head_files:
            _write_head(_head_files[0], *newest)


def _write_head(file: Path, seq: int, mac: str) -> None:
    kept = kept_head()
    if kept is None or seq > kept[0]:
        fresh = file.with_suffix(f".{threading.get_ident()}")
        fresh.write_text(f"{seq} {mac}\n", encoding="ascii")
        fresh.replace(file)


def _seal(values: list[Any], secret: bytes) -> str:
    plain = [value if type(value) in (str, int, NoneType) else _plain(value) for value in values]
    return hmac.digest(secret, json.dumps(plain, ensure_ascii=True).encode(), "sha256").hex()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, int | str) else str(value)
