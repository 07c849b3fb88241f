"""A person at the desk's screens: signs in, opens addresses, fills fields, presses buttons, with a mouse."""

import re
from contextlib import suppress
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

HEARD = 250
"""Milliseconds after which a click that began no run of the page is one that needs none."""
GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 25, 27)"}
"""The page's own ground in each theme (.streamlit/config.toml): once it is there, the theme is."""
COUNTS_RUNS = """addEventListener('DOMContentLoaded', () => {
    window.runs = 0;
    let before = null;
    new MutationObserver(() => {
        const app = document.querySelector('[data-testid=stApp]');
        const state = app && app.getAttribute('data-test-script-state');
        if (state !== before && state === 'running') window.runs += 1;
        before = state;
    }).observe(document, {subtree: true, childList: true, attributeFilter: ['data-test-script-state']});
});"""
"""Tells each page to count how often the server began to run it."""
MENU_STAYS = 768
"""Pixels of width under which the menu is folded away."""
PATIENCE = 30_000
"""Milliseconds: a busy machine is no failure."""
FRAMES_OF_REST = 20
"""Frames in a row without a moving colour: some begin to move a frame after the ground has changed."""
TRIES = 6
"""Clicks on what opens, shared out over that patience."""


class Person:
    """One browser of its own, signed in or not."""

    def __init__(self, browser: Browser, url: str, *, width: int = 1280, dark: bool = False) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", base_url=url
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(COUNTS_RUNS)
        self.page: Page = self.context.new_page()
        self.asked_for: set[str] = set()
        self.page.on("request", lambda request: self.asked_for.add(request.url))

    def open(self, address: str = "/") -> "Person":
        """Go to an address and wait until it is drawn."""
        self.page.goto(address)
        return self.settle()

    def settle(self) -> "Person":
        """Wait until the page stopped working."""
        self.page.wait_for_selector("[data-testid=stApp]")
        self.page.wait_for_function(
            """() => {
                const app = document.querySelector('[data-testid=stApp]');
                const main = document.querySelector('[data-testid=stMain]');
                return app && app.getAttribute('data-test-script-state') === 'notRunning'
                    && main && main.innerText.trim().length > 0
                    && !document.querySelector('[data-testid=stSkeleton], .stBidiComponent:not(:has(.desk-rows))');
            }""",
            timeout=PATIENCE,
        )
        return self

    def in_theme(self, scheme: Literal["light", "dark"]) -> "Person":
        """Look at the page in this theme, once its colours have come to rest."""
        self.page.emulate_media(color_scheme=scheme)
        self.settle()
        self.page.wait_for_function(
            """([ground, frames]) => {
                const rests = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor === ground
                    && document.getAnimations().every(
                        (moving) => !(moving instanceof CSSTransition) || moving.playState !== 'running');
                window.restedFor = rests ? (window.restedFor || 0) + 1 : 0;
                return window.restedFor >= frames;
            }""",
            arg=[GROUND[scheme], FRAMES_OF_REST],
        )
        self.page.evaluate("window.restedFor = 0")
        return self

    def sign_in(self, username: str, password: str) -> "Person":
        """Sign in by the form."""
        self.open()
        self.fill("User name", username)
        self.fill("Password", password)
        self.press("Sign in")
        expect(self.button("Sign out")).to_be_visible(timeout=PATIENCE)
        return self.settle()

    def fill(self, label: str, text: str, *, nth: int = 0) -> "Person":
        """Type into the field of this label and leave it."""
        self._type(self.page.get_by_label(label, exact=True).nth(nth), text)
        return self.settle()

    def type_at(self, question: str, text: str) -> "Person":
        """Type into the newest box whose label ends with a question."""
        self._type(self.page.get_by_role("textbox", name=re.compile(re.escape(question) + "$")).last, text)
        return self.settle()

    def press(self, name: str | re.Pattern[str], *, nth: int = 0) -> "Person":
        """Press the button of this name."""
        runs = self._runs()
        try:
            self._use(self.button(name).nth(nth))
        except TimeoutError as late:
            raise AssertionError(f"no button {name} on this page:\n{self.text}") from late
        return self._heard(runs)

    def go(self, screen: str) -> "Person":
        """Go to a screen by the menu."""
        link = self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=screen)
        if (self.page.viewport_size or {"width": 0})["width"] < MENU_STAYS:
            return self.open(str(link.get_attribute("href")))
        self._use(link)
        self.page.get_by_role("heading", name=screen, level=1).first.wait_for()
        return self.settle()

    def choose(self, label: str, option: str, *, nth: int = 0) -> "Person":
        """Choose from a drop-down list by typing."""
        box = self.page.locator(f'input[role=combobox][aria-label*="{label}"]').nth(nth)
        box.click()
        box.fill(option)
        self.page.get_by_role("option", name=re.compile(re.escape(option))).first.click()
        self.settle()
        if self.page.get_by_role("listbox").count():
            box.press("Tab")
        return self.settle()

    def pick(self, question: str, option: str, *, nth: int = 0) -> "Person":
        """Pick one of a few choices that stand side by side."""
        group = self.page.get_by_role("radiogroup", name=question, exact=True).nth(nth)
        group.get_by_text(option, exact=True).click()
        return self.settle()

    def tick(self, label: str, *, nth: int = 0) -> "Person":
        """Tick a box by its words, also where they are only read out."""
        box = self.page.get_by_label(label, exact=True).or_(self.button(label)).nth(nth)
        outside = box.locator("xpath=ancestor-or-self::*[self::label or self::button]").last
        outside.click()
        return self.settle()

    def unfold(self, title: str) -> "Person":
        """Open a part of the page that is folded away."""
        self._use(self.page.locator("summary", has_text=title))
        return self.settle()

    def turn_to(self, tab: str) -> "Person":
        """Turn to a tab of the page."""
        self._use(self.page.get_by_role("tab", name=tab))
        return self.settle()

    def from_menu(self, menu: str, item: str) -> "Person":
        """Choose from a button's menu."""
        self._use(self.button(menu))
        runs = self._runs()
        self._use(self.page.locator("[role=menuitem], [role=option]").get_by_text(item, exact=True))
        return self._heard(runs)

    def open_up(self, thing: Locator, role: str) -> "Person":
        """Click until a list or menu stands open, as a person does: a page drawn anew in between loses a click."""
        opened = self.page.get_by_role(role)
        for _ in range(TRIES):
            thing.click()
            with suppress(TimeoutError):
                opened.wait_for(timeout=PATIENCE / TRIES)
                break
        expect(opened).to_be_visible()
        return self

    def settle_all(self) -> "Person":
        """Take the second choice wherever none is taken yet."""
        unsettled = self.page.locator("[role=radiogroup]:not(:has(input:checked))")
        for _ in range(12):
            if not unsettled.count():
                break
            self._second_of(unsettled.first)
            self.settle()
        return self

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def sideways(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                """() => { const main = document.querySelector('[data-testid=stMain]');
                    return Math.max(document.documentElement.scrollWidth - innerWidth,
                        main.scrollWidth - main.clientWidth) }"""
            )
        )

    def _runs(self) -> int:
        return int(self.page.evaluate("window.runs"))

    def _heard(self, runs: int) -> "Person":
        """Wait until the server began a run since then; a click that needs none is given a moment."""
        with suppress(TimeoutError):
            self.page.wait_for_function("(runs) => window.runs !== runs", arg=runs, timeout=HEARD)
        return self.settle()

    def _type(self, field: Locator, text: str) -> None:
        """Type into a field and leave it."""
        field.fill(text)
        field.press("Tab")

    def _use(self, thing: Locator) -> None:
        """Press what does one thing when it is pressed."""
        thing.click()

    def _second_of(self, group: Locator) -> None:
        group.locator("label").nth(1).click()

    def sees(self, text: str) -> "Person":
        """Fail unless the text is on the page."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=PATIENCE)
        return self

    def does_not_see(self, text: str) -> "Person":
        """Fail when the text is on the page once it is drawn."""
        self.settle()
        expect(self.page.get_by_text(text)).to_have_count(0)
        return self

    @property
    def text(self) -> str:
        """Everything readable on the page."""
        return self.page.inner_text("body")

    def leave(self) -> None:
        self.context.close()
