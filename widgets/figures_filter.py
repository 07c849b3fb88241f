"""The one filter of a page of numbers, kept in its address; and how the center counts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import streamlit as st

from domain import fields
from domain.fields import ReferralType
from domain.statistics import (
    Choice,
    CountingDate,
    Part,
    Period,
    PeriodKind,
    Setup,
    Unit,
    Wanted,
    from_address,
    to_address,
)
from widgets.language import said
from widgets.words import clock

TYPE_WORDS = {choice.code: choice.label for choice in fields.FIELD["referral_type"].choices}
MAPPED = {
    "child_sex": "2. Gender",
    "ao_relationship": "5. Relationship of the alleged offender",
    "allegation_types": "7. Type of abuse",
    "child_race_ethnicity": "8. Race and ethnicity",
}


def wanted_numbers() -> Wanted:
    """What the address asks for."""
    return from_address(st.query_params.to_dict())


def numbers_filter(wanted: Wanted, agencies: Iterable[tuple[UUID, str]], counties: Iterable[str]) -> None:
    """Period, agency, county and type; a change goes into the address and draws the page anew."""
    names: dict[UUID | None, str] = {None: "Every agency", **dict(agencies)}
    places = ["", *counties]
    with st.container(horizontal=True, gap="small"):
        kind, first, last = _period_boxes(wanted)
        agency = st.selectbox(
            "Agency", list(names), _place(list(names), wanted.agency_id), format_func=lambda one: names[one], width=190
        )
        county = st.selectbox(
            "County", places, _place(places, wanted.county), format_func=lambda one: one or "Every county", width=150
        )
        kinds = ["", *(one.value for one in ReferralType)]
        chosen = st.selectbox(
            "Type",
            kinds,
            _place(kinds, wanted.type),
            format_func=lambda one: TYPE_WORDS.get(one, "Every type"),
            width=170,
        )
    part = st.segmented_control(
        "Part", list(Part), default=wanted.part, format_func=_label, required=True, label_visibility="collapsed"
    )
    _follow(wanted, Wanted(kind, first, last, agency, county or "", chosen or "", part or wanted.part))


def period_filter(wanted: Wanted) -> None:
    """The period alone, for an agency's own page."""
    with st.container(horizontal=True, gap="small"):
        kind, first, last = _period_boxes(wanted)
    _follow(wanted, replace(wanted, kind=kind, first=first, last=last))


def setup_form(setup: Setup) -> Setup | None:
    """How the center counts, to be changed; what was saved, else None."""
    with st.form("numbers_setup"):
        counting = st.selectbox(
            "A child counts on", list(CountingDate), _place(list(CountingDate), setup.counting), format_func=_label
        )
        unit = st.selectbox("What is counted", list(Unit), _place(list(Unit), setup.unit), format_func=_label)
        months = list(range(1, 13))
        month = st.selectbox(
            "The fiscal year begins in",
            months,
            setup.fiscal_month - 1,
            format_func=lambda one: fields.MONTHS[one - 1],
        )
        least = st.number_input("Hide numbers below, in what leaves the house", 2, 50, setup.least)
        mapping = {name: _mapping_boxes(name, title, setup) for name, title in MAPPED.items()}
        if st.form_submit_button("Save how we count"):
            return Setup(counting or setup.counting, unit or setup.unit, month or 1, int(least or 5), mapping)
    return None


def filter_words(wanted: Wanted, agencies: Iterable[tuple[UUID, str]]) -> str:
    """What the page is narrowed to, as a print says it."""
    agency = dict(agencies).get(wanted.agency_id, "") if wanted.agency_id else ""
    said = (agency or "every agency", wanted.county or "every county", TYPE_WORDS.get(wanted.type, "every type"))
    return ", ".join((wanted.part.label, *said))


def scope_words(part: Part, period: Period, before: Period, setup: Setup) -> None:
    """What the numbers of a part are about, of which days, and with which they are compared."""
    if part is Part.NOW:
        st.markdown("These numbers are about **this moment** and the last working day, whatever the period.")
    elif part is Part.INTAKE:
        st.markdown(
            f"**{period.label}**. Counted are **{setup.unit.label}**, by **{setup.counting.label}**. Services are not "
            "covered. These are intake counts, to be compared with your funder's own form."
        )
    else:
        st.markdown(
            f"**{period.label}**, compared with {before.label}. Every number is about the referrals that arrived in "
            "these days, followed up to this moment; the period before is followed for just as long."
        )


def choice_of_today() -> Choice:
    """The choice of a page that is only about now."""
    today = clock().today
    return Choice(Period(today, today))


def _period_boxes(wanted: Wanted) -> tuple[PeriodKind, date | None, date | None]:
    kinds = list(PeriodKind)
    title = said("Period", "Período")
    kind = st.selectbox(title, kinds, _place(kinds, wanted.kind), format_func=_period_name, width=170)
    if kind is not PeriodKind.ANY:
        return kind, None, None
    today = clock().today
    first = st.date_input(said("First day", "Primer día"), wanted.first or today.replace(day=1), width=160)
    last = st.date_input(said("Last day", "Último día"), wanted.last or today, width=160)
    return kind, first, last


def _period_name(kind: PeriodKind) -> str:
    return said(kind.label, _PERIODS_ES[kind])


_PERIODS_ES = {
    PeriodKind.THIS_MONTH: "Este mes",
    PeriodKind.LAST_MONTH: "El mes pasado",
    PeriodKind.THIS_QUARTER: "Este trimestre",
    PeriodKind.LAST_QUARTER: "El trimestre pasado",
    PeriodKind.THIS_HALF_YEAR: "Este semestre",
    PeriodKind.LAST_HALF_YEAR: "El semestre pasado",
    PeriodKind.THIS_FISCAL_YEAR: "Este año fiscal",
    PeriodKind.LAST_FISCAL_YEAR: "El año fiscal pasado",
    PeriodKind.ANY: "Entre dos días",
}


def _follow(wanted: Wanted, chosen: Wanted) -> None:
    if chosen != wanted:
        st.query_params.from_dict(to_address(chosen))
        st.rerun()


def _mapping_boxes(name: str, title: str, setup: Setup) -> dict[str, str]:
    st.markdown(f"**{title}**: the row of the report in which each choice counts")
    kept = setup.mapping.get(name, {})
    with st.container(horizontal=True, gap="small"):
        return {
            choice.code: st.text_input(
                choice.label, kept.get(choice.code, choice.label), key=f"map_{name}_{choice.code}", width=240
            )
            for choice in fields.FIELD[name].choices
        }


def _label(one: CountingDate | Unit | Part) -> str:
    return one.label[0].upper() + one.label[1:]


def _place(options: Sequence[Any], value: object) -> int:
    return options.index(value) if value in options else 0
