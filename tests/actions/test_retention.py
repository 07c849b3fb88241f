"""Retention: what is due, who may purge it, what a purge takes and leaves, and what it never touches."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from actions.agency import referrals as agency_referrals
from actions.center import clients, imports, referrals, restricted, retention
from actions.work import system_work
from db import audit, copying
from db.tables.clients import Client
from db.tables.people import Center, User
from db.tables.referrals import Draft, Referral, StatusChange
from domain.fields import ReferralType
from domain.intake import IntakeChoices, WalkInChoices
from domain.lifecycle import Status
from domain.refusals import NotFound, NotPermitted, Refused, TooLate
from domain.retention import ItemKind, Periods
from tests.faults import desk_work
from tests.keeping import asked, binned, due_counts, held, imported_and_undone, later, number_of, proven, purged


def lines(member, as_):
    with as_(member) as work:
        return {line.kind: line for line in retention.preview(work)}


def draft_of(olga, as_):
    with as_(olga) as work:
        draft = agency_referrals.start(work, ReferralType.LE)
    with as_(olga) as work:
        agency_referrals.save_answers(work, draft.id, {"child_first_name": "Ana"})
    return draft.id


def row(store, referral_id):
    with store.reading() as session:
        found = session.get(Referral, referral_id)
        if found is not None:
            session.expunge(found)
        return found


def test_nothing_is_due_before_its_period_is_over(sent_referral, olga, irene, ada, as_):
    binned(irene, sent_referral(olga))
    draft_of(olga, as_)

    with later(days=29):
        assert set(due_counts(ada).values()) == {0}
    with later(days=31):
        assert due_counts(ada)[ItemKind.REFERRAL] == 1
        assert due_counts(ada)[ItemKind.DRAFT] == 0
    with later(days=91):
        assert due_counts(ada)[ItemKind.DRAFT] == 1


def test_the_preview_counts_names_the_oldest_and_says_what_a_hold_keeps(sent_referral, olga, irene, sam, ada, as_):
    first, second, third = (sent_referral(olga) for _ in range(3))
    numbers = [number_of(irene, each) for each in (first, second, third)]
    binned(irene, first, second, third)
    held(sam, numbers[1])

    with later(days=31):
        line = lines(ada, as_)[ItemKind.REFERRAL]

    assert (line.due, line.held, line.held_numbers) == (2, 1, (numbers[1],))
    assert line.numbers == (numbers[0], numbers[2])
    assert line.oldest is not None


def test_waiting_returned_closed_imported_and_merged_referrals_are_never_due(cast, sent_referral, ada):
    waiting, back, closed, known, one, other = (sent_referral(cast.olga) for _ in range(6))
    desk_work.reject(cast.irene, back, desk_work.version(cast.irene, back))
    desk_work.close(cast.irene, closed, desk_work.version(cast.irene, closed))
    desk_work.bring_in_client(cast.irene, known)
    desk_work.merge_two(cast.irene, one, other)

    with later(days=5000):
        assert set(due_counts(ada).values()) == {0}
    assert waiting


def test_a_purge_is_asked_for_by_one_and_agreed_to_by_another(store, sent_referral, olga, irene, sam, ada, as_):
    referral_id = sent_referral(olga)
    number = number_of(irene, referral_id)
    binned(irene, referral_id)
    with later(days=31):
        purge_id = asked(ada)
        with pytest.raises(Refused, match="Somebody else must agree"), as_(proven(ada)) as work:
            retention.approve(work, purge_id)
        assert row(store, referral_id).purge_id is None

        with as_(proven(sam)) as work:
            paper = retention.approve(work, purge_id)

    assert paper.number.startswith("P-")
    assert (paper.requested_by, paper.approved_by) == ("Ada Lund", "Sam Okafor")
    assert (paper.purged, paper.numbers) == ({ItemKind.REFERRAL: 1}, (number,))
    assert (paper.backups_until - paper.done_at).days == 90
    with as_(sam) as work:
        assert retention.certificates(work) == (paper,)
        assert retention.certificate(work, purge_id) == paper


def test_nobody_opens_a_purged_referral_any_more(sent_referral, olga, irene, sam, ada, as_):
    referral_id = sent_referral(olga)
    binned(irene, referral_id)
    with later(days=31):
        purged(ada, sam)

        for act in (
            lambda work: referrals.read(work, referral_id),
            lambda work: referrals.restore(work, referral_id, 1),
        ):
            with pytest.raises(NotFound), as_(irene) as work:
                act(work)
        with pytest.raises(NotFound), as_(olga) as work:
            agency_referrals.read_own(work, referral_id)


def test_its_number_its_days_and_its_history_stay(store, sent_referral, olga, irene, sam, ada):
    referral_id = sent_referral(olga, child_first_name="Ana")
    binned(irene, referral_id)
    before = row(store, referral_id)
    with later(days=31):
        purged(ada, sam)

    after = row(store, referral_id)
    kept = ("number", "type", "origin", "status", "agency_id", "made_at", "first_submitted_at", "steps", "round")
    assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}
    assert (after.child_first_name, after.child_dob, after.search_text, after.submission_id) == ("", "", "", None)
    with store.reading() as session:
        steps = session.execute(
            select(StatusChange.to_status, StatusChange.comment).order_by(StatusChange.ordinal)
        ).all()
    assert steps == [(Status.SUBMITTED, ""), (Status.DELETED, "")]
    with store.reading() as session:
        assert audit.first_broken(session) is None


def test_a_purge_can_be_withdrawn_and_then_nothing_is_purged(store, sent_referral, olga, irene, sam, ada, as_):
    referral_id = sent_referral(olga)
    binned(irene, referral_id)
    with later(days=31):
        purge_id = asked(ada)
        with as_(sam) as work:
            retention.withdraw_request(work, purge_id)

        with pytest.raises(TooLate, match="Sam Okafor withdrew this request"), as_(proven(sam)) as work:
            retention.approve(work, purge_id)
        with as_(ada) as work:
            assert retention.waiting(work) is None
        asked(ada)
    assert row(store, referral_id).purge_id is None


def test_two_who_agree_at_once_purge_once(sent_referral, olga, irene, sam, ada, as_):
    binned(irene, sent_referral(olga))
    with later(days=31):
        purge_id = asked(ada)
        with as_(proven(sam)) as work:
            retention.approve(work, purge_id)

        with pytest.raises(TooLate, match="carried out already, agreed to by Sam Okafor"), as_(proven(sam)) as work:
            retention.approve(work, purge_id)


def test_alone_at_the_center_one_waits_72_hours(sent_referral, olga, irene, sam, ada, as_):
    binned(irene, sent_referral(olga))
    with later(days=31):
        purge_id = asked(ada)
        with system_work("the tests") as work:
            work.session.get_one(User, sam.user_id).active = False
            work.record("user.deactivated")
        with as_(ada) as work:
            request = retention.waiting(work)
        assert request.mine
        assert (request.may_from - request.at).total_seconds() == 72 * 3600
        with pytest.raises(Refused, match="waits 72 hours"), as_(proven(ada)) as work:
            retention.approve(work, purge_id)
    with later(days=34, minutes=1), as_(proven(ada)) as work:
        assert retention.approve(work, purge_id).purged == {ItemKind.REFERRAL: 1}


def test_what_was_restored_or_held_after_the_asking_stays(store, sent_referral, olga, irene, sam, ada, as_):
    back, kept, gone = (sent_referral(olga) for _ in range(3))
    numbers = {each: number_of(irene, each) for each in (back, kept, gone)}
    binned(irene, back, kept, gone)
    with later(days=31):
        purge_id = asked(ada)
        with as_(irene) as work:
            referrals.restore(work, back, referrals.read(work, back).version)
        held(sam, numbers[kept])
        with as_(proven(sam)) as work:
            paper = retention.approve(work, purge_id)

    assert (paper.numbers, paper.held, paper.changed) == ((numbers[gone],), 1, 1)
    assert row(store, back).child_first_name == row(store, kept).child_first_name == "Jonathan"


def test_counts_that_changed_since_they_were_seen_are_refused(sent_referral, olga, irene, ada, as_):
    binned(irene, sent_referral(olga), sent_referral(olga))
    with later(days=31):
        with pytest.raises(TooLate, match="changed since you looked"), as_(proven(ada)) as work:
            retention.request(work, {ItemKind.REFERRAL: 1}, "The period is over.")
        asked(ada)
        with pytest.raises(TooLate, match="asked for already"):
            asked(ada)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "Write why"), ("   ", "Write why"), ("Jonathan's record is old.", "leave the children's names out")],
)
def test_a_reason_is_needed_and_names_no_child(sent_referral, olga, irene, ada, as_, reason, sentence):
    binned(irene, sent_referral(olga, child_first_name="Jonathan"))
    with later(days=31):
        seen = due_counts(ada)
        with pytest.raises(Refused, match=sentence), as_(proven(ada)) as work:
            retention.request(work, seen, reason)


def test_nothing_due_is_nothing_to_ask_for(ada, as_):
    with pytest.raises(Refused, match="Nothing is due"), as_(ada) as work:
        retention.request(work, {}, "To be sure.")


def test_every_step_of_a_purge_asks_for_the_password_again(sent_referral, olga, irene, sam, ada, as_):
    binned(irene, sent_referral(olga))
    with later(days=31):
        with pytest.raises(Refused, match="password again"), as_(ada) as work:
            retention.set_periods(work, Periods(bin=60))
        seen = due_counts(ada)
        with pytest.raises(Refused, match="password again"), as_(ada) as work:
            retention.request(work, seen, "The period is over.")
        purge_id = asked(ada)
        with pytest.raises(Refused, match="password again"), as_(sam) as work:
            retention.approve(work, purge_id)


def test_only_administrators_ask_and_only_they_and_supervisors_agree(cast, as_):
    for member in (cast.irene, cast.sam, cast.olga):
        with pytest.raises(NotPermitted), as_(member) as work:
            retention.request(work, {}, "Why not.")
    for member in (cast.irene, cast.olga):
        with pytest.raises(NotPermitted), as_(member) as work:
            retention.approve(work, cast.olga.user_id)
        with pytest.raises(NotPermitted), as_(member) as work:
            retention.preview(work)
    with pytest.raises(NotFound), as_(cast.sam) as work:
        retention.approve(work, cast.olga.user_id)
    with pytest.raises(NotFound), as_(cast.ada) as work:
        retention.certificate(work, cast.olga.user_id)


def test_a_draft_that_was_never_sent_goes_whole(store, olga, sam, ada, as_):
    draft_id = draft_of(olga, as_)
    with later(days=91):
        paper = purged(ada, sam)

    assert (paper.purged, paper.ids, paper.numbers) == ({ItemKind.DRAFT: 1}, (draft_id,), ())
    assert row(store, draft_id) is None
    with store.reading() as session:
        assert session.get(Draft, draft_id) is None


def test_a_draft_that_is_written_on_is_not_due(olga, ada, as_):
    draft_id = draft_of(olga, as_)
    with later(days=89), as_(olga) as work:
        agency_referrals.save_answers(work, draft_id, {"child_last_name": "Ruiz"})

    with later(days=91):
        assert due_counts(ada)[ItemKind.DRAFT] == 0


def test_half_done_imports_and_half_typed_clients_are_drafts_too(store, sent_referral, olga, irene, sam, ada, as_):
    desk_work.look_for_client(irene, sent_referral(olga))
    with as_(irene) as work:
        clients.keep_walk_in(work, WalkInChoices(answers={"child_first_name": "Ana"}))
    with later(days=91):
        paper = purged(ada, sam)

    assert paper.purged == {ItemKind.INTAKE_DRAFT: 1, ItemKind.WALK_IN_DRAFT: 1}
    with store.reading() as session:
        counts = copying.counts(session.connection())
    assert (counts["intake_draft"], counts["walk_in_draft"], counts["referral"]) == (0, 0, 1)


def test_the_sources_of_a_deleted_result_go_with_it(store, cast, sent_referral):
    one, other = sent_referral(cast.olga), sent_referral(cast.peter)
    result = desk_work.merge_two(cast.irene, one, other)
    binned(cast.irene, result)
    with later(days=31):
        paper = purged(cast.ada, cast.sam)

    assert paper.purged == {ItemKind.REFERRAL: 3}
    assert {row(store, each).child_last_name for each in (one, other, result)} == {""}


def test_a_hold_on_a_source_keeps_the_result_and_the_other_source(store, cast, sent_referral):
    one, other = sent_referral(cast.olga), sent_referral(cast.peter)
    number = number_of(cast.irene, one)
    result = desk_work.merge_two(cast.irene, one, other)
    binned(cast.irene, result)
    held(cast.sam, number)

    with later(days=31):
        assert due_counts(cast.ada)[ItemKind.REFERRAL] == 0


def test_a_hold_outlives_the_undoing_of_a_merge(cast, sent_referral):
    one, other = sent_referral(cast.olga), sent_referral(cast.peter)
    result = desk_work.merge_two(cast.irene, one, other)
    held(cast.sam, number_of(cast.irene, result))
    desk_work.undo_merge(cast.irene, result, desk_work.version(cast.irene, result))
    binned(cast.irene, one, other)

    with later(days=31):
        assert due_counts(cast.ada)[ItemKind.REFERRAL] == 0


def test_a_client_made_by_an_undone_import_goes_with_its_referral(store, cast, sent_referral):
    referral_id = sent_referral(cast.olga, child_first_name="Zyxwvut")
    client_id = imported_and_undone(cast.irene, cast.sam, referral_id)
    binned(cast.irene, referral_id)
    with later(days=31):
        purged(cast.ada, cast.sam)

    with store.reading() as session:
        client = session.get(Client, client_id)
        assert (client.first_name, client.dob, client.search_text, client.withdrawn) == ("", "", "", True)


def test_a_file_that_an_undone_import_changed_keeps_its_own_words(store, cast, sent_referral, as_):
    first, second = sent_referral(cast.olga, child_first_name="Ana"), sent_referral(cast.olga, child_first_name="Ana")
    client_id = desk_work.bring_in_client(cast.irene, first).client_id
    with as_(cast.irene) as work:
        before = clients.read(work, client_id)
    into = IntakeChoices(
        decided=True, client_id=client_id, client_version=before.version, edited={"child_middle_name": "Zyxwvut"}
    )
    desk_work.look_for_client(cast.irene, second)
    with as_(cast.irene) as work:
        imports.save_intake(work, second, referrals.read(work, second).version, into, uuid4().hex)
    desk_work.undo_import(cast.sam, second)
    binned(cast.irene, second)
    with later(days=31):
        purged(cast.ada, cast.sam)

    with as_(cast.irene) as work:
        after = clients.read(work, client_id)
    assert after.child == before.child
    assert "Zyxwvut" not in repr(after)


def test_an_unanswered_return_is_closed_not_purged(store, cast, sent_referral, as_):
    referral_id = sent_referral(cast.olga)
    desk_work.reject(cast.irene, referral_id, desk_work.version(cast.irene, referral_id))
    with later(days=179), as_(cast.sam) as work:
        assert retention.unanswered(work) == ()
    with later(days=181):
        with as_(cast.sam) as work:
            (found,) = retention.unanswered(work)
        with as_(cast.sam) as work:
            assert retention.close_unanswered(work, {found.id: found.version}, "Phoned three times.") == 1
        assert row(store, referral_id).status is Status.CLOSED
        assert row(store, referral_id).child_first_name == "Jonathan"

        with as_(cast.irene) as work:
            view = referrals.read(work, referral_id)
            referrals.reopen(work, referral_id, view.version)
        assert row(store, referral_id).status is Status.REJECTED


def test_an_agency_that_writes_on_its_returned_referral_is_answering(cast, sent_referral, as_):
    referral_id = sent_referral(cast.olga)
    desk_work.reject(cast.irene, referral_id, desk_work.version(cast.irene, referral_id))
    with later(days=170), as_(cast.olga) as work:
        agency_referrals.save_answers(work, referral_id, {"narrative": "More is known now."})

    with later(days=181), as_(cast.sam) as work:
        assert retention.unanswered(work) == ()


def test_held_returns_and_returns_with_an_open_hotline_task_are_not_closed(store, cast, sent_referral, as_):
    kept = sent_referral(cast.olga)
    number = number_of(cast.irene, kept)
    desk_work.reject(cast.irene, kept, desk_work.version(cast.irene, kept))
    held(cast.sam, number)
    with later(days=181):
        with as_(cast.sam) as work:
            (found,) = retention.unanswered(work)
        assert found.kept_back == "kept by a legal hold"
        with pytest.raises(TooLate, match="not to be closed now"), as_(cast.sam) as work:
            retention.close_unanswered(work, {found.id: found.version}, "Phoned three times.")
        with pytest.raises(TooLate), as_(cast.sam) as work:
            retention.close_unanswered(work, {found.id: found.version - 1}, "Phoned three times.")
        with pytest.raises(Refused, match="Write what was tried"), as_(cast.sam) as work:
            retention.close_unanswered(work, {found.id: found.version}, "")
        with pytest.raises(Refused, match="nothing to close"), as_(cast.sam) as work:
            retention.close_unanswered(work, {}, "Phoned three times.")
    assert row(store, kept).status is Status.REJECTED


def test_staff_are_told_when_a_referral_was_deleted_for_good_and_its_agency_is_not(cast, sent_referral, as_):
    referral_id = sent_referral(cast.olga)
    number = number_of(cast.irene, referral_id)
    binned(cast.irene, referral_id)
    with later(days=31):
        purged(cast.ada, cast.sam)
        told = rf"{number} was deleted for good on \w{{3}} \d+, \d{{4}} under the retention rule"
        with pytest.raises(NotFound, match=told), as_(cast.irene) as work:
            referrals.read(work, referral_id)
        with pytest.raises(NotFound, match=told), as_(cast.irene) as work:
            imports.candidates(work, referral_id)
        with pytest.raises(NotFound, match="There is no such referral"), as_(cast.olga) as work:
            agency_referrals.read_own(work, referral_id)
        with pytest.raises(NotFound, match="There is no such referral"), as_(cast.irene) as work:
            referrals.read(work, uuid4())


def test_staff_who_could_not_see_a_restricted_referral_do_not_learn_of_its_purge(cast, sent_referral, as_):
    referral_id = sent_referral(cast.olga)
    with as_(cast.irene) as work:
        restricted.restrict(work, "referral", referral_id, [cast.irene.user_id], "Staff's own family.")
    binned(cast.irene, referral_id)
    with later(days=31):
        purged(cast.ada, cast.sam)

        with pytest.raises(NotFound, match="There is no such referral"), as_(cast.sam) as work:
            referrals.read(work, referral_id)


def test_a_writer_is_told_a_month_before_an_old_draft_may_be_purged(cast, as_):
    with as_(cast.olga) as work:
        draft_id = agency_referrals.start(work, ReferralType.LE).id

    def told(days):
        with later(days=days), as_(cast.olga) as work:
            (line,) = agency_referrals.mine(work)
            return line.ends_at

    assert told(59) is None
    due = told(61)
    assert due == told(95)
    with later(days=89):
        assert due_counts(cast.ada)[ItemKind.DRAFT] == 0
    with later(days=91):
        assert due_counts(cast.ada)[ItemKind.DRAFT] == 1
    with later(days=80), as_(cast.olga) as work:
        agency_referrals.save_answers(work, draft_id, {"narrative": "Going on."})
    assert told(100) is None


def test_periods_are_the_centers_decision(store, sent_referral, olga, irene, ada, as_):
    binned(irene, sent_referral(olga))
    with as_(proven(ada)) as work:
        retention.set_periods(work, Periods(bin=365))

    with later(days=364):
        assert due_counts(ada)[ItemKind.REFERRAL] == 0
    with later(days=366):
        assert due_counts(ada)[ItemKind.REFERRAL] == 1
    with store.reading() as session:
        assert session.scalars(select(Center)).one().settings["retention"]["bin"] == 365


@pytest.mark.parametrize("wrong", [{"bin": 0}, {"drafts": -1}, {"unanswered": 6}, {"bin": 10**9}])
def test_a_period_too_short_or_too_long_is_refused(ada, as_, wrong):
    with pytest.raises(Refused, match="between 7 and 3650"), as_(ada) as work:
        retention.set_periods(work, replace(Periods(), **wrong))
