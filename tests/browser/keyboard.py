"""A person who has no mouse: every control is reached with Tab, and used with Enter, Space, arrows and letters."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.person import PATIENCE, Person

FARTHEST = 250
"""Presses of Tab: more than any page of the desk needs from one end to the other."""

TOWARDS = """(wanted) => {
    const here = document.activeElement;
    if (wanted === here || wanted.contains(here)) return 'here';
    if (here === document.body) return 'Tab';
    if (here === window.wasAt) return 'caught';
    window.wasAt = here;
    const back = here.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING;
    const bar = here.closest('[role=toolbar]');
    if (bar && bar.contains(wanted)) return back ? 'ArrowLeft' : 'ArrowRight';
    return back ? 'Shift+Tab' : 'Tab';
}"""
"""Whether focus is there, or the key that leads to it: what an eye sees at once."""

WHERE = """() => {
    const here = document.activeElement;
    const said = here.getAttribute('aria-label') || here.innerText || here.value || '';
    return here === document.body ? 'nowhere' : `${here.tagName.toLowerCase()} ${said.trim().slice(0, 60)}`;
}"""

SEEN = """() => {
    const box = document.activeElement.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
}"""


class ByKeyboard(Person):
    """Presses keys only. Fails where a control cannot be reached, or focus is lost or hidden, and says where."""

    @property
    def focus(self) -> str:
        """What has the focus, in words."""
        return str(self.page.evaluate(WHERE))

    def reach(self, wanted: Locator) -> Locator:
        """Press Tab until the focus is there."""
        expect(wanted).to_be_attached(timeout=PATIENCE)
        self.page.evaluate("window.wasAt = null")
        passed: list[str] = []
        for _ in range(FARTHEST):
            key = wanted.evaluate(TOWARDS)
            if key == "here":
                return wanted
            assert key != "caught", f"caught at {self.focus} on the way to {wanted}"
            self.page.keyboard.press(key)
            passed.append(self.focus)
        raise AssertionError(f"no way to {wanted}; passed {passed[-20:]}")

    def choose(self, label: str, option: str, *, nth: int = 0) -> "ByKeyboard":
        box = self.reach(self.page.locator(f'input[role=combobox][aria-label*="{label}"]').nth(nth))
        # Faster than any hand, the list would miss letters.
        self.page.keyboard.type(option, delay=40)
        wanted = self.page.get_by_role("option", name=re.compile(re.escape(option))).first
        expect(wanted).to_be_visible(timeout=PATIENCE)
        for _ in range(self.page.get_by_role("option").count()):
            if wanted.get_attribute("data-focused"):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        self.settle()
        self._still_at(box, f"{option} was chosen at {label}")
        self.page.keyboard.press("Tab")
        return self._settled()

    def pick(self, question: str, option: str, *, nth: int = 0) -> "ByKeyboard":
        group = self.page.get_by_role("radiogroup", name=question, exact=True).nth(nth)
        wanted = group.get_by_role("radio", name=option, exact=True)
        self.reach(group)
        for _ in range(wanted.count() and group.get_by_role("radio").count()):
            if wanted.evaluate("(radio) => radio === document.activeElement"):
                break
            self.page.keyboard.press("ArrowDown")
            self._settled()
        self.page.keyboard.press("Space")
        self._settled()
        self._still_at(group, f"{option} was picked at {question}")
        return self

    def tick(self, label: str, *, nth: int = 0) -> "ByKeyboard":
        box = self.reach(self.page.get_by_label(label, exact=True).or_(self.button(label)).nth(nth))
        self.page.keyboard.press("Space")
        self._settled()
        self._still_at(box, f"{label} was ticked")
        return self

    def turn_to(self, tab: str) -> "ByKeyboard":
        wanted = self.page.get_by_role("tab", name=tab)
        tabs = self.reach(self.page.get_by_role("tablist").filter(has=wanted))
        for _ in range(tabs.get_by_role("tab").count()):
            if wanted.evaluate("(tab) => tab === document.activeElement"):
                break
            self.page.keyboard.press("ArrowRight")
        self.page.keyboard.press("Enter")
        return self._settled()

    def from_menu(self, menu: str, item: str) -> "ByKeyboard":
        self._use(self.button(menu))
        wanted = self.page.locator("[role=menuitem], [role=option]").filter(has_text=item)
        expect(wanted).to_be_visible(timeout=PATIENCE)
        for _ in range(self.page.locator("[role=menuitem], [role=option]").count() + 1):
            if wanted.evaluate("(item) => item === document.activeElement || item.contains(document.activeElement)"):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        return self._settled()

    def _type(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")
        self._settled()
        assert self.focus != "nowhere", f"focus was lost when {field} was left"

    def _use(self, thing: Locator) -> None:
        self.reach(thing)
        assert self.page.evaluate(SEEN), f"{thing} has the focus where nobody sees it"
        self.page.keyboard.press("Enter")

    def _second_of(self, group: Locator) -> None:
        self.reach(group)
        self.page.keyboard.press("ArrowDown")

    def _still_at(self, thing: Locator, deed: str) -> None:
        assert thing.evaluate(TOWARDS) == "here", f"focus went to {self.focus} when {deed}"

    def _settled(self) -> "ByKeyboard":
        self.page.wait_for_timeout(60)
        self.settle()
        return self
