"""Intake counts: the rows that reports to the National Children's Alliance begin with, by the center's own mapping."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
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


@dataclass(frozen=True)
class Told:
    """What is counted and what is known about it.

    `chosen`: case, client (small numbers), on (the counting day), first (no earlier case of this child), agency,
    county.
    `facts`: owner ("client" or "case"), id (its number), field, ordinal, code, on; the words are categories.
    `mapping`: from choices to rows, by question.
    """

    chosen: pd.DataFrame
    facts: pd.DataFrame
    mapping: Mapping[str, Mapping[str, str]]

    @cached_property
    def offender_rows(self) -> pd.DataFrame:
        """One row for each alleged offender of each counted case: case, ordinal, day (the counting day)."""
        facts = self.facts
        mine = facts[(facts["owner"] == "case") & facts["field"].str.startswith("ao_") & (facts["field"] != "ao_known")]
        rows = mine[["id", "ordinal"]].drop_duplicates().rename(columns={"id": "case"})
        days = self.chosen[["case", "on"]].rename(columns={"on": "day"})
        return rows.merge(days, on="case").reset_index(drop=True)

    @cached_property
    def child_ages(self) -> pd.Series:
        """Full years of the child of each counted case on the counting day, in their order."""
        births = _facts_of(self, "child_dob", "client").drop_duplicates("id").set_index("id")["on"]
        guesses = _facts_of(self, "child_age_years", "client").drop_duplicates("id").set_index("id")["code"]
        clients, days = self.chosen["client"], pd.to_datetime(self.chosen["on"]).reset_index(drop=True)
        return ages_on(
            births.reindex(clients).reset_index(drop=True), guesses.reindex(clients).reset_index(drop=True), days
        )

    def rows(self, codes: pd.Series, name: str) -> pd.Series:
        """The row of the report in which each choice of a question counts; missing where it is none of its choices."""
        return codes.map(dict(self.mapping[name])).astype("str")


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
    """The cases that count, or the first one of each child."""
    ordered = cases.sort_values(["on", "case"], kind="stable")
    return ordered.drop_duplicates("client") if unit is Unit.CHILD else ordered


def children(told: Told) -> pd.Series:
    """Children (or cases) whose counting day lies in the period, and how many of them the center had never seen
    before. Services are not covered: this counts who came, not what they were given."""
    return _by_case(told, told.chosen["first"].map({True: "New to the center", False: "Seen before"}))


def gender(told: Told) -> pd.Series:
    """By sex as on the child's records. "Unknown" was answered as not known, or not at all."""
    said = _facts_of(told, "child_sex", "client").drop_duplicates("id").set_index("id")["code"]
    return _by_case(told, told.rows(said, "child_sex").reindex(told.chosen["client"]))


def age(told: Told) -> pd.Series:
    """By age on the counting day (first contact), in full years."""
    return _by_case(told, _banded(told.child_ages, AGES))


def age_ovc(told: Told) -> pd.Series:
    """The same ages in the bands that the Office for Victims of Crime asks for."""
    return _by_case(told, _banded(told.child_ages, OVC_AGES))


def offenders(told: Told) -> pd.Series:
    """Alleged offenders: everybody named in the part "Alleged offenders" of a counted child, known by name or not.
    A person alleged to have harmed two children counts for each."""
    return _by_offender(told, pd.Series("Alleged offenders", index=told.offender_rows.index))


def relationship(told: Told) -> pd.Series:
    """Alleged offenders by relationship to the child."""
    return _by_offender(told, told.rows(_offender_fact(told, "ao_relationship")["code"], "ao_relationship"))


def offender_age(told: Told) -> pd.Series:
    """Alleged offenders by age on the counting day. Someone under 18 is a child or youth who initiated the
    behavior."""
    said = _offender_fact(told, "ao_dob_or_age")
    return _by_offender(told, _banded(ages_on(said["on"], said["code"], said["day"]), OFFENDER_AGES))


def abuse_type(told: Told) -> pd.Series:
    """By kind of abuse. A child with several kinds counts in each row, so the rows add up to more than all."""
    mine = _facts_of(told, "allegation_types", "case")
    mine = mine.assign(row=told.rows(mine["code"], "allegation_types").fillna(UNKNOWN))
    said = mine.drop_duplicates(["id", "row"]).set_index("id")["row"]
    silent = told.chosen["case"][~told.chosen["case"].isin(said.index)]
    kinds: pd.Series = pd.concat([said, pd.Series(UNKNOWN, index=silent, dtype="str")])
    return kinds


def race(told: Told) -> pd.Series:
    """By race and ethnicity, one question. A child with more than one counts once, in the row "More than one"."""
    mine = _facts_of(told, "child_race_ethnicity", "client")
    said = mine.assign(row=told.rows(mine["code"], "child_race_ethnicity").fillna(UNKNOWN))
    said = said[said["row"] != UNKNOWN].drop_duplicates(["id", "row"])
    kinds = said.groupby("id")["row"].nunique()
    one = said.drop_duplicates("id").set_index("id")["row"].where(kinds == 1, SEVERAL)
    return _by_case(told, one.reindex(told.chosen["client"]))


def by_county(told: Told) -> pd.Series:
    """Counted children (or cases) by the county where the child lives."""
    return _by_case(told, told.chosen["county"].where(told.chosen["county"] != ""))


def by_source(told: Told) -> pd.Series:
    """Counted children (or cases) by who sent the referral; a walk-in came without one."""
    return _by_case(told, told.chosen["agency"].where(told.chosen["agency"] != "", "Walk-in"))


def rows_of(groups: pd.Series, order: Iterable[str] = ()) -> pd.DataFrame:
    """How many are in each row: those of `order` even where there is none, and Unknown last, always shown."""
    found = groups.value_counts()
    labels = [*dict.fromkeys(label for label in order if label != UNKNOWN)]
    labels += sorted(str(label) for label in found.index if label not in labels and label != UNKNOWN)
    counts = {label: int(found.get(label, 0)) for label in [*labels, UNKNOWN]}
    return pd.DataFrame({"label": list(counts), "count": list(counts.values())})


NEEDED: dict[str, tuple[str, str]] = {
    "child_sex": ("client", "sex"),
    "child_dob": ("client", "age"),
    "child_race_ethnicity": ("client", "race or ethnicity"),
    "allegation_types": ("case", "kind of concern"),
    "ao_relationship": ("case", "relationship of the alleged offender"),
    "ao_dob_or_age": ("case", "age of the alleged offender"),
}


def gaps(told: Told) -> pd.DataFrame:
    """Records that count as Unknown in some row because an answer is missing or not known, with what is missing."""
    chosen = told.chosen.reset_index(drop=True)
    lines = pd.DataFrame({name: ~_known(told, name) for name in NEEDED})
    words = [", ".join(NEEDED[name][1] for name in NEEDED if lines.at[row, name]) for row in lines.index]
    return chosen.assign(missing=words)[lines.any(axis=1).to_numpy()].reset_index(drop=True)


def _known(told: Told, name: str) -> "pd.Series[bool]":
    if name == "child_dob":
        return told.child_ages.notna().reset_index(drop=True)
    owner = NEEDED[name][0]
    said = told.facts[(told.facts["owner"] == owner) & (told.facts["field"] == name)]
    if name in told.mapping:
        said = said[told.rows(said["code"], name).fillna(UNKNOWN) != UNKNOWN]
    else:
        said = said[said["on"].notna() | pd.to_numeric(said["code"].astype("str"), errors="coerce").notna()]
    return told.chosen[owner].isin(said["id"]).reset_index(drop=True)


def _offender_fact(told: Told, name: str) -> pd.DataFrame:
    said = told.facts[(told.facts["owner"] == "case") & (told.facts["field"] == name)].rename(columns={"id": "case"})
    said = said[["case", "ordinal", "code", "on"]].drop_duplicates(["case", "ordinal"])
    return told.offender_rows.merge(said, on=["case", "ordinal"], how="left")


def _facts_of(told: Told, name: str, owner: str) -> pd.DataFrame:
    facts = told.facts
    mine = facts[(facts["owner"] == owner) & (facts["field"] == name)]
    return mine[mine["id"].isin(told.chosen[owner])]


def _by_case(told: Told, rows: pd.Series) -> pd.Series:
    """A row for each counted case, in their order; what is missing is Unknown."""
    return rows.fillna(UNKNOWN).astype("str").set_axis(told.chosen["case"])


def _by_offender(told: Told, rows: pd.Series) -> pd.Series:
    return rows.fillna(UNKNOWN).astype("str").set_axis(told.offender_rows["case"])


def _banded(ages: pd.Series, bands: Bands) -> pd.Series:
    inside = [ages.between(low, high).to_numpy() for _, low, high in bands]
    places = np.select(inside, range(len(bands)), default=len(bands))
    labels = pd.Index([*(label for label, _, _ in bands), UNKNOWN])
    return pd.Series(pd.Categorical.from_codes(places, labels), index=ages.index)
