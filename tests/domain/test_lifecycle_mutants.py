"""The examination notices every mistake: each row of the table of steps and each guard is broken, and each one dies.

A mutant is one change made mechanically: a row taken out or led elsewhere, an `if ... raise` that never raises, a call
to a refusing function left out, a lock taken off an action. Only questions that run the changed code are asked again.
"""

import ast
import copy
import inspect
import sys
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FunctionType
from typing import Any

import pytest

from actions import drafting, reading
from actions.agency import referrals as agency
from actions.center import imports, merges, referrals
from domain import lifecycle
from domain.lifecycle import STEPS, UNDOES, Marker, Status, Step
from tests.domain.lifecycle_exam import ASKS, Ask, examined_store, wrong_answers
from tests.domain.lifecycle_model import is_the_plain_table

GUARDED: tuple[Any, ...] = (
    lifecycle.target,
    reading.own_referral,
    reading.visible_referral,
    reading.unchanged,
    drafting.send,
    drafting.draft_of,
    drafting._refuse_problems,
    agency.submit,
    agency.discard,
    agency.withdraw,
    referrals.return_to_agency,
    referrals.close,
    referrals.reopen,
    referrals.delete,
    referrals.restore,
    referrals._waiting,
    referrals._unchanged,
    referrals._take_back,
    referrals._refuse_open_hotline,
    merges.propose,
    merges.merge,
    merges.undo_merge,
    merges._waiting,
    merges._locked,
    merges._refuse_moved_on,
    merges._refuse_not_same,
    merges._decision,
    merges._refuse_undoing,
    imports.save_intake,
    imports.undo_import,
    imports._waiting,
    imports._refuse_open_hotline,
    imports._refuse_unsearched,
    imports._refuse_unsettled,
    imports._refuse_worked_on,
)

SAME_BY_ACTS = ((Status.MERGED, Step.UNDO_MERGE), Status.SUBMITTED)
"""Only what is submitted can be merged, so no act can tell BACK from SUBMITTED here; the plain table can, and does."""


def test_the_examination_is_passed_as_the_desk_is():
    with examined_store() as store:
        assert list(wrong_answers(store)) == []


def test_every_row_of_the_table_of_steps_matters(monkeypatch):
    survivors = []
    asks = _asks_of(lifecycle.target)
    with examined_store() as store:
        for row, there in list(STEPS.items()):
            for other in (None, *(each for each in (*Status, Marker.BACK) if each is not there)):
                with monkeypatch.context() as broken:
                    broken.delitem(STEPS, row) if other is None else broken.setitem(STEPS, row, other)
                    assert not is_the_plain_table()
                    if not _dies(store, sorted(asks, key=lambda ask: row[1].value not in ask.name)):
                        survivors.append((row, other))

    assert survivors == [SAME_BY_ACTS]


def test_every_step_that_can_be_taken_back_matters(monkeypatch):
    survivors = []
    asks = _asks_of(lifecycle.target)
    with examined_store() as store:
        for back, steps in list(UNDOES.items()):
            for step in steps:
                with monkeypatch.context() as broken:
                    broken.setitem(UNDOES, back, steps - {step})
                    if not _dies(store, asks):
                        survivors.append((back, step))

    assert survivors == []


@pytest.mark.parametrize("guarded", GUARDED, ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_every_guard_matters(guarded):
    survivors = []
    asks = _asks_of(guarded)  # before anything is broken: what runs a guard is learned from the desk as it is
    with examined_store() as store:
        for what, mutant in mutants(guarded):
            with swapped(guarded, mutant):
                if not _dies(store, asks):
                    survivors.append(what)

    assert survivors == []


def _dies(store: Any, asks: list[Ask]) -> bool:
    return next(wrong_answers(store, asks), None) is not None


def mutants(function: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every version of the function with one guard taken out."""
    plain = inspect.unwrap(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(plain)))
    for number in range(len(_Breaker(tree).places)):
        broken = _Breaker(copy.deepcopy(tree))
        what = broken.out(number)
        names: dict[str, Any] = {}
        code = compile(ast.fix_missing_locations(broken.tree), f"<mutant of {plain.__name__}>", "exec")
        exec(code, sys.modules[plain.__module__].__dict__, names)
        yield f"{plain.__name__}, line {what}", names[plain.__name__]


class _Breaker(ast.NodeTransformer):
    """Finds the guards of one function, and takes one of them out."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.places = [node for node in ast.walk(tree) if self._is_guard(node)]

    def out(self, number: int) -> str:
        self.chosen = self.places[number]
        said = f"{getattr(self.chosen, 'lineno', 0)}: {ast.unparse(self.chosen).splitlines()[0]}"
        self.tree = self.visit(self.tree)
        return said

    def visit(self, node: ast.AST) -> Any:
        if node is not getattr(self, "chosen", None):
            return self.generic_visit(node)
        if isinstance(node, ast.If):
            node.test = ast.Constant(False)
            return node
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
            return node
        if isinstance(node, ast.Expr):
            return ast.Expr(node.value.args[-1])
        return node.args[1] if _called(node) == "unchanged" else node.args[0]

    def _is_guard(self, node: ast.AST) -> bool:
        if isinstance(node, ast.If):
            return isinstance(node.body[-1], ast.Raise | ast.Return)
        if isinstance(node, ast.FunctionDef):
            return bool(node.decorator_list)
        if isinstance(node, ast.Expr):
            return "refuse" in _called(node.value) or _called(node.value) == "_waiting"
        return _called(node) in ("unchanged", "written")


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@contextmanager
def swapped(function: Any, mutant: Any) -> Iterator[None]:
    """Put the mutant wherever our rooms know the function by a name."""
    rooms = [module for name, module in sys.modules.items() if name.split(".")[0] in ("actions", "db", "domain")]
    held = [(module, name) for module in rooms for name, each in vars(module).items() if each is function]
    held.append((sys.modules[function.__module__], function.__name__))
    try:
        for module, name in held:
            setattr(module, name, mutant)
        yield
    finally:
        for module, name in held:
            setattr(module, name, function)


def _asks_of(function: Any) -> list[Ask]:
    """The questions whose answering runs this function, or asks for its lock."""
    return [ask for ask in ASKS if ask in _runs()[inspect.unwrap(function).__code__, function.__name__]]


@cache
def _runs() -> dict[tuple[Any, str], set[Ask]]:
    """Which questions run which of the guarded functions, their locks included."""
    wanted: dict[Any, tuple[Any, str]] = {}
    for each in GUARDED:
        wanted[inspect.unwrap(each).__code__] = (inspect.unwrap(each).__code__, each.__name__)
    found: dict[tuple[Any, str], set[Ask]] = defaultdict(set)
    with examined_store() as store:
        for ask in ASKS:

            def note(frame: Any, event: str, _arg: Any, ask: Ask = ask) -> None:
                if event != "call":
                    return
                if frame.f_code in wanted:
                    found[wanted[frame.f_code]].add(ask)
                elif frame.f_code.co_name == "locked":
                    action: FunctionType = frame.f_locals.get("action") or frame.f_back.f_locals.get("action")
                    code = getattr(action, "__code__", None)
                    if code in wanted:
                        found[wanted[code]].add(ask)

            sys.setprofile(note)
            try:
                list(wrong_answers(store, [ask]))
            finally:
                sys.setprofile(None)
    return found
