"""What the numbers are counted from, as statements: they narrow and count, and read no name and no narrative."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    type_coerce,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from db import queries
from db.frames import Key, Moment, Rows
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
from domain.lifecycle import Status, Step
from domain.people import Actor

OPEN = (Status.SUBMITTED, Status.REJECTED)
VIEWED = "referral.viewed"


@dataclass(frozen=True)
class Narrowed:
    """Which referrals the numbers need: those that arrived since, or are open, of one agency, county or type."""

    since: datetime
    agency_id: UUID | None = None
    county: str = ""
    type: str = ""


def referrals(wanted: Narrowed) -> Rows:
    """The referrals themselves: only what they are grouped by."""
    return select(
        Key(Referral.id).label("referral"),
        Key(Referral.agency_id).label("agency"),
        Referral.county,
        Referral.type,
        type_coerce(Referral.origin, String).label("origin"),
        Referral.urgency_rank.label("urgency"),
        Referral.assignee_id.is_not(None).label("assigned"),
        Referral.hotline_open,
        and_(Referral.reached == "", Referral.called_at.is_(None)).label("nobody_called"),
    ).where(Referral.id.in_(_needed(wanted)))


def changes(wanted: Narrowed) -> Rows:
    """Every step of them, in no order. Steps of others may be among them: whoever arrived since took every step since,
    so that most are found by their time alone."""
    steps = select(
        Key(StatusChange.referral_id).label("referral"),
        StatusChange.ordinal,
        type_coerce(StatusChange.step, String).label("step"),
        type_coerce(StatusChange.to_status, String).label("after"),
        Moment(StatusChange.at).label("at"),
        StatusChange.reason,
    )
    if _chosen(wanted):
        return steps.where(StatusChange.referral_id.in_(_needed(wanted)))
    older = union(_open(wanted), _sources_of_open_results())
    return union_all(
        steps.where(StatusChange.at >= wanted.since),
        steps.where(StatusChange.at < wanted.since, StatusChange.referral_id.in_(older)),
    )


def merges(wanted: Narrowed) -> Rows:
    """Every merge since, and every one that stands in a result that is open; undone or not."""
    return (
        select(
            Key(MergeSource.referral_id).label("source"),
            Key(MergeDecision.result_id).label("result"),
            Moment(MergeDecision.made_at).label("made"),
            Moment(MergeDecision.undone_at).label("undone"),
        )
        .join(MergeDecision, MergeDecision.id == MergeSource.merge_id)
        .where(or_(MergeDecision.made_at >= wanted.since, MergeSource.referral_id.in_(_sources_of_open_results())))
        .order_by(MergeDecision.made_at)
    )


def imports(wanted: Narrowed) -> Rows:
    """Every import since; `missed` when the new client's file was found to be one with an older file."""
    late = _late_finds()
    found = (
        select(
            Key(ImportDecision.referral_id).label("referral"),
            ImportDecision.new_client,
            and_(ImportDecision.new_client, ImportDecision.override_reason != "").label("overridden"),
            Moment(ImportDecision.made_at).label("made"),
            Moment(ImportDecision.undone_at).label("undone"),
            case((ImportDecision.new_client, Moment(late.c.at))).label("missed"),
        )
        .outerjoin(late, late.c.client_id == ImportDecision.client_id)
        .where(ImportDecision.made_at >= wanted.since)
    )
    return found.where(ImportDecision.referral_id.in_(_needed(wanted))) if _chosen(wanted) else found


def views(wanted: Narrowed) -> Rows:
    """When somebody opened each since: the first time by people of each agency, and by the center's (no agency)."""
    found = (
        select(
            Key(AuditEntry.object_id).label("referral"),
            Key(AuditEntry.agency_id).label("agency"),
            Moment(func.min(AuditEntry.at)).label("at"),
        )
        .where(AuditEntry.event == VIEWED, AuditEntry.at >= wanted.since)
        .group_by(Key(AuditEntry.object_id), Key(AuditEntry.agency_id))
    )
    return found.where(AuditEntry.object_id.in_(_arrived(wanted))) if _chosen(wanted) else found


def visits(wanted: Narrowed) -> Rows:
    """Each time somebody of an agency opened a referral since."""
    found = select(
        Key(AuditEntry.object_id).label("referral"),
        Key(AuditEntry.agency_id).label("agency"),
        Moment(AuditEntry.at).label("at"),
    ).where(AuditEntry.event == VIEWED, AuditEntry.at >= wanted.since, AuditEntry.agency_id.is_not(None))
    return found.where(AuditEntry.object_id.in_(_arrived(wanted))) if _chosen(wanted) else found


def questions() -> Rows:
    """Questions that wait for an answer; how many there are is a matter of days, not of years."""
    return select(
        Key(Question.referral_id).label("referral"),
        Moment(Question.asked_at).label("asked"),
        Moment(Question.answered_at).label("answered"),
    ).where(Question.answered_at.is_(None))


def marks(wanted: Narrowed) -> Rows:
    """Every question that a return since asked to fix."""
    returns = select(StatusChange.id).where(StatusChange.at >= wanted.since, StatusChange.step == Step.REJECT)
    found = (
        select(
            Key(ReturnMark.referral_id).label("referral"),
            ReturnMark.field,
            Moment(StatusChange.at).label("at"),
        )
        .join(StatusChange, StatusChange.id == ReturnMark.change_id)
        .where(ReturnMark.change_id.in_(returns))
    )
    return found.where(ReturnMark.referral_id.in_(_arrived(wanted))) if _chosen(wanted) else found


def facts(wanted: Narrowed, adult_since: date) -> Rows:
    """Kinds of concern, courtesy interviews, and the birth dates and ages of those who may be 18 or older."""
    adult = or_(
        and_(Fact.field == "child_dob", Fact.on <= adult_since),
        and_(Fact.field == "child_age_years", func.length(Fact.code) >= 2),
    )
    return select(
        Key(Fact.record_id).label("referral"), Fact.field, Fact.code, cast(Fact.on, String).label("on")
    ).where(
        Fact.record_id.in_(_arrived(wanted)),
        Fact.field.in_(("allegation_types", "courtesy_for", "child_dob", "child_age_years")),
        or_(Fact.field.in_(("allegation_types", "courtesy_for")), adult),
    )


def safety(wanted: Narrowed) -> Rows:
    """Of referrals that are open: who says that an alleged offender can reach the child, and who named a plan."""
    return select(
        Key(Fact.record_id).label("referral"), Fact.field, Fact.code, cast(Fact.on, String).label("on")
    ).where(Fact.record_id.in_(_open(wanted)), Fact.field.in_(("ao_access", "safety_plan")))


def answered(wanted: Narrowed, fields: Iterable[str]) -> Rows:
    """How many of the fields each has an answer to; birth date and age are one question."""
    asked = case((Fact.field == "child_age_years", "child_dob"), else_=Fact.field)
    return (
        select(Key(Fact.record_id).label("referral"), func.count(asked.distinct()).label("count"))
        .where(Fact.record_id.in_(_arrived(wanted)), Fact.field.in_([*fields, "child_age_years"]))
        .group_by(Fact.record_id)
    )


@dataclass(frozen=True)
class Counted:
    """Which cases count: of what is wanted, with the counting day (received, else imported) in a stretch of time."""

    wanted: Narrowed
    by_receipt: bool
    start: datetime
    end: datetime


def cases(counted: Counted) -> Rows:
    """Every case that counts, with its counting moment; `first` when the child has no earlier one."""
    numbered = _numbered_cases(_of_counted(counted, WHOLE))
    return _of_counted(
        counted,
        Key(Case.id).label("case"),
        Key(WHOLE).label("client"),
        Moment(_counting_moment(counted)).label("on"),
        (numbered.c.place == 1).label("first"),
        Key(Referral.agency_id).label("agency"),
        func.coalesce(Referral.county, "").label("county"),
    ).join(numbered, numbered.c.id == Case.id)


def case_facts(counted: Counted, fields: Iterable[str]) -> Rows:
    """The codes and dates of the clients and cases that count."""
    return select(
        Fact.record_kind.label("owner"),
        Key(Fact.record_id).label("id"),
        Fact.field,
        Fact.ordinal,
        Fact.code,
        cast(Fact.on, String).label("on"),
    ).where(
        Fact.record_id.in_(union(_of_counted(counted, Case.id), _of_counted(counted, WHOLE))),
        Fact.field.in_(list(fields)),
    )


def clients_open_to(actor: Actor, client_ids: Iterable[UUID]) -> Rows:
    """Those of the clients whose file this actor may open."""
    return select(Key(Client.id).label("client")).where(
        Client.id.in_(list(client_ids)), queries.not_restricted(Client, actor)
    )


def counties() -> Rows:
    """Every county that a sent referral names; one that only a restricted one names is not offered."""
    return (
        select(Referral.county)
        .where(Referral.county != "", Referral.status != Status.DRAFT, Referral.restricted.is_(False))
        .distinct()
        .order_by(Referral.county)
        .limit(200)
    )


def _needed(wanted: Narrowed) -> Rows:
    """The ids, found by index one reason at a time: all reasons in one condition would read the whole table."""
    return union(_arrived(wanted), _open(wanted), _results(wanted), _sources_of_open_results())


def _arrived(wanted: Narrowed) -> Select[UUID]:
    return select(Referral.id).where(
        Referral.status != Status.DRAFT, Referral.first_submitted_at >= wanted.since, *_chosen(wanted)
    )


def _open(wanted: Narrowed) -> Select[UUID]:
    return select(Referral.id).where(Referral.status.in_(OPEN), *_chosen(wanted))


def _results(wanted: Narrowed) -> Select[UUID]:
    return select(MergeDecision.result_id).where(MergeDecision.made_at >= wanted.since)


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


def _chosen(wanted: Narrowed) -> list[ColumnElement[bool]]:
    conditions = [
        Referral.agency_id == wanted.agency_id if wanted.agency_id else None,
        Referral.county == wanted.county if wanted.county else None,
        Referral.type == wanted.type if wanted.type else None,
    ]
    return [condition for condition in conditions if condition is not None]


WHOLE = func.coalesce(Client.merged_into_id, Client.id)
"""The client whose file a case is in now: the other one, where two files were merged."""


def _of_counted(counted: Counted, *columns: Any) -> Select[*tuple[Any, ...]]:
    moment = _counting_moment(counted)
    return (
        select(*columns)
        .select_from(Case)
        .join(Client, Client.id == Case.client_id)
        .outerjoin(
            ImportDecision,
            and_(
                ImportDecision.case_id == Case.id, ImportDecision.new_case.is_(True), ImportDecision.undone_at.is_(None)
            ),
        )
        .outerjoin(Referral, Referral.id == ImportDecision.referral_id)
        .where(
            Case.withdrawn.is_(False),
            Client.withdrawn.is_(False),
            moment >= counted.start,
            moment < counted.end,
            *_chosen(counted.wanted),
        )
    )


def _counting_moment(counted: Counted) -> ColumnElement[datetime]:
    return (
        func.coalesce(Referral.first_submitted_at, Case.opened_at) if counted.by_receipt else Case.opened_at.expression
    )


def _numbered_cases(children: Rows) -> Subquery:
    """Every case of these children with its place among the cases of its child."""
    joined = select(Client.id).where(Client.merged_into_id.in_(children))
    place = func.row_number().over(partition_by=WHOLE, order_by=(Case.opened_at, Case.id))
    return (
        select(Case.id.label("id"), place.label("place"))
        .join(Client, Client.id == Case.client_id)
        .where(Case.withdrawn.is_(False), Case.client_id.in_(union(children, joined)))
        .subquery()
    )


def _sources_of_open_results() -> Rows:
    """However old, and however often merged: the clocks of a waiting result are theirs."""
    result, source = aliased(Referral), aliased(MergeSource)
    first = (
        select(MergeSource.referral_id.label("id"))
        .join(MergeDecision, MergeDecision.id == MergeSource.merge_id)
        .join(result, result.id == MergeDecision.result_id)
        .where(MergeDecision.undone_at.is_(None), result.status.in_(OPEN))
        .cte("sources", recursive=True)
    )
    further = (
        select(source.referral_id)
        .join(MergeDecision, MergeDecision.id == source.merge_id)
        .join(first, first.c.id == MergeDecision.result_id)
        .where(MergeDecision.undone_at.is_(None))
    )
    return select(first.union(further).c.id)
