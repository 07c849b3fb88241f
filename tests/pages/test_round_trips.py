"""How many questions each page asks the database: a pinned number, at most thirty, and no more for a longer list.

A page that is not in the table fails; so does one whose number has changed. Where that is meant, write the new number.
"""

from collections import Counter
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from actions import desk
from actions.agency import referrals as agency
from actions.center import imports
from actions.work import system_work
from db.tables.people import User, UserRole
from domain.fields import ReferralType
from domain.intake import IntakeChoices
from domain.people import Role
from domain.statistics import Part
from tests.browser.demo import screens
from tests.cast import act, send
from tests.conftest import on_sqlite
from tests.faults import desk_work

MOST = 30
QUESTIONS = {
    "new_referral": 19,
    "my_referrals": 21,
    "write_referral": 16,
    "check_referral": 26,
    "receipt": 27,
    "sent_referral": 29,
    "agency_statistics": 2,
    "queue": 8,
    "phone_in": 8,
    "referral": 29,
    "print_referral": 16,
    "merge_referrals": 24,
    "import_referral": 7,
    "intake": 14,
    "clients": 6,
    "walk_in": 9,
    "load_clients": 7,
    "client": 29,
    "merge_clients": 29,
    "emergency": 9,
    "desk_counts": 10,
    "statistics": 10,
    "totals": 10,
    "users": 14,
    "agencies": 8,
    "center": 11,
    "audit_trail": 20,
    "retention": 24,
    "health": 26,
    "who_may": 7,
    "account": 22,
}
OVER: set[str] = set()
"""Pages that still ask more than they should; none may join them."""
LISTS = ("my_referrals", "queue", "clients", "statistics", "audit_trail", "users", "agencies")


@contextmanager
def asking(store):
    """Count what goes to the database in a block; the transaction's own words and catalogues do not count."""
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA")) and "pg_" not in statement:
            asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield asked
    event.remove(store.engine, "before_cursor_execute", note)


def questions(open_page, store, member, screen, **query):
    with asking(store) as asked:
        page = open_page(member, screen, **query)
    assert not page.exception, f"{screen}: {page.exception}"
    return asked


def in_short(asked):
    """Which tables are asked how often."""
    tables = [
        " ".join(statement.split()).partition(" FROM ")[2].split()[0] if "FROM " in statement else statement[:40]
        for statement in asked
    ]
    return f"{len(asked)} questions: {Counter(tables).most_common()}"


def opener_of(screen, cast):
    """The first of the cast whose role opens a screen."""
    return next((getattr(cast, name) for name in ("olga", "irene", "sam", "ada") if screen.open_to(name)), cast.lena)


def an_auditor(member):
    """Make an auditor of somebody: for the screens that nobody else of the cast may open."""
    with system_work("the tests") as work:
        user = work.session.get(User, member.user_id)
        user.roles, user.agency_id = [UserRole(user_id=user.id, role=Role.AUDITOR)], None
        work.record("user.updated", "user", user.id)


def records(cast):
    """What each screen's address names where it is about one record."""
    sent, other = send(cast.olga), send(cast.peter)
    desk_work.look_for_client(cast.irene, sent)
    with act(cast.irene) as work:
        imports.keep_intake(work, sent, IntakeChoices(decided=True))
    with act(cast.olga) as work:
        draft = agency.start(work, ReferralType.LE).id
    client, second = (desk_work.bring_in_client(cast.irene, send(cast.olga)).client_id for _ in range(2))
    mine, theirs = {"r": str(draft)}, {"r": str(sent)}
    return {
        "write_referral": mine,
        "check_referral": mine,
        "receipt": theirs,
        "sent_referral": theirs,
        "referral": theirs,
        "print_referral": theirs,
        "merge_referrals": {"r": f"{sent},{other}"},
        "import_referral": theirs,
        "intake": theirs,
        "client": {"c": str(client)},
        "merge_clients": {"c": f"{client},{second}"},
    }


def test_every_page_asks_its_few_questions(store, cast, open_page, monkeypatch):
    # What stands above the door is read again every two seconds: once is enough here, or the numbers would waver.
    monkeypatch.setattr(desk, "FRESH_SECONDS", 3600)
    desk.desk()
    an_auditor(cast.lena)
    named = records(cast)
    for screen in screens():
        if screen.address in named:  # the first look at a record is written down; the next ones are counted
            open_page(opener_of(screen, cast), screen.address, **named[screen.address])
    asked = {
        screen.address: questions(
            open_page, store, opener_of(screen, cast), screen.address, **named.get(screen.address, {})
        )
        for screen in screens()
    }

    counted = {address: len(each) for address, each in asked.items()}
    changed = [address for address in counted if counted[address] != QUESTIONS.get(address)]
    assert changed == [], "\n".join(f"{address}: {in_short(asked[address])}" for address in changed)
    assert set(counted) == set(QUESTIONS)
    assert {address for address, count in counted.items() if count > MOST} == OVER


@on_sqlite
@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_as_much_for_three_rows_as_for_twelve(address, store, cast, open_page):
    (screen,) = [each for each in screens() if each.address == address]
    member = opener_of(screen, cast)
    open_page(member, address)
    # Both looks are the first after something was sent: what is kept for the numbers is brought up to date.
    desk_work.sent_many(cast.olga, [{}] * 3)
    short = questions(open_page, store, member, address)
    desk_work.sent_many(cast.olga, [{}] * 9)
    long = questions(open_page, store, member, address)

    assert len(long) <= len(short) + 1, in_short(long)


@on_sqlite
@pytest.mark.parametrize(
    ("address", "part"),
    [("desk_counts", Part.NOW), ("totals", Part.INTAKE), *(("statistics", part) for part in Part)],
)
def test_the_first_look_at_the_numbers_after_a_start_asks_few_questions(address, part, store, cast, open_page):
    (screen,) = [each for each in screens() if each.address == address]
    desk_work.bring_in_client(cast.irene, desk_work.sent(cast.olga))

    asked = questions(open_page, store, opener_of(screen, cast), address, part=part.value)

    assert len(asked) <= MOST, in_short(asked)


@on_sqlite
def test_the_search_at_import_asks_few_questions(store, cast, open_page):
    send(cast.olga)
    named = {"r": str(send(cast.olga))}
    open_page(cast.irene, "import_referral", **named)

    asked = questions(open_page, store, cast.irene, "import_referral", **named)

    assert len(asked) <= MOST, in_short(asked)
