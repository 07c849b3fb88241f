"""The script that the door runs: who are you, which screens are yours, what news to tell."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from actions.desk import desk
from actions.health import banner
from actions.work import now
from domain.people import Actor
from domain.permissions import Permission, may
from widgets.at_work import news_place, refusal_place
from widgets.frame import demo_banner, idle_warning, manners, present_person, sidebar
from widgets.health_lines import health_banner
from widgets.memory import memory
from widgets.menu_pages import pages_like
from widgets.restricted_part import emergency_notice
from widgets.translated import in_words

HERE = Path(__file__).resolve().parent
ICON = HERE.parent / "web" / "assets" / "desk.svg"
SIGN_IN = "everyone/sign_in.py"
NOT_YOURS = "everyone/not_yours.py"


@dataclass(frozen=True)
class Screen:
    """One line of the menu: a file, its title and icon, and the permission that opens it."""

    file: str
    title: str
    icon: str
    permission: Permission
    in_menu: bool = False
    """Whether it stands in the menu; the others are reached from another screen."""

    @property
    def address(self) -> str:
        return Path(self.file).stem


SCREENS = (
    Screen("agency/new_referral.py", "New referral", "note_add", Permission.WRITE_REFERRALS, in_menu=True),
    Screen("agency/my_referrals.py", "My referrals", "folder_shared", Permission.SEE_OWN_REFERRALS, in_menu=True),
    Screen("agency/write_referral.py", "Write a referral", "edit_note", Permission.WRITE_REFERRALS),
    Screen("agency/check_referral.py", "Check your answers", "fact_check", Permission.WRITE_REFERRALS),
    Screen("agency/receipt.py", "Receipt", "receipt_long", Permission.WRITE_REFERRALS),
    Screen("agency/sent_referral.py", "Referral", "description", Permission.SEE_OWN_REFERRALS),
    Screen("agency/agency_statistics.py", "Our numbers", "bar_chart", Permission.SEE_AGENCY_STATISTICS, in_menu=True),
    Screen("center/queue.py", "Referral queue", "inbox", Permission.SEE_QUEUE, in_menu=True),
    Screen("center/phone_in.py", "Phoned-in referral", "call", Permission.PHONE_IN_REFERRALS, in_menu=True),
    Screen("center/referral.py", "Referral", "description", Permission.SEE_QUEUE),
    Screen("center/print_referral.py", "Print a referral", "print", Permission.PRINT_REFERRALS),
    Screen("center/merge_referrals.py", "Merge referrals", "merge", Permission.MERGE_REFERRALS),
    Screen("center/import_referral.py", "Import referral", "person_search", Permission.IMPORT_REFERRALS),
    Screen("center/intake.py", "Intake", "assignment", Permission.IMPORT_REFERRALS),
    Screen("center/clients.py", "Clients", "groups", Permission.SEE_CLIENTS, in_menu=True),
    Screen("center/walk_in.py", "Add a client", "person_add", Permission.EDIT_CLIENTS, in_menu=True),
    Screen("center/load_clients.py", "Load clients", "upload_file", Permission.LOAD_CLIENTS, in_menu=True),
    Screen("center/client.py", "Client", "person", Permission.SEE_CLIENTS),
    Screen("center/merge_clients.py", "Merge clients", "merge", Permission.MERGE_CLIENTS),
    Screen("center/emergency.py", "Emergency access", "emergency", Permission.BREAK_GLASS, in_menu=True),
    Screen("center/desk_counts.py", "The desk now", "speed", Permission.SEE_DESK_COUNTS, in_menu=True),
    Screen("center/statistics.py", "Statistics", "bar_chart", Permission.SEE_STATISTICS, in_menu=True),
    Screen("center/totals.py", "Totals to share", "table_chart", Permission.SEE_SUPPRESSED_TOTALS, in_menu=True),
    Screen("center/users.py", "Users", "manage_accounts", Permission.SEE_USERS, in_menu=True),
    Screen("center/agencies.py", "Agencies", "apartment", Permission.SEE_USERS, in_menu=True),
    Screen("center/center.py", "The center", "home_work", Permission.MANAGE_SETTINGS, in_menu=True),
    Screen("center/audit_trail.py", "Audit trail", "policy", Permission.SEE_AUDIT_TRAIL, in_menu=True),
    Screen("center/retention.py", "Retention", "auto_delete", Permission.SEE_RETENTION, in_menu=True),
    Screen("center/health.py", "Health", "monitor_heart", Permission.SEE_HEALTH, in_menu=True),
    Screen("everyone/who_may.py", "Who may do what", "key", Permission.OWN_ACCOUNT, in_menu=True),
    Screen("everyone/account.py", "Your account", "account_circle", Permission.OWN_ACCOUNT, in_menu=True),
)


def for_a_stranger() -> list[st.Page]:
    """Every address leads to sign-in, so that a deep link survives it."""
    door = st.Page(SIGN_IN, title="Sign in", url_path="sign_in", default=True)
    return [door] + [st.Page(SIGN_IN, title="Sign in", url_path=screen.address) for screen in SCREENS]


def for_a_person(mine: frozenset[Screen]) -> list[st.Page]:
    """The screens of one's roles; every other address says that it is not one's own.

    One plain list: Streamlit draws a menu with sections as a list that screen readers cannot follow.
    """
    pages = [_page(screen, mine=screen in mine) for screen in SCREENS]
    return [*pages, st.Page("everyone/home.py", title="Home", url_path="home", default=True, visibility="hidden")]


def _page(screen: Screen, *, mine: bool) -> st.Page:
    return st.Page(
        screen.file if mine else NOT_YOURS,
        title=in_words(screen.title if mine else "Not your screen"),
        icon=f":material/{screen.icon}:",
        url_path=screen.address,
        visibility="visible" if mine and screen.in_menu else "hidden",
    )


def first_of(person: Actor) -> str:
    """The file of the first screen in a person's menu."""
    return next(screen.file for screen in SCREENS if screen.in_menu and may(person, screen.permission))


person, above = present_person(), desk()
st.set_page_config(page_title="Referral Desk", page_icon=ICON, layout="wide" if person else "centered")
manners()
demo_banner(above)
if person is None:
    news_place()
    refusal_place()
    st.navigation(pages_like("stranger", for_a_stranger), position="hidden").run()
else:
    memory().first_screen = first_of(person)
    mine = frozenset(screen for screen in SCREENS if may(person, screen.permission))
    kind = frozenset(screen.address for screen in mine), memory().language
    pages = pages_like(kind, lambda: for_a_person(mine))
    page = st.navigation(pages, position="sidebar", expanded=True)
    sidebar(person, above)
    emergency_notice(person)
    if may(person, Permission.SEE_QUEUE) or may(person, Permission.SEE_HEALTH):
        health_banner(banner(now()))
    news_place()
    refusal_place()
    idle_warning()
    page.run()
    news_place()
