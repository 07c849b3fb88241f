"""A person at the desk's screens: signs in, opens addresses, fills fields, presses buttons."""

from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

HEARD = 250
"""Milliseconds that a click may take to reach the server."""
PATIENCE = 30_000
"""Milliseconds: a busy machine is no failure."""


class Person:
    """One browser of its own, signed in or not."""

    def __init__(self, browser: Browser, url: str, *, width: int = 1280, dark: bool = False) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", base_url=url
        )
        self.context.set_default_timeout(PATIENCE)
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
                    && !document.querySelector('[data-testid=stSkeleton]');
            }""",
            timeout=PATIENCE,
        )
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
        field = self.page.get_by_label(label, exact=True).nth(nth)
        field.fill(text)
        field.press("Tab")
        return self.settle()

    def press(self, name: str, *, nth: int = 0) -> "Person":
        """Press the button of this name."""
        try:
            self.button(name).nth(nth).click()
        except TimeoutError as late:
            raise AssertionError(f"no button {name!r} on this page:\n{self.text}") from late
        self.page.wait_for_timeout(HEARD)
        return self.settle()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

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
