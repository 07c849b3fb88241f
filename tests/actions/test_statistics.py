"""The numbers on real databases: who may see what, that they open their rows, and that nobody's name is in them."""

import dataclasses
import io
import json

import openpyxl
import pytest

from actions import counting
from actions.agency import statistics as own
from actions.center import queue, referrals, restricted, statistics
from db import event_tables
from db.counted_rows import counted_rows
from db.tables.people import User, UserRole
from db.tables.referrals import Referral
from domain.lifecycle import CloseOutcome, DeleteReason, ReturnReason
from domain.people import Role
from domain.queue_filters import from_address, to_address
from domain.referrals import Mark, QueueFilter
from domain.refusals import NotFound, NotPermitted, Refused
from domain.statistics import CountingDate, Kind, Part, PeriodKind, Setup, Unit, Wanted, asked_of_queue, row_opening
from tests.actions.test_client_merges import JON, imported
from tests.actions.test_clients import ANA, walk_in
from tests.actions.test_merges import merged

CANARIES = ("Zyxcanary", "Qwvcanary", "Narrativecanary", "24-9988", "Bqcanary", "2016-03-27")


def by_code(page):
    return {figure.code: figure for section in page.sections for figure in section.figures}


def sheet(page, code):
    return next(sheet for section in page.sections for sheet in section.sheets if sheet.code == code)


def everything(value) -> str:
    """Every word and number of a frozen value, tables included."""
    if dataclasses.is_dataclass(value):
        return " ".join(everything(getattr(value, field.name)) for field in dataclasses.fields(value))
    if isinstance(value, tuple | list):
        return " ".join(everything(one) for one in value)
    return value.to_csv() if hasattr(value, "to_csv") else str(value)


def returned(as_, irene, referral_id, *marks):
    with as_(irene) as work:
        version = referrals.read(work, referral_id).version
        fixes = [Mark(field, "Please say.") for field in marks]
        referrals.return_to_agency(work, referral_id, version, ReturnReason.UNCLEAR, "What happened?", fixes)


def closed(as_, irene, referral_id):
    with as_(irene) as work:
        version = referrals.read(work, referral_id).version
        referrals.close(work, referral_id, version, CloseOutcome.NOT_ELIGIBLE, "Told the officer by phone.")


def test_a_supervisor_sees_what_came_and_what_became_of_it(as_, sam, irene, olga, peter, sent_referral):
    first, second, third = sent_referral(olga), sent_referral(olga), sent_referral(peter)
    returned(as_, irene, first, "child_dob", "narrative")
    closed(as_, irene, second)

    with as_(sam) as work:
        page = statistics.page(work, Wanted())

    figures = by_code(page)
    assert figures["received"].value == 3
    assert figures["waiting"].value == 1
    assert figures["with_agencies"].value == 1
    assert figures["return_rate"].value == pytest.approx(1 / 3)
    assert figures["first_pass"].value == 1
    marked = dict(sheet(page, "returned_fields").rows[["key", "count"]].to_numpy().tolist())
    assert marked == {"child_dob": 1, "narrative": 1}
    agencies = sheet(page, "agencies").rows.set_index("label")["received"].to_dict()
    assert agencies == {"Juniper County Sheriff": 2, "Alder Child Services": 1, "All": 3}
    assert third


@pytest.fixture
def filled(as_, sam, irene, olga, peter, sent_referral):
    """A desk with every kind of row: returned, sent again, merged, closed, imported, deleted, urgent and old ones."""
    from actions.agency import referrals as agency

    first, second, third = (sent_referral(olga) for _ in range(3))
    returned(as_, irene, first, "child_dob", "narrative")
    returned(as_, irene, second, "narrative")
    closed(as_, irene, third)
    with as_(olga) as work:
        agency.read_own(work, third)
    merged(as_, irene, (sent_referral(olga), sent_referral(peter)))
    for urgency in ("emergency", "urgent", "routine"):
        sent_referral(peter, urgency=urgency, address_county="Pine", courtesy_for="Another county")
    asked = sent_referral(olga, hotline_report_made="no")
    binned = sent_referral(peter)
    with as_(irene) as work:
        referrals.ask(work, asked, "Which school?")
        version = referrals.read(work, binned).version
        referrals.delete(work, binned, version, DeleteReason.TEST, "A test.")


def rows_opened(work, opens, choice):
    """How many rows the queue shows behind a number."""
    return queue.queue(work, from_address(to_address(asked_of_queue(opens, choice)))).total


def test_what_is_cut_out_and_what_is_kept_whole_count_the_same(as_, sam, filled, monkeypatch):
    for counting_date in CountingDate:
        with as_(sam) as work:
            statistics.save_setup(work, Setup(counting=counting_date))

        with as_(sam) as work:
            monkeypatch.setattr(event_tables, "MUCH", 10**6)
            whole = everything(statistics.page(work, Wanted()))
            monkeypatch.setattr(event_tables, "MUCH", 0)
            cut_out = everything(statistics.page(work, Wanted()))

        assert "child_dob" in whole
        assert whole == cut_out, counting_date


def test_every_number_opens_just_its_rows_in_the_queue(as_, sam, filled):
    with as_(sam) as work:
        page = statistics.page(work, Wanted())
        wrong, looked_at = [], 0
        for section in page.sections:
            for figure in section.figures:
                if figure.opens:
                    expected = figure.n if figure.kind is Kind.DAYS else figure.value
                    expected = round(figure.value * figure.n) if figure.kind is Kind.SHARE else expected
                    found = rows_opened(work, figure.opens, page.choice)
                    looked_at += 1
                    wrong += [] if found == expected else [(figure.code, found, expected)]
                elif section.code != "intake" and figure.value:
                    wrong.append((figure.code, "opens nothing", figure.value))
            for one in section.sheets:
                for row in one.rows.to_dict("records"):
                    for column in one.columns:
                        opens = row_opening(one.code, str(row.get("key", "")), column.name)
                        if opens and row[column.name]:
                            found = rows_opened(work, opens, page.choice)
                            looked_at += 1
                            wrong += [] if found == row[column.name] else [(one.code, row, column.name, found)]

    assert wrong == []
    assert looked_at > 60


def test_the_desk_counts_what_the_queue_shows(as_, irene, olga, peter, sent_referral):
    first, second = sent_referral(olga), sent_referral(peter, caregivers=None)
    merged(as_, irene, (first, second))
    sent_referral(olga, urgency="emergency")

    with as_(irene) as work:
        desk = {figure.code: figure.value for figure in statistics.desk(work).figures}
        shown = queue.queue(work, QueueFilter())

    assert desk["waiting"] == shown.total == 2
    assert desk["emergencies"] == 1
    assert desk["childs_clock"] is not None


def test_a_merged_referral_counts_once_and_as_it_was_sent(as_, sam, irene, olga, peter, sent_referral):
    merged(as_, irene, (sent_referral(olga), sent_referral(peter)))

    with as_(sam) as work:
        figures = by_code(statistics.page(work, Wanted()))

    assert figures["received"].value == 2
    assert figures["merged"].value == 2
    assert figures["waiting"].value == 1


def test_the_filter_narrows_every_number(as_, sam, cast, olga, peter, sent_referral):
    sent_referral(olga)
    sent_referral(peter, address_county="Pine")

    with as_(sam) as work:
        of_agency = by_code(statistics.page(work, Wanted(agency_id=cast.sheriff_id)))
        of_county = by_code(statistics.page(work, Wanted(county="Pine")))
        last_month = by_code(statistics.page(work, Wanted(kind=PeriodKind.LAST_MONTH)))

    assert of_agency["received"].value == of_county["received"].value == 1
    assert last_month["received"].value == 0
    assert last_month["waiting"].value == 2


def test_opened_by_the_agency_closes_the_loop(as_, sam, irene, olga, sent_referral):
    from actions.agency import referrals as agency

    first, second = sent_referral(olga), sent_referral(olga)
    closed(as_, irene, first)
    closed(as_, irene, second)
    with as_(olga) as work:
        agency.read_own(work, first)

    with as_(sam) as work:
        told = by_code(statistics.page(work, Wanted()))["told"]

    assert (told.value, told.n) == (0.5, 2)


def test_a_restricted_referral_is_counted_and_not_listed(as_, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    with as_(sam) as work:
        work.session.get(Referral, referral_id).restricted = True
        work.record("referral.restricted", "referral", referral_id)

    with as_(sam) as work:
        figures = by_code(statistics.page(work, Wanted()))
        shown = queue.queue(work, QueueFilter())

    assert figures["received"].value == 1
    assert shown.total == 0


def test_an_intake_count_leads_to_its_files_whether_a_referral_opened_them_or_not(as_, sam, irene, olga, sent_referral):
    walked_in = walk_in(as_, irene, ANA).client_id
    sent = imported(as_, irene, sent_referral(olga, **JON))

    with as_(sam) as work:
        page = statistics.page(work, Wanted())
        sources = sheet(page, "intake_source").rows.set_index("label")["count"].to_dict()
        behind = {
            row: [one.client_id for one in statistics.records(work, Wanted(), "intake_source", row)] for row in sources
        }
        missing = {one.client_id: one.missing for one in statistics.gaps(work, Wanted())}

    assert by_code(page)["children"].value == 2
    assert sources == {"Juniper County Sheriff": 1, "Walk-in": 1, "Unknown": 0}
    assert behind == {"Juniper County Sheriff": [sent], "Walk-in": [walked_in], "Unknown": []}
    assert missing[walked_in] == "relationship of the alleged offender, age of the alleged offender"
    assert "race or ethnicity" in missing[sent]


def test_a_restricted_file_is_counted_and_listed_only_for_those_who_are_named_in_it(as_, sam, irene):
    client_id = walk_in(as_, irene, ANA).client_id
    with as_(irene) as work:
        restricted.restrict(work, "client", client_id, [irene.user_id], "A worker's niece.")

    with as_(sam) as work:
        assert by_code(statistics.page(work, Wanted()))["children"].value == 1
        assert statistics.gaps(work, Wanted()) == ()
        assert statistics.records(work, Wanted(), "children") == ()

    with as_(irene) as work:
        restricted.lift(work, "client", client_id, "She left.")

    with as_(sam) as work:
        assert [one.client_id for one in statistics.gaps(work, Wanted())] == [client_id]


def test_courtesy_interviews_are_counted_apart(as_, sam, olga, sent_referral):
    sent_referral(olga, courtesy_for="Another county")
    sent_referral(olga)

    with as_(sam) as work:
        apart = sheet(statistics.page(work, Wanted()), "apart").rows.set_index("label")["count"].to_dict()

    assert apart == {"Courtesy interviews": 1, "18 or older": 0}


def test_a_lead_sees_their_own_agency_and_nothing_of_another(as_, cast, lena, olga, peter, sent_referral):
    sent_referral(olga)
    sent_referral(peter)

    with as_(lena) as work:
        seen = own.own_numbers(work, Wanted(agency_id=cast.services_id))

    assert seen.agency == "Juniper County Sheriff"
    assert seen.sheets[0].rows["received"].tolist() == [1]
    assert "Alder" not in everything(seen)


def test_a_lead_is_not_told_what_the_center_decided(as_, lena, olga, irene, sent_referral):
    closed(as_, irene, sent_referral(olga))

    with as_(lena) as work:
        shown = {column.name for one in own.own_numbers(work, Wanted()).sheets for column in one.columns}

    assert shown.isdisjoint({"settled", "first_pass", "first_pass_rate"})


def test_each_number_is_refused_to_those_whose_role_does_not_allow_it(as_, cast):
    sam, irene, lena, olga, ada = cast.sam, cast.irene, cast.lena, cast.olga, cast.ada
    setup = Setup()
    refused = {
        "page": (lambda work: statistics.page(work, Wanted()), [irene, lena, olga, ada]),
        "desk": (statistics.desk, [lena, olga, ada]),
        "totals": (lambda work: statistics.totals(work, Wanted()), [irene, lena, olga, ada]),
        "offer": (statistics.offer, [irene, lena, olga, ada]),
        "export": (lambda work: statistics.export(work, Wanted()), [irene, lena, olga, ada]),
        "gaps": (lambda work: statistics.gaps(work, Wanted()), [irene, lena, olga, ada]),
        "card": (lambda work: statistics.score_card(work, Wanted(agency_id=cast.sheriff_id)), [irene, lena, olga, ada]),
        "card file": (
            lambda work: statistics.export_score_card(work, Wanted(agency_id=cast.sheriff_id)),
            [irene, lena, olga, ada],
        ),
        "setup": (lambda work: statistics.save_setup(work, setup), [irene, lena, olga, ada]),
        "summary": (statistics.weekly_summary, [irene, lena, olga, ada]),
        "summary taken out": (statistics.take_out_weekly_summary, [irene, lena, olga, ada]),
        "part": (lambda work: statistics.part(work, Wanted()), [irene, lena, olga, ada]),
        "safe part": (lambda work: statistics.safe_part(work, Wanted()), [irene, lena, olga, ada]),
        "records": (lambda work: statistics.records(work, Wanted(), "gender"), [irene, lena, olga, ada]),
        "own": (lambda work: own.own_numbers(work, Wanted()), [sam, irene, olga, ada]),
    }
    for name, (act, members) in refused.items():
        for member in members:
            with pytest.raises(NotPermitted), as_(member) as work:
                act(work)
                pytest.fail(f"{member.name} was let through to {name}")


def test_an_auditor_sees_totals_without_small_numbers(as_, cast, olga, sent_referral):
    for _ in range(3):
        sent_referral(olga)
    with as_(cast.ada) as work:
        user = work.session.get(User, cast.ada.user_id)
        user.roles = [UserRole(user_id=user.id, role=Role.AUDITOR)]
        work.record("user.role_added", "user", user.id)

    with as_(cast.ada) as work:
        page = statistics.totals(work, Wanted())

    assert all(not section.figures for section in page.sections)
    assert all(one.rows.empty for one in (sheet(page, "type"), sheet(page, "agencies"), sheet(page, "county")))
    assert sheet(page, "type").total == 0
    with pytest.raises(NotPermitted), as_(cast.ada) as work:
        statistics.page(work, Wanted())


def test_nobodys_name_number_or_words_are_in_any_number(as_, sam, irene, olga, lena, cast, sent_referral):
    canary = sent_referral(
        olga,
        child_first_name="Zyxcanary",
        child_last_name="Qwvcanary",
        narrative="Narrativecanary told a teacher.",
        le_case_number=["24-9988"],
        caregivers=[{"row": "aaaaaaaa", "cg_first_name": "Bqcanary"}],
    )
    returned(as_, irene, canary, "narrative")
    with as_(sam) as work:
        number = referrals.read(work, canary).number
        shown = [
            everything(statistics.page(work, Wanted())),
            everything(statistics.totals(work, Wanted())),
            everything(statistics.desk(work)),
            everything(statistics.score_card(work, Wanted(agency_id=cast.sheriff_id))),
            everything(statistics.gaps(work, Wanted())),
            everything(statistics.weekly_summary(work)),
            str(cells(statistics.export(work, Wanted()))),
        ]
    with as_(lena) as work:
        shown.append(everything(own.own_numbers(work, Wanted())))

    for text in shown:
        assert [canary for canary in (*CANARIES, number, str(cast.olga.name)) if canary in text] == []


def test_an_export_is_recorded_and_holds_no_formula(as_, sam, cast, olga, sent_referral, store):
    with as_(sam) as work:
        from db.tables.people import Agency

        agency = work.session.get(Agency, cast.sheriff_id)
        agency.name = '=HYPERLINK("http://example.org")'
        work.record("agency.updated", "agency", agency.id)
    for _ in range(6):
        sent_referral(olga, address_county="=1+1")

    with as_(sam) as work:
        found = cells(statistics.export(work, Wanted()))
        assert [entry.event for entry in work.entries] == ["export.totals"]

    assert [cell for cell in found if cell.data_type == "f"] == []
    assert '=HYPERLINK("http://example.org")' in [cell.value for cell in found]


def test_the_file_holds_every_table_of_just_the_page_that_is_filtered(as_, sam, cast, olga, peter, sent_referral):
    for _ in range(6):
        sent_referral(olga)
    for _ in range(7):
        sent_referral(peter)
    wanted = Wanted(agency_id=cast.sheriff_id, part=Part.VOLUME)

    with as_(sam) as work:
        shown = statistics.totals(work, wanted)
        book = openpyxl.load_workbook(io.BytesIO(statistics.export(work, wanted)))

    about, *pages = list(book)
    tables = [one for section in shown.sections for one in section.sheets]
    assert [page["A1"].value for page in pages] == [one.title for one in tables]
    assert {section.code for section in shown.sections} == {part.value for part in Part}
    assert "Agency: Juniper County Sheriff. County: all. Type: all." in [row[0].value for row in about.iter_rows()]
    for page, table in zip(pages, tables, strict=True):
        in_file = [[cell.value for cell in row] for row in page.iter_rows(min_row=6, max_row=5 + len(table.rows))]
        assert [row[0] for row in in_file] == [str(label) for label in table.rows["label"]], table.code
    by_type = next(page for page, table in zip(pages, tables, strict=True) if table.code == "type")
    assert by_type.cell(6, 2).value == 6


def test_a_score_card_needs_an_agency(as_, sam):
    with pytest.raises(NotFound, match="Choose the agency first"), as_(sam) as work:
        statistics.score_card(work, Wanted())


def test_how_the_center_counts_is_kept_and_used(as_, sam):
    mapping = {name: dict(rows) for name, rows in Setup().mapping.items()}
    mapping["child_sex"]["F"] = "Girls"

    with as_(sam) as work:
        statistics.save_setup(work, Setup(unit=Unit.CASE, fiscal_month=10, least=11, mapping=mapping))
    with as_(sam) as work:
        kept = counting.setup_of(work)
        labels = sheet(statistics.page(work, Wanted()), "gender").rows["label"].tolist()

    assert (kept.unit, kept.fiscal_month, kept.least) == (Unit.CASE, 10, 11)
    assert labels[0] == "Girls"


@pytest.mark.parametrize(
    ("setup", "why"),
    [
        (Setup(least=1), "between 2 and 50"),
        (Setup(fiscal_month=13), "twelve months"),
        (Setup(mapping={"child_sex": {"F": " "}}), "name of a row"),
    ],
)
def test_a_setup_that_makes_no_sense_is_refused(as_, sam, setup, why):
    with pytest.raises(Refused, match=why), as_(sam) as work:
        statistics.save_setup(work, setup)


def test_the_weekly_summary_has_no_name(as_, sam, olga, sent_referral):
    sent_referral(olga)

    with as_(sam) as work:
        said = statistics.weekly_summary(work)

    assert said[0].startswith("The week of")
    assert any(line.startswith("Waiting now: 1") for line in said)
    assert "Juniper" not in json.dumps(said)


def test_moments_are_read_to_the_microsecond(as_, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    with as_(sam) as work:
        kept = work.session.get(Referral, referral_id)
        changes = counted_rows(work.session).up_to_date(work.session, ["changes"]).tables["changes"]

        assert changes["at"].iloc[0].to_pydatetime() == kept.first_submitted_at


def cells(file):
    book = openpyxl.load_workbook(io.BytesIO(file))
    return [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
