"""The queue's badges: who a record may be, kept beside it in the transaction that writes it."""

from actions.work import Work
from db import search_keys
from db.queries import forget_hints
from db.tables.clients import Client
from db.tables.referrals import MatchHint, Referral
from domain.matching import Grade, Person, RecordKind

SHOWN = (Grade.VERY_LIKELY, Grade.LIKELY)


def renew_referral(work: Work, referral: Referral, person: Person) -> None:
    """Find again who this referral may be, among the referrals in the queue and the clients on file."""
    work.session.execute(forget_hints(referral.id))
    both = [RecordKind.REFERRAL, RecordKind.CLIENT]
    for candidate in search_keys.search(work.session, person, kinds=both, limit=10):
        if candidate.record_id == referral.id or candidate.grade not in SHOWN:
            continue
        _keep(work, referral, candidate.record_id, candidate.kind, candidate.grade, candidate.probability)
        other = work.session.get(Referral, candidate.record_id) if candidate.kind is RecordKind.REFERRAL else None
        if other is not None:
            _keep(work, other, referral.id, RecordKind.REFERRAL, candidate.grade, candidate.probability)


def renew_client(work: Work, client: Client, person: Person) -> None:
    """Find again which referrals in the queue may be this client."""
    work.session.execute(forget_hints(client.id))
    for candidate in search_keys.search(work.session, person, kinds=[RecordKind.REFERRAL], limit=10):
        referral = work.session.get(Referral, candidate.record_id)
        if referral is not None and candidate.grade in SHOWN:
            _keep(work, referral, client.id, RecordKind.CLIENT, candidate.grade, candidate.probability)


def _keep(work: Work, referral: Referral, other_id: object, kind: RecordKind, grade: Grade, probability: float) -> None:
    work.session.merge(
        MatchHint(
            referral_id=referral.id,
            other_id=other_id,
            other_kind=kind.value,
            grade=grade.value,
            probability=probability,
        )
    )
