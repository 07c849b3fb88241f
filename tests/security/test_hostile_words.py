"""Hostile words in every text of every act, on every screen of a real Chromium: nothing runs, leaves or is a link."""

import importlib
import pkgutil
import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from functools import cache
from html import escape
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Error, TimeoutError

import actions
from actions import setup, site
from actions.accounts import Visitor
from actions.work import ACTIONS
from db import store
from domain import fields
from domain.fields import reading
from domain.fields.reading import CannotRead
from settings import OutsideSignIn
from tests.browser.demo import DemoDesk, screens
from tests.browser.open_things import DIALOGS
from tests.browser.person import PATIENCE, Person
from tests.browser.running import running_desk
from tests.cast import bring_in
from tests.security.desk import WORD, Inhabited, settings_of
from tests.security.payloads import OUTSIDE, every
from tests.security.texts import texts_of
from tests.security.walk import KEPT_ASIDE, MADE_OF_OTHERS, NOT_KEPT, QUESTIONS, Walk, Words, marked
from widgets.words import visible

for found in pkgutil.walk_packages(actions.__path__, "actions."):
    importlib.import_module(found.name)

LINKS = "[...document.querySelectorAll('a[href]')].filter(a => /evil|javascript:/.test(a.href)).length"
EVERYTHING = """() => document.body.textContent + '\\n'
    + [...document.querySelectorAll('input, textarea')].map(one => one.value).join('\\n')"""
INVISIBLE = {ord(sign): None for sign in "\u2060\u2068\u2069"}
"""What our own screens put between letters, so that nothing becomes a link or turns around."""
WHOLE = ("sent_referral", "referral", "client", "users", "agencies", "load_clients", "merge_referrals", "retention")
"""Screens that show every payload; others show a part of what each record holds."""
ENTRIES = (
    "input:is([type=text], [type=search], [type=password]):visible:enabled:not([role]):not([readonly]), "
    "textarea:visible:enabled"
)
CHOOSERS = "input:is([role=combobox], [type=number]):visible:enabled, [role=spinbutton]:visible"
"""Lists, numbers, and the parts of dates and times: a browser takes of what is typed there what it likes."""
TWO_FILES = "client_dialogs._undo_files"
READS_WORDS = ("queue", "statistics", "totals", "agency_statistics", "desk_counts", "write_referral", "phone_in")
"""Screens that read more from an address than ids."""
PARTS = (
    *("r", "c", "m", "b", "p", "d", "view", "sort", "page", "agency", "assignee", "county", "type", "urgency", "since"),
    *("until", "named", "period", "first", "last", "part", "row", "step", "section", "checked", "outside"),
)
"""Parts of addresses that screens read."""
PEOPLE = ("olga", "lena", "irene", "sam", "ada")


class Watched:
    """Somebody at the screens, with everything written down that a screen tries to do to them."""

    def __init__(self, browser: Browser, running: Inhabited, who: str) -> None:
        self.host, self.who = running.host, who
        self.person = Person(browser, running.desk.url)
        cookie = {"name": "desk", "value": running.sign_in(who).token, "url": running.desk.url}
        self.person.context.add_cookies([cookie])
        self.page = self.person.page
        self.tried: dict[str, list[str]] = defaultdict(list)
        self.typed_in_choosers = 0
        self.page.on("dialog", lambda dialog: (self.tried["dialog"].append(dialog.message), dialog.dismiss()))
        self.page.on("console", lambda said: self._heard(said.text) if said.type == "error" else None)
        self.page.on("request", lambda request: self._asked(request.url))

    def look(self, place: str) -> str:
        """All that stands on the screen, whole; what ran or leads outside is written down."""
        text = self._at_rest()
        assert "Something went wrong" not in text, (self.who, place)
        if self.page.evaluate("window.__harmed || 0"):
            self.tried["script"].append(place)
        links = self.page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        self.tried["link"] += [link for link in links if self._leads_outside(link)]
        return text

    def type_in(self, within: str, words: str) -> int:
        """Type the words into every entry of this part of the screen; how many entries that were."""
        entries, typed = self.page.locator(within).last.locator(ENTRIES), 0
        while typed < entries.count():
            with suppress(TimeoutError):  # what was typed before may have taken it from the screen
                entries.nth(typed).fill(words, timeout=PATIENCE / 10)
            typed += 1
        typed += self._type_in_choosers(within, " ".join(words.split()))
        if typed:
            self.page.keyboard.press("Tab")
            self.person.settle()
        return typed

    def _type_in_choosers(self, within: str, words: str) -> int:
        """Type into lists, numbers, dates and times, whatever becomes of it; how many those were."""
        choosers, typed = self.page.locator(within).last.locator(CHOOSERS), 0
        while typed < choosers.count():
            chooser = choosers.nth(typed)
            with suppress(TimeoutError):  # as above
                picks = chooser.get_attribute("role", timeout=PATIENCE / 10) == "combobox"
                chooser.focus(timeout=PATIENCE / 10)
                self.page.keyboard.insert_text(words)
                self.page.keyboard.press("Enter" if picks else "Tab")
            typed += 1
        self.typed_in_choosers += typed
        return typed

    def type_everywhere(self, words: str) -> int:
        """Type the words into every entry of the screen, tab by tab and with everything unfolded."""
        main, typed = self.page.locator("[data-testid=stMain]"), 0
        tabs = main.get_by_role("tab")
        for tab in range(max(tabs.count(), 1)):
            if tabs.count() > tab:
                tabs.nth(tab).click()
            folded = main.locator("details:not([open]) > summary")
            if folded.count():
                folded.evaluate_all("all => all.forEach(one => one.click())")
                # Some of it is drawn only now: the desk hears a moment later that it was unfolded.
                self.page.wait_for_timeout(500)
            self.person.settle()
            typed += self.type_in("[data-testid=stMain]", words)
        return typed

    def leave(self) -> dict[str, list[str]]:
        """What was tried on all the screens."""
        self.person.leave()
        return {f"{self.who}: {kind}": found for kind, found in self.tried.items() if found}

    def _at_rest(self) -> str:
        """What stands there once nothing is added any more: a screen that comes at once is still drawn in parts."""
        text, before = self.page.evaluate(EVERYTHING), ""
        while text != before:
            self.page.wait_for_timeout(100)
            text, before = self.page.evaluate(EVERYTHING), text
        return text

    def _leads_outside(self, link: str) -> bool:
        """Words in what is asked of the desk itself, such as a filter, lead nowhere."""
        return link.startswith("javascript:") or (OUTSIDE in link and urlsplit(link).netloc != self.host)

    def _asked(self, address: str) -> None:
        """Nothing but the desk may be asked; a routed page would keep nothing between two screens, so this listens."""
        if not address.startswith(("data:", "blob:")) and urlsplit(address).netloc != self.host:
            self.tried["outside"].append(address)

    def _heard(self, said: str) -> None:
        if "Content Security Policy" in said:
            self.tried["stopped by the policy"].append(said)


def test_the_payloads_do_harm_where_nothing_is_defended(browser):
    """Each in a frame of its own, on a page without any defence: the control of the tests below."""
    page = browser.new_page()
    asked = []
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/*", lambda route: route.abort())
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


@pytest.fixture(scope="module")
def walked(tmp_path_factory, pytestconfig):
    """A center that was set up with hostile words, where every act that takes a text was done with them."""
    folder = tmp_path_factory.mktemp("walked")
    provider = OutsideSignIn("https://login.example", "desk", "secret", "https://desk.example", "Example")
    with site.opened(settings_of(folder)) as opened:
        walk = Walk(None, store.present(), folder, turns=210 if pytestconfig.getoption("long") else 2)
        center, name = walk.packed(99)[0], walk.packed(200)[0]
        answers = setup.FirstAnswers(setup.fresh_setup_code(), center, "America/Denver", name, "first", WORD, False)
        setup.set_up(answers, Visitor("10.1.1.1"))
        walk.held |= {"setup.set_up answers.center": [center], "setup.set_up answers.name": [name]}
        walk.cast = bring_in(store.present())
        site.use(replace(opened, settings=replace(opened.settings, outside=provider)))
        walk.go()
    with running_desk(folder) as desk:
        yield Inhabited(desk, walk.cast), walk


def test_every_text_of_every_act_is_given_hostile_words(walked):
    """What an act takes is shown with such words in it, is kept and shown nowhere, or is kept nowhere."""
    _, walk = walked
    taken = {
        f"{name.removeprefix('actions.')} {text}"
        for name in ACTIONS
        for text in texts_of(_action(name))
        if name.removeprefix("actions.") not in MADE_OF_OTHERS
    }
    refused = named(NOT_KEPT)

    assert sorted(taken - walk.held.keys() - refused) == []
    assert sorted(walk.held.keys() & refused) == [], "what must not be kept was given in earnest"
    assert sorted(refused - walk.tried) == [], "every one of them was tried"
    assert walk.kept == [], "and none of the hostile words was written down"
    assert sorted(named(KEPT_ASIDE) - walk.held.keys()) == []
    assert set(MADE_OF_OTHERS.values()) <= walk.held.keys()


def test_questions_that_take_no_words_refuse_them():
    others = [one for one in fields.FIELDS if one not in QUESTIONS and one.name != "agency_id"]
    taken = [(one.name, words) for one in others for words in every() if _can_be_read(one, words)]

    assert others
    assert taken == []


def test_hostile_words_in_every_text_do_nothing_on_any_screen(walked, browser, record_property):
    running, walk = walked
    seen, opened, tried = Seen(walk), set(), {}
    for who in PEOPLE:
        watched = Watched(browser, running, who)
        addresses = [one.address for one in screens() if one.open_to(who) and one.address not in opened]
        addresses += [address for opens, address in walk.to_open if opens == who]
        opened.update(addresses)
        for address in dict.fromkeys(addresses):
            watched.person.open(f"/{address}")
            seen.on(address.partition("?")[0], watched.look(address))
        for username in walk.to_pick if who == "ada" else ():
            watched.person.open("/users").choose("users", username).sees(f"Change {username}")
            seen.on("users", watched.look(username))
        tried |= watched.leave()

    record_property("attacks", seen.counted)
    assert tried == {}
    assert seen.missing() == {}, "the control: the words of each text are really there, letter for letter"
    assert {screen: len(seen.payloads[screen]) for screen in WHOLE if len(seen.payloads[screen]) < 200} == {}


def test_hostile_words_typed_in_every_dialog_do_nothing(walked, browser, record_property):
    """In each box of each dialog; then its button is pressed, and the dialog, or what follows it, is looked at."""
    running, walk = walked
    watched = Watched(browser, running, "sam")
    demo, typed = DemoDesk(running.desk, {}), 0
    for name, (opened, button) in (DIALOGS | {TWO_FILES: (walk_of_two_files(walk), "Undo the merge")}).items():
        opened(watched.person, demo)
        typed += watched.type_in("[role=dialog]", walk.all_words())
        watched.look(f"{name}, typed")
        if button:
            watched.person.button(re.compile(f"^{re.escape(button)}")).last.click()
            watched.person.settle()
            watched.look(f"{name}, pressed")

    record_property("attacks", typed * len(every()))
    assert typed >= 12, "the control: most dialogs have something to type in"
    assert watched.leave() == {}


def test_hostile_words_typed_in_every_entry_of_every_screen_do_nothing(walked, browser, record_property):
    """Search boxes, forms, lists, numbers, dates, folded or in a tab; and such words in the parts of addresses."""
    running, walk = walked
    opened, tried, typed, in_choosers = set(), {}, 0, 0
    for who in PEOPLE:
        watched = Watched(browser, running, who)
        addresses = {one.address: one.address for one in screens() if one.open_to(who)}
        addresses |= {one.partition("?")[0]: one for opens, one in walk.to_open if opens == who and "?" in one}
        for screen, address in addresses.items():
            if screen in opened:
                continue
            opened.add(screen)
            watched.person.open(f"/{address}")
            typed += watched.type_everywhere(walk.all_words())
            watched.look(f"{address}, typed")
            if screen in READS_WORDS:
                watched.person.open(f"/{screen}?{urlencode({part: ' '.join(marked(901)[:9]) for part in PARTS})}")
                watched.look(f"{screen}, in the address")
        in_choosers += watched.typed_in_choosers
        tried |= watched.leave()

    record_property("attacks", typed * len(every()))
    assert tried == {}
    assert typed - in_choosers > 20 and in_choosers > 20, "the control: there was something to type in, of both kinds"


def walk_of_two_files(walk: Walk):
    """How the dialog is opened that takes the walk's standing merge of two files back."""

    def opened(person: Person, _demo: DemoDesk) -> None:
        person.open(f"/client?c={walk.two_files}")
        person.press(re.compile("^Undo the merge of C-"))
        person.settle()

    return opened


class Seen:
    """What stood on the screens of what each text held."""

    def __init__(self, walk: Walk) -> None:
        aside = named(KEPT_ASIDE)
        held = {name: words for name, words in walk.held.items() if name not in aside} | walk.answered
        self.wanted = {name: [lines_of(*same) for same in by_number(words).items()] for name, words in held.items()}
        self.numbers = {one.number for words in held.values() for one in words if one.number}
        numbered = {line for number in self.numbers for line in marked(number) if bears(line, number)}
        self.others = {line for sets in self.wanted.values() for lines in sets for line in lines} - numbered
        """Lines without a number, that have stood on no screen yet."""
        self.payloads: dict[str, set[int]] = defaultdict(set)
        self.shown: set[str] = set()
        self.counted = 0

    def on(self, screen: str, text: str) -> None:
        """Look at all that stands on a screen."""
        text = one_line(text.translate(INVISIBLE))
        for number in self.numbers:
            if not bears(text, number):
                continue
            there = [(place, line) for place, line in enumerate(marked(number)) if as_shown(line) in text]
            self.counted += len(there)
            self.payloads[screen].update(place for place, _ in there)
            self.shown.update(line for _, line in there)
        there = {line for line in self.others if as_shown(line) in text}
        self.shown |= there
        self.others -= there

    def missing(self) -> dict[str, list[str]]:
        """What stood on no screen, by the text that held it; of words that were given again, others do as well."""
        missing = {
            name: min((sorted(lines - self.shown) for lines in sets), key=len) for name, sets in self.wanted.items()
        }
        return {name: lines for name, lines in missing.items() if lines}


def bears(text: str, number: int) -> bool:
    """Whether a harmful line with this number stands in the text."""
    return f"+{number}" in text or f"/{number}-" in text


def by_number(words: list[Words]) -> dict[int, set[Words]]:
    """The texts that hold the same payloads together."""
    found: dict[int, set[Words]] = defaultdict(set)
    for one in words:
        found[one.number].add(one)
    return found


def lines_of(number: int, texts: set[Words]) -> set[str]:
    """The payloads that the texts of this number hold; their own words, where they have none."""
    return {line for line in marked(number) if any(line in one for one in texts)} if number else {*map(one_line, texts)}


@cache
def as_shown(line: str) -> str:
    """A payload as it stands in the text of a screen."""
    return one_line(visible(line))


def named(texts: dict[str, tuple[str, ...]]) -> set[str]:
    return {f"{action} {text}" for action, some in texts.items() for text in some}


def one_line(text: str) -> str:
    return " ".join(text.split())


def _action(name: str):
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


def _can_be_read(field, words) -> bool:
    try:
        return bool(reading.read(field, words))
    except CannotRead:
        return False
