"""Two files that turn out to be one child: compare them, merge them, and take the merge back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from actions import comparing, hints
from actions.center import filing, joining
from actions.texts import written
from actions.work import Work, permitted
from db import client_merges, once, queries, search_keys
from db import clients as statements
from db.client_merges import half_done_imports
from db.tables.clients import Client
from db.tables.decisions import ClientMerge
from domain import fields, merging
from domain.client_merges import (
    SAME_FILE,
    ClientFile,
    Doubled,
    Doubles,
    FilesBeside,
    FilesMerged,
)
from domain.clients import child_named, cover, hidden_in
from domain.intake import IntakeChoices
from domain.matching import Candidate, Grade, RecordKind
from domain.merging import Choices, Warned
from domain.permissions import Permission
from domain.refusals import NotFound, Refused, TooLate

SAY_WHY = "Say in a few words why these two files are the same child."
SAY_WHY_NOT = "Say in a few words why the two files are separated again."
MOST = 10


@permitted(Permission.MERGE_CLIENTS)
def doubles_of(work: Work, client_id: UUID) -> Doubles:
    """Who else on file may be the child of this file, with reasons; those said to be somebody else are left out."""
    client = filing.seen_client(work, client_id)
    filing.refuse_ended(work, client)
    found = search_keys.search(work.session, filing.person_of(work, client), kinds=[RecordKind.CLIENT], limit=MOST)
    dismissed = comparing.said_not_the_same(work, client.id)
    others = [(each, one) for each, one in hints.led_on(work, found) if each != client.id and each not in dismissed]
    visible = {one.id: one for one in work.session.scalars(_seen_among(work, [each for each, _one in others]))}
    work.record("client.searched", "client", client.id, count=len(visible))
    return Doubles(
        id=client.id,
        number=client.number,
        child=_child(client),
        found=tuple(_doubled(work, client, visible[each], one) for each, one in others if each in visible),
        restricted=any(each not in visible for each, _one in others),
    )


@permitted(Permission.MERGE_CLIENTS)
def propose(work: Work, first_id: UUID, second_id: UUID) -> FilesBeside:
    """Two files side by side: what differs, what is proposed and why, what to look at first. The older one goes on.

    Refuses a file that was merged already, with who did it and when.
    """
    kept, ended = _older_first([filing.seen_client(work, each) for each in (first_id, second_id)])
    for client in (kept, ended):
        _refuse_gone(work, client)
        work.record("client.viewed", "client", client.id, version=client.version)
    alike = _likeness(work, kept, ended)
    unlike = _unlike(kept, ended, alike)
    warnings = (*comparing.not_same_among(work, [kept, ended]), *unlike, *_restricted([kept, ended]))
    hidden = hidden_in(filing.profile(work, kept), filing.profile(work, ended))
    return FilesBeside(
        kept=_file(work, kept),
        ended=_file(work, ended),
        proposal=merging.propose(joining.sources(work, kept, ended)),
        verdict=alike.verdict if alike else "",
        reasons=tuple(reason.words for reason in cover(alike.reasons, hidden)) if alike else (),
        warnings=warnings,
        half_done=_half_done(work, ended),
        needs_own_words=bool(unlike),
    )


@permitted(Permission.MERGE_CLIENTS)
def merge(work: Work, versions: Mapping[UUID, int], choices: Choices, reason: str, key: str) -> UUID:
    """Make one file of two and give the id of the one that goes on; the same `key` twice gives the same.

    The other file keeps all that it holds and points at it. `versions` are those that the person saw.
    """
    if len(versions) != 2:
        raise Refused(SAME_FILE)
    # Always in the same order: two people who merge at once wait for one another, and never for ever.
    kept, ended = _older_first([filing.visible_client(work, each) for each in sorted(versions)])
    decision_id = uuid4()
    before = once.claim(work.session, key, work.actor.user_id, decision_id, work.now)
    if before != decision_id:
        return work.session.get_one(ClientMerge, before).kept_id
    for client in (ended, kept):
        filing.refuse_ended(work, client)
    for client in (kept, ended):
        filing.unchanged(work, client, versions[client.id])
    for warned in comparing.not_same_among(work, [kept, ended]):
        raise Refused(f"{warned.words} If that was wrong, take it back first; then they can be merged.")
    joining.join(work, kept, ended, choices, decision_id=decision_id, reason=written(reason, SAY_WHY))
    for client in (kept, ended):
        work.record("client.merged", "client", client.id, version=client.version, fields=choices)
    return kept.id


@permitted(Permission.MERGE_CLIENTS)
def undo_merge(work: Work, ended_id: UUID, reason: str) -> UUID:
    """Take a merge back: both files are again what they were. Gives the id of the file that had ended.

    Refuses once somebody worked on the child's file since, with who and when.
    """
    # Asked for by id alone: a row that is read before it is locked would be written as it was then.
    if work.session.scalar(_seen_among(work, [ended_id]).with_only_columns(Client.id)) is None:
        raise NotFound(filing.NO_SUCH_CLIENT)
    decision = joining.standing_end(work, work.session.scalar(client_merges.newest_end(ended_id).with_for_update()))
    files = {each: filing.visible_client(work, each) for each in sorted((decision.kept_id, ended_id))}
    kept, ended = files[decision.kept_id], files[ended_id]
    why_not = joining.why_not_undone(work, decision, kept)
    if why_not:
        raise TooLate(why_not)
    said = written(reason, SAY_WHY_NOT)
    joining.separate(work, kept, ended, json.loads(decision.choices)["before"])
    decision.undone_by_name, decision.undone_at, decision.undone_reason = work.actor.name, work.now, said
    work.session.flush()
    for client in (kept, ended):
        filing.enter_in_search(work, client)
        work.record("client.merge_undone", "client", client.id, version=client.version)
    return ended.id


@permitted(Permission.SEE_CLIENTS)
def decided(work: Work, ended_id: UUID) -> FilesMerged:
    """A standing merge by the file that ended, with every difference that it settled."""
    ended = filing.seen_client(work, ended_id)
    decision = joining.standing_end(work, work.session.scalar(client_merges.newest_end(ended.id)))
    kept = filing.seen_client(work, decision.kept_id)
    document = json.loads(decision.choices)
    at = {each: document["before"][str(each.id)]["version"] for each in (kept, ended)}
    proposal = merging.propose(joining.sources(work, kept, ended, at), document["choices"])
    work.record("client.viewed", "client", ended.id, version=ended.version)
    return FilesMerged(joining.told(work, decision), merging.what_was_chosen(proposal, document["choices"]))


# Before it is decided


def _refuse_gone(work: Work, client: Client) -> None:
    filing.unchanged(work, client, client.version)


def _older_first(clients: Sequence[Client]) -> tuple[Client, Client]:
    """The file that goes on is the one that was made first: what came later was the double."""
    if len({client.id for client in clients}) != 2:
        raise Refused(SAME_FILE)
    kept, ended = sorted(clients, key=lambda client: (client.made_at, client.number))
    return kept, ended


def _file(work: Work, client: Client) -> ClientFile:
    newest = work.session.scalars(statements.profile_of(client.id)).one()
    cases = work.session.scalars(statements.cases_of(client.id)).all()
    return ClientFile(
        id=client.id,
        number=client.number,
        version=client.version,
        child=_child(client),
        dob=client.dob,
        by=newest.made_by_name,
        at=newest.made_at,
        made_at=client.made_at,
        cases=len(cases),
        open_cases=sum(case.closed_at is None for case in cases),
        referrals=len(work.session.scalars(statements.imports_into(client.id)).all()),
        notes=len(work.session.scalars(queries.notes_of(client.id)).all()),
        restricted=client.restricted,
    )


def _likeness(work: Work, kept: Client, ended: Client) -> Candidate | None:
    person = filing.person_of(work, kept)
    found = search_keys.search(
        work.session,
        person,
        kinds=[RecordKind.CLIENT],
        allowed=[each.id for each in joining.files(work, ended)],
        limit=1,
    )
    return found[0] if found else None


def _unlike(kept: Client, ended: Client, alike: Candidate | None) -> tuple[Warned, ...]:
    both = f"{_and_birth(kept)} and {_and_birth(ended)}"
    if alike is None:
        return (Warned(f"{both} do not look like the same child."),)
    if alike.household:
        return (Warned(f"{both} look like two children of one home, not like one child."),)
    if alike.grade is Grade.POSSIBLE:
        return (Warned(f"{both} are only possibly the same child. Look at what differs before you merge them."),)
    return ()


def _and_birth(client: Client) -> str:
    born = fields.say(fields.FIELD["child_dob"], client.dob)
    return f"{client.number} ({_child(client)}{f', born {born}' if born else ''})"


def _restricted(clients: Sequence[Client]) -> tuple[Warned, ...]:
    numbers = [client.number for client in clients if client.restricted]
    if not numbers:
        return ()
    verb = "is" if len(numbers) == 1 else "are"
    words = f"{' and '.join(numbers)} {verb} restricted: both files will be open only to those who may see all of them."
    return (Warned(words),)


def _half_done(work: Work, ended: Client) -> tuple[str, ...]:
    """Imports into this file that somebody has begun: at Save they are told where to go on."""
    return tuple(
        f"{person} has begun to import {number} into {ended.number}. Nothing of it is lost: "
        "on saving they are told of the merge and choose again."
        for text, number, person in work.session.execute(half_done_imports(ended.id))
        if IntakeChoices.from_text(json.loads(text)["choices"]).client_id == ended.id
    )


def _seen_among(work: Work, client_ids: Sequence[UUID]) -> Any:
    return statements.visible_clients(work.actor).where(Client.id.in_(client_ids))


def _doubled(work: Work, client: Client, other: Client, one: Candidate) -> Doubled:
    hidden = hidden_in(filing.profile(work, client), filing.profile(work, other))
    return Doubled(
        id=other.id,
        number=other.number,
        child=_child(other),
        dob=other.dob,
        cases=len(work.session.scalars(statements.cases_of(other.id)).all()),
        verdict=one.verdict,
        reasons=tuple(reason.words for reason in cover(one.reasons, hidden)),
        household=one.household,
    )


def _child(client: Client) -> str:
    return child_named(client.first_name, client.middle_name, client.last_name)
