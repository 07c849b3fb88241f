"""Who on file a child may be: the one search behind import, walk-ins and the clients page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from actions import comparing, hints, reading
from actions.work import Work
from db import client_merges, merges, queries, search_keys
from db import clients as statements
from db.tables.clients import Client
from db.tables.referrals import NotSameChild, Referral
from domain import fields
from domain.clients import (
    STRONG,
    Hidden,
    Looked,
    PossibleClient,
    PossibleClients,
    PossibleReferral,
    SaidApart,
    Shown,
    child_named,
    cover,
    hidden_in,
)
from domain.fields import Answers
from domain.lifecycle import Status
from domain.matching import Candidate, Grade, Person, RecordKind
from domain.refusals import Refused

WHY_NEW = (
    "A client who is likely the same child was shown. Write why this is another child, or choose that client instead."
)
SETTLED = 3
"""Candidates of whom is said what would settle it: the best ones."""
MOST = 12
"""Candidates looked at; restricted files among them are told, never shown."""

STILL_ASKED = (Status.SUBMITTED, Status.REJECTED, Status.CLOSED)
"""Referrals that an import should know of: waiting ones, and closed ones, which stay searchable."""


def as_looked(person: Person, looked: Looked | None) -> Person:
    """The child of the referral with the search words that somebody typed over it."""
    if looked is None:
        return person
    return replace(
        person,
        first_name=looked.first_name.strip(),
        middle_name=looked.middle_name.strip(),
        last_name=looked.last_name.strip(),
        dob=looked.dob.strip(),
        sex=looked.sex.strip(),
        phones=_listed(looked.phone),
        caregivers=_listed(looked.caregiver),
        child_numbers=_listed(looked.number),
    )


def possible(work: Work, person: Person, answers: Mapping[str, Any], *, but: UUID | None = None) -> PossibleClients:
    """Clients on file, ranked, and other referrals, with reasons that rule 14 lets everybody read."""
    candidates, alike = _looked(work, person, answers)
    apart = _said_apart(work, but)
    left = [one for one in alike.found if one.client_id not in apart]
    return replace(
        alike,
        found=(*_settling(work, person, left[:SETTLED], candidates), *left[SETTLED:]),
        referrals=_possible_referrals(work, person, but),
        apart=tuple(
            SaidApart(one, said.id, said.reason, said.made_by_name, said.made_at)
            for one in alike.found
            if (said := apart.get(one.client_id)) is not None
        ),
    )


def among_clients(work: Work, person: Person, answers: Mapping[str, Any]) -> PossibleClients:
    """The clients on file alone: what is asked for each line of a spreadsheet."""
    return _looked(work, person, answers)[1]


def _looked(work: Work, person: Person, answers: Mapping[str, Any]) -> tuple[dict[UUID, Candidate], PossibleClients]:
    """Those who were found, by their client, and what may be shown of them."""
    look = search_keys.look(work.session, person, kinds=[RecordKind.CLIENT], limit=MOST)
    candidates = hints.led_on(work, look.candidates)
    clients = _clients(work, [client_id for client_id, _one in candidates])
    hidden = [one.grade for client_id, one in candidates if client_id not in clients]
    shown = [(client_id, one) for client_id, one in candidates if client_id in clients]
    possible_clients = PossibleClients(
        found=_possible_clients(work, shown, clients, answers),
        restricted=next((grade for grade in Grade if grade in hidden), None),
        looked_through=look.people,
    )
    return dict(shown), possible_clients


def _settling(
    work: Work, person: Person, found: Sequence[PossibleClient], candidates: Mapping[UUID, Candidate]
) -> list[PossibleClient]:
    """With what to ask for, where the answer would make a candidate more or less likely."""
    unsure = [one for one in found if one.grade is not Grade.VERY_LIKELY]
    asking = search_keys.would_settle(work.session, person, [candidates[one.client_id] for one in unsure])
    said = dict(zip((one.client_id for one in unsure), asking, strict=True))
    return [replace(one, settles=said.get(one.client_id, "")) for one in found]


def refuse_passed_over(
    work: Work, people: Sequence[Person], answers: Mapping[str, Any], shown: Shown, reason: str, but: UUID | None = None
) -> None:
    """A new client needs a look at every strong match on file now, and a reason if there was one."""
    apart = _said_apart(work, but)
    for person in dict.fromkeys(people):
        strong, restricted = _strong_ones(work, person)
        unseen = [client for client in strong if client.id not in apart and not shown.as_strong(client.id)]
        if unseen:
            raise Refused(
                f"{unseen[0].number} may be the same child and was not shown to you as such. "
                "Go back to the search and look before you save; what you typed is kept."
            )
        if restricted and shown.restricted not in STRONG:
            raise Refused("A restricted file may match. Go back to the search before you save; what you typed is kept.")
    if shown.strongest in STRONG and not reason.strip():
        raise Refused(WHY_NEW)


def _strong_ones(work: Work, person: Person) -> tuple[list[Client], bool]:
    """Files that are likely this child, best first, and whether one of them is restricted: grades alone, no reasons."""
    look = search_keys.look(work.session, person, kinds=[RecordKind.CLIENT], limit=MOST)
    strong = [client_id for client_id, one in hints.led_on(work, look.candidates) if one.grade in STRONG]
    clients = _clients(work, strong) if strong else {}
    return [clients[client_id] for client_id in strong if client_id in clients], len(clients) < len(strong)


def profiles(work: Work, client_ids: Sequence[UUID]) -> dict[UUID, Answers]:
    """The answers of several files as they stand."""
    rows = work.session.execute(statements.profiles_of(client_ids))
    return {client_id: fields.parsed(text) for client_id, text in rows}


def case_counts(work: Work, client_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Cases and open cases of several clients."""
    rows = work.session.execute(statements.case_counts(client_ids))
    return {client_id: (cases, still_open) for client_id, cases, still_open in rows}


def _said_apart(work: Work, referral_id: UUID | None) -> dict[UUID, NotSameChild]:
    """Clients of whom somebody said that this referral, or one that it was merged from, is about another child."""
    referral = work.session.get(Referral, referral_id) if referral_id else None
    if referral is None:
        return {}
    own = {referral.id, *(source.id for source in comparing.every_source(work, referral))}
    said = work.session.scalars(merges.not_same_with_any(own)).all()
    other = {(one.second_id if one.first_id in own else one.first_id): one for one in said}
    gone_on = dict(work.session.execute(client_merges.gone_on(other)).all())
    return {gone_on.get(client_id) or client_id: one for client_id, one in other.items()}


def _clients(work: Work, ids: list[UUID]) -> dict[UUID, Client]:
    found = work.session.scalars(statements.visible_clients(work.actor).where(Client.id.in_(ids)))
    return {client.id: client for client in found}


def _possible_clients(
    work: Work, candidates: list[tuple[UUID, Candidate]], clients: dict[UUID, Client], answers: Mapping[str, Any]
) -> tuple[PossibleClient, ...]:
    ids = [client_id for client_id, _one in candidates]
    # What is covered is asked of the file that was compared as well, where another one goes on.
    files, counts = profiles(work, [*ids, *(one.record_id for _id, one in candidates)]), case_counts(work, ids)
    groups = Counter(one.group for _id, one in candidates)
    return tuple(
        _possible_client(
            one,
            clients[client_id],
            hidden_in(answers, files.get(client_id, {}), files.get(one.record_id, {})),
            counts,
            twice=groups[one.group] > 1,
        )
        for client_id, one in candidates
    )


def _possible_client(
    one: Candidate,
    client: Client,
    hidden: Hidden,
    counts: dict[UUID, tuple[int, int]],
    *,
    twice: bool,
) -> PossibleClient:
    cases, still_open = counts.get(client.id, (0, 0))
    return PossibleClient(
        client_id=client.id,
        number=client.number,
        version=client.version,
        child=child_named(client.first_name, client.middle_name, client.last_name),
        dob=client.dob,
        grade=one.grade,
        verdict=one.verdict,
        probability=one.probability,
        household=one.household,
        reasons=cover(one.reasons, hidden),
        cases=cases,
        open_cases=still_open,
        changed_at=client.changed_at,
        group=one.group if twice else None,
        by_ended_file=client.id != one.record_id,
    )


def _possible_referrals(work: Work, person: Person, but: UUID | None) -> tuple[PossibleReferral, ...]:
    found = search_keys.search(work.session, person, kinds=[RecordKind.REFERRAL], limit=6)
    grades = {one.record_id: one for one in found if one.record_id != but}
    visible = queries.visible_referrals(work.actor).where(
        Referral.id.in_(list(grades)), Referral.status.in_(STILL_ASKED)
    )
    referrals = {referral.id: referral for referral in work.session.scalars(visible)}
    return tuple(
        PossibleReferral(
            id=referral.id,
            number=referral.number or "",
            child=reading.child_of(referral),
            agency=reading.agency_named(work, referral.agency_id),
            status=referral.status,
            grade=one.grade,
            verdict=one.verdict,
        )
        for one in found
        if (referral := referrals.get(one.record_id)) is not None
    )


def _listed(typed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in typed.split(",") if part.strip())
