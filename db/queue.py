"""The queue's statements: which referrals, in which order, and how many in each view."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from db import queries
from db.counties import MOST, each_county
from db.tables.clients import Client
from db.tables.people import Agency, User, UserRole
from db.tables.referrals import MatchHint, NotSameChild, Question, Referral
from domain.lifecycle import Origin, Status
from domain.matching.folding import fold
from domain.people import Actor
from domain.permissions import GRANTS, Permission
from domain.queue_filters import HOURS_ALLOWED, NamedFilter, Sort, view_of
from domain.referrals import QueueFilter, Urgency

Period = tuple[datetime | None, datetime | None]
"""From and until (not included), in UTC; None is open."""


class Among(FunctionElement[bool]):
    """Whether an id is in a list given as JSON text: one parameter, however many ids a number stands for."""

    inherit_cache = True
    type = Boolean()


@compiles(Among)
def _among(element: Any, compiler: Any, **kw: Any) -> str:
    one, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{one} IN (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST({ids} AS JSON)) AS listed(value))"


@compiles(Among, "sqlite")
def _sqlite_among(element: Any, compiler: Any, **kw: Any) -> str:
    one, ids = (compiler.process(each, **kw) for each in element.clauses)
    return f"{one} IN (SELECT value FROM json_each({ids}))"


def rows(
    actor: Actor, wanted: QueueFilter, now: datetime, period: Period, among: Collection[UUID] | None = None
) -> Select[Any]:
    """Referral, agency's name and assignee's name of the wanted view, in the wanted order; only those `among`."""
    view = view_of(wanted)
    found = _narrowed(queries.sent_referrals(actor), wanted, now, period, among)
    found = found.where(Referral.status.in_(view.statuses))
    if view.origin is not None:
        found = found.where(Referral.origin == view.origin)
    ordered = found.order_by(*_order(wanted.sort))
    return (
        ordered.outerjoin(Agency, Agency.id == Referral.agency_id)
        .outerjoin(User, User.id == Referral.assignee_id)
        .add_columns(Agency.name, User.name)
    )


def counts(
    actor: Actor, wanted: QueueFilter, now: datetime, period: Period, among: Collection[UUID] | None = None
) -> Select[Status, Origin, int]:
    """How many referrals the filter finds, by status and origin.

    Open and restricted ones are counted apart, so that the open ones, nearly all, are counted from an index alone.
    """
    parts = [
        _narrowed(base, wanted, now, period, among)
        .with_only_columns(Referral.status, Referral.origin, func.count().label("many"))
        .group_by(Referral.status, Referral.origin)
        for base in (queries.open_referrals(actor), queries.entrusted_referrals(actor))
    ]
    both = union_all(*parts).subquery()
    return select(both.c.status, both.c.origin, both.c.many)


def counties(actor: Actor) -> Select[Any]:
    """Every county that a referral names which this actor may see."""
    # Restricted ones are few, so they are simply read.
    entrusted = queries.entrusted_referrals(actor).with_only_columns(Referral.county).where(Referral.county != "")
    still_there = (Referral.restricted.is_(False), Referral.status != Status.DRAFT, Referral.purge_id.is_(None))
    both = union(select(each_county(*still_there).subquery().c.county), entrusted).subquery()
    return select(both.c.county).order_by(both.c.county).limit(MOST)


def colleagues() -> Select[User]:
    """Everybody who can take a referral: active people with a role that reviews them."""
    reviewers = GRANTS[Permission.REVIEW_REFERRALS]
    holds = exists().where(UserRole.user_id == User.id, UserRole.role.in_(reviewers))
    return select(User).where(User.active.is_(True), holds).order_by(func.lower(User.name))


def hints(actor: Actor, referral_ids: Iterable[UUID]) -> Select[UUID, str, UUID, str, str]:
    """Referral, the other's kind, id, number and grade for the badges; only records that this actor may see."""
    return _hints_for(actor.user_id).params(referral_ids=list(referral_ids))


@lru_cache(maxsize=200)
def _hints_for(user_id: UUID) -> Select[UUID, str, UUID, str, str]:
    # Every look at the queue asks this, and putting it together takes longer than the answer.
    other = aliased(Referral)
    waiting = (Status.SUBMITTED, Status.REJECTED)
    dismissed = exists().where(
        NotSameChild.withdrawn_at.is_(None),
        or_(
            and_(NotSameChild.first_id == MatchHint.referral_id, NotSameChild.second_id == MatchHint.other_id),
            and_(NotSameChild.first_id == MatchHint.other_id, NotSameChild.second_id == MatchHint.referral_id),
        ),
    )
    return (
        select(
            MatchHint.referral_id,
            MatchHint.other_kind,
            MatchHint.other_id,
            func.coalesce(other.number, Client.number),
            MatchHint.grade,
        )
        .outerjoin(other, other.id == MatchHint.other_id)
        .outerjoin(Client, Client.id == MatchHint.other_id)
        .where(
            MatchHint.referral_id.in_(bindparam("referral_ids", expanding=True)),
            ~dismissed,
            or_(
                and_(other.status.in_(waiting), queries.open_to(other, user_id)),
                and_(
                    Client.id.is_not(None),
                    Client.withdrawn.is_(False),
                    Client.merged_into_id.is_(None),
                    queries.open_to(Client, user_id),
                ),
            ),
        )
        .order_by(MatchHint.probability.desc())
    )


def naming(actor: Actor, referral: Referral, number: str) -> Select[Referral]:
    """Other referrals, not linked to or made from this one, whose searched words hold a number; newest first."""
    found = queries.visible_referrals(actor).where(
        Referral.id != referral.id,
        Referral.status.not_in((Status.DRAFT, Status.DELETED, Status.MERGED)),
        Referral.search_text.contains(number, autoescape=True),
    )
    if referral.merged_into_id is not None:
        found = found.where(Referral.id != referral.merged_into_id)
    if referral.incident_group_id is not None:
        group = Referral.incident_group_id
        found = found.where(or_(group.is_(None), group != referral.incident_group_id))
    return found.order_by(Referral.made_at.desc())


def unanswered(referral_ids: Iterable[UUID]) -> Select[UUID, int]:
    """How many questions of each referral wait for its agency."""
    return (
        select(Question.referral_id, func.count())
        .where(Question.referral_id.in_(list(referral_ids)), Question.answered_at.is_(None))
        .group_by(Question.referral_id)
    )


def _narrowed(
    found: Select[Referral], wanted: QueueFilter, now: datetime, period: Period, among: Collection[UUID] | None
) -> Select[Referral]:
    since, until = period
    conditions: list[ColumnElement[bool] | None] = [
        Referral.agency_id == wanted.agency_id if wanted.agency_id else None,
        Referral.type == wanted.type if wanted.type else None,
        Referral.county == wanted.county if wanted.county else None,
        Referral.urgency_rank == Urgency(wanted.urgency).rank if wanted.urgency in list(Urgency) else None,
        Referral.first_submitted_at >= since if since else None,
        Referral.first_submitted_at < until if until else None,
        Referral.assignee_id == wanted.assignee_id if wanted.assignee_id else None,
        _named(NamedFilter(wanted.named), now) if wanted.named in list(NamedFilter) else None,
        None if among is None else Among(Referral.id, literal(json.dumps([one.hex for one in among]), Text)),
    ]
    words = fold(wanted.text).split()
    texts = [Referral.search_text.contains(word, autoescape=True) for word in words]
    return found.where(*[condition for condition in conditions if condition is not None], *texts)


def _named(name: NamedFilter, now: datetime) -> ColumnElement[bool]:
    if name is NamedFilter.LATE:
        late = [
            and_(Referral.urgency_rank == rank, Referral.waiting_since < now - timedelta(hours=hours))
            for rank, hours in HOURS_ALLOWED.items()
        ]
        return and_(Referral.status == Status.SUBMITTED, or_(*late))
    if name is NamedFilter.UNANSWERED:
        return exists().where(Question.referral_id == Referral.id, Question.answered_at.is_(None))
    if name is NamedFilter.HOTLINE_OPEN:
        return Referral.hotline_open.is_(True)
    return Referral.assignee_id.is_(None)


def _order(sort: str) -> tuple[Any, ...]:
    if sort == Sort.OLDEST_FIRST:
        return (Referral.waiting_since, Referral.number)
    if sort == Sort.NEWEST_FIRST:
        return (Referral.waiting_since.desc(), Referral.number.desc())
    if sort == Sort.AGENCY:
        return (Agency.name, Referral.urgency_rank, Referral.waiting_since, Referral.number)
    return (Referral.urgency_rank, Referral.waiting_since, Referral.number)
