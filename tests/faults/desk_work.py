"""Whole acts at the desk, one transaction after another, and what must be true of the store after any of them."""

import os
import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from actions.agency import referrals as agency
from actions.center import imports, merges, referrals
from actions.work import working
from db import audit
from db import store as stores
from db.tables.clients import Case, Client, ClientVersion
from db.tables.referrals import ImportDecision, MergeSource, Referral, StatusChange
from domain import fields
from domain.fields import ReferralType
from domain.intake import IntakeChoices
from domain.lifecycle import CloseOutcome, DeleteReason, ReturnReason, Status
from tests.cast import ANSWERS, Member

NEW_CLIENT = IntakeChoices(decided=True, override_reason="Another child of the same name.")


def a_child() -> dict[str, Any]:
    """Somebody whom nobody on file resembles."""
    word = "".join(random.choice("bcdfghjklmnprstvwz") + random.choice("aeiou") for _ in range(4))
    born = date(2009, 1, 1) + timedelta(days=random.randrange(4000))
    return {"child_first_name": word.title(), "child_last_name": word[::-1].title(), "child_dob": born.isoformat()}


def sent(member: Member, **answers):
    """Start, answer and send a referral in one transaction; its id. Quicker than a person, and the same acts."""
    return sent_many(member, [answers])[0]


def sent_many(member: Member, children: Iterable[dict[str, Any]]) -> list[UUID]:
    """Send one referral about each child, all in one transaction; their ids."""
    asked = {field.group or field.name for field in fields.referral(ReferralType.LE)}
    ids = []
    with working(member.session_id) as work:
        for child in children:
            draft = agency.start(work, ReferralType.LE)
            wanted = {name: value for name, value in (ANSWERS | child).items() if name in asked}
            agency.save_answers(work, draft.id, wanted)
            agency.submit(work, draft.id, draft.version)
            ids.append(draft.id)
    return ids


def look_for_clients(member, referral_ids):
    with working(member.session_id) as work:
        for referral_id in referral_ids:
            imports.candidates(work, referral_id)


def versions(store, referral_ids):
    """What somebody who looks at these referrals now sees, at once for all."""
    with store.reading() as session:
        found = session.execute(select(Referral.id, Referral.version).where(Referral.id.in_(list(referral_ids))))
        return {row.id: row.version for row in found}


def version(member, referral_id):
    with working(member.session_id) as work:
        return referrals.read(work, referral_id).version


def look_for_client(member, referral_id):
    with working(member.session_id) as work:
        imports.candidates(work, referral_id)


def save(member, referral_id, seen):
    with working(member.session_id) as work:
        return imports.save_intake(work, referral_id, seen, NEW_CLIENT, uuid4().hex)


def bring_in_client(member, referral_id):
    look_for_client(member, referral_id)
    return save(member, referral_id, version(member, referral_id))


def merge(member, seen):
    with working(member.session_id) as work:
        return merges.merge(work, seen, {}, "Same child.", uuid4().hex)


def merge_two(member, first, second):
    with working(member.session_id) as work:
        merges.propose(work, [first, second])
    return merge(member, {each: version(member, each) for each in (first, second)})


def undo_merge(member, result_id, seen):
    with working(member.session_id) as work:
        return merges.undo_merge(work, result_id, seen, "Two children after all.")


def undo_import(member, referral_id, seen=None):
    """As somebody who looks at the import at this moment, or who saw it as it was."""
    with working(member.session_id) as work:
        seen = referrals.read(work, referral_id).version if seen is None else seen
        imports.undo_import(work, referral_id, seen, "The wrong child.")


def reject(member, referral_id, seen):
    with working(member.session_id) as work:
        referrals.return_to_agency(work, referral_id, seen, ReturnReason.UNCLEAR, "Please say more.", [])


def close(member, referral_id, seen):
    with working(member.session_id) as work:
        referrals.close(work, referral_id, seen, CloseOutcome.CONSULT_ONLY, "Advice given by phone.")


def delete(member, referral_id, seen):
    with working(member.session_id) as work:
        referrals.delete(work, referral_id, seen, DeleteReason.TEST, "A test.")


def restore(member, referral_id, seen):
    with working(member.session_id) as work:
        referrals.restore(work, referral_id, seen)


def resubmit(member, referral_id, seen=None):
    """As somebody who looks at the returned referral at this moment, or who saw it as it was."""
    with working(member.session_id) as work:
        now = agency.read_draft(work, referral_id).version
        agency.submit(work, referral_id, now if seen is None else seen)


def work_until_killed(cast, told):
    """Send, import, merge and delete in any order for ever; say each act only after it was acknowledged."""

    def tell(what, record_id):
        os.write(told, f"{what} {record_id}\n".encode())

    random.seed()  # forked from one process, all of them would choose alike
    waiting = left_waiting()
    while True:
        act_now = random.choice(["send", "import", "merge", "delete"])
        if act_now == "send" or len(waiting) < 2:
            waiting.append(sent(random.choice([cast.olga, cast.peter])))
            tell("sent", waiting[-1])
            continue
        first, second = waiting.pop(), waiting.pop()
        if act_now == "import":
            tell("client", bring_in_client(cast.irene, first).client_id)
        elif act_now == "merge":
            tell("sent", merge_two(cast.irene, first, second))
        else:
            delete(cast.irene, first, version(cast.irene, first))
            tell("deleted", first)


def left_waiting():
    """Referrals in the queue that an earlier process left there."""
    with stores.present().reading() as session:
        found = list(session.scalars(select(Referral.id).where(Referral.status == Status.SUBMITTED)))
    random.shuffle(found)
    return found


def acknowledged(path):
    """What the killed process had said: (what, id as text), whole lines only."""
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return [tuple(line.split()) for line in lines]


def missing(store, said):
    """Acknowledged acts that the store does not know."""
    with store.reading() as session:
        known = {
            "sent": {str(each) for each in session.scalars(select(Referral.id).where(Referral.number.is_not(None)))},
            "client": {str(each) for each in session.scalars(select(Client.id))},
            "deleted": {
                str(each) for each in session.scalars(select(Referral.id).where(Referral.status == Status.DELETED))
            },
        }
    return [(what, record_id) for what, record_id in said if record_id not in known[what]]


def torn(store):
    """Everything in the store that could only come from half an act; nothing when all is whole."""
    with store.reading() as session:
        found = []
        if store.is_sqlite:
            found += [
                row[0] for row in session.connection().exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"
            ]
            found += [str(row) for row in session.connection().exec_driver_sql("PRAGMA foreign_key_check")]
        broken = audit.first_broken(session)
        found += [f"audit entry {broken}"] if broken else []
        return found + _torn_histories(session) + _torn_decisions(session)


def _torn_histories(session):
    steps = defaultdict(list)
    for change in session.scalars(select(StatusChange).order_by(StatusChange.referral_id, StatusChange.ordinal)):
        steps[change.referral_id].append(change)
    found = []
    for referral in session.scalars(select(Referral).where(Referral.status != Status.DRAFT)):
        taken = steps[referral.id]
        if [change.ordinal for change in taken] != list(range(1, referral.steps + 1)):
            found.append(f"{referral.number}: {referral.steps} steps, {len(taken)} rows")
        elif taken[-1].to_status is not referral.status:
            found.append(f"{referral.number}: {referral.status}, history says {taken[-1].to_status}")
    return found


def _torn_decisions(session):
    standing = defaultdict(list)
    for decision in session.scalars(select(ImportDecision).where(ImportDecision.undone_at.is_(None))):
        standing[decision.referral_id].append(decision)
    clients = {client.id: client for client in session.scalars(select(Client))}
    cases = set(session.scalars(select(Case.id)))
    versions = set(session.scalars(select(ClientVersion.client_id)))
    merged = set(session.scalars(select(MergeSource.referral_id)))
    found = []
    for referral in session.scalars(select(Referral)):
        decisions = standing[referral.id]
        if len(decisions) != (referral.status is Status.IMPORTED):
            found.append(f"{referral.number}: {referral.status} with {len(decisions)} standing imports")
        found += [
            f"{referral.number}: its client or case is missing"
            for decision in decisions
            if decision.client_id not in clients or decision.case_id not in cases
        ]
        if referral.status is Status.MERGED and (referral.id not in merged or referral.merged_into_id is None):
            found.append(f"{referral.number}: merged into nothing")
    return found + [f"{client.number}: no file" for client in clients.values() if client.id not in versions]
