"""The demo desk as a visitor finds it: made once, looked at by everybody."""

import ast
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser

from domain.people import Role
from domain.permissions import GRANTS, Permission
from tests.browser.person import Person
from tests.browser.running import ROOT, RunningDesk, running_desk

ROLES = {
    "olga": {Role.REFERRAL_USER},
    "lena": {Role.REFERRAL_USER, Role.AGENCY_LEAD},
    "irene": {Role.STAFF},
    "sam": {Role.SUPERVISOR},
    "ada": {Role.ADMINISTRATOR},
    "una": {Role.AUDITOR},
}
"""Who is who in the demo."""
FRESH = 300.0
"""Seconds: a session this young is neither idle nor asked for its password again while a test goes on with it."""


@dataclass(frozen=True)
class Screen:
    """A screen of the menu's table."""

    address: str
    permission: Permission

    def open_to(self, who: str) -> bool:
        return bool(GRANTS[self.permission] & ROLES[who])


@dataclass
class DemoDesk:
    """A running demo with its passwords and a few of its records."""

    desk: RunningDesk
    passwords: dict[str, str]
    cookies: dict[str, tuple[float, list[Any]]] = field(default_factory=dict)
    """The sessions that are open and when they began, by user name."""

    def person(self, browser: Browser, who: str, *, width: int = 1280) -> Person:
        """Somebody of the demo, signed in: by the form, or by the same session while the password is fresh."""
        person = Person(browser, self.desk.url, width=width)
        began, cookies = self.cookies.get(who, (-FRESH, []))
        if time.monotonic() - began < FRESH:
            person.context.add_cookies(cookies)
            person.open("/account")
        if not person.page.get_by_role("button", name="Sign out").count():
            person.sign_in(who, self.passwords[who])
            self.cookies[who] = time.monotonic(), list(person.context.cookies())
        return person

    def let_the_password_age(self, who: str) -> None:
        """Make it long ago that somebody typed their password: the next grave act asks for it again."""
        with sqlite3.connect(next((self.desk.folder / "data").glob("*.db"))) as database:
            database.execute(
                "UPDATE user_session SET proved_at = NULL "
                "WHERE user_id = (SELECT id FROM user_account WHERE username = ?)",
                (who,),
            )
        self.cookies.pop(who, None)

    def ask(self, sql: str, *values: object) -> list[tuple[str, ...]]:
        """Look into the demo's database, as a test may."""
        with sqlite3.connect(f"file:{next((self.desk.folder / 'data').glob('*.db'))}?mode=ro", uri=True) as database:
            return database.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> str:
        """The one id that a question asks for, fit for an address."""
        return self.id_of(self.ask(sql, *values)[0][0])

    @staticmethod
    def id_of(kept: str) -> str:
        """An id as the database keeps it, fit for an address."""
        return str(UUID(kept))

    def referral(self, status: str, maker: str = "%") -> str:
        """The id of a referral in this status, made by this user, fit for an address."""
        found = self.ask(
            "SELECT r.id FROM referral r JOIN user_account u ON u.id = r.made_by "
            "WHERE r.status = ? AND u.username LIKE ? AND r.origin = 'agency' ORDER BY r.number LIMIT 1",
            status,
            maker,
        )
        return str(UUID(found[0][0]))

    def leave_hotline_open(self, referral: str) -> None:
        """Make a referral one whose hotline report was not made: the demo has none that waits."""
        with sqlite3.connect(next((self.desk.folder / "data").glob("*.db"))) as database:
            database.execute("UPDATE referral SET hotline_open = 1 WHERE id = ?", (UUID(referral).hex,))

    def names(self) -> set[str]:
        """First with last name of every child in the demo: planted values that must not get out."""
        children = self.ask("SELECT child_first_name, child_last_name FROM referral WHERE child_first_name != ''")
        clients = self.ask("SELECT first_name, last_name FROM client WHERE first_name != ''")
        return {f"{first} {last}" for first, last in (*children, *clients)}


@contextmanager
def demo_desk(folder: Path) -> Iterator[DemoDesk]:
    """Fill a demo in `folder` with the console's own command and run it."""
    made = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "DATA_DIR": str(folder / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    passwords = dict(re.findall(r"^(\w+) +((?:[a-z]+-){4}\d\d)", made.stdout, re.MULTILINE))
    with running_desk(folder) as desk:
        yield DemoDesk(desk, passwords)


def screens() -> list[Screen]:
    """The menu's table, read from its source: running the menu needs a visitor."""
    tree = ast.parse((ROOT / "pages" / "menu.py").read_text())
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Screen"
    ]
    return [
        Screen(Path(ast.literal_eval(call.args[0])).stem, Permission[call.args[3].attr])  # type: ignore[attr-defined]
        for call in calls
    ]
