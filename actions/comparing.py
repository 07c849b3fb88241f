"""Referrals as a merge compares them: who is behind each, how alike they are, what was decided about them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from actions import drafting, reading
from actions.work import Work
from db import merges, queries, search_keys
from db.tables.clients import Client
from db.tables.referrals import Referral, Submission
from domain import fields
from domain.lifecycle import Origin
from domain.matching import Candidate, Grade, RecordKind, person_from, said_date
from domain.merging import MergedFrom, Source, Warned
from domain.merging.sources import listed


def every_source(work: Work, referral: Referral) -> list[Referral]:
    """The referrals behind a result, and behind results among them: all that agencies can still add to."""
    return [each for source in sources(work, referral) for each in (source, *every_source(work, source))]


def sources(work: Work, referral: Referral) -> list[Referral]:
    """The referrals that a result was merged from; only a result has any."""
    if referral.origin is not Origin.MERGE:
        return []
    return list(work.session.scalars(queries.sources_of(referral.id)))


def as_source(work: Work, referral: Referral, kept: Mapping[str, str] | None = None) -> Source:
    """A referral as the merge compares it, by its newest document or the one that a decision kept."""
    document_id = UUID(kept["submission_id"]) if kept else referral.submission_id
    document = work.session.get(Submission, document_id)
    if document is None:
        raise RuntimeError("a submitted referral has a document")
    return Source(
        number=referral.number or "",
        agency=agencies_of(work, referral),
        by=document.made_by_name,
        at=document.made_at,
        kind=fields.ReferralType(referral.type),
        answers=fields.parsed(document.answers),
        of_merge=referral.origin is Origin.MERGE,
    )


def agencies_of(work: Work, referral: Referral) -> str:
    behind = every_source(work, referral) if referral.origin is Origin.MERGE else [referral]
    return listed(dict.fromkeys(name for each in behind if (name := reading.agency_named(work, each.agency_id))))


def merged_from(work: Work, referral: Referral) -> MergedFrom:
    document = work.session.get(Submission, referral.submission_id) if referral.submission_id else None
    asked = work.session.scalars(queries.questions_of([referral.id])).all()
    return MergedFrom(
        id=referral.id,
        version=referral.version,
        number=referral.number or "",
        agency=agencies_of(work, referral),
        child=reading.child_of(referral),
        by=document.made_by_name if document else "",
        written_at=document.made_at if document else referral.made_at,
        first_submitted_at=referral.first_submitted_at,
        round=referral.round,
        additions=len(work.session.scalars(queries.additions_of([referral.id])).all()),
        questions_open=sum(question.answered_at is None for question in asked),
        restricted=referral.restricted,
    )


def decided_already(work: Work, referral: Referral) -> str:
    last = work.session.scalar(queries.newest_step(referral.id))
    if last is None:
        return "One of these referrals was not sent yet, so it cannot be merged. Pick another one."
    return (
        f"{referral.number} was {last.step.done} by {last.by_name} at {reading.clock(work, last.at)}, "
        "so it cannot be merged now. Nothing was changed."
    )


def in_order(sources: list[Referral]) -> list[Referral]:
    """The oldest first, so that the same referrals give the same proposal in whatever order they were picked."""
    return sorted(sources, key=lambda each: (each.first_submitted_at or each.made_at, each.number or ""))


def likeness(work: Work, sources: list[Referral]) -> tuple[list[Warned], str, tuple[str, ...]]:
    """Warnings where a source does not look like the first one, the weakest verdict and its reasons."""
    first, *others = sources
    person = person_from(drafting.current_answers(work, first))
    ids = [other.id for other in others]
    found = search_keys.search(work.session, person, kinds=[RecordKind.REFERRAL], allowed=ids, limit=len(ids))
    by_id = {candidate.record_id: candidate for candidate in found}
    warnings = [
        Warned(_unlike(first, other, by_id.get(other.id)))
        for other in others
        if (candidate := by_id.get(other.id)) is None or candidate.household or candidate.grade is Grade.POSSIBLE
    ]
    weakest = min(found, key=lambda candidate: candidate.probability) if len(found) == len(others) else None
    if weakest is None:
        return warnings, "", ()
    return warnings, weakest.verdict, tuple(reason.words for reason in weakest.reasons)


def _unlike(first: Referral, other: Referral, candidate: Candidate | None) -> str:
    both = f"{first.number} ({_child_and_birth(first)}) and {other.number} ({_child_and_birth(other)})"
    if candidate is not None and candidate.household:
        return f"{both} look like two children of one home, not like one child. Link them as one incident instead."
    if candidate is not None:
        return f"{both} are only possibly the same child. Look at what differs before you merge them."
    return f"{both} do not look like the same child."


def _child_and_birth(referral: Referral) -> str:
    born = f", born {said_date(referral.child_dob)}" if referral.child_dob else ""
    return f"{reading.child_of(referral)}{born}"


def said_not_the_same(work: Work, record_id: UUID) -> set[UUID]:
    """Records that somebody said are another child than this one."""
    pairs = work.session.scalars(merges.not_same_with(record_id))
    return {each for pair in pairs for each in (pair.first_id, pair.second_id)} - {record_id}


def not_same_among(work: Work, sources: Sequence[Referral | Client]) -> tuple[Warned, ...]:
    """The standing decisions that two of these referrals, or files, are not the same child."""
    numbers = {source.id: source.number for source in sources}
    return tuple(
        Warned(
            f"{each.made_by_name} decided at {reading.clock(work, each.made_at)} that {numbers[each.first_id]} and "
            f"{numbers[each.second_id]} are not the same child: {each.reason}",
            stops=True,
            decision_id=each.id,
        )
        for each in work.session.scalars(merges.not_same_among(numbers))
    )
