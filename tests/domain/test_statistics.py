"""Every figure equals a plain recount; quantiles are shown only of enough; empty is not zero."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain import number_rows, statistics
from domain.refusals import Refused
from domain.statistics import Choice, Kind, Period, PeriodKind, Tables
from domain.statistics.rows import FIGURES, PARTS, TABLES
from domain.statistics.speed import summary
from tests.random_histories import worlds
from tests.recount import Recount, age

ZONE = ZoneInfo("America/New_York")
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
"""A history that counts wrong is told as it was found: making it smaller takes many minutes."""
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def tables(rows):
    """Event rows as the typed tables that the store hands over."""
    made = {}
    for name, columns in statistics.COLUMNS.items():
        table = pd.DataFrame(rows[name], columns=list(columns))
        for column in columns:
            if column in statistics.MOMENTS:
                table[column] = pd.to_datetime(table[column], utc=True)
            elif column in statistics.WORDS:
                table[column] = table[column].astype("str").astype("category")
        made[name] = table
    made["facts"]["on"] = made["facts"]["on"].astype("datetime64[s]")
    made["changes"] = made["changes"].sort_values(["referral", "ordinal"], ignore_index=True)
    for flag in ("assigned", "hotline_open", "nobody_called"):
        made["referrals"][flag] = made["referrals"][flag].astype(bool)
    for flag in ("new_client", "overridden"):
        made["imports"][flag] = made["imports"][flag].astype(bool)
    return Tables(**made)


def page(rows, at, first, last, **chosen):
    """Figures by code and sheets by code, as the page shows them."""
    choice = Choice(Period(first, last), **chosen)
    # What stands without a moment is told as of now.
    told = rows | {"marks": [mark for mark in rows["marks"] if mark["at"] <= at]}
    sections = statistics.numbers(tables(told), choice, ZONE, at, {})
    figures = {figure.code: figure for section in sections for figure in section.figures}
    return figures, {sheet.code: sheet for section in sections for sheet in section.sheets}


def same(found, expected):
    if expected is None or found is None or pd.isna(found):
        return expected is None and (found is None or pd.isna(found))
    return found == pytest.approx(expected, abs=1e-9)


def wrong_figures(figures, expected):
    return {
        code: (figures[code].value, value) for code, value in expected.items() if not same(figures[code].value, value)
    }


def wrong_cells(shown, expected):
    return {name: (shown[name], value) for name, value in expected.items() if not same(shown[name], value)}


def counts_of(sheet):
    return {key: count for key, count in zip(sheet.rows["key"], sheet.rows["count"], strict=True) if count}


def test_every_figure_and_table_equals_a_plain_recount(rounds):
    histories = []

    @settings(max_examples=rounds(short=30, long=1000), deadline=None, suppress_health_check=SLOW, phases=PHASES)
    @given(worlds())
    def recounted(world):
        rows, at, first, last = world
        histories.append(len(rows["referrals"]))
        figures, sheets = page(rows, at, first, last)
        plain = Recount(rows, at, first, last, ZONE)
        expected = plain.figures()

        assert set(figures) == set(expected)
        assert wrong_figures(figures, expected) == {}
        for code, expected in plain.counts().items():
            assert counts_of(sheets[code]) == dict(expected), code
        for name, line in plain.agencies().items():
            assert wrong_cells(sheets["agencies"].rows.set_index("key").loc[name], line) == {}, name
        for label, line in plain.speed().items():
            assert wrong_cells(sheets["speed"].rows.set_index("label").loc[label], line) == {}, label

    recounted()

    assert sum(histories) >= 1000


def test_the_filter_gives_what_a_recount_of_the_chosen_rows_gives(rounds):
    chosen = st.sampled_from([{"agency": "a"}, {"county": "Wake"}, {"type": "le"}, {"agency": "b", "type": "client"}])

    @settings(max_examples=rounds(short=5, long=300), deadline=None, suppress_health_check=SLOW, phases=PHASES)
    @given(worlds(), chosen)
    def recounted(world, chosen):
        rows, at, first, last = world
        figures, _ = page(rows, at, first, last, **chosen)

        assert wrong_figures(figures, Recount(rows, at, first, last, ZONE, chosen).figures()) == {}

    recounted()


def test_the_period_before_is_followed_for_as_long(rounds):
    @settings(max_examples=rounds(short=5, long=300), deadline=None, suppress_health_check=SLOW, phases=PHASES)
    @given(worlds())
    def recounted(world):
        rows, at, first, last = world
        figures, _ = page(rows, at, first, last)
        before = Period(first, last).before
        shift = Period(first, last).bounds(ZONE)[0] - before.bounds(ZONE)[0]
        then = at - shift
        if before.bounds(ZONE)[0] >= then:
            assert all(figure.before is None for figure in figures.values())
            return
        plain = Recount(rows, then, before.first, before.last, ZONE)
        plain.sent = [key for key in plain.sent if plain.arrival(key) < then]
        expected = plain.figures()
        compared = [code for code in expected if figures[code].before is not None]
        assert [code for code in compared if not same(figures[code].before, expected[code])] == []

    recounted()


def test_quantiles_are_shown_only_of_enough():
    def shown(n):
        return [
            name for name, value in summary(pd.Series(pd.to_timedelta(range(n), unit="h"))).items() if value is not None
        ]

    assert shown(4) == ["n"]
    assert shown(5) == ["n", "median", "p90"]
    assert shown(19) == ["n", "median", "p90"]
    assert shown(20) == ["n", "median", "p90", "p95"]


def test_empty_is_not_zero():
    rows = {name: [] for name in statistics.COLUMNS}
    figures, sheets = page(rows, datetime(2026, 1, 5, tzinfo=UTC), date(2026, 1, 1), date(2026, 1, 31))

    assert figures["received"].value == 0
    assert figures["return_rate"].value is None
    assert figures["first_decision"].value is None
    assert figures["childs_clock"].value is None
    assert all(sheet.is_empty for sheet in sheets.values())


def test_every_figure_and_table_says_what_it_means():
    rows = {name: [] for name in statistics.COLUMNS}
    figures, sheets = page(rows, datetime(2026, 1, 5, tzinfo=UTC), date(2026, 1, 1), date(2026, 1, 31))

    assert [code for code, one in {**figures, **sheets}.items() if not one.definition.endswith(".")] == []


def test_the_documents_explain_every_number_in_one_sentence():
    rows = {name: [] for name in statistics.COLUMNS}
    figures, _ = page(rows, datetime(2026, 1, 5, tzinfo=UTC), date(2026, 1, 1), date(2026, 1, 31))
    text = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text()

    assert [figure.label for figure in figures.values() if f"| {figure.label} |" not in text] == []


def test_every_figure_is_in_the_register_of_what_the_queue_can_show():
    names = [name for names in PARTS.values() for name in names]

    assert sorted(names) == sorted({*FIGURES, *TABLES}) == sorted({*number_rows.FIGURES, *number_rows.TABLES})
    assert [name for name in names if not number_rows.label(name) and not number_rows.label(f"{name}~x")] == []


def test_a_day_has_24_hours_even_when_the_clocks_change():
    sent = datetime(2025, 3, 8, 22, tzinfo=ZONE)
    rows = {name: [] for name in statistics.COLUMNS}
    rows["referrals"] = [referral(0)]
    rows["changes"] = [
        change(0, 1, "submit", "submitted", sent.astimezone(UTC)),
        change(0, 2, "close", "closed", sent.astimezone(UTC) + timedelta(hours=24, seconds=1)),
    ]
    figures, sheets = page(rows, datetime(2025, 3, 20, tzinfo=UTC), date(2025, 3, 1), date(2025, 3, 31))

    assert figures["within_1"].value == 0
    assert sheets["decided_within"].rows.set_index("label").loc["1 to 3 days", "count"] == 1


def test_the_desks_clock_starts_again_when_a_referral_comes_back_and_the_childs_does_not():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = {name: [] for name in statistics.COLUMNS}
    rows["referrals"] = [referral(0)]
    rows["changes"] = [
        change(0, 1, "submit", "submitted", start),
        change(0, 2, "reject", "rejected", start + timedelta(days=2)),
        change(0, 3, "resubmit", "submitted", start + timedelta(days=9)),
    ]
    figures, _ = page(rows, start + timedelta(days=10), date(2026, 1, 1), date(2026, 1, 31))

    assert figures["childs_clock"].value == pytest.approx(10)
    assert figures["desks_clock"].value == pytest.approx(1)


def test_a_figure_opens_a_view_where_all_its_rows_stand():
    start = datetime(2026, 1, 2, tzinfo=UTC)
    rows = {name: [] for name in statistics.COLUMNS}
    rows["referrals"] = [referral(0), referral(1)]
    rows["changes"] = [change(0, 1, "submit", "submitted", start), change(1, 1, "submit", "submitted", start)]
    figures, _ = page(rows, start + timedelta(days=30), date(2026, 1, 1), date(2026, 1, 31))

    assert figures["received"].opens.view == "every"
    assert figures["overdue"].opens.view == "submitted"
    assert figures["overdue"].opens.named == "late"
    assert not figures["overdue"].opens.of_period
    assert figures["with_agencies"].opens is None


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        (PeriodKind.THIS_MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (PeriodKind.LAST_MONTH, date(2026, 1, 1), date(2026, 1, 31)),
        (PeriodKind.THIS_QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
        (PeriodKind.LAST_QUARTER, date(2025, 10, 1), date(2025, 12, 31)),
        (PeriodKind.THIS_HALF_YEAR, date(2026, 1, 1), date(2026, 6, 30)),
        (PeriodKind.LAST_HALF_YEAR, date(2025, 7, 1), date(2025, 12, 31)),
        (PeriodKind.THIS_FISCAL_YEAR, date(2025, 7, 1), date(2026, 6, 30)),
        (PeriodKind.LAST_FISCAL_YEAR, date(2024, 7, 1), date(2025, 6, 30)),
    ],
)
def test_a_period_has_its_days(kind, first, last):
    assert statistics.period(kind, date(2026, 2, 10), fiscal_month=7) == Period(first, last)


def test_whole_months_are_compared_with_whole_months_and_days_with_days():
    assert Period(date(2024, 3, 1), date(2024, 3, 31)).before == Period(date(2024, 2, 1), date(2024, 2, 29))
    assert Period(date(2026, 1, 1), date(2026, 3, 31)).before == Period(date(2025, 10, 1), date(2025, 12, 31))
    assert Period(date(2026, 3, 10), date(2026, 3, 16)).before == Period(date(2026, 3, 3), date(2026, 3, 9))


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(Refused, match="ends before it begins"):
        statistics.period(PeriodKind.ANY, date(2026, 2, 10), first=date(2026, 2, 2), last=date(2026, 2, 1))


@settings(max_examples=300, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2030, 12, 31)), st.dates(date(1950, 1, 1), date(2040, 12, 31)))
def test_ages_are_full_years_also_for_those_born_on_a_leap_day(born, on):
    from domain.statistics.volume import ages_on

    if on < born:
        return
    found = ages_on(pd.Series([born.isoformat()]), pd.Series([""]), pd.Series([pd.Timestamp(on)]))

    assert found.iloc[0] == age(born, on)


def test_an_age_that_was_guessed_counts_where_no_birth_date_is_known():
    from domain.statistics.volume import ages_on

    found = ages_on(pd.Series([None, None]), pd.Series(["7", None]), pd.Series([pd.Timestamp("2026-01-01")] * 2))

    assert found.tolist()[0] == 7
    assert pd.isna(found.iloc[1])


def test_counts_are_said_as_counts_and_shares_as_shares():
    rows = {name: [] for name in statistics.COLUMNS}
    figures, _ = page(rows, datetime(2026, 1, 5, tzinfo=UTC), date(2026, 1, 1), date(2026, 1, 31))

    assert figures["received"].kind is Kind.COUNT
    assert figures["return_rate"].kind is Kind.SHARE
    assert figures["imported"].kind is Kind.DAYS


def referral(key):
    return {
        "referral": key,
        "agency": "a",
        "county": "",
        "type": "client",
        "origin": "agency",
        "urgency": 2,
        "assigned": False,
        "hotline_open": False,
        "nobody_called": False,
    }


def change(key, ordinal, step, after, at, reason=""):
    return {"referral": key, "ordinal": ordinal, "step": step, "after": after, "at": at, "reason": reason}
