"""What people of the cast do at the screens, in their own words; journeys are made of these."""

import re
from dataclasses import dataclass, field

import pyotp
from playwright.sync_api import expect

from tests.browser.axe import grave
from tests.browser.person import PATIENCE, Person
from tests.browser.running import RunningDesk

PASSWORD = "a quiet river by the old mill"


@dataclass
class Center:
    """The center of a journey: its administrator's password and authenticator key."""

    desk: RunningDesk
    totp: dict[str, str] = field(default_factory=dict)


def refused_set_up(ada: Person) -> list[str]:
    """The first page with a wrong code; what axe finds grave on it, in both themes, before and after."""
    found = grave(ada.open(), "first page light") + grave(ada.in_theme("dark"), "first page dark")
    _fill_in_first_page(ada, "WRONG-CODE")
    ada.press("Set up the center")
    expect(ada.page.get_by_role("alert").filter(visible=True).first).to_be_visible(timeout=PATIENCE)
    found += grave(ada, "wrong code dark")
    return found + grave(ada.in_theme("light"), "wrong code light")


def set_up_center(ada: Person, desk: RunningDesk, *, second_factor: bool = True) -> None:
    """The first run: the console's code, the center, its first administrator."""
    ada.open()
    _fill_in_first_page(ada, desk.setup_code())
    if not second_factor:
        ada.tick("Administrators and supervisors sign in with an authenticator app as well (recommended)")
    ada.press("Set up the center")
    ada.sees("The center is set up.")


def _fill_in_first_page(ada: Person, code: str) -> None:
    ada.fill("Set-up code", code)
    ada.fill("Name of the center", "Juniper Child Advocacy Center")
    ada.fill("Your name", "Ada Lund")
    ada.fill("User name you will sign in with", "ada")
    ada.fill("Password", PASSWORD)
    ada.fill("Password again", PASSWORD)


def sign_in_and_enrol(person: Person, username: str) -> str:
    """Sign in for the first time where a second factor is asked for; gives the authenticator's key."""
    person.fill("User name", username)
    person.fill("Password", PASSWORD)
    person.press("Sign in")
    person.sees("Set up your authenticator app")
    key = re.sub(r"\s", "", person.page.locator("[data-testid=stCode]").first.inner_text())
    person.fill("The six digits that the app shows now", pyotp.TOTP(key).now())
    person.press("Go on")
    person.sees("Keep these recovery codes")
    person.press("I have kept them: sign in")
    expect(person.button("Sign out")).to_be_visible(timeout=PATIENCE)
    person.settle()
    return key


def make_agency(ada: Person, name: str, kind: str) -> None:
    """Ada makes an agency."""
    ada.go("Agencies")
    ada.fill("Name of the agency", name)
    ada.choose("Kind", kind)
    ada.press("Make this agency")
    ada.sees(f"{name} · ")


def make_user(ada: Person, username: str, name: str, role: str, agency: str = "") -> str:
    """Ada makes a user and reads the one-time code to hand over."""
    ada.go("Users")
    ada.fill("User name", username)
    ada.fill("Name", name)
    ada.choose("Roles", role)
    if agency:
        ada.choose("Agency (for referral users)", agency)
    ada.press("Make this user")
    ada.sees("Hand this one-time code over")
    code = ada.page.locator("[data-testid=stCode]").first.inner_text().strip()
    ada.press("Done")
    return code


def choose_password(person: Person, username: str, code: str) -> None:
    """A new person uses the one-time code and signs in with a password of their own."""
    person.open()
    person.unfold("I have a one-time code from my administrator")
    person.fill("User name", username, nth=1)
    person.fill("One-time code", code)
    person.fill("New password", PASSWORD)
    person.fill("New password again", PASSWORD)
    person.press("Choose this password")
    expect(person.button("Sign out")).to_be_visible(timeout=PATIENCE)
    person.settle()


def start_referral(officer: Person, kind: str) -> None:
    """Start a new referral of a type."""
    officer.go("New referral")
    officer.pick("What kind of referral is this?", kind)
    officer.press("Start")
    officer.page.wait_for_url("**/write_referral**")
    officer.settle()


def write_short_path(
    officer: Person, first: str, last: str, born: tuple[str, str, str], sex: str, narrative: str, urgency: str
) -> None:
    """Answer the short path: what a tired officer needs to send a referral at 11 PM."""
    officer.pick("How soon does the child need to be seen?", urgency)
    officer.fill("First name", first)
    officer.fill("Last name", last)
    officer.pick("This child is", "Alleged victim")
    month, day, year = born
    officer.choose("Date of birth: month", month)
    officer.fill("Day", day)
    officer.fill("Year", year)
    officer.pick("Sex", sex)
    officer.pick("Is the alleged offender known?", "No")
    officer.pick("Can this person reach the child now?", "No")
    officer.tick("Physical abuse")
    officer.pick("Could the last incident be within 5 days (120 hours)?", "No")
    officer.fill("What was reported to you?", narrative)


def send(officer: Person) -> str:
    """Check the answers and send; gives the number on the receipt."""
    officer.press("Check your answers")
    officer.page.wait_for_url("**/check_referral**")
    officer.settle()
    officer.press("Send referral")
    officer.page.wait_for_url("**/receipt**")
    officer.settle()
    found = re.search(r"R-\d\d-\d{4}", officer.text)
    assert found, officer.text
    return found.group()


def open_in_queue(staff: Person, number: str) -> None:
    """Open a referral from the queue."""
    staff.go("Referral queue")
    staff.press(f"Open {number}")
    staff.page.wait_for_url("**/referral?**")
    staff.settle()


def act_on(staff: Person, button: str) -> None:
    """Press one of the deeds of a referral's page and wait for what it opens."""
    staff.press(button)
    staff.page.wait_for_timeout(300)
    staff.settle()


def add_as_new_client(staff: Person, number: str, reason: str = "") -> str:
    """Import with the search looked at, as a new client; gives the client's number."""
    open_in_queue(staff, number)
    act_on(staff, "Import")
    staff.page.wait_for_url("**/import_referral**")
    staff.settle()
    if reason:
        staff.fill("Why is this another child?", reason)
    staff.press("Add new client")
    staff.press("Continue to intake")
    staff.page.wait_for_url("**/intake**")
    staff.settle()
    return save_client(staff, "Save: add the client")


def save_client(staff: Person, button: str) -> str:
    """Press Save and land on the client's page; gives the client's number."""
    staff.press(button)
    staff.page.wait_for_url("**/client?**")
    staff.settle()
    found = re.search(r"C-\d\d-\d{4}", staff.text)
    assert found, staff.text
    return found.group()


def return_with_marks(staff: Person, number: str, comment: str, marks: dict[str, str]) -> None:
    """Return a referral with a comment and marks on exact questions."""
    open_in_queue(staff, number)
    act_on(staff, "Reject: return to agency")
    staff.choose("Why does it go back?", "Information is missing")
    staff.fill("What is missing, and why do you need it?", comment)
    for question, wish in marks.items():
        staff.choose("Mark the questions to be corrected", question)
        staff.type_at(question, wish)
    finish_dialog(staff, "Return to the agency")


def merge_two(staff: Person, first: str, second: str) -> str:
    """Pick two referrals in the queue and make them one; gives the result's number."""
    staff.go("Referral queue")
    staff.from_menu(f"Actions for {first}", "Merge with another")
    staff.tick(f"Pick {second} to merge")
    staff.press("Merge 2 referrals")
    staff.page.wait_for_url("**/merge_referrals**")
    staff.settle()
    staff.press(re.compile(r"^Merge R-"))
    staff.sees("was made by a merge").settle()
    found = re.search(r"(R-\d\d-\d{4}) was made by a merge", staff.text)
    assert found, staff.text
    return found.group(1)


def undo_merge(staff: Person, reason: str) -> None:
    """Undo the merge whose page is open."""
    act_on(staff, "Undo this merge")
    staff.fill("Why are they separated again?", reason)
    finish_dialog(staff, "Undo the merge")


def import_to_client(staff: Person, number: str, client: str) -> None:
    """Import to a client who was found, taking each proposal and the referral's answer elsewhere."""
    open_in_queue(staff, number)
    act_on(staff, "Import")
    staff.page.wait_for_url("**/import_referral**")
    staff.settle()
    staff.press(f"Import to {client}")
    staff.sees("2. Is a case already open?")
    staff.settle().settle_all()
    staff.press("Continue to intake")
    staff.page.wait_for_url("**/intake**")
    staff.settle()
    save_client(staff, f"Save into {client}")


def correct(officer: Person, number: str, answers: dict[str, str]) -> None:
    """Correct the marked fields of a returned referral and send it again."""
    officer.go("My referrals")
    officer.press(f"Correct {number}")
    officer.page.wait_for_url("**/write_referral**")
    officer.settle()
    for label, text in answers.items():
        officer.fill(label, text)
    send(officer)


def finish_dialog(staff: Person, verb: str) -> None:
    """Press the button that a dialog is there for, and wait until the dialog is gone."""
    staff.press(verb)
    expect(staff.page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    staff.settle()
