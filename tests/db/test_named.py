"""docs/store.md and docs/operations.md name tests: every one of them is there, and so is every benchmark."""

import re

import pytest

from tests.named import ROOT, is_there, named

PAGES = ["store.md", "operations.md", "scale.md"]
TEXTS = {page: (ROOT / "docs" / page).read_text() for page in PAGES}
NAMED = sorted({(page, *one) for page, text in TEXTS.items() for one in named(text, "tests/db")})
SECTIONS = (
    *("On both databases", "Correct when many act at once", "Durable", "Upgrade", "Backup and restore"),
    *("Encryption at rest", "Retention", "Scale"),
)


@pytest.mark.parametrize(("page", "file", "test"), NAMED)
def test_every_test_that_a_page_names_is_there(page, file, test):
    assert is_there(file, test), f"{page}: {file}::{test}"


def test_a_wrong_name_would_be_found():
    found = list(named("| a promise | `tests/db/test_store.py::test_nothing`, `::test_either` |", "tests/db"))

    assert found == [("tests/db/test_store.py", "test_nothing"), ("tests/db/test_store.py", "test_either")]
    assert not any(is_there(*one) for one in found)


def test_every_promise_names_what_shows_it():
    for section in SECTIONS:
        rows = re.findall(
            r"^\| (.*) \| (.*) \|$", TEXTS["store.md"].partition(f"## {section}\n")[2].partition("\n## ")[0], re.M
        )
        shown = {promise: shows for promise, shows in rows if promise not in ("Promise", "---")}

        assert len(shown) >= 3, section
        assert [promise for promise, shows in shown.items() if "::test_" not in shows and "`p" not in shows] == []


def test_every_benchmark_that_a_page_names_is_there():
    named_ones = {name for text in TEXTS.values() for name in re.findall(r"-m benchmarks\.(\w+)", text)}

    assert named_ones >= {"store", "restore", "at_work"}
    assert [name for name in named_ones if not (ROOT / "benchmarks" / f"{name}.py").exists()] == []
