"""What the center's people do with clients: search, read, edit, cases, notes, walk-ins, bulk loads."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from actions import comparing, drafting, reading
from actions.center import filing, finding, joining
from actions.center.referrals import named
from actions.texts import optional, written
from actions.work import Work, permitted
from db import clients as statements
from db import loading, once, queries
from db.tables.cases import WalkInDecision, WalkInDraft
from db.tables.clients import Case, CasePresenting, Client, ClientVersion
from db.tables.referrals import ImportDecision, Note, Referral
from domain import fields, intake
from domain.clients import (
    STRONG,
    CaseView,
    Cause,
    ClientLine,
    ClientList,
    ClientView,
    Imported,
    Loaded,
    Looked,
    PossibleClients,
    Presented,
    SentReferral,
    Shown,
    WalkInView,
    WrittenVersion,
    child_named,
    looked_from,
)
from domain.fields import Answers, Kept
from domain.intake import WalkInChoices
from domain.matching import Person, person_from
from domain.permissions import Permission, may
from domain.referrals import Remark
from domain.refusals import NotFound, Refused, TooLate

PAGE = 25
"""Clients in one page of the list."""

WALK_IN = "walk-in"
LONGEST_LOAD = 200_000
"""Rows of one bulk load."""


@permitted(Permission.SEE_CLIENTS)
def search(work: Work, text: str = "", page: int = 1) -> ClientList:
    """Files whose number, names or case numbers hold the typed words, then those that are like them.

    Without words: the files that changed last.
    """
    listed = statements.listed_clients(work.actor, text)
    ordered = statements.by_name(listed) if text.strip() else statements.newest_first(listed)
    clients = work.session.scalars(ordered.limit(PAGE).offset((max(page, 1) - 1) * PAGE)).all()
    total = work.session.scalar(statements.how_many(listed)) or 0
    if not text.strip():
        return ClientList(_lines(work, list(clients)), total)
    work.record("client.searched", count=total)
    alike = _alike(work, text)
    known = {client.id for client in clients}
    others = tuple(one for one in alike.found if one.client_id not in known)
    return ClientList(
        _lines(work, list(clients)),
        total,
        others,
        restricted=alike.restricted is not None,
        twice=tuple(one for one in alike.found if one.group is not None),
    )


@permitted(Permission.SEE_CLIENTS)
def find(work: Work, looked: Looked) -> PossibleClients:
    """The same search as at import, from words typed into its fields."""
    if looked.nothing:
        raise Refused("Type a name, a birth date, a phone or a number to search for.")
    found = finding.possible(work, finding.as_looked(Person(), looked), {})
    work.record("client.searched", count=len(found.found))
    return found


@permitted(Permission.SEE_CLIENTS)
def read(work: Work, client_id: UUID) -> ClientView:
    """A whole file: profile, cases with what was presented, referrals as written, history; the look is recorded."""
    client = filing.seen_client(work, client_id)
    work.record("client.viewed", "client", client.id, version=client.version)
    versions = tuple(_version(work, one) for one in work.session.scalars(statements.versions_of(client.id)))
    return ClientView(
        id=client.id,
        number=client.number,
        version=client.version,
        child=_child(client),
        dob=client.dob,
        answers=versions[-1].answers if versions else {},
        versions=versions,
        cases=_cases(work, client),
        referrals=_referrals(work, client),
        notes=_notes(work, client),
        made_at=client.made_at,
        withdrawn=client.withdrawn,
        restricted=client.restricted,
        merges=joining.merges_of(work, client),
    )


@permitted(Permission.EDIT_CLIENTS)
def change(work: Work, client_id: UUID, version: int, changes: dict[str, Any]) -> int:
    """Give a file its next version and that version's number; None clears an answer. The earlier ones stay."""
    client = filing.unchanged(work, filing.visible_client(work, client_id), version)
    before = filing.profile(work, client)
    after = intake.edit(before, changes, Kept.PROFILE)
    if fields.canonical(before) == fields.canonical(after):
        raise Refused("Nothing was changed, so there is nothing to save.")
    filing.refuse_wrong(work, after)
    filing.change_file(work, client, after, Cause.EDIT)
    filing.enter_in_search(work, client)
    work.session.flush()
    changed = [difference.field for difference in fields.differences(before, after)]
    work.record("client.changed", "client", client.id, version=client.version, fields=changed)
    return client.version


@permitted(Permission.EDIT_CLIENTS)
def change_case(work: Work, case_id: UUID, version: int, changes: dict[str, Any]) -> int:
    """Give a case its next version; what was presented and what was reported in words stay as they are."""
    case, client = _open_case(work, case_id, version)
    before = filing.case_answers(work, case)
    after = intake.edit(before, changes, Kept.CASE)
    if fields.canonical(before) == fields.canonical(after):
        raise Refused("Nothing was changed, so there is nothing to save.")
    filing.refuse_wrong(work, filing.profile(work, client) | after)
    filing.change_case(work, case, after, Cause.EDIT)
    filing.enter_in_search(work, client)
    work.session.flush()
    changed = [difference.field for difference in fields.differences(before, after)]
    work.record("case.changed", "case", case.id, version=case.version, fields=changed)
    return case.version


@permitted(Permission.EDIT_CLIENTS)
def close_case(work: Work, case_id: UUID, version: int) -> None:
    """Close a case; it stays readable and can be reopened."""
    case, _client = _open_case(work, case_id, version)
    case.closed_at = work.now
    work.record("case.closed", "case", case.id, version=case.version)


@permitted(Permission.EDIT_CLIENTS)
def reopen_case(work: Work, case_id: UUID, version: int) -> None:
    """Open a closed case again."""
    case, _client = _case(work, case_id, version)
    if case.closed_at is None:
        raise TooLate(f"Case {case.number} is open already.")
    case.closed_at = None
    work.record("case.reopened", "case", case.id, version=case.version)


@permitted(Permission.EDIT_CLIENTS)
def add_note(work: Work, client_id: UUID, text: str) -> None:
    """Add a note to a file for the center's people only; a court may read it."""
    client = filing.visible_client(work, client_id)
    filing.refuse_ended(work, client)
    said = written(text, "Type your note first.")
    work.session.add(
        Note(
            record_kind="client",
            record_id=client.id,
            text=said,
            made_by_name=work.actor.name,
            made_at=work.now,
        )
    )
    work.record("client.noted", "client", client.id)


# Without a referral


@permitted(Permission.EDIT_CLIENTS)
def walk_in(work: Work) -> WalkInView:
    """This person's half-typed walk-in client."""
    draft = _Draft.of(work)
    return WalkInView(
        answers=draft.choices.answers,
        override_reason=draft.choices.override_reason,
        searched=bool(draft.shown.of),
        strongest=draft.shown.strongest,
        missing=intake.missing_without_referral(draft.choices.answers),
    )


@permitted(Permission.EDIT_CLIENTS)
def keep_walk_in(work: Work, choices: WalkInChoices) -> None:
    """Keep what was typed so far; nothing else is written before the client is added."""
    draft = _Draft.of(work)
    draft.choices = choices
    draft.keep(work)


@permitted(Permission.EDIT_CLIENTS)
def walk_in_candidates(work: Work) -> PossibleClients:
    """Search the clients on file for the walk-in child; adding asks that this was looked at."""
    draft = _Draft.of(work)
    person = person_from(draft.choices.answers)
    if not (person.full_name or person.dob):
        raise Refused("Type the child's name or birth date first: the search needs something to go by.")
    found = finding.possible(work, person, draft.choices.answers)
    shown = draft.shown.with_more(WALK_IN, found)
    if shown != draft.shown:
        draft.shown = shown
        draft.keep(work)
        work.record("client.searched", count=len(found.found))
    return found


@permitted(Permission.EDIT_CLIENTS)
def add_walk_in(work: Work, choices: WalkInChoices, key: str) -> Imported:
    """Add a client who came without a referral, with a first case; once for one key.

    Refuses without a look at the search, and a strong match passed over without a reason.
    """
    decision_id = uuid4()
    before = once.claim(work.session, key, work.actor.user_id, decision_id, work.now)
    if before != decision_id:
        return _added(work, before)
    draft = _Draft.of(work)
    draft.choices = choices
    profile, in_case = intake.to_profile(choices.answers), intake.to_case(choices.answers)
    filing.refuse_wrong(work, profile | in_case)
    if not draft.shown.of:
        raise Refused("Search the clients on file first and look at who was found.")
    finding.refuse_passed_over(
        work, [person_from(choices.answers)], choices.answers, draft.shown, choices.override_reason
    )
    client = filing.open_file(work, profile, Cause.WALK_IN)
    case = filing.open_case(work, client, in_case, Cause.WALK_IN)
    filing.freeze(work, case, choices.answers, None)
    filing.enter_in_search(work, client)
    work.session.flush()
    work.session.add(
        WalkInDecision(
            id=decision_id,
            client_id=client.id,
            case_id=case.id,
            strongest_grade=draft.shown.strongest or "",
            override_reason=optional(choices.override_reason) if draft.shown.strongest in STRONG else "",
            evidence=draft.shown.evidence,
            made_by=work.actor.user_id,
            made_by_name=work.actor.name,
            made_at=work.now,
        )
    )
    draft.forget(work)
    work.record("client.added", "client", client.id, version=client.version)
    return _added(work, decision_id)


@permitted(Permission.LOAD_CLIENTS)
def load_clients(work: Work, rows: Iterable[Answers]) -> Loaded:
    """Write many files in this one transaction, with the columns, facts and keys that one file gets.

    Refuses the whole load, naming the row, when an answer cannot be read or a child has no name.
    """
    documents = [_loadable(number, row) for number, row in enumerate(rows, start=1)]
    if not documents:
        return Loaded(0)
    if len(documents) > LONGEST_LOAD:
        raise Refused(f"This list has more than {LONGEST_LOAD:,} rows. Load it in parts.")
    numbers = drafting.next_numbers(work, "client", "C", len(documents))
    loading.load_clients(
        work.session,
        list(zip(numbers, documents, strict=True)),
        cause=Cause.SPREADSHEET.value,
        by=work.actor.user_id,
        by_name=work.actor.name,
        at=work.now,
    )
    work.record("client.loaded", "client", count=len(documents))
    return Loaded(len(documents), numbers[0], numbers[-1])


# Lists


def _lines(work: Work, clients: list[Client]) -> tuple[ClientLine, ...]:
    counts = finding.case_counts(work, [client.id for client in clients])
    return tuple(
        ClientLine(
            id=client.id,
            number=client.number,
            child=_child(client),
            dob=client.dob,
            sex=client.sex,
            open_cases=counts.get(client.id, (0, 0))[1],
            changed_at=client.changed_at,
        )
        for client in clients
    )


def _alike(work: Work, text: str) -> PossibleClients:
    looked = looked_from(text)
    if looked.nothing:
        return PossibleClients(())
    return finding.possible(work, finding.as_looked(Person(), looked), {})


def _child(client: Client) -> str:
    return child_named(client.first_name, client.middle_name, client.last_name)


# One file


def _version(work: Work, one: ClientVersion) -> WrittenVersion:
    return WrittenVersion(
        version=one.version,
        answers=fields.parsed(one.answers),
        cause=Cause(one.cause),
        by=one.made_by_name,
        at=one.made_at,
        referral_id=one.referral_id,
        referral_number=_number_of(work, one.referral_id),
    )


def _number_of(work: Work, referral_id: UUID | None) -> str:
    referral = work.session.get(Referral, referral_id) if referral_id else None
    return referral.number or "" if referral else ""


def _cases(work: Work, client: Client) -> tuple[CaseView, ...]:
    found = work.session.execute(statements.reasons_for_another(client.id))
    another: dict[UUID, str] = {case: reason for case, reason in found}  # noqa: C416
    return tuple(
        replace(_case_view(work, case), another_child_because=another.get(case.id, ""))
        for case in work.session.scalars(statements.cases_of(client.id))
    )


def _case_view(work: Work, case: Case) -> CaseView:
    versions = tuple(
        WrittenVersion(
            version=one.version,
            answers=fields.parsed(one.answers),
            cause=Cause(one.cause),
            by=one.made_by_name,
            at=one.made_at,
            referral_id=one.referral_id,
            referral_number=_number_of(work, one.referral_id),
        )
        for one in work.session.scalars(statements.case_versions_of(case.id))
    )
    file = work.session.get_one(Client, case.client_id)
    return CaseView(
        id=case.id,
        number=case.number,
        version=case.version,
        opened_at=case.opened_at,
        opened_by=case.opened_by_name,
        closed_at=case.closed_at,
        answers=versions[-1].answers if versions else {},
        versions=versions,
        presented=tuple(_presented(work, one) for one in work.session.scalars(statements.presented_in(case.id))),
        opened_in=file.number if file.merged_into_id else "",
    )


def _presented(work: Work, one: CasePresenting) -> Presented:
    return Presented(
        answers=fields.parsed(one.answers),
        by=one.frozen_by_name,
        at=one.frozen_at,
        referral_id=one.referral_id,
        referral_number=_number_of(work, one.referral_id),
        agencies=_agencies(work, one.referral_id) if one.referral_id else (),
        withdrawn=one.withdrawn,
    )


def _notes(work: Work, client: Client) -> tuple[Remark, ...]:
    """The notes on a file and, with their numbers, on those that were merged into it, oldest first."""
    found = [
        replace(note, number=file.number if file.id != client.id else "")
        for file in joining.files(work, client)
        for note in reading.notes_of(work, file.id)
    ]
    return tuple(sorted(found, key=lambda note: note.at))


def _agencies(work: Work, referral_id: UUID) -> tuple[str, ...]:
    own = work.session.execute(statements.agencies_of([referral_id]))
    sources = work.session.execute(statements.source_agencies_of([referral_id]))
    return tuple(dict.fromkeys(name for _id, name in (*own, *sources)))


def _referrals(work: Work, client: Client) -> tuple[SentReferral, ...]:
    found: list[SentReferral] = []
    decisions = work.session.scalars(statements.imports_into(client.id)).all()
    for decision in decisions[::-1]:
        referral = work.session.scalar(queries.visible_referrals(work.actor).where(Referral.id == decision.referral_id))
        if referral is None:
            continue
        found.append(_sent(work, referral, decision, newest=decision is decisions[-1]))
        found += [_sent(work, source) for source in comparing.sources(work, referral)]
    return tuple(found)


def _sent(
    work: Work, referral: Referral, decision: ImportDecision | None = None, *, newest: bool = False
) -> SentReferral:
    return SentReferral(
        named=named(work, referral),
        rounds=reading.rounds_of(work, referral.id),
        imported_by=decision.made_by_name if decision else "",
        imported_at=decision.made_at if decision else None,
        came_by_merge=decision is None,
        may_undo=newest and may(work.actor, Permission.UNDO_IMPORTS),
        version=referral.version,
    )


def _case(work: Work, case_id: UUID, version: int) -> tuple[Case, Client]:
    case = work.session.get(Case, case_id, with_for_update=True)
    if case is None or case.withdrawn:
        raise NotFound("There is no such case, or you may not see it. Check the number.")
    client = filing.going_on(work, filing.seen_client(work, case.client_id))
    if case.version != version:
        raise TooLate(f"Case {case.number} was changed after you opened it. Reload it; what you typed is still here.")
    return case, client


def _open_case(work: Work, case_id: UUID, version: int) -> tuple[Case, Client]:
    case, client = _case(work, case_id, version)
    if case.closed_at is not None:
        raise TooLate(f"Case {case.number} is closed. Reopen it first.")
    return case, client


# A walk-in


@dataclass
class _Draft:
    """What a person typed about a walk-in child and what the search showed them."""

    choices: WalkInChoices
    shown: Shown

    @classmethod
    def of(cls, work: Work) -> "_Draft":
        kept = work.session.scalar(statements.walk_in_draft(work.actor.user_id))
        if kept is None:
            return cls(WalkInChoices(), Shown())
        values = json.loads(kept.choices)
        return cls(WalkInChoices.from_text(values["choices"]), Shown.from_text(values["shown"]))

    def keep(self, work: Work) -> None:
        text = filing.draft_text(self.choices.to_text(), self.shown)
        kept = work.session.scalar(statements.walk_in_draft(work.actor.user_id))
        if kept is None:
            kept = WalkInDraft(user_id=work.actor.user_id)
            work.session.add(kept)
        kept.choices, kept.saved_at = text, work.now
        work.session.flush()

    def forget(self, work: Work) -> None:
        kept = work.session.scalar(statements.walk_in_draft(work.actor.user_id))
        if kept is not None:
            work.session.delete(kept)


def _added(work: Work, decision_id: UUID) -> Imported:
    work.session.flush()
    decision = work.session.get(WalkInDecision, decision_id)
    if decision is None:
        raise Refused("This form was already used for something else. Reload the page and save again.")
    client = filing.seen_client(work, decision.client_id)
    case = work.session.get(Case, decision.case_id)
    if case is None:
        raise NotFound("There is no such case. Reload the client.")
    return Imported(client.id, client.number, case.id, case.number, new_client=True, new_case=True)


def _loadable(number: int, row: Answers) -> str:
    text = fields.canonical(intake.part_of(row, Kept.PROFILE))
    document = fields.parsed(text)
    if intake.nameless(document):
        raise Refused(f"Row {number} has no name. Give the child a first or last name and load the list again.")
    problem = intake.first_unreadable(document)
    if problem:
        raise Refused(f"Row {number}: {problem} Nothing was loaded.")
    return text
