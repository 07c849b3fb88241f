"""What the numbers are counted from, as statements: of all records or of some. No name and no narrative is read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db import queries
from db.counties import each_county
from db.frames import Rows, Unindexed, typed
from db.tables.audit import AuditEntry
from db.tables.clients import Case, Client
from db.tables.decisions import ClientMerge
from db.tables.referrals import (
    Fact,
    ImportDecision,
    MergeDecision,
    MergeSource,
    Question,
    Referral,
    ReturnMark,
    StatusChange,
)
from domain import statistics
from domain.lifecycle import Status
from domain.people import Actor

VIEWED = "referral.viewed"
ABOUT_CONCERN = ("allegation_types", "courtesy_for", "child_dob")
ABOUT_SAFETY = ("ao_access", "safety_plan")


@dataclass(frozen=True)
class Some:
    """The records whose rows are wanted, by their kind; those of all records where none are named."""

    referrals: Collection[UUID] | None = None
    clients: Collection[UUID] | None = None
    cases: Collection[UUID] | None = None


ALL = Some()


def trail_from(seq: int) -> Select[*tuple[Any, ...]]:
    """The audit trail from one entry on, that one first: which records were changed since, and who opened what."""
    return (
        select(
            AuditEntry.seq,
            AuditEntry.mac,
            AuditEntry.event,
            AuditEntry.object_type,
            AuditEntry.object_id,
            AuditEntry.agency_id,
            AuditEntry.at,
        )
        .where(AuditEntry.seq >= seq)
        .order_by(AuditEntry.seq)
    )


def referrals(some: Some) -> Rows:
    """The referrals that were ever sent: what they are grouped and narrowed by."""
    return select(
        Referral.id.label("referral"),
        Referral.agency_id.label("agency"),
        typed(Referral.county).label("county"),
        Referral.type,
        Referral.origin.label("origin"),
        Referral.urgency_rank.label("urgency"),
        Referral.assignee_id.is_not(None).label("assigned"),
        Referral.hotline_open,
        and_(Referral.reached == "", Referral.called_at.is_(None)).label("nobody_called"),
        Referral.status.label("status"),
        Referral.first_submitted_at.label("sent"),
    ).where(Referral.status != Status.DRAFT, _of(Referral.id, some.referrals))


def changes(some: Some) -> Rows:
    """Every step of them."""
    return select(
        StatusChange.referral_id.label("referral"),
        StatusChange.ordinal,
        StatusChange.step.label("step"),
        StatusChange.to_status.label("after"),
        StatusChange.at.label("at"),
        StatusChange.reason,
    ).where(_of(StatusChange.referral_id, some.referrals))


def merges(some: Some) -> Rows:
    """Every source of every merge, undone or not."""
    return (
        select(
            MergeSource.referral_id.label("source"),
            MergeDecision.result_id.label("result"),
            MergeDecision.made_at.label("made"),
            MergeDecision.undone_at.label("undone"),
        )
        .join(MergeDecision, MergeDecision.id == MergeSource.merge_id)
        .where(or_(_of(MergeSource.referral_id, some.referrals), _of(MergeDecision.result_id, some.referrals)))
    )


def imports(some: Some) -> Rows:
    """Every import, undone or not; `missed` when the new client's file was found to be one with an older file."""
    late = _late_finds()
    return (
        select(
            ImportDecision.referral_id.label("referral"),
            ImportDecision.new_client,
            and_(ImportDecision.new_client, ImportDecision.override_reason != "").label("overridden"),
            ImportDecision.made_at.label("made"),
            ImportDecision.undone_at.label("undone"),
            case((ImportDecision.new_client, late.c.at)).label("missed"),
        )
        .outerjoin(late, late.c.client_id == ImportDecision.client_id)
        .where(_of(ImportDecision.referral_id, some.referrals))
    )


def views(some: Some) -> Rows:
    """Each time that somebody opened one: people of an agency, or the center's (no agency)."""
    event = AuditEntry.event.expression if some is ALL else Unindexed(AuditEntry.event)
    return select(
        AuditEntry.object_id.label("referral"),
        AuditEntry.agency_id.label("agency"),
        AuditEntry.at.label("at"),
    ).where(event == VIEWED, _of(AuditEntry.object_id, some.referrals))


def questions(some: Some) -> Rows:
    """Questions that wait for an answer."""
    return select(
        Question.referral_id.label("referral"),
        Question.asked_at.label("asked"),
        Question.answered_at.label("answered"),
    ).where(Question.answered_at.is_(None), _of(Question.referral_id, some.referrals))


def marks(some: Some) -> Rows:
    """Every question that a return asked to fix."""
    return select(ReturnMark.referral_id.label("referral"), ReturnMark.field).where(
        _of(ReturnMark.referral_id, some.referrals)
    )


def facts(some: Some) -> Rows:
    """Kinds of concern, courtesy interviews, birth dates, and ages of who may be 18 or older."""
    asked = _asked(some)
    adult = and_(asked == "child_age_years", func.length(Fact.code) >= 2)
    return _coded("referral").where(or_(asked.in_(ABOUT_CONCERN), adult), _said("referral", some.referrals))


def answered(some: Some) -> Rows:
    """Which of the questions that feed the counts each has an answer to, perhaps several times; birth date and age are
    one question."""
    asked = case((Fact.field == "child_age_years", "child_dob"), else_=Fact.field)
    return select(Fact.record_id.label("referral"), asked.label("field")).where(
        _asked(some).in_([*statistics.FEEDS_THE_COUNTS, "child_age_years"]),
        _said("referral", some.referrals),
    )


def safety(some: Some) -> Rows:
    """Who says that an alleged offender can reach the child, and who named a plan."""
    return _coded("referral").where(Fact.field.in_(ABOUT_SAFETY), _said("referral", some.referrals))


def clients(some: Some) -> Rows:
    """Every client's file, and the one in which it goes on: another one where two files were merged."""
    whole = func.coalesce(Client.merged_into_id, Client.id, type_=Client.id.type)
    return select(Client.id.label("client"), whole.label("whole"), Client.withdrawn).where(
        or_(_of(Client.id, some.clients), _of(Client.merged_into_id, some.clients))
    )


def cases(some: Some) -> Rows:
    """Every case, and the file that it was opened in."""
    return select(
        Case.id.label("case"), Case.client_id.label("client"), Case.opened_at.label("opened"), Case.withdrawn
    ).where(or_(_of(Case.id, some.cases), _of(Case.client_id, some.clients)))


def openings(some: Some) -> Rows:
    """Which referral opened which case."""
    return select(ImportDecision.case_id.label("case"), ImportDecision.referral_id.label("referral")).where(
        ImportDecision.new_case.is_(True),
        ImportDecision.undone_at.is_(None),
        or_(_of(ImportDecision.case_id, some.cases), _of(ImportDecision.referral_id, some.referrals)),
    )


def client_facts(some: Some) -> Rows:
    """What is known about clients and feeds the intake counts."""
    return _of_intake("client", some).where(_said("client", some.clients))


def case_facts(some: Some) -> Rows:
    """What is known about cases and feeds the intake counts."""
    return _of_intake("case", some).where(_said("case", some.cases))


def clients_open_to(actor: Actor, client_ids: Iterable[UUID]) -> Rows:
    """Those of the clients whose file this actor may open."""
    return select(Client.id.label("client")).where(
        Client.id.in_(list(client_ids)), queries.not_restricted(Client, actor)
    )


def counties() -> Rows:
    """Every county that a sent referral names; one that only a restricted one names is not offered."""
    return each_county(Referral.status != Status.DRAFT, Referral.restricted.is_(False))


def _of(column: InstrumentedAttribute[Any], ids: Collection[UUID] | None) -> ColumnElement[bool]:
    """Whether a column names one of these records; always, where none are named."""
    if ids is None:
        return true()
    return column.in_(list(ids)) if ids else false()


def _said(kind: str, ids: Collection[UUID] | None) -> ColumnElement[bool]:
    return and_(Fact.record_kind == kind, _of(Fact.record_id, ids))


def _coded(owner: str) -> Select[*tuple[Any, ...]]:
    return select(Fact.record_id.label(owner), Fact.field, typed(Fact.code).label("code"), Fact.on.label("on"))


def _of_intake(owner: str, some: Some) -> Select[*tuple[Any, ...]]:
    return _coded(owner).add_columns(Fact.ordinal).where(_asked(some).in_(statistics.FEEDS_THE_INTAKE))


def _asked(some: Some) -> ColumnElement[str]:
    return Unindexed(Fact.field) if some is ALL else Fact.field.expression


def _late_finds() -> Subquery:
    """When each file was found to be of a child who had an older one, by the merges of files that stand."""
    kept, ended = aliased(Client), aliased(Client)
    newer = case((kept.made_at > ended.made_at, kept.id), else_=ended.id).label("client_id")
    return (
        select(newer, func.min(ClientMerge.made_at).label("at"))
        .join(kept, kept.id == ClientMerge.kept_id)
        .join(ended, ended.id == ClientMerge.ended_id)
        .where(ClientMerge.undone_at.is_(None))
        .group_by(newer)
        .subquery()
    )
