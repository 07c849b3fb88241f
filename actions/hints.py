"""The queue's badges: who a record may be, kept beside it in the transaction that writes it."""

from collections.abc import Iterable
from uuid import UUID

from actions.work import Work
from db import client_merges, queries, search_keys
from db.tables.clients import Client
from db.tables.referrals import Referral
from domain.matching import Candidate, Grade, Person, RecordKind

SHOWN = (Grade.VERY_LIKELY, Grade.LIKELY)


def renew_referral(work: Work, referral: Referral, person: Person) -> None:
    """Find again who this referral may be, among the referrals in the queue and the clients on file.

    Its agency waits for this: the statements are the same whether somebody is found or not (28 CFR 94.115).
    """
    work.session.execute(queries.forget_hints(referral.id))
    both = [RecordKind.REFERRAL, RecordKind.CLIENT]
    found = led_on(work, search_keys.search_evenly(work.session, person, kinds=both, limit=10))
    likely = [(other, one) for other, one in found if other != referral.id and one.grade in SHOWN]
    others = set(
        work.session.scalars(queries.referrals_with([other for other, _ in likely]).with_only_columns(Referral.id))
    )
    hints = [_hint(referral.id, other, one) for other, one in likely]
    _keep(work, hints + [_hint(other, referral.id, one) for other, one in likely if other in others])


def renew_client(work: Work, client: Client, people: Iterable[Person]) -> None:
    """Find again which referrals in the queue may be this client, as each of these files of the child knows them."""
    work.session.execute(queries.forget_hints(client.id))
    best: dict[UUID, Candidate] = {}
    for person in people:
        for candidate in search_keys.search(work.session, person, kinds=[RecordKind.REFERRAL], limit=10):
            before = best.get(candidate.record_id)
            if before is None or before.probability < candidate.probability:
                best[candidate.record_id] = candidate
    likely = {referral_id: one for referral_id, one in best.items() if one.grade in SHOWN}
    others = work.session.scalars(queries.referrals_with(likely).with_only_columns(Referral.id))
    _keep(work, [_hint(other, client.id, likely[other], RecordKind.CLIENT) for other in others])


def led_on(work: Work, candidates: Iterable[Candidate]) -> list[tuple[UUID, Candidate]]:
    """Each record once, best first: a file that was merged into another one leads to the one that goes on."""
    found = list(candidates)
    gone_on = dict(work.session.execute(client_merges.gone_on(one.record_id for one in found)).all())
    first: dict[UUID, Candidate] = {}
    for one in found:
        first.setdefault(gone_on.get(one.record_id) or one.record_id, one)
    return list(first.items())


def _hint(referral_id: UUID, other_id: UUID, one: Candidate, kind: RecordKind | None = None) -> dict[str, object]:
    return {
        "referral_id": referral_id,
        "other_id": other_id,
        "other_kind": (kind or one.kind).value,
        "grade": one.grade.value,
        "probability": one.probability,
    }


def _keep(work: Work, hints: list[dict[str, object]]) -> None:
    if hints:
        work.session.execute(queries.keep_hints(), hints)
    else:
        work.session.execute(queries.keep_no_hint())
