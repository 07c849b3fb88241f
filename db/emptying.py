"""What a purge takes out of the store: every word about a child, from every table; what the numbers count stays.

A purged referral keeps its row: number, agency, days and history, so that statistics and the audit trail still add up.
Each table that holds words about a child has its line here, and a test asks for one wherever a table is added.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from db import search_keys
from db.model import Base
from db.tables.cases import CaseVersion, WalkInDecision, WalkInDraft
from db.tables.clients import Case, CasePresenting, Client, ClientVersion
from db.tables.decisions import ClientMerge, HouseholdStart, Printout
from db.tables.referrals import (
    Addition,
    Draft,
    Fact,
    ImportDecision,
    IntakeDraft,
    MatchHint,
    MergeDecision,
    Named,
    Note,
    NotSameChild,
    Question,
    Referral,
    ReturnMark,
    StatusChange,
    Submission,
)
from db.tables.retention import LegalHold
from db.tables.spreadsheets import ClientBatchRow
from db.tables.unsent import UnsentWords
from domain.forgetting import without
from domain.lifecycle import Status
from domain.matching import RecordKind

NOTHING = "{}"
PURGED = "Purged."
AT_ONCE = 300


@dataclass(frozen=True)
class Emptied:
    """Columns that are overwritten where one of `by` names a purged record."""

    table: type[Base]
    by: tuple[str, ...]
    values: Mapping[str, Any]


EMPTIED = (
    Emptied(StatusChange, ("referral_id",), {"comment": ""}),
    Emptied(ReturnMark, ("referral_id",), {"comment": ""}),
    Emptied(Question, ("referral_id",), {"text": "", "answer": ""}),
    Emptied(Addition, ("referral_id",), {"text": ""}),
    Emptied(Printout, ("referral_id",), {"reason": ""}),
    Emptied(MergeDecision, ("result_id",), {"choices": NOTHING, "reason": "", "undone_reason": ""}),
    Emptied(NotSameChild, ("first_id", "second_id"), {"reason": ""}),
    Emptied(LegalHold, ("record_id",), {"reason": "", "lift_reason": ""}),
    Emptied(ImportDecision, ("referral_id",), {"evidence": NOTHING, "undone_reason": ""}),
    Emptied(CasePresenting, ("referral_id", "case_id"), {"answers": NOTHING}),
    Emptied(CaseVersion, ("case_id",), {"answers": NOTHING}),
    Emptied(ClientVersion, ("client_id",), {"answers": NOTHING}),
    Emptied(ClientMerge, ("ended_id", "kept_id"), {"choices": NOTHING, "reason": "", "undone_reason": ""}),
    Emptied(
        Client,
        ("id",),
        dict.fromkeys(("first_name", "middle_name", "last_name", "dob", "sex", "search_text"), ""),
    ),
)
REMOVED: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (Draft, ("referral_id",)),
    (Submission, ("referral_id",)),
    (IntakeDraft, ("referral_id",)),
    (UnsentWords, ("record_id",)),
    (Note, ("record_id",)),
    (Named, ("record_id",)),
    (MatchHint, ("referral_id", "other_id")),
)
REFERRAL_EMPTIED: dict[str, Any] = {
    **dict.fromkeys(("child_first_name", "child_last_name", "child_dob", "search_text", "caller_name", "reached"), ""),
    **dict.fromkeys(("hotline_number", "hotline_by"), ""),
    **dict.fromkeys(("submission_id", "incident_group_id", "hotline_on"), None),
}
COUNTED = ("allegation_types", "courtesy_for")
"""Codes that the numbers still count of a merged referral, which was not deleted itself but went with its result."""
SHOWN = ((ImportDecision, "evidence"), (WalkInDecision, "evidence"), (ClientBatchRow, "evidence"))
"""What was shown to somebody who decided about another child; and, half-typed, in the drafts of such decisions."""
SHOWN_IN_DRAFTS = ((IntakeDraft, "choices"), (WalkInDraft, "choices"))


def empty_referrals(session: Session, referral_ids: Collection[UUID], purge_id: UUID) -> None:
    """Take every word about these referrals, and about clients that only they made, out of the store."""
    for some in _some(referral_ids):
        clients, cases = _made_by_undone_imports(session, some)
        _back_to_before(session, some, but_of=clients)
        _leave_the_search(session, some, clients)
        for rule in EMPTIED:
            _empty(session, rule, [*some, *clients, *cases])
        session.execute(
            update(ImportDecision)
            .where(ImportDecision.referral_id.in_(some), ImportDecision.override_reason != "")
            .values(override_reason=PURGED)
            .execution_options(synchronize_session=False)
        )
        _empty_facts(session, some, [*some, *clients, *cases])
        _remove(session, [*some, *clients, *cases])
        if clients:
            _forget_what_was_shown(session, clients)
        _empty_rows(session, some, purge_id)
    # The words that only they had would stay on file as words that nobody has.
    search_keys.sum_up_words(session)
    session.flush()
    session.expire_all()


def remove_drafts(session: Session, referral_ids: Collection[UUID]) -> None:
    """Remove drafts that were never sent, rows and all: nothing was ever counted of them."""
    for some in _some(referral_ids):
        _remove(session, some)
        session.execute(delete(HouseholdStart).where(HouseholdStart.referral_id.in_(some)))
        session.execute(delete(Referral).where(Referral.id.in_(some)))


def remove_intake_draft(session: Session, referral_id: UUID, user_id: UUID) -> None:
    """Remove one person's half-done import."""
    session.execute(delete(IntakeDraft).where(IntakeDraft.referral_id == referral_id, IntakeDraft.user_id == user_id))


def remove_walk_in_draft(session: Session, user_id: UUID) -> None:
    """Remove one person's half-typed new client."""
    session.execute(delete(WalkInDraft).where(WalkInDraft.user_id == user_id))


def _made_by_undone_imports(session: Session, referral_ids: Sequence[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Clients whose file was made by an import of these referrals that was undone, and every case made like that."""
    merged = exists().where(
        or_(ClientMerge.ended_id == Client.id, ClientMerge.kept_id == Client.id), ClientMerge.undone_at.is_(None)
    )
    undone = and_(ImportDecision.referral_id.in_(referral_ids), ImportDecision.undone_at.is_not(None))
    clients = session.scalars(
        select(ImportDecision.client_id)
        .join(Client, Client.id == ImportDecision.client_id)
        .where(undone, ImportDecision.new_client.is_(True), Client.withdrawn.is_(True), ~merged)
        .distinct()
    ).all()
    cases = session.scalars(
        select(Case.id).where(
            Case.withdrawn.is_(True),
            or_(
                Case.client_id.in_(clients),
                Case.id.in_(select(ImportDecision.case_id).where(undone, ImportDecision.new_case.is_(True))),
            ),
        )
    ).all()
    return list(clients), list(cases)


def _back_to_before(session: Session, referral_ids: Sequence[UUID], *, but_of: Sequence[UUID]) -> None:
    """A version that an undone import gave to somebody else's file reads as the version before it."""
    versions: tuple[tuple[Any, Any], ...] = (
        (ClientVersion, ClientVersion.client_id),
        (CaseVersion, CaseVersion.case_id),
    )
    for table, owner in versions:
        brought = select(table).where(
            table.referral_id.in_(referral_ids), table.cause == "import", owner.not_in(list(but_of))
        )
        for version in session.scalars(brought.order_by(owner, table.version)).all():
            earlier = session.scalar(
                select(table.answers)
                .where(owner == getattr(version, owner.key), table.version < version.version)
                .order_by(table.version.desc())
                .limit(1)
            )
            version.answers = earlier if earlier is not None else NOTHING
            session.flush()


def _leave_the_search(session: Session, referral_ids: Sequence[UUID], client_ids: Sequence[UUID]) -> None:
    for kind, ids in ((RecordKind.REFERRAL, referral_ids), (RecordKind.CLIENT, client_ids)):
        for record_id in ids:
            search_keys.remove_keys(session, kind, record_id)


def _empty(session: Session, rule: Emptied, ids: Sequence[UUID]) -> None:
    change = update(rule.table).where(_named(rule.table, rule.by, ids)).values(dict(rule.values))
    session.execute(change.execution_options(synchronize_session=False))


def _remove(session: Session, ids: Sequence[UUID]) -> None:
    for table, by in REMOVED:
        session.execute(delete(table).where(_named(table, by, ids)).execution_options(synchronize_session=False))


def _empty_facts(session: Session, referral_ids: Sequence[UUID], ids: Sequence[UUID]) -> None:
    """Of a merged referral stays which questions were answered and what kind of concern it was; else nothing."""
    merged = select(Referral.id).where(Referral.id.in_(referral_ids), Referral.status == Status.MERGED)
    forget = delete(Fact).where(Fact.record_id.in_(ids), Fact.record_id.not_in(merged))
    session.execute(forget.execution_options(synchronize_session=False))
    session.execute(
        update(Fact)
        .where(Fact.record_id.in_(merged), Fact.field.not_in(COUNTED))
        .values(code="", on=None)
        .execution_options(synchronize_session=False)
    )


def _named(table: type[Base], by: tuple[str, ...], ids: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(*(getattr(table, column).in_(ids) for column in by))


def _forget_what_was_shown(session: Session, ids: Sequence[UUID]) -> None:
    words = [str(one) for one in ids]
    for table, name in (*SHOWN, *SHOWN_IN_DRAFTS):
        column = getattr(table, name)
        for row in session.scalars(select(table).where(or_(*(column.contains(word) for word in words)))).all():
            setattr(row, name, without(getattr(row, name), words))
    session.flush()


def _empty_rows(session: Session, referral_ids: Sequence[UUID], purge_id: UUID) -> None:
    other = aliased(Referral)
    # A county that another referral names too is a county; what nobody else ever typed may be anything.
    shared = exists().where(other.county == Referral.county, other.id.not_in(referral_ids), other.purge_id.is_(None))
    session.execute(
        update(Referral)
        .where(Referral.id.in_(referral_ids), ~shared)
        .values(county="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Referral)
        .where(Referral.id.in_(referral_ids))
        .values(**REFERRAL_EMPTIED, purge_id=purge_id, version=Referral.version + 1)
        .execution_options(synchronize_session=False)
    )


def _some(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
