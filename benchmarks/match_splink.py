"""Splink 5 on the same labelled people, trained on these very data: the bar for accuracy.

    python -m benchmarks.match_splink STORE.csv QUERIES.csv

Needs benchmarks/requirements.txt. Settings as its documentation recommends for people: names by Jaro-Winkler with the
frequency of terms, date of birth, address by Levenshtein, zip, phone, caregiver, sex; EM on two blockings; blocked on
names, date of birth, phone, address, and surname with zip.
"""

import argparse
import math
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from benchmarks.match import Found, Row, by_case, figures, rows
from domain.matching import Grade, folding

COMPARED = ("first_name", "last_name", "dob", "sex", "address", "zip", "phone", "caregiver")
BLOCKED = (
    block_on("first_name", "last_name"), block_on("dob"), block_on("phone"), block_on("address"),
    block_on("last_name", "zip"), block_on("substr(first_name, 1, 3)", "substr(last_name, 1, 3)"),
)  # fmt: skip


def table(lines: list[Row]) -> pd.DataFrame:
    """Cleaned columns, None for what is missing: Splink is given the same folding as the product uses."""
    frame = pd.DataFrame([_cleaned(row) for row in lines])
    return frame.astype(object).where(frame.notna(), None)


def _cleaned(row: Row) -> dict[str, str | None]:
    dob = folding.birth_date(row.get("dob", ""))
    full = dob and not dob.endswith("00") and "01" <= dob[4:6] <= "12" and "01" <= dob[6:] <= "28"
    said = {
        "unique_id": row["id"],
        "first_name": " ".join(folding.given(row.get("first_name", ""))),
        "last_name": folding.surname(row.get("last_name", "")).joined,
        "dob": f"{dob[:4]}-{dob[4:6]}-{dob[6:]}" if full else "",
        "sex": folding.sex(row.get("sex", "")),
        "address": folding.fold(row.get("address", "")),
        "zip": folding.zip_code(row.get("zip", "")),
        "phone": folding.phone(row.get("phone", "")),
        "caregiver": folding.fold(row.get("caregiver", "")),
    }
    return {name: value or None for name, value in said.items()}


def scored(store: pd.DataFrame, queries: pd.DataFrame) -> pd.DataFrame:
    """Pairs of store and query with their probability."""
    known = [name for name in COMPARED if store[name].notna().any() and queries[name].notna().any()]
    comparisons: dict[str, Any] = {
        "first_name": cl.NameComparison("first_name"),
        "last_name": cl.NameComparison("last_name"),
        "dob": cl.DateOfBirthComparison("dob", input_is_string=True),
        "sex": cl.ExactMatch("sex"),
        "address": cl.LevenshteinAtThresholds("address", [1, 3]).configure(term_frequency_adjustments=True),
        "zip": cl.ExactMatch("zip").configure(term_frequency_adjustments=True),
        "phone": cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
        "caregiver": cl.JaroWinklerAtThresholds("caregiver", [0.9]).configure(term_frequency_adjustments=True),
    }
    blocked = [rule for rule in BLOCKED if _uses(rule, known)]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[comparisons[name] for name in known],
        blocking_rules_to_generate_predictions=blocked,
    )
    api = DuckDBAPI()
    linker = Linker([api.register(store), api.register(queries)], settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(
        [block_on("first_name", "last_name", "dob")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2_000_000, seed=1)
    for blocked_on in (("dob",), ("first_name", "last_name")):
        if not linker_learnt(linker, blocked_on):
            print(f"EM on {' and '.join(blocked_on)} came to no end on these data and is left out")
    return linker.inference.predict(threshold_match_probability=0.0005).as_pandas_dataframe()


def linker_learnt(linker: Linker, blocked_on: tuple[str, ...]) -> bool:
    """Whether Splink's EM on this blocking gives numbers that it accepts; on rough data a level may never be seen."""
    try:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*blocked_on))
    except ValueError:
        return False
    return True


def _uses(rule: Any, known: list[str]) -> bool:
    wanted = rule.get_blocking_rule("duckdb").blocking_rule_sql
    return all(name in known for name in COMPARED if f'"{name}"' in wanted)


def found(pairs: pd.DataFrame, queries: list[Row], in_store: set[str]) -> list[Found]:
    """The pairs as answers to each query, best first."""
    answers: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for left, right, probability in zip(
        pairs["unique_id_l"], pairs["unique_id_r"], pairs["match_probability"], strict=True
    ):
        client, query = (left, right) if left in in_store else (right, left)
        answers[query].append((probability, client))
    results = []
    for query in queries:
        best = sorted(answers[query["id"]], reverse=True)[:10]
        grades = [Grade.VERY_LIKELY if p >= 0.95 else Grade.LIKELY if p >= 0.5 else Grade.POSSIBLE for p, _ in best]
        truth = frozenset(part for part in query.get("truth", "").split("|") if part)
        results.append(Found(query, truth, [client for _, client in best], [p for p, _ in best], grades))
    return results


def main() -> None:
    """Run Splink from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("queries", type=Path)
    asked = parser.parse_args()
    store, queries = rows(asked.store), rows(asked.queries)
    began = time.perf_counter()
    results = found(scored(table(store), table(queries)), queries, {row["id"] for row in store})
    whole = figures(results)
    print(f"Splink, {time.perf_counter() - began:.1f} s for all queries together")
    for name, value in vars(whole).items():
        print(f"{name:20} {value if not math.isnan(value) else '-'}")
    by_case(results)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
