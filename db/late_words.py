"""What agencies said after their referrals were merged, and what was decided about it, as statements."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, union_all

from db.tables.decisions import LateWord, WithdrawalAsked
from db.tables.referrals import Addition, MergeDecision, MergeSource, Question


def decided_words(result_ids: Iterable[UUID]) -> Select[UUID]:
    """Words that were taken over into one of these results, or seen on it."""
    return select(LateWord.word_id).where(LateWord.result_id.in_(list(result_ids)))


def decided_on(result_id: UUID, word_id: UUID) -> Select[LateWord]:
    """What was decided about one word."""
    return select(LateWord).where(LateWord.result_id == result_id, LateWord.word_id == word_id)


def standing_merge_of(source_id: UUID) -> Select[MergeDecision]:
    """The merge that a referral is part of."""
    return (
        select(MergeDecision)
        .join(MergeSource, MergeSource.merge_id == MergeDecision.id)
        .where(MergeSource.referral_id == source_id, MergeDecision.undone_at.is_(None))
    )


def asked_to_withdraw(addition_ids: Iterable[UUID]) -> Select[UUID]:
    """Those of the additions by which an agency asked to withdraw."""
    return select(WithdrawalAsked.addition_id).where(WithdrawalAsked.addition_id.in_(list(addition_ids)))


def how_many_on(result_ids: Iterable[UUID]) -> Select[Any]:
    """For each result: how many late words nobody has decided about, and how many of them ask to withdraw."""
    of_result = (
        select(MergeSource.referral_id, MergeDecision.result_id, MergeDecision.made_at.label("merged_at"))
        .join(MergeDecision, MergeDecision.id == MergeSource.merge_id)
        .where(MergeDecision.result_id.in_(list(result_ids)), MergeDecision.undone_at.is_(None))
        .cte("of_result")
    )
    said = union_all(
        select(of_result.c.result_id, Addition.id.label("word_id"))
        .join(Addition, Addition.referral_id == of_result.c.referral_id)
        .where(Addition.made_at > of_result.c.merged_at),
        select(of_result.c.result_id, Question.id.label("word_id"))
        .join(Question, Question.referral_id == of_result.c.referral_id)
        .where(Question.answered_at > of_result.c.merged_at),
    ).subquery()
    decided = select(LateWord.id).where(LateWord.result_id == said.c.result_id, LateWord.word_id == said.c.word_id)
    return (
        select(said.c.result_id, func.count(), func.count(WithdrawalAsked.addition_id))
        .outerjoin(WithdrawalAsked, WithdrawalAsked.addition_id == said.c.word_id)
        .where(~decided.exists())
        .group_by(said.c.result_id)
    )
