"""docs/security.md names tests: every one of them is there."""

import re
from pathlib import Path

import pytest

from tests.named import is_there, named
from tests.security.__main__ import KINDS, kind_of

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "security.md").read_text()
HOME = "tests/security"
ATTACKS_NOTHING = {"test_controls", "test_documented"}
ASKED = """
1: 2 9 11 3 2
2: 3 3 4 1
3: 0 2 4 6 5 0 2
4: 3 1 2 4
5: 1 3 2 3
6: 3 12 4 4 5 3 0 4
7: 3 4 2 5 2 2
8: 2 3 1 1
9: 3 4
10: 2 2 4 11 5 2 3
11: 2 3 3 4 1 1
12: 3 2 4
13: 1 5 2 5
14: 2 4 3
15: 3 3 7
16: 1 5 4 3 3
17: 1 4 2
"""
"""ASVS 5.0.0: of each chapter, how many requirements of levels 1 and 2 its sections have; they come first in each."""


NAMED = sorted(set(named(DOCS, HOME, "tests/actions/test_accounts.py")))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_every_test_that_the_page_names_is_there(file, test):
    assert is_there(file, test), f"{file}::{test}"


def test_the_page_names_many_and_a_wrong_name_would_be_found():
    assert len(NAMED) > 40
    assert not is_there("tests/security/test_door.py", "test_nothing")
    assert not is_there("tests/security/test_nowhere.py", "")


def asked():
    """The numbers of all requirements of levels 1 and 2: "6.2.12"."""
    for line in ASKED.split("\n")[1:-1]:
        chapter, _, sections = line.partition(": ")
        for section, many in enumerate(sections.split(), 1):
            yield from (f"{chapter}.{section}.{number}" for number in range(1, int(many) + 1))


def answered():
    """The numbers that stand in the first column of the page's table, ranges spelled out; once for each row."""
    table = DOCS.partition("## OWASP ASVS")[2].partition("### Keys")[0]
    for row in re.findall(r"^\| (\d[^|]*) \|", table, re.M):
        for section, first, last in re.findall(r"(\d+\.\d+)\.(\d+)(?:-(\d+))?", row):
            yield from (f"{section}.{number}" for number in range(int(first), int(last or first) + 1))


def test_every_requirement_of_levels_1_and_2_has_its_row():
    wanted, there = list(asked()), list(answered())

    assert len(wanted) == 253
    assert [number for number in wanted if number not in there] == []
    assert sorted({number for number in there if there.count(number) > 1}) == [], "each stands once"


def test_every_paragraph_of_the_rule_has_its_line():
    table = DOCS.partition("## HIPAA")[2]
    for paragraph in (
        "(a)(1)",
        "(a)(2)(i)",
        "(a)(2)(ii)",
        "(a)(2)(iii)",
        "(a)(2)(iv)",
        "(b)",
        "(c)(1)",
        "(d)",
        "(e)(1)",
    ):
        assert f"| {paragraph}" in table, paragraph


def test_every_file_of_attacks_is_counted_and_every_kind_has_its_control():
    files = {path for path in (ROOT / HOME).glob("test_*.py") if path.stem not in ATTACKS_NOTHING}
    controls = "\n".join(path.read_text() for path in files | {ROOT / HOME / "test_controls.py"})

    assert [path.name for path in files if kind_of(path.relative_to(ROOT).as_posix()) is None] == []
    assert [name for _, name in KINDS.values() if f"def {name.rpartition('::')[2]}" not in controls] == []
