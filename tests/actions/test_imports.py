import threading
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from actions.center import clients, doubles, imports, merges, referrals
from actions.center.filing import profile
from db import queries
from db.tables.clients import Case, CasePresenting, Client, ClientVersion
from db.tables.referrals import ImportDecision, IntakeDraft, Referral
from domain import fields
from domain.clients import Looked
from domain.intake import IntakeChoices, Side
from domain.lifecycle import Status
from domain.matching import RecordKind
from domain.refusals import NotFound, NotPermitted, Refused, TooLate
from tests.cast import version_of

TWIN = {"child_first_name": "Marisol", "child_sex": "F"}


def read(as_, who, referral_id):
    with as_(who) as work:
        return referrals.read(work, referral_id)


def search(as_, who, referral_id, looked=None):
    with as_(who) as work:
        return imports.candidates(work, referral_id, looked)


def save(as_, who, referral_id, choices, key=None, version=None):
    version = version or read(as_, who, referral_id).version
    with as_(who) as work:
        return imports.save_intake(work, referral_id, version, choices, key or uuid4().hex)


def add_new(as_, who, referral_id, **choices):
    search(as_, who, referral_id)
    return save(as_, who, referral_id, IntakeChoices(decided=True, **choices))


def chosen(as_, who, referral_id, client_id, **choices):
    """The choices of somebody who picked this client and took every proposal."""
    search(as_, who, referral_id)
    with as_(who) as work:
        version = clients.read(work, client_id).version
        picked = IntakeChoices().for_client(client_id, version)
        imports.keep_intake(work, referral_id, replace(picked, **choices))
    with as_(who) as work:
        return imports.intake_of(work, referral_id).choices


def counted(as_, who, table):
    with as_(who) as work:
        return work.session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def on_file(as_, irene, sent_referral, olga):
    """A client made by an earlier import."""
    return add_new(as_, irene, sent_referral(olga))


def test_a_new_client_is_made_with_case_frozen_answers_and_decision(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)

    made = add_new(as_, irene, referral_id)

    with as_(irene) as work:
        file = clients.read(work, made.client_id)
    assert file.child == "Jonathan Whitfield"
    assert file.number.startswith("C-")
    assert [case.number for case in file.cases] == [made.case_number]
    assert file.cases[0].presented[0].answers["narrative"].startswith("The child told a teacher")
    assert file.referrals[0].named.status is Status.IMPORTED
    assert read(as_, irene, referral_id).client_number == file.number


def test_what_happened_is_kept_with_the_case_and_who_the_child_is_with_the_file(as_, irene, olga, sent_referral):
    made = add_new(as_, irene, sent_referral(olga))

    with as_(irene) as work:
        file = clients.read(work, made.client_id)
    assert file.answers["child_last_name"] == "Whitfield"
    assert "allegation_types" not in file.answers
    assert file.cases[0].answers["allegation_types"] == ["physical_abuse"]
    assert "urgency" not in file.answers | file.cases[0].answers


def test_nothing_is_written_before_save(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)
    before = read(as_, irene, referral_id)

    search(as_, irene, referral_id)
    with as_(irene) as work:
        imports.keep_intake(work, referral_id, IntakeChoices(decided=True, edited={"child_school": "Juniper Middle"}))

    assert read(as_, irene, referral_id) == before
    assert [counted(as_, irene, table) for table in (Client, ClientVersion, Case, CasePresenting, ImportDecision)] == [
        0
    ] * 5


def test_a_half_done_intake_is_kept_for_its_person_only(as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    search(as_, irene, referral_id)

    with as_(irene) as work:
        imports.keep_intake(work, referral_id, IntakeChoices(decided=True, edited={"child_school": "Juniper Middle"}))

    with as_(irene) as work:
        mine = imports.intake_of(work, referral_id)
    with as_(sam) as work:
        theirs = imports.intake_of(work, referral_id)
    assert mine.profile["child_school"] == "Juniper Middle"
    assert "child_school" not in theirs.profile
    assert not theirs.choices.decided


def test_what_was_typed_at_intake_is_saved(as_, irene, olga, sent_referral):
    made = add_new(as_, irene, sent_referral(olga), edited={"child_school": "Juniper Middle", "child_sex": None})

    with as_(irene) as work:
        file = clients.read(work, made.client_id)
    assert file.answers["child_school"] == "Juniper Middle"
    assert "child_sex" not in file.answers


def test_what_the_agency_reported_is_never_typed_over(as_, irene, olga, sent_referral):
    made = add_new(as_, irene, sent_referral(olga), edited={"narrative": "Nothing happened."})

    with as_(irene) as work:
        file = clients.read(work, made.client_id)
    assert file.cases[0].answers["narrative"].startswith("The child told a teacher")


def test_the_search_cannot_be_skipped(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)

    with pytest.raises(Refused, match="Search the clients on file first"):
        save(as_, irene, referral_id, IntakeChoices(decided=True))


def test_a_search_by_somebody_else_does_not_count(as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    search(as_, sam, referral_id)

    with pytest.raises(Refused, match="Search the clients on file first"):
        save(as_, irene, referral_id, IntakeChoices(decided=True))


def test_a_search_before_a_correction_does_not_count(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)
    search(as_, irene, referral_id)
    with as_(irene) as work:
        version = referrals.read(work, referral_id).version
        referrals.correct(work, referral_id, version, {"child_last_name": "Whitfeld"})

    with pytest.raises(Refused, match="Search the clients on file first"):
        save(as_, irene, referral_id, IntakeChoices(decided=True))


def test_the_same_child_is_found_with_reasons(as_, irene, olga, sent_referral, on_file):
    found = search(as_, irene, sent_referral(olga))

    best = found.found[0]
    assert best.client_id == on_file.client_id
    assert best.strong
    assert best.verdict.startswith("Very likely the same child")
    assert any("birth date" in reason.words for reason in best.reasons)
    assert found.looked_through == 1


def test_a_referral_does_not_find_itself(as_, irene, olga, sent_referral):
    found = search(as_, irene, sent_referral(olga))

    assert found.referrals == ()


def test_other_referrals_about_the_child_are_told(as_, irene, olga, peter, sent_referral):
    first = sent_referral(olga)

    found = search(as_, irene, sent_referral(peter))

    assert [other.id for other in found.referrals] == [first]


def test_the_search_is_edited_and_searches_again(as_, irene, olga, sent_referral, on_file):
    other = sent_referral(olga, child_first_name="Beatrix", child_last_name="Quimby", child_dob="2012-01-05")

    assert search(as_, irene, other).strongest is None

    found = search(as_, irene, other, Looked(first_name="Jonathan", last_name="Whitfield", dob="2016-03-27"))
    assert found.found[0].client_id == on_file.client_id


def test_a_search_is_recorded_once_for_the_same_answer(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)

    search(as_, irene, referral_id)
    search(as_, irene, referral_id)

    with as_(irene) as work:
        from db.tables.audit import AuditEntry

        entries = work.session.scalars(select(AuditEntry.event).where(AuditEntry.object_id == referral_id)).all()
    assert entries.count("client.searched") == 1


def test_a_strong_match_passed_over_needs_a_reason(as_, irene, olga, sent_referral, on_file):
    referral_id = sent_referral(olga)
    search(as_, irene, referral_id)

    with pytest.raises(Refused, match="Write why this is another child"):
        save(as_, irene, referral_id, IntakeChoices(decided=True))


def test_the_reason_and_what_was_shown_are_kept(as_, irene, olga, sent_referral, on_file):
    referral_id = sent_referral(olga)

    made = add_new(as_, irene, referral_id, override_reason="A cousin of the same name; the mother confirmed it.")

    with as_(irene) as work:
        decision = work.session.scalar(queries.standing_import(referral_id))
    assert made.client_id != on_file.client_id
    assert decision.new_client
    assert decision.strongest_grade == "very_likely"
    assert decision.override_reason.startswith("A cousin")
    assert on_file.client_number in decision.evidence
    assert because(as_, irene, made.client_id) == ["A cousin of the same name; the mother confirmed it."]
    assert because(as_, irene, on_file.client_id) == [""]


def because(as_, member, client_id):
    with as_(member) as work:
        return [case.another_child_because for case in clients.read(work, client_id).cases]


def test_a_strong_match_made_after_the_search_is_looked_at_first(as_, irene, sam, olga, peter, sent_referral):
    mine, theirs = sent_referral(olga), sent_referral(peter)
    search(as_, irene, mine)
    made = add_new(as_, sam, theirs)

    with pytest.raises(Refused, match=f"{made.client_number} may be the same child"):
        save(as_, irene, mine, IntakeChoices(decided=True))


def test_words_typed_over_the_search_do_not_hide_a_strong_match(as_, irene, olga, sent_referral, on_file):
    referral_id = sent_referral(olga)
    search(as_, irene, referral_id, Looked(first_name="Zzyzx", last_name="Nobody"))

    with pytest.raises(Refused, match="may be the same child"):
        save(as_, irene, referral_id, IntakeChoices(decided=True))


def test_import_to_a_client_opens_a_new_case(as_, irene, olga, sent_referral, on_file):
    referral_id = sent_referral(olga)

    saved = save(as_, irene, referral_id, chosen(as_, irene, referral_id, on_file.client_id))

    with as_(irene) as work:
        file = clients.read(work, on_file.client_id)
    assert saved.client_id == on_file.client_id
    assert not saved.new_client
    assert {case.number for case in file.cases} == {on_file.case_number, saved.case_number}


def test_import_to_a_client_adds_to_an_open_case(as_, irene, olga, peter, sent_referral, on_file):
    referral_id = sent_referral(peter, allegation_types=["neglect"])
    with as_(irene) as work:
        case = clients.read(work, on_file.client_id).cases[0]

    choices = chosen(as_, irene, referral_id, on_file.client_id, case_id=case.id, case_version=case.version)
    saved = save(as_, irene, referral_id, choices)

    with as_(irene) as work:
        file = clients.read(work, on_file.client_id)
    assert saved.case_id == case.id
    assert len(file.cases) == 1
    assert file.cases[0].answers["allegation_types"] == ["physical_abuse", "neglect"]
    assert [one.agencies for one in file.cases[0].presented] == [
        ("Juniper County Sheriff",),
        ("Alder Child Services",),
    ]


def test_a_name_that_differs_must_be_settled(as_, irene, olga, sent_referral, on_file):
    referral_id = sent_referral(olga, child_last_name="Whitefield")

    with pytest.raises(Refused, match="“Last name” differs"):
        save(as_, irene, referral_id, chosen(as_, irene, referral_id, on_file.client_id))


@pytest.mark.parametrize(("side", "stands"), [(Side.FILE, "Whitfield"), (Side.REFERRAL, "Whitefield")])
def test_the_settled_answer_stands_and_the_earlier_one_is_not_lost(
    as_, irene, olga, sent_referral, on_file, side, stands
):
    referral_id = sent_referral(olga, child_last_name="Whitefield")

    choices = chosen(as_, irene, referral_id, on_file.client_id, settled={"child_last_name": side})
    save(as_, irene, referral_id, choices)

    with as_(irene) as work:
        file = clients.read(work, on_file.client_id)
    assert file.answers["child_last_name"] == stands
    assert file.versions[0].answers["child_last_name"] == "Whitfield"


def test_a_file_changed_meanwhile_is_looked_at_again(as_, irene, sam, olga, sent_referral, on_file):
    referral_id = sent_referral(olga)
    choices = chosen(as_, irene, referral_id, on_file.client_id)
    with as_(sam) as work:
        version = clients.read(work, on_file.client_id).version
        clients.change(work, on_file.client_id, version, {"child_school": "Juniper Middle"})

    with pytest.raises(TooLate, match="changed by Sam Okafor at"):
        save(as_, irene, referral_id, choices)


def test_the_same_save_twice_gives_one_client(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)
    version = read(as_, irene, referral_id).version
    search(as_, irene, referral_id)

    first = save(as_, irene, referral_id, IntakeChoices(decided=True), key="one form", version=version)
    second = save(as_, irene, referral_id, IntakeChoices(decided=True), key="one form", version=version)

    assert first == second
    assert counted(as_, irene, Client) == 1


def test_the_loser_is_told_who_imported_it_and_when(as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    version = read(as_, irene, referral_id).version
    search(as_, irene, referral_id)
    add_new(as_, sam, referral_id)

    with pytest.raises(TooLate, match=r"was imported by Sam Okafor at \d+:\d\d [AP]M"):
        save(as_, irene, referral_id, IntakeChoices(decided=True), version=version)


def test_eight_at_once_make_one_client(as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    version = read(as_, irene, referral_id).version
    for who in (irene, sam):
        search(as_, who, referral_id)
    told, made = [], []

    def press(number):
        try:
            made.append(save(as_, (irene, sam)[number % 2], referral_id, IntakeChoices(decided=True), version=version))
        except Refused as refusal:
            told.append(refusal.message)

    presses = [threading.Thread(target=press, args=(number,)) for number in range(8)]
    [each.start() for each in presses]
    [each.join() for each in presses]

    assert len(made) == 1
    assert len(told) == 7
    assert all("was imported by" in sentence for sentence in told)
    assert counted(as_, irene, Client) == 1


def test_eight_presses_of_one_button_give_one_answer(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)
    version = read(as_, irene, referral_id).version
    search(as_, irene, referral_id)
    made = []

    def press():
        made.append(save(as_, irene, referral_id, IntakeChoices(decided=True), key="button", version=version))

    presses = [threading.Thread(target=press) for _ in range(8)]
    [each.start() for each in presses]
    [each.join() for each in presses]

    assert len(made) == 8
    assert len(set(made)) == 1
    assert counted(as_, irene, Client) == 1


def test_an_open_hotline_task_stops_the_import(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga, kind=fields.ReferralType.CLIENT, hotline_report_made="no", le_case_number=None)

    with pytest.raises(Refused, match="hotline report"):
        add_new(as_, irene, referral_id)


def test_a_file_without_a_name_is_refused(as_, irene, olga, sent_referral):
    with pytest.raises(Refused, match="first or last name"):
        add_new(as_, irene, sent_referral(olga), edited={"child_first_name": None, "child_last_name": None})


def test_an_impossible_fact_is_refused_and_nothing_is_saved(as_, irene, olga, sent_referral):
    with pytest.raises(Refused, match="Nothing was saved"):
        add_new(as_, irene, sent_referral(olga), edited={"child_dob": "2999-01-01"})

    assert counted(as_, irene, Client) == 0


def test_a_referral_that_waits_no_more_is_not_imported(as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    add_new(as_, sam, referral_id)

    with pytest.raises(TooLate, match="was imported by Sam Okafor"):
        search(as_, irene, referral_id)


def test_the_imported_referral_leaves_the_search(as_, irene, olga, sent_referral, on_file):
    found = search(as_, irene, sent_referral(olga))

    assert found.referrals == ()


def test_the_queue_badge_names_the_new_client(as_, irene, olga, peter, sent_referral):
    first, second = sent_referral(olga), sent_referral(peter)
    add_new(as_, irene, first)

    with as_(irene) as work:
        from actions.center import queue
        from domain.referrals import QueueFilter

        rows = queue.queue(work, QueueFilter()).rows
    assert [(row.id, bool(row.known_client)) for row in rows] == [(second, True)]


@pytest.mark.parametrize("who", ["olga", "lena", "peter", "ada"])
def test_only_the_centers_staff_import(request, as_, irene, olga, sent_referral, who):
    referral_id = sent_referral(olga)
    search(as_, irene, referral_id)
    other = request.getfixturevalue(who)

    for act in (
        lambda work: imports.candidates(work, referral_id),
        lambda work: imports.intake_of(work, referral_id),
        lambda work: imports.keep_intake(work, referral_id, IntakeChoices()),
        lambda work: imports.save_intake(work, referral_id, 1, IntakeChoices(decided=True), "key"),
        lambda work: imports.look_into(work, uuid4()),
        lambda work: imports.left_behind(work, referral_id),
    ):
        with pytest.raises(NotPermitted), as_(other) as work:
            act(work)


def test_a_referral_that_does_not_exist_is_not_found(as_, irene):
    with pytest.raises(NotFound), as_(irene) as work:
        imports.candidates(work, uuid4())


def test_an_import_makes_an_undo_and_the_referral_waits_again(as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    made = add_new(as_, irene, referral_id)

    with as_(sam) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), "Wrong child.")

    assert read(as_, irene, referral_id).status is Status.SUBMITTED
    with as_(irene) as work:
        assert clients.search(work, "Whitfield").total == 0
        assert clients.read(work, made.client_id).withdrawn
    assert search(as_, irene, referral_id).found == ()
    assert add_new(as_, irene, referral_id).client_id != made.client_id


def test_an_undo_gives_the_file_its_earlier_answers_back(as_, irene, sam, olga, sent_referral, on_file):
    referral_id = sent_referral(olga, child_last_name="Whitefield", child_school="Juniper Middle")
    with as_(irene) as work:
        before = profile(work, work.session.get(Client, on_file.client_id))
    save(
        as_,
        irene,
        referral_id,
        chosen(as_, irene, referral_id, on_file.client_id, settled={"child_last_name": Side.REFERRAL}),
    )

    with as_(sam) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), "Another child.")

    with as_(irene) as work:
        file = clients.read(work, on_file.client_id)
    assert file.answers == before
    assert [version.answers["child_last_name"] for version in file.versions] == [
        "Whitfield",
        "Whitefield",
        "Whitfield",
    ]
    assert [case.number for case in file.cases] == [on_file.case_number]


def test_an_undo_takes_a_referral_out_of_the_case_it_was_added_to(as_, irene, sam, olga, peter, sent_referral, on_file):
    referral_id = sent_referral(peter, allegation_types=["neglect"])
    with as_(irene) as work:
        case = clients.read(work, on_file.client_id).cases[0]
    choices = chosen(as_, irene, referral_id, on_file.client_id, case_id=case.id, case_version=case.version)
    save(as_, irene, referral_id, choices)

    with as_(sam) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), "Another child.")

    with as_(irene) as work:
        now = clients.read(work, on_file.client_id).cases[0]
    assert now.answers == case.answers
    assert [one.withdrawn for one in now.presented] == [False, True]


@pytest.mark.parametrize("deed", ["edit", "note", "close case", "edit case", "another import"])
def test_an_import_is_not_undone_once_the_client_was_worked_on(as_, irene, sam, olga, sent_referral, deed):
    referral_id = sent_referral(olga)
    made = add_new(as_, irene, referral_id)
    with as_(irene) as work:
        file = clients.read(work, made.client_id)
        if deed == "edit":
            clients.change(work, file.id, file.version, {"child_school": "Juniper Middle"})
        if deed == "note":
            clients.add_note(work, file.id, "Called the mother.")
        if deed == "close case":
            clients.close_case(work, file.cases[0].id, file.cases[0].version)
        if deed == "edit case":
            clients.change_case(work, file.cases[0].id, file.cases[0].version, {"le_case_number": ["24-2222"]})
    if deed == "another import":
        other = sent_referral(olga)
        save(as_, irene, other, chosen(as_, irene, other, made.client_id))

    with pytest.raises(Refused, match="worked on since"), as_(sam) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), "Wrong child.")


def test_an_undo_needs_a_reason_and_happens_once(as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    add_new(as_, irene, referral_id)

    with pytest.raises(Refused, match="Write why"), as_(sam) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), " ")
    with as_(sam) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), "Wrong child.")
    with pytest.raises(TooLate, match="no import to undo"), as_(sam) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), "Wrong child.")


def test_an_undo_takes_back_the_import_that_was_seen_and_no_later_one(as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    add_new(as_, irene, referral_id)
    with as_(sam) as work:
        seen = version_of(work, referral_id)
        imports.undo_import(work, referral_id, seen, "Wrong child.")
    again = add_new(as_, irene, referral_id)

    with pytest.raises(TooLate, match=r"was imported by Irene Vega at \d+:\d\d"), as_(sam) as work:
        imports.undo_import(work, referral_id, seen, "Wrong child.")
    with as_(irene) as work:
        assert not clients.read(work, again.client_id).withdrawn


@pytest.mark.parametrize("who", ["olga", "irene", "ada"])
def test_only_a_supervisor_undoes_an_import(request, as_, irene, olga, sent_referral, who):
    referral_id = sent_referral(olga)
    add_new(as_, irene, referral_id)

    with pytest.raises(NotPermitted), as_(request.getfixturevalue(who)) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), "Wrong child.")


def test_a_restricted_file_is_told_and_not_shown(as_, irene, olga, sent_referral, on_file):
    with as_(irene) as work:
        work.session.get(Client, on_file.client_id).restricted = True
        work.record("client.restricted", "client", on_file.client_id)
    referral_id = sent_referral(olga)

    found = search(as_, irene, referral_id)

    assert found.found == ()
    assert found.strong
    with pytest.raises(Refused, match="Write why this is another child"):
        save(as_, irene, referral_id, IntakeChoices(decided=True))


def test_a_draft_ends_with_the_save(as_, irene, olga, sent_referral):
    referral_id = sent_referral(olga)

    add_new(as_, irene, referral_id)

    with as_(irene) as work:
        assert work.session.scalars(select(IntakeDraft)).all() == []
        assert work.session.get(Referral, referral_id).status is Status.IMPORTED


def test_what_the_loser_typed_is_kept(as_, irene, sam, olga, sent_referral):
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        assert imports.left_behind(work, referral_id) is None
        imports.keep_intake(work, referral_id, IntakeChoices(decided=True, edited={"child_school": "Juniper Middle"}))
    add_new(as_, sam, referral_id)

    with as_(irene) as work:
        left = imports.left_behind(work, referral_id)

    assert "was imported by Sam Okafor" in left.sentence
    assert left.typed == {"child_school": "Juniper Middle"}


def test_both_agencies_of_a_merge_stand_with_the_case(as_, irene, olga, peter, sent_referral):
    sources = [sent_referral(olga), sent_referral(peter)]
    with as_(irene) as work:
        versions = {each: referrals.read(work, each).version for each in sources}
        result = merges.merge(work, versions, {}, "The same child, the same day.", "merge")

    made = add_new(as_, irene, result)

    with as_(irene) as work:
        file = clients.read(work, made.client_id)
    assert file.cases[0].presented[0].agencies == ("Juniper County Sheriff", "Alder Child Services")
    assert [sent.named.id for sent in file.referrals] == [result, *sources]


# Not the same child


def said_apart(as_, member, referral_id, client_id, reason="Met both boys.") -> UUID:
    with as_(member) as work:
        return doubles.not_same_child(work, (RecordKind.REFERRAL, referral_id), (RecordKind.CLIENT, client_id), reason)


def test_a_client_said_to_be_another_child_is_told_and_no_candidate_until_it_is_taken_back(
    as_, irene, sam, olga, on_file, sent_referral
):
    client_id = on_file.client_id
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        assert imports.candidates(work, referral_id).strong
        assert [one.kind for one in referrals.read(work, referral_id).looks_like] == ["client"]
    decision = said_apart(as_, irene, referral_id, client_id)

    with as_(sam) as work:
        found = imports.candidates(work, referral_id)
        assert referrals.read(work, referral_id).looks_like == ()
    assert (found.found, found.strong) == ((), False)
    assert [(one.possible.client_id, one.by, one.reason) for one in found.apart] == [
        (client_id, "Irene Vega", "Met both boys.")
    ]
    with as_(sam) as work:
        doubles.take_back_not_same(work, decision)
    with as_(sam) as work:
        assert [one.client_id for one in imports.candidates(work, referral_id).found] == [client_id]


def test_whoever_said_that_a_client_is_another_child_is_not_asked_why_again(as_, irene, olga, on_file, sent_referral):
    client_id = on_file.client_id
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        imports.candidates(work, referral_id)
    said_apart(as_, irene, referral_id, client_id)

    made = add_new(as_, irene, referral_id)

    assert made.new_client
    with as_(irene) as work:
        kept = work.session.scalars(select(ImportDecision).where(ImportDecision.referral_id == referral_id)).one()
    assert (kept.strongest_grade, kept.override_reason) == ("", "")
    assert "Met both boys." in kept.evidence


def test_what_was_said_of_a_source_counts_for_the_result_of_its_merge(as_, irene, olga, peter, on_file, sent_referral):
    client_id = on_file.client_id
    first, second = sent_referral(olga), sent_referral(peter)
    said_apart(as_, irene, first, client_id)
    with as_(irene) as work:
        seen = merges.propose(work, [first, second])
        versions = {source.id: source.version for source in seen.sources}
        result_id = merges.merge(work, versions, {}, "The same boy.", uuid4().hex)

    with as_(irene) as work:
        found = imports.candidates(work, result_id)
    assert [one.possible.client_id for one in found.apart] == [client_id]
