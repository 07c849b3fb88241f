"""An examination of the real actions: every situation of a referral, everything that can be tried, and what must come.

Each question is asked in a transaction of its own that is taken back, so that all of them start from the same desk.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from actions.agency import referrals as agency
from actions.center import client_merges, clients, doubles, imports, merges, referrals
from actions.work import Work, actor_of, now, working
from db import queries
from db import store as stores
from db.model import Base
from db.store import Store
from db.tables.referrals import MergeDecision, Referral
from domain import fields
from domain.fields import ReferralType
from domain.intake import IntakeChoices
from domain.lifecycle import CloseOutcome, DeleteReason, ReturnReason
from domain.matching import RecordKind
from domain.referrals import Mark
from domain.refusals import Refused
from tests.cast import ANSWERS, Cast, bring_in, send

NEW = IntakeChoices(decided=True, override_reason="Another child of that name.")
R = RecordKind.REFERRAL


@dataclass(frozen=True)
class Situations:
    """A desk with one referral in every situation, by name."""

    path: Path
    cast: Cast
    ids: dict[str, UUID]


@dataclass(frozen=True)
class Ask:
    """One try. `expected` is "step: before -> after" of the newest history row, or the kind and words of a refusal."""

    name: str
    who: str
    about: str
    act: Callable[[Work, "Desk"], Any]
    expected: str


@dataclass
class Desk:
    """The situations in one transaction, with the referral that is asked about."""

    work: Work
    ids: dict[str, UUID]
    about: str

    @property
    def id(self) -> UUID:
        return self.ids[self.about]

    @property
    def version(self) -> int:
        return self.version_of(self.about)

    def version_of(self, name: str) -> int:
        return self.work.session.get(Referral, self.ids[name]).version


def asked(kind: ReferralType, answers: dict[str, Any]) -> dict[str, Any]:
    """Those of the answers that this type of referral asks for."""
    names = {field.group or field.name for field in fields.referral(kind)}
    return {name: value for name, value in answers.items() if name in names}


class _TakenBack(Exception):
    pass


@cache
def situations() -> Situations:
    """The desk of the examination, made once per process through the real actions."""
    path = Path(tempfile.mkdtemp()) / "situations.db"
    store = stores.use(Store(f"sqlite:///{path}", b"exam"))
    Base.metadata.create_all(store.engine)
    cast = bring_in(store)
    ids = _prepared(cast)
    store.close()
    return Situations(path, cast, ids)


@contextmanager
def examined_store() -> Iterator[Store]:
    """A fresh copy of the situations as the store of the process."""
    folder = Path(tempfile.mkdtemp())
    shutil.copyfile(situations().path, folder / "desk.db")
    store = stores.use(Store(f"sqlite:///{folder / 'desk.db'}", b"exam"))
    try:
        yield store
    finally:
        store.close()
        shutil.rmtree(folder)


def wrong_answers(store: Store, asks: Iterable["Ask"] | None = None) -> Iterator[str]:
    """Every try that comes out otherwise than expected."""
    for ask in ASKS if asks is None else asks:
        came = _tried(store, ask)
        if not came.startswith(ask.expected) or (not ask.expected and came):
            yield f"{ask.name}: expected {ask.expected!r}, came {came!r}"


def _tried(store: Store, ask: Ask) -> str:
    known = situations()
    came = ""
    try:
        with store.writing() as session:
            work = Work(actor_of(session, getattr(known.cast, ask.who).session_id), session, now())
            came = _outcome(work, Desk(work, known.ids, ask.about), ask)
            raise _TakenBack
    except _TakenBack:
        return came
    except Exception as broken:  # noqa: BLE001  (a mutant may break in any way; that is a wrong answer too)
        return f"broke: {type(broken).__name__}"


def _outcome(work: Work, desk: Desk, ask: Ask) -> str:
    try:
        said = ask.act(work, desk)
        work.session.flush()
    except Refused as refused:
        return f"{type(refused).__name__}: {refused.message}"
    if isinstance(said, str):
        return said
    last = work.session.scalar(queries.newest_step(desk.id))
    row = work.session.get(Referral, desk.id)
    assert row.status is last.to_status
    return f"{last.step.value}: {last.from_status.value if last.from_status else None} -> {last.to_status.value}"


def _prepared(cast: Cast) -> dict[str, UUID]:
    sends: dict[str, dict[str, Any]] = {
        name: {"child_first_name": first, "child_last_name": last}
        for name, first, last in (
            ("waiting", "Jonathan", "Whitfield"),
            ("twin", "Jonathan", "Whitfield"),
            ("third", "Jonathan", "Whitfield"),
            ("rejected", "Ana", "Mendoza"),
            ("closed", "Bea", "Novak"),
            ("closed_rejected", "Carl", "Orsini"),
            ("withdrawn", "Dina", "Palmer"),
            ("withdrawn_rejected", "Emil", "Quist"),
            ("deleted", "Fay", "Rossi"),
            ("deleted_rejected", "Gus", "Stern"),
            ("source", "Hana", "Tanaka"),
            ("source_too", "Hana", "Tanaka"),
            ("apart", "Ines", "Ueda"),
            ("apart_too", "Ines", "Ueda"),
            ("inner_source", "Joel", "Vance"),
            ("inner_source_too", "Joel", "Vance"),
            ("outer_source", "Joel", "Vance"),
            ("cousin", "Kim", "Walsh"),
            ("cousin_too", "Kim", "Walsh"),
            ("imported", "Lou", "Xavier"),
            ("same_as_imported", "Lou", "Xavier"),
            ("worked_on", "Mia", "Young"),
            ("kept", "Nia", "Zane"),
            ("ended", "Nia", "Zane"),
        )
    }
    ids = {name: send(cast.olga, **answers) for name, answers in sends.items()}
    ids["hotline"] = send(cast.olga, ReferralType.CLIENT, child_first_name="Ned", hotline_report_made="no")
    ids["peters"] = send(cast.peter, ReferralType.CPS, child_first_name="Ola")
    with working(cast.olga.session_id) as work:
        ids["draft"] = agency.start(work, ReferralType.LE).id
        ids["ready"] = agency.start(work, ReferralType.LE).id
        agency.save_answers(work, ids["ready"], asked(ReferralType.LE, ANSWERS))
    with working(cast.irene.session_id) as work:
        ids["phoned"] = referrals.phone_in(work, ReferralType.LE, cast.sheriff_id, "Dan Cole", work.now).id
    for name in ("rejected", "closed_rejected", "withdrawn_rejected", "deleted_rejected"):
        _step(cast.irene, lambda work, name=name: _return(work, Desk(work, ids, name)))
    for name in ("closed", "closed_rejected"):
        _step(cast.irene, lambda work, name=name: _close(work, Desk(work, ids, name)))
    for name in ("deleted", "deleted_rejected"):
        _step(cast.irene, lambda work, name=name: _delete(work, Desk(work, ids, name)))
    for name in ("withdrawn", "withdrawn_rejected"):
        _step(cast.olga, lambda work, name=name: _withdraw(work, Desk(work, ids, name)))
    ids["result"] = _step(cast.irene, lambda work: _merge(work, ids, "source", "source_too"))
    ids["dissolved"] = _step(cast.irene, lambda work: _merge(work, ids, "apart", "apart_too"))
    _step(cast.irene, lambda work: _undo(work, Desk(work, ids, "dissolved")))
    ids["inner"] = _step(cast.irene, lambda work: _merge(work, ids, "inner_source", "inner_source_too"))
    ids["outer"] = _step(cast.irene, lambda work: _merge(work, ids, "inner", "outer_source"))
    _step(cast.irene, lambda work: doubles.not_same_child(work, (R, ids["cousin"]), (R, ids["cousin_too"]), "Cousins."))
    for name in ("imported", "worked_on", "kept", "ended"):
        _step(cast.irene, lambda work, name=name: _import(work, Desk(work, ids, name)))
    _step(cast.irene, lambda work: _merge_files(work, ids["kept"], ids["ended"]))
    _step(cast.irene, lambda work: _work_on(work, ids["worked_on"]))
    _step(cast.irene, lambda work: imports.candidates(work, ids["third"]) and None)
    return ids


def _step(member: Any, act: Callable[[Work], Any]) -> Any:
    with working(member.session_id) as work:
        return act(work)


def _return(work: Work, desk: Desk, **otherwise: Any) -> None:
    version, comment = otherwise.get("version", desk.version), otherwise.get("comment", "Which school?")
    referrals.return_to_agency(work, desk.id, version, ReturnReason.UNCLEAR, comment, otherwise.get("marks", ()))


def _close(work: Work, desk: Desk, **otherwise: Any) -> None:
    version, comment = otherwise.get("version", desk.version), otherwise.get("comment", "Told Olga.")
    referrals.close(work, desk.id, version, CloseOutcome.CONSULT_ONLY, comment)


def _delete(work: Work, desk: Desk, **otherwise: Any) -> None:
    referrals.delete(work, desk.id, otherwise.get("version", desk.version), DeleteReason.TEST)


def _reopen(work: Work, desk: Desk, **otherwise: Any) -> None:
    referrals.reopen(work, desk.id, otherwise.get("version", desk.version))


def _restore(work: Work, desk: Desk, **otherwise: Any) -> None:
    referrals.restore(work, desk.id, otherwise.get("version", desk.version))


def _withdraw(work: Work, desk: Desk, **otherwise: Any) -> None:
    agency.withdraw(work, desk.id, otherwise.get("version", desk.version), otherwise.get("reason", "Sent twice."))


def _send(work: Work, desk: Desk, **otherwise: Any) -> None:
    agency.submit(work, desk.id, otherwise.get("version", desk.version))


def _discard(work: Work, desk: Desk, **_otherwise: Any) -> str:
    agency.discard(work, desk.id)
    work.session.flush()
    return "discarded" if work.session.get(Referral, desk.id) is None else "still there"


def _import(work: Work, desk: Desk, **otherwise: Any) -> None:
    if otherwise.get("search", True):
        imports.candidates(work, desk.id)
    choices = otherwise.get("choices", NEW)
    imports.save_intake(work, desk.id, otherwise.get("version", desk.version), choices, uuid4().hex)


def _undo_import(work: Work, desk: Desk, **otherwise: Any) -> None:
    imports.undo_import(work, desk.id, otherwise.get("version", desk.version), otherwise.get("reason", "Wrong child."))


def _merge(work: Work, ids: dict[str, UUID], *names: str, reason: str = "Same child.", key: str = "") -> UUID:
    versions = {ids[name]: Desk(work, ids, name).version for name in names}
    return merges.merge(work, versions, {}, reason, key or uuid4().hex)


def _merge_with_third(work: Work, desk: Desk, **otherwise: Any) -> None:
    """Merge the one that is asked about with another that waits."""
    versions = {desk.id: otherwise.get("version", desk.version), desk.ids["third"]: desk.version_of("third")}
    made = merges.merge(work, versions, {}, otherwise.get("reason", "Same child."), uuid4().hex)
    row = work.session.get(Referral, desk.id)
    assert row.merged_into_id == made
    assert work.session.get(Referral, made).status.value == "submitted"


def _undo(work: Work, desk: Desk, **otherwise: Any) -> None:
    freed = merges.undo_merge(
        work, desk.id, otherwise.get("version", desk.version), otherwise.get("reason", "Two children.")
    )
    for each in freed:
        row = work.session.get(Referral, each)
        assert (row.status.value, row.merged_into_id) == ("submitted", None)


def _work_on(work: Work, referral_id: UUID) -> None:
    view = referrals.read(work, referral_id)
    clients.add_note(work, view.client_id, "Called the mother.")


def _propose(work: Work, desk: Desk, **_otherwise: Any) -> str:
    return f"proposed {len(merges.propose(work, [desk.id, desk.ids['third']]).sources)}"


STEPS_OF_STAFF: dict[str, Callable[..., Any]] = {
    "reject": _return,
    "close": _close,
    "delete": _delete,
    "reopen": _reopen,
    "restore": _restore,
    "import": _import,
    "merge": _merge_with_third,
    "undo_merge": _undo,
}
STEPS_OF_AGENCY: dict[str, Callable[..., Any]] = {"submit": _send, "withdraw": _withdraw, "discard": _discard}

STATUSES = {
    "draft": "draft",
    "waiting": "submitted",
    "rejected": "rejected",
    "closed": "closed",
    "closed_rejected": "closed",
    "withdrawn": "closed",
    "withdrawn_rejected": "closed",
    "deleted": "deleted",
    "deleted_rejected": "deleted",
    "source": "merged",
    "inner": "merged",
    "result": "submitted",
    "dissolved": "deleted",
    "imported": "imported",
}
RESULTS = {"result", "dissolved", "inner"}
CAME_FROM = {"closed_rejected": "rejected", "withdrawn_rejected": "rejected", "deleted_rejected": "rejected"}

NOT_FOUND = "NotFound: There is no such referral"
TABLE = "Refused: This referral is {}: it cannot be {}"
BACK = "Refused: This referral cannot be {}: its history shows nothing to take back"


def _expected_of_staff(step: str, name: str) -> str:
    """What product.md says must come of it."""
    status, before = STATUSES[name], CAME_FROM.get(name, "submitted")
    if name == "draft":
        return NOT_FOUND
    if step == "reject":
        if name == "result":
            return "Refused: A merged referral is not returned"
        return "reject: submitted -> rejected" if status == "submitted" else "TooLate: R-"
    if step == "close":
        return f"close: {status} -> closed" if status in ("submitted", "rejected") else _table(status, "closed")
    if step == "delete":
        return f"delete: {status} -> deleted" if status in ("submitted", "rejected") else _table(status, "deleted")
    if step == "reopen":
        return f"reopen: closed -> {before}" if status == "closed" else _table(status, "reopened")
    if step == "restore":
        if name == "dissolved":
            return BACK.format("restored")
        return f"restore: deleted -> {before}" if status == "deleted" else _table(status, "restored")
    if step == "import":
        return "import: submitted -> imported" if status == "submitted" else "TooLate: R-"
    if step == "merge":
        return "merge: submitted -> merged" if status == "submitted" else "TooLate: R-"
    return _expected_undo(name)


def _expected_undo(name: str) -> str:
    if name == "result":
        return "dissolve: submitted -> deleted"
    if name == "dissolved":
        return "TooLate: Irene Vega undid this merge already"
    if name == "inner":
        return "TooLate: R-"
    return "Refused: This referral is not the result of a merge"


def _table(status: str, done: str) -> str:
    label = {"rejected": "rejected (returned for information)"}.get(status, status)
    return TABLE.format(label, done)


def _expected_of_agency(step: str, name: str) -> str:
    status = STATUSES[name]
    if name in RESULTS:
        return NOT_FOUND
    if step == "submit":
        if status == "draft":
            return "Refused: The referral was not sent"
        if status == "rejected":
            return "resubmit: rejected -> submitted"
        return "submit: draft -> submitted" if status == "submitted" else "TooLate: This referral was sent"
    if step == "withdraw":
        if status == "merged":
            return "merge: submitted -> merged"
        return f"withdraw: {status} -> closed" if status in ("submitted", "rejected") else "TooLate: "
    return "discarded" if status == "draft" else "TooLate: R-"


def _every_step() -> Iterator[Ask]:
    for name in STATUSES:
        for step, act in STEPS_OF_STAFF.items():
            yield Ask(f"{step} {name}", "irene", name, act, _expected_of_staff(step, name))
        for step, act in STEPS_OF_AGENCY.items():
            yield Ask(f"{step} {name}", "olga", name, act, _expected_of_agency(step, name))
        status = STATUSES[name]
        expected = "undo_import: imported -> submitted" if status == "imported" else "TooLate: R-"
        yield Ask(f"undo import {name}", "sam", name, _undo_import, NOT_FOUND if name == "draft" else expected)


def _who_may_not() -> Iterator[Ask]:
    for step, act in STEPS_OF_STAFF.items():
        about = {"reopen": "closed", "restore": "deleted", "undo_merge": "result"}.get(step, "waiting")
        for who in ("olga", "peter", "ada"):
            act_alone = _with(act, search=False)
            yield Ask(f"{step} by {who}", who, about, act_alone, "NotPermitted: ")
    for who in ("olga", "irene", "ada"):
        yield Ask(f"undo import by {who}", who, "imported", _undo_import, "NotPermitted: ")
    for step, act in STEPS_OF_AGENCY.items():
        about = "draft" if step == "discard" else "rejected"
        yield Ask(f"{step} by staff", "irene", about, act, "NotPermitted: ")
        yield Ask(f"{step} by another agency", "peter", about, act, NOT_FOUND)
    yield Ask("propose by an agency", "olga", "waiting", _propose, "NotPermitted: ")
    yield Ask("propose", "irene", "waiting", _propose, "proposed 2")


def _stale_and_blank() -> Iterator[Ask]:
    moved = "TooLate: R-"
    elsewhere = {"reopen": "closed", "restore": "deleted", "undo_merge": "result"}
    for step, act in STEPS_OF_STAFF.items():
        about = elsewhere.get(step, "waiting")
        yield Ask(f"{step} of an older version", "irene", about, _with(act, version=0), moved)
    yield Ask("undo import of an older version", "sam", "imported", _with(_undo_import, version=0), moved)
    yield Ask("withdraw of an older version", "olga", "waiting", _with(_withdraw, version=0), moved)
    yield Ask("send of an older version", "olga", "rejected", _with(_send, version=0), "TooLate: This referral was")
    for step, word in (("reject", "comment"), ("close", "comment"), ("merge", "reason"), ("undo_merge", "reason")):
        about = "result" if step == "undo_merge" else "waiting"
        act = _with(STEPS_OF_STAFF[step], **{word: " "})
        yield Ask(f"{step} without a word", "irene", about, act, "Refused: ")
    yield Ask("withdraw without a word", "olga", "waiting", _with(_withdraw, reason=" "), "Refused: ")
    yield Ask("undo import without a word", "sam", "imported", _with(_undo_import, reason=" "), "Refused: ")


def _guards_of_their_own() -> Iterator[Ask]:
    open_task = "Refused: The hotline report of"
    for step in ("reject", "close", "import"):
        yield Ask(f"{step} with an open hotline task", "irene", "hotline", STEPS_OF_STAFF[step], open_task)
    yield Ask("settled, then closed", "irene", "hotline", _settle_and_close, "close: submitted -> closed")
    stray = [Mark("cps_intake_number", "Which?")]
    yield Ask("a mark elsewhere", "irene", "waiting", _with(_return, marks=stray), "Refused: One of the marked")
    yield Ask("import unsearched", "irene", "twin", _with(_import, search=False), "Refused: ")
    undecided = IntakeChoices()
    yield Ask("import of what was decided", "irene", "closed", _with(_import, search=False), "TooLate: R-")
    yield Ask("import of what was not sent", "irene", "phoned", _import, "Refused: This referral was not sent")
    changed = "TooLate: This referral was changed in the meantime"
    yield Ask("close of an older draft", "irene", "phoned", _with(_close, version=0), changed)
    yield Ask("send what is complete", "olga", "ready", _send, "submit: draft -> submitted")
    yield Ask("import undecided", "irene", "waiting", _with(_import, choices=undecided), "Refused: Choose first")
    unreasoned = IntakeChoices(decided=True)
    yield Ask("a match passed over", "irene", "same_as_imported", _with(_import, choices=unreasoned), "Refused: ")
    wrong = IntakeChoices(decided=True, override_reason="Another.", edited={"child_dob": "2999-01-01"})
    yield Ask("a wrong answer", "irene", "waiting", _with(_import, choices=wrong), "Refused: ")
    yield Ask("unsettled differences", "irene", "same_as_imported", _import_to_client_unsettled, "Refused: “")
    yield Ask("undo of an import worked on", "sam", "worked_on", _undo_import, "Refused: C-")
    yield Ask("undo of an import into an ended file", "sam", "ended", _undo_import_too_early, "merge first")
    yield Ask("propose what was decided", "irene", "closed", _propose, "TooLate: R-")
    yield Ask("propose one", "irene", "third", _propose, "Refused: Pick two")
    yield Ask("propose seven", "irene", "third", _propose_seven, "Refused: At most")
    yield Ask("one is no merge", "irene", "waiting", _merge_alone, "Refused: Pick two")
    yield Ask("seven are too many", "irene", "waiting", _merge_seven, "Refused: ")
    yield Ask("not the same child", "irene", "cousin", _merge_cousins, "Refused: Irene Vega decided")
    yield Ask("merge twice", "irene", "waiting", _merge_twice, "one result")
    yield Ask("import twice", "irene", "waiting", _import_twice, "one client")
    yield Ask("send twice", "olga", "rejected", _send_twice, "resubmit: rejected -> submitted")
    yield Ask("undo under an outer merge", "irene", "inner", _undo, "TooLate: R-")
    yield Ask("undo after the result's import", "irene", "result", _import_then_undo, "TooLate: R-")
    yield Ask("undo after import and its undo", "sam", "result", _import_undo_undo, "dissolve: submitted -> deleted")
    yield Ask("undo twice", "irene", "result", _undo_twice, "TooLate: Irene Vega undid")
    yield Ask("undo unknown", "irene", "nobody", _undo_nobody, NOT_FOUND)


def _with(act: Callable[..., Any], **otherwise: Any) -> Callable[[Work, Desk], Any]:
    return lambda work, desk: act(work, desk, **otherwise)


def _settle_and_close(work: Work, desk: Desk) -> None:
    referrals.settle_hotline(work, desk.id, date(2026, 1, 5), "H-1", "Olga")
    work.session.flush()
    _close(work, desk)


def _import_to_client_unsettled(work: Work, desk: Desk) -> None:
    client_id = referrals.read(work, desk.ids["imported"]).client_id
    clients_version = clients.read(work, client_id).version
    referrals.correct(work, desk.id, desk.version, {"child_dob": "2016-03-28"})
    work.session.flush()
    imports.candidates(work, desk.id)
    choices = IntakeChoices().for_client(client_id, clients_version)
    imports.save_intake(work, desk.id, desk.version, choices, uuid4().hex)


def _merge_alone(work: Work, desk: Desk) -> None:
    merges.merge(work, {desk.id: desk.version}, {}, "Same.", uuid4().hex)


SEVEN = ("waiting", "twin", "third", "apart", "apart_too", "cousin", "peters")


def _merge_files(work: Work, *referral_ids: UUID) -> None:
    files = [work.session.scalar(queries.standing_import(each)).client_id for each in referral_ids]
    seen = client_merges.propose(work, *files)
    client_merges.merge(work, {file.id: file.version for file in seen.files}, {}, "One child.", "two files")


def _undo_import_too_early(work: Work, desk: Desk) -> str:
    try:
        _undo_import(work, desk)
    except Refused as refused:
        return "merge first" if "Undo that merge first" in refused.message else refused.message
    return "undone"


def _merge_seven(work: Work, desk: Desk) -> None:
    _merge(work, desk.ids, *SEVEN)


def _propose_seven(work: Work, desk: Desk) -> None:
    merges.propose(work, [desk.ids[name] for name in SEVEN])


def _merge_cousins(work: Work, desk: Desk) -> None:
    _merge(work, desk.ids, "cousin", "cousin_too")


def _merge_twice(work: Work, desk: Desk) -> str:
    versions = {desk.ids[name]: desk.version_of(name) for name in ("waiting", "twin")}
    once = merges.merge(work, versions, {}, "Same.", "one-key")
    twice = merges.merge(work, versions, {}, "Same.", "one-key")
    count = work.session.query(MergeDecision).filter(MergeDecision.undone_at.is_(None)).count()
    return "one result" if once == twice and count == 4 else f"{count} results"


def _import_twice(work: Work, desk: Desk) -> str:
    imports.candidates(work, desk.id)
    version = desk.version
    once = imports.save_intake(work, desk.id, version, NEW, "one-key")
    twice = imports.save_intake(work, desk.id, version, NEW, "one-key")
    return "one client" if once.client_id == twice.client_id else "two clients"


def _send_twice(work: Work, desk: Desk) -> None:
    version = desk.version
    agency.submit(work, desk.id, version)
    agency.submit(work, desk.id, version)


def _import_then_undo(work: Work, desk: Desk) -> None:
    _import(work, desk)
    work.session.flush()
    _undo(work, desk)


def _import_undo_undo(work: Work, desk: Desk) -> None:
    _import(work, desk)
    work.session.flush()
    _undo_import(work, desk)
    work.session.flush()
    _undo(work, desk)


def _undo_twice(work: Work, desk: Desk) -> None:
    _undo(work, desk)
    work.session.flush()
    _undo(work, desk)


def _undo_nobody(work: Work, _desk: Desk) -> None:
    merges.undo_merge(work, uuid4(), 1, "why")


ASKS = (*_every_step(), *_who_may_not(), *_stale_and_blank(), *_guards_of_their_own())
