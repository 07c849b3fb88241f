"""How much comes, from whom, about what and when."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from domain.statistics.periods import Period

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def by_week(sent: pd.DataFrame, period: Period, zone: ZoneInfo) -> pd.DataFrame:
    """Referrals that arrived, by week of the center's calendar; a week begins on Monday and is named by that day.
    The first and the last week may be cut by the period."""
    days = _local(sent, zone).dt.normalize()
    mondays = (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).dt.date.value_counts()
    weeks = _mondays(period)
    return pd.DataFrame(
        {
            "label": [f"{week:%b} {week.day}, {week.year}" for week in weeks],
            "count": [int(mondays.get(week, 0)) for week in weeks],
            "week": pd.to_datetime(pd.Series(weeks, dtype="object")),
        }
    )


def by_agency(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals that arrived, by the agency that sent them."""
    return _by(sent["agency"])


def by_county(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals that arrived, by the county where the child lives."""
    return _by(sent["county"])


def by_type(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals that arrived, by type of referral."""
    return _by(sent["type"])


def by_origin(sent: pd.DataFrame) -> pd.DataFrame:
    """Referrals that arrived, by how they came: sent by an agency, entered by staff, transferred."""
    return _by(sent["origin"])


def by_concern(sent: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Referrals that arrived, by kind of concern as it stands now. One referral may tell of several kinds and then
    counts in each row, so the rows add up to more than all."""
    mine = facts[(facts["field"] == "allegation_types") & facts["referral"].isin(sent.index)]
    mine = mine.drop_duplicates(["referral", "code"])
    counted = _by(mine["code"])
    silent = len(sent) - mine["referral"].nunique()
    return pd.concat([counted, pd.DataFrame({"label": [""], "count": [silent]})]) if silent else counted


def apart(sent: pd.DataFrame, facts: pd.DataFrame, ages: pd.Series) -> pd.DataFrame:
    """Referrals that arrived and are usually counted apart: courtesy interviews for another county or center,
    and persons who were 18 or older when the referral arrived. One may be both."""
    courtesy = facts.loc[facts["field"] == "courtesy_for", "referral"]
    rows = {
        "Courtesy interviews": int(sent.index.isin(courtesy).sum()),
        "18 or older": int((ages.reindex(sent.index) >= 18).sum()),
    }
    return pd.DataFrame({"label": list(rows), "count": list(rows.values())})


def by_weekday(sent: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """Referrals that arrived, by day of the week in the center's time."""
    counted = _local(sent, zone).dt.day_of_week.value_counts()
    return pd.DataFrame({"label": WEEKDAYS, "count": [int(counted.get(day, 0)) for day in range(7)]})


def by_hour(sent: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """Referrals that arrived, by hour of the day in the center's time."""
    counted = _local(sent, zone).dt.hour.value_counts()
    labels = [f"{hour % 12 or 12} {'AM' if hour < 12 else 'PM'}" for hour in range(24)]
    return pd.DataFrame({"label": labels, "count": [int(counted.get(hour, 0)) for hour in range(24)]})


def ages_on(births: pd.Series, guesses: pd.Series, days: pd.Series) -> pd.Series:
    """Full years on each day: from the birth date, else from the age that was given; NaN where neither is known.
    A child born on February 29 turns a year older on March 1 in other years."""
    born = pd.to_datetime(births, errors="coerce")
    on = pd.to_datetime(days)
    early = (on.dt.month * 100 + on.dt.day) < (born.dt.month * 100 + born.dt.day)
    years: pd.Series = on.dt.year - born.dt.year - early.astype(int)
    return years.where(born.notna(), pd.to_numeric(guesses, errors="coerce"))


def local_days(moments: pd.Series, zone: ZoneInfo) -> pd.Series:
    """The day of the center's calendar of each moment."""
    days: pd.Series = moments.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    return days


def _by(values: pd.Series) -> pd.DataFrame:
    counted = values.value_counts().rename_axis("label").reset_index(name="count")
    return counted.sort_values(["count", "label"], ascending=[False, True], ignore_index=True)


def _local(sent: pd.DataFrame, zone: ZoneInfo) -> pd.Series:
    moments: pd.Series = sent["received"].dt.tz_convert(zone).dt.tz_localize(None)
    return moments


def _mondays(period: Period) -> list[date]:
    first = period.first - timedelta(days=period.first.weekday())
    return [first + timedelta(weeks=week) for week in range((period.last - first).days // 7 + 1)]
