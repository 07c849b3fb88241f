"""Intake counts: the rows that reports to the National Children's Alliance begin with, by the center's own mapping."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pandas as pd

from domain import fields
from domain.statistics.volume import ages_on

UNKNOWN = "Unknown"
SEVERAL = "More than one"


class CountingDate(StrEnum):
    """Which day puts a child into a period."""

    RECEIVED = "received"
    IMPORTED = "imported"

    @property
    def label(self) -> str:
        return {"received": "the day the referral was received", "imported": "the day the case was opened"}[self.value]


class Unit(StrEnum):
    """What is counted."""

    CHILD = "child"
    CASE = "case"

    @property
    def label(self) -> str:
        return {"child": "children, each once in the period", "case": "cases"}[self.value]


def _each(name: str, row: str) -> dict[str, str]:
    return {choice.code: row for choice in fields.FIELD[name].choices}


def _same(name: str, unknown: tuple[str, ...] = ()) -> dict[str, str]:
    return {choice.code: UNKNOWN if choice.code in unknown else choice.label for choice in fields.FIELD[name].choices}


RELATIVE, KNOWN_PERSON = "Other relative", "Other known person"
DEFAULT_MAPPING: dict[str, dict[str, str]] = {
    "child_sex": _same("child_sex", ("UNK",)),
    "child_race_ethnicity": _same("child_race_ethnicity", ("UNK", "DECL")),
    "allegation_types": {
        **_each("allegation_types", "Other"),
        "sexual_abuse": "Sexual abuse",
        "physical_abuse": "Physical abuse",
        "neglect": "Neglect",
        "medical_neglect": "Neglect",
        "witness_violence": "Witness to violence",
        "drug_endangerment": "Drug endangerment",
    },
    "ao_relationship": {
        **_each("ao_relationship", KNOWN_PERSON),
        "parent": "Parent",
        "stepparent": "Stepparent",
        "parent_partner": "Parent's boyfriend or girlfriend",
        "sibling": RELATIVE,
        "grandparent": RELATIVE,
        "other_relative": RELATIVE,
        "stranger": UNKNOWN,
        "unknown": UNKNOWN,
    },
}
"""From the center's choices to the rows of the report. The wording is to be checked against the funder's own form."""


@dataclass(frozen=True)
class Setup:
    """What the center decided about its counts; kept in its settings."""

    counting: CountingDate = CountingDate.IMPORTED
    unit: Unit = Unit.CHILD
    fiscal_month: int = 7
    least: int = 5
    """The smallest number that leaves the house."""
    mapping: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: DEFAULT_MAPPING)


Bands = tuple[tuple[str, int, int], ...]
AGES: Bands = (("0 to 6", 0, 6), ("7 to 12", 7, 12), ("13 to 18", 13, 18), ("Over 18", 19, 200))
OVC_AGES: Bands = (
    ("0 to 12", 0, 12),
    ("13 to 17", 13, 17),
    ("18 to 24", 18, 24),
    ("25 to 59", 25, 59),
    ("60 and older", 60, 200),
)
OFFENDER_AGES: Bands = (("Under 13", 0, 12), ("13 to 17", 13, 17), ("18 and older", 18, 200))


def counted(cases: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    """The cases that count, or the first one of each child.

    `cases`: case, client, on (the counting day), first (no earlier case of this child), agency, county.
    """
    ordered = cases.sort_values(["on", "case"], kind="stable")
    return ordered.drop_duplicates("client") if unit is Unit.CHILD else ordered


def children(chosen: pd.DataFrame) -> pd.DataFrame:
    """1. Children (or cases) whose counting day lies in the period, and how many of them the center had never seen
    before. Services are not covered: this counts who came, not what they were given."""
    new = int(chosen["first"].sum())
    return _rows({"New to the center": new, "Seen before": len(chosen) - new})


def gender(chosen: pd.DataFrame, facts: pd.DataFrame, mapping: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """2. By sex as on the child's records. "Unknown" was answered as not known, or not at all."""
    return _mapped(chosen, facts, "child_sex", "client", mapping)


def age(chosen: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """3. By age on the counting day (first contact), in full years."""
    return _banded(_child_ages(chosen, facts), AGES)


def age_ovc(chosen: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """3b. The same ages in the bands that the Office for Victims of Crime asks for."""
    return _banded(_child_ages(chosen, facts), OVC_AGES)


def offenders(chosen: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """4. Alleged offenders: everybody named in the part "Alleged offenders" of a counted child, known by name or not.
    A person alleged to have harmed two children counts for each."""
    mine = _offender_rows(chosen, facts)
    told = int(mine["case"].nunique())
    return _rows({"Alleged offenders": len(mine), "Children with none on file": len(chosen) - told})


def relationship(chosen: pd.DataFrame, facts: pd.DataFrame, mapping: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """5. Alleged offenders by relationship to the child."""
    mine = _offender_rows(chosen, facts)
    said = _offender_fact(mine, facts, "ao_relationship")["code"]
    return _tallied(said.map(dict(mapping["ao_relationship"])).fillna(UNKNOWN), mapping["ao_relationship"].values())


def offender_age(chosen: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """6. Alleged offenders by age on the counting day. Someone under 18 is a child or youth who initiated the
    behavior."""
    mine = _offender_rows(chosen, facts)
    said = _offender_fact(mine, facts, "ao_dob_or_age")
    return _banded(ages_on(said["on"], said["code"], mine["day"].reset_index(drop=True)), OFFENDER_AGES)


def abuse_type(chosen: pd.DataFrame, facts: pd.DataFrame, mapping: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """7. By kind of abuse. A child with several kinds counts in each row, so the rows add up to more than all."""
    mine = _facts_of(chosen, facts, "allegation_types", "case")
    mine = mine.assign(row=mine["code"].map(dict(mapping["allegation_types"])).fillna(UNKNOWN))
    mine = mine.drop_duplicates(["id", "row"])
    silent = len(chosen) - mine["id"].nunique()
    rows = pd.concat([mine["row"], pd.Series([UNKNOWN] * silent, dtype="str")])
    return _tallied(rows, mapping["allegation_types"].values())


def race(chosen: pd.DataFrame, facts: pd.DataFrame, mapping: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """8. By race and ethnicity, one question. A child with more than one counts once, in the row "More than one"."""
    mine = _facts_of(chosen, facts, "child_race_ethnicity", "client")
    said = mine.assign(row=mine["code"].map(dict(mapping["child_race_ethnicity"])).fillna(UNKNOWN))
    said = said[said["row"] != UNKNOWN].drop_duplicates(["id", "row"])
    kinds = said.groupby("id")["row"].nunique()
    one = said.drop_duplicates("id").set_index("id")["row"].where(kinds == 1, SEVERAL)
    rows = one.reindex(chosen["client"]).fillna(UNKNOWN)
    return _tallied(rows, [*mapping["child_race_ethnicity"].values(), SEVERAL])


def by_county(chosen: pd.DataFrame) -> pd.DataFrame:
    """Counted children (or cases) by the county where the child lives."""
    return _tallied(chosen["county"].where(chosen["county"] != "", UNKNOWN), ())


def by_source(chosen: pd.DataFrame) -> pd.DataFrame:
    """Counted children (or cases) by who sent the referral; a walk-in came without one."""
    return _tallied(chosen["agency"].where(chosen["agency"] != "", "Walk-in"), ())


NEEDED: dict[str, tuple[str, str]] = {
    "child_sex": ("client", "sex"),
    "child_dob": ("client", "age"),
    "child_race_ethnicity": ("client", "race or ethnicity"),
    "allegation_types": ("case", "kind of concern"),
    "ao_relationship": ("case", "relationship of the alleged offender"),
    "ao_dob_or_age": ("case", "age of the alleged offender"),
}


def gaps(chosen: pd.DataFrame, facts: pd.DataFrame, mapping: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Records that count as Unknown in some row because an answer is missing or not known, with what is missing."""
    chosen = chosen.reset_index(drop=True)
    missing = {name: ~_known(chosen, facts, name, mapping) for name in NEEDED}
    lines = pd.DataFrame(missing)
    words = [", ".join(NEEDED[name][1] for name in NEEDED if lines.at[row, name]) for row in lines.index]
    return chosen.assign(missing=words)[lines.any(axis=1).to_numpy()].reset_index(drop=True)


def _known(
    chosen: pd.DataFrame, facts: pd.DataFrame, name: str, mapping: Mapping[str, Mapping[str, str]]
) -> "pd.Series[bool]":
    if name == "child_dob":
        return _child_ages(chosen, facts).notna().set_axis(chosen.index)
    owner = NEEDED[name][0]
    said = facts[(facts["owner"] == owner) & (facts["field"] == name)]
    if name in mapping:
        said = said[said["code"].map(dict(mapping[name])).fillna(UNKNOWN) != UNKNOWN]
    else:
        said = said[said["on"].notna() | pd.to_numeric(said["code"], errors="coerce").notna()]
    return chosen[owner].isin(said["id"])


def _child_ages(chosen: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    births = _facts_of(chosen, facts, "child_dob", "client").drop_duplicates("id").set_index("id")["on"]
    guesses = _facts_of(chosen, facts, "child_age_years", "client").drop_duplicates("id").set_index("id")["code"]
    clients = chosen["client"]
    days = pd.to_datetime(chosen["on"]).reset_index(drop=True)
    return ages_on(
        births.reindex(clients).reset_index(drop=True), guesses.reindex(clients).reset_index(drop=True), days
    )


def _offender_rows(chosen: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    mine = facts[(facts["owner"] == "case") & facts["field"].str.startswith("ao_") & (facts["field"] != "ao_known")]
    rows = mine[["id", "ordinal"]].drop_duplicates().rename(columns={"id": "case"})
    days = chosen[["case", "on"]].rename(columns={"on": "day"})
    return rows.merge(days, on="case").reset_index(drop=True)


def _offender_fact(rows: pd.DataFrame, facts: pd.DataFrame, name: str) -> pd.DataFrame:
    said = facts[(facts["owner"] == "case") & (facts["field"] == name)].rename(columns={"id": "case"})
    said = said[["case", "ordinal", "code", "on"]].drop_duplicates(["case", "ordinal"])
    return rows.merge(said, on=["case", "ordinal"], how="left")


def _facts_of(chosen: pd.DataFrame, facts: pd.DataFrame, name: str, owner: str) -> pd.DataFrame:
    return facts[(facts["owner"] == owner) & (facts["field"] == name) & facts["id"].isin(chosen[owner])]


def _mapped(
    chosen: pd.DataFrame, facts: pd.DataFrame, name: str, owner: str, mapping: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    said = _facts_of(chosen, facts, name, owner).drop_duplicates("id").set_index("id")["code"]
    rows = said.map(dict(mapping[name])).reindex(chosen[owner]).fillna(UNKNOWN)
    return _tallied(rows, mapping[name].values())


def _banded(ages: pd.Series, bands: Bands) -> pd.DataFrame:
    rows = {label: int(ages.between(low, high).sum()) for label, low, high in bands}
    return _rows({**rows, UNKNOWN: len(ages) - sum(rows.values())})


def _tallied(values: pd.Series, order: Any) -> pd.DataFrame:
    found = values.value_counts()
    labels = [*dict.fromkeys(label for label in order if label != UNKNOWN)]
    labels += sorted(str(label) for label in found.index if label not in labels and label != UNKNOWN)
    rows = {label: int(found.get(label, 0)) for label in labels}
    return _rows({**rows, UNKNOWN: int(found.get(UNKNOWN, 0))})


def _rows(rows: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame({"label": list(rows), "count": list(rows.values())})
