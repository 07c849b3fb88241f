"""Loading a checked file of clients at once, and taking it back at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from actions import drafting, hints
from actions.center import finding
from actions.center.client_batches import CHECK_AGAIN, counts_of, visible_batch
from actions.center.client_spreadsheets import open_batch
from actions.hands import Hands
from actions.texts import written
from actions.work import Work, permitted
from db import loading, search_keys
from db import spreadsheets as statements
from db.clients import how_many, profiles_of
from db.searching_lines import FileSearch
from db.tables.spreadsheets import ClientBatch, ClientBatchRow
from domain import fields
from domain.clients import STRONG, Cause, Loaded
from domain.matching import RecordKind, person_from
from domain.permissions import Permission
from domain.refusals import Refused, TooLate
from domain.spreadsheet.batches import without_words
from domain.spreadsheet.fates import BatchStatus, Counts, Decision, Fate

MOST_CHANGED = 300
"""Clients that came or changed since the check, beyond which every line is checked anew."""
LOOKED_AT = 3
"""Lines looked at for each of them."""
NAMED_AT_MOST = 5


def load(hands: Hands, batch_id: UUID) -> Loaded:
    """Load a checked file whole or not at all, once. Who came on file since the check is looked at first."""
    for _try in range(3):
        with hands.looking() as work:
            seen = look_at_newcomers(work, batch_id)
        with hands.working() as work:
            loaded = load_checked(work, batch_id, seen)
        if loaded is not None:
            return loaded
    raise TooLate(f"Others are adding clients at this moment. {CHECK_AGAIN}")


@dataclass(frozen=True)
class Stamp:
    """How many clients there were, and when the last one changed."""

    clients: int
    changed: datetime | None


@permitted(Permission.LOAD_CLIENTS)
def look_at_newcomers(work: Work, batch_id: UUID) -> Stamp:
    """Refuse when somebody who came on file since the check may be one of the new children; else the stamp seen."""
    batch = visible_batch(work, batch_id)
    stamp = _stamp(work)
    if batch.status is not BatchStatus.CHECKED or batch.checked_from is None:
        return stamp
    changed = work.session.scalars(statements.clients_changed(batch.checked_from, MOST_CHANGED + 1)).all()
    if len(changed) > MOST_CHANGED:
        raise TooLate(f"Many clients came on file since these lines were checked. {CHECK_AGAIN}")
    if changed:
        _refuse_like(work, batch_id, changed)
    return stamp


@permitted(Permission.LOAD_CLIENTS)
def load_checked(work: Work, batch_id: UUID, seen: Stamp) -> Loaded | None:
    """Write every new client of a file in this one transaction; None when others changed clients since the stamp.

    Pressed twice it gives again what it made.
    """
    batch = visible_batch(work, batch_id, for_update=True)
    if batch.status is BatchStatus.LOADED:
        return Loaded(batch.loaded, batch.first_number, batch.last_number)
    open_batch(work, batch_id)
    counts = counts_of(work, batch_id)
    _refuse_unready(work, batch, counts)
    if _stamp(work) != seen:
        return None
    new = work.session.scalars(statements.with_fate(batch_id, Fate.NEW)).all()
    documents = [row.answers for row in new]
    made = _open_files(work, documents)
    statements.write_made(
        work.session, batch_id, [(row.line, client) for row, (client, _) in zip(new, made, strict=True)]
    )
    _strip_evidence(work, batch_id)
    work.session.execute(statements.forget_loaded_words(batch_id))
    batch.status, batch.loaded, batch.loaded_at, batch.loaded_by_name = (
        BatchStatus.LOADED,
        len(made),
        work.now,
        work.actor.name,
    )
    batch.first_number, batch.last_number = made[0][1], made[-1][1]
    _renew_badges(work, documents)
    work.record("client.loaded", "client_batch", batch_id, count=len(made))
    return Loaded(len(made), made[0][1], made[-1][1])


@permitted(Permission.LOAD_CLIENTS)
def undo(work: Work, batch_id: UUID, reason: str) -> int:
    """Take every client of a file back, and how many those were, while nobody has worked on any of them."""
    batch = visible_batch(work, batch_id, for_update=True)
    if batch.status is not BatchStatus.LOADED:
        raise TooLate("This file is not loaded, so there is nothing to take back.")
    said = written(reason, "Write why the file is taken back.")
    touched = work.session.scalars(statements.worked_on(batch_id)).all()
    if touched:
        raise Refused(_touched(work, touched))
    made = [client for client in work.session.scalars(statements.made_of(batch_id)) if client]
    statements.withdraw_all(work.session, made, work.now)
    batch.status, batch.undone_at, batch.undone_by_name = BatchStatus.UNDONE, work.now, work.actor.name
    batch.undo_reason = said
    work.record("client.load_undone", "client_batch", batch_id, count=len(made))
    return len(made)


def _stamp(work: Work) -> Stamp:
    clients, changed = work.session.execute(statements.clients_stamp()).one()
    return Stamp(clients, changed)


def _refuse_like(work: Work, batch_id: UUID, changed: Sequence[UUID]) -> None:
    """Whether one of these clients is like a line that would be new, and was not shown for it."""
    new = work.session.scalars(statements.with_fate(batch_id, Fate.NEW)).all()
    shown = {(row.line, row.other_id) for row in new}
    like = []
    file = FileSearch(work.session)
    file.add([(row.line, person_from(fields.parsed(row.answers))) for row in new])
    for client_id, answers in work.session.execute(profiles_of(changed)):
        for line, candidate in file.like(work.session, person_from(fields.parsed(answers)), LOOKED_AT):
            if candidate.grade in STRONG and (line, client_id) not in shown:
                like.append(line)
    if like:
        named = ", ".join(f"{line:,}" for line in sorted(set(like))[:NAMED_AT_MOST])
        raise TooLate(f"Somebody came on file since the check who may be the child of line {named}. {CHECK_AGAIN}")


def _refuse_unready(work: Work, batch: ClientBatch, counts: Counts) -> None:
    if batch.status is not BatchStatus.CHECKED or counts.unchecked:
        raise TooLate("Not every line was checked yet. Wait until the check is done, then load.")
    if counts.to_decide:
        lines_wait = "1 line waits" if counts.to_decide == 1 else f"{counts.to_decide:,} lines wait"
        raise Refused(f"{lines_wait} for your decision. Decide under “{Fate.TO_DECIDE.label}”, then load.")
    if not counts.new:
        raise Refused("There is no new client in this file: nothing would be loaded.")
    lost = [
        row
        for row in work.session.scalars(statements.with_fate(batch.id, Fate.SAME_EARLIER))
        if _is_left_out(work, batch.id, row.other_line)
    ]
    if lost:
        raise Refused(
            f"Line {lost[0].line:,} is said to be the same child as line {lost[0].other_line:,}, which is left out: "
            f"the child would be lost. Decide line {lost[0].line:,} anew."
        )


def _is_left_out(work: Work, batch_id: UUID, line: int | None) -> bool:
    row = work.session.get(ClientBatchRow, (batch_id, line)) if line else None
    return row is not None and row.decision == Decision.LEAVE_OUT.value


def _open_files(work: Work, documents: Sequence[str]) -> list[tuple[UUID, str]]:
    """Make the clients; their ids and numbers, in order."""
    numbers = drafting.next_numbers(work, "client", "C", len(documents))
    ids = loading.load_clients(
        work.session,
        list(zip(numbers, documents, strict=True)),
        cause=Cause.SPREADSHEET.value,
        by=work.actor.user_id,
        by_name=work.actor.name,
        at=work.now,
    )
    return list(zip(ids, numbers, strict=True))


def _strip_evidence(work: Work, batch_id: UUID) -> None:
    for row in work.session.scalars(statements.with_evidence(batch_id)):
        row.evidence = without_words(row.evidence)
    work.session.flush()


def _renew_badges(work: Work, made: Sequence[str]) -> None:
    """The badges of the queue, asked from the side that is fewer."""
    asked = statements.referrals_in(finding.STILL_ASKED)
    if (work.session.scalar(how_many(asked)) or 0) > len(made):
        asked = asked.where(statements.among_referrals(_referrals_like(work, made)))
    for referral in work.session.scalars(asked).all():
        hints.renew_referral(work, referral, person_from(drafting.current_answers(work, referral)))


def _referrals_like(work: Work, made: Sequence[str]) -> set[UUID]:
    return {
        one.record_id
        for answers in made
        for one in search_keys.search(
            work.session, person_from(fields.parsed(answers)), kinds=[RecordKind.REFERRAL], limit=10
        )
        if one.grade in hints.SHOWN
    }


# Taking back


def _touched(work: Work, touched: Sequence[UUID]) -> str:
    ids = list(dict.fromkeys(touched))
    seen = work.session.scalars(statements.visible_among(work.actor, ids[:200])).all()
    named = sorted(client.number for client in seen)[:NAMED_AT_MOST]
    rest = len(ids) - len(named)
    who = ", ".join(named) + (f" and {rest:,} more" if named and rest else "")
    return (
        f"{who or 'A restricted client'} of this file {'were' if len(ids) > 1 else 'was'} worked on since it was "
        "loaded, so the file cannot be taken back as a whole. Correct the clients one by one instead."
    )
