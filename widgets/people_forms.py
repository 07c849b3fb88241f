"""Forms and lines of the screens for users and agencies."""

from uuid import UUID

import streamlit as st

from actions.center.agencies import AgencyLine
from actions.center.users import Details, Person
from domain.agency_kinds import AGENCY_KINDS
from domain.people import Role
from widgets.memory import memory


def details_fields(person: Person | None = None) -> Details:
    """How a person is called and reached."""
    return Details(
        name=st.text_input("Name", value=person.name if person else ""),
        title=st.text_input("Title", value=person.title if person else ""),
        phone=st.text_input("Phone", value=person.phone if person else ""),
        email=st.text_input("Mail address", value=person.email if person else ""),
    )


def roles_field(chosen: frozenset[Role] = frozenset()) -> frozenset[Role]:
    """Which roles a person holds; several are allowed."""
    picked = st.multiselect(
        "Roles", list(Role), default=[role for role in Role if role in chosen], format_func=lambda role: role.label
    )
    return frozenset(picked)


def agency_field(agencies: list[AgencyLine]) -> UUID | None:
    """The agency that a person refers for, if any."""
    active = [agency for agency in agencies if agency.active]
    picked = st.selectbox(
        "Agency (for referral users)",
        active,
        index=None,
        format_func=lambda agency: agency.name,
        placeholder="None: of the center",
    )
    return picked.id if picked else None


def agency_fields(agency: AgencyLine | None = None) -> tuple[str, str, bool]:
    """Name, kind, and whether the agency sees outcomes as a team partner."""
    kinds = list(AGENCY_KINDS)
    name = st.text_input("Name of the agency", value=agency.name if agency else "")
    kind = st.selectbox(
        "Kind", kinds, index=kinds.index(agency.kind) if agency else 0, format_func=lambda code: AGENCY_KINDS[code]
    )
    partner = st.checkbox(
        "Partner of the multidisciplinary team under an agreement: sees whether a referral was accepted, and why not",
        value=agency.team_partner if agency else False,
    )
    return name, kind or "other", partner


def handed_code() -> None:
    """Show a one-time code, once, to be handed over in person or by phone."""
    code = memory().handed_code
    if not code:
        return
    with st.container(border=True):
        st.text(
            "Hand this one-time code over in person or by phone. It works once, for 24 hours, under "
            '"I have a one-time code" on the sign-in page. It is not shown again.'
        )
        st.code(code, language=None)
        if st.button("Done"):
            memory().handed_code = ""
            st.rerun()


def person_in_a_line(person: Person) -> str:
    """A person as one line of the list."""
    parts = [person.name, f"user name {person.username}", ", ".join(sorted(role.label for role in person.roles))]
    if person.agency:
        parts.append(person.agency)
    if not person.active:
        parts.append("switched off")
    elif not person.has_password:
        parts.append("has not signed in yet")
    return " · ".join(parts)


def agency_in_a_line(agency: AgencyLine) -> str:
    """An agency as one line of the list."""
    parts = [
        agency.name,
        agency.kind_in_words,
        "1 active person" if agency.people == 1 else f"{agency.people} active people",
    ]
    if agency.team_partner:
        parts.append("team partner")
    if not agency.active:
        parts.append("switched off")
    return " · ".join(parts)
