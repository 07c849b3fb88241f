"""The counties that referrals name: each is one step in the index, however many referrals name it."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, literal, select

from db.tables.referrals import Referral

MOST = 200


def each_county(*of: ColumnElement[bool]) -> Select[Any]:
    """Every county that referrals of this kind name, in order, at most MOST.

    A loose index scan: DISTINCT would read every referral. Source: PostgreSQL wiki, "Loose indexscan".
    """
    first = select(_after(literal(""), of).label("county")).cte("each_county", recursive=True)
    further = select(_after(first.c.county, of)).where(first.c.county.is_not(None))
    every = first.union_all(further)
    return select(every.c.county).where(every.c.county.is_not(None)).limit(MOST)


def _after(county: ColumnElement[Any], of: tuple[ColumnElement[bool], ...]) -> ScalarSelect[str]:
    # Said so that no other index offers itself: they would bring the referrals without their order.
    wanted = case((and_(*of), 1), else_=0) == 1
    following = select(Referral.county).where(Referral.county > county, wanted).order_by(Referral.county).limit(1)
    return following.scalar_subquery()
