"""What the numbers are counted from: event rows without a name, and each referral's history folded from them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

ARRIVALS = ("submit", "resubmit")
DECISIONS = ("reject", "import", "merge", "close", "delete")
BY_AGENCY = ("submit", "resubmit", "withdraw")
AT_DESK = ("submitted", "rejected")


@dataclass(frozen=True)
class Tables:
    """Event rows as the store hands them over. Moments are aware and UTC; a missing one is NaT. Words are categories in
    alphabetical order: small numbers, quick to pick from. Referrals are numbered from 0 in the order of their table.
    A column that no wanted figure is counted from may be missing.

    referrals: referral, agency, county, type, origin, urgency (rank), assigned, hotline_open, nobody_called
    changes:   referral, ordinal, step, after, at, reason; in the order of referral and ordinal
    merges:    source, result, made, undone
    imports:   referral, new_client, overridden, made, undone, missed (when its client turned out to be known before)
    looks:     referral, at; when somebody of the center first opened it
    visits:    referral, at; when somebody of its agency opened it
    questions: referral, asked, answered
    marks:     referral, field; each field that a return asked to fix
    facts:     referral, field, code, on (a date); kinds of concern, courtesy, and ages of who may be adult
    answered:  referral, count; how many of the questions that feed the intake counts have an answer
    safety:    referral, field, code; whether an alleged offender can reach the child, and whether there is a plan

    `ids` are the referrals' ids, in digits, in the order of their numbers.
    """

    referrals: pd.DataFrame
    changes: pd.DataFrame
    merges: pd.DataFrame
    imports: pd.DataFrame
    looks: pd.DataFrame
    visits: pd.DataFrame
    questions: pd.DataFrame
    marks: pd.DataFrame
    facts: pd.DataFrame
    answered: pd.DataFrame
    safety: pd.DataFrame
    ids: "np.ndarray[Any, Any]" = field(default_factory=lambda: np.array([], dtype="S32"))


COLUMNS: dict[str, tuple[str, ...]] = {
    "referrals": (
        "referral",
        "agency",
        "county",
        "type",
        "origin",
        "urgency",
        "assigned",
        "hotline_open",
        "nobody_called",
    ),
    "changes": ("referral", "ordinal", "step", "after", "at", "reason"),
    "merges": ("source", "result", "made", "undone"),
    "imports": ("referral", "new_client", "overridden", "made", "undone", "missed"),
    "looks": ("referral", "at"),
    "visits": ("referral", "at"),
    "questions": ("referral", "asked", "answered"),
    "marks": ("referral", "field"),
    "facts": ("referral", "field", "code", "on"),
    "answered": ("referral", "count"),
    "safety": ("referral", "field", "code"),
}
MOMENTS = frozenset({"at", "made", "undone", "missed", "asked", "answered"})
WORDS = frozenset({"agency", "county", "type", "origin", "step", "after", "reason", "field", "code"})


def empty(name: str) -> pd.DataFrame:
    """One of the tables without a row."""
    return pd.DataFrame({column: pd.Series([], dtype=_TYPES[column]) for column in COLUMNS[name]})


_MOMENT = "datetime64[us, UTC]"
_TYPES: dict[str, Any] = {
    **dict.fromkeys(WORDS, pd.CategoricalDtype([])),
    "on": "datetime64[s]",
    **dict.fromkeys(MOMENTS, _MOMENT),
    **dict.fromkeys(("referral", "source", "result", "ordinal", "urgency", "count"), "int64"),
    **dict.fromkeys(("assigned", "hotline_open", "nobody_called", "new_client", "overridden"), "bool"),
}


def histories(tables: Tables, at: datetime) -> pd.DataFrame:
    """One row per referral, folded from its steps up to the moment `at`; what came later is as if it never was.

    received   its first submit: the child's clock; NaT for the result of a merge
    came       its last submit or resubmit: the desk's clock
    state      where its last step led to, and `reason` of that step
    decided    the first return, import, merge, close or delete
    imported   the import that stands; closed: the close that stands, `outcome` its code, `withdrawn` if the agency's
    returned   how often it was returned; rounds: how often it came
    touched    the first step of the center
    agency_time  how long it was with the agency
    """
    steps = _Steps(_until(tables.changes, pd.Timestamp(at)), len(tables.referrals))
    arrival, returned = steps.named(*ARRIVALS), steps.named("reject")
    newest = steps.last(steps.all)
    folded = tables.referrals.set_index("referral").assign(
        state=steps.taken("after", newest),
        since=steps.taken("at", newest),
        received=steps.taken("at", steps.first(steps.named("submit"))),
        came=steps.taken("at", steps.last(arrival)),
        decided=steps.taken("at", steps.first(steps.named(*DECISIONS))),
        touched=steps.taken("at", steps.first(~steps.named(*BY_AGENCY))),
        rounds=steps.counted(arrival),
        returned=steps.counted(returned),
        agency_time=steps.time_in("rejected", at),
        withdrawn=steps.among(steps.named("withdraw"), newest),
    )
    if "reason" in tables.changes:
        folded["reason"] = steps.taken("reason", newest)
    folded["imported"] = folded["since"].where(folded["state"] == "imported")
    folded["closed"] = folded["since"].where(folded["state"] == "closed")
    folded = _followed(folded, tables.merges, at)
    return folded[folded["state"].notna() & (folded["state"] != "draft")]


def clarifications(tables: Tables, at: datetime) -> pd.DataFrame:
    """One row per return: referral, at, reason, ended (when the agency sent it again; NaT while it has not)."""
    steps = _Steps(_until(tables.changes, pd.Timestamp(at)), len(tables.referrals))
    returned = np.flatnonzero(steps.named("reject"))
    following = steps.following[returned]
    ended = np.where(steps.among(steps.named("resubmit"), following), following, -1)
    back = steps.rows[["referral", "at", "reason"]].take(returned)
    return back.assign(ended=steps.taken("at", ended)).reset_index(drop=True)


def standing(decisions: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Decisions that were made by `at` and not yet undone then."""
    moment = pd.Timestamp(at)
    return decisions[(decisions["made"] <= moment) & ~(decisions["undone"] <= moment)]


def how_many(values: pd.Series) -> pd.DataFrame:
    """How often each value stands there: label, count; the most frequent first."""
    counted = values.value_counts().rename_axis("label").reset_index(name="count")
    found = counted[counted["count"] > 0].astype({"label": "str"})
    return found.sort_values(["count", "label"], ascending=[False, True], ignore_index=True)


Flags: TypeAlias = "np.ndarray[Any, np.dtype[np.bool]]"
Rows: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
"""For each referral the number of one of its steps' rows, -1 where it has none."""


class _Steps:
    """Steps in the order of referral and ordinal, folded by numpy: a tenth of the time of grouping them in pandas."""

    def __init__(self, rows: pd.DataFrame, referrals: int) -> None:
        self.rows, self.referrals = rows, referrals
        self.of = rows["referral"].to_numpy(dtype="int64")
        self.all: Flags = np.ones(len(rows), dtype=bool)

    @cached_property
    def following(self) -> Rows:
        """For each step the row of the referral's next one."""
        own = np.append(self.of[1:] == self.of[:-1], False)[: len(self.of)]
        return np.where(own, np.arange(1, len(self.of) + 1), -1)

    def named(self, *steps: str) -> Flags:
        """Whether each step is one of these."""
        return self.rows["step"].isin(steps).to_numpy()

    def first(self, chosen: Flags) -> Rows:
        """The first of the chosen steps of each referral."""
        rows = np.flatnonzero(chosen)
        of = self.of[rows]
        return self._by_referral(rows[np.append(True, of[1:] != of[:-1])[: len(of)]])

    def last(self, chosen: Flags) -> Rows:
        """The last of the chosen steps of each referral."""
        rows = np.flatnonzero(chosen)
        of = self.of[rows]
        return self._by_referral(rows[np.append(of[1:] != of[:-1], True)[: len(of)]])

    def counted(self, chosen: Flags) -> Rows:
        """How many of the chosen steps each referral took."""
        return np.bincount(self.of[chosen], minlength=self.referrals)

    def among(self, chosen: Flags, rows: Rows) -> Flags:
        """Whether these rows are among the chosen steps; not where there is no row."""
        found = np.zeros(len(rows), dtype=bool)
        found[rows >= 0] = chosen[rows[rows >= 0]]
        return found

    def taken(self, column: str, rows: Rows) -> Any:
        """What these rows hold in a column; missing where there is no row."""
        return self.rows[column].array.take(rows, allow_fill=True)

    def time_in(self, state: str, at: datetime) -> "np.ndarray[Any, Any]":
        """How long each referral was in a state up to `at`."""
        moments = self.rows["at"].to_numpy(dtype="datetime64[us]")
        until = np.where(self.following >= 0, moments.take(self.following, mode="clip"), _plain(at))
        inside = (self.rows["after"] == state).to_numpy()
        spent = np.bincount(self.of[inside], (until - moments)[inside].astype("int64"), minlength=self.referrals)
        return spent.astype("int64").astype("timedelta64[us]")

    def _by_referral(self, rows: Rows) -> Rows:
        found = np.full(self.referrals, -1)
        found[self.of[rows]] = rows
        return found


def _followed(folded: pd.DataFrame, merges: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Add `result` (the referral a merged one stands merged into at last, else itself) and what became of that.

    A result stands on the desk as long as its earliest source: its clocks are taken from them.
    """
    joined = standing(merges, at).drop_duplicates("source", keep="last")
    into = np.full(len(folded), -1)
    into[joined["source"].to_numpy(dtype="int64")] = joined["result"].to_numpy(dtype="int64")
    result = np.arange(len(folded))
    for _generation in range(len(joined) + 1):
        further = into[result]
        if (further < 0).all():
            break
        result = np.where(further < 0, result, further)
    folded["result"] = result
    for name in ("state", "imported", "closed", "withdrawn"):
        folded["final" if name == "state" else f"final_{name}"] = folded[name].array.take(result)
    moved = folded[result != np.arange(len(folded))]
    sources = moved.groupby("result")[["received", "came"]].min()
    folded["child_clock"] = folded["received"].fillna(sources["received"].reindex(folded.index))
    folded["desk_clock"] = folded["came"].fillna(sources["came"].reindex(folded.index))
    return folded


def _plain(at: datetime) -> np.datetime64:
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")


def _until(events: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    known = events["at"] <= moment
    return events if known.all() else events[known]
