import threading
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from actions.center import clients
from db.tables.audit import AuditEntry
from db.tables.cases import WalkInDecision
from db.tables.clients import Case, Client, ClientVersion
from db.tables.referrals import Fact
from domain.clients import Cause, Looked
from domain.intake import WalkInChoices
from domain.matching import Grade
from domain.refusals import NotFound, NotPermitted, Refused, TooLate

ANA = {
    "child_first_name": "Ana",
    "child_last_name": "Cruz",
    "child_dob": "2016-03-27",
    "child_sex": "F",
    "child_race_ethnicity": ["HISP"],
    "allegation_types": ["neglect"],
    "narrative": "The mother came to our door.",
    "caregivers": [{"row": "aaaaaaaa", "cg_first_name": "Rosa", "cg_last_name": "Cruz", "cg_phone": "505-555-0101"}],
}


def walk_in(as_, who, answers=ANA, reason="", key=None):
    choices = WalkInChoices(answers, reason)
    with as_(who) as work:
        clients.keep_walk_in(work, choices)
    with as_(who) as work:
        clients.walk_in_candidates(work)
    with as_(who) as work:
        return clients.add_walk_in(work, choices, key or uuid4().hex)


def read(as_, who, client_id):
    with as_(who) as work:
        return clients.read(work, client_id)


def count(as_, who, table):
    with as_(who) as work:
        return work.session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def ana(as_, irene):
    return read(as_, irene, walk_in(as_, irene).client_id)


# Without a referral


def test_a_walk_in_becomes_a_client_with_a_first_case(as_, irene, ana):
    assert ana.child == "Ana Cruz"
    assert ana.versions[0].cause is Cause.WALK_IN
    assert ana.cases[0].answers["allegation_types"] == ["neglect"]
    assert ana.cases[0].presented[0].answers["narrative"].startswith("The mother came")
    assert "allegation_types" not in ana.answers


def test_a_walk_in_is_searched_for_first(as_, irene):
    with pytest.raises(Refused, match="Search the clients on file first"), as_(irene) as work:
        clients.add_walk_in(work, WalkInChoices(ANA), "key")


def test_a_search_needs_something_to_go_by(as_, irene):
    with pytest.raises(Refused, match="name or birth date first"), as_(irene) as work:
        clients.walk_in_candidates(work)


def test_a_walk_in_who_is_on_file_needs_a_reason(as_, irene, ana):
    with pytest.raises(Refused, match="Write why this is another child"):
        walk_in(as_, irene)

    made = walk_in(as_, irene, reason="A cousin of the same name.")

    with as_(irene) as work:
        (case,) = clients.read(work, made.client_id).cases
        assert case.another_child_because == "A cousin of the same name."
        kept = work.session.scalars(select(WalkInDecision).order_by(WalkInDecision.made_at)).all()[-1]
    assert kept.strongest_grade == Grade.VERY_LIKELY
    assert kept.override_reason == "A cousin of the same name."
    assert ana.number in kept.evidence


def test_a_search_for_somebody_else_does_not_let_a_double_in(as_, irene, ana):
    with as_(irene) as work:
        clients.keep_walk_in(work, WalkInChoices({"child_first_name": "Zzyzx", "child_last_name": "Nobody"}))
    with as_(irene) as work:
        clients.walk_in_candidates(work)

    with pytest.raises(Refused, match=f"{ana.number} may be the same child"), as_(irene) as work:
        clients.add_walk_in(work, WalkInChoices(ANA), "key")


def test_what_is_typed_of_a_walk_in_is_kept_for_its_person(as_, irene, sam):
    with as_(irene) as work:
        clients.keep_walk_in(work, WalkInChoices(ANA, "A cousin."))

    with as_(irene) as work:
        assert clients.walk_in(work).answers == ANA
        assert clients.walk_in(work).override_reason == "A cousin."
    with as_(sam) as work:
        assert clients.walk_in(work).answers == {}
    assert count(as_, irene, Client) == 0


def test_the_draft_of_a_walk_in_ends_with_adding(as_, irene, ana):
    with as_(irene) as work:
        assert clients.walk_in(work).answers == {}
        assert not clients.walk_in(work).searched


def test_eight_presses_add_one_walk_in(as_, irene):
    choices = WalkInChoices(ANA)
    with as_(irene) as work:
        clients.keep_walk_in(work, choices)
        clients.walk_in_candidates(work)
    added = []

    def press():
        with as_(irene) as work:
            added.append(clients.add_walk_in(work, choices, "button"))

    presses = [threading.Thread(target=press) for _ in range(8)]
    [each.start() for each in presses]
    [each.join() for each in presses]

    assert len(added) == 8
    assert len(set(added)) == 1
    assert count(as_, irene, Client) == 1


# Search


@pytest.mark.parametrize("text", ["Cruz", "ana cruz", "CRÚZ", "C-26-0001", "0001", ""])
def test_clients_are_found_by_name_and_number(as_, irene, ana, text):
    with as_(irene) as work:
        found = clients.search(work, text.replace("C-26", ana.number[:4]))

    assert [line.number for line in found.lines] == [ana.number]
    assert found.total == 1


@pytest.mark.parametrize("text", ["Anna Cruise 3/27/2016", "Cruz Ana 2016-03-27", "Anita Cruz"])
def test_clients_are_found_by_what_is_like_their_name(as_, irene, ana, text):
    with as_(irene) as work:
        found = clients.search(work, text)

    assert ana.number in [*(one.number for one in found.lines), *(one.number for one in found.alike)]


def test_the_same_search_as_at_import_gives_reasons(as_, irene, ana):
    with as_(irene) as work:
        found = clients.find(work, Looked(first_name="Ana", last_name="Cruz", dob="2016-03-27"))

    assert found.found[0].client_id == ana.id
    assert found.found[0].reasons


def test_an_empty_search_is_refused(as_, irene):
    with pytest.raises(Refused, match="Type a name"), as_(irene) as work:
        clients.find(work, Looked())


def test_what_was_searched_for_is_not_in_the_audit_trail(as_, irene, ana):
    with as_(irene) as work:
        clients.search(work, "Xochitl")

    with as_(irene) as work:
        entry = work.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "client.searched").order_by(AuditEntry.seq)
        ).all()[-1]
    assert entry.count == 0
    assert "Xochitl" not in str(vars(entry))


def test_a_case_number_finds_its_client(as_, irene):
    made = walk_in(as_, irene, ANA | {"hotline_report_number": ["H-77821"]})

    with as_(irene) as work:
        assert [line.id for line in clients.search(work, "77821").lines] == [made.client_id]
        assert [line.id for line in clients.search(work, made.case_number).lines] == [made.client_id]


# File


def test_an_edit_makes_a_version_and_keeps_the_earlier_answer(as_, irene, sam, ana):
    with as_(sam) as work:
        clients.change(work, ana.id, ana.version, {"child_last_name": "Cruz Ortiz"})

    file = read(as_, irene, ana.id)
    assert file.answers["child_last_name"] == "Cruz Ortiz"
    assert [one.answers["child_last_name"] for one in file.versions] == ["Cruz", "Cruz Ortiz"]
    assert (file.versions[-1].by, file.versions[-1].cause) == ("Sam Okafor", Cause.EDIT)


def test_an_edited_name_is_found(as_, irene, ana):
    with as_(irene) as work:
        clients.change(work, ana.id, ana.version, {"child_last_name": "Quimby"})

    with as_(irene) as work:
        assert clients.search(work, "Quimby").total == 1
        assert clients.search(work, "Cruz").total == 0


def test_the_second_editor_is_told_who_was_first(as_, irene, sam, ana):
    with as_(sam) as work:
        clients.change(work, ana.id, ana.version, {"child_sex": "M"})

    with pytest.raises(TooLate, match=r"changed by Sam Okafor at \d+:\d\d [AP]M"), as_(irene) as work:
        clients.change(work, ana.id, ana.version, {"child_sex": "F"})


def test_an_edit_that_changes_nothing_is_refused(as_, irene, ana):
    with pytest.raises(Refused, match="Nothing was changed"), as_(irene) as work:
        clients.change(work, ana.id, ana.version, {"child_sex": "F"})


@pytest.mark.parametrize(
    "changes", [{"child_dob": "2999-01-01"}, {"child_sex": "girl"}, {"child_first_name": None, "child_last_name": None}]
)
def test_a_wrong_edit_is_refused_in_a_sentence(as_, irene, ana, changes):
    with pytest.raises(Refused) as refused, as_(irene) as work:
        clients.change(work, ana.id, ana.version, changes)

    assert refused.value.message.endswith(".")
    assert read(as_, irene, ana.id).answers == ana.answers


def test_a_case_is_edited_closed_and_reopened(as_, irene, ana):
    case = ana.cases[0]
    with as_(irene) as work:
        clients.change_case(work, case.id, case.version, {"le_case_number": ["24-7"]})
    changed = read(as_, irene, ana.id).cases[0]
    with as_(irene) as work:
        clients.close_case(work, case.id, changed.version)
    closed = read(as_, irene, ana.id).cases[0]
    with as_(irene) as work:
        clients.reopen_case(work, case.id, closed.version)

    reopened = read(as_, irene, ana.id).cases[0]
    assert changed.answers["le_case_number"] == ["24-7"]
    assert closed.closed_at is not None
    assert reopened.closed_at is None
    assert reopened.presented == case.presented


def test_a_closed_case_is_not_edited(as_, irene, ana):
    case = ana.cases[0]
    with as_(irene) as work:
        clients.close_case(work, case.id, case.version)
    closed = read(as_, irene, ana.id).cases[0]

    with pytest.raises(TooLate, match="Reopen it first"), as_(irene) as work:
        clients.change_case(work, case.id, closed.version, {"le_case_number": ["24-7"]})


def test_a_case_changed_meanwhile_is_refused(as_, irene, ana):
    case = ana.cases[0]
    with as_(irene) as work:
        clients.close_case(work, case.id, case.version)

    with pytest.raises(TooLate, match="changed after you opened it"), as_(irene) as work:
        clients.close_case(work, case.id, case.version)


def test_what_was_reported_in_words_is_not_edited(as_, irene, ana):
    case = ana.cases[0]

    with pytest.raises(Refused, match="Nothing was changed"), as_(irene) as work:
        clients.change_case(work, case.id, case.version, {"narrative": "Nothing happened."})


def test_a_note_stays_with_its_writer(as_, irene, ana):
    with as_(irene) as work:
        clients.add_note(work, ana.id, "Called the mother.")

    (note,) = read(as_, irene, ana.id).notes
    assert (note.text, note.by) == ("Called the mother.", "Irene Vega")


def test_an_empty_note_is_refused(as_, irene, ana):
    with pytest.raises(Refused, match="Type your note first"), as_(irene) as work:
        clients.add_note(work, ana.id, "  ")


def test_opening_a_file_is_recorded(as_, irene, ana):
    read(as_, irene, ana.id)

    with as_(irene) as work:
        events = work.session.scalars(select(AuditEntry.event).where(AuditEntry.object_id == ana.id)).all()
    assert "client.viewed" in events


# Who may


@pytest.mark.parametrize("who", ["olga", "lena", "peter", "ada"])
def test_clients_are_for_the_centers_staff(request, as_, ana, who):
    other = request.getfixturevalue(who)

    for act in (
        lambda work: clients.search(work, "Cruz"),
        lambda work: clients.find(work, Looked(last_name="Cruz")),
        lambda work: clients.read(work, ana.id),
        lambda work: clients.change(work, ana.id, ana.version, {"child_sex": "M"}),
        lambda work: clients.change_case(work, ana.cases[0].id, 1, {}),
        lambda work: clients.close_case(work, ana.cases[0].id, 1),
        lambda work: clients.reopen_case(work, ana.cases[0].id, 1),
        lambda work: clients.add_note(work, ana.id, "Hello."),
        lambda work: clients.walk_in(work),
        lambda work: clients.keep_walk_in(work, WalkInChoices()),
        lambda work: clients.walk_in_candidates(work),
        lambda work: clients.add_walk_in(work, WalkInChoices(ANA), "key"),
        lambda work: clients.load_clients(work, [ANA]),
    ):
        with pytest.raises(NotPermitted), as_(other) as work:
            act(work)


def test_a_restricted_file_is_only_there_for_those_named(as_, irene, sam, ana):
    from db.tables.referrals import Named

    with as_(irene) as work:
        work.session.get(Client, ana.id).restricted = True
        work.session.add(Named(record_id=ana.id, user_id=sam.user_id, record_kind="client"))
        work.record("client.restricted", "client", ana.id)

    with as_(irene) as work:
        found = clients.search(work, "Ana Cruz")
        asked = clients.find(work, Looked(first_name="Ana", last_name="Cruz", dob="2016-03-27"))
    assert (found.lines, found.alike, asked.found) == ((), (), ())
    assert asked.restricted is not None
    with pytest.raises(NotFound), as_(irene) as work:
        clients.read(work, ana.id)
    with pytest.raises(NotFound), as_(irene) as work:
        clients.close_case(work, ana.cases[0].id, ana.cases[0].version)
    assert read(as_, sam, ana.id).child == "Ana Cruz"


def test_a_client_who_is_not_there_reads_like_one_who_may_not_be_seen(as_, irene):
    with pytest.raises(NotFound), as_(irene) as work:
        clients.read(work, uuid4())


# Many at once


def rows(count):
    return [
        ANA | {"child_first_name": f"Child {number}", "child_last_name": f"Family{number % 50}"}
        for number in range(count)
    ]


def test_many_clients_are_loaded_like_one(as_, irene, sam, ana):
    with as_(sam) as work:
        loaded = clients.load_clients(work, [ANA | {"child_first_name": "Beatriz"}])

    with as_(irene) as work:
        (line,) = clients.search(work, "Beatriz").lines
    one = read(as_, irene, line.id)
    assert loaded.count == 1
    assert loaded.first_number == loaded.last_number == one.number
    assert one.answers == ana.answers | {"child_first_name": "Beatriz"}
    assert one.versions[0].cause is Cause.SPREADSHEET
    assert facts(as_, irene, one.id) == facts(as_, irene, ana.id)


def facts(as_, who, record_id):
    with as_(who) as work:
        found = work.session.scalars(select(Fact).where(Fact.record_id == record_id))
        return sorted((fact.field, fact.ordinal, fact.code, str(fact.on)) for fact in found)


def test_loaded_clients_are_found_by_the_match(as_, irene, sam):
    with as_(sam) as work:
        clients.load_clients(work, rows(60))

    with as_(irene) as work:
        found = clients.find(work, Looked(first_name="Child 7", last_name="Family7", dob="2016-03-27"))
    assert found.found[0].child == "Child 7 Family7"
    assert found.looked_through == 60


def test_a_load_is_whole_or_not_at_all(as_, sam):
    with pytest.raises(Refused, match="Row 3"), as_(sam) as work:
        clients.load_clients(work, [*rows(2), {"child_sex": "F"}])

    assert count(as_, sam, Client) == 0


def test_an_answer_that_cannot_be_read_names_its_row(as_, sam):
    with pytest.raises(Refused, match="Row 1: “Date of birth”"), as_(sam) as work:
        clients.load_clients(work, [ANA | {"child_dob": "yesterday"}])


def test_a_load_is_one_event_with_its_count(as_, sam):
    with as_(sam) as work:
        clients.load_clients(work, rows(20))

    with as_(sam) as work:
        entry = work.session.scalars(select(AuditEntry).where(AuditEntry.event == "client.loaded")).one()
    assert entry.count == 20
    assert count(as_, sam, ClientVersion) == 20
    assert count(as_, sam, Case) == 0


def test_staff_do_not_load_clients(as_, irene):
    with pytest.raises(NotPermitted), as_(irene) as work:
        clients.load_clients(work, rows(1))
