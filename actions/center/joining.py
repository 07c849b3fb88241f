"""How two files of one child are joined, and how they become two again: the core of `client_merges`."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from actions import reading
from actions.center import filing
from actions.work import Work
from db import client_merges, queries, restrictions
from db import clients as statements
from db.tables.clients import Client
from db.tables.decisions import ClientMerge
from db.tables.referrals import Named
from domain import fields, merging
from domain.client_merges import FileMerge, file_after, standing
from domain.clients import Cause
from domain.fields import ReferralType
from domain.merging import Choices, Source
from domain.refusals import Refused, TooLate

NOT_MERGED = "This file was not merged into another one, so there is nothing to undo."


def sources(work: Work, kept: Client, ended: Client, at: Mapping[Client, int] | None = None) -> tuple[Source, Source]:
    """Both files as a merge compares them: as they stand, or at the version that a decision kept."""
    first, second = (_source(work, client, at[client] if at else client.version) for client in (kept, ended))
    return first, second


def _source(work: Work, client: Client, version: int) -> Source:
    newest = work.session.scalars(statements.profile_before(client.id, version)).one()
    return Source(
        number=client.number,
        agency="",
        by=newest.made_by_name,
        at=newest.made_at,
        kind=ReferralType.COMBINED,
        answers=fields.parsed(newest.answers),
        of_file=True,
    )


def join(work: Work, kept: Client, ended: Client, choices: Choices, *, decision_id: UUID, reason: str) -> ClientMerge:
    """Let one file go on from two: what it says is chosen and joined, and the other one points at it."""
    behind = [each for file in (kept, ended) for each in files(work, file)]
    document = {"choices": dict(choices), "before": {str(each.id): _before(work, each) for each in behind}}
    _join(work, kept, ended, choices)
    _restrict_alike(work, behind)
    work.session.flush()
    decision = ClientMerge(
        id=decision_id,
        kept_id=kept.id,
        ended_id=ended.id,
        choices=json.dumps({**document, "after": _as_it_stands(work, kept)}, sort_keys=True),
        reason=reason,
        made_by=work.actor.user_id,
        made_by_name=work.actor.name,
        made_at=work.now,
    )
    work.session.add(decision)
    return decision


def _before(work: Work, client: Client) -> dict[str, Any]:
    """What an undo needs to put back."""
    return {
        "version": client.version,
        "changed_at": client.changed_at.isoformat(),
        "restricted": client.restricted,
        "named": [
            [str(one.user_id), one.until.isoformat() if one.until else None]
            for one in work.session.scalars(client_merges.named_on([client.id]))
        ],
    }


def _join(work: Work, kept: Client, ended: Client, choices: Choices) -> None:
    after = file_after(merging.propose(sources(work, kept, ended), choices), choices)
    filing.refuse_wrong(work, after)
    for each in files(work, ended):
        each.merged_into_id = kept.id
    ended.changed_at = work.now
    filing.change_file(work, kept, after, Cause.MERGE)
    work.session.flush()
    work.session.execute(queries.forget_hints(ended.id))
    filing.enter_in_search(work, kept)
    work.session.flush()


def files(work: Work, client: Client) -> Sequence[Client]:
    """A file with those that were merged into it."""
    return work.session.scalars(client_merges.files_of(client.id)).all()


def _restrict_alike(work: Work, clients: Sequence[Client]) -> None:
    """All files of a child are open only to those who are named on every restricted one of them."""
    restricted = [client.id for client in clients if client.restricted]
    if not restricted:
        return
    named = work.session.scalars(client_merges.named_on(restricted)).all()
    on_all = {
        one.user_id
        for one in named
        if {each.record_id for each in named if each.user_id == one.user_id} == set(restricted)
    }
    for client in clients:
        client.restricted = True
        _name(work, client, [(one.user_id, one.until) for one in named if one.user_id in on_all])


def _name(work: Work, client: Client, people: Sequence[tuple[UUID, datetime | None]]) -> None:
    """Let exactly these people see a restricted file; of two ends of the same person the earlier one counts."""
    ends: dict[UUID, datetime | None] = {}
    for user_id, until in people:
        known = [each for each in (until, ends.get(user_id)) if each]
        ends[user_id] = min(known) if known else None
    work.session.execute(restrictions.forget_named(client.id))
    work.session.add_all(
        Named(record_id=client.id, user_id=user_id, record_kind="client", until=until)
        for user_id, until in ends.items()
    )


# Taking back


def standing_end(work: Work, decision: ClientMerge | None) -> ClientMerge:
    """The decision if it stands; refuses with who undid it and when if it was undone."""
    if decision is None:
        raise Refused(NOT_MERGED)
    if decision.undone_at is not None:
        when = reading.clock(work, decision.undone_at)
        raise TooLate(f"{decision.undone_by_name} undid this merge already at {when}. Nothing was changed.")
    return decision


def separate(work: Work, kept: Client, ended: Client, before: Mapping[str, Any]) -> None:
    """Put both files back exactly as they were before the merge; the history gains a line."""
    earlier = work.session.scalars(statements.profile_before(kept.id, before[str(kept.id)]["version"])).one()
    answers = fields.parsed(earlier.answers)
    if fields.canonical(answers) != fields.canonical(filing.profile(work, kept)):
        filing.change_file(work, kept, answers, Cause.MERGE_UNDONE)
    ended.merged_into_id = None
    for each in _behind(work, ended):
        each.merged_into_id = ended.id
    for client_id, was in before.items():
        client = work.session.get_one(Client, UUID(client_id))
        client.changed_at = datetime.fromisoformat(was["changed_at"])
        client.restricted = was["restricted"]
        _name(
            work, client, [(UUID(who), datetime.fromisoformat(until) if until else None) for who, until in was["named"]]
        )


def _behind(work: Work, client: Client) -> list[Client]:
    """The files that go on in this one, and in those."""
    found: list[Client] = []
    for each in work.session.scalars(client_merges.held_by(client.id)):
        file = work.session.get_one(Client, each.ended_id)
        found += [file, *_behind(work, file)]
    return found


def why_not_undone(work: Work, decision: ClientMerge, kept: Client) -> str:
    """Why a standing merge cannot be undone now, in one sentence; empty when it can."""
    further = filing.ended_sentence(work, kept)
    if further:
        return f"{further} Undo that merge first."
    if _as_it_stands(work, kept) == json.loads(decision.choices)["after"]:
        return ""
    who = _last_work(work, decision, kept)
    return f"{kept.number} was worked on since the merge{who}, so it cannot be undone. Correct the files instead."


def _as_it_stands(work: Work, kept: Client) -> str:
    """What changes when somebody works on a child's file: answers, cases, imports, notes, and who may see it."""
    work.session.flush()
    cases = work.session.scalars(statements.cases_of(kept.id)).all()
    picture = standing(
        filing.profile(work, kept),
        [f"{case.id} {case.closed_at is None} {fields.canonical(filing.case_answers(work, case))}" for case in cases],
        [str(each.id) for each in work.session.scalars(statements.imports_into(kept.id))],
        [str(each.id) for file in files(work, kept) for each in work.session.scalars(queries.notes_of(file.id))],
    )
    return sha256(picture.encode()).hexdigest()


def _last_work(work: Work, decision: ClientMerge, kept: Client) -> str:
    """The newest thing that was written about the child since, as " by Irene Vega at 3:04 PM on Nov 22"."""
    rows: list[Any] = [*work.session.scalars(statements.versions_of(kept.id))]
    rows += work.session.scalars(statements.imports_into(kept.id))
    for file in files(work, kept):
        rows += work.session.scalars(queries.notes_of(file.id))
    for case in work.session.scalars(statements.cases_of(kept.id)).all():
        rows += work.session.scalars(statements.case_versions_of(case.id))
    since = [(row.made_at, row.made_by_name) for row in rows if row.made_at > decision.made_at]
    if not since:
        return ""
    at, by = max(since)
    return f" by {by} at {reading.clock(work, at)}"


def told(work: Work, decision: ClientMerge) -> FileMerge:
    """The decision as the pages of both files tell it."""
    kept = work.session.get_one(Client, decision.kept_id)
    return FileMerge(
        kept_id=kept.id,
        kept=kept.number,
        ended_id=decision.ended_id,
        ended=work.session.get_one(Client, decision.ended_id).number,
        reason=decision.reason,
        by=decision.made_by_name,
        at=decision.made_at,
        why_not=why_not_undone(work, decision, kept) if decision.undone_at is None else "",
        undone_by=decision.undone_by_name,
        undone_at=decision.undone_at,
        undone_reason=decision.undone_reason,
    )


def merges_of(work: Work, client: Client) -> tuple[FileMerge, ...]:
    """Every merge of a file, oldest first; those undone only to who may open the other file as well."""
    found = work.session.execute(client_merges.decided_about(work.actor, client.id)).all()
    return tuple(told(work, decision) for decision, _other in found)
