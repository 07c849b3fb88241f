"""The closed set of ways in: whatever a screen or route calls is permitted, open to strangers by name, or listed here.

The desk does not start otherwise. It reads the source, so that a way in that nobody has used yet is seen too.
"""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

from actions.accounts.visitors import OPEN_TO_STRANGERS
from actions.work import ACTIONS

HERE = Path(__file__).resolve().parents[1]
ROOMS = ("pages", "widgets", "web")

LISTED = {
    "actions.work.working": "opens the work of a live session, and of nothing else",
    "actions.work.looking": "the same, for reading",
    "actions.work.now": "the time of day",
    "actions.accounts.passwords.change_password": "works as the session it is given; hashing lies outside transactions",
    "actions.accounts.sessions.prove_again": "works as the session it is given; hashing lies outside transactions",
    "actions.accounts.sessions.recognise": "the guard: turns a cookie into a session",
    "actions.accounts.sessions.live": "the guard: whether that session still lives",
    "actions.accounts.sessions.used": "the guard: that it was used",
    "actions.accounts.sessions.time_left": "how long one's own session has left",
    "actions.exports.fetch": "gives a file to the one session it was offered to",
    "actions.hands.of_session": "the hands of the session it is given; each opening asks anew who they are",
    "actions.center.client_spreadsheets.begin": "works with the hands it is given, which must be allowed to load",
    "actions.center.client_spreadsheets.check": "the same",
    "actions.center.client_loading.load": "the same",
    "actions.setup.time_zones": "a list of the world's time zones",
    "actions.backups.back_up_now": "works as the session it is given, which must be allowed to back up",
    "actions.expiry.finish_now": "writes files anew after a purge that two people agreed to; says nothing of anybody",
    "actions.health.banner": "one sentence about the age of backups, drawn for those who may see it",
}
"""Functions that check for themselves, or say nothing about anybody; each with the reason."""


class Unguarded(RuntimeError):
    """A screen or route calls something that names no permission: a bug that stops the desk from starting."""


def refuse_unguarded(here: Path = HERE) -> int:
    """Refuse to start with an unguarded way in; gives how many ways in there are."""
    ways = {name for file in _files(here) for name in _called(file)}
    unguarded = sorted(ways - ACTIONS.keys() - OPEN_TO_STRANGERS.keys() - LISTED.keys())
    if unguarded:
        raise Unguarded(f"these name no permission: {', '.join(unguarded)}")
    return len(ways)


def _files(here: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((here / room).rglob("*.py"))


def _called(file: Path) -> set[str]:
    """Full names of the functions of `actions` that a file imports or reaches through an imported module."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = dict(_imported(tree))
    found = {_full(thing) for thing in names.values() if isinstance(thing, FunctionType)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            reached = getattr(names[node.value.id], node.attr, None)
            if inspect.ismodule(names[node.value.id]) and isinstance(reached, FunctionType):
                found.add(_full(reached))
    return {name for name in found if name.startswith("actions.")}


def _imported(tree: ast.AST) -> Iterator[tuple[str, object]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "actions":
            for alias in node.names:
                yield alias.asname or alias.name, _thing(node.module or "", alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "actions":
                    yield alias.asname or "actions", importlib.import_module(alias.name)


def _thing(module: str, name: str) -> object:
    home = importlib.import_module(module)
    return getattr(home, name) if hasattr(home, name) else importlib.import_module(f"{module}.{name}")


def _full(function: FunctionType) -> str:
    plain = inspect.unwrap(function)
    return f"{plain.__module__}.{plain.__qualname__}"
