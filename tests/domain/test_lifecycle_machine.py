"""The life of referrals as a state machine: random sequences of real actions on real SQLite, against the model."""

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from actions.agency import referrals as agency
from actions.center import imports, merges, referrals
from actions.work import working
from db import store as stores
from db.model import Base
from db.store import Store
from db.tables.referrals import MergeDecision, Referral, StatusChange
from db.tables.search import SearchPerson
from domain.fields import ReferralType
from domain.intake import IntakeChoices
from domain.lifecycle import CloseOutcome, DeleteReason, ReturnReason
from domain.refusals import Refused
from tests.cast import ANSWERS, Cast, bring_in
from tests.domain.lifecycle_exam import asked
from tests.domain.lifecycle_model import FOUND_IN_SEARCH, MERGED, REJECTED, SUBMITTED, Life

WHICH = st.integers(min_value=0, max_value=50)
CHILDREN = st.sampled_from(["Jonathan", "Jonathon", "Ana", "José"])


@cache
def template() -> tuple[Path, Cast]:
    """A file with the cast in it, made once and copied for every run."""
    path = Path(tempfile.mkdtemp()) / "cast.db"
    store = stores.use(Store(f"sqlite:///{path}", b"machine"))
    Base.metadata.create_all(store.engine)
    cast = bring_in(store)
    store.close()
    return path, cast


class Desk(RuleBasedStateMachine):
    """Referrals of two agencies, and everything that can be done with them."""

    def __init__(self) -> None:
        super().__init__()
        path, self.cast = template()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copyfile(path, self.folder / "desk.db")
        self.store = stores.use(Store(f"sqlite:///{self.folder / 'desk.db'}", b"machine"))
        self.lives: dict[UUID, Life] = {}
        self.gone = 0

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize()
    def two_wait(self) -> None:
        for owner in ("olga", "peter"):
            self.write_and_send(owner, "Jonathan")

    @rule(owner=st.sampled_from(["olga", "peter"]), child=CHILDREN)
    def write(self, owner: str, child: str) -> None:
        kind = ReferralType.LE if owner == "olga" else ReferralType.CPS
        with working(getattr(self.cast, owner).session_id) as work:
            draft = agency.start(work, kind)
            agency.save_answers(work, draft.id, asked(kind, ANSWERS | {"child_first_name": child}))
        self.lives[draft.id] = Life(owner)

    @rule(which=WHICH)
    def send(self, which: int) -> None:
        self.send_this(self.pick(which, "resubmit" if which % 2 else "submit")[0])

    def send_this(self, found: UUID) -> None:
        life = self.lives[found]
        if not life.owner:
            return
        step = "resubmit" if life.status == REJECTED else "submit"
        changes = life.can(step)
        allowed = changes or life.status == SUBMITTED
        self.act(life.owner, lambda work, version: agency.submit(work, found, version), found, allowed=allowed)
        if changes:
            life.go(step)

    @rule(owner=st.sampled_from(["olga", "peter"]), child=CHILDREN)
    def write_and_send(self, owner: str, child: str) -> None:
        self.write(owner, child)
        self.send_this(list(self.lives)[-1])

    @rule(which=WHICH)
    def discard(self, which: int) -> None:
        found, life = self.pick(which)
        if not life.owner:
            return
        allowed = life.status == "draft"
        self.act(life.owner, lambda work, _version: agency.discard(work, found), found, allowed=allowed)
        if allowed:
            del self.lives[found]

    @rule(which=WHICH)
    def return_to_agency(self, which: int) -> None:
        found, life = self.pick(which, "reject")
        self.staff_step(
            found,
            "reject",
            lambda work, version: referrals.return_to_agency(work, found, version, ReturnReason.UNCLEAR, "Which?"),
            allowed=life.can("reject") and not life.sources,
        )

    @rule(which=WHICH)
    def close(self, which: int) -> None:
        found, _life = self.pick(which, "close")
        self.staff_step(
            found,
            "close",
            lambda work, version: referrals.close(work, found, version, CloseOutcome.CONSULT_ONLY, "Told them."),
        )

    @rule(which=WHICH)
    def reopen(self, which: int) -> None:
        found, _life = self.pick(which, "reopen")
        self.staff_step(found, "reopen", lambda work, version: referrals.reopen(work, found, version))

    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        found, _life = self.pick(which, "delete")
        self.staff_step(
            found, "delete", lambda work, version: referrals.delete(work, found, version, DeleteReason.TEST)
        )

    @rule(which=WHICH)
    def restore(self, which: int) -> None:
        found, _life = self.pick(which, "restore")
        self.staff_step(found, "restore", lambda work, version: referrals.restore(work, found, version))

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        found, life = self.pick(which, "withdraw")
        if not life.owner:
            return
        allowed = life.can("withdraw") or life.status == MERGED
        self.act(
            life.owner,
            lambda work, version: agency.withdraw(work, found, version, "Sent twice."),
            found,
            allowed=allowed,
        )
        if life.can("withdraw"):
            life.go("withdraw")

    @rule(picked=st.lists(WHICH, min_size=2, max_size=3))
    def merge(self, picked: list[int]) -> None:
        self.merge_these(tuple(dict.fromkeys(self.pick(which, "merge")[0] for which in picked)))

    @precondition(lambda self: sum(life.status == SUBMITTED for life in self.lives.values()) > 1)
    @rule(which=WHICH, count=st.integers(2, 3))
    def merge_some_that_wait(self, which: int, count: int) -> None:
        waiting = [each for each, life in self.lives.items() if life.status == SUBMITTED]
        start = which % len(waiting)
        self.merge_these(tuple((waiting[start:] + waiting[:start])[:count]))

    def merge_these(self, ids: tuple[UUID, ...]) -> None:
        allowed = len(ids) > 1 and all(self.lives[each].can("merge") for each in ids)
        versions = {each: self.version(each) for each in ids}
        made = self.act(
            "irene", lambda work, _v: merges.merge(work, versions, {}, "Same.", uuid4().hex), allowed=allowed
        )
        if allowed:
            for each in ids:
                self.lives[each].go("merge")
                self.lives[each].into = made
            self.lives[made] = Life.result_of(ids)

    @precondition(lambda self: any(life.status == MERGED for life in self.lives.values()))
    @rule(which=WHICH)
    def undo_a_merge_that_stands(self, which: int) -> None:
        results = [each for each, life in self.lives.items() if life.sources and not life.undone]
        self.undo(results[which % len(results)])

    @rule(which=WHICH)
    def undo_merge(self, which: int) -> None:
        self.undo(self.pick(which)[0])

    def undo(self, found: UUID) -> None:
        life = self.lives[found]
        allowed = bool(life.sources) and not life.undone and life.status == SUBMITTED
        self.act("irene", lambda work, version: merges.undo_merge(work, found, version, "Two."), found, allowed=allowed)
        if allowed:
            life.go("dissolve")
            life.undone = True
            for each in life.sources:
                self.lives[each].go("undo_merge")
                self.lives[each].into = None

    @rule(which=WHICH)
    def bring_into_a_file(self, which: int) -> None:
        found, life = self.pick(which, "import")
        choices = IntakeChoices(decided=True, override_reason="Another child of that name.")

        def act(work: Any, version: int) -> None:
            imports.candidates(work, found)
            imports.save_intake(work, found, version, choices, uuid4().hex)

        self.staff_step(found, "import", act, allowed=life.can("import"))

    @rule(which=WHICH)
    def undo_import(self, which: int) -> None:
        found, life = self.pick(which, "undo_import")
        allowed = life.can("undo_import")
        self.act(
            "sam", lambda work, seen: imports.undo_import(work, found, seen, "Wrong child."), found, allowed=allowed
        )
        if allowed:
            life.go("undo_import")

    @rule(which=WHICH, step=st.sampled_from(["close", "delete", "reject", "merge", "undo", "withdraw", "import"]))
    def act_on_what_moved_on(self, which: int, step: str) -> None:
        """Somebody acts on an older version than the one that is kept: nothing happens, whatever it is."""
        found, life = self.pick(which)
        other = next(each for each in self.lives if each != found) if len(self.lives) > 1 else found
        acts = {
            "close": lambda work, v: referrals.close(work, found, v, CloseOutcome.CONSULT_ONLY, "Told."),
            "delete": lambda work, v: referrals.delete(work, found, v, DeleteReason.TEST),
            "reject": lambda work, v: referrals.return_to_agency(work, found, v, ReturnReason.UNCLEAR, "?"),
            "merge": lambda work, v: merges.merge(
                work, {found: v, other: self.version(other)}, {}, "Same.", uuid4().hex
            ),
            "undo": lambda work, v: merges.undo_merge(work, found, v, "Two."),
            "import": lambda work, v: imports.save_intake(work, found, v, IntakeChoices(decided=True), uuid4().hex),
            "withdraw": lambda work, v: agency.withdraw(work, found, v, "Sent twice."),
        }
        if step == "withdraw" and (not life.owner or life.status == MERGED):
            return
        who = life.owner if step == "withdraw" else "irene"
        version = self.version(found) - 1
        self.act(who, lambda work, _v: acts[step](work, version), found, allowed=False)

    @invariant()
    def the_desk_is_what_the_model_is(self) -> None:
        with self.store.reading() as session:
            kept = {
                row.id: (row.status.value, row.round, row.merged_into_id, row.number is not None)
                for row in session.query(Referral)
            }
            assert set(kept) == set(self.lives)
            steps: dict[UUID, list[Any]] = {each: [] for each in kept}
            for change in session.query(StatusChange).order_by(StatusChange.ordinal):
                before = change.from_status.value if change.from_status else None
                steps[change.referral_id].append((change.step.value, before, change.to_status.value))
            found = {row.record_id for row in session.query(SearchPerson).filter(SearchPerson.kind == "referral")}
            standing = {row.result_id for row in session.query(MergeDecision) if row.undone_at is None}
        for each, life in self.lives.items():
            assert kept[each] == (life.status, life.round, life.into, life.round > 0)
            assert steps[each] == life.history
        assert found == {each for each, life in self.lives.items() if life.status in FOUND_IN_SEARCH}
        assert standing == {each for each, life in self.lives.items() if life.sources and not life.undone}

    @invariant()
    def no_child_is_lost(self) -> None:
        for life in self.lives.values():
            if life.status == MERGED:
                result = self.lives[life.into]
                assert not result.undone, "a merged referral points at a result that stands"

    def staff_step(self, found: UUID, step: str, act: Any, *, allowed: bool | None = None) -> None:
        life = self.lives[found]
        allowed = life.can(step) if allowed is None else allowed
        self.act("irene", act, found, allowed=allowed)
        if allowed:
            life.go(step)

    def act(self, who: str, act: Any, found: UUID | None = None, *, allowed: bool) -> Any:
        """Do it as this person; it is refused exactly when the model says so."""
        version, refusal, done = self.version(found) if found else 0, "", None
        try:
            with working(getattr(self.cast, who).session_id) as work:
                done = act(work, version)
        except Refused as refused:
            refusal = refused.message
        assert bool(refusal) != allowed, refusal or "this should have been refused"
        assert not refusal or refusal.endswith(".")
        return done

    def pick(self, which: int, step: str = "") -> tuple[UUID, Life]:
        """A referral: two times of three one that can take the step, where there is one."""
        if not self.lives:
            self.write("olga", "Jonathan")
        can = [each for each, life in self.lives.items() if which % 3 and step and life.can(step)]
        ids = can or list(self.lives)
        found = ids[which // 3 % len(ids)]
        return found, self.lives[found]

    def version(self, referral_id: UUID) -> int:
        with self.store.reading() as session:
            return session.get(Referral, referral_id).version


def test_no_sequence_of_acts_leads_where_the_model_does_not(rounds):
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=rounds(short=15, long=300),
            stateful_step_count=rounds(short=25, long=60),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
