"""From the kept rows to the page: each figure equals a plain recount of what the database holds, undoings among it."""

from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from actions.agency import referrals as agency
from actions.center import client_merges, referrals, statistics
from db.model import Base
from domain.lifecycle import CloseOutcome, ReturnReason
from domain.statistics import PeriodKind, Wanted
from tests.actions.test_client_merges import JON, imported, on_file, seen
from tests.actions.test_merges import merged
from tests.actions.test_merges import undone as referrals_parted
from tests.cast import version_of
from tests.domain.test_statistics import counts_of, same, wrong_cells
from tests.recount import Recount

__all__ = ["on_file"]
DENVER = ZoneInfo("America/Denver")
FEEDS = {"child_sex", "child_dob", "child_race_ethnicity", "allegation_types", "ao_relationship", "ao_dob_or_age"}


def kept_rows(work):
    """The rows of the database as they stand, one table after the other, without a join."""

    def rows(name):
        return [dict(row._mapping) for row in work.session.execute(select(Base.metadata.tables[name]))]

    sent = [one for one in rows("referral") if one["status"] != "draft"]
    owners = {one["id"]: one["agency_id"] for one in sent}
    views = [one for one in rows("audit_entry") if one["event"] == "referral.viewed" and one["object_id"] in owners]
    facts = [one for one in rows("fact") if one["record_id"] in owners]
    returns = {one["id"]: one["at"] for one in rows("status_change")}
    decisions = {one["id"]: one for one in rows("merge_decision")}
    answered = {
        key: {
            "child_dob" if one["field"] == "child_age_years" else one["field"]
            for one in facts
            if one["record_id"] == key
        }
        for key in owners
    }
    return {
        "referrals": [
            {
                **{name: one[name] for name in ("county", "type", "hotline_open")},
                "referral": one["id"],
                "agency": one["agency_id"].hex if one["agency_id"] else "",
                "origin": one["origin"].value,
                "urgency": one["urgency_rank"],
                "assigned": one["assignee_id"] is not None,
                "nobody_called": not one["reached"] and one["called_at"] is None,
            }
            for one in sent
        ],
        "changes": sorted(
            (
                {"referral": one["referral_id"], "step": one["step"].value, "after": one["to_status"].value}
                | {name: one[name] for name in ("ordinal", "at", "reason")}
                for one in rows("status_change")
                if one["referral_id"] in owners
            ),
            key=lambda one: one["ordinal"],
        ),
        "merges": [
            {
                "source": one["referral_id"],
                "result": decisions[one["merge_id"]]["result_id"],
                "made": decisions[one["merge_id"]]["made_at"],
                "undone": decisions[one["merge_id"]]["undone_at"],
            }
            for one in rows("merge_source")
        ],
        "imports": [
            {
                "referral": one["referral_id"],
                "new_client": one["new_client"],
                "overridden": one["new_client"] and bool(one["override_reason"]),
                "made": one["made_at"],
                "undone": one["undone_at"],
                "missed": found_late(one, rows("client"), rows("client_merge")),
            }
            for one in rows("import_decision")
        ],
        "looks": [
            {"referral": one["object_id"], "at": one["at"]}
            for one in views
            if one["agency_id"] != owners[one["object_id"]]
        ],
        "visits": [
            {"referral": one["object_id"], "at": one["at"]}
            for one in views
            if one["agency_id"] == owners[one["object_id"]]
        ],
        "questions": [
            {"referral": one["referral_id"], "asked": one["asked_at"], "answered": one["answered_at"]}
            for one in rows("question")
        ],
        "marks": [
            {"referral": one["referral_id"], "field": one["field"], "at": returns[one["change_id"]]}
            for one in rows("return_mark")
        ],
        "facts": [
            {"referral": one["record_id"], "field": one["field"], "code": one["code"], "on": str(one["on"])}
            for one in facts
        ],
        "answered": [{"referral": key, "count": len(fields & FEEDS)} for key, fields in answered.items()],
        "safety": [{"referral": one["record_id"], "field": one["field"], "code": one["code"]} for one in facts],
    }


def found_late(decision, files, joined):
    """When the new file of an import was merged with an older one; None while it was not."""
    made = {one["id"]: one["made_at"] for one in files}
    mine = decision["client_id"]
    others = [
        (one["made_at"], other)
        for one in joined
        for other in {one["kept_id"], one["ended_id"]} - {mine}
        if mine in (one["kept_id"], one["ended_id"]) and one["undone_at"] is None
    ]
    late = [at for at, other in others if made[other] < made[mine]]
    return min(late) if late and decision["new_client"] else None


def disagreements(as_, sam, **filtered):
    """Figures and tables of the page that a recount of the rows does not give."""
    with as_(sam) as work:
        page = statistics.page(work, Wanted(kind=PeriodKind.THIS_HALF_YEAR, **filtered))
        rows, period = kept_rows(work), page.choice.period
        chosen = {"agency": page.choice.agency} if page.choice.agency else {}
        plain = Recount(rows, work.now, period.first, period.last, DENVER, chosen)
    figures = {one.code: one.value for part in page.sections if part.code != "intake" for one in part.figures}
    sheets = {one.code: one for part in page.sections for one in part.sheets}
    wrong = [(code, figures[code], value) for code, value in plain.figures().items() if not same(figures[code], value)]
    wrong += [
        (code, counts_of(sheets[code]), dict(counted))
        for code, counted in plain.counts().items()
        if counts_of(sheets[code]) != dict(counted)
    ]
    for label, line in plain.speed().items():
        wrong += wrong_cells(sheets["speed"].rows.set_index("label").loc[label], line).items()
    for name, line in plain.agencies().items():
        wrong += wrong_cells(sheets["agencies"].rows.set_index("key").loc[name], line).items()
    return wrong, figures


@pytest.fixture
def lived(as_, cast, irene, olga, peter, sent_referral):
    """A desk where things were returned, answered, sent again, merged, parted, closed, asked and opened."""
    back, shut, asked = (sent_referral(olga) for _ in range(3))
    with as_(irene) as work:
        version = referrals.read(work, back).version
        referrals.return_to_agency(work, back, version, ReturnReason.UNCLEAR, "What happened?", [])
    with as_(olga) as work:
        agency.submit(work, back, version_of(work, back))
    with as_(irene) as work:
        referrals.close(work, shut, referrals.read(work, shut).version, CloseOutcome.NOT_ELIGIBLE, "Told them.")
        referrals.ask(work, asked, "Which school?")
    with as_(olga) as work:
        agency.read_own(work, shut)
    merged(as_, irene, (sent_referral(olga), sent_referral(peter)))
    parted = merged(as_, irene, (sent_referral(olga), sent_referral(peter, urgency="emergency")))
    referrals_parted(as_, irene, parted)
    sent_referral(peter, courtesy_for="Another county", child_dob="1990-02-28")


def test_the_page_equals_a_recount_of_the_kept_rows(as_, sam, cast, lived):
    everything, figures = disagreements(as_, sam)
    of_one, _ = disagreements(as_, sam, agency_id=cast.sheriff_id)

    assert everything == []
    assert of_one == []
    assert figures["received"] == 8


def test_a_child_known_after_all_is_counted_from_the_merge_of_the_files_to_its_undo(
    as_, sam, irene, olga, lived, on_file, sent_referral
):
    older = on_file(JON | {"child_first_name": "Zebulon", "child_dob": "2011-01-09", "caregivers": []})
    newer = imported(as_, irene, sent_referral(olga), reason="Another child.")
    steps = [disagreements(as_, sam)]

    versions = seen(as_, irene, (older, newer))
    with as_(irene) as work:
        client_merges.merge(work, versions, {}, "The grandmother says so.", uuid4().hex)
    steps.append(disagreements(as_, sam))
    with as_(irene) as work:
        client_merges.undo_merge(work, newer, "Two cousins after all.")
    steps.append(disagreements(as_, sam))

    assert [wrong for wrong, _ in steps] == [[], [], []]
    assert [figures["missed"] for _, figures in steps] == [0, 1, 0]
