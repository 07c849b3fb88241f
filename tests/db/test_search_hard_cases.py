"""Each hard case of finding a child, fifty times, in a town of other children (benchmarks/people draws them)."""

from collections.abc import Iterator

import pytest

from benchmarks import match, people
from domain.matching import Grade

SEED = 11
FIFTY = 50
NOT_ON_FILE = [case for case in people.TWO_CHILDREN if case != "twins, both on file"]
ON_FILE = [*people.HARD, "twins, both on file"]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[match.Found]]]:
    """What the search finds for each hard case."""
    cases = len(people.HARD) + len(people.TWO_CHILDREN)
    store, queries = people.save(people.hard(SEED, 1500, FIFTY * cases), tmp_path_factory.mktemp("hard"))
    loaded = match.load(store, None)
    by_case: dict[str, list[match.Found]] = {}
    for each in match.ask(loaded, match.rows(queries)):
        by_case.setdefault(each.query["case"], []).append(each)
    yield by_case
    loaded.close()


@pytest.mark.parametrize("case", ON_FILE)
def test_a_child_on_file_comes_first(found: dict[str, list[match.Found]], case: str) -> None:
    figures = match.figures(found[case])

    assert figures.queries == FIFTY
    assert figures.recall_1 >= 0.96 and figures.recall_5 >= 0.98


def test_over_all_hard_cases_the_child_comes_first_in_995_of_1000(found: dict[str, list[match.Found]]) -> None:
    figures = match.figures([each for case in ON_FILE for each in found[case]])

    assert figures.recall_1 >= 0.995


@pytest.mark.parametrize("case", NOT_ON_FILE)
def test_a_child_who_is_not_on_file_is_never_called_very_likely(found: dict[str, list[match.Found]], case: str) -> None:
    grades = [grade for each in found[case] for grade in each.grades]

    assert len(found[case]) == FIFTY
    assert grades.count(Grade.VERY_LIKELY) == 0


@pytest.mark.parametrize("case", ["twin not on file", "brother or sister not on file", "a new child"])
def test_a_new_child_raises_no_false_alarm(found: dict[str, list[match.Found]], case: str) -> None:
    assert match.figures(found[case]).false_alarms <= 0.04
