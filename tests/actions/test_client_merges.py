"""Two files of one child: who may merge them, what comes of it, what stays untouched, and every refusal."""

import threading
from uuid import UUID, uuid4

import pytest

from actions.center import client_merges, clients, doubles, imports, queue, referrals, restricted, statistics
from actions.work import working
from db.tables.clients import Client
from db.tables.decisions import ClientMerge
from domain.clients import Cause, Looked
from domain.intake import IntakeChoices, WalkInChoices
from domain.lifecycle import Status
from domain.matching import RecordKind
from domain.referrals import QueueFilter
from domain.refusals import NotFound, NotPermitted, Refused, TooLate
from domain.statistics import Wanted
from tests.cast import version_of

JON = {
    "child_first_name": "Jonathan",
    "child_last_name": "Whitfield",
    "child_dob": "2016-03-27",
    "child_sex": "M",
    "child_phone": ["850-555-0100"],
    "address_line1": "12 Oak Street",
    "address_zip": "87501",
    "allegation_types": ["physical_abuse"],
    "caregivers": [
        {"row": "aaaaaaaa", "cg_first_name": "Maria", "cg_last_name": "Whitfield", "cg_phone": "5055550101"}
    ],
}
JOHN = JON | {
    "child_first_name": "Jonathon",
    "child_dob": "2016-03-26",
    "child_phone": ["850-555-0199"],
    "child_school": "Elm",
    "allegation_types": ["neglect"],
}


@pytest.fixture
def on_file(as_, irene):
    """Add a client who came without a referral; gives the id."""

    def added(answers, who=irene) -> UUID:
        with as_(who) as work:
            clients.keep_walk_in(work, WalkInChoices(answers))
            clients.walk_in_candidates(work)
        with as_(who) as work:
            choices = WalkInChoices(answers, "Somebody else, it seemed.")
            return clients.add_walk_in(work, choices, uuid4().hex).client_id

    return added


@pytest.fixture
def two(on_file) -> tuple[UUID, UUID]:
    """One child, twice on file: the second time with a slip in the name and in the day."""
    return on_file(JON), on_file(JOHN)


def merged(as_, member, ids, *, choices=None, reason="Same mother and address.", key=None) -> UUID:
    versions = seen(as_, member, ids)
    with as_(member) as work:
        return client_merges.merge(work, versions, choices or {}, reason, key or uuid4().hex)


def seen(as_, member, ids) -> dict[UUID, int]:
    with as_(member) as work:
        return {file.id: file.version for file in client_merges.propose(work, *ids).files}


def undone(as_, member, ended_id, reason="Two cousins after all.") -> UUID:
    with as_(member) as work:
        return client_merges.undo_merge(work, ended_id, reason)


def read(as_, who, client_id):
    with as_(who) as work:
        return clients.read(work, client_id)


def imported(as_, irene, referral_id, client_id=None, reason="") -> UUID:
    with as_(irene) as work:
        imports.candidates(work, referral_id)
    with as_(irene) as work:
        version = referrals.read(work, referral_id).version
        seen = clients.read(work, client_id).version if client_id else 0
        choices = IntakeChoices(decided=True, client_id=client_id, client_version=seen, override_reason=reason)
        if client_id:
            imports.keep_intake(work, referral_id, choices)
            waiting = imports.intake_of(work, referral_id).unsettled
            choices = IntakeChoices(**{**vars(choices), "settled": {each.key: "file" for each in waiting}})
        return imports.save_intake(work, referral_id, version, choices, uuid4().hex).client_id


# What comes of it


def test_the_older_file_goes_on_with_what_both_say(as_, irene, two):
    older, newer = two

    assert merged(as_, irene, (newer, older)) == older

    file = read(as_, irene, older)
    assert file.answers["child_school"] == "Elm"
    assert file.answers["child_phone"] == ["850-555-0100", "850-555-0199"]
    assert [row["cg_first_name"] for row in file.answers["caregivers"]] == ["Maria"]
    assert "referral_type" not in file.answers
    assert file.versions[-1].cause is Cause.MERGE
    assert [each.ended for each in file.holds] == ["C-26-0002"]
    assert len(file.cases) == 2 and {case.opened_in for case in file.cases} == {"", "C-26-0002"}


def test_the_other_file_stays_readable_and_points_at_the_one_that_goes_on(as_, irene, two):
    before = read(as_, irene, two[1])

    merged(as_, irene, two)

    after = read(as_, irene, two[1])
    assert (after.answers, after.versions, after.cases[0].answers) == (
        before.answers,
        before.versions,
        before.cases[0].answers,
    )
    assert (after.ended.kept, after.ended.by, after.ended.reason) == (
        "C-26-0001",
        "Irene Vega",
        "Same mother and address.",
    )


def test_a_choice_by_hand_is_what_the_file_says(as_, irene, two):
    with as_(irene) as work:
        proposal = client_merges.propose(work, *two).proposal
    name = next(each for each in proposal.differing if each.key == "child_first_name")
    other = next(option.code for option in name.options if option.code != name.preset)

    merged(as_, irene, two, choices={"child_first_name": other})

    with as_(irene) as work:
        told = client_merges.decided(work, two[1])
        assert clients.read(work, two[0]).answers["child_first_name"] == name.value(other)
    assert [each.field for each in told.chosen if each.by_hand] == ["child_first_name"]


def test_the_proposal_says_who_wrote_what_and_why_it_is_preset(as_, irene, two):
    with as_(irene) as work:
        view = client_merges.propose(work, *two)

    assert {each.field.name for each in view.proposal.differing} >= {"child_first_name", "child_dob", "child_phone"}
    assert all(each.why for each in view.proposal.questions)
    assert view.verdict.startswith(("Very likely", "Likely"))
    assert (view.warnings, view.needs_own_words) == ((), False)


# Finding the child


def test_a_name_that_only_the_ended_file_knew_still_finds_the_child_under_the_one_that_goes_on(as_, irene, on_file):
    older = on_file(JON)
    newer = on_file(JON | {"child_first_name": "Zebulon", "child_last_name": "Ostrander", "child_dob": "2016-03-27"})
    with as_(irene) as work:
        name = {"child_first_name": "0", "child_last_name": "0"}
        versions = {each: clients.read(work, each).version for each in (older, newer)}
        client_merges.merge(work, versions, name, "The same child under the father's name.", uuid4().hex)

    with as_(irene) as work:
        listed = clients.search(work, "Ostrander")
        by_number = clients.search(work, "C-26-0002")
        found = clients.find(work, Looked(first_name="Zebulon", last_name="Ostrander", dob="2016-03-27"))
    assert [line.number for line in listed.lines] == [line.number for line in by_number.lines] == ["C-26-0001"]
    assert [one.number for one in found.found] == ["C-26-0001"]
    assert found.found[0].by_ended_file and found.found[0].cases == 2


def test_an_ended_file_is_no_candidate_and_no_badge_of_its_own(as_, irene, olga, two, sent_referral):
    merged(as_, irene, two)
    referral_id = sent_referral(olga, child_first_name="Jonathon", child_dob="2016-03-26")

    with as_(irene) as work:
        found = imports.candidates(work, referral_id)
        looks_like = referrals.read(work, referral_id).looks_like
        row = queue.queue(work, QueueFilter()).rows[0]
    assert [one.number for one in found.found] == ["C-26-0001"]
    assert [one.number for one in looks_like] == ["C-26-0001"]
    assert row.known_client


def test_two_files_of_one_child_are_shown_as_such(as_, irene, olga, two, sent_referral):
    referral_id = sent_referral(olga, address_line1="12 Oak Street", address_zip="87501")
    with as_(irene) as work:
        found = imports.candidates(work, referral_id)
        doubled = client_merges.doubles_of(work, two[0])

    assert {one.number for one in found.found} == {"C-26-0001", "C-26-0002"}
    assert len({one.group for one in found.found}) == 1 and found.found[0].group is not None
    assert [one.number for one in doubled.found] == ["C-26-0002"]


# Working on


def test_a_referral_is_imported_into_a_case_that_came_with_the_other_file(as_, irene, olga, two, sent_referral):
    merged(as_, irene, two)
    case = next(case for case in read(as_, irene, two[0]).cases if case.opened_in)
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        imports.candidates(work, referral_id)
        seen = clients.read(work, two[0])
        choices = IntakeChoices(True, two[0], seen.version, case_id=case.id, case_version=case.version)
        imports.keep_intake(work, referral_id, choices)
        waiting = imports.intake_of(work, referral_id)
        assert {each.number for each in waiting.open_cases} == {each.number for each in seen.cases}
        choices = IntakeChoices(**{**vars(choices), "settled": {each.key: "file" for each in waiting.unsettled}})
        made = imports.save_intake(work, referral_id, waiting.version, choices, uuid4().hex)

    assert (made.client_id, made.case_id) == (two[0], case.id)
    assert [sent.named.id for sent in read(as_, irene, two[0]).referrals] == [referral_id]


def test_a_case_of_the_ended_file_is_edited_from_the_one_that_goes_on(as_, irene, two):
    merged(as_, irene, two)
    case = next(case for case in read(as_, irene, two[0]).cases if case.opened_in)

    with as_(irene) as work:
        clients.change_case(work, case.id, case.version, {"le_case_number": ["24-7777"]})

    with as_(irene) as work:
        assert [line.number for line in clients.search(work, "24-7777").lines] == ["C-26-0001"]


@pytest.mark.parametrize("deed", ["change", "note", "import"])
def test_nobody_works_on_an_ended_file_and_is_told_where_to_go_on(as_, irene, olga, two, sent_referral, deed):
    referral_id = sent_referral(olga)
    with as_(irene) as work:
        imports.candidates(work, referral_id)
        imports.keep_intake(work, referral_id, IntakeChoices(True, two[1], 1))
        version = referrals.read(work, referral_id).version
    with as_(irene) as work:
        assert (
            "Irene Vega has begun to import R-26-0001 into C-26-0002" in client_merges.propose(work, *two).half_done[0]
        )
    merged(as_, irene, two)

    deeds = {
        "change": lambda work: clients.change(work, two[1], 1, {"child_school": "Oak"}),
        "note": lambda work: clients.add_note(work, two[1], "Called."),
        "import": lambda work: imports.save_intake(work, referral_id, version, IntakeChoices(True, two[1], 1), "key"),
    }
    sentence = r"C-26-0002 was merged into C-26-0001 by Irene Vega at .*go on there"
    with pytest.raises(TooLate, match=sentence), as_(irene) as work:
        deeds[deed](work)
    with as_(irene) as work:
        assert imports.intake_of(work, referral_id).client_ended.startswith("C-26-0002 was merged into C-26-0001")


def test_a_double_that_was_missed_at_import_is_counted_until_the_merge_is_undone(
    as_, irene, sam, olga, on_file, sent_referral
):
    older = on_file(JON | {"child_first_name": "Zebulon", "child_dob": "2011-01-09", "caregivers": []})
    newer = imported(as_, irene, sent_referral(olga), reason="Another child.")

    def missed():
        with as_(sam) as work:
            figures = [one for section in statistics.page(work, Wanted()).sections for one in section.figures]
        return next(figure.value for figure in figures if figure.code == "missed")

    assert missed() == 0
    with as_(irene) as work:
        versions = {each: clients.read(work, each).version for each in (older, newer)}
        client_merges.merge(work, versions, {}, "The grandmother says so.", uuid4().hex)
    assert missed() == 1
    undone(as_, irene, newer)
    assert missed() == 0


# Undoing


def test_undo_gives_both_files_back(as_, irene, sam, two):
    before = [read(as_, irene, each) for each in two]
    merged(as_, irene, two)

    assert undone(as_, sam, two[1]) == two[1]

    for was, client_id in zip(before, two, strict=True):
        now = read(as_, irene, client_id)
        assert (now.answers, now.cases, now.notes, now.ended, now.holds) == (
            was.answers,
            was.cases,
            was.notes,
            None,
            (),
        )
    assert [one.cause for one in read(as_, irene, two[0]).versions] == [
        Cause.WALK_IN,
        Cause.MERGE,
        Cause.MERGE_UNDONE,
    ]


@pytest.mark.parametrize("worked", ["edit", "note", "case", "close", "import", "restrict"])
def test_a_merge_stands_once_somebody_worked_on_the_file(as_, irene, sam, olga, two, sent_referral, worked):
    merged(as_, irene, two)
    seen = read(as_, irene, two[0])
    if worked == "import":
        imported(as_, irene, sent_referral(olga), two[0])
    with as_(irene) as work:
        if worked == "edit":
            clients.change(work, two[0], seen.version, {"child_school": "Oak"})
        elif worked == "note":
            clients.add_note(work, two[0], "Called.")
        elif worked == "case":
            clients.change_case(work, seen.cases[0].id, seen.cases[0].version, {"child_role": "sibling"})
        elif worked == "close":
            clients.close_case(work, seen.cases[0].id, seen.cases[0].version)
        elif worked == "restrict":
            restricted.restrict(work, "client", two[0], [irene.user_id, sam.user_id], "A worker's niece.")

    with pytest.raises(TooLate, match=r"C-26-0001 was worked on since the merge.*so it cannot be undone"):
        undone(as_, sam, two[1])
    assert "worked on since" in read(as_, irene, two[0]).holds[0].why_not


def test_a_merge_can_be_undone_again_once_the_import_that_followed_it_was(as_, irene, sam, olga, two, sent_referral):
    merged(as_, irene, two)
    referral_id = sent_referral(olga)
    imported(as_, irene, referral_id, two[0])
    with as_(sam) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), "The wrong child.")

    assert undone(as_, sam, two[1]) == two[1]


def test_an_import_into_a_file_that_ended_is_undone_only_after_the_merge(as_, irene, sam, olga, on_file, sent_referral):
    older = on_file(JON)
    referral_id = sent_referral(olga)
    newer = imported(as_, irene, referral_id, reason="Another child.")
    merged(as_, irene, (older, newer))

    with pytest.raises(Refused, match=r"C-26-0002 was merged into C-26-0001.*Undo that merge first"), as_(sam) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), "The wrong child.")

    undone(as_, sam, newer)
    with as_(sam) as work:
        imports.undo_import(work, referral_id, version_of(work, referral_id), "The wrong child.")
        assert referrals.read(work, referral_id).status is Status.SUBMITTED


def test_three_files_become_one_and_come_apart_in_the_order_of_the_merges(as_, irene, on_file):
    first, second, third = on_file(JON), on_file(JOHN), on_file(JOHN | {"child_school": "Oak"})
    merged(as_, irene, (second, third))
    merged(as_, irene, (first, second))

    whole = read(as_, irene, first)
    assert len(whole.cases) == 3 and [each.ended for each in whole.holds] == ["C-26-0002"]
    assert read(as_, irene, third).ended.kept == "C-26-0002"
    with as_(irene) as work:
        assert [one.number for one in clients.find(work, Looked(first_name="Jonathon", dob="2016-03-26")).found] == [
            "C-26-0001"
        ]
    with pytest.raises(TooLate, match=r"C-26-0002 was merged into C-26-0001 by Irene Vega at .* Undo that merge first"):
        undone(as_, irene, third)
    undone(as_, irene, second)
    with as_(irene) as work:
        assert work.session.get(Client, third).merged_into_id == second
    undone(as_, irene, third)
    assert read(as_, irene, third).ended is None


# Refusals


@pytest.mark.parametrize("who", ["olga", "lena", "peter", "ada"])
def test_only_the_centers_people_merge_files(request, as_, two, who):
    member = request.getfixturevalue(who)
    for act in (
        lambda work: client_merges.doubles_of(work, two[0]),
        lambda work: client_merges.propose(work, *two),
        lambda work: client_merges.merge(work, dict.fromkeys(two, 1), {}, "Same.", "key"),
        lambda work: client_merges.undo_merge(work, two[1], "No."),
        lambda work: client_merges.decided(work, two[1]),
    ):
        with pytest.raises(NotPermitted), as_(member) as work:
            act(work)


@pytest.mark.parametrize(
    ("ids", "refusal", "sentence"),
    [
        (lambda two: (two[0], two[0]), Refused, "one and the same file"),
        (lambda two: (two[0], uuid4()), NotFound, "no such client"),
    ],
)
def test_two_different_files_that_one_may_see_are_needed(as_, irene, two, ids, refusal, sentence):
    with pytest.raises(refusal, match=sentence), as_(irene) as work:
        client_merges.propose(work, *ids(two))
    with pytest.raises(refusal, match=sentence), as_(irene) as work:
        client_merges.merge(work, dict.fromkeys(ids(two), 1), {}, "Same.", "key")


@pytest.mark.parametrize("reason", ["", "  \n", "\x00"])
def test_a_reason_is_needed_for_both(as_, irene, two, reason):
    with pytest.raises(Refused):
        merged(as_, irene, two, reason=reason)
    merged(as_, irene, two)
    with pytest.raises(Refused):
        undone(as_, irene, two[1], reason=reason)


def test_choices_that_are_not_offered_are_refused(as_, irene, two):
    for choices in ({"narrative": "0"}, {"child_first_name": "7"}, {"child_phone": "all of them"}):
        with pytest.raises(Refused, match="Reload the page"):
            merged(as_, irene, two, choices=choices)
    assert read(as_, irene, two[1]).ended is None


def test_a_file_that_changed_since_it_was_seen_is_not_merged_unseen(as_, irene, sam, two):
    versions = seen(as_, irene, two)
    with as_(sam) as work:
        clients.change(work, two[1], versions[two[1]], {"child_school": "Oak"})

    with pytest.raises(TooLate, match="C-26-0002 was changed by Sam Okafor at"), as_(irene) as work:
        client_merges.merge(work, versions, {}, "Same.", "key")


def test_files_said_to_be_two_children_are_not_merged_until_it_is_taken_back(as_, irene, sam, two):
    with as_(irene) as work:
        decision = doubles.not_same_child(
            work, (RecordKind.CLIENT, two[0]), (RecordKind.CLIENT, two[1]), "Met both boys."
        )

    with as_(sam) as work:
        assert client_merges.propose(work, *two).warnings[0].stops
        assert client_merges.doubles_of(work, two[0]).found == ()
    with pytest.raises(Refused, match=r"Irene Vega decided at .* that C-26-000. and C-26-000. are not the same child"):
        merged(as_, sam, two)
    with as_(sam) as work:
        doubles.take_back_not_same(work, decision)
    assert merged(as_, sam, two) == two[0]


def test_files_that_look_like_two_children_are_warned_of(as_, irene, on_file):
    ids = on_file(JON), on_file(JON | {"child_first_name": "Emily", "child_sex": "F"})

    with as_(irene) as work:
        view = client_merges.propose(work, *ids)

    assert "two children of one home" in view.warnings[0].words and view.needs_own_words


def test_the_second_of_two_who_merge_is_told_who_was_first(as_, irene, sam, two):
    versions = seen(as_, sam, two)
    merged(as_, irene, two)

    with pytest.raises(TooLate, match="merged into C-26-0001 by Irene Vega at"), as_(sam) as work:
        client_merges.merge(work, versions, {}, "Same.", "other")
    undone(as_, irene, two[1])
    with pytest.raises(TooLate, match="Irene Vega undid this merge already at"):
        undone(as_, sam, two[1])
    with pytest.raises(Refused, match="nothing to undo"):
        undone(as_, sam, two[0])


def test_eight_presses_merge_once(as_, irene, two, store):
    versions, told = seen(as_, irene, two), []

    def press() -> None:
        with working(irene.session_id) as work:
            told.append(client_merges.merge(work, versions, {}, "Same.", "one key"))

    presses = [threading.Thread(target=press) for _ in range(8)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert set(told) == {two[0]} and len(told) == 8
    with store.reading() as session:
        assert session.query(ClientMerge).count() == 1


# Restricted files


def test_a_restricted_file_restricts_the_child_until_the_merge_is_undone(as_, irene, sam, two):
    with as_(irene) as work:
        restricted.restrict(work, "client", two[1], [irene.user_id], "A worker's niece.")

    with pytest.raises(NotFound), as_(sam) as work:
        client_merges.propose(work, *two)
    with as_(sam) as work:
        doubled = client_merges.doubles_of(work, two[0])
        assert (doubled.found, doubled.restricted) == ((), True)
    with as_(irene) as work:
        assert "C-26-0002 is restricted" in client_merges.propose(work, *two).warnings[-1].words
    merged(as_, irene, two)

    for each in two:
        with pytest.raises(NotFound):
            read(as_, sam, each)
    with pytest.raises(NotFound):
        undone(as_, sam, two[1])
    undone(as_, irene, two[1])
    assert not read(as_, sam, two[0]).restricted
    assert [one.undone_reason for one in read(as_, irene, two[0]).merges] == ["Two cousins after all."]
    assert read(as_, sam, two[0]).merges == (), "the other file is restricted, its number too"
    with pytest.raises(NotFound):
        read(as_, sam, two[1])


def test_a_restricted_file_restricts_those_that_were_merged_before_too(as_, irene, sam, on_file):
    first, second, third = on_file(JON), on_file(JOHN), on_file(JOHN | {"child_school": "Oak"})
    merged(as_, irene, (second, third))
    with as_(irene) as work:
        restricted.restrict(work, "client", first, [irene.user_id], "A worker's niece.")
    merged(as_, irene, (first, second))

    for each in (first, second, third):
        assert read(as_, irene, each).restricted
        with pytest.raises(NotFound):
            read(as_, sam, each)
    undone(as_, irene, second)
    assert not read(as_, sam, second).restricted and not read(as_, sam, third).restricted
    with pytest.raises(NotFound):
        read(as_, sam, first)


def test_restricting_the_child_restricts_the_file_behind_it(as_, irene, sam, two):
    merged(as_, irene, two)
    with as_(irene) as work:
        restricted.restrict(work, "client", two[0], [irene.user_id], "A worker's niece.")

    with pytest.raises(NotFound):
        read(as_, sam, two[1])
