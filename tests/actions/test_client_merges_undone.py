"""Two files merged and separated again are what they were, on everything but the history, whatever they say."""

from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.center import client_merges, clients
from actions.work import working
from db.store import Store
from db.tables.clients import Case, CasePresenting, Client
from db.tables.referrals import Fact, MatchHint, Named, Note
from db.tables.search import SearchKey, SearchPerson
from domain import fields
from domain.intake import WalkInChoices
from domain.merging import Way
from tests.actions.test_merges_undone import NAMES, PERSON, fresh_desk
from tests.cast import Cast, send

FILE = st.fixed_dictionaries(
    {"child_first_name": NAMES, "child_last_name": st.sampled_from(["Whitfield", "De la Cruz"])},
    optional={
        "child_dob": st.sampled_from(["2016-03-27", "2016-03-26", "2011-01-09"]),
        "child_phone": st.lists(st.sampled_from(["850-555-0100", "850-555-0199"]), min_size=1, unique=True),
        "child_race_ethnicity": st.lists(st.sampled_from(["HISP", "WHITE", "UNK"]), min_size=1, unique=True),
        "child_accommodations": st.text("abc é", min_size=1, max_size=20).filter(str.strip),
        "address_confidential": st.sampled_from(["yes", "no", "unknown"]),
        "address_line1": st.sampled_from(["12 Oak Street", "9 Elm Road"]),
        "le_case_number": st.lists(st.sampled_from(["24-1", "24-2"]), min_size=1, unique=True),
        "caregivers": st.lists(PERSON, max_size=2, unique_by=lambda row: row["row"]),
    },
)
LIVED = st.lists(st.sampled_from(["edit", "note", "close"]), max_size=2)
FILES = st.lists(st.tuples(FILE, LIVED), min_size=2, max_size=3)


def on_file(cast: Cast, answers: dict[str, Any], lived: list[str]) -> UUID:
    with working(cast.irene.session_id) as work:
        clients.keep_walk_in(work, WalkInChoices(answers))
        clients.walk_in_candidates(work)
        added = clients.add_walk_in(work, WalkInChoices(answers, "Another child."), uuid4().hex)
    for act in lived:
        with working(cast.irene.session_id) as work:
            view = clients.read(work, added.client_id)
            if act == "edit":
                clients.change(work, view.id, view.version, {"child_school": uuid4().hex})
            elif act == "note":
                clients.add_note(work, view.id, "Called back.")
            elif view.cases[0].closed_at is None:
                clients.close_case(work, view.cases[0].id, view.cases[0].version)
    return added.client_id


def kept(store: Store, ids: list[UUID]) -> dict[UUID, Any]:
    """All that the store holds about these files, but versions and history."""
    with store.reading() as session:
        found = {}
        for each in ids:
            row = session.get(Client, each)
            columns = {c.key: getattr(row, c.key) for c in Client.__table__.columns if c.key != "version"}
            rows = {
                table.__name__: sorted(
                    repr([getattr(one, c.key) for c in table.__table__.columns if c.key != "id" or table is not Fact])
                    for one in session.query(table).filter(column == each)
                )
                for table, column in (
                    (Case, Case.client_id),
                    (Note, Note.record_id),
                    (Fact, Fact.record_id),
                    (Named, Named.record_id),
                )
            }
            cases = [case.id for case in session.query(Case).filter(Case.client_id == each)]
            presented = sorted(
                one.answers for one in session.query(CasePresenting).filter(CasePresenting.case_id.in_(cases))
            )
            person = session.query(SearchPerson).filter(SearchPerson.record_id == each).one()
            keys = sorted(key for (key,) in session.query(SearchKey.key).filter(SearchKey.number == person.number))
            search = (person.kind, person.folded, person.written, sorted(person.keys), keys)
            found[each] = (columns, rows, presented, search)
        return found


def badges(store: Store, at_least: float = 0.0) -> set[tuple[UUID, UUID]]:
    """Referral and file of every badge. How likely leans a little on how common the names are at that moment."""
    with store.reading() as session:
        found = session.query(MatchHint).filter(MatchHint.probability >= at_least)
        return {(hint.referral_id, hint.other_id) for hint in found}


def answers_of(cast: Cast, ids: list[UUID]) -> list[str]:
    with working(cast.irene.session_id) as work:
        return [fields.canonical(clients.read(work, each).answers) for each in ids]


def test_merge_then_undo_of_two_files_is_the_identity_on_everything_but_the_history(rounds):
    @settings(
        max_examples=rounds(short=5, long=1000), deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(FILES, st.data())
    def identity(said: list[tuple[dict[str, Any], list[str]]], data: st.DataObject) -> None:
        with fresh_desk() as (store, cast):
            ids = [on_file(cast, answers, lived) for answers, lived in said]
            send(cast.olga, child_first_name="Jonathan", child_dob="2016-03-27")
            for client_id in ids:
                _written_anew(cast, client_id)
            before, said_before = kept(store, ids), answers_of(cast, ids)
            sure = badges(store, at_least=0.9)

            ended = []
            while len(ids) - len(ended) > 1:
                left = [each for each in ids if each not in ended]
                ended.append(_merge(cast, data.draw(st.permutations(left))[:2], data))
            for each in reversed(ended):
                with working(cast.sam.session_id) as work:
                    client_merges.undo_merge(work, each, "Two children.")

            assert kept(store, ids) == before
            assert answers_of(cast, ids) == said_before
            assert sure <= badges(store)

    identity()


def _written_anew(cast: Cast, client_id: UUID) -> None:
    """The badges as they are found from this file: an undo finds them again the same way."""
    with working(cast.irene.session_id) as work:
        clients.filing.enter_in_search(work, work.session.get(Client, client_id))
        work.record("client.changed", "client", client_id)


def _merge(cast: Cast, two: list[UUID], data: st.DataObject) -> UUID:
    with working(cast.irene.session_id) as work:
        seen = client_merges.propose(work, *two)
        questions = [question for question in seen.proposal.differing if question.way is not Way.JOINED]
        choices = {}
        if questions and data.draw(st.booleans()):
            question = data.draw(st.sampled_from(questions))
            choices = {question.key: data.draw(st.sampled_from([option.code for option in question.options]))}
        versions = {file.id: file.version for file in seen.files}
        client_merges.merge(work, versions, choices, "Same child.", uuid4().hex)
        return seen.ended.id
