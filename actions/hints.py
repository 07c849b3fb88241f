"""The queue's badges: who a record may be, kept beside it in the transaction that writes it."""

from collections.abc import Iterable
from uuid import UUID

from actions.work import Work
from db import client_merges, search_keys
from db.queries import forget_hints
from db.tables.clients import Client
from db.tables.referrals import MatchHint, Referral
from domain.matching import Candidate, Grade, Person, RecordKind

SHOWN = (Grade.VERY_LIKELY, Grade.LIKELY)


def renew_referral(work: Work, referral: Referral, person: Person) -> None:
    """Find again who this referral may be, among the referrals in the queue and the clients on file."""
    work.session.execute(forget_hints(referral.id))
    both = [RecordKind.REFERRAL, RecordKind.CLIENT]
    for record_id, candidate in led_on(work, search_keys.search(work.session, person, kinds=both, limit=10)):
        if record_id == referral.id or candidate.grade not in SHOWN:
            continue
        _keep(work, referral, record_id, candidate.kind, candidate.grade, candidate.probability)
        other = work.session.get(Referral, candidate.record_id) if candidate.kind is RecordKind.REFERRAL else None
        if other is not None:
            _keep(work, other, referral.id, RecordKind.REFERRAL, candidate.grade, candidate.probability)


def renew_client(work: Work, client: Client, people: Iterable[Person]) -> None:
    """Find again which referrals in the queue may be this client, as each of these files of the child knows them."""
    work.session.execute(forget_hints(client.id))
    best: dict[UUID, Candidate] = {}
    for person in people:
        for candidate in search_keys.search(work.session, person, kinds=[RecordKind.REFERRAL], limit=10):
            before = best.get(candidate.record_id)
            if before is None or before.probability < candidate.probability:
                best[candidate.record_id] = candidate
    for referral_id, candidate in best.items():
        referral = work.session.get(Referral, referral_id)
        if referral is not None and candidate.grade in SHOWN:
            _keep(work, referral, client.id, RecordKind.CLIENT, candidate.grade, candidate.probability)


def led_on(work: Work, candidates: Iterable[Candidate]) -> list[tuple[UUID, Candidate]]:
    """Each record once, best first: a file that was merged into another one leads to the one that goes on."""
    found = list(candidates)
    gone_on = dict(work.session.execute(client_merges.gone_on(one.record_id for one in found)).all())
    first: dict[UUID, Candidate] = {}
    for one in found:
        first.setdefault(gone_on.get(one.record_id) or one.record_id, one)
    return list(first.items())


def _keep(work: Work, referral: Referral, other_id: UUID, kind: RecordKind, grade: Grade, probability: float) -> None:
    work.session.merge(
        MatchHint(
            referral_id=referral.id,
            other_id=other_id,
            other_kind=kind.value,
            grade=grade.value,
            probability=probability,
        )
    )
