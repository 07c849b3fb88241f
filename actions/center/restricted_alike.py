"""Referrals that are merged hold the answers of one child: where one of them is restricted, none is open to all."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from actions.site import Site
from actions.work import Work, system_work
from db import merges, restrictions
from db.tables.clients import Client
from db.tables.referrals import Named, Referral


def holding_the_same(work: Work, record: Referral | Client) -> list[Referral | Client]:
    """The record with what it was merged into and what was merged into it: all of them hold its answers."""
    found: list[Referral | Client] = [record]
    for one in found:  # grows while it is walked, until nothing new is merged with any of them
        known = {each.id for each in found}
        merged = restrictions.merged_with(one) if isinstance(one, Referral) else restrictions.files_with(one)
        found += [each for each in work.session.scalars(merged) if each.id not in known]
    return found


def name_those_of_all(work: Work, merged: Referral, sources: Sequence[Referral]) -> None:
    """A restricted result is open to those who are named on every restricted source."""
    restricted = [source.id for source in sources if source.restricted]
    on: dict[UUID, list[Named]] = {}
    for named_person in work.session.scalars(merges.named_on(restricted)):
        on.setdefault(named_person.user_id, []).append(named_person)
    for user_id, rows in on.items():
        if len(rows) == len(restricted):
            ends = [row.until for row in rows if row.until]
            work.session.add(
                Named(record_id=merged.id, user_id=user_id, record_kind="referral", until=min(ends) if ends else None)
            )


def restrict_what_was_open(work: Work, merged: Referral, sources: Sequence[Referral]) -> list[str]:
    """What becomes a restricted referral, and what became that earlier, is open to its people only.

    Gives what was open to everybody before, for `open_again`.
    """
    if not merged.restricted:
        return []
    work.session.flush()
    were_open = [one for source in sources for one in holding_the_same(work, source) if not one.restricted]
    _restrict_as(work, merged, were_open)
    return [str(one.id) for one in were_open]


def open_again(
    work: Work, merged: Referral, sources: Sequence[Referral], were_open: Iterable[str], at: datetime
) -> None:
    """Undo what a merge at that moment restricted, unless somebody restricted the child since: then all stay so."""
    if not merged.restricted:
        return
    if work.session.scalar(restrictions.restricted_since(merged.id, at)) is not None:
        _restrict_as(work, merged, [source for source in sources if not source.restricted])
        return
    for each in were_open:
        one = work.session.get_one(Referral, UUID(each))
        one.restricted = False
        work.session.execute(restrictions.forget_named(one.id))
        work.record("referral.unrestricted", "referral", one.id, version=one.version)


def due(site: Site) -> bool:
    """Whether a program before this one left something open beside a restricted result."""
    with site.store.reading() as session:
        return session.scalars(restrictions.open_beside_a_restricted_result().limit(1)).first() is not None


def run(_site: Site) -> None:
    """Open such referrals to the people of their result only, also those that became them earlier."""
    with system_work("The desk at night") as work:
        while found := work.session.scalars(restrictions.open_beside_a_restricted_result()).all():
            for one in found:
                _restrict_as(work, work.session.get_one(Referral, one.merged_into_id), [one])
            work.session.flush()


def _restrict_as(work: Work, merged: Referral, others: Iterable[Referral | Client]) -> None:
    named_people = work.session.scalars(merges.named_on([merged.id])).all()
    for one in others:
        one.restricted = True
        for person in named_people:
            work.session.add(
                Named(record_id=one.id, user_id=person.user_id, record_kind="referral", until=person.until)
            )
        work.record("referral.restricted", "referral", one.id, version=one.version)
