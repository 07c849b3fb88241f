"""Questions about spreadsheets of clients, and what is kept of them many rows at a time."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Update,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from db import search_keys
from db.clients import visible_clients
from db.model import Base
from db.tables.clients import Client, ClientVersion
from db.tables.referrals import Fact, MatchHint, Referral
from db.tables.search import SearchPerson
from db.tables.spreadsheets import ClientBatch, ClientBatchRow, ClientColumnMap
from domain.lifecycle import Status
from domain.matching import RecordKind
from domain.people import Actor
from domain.permissions import Permission, may
from domain.spreadsheet.fates import BatchStatus, Decision, Fate, Found

OPEN = tuple(status for status in BatchStatus if status.open)
AT_ONCE = 400
"""Ids in one statement."""


def visible_batches(actor: Actor) -> Select[ClientBatch]:
    """One's own files on their way in, and every file that was loaded."""
    every = select(ClientBatch)
    if not may(actor, Permission.LOAD_CLIENTS):
        return every.where(false())
    return every.where(or_(ClientBatch.made_by == actor.user_id, ClientBatch.loaded_at.is_not(None)))


def batches_shown(actor: Actor) -> Select[ClientBatch]:
    """Those that a list shows, newest first: dropped ones are gone."""
    return (
        visible_batches(actor)
        .where(ClientBatch.status != BatchStatus.DROPPED)
        .order_by(ClientBatch.made_at.desc(), ClientBatch.id)
    )


def loaded_before(content_hash: str) -> Select[ClientBatch]:
    """The last time that this very file was loaded and not taken back."""
    return (
        select(ClientBatch)
        .where(ClientBatch.content_hash == content_hash, ClientBatch.status == BatchStatus.LOADED)
        .order_by(ClientBatch.loaded_at.desc())
        .limit(1)
    )


def lines_of(batch_id: UUID) -> Select[ClientBatchRow]:
    """Every line of a file, in its order."""
    return select(ClientBatchRow).where(ClientBatchRow.batch_id == batch_id).order_by(ClientBatchRow.line)


def cells_of(batch_id: UUID) -> Select[int, str]:
    """Number and cells of every line."""
    return (
        select(ClientBatchRow.line, ClientBatchRow.cells)
        .where(ClientBatchRow.batch_id == batch_id)
        .order_by(ClientBatchRow.line)
    )


def lines_numbered(batch_id: UUID, lines: Sequence[int]) -> Select[ClientBatchRow]:
    """These lines of a file."""
    return lines_of(batch_id).where(ClientBatchRow.line.in_(lines))


def line_of(batch_id: UUID, line: int) -> Select[ClientBatchRow]:
    """One line, to be changed."""
    return lines_of(batch_id).where(ClientBatchRow.line == line).with_for_update()


def fates(batch_id: UUID) -> Select[str, str, int]:
    """Found, decision and how many lines."""
    return (
        select(ClientBatchRow.found, ClientBatchRow.decision, func.count())
        .where(ClientBatchRow.batch_id == batch_id)
        .group_by(ClientBatchRow.found, ClientBatchRow.decision)
    )


_EARLIER = (Found.EARLIER.value, Found.LIKE_EARLIER.value)
_decided = ClientBatchRow.decision
_found = ClientBatchRow.found
_WITH_FATE: dict[Fate, Any] = {
    Fate.NEW: (_found != Found.REFUSED.value)
    & or_(_decided == Decision.NEW.value, (_found == Found.NEW.value) & (_decided == "")),
    Fate.SAME_ON_FILE: or_(
        (_found == Found.ON_FILE.value) & (_decided == ""),
        _found.in_((Found.ON_FILE.value, Found.LIKE_ON_FILE.value)) & (_decided == Decision.SAME.value),
    ),
    Fate.SAME_EARLIER: or_(
        (_found == Found.EARLIER.value) & (_decided == ""), _found.in_(_EARLIER) & (_decided == Decision.SAME.value)
    ),
    Fate.LEFT_OUT: (_found != Found.REFUSED.value) & (_decided == Decision.LEAVE_OUT.value),
    Fate.TO_DECIDE: _found.in_([one.value for one in Found if one.asks]) & (_decided == ""),
    Fate.REFUSED: _found == Found.REFUSED.value,
    Fate.UNCHECKED: _found == "",
}
"""The same table as `domain.spreadsheet.fates.fate`, for the database; a test holds them together."""


def with_fate(batch_id: UUID, fate: Fate) -> Select[ClientBatchRow]:
    """The lines that have one fate, in their order."""
    return lines_of(batch_id).where(_WITH_FATE[fate])


def asked_or_decided(batch_id: UUID) -> Select[ClientBatchRow]:
    """The lines on which a person has something to say: somebody likely was shown, in whatever way it was decided."""
    return lines_of(batch_id).where(_found.in_([one.value for one in Found if one.asks]))


def with_evidence(batch_id: UUID) -> Select[ClientBatchRow]:
    """The lines for which somebody was shown."""
    return lines_of(batch_id).where(ClientBatchRow.evidence != "")


def forget_findings(batch_id: UUID) -> Update:
    """Let every line be checked anew; what was decided is looked at again then."""
    return update(ClientBatchRow).where(ClientBatchRow.batch_id == batch_id).values(found="", problem="")


def forget_decisions(batch_id: UUID) -> Update:
    """Take every decision and every reading of a file back."""
    return (
        update(ClientBatchRow)
        .where(ClientBatchRow.batch_id == batch_id)
        .values(decision="", reason="", answers="", child="", other_id=None, other_line=None, evidence="")
    )


def forget_lines(batch_id: UUID) -> Delete:
    """Every line of a file that will not be loaded."""
    return delete(ClientBatchRow).where(ClientBatchRow.batch_id == batch_id)


def forget_loaded_words(batch_id: UUID) -> Update:
    """What loaded lines said: it stands in the clients' files now."""
    return (
        update(ClientBatchRow)
        .where(ClientBatchRow.batch_id == batch_id, ClientBatchRow.client_id.is_not(None))
        .values(cells="[]", answers="", child="")
    )


def forget_all_words(batch_id: UUID) -> Update:
    """What every line of a file said; its fate stays."""
    return (
        update(ClientBatchRow)
        .where(ClientBatchRow.batch_id == batch_id)
        .values(cells="[]", answers="", child="", problem="", evidence="")
    )


def old_batches(before: datetime) -> Select[ClientBatch]:
    """Files of which somebody's words are still kept, though they were read before this."""
    return select(ClientBatch).where(
        ClientBatch.made_at < before,
        ClientBatch.id.in_(select(ClientBatchRow.batch_id).where(ClientBatchRow.cells != "[]")),
    )


def column_map(signature: str) -> Select[ClientColumnMap]:
    """How the columns of files with this header were read last."""
    return select(ClientColumnMap).where(ClientColumnMap.signature == signature)


def clients_stamp() -> Select[int, datetime | None]:
    """How many clients there are and when the last one changed: another stamp, another file came in."""
    return select(func.count(), func.max(Client.changed_at)).select_from(Client)


def clients_changed(since: datetime, most: int) -> Select[UUID]:
    """Standing clients that came or changed since."""
    return (
        select(Client.id)
        .where(Client.changed_at >= since, Client.withdrawn.is_(False), Client.merged_into_id.is_(None))
        .limit(most)
    )


def made_of(batch_id: UUID) -> Select[UUID | None]:
    """The clients that were made of a file."""
    return select(ClientBatchRow.client_id).where(
        ClientBatchRow.batch_id == batch_id, ClientBatchRow.client_id.is_not(None)
    )


def visible_among(actor: Actor, client_ids: Sequence[UUID]) -> Select[Client]:
    """Those of these clients that the actor may open."""
    return visible_clients(actor).where(Client.id.in_(client_ids))


def referrals_in(statuses: Sequence[Status]) -> Select[Referral]:
    """Referrals that still may be imported: each may be somebody who has just come on file."""
    return select(Referral).where(Referral.status.in_(statuses))


def among_referrals(referral_ids: Collection[UUID]) -> ColumnElement[bool]:
    """That a referral is one of these."""
    return Referral.id.in_(referral_ids)


def write_lines(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep lines of a file as they were read."""
    session.connection().execute(insert(Base.metadata.tables[ClientBatchRow.__tablename__]), list(rows))


def write_findings(session: Session, batch_id: UUID, found: Sequence[dict[str, Any]]) -> None:
    """Keep what was found for each line, all of them with the same columns."""
    table = Base.metadata.tables[ClientBatchRow.__tablename__]
    here = table.c.batch_id == batch_id
    session.connection().execute(update(table).where(here, table.c.line == bindparam("b_line")), list(found))


def write_made(session: Session, batch_id: UUID, made: Sequence[tuple[int, UUID]]) -> None:
    """Keep beside each line the client that was made of it."""
    table = Base.metadata.tables[ClientBatchRow.__tablename__]
    rows = [{"b_batch": batch_id, "b_line": line, "client_id": client_id} for line, client_id in made]
    session.connection().execute(
        update(table).where(table.c.batch_id == bindparam("b_batch"), table.c.line == bindparam("b_line")), rows
    )


# Taking a file back

_NO_WORK = {"client_batch_row", ClientVersion.__tablename__, Fact.__tablename__, SearchPerson.__tablename__}
"""Tables that name a client without anybody having worked on it."""
_NO_WORK |= {MatchHint.__tablename__, "purge_item", "unsent_words"}


def worked_on(batch_id: UUID) -> Select[UUID]:
    """Clients of a file that somebody changed, merged, restricted, wrote about or imported to since.

    Every table that names a client counts, also one that is added tomorrow, unless it is listed as no work.
    """
    mine = made_of(batch_id).scalar_subquery()
    changed = select(Client.id).where(
        Client.id.in_(mine),
        or_(Client.version != 1, Client.withdrawn, Client.restricted, Client.merged_into_id.is_not(None)),
    )
    return union_all(changed, *(select(column).where(column.in_(mine)) for column in _naming_clients()))  # type: ignore[return-value]


def _naming_clients() -> Iterator[Any]:
    for table in Base.metadata.sorted_tables:
        if table.name in _NO_WORK:
            continue
        for column in table.columns:
            points = any(key.column.table.name == Client.__tablename__ for key in column.foreign_keys)
            if points or column.name == "record_id":
                yield column


def withdraw_all(session: Session, client_ids: Sequence[UUID], at: datetime) -> None:
    """Take many files out of lists, search and numbers at once; they stay readable by their address."""
    for start in range(0, len(client_ids), AT_ONCE):
        some = list(client_ids[start : start + AT_ONCE])
        session.execute(
            update(Client)
            .where(Client.id.in_(some))
            .values(withdrawn=True, changed_at=at, version=Client.version + 1)
            .execution_options(synchronize_session=False)
        )
        session.execute(delete(Fact).where(Fact.record_id.in_(some)))
        session.execute(delete(MatchHint).where(MatchHint.other_id.in_(some)))
        search_keys.remove_many(session, RecordKind.CLIENT, some)
