"""The intake counts as a section of the page."""

from typing import Any

import pandas as pd

from domain.statistics import intake
from domain.statistics.figures import Figure, Section
from domain.statistics.intake import Setup, Unit
from domain.statistics.sheets import Kind, Shape, Sheet, counted, definition


def intake_counts(cases: pd.DataFrame, facts: pd.DataFrame, setup: Setup) -> Section:
    """The intake counts of the cases whose counting day lies in the period, by the center's mapping.

    `cases`: case, client, on, first, agency, county. `facts`: owner ("client" or "case"), id, field, ordinal, code, on.
    """
    chosen = intake.counted(cases, setup.unit)
    of = "Children" if setup.unit is Unit.CHILD else "Cases"
    figures = (
        Figure("children", f"1. {of}", definition(intake.children), Kind.COUNT, len(chosen)),
        Figure(
            "offenders", "4. Alleged offenders", definition(intake.offenders), Kind.COUNT, _offenders(chosen, facts)
        ),
    )
    return Section(
        "intake",
        "Intake counts",
        figures,
        (*_of_children(chosen, facts, setup, of), *_of_offenders(chosen, facts, setup)),
    )


def _of_children(chosen: pd.DataFrame, facts: pd.DataFrame, setup: Setup, of: str) -> tuple[Sheet, ...]:
    def sheet(code: str, title: str, what: Any, rows: pd.DataFrame, shape: Shape = Shape.PARTS) -> Sheet:
        return counted(code, title, what, rows, total=len(chosen), of=of, shape=shape)

    mapping = setup.mapping
    kinds = intake.abuse_type(chosen, facts, mapping)
    return (
        sheet("new_children", f"1. {of}", intake.children, intake.children(chosen)),
        sheet("gender", "2. Gender", intake.gender, intake.gender(chosen, facts, mapping)),
        sheet("age", "3. Age at first contact", intake.age, intake.age(chosen, facts)),
        sheet("age_ovc", "3b. Age in the bands of OVC", intake.age_ovc, intake.age_ovc(chosen, facts)),
        sheet("abuse_type", "7. Type of abuse", intake.abuse_type, kinds, Shape.SEVERAL),
        sheet("race", "8. Race and ethnicity", intake.race, intake.race(chosen, facts, mapping)),
        sheet("intake_county", "By county", intake.by_county, intake.by_county(chosen)),
        sheet("intake_source", "By referral source", intake.by_source, intake.by_source(chosen)),
    )


def _of_offenders(chosen: pd.DataFrame, facts: pd.DataFrame, setup: Setup) -> tuple[Sheet, ...]:
    def sheet(code: str, title: str, what: Any, rows: pd.DataFrame) -> Sheet:
        return counted(code, title, what, rows, total=int(rows["count"].sum()), of="Alleged offenders")

    related = intake.relationship(chosen, facts, setup.mapping)
    aged = intake.offender_age(chosen, facts)
    return (
        sheet("relationship", "5. Relationship of the alleged offender", intake.relationship, related),
        sheet("offender_age", "6. Age of the alleged offender", intake.offender_age, aged),
    )


def _offenders(chosen: pd.DataFrame, facts: pd.DataFrame) -> int:
    return int(intake.offenders(chosen, facts)["count"].iloc[0])
