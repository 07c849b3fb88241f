"""Hostile words in every text field, on every screen of a real Chromium: nothing runs, leaves or becomes a link."""

import csv
import io
from collections import defaultdict
from contextlib import suppress
from hashlib import sha256
from html import escape
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page
from sqlalchemy import select

from actions.agency import referrals as own
from actions.center import agencies, client_spreadsheets, clients, referrals, users
from actions.work import working
from db.tables.clients import Client
from db.tables.referrals import Referral
from domain import fields
from domain.fields import Kind, ReferralType
from domain.people import Role
from domain.refusals import Refused
from domain.spreadsheet.reading import read_table
from tests.cast import act, send
from tests.keeping import proven
from tests.security.desk import inhabited_desk
from tests.security.payloads import OUTSIDE, every
from widgets.words import visible

PLAIN = (Kind.TEXT_SHORT, Kind.TEXT_LONG, Kind.NAME, Kind.IDENTIFIER, Kind.LOOKUP)
FILLED_IN = {"agency_id"}
FIELDS = [one for one in fields.referral(ReferralType.COMBINED) if one.kind in PLAIN and one.name not in FILLED_IN]
SCREENS = {
    "olga": ("my_referrals", "sent_referral", "receipt", "write_referral", "check_referral"),
    "irene": (
        *("queue", "referral", "print_referral", "merge_referrals", "import_referral", "intake"),
        *("clients", "client", "merge_clients", "walk_in", "phone_in", "desk_counts"),
    ),
    "sam": ("statistics", "totals", "audit_trail", "referral", "load_clients", "retention", "emergency"),
    "ada": ("users", "agencies", "audit_trail", "health"),
}


OF_A_RECORD = ("referral", "print_referral", "sent_referral", "receipt", "import_referral", "intake")
LINKS = "[...document.querySelectorAll('a[href]')].filter(a => /evil|javascript:/.test(a.href)).length"


ROWS = {"caregivers": "0ca0ca01", "household": "0b00b001", "offenders": "0ff0ff01"}
DRAWN = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid=stSkeleton]')
    && (document.querySelector('[data-testid=stMain]')?.innerText.length || 0) > 5"""

LETTER_FOR_LETTER = ("sent_referral", "referral", "client", "load_clients", "users", "agencies")
"""Where every payload stands; the other screens show a part of each referral."""


class Watched:
    """A page of a browser, with everything that it tries to do to the person written down."""

    def __init__(self, page: Page, host: str) -> None:
        self.page, self.host = page, host
        self.tried: dict[str, list[str]] = defaultdict(list)
        page.on("dialog", lambda dialog: (self.tried["dialog"].append(dialog.message), dialog.dismiss()))
        page.on("console", lambda said: self._heard(said.text) if said.type == "error" else None)
        page.route("**/*", self._route)

    def look(self) -> dict[str, list[str]]:
        """What was tried, scripts that ran and live links to the outside included."""
        if self.page.evaluate("window.__harmed || 0"):
            self.tried["script"].append(self.page.url)
        links = self.page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        self.tried["link"] += [link for link in links if OUTSIDE in link or link.startswith("javascript:")]
        return {kind: found for kind, found in self.tried.items() if found}

    def _route(self, route) -> None:
        address = route.request.url
        if address.startswith(("data:", "blob:")) or urlsplit(address).netloc == self.host:
            route.continue_()
            return
        self.tried["outside"].append(address)
        route.abort()

    def _heard(self, said: str) -> None:
        if "Content Security Policy" in said:
            self.tried["stopped by the policy"].append(said)


NARRATIVES = 30
"""Long texts hold several payloads, one a line: as a careless or hostile sender would paste them."""


def answers(payloads):
    """One referral's answers with payloads in every plain text field; short fields hold one, long ones several."""
    given, rows, left = {}, defaultdict(dict), list(payloads)
    for field in sorted(FIELDS, key=lambda one: one.name != "narrative"):  # others may not be asked
        words = _words(field, left)
        if field.group:
            rows[field.group][field.name] = [words] if field.many else words
        else:
            given[field.name] = [words] if field.many else words
    for group, row in rows.items():
        given[group] = [{"row": ROWS[group], **row, **({"ao_access": "no"} if group == "offenders" else {})}]
    return given


def _words(field, left):
    """Take the next payloads that this field can hold, whole; a field that none fits gets a plain word."""
    if field.kind is Kind.TEXT_LONG:
        some, left[:] = left[:NARRATIVES], left[NARRATIVES:]
        return "\n".join(some) or "Nothing more."
    fit = next((one for one in left if len(one) <= 100 and "\n" not in one and one == " ".join(one.split())), None)
    if fit is None:
        return "Plain"
    left.remove(fit)
    return fit


INVISIBLE = {ord(sign): None for sign in "\u2060\u2068\u2069"}
"""What our own screens put between letters, so that nothing becomes a link or turns around."""
CUT = 60
"""Letters that every list shows of what it shows at all."""


def shown(page, payloads):
    """Which of the payloads stand on this screen letter for letter, in its text or in a field's value."""
    seen = page.evaluate(
        """() => document.body.textContent + '\\n'
            + [...document.querySelectorAll('input, textarea')].map(one => one.value).join('\\n')"""
    )
    seen = one_line(seen.translate(INVISIBLE))
    return {words for words in payloads if one_line(visible(words))[:CUT] in seen}


def one_line(text):
    return " ".join(text.split())


def test_the_payloads_do_harm_where_nothing_is_defended(browser):
    """Each in a frame of its own, on a page without any defence: the control of the test below."""
    page = browser.new_page()
    asked = []
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
    framed = "".join(f'<iframe srcdoc="{escape(words)}"></iframe>' for words in every())
    page.set_content(f"<!doctype html><body>{framed}</body>", wait_until="domcontentloaded")
    page.wait_for_timeout(3000)
    ran, links = 0, 0
    for frame in page.frames[1:]:
        with suppress(Error):  # a frame that a payload sent elsewhere is gone
            ran += bool(frame.evaluate("window.__harmed || 0"))
            links += frame.evaluate(LINKS)
    outside = {address for address in asked if OUTSIDE in address}
    page.close()

    assert len(every()) >= 200
    assert ran >= 40
    assert len(outside) >= 8
    assert links >= 5


def sent_with(olga, payloads):
    """Referrals that together hold every payload; what a field of the first did not keep goes into the next."""
    sent, left = [], list(payloads)
    while left:
        sent.append(send(olga, ReferralType.COMBINED, **answers(left)))
        with act(olga) as work:
            kept = flat(own.read_own(work, sent[-1]).answers)
        missing = [words for words in left if " ".join(words.split()) not in kept]
        assert len(missing) < len(left), missing
        left = missing
    return sent


def flat(value):
    """All words of a document of answers, in one line."""
    if isinstance(value, dict):
        return " ".join(flat(one) for one in value.values())
    if isinstance(value, list | tuple):
        return " ".join(flat(one) for one in value)
    return " ".join(str(value).split())


def noted(cast, payloads, sent):
    """Every payload in notes of a referral and of a client, and in questions to an agency; that client and another."""
    parts = ["\n".join(payloads[start : start + NARRATIVES]) for start in range(0, len(payloads), NARRATIVES)]
    with act(cast.irene) as work:
        for text in parts:
            referrals.add_note(work, sent, text)
            referrals.ask(work, sent, text)
    named = [one for one in payloads if len(one) <= 100 and one == one_line(one)]
    with act(cast.sam) as work:
        names = named[:50], named[50:100]
        clients.load_clients(work, [{"child_last_name": some[0], "child_other_names": some} for some in names])
    with act(cast.sam) as work:
        client, other = work.session.scalars(select(Client.id).order_by(Client.number))
        for text in parts:
            clients.add_note(work, client, text)
    return client, other


def drafted(olga, payloads):
    """A draft with payloads in every plain text field; its id."""
    with act(olga) as work:
        draft = own.start(work, ReferralType.COMBINED).id
        own.save_answers(work, draft, answers(payloads))
    return draft


def named(cast, payloads):
    """Every payload as an agency's and as a person's name."""
    proven(cast.ada)
    with act(cast.ada) as work:
        for number, words in enumerate(payloads):
            with suppress(Refused):
                agencies.make_agency(work, one_line(words), "le")
            with suppress(Refused):
                users.make_user(work, f"person{number}", users.Details(one_line(words)), [Role.STAFF], None)


def listed(cast, payloads):
    """Every payload in a cell of a spreadsheet that waits for its columns: as names of columns and first answers."""
    cells = ["Notes", *map(one_line, payloads)]  # a file that begins as a web page is refused
    text = io.StringIO(newline="")
    width = -(-len(cells) // 4)
    csv.writer(text).writerows(cells[start : start + width] for start in range(0, len(cells), width))
    content = text.getvalue().encode()
    with act(cast.sam) as work:
        return client_spreadsheets.keep_file(
            work, one_line(payloads[0]), sha256(content).hexdigest(), read_table(content)
        )


def test_hostile_words_in_every_field_do_nothing_on_any_screen(tmp_path, browser, rounds, record_property):
    payloads = every()
    with inhabited_desk(tmp_path) as running:
        with running.inside():
            sent = sent_with(running.cast.olga, payloads)
            client, other = noted(running.cast, payloads, sent[0])
            named(running.cast, payloads)
            draft = drafted(running.cast.olga, payloads)
            others = {
                "client": f"?c={client}",
                "merge_clients": f"?c={client},{other}",
                "load_clients": f"?b={listed(running.cast, payloads)}",
                "write_referral": f"?r={draft}",
                "check_referral": f"?r={draft}",
            }
        tried, on_screen, counted = {}, defaultdict(set), 0
        for who, screens in SCREENS.items():
            token = running.sign_in(who).token
            context = browser.new_context()
            context.add_cookies([{"name": "desk", "value": token, "url": running.desk.url}])
            watched = Watched(context.new_page(), running.host)
            for screen in screens:
                several = sent if screen in ("referral", "sent_referral") or rounds(short=0, long=1) else sent[:2]
                for record in several if screen in OF_A_RECORD else [""]:
                    address = f"?r={record}" if record else others.get(screen, "")
                    watched.page.goto(f"{running.desk.url}/{screen}{address}")
                    watched.page.wait_for_function(DRAWN, timeout=60_000)
                    assert "Something went wrong" not in watched.page.inner_text("body"), (who, screen, record)
                    found = shown(watched.page, payloads)
                    on_screen[screen] |= found
                    counted += len(found)
                    tried |= {f"{who} {screen}": found for found in [watched.look()] if found}
            context.close()
        with running.inside(), working(running.cast.irene.session_id) as work:
            assert work.session.query(Referral).count() == len(sent) + 1, "the control: no table was dropped"

    record_property("attacks", counted)
    assert tried == {}
    there = {screen: len(on_screen[screen]) for screen in LETTER_FOR_LETTER}
    assert min(there.values()) >= 200, f"the control: that many are really there, letter for letter: {there}"
