"""How much comes, from whom, about what and when."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from domain.number_rows import APART, HOURS, WEEKDAYS
from domain.statistics.periods import Period
from domain.statistics.tables import how_many

ADULT = 18


def by_week(sent: pd.DataFrame, period: Period, zone: ZoneInfo) -> pd.DataFrame:
    """Referrals that arrived, by week of the center's calendar; a week begins on Monday and is named by that day.
    The first and the last week may be cut by the period."""
    counted = week_of(sent, zone).value_counts()
    weeks = _mondays(period)
    return pd.DataFrame(
        {
            "label": [f"{week:%b} {week.day}, {week.year}" for week in weeks],
            "count": [int(counted.get(week.isoformat(), 0)) for week in weeks],
            "key": pd.Series([week.isoformat() for week in weeks], dtype="str"),
        }
    )


def by_agency(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals that arrived, by the agency that sent them."""
    return how_many(sent["agency"])


def by_county(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals that arrived, by the county where the child lives."""
    return how_many(sent["county"])


def by_type(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals that arrived, by type of referral."""
    return how_many(sent["type"])


def by_origin(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals that arrived, by how they came: sent by an agency, entered by staff, transferred."""
    return how_many(sent["origin"])


def by_concern(sent: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Referrals that arrived, by kind of concern as it stands now. One referral may tell of several kinds and then
    counts in each row, so the rows add up to more than all."""
    return how_many(concern_of(sent, facts))


def apart(sent: pd.DataFrame, facts: pd.DataFrame, ages: pd.Series) -> pd.DataFrame:
    """Referrals that arrived and are usually counted apart: courtesy interviews for another county or center,
    and persons who were 18 or older when the referral arrived. One may be both."""
    counted = apart_of(sent, facts, ages).value_counts()
    return pd.DataFrame(
        {
            "label": list(APART.values()),
            "count": [int(counted.get(key, 0)) for key in APART],
            "key": pd.Series(list(APART), dtype="str"),
        }
    )


def by_weekday(sent: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """Referrals that arrived, by day of the week in the center's time."""
    return _numbered(WEEKDAYS, weekday_of(sent, zone))


def by_hour(sent: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """Referrals that arrived, by hour of the day in the center's time."""
    return _numbered(HOURS, hour_of(sent, zone))


def week_of(sent: pd.DataFrame, zone: ZoneInfo) -> pd.Series:
    """The Monday of the week in which each referral arrived, as 2026-11-02."""
    days = local_days(sent["received"], zone)
    mondays = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    codes, found = pd.factorize(mondays)
    names = np.array([f"{monday:%Y-%m-%d}" for monday in found], dtype=object)
    return pd.Series(names[codes] if len(names) else [], index=sent.index, dtype="str")


def weekday_of(sent: pd.DataFrame, zone: ZoneInfo) -> pd.Series:
    """The day of the week on which each referral arrived; Monday is 0."""
    days: pd.Series = _local(sent, zone).dt.day_of_week
    return days


def hour_of(sent: pd.DataFrame, zone: ZoneInfo) -> pd.Series:
    """The hour of the day at which each referral arrived."""
    hours: pd.Series = _local(sent, zone).dt.hour
    return hours


def concern_of(sent: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    """Each kind of concern of each referral; empty for those that name none."""
    mine = facts[(facts["field"] == "allegation_types") & facts["referral"].isin(sent.index)]
    said = mine.drop_duplicates(["referral", "code"]).set_index("referral")["code"]
    silent = sent.index.difference(said.index)
    concerns: pd.Series = pd.concat([said, pd.Series("", index=silent, dtype="str")])
    return concerns


def apart_of(sent: pd.DataFrame, facts: pd.DataFrame, ages: pd.Series) -> pd.Series:
    """For what each referral is counted apart: "courtesy", "adult", or both."""
    courtesy = sent.index[sent.index.isin(facts.loc[facts["field"] == "courtesy_for", "referral"])]
    adult = sent.index[(ages.reindex(sent.index) >= ADULT).to_numpy(dtype=bool)]
    parts = {"courtesy": courtesy, "adult": adult}
    return pd.concat([pd.Series(key, index=index, dtype="str") for key, index in parts.items()])


def ages_on(births: pd.Series, guesses: pd.Series, days: pd.Series) -> pd.Series:
    """Full years on each day: from the birth date, else from the age that was given; NaN where neither is known.
    A child born on February 29 turns a year older on March 1 in other years."""
    born = pd.to_datetime(births, errors="coerce")
    on = pd.to_datetime(days)
    early = (on.dt.month * 100 + on.dt.day) < (born.dt.month * 100 + born.dt.day)
    years: pd.Series = on.dt.year - born.dt.year - early.astype(int)
    return years.where(born.notna(), pd.to_numeric(guesses.astype("str"), errors="coerce"))


def local_days(moments: pd.Series, zone: ZoneInfo) -> pd.Series:
    """The day of the center's calendar of each moment."""
    days: pd.Series = moments.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    return days


def _numbered(labels: tuple[str, ...], places: pd.Series) -> pd.DataFrame:
    counted = places.value_counts()
    counts = [int(counted.get(place, 0)) for place in range(len(labels))]
    keys = pd.Series([str(place) for place in range(len(labels))], dtype="str")
    return pd.DataFrame({"label": labels, "count": counts, "key": keys})


def _local(sent: pd.DataFrame, zone: ZoneInfo) -> pd.Series:
    moments: pd.Series = sent["received"].dt.tz_convert(zone).dt.tz_localize(None)
    return moments


def _mondays(period: Period) -> list[date]:
    first = period.first - timedelta(days=period.first.weekday())
    return [first + timedelta(weeks=week) for week in range((period.last - first).days // 7 + 1)]
