"""Questions about clients and cases, as statements; each starts from what the actor may see."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, CompoundSelect, Delete, Select, bindparam, delete, false, func, or_, select
from sqlalchemy.orm.attributes import flag_modified

from db.queries import open_to
from db.tables.cases import CaseVersion, WalkInDecision, WalkInDraft
from db.tables.clients import Case, CasePresenting, Client, ClientVersion
from db.tables.people import Agency
from db.tables.referrals import Fact, ImportDecision, IntakeDraft, MergeDecision, MergeSource, Note, Referral
from domain.matching.folding import fold
from domain.people import Actor
from domain.permissions import Permission, may


def visible_clients(actor: Actor) -> Select[Client]:
    """The files that the actor may open: all of the center's, restricted ones if named."""
    return _visible_to(actor.user_id) if may(actor, Permission.SEE_CLIENTS) else select(Client).where(false())


@lru_cache(maxsize=200)
def _visible_to(user_id: UUID) -> Select[Client]:
    return select(Client).where(open_to(Client, user_id))


def listed_clients(actor: Actor, text: str) -> Select[Client]:
    """Files in lists: every typed word stands in the number, a name or a case number."""
    found = visible_clients(actor).where(Client.withdrawn.is_(False), Client.merged_into_id.is_(None))
    for word in fold(text).split():
        found = found.where(Client.search_text.contains(word))
    return found


def newest_first(clients: Select[Client]) -> Select[Client]:
    """The same files, last changed first."""
    return clients.order_by(Client.changed_at.desc(), Client.number.desc())


def by_name(clients: Select[Client]) -> Select[Client]:
    """The same files in the order of their names."""
    return clients.order_by(func.lower(Client.last_name), func.lower(Client.first_name), Client.number)


def how_many(rows: Select[Any]) -> Select[int]:
    """How many rows a question has."""
    return select(func.count()).select_from(rows.order_by(None).subquery())


def profile_of(client_id: UUID) -> Select[ClientVersion]:
    """The newest version of a file."""
    return versions_of(client_id).order_by(None).order_by(ClientVersion.version.desc()).limit(1)


def profile_before(client_id: UUID, version: int) -> Select[ClientVersion]:
    """The file as it stood at a version of the client."""
    return profile_of(client_id).where(ClientVersion.version <= version)


def versions_of(client_id: UUID) -> Select[ClientVersion]:
    """Every version of a file, oldest first."""
    return select(ClientVersion).where(ClientVersion.client_id == client_id).order_by(ClientVersion.version)


def profiles_of(client_ids: Sequence[UUID]) -> Select[UUID, str]:
    """The newest answers of several files."""
    return _PROFILES.params(client_ids=list(client_ids))


_NEWEST = (
    select(ClientVersion.client_id, func.max(ClientVersion.version).label("version"))
    .where(ClientVersion.client_id.in_(bindparam("client_ids", expanding=True)))
    .group_by(ClientVersion.client_id)
    .subquery()
)
_PROFILES = select(ClientVersion.client_id, ClientVersion.answers).join(
    _NEWEST, (_NEWEST.c.client_id == ClientVersion.client_id) & (_NEWEST.c.version == ClientVersion.version)
)


def whole(client_id: UUID) -> Select[UUID]:
    """The ids of a file and of every file that was merged into it."""
    return select(Client.id).where(or_(Client.id == client_id, Client.merged_into_id == client_id))


def cases_of(client_id: UUID) -> Select[Case]:
    """The cases of a client that stand, newest first; those of files that were merged into it are among them."""
    return (
        select(Case)
        .where(Case.client_id.in_(whole(client_id)), Case.withdrawn.is_(False))
        .order_by(Case.opened_at.desc(), Case.number.desc())
    )


def open_cases_of(client_id: UUID) -> Select[Case]:
    """The cases that a referral may be added to."""
    return cases_of(client_id).where(Case.closed_at.is_(None))


def case_counts(client_ids: Sequence[UUID]) -> Select[UUID, int, int]:
    """Client, cases, open cases; a case of a file that was merged counts for the file that goes on."""
    return _CASE_COUNTS.params(client_ids=list(client_ids))


_GOES_ON = func.coalesce(Client.merged_into_id, Client.id)
_ASKED: BindParameter[UUID] = bindparam("client_ids", expanding=True)
_CASE_COUNTS = (
    select(_GOES_ON, func.count(), func.count().filter(Case.closed_at.is_(None)))
    .join(Case, Case.client_id == Client.id)
    .where(or_(Client.id.in_(_ASKED), Client.merged_into_id.in_(_ASKED)), Case.withdrawn.is_(False))
    .group_by(_GOES_ON)
)


def case_versions_of(case_id: UUID) -> Select[CaseVersion]:
    """Every version of a case, oldest first."""
    return select(CaseVersion).where(CaseVersion.case_id == case_id).order_by(CaseVersion.version)


def newest_case_version(case_id: UUID) -> Select[CaseVersion]:
    """The answers of a case as they stand."""
    return case_versions_of(case_id).order_by(None).order_by(CaseVersion.version.desc()).limit(1)


def case_answers_of(client_id: UUID) -> Select[str]:
    """The newest answers of every standing case of this one file."""
    newest = (
        select(CaseVersion.case_id, func.max(CaseVersion.version).label("version"))
        .join(Case, Case.id == CaseVersion.case_id)
        .where(Case.client_id == client_id, Case.withdrawn.is_(False))
        .group_by(CaseVersion.case_id)
        .subquery()
    )
    return select(CaseVersion.answers).join(
        newest, (newest.c.case_id == CaseVersion.case_id) & (newest.c.version == CaseVersion.version)
    )


def presented_in(case_id: UUID) -> Select[CasePresenting]:
    """What was presented in a case, oldest first."""
    return select(CasePresenting).where(CasePresenting.case_id == case_id).order_by(CasePresenting.frozen_at)


def presented_by(case_id: UUID, referral_id: UUID) -> Select[CasePresenting]:
    """What one referral presented in a case and still stands."""
    return presented_in(case_id).where(CasePresenting.referral_id == referral_id, CasePresenting.withdrawn.is_(False))


def reasons_for_another(client_id: UUID) -> CompoundSelect[UUID, str]:
    """Case and reason, where a child was added as a new client although a strong match was shown."""
    imported, walked_in = (
        select(made.case_id, made.override_reason).where(
            made.client_id.in_(whole(client_id)), made.override_reason != "", *standing
        )
        for made, standing in ((ImportDecision, [ImportDecision.undone_at.is_(None)]), (WalkInDecision, []))
    )
    return imported.union_all(walked_in)


def imports_into(client_id: UUID) -> Select[ImportDecision]:
    """The standing imports into a file, and into those that were merged into it, oldest first."""
    return (
        select(ImportDecision)
        .where(ImportDecision.client_id.in_(whole(client_id)), ImportDecision.undone_at.is_(None))
        .order_by(ImportDecision.made_at)
    )


def notes_since(client_id: UUID, moment: Any) -> Select[Note]:
    """Notes on a file that were written after a moment."""
    return select(Note).where(Note.record_id == client_id, Note.made_at > moment).limit(1)


def agencies_of(referral_ids: Sequence[UUID]) -> Select[UUID, str]:
    """Referral and the name of its agency."""
    return (
        select(Referral.id, Agency.name)
        .join(Agency, Agency.id == Referral.agency_id)
        .where(Referral.id.in_(referral_ids))
    )


def source_agencies_of(result_ids: Sequence[UUID]) -> Select[UUID, str]:
    """Result of a merge and the name of the agency of each source, in the order of the merge."""
    return (
        select(MergeDecision.result_id, Agency.name)
        .join(MergeSource, MergeSource.merge_id == MergeDecision.id)
        .join(Referral, Referral.id == MergeSource.referral_id)
        .join(Agency, Agency.id == Referral.agency_id)
        .where(MergeDecision.result_id.in_(result_ids))
        .order_by(MergeSource.position)
    )


def intake_draft(referral_id: UUID, user_id: UUID) -> Select[IntakeDraft]:
    """A person's half-done import of a referral."""
    return select(IntakeDraft).where(IntakeDraft.referral_id == referral_id, IntakeDraft.user_id == user_id)


def walk_in_draft(user_id: UUID) -> Select[WalkInDraft]:
    """A person's half-typed walk-in client."""
    return select(WalkInDraft).where(WalkInDraft.user_id == user_id)


def forget_facts(record_id: UUID) -> Delete:
    """Take a record out of the numbers."""
    return delete(Fact).where(Fact.record_id == record_id)


def count_as_changed(row: Case) -> None:
    """Let a case count up its version, though only its answers changed, which are kept beside it."""
    flag_modified(row, "opened_at")
