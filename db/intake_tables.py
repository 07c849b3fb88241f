"""The tables that the intake counts are counted from, cut out of the rows that are kept for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from db.counted_rows import AsOf, counted_rows
from db.frames import ids_of, joined
from domain.statistics import Choice, Flags, is_chosen

FROM_REFERRAL = ["sent", "agency", "county", "type"]


@dataclass(frozen=True)
class Counted:
    """Which cases count: of the choice, with the counting day (received, else imported) in a stretch of time."""

    choice: Choice
    by_receipt: bool
    start: datetime
    end: datetime


@dataclass(frozen=True)
class IntakeTables:
    """Cases and clients by their numbers; cases are numbered in the order of their ids.

    cases: case, client (the child's: the one whose file goes on), moment (the counting one), first (no earlier case of
           this child), agency (its id), county; these last two are missing where no referral opened the case
    facts: owner ("client" or "case"), id (the owner's number), field, ordinal, code, on
    `clients` are the clients' ids, in digits, in the order of their numbers.
    """

    cases: pd.DataFrame
    facts: pd.DataFrame
    clients: "np.ndarray[Any, Any]"


def intake_tables(session: Session, counted: Counted) -> IntakeTables:
    """The cases that count, and what is known about them and their clients."""
    kept = counted_rows(session).up_to_date(session, ("referrals", "openings", "client_facts", "case_facts"))
    every = _cases(kept)
    every["moment"] = every["sent"].fillna(every["opened"]) if counted.by_receipt else every["opened"]
    chosen = _chosen(every, counted)
    cases = every.take(kept.order_of_cases[chosen[kept.order_of_cases]]).reset_index(drop=True)
    numbers = {"case": _numbered(cases["case"], len(every))}
    theirs, cases["client"] = np.unique(cases["client"], return_inverse=True)
    numbers["client"] = _numbered(theirs, len(kept.places["client"]))
    cases["case"] = np.arange(len(cases))
    facts = joined([_facts(kept, owner, numbers[owner]) for owner in ("client", "case")])
    said = ["case", "client", "moment", "first", "agency", "county"]
    return IntakeTables(cases[said], facts, ids_of(kept.places["client"])[theirs])


def _cases(kept: AsOf) -> pd.DataFrame:
    """Every case with the child's client, whether it counts, and what the referral that opened it says."""
    cases, clients, openings = kept.tables["cases"], kept.tables["clients"], kept.tables["openings"]
    file = cases["client"].to_numpy()
    child = clients["whole"].to_numpy()[file]
    opener = np.full(len(cases), -1)
    opener[openings["case"].to_numpy()] = openings["referral"].to_numpy()
    said = {name: kept.tables["referrals"][name].array.take(opener, allow_fill=True) for name in FROM_REFERRAL}
    stands = ~cases["withdrawn"].to_numpy()
    return cases[["case", "opened"]].assign(
        client=child,
        counts=stands & ~clients["withdrawn"].to_numpy()[file],
        first=_first(child, cases["opened"], kept.order_of_cases[stands[kept.order_of_cases]]),
        **said,
    )


def _first(child: "np.ndarray[Any, Any]", opened: pd.Series, standing: "np.ndarray[Any, Any]") -> Flags:
    """The child's earliest case; of two at one moment the one that comes first among the standing."""
    moments = opened.to_numpy(dtype="datetime64[us]")[standing]
    by_time = standing[np.argsort(moments, kind="stable")]
    first: Flags = np.zeros(len(child), dtype=bool)
    first[by_time[np.unique(child[by_time], return_index=True)[1]]] = True
    return first


def _chosen(cases: pd.DataFrame, counted: Counted) -> Flags:
    moment = cases["moment"]
    inside = (moment >= pd.Timestamp(counted.start)) & (moment < pd.Timestamp(counted.end))
    chosen: Flags = cases["counts"].to_numpy() & inside.to_numpy() & is_chosen(cases, counted.choice)
    return chosen


def _numbered(records: Any, of: int) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """The new number of each record, -1 for those that are not wanted."""
    numbers = np.full(of, -1)
    numbers[records] = np.arange(len(records))
    return numbers


def _facts(kept: AsOf, owner: str, numbers: "np.ndarray[Any, np.dtype[np.int64]]") -> pd.DataFrame:
    facts = kept.tables[f"{owner}_facts"]
    new = numbers[facts[owner].to_numpy()]
    mine = facts.take(np.flatnonzero(new >= 0)).reset_index(drop=True)
    whose = pd.Categorical.from_codes(np.zeros(len(mine), dtype="int8"), pd.Index([owner], dtype="str"))
    return mine.drop(columns=owner).assign(owner=whose, id=new[new >= 0])
