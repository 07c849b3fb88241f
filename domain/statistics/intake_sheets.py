"""The intake counts as a section of the page, and the cases behind each of their numbers."""

from collections.abc import Callable, Iterable

import pandas as pd

from domain.statistics import intake
from domain.statistics.figures import Figure, Section
from domain.statistics.intake import SEVERAL, Setup, Told, Unit
from domain.statistics.sheets import Kind, Shape, Sheet, counted, definition

Groups = Callable[[Told], pd.Series]
TABLES: dict[str, tuple[str, Groups]] = {
    "new_children": ("1. {of}", intake.children),
    "gender": ("2. Gender", intake.gender),
    "age": ("3. Age at first contact", intake.age),
    "age_ovc": ("3b. Age in the bands of OVC", intake.age_ovc),
    "relationship": ("5. Relationship of the alleged offender", intake.relationship),
    "offender_age": ("6. Age of the alleged offender", intake.offender_age),
    "abuse_type": ("7. Type of abuse", intake.abuse_type),
    "race": ("8. Race and ethnicity", intake.race),
    "intake_county": ("By county", intake.by_county),
    "intake_source": ("By referral source", intake.by_source),
}
"""In the order of the funder's rows; what is counted by person stands among what is counted by child."""
OF_OFFENDERS = frozenset({"relationship", "offender_age"})
FIGURES: dict[str, Groups] = {"children": intake.children, "offenders": intake.offenders}
GROUPS: dict[str, Groups] = {
    **FIGURES,
    **{code: groups for code, (_, groups) in TABLES.items()},
}


def intake_counts(cases: pd.DataFrame, facts: pd.DataFrame, setup: Setup) -> Section:
    """The intake counts of the cases whose counting day lies in the period, by the center's mapping."""
    told = told_of(cases, facts, setup)
    of = "Children" if setup.unit is Unit.CHILD else "Cases"
    figures = (
        _figure("children", f"1. {of}", told),
        _figure("offenders", "4. Alleged offenders", told),
    )
    sheets = (
        _sheet(told, code, title.format(of=of), what, "Alleged offenders" if code in OF_OFFENDERS else of)
        for code, (title, what) in TABLES.items()
    )
    return Section("intake", "Intake counts", figures, tuple(sheets))


def told_of(cases: pd.DataFrame, facts: pd.DataFrame, setup: Setup) -> Told:
    """What counts of the cases, each child once where the center counts children."""
    return Told(intake.counted(cases, setup.unit), facts, setup.mapping)


def cases_behind(told: Told, code: str, row: str = "") -> pd.Index:
    """The cases behind a figure, or behind one row of a table; a case stands once, however many offenders it has."""
    groups = GROUPS[code](told)
    return (groups.index if code in FIGURES else groups.index[(groups == row).to_numpy()]).unique()


def _figure(code: str, label: str, told: Told) -> Figure:
    return Figure(code, label, definition(FIGURES[code]), Kind.COUNT, len(FIGURES[code](told)))


def _sheet(told: Told, code: str, title: str, what: Groups, of: str) -> Sheet:
    rows = intake.rows_of(what(told), _order(code, told))
    if code == "new_children":
        # Whether a child was here before is always known.
        rows = rows[rows["label"] != intake.UNKNOWN]
    total = int(rows["count"].sum()) if code in OF_OFFENDERS else len(told.chosen)
    shape = Shape.SEVERAL if code == "abuse_type" else Shape.PARTS
    return counted(code, title, what, rows, total=total, of=of, shape=shape)


def _order(code: str, told: Told) -> Iterable[str]:
    if code == "new_children":
        return ("New to the center", "Seen before")
    bands = {"age": intake.AGES, "age_ovc": intake.OVC_AGES, "offender_age": intake.OFFENDER_AGES}.get(code)
    if bands:
        return tuple(label for label, _, _ in bands)
    field = {
        "gender": "child_sex",
        "race": "child_race_ethnicity",
        "abuse_type": "allegation_types",
        "relationship": "ao_relationship",
    }.get(code)
    mapped = told.mapping[field].values() if field else ()
    return (*mapped, SEVERAL) if code == "race" else tuple(mapped)
