"""Questions to the store, as statements; each about records starts from what the actor may see."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Delete,
    Insert,
    Select,
    and_,
    bindparam,
    case,
    delete,
    distinct,
    exists,
    false,
    func,
    insert,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload

from db.tables.audit import AuditEntry
from db.tables.clients import Client
from db.tables.decisions import HouseholdStart, Printout
from db.tables.people import Agency, Center, User
from db.tables.referrals import (
    Addition,
    Draft,
    ImportDecision,
    MatchHint,
    MergeDecision,
    MergeSource,
    Named,
    Note,
    Question,
    Referral,
    ReturnMark,
    StatusChange,
    Submission,
)
from db.tables.retention import Purge
from db.tables.sessions import UserSession
from domain.lifecycle import Status
from domain.people import Actor, Role
from domain.permissions import Permission, may


def live_session(session_id: UUID) -> Select[UserSession, User]:
    """A session that nobody ended, with its person."""
    return _LIVE_SESSION.params(session_id=session_id)


# Every act asks this first: one question instead of two, and put together once.
_LIVE_SESSION = (
    select(UserSession, User)
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.id == bindparam("session_id"), UserSession.ended_at.is_(None))
    .options(joinedload(User.roles))
)


def center() -> Select[Center]:
    """The one center of this site."""
    return select(Center).limit(1)


def agencies() -> Select[Agency]:
    """Every agency by name."""
    return select(Agency).order_by(func.lower(Agency.name))


def own_referrals(actor: Actor) -> Select[Referral]:
    """What an agency's user may see: what they sent; a lead sees the whole agency's."""
    mine = _kept().where(Referral.agency_id == actor.agency_id, Referral.agency_id.is_not(None))
    if Role.AGENCY_LEAD in actor.roles:
        return mine.where(or_(Referral.status != Status.DRAFT, Referral.made_by == actor.user_id))
    if Role.REFERRAL_USER in actor.roles:
        return mine.where(Referral.made_by == actor.user_id)
    return mine.where(false())


def in_own_order(found: Select[Referral]) -> Select[Referral]:
    """An agency's list: what waits for it first, returned ones before questions, then the newest.

    A merge or an import never moves a line.
    """
    heard = case(
        (
            Referral.status.in_((Status.MERGED, Status.IMPORTED)),
            func.coalesce(Referral.waiting_since, Referral.made_at),
        ),
        else_=Referral.changed_at,
    )
    return found.order_by(Referral.status != Status.REJECTED, not_(_asked()), heard.desc(), Referral.id)


def own_counts(actor: Actor) -> Select[int, int, int]:
    """How many an actor's agency list has: referrals, people who wrote them, lines that wait for an answer."""
    waits = case((or_(Referral.status == Status.REJECTED, _asked()), 1), else_=0)
    return own_referrals(actor).with_only_columns(func.count(), func.count(distinct(Referral.made_by)), func.sum(waits))


def _asked() -> Any:
    """The center asked about this referral and its agency has not answered."""
    return exists().where(Question.referral_id == Referral.id, Question.answered_at.is_(None))


def visible_referrals(actor: Actor) -> Select[Referral]:
    """What the center's people may see: all that was submitted, their own drafts, restricted ones if named."""
    return _visible_to(actor.user_id) if may(actor, Permission.SEE_QUEUE) else _kept().where(false())


@lru_cache(maxsize=200)
def _visible_to(user_id: UUID) -> Select[Referral]:
    # A page asks several times, and putting this together takes longer than the database needs for the answer.
    return _kept().where(or_(Referral.status != Status.DRAFT, Referral.made_by == user_id), open_to(Referral, user_id))


def purged(actor: Actor, referral_id: UUID) -> Select[str | None, datetime | None]:
    """Number and day of a referral that was purged, for those at the center who could see it before."""
    found = (
        select(Referral.number, Purge.done_at)
        .join(Purge, Purge.id == Referral.purge_id)
        .where(Referral.id == referral_id, not_restricted(Referral, actor))
    )
    return found if may(actor, Permission.SEE_QUEUE) else found.where(false())


def sent_referrals(actor: Actor) -> Select[Referral]:
    """What was sent and this actor may see at the center; drafts are nobody's but their writer's."""
    return _sent(actor).where(not_restricted(Referral, actor))


def open_referrals(actor: Actor) -> Select[Referral]:
    """Of those, the ones open to all of the center."""
    return _sent(actor).where(Referral.restricted.is_(False))


def entrusted_referrals(actor: Actor) -> Select[Referral]:
    """Of those, the restricted ones that this actor may see by name."""
    return _sent(actor).where(Referral.restricted.is_(True), not_restricted(Referral, actor))


def _sent(actor: Actor) -> Select[Referral]:
    sent = _kept().where(Referral.status != Status.DRAFT)
    return sent if may(actor, Permission.SEE_QUEUE) else sent.where(false())


def _kept() -> Select[Referral]:
    """Of a referral that was purged only numbers are left: nobody opens it."""
    return select(Referral).where(Referral.purge_id.is_(None))


def not_restricted(table: Any, actor: Actor) -> Any:
    """Only rows that are open to all of the center, or to this actor by name."""
    return open_to(table, actor.user_id)


def open_to(table: Any, user_id: UUID) -> Any:
    """Only rows that are open to all of the center, or to this person by name when the question is asked."""
    asked_at = bindparam(None, callable_=lambda: datetime.now(UTC), type_=Named.until.type)
    still = or_(Named.until.is_(None), Named.until > asked_at)
    named = exists().where(and_(Named.record_id == table.id, Named.user_id == user_id, still))
    return or_(table.restricted.is_(False), named)


def draft_of(referral_id: UUID) -> Select[Draft]:
    """The answers in work of one referral."""
    return select(Draft).where(Draft.referral_id == referral_id)


def drafts_of(referral_ids: Iterable[UUID]) -> Select[Draft]:
    """The answers in work of several referrals."""
    return select(Draft).where(Draft.referral_id.in_(list(referral_ids)))


def submissions_of(referral_id: UUID) -> Select[Submission]:
    """All that was written about one referral, oldest first."""
    return select(Submission).where(Submission.referral_id == referral_id).order_by(Submission.ordinal)


def documents_of(referrals: Iterable[Referral]) -> Select[Submission]:
    """The answers of several referrals as they stand."""
    return select(Submission).where(Submission.id.in_([one.submission_id for one in referrals if one.submission_id]))


def history_of(referral_id: UUID) -> Select[StatusChange]:
    """The steps of one referral, oldest first."""
    return select(StatusChange).where(StatusChange.referral_id == referral_id).order_by(StatusChange.ordinal)


def newest_step(referral_id: UUID) -> Select[StatusChange]:
    """The last step of one referral."""
    return history_of(referral_id).order_by(None).order_by(StatusChange.ordinal.desc()).limit(1)


def marks_of(change_id: UUID) -> Select[ReturnMark]:
    """The fields that one return asks to fix."""
    return select(ReturnMark).where(ReturnMark.change_id == change_id)


def all_marks_of(referral_id: UUID) -> Select[ReturnMark]:
    """The fields that any return of one referral asked to fix."""
    return select(ReturnMark).where(ReturnMark.referral_id == referral_id)


def names_of(user_ids: Iterable[UUID]) -> Select[UUID, str]:
    """Ids and names of users."""
    return select(User.id, User.name).where(User.id.in_(list(user_ids)))


def referrals_with(ids: Iterable[UUID]) -> Select[Referral]:
    """Referrals by id, for those who were let through to one that points at them."""
    return select(Referral).where(Referral.id.in_(list(ids)))


def questions_of(referral_ids: list[UUID]) -> Select[Question]:
    """Questions and answers of some referrals, oldest first."""
    return select(Question).where(Question.referral_id.in_(referral_ids)).order_by(Question.asked_at)


def additions_of(referral_ids: list[UUID]) -> Select[Addition]:
    """What agencies added after sending, oldest first."""
    return select(Addition).where(Addition.referral_id.in_(referral_ids)).order_by(Addition.made_at)


def notes_of(record_id: UUID) -> Select[Note]:
    """The center's notes on one record, oldest first."""
    return select(Note).where(Note.record_id == record_id).order_by(Note.made_at)


def printouts_of(referral_id: UUID) -> Select[Printout]:
    """The full prints of a referral, oldest first."""
    return select(Printout).where(Printout.referral_id == referral_id).order_by(Printout.made_at)


def sources_of(result_id: UUID) -> Select[Referral]:
    """The referrals that were merged into a result, in the order of the merge."""
    return (
        select(Referral)
        .join(MergeSource, MergeSource.referral_id == Referral.id)
        .join(MergeDecision, MergeDecision.id == MergeSource.merge_id)
        .where(MergeDecision.result_id == result_id)
        .order_by(MergeSource.position)
    )


def forget_hints(record_id: UUID) -> Delete:
    """Take back every badge that a record gave or carried."""
    return delete(MatchHint).where(or_(MatchHint.referral_id == record_id, MatchHint.other_id == record_id))


def keep_hints() -> Insert:
    """Badges, many at once."""
    return insert(MatchHint)


def keep_no_hint() -> Insert:
    """Badges of nobody: a statement like the one that keeps some."""
    kept = MatchHint.__table__.c
    return insert(MatchHint).from_select(kept.keys(), select(*kept).where(false()))


def started_for(referral_id: UUID, row: str) -> Select[Referral]:
    """The linked referral that was begun for a child listed in another one's household."""
    return (
        select(Referral)
        .join(HouseholdStart, HouseholdStart.referral_id == Referral.id)
        .where(HouseholdStart.from_id == referral_id, HouseholdStart.row == row)
        .order_by(Referral.made_at)
        .limit(1)
    )


def starts_of(referral_id: UUID) -> Select[str, UUID]:
    """Which rows of a referral's household have a linked referral of their own, begun or sent."""
    return select(HouseholdStart.row, HouseholdStart.referral_id).where(HouseholdStart.from_id == referral_id)


def forget_start(referral_id: UUID) -> Delete:
    """A draft that was begun for a child of a household is thrown away."""
    return delete(HouseholdStart).where(HouseholdStart.referral_id == referral_id)


def of_incident(group_id: UUID) -> Select[Referral]:
    """Every referral of one incident group."""
    return select(Referral).where(Referral.incident_group_id == group_id)


def looked_at(record_id: UUID, actor: Actor, version: int, since: datetime) -> Select[Any]:
    """Whether the trail already tells of this look: same person, same record, same version, since then."""
    return (
        select(AuditEntry.seq)
        .where(
            AuditEntry.object_id == record_id,
            AuditEntry.at >= since,
            AuditEntry.actor_id == actor.user_id,
            AuditEntry.session_id == actor.session_id,
            AuditEntry.event == "referral.viewed",
            AuditEntry.object_version == version,
        )
        .limit(1)
    )


def standing_import(referral_id: UUID) -> Select[ImportDecision]:
    """The import of a referral that nobody undid."""
    return select(ImportDecision).where(ImportDecision.referral_id == referral_id, ImportDecision.undone_at.is_(None))


def client_of(session: Session, decision: ImportDecision | None) -> Client | None:
    """The client that an import led to."""
    return session.get(Client, decision.client_id) if decision else None
