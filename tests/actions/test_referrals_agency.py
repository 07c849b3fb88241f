"""What an agency does with its own referrals: by its officer, its lead, never by another agency, twice, too late."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from actions.agency import referrals as own
from actions.center import referrals
from db.tables.referrals import Referral
from domain.fields import ReferralType
from domain.lifecycle import CloseOutcome, ReturnReason, Status
from domain.referrals import AgencyWord, Mark
from domain.refusals import NotFound, NotPermitted, Refused, TooLate
from tests.cast import ANSWERS, answers_for

SENT = 3
"""The version of a referral that was just sent."""
NO_SUCH = "There is no such referral, or you may not see it. Check the number."


@pytest.fixture
def draft_id(as_, olga):
    with as_(olga) as work:
        return own.start(work, ReferralType.LE).id


@pytest.fixture
def whole_draft(as_, olga, draft_id):
    """A draft of Olga's that lacks nothing."""
    with as_(olga) as work:
        own.save_answers(
            work, draft_id, {name: said for name, said in ANSWERS.items() if name != "hotline_report_made"}
        )
    return draft_id


@pytest.fixture
def question_id(as_, irene, referral_id):
    with as_(irene) as work:
        referrals.ask(work, referral_id, "Which school?")
    with as_(irene) as work:
        return referrals.read(work, referral_id).questions[0].id


@pytest.fixture
def referral_id(sent_referral, olga):
    return sent_referral(olga)


def word_of(as_, member, referral_id):
    with as_(member) as work:
        return own.read_own(work, referral_id).line.word


ACTS = {
    "another_child": lambda work, at: own.another_child(work, at),
    "child_of_household": lambda work, at: own.child_of_household(work, at, "aa11bb22"),
    "read_draft": lambda work, at: own.read_draft(work, at),
    "save_answers": lambda work, at: own.save_answers(work, at, {"child_first_name": "Other"}),
    "discard": lambda work, at: own.discard(work, at),
    "submit": lambda work, at: own.submit(work, at, 1),
    "receipt": lambda work, at: own.receipt(work, at),
    "read_own": lambda work, at: own.read_own(work, at),
    "withdraw": lambda work, at: own.withdraw(work, at, SENT, "Sent twice."),
    "answer": lambda work, at: own.answer(work, at, "Aspen School"),
    "add_information": lambda work, at: own.add_information(work, at, "The father called."),
    "sent_before": lambda work, at: own.sent_before(work, at),
}


@pytest.mark.parametrize("act", ACTS)
def test_another_agencys_referral_answers_like_one_that_does_not_exist(as_, peter, referral_id, act):
    with pytest.raises(NotFound) as theirs, as_(peter) as work:
        ACTS[act](work, referral_id)
    with pytest.raises(NotFound) as nobodys, as_(peter) as work:
        ACTS[act](work, uuid4())

    assert theirs.value.message == nobodys.value.message == NO_SUCH


def test_another_agencys_question_cannot_be_answered(as_, peter, question_id):
    with pytest.raises(NotFound, match="no such referral"), as_(peter) as work:
        own.answer(work, question_id, "Aspen School")


@pytest.mark.parametrize("member", ["irene", "sam", "ada"])
@pytest.mark.parametrize("act", ACTS)
def test_the_centers_people_do_not_act_as_an_agency(as_, cast, referral_id, member, act):
    with pytest.raises(NotPermitted), as_(getattr(cast, member)) as work:
        ACTS[act](work, referral_id)


@pytest.mark.parametrize("member", ["irene", "sam", "ada"])
def test_the_centers_people_start_no_referral_of_an_agency(as_, cast, member):
    with pytest.raises(NotPermitted), as_(getattr(cast, member)) as work:
        own.start(work, ReferralType.LE)
    with pytest.raises(NotPermitted), as_(getattr(cast, member)) as work:
        own.mine(work)


def test_a_lead_sees_what_the_agency_sent_but_no_drafts_of_others(as_, lena, olga, referral_id, draft_id):
    with as_(lena) as work:
        assert [line.id for line in own.mine(work)] == [referral_id]
    with as_(olga) as work:
        assert {line.id for line in own.mine(work)} == {referral_id, draft_id}


def test_an_officer_does_not_see_what_a_colleague_sent(as_, olga, lena, sent_referral):
    of_lena = sent_referral(lena)

    with as_(olga) as work:
        assert own.mine(work) == ()
    with pytest.raises(NotFound), as_(olga) as work:
        own.read_own(work, of_lena)


def test_a_new_referral_knows_who_is_sending_it(as_, olga, draft_id):
    with as_(olga) as work:
        answers = own.read_draft(work, draft_id).answers

    assert (answers["referrer_name"], answers["agency_id"]) == ("Olga Ruiz", "Juniper County Sheriff")


def test_every_answer_is_kept_as_it_is_left_and_can_be_cleared(as_, olga, draft_id):
    for changes in ({"child_first_name": "Zoë"}, {"child_last_name": "O’Brien"}, {"child_first_name": None}):
        with as_(olga) as work:
            own.save_answers(work, draft_id, changes)

    with as_(olga) as work:
        answers = own.read_draft(work, draft_id).answers
    assert "child_first_name" not in answers
    assert answers["child_last_name"] == "O’Brien"


@pytest.mark.parametrize(
    "name", ["Ñandú", "O'Brien", "X", "a" * 200, "نور", "👧🏽", "<b>x</b>", "‮abc", "a\u0007b", "' OR 1=1 --"]
)
def test_names_come_back_as_typed(as_, olga, draft_id, name):
    with as_(olga) as work:
        own.save_answers(work, draft_id, {"child_first_name": name})

    with as_(olga) as work:
        assert own.read_draft(work, draft_id).answers["child_first_name"] == name


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"child_first_name": "a\x00b"}, "NUL"),
        ({"narrative": "x" * 500_000}, "too long"),
        ({"no_such_question": "x"}, "does not belong"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_else_is_lost(as_, olga, whole_draft, changes, words):
    with pytest.raises(Refused, match=words), as_(olga) as work:
        own.save_answers(work, whole_draft, changes)

    with as_(olga) as work:
        assert own.read_draft(work, whole_draft).answers["child_first_name"] == "Jonathan"


def test_an_empty_form_is_not_sent(as_, olga, draft_id):
    with pytest.raises(Refused, match="was not sent"), as_(olga) as work:
        own.submit(work, draft_id, own.read_draft(work, draft_id).version)


def test_sending_twice_gives_the_same_receipt(as_, olga, whole_draft):
    receipts = []
    for _click in range(2):
        with as_(olga) as work:
            receipts.append(own.submit(work, whole_draft, 1))

    assert receipts[0].number == receipts[1].number
    assert (receipts[0].initials, receipts[0].round) == ("J. W.", 1)


def test_a_sent_referral_is_no_longer_written_on(as_, olga, referral_id):
    with pytest.raises(TooLate, match="was sent"), as_(olga) as work:
        own.save_answers(work, referral_id, {"child_first_name": "Other"})
    with pytest.raises(TooLate, match="cannot be discarded"), as_(olga) as work:
        own.discard(work, referral_id)


def test_a_draft_has_no_receipt(as_, olga, draft_id):
    with pytest.raises(Refused, match="no receipt"), as_(olga) as work:
        own.receipt(work, draft_id)


def test_a_discarded_draft_is_gone(as_, olga, draft_id, store):
    with as_(olga) as work:
        own.discard(work, draft_id)

    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Referral)) == 0


def test_a_referral_with_a_question_stands_before_newer_ones(as_, irene, olga, sent_referral):
    asked, newer = sent_referral(olga), sent_referral(olga, child_first_name="Ana")
    with as_(olga) as work:
        assert [line.id for line in own.mine(work)] == [newer, asked]

    with as_(irene) as work:
        referrals.ask(work, asked, "Which school?")

    with as_(olga) as work:
        assert [line.id for line in own.mine(work)] == [asked, newer]


def test_returned_referrals_stand_first_with_what_to_correct(as_, irene, olga, sent_referral):
    sent_referral(olga, child_first_name="Newer")
    back = sent_referral(olga, child_first_name="Back")
    sent_referral(olga, child_first_name="Newest")
    with as_(irene) as work:
        referrals.return_to_agency(work, back, SENT, ReturnReason.UNCLEAR, "Check.", [Mark("child_dob", "The year?")])

    with as_(olga) as work:
        first, view = own.mine(work)[0], own.read_own(work, back)

    assert (first.id, first.word) == (back, AgencyWord.RETURNED)
    assert (view.comment, view.marks) == ("Check.", (Mark("child_dob", "The year?"),))


def test_a_second_return_shows_only_its_own_marks(as_, irene, olga, referral_id):
    for version, mark in ((SENT, Mark("child_dob", "Year?")), (None, Mark("child_sex", "Sure?"))):
        with as_(irene) as work:
            seen = version or referrals.read(work, referral_id).version
            referrals.return_to_agency(work, referral_id, seen, ReturnReason.UNCLEAR, "Check.", [mark])
        with as_(olga) as work:
            draft = own.read_draft(work, referral_id)
            assert draft.marks == (mark,)
        with as_(olga) as work:
            own.submit(work, referral_id, own.read_draft(work, referral_id).version)


def test_a_referral_is_withdrawn_with_a_reason_before_it_is_decided(as_, irene, olga, referral_id):
    with as_(olga) as work:
        own.withdraw(work, referral_id, SENT, "Sent twice.")

    with as_(irene) as work:
        view = referrals.read(work, referral_id)
    assert view.status is Status.CLOSED
    assert (view.steps[-1].reason, view.steps[-1].comment) == ("withdrawn", "Sent twice.")


@pytest.mark.parametrize(
    ("version", "reason", "words"), [(SENT, " ", "why you withdraw"), (1, "Twice.", "another window")]
)
def test_a_withdrawal_needs_a_reason_and_the_present_version(as_, olga, referral_id, version, reason, words):
    with pytest.raises(Refused, match=words), as_(olga) as work:
        own.withdraw(work, referral_id, version, reason)


def test_a_decided_referral_is_not_withdrawn(as_, irene, olga, referral_id):
    with as_(irene) as work:
        referrals.close(work, referral_id, SENT, CloseOutcome.NOT_ELIGIBLE, "Told the officer.")

    with pytest.raises(TooLate, match="has decided"), as_(olga) as work:
        own.withdraw(work, referral_id, SENT + 1, "Sent twice.")


def test_a_question_is_answered_once(as_, olga, lena, question_id):
    with as_(lena) as work:
        own.answer(work, question_id, "Aspen School")

    with pytest.raises(TooLate, match="Lena Marsh answered"), as_(olga) as work:
        own.answer(work, question_id, "Another school")


def test_an_agency_adds_information_until_the_case_closes(as_, irene, olga, referral_id):
    with as_(olga) as work:
        own.add_information(work, referral_id, "The father called.")
    with as_(irene) as work:
        assert referrals.read(work, referral_id).additions[0].text == "The father called."
    with as_(irene) as work:
        version = referrals.read(work, referral_id).version
        referrals.close(work, referral_id, version, CloseOutcome.NOT_ELIGIBLE, "Told the officer.")

    with pytest.raises(Refused), as_(olga) as work:
        own.add_information(work, referral_id, "More.")


def test_another_child_of_the_incident_shares_the_incident_and_not_the_child(as_, irene, olga, referral_id):
    with as_(olga) as work:
        other = own.another_child(work, referral_id)

    assert other.answers["narrative"] == ANSWERS["narrative"]
    assert not {"child_first_name", "child_last_name", "child_dob"} & set(other.answers)


def test_an_officer_is_warned_of_what_the_own_agency_already_sent(as_, olga, peter, referral_id, sent_referral):
    with as_(olga) as work:
        draft = own.start(work, ReferralType.LE)
    child = ("child_first_name", "child_last_name", "child_dob", "child_sex")
    with as_(olga) as work:
        own.save_answers(work, draft.id, {name: ANSWERS[name] for name in child})
    with as_(olga) as work:
        warned = own.sent_before(work, draft.id)
    assert [one.id for one in warned] == [referral_id]


def test_nobody_is_warned_of_what_another_agency_sent(as_, peter, referral_id, sent_referral):
    with as_(peter) as work:
        draft = own.start(work, ReferralType.CPS)
    child = ("child_first_name", "child_last_name", "child_dob", "child_sex")
    with as_(peter) as work:
        own.save_answers(work, draft.id, {name: ANSWERS[name] for name in child})

    with as_(peter) as work:
        assert own.sent_before(work, draft.id) == ()


def test_an_agency_never_reads_notes_corrections_or_matches(as_, irene, olga, peter, referral_id, sent_referral):
    sent_referral(peter, ReferralType.CPS)
    with as_(irene) as work:
        referrals.add_note(work, referral_id, "CENTER-ONLY")
        referrals.correct(work, referral_id, SENT, {"child_school": "CENTER-ONLY School"})

    with as_(olga) as work:
        view, lines = own.read_own(work, referral_id), own.mine(work)

    assert "CENTER-ONLY" not in repr(view) + repr(lines)
    assert "Peter" not in repr(view) + repr(lines)


@pytest.mark.parametrize("partner", [True, False])
def test_what_an_agency_hears_of_the_outcome_depends_on_its_agreement(as_, irene, olga, peter, sent_referral, partner):
    sender = olga if partner else peter
    sent = sent_referral(sender, ReferralType.LE if partner else ReferralType.CPS)
    with as_(irene) as work:
        referrals.close(work, sent, SENT, CloseOutcome.NOT_ELIGIBLE, "Told the officer.")

    assert word_of(as_, sender, sent) is (AgencyWord.NOT_ACCEPTED if partner else AgencyWord.CLOSED)


def test_a_nul_character_is_refused_and_its_spelling_is_not(as_, olga):
    with as_(olga) as work:
        draft = own.start(work, ReferralType.LE)

    with as_(olga) as work:
        own.save_answers(work, draft.id, {"narrative": "he typed \\u0000 and a backslash"})
    with pytest.raises(Refused, match="NUL"), as_(olga) as work:
        own.save_answers(work, draft.id, {"narrative": "he typed \x00 here"})


MIA = {
    "row": "aa11bb22",
    "hh_name": "Mia Whitfield",
    "hh_age": {"age": 7},
    "hh_role": "co_victim",
    "hh_needs_service": "yes",
}


def test_a_child_listed_in_the_household_starts_a_linked_referral_with_what_is_known(as_, olga, sent_referral):
    first = sent_referral(olga, household=[MIA, {"row": "bb11bb22", "hh_name": "Tom", "hh_role": "adult"}])

    with as_(olga) as work:
        draft = own.child_of_household(work, first, "aa11bb22")

    known = {name: draft.answers.get(name) for name in ("child_first_name", "child_last_name", "child_age_years")}
    assert known == {"child_first_name": "Mia", "child_last_name": "Whitfield", "child_age_years": 7}
    assert draft.answers["child_role"] == "alleged_victim" and draft.answers["narrative"].startswith("The child told")
    assert [row["hh_name"] for row in draft.answers["household"]] == ["Tom"]
    assert [(one.child, one.status) for one in draft.group] == [("Jonathan Whitfield", Status.SUBMITTED)]
    with as_(olga) as work:
        assert own.child_of_household(work, first, "aa11bb22").id == draft.id
        view = own.read_own(work, first)
    assert view.started == {"aa11bb22"}
    assert [(one.number, one.child, one.status) for one in view.group] == [("", "Mia Whitfield", Status.DRAFT)]


def test_a_child_of_the_household_who_was_sent_is_not_begun_again(as_, olga, lena, sent_referral):
    first = sent_referral(olga, household=[MIA])
    with as_(olga) as work:
        draft = own.child_of_household(work, first, "aa11bb22")
    with pytest.raises(TooLate, match="Olga Ruiz has begun a referral for this child already"), as_(lena) as work:
        own.child_of_household(work, first, "aa11bb22")
    with as_(olga) as work:
        own.save_answers(work, draft.id, {"child_sex": "F"})
    with as_(olga) as work:
        own.submit(work, draft.id, own.read_draft(work, draft.id).version)

    with pytest.raises(TooLate, match="R-26-0002 was sent for this child already"), as_(olga) as work:
        own.child_of_household(work, first, "aa11bb22")


def test_an_agency_sees_the_children_of_its_own_incident_and_no_decision_about_them(
    as_, irene, olga, peter, sent_referral
):
    first, others = sent_referral(olga, household=[MIA]), sent_referral(peter)
    with as_(irene) as work:
        referrals.link_incident(work, first, others)
    with as_(olga) as work:
        second = own.another_child(work, first)
        assert [one.number for one in second.group] == ["R-26-0001"]
    with as_(irene) as work:
        referrals.close(work, first, referrals.read(work, first).version, CloseOutcome.NOT_ELIGIBLE, "Told.")

    with as_(olga) as work:
        assert [one.status for one in own.read_draft(work, second.id).group] == [Status.SUBMITTED]


@pytest.mark.parametrize("reached", ["The desk\x00", "x" * 20_001])
def test_whom_the_sender_reached_is_refused_where_it_cannot_be_kept(as_, olga, reached):
    with as_(olga) as work:
        draft = own.start(work, ReferralType.LE).id
    with as_(olga) as work:
        own.save_answers(work, draft, answers_for(ReferralType.LE, ANSWERS))
        version = own.read_draft(work, draft).version

    with pytest.raises(Refused), as_(olga) as work:
        own.submit(work, draft, version, reached)

    with as_(olga) as work:
        assert own.read_draft(work, draft).answers["child_last_name"] == ANSWERS["child_last_name"]
