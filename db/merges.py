"""Questions about merges and about who is not the same child, as statements."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from db.tables.referrals import MergeDecision, MergeSource, Named, NotSameChild, Referral


def decision_of(result_id: UUID) -> Select[MergeDecision]:
    """The merge that made a referral."""
    return select(MergeDecision).where(MergeDecision.result_id == result_id)


def sources_of_decision(merge_id: UUID) -> Select[Referral]:
    """The referrals that a merge drew on, in its order, to be changed in this work."""
    return (
        select(Referral)
        .join(MergeSource, MergeSource.referral_id == Referral.id)
        .where(MergeSource.merge_id == merge_id)
        .order_by(MergeSource.position)
        .with_for_update(of=Referral)
    )


def named_on(record_ids: Iterable[UUID]) -> Select[Named]:
    """Who may see these restricted records."""
    return select(Named).where(Named.record_id.in_(list(record_ids)))


def not_same_among(record_ids: Iterable[UUID]) -> Select[NotSameChild]:
    """Standing decisions that two of these records are not the same child."""
    ids = list(record_ids)
    return not_same().where(
        NotSameChild.withdrawn_at.is_(None), NotSameChild.first_id.in_(ids), NotSameChild.second_id.in_(ids)
    )


def not_same_with(record_id: UUID) -> Select[NotSameChild]:
    """Standing decisions about one record."""
    return not_same().where(
        NotSameChild.withdrawn_at.is_(None),
        or_(NotSameChild.first_id == record_id, NotSameChild.second_id == record_id),
    )


def not_same_with_any(record_ids: Iterable[UUID]) -> Select[NotSameChild]:
    """Standing decisions about any of these records."""
    ids = list(record_ids)
    return not_same().where(
        NotSameChild.withdrawn_at.is_(None), or_(NotSameChild.first_id.in_(ids), NotSameChild.second_id.in_(ids))
    )


def not_same() -> Select[NotSameChild]:
    """Every decision that two records are not the same child, standing ones first, then the newest."""
    return select(NotSameChild).order_by(NotSameChild.withdrawn_at.is_not(None), NotSameChild.made_at.desc())


def standing_pair(first_id: UUID, second_id: UUID) -> Select[NotSameChild]:
    """The standing decision about exactly this pair, smaller id first."""
    return select(NotSameChild).where(
        and_(
            NotSameChild.first_id == first_id,
            NotSameChild.second_id == second_id,
            NotSameChild.withdrawn_at.is_(None),
        )
    )
