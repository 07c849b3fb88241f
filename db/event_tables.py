"""The event tables that the numbers are counted from, read with small numbers instead of ids."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from db import statistics as statements
from db.frames import Pieces, Rows, ids_of, numbered_table, table
from db.statistics import Narrowed
from domain import statistics
from domain.statistics import Tables


def event_tables(
    session: Session, wanted: Narrowed, adult_since: date, needed: Mapping[str, Collection[str]]
) -> Tables:
    """The referrals that are wanted and the tables about them that are needed, each with the columns that are needed
    (all of them where none is named); the other tables stay empty."""
    referrals, ids = numbered_table(session, statements.referrals(wanted), ["referral"], needed["referrals"])
    places = dict.fromkeys(("referral", "source", "result"), ids["referral"])
    found = {
        name: table(session, statement(), places, needed[name]) if name in needed else statistics.empty(name)
        for name, statement in _statements(wanted, adult_since).items()
    }
    for name, theirs in (("looks", False), ("visits", True)):
        if name in needed:
            found[name] = _seen_by(found[name], referrals["agency"], theirs=theirs)
    if "answered" in needed:
        found["answered"] = _how_many(found["answered"], len(referrals))
    found["changes"] = _in_order(found["changes"])
    found["merges"] = found["merges"].sort_values("made", kind="stable", ignore_index=True)
    return Tables(referrals=referrals, ids=ids_of(ids["referral"]), **found)


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
    ordinals = changes["ordinal"].to_numpy()
    key = changes["referral"].to_numpy().astype("int64") * (ordinals.max(initial=0) + 1) + ordinals
    # Stable: they come nearly in order, which that sort makes use of.
    return changes.take(np.argsort(key, kind="stable")).reset_index(drop=True)


def _how_many(answered: pd.DataFrame, referrals: int) -> pd.DataFrame:
    """How many different fields each referral has an answer to."""
    fields = answered["field"].cat
    given = np.zeros((referrals, len(fields.categories)), dtype=bool)
    given[answered["referral"].to_numpy(), fields.codes.to_numpy()] = True
    counts = given.sum(axis=1)
    some = np.flatnonzero(counts)
    return pd.DataFrame({"referral": some, "count": counts[some]})


def _seen_by(seen: pd.DataFrame, senders: pd.Series, *, theirs: bool) -> pd.DataFrame:
    """What the referral's own agency opened, or what others did."""
    viewers = seen["agency"].cat.set_categories(senders.cat.categories).cat.codes.to_numpy()
    own = viewers == senders.cat.codes.to_numpy()[seen["referral"].to_numpy()]
    kept: pd.DataFrame = seen.loc[own == theirs, ["referral", "at"]]
    return kept
