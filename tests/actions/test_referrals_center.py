"""What the center's people do with one referral: by one who may, refused to those who may not, twice, too late."""

from datetime import UTC, date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from actions.agency import referrals as own
from actions.center import referrals
from actions.work import now
from db.tables.audit import AuditEntry
from db.tables.referrals import Named, Note, Question, Referral
from domain.fields import ReferralType
from domain.lifecycle import CloseOutcome, DeleteReason, Origin, ReturnReason, Status, Step
from domain.referrals import Mark
from domain.refusals import NotFound, NotPermitted, Refused, TooLate
from tests.cast import ANSWERS

SENT = 3
"""The version of a referral that was just sent."""
MARK = Mark("child_dob", "Is the year right?")
HOSTILE = [
    "<script>alert(1)</script>",
    "![x](https://evil.example/a.png)",
    "'; DROP TABLE referral; --",
    "‮txt.exe",
    "line one\nline two\r\nline three",
    "نور 🙂 Ñandú",
    "=cmd|' /C calc'!A0",
]


@pytest.fixture
def referral_id(sent_referral, olga):
    return sent_referral(olga)


@pytest.fixture
def seen(as_, irene):
    """The referral as Irene sees it."""

    def view(referral_id):
        with as_(irene) as work:
            return referrals.read(work, referral_id)

    return view


ACTS = {
    "read": lambda work, at: referrals.read(work, at),
    "correct": lambda work, at: referrals.correct(work, at, SENT, {"child_school": "Aspen School"}),
    "return_to_agency": lambda work, at: referrals.return_to_agency(work, at, SENT, ReturnReason.UNCLEAR, "Say more."),
    "ask": lambda work, at: referrals.ask(work, at, "Which school?"),
    "close": lambda work, at: referrals.close(work, at, SENT, CloseOutcome.CONSULT_ONLY, "Told the officer."),
    "reopen": lambda work, at: referrals.reopen(work, at, SENT),
    "delete": lambda work, at: referrals.delete(work, at, SENT, DeleteReason.TEST),
    "restore": lambda work, at: referrals.restore(work, at, SENT),
    "add_note": lambda work, at: referrals.add_note(work, at, "The mother called."),
    "settle_hotline": lambda work, at: referrals.settle_hotline(work, at, date(2026, 1, 2), "H-1", "Officer Ruiz"),
    "assign": lambda work, at: referrals.assign(work, at, SENT, None),
    "link_incident": lambda work, at: referrals.link_incident(work, at, uuid4()),
    "link_to_number": lambda work, at: referrals.link_to_number(work, at, "R-26-0001"),
    "unlink_incident": lambda work, at: referrals.unlink_incident(work, at),
    "same_incident": lambda work, at: referrals.same_incident(work, at),
    "child_of_household": lambda work, at: referrals.child_of_household(work, at, "abc"),
    "read_phoned": lambda work, at: referrals.read_phoned(work, at),
    "save_phoned": lambda work, at: referrals.save_phoned(work, at, {}),
    "submit_phoned": lambda work, at: referrals.submit_phoned(work, at, SENT),
    "discard_phoned": lambda work, at: referrals.discard_phoned(work, at),
}


@pytest.mark.parametrize("outsider", ["olga", "lena", "peter", "ada"])
@pytest.mark.parametrize("act", ACTS)
def test_every_act_is_refused_to_those_who_do_not_review(as_, cast, referral_id, outsider, act):
    with pytest.raises(NotPermitted), as_(getattr(cast, outsider)) as work:
        ACTS[act](work, referral_id)


@pytest.mark.parametrize("act", ACTS)
def test_every_act_answers_a_number_that_does_not_exist_alike(as_, irene, cast, act):
    with pytest.raises(NotFound) as refused, as_(irene) as work:
        ACTS[act](work, uuid4())

    assert refused.value.message == "There is no such referral, or you may not see it. Check the number."


@pytest.mark.parametrize("act", ACTS)
def test_a_restricted_referral_answers_like_one_that_does_not_exist(as_, irene, sam, referral_id, act):
    with as_(sam) as work:
        work.session.get(Referral, referral_id).restricted = True
        work.session.add(Named(record_id=referral_id, user_id=sam.user_id, record_kind="referral"))
        work.record("referral.restricted", "referral", referral_id)

    with pytest.raises(NotFound), as_(irene) as work:
        ACTS[act](work, referral_id)


def test_staff_read_what_was_sent_by_whom_and_when(seen, referral_id):
    view = seen(referral_id)

    assert (view.status, view.round, view.child) == (Status.SUBMITTED, 1, "Jonathan Whitfield")
    assert view.rounds[0].by == "Olga Ruiz"
    assert view.steps[0].step is Step.SUBMIT


def test_reading_is_recorded_once_for_one_look(as_, irene, sam, referral_id, store):
    for member in (irene, irene, sam):
        with as_(member) as work:
            referrals.read(work, referral_id)

    with store.reading() as session:
        looks = session.scalars(select(AuditEntry.actor_name).where(AuditEntry.event == "referral.viewed")).all()
    assert sorted(looks) == ["Irene Vega", "Sam Okafor"]


def test_a_draft_is_not_read_as_a_referral(as_, irene, cast):
    with as_(irene) as work:
        draft = referrals.phone_in(work, ReferralType.LE, cast.sheriff_id, "Deputy Hill", work.now)

    with pytest.raises(NotFound, match="Phoned-in referral"), as_(irene) as work:
        referrals.read(work, draft.id)


def test_a_return_reaches_the_agency_with_its_comment_and_marks(as_, irene, olga, referral_id):
    with as_(irene) as work:
        decided = referrals.return_to_agency(
            work, referral_id, SENT, ReturnReason.MISSING_INFORMATION, "  Please check the date.  ", [MARK]
        )

    assert (decided.status, decided.step, decided.version) == (Status.REJECTED, Step.REJECT, SENT + 1)
    with as_(olga) as work:
        draft = own.read_draft(work, referral_id)
    assert (draft.comment, draft.reason, draft.marks) == ("Please check the date.", "missing_information", (MARK,))


@pytest.mark.parametrize("comment", ["", "   ", "\n"])
def test_a_return_without_a_comment_is_refused(as_, irene, referral_id, comment):
    with pytest.raises(Refused, match="Write the agency a comment"), as_(irene) as work:
        referrals.return_to_agency(work, referral_id, SENT, ReturnReason.UNCLEAR, comment)


def test_a_question_of_another_form_cannot_be_marked(as_, irene, referral_id):
    with pytest.raises(Refused, match="not part of this referral"), as_(irene) as work:
        referrals.return_to_agency(
            work, referral_id, SENT, ReturnReason.UNCLEAR, "See marks.", [Mark("no_such_field", "What?")]
        )


def test_the_result_of_a_merge_is_not_returned_and_its_agency_not_asked(as_, irene, referral_id):
    with as_(irene) as work:
        work.session.get(Referral, referral_id).origin = Origin.MERGE
        work.record("referral.restricted", "referral", referral_id)

    with pytest.raises(Refused, match="Ask the agency of each source"), as_(irene) as work:
        referrals.return_to_agency(work, referral_id, SENT + 1, ReturnReason.UNCLEAR, "Say more.")
    with pytest.raises(Refused, match="one of its sources"), as_(irene) as work:
        referrals.ask(work, referral_id, "Which school?")


def test_a_returned_referral_comes_back_as_the_next_round(as_, irene, olga, referral_id, seen):
    with as_(irene) as work:
        referrals.return_to_agency(work, referral_id, SENT, ReturnReason.UNCLEAR, "Check the date.", [MARK])
    with as_(olga) as work:
        own.save_answers(work, referral_id, {"child_dob": "2015-03-27"})
    with as_(olga) as work:
        own.submit(work, referral_id, own.read_draft(work, referral_id).version)

    view = seen(referral_id)

    assert (view.status, view.round) == (Status.SUBMITTED, 2)
    assert [written.answers["child_dob"] for written in view.rounds] == ["2016-03-27", "2015-03-27"]
    assert [taken.step for taken in view.steps] == [Step.SUBMIT, Step.REJECT, Step.RESUBMIT]


@pytest.mark.parametrize("act", ["correct", "return_to_agency", "close", "delete", "assign"])
def test_the_second_to_act_is_told_who_did_what_and_when(as_, irene, sam, referral_id, act):
    with as_(sam) as work:
        referrals.close(work, referral_id, SENT, CloseOutcome.OTHER_JURISDICTION, "Sent to Mesa.")

    with pytest.raises(TooLate) as refused, as_(irene) as work:
        ACTS[act](work, referral_id)

    assert "was closed by Sam Okafor at" in refused.value.message
    assert "what you typed is still here" in refused.value.message


@pytest.mark.parametrize("act", ["correct", "return_to_agency", "close", "delete"])
def test_the_same_decision_twice_is_done_once(as_, irene, referral_id, act, seen):
    with as_(irene) as work:
        ACTS[act](work, referral_id)
    with pytest.raises(TooLate), as_(irene) as work:
        ACTS[act](work, referral_id)

    view = seen(referral_id)

    assert len(view.steps) + len(view.rounds) == 3


def test_a_correction_is_a_version_of_its_own(as_, irene, referral_id, seen):
    with as_(irene) as work:
        referrals.correct(work, referral_id, SENT, {"child_school": "Aspen School"})

    view = seen(referral_id)

    assert [(written.kind, written.by) for written in view.rounds] == [
        ("round", "Olga Ruiz"),
        ("correction", "Irene Vega"),
    ]
    assert view.answers["child_school"] == "Aspen School"
    assert "child_school" not in view.rounds[0].answers


def test_an_answer_can_be_corrected_away(as_, irene, referral_id, seen):
    with as_(irene) as work:
        referrals.correct(work, referral_id, SENT, {"address_county": None})

    assert "address_county" not in seen(referral_id).answers


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"narrative": "Something else."}, "never edited"),
        ({"child_sex": "M"}, "Nothing was changed"),
        ({"child_dob": "2999-01-01"}, "was not saved"),
        ({"child_dob": "not a date"}, "was not saved"),
        ({"no_such_question": "x"}, "was not saved"),
        ({"child_school": "a\x00b"}, "was not saved"),
    ],
)
def test_a_wrong_correction_is_refused_in_a_sentence(as_, irene, referral_id, changes, words):
    with pytest.raises(Refused, match=words), as_(irene) as work:
        referrals.correct(work, referral_id, SENT, changes)


def test_a_question_and_its_answer_stay_with_the_referral_in_the_queue(as_, irene, olga, referral_id, seen):
    with as_(irene) as work:
        referrals.ask(work, referral_id, "Which school?")
    question = seen(referral_id).questions[0]
    with as_(olga) as work:
        own.answer(work, question.id, "Aspen School")

    view = seen(referral_id)

    assert view.status is Status.SUBMITTED
    assert (view.questions[0].answer, view.questions[0].answered_by) == ("Aspen School", "Olga Ruiz")
    assert view.questions[0].number == view.number


@pytest.mark.parametrize(("act", "table"), [("ask", Question), ("add_note", Note)])
def test_a_second_click_asks_and_notes_once(as_, irene, referral_id, store, act, table):
    for _click in range(2):
        with as_(irene) as work:
            getattr(referrals, act)(work, referral_id, "Which school?", "the-key-of-the-dialog")

    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(table)) == 1


@pytest.mark.parametrize("act", ["ask", "add_note"])
@pytest.mark.parametrize("text", ["", "  \n "])
def test_empty_words_are_refused(as_, irene, referral_id, act, text):
    with pytest.raises(Refused, match="first"), as_(irene) as work:
        getattr(referrals, act)(work, referral_id, text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_kept_as_typed(as_, irene, referral_id, seen, text):
    with as_(irene) as work:
        referrals.add_note(work, referral_id, text)
        referrals.ask(work, referral_id, text)

    view = seen(referral_id)

    assert view.notes[0].text == view.questions[0].text == text.strip()


@pytest.mark.parametrize("text", ["a\x00b", "x" * 20_001])
def test_words_that_cannot_be_kept_are_refused_in_a_sentence(as_, irene, referral_id, text):
    with pytest.raises(Refused, match=r"NUL|too long"), as_(irene) as work:
        referrals.add_note(work, referral_id, text)


def test_nobody_is_asked_about_a_referral_that_is_decided(as_, irene, referral_id):
    with as_(irene) as work:
        referrals.close(work, referral_id, SENT, CloseOutcome.CONSULT_ONLY, "Told the officer.")

    with pytest.raises(TooLate, match="is closed"), as_(irene) as work:
        referrals.ask(work, referral_id, "Which school?")


def test_closing_says_what_was_done_and_reopening_puts_it_back(as_, irene, referral_id, seen):
    with as_(irene) as work:
        closed = referrals.close(work, referral_id, SENT, CloseOutcome.OTHER_JURISDICTION, "Sent to Mesa.")
    with as_(irene) as work:
        reopened = referrals.reopen(work, referral_id, closed.version, "Mesa sent it back.")

    view = seen(referral_id)

    assert (closed.status, reopened.status, view.status) == (Status.CLOSED, Status.SUBMITTED, Status.SUBMITTED)
    assert [(taken.step, taken.reason, taken.comment) for taken in view.steps[1:]] == [
        (Step.CLOSE, "other_jurisdiction", "Sent to Mesa."),
        (Step.REOPEN, "", "Mesa sent it back."),
    ]


def test_a_referral_closed_while_with_its_agency_goes_back_there(as_, irene, referral_id, seen):
    with as_(irene) as work:
        referrals.return_to_agency(work, referral_id, SENT, ReturnReason.UNCLEAR, "Say more.")
    with as_(irene) as work:
        referrals.close(work, referral_id, SENT + 1, CloseOutcome.SERVED_ELSEWHERE, "Told the officer.")
    with as_(irene) as work:
        referrals.reopen(work, referral_id, SENT + 2)

    assert seen(referral_id).status is Status.REJECTED


def test_closing_without_saying_who_was_told_is_refused(as_, irene, referral_id):
    with pytest.raises(Refused, match="who was told"), as_(irene) as work:
        referrals.close(work, referral_id, SENT, CloseOutcome.CONSULT_ONLY, " ")


def test_deleting_and_restoring_puts_it_back_where_it_was(as_, irene, referral_id, seen):
    with as_(irene) as work:
        deleted = referrals.delete(work, referral_id, SENT, DeleteReason.SENT_IN_ERROR, "The officer called.")
    with as_(irene) as work:
        restored = referrals.restore(work, referral_id, deleted.version)

    assert (deleted.status, restored.status) == (Status.DELETED, Status.SUBMITTED)
    assert [taken.step for taken in seen(referral_id).steps] == [Step.SUBMIT, Step.DELETE, Step.RESTORE]


@pytest.mark.parametrize("act", ["reopen", "restore"])
def test_what_was_not_taken_away_cannot_be_put_back(as_, irene, referral_id, act):
    with pytest.raises(Refused, match="it cannot be"), as_(irene) as work:
        ACTS[act](work, referral_id)


@pytest.mark.parametrize("act", ["return_to_agency", "close"])
def test_an_open_hotline_report_is_settled_before_a_decision(as_, irene, sent_referral, olga, act):
    unreported = sent_referral(olga, ReferralType.CLIENT, hotline_report_made="no")

    with pytest.raises(Refused, match="hotline report"), as_(irene) as work:
        ACTS[act](work, unreported)

    with as_(irene) as work:
        referrals.settle_hotline(work, unreported, date(2026, 1, 2), "H-1", "Officer Ruiz")
    with as_(irene) as work:
        version = referrals.read(work, unreported).version
        referrals.close(work, unreported, version, CloseOutcome.CONSULT_ONLY, "Told the officer.")


def test_a_settled_hotline_report_tells_when_which_number_and_by_whom(as_, irene, sent_referral, olga, seen):
    unreported = sent_referral(olga, ReferralType.CLIENT, hotline_report_made="no")
    with as_(irene) as work:
        referrals.settle_hotline(work, unreported, date(2026, 1, 2), " H-1 ", "Officer Ruiz")

    task = seen(unreported).hotline

    assert (task.open, task.on, task.number, task.by) == (False, date(2026, 1, 2), "H-1", "Officer Ruiz")
    with pytest.raises(TooLate, match="settled already"), as_(irene) as work:
        referrals.settle_hotline(work, unreported, date(2026, 1, 2), "H-1", "Officer Ruiz")


@pytest.mark.parametrize(("days", "by", "words"), [(2, "Officer Ruiz", "future"), (-1, "  ", "who made the report")])
def test_an_impossible_hotline_report_is_refused(as_, irene, sent_referral, olga, days, by, words):
    unreported = sent_referral(olga, ReferralType.CLIENT, hotline_report_made="no")
    on = (now() + timedelta(days=days)).date()

    with pytest.raises(Refused, match=words), as_(irene) as work:
        referrals.settle_hotline(work, unreported, on, "", by)


def test_a_referral_is_given_to_a_colleague_and_given_back(as_, irene, sam, referral_id, seen):
    with as_(irene) as work:
        referrals.assign(work, referral_id, SENT, sam.user_id)
    assert seen(referral_id).assignee == "Sam Okafor"

    with as_(irene) as work:
        referrals.assign(work, referral_id, SENT + 1, None)
    assert seen(referral_id).assignee == ""


@pytest.mark.parametrize("stranger", ["olga", "ada"])
def test_a_referral_is_not_given_to_somebody_who_cannot_review_it(as_, irene, cast, referral_id, stranger):
    with pytest.raises(Refused, match="cannot take referrals"), as_(irene) as work:
        referrals.assign(work, referral_id, SENT, getattr(cast, stranger).user_id)


def test_equal_case_numbers_propose_the_same_incident_and_linking_ends_the_proposal(
    as_, irene, sent_referral, olga, peter
):
    first = sent_referral(olga, child_first_name="Ana", le_case_number=["24-7788"])
    second = sent_referral(peter, ReferralType.COMBINED, child_first_name="Ben", le_case_number=["24-7788"])
    sent_referral(olga, child_first_name="Cleo", le_case_number=["24-7789"])
    with as_(irene) as work:
        proposed = referrals.same_incident(work, first)
    assert [one.id for one in proposed] == [second]

    with as_(irene) as work:
        referrals.link_incident(work, first, second)
    with as_(irene) as work:
        assert referrals.same_incident(work, first) == ()
        assert [one.id for one in referrals.read(work, first).siblings] == [second]


def test_linking_two_groups_joins_all_their_children(as_, irene, sent_referral, olga):
    ids = [sent_referral(olga, child_first_name=name, le_case_number=None) for name in ("Ana", "Ben", "Cleo", "Dan")]
    for first, second in ((0, 1), (2, 3), (0, 2)):
        with as_(irene) as work:
            referrals.link_incident(work, ids[first], ids[second])

    with as_(irene) as work:
        assert {one.id for one in referrals.read(work, ids[3]).siblings} == set(ids[:3])


def test_a_link_is_made_by_number_and_taken_back(as_, irene, sent_referral, olga, seen):
    first, second = sent_referral(olga, child_first_name="Ana"), sent_referral(olga, child_first_name="Ben")
    number = seen(second).number
    with as_(irene) as work:
        referrals.link_to_number(work, first, f" {number.lower()} ")
    assert [one.number for one in seen(first).siblings] == [number]

    with as_(irene) as work:
        referrals.unlink_incident(work, first)
    assert seen(first).siblings == ()


def test_a_referral_is_not_linked_to_itself(as_, irene, referral_id):
    with pytest.raises(Refused, match="to itself"), as_(irene) as work:
        referrals.link_incident(work, referral_id, referral_id)


def test_a_phoned_in_referral_keeps_who_called_and_when(as_, irene, cast, seen):
    called = now() - timedelta(hours=2)
    with as_(irene) as work:
        draft = referrals.phone_in(work, ReferralType.LE, cast.sheriff_id, "Deputy Hill", called)
    with as_(irene) as work:
        answers = {name: value for name, value in ANSWERS.items() if name != "hotline_report_made"}
        referrals.save_phoned(work, draft.id, answers)
    with as_(irene) as work:
        referrals.submit_phoned(work, draft.id, referrals.read_phoned(work, draft.id).version)

    view = seen(draft.id)

    assert (view.origin, view.caller.name, view.caller.at) == (Origin.STAFF, "Deputy Hill", called.astimezone(UTC))
    assert view.agency == "Juniper County Sheriff"
    assert view.status is Status.SUBMITTED


@pytest.mark.parametrize(("caller", "hours", "words"), [("  ", 1, "who called"), ("Deputy Hill", -1, "in the future")])
def test_an_impossible_call_is_refused(as_, irene, cast, caller, hours, words):
    with pytest.raises(Refused, match=words), as_(irene) as work:
        referrals.phone_in(work, ReferralType.LE, cast.sheriff_id, caller, now() - timedelta(hours=hours))


def test_a_phoned_draft_is_seen_by_its_writer_only_and_can_be_discarded(as_, irene, sam, cast):
    with as_(irene) as work:
        draft = referrals.phone_in(work, ReferralType.LE, cast.sheriff_id, "Deputy Hill", work.now)
    with as_(sam) as work:
        assert referrals.phoned_drafts(work) == ()
    with pytest.raises(NotFound), as_(sam) as work:
        referrals.read_phoned(work, draft.id)

    with as_(irene) as work:
        assert [one.id for one in referrals.phoned_drafts(work)] == [draft.id]
        referrals.discard_phoned(work, draft.id)
    with as_(irene) as work:
        assert referrals.phoned_drafts(work) == ()


def test_an_agencys_own_referral_is_never_written_on_as_a_phoned_one(as_, irene, referral_id):
    with pytest.raises(NotFound), as_(irene) as work:
        referrals.save_phoned(work, referral_id, {"child_first_name": "Other"})


def test_a_child_of_the_household_starts_a_linked_referral_without_the_first_childs_answers(
    as_, irene, sent_referral, olga, seen
):
    first = sent_referral(
        olga,
        household=[{"row": "aa11bb22", "hh_name": "Mia Whitfield", "hh_role": "sibling", "hh_needs_service": "yes"}],
    )
    with as_(irene) as work:
        draft = referrals.child_of_household(work, first, "aa11bb22")

    assert (draft.answers["child_first_name"], draft.answers["child_last_name"]) == ("Mia", "Whitfield")
    assert "household" not in draft.answers and [one.child for one in draft.group] == ["Jonathan Whitfield"]
    assert draft.answers["le_case_number"] == ["24-1001"]
    assert "child_dob" not in draft.answers
    with as_(irene) as work:
        assert referrals.child_of_household(work, first, "aa11bb22").id == draft.id, "the same child is begun once"
        assert referrals.read(work, first).started == {"aa11bb22"}
    with pytest.raises(NotFound, match="no longer listed"), as_(irene) as work:
        referrals.child_of_household(work, first, "99999999")
    with as_(irene) as work:
        referrals.discard_phoned(work, draft.id)
    with as_(irene) as work:
        assert referrals.read(work, first).started == frozenset()
