"""The screens of numbers: who opens them, what stands there, and that the address carries the filter."""

import io
import json
import re
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from actions import counting
from actions.center import referrals
from db.tables.people import User, UserRole
from domain import statistics
from domain.lifecycle import ReturnReason
from domain.people import Role
from domain.statistics import Choice, Kind, Period, definition, hidden
from domain.statistics.speed import received
from tests.domain.test_statistics import tables
from tests.pages.conftest import words
from tests.random_histories import worlds
from widgets.figures import as_shown

SCREENS = ("statistics", "desk_counts", "totals", "agency_statistics")


def metric(page, label):
    return next(one for one in page.metric if one.label == label)


@pytest.fixture
def returned_one(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        version = referrals.read(work, referral_id).version
        referrals.return_to_agency(work, referral_id, version, ReturnReason.UNCLEAR, "What happened?")
    return referral_id


def test_a_supervisor_reads_the_numbers_with_their_meaning(open_page, sam, returned_one):
    now, volume = open_page(sam, "statistics"), open_page(sam, "statistics", part="volume")

    assert not now.exception and not volume.exception
    assert metric(now, "With their agency").value == "1"
    assert metric(volume, "Received").value == "1"
    assert definition(received) in words(volume)
    assert "n = 1" in words(open_page(sam, "statistics", part="quality"))


def test_a_supervisor_sees_an_empty_period_as_empty_and_not_as_zero(open_page, sam, returned_one):
    page = open_page(sam, "statistics", period="last_month", part="quality")

    assert metric(page, "First-pass rate").value == "–"
    assert "No referrals in this period." in words(page)


def test_the_filter_of_the_address_rules_the_page(open_page, sam, cast, returned_one):
    elsewhere = open_page(sam, "statistics", agency=str(cast.services_id), part="quality")

    assert metric(elsewhere, "Returned at least once").value == "–"
    assert "Score card of" in words(elsewhere)


def test_a_chosen_county_goes_into_the_address(open_page, sam, returned_one):
    page = open_page(sam, "statistics")

    next(box for box in page.selectbox if box.label == "County").set_value("Juniper").run()

    assert page.query_params["county"] == "Juniper"


def test_how_the_center_counts_is_changed_on_the_page(open_page, as_, sam, returned_one):
    page = open_page(sam, "statistics", part="intake")
    next(one for one in page.toggle if one.label.startswith("Change how")).set_value(True).run()
    next(box for box in page.text_input if box.label == "Female").set_value("Girls")
    next(button for button in page.button if button.label == "Save how we count").click().run()

    assert not page.exception
    with as_(sam) as work:
        assert counting.setup_of(work).mapping["child_sex"]["F"] == "Girls"


def test_staff_see_the_desk_and_no_statistics(open_page, irene, returned_one):
    assert metric(open_page(irene, "desk_counts"), "With their agency").value == "1"
    assert "Not your screen" in words(open_page(irene, "statistics"))
    assert "Not your screen" in words(open_page(irene, "totals"))


def test_a_lead_sees_their_own_agency(open_page, lena, returned_one):
    page = open_page(lena, "agency_statistics")

    assert not page.exception
    assert "Juniper County Sheriff" in words(page)
    assert page.table[0].value["Returned"].tolist() == ["1"]


def test_an_auditor_sees_totals_only(open_page, cast, as_, returned_one):
    with as_(cast.ada) as work:
        user = work.session.get(User, cast.ada.user_id)
        user.roles = [UserRole(user_id=user.id, role=Role.AUDITOR)]
        work.record("user.role_added", "user", user.id)

    page = open_page(cast.ada, "totals", part="volume")

    assert not page.exception
    assert not page.metric
    assert "Fewer than 5: not shown." in words(page)
    assert "Not your screen" in words(open_page(cast.ada, "statistics"))


def test_others_have_none_of_these_screens(open_page, olga, ada):
    for screen in SCREENS:
        for member in (olga, ada):
            assert "Not your screen" in words(open_page(member, screen)), (screen, member.name)


def bars(chart):
    """What a chart was sent to draw: the bars by their labels."""
    sent = pa.ipc.open_stream(chart.proto.datasets[0].data.data).read_pandas()
    assert sorted(sent.columns) == ["count", "label"]
    return dict(zip(sent["label"], sent["count"], strict=True))


def rows_of(page, title):
    """The counts of a table by the labels of its rows."""
    table = next(one.value for one in page.table if bare(one.value.columns[0]) == title)
    return {bare(row.iloc[0]): int(re.search(r"\d+", row.iloc[1]).group()) for _, row in table.iterrows()}


def bare(text):
    """A text without the signs that keep its direction and the backslashes that keep it from being Markdown."""
    return re.sub("[\u2066-\u2069\\\\]", "", text)


def brightness(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def test_each_chart_draws_its_table_and_says_so_in_words_in_a_colour_that_every_eye_sees(open_page, sam, returned_one):
    theme = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text())["theme"]
    charts = []
    for part in statistics.Part:
        page = open_page(sam, "statistics", part=part.value)
        for chart in page.get("vega_lite_chart"):
            title = re.match("Bar chart: (.+?)\\. ", chart.proto.alt).group(1)
            spec = json.loads(chart.proto.spec)
            charts.append(title)
            assert bars(chart) == rows_of(page, title), title
            assert "The table below holds every number." in chart.proto.alt
            assert {one["field"] for one in spec["encoding"]["tooltip"]} == {"label", "count"}, title
            for ground in ("light", "dark"):
                assert contrast(spec["mark"]["color"], theme[ground]["backgroundColor"]) >= 3, (title, ground)

    assert len(charts) == 6, charts


def sheets_of(world):
    """Every table of the page and of the score card, exact."""
    rows, at, first, last = world
    zone, choice = ZoneInfo("America/New_York"), Choice(Period(first, last))
    both = statistics.readings(tables(rows), choice, zone, at)
    sections = (statistics.section(part, both, choice, {}) for part in statistics.Part if part.value != "intake")
    return [*(sheet for section in sections for sheet in section.sheets), *statistics.score_card(both.now, {})]


def small(said, least):
    return said.replace(",", "").isdecimal() and 0 < int(said.replace(",", "")) < least


def test_no_small_number_is_on_paper_or_in_a_file_that_leaves_the_house(rounds):
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    phases = [Phase.explicit, Phase.reuse, Phase.generate]

    @settings(max_examples=rounds(short=8, long=300), deadline=None, suppress_health_check=slow, phases=phases)
    @given(worlds())
    def printed(world):
        safe = [hidden(sheet, 5) for sheet in sheets_of(world)]
        file = openpyxl.load_workbook(io.BytesIO(statistics.workbook(safe, ["About"])))
        for sheet, page in zip(safe, list(file)[1:], strict=True):
            counts = [column.title for column in sheet.columns if column.kind is Kind.COUNT]
            assert [cell for title in counts for cell in as_shown(sheet)[title] if small(cell, 5)] == [], sheet.code
            places = [cell.column for cell in page[5] if cell.value in counts]
            found = [row[place - 1].value for row in page.iter_rows(min_row=6) for place in places]
            assert [one for one in found if isinstance(one, int) and 0 < one < 5] == [], sheet.code

    printed()


def test_an_intake_count_lists_its_records_one_click_from_each_file(open_page, sam, returned_one):
    page = open_page(sam, "statistics", part="intake", rows="gender~Unknown")
    typed = open_page(sam, "statistics", part="intake", rows="nonsense~<script>")

    assert not page.exception and not typed.exception
    assert "Records behind: \u2068Unknown" in words(page)
    assert "Records behind" not in words(typed)


def test_each_part_says_which_days_its_numbers_are_about(open_page, as_, sam, returned_one):
    with as_(sam) as work:
        month = statistics.period(statistics.PeriodKind.THIS_MONTH, counting.today(work))
    now, quality, intake = (words(open_page(sam, "statistics", part=part)) for part in ("now", "quality", "intake"))

    assert "this moment" in now and "compared with" not in now
    assert f"**{month.label}**, compared with {month.before.label}." in quality
    assert f"**{month.label}**. Counted are" in intake
    assert "by **the day the case was opened**" in intake
    assert "referrals that arrived in these days" not in intake


def test_what_a_print_says_of_itself_stands_on_the_page(open_page, sam, returned_one):
    page = open_page(sam, "statistics", part="volume")

    assert "Printed by \u2068Sam Okafor" in words(page)
    assert "every agency, every county, every type" in words(page)


def test_a_lead_reads_reasons_and_questions_in_spanish(open_page, lena, returned_one):
    page = open_page(lena, "agency_statistics")
    page.segmented_control(key="language").set_value("es").run()

    assert not page.exception
    read = " ".join(table.value.to_csv() for table in page.table)
    assert "Algo no está claro o se contradice" in read
    assert "unclear" not in read
    assert "Este mes" in words(page)
