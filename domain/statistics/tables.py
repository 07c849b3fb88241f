"""What the numbers are counted from: event rows without a name, and each referral's history folded from them."""

from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

ARRIVALS = ("submit", "resubmit")
DECISIONS = ("reject", "import", "merge", "close", "delete")
BY_AGENCY = ("submit", "resubmit", "withdraw")
AT_DESK = ("submitted", "rejected")


@dataclass(frozen=True)
class Tables:
    """Event rows as the store hands them over. Moments are aware and UTC; a missing one is NaT.

    referrals: referral, agency, county, type, origin, urgency (rank), assigned, hotline_open, nobody_called
    changes:   referral, ordinal, step, after, at, reason; in the order of referral and ordinal
    merges:    source, result, made, undone
    imports:   referral, new_client, overridden, made, undone, missed (when its client turned out to be known before)
    looks:     referral, at; when somebody of the center first opened it
    visits:    referral, at; when somebody of its agency opened it
    questions: referral, asked, answered
    marks:     referral, field, at; each field that a return asked to fix
    facts:     referral, field, code, on (a date as text); kinds of concern, courtesy, and ages of who may be adult
    answered:  referral, count; how many of the questions that feed the intake counts have an answer
    safety:    referral, field, code; whether an alleged offender can reach the child, and whether there is a plan

    `ids` are the referrals' ids where the tables hold small numbers instead: a tenth of the memory, and quicker.
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
    ids: "pd.Series[str]" = field(default_factory=lambda: pd.Series(dtype="str"))


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
    "marks": ("referral", "field", "at"),
    "facts": ("referral", "field", "code", "on"),
    "answered": ("referral", "count"),
    "safety": ("referral", "field", "code"),
}
MOMENTS = frozenset({"at", "made", "undone", "missed", "asked", "answered"})


def empty(name: str) -> pd.DataFrame:
    """One of the tables without a row."""
    return pd.DataFrame({column: pd.Series(dtype=_TYPES.get(column, "str")) for column in COLUMNS[name]})


_MOMENT = "datetime64[us, UTC]"
_TYPES = {
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
    moment = pd.Timestamp(at)
    steps = _until(tables.changes, moment)
    arrival, decision = steps["step"].isin(ARRIVALS), steps["step"].isin(DECISIONS)
    returned = steps["step"] == "reject"
    folded = tables.referrals.set_index("referral")
    newest = _newest(steps)
    folded["state"] = newest["after"]
    folded["reason"] = newest["reason"]
    folded["since"] = newest["at"]
    folded["received"] = _first(steps, steps["step"] == "submit")
    folded["came"] = _newest(steps.loc[arrival, ["referral", "at"]])["at"]
    folded["decided"] = _first(steps, decision)
    folded["touched"] = _first(steps, ~steps["step"].isin(BY_AGENCY))
    folded["rounds"] = _counted(steps, arrival)
    folded["returned"] = _counted(steps, returned)
    folded["agency_time"] = _time_in(steps, "rejected", moment)
    folded["imported"] = folded["since"].where(folded["state"] == "imported")
    folded["closed"] = folded["since"].where(folded["state"] == "closed")
    folded["withdrawn"] = (folded["state"] == "closed") & (newest["step"].reindex(folded.index) == "withdraw")
    folded = folded[folded["state"].notna() & (folded["state"] != "draft")]
    return _filled(_followed(folded, tables.merges, moment))


def clarifications(tables: Tables, at: datetime) -> pd.DataFrame:
    """One row per return: referral, at, reason, ended (when the agency sent it again; NaT while it has not)."""
    steps = _until(tables.changes, pd.Timestamp(at))
    returned = steps["step"] == "reject"
    same = (steps["referral"].shift(-1) == steps["referral"])[returned]
    again = same & (steps["step"].shift(-1) == "resubmit")[returned]
    back = steps.loc[returned, ["referral", "at", "reason"]]
    ended = steps["at"].shift(-1)[returned].where(again)
    return back.assign(ended=ended, left=same & ~again).reset_index(drop=True)


def standing(decisions: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Decisions that were made by `at` and not yet undone then."""
    moment = pd.Timestamp(at)
    return decisions[(decisions["made"] <= moment) & ~(decisions["undone"] <= moment)]


def _followed(folded: pd.DataFrame, merges: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """Add `result` (the referral a merged one stands merged into at last, else itself) and what became of that.

    A result stands on the desk as long as its earliest source: its clocks are taken from them.
    """
    joined = standing(merges, moment.to_pydatetime()).drop_duplicates("source", keep="last")
    into = joined.set_index("source")["result"]
    own = folded.index.to_series()
    result = own
    for _generation in range(len(into) + 1):
        further = into.reindex(result).set_axis(result.index)
        if further.isna().all():
            break
        result = further.fillna(result).astype(own.dtype)
    folded["result"] = result
    moved = folded["result"] != own
    for name in ("state", "imported", "closed", "reason", "withdrawn"):
        folded[f"final_{name}"] = folded[name].reindex(folded["result"]).set_axis(folded.index)
    sources = folded[moved].groupby("result")[["received", "came"]].min()
    folded["child_clock"] = folded["received"].fillna(sources["received"].reindex(folded.index))
    folded["desk_clock"] = folded["came"].fillna(sources["came"].reindex(folded.index))
    return folded


def _filled(folded: pd.DataFrame) -> pd.DataFrame:
    folded["rounds"] = folded["rounds"].fillna(0).astype("int64")
    folded["returned"] = folded["returned"].fillna(0).astype("int64")
    folded["agency_time"] = folded["agency_time"].fillna(pd.Timedelta(0))
    folded["final_withdrawn"] = folded["final_withdrawn"].eq(True)
    return folded.rename(columns={"final_state": "final"})


def _newest(steps: pd.DataFrame) -> pd.DataFrame:
    return steps[~steps["referral"].duplicated(keep="last")].set_index("referral")


def _first(steps: pd.DataFrame, chosen: pd.Series) -> pd.Series:
    """When each referral took the first of the chosen steps."""
    mine = steps.loc[chosen, ["referral", "at"]]
    moments: pd.Series = mine[~mine["referral"].duplicated()].set_index("referral")["at"]
    return moments


def _counted(steps: pd.DataFrame, chosen: pd.Series) -> pd.Series:
    times: pd.Series = steps.loc[chosen, "referral"].value_counts(sort=False)
    return times


def _until(events: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    known = events["at"] <= moment
    return events if known.all() else events[known]


def _time_in(steps: pd.DataFrame, state: str, moment: pd.Timestamp) -> pd.Series:
    same = steps["referral"].eq(steps["referral"].shift(-1))
    until = steps["at"].shift(-1).where(same, moment)
    inside = steps["after"] == state
    return (until - steps["at"])[inside].groupby(steps["referral"][inside], sort=False).sum()
