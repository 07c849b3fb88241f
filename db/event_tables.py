"""The event tables that the numbers are counted from, cut out of the rows that are kept for them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from db.counted_rows import AsOf, counted_rows
from db.frames import ids_of
from domain import statistics
from domain.statistics import Choice, Flags, Tables, is_chosen

OPEN = ("submitted", "rejected")
NARROWING = ["status", "sent"]
"""Columns of the kept referrals that nothing is counted by."""
SEEN = ("looks", "visits")
MUCH = 2
"""Whoever needs at least one in so many of all referrals is given all, as they are kept: quicker than cutting out."""


def event_tables(
    session: Session, choice: Choice, since: datetime, adult_since: date, needed: Collection[str]
) -> Tables:
    """The referrals of the choice that arrived since or are open, perhaps others, and the tables about them that are
    needed; the others stay empty.

    Of birth dates only those of persons who may be 18 or older are given.
    """
    names = {"views" if name in SEEN else name for name in needed} | {"referrals", "changes", "merges"}
    cut = _Cut(counted_rows(session).up_to_date(session, names), choice, since)
    referrals = cut.referrals()
    found = {
        name: cut.of(name, "referral") if name in needed else statistics.empty(name)
        for name in ("imports", "questions", "marks", "facts", "answered", "safety")
    }
    if "facts" in needed:
        found["facts"] = _of_adults(found["facts"], adult_since)
    for name, theirs in zip(SEEN, (False, True), strict=True):
        views = cut.of("views", "referral") if name in needed else None
        found[name] = statistics.empty(name) if views is None else _seen_by(views, referrals["agency"], theirs=theirs)
    return Tables(
        referrals=referrals,
        changes=cut.of("changes", "referral"),
        merges=cut.of("merges", "source", "result").sort_values("made", kind="stable", ignore_index=True),
        ids=cut.ids(),
        **found,
    )


class _Cut:
    """The rows of the referrals that are wanted, numbered from 0; of all, where that is much of what is kept."""

    def __init__(self, kept: AsOf, choice: Choice, since: datetime) -> None:
        self.kept = kept
        self.chosen = _needed(kept, choice, pd.Timestamp(since))
        self.whole = np.count_nonzero(self.chosen) * MUCH >= len(self.chosen)
        self.numbers = np.cumsum(self.chosen, dtype="int32") - 1

    def referrals(self) -> pd.DataFrame:
        return self.of("referrals", "referral").drop(columns=NARROWING)

    def of(self, name: str, *columns: str) -> pd.DataFrame:
        """The rows of a table whose columns all name wanted referrals."""
        rows = self.kept.tables[name]
        if self.whole:
            return rows.copy(deep=False)
        mine: Flags = np.logical_and.reduce([self.chosen[rows[column].to_numpy()] for column in columns])
        cut = rows.take(np.flatnonzero(mine)).reset_index(drop=True)
        return cut.assign(**{column: self.numbers[cut[column].to_numpy()] for column in columns})

    def ids(self) -> "np.ndarray[Any, Any]":
        every = ids_of(self.kept.places["referral"])
        return every if self.whole else every[self.chosen]


def _needed(kept: AsOf, choice: Choice, since: pd.Timestamp) -> Flags:
    """Those that arrived since or are open, the results of merges since, and the sources of results that are open."""
    referrals, merges = kept.tables["referrals"], kept.tables["merges"]
    open_now = referrals["status"].isin(OPEN).to_numpy()
    needed: Flags = ((referrals["sent"] >= since).to_numpy() | open_now) & is_chosen(referrals, choice)
    source, result = merges["source"].to_numpy(), merges["result"].to_numpy()
    needed[result[(merges["made"] >= since).to_numpy()]] = True
    needed |= _sources(open_now, source, result, merges["undone"].isna().to_numpy())
    return needed


def _sources(open_now: Flags, source: "np.ndarray[Any, Any]", result: "np.ndarray[Any, Any]", stands: Flags) -> Flags:
    """However old, and however often merged: the clocks of a waiting result are theirs."""
    found: Flags = np.zeros(len(open_now), dtype=bool)
    into = open_now
    while True:
        further = source[stands & into[result]]
        further = further[~found[further]]
        if not len(further):
            return found
        found[further] = True
        into = found


def _of_adults(facts: pd.DataFrame, adult_since: date) -> pd.DataFrame:
    born = (facts["field"] == "child_dob").to_numpy()
    kept: pd.DataFrame = facts[~born | (facts["on"] <= pd.Timestamp(adult_since)).to_numpy()]
    return kept


def _seen_by(seen: pd.DataFrame, senders: pd.Series, *, theirs: bool) -> pd.DataFrame:
    """What the referral's own agency opened, or what others did."""
    viewers = seen["agency"].cat.set_categories(senders.cat.categories).cat.codes.to_numpy()
    own = viewers == senders.cat.codes.to_numpy()[seen["referral"].to_numpy()]
    kept: pd.DataFrame = seen.loc[own == theirs, ["referral", "at"]]
    return kept
