"""Reads one spreadsheet from standard input in a process of its own, and writes what it found as JSON.

A file that brings this process to its limits takes nothing else with it.
"""

import json
import sys

MOST_MEMORY = 700_000_000
"""Bytes of address space; what an ordinary list of 20,000 lines needs three times over."""


def main() -> int:
    """Write {"table"} or {"refused"}; every other ending is for the caller to explain."""
    _stay_small()
    # openpyxl would load numpy for kinds of cell that a list of clients never holds.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    from domain.refusals import Refused
    from domain.spreadsheet.reading import read_table

    said: dict[str, object]
    try:
        said = {"table": read_table(sys.stdin.buffer.read()).to_json()}
    except Refused as refusal:
        said = {"refused": refusal.message}
    sys.stdout.buffer.write(json.dumps(said).encode("ascii"))
    return 0


def _stay_small() -> None:
    try:
        import resource
    except ImportError:
        # Windows has no such limit; there the caller's patience is the limit.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    sys.exit(main())
