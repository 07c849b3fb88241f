"""What the numbers are counted from, as statements: they narrow and count, and read no name and no narrative."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import aliased

from db import queries
from db.counties import each_county
from db.frames import Pieces, Rows, Unsorted, typed
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
from domain.lifecycle import Status
from domain.people import Actor

OPEN = (Status.SUBMITTED, Status.REJECTED)
VIEWED = "referral.viewed"


@dataclass(frozen=True)
class Narrowed:
    """Which referrals the numbers need: those that arrived since, or are open, of one agency, county or type.

    What is said only of the present period is read of those that arrived since `begin`. `wide`: that is much of what is
    on file, so that reading a whole table beats looking up each record in it; more than was asked for is read then.
    """

    since: datetime
    begin: datetime
    agency_id: UUID | None = None
    county: str = ""
    type: str = ""
    wide: bool = False

    @property
    def of_some(self) -> bool:
        """Whether only those of one agency, county or type are wanted."""
        return bool(self.agency_id or self.county or self.type)


def first_arrival() -> Select[datetime | None]:
    """When the first referral on file arrived."""
    return select(func.min(Referral.first_submitted_at))


def referrals(wanted: Narrowed) -> Pieces:
    """The referrals themselves: only what they are grouped by."""
    about = select(
        Referral.id.label("referral"),
        Referral.agency_id.label("agency"),
        typed(Referral.county).label("county"),
        Referral.type,
        Referral.origin.label("origin"),
        Referral.urgency_rank.label("urgency"),
        Referral.assignee_id.is_not(None).label("assigned"),
        Referral.hotline_open,
        and_(Referral.reached == "", Referral.called_at.is_(None)).label("nobody_called"),
    )
    arrived = _is_arrived(wanted, wanted.since)
    return (
        about.where(arrived),
        about.where(Referral.id.in_(union(*_others(wanted))), func.coalesce(arrived, false()).is_(false())),
    )


def changes(wanted: Narrowed) -> Rows | Pieces:
    """Every step of them, in no order. Steps of others may be among them: whoever arrived since took every step since,
    so that most are found by their time alone."""
    steps = select(
        StatusChange.referral_id.label("referral"),
        StatusChange.ordinal,
        StatusChange.step.label("step"),
        StatusChange.to_status.label("after"),
        StatusChange.at.label("at"),
        StatusChange.reason,
    )
    if _chosen(wanted):
        return steps.where(StatusChange.referral_id.in_(union(_arrived(wanted, wanted.since), *_others(wanted))))
    older = union(_open(wanted), _sources_of_open_results())
    at = Unsorted(StatusChange.at) if wanted.wide else StatusChange.at
    return (
        steps.where(at >= wanted.since),
        steps.where(StatusChange.at < wanted.since, StatusChange.referral_id.in_(older)),
    )


def merges(wanted: Narrowed) -> Rows:
    """Every merge since, and every one that stands in a result that is open; undone or not."""
    return (
        select(
            MergeSource.referral_id.label("source"),
            MergeDecision.result_id.label("result"),
            MergeDecision.made_at.label("made"),
            MergeDecision.undone_at.label("undone"),
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
            ImportDecision.referral_id.label("referral"),
            ImportDecision.new_client,
            and_(ImportDecision.new_client, ImportDecision.override_reason != "").label("overridden"),
            ImportDecision.made_at.label("made"),
            ImportDecision.undone_at.label("undone"),
            case((ImportDecision.new_client, late.c.at)).label("missed"),
        )
        .outerjoin(late, late.c.client_id == ImportDecision.client_id)
        .where(ImportDecision.made_at >= wanted.since)
    )
    return (
        found.where(ImportDecision.referral_id.in_(union(_arrived(wanted, wanted.since), *_others(wanted))))
        if _chosen(wanted)
        else found
    )


def views(wanted: Narrowed) -> Select[*tuple[Any, ...]]:
    """Each time since that somebody opened one: people of an agency, or the center's (no agency)."""
    found = select(
        AuditEntry.object_id.label("referral"),
        AuditEntry.agency_id.label("agency"),
        AuditEntry.at.label("at"),
    ).where(AuditEntry.event == VIEWED, AuditEntry.at >= wanted.since)
    return found.where(AuditEntry.object_id.in_(_arrived(wanted, wanted.since))) if _chosen(wanted) else found


def visits(wanted: Narrowed) -> Rows:
    """Those of them by people of an agency."""
    return views(wanted).where(AuditEntry.agency_id.is_not(None))


def questions() -> Rows:
    """Questions that wait for an answer; how many there are is a matter of days, not of years."""
    return select(
        Question.referral_id.label("referral"),
        Question.asked_at.label("asked"),
        Question.answered_at.label("answered"),
    ).where(Question.answered_at.is_(None))


def marks(wanted: Narrowed) -> Rows:
    """Every question that a return asked to fix in those of the present period; in all where that is much."""
    found = select(ReturnMark.referral_id.label("referral"), ReturnMark.field)
    return found if wanted.wide else found.where(ReturnMark.referral_id.in_(_arrived(wanted, wanted.begin)))


def facts(wanted: Narrowed, adult_since: date) -> Rows:
    """Kinds of concern, courtesy interviews, and the birth dates and ages of those who may be 18 or older."""
    adult = or_(
        and_(Fact.field == "child_dob", Fact.on <= adult_since),
        and_(Fact.field == "child_age_years", func.length(Fact.code) >= 2),
    )
    return select(
        Fact.record_id.label("referral"), Fact.field, typed(Fact.code).label("code"), Fact.on.label("on")
    ).where(
        _said_in(wanted),
        Fact.field.in_(("allegation_types", "courtesy_for", "child_dob", "child_age_years")),
        or_(Fact.field.in_(("allegation_types", "courtesy_for")), adult),
    )


def answered(wanted: Narrowed, fields: Iterable[str]) -> Rows:
    """Which of the fields each has an answer to, perhaps several times; birth date and age are one question."""
    asked = case((Fact.field == "child_age_years", "child_dob"), else_=Fact.field)
    return select(Fact.record_id.label("referral"), asked.label("field")).where(
        _said_in(wanted), Fact.field.in_([*fields, "child_age_years"])
    )


def safety(wanted: Narrowed) -> Rows:
    """Of referrals that are open: who says that an alleged offender can reach the child, and who named a plan."""
    return select(
        Fact.record_id.label("referral"), Fact.field, typed(Fact.code).label("code"), Fact.on.label("on")
    ).where(Fact.record_id.in_(_open(wanted)), Fact.field.in_(("ao_access", "safety_plan")))


@dataclass(frozen=True)
class Counted:
    """Which cases count: of what is wanted, with the counting day (received, else imported) in a stretch of time."""

    wanted: Narrowed
    by_receipt: bool
    start: datetime
    end: datetime


def cases(counted: Counted) -> Rows:
    """Every case that may count; `first` when the child's own file has no earlier one.

    A case is opened after its referral was received: none counts that was opened before the stretch of time.
    """
    return _of_counted(
        counted,
        Case.id.label("case"),
        WHOLE.label("client"),
        Case.opened_at.label("opened"),
        (~_an_earlier_case()).label("first"),
    )


def came_from(counted: Counted) -> Rows:
    """The cases that a referral of what is wanted opened since, and what is counted of that referral."""
    return _openings(
        counted,
        ImportDecision.case_id.label("case"),
        Referral.first_submitted_at.label("received"),
        Referral.agency_id.label("agency"),
        typed(Referral.county).label("county"),
    )


def joined_cases() -> Rows:
    """The cases of files that were joined to another, with the client whose file goes on."""
    return (
        select(Case.id.label("case"), Client.merged_into_id.label("client"), Case.opened_at.label("opened"))
        .join(Client, Unsorted(Client.id) == Case.client_id)
        .where(Client.merged_into_id.is_not(None), Case.withdrawn.is_(False))
    )


def case_facts(counted: Counted, fields: Iterable[str]) -> Rows:
    """The codes and dates of the clients and cases that may count; of all of them where much is wanted."""
    either = union(_of_counted(counted, Case.id), _of_counted(counted, WHOLE))
    return select(
        Fact.record_kind.label("owner"),
        Fact.record_id.label("id"),
        Fact.field,
        Fact.ordinal,
        typed(Fact.code).label("code"),
        Fact.on.label("on"),
    ).where(
        Fact.record_kind.in_(("client", "case")) if counted.wanted.wide else Fact.record_id.in_(either),
        Fact.field.in_(list(fields)),
    )


def clients_open_to(actor: Actor, client_ids: Iterable[UUID]) -> Rows:
    """Those of the clients whose file this actor may open."""
    return select(Client.id.label("client")).where(
        Client.id.in_(list(client_ids)), queries.not_restricted(Client, actor)
    )


def counties() -> Rows:
    """Every county that a sent referral names; one that only a restricted one names is not offered."""
    return each_county(Referral.status != Status.DRAFT, Referral.restricted.is_(False))


def _arrived(wanted: Narrowed, since: datetime) -> Select[UUID]:
    return select(Referral.id).where(_is_arrived(wanted, since))


def _is_arrived(wanted: Narrowed, since: datetime) -> ColumnElement[bool]:
    return and_(Referral.status != Status.DRAFT, Referral.first_submitted_at >= since, *_chosen(wanted))


def _said_in(wanted: Narrowed) -> ColumnElement[bool]:
    return Fact.record_kind == "referral" if wanted.wide else Fact.record_id.in_(_arrived(wanted, wanted.begin))


def _others(wanted: Narrowed) -> tuple[Rows, ...]:
    """Those that are needed whenever they arrived: one reason at a time, so that each is found by an index."""
    return _open(wanted), _results(wanted), _sources_of_open_results()


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
    found = (
        select(*columns)
        .select_from(Case)
        .join(Client, Client.id == Case.client_id)
        .where(Case.withdrawn.is_(False), Client.withdrawn.is_(False), Case.opened_at >= counted.start)
    )
    if not counted.by_receipt:
        found = found.where(Case.opened_at < counted.end)
    if _chosen(counted.wanted):
        found = found.where(Case.id.in_(_openings(counted, ImportDecision.case_id)))
    return found


def _openings(counted: Counted, *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .join(Referral, Referral.id == ImportDecision.referral_id)
        .where(
            ImportDecision.new_case.is_(True),
            ImportDecision.undone_at.is_(None),
            ImportDecision.made_at >= counted.start,
            *_chosen(counted.wanted),
        )
    )


def _an_earlier_case() -> ColumnElement[bool]:
    earlier = aliased(Case)
    before = or_(earlier.opened_at < Case.opened_at, and_(earlier.opened_at == Case.opened_at, earlier.id < Case.id))
    found = select(earlier.id).where(earlier.client_id == WHOLE, earlier.withdrawn.is_(False), before)
    return found.correlate(Case, Client).exists()


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
