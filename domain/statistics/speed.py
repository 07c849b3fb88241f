"""How long it takes. All figures are about the referrals that arrived in the period, followed up to now."""

from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from domain.number_rows import BANDS, MILESTONES
from domain.statistics.tables import AT_DESK

QUANTILES = {"median": 0.5, "p90": 0.9, "p95": 0.95}
FEWEST = {"median": 5, "p90": 5, "p95": 20}
"""How many values each quantile needs before it is shown."""
DAY = pd.Timedelta(days=1)


def received(folded: pd.DataFrame, start: datetime, end: datetime) -> pd.DataFrame:
    """Referrals that arrived in the period: sent for the first time in it, each child counted as it was sent.
    The result of a merge is not an arrival, and what lies in the bin (tests, mistakes, exact doubles) is left out."""
    here = (folded["received"] >= pd.Timestamp(start)) & (folded["received"] < pd.Timestamp(end))
    return folded[here & (folded["state"] != "deleted")]


def in_the_bin(folded: pd.DataFrame, start: datetime, end: datetime) -> pd.DataFrame:
    """Referrals that arrived in the period and lie in the bin now: tests, mistakes and exact doubles."""
    here = (folded["received"] >= pd.Timestamp(start)) & (folded["received"] < pd.Timestamp(end))
    return folded[here & (folded["state"] == "deleted")]


def first_look(sent: pd.DataFrame, looks: pd.DataFrame, at: datetime) -> pd.Series:
    """From arrival until somebody of the center first opened the referral, or took a step with it.
    Referrals that staff entered themselves are left out: they were looked at while being written."""
    opened = looks[looks["at"] <= pd.Timestamp(at)].groupby("referral")["at"].min().reindex(sent.index)
    seen = pd.concat([opened, sent["touched"]], axis=1).min(axis=1)
    return (seen - sent["received"])[sent["origin"] != "staff"]


def first_decision(sent: pd.DataFrame) -> pd.Series:
    """From arrival until the center first decided anything: returned, imported, merged, closed or deleted it."""
    return sent["decided"] - sent["received"]


def until_settled(sent: pd.DataFrame) -> pd.Series:
    """From arrival until the center imported or closed it; a merged referral counts until its result was.
    An import or close that was taken back does not count, nor does a withdrawal by the agency."""
    ended = sent["final_imported"].fillna(sent["final_closed"].where(~sent["final_withdrawn"]))
    return ended - sent["received"]


def until_import(sent: pd.DataFrame) -> pd.Series:
    """From arrival until it was imported; a merged referral counts until its result was.
    An import that was undone does not count."""
    return sent["final_imported"] - sent["received"]


def net(length: pd.Series, sent: pd.DataFrame) -> pd.Series:
    """The same time without the time that the referral was with its agency for information."""
    return length - sent["agency_time"].reindex(length.index)


def speed(lengths: Mapping[str, pd.Series], sent: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Days from arrival to each milestone: median, 90th and 95th percentile of the n referrals that reached it.
    Beside them the referrals still open, and the age of the oldest of these. No quantile is shown for fewer than 5,
    no 95th percentile for fewer than 20. "Without the agency's time" leaves out the time it was returned."""
    return pd.DataFrame([_line(key, length, sent, at) for key, length in lengths.items()])


def milestones(sent: pd.DataFrame, looks: pd.DataFrame, at: datetime) -> dict[str, pd.Series]:
    """How long each referral took to each milestone, by the keys of MILESTONES."""
    settled, imported = until_settled(sent), until_import(sent)
    return {
        "first_look": first_look(sent, looks, at),
        "first_decision": first_decision(sent),
        "settled": settled,
        "settled_net": net(settled, sent),
        "imported": imported,
        "imported_net": net(imported, sent),
    }


def reached(length: pd.Series, sent: pd.DataFrame) -> pd.DataFrame:
    """The referrals that reached a milestone."""
    return sent.loc[length.dropna().index]


def still_open(length: pd.Series, sent: pd.DataFrame) -> pd.DataFrame:
    """The referrals that have not reached a milestone and are still open."""
    among = sent.loc[length.index]
    return among[length.isna() & among["final"].isin(AT_DESK)]


def within(sent: pd.DataFrame, days: int, at: datetime) -> tuple[int, int]:
    """Referrals whose first decision came within so many times 24 hours of their arrival, of those that were decided
    or have been here that long. Younger ones without a decision cannot be told yet and are left out."""
    length = first_decision(sent)
    old_enough = length.notna() | (pd.Timestamp(at) - sent["received"] >= days * DAY)
    return int((length <= days * DAY).sum()), int(old_enough.sum())


def decided_in(sent: pd.DataFrame, days: int) -> pd.DataFrame:
    """Referrals whose first decision came within so many times 24 hours."""
    return sent[first_decision(sent) <= days * DAY]


def decided_within(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals of the period by how long their first decision took: each in one row, a day is 24 hours."""
    counted = band_of(sent).value_counts()
    return pd.DataFrame(
        {
            "label": list(BANDS.values()),
            "count": [int(counted.get(key, 0)) for key in BANDS],
            "key": pd.Series(list(BANDS), dtype="str"),
        }
    )


def band_of(sent: pd.DataFrame) -> pd.Series:
    """How long each first decision took: a key of BANDS."""
    length = first_decision(sent)
    band = pd.Series("longer", index=sent.index, dtype="str")
    for days in (7, 3, 1):
        band[length <= days * DAY] = f"within_{days}"
    band[length.isna()] = "none"
    return band


def summary(length: pd.Series) -> dict[str, float | int | None]:
    """n, median, 90th and 95th percentile in days (linear between ranks); None where there are too few."""
    known = in_days(length.dropna())
    values = known.quantile(list(QUANTILES.values())).tolist()
    shown = {name: value if len(known) >= FEWEST[name] else None for name, value in zip(QUANTILES, values, strict=True)}
    return {"n": len(known), **shown}


def in_days(length: pd.Series) -> pd.Series:
    """Lengths of time as days with a fraction."""
    days: pd.Series = length.dt.total_seconds() / 86_400
    return days


def _line(key: str, length: pd.Series, sent: pd.DataFrame, at: datetime) -> dict[str, float | int | str | None]:
    waiting = still_open(length, sent[["received", "final"]])
    ages = in_days(pd.Timestamp(at) - waiting["received"])
    return {
        "label": MILESTONES[key],
        "key": key,
        **summary(length),
        "open": len(waiting),
        "oldest": float(ages.max()) if len(ages) else None,
    }
