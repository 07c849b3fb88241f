"""The event tables that the numbers are counted from, read with small numbers instead of ids."""

from collections.abc import Callable, Collection
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from db import statistics as statements
from db.frames import Pieces, Rows, places_of, table
from db.statistics import Narrowed
from domain import statistics
from domain.statistics import Tables


def event_tables(session: Session, wanted: Narrowed, adult_since: date, names: Collection[str]) -> Tables:
    """The referrals that are needed and the named tables about them; those not named stay empty."""
    referrals = table(session, statements.referrals(wanted))
    ids, senders = referrals["referral"], referrals["agency"]
    places = places_of(ids)
    found = {
        name: table(session, statement(), places) if name in names else statistics.empty(name)
        for name, statement in _statements(wanted, adult_since).items()
    }
    if "looks" in names:
        found["looks"] = _seen_by(found["looks"], senders, theirs=False)
    if "visits" in names:
        found["visits"] = _seen_by(found["visits"], senders, theirs=True)
    if "answered" in names:
        found["answered"] = _how_many(found["answered"])
    found["changes"] = _in_order(found["changes"])
    found["merges"] = found["merges"].sort_values("made", kind="stable", ignore_index=True)
    numbered = referrals.assign(
        referral=pd.RangeIndex(len(ids)).astype("int32"), origin=referrals["origin"].astype("str")
    )
    return Tables(referrals=numbered, ids=ids, **found)


def _statements(wanted: Narrowed, adult_since: date) -> dict[str, Callable[[], Rows | Pieces]]:
    return {
        "changes": lambda: statements.changes(wanted),
        "merges": lambda: statements.merges(wanted),
        "imports": lambda: statements.imports(wanted),
        "looks": lambda: statements.views(wanted),
        "visits": lambda: statements.visits(wanted),
        "questions": lambda: statements.questions(),
        "marks": lambda: statements.marks(wanted),
        "facts": lambda: statements.facts(wanted, adult_since),
        "answered": lambda: statements.answered(wanted, statistics.FEEDS_THE_COUNTS),
        "safety": lambda: statements.safety(wanted),
    }


def _in_order(changes: pd.DataFrame) -> pd.DataFrame:
    order = np.lexsort((changes["ordinal"].to_numpy(), changes["referral"].to_numpy()))
    return changes.take(order).reset_index(drop=True)


def _how_many(answered: pd.DataFrame) -> pd.DataFrame:
    """How many different fields each referral has an answer to."""
    fields, _ = pd.factorize(answered["field"])
    pairs = pd.unique(answered["referral"].to_numpy().astype("int64") * (fields.max(initial=0) + 1) + fields)
    referrals, counts = np.unique(pairs // (fields.max(initial=0) + 1), return_counts=True)
    return pd.DataFrame({"referral": referrals, "count": counts})


def _seen_by(seen: pd.DataFrame, senders: pd.Series, *, theirs: bool) -> pd.DataFrame:
    """What the referral's own agency opened, or what others did."""
    own = seen["agency"].to_numpy() == senders.take(seen["referral"].to_numpy()).to_numpy()
    kept: pd.DataFrame = seen.loc[own == theirs, ["referral", "at"]]
    return kept
