"""Records whose every field holds a value of its own, named after a bird: by its bird each says whose it is.

Robin was sent by Olga, Finch by Peter about the same child, and both were merged; Owl by Lena, restricted to Irene;
Wren is a client on file with a case; Magpie is what the center's people wrote among themselves.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from actions.agency import referrals as own
from actions.center import clients, merges, referrals, restricted, users
from actions.center.users import Details
from actions.work import system_work
from db.tables.people import User
from domain import fields
from domain.fields import Kind, ReferralType
from domain.intake import WalkInChoices
from domain.people import Role
from tests.cast import ANSWERS, Cast, Member, act, send, signed_in

PLAIN = (Kind.TEXT_SHORT, Kind.TEXT_LONG, Kind.NAME, Kind.IDENTIFIER, Kind.LOOKUP)
ROWS = {"caregivers": "0ca0ca01", "household": "0b00b001", "offenders": "0ff0ff01"}
FILLED_IN = {"agency_id"}
BIRDS = ("Robin", "Finch", "Owl", "Wren", "Magpie")
BORN = {"Robin": "2011-03-07", "Finch": "2012-05-19", "Owl": "2013-07-23", "Wren": "2014-09-29"}
PHONES = {"Robin": "505-555-0141", "Finch": "505-555-0142", "Owl": "505-555-0143", "Wren": "505-555-0144"}
KNOWN_TO = {
    "olga": {"Robin"},
    "lena": {"Robin", "Owl"},
    "peter": {"Finch"},
    "irene": set(BIRDS),
    "kim": {"Robin", "Finch", "Wren", "Magpie"},
    "sam": {"Robin", "Finch", "Wren", "Magpie"},
    "ada": set(),
    "una": set(),
    "": set(),
}
"""Whose values each of the cast may see, Kim of the staff and Una the auditor among them; "" is a stranger."""
COUNTIES = ("Robinaddresscounty", "Finchaddresscounty")
"""Names of places that totals may be asked for; of records that anybody of the center may see."""


@dataclass(frozen=True)
class Aviary:
    """The ids of the records, and the two people who came to the cast."""

    robin: UUID
    finch: UUID
    owl: UUID
    result: UUID
    draft: UUID
    client: UUID
    case: UUID
    kim: Member
    una: Member

    @property
    def records(self) -> tuple[UUID, ...]:
        return (self.robin, self.finch, self.owl, self.result, self.draft, self.client)


def answers(bird: str, kind: ReferralType = ReferralType.COMBINED) -> dict[str, object]:
    """A value of this bird's in every field that takes words, a date of birth or a phone number."""
    given: dict[str, object] = {}
    rows: dict[str, dict[str, object]] = {}
    for field in fields.referral(kind):
        if field.name in FILLED_IN:
            continue
        value = _value(bird, field)
        if value is not None:
            place = rows.setdefault(field.group, {}) if field.group else given
            place[field.name] = [value] if field.many else value
    for group, row in rows.items():
        given[group] = [{"row": ROWS[group], **row, **({"ao_access": "no"} if group == "offenders" else {})}]
    return given | {"child_dob": BORN[bird]}


def told(text: str) -> set[str]:
    """Whose values stand in a text: words, birth dates and phone numbers in any way they are written."""
    digits = "".join(sign for sign in text if sign.isdigit() or sign in "-/")
    found = {bird for bird in BIRDS if bird in text}
    found |= {bird for bird, phone in PHONES.items() if phone in text or phone.replace("-", "") in text}
    return found | {bird for bird, born in BORN.items() if any(way in text or way in digits for way in _written(born))}


def bring_in_birds(cast: Cast) -> Aviary:
    """Make all of it, each by the public action of whoever would."""
    kim, una = _member(cast, "kim", Role.STAFF), _member(cast, "una", Role.AUDITOR)
    robin = send(cast.olga, ReferralType.COMBINED, **answers("Robin"))
    finch = send(cast.peter, ReferralType.COMBINED, **answers("Finch"))
    owl = send(cast.lena, ReferralType.COMBINED, **answers("Owl"))
    with act(cast.lena) as work:
        draft = own.start(work, ReferralType.LE).id
    with act(cast.lena) as work:
        own.save_answers(work, draft, {"narrative": "Owldraft was begun.", "child_first_name": "Owldraft"})
    for number, referral_id in enumerate((robin, finch)):
        with act(cast.irene) as work:
            referrals.add_note(work, referral_id, f"Magpienote{number} about this child.")
    client, case = _client(cast)
    result = _merged(cast, robin, finch)
    with act(cast.irene) as work:
        restricted.restrict(work, "referral", owl, [cast.irene.user_id], "Magpiereason: a worker's niece.")
    return Aviary(robin, finch, owl, result, draft, client, case, kim, una)


def _value(bird: str, field: fields.Field) -> object:
    if field.kind in PLAIN:
        return f"{bird}{field.name.replace('_', '')}"
    if field.kind is Kind.PHONE:
        return PHONES[bird]
    return f"{bird.lower()}@example.org" if field.kind is Kind.EMAIL else None


def _client(cast: Cast) -> tuple[UUID, UUID]:
    choices = WalkInChoices(ANSWERS | answers("Wren"), "Magpieoverride: another child.")
    with act(cast.irene) as work:
        clients.keep_walk_in(work, choices)
    with act(cast.irene) as work:
        clients.walk_in_candidates(work)
    with act(cast.irene) as work:
        made = clients.add_walk_in(work, choices, uuid4().hex)
    with act(cast.irene) as work:
        clients.add_note(work, made.client_id, "Magpienote of the file.")
        return made.client_id, clients.read(work, made.client_id).cases[0].id


def _merged(cast: Cast, *sources: UUID) -> UUID:
    with act(cast.irene) as work:
        versions = {one: referrals.read(work, one).version for one in sources}
    with act(cast.irene) as work:
        return merges.merge(work, versions, {}, "Magpiereason: the same child.", uuid4().hex)


def _member(cast: Cast, username: str, role: Role) -> Member:
    with act(cast.ada) as work:
        users.make_user(work, username, Details(f"{username.title()} Larsen"), [role], None)
    with system_work("the tests") as work:
        user = work.session.query(User).filter_by(username=username).one()
        session = signed_in(work, user.id)
        work.record("app.started")
        return Member(user.id, session.id, user.name, None)


def _written(born: str) -> tuple[str, ...]:
    day = datetime.fromisoformat(born).replace(tzinfo=UTC)
    return (born, f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day.year}", f"{day:%B} {day.day}, {day.year}")
