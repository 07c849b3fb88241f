"""How each dialog, menu, list and error of the desk is opened, in one table: what is not in it fails a test."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import suppress

from playwright.sync_api import TimeoutError, expect

from tests.browser.demo import DemoDesk
from tests.browser.person import PATIENCE, TRIES, Person
from tests.browser.running import ROOT

Opener = Callable[[Person, DemoDesk], None]
ANY_CLIENT = (
    "SELECT id FROM client WHERE merged_into_id IS NULL AND NOT withdrawn AND NOT restricted ORDER BY number LIMIT 1"
)
AGENCYS = "AND origin = 'agency' AND NOT hotline_open"
MORE = "[data-testid=stMain] button:has-text('More for')"


def about(status: str, deed: str = "", more: str = "", refuse: str = "", where: str = "") -> tuple[Opener, str]:
    """A referral's page in this status with a dialog open, and the button that is refused while it is empty."""

    def opened(person: Person, demo: DemoDesk) -> None:
        found = f"SELECT id FROM referral WHERE status = ? AND NOT restricted {where} ORDER BY number LIMIT 1"
        person.open(f"/referral?r={demo.one(found, status)}")
        if more:
            person.open_up(person.page.locator(MORE), "menu")
            person.page.get_by_role("menuitem", name=more, exact=True).click()
        else:
            person.press(deed)
        expect(person.page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
        person.settle()

    return opened, refuse


def of_client(deed: str, tab: str = "", refuse: str = "", sql: str = ANY_CLIENT) -> tuple[Opener, str]:
    """A client's page with a dialog open."""

    def opened(person: Person, demo: DemoDesk) -> None:
        person.open(f"/client?c={demo.one(sql)}")
        if tab:
            person.page.get_by_role("tab", name=tab).click()
            person.settle()
        person.page.get_by_role("button", name=deed).first.click()
        expect(person.page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
        person.settle()

    return opened, refuse


def undo_of_a_merge(person: Person, demo: DemoDesk) -> None:
    merged = demo.one("SELECT result_id FROM merge_decision WHERE undone_at IS NULL ORDER BY made_at LIMIT 1")
    person.open(f"/merge_referrals?m={merged}")
    person.press("Undo this merge")
    expect(person.page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)


def hotline(person: Person, demo: DemoDesk) -> None:
    waiting = demo.referral("submitted")
    demo.leave_hotline_open(waiting)
    person.open(f"/referral?r={waiting}")
    person.press("Settle the hotline report")
    expect(person.page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)


def not_the_same_child(person: Person, demo: DemoDesk) -> None:
    two = demo.ask("SELECT id FROM referral WHERE status = 'submitted' ORDER BY number DESC LIMIT 2")
    person.open("/merge_referrals?" + "&".join(f"r={demo.id_of(one[0])}" for one in two))
    person.press("Not the same child")
    expect(person.page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)


def undo_of_two_files(person: Person, demo: DemoDesk) -> None:
    """The demo has no two files that were merged: two are merged first."""
    two = demo.ask("SELECT id FROM client WHERE id NOT IN (SELECT client_id FROM import_decision) LIMIT 2 OFFSET 40")
    person.open("/merge_clients?" + "&".join(f"c={demo.id_of(one[0])}" for one in two))
    person.settle_all()
    person.fill("Why are they the same child?", "One mother, two spellings.")
    person.press(re.compile("^Merge C-"))
    person.page.wait_for_url("**/client?**")
    person.press(re.compile("^Undo the merge of C-"))
    expect(person.page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
    person.settle()


DIALOGS: dict[str, tuple[Opener, str]] = {
    "return_dialog.return_dialog": about(
        "submitted", "Reject: return to agency", refuse="Return to the agency", where=AGENCYS
    ),
    "correction_dialog.correction_dialog": about("submitted", more="Correct answers", refuse="Save the correction"),
    "decision_dialogs._ask": about("submitted", "Ask the agency", refuse="Ask the agency", where=AGENCYS),
    "decision_dialogs._note": about("submitted", more="Add a note", refuse="Add the note"),
    "decision_dialogs._link": about("submitted", more="Link to another referral", refuse="Link them"),
    "decision_dialogs._close": about("submitted", more="Close", refuse="Close R-"),
    "decision_dialogs._delete": about("submitted", more="Delete", refuse="Delete R-"),
    "decision_dialogs._reopen": about("closed", "Reopen"),
    "decision_dialogs._restore": about("deleted", "Restore", where="AND child_last_name != ''"),
    "decision_dialogs._hotline": (hotline, "Settle the hotline report"),
    "merge_dialogs.undo_dialog": (undo_of_a_merge, "Undo the merge"),
    "merge_dialogs._not_same": (not_the_same_child, "Not the same child"),
    "client_dialogs._edit": of_client("Edit the file", refuse="Save the changes"),
    "client_dialogs._note": of_client("Add a note", tab="Notes", refuse="Add the note"),
    "client_dialogs._undo_files": (undo_of_two_files, "Undo the merge"),
    "client_dialogs._undo": of_client(
        "Undo the import of",
        tab="Referrals",
        refuse="Undo the import",
        sql="SELECT client_id FROM import_decision WHERE undone_at IS NULL ORDER BY made_at DESC LIMIT 1",
    ),
}
"""Every dialog by the function that draws it, and the button that its empty boxes refuse, if any."""


def dialogs() -> Iterator[str]:
    """Every function of the house that draws a dialog, as file and name."""
    for file in sorted((ROOT / "widgets").glob("*.py")) + sorted((ROOT / "pages").rglob("*.py")):
        for outer in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(outer, ast.FunctionDef) and any(_is_dialog(node) for node in ast.walk(outer)):
                yield f"{file.stem}.{outer.name}"


def _is_dialog(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "dialog" and ast.unparse(node.value) == "st"


def listed(address: str, box: str) -> Opener:
    """The list of a drop-down box standing open."""

    def opened(person: Person, demo: DemoDesk) -> None:
        person.open(address.format(draft=demo.referral("draft", "olga")))
        person.open_up(person.page.locator(f'input[role=combobox][aria-label*="{box}"]').first, "listbox")

    return opened


def menu(address: str, button: str) -> Opener:
    """A button's menu standing open."""

    def opened(person: Person, demo: DemoDesk) -> None:
        person.open(address.format(waiting=demo.referral("submitted")))
        person.open_up(person.page.locator(f"[data-testid=stMain] button:has-text('{button}')").first, "menu")

    return opened


def the_filters(person: Person, demo: DemoDesk) -> None:
    person.open("/queue")
    person.press("Filters")
    person.settle()


def every_table_of_today(person: Person, demo: DemoDesk) -> None:
    person.open("/desk_counts").tick("Open every table")


MENUS: dict[str, tuple[str, Opener]] = {
    "actions of a row": ("irene", menu("/queue", "Actions for")),
    "more for a referral": ("irene", menu("/referral?r={waiting}", "More for")),
    "filters of the queue": ("irene", the_filters),
    "order of the queue": ("irene", menu("/queue", "Order:")),
    "agency of a phoned-in referral": ("irene", listed("/phone_in", "Agency")),
    "month of a birth": ("olga", listed("/write_referral?r={draft}", "month")),
    "roles of a new user": ("ada", listed("/users", "Roles")),
    "every table of the desk now": ("sam", every_table_of_today),
    "period of the statistics": ("sam", listed("/statistics", "Period")),
    "agency of the statistics": ("sam", listed("/statistics", "Agency")),
}
"""Each menu and list that opens over a page, and who opens it."""


def refused_sign_in(person: Person, demo: DemoDesk) -> None:
    person.open("/")
    person.fill("User name", "irene")
    person.fill("Password", "wrong horse battery staple")
    person.press("Sign in")
    expect(person.page.get_by_role("alert").filter(visible=True).nth(1)).to_be_visible(timeout=PATIENCE)


def refused_code(person: Person, demo: DemoDesk) -> None:
    person.open("/")
    person.unfold("I have a one-time code from my administrator")
    person.fill("User name", "irene", nth=1)
    person.fill("One-time code", "no-such-code")
    person.fill("New password", "a quiet river by the old mill")
    person.fill("New password again", "a quiet river by the old mill")
    person.press("Choose this password")
    expect(person.page.get_by_role("alert").filter(visible=True).nth(1)).to_be_visible(timeout=PATIENCE)


def refused_password(person: Person, demo: DemoDesk) -> None:
    person.open("/account")
    person.fill("Current password", "not mine at all, this one")
    person.fill("New password", "short")
    person.fill("New password again", "another")
    person.press("Change password")
    person.sees("The two new passwords differ")


def empty_form(person: Person, demo: DemoDesk) -> None:
    person.open("/new_referral")
    person.pick("What kind of referral is this?", "Law enforcement")
    person.press("Start")
    person.page.wait_for_url("**/write_referral**")
    person.open(person.page.url + "&checked=yes").sees("There is a problem")


def empty_check(person: Person, demo: DemoDesk) -> None:
    person.open(f"/check_referral?r={demo.referral('draft', 'olga')}")
    person.press("Send referral")
    person.sees("Nothing was sent")


def empty_call(person: Person, demo: DemoDesk) -> None:
    person.open("/phone_in")
    person.press("Start the referral")
    person.settle()


def empty_walk_in(person: Person, demo: DemoDesk) -> None:
    person.open("/walk_in").settle()


def walk_in_who_looks_known(person: Person, demo: DemoDesk) -> None:
    first, last = demo.ask("SELECT first_name, last_name FROM client ORDER BY number LIMIT 1")[0]
    person.open("/walk_in").fill("First name", first).fill("Last name", last).sees("Field by field")


def phoned_in_referral(person: Person, demo: DemoDesk) -> None:
    person.open("/phone_in")
    person.choose("Agency", "Juniper County Sheriff")
    person.fill("Who called?", "Deputy Hill")
    # Leaving that box opens the calendar of the next one.
    person.page.keyboard.press("Escape")
    person.page.get_by_text("Law enforcement", exact=True).click()
    person.settle().press("Start the referral")
    person.page.wait_for_url("**/phone_in?**")
    person.open(person.page.url + "&checked=yes").sees("There is a problem")


def phoned_in_referral_to_be_sent(person: Person, demo: DemoDesk) -> None:
    drafts = "SELECT id FROM referral WHERE status = 'draft' AND origin = 'staff' ORDER BY made_at DESC LIMIT 1"
    person.open(f"/phone_in?step=check&r={demo.one(drafts)}")
    person.press("Send to the queue").sees("Nothing was sent")


def restriction(person: Person, demo: DemoDesk) -> None:
    person.open(f"/referral?r={demo.referral('submitted')}").turn_to("Questions and notes")
    person.unfold("Who may see this record")
    _refused(person, "Restrict to these people")


def _refused(person: Person, button: str) -> None:
    """Press until the refusal stands there, beside the demo's banner: a page drawn anew in between loses a click."""
    refusal = person.page.get_by_role("alert").filter(visible=True).nth(1)
    for _ in range(TRIES):
        person.press(button)
        with suppress(TimeoutError):
            refusal.wait_for(timeout=PATIENCE / TRIES)
            break
    expect(refusal).to_be_visible()


def password_asked_again(person: Person, demo: DemoDesk) -> None:
    demo.let_the_password_age("ada")
    person.open("/users").fill("Your password", "not mine at all, this one").press("Go on")
    expect(person.page.get_by_role("alert").filter(visible=True).nth(1)).to_be_visible(timeout=PATIENCE)


def signed_out(person: Person, demo: DemoDesk) -> None:
    person.open("/account").press("Sign out")
    expect(person.button("Sign in")).to_be_visible(timeout=PATIENCE)


def wrong_number(person: Person, demo: DemoDesk) -> None:
    person.open("/referral?r=00000000-0000-0000-0000-000000000000").settle()


ERRORS: dict[str, tuple[str, Opener]] = {
    "a wrong password": ("nobody", refused_sign_in),
    "a wrong one-time code": ("nobody", refused_code),
    "a password that cannot be": ("olga", refused_password),
    "an empty form": ("olga", empty_form),
    "an empty form to be sent": ("olga", empty_check),
    "a phoned-in referral without a caller": ("irene", empty_call),
    "a client without a search": ("irene", empty_walk_in),
    "a client who looks known": ("irene", walk_in_who_looks_known),
    "a phoned-in referral with questions open": ("irene", phoned_in_referral),
    "a phoned-in referral that cannot be sent": ("irene", phoned_in_referral_to_be_sent),
    "a restriction without a reason": ("sam", restriction),
    "a password asked for again": ("ada", password_asked_again),
    "a person who has signed out": ("una", signed_out),
    "a number that does not exist": ("irene", wrong_number),
}
"""Each way of being refused, and who is."""
