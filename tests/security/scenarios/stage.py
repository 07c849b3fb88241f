"""What every scenario acts on: a center with its cast, and one act that is first tried with a trail nobody can write.

A scenario is one line of a table in this folder, such as

    Told("referral.viewed", "irene", "referral", lambda s: s.does(referrals.read, s.sent())),

read as: Irene, in an act about a referral, does `referrals.read`; the trail then tells `referral.viewed` of it.
`act` prepares with the other methods, does the one act with `does` (or `tries`, where it is no action of somebody
signed in) and gives the id of the record that the entry must name. To add an event: add it to `domain/events.py`,
and one such line to the table of its noun. `tests/security/test_events.py` fails until both are there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import event, select

from actions import accounts
from actions.accounts import Visitor
from actions.center import agencies, clients, imports, merges, referrals, users
from actions.work import working
from db import audit
from db.model import Base
from db.store import Store
from db.tables.audit import AuditEntry
from domain.fields import ReferralType
from domain.intake import IntakeChoices, WalkInChoices
from domain.people import Role
from domain.refusals import Refused
from tests.cast import Cast, Member, act, send
from tests.keeping import proven

WORD = "correct horse battery staple"
HERE = Visitor("10.1.1.1", "Chrome")
NOBODY = "Somebody not signed in"
BOOKED_BEFORE = {"attempt"}
"""Guesses are booked before they are checked, in a transaction of their own; they are no act of anybody."""


@dataclass(frozen=True)
class Told:
    """One event, who is to stand in the trail for it, about which kind of record, and the act that writes it."""

    event: str
    by: str
    """One of the cast, or the name under which the desk itself acts."""
    kind: str
    act: Callable[["Stage"], UUID | None]
    result: str = "ok"


class Unwritable(Exception):
    """The trail could not be written."""


@dataclass
class Stage:
    """A center where one scenario after another is played."""

    cast: Cast
    store: Store
    folder: Path
    by: str = ""
    refuses: bool = False
    """Whether the act is to be refused."""
    since: int = 0
    gave: Any = None
    """What the act gave back."""
    numbers: Iterator[int] = field(default_factory=count)
    told: list[AuditEntry] = field(default_factory=list)

    # The trail

    def keep_what_is_told(self, store: Store | None = None) -> list[AuditEntry]:
        """What the trail of this store tells since the act began."""
        with (store or self.store).reading() as session:
            found = select(AuditEntry).where(AuditEntry.seq > self.since).order_by(AuditEntry.seq)
            self.told = [*session.scalars(found)]
            session.expunge_all()
        return self.told

    # The act

    @property
    def me(self) -> Member:
        """Whoever acts in this scenario."""
        return getattr(self.cast, self.by)

    def does(self, action: Callable, *given, session: UUID | None = None, **more) -> UUID | None:
        """The person of this scenario does it; gives the id of the record it was called with."""

        def carry_out():
            with working(session or self.me.session_id) as work:
                return action(work, *given, **more)

        if session is None:
            proven(self.me)
        self.gave = self.tries(carry_out)
        return next((one for one in given if isinstance(one, UUID)), None)

    def tries(self, deed: Callable[[], object]) -> object:
        """Do it with a trail that cannot be written: nothing happens. Then do it with one that can."""
        before = contents(self.store)
        with unwritable_trail():
            try:
                deed()
            except Unwritable:
                pass
            else:
                raise AssertionError(f"{self.by} did it although the trail could not be written")
        assert contents(self.store) == before, "something was kept although the trail could not be written"
        return self.only(deed)

    def only(self, deed: Callable[[], object]) -> object:
        """Do it; for what no transaction of ours could take back, such as a file that was written."""
        with self.store.reading() as session:
            self.since = audit.last(session)[0]
        try:
            return deed()
        except Refused:
            if not self.refuses:
                raise
            return None

    # Preparations

    def word(self) -> str:
        """A name that nobody had before."""
        return f"name{next(self.numbers)}"

    def sent(self, who: str = "olga", kind: ReferralType = ReferralType.LE, **answers) -> UUID:
        """A referral in the queue."""
        return send(getattr(self.cast, who), kind, **answers)

    def as_(self, who: str):
        """Work as one of the cast, to prepare."""
        return act(getattr(self.cast, who))

    def done(self, who: str, action: Callable, *given, **more):
        """Something that was done before."""
        with self.as_(who) as work:
            return action(work, *given, **more)

    def version(self, referral_id: UUID) -> int:
        """The version that the center's people see now."""
        return self.done("irene", referrals.read, referral_id).version

    def seen(self, referral_id: UUID) -> tuple[UUID, int]:
        """A referral with its version, as most acts take it."""
        return referral_id, self.version(referral_id)

    def client(self) -> UUID:
        """A client on file, who walked in."""
        return self.walked_in().client_id

    def walked_in(self):
        """A client with a first case."""
        choices = self.searched_walk_in()
        return self.done("irene", clients.add_walk_in, choices, uuid4().hex)

    def searched_walk_in(self) -> WalkInChoices:
        """Somebody at the door who was looked for and is ready to be added."""
        given = {"child_first_name": f"Q{uuid4().hex[:7]}", "child_last_name": f"Z{uuid4().hex[:7]}"}
        choices = WalkInChoices({**given, "allegation_types": ["neglect"]}, "Nobody on file is this child.")
        self.done("irene", clients.keep_walk_in, choices)
        self.done("irene", clients.walk_in_candidates)
        return choices

    def case(self) -> tuple[UUID, int]:
        """An open case with its version."""
        file = self.done("irene", clients.read, self.client())
        return file.cases[0].id, file.cases[0].version

    def ready(self, client_id: UUID | None = None, **answers) -> tuple[UUID, int, IntakeChoices, str]:
        """What `save_intake` takes: a referral whose child was looked for, as a new client or to this one."""
        answers = answers or {"child_first_name": f"Q{uuid4().hex[:7]}", "child_last_name": f"Z{uuid4().hex[:7]}"}
        referral_id = self.sent(**answers)
        self.done("irene", imports.candidates, referral_id)
        choices = IntakeChoices(decided=True, override_reason="Nobody on file is this child.")
        if client_id is not None:
            picked = IntakeChoices().for_client(client_id, self.done("irene", clients.read, client_id).version)
            self.done("irene", imports.keep_intake, referral_id, picked)
            choices = self.done("irene", imports.intake_of, referral_id).choices
        return referral_id, self.version(referral_id), choices, uuid4().hex

    def imported(self) -> UUID:
        """A referral that became a client."""
        ready = self.ready()
        self.done("irene", imports.save_intake, *ready)
        return ready[0]

    def two(self) -> dict[UUID, int]:
        """Two referrals about one child, each with its version."""
        name = {"child_first_name": f"Q{uuid4().hex[:7]}", "child_last_name": f"Z{uuid4().hex[:7]}"}
        return dict([self.seen(self.sent("olga", **name)), self.seen(self.sent("peter", **name))])

    def merged(self) -> UUID:
        """The result of a merge."""
        return self.done("irene", merges.merge, self.two(), {}, "The same child.", uuid4().hex)

    def user(self, *roles: Role):
        """Somebody new at the center, as the list of users shows them."""
        name = self.word()
        self.done("ada", users.make_user, name, users.Details("Tomas Reyes"), roles or [Role.STAFF], None)
        return self.listed(name)

    def listed(self, username: str):
        """A line of the list of users."""
        return next(one for one in self.done("ada", users.users) if one.username == username)

    def agency(self) -> tuple[UUID, int]:
        """A new agency with its version."""
        made = self.done("ada", agencies.make_agency, f"Agency {self.word()}", "le")
        return made, 1

    def signed_in(self, who: str) -> UUID:
        """A session that really began at the door, with its id."""
        opened = accounts.redeem(accounts.sign_in(who, WORD, HERE).ticket, HERE)
        return accounts.recognise(opened.token).session_id


@contextmanager
def unwritable_trail() -> Iterator[None]:
    """Let every insert of an entry fail, as a full disk or a broken table would."""

    def fail(*_):
        raise Unwritable

    event.listen(AuditEntry, "before_insert", fail)
    try:
        yield
    finally:
        event.remove(AuditEntry, "before_insert", fail)


def contents(store: Store) -> dict[str, list[str]]:
    """Every row of every table as the database gives it, but guesses."""
    with store.reading() as session:
        connection = session.connection()
        return {
            table.name: sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{table.name}"').cursor.fetchall()))
            for table in Base.metadata.sorted_tables
            if table.name not in BOOKED_BEFORE
        }
