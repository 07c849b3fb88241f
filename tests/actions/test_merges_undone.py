"""Merge then undo is the identity on everything but the history, whatever the referrals say and went through."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.agency import referrals as agency
from actions.center import merges, referrals
from actions.work import looking, working
from db import queries
from db import store as stores
from db.store import Store
from db.tables.referrals import (
    Addition,
    Fact,
    MatchHint,
    MergeDecision,
    Note,
    Question,
    Referral,
    ReturnMark,
    Submission,
)
from db.tables.search import SearchKey, SearchPerson
from domain.fields import ReferralType
from domain.lifecycle import ReturnReason, Step
from domain.merging import Way
from domain.referrals import Mark
from tests.cast import Cast, send
from tests.domain.test_lifecycle_machine import template

NAMES = st.sampled_from(["Jonathan", "Jonathon", "José", "O'Brien", "محمد", "Ana María", "X"])
PERSON = st.fixed_dictionaries(
    {"row": st.sampled_from(["aaaaaaaa", "bbbbbbbb"]), "cg_first_name": NAMES},
    optional={
        "cg_relationship": st.sampled_from(["mother", "father"]),
        "cg_phone": st.sampled_from(["850-555-0100", "850-555-0199"]),
        "cg_phone_safe": st.sampled_from(["yes", "no", "unknown"]),
    },
)
ANSWERS = st.fixed_dictionaries(
    {"child_first_name": NAMES, "urgency": st.sampled_from(["routine", "urgent", "emergency"])},
    optional={
        "child_dob": st.sampled_from(["2016-03-27", "2016-03-26", "2011-01-09"]),
        "narrative": st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=30, max_size=90).filter(
            lambda text: len(text.strip()) > 20
        ),
        "safety_concerns": st.lists(st.sampled_from(["none_known", "weapons", "drugs"]), min_size=1, unique=True),
        "le_case_number": st.lists(st.sampled_from(["24-1", "24-2", "24-3"]), min_size=1, unique=True),
        "address_confidential": st.sampled_from(["yes", "no", "unknown"]),
        "caregivers": st.lists(PERSON, max_size=2, unique_by=lambda row: row["row"]),
    },
)
LIVED = st.lists(st.sampled_from(["ask", "assign", "add", "note", "return", "correct"]), max_size=3)
REFERRALS = st.lists(st.tuples(st.sampled_from(["olga", "peter"]), ANSWERS, LIVED), min_size=2, max_size=4)


@contextmanager
def fresh_desk() -> Iterator[tuple[Store, Cast]]:
    """A copy of the desk with only the cast."""
    path, cast = template()
    folder = Path(tempfile.mkdtemp())
    shutil.copyfile(path, folder / "desk.db")
    store = stores.use(Store(f"sqlite:///{folder / 'desk.db'}", b"machine"))
    try:
        yield store, cast
    finally:
        store.close()
        shutil.rmtree(folder)


def live(cast: Cast, owner: str, referral_id: UUID, act: str) -> None:
    """Something that happens to a referral while it waits."""
    sender = getattr(cast, owner)
    if act == "add":
        with working(sender.session_id) as work:
            agency.add_information(work, referral_id, "The grandmother called.")
        return
    with working(cast.irene.session_id) as work:
        version = work.session.get(Referral, referral_id).version
        if act == "ask":
            referrals.ask(work, referral_id, "Which school?")
        elif act == "assign":
            referrals.assign(work, referral_id, version, cast.irene.user_id)
        elif act == "note":
            referrals.add_note(work, referral_id, "Called back.")
        elif act == "correct":
            referrals.correct(work, referral_id, version, {"child_school": f"School {uuid4().hex[:6]}"})
        elif act == "return":
            marks = [Mark("child_dob", "Is this right?")]
            referrals.return_to_agency(work, referral_id, version, ReturnReason.UNCLEAR, "Look again.", marks)
    if act == "return":
        with working(sender.session_id) as work:
            draft = agency.read_draft(work, referral_id)
            agency.submit(work, referral_id, draft.version)


def kept(store: Store, ids: list[UUID]) -> dict[UUID, Any]:
    """All that the store holds about these referrals, but versions and history."""
    with store.reading() as session:
        found = {}
        for each in ids:
            row = session.get(Referral, each)
            columns = {c.key: getattr(row, c.key) for c in Referral.__table__.columns}
            columns = {name: value for name, value in columns.items() if name not in ("version", "steps")}
            rows = {
                table.__name__: sorted(
                    repr([getattr(one, c.key) for c in table.__table__.columns if c.key != "id" or table is not Fact])
                    for one in session.query(table).filter(column == each)
                )
                for table, column in (
                    (Submission, Submission.referral_id),
                    (ReturnMark, ReturnMark.referral_id),
                    (Question, Question.referral_id),
                    (Addition, Addition.referral_id),
                    (Note, Note.record_id),
                    (Fact, Fact.record_id),
                )
            }
            person = session.query(SearchPerson).filter(SearchPerson.record_id == each).one()
            keys = sorted(key for (key,) in session.query(SearchKey.key).filter(SearchKey.number == person.number))
            search = (person.kind, person.folded, person.written, sorted(person.keys), keys)
            hints = sorted(
                (hint.other_id, hint.grade) for hint in session.query(MatchHint).filter(MatchHint.referral_id == each)
            )
            found[each] = (columns, rows, search, hints)
        return found


def history(store: Store, referral_id: UUID) -> list[Step]:
    with store.reading() as session:
        return [change.step for change in session.scalars(queries.history_of(referral_id))]


def seen_by_agencies(cast: Cast) -> dict[str, Any]:
    found = {}
    for owner in ("olga", "peter"):
        with looking(getattr(cast, owner).session_id) as work:
            found[owner] = [(line.number, line.word, line.changed_at, line.child) for line in agency.mine(work)]
    return found


def test_merge_then_undo_is_the_identity_on_everything_but_the_history(rounds):
    @settings(
        max_examples=rounds(short=20, long=1000), deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(REFERRALS, st.data())
    def identity(said: list[tuple[str, dict[str, Any], list[str]]], data: st.DataObject) -> None:
        with fresh_desk() as (store, cast):
            ids = []
            for owner, answers, lived in said:
                kind = ReferralType.LE if owner == "olga" else ReferralType.CPS
                ids.append(send(getattr(cast, owner), kind, **answers))
                for act in lived:
                    live(cast, owner, ids[-1], act)
            before, told = kept(store, ids), seen_by_agencies(cast)
            steps = {each: history(store, each) for each in ids}

            with working(cast.irene.session_id) as work:
                seen = merges.propose(work, ids)
                choices = _some_choices(seen.proposal, data)
                versions = {source.id: source.version for source in seen.sources}
                result_id = merges.merge(work, versions, choices, "Same child.", uuid4().hex)
            for owner, lines in seen_by_agencies(cast).items():
                assert [line[0] for line in lines] == [line[0] for line in told[owner]], "no agency sees the result"
            with working(cast.sam.session_id) as work:
                version = work.session.get(Referral, result_id).version
                if data.draw(st.booleans()):
                    referrals.correct(work, result_id, version, {"child_school": "Elm"})
                    work.session.flush()
                version = work.session.get(Referral, result_id).version
                merges.undo_merge(work, result_id, version, "Two children.")

            assert kept(store, ids) == before
            assert seen_by_agencies(cast) == told
            for each in ids:
                assert history(store, each) == [*steps[each], Step.MERGE, Step.UNDO_MERGE]
            with store.reading() as session:
                assert session.query(MergeDecision).one().undone_by_name == "Sam Okafor"

    identity()


def _some_choices(proposal: Any, data: st.DataObject) -> dict[str, Any]:
    questions = [question for question in proposal.differing if question.way is not Way.JOINED]
    if not questions or not data.draw(st.booleans()):
        return {}
    question = data.draw(st.sampled_from(questions))
    return {question.key: data.draw(st.sampled_from([option.code for option in question.options]))}
