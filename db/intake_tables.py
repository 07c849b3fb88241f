"""The tables that the intake counts are counted from, read with small numbers instead of ids."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy.orm import Session

from db import statistics as statements
from db.frames import Places, ids_of, numbered_table, table
from db.statistics import Counted


@dataclass(frozen=True)
class IntakeTables:
    """Cases and clients by their numbers; cases are numbered in the order of their ids.

    cases: case, client, opened, first (no earlier case of this child), received, agency (its id), county; these last
           are missing where no referral opened the case
    facts: owner ("client" or "case"), id (the owner's number), field, ordinal, code, on
    `clients` are the clients' ids, in digits, in the order of their numbers.
    """

    cases: pd.DataFrame
    facts: pd.DataFrame
    clients: "np.ndarray[Any, Any]"


def intake_tables(session: Session, counted: Counted, fields: Iterable[str]) -> IntakeTables:
    """The cases that may count, and what is known about them in these fields."""
    cases, places = numbered_table(session, statements.cases(counted), ["case", "client"])
    order = np.argsort(ids_of(places["case"]))
    cases = cases.take(order).assign(case=np.arange(len(cases)))
    places["case"] = places["case"].take(pa.array(order))
    cases["first"] &= ~cases["case"].isin(_later_than_joined(session, cases, places))
    came = table(session, statements.came_from(counted), {"case": places["case"]})
    cases = cases.merge(came, on="case", how="inner" if counted.wanted.of_some else "left")
    either = pa.concat_arrays([places["case"], places["client"]])
    facts = table(session, statements.case_facts(counted, fields), {"id": either})
    facts["id"] -= np.where(facts["owner"] == "client", len(places["case"]), 0)
    return IntakeTables(cases, facts, ids_of(places["client"]))


def _later_than_joined(session: Session, cases: pd.DataFrame, places: dict[str, Places]) -> pd.Series:
    """The cases of children who have an earlier one in a file that was joined to theirs."""
    joined = table(session, statements.joined_cases(), {"client": places["client"]})
    both = cases[["case", "client", "opened"]].merge(joined, on="client", suffixes=("", "_joined"))
    ids = ids_of(places["case"])[both["case"]].astype("str")
    earlier = (both["opened_joined"] < both["opened"]) | (
        (both["opened_joined"] == both["opened"]) & (both["case_joined"].astype("str") < ids)
    )
    return both.loc[earlier, "case"]
