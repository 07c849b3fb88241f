"""What the numbers are counted from, as statements: they narrow and count, and read no name and no narrative."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
import pandas as pd
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.functions import FunctionElement

from db import queries
from db.tables.audit import AuditEntry
from db.tables.clients import Case, Client
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
from domain.lifecycle import Origin, Status
from domain.people import Actor

Rows: TypeAlias = Select[*tuple[Any, ...]]
OPEN = (Status.SUBMITTED, Status.REJECTED)
DECIDED = (Status.IMPORTED, Status.CLOSED, Status.MERGED)
VIEWED = "referral.viewed"


@dataclass(frozen=True)
class Narrowed:
    """Which referrals the numbers need: those that arrived since, or are open, of one agency, county or type."""

    since: datetime
    agency_id: UUID | None = None
    county: str = ""
    type: str = ""


class Microseconds(FunctionElement[int]):
    """A moment as whole microseconds since 1970, worked out by the database: a third of the cost of a datetime."""

    inherit_cache = True
    type = BigInteger()


@compiles(Microseconds)
def _microseconds(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **kw)}) * 1000000 AS BIGINT)"


@compiles(Microseconds, "sqlite")
def _sqlite_microseconds(element: Any, compiler: Any, **kw: Any) -> str:
    # strftime rounds a fraction of .9996 up to the next second, so it only sees the whole seconds.
    text = compiler.process(element.clauses, **kw)
    return f"CAST(strftime('%s', substr({text}, 1, 19)) AS INTEGER) * 1000000 + CAST(substr({text}, 21, 6) AS INTEGER)"


def table(session: Session, statement: Rows) -> pd.DataFrame:
    """The rows of a statement as a typed table; columns in whole microseconds ("..._us") become moments in UTC."""
    found = session.execute(statement).all()
    columns = list(zip(*found, strict=True)) or [()] * len(statement.selected_columns)
    named = zip(statement.selected_columns, columns, strict=True)
    return pd.DataFrame({str(each.key).removesuffix("_us"): _typed(each, values) for each, values in named})


def nothing(statement: Rows) -> Rows:
    """The same columns without a row."""
    return statement.where(false())


def referrals(wanted: Narrowed) -> Rows:
    """The referrals themselves: only what they are grouped by."""
    return select(
        _id(Referral.id).label("referral"),
        func.coalesce(_id(Referral.agency_id), "").label("agency"),
        Referral.county,
        Referral.type,
        type_coerce(Referral.origin, String).label("origin"),
        Referral.urgency_rank.label("urgency"),
        Referral.assignee_id.is_not(None).label("assigned"),
        Referral.hotline_open,
    ).where(_needed(wanted))


def changes(wanted: Narrowed) -> Rows:
    """Every step of them, in order."""
    return (
        select(
            _id(StatusChange.referral_id).label("referral"),
            StatusChange.ordinal,
            type_coerce(StatusChange.step, String).label("step"),
            type_coerce(StatusChange.to_status, String).label("after"),
            Microseconds(StatusChange.at).label("at_us"),
            StatusChange.reason,
        )
        .join(Referral, Referral.id == StatusChange.referral_id)
        .where(_needed(wanted))
        .order_by(StatusChange.referral_id, StatusChange.ordinal)
    )


def merges(wanted: Narrowed) -> Rows:
    """Every merge of them, undone or not."""
    return (
        select(
            _id(MergeSource.referral_id).label("source"),
            _id(MergeDecision.result_id).label("result"),
            Microseconds(MergeDecision.made_at).label("made_us"),
            Microseconds(MergeDecision.undone_at).label("undone_us"),
        )
        .join(MergeDecision, MergeDecision.id == MergeSource.merge_id)
        .join(Referral, Referral.id == MergeSource.referral_id)
        .where(_needed(wanted))
    )


def imports(wanted: Narrowed) -> Rows:
    """Every import of them; `missed` when the new client's file was merged into another one since."""
    return (
        select(
            _id(ImportDecision.referral_id).label("referral"),
            _id(ImportDecision.client_id).label("client"),
            ImportDecision.new_client,
            and_(ImportDecision.new_client, ImportDecision.override_reason != "").label("overridden"),
            and_(ImportDecision.new_client, Client.merged_into_id.is_not(None)).label("missed"),
            Microseconds(ImportDecision.made_at).label("made_us"),
            Microseconds(ImportDecision.undone_at).label("undone_us"),
        )
        .join(Referral, Referral.id == ImportDecision.referral_id)
        .join(Client, Client.id == ImportDecision.client_id)
        .where(_needed(wanted))
    )


def looks(wanted: Narrowed) -> Rows:
    """When somebody who is not of the sending agency first opened each."""
    return (
        select(_id(Referral.id).label("referral"), func.min(Microseconds(AuditEntry.at)).label("at_us"))
        .join(AuditEntry, AuditEntry.object_id == Referral.id)
        .where(
            _needed(wanted),
            AuditEntry.event == VIEWED,
            AuditEntry.at >= Referral.first_submitted_at,
            or_(AuditEntry.agency_id.is_(None), AuditEntry.agency_id != Referral.agency_id),
        )
        .group_by(Referral.id)
    )


def visits(wanted: Narrowed) -> Rows:
    """When somebody of the sending agency opened a referral that is decided."""
    return (
        select(_id(Referral.id).label("referral"), Microseconds(AuditEntry.at).label("at_us"))
        .join(AuditEntry, AuditEntry.object_id == Referral.id)
        .where(
            _needed(wanted),
            Referral.status.in_(DECIDED),
            AuditEntry.event == VIEWED,
            AuditEntry.agency_id == Referral.agency_id,
        )
    )


def questions(wanted: Narrowed) -> Rows:
    """When each was asked something, and answered."""
    return (
        select(
            _id(Question.referral_id).label("referral"),
            Microseconds(Question.asked_at).label("asked_us"),
            Microseconds(Question.answered_at).label("answered_us"),
        )
        .join(Referral, Referral.id == Question.referral_id)
        .where(_needed(wanted))
    )


def marks(wanted: Narrowed) -> Rows:
    """Every question that a return asked to fix."""
    return (
        select(
            _id(ReturnMark.referral_id).label("referral"),
            ReturnMark.field,
            Microseconds(StatusChange.at).label("at_us"),
        )
        .join(StatusChange, StatusChange.id == ReturnMark.change_id)
        .join(Referral, Referral.id == ReturnMark.referral_id)
        .where(_needed(wanted))
    )


def facts(wanted: Narrowed, adult_since: date) -> Rows:
    """Kinds of concern, courtesy interviews, and the birth dates and ages of those who may be 18 or older."""
    adult = or_(
        and_(Fact.field == "child_dob", Fact.on <= adult_since),
        and_(Fact.field == "child_age_years", func.length(Fact.code) >= 2),
    )
    return (
        select(_id(Fact.record_id).label("referral"), Fact.field, Fact.code, cast(Fact.on, String).label("on"))
        .join(Referral, Referral.id == Fact.record_id)
        .where(_needed(wanted), or_(Fact.field.in_(("allegation_types", "courtesy_for")), adult))
    )


def answered(wanted: Narrowed, fields: Iterable[str]) -> Rows:
    """How many of the fields each has an answer to; birth date and age are one question."""
    asked = case((Fact.field == "child_age_years", "child_dob"), else_=Fact.field)
    return (
        select(_id(Referral.id).label("referral"), func.count(asked.distinct()).label("count"))
        .join(Fact, Fact.record_id == Referral.id)
        .where(_needed(wanted), Fact.field.in_([*fields, "child_age_years"]))
        .group_by(Referral.id)
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
    numbered = _numbered_cases()
    return _of_counted(
        counted,
        _id(Case.id).label("case"),
        _id(WHOLE).label("client"),
        Microseconds(_counting_moment(counted)).label("on_us"),
        (numbered.c.place == 1).label("first"),
        func.coalesce(_id(Referral.agency_id), "").label("agency"),
        func.coalesce(Referral.county, "").label("county"),
    ).join(numbered, numbered.c.id == Case.id)


def case_facts(counted: Counted, fields: Iterable[str]) -> Rows:
    """The codes and dates of the clients and cases that count."""
    return select(
        Fact.record_kind.label("owner"),
        _id(Fact.record_id).label("id"),
        Fact.field,
        Fact.ordinal,
        Fact.code,
        cast(Fact.on, String).label("on"),
    ).where(
        or_(Fact.record_id.in_(_of_counted(counted, Case.id)), Fact.record_id.in_(_of_counted(counted, WHOLE))),
        Fact.field.in_(list(fields)),
    )


def clients_open_to(actor: Actor, client_ids: Iterable[UUID]) -> Rows:
    """Those of the clients whose file this actor may open."""
    return select(_id(Client.id).label("client")).where(
        Client.id.in_(list(client_ids)), queries.not_restricted(Client, actor)
    )


def counties() -> Rows:
    """Every county that a sent referral names."""
    return (
        select(Referral.county)
        .where(Referral.county != "", Referral.status != Status.DRAFT)
        .distinct()
        .order_by(Referral.county)
        .limit(200)
    )


def _needed(wanted: Narrowed) -> ColumnElement[bool]:
    mine = and_(
        Referral.status != Status.DRAFT,
        or_(Referral.first_submitted_at >= wanted.since, Referral.status.in_(OPEN)),
        *_chosen(wanted),
    )
    result = and_(Referral.origin == Origin.MERGE, Referral.made_at >= wanted.since)
    return or_(mine, result, Referral.id.in_(_sources_of_open_results()))


def _chosen(wanted: Narrowed) -> list[ColumnElement[bool]]:
    conditions = [
        Referral.agency_id == wanted.agency_id if wanted.agency_id else None,
        Referral.county == wanted.county if wanted.county else None,
        Referral.type == wanted.type if wanted.type else None,
    ]
    return [condition for condition in conditions if condition is not None]


WHOLE = func.coalesce(Client.merged_into_id, Client.id)
"""The client whose file a case is in now: the other one, where two files were merged."""


def _of_counted(counted: Counted, *columns: Any) -> Rows:
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


def _numbered_cases() -> Subquery:
    """Every case with its place among the cases of its child."""
    place = func.row_number().over(partition_by=WHOLE, order_by=(Case.opened_at, Case.id))
    return (
        select(Case.id.label("id"), place.label("place"))
        .join(Client, Client.id == Case.client_id)
        .where(Case.withdrawn.is_(False))
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


def _id(column: Any) -> ColumnElement[str]:
    """An id as text; SQLite keeps it without dashes, so PostgreSQL's are taken out."""
    return func.replace(cast(column, String), "-", "", type_=String())


def _typed(column: ColumnElement[Any], values: tuple[Any, ...]) -> "pd.Series[Any]":
    if str(column.key).endswith("_us"):
        return _moments(values)
    if isinstance(column.type, Boolean):
        return pd.Series(np.array(values, dtype=bool))
    return pd.Series(values, dtype="str" if isinstance(column.type, String) else "int64")


def _moments(values: tuple[Any, ...]) -> "pd.Series[Any]":
    known = pd.Series(np.array([value is not None for value in values], dtype=bool))
    whole = np.array([0 if value is None else value for value in values], dtype="int64")
    return pd.Series(pd.to_datetime(whole, unit="us", utc=True)).where(known)
