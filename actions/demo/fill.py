"""Fill a new database with an invented desk, through the same actions that people use, from a fixed seed."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from actions.agency import referrals as agency_referrals
from actions.center import clients, imports, merges, referrals
from actions.demo import names, people
from actions.demo.people import Child
from actions.work import demo_work, now, system_work
from db import queries
from db.store import present
from db.tables.people import Agency, Center, User, UserRole
from db.tables.referrals import Referral
from domain import passwords
from domain.door_rules import DoorRules, kept
from domain.fields import ReferralType
from domain.intake import IntakeChoices, Side
from domain.lifecycle import CloseOutcome, DeleteReason, ReturnReason
from domain.matching import Grade
from domain.people import Role
from domain.referrals import Mark
from domain.refusals import Refused

SEED = 2026
FATES = {"import": 16, "return": 6, "close": 4, "delete": 2, "question": 3}
"""What became of the referrals of the past months."""
NOBODY = UUID(int=0)
CLIENTS = 300
PEOPLE = 10
DAYS = 90
ZONE = "America/Denver"
WORDS = (
    "amber birch cedar delta ember fern grove hazel iris juniper kestrel lark maple north olive pine quail river"
).split()


@dataclass(frozen=True)
class DemoAccount:
    """Somebody who can sign in to the demo; the password is new in every demo and printed once."""

    username: str
    password: str
    name: str
    what: str


@dataclass
class Desk:
    """The invented people of the desk while it is being filled."""

    chance: Random
    start: datetime
    staff: list[UUID] = field(default_factory=list)
    supervisor: UUID = NOBODY
    officers: list[tuple[UUID, str]] = field(default_factory=list)
    """User and kind of agency."""
    sent: int = 0


def fill(seed: int = SEED) -> list[DemoAccount]:
    """Make the demo and give back who can sign in; refuses a database that holds anything."""
    with present().reading() as session:
        if session.scalar(queries.center()) is not None:
            raise Refused("This database already holds a center, so no demo is put into it. Name an empty data folder.")
    chance = Random(seed)
    desk = Desk(chance, now() - timedelta(days=DAYS))
    accounts = _people_of_the_desk(desk)
    known = _clients_on_file(desk)
    _referrals_in_every_state(desk, known)
    return accounts


def _people_of_the_desk(desk: Desk) -> list[DemoAccount]:
    accounts: list[DemoAccount] = []
    words = [_password() for _ in range(PEOPLE)]
    unused = list(zip(words, map(passwords.hashed, words), strict=True))
    with system_work("manage.py demo") as work:
        work.session.add(
            Center(
                id=1,
                name="Juniper Child Advocacy Center (demo)",
                time_zone=ZONE,
                on_call_phone="719-555-0100",
                hotline_phone="844-555-0199",
                demo=True,
                settings={"door": kept(DoorRules(second_factor=False))},
                made_at=desk.start,
            )
        )
        agencies = [
            Agency(name=name, kind=kind, team_partner=team, made_at=desk.start) for name, kind, team in names.AGENCIES
        ]
        work.session.add_all(agencies)
        work.session.flush()

        def person(username: str, name: str, what: str, agency: Agency | None, *roles: Role) -> UUID:
            password, password_hash = unused.pop()
            user = User(
                username=username,
                name=name,
                phone="719-555-0142",
                email=f"{username}@example.org",
                agency_id=agency.id if agency else None,
                password_hash=password_hash,
                made_at=desk.start,
            )
            user.roles = [UserRole(user_id=user.id, role=role) for role in roles]
            work.session.add(user)
            accounts.append(DemoAccount(username, password, name, what))
            return user.id

        person("ada", "Ada Lund", "administrator", None, Role.ADMINISTRATOR)
        desk.supervisor = person("sam", "Sam Okafor", "supervisor", None, Role.SUPERVISOR)
        desk.staff = [
            person("irene", "Irene Vega", "intake staff", None, Role.STAFF),
            person("kim", "Kim Larsen", "intake staff", None, Role.STAFF),
        ]
        person("una", "Una Frost", "auditor, read-only", None, Role.AUDITOR)
        officers = (
            ("olga", "Olga Ruiz", agencies[0], (Role.REFERRAL_USER,)),
            ("lena", "Lena Marsh", agencies[0], (Role.REFERRAL_USER, Role.AGENCY_LEAD)),
            ("peter", "Peter Hall", agencies[2], (Role.REFERRAL_USER,)),
            ("nina", "Nina Castro", agencies[4], (Role.REFERRAL_USER,)),
            ("dan", "Dan Whitaker", agencies[5], (Role.REFERRAL_USER,)),
        )
        for username, name, agency, roles in officers:
            lead = ", leads the agency" if Role.AGENCY_LEAD in roles else ""
            desk.officers.append((person(username, name, f"{agency.name}{lead}", agency, *roles), agency.kind))
        work.record("center.demo_made", "center")
    return accounts


def _password() -> str:
    return "-".join(secrets.choice(WORDS) for _ in range(4)) + f"-{secrets.randbelow(90) + 10}"


def _clients_on_file(desk: Desk) -> list[Child]:
    """Three hundred clients, every tenth with a brother or sister, every thirtieth a twin."""
    today = desk.start.date()
    known: list[Child] = []
    while len(known) < CLIENTS:
        first = people.child(desk.chance, today)
        known.append(first)
        if len(known) % 30 == 0:
            known.append(people.twin(desk.chance, first))
        elif len(known) % 10 == 0:
            known.append(people.sibling(desk.chance, first))
    with demo_work(desk.supervisor, desk.start) as work:
        clients.load_clients(work, [people.profile(child) for child in known[:CLIENTS]])
    return known[:CLIENTS]


def _referrals_in_every_state(desk: Desk, known: list[Child]) -> None:
    """Sixty referrals over ninety days: most of strangers, some of known children, twins, siblings and doubles."""
    chance = desk.chance
    fates = [fate for fate, times in FATES.items() for _ in range(times)]
    chance.shuffle(fates)
    for number, fate in enumerate(fates):
        child = chance.choice(known) if chance.random() < 0.3 else people.child(chance, desk.start.date())
        at = desk.start + timedelta(days=2 + number * (DAYS - 12) / len(fates), hours=chance.randint(8, 18))
        _one_life(desk, child, at, fate)
    _waiting_today(desk, known)


def _one_life(desk: Desk, child: Child, at: datetime, fate: str) -> None:
    chance = desk.chance
    referral_id = _send(desk, child, at)
    then = at + timedelta(hours=chance.randint(2, 50))
    if fate == "return":
        _return(desk, referral_id, then)
        if chance.random() < 0.8:
            _send_again(desk, referral_id, then + timedelta(hours=chance.randint(3, 60)))
            _import(desk, referral_id, then + timedelta(hours=70))
    elif fate == "close":
        with demo_work(_staff(desk), then) as work:
            outcome = chance.choice(
                [CloseOutcome.OTHER_JURISDICTION, CloseOutcome.NOT_ELIGIBLE, CloseOutcome.CONSULT_ONLY]
            )
            referrals.close(work, referral_id, _version(work, referral_id), outcome, "Spoke with the agency by phone.")
    elif fate == "delete":
        with demo_work(_staff(desk), then) as work:
            referrals.delete(work, referral_id, _version(work, referral_id), DeleteReason.TEST, "A test by the agency.")
    elif fate == "question":
        with demo_work(_staff(desk), then) as work:
            referrals.ask(work, referral_id, "Which adult will bring the child, and is that adult safe to call?")
        _import(desk, referral_id, then + timedelta(hours=30))
    else:
        _import(desk, referral_id, then)


def _waiting_today(desk: Desk, known: list[Child]) -> None:
    """What a visitor of the demo finds waiting: every hard case of the match once, and a merge done and one to do."""
    chance, today = desk.chance, now()
    stranger = people.child(chance, today.date())
    double, merged = people.child(chance, today.date()), people.child(chance, today.date())
    with_twin = chance.choice(known)
    story = [
        (people.mistyped(chance, chance.choice(known)), 66, None, "emergency"),
        (chance.choice(known), 60, None, "urgent"),
        (stranger, 70, None, "urgent"),
        (people.twin(chance, with_twin), 52, None, "urgent"),
        (people.sibling(chance, chance.choice(known)), 47, None, "routine"),
        (double, 45, "le", "urgent"),
        (people.mistyped(chance, double), 40, "cps", "urgent"),
        (merged, 38, "le", "urgent"),
        (people.mistyped(chance, merged), 36, "cps", "routine"),
        (people.child(chance, today.date()), 30, None, "routine"),
        (people.child(chance, today.date()), 20, None, "routine"),
        (people.child(chance, today.date()), 4, None, "routine"),
    ]
    ids = [_send(desk, child, today - timedelta(hours=hours), kind, urgency) for child, hours, kind, urgency in story]
    _return(desk, ids[9], today - timedelta(hours=12))
    with demo_work(_staff(desk), today - timedelta(hours=3)) as work:
        sources = {referral_id: _version(work, referral_id) for referral_id in (ids[7], ids[8])}
        said = "The sheriff and child services wrote about the same child."
        merges.merge(work, sources, {}, said, key=f"demo-merge-{desk.sent}")
    with demo_work(_staff(desk), today - timedelta(hours=2)) as work:
        referrals.ask(work, ids[4], "Does the sister live in the same home? Then we would like to see her too.")
    _leave_a_draft(desk, people.child(chance, today.date()), today - timedelta(hours=1))
    for _ in range(16):
        child = chance.choice(known) if chance.random() < 0.25 else people.child(chance, today.date())
        _send(desk, child, today - timedelta(hours=chance.randint(1, 90)))


def _leave_a_draft(desk: Desk, child: Child, at: datetime) -> None:
    officer, _kind = desk.officers[0]
    with demo_work(officer, at) as work:
        draft = agency_referrals.start(work, ReferralType.LE)
        begun = {"child_first_name": child.first, "child_last_name": child.last, "urgency": "urgent"}
        agency_referrals.save_answers(work, draft.id, begun)


def _send(desk: Desk, child: Child, at: datetime, kind: str | None = None, urgency: str = "") -> UUID:
    officers = [officer for officer in desk.officers if kind in (None, officer[1])]
    officer, agency_kind = desk.chance.choice(officers)
    form = {"le": ReferralType.LE, "cps": ReferralType.CPS}.get(agency_kind, ReferralType.CLIENT)
    desk.sent += 1
    with demo_work(officer, at) as work:
        draft = agency_referrals.start(work, form)
        there = at.astimezone(ZoneInfo(ZONE)).date()
        answers = people.answers(desk.chance, child, form, there, desk.sent)
        answers["urgency"] = urgency or answers["urgency"]
        agency_referrals.save_answers(work, draft.id, answers)
        work.session.flush()
        draft = agency_referrals.read_draft(work, draft.id)
        agency_referrals.submit(work, draft.id, draft.version)
    return draft.id


def _return(desk: Desk, referral_id: UUID, at: datetime) -> None:
    marks = [Mark("child_school", "Which school, please?"), Mark("address_line1", "Is the apartment number missing?")]
    with demo_work(_staff(desk), at) as work:
        referrals.return_to_agency(
            work,
            referral_id,
            _version(work, referral_id),
            ReturnReason.MISSING_INFORMATION,
            "We cannot find the family without the school and the full address.",
            marks,
        )


def _send_again(desk: Desk, referral_id: UUID, at: datetime) -> None:
    with demo_work(_sender(referral_id), at) as work:
        changes: dict[str, Any] = {"child_school": desk.chance.choice(names.SCHOOLS)}
        agency_referrals.save_answers(work, referral_id, changes)
        work.session.flush()
        draft = agency_referrals.read_draft(work, referral_id)
        agency_referrals.submit(work, draft.id, draft.version)


def _import(desk: Desk, referral_id: UUID, at: datetime) -> None:
    """Import as a careful clerk would: to the client who is very likely this child, else as a new one."""
    with demo_work(_staff(desk), at) as work:
        possible = imports.candidates(work, referral_id)
        best = possible.found[0] if possible.found and possible.found[0].grade is Grade.VERY_LIKELY else None
        chosen = IntakeChoices().for_client(best.client_id if best else None, 0)
        if best is None and possible.strong:
            chosen = replace(chosen, override_reason="Another child of the same home: other first name and birth date.")
        imports.keep_intake(work, referral_id, chosen)
        work.session.flush()
        view = imports.intake_of(work, referral_id)
        unsettled = (*view.file.unsettled({}), *view.occurrence.unsettled({}))
        settled = {each.key: Side.FILE for each in unsettled}
        chosen = replace(chosen, client_version=view.client_version, settled=settled)
        imports.save_intake(work, referral_id, view.version, chosen, key=f"demo-import-{referral_id}"[:64])


def _staff(desk: Desk) -> UUID:
    return desk.chance.choice(desk.staff)


def _sender(referral_id: UUID) -> UUID:
    with present().reading() as session:
        referral = session.get_one(Referral, referral_id)
        return referral.made_by


def _version(work: Any, referral_id: UUID) -> int:
    version: int = referrals.read(work, referral_id).version
    return version
