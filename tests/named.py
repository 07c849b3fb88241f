"""The tests that a page of the documents names, and whether they are there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def named(page: str, home: str, first: str = "") -> Iterator[tuple[str, str]]:
    """(file, test) for each test that a page names.

    `::test` alone is of the file named last in its line, or of the `first` where none was; a file without a folder
    is one of `home`.
    """
    for line in page.splitlines():
        file = first
        for word in re.findall(r"`([^`]+)`", line):
            path, _, test = word.partition("::")
            if re.fullmatch(r"(tests/([\w/]+/)?)?test_\w+\.py", path):
                file = path if path.startswith("tests/") else f"{home}/{path}"
            if test or (path.endswith(".py") and "test_" in path):
                yield file, test
            elif re.fullmatch(r"\.\.\._?\w+_?\.\.\.", word):
                yield file, word


def is_there(file: str, test: str) -> bool:
    """Whether a file holds a test of this name, in which `...` stands for anything; of no name: whether it is there."""
    wanted = re.escape(test).replace(r"\.\.\.", r"\w*")
    return (ROOT / file).exists() and (not test or any(re.fullmatch(wanted, name) for name in _names_in(file)))


def _names_in(file: str) -> list[str]:
    tree = ast.parse((ROOT / file).read_text())
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
