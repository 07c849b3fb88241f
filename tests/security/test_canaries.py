"""A value of its own in every field of every record: nobody's screens, words or exports hold one that is not theirs."""

import asyncio
import importlib
import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from re import sub

import pytest
from sqlalchemy import event, update
from starlette.routing import Route

from actions.agency import referrals as own
from actions.center import audit_trail, clients, merges, queue, referrals
from actions.center.audit_trail import Wanted
from actions.work import ACTIONS, system_work, working
from db import queries
from db.tables.audit import AuditEntry
from db.tables.referrals import Submission
from domain.fields import ReferralType
from domain.permissions import GRANTS, may
from domain.referrals import QueueFilter
from domain.refusals import Refused
from tests.cast import ANSWERS, act, answers_for, send
from tests.security.birds import COUNTIES, KNOWN_TO, Aviary, answers, bring_in_birds, told
from tests.security.desk import Browser, Inhabited, drawn, inhabited_desk, rerun, run_of
from tests.security.samples import call
from tests.security.test_matrix import action
from web import faults
from web.routes import routes


@pytest.fixture
def two(sent_referral, olga, peter):
    """Olga's and Peter's referrals of the same child, each with its own canaries."""
    return (
        sent_referral(olga, ReferralType.COMBINED, **answers("Robin")),
        sent_referral(peter, ReferralType.COMBINED, **answers("Finch")),
    )


def written(value):
    """What an action gave, as text; a workbook is opened."""
    if isinstance(value, bytes) and zipfile.is_zipfile(io.BytesIO(value)):
        with zipfile.ZipFile(io.BytesIO(value)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return repr(value)


def said_to(member, records):
    """Everything that actions give this person about these records, as one text, refusals included.

    Actions that the person's roles do not have refuse before they read anything: test_matrix.py tries those.
    """
    said = []
    with working(member.session_id) as work:
        theirs = [name for name, permission in ACTIONS.items() if may(work.actor, permission)]
    for name in theirs:
        for record in records:
            try:
                with working(member.session_id) as work:
                    said.append(written(call(action(name), work, record)))
                    raise StopIteration
            except (Refused, StopIteration) as word:
                said.append(str(word))
            except Exception as error:  # noqa: BLE001  (what sample values break is not asked here; what it says is)
                said.append(repr(error))
    return "\n".join(said)


def test_no_action_tells_an_agency_a_word_of_anothers_referral(two, olga, lena, peter):
    for member, theirs, foreign in ((olga, "Robin", "Finch"), (lena, "Robin", "Finch"), (peter, "Finch", "Robin")):
        said = said_to(member, two)
        assert foreign not in said, member.name
        assert theirs in said, "the control: their own words are there for them"


def test_no_action_tells_an_administrator_a_childs_word(two, ada):
    said = said_to(ada, two)

    assert "Robin" not in said
    assert "Finch" not in said


def test_after_a_merge_an_agency_sees_its_own_part_and_no_merge(two, as_, olga, peter, irene):
    with as_(irene) as work:
        view = merges.propose(work, two)
        versions = {source.id: source.version for source in view.sources}
        merges.merge(work, versions, {}, "The same child.", "a-key-of-this-test")

    for member, mine, foreign in ((olga, two[0], "Finch"), (peter, two[1], "Robin")):
        with as_(member) as work:
            seen = repr(own.read_own(work, mine)) + repr(own.mine(work)) + repr(own.receipt(work, mine))
        assert foreign not in seen
        assert "merge" not in seen.casefold()


def test_the_trail_and_its_export_hold_no_canary(two, as_, sam, irene):
    with as_(irene) as work:
        referrals.read(work, two[0])
        referrals.add_note(work, two[0], "Robinnote about the child")

    with as_(sam) as work:
        trail = audit_trail.export(work, Wanted()).decode()

    assert "Robin" not in trail
    assert "Finch" not in trail


def test_known_and_unknown_children_answer_an_agency_alike(sent_referral, as_, olga, peter, irene):
    """28 CFR 94.115: whether a child was known is not told."""
    sent_referral(peter, child_first_name="Robin", child_last_name="Known")
    answers = []
    for first, last in (("Robin", "Known"), ("Wholly", "Unheardof")):
        referral_id = sent_referral(olga, child_first_name=first, child_last_name=last)
        with as_(olga) as work:
            told = repr((own.read_own(work, referral_id), own.receipt(work, referral_id)))
        for word in (first, last, first[0] + last[0], f"{first[0]}. {last[0]}.", f"{first[0]}.{last[0]}."):
            told = told.replace(word, "*")
        answers.append(told)

    alike = [sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|R-\d\d-\d{4}|datetime\([^)]*\)|\d+", "#", one) for one in answers]
    assert alike[0] == alike[1]


def test_every_permission_is_granted_to_somebody():
    assert all(GRANTS.values())


# Every screen and route of a running desk


@pytest.fixture(scope="module")
def aviary(tmp_path_factory):
    """A running desk with records whose every field says whose it is."""
    with inhabited_desk(tmp_path_factory.mktemp("birds")) as running:
        with running.inside():
            birds = bring_in_birds(running.cast)
        yield running, birds


SCREENS = importlib.import_module("tests.security.test_door").ADDRESSES
SIGN_IN = importlib.import_module("tests.security.test_door").SIGN_IN
OF_A_RECORD = (
    "write_referral",
    "check_referral",
    "receipt",
    "sent_referral",
    "phone_in",
    "referral",
    "merge_referrals",
    "import_referral",
    "intake",
    "client",
    "merge_clients",
    "walk_in",
)
WRONG = "Something went wrong"
INNARDS = ("Traceback", ".py", "Error:", "JSONDecode", "site-packages", "SELECT ", "sqlite")
"""What an error page could say of the desk itself."""
NAMES = "rcmdbp"
"""Names of the ids in addresses."""
EVERYBODY = [who for who in KNOWN_TO if who]


def browser_of(running: Inhabited, birds: Aviary, who: str) -> Browser:
    if not who:
        return Browser(running.host)
    member = getattr(birds, who, None) or getattr(running.cast, who)
    return running.sign_in_member(member)


def seen_by(browser: Browser, birds: Aviary, shut_out: int):
    """Every screen as this browser sees it, alone and at the address of each record: (address, what was sent).

    A screen that reads no address, for it only says that it is not this person's, is asked for so many records.
    """
    with browser.socket() as open_socket:
        for screen in SCREENS:
            open_socket.send(rerun(screen))
            alone = drawn(open_socket)
            yield screen, alone
            not_theirs = SIGN_IN in alone or "Not your screen" in alone
            for record in birds.records[: shut_out if not_theirs else None] if screen in OF_A_RECORD else ():
                open_socket.send(rerun(screen, "&".join(f"{name}={record}" for name in NAMES)))
                yield f"{screen}?{record}", drawn(open_socket)


@pytest.mark.parametrize("who", ["", *EVERYBODY])
def test_no_screen_shows_a_value_that_is_not_ones_own(aviary, who, rounds, record_property):
    running, birds = aviary
    looked, shown, leaked = 0, set(), []
    for address, seen in seen_by(browser_of(running, birds, who), birds, rounds(short=1, long=len(birds.records))):
        looked += 1
        for county in COUNTIES if who == "una" else ():
            seen = seen.replace(county, "")
        shown |= told(seen)
        leaked += [(address, bird) for bird in told(seen) - KNOWN_TO[who]]

    record_property("attacks", looked)
    assert leaked == []
    assert shown == KNOWN_TO[who], "the control: what is one's own is there to be seen"


def test_an_agencys_screens_do_not_know_that_there_was_a_merge(aviary):
    running, birds = aviary
    for who, record in (("olga", birds.robin), ("peter", birds.finch)):
        browser = browser_of(running, birds, who)
        for screen in ("my_referrals", "sent_referral", "receipt"):
            seen = without_menu(browser, screen, f"r={record}")
            assert len(seen) > 500
            assert not [word for word in ("merge", "Merge", "same child", str(birds.result)) if word in seen], screen


def without_menu(browser, screen, query):
    """What is drawn, without the list of addresses that every browser is sent."""
    with browser.socket() as open_socket:
        open_socket.send(rerun(screen, query))
        return "\n".join(str(one) for one in run_of(open_socket) if one.WhichOneof("type") != "navigation")


@pytest.mark.parametrize("who", ["", *EVERYBODY])
def test_no_route_answers_a_value_that_is_not_ones_own(aviary, who, record_property):
    running, birds = aviary
    browser, asked = browser_of(running, birds, who), 0
    for method, path in every_way(birds):
        answer = browser.ask(method, path, b"x" if method == "POST" else b"", Origin=f"http://{running.host}")
        asked += 1
        assert not told(answer.text + str(answer.headers)) - KNOWN_TO[who], path

    record_property("attacks", asked)


def every_way(birds: Aviary):
    """Every route of the desk, with the id of each record wherever it takes one; and what lies beside them."""
    for route in routes():
        assert isinstance(route, Route)
        for record in birds.records if "{" in route.path else ("",):
            yield from ((method, sub(r"{[^}]*}", str(record), route.path)) for method in route.methods or ())
    for path in ("/", "/nothing", "/_stcore/health", "/_stcore/metrics", "/_stcore/host-config", "/robots.txt"):
        yield "GET", path
    for record in birds.records:
        yield from (
            ("GET", f"/{way}{record}") for way in ("media/", "export/", "component/", "referral?r=", "client?c=")
        )


@contextmanager
def broken(running: Inhabited, referral_id):
    """A referral whose kept words cannot be read: its pages break in the middle, the words in the error's hands."""
    with running.inside(), system_work("the tests") as work:
        kept = {one.id: one.answers for one in work.session.scalars(queries.submissions_of(referral_id))}
        work.session.execute(
            update(Submission).where(Submission.id.in_(kept)).values(answers='{"narrative": "Robinbroken')
        )
        work.record("settings.changed")
    yield
    with running.inside(), system_work("the tests") as work:
        for one, answers in kept.items():
            work.session.execute(update(Submission).where(Submission.id == one).values(answers=answers))
        work.record("settings.changed")


def test_a_page_that_breaks_in_the_middle_says_a_reference_and_nothing_else(aviary, record_property):
    running, birds = aviary
    ways = [("irene", screen) for screen in ("referral", "print_referral", "import_referral", "merge_referrals")]
    ways += [("olga", screen) for screen in ("sent_referral", "write_referral")]
    broke = 0
    with broken(running, birds.robin):
        for who, screen in ways:
            drawn_so_far, wrong, said = (
                browser_of(running, birds, who).sees(screen, f"r={birds.robin}").partition(WRONG)
            )
            if not wrong:
                continue
            broke += 1
            reference = re.search(r"the reference ([0-9A-Z]{5})", said).group(1)
            assert f"reference {reference}" in running.desk.log, screen
            assert not told(said), screen
            assert "Robinbroken" not in drawn_so_far, screen
            assert not [word for word in INNARDS if word in said], screen

    record_property("attacks", broke)
    assert broke >= 3, "the control: pages broke"
    assert "JSONDecodeError" in running.desk.log


def test_a_route_that_breaks_says_a_reference_and_nothing_else():
    # In a thread of its own: where this worker drives a browser too, Playwright's loop goes on in the present one.
    with ThreadPoolExecutor(1) as alone:
        broken_answer = faults.answer(None, ValueError("cannot read Robinbroken in /srv/desk/data"))
        answer = alone.submit(asyncio.run, broken_answer).result()

    said = answer.body.decode()
    assert re.search(r"the reference ([0-9A-Z]{5})", said)
    assert not told(said)
    assert not [word for word in (*INNARDS, "/srv") if word in said]
    assert answer.headers["cache-control"] == "no-store"


def test_neither_log_nor_trail_holds_a_value_of_any_record(aviary):
    """Runs after every screen was drawn for everybody, and an action was broken on purpose."""
    running, birds = aviary
    irene = running.sign_in("irene")
    assert "Robin" in irene.sees("referral", f"r={birds.robin}"), "the control: it was shown, so it might be logged"
    with running.inside(), system_work("the tests") as work:
        trail = "\n".join(repr(vars(entry)) for entry in work.session.query(AuditEntry))

    assert len(trail) > 10_000
    assert not told(running.desk.log)
    assert not told(trail)


def test_known_and_unknown_children_cost_an_agency_the_same_statements(olga, peter, irene, sam, as_, store):
    """From the first letter to the receipt; the medians of its time are printed by `benchmarks.door alike`."""
    for number in range(3):
        send(peter, child_first_name="Mirabel", child_last_name="Vanterpool", child_dob=f"2015-02-1{number}")
    with as_(sam) as work:
        clients.load_clients(work, [ANSWERS | {"child_first_name": "Mirabel", "child_last_name": "Vanterpool"}])
    walk_of_an_agency(olga, "Ansgar", "Ypsilanti")  # from here on this process remembers the words on file
    asked = {}
    for kind, (first, last) in {"unknown": ("Torcuil", "Oglethorpe"), "known": ("Mirabel", "Vanterpool")}.items():
        with asked_of(store) as statements:
            walk_of_an_agency(olga, first, last)
        asked[kind] = statements

    with as_(irene) as work:
        badges = {row.child: row.known_client for row in queue.queue(work, QueueFilter()).rows}
    assert badges["Mirabel Vanterpool"], "the control: one of the two was found"
    assert not badges["Torcuil Oglethorpe"]
    assert len(asked["known"]) > 80, "the control: the work is seen"
    assert asked["known"] == asked["unknown"]


def walk_of_an_agency(member, first, last):
    """All that an agency asks of the desk while it sends a child."""
    kind = ReferralType.LE
    answers = answers_for(kind, ANSWERS | {"child_first_name": first, "child_last_name": last})
    with act(member) as work:
        draft = own.start(work, kind)
    with act(member) as work:
        own.save_answers(work, draft.id, answers)
    with act(member) as work:
        assert own.sent_before(work, draft.id) == ()
    with act(member) as work:
        own.submit(work, draft.id, own.read_draft(work, draft.id).version)
    for look in (own.receipt, own.read_own):
        with act(member) as work:
            look(work, draft.id)
    with act(member) as work:
        own.mine(work)


SUMMING_UP = "SELECT count(*) AS count_1 \nFROM search_word"
"""Asked at every thousandth word on file, whosever it is."""


@contextmanager
def asked_of(store):
    """The statements of a block, in their order; how many values a list or a row holds does not count."""
    asked = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        if statement != SUMMING_UP:
            asked.append(sub(r" IN \(.*| VALUES .*|INTO match_hint .*", "", " ".join(statement.split())))

    event.listen(store.engine, "after_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store.engine, "after_cursor_execute", note)
