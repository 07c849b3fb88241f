"""What the match learns from: pairs of records on file, what people decided about them, and the weights as kept."""

import json
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from db.search_words import remembered, tell_of_weights
from db.searching import compared_with
from db.tables.clients import ClientVersion
from db.tables.referrals import ImportDecision, MergeDecision, MergeSource, NotSameChild, Referral, Submission
from db.tables.search import LearnedWeights, SearchPerson
from domain import fields, matching
from domain.matching import SHIPPED, Packed, Part, Person, RecordKind, Seen, Store, person_from
from domain.matching.learning import Learnt, learn

CLIENTS_LOOKED_AT = 4_000
"""Clients who are looked for among all others; a sample where there are more."""


def learnt_from(session: Session) -> Learnt:
    """Weights learnt from the clients and decisions on file. Refused where there is too little."""
    memory = remembered(session)
    people = max(memory.vocabulary.counts[Part.PEOPLE].get(RecordKind.CLIENT.value, 0), 2)
    asked = _some_clients(session)
    seen = [Seen(weighed) for number, packed in asked for weighed in compared_with(session, packed, but=number)]
    store = Store(memory.vocabulary, people, memory.home_mates, SHIPPED)
    decided = [
        Seen(matching.stand(_question(one, store), matching.pack(other).line(), 0, store).weighed, same)
        for one, other, same in _decided(session)
    ]
    return learn([*seen, *decided], clients=len(asked), home_mates=memory.home_mates, people=people, now=memory.scale)


def keep(session: Session, learnt: Learnt, *, by_name: str, at: datetime) -> None:
    """Use these weights from now on, in every process."""
    session.add(
        LearnedWeights(
            id=uuid4(),
            learned_at=at,
            learned_by_name=by_name,
            clients=learnt.clients,
            pairs=learnt.pairs,
            decisions=learnt.decisions,
            weights=json.dumps(learnt.as_kept(), sort_keys=True),
        )
    )
    tell_of_weights(session)


def take_back(session: Session, *, by_name: str, at: datetime) -> LearnedWeights | None:
    """Use the weights that were in use before the last learnt ones; gives those, or None where there are none."""
    newest = session.scalars(
        select(LearnedWeights)
        .where(LearnedWeights.taken_back_at.is_(None))
        .order_by(LearnedWeights.learned_at.desc())
        .limit(1)
    ).one_or_none()
    if newest is not None:
        newest.taken_back_at, newest.taken_back_by_name = at, by_name
        tell_of_weights(session)
    return newest


def _some_clients(session: Session) -> list[tuple[int, Packed]]:
    of_clients = SearchPerson.kind == RecordKind.CLIENT.value
    last = session.scalar(select(func.max(SearchPerson.number))) or 0
    statement = select(SearchPerson.number, SearchPerson.folded).where(of_clients)
    if last > 2 * CLIENTS_LOOKED_AT:
        sample = Random(last).sample(range(1, last + 1), 2 * CLIENTS_LOOKED_AT)
        statement = statement.where(SearchPerson.number.in_(sample))
    rows = session.execute(statement.order_by(SearchPerson.number).limit(CLIENTS_LOOKED_AT))
    return [(number, Packed(*folded.split("\t"))) for number, folded in rows]


def _question(person: Person, store: Store) -> matching.Question:
    return matching.Question(matching.pack(person), store.vocabulary, store.people)


def _decided(session: Session) -> Iterator[tuple[Person, Person, bool]]:
    """Pairs of records about which somebody decided, and whether they are one child."""
    one, other = aliased(MergeSource), aliased(MergeSource)
    merged = (
        select(one.referral_id, other.referral_id)
        .join(other, (other.merge_id == one.merge_id) & (other.position > one.position))
        .join(MergeDecision, MergeDecision.id == one.merge_id)
        .where(MergeDecision.undone_at.is_(None))
    )
    apart = select(NotSameChild.first_id, NotSameChild.second_id).where(NotSameChild.withdrawn_at.is_(None))
    imported = select(ImportDecision.referral_id, ImportDecision.client_id, ImportDecision.client_version_before).where(
        ImportDecision.undone_at.is_(None), ImportDecision.new_client.is_(False)
    )
    for first, second, same in [(*pair, True) for pair in session.execute(merged)] + [
        (*pair, False) for pair in session.execute(apart)
    ]:
        yield from _both(_written(session, first), _written(session, second), same)
    for referral_id, client_id, version in session.execute(imported):
        yield from _both(_written(session, referral_id), _profile(session, client_id, version), True)


def _both(one: Person | None, other: Person | None, same: bool) -> Iterator[tuple[Person, Person, bool]]:
    if one is not None and other is not None:
        yield one, other, same


def _written(session: Session, record_id: UUID) -> Person | None:
    """The person of a referral's newest document, or of a client's newest profile."""
    document = (
        select(Submission.answers)
        .join(Referral, Referral.submission_id == Submission.id)
        .where(Referral.id == record_id)
    )
    return _person(session.scalar(document)) or _profile(session, record_id, None)


def _profile(session: Session, client_id: UUID, version: int | None) -> Person | None:
    found = select(ClientVersion.answers).where(ClientVersion.client_id == client_id)
    if version is not None:
        found = found.where(ClientVersion.version == version)
    return _person(session.scalar(found.order_by(ClientVersion.version.desc()).limit(1)))


def _person(answers: Any) -> Person | None:
    return person_from(fields.parsed(answers)) if answers else None
