"""All security tests, and how many attacks of each kind were tried and got through: `python -m tests.security`.

`--long` runs the long forms. Each file's controls, the same attack with its defence away, are among its tests.
"""

import sys
from collections import Counter

import pytest

FILES = {
    "tests/actions/test_accounts.py": "sign-in, sessions, codes",
    "tests/actions/test_restricted.py": "restricted records",
    "tests/security/test_audit.py": "tampering with the trail",
    "tests/security/test_canaries.py": "words that are not one's own",
    "tests/security/test_closed_set.py": "ways in without a permission",
    "tests/security/test_door.py": "requests and frames at the door",
    "tests/security/test_guessing.py": "guessing passwords",
    "tests/security/test_hostile_words.py": "hostile words in a browser",
    "tests/security/test_logs.py": "words in logs and error pages",
    "tests/security/test_events.py": "acts that leave no entry",
    "tests/security/test_proxy.py": "behind a TLS proxy",
    "tests/security/test_matrix.py": "actions beyond one's roles",
    "tests/web": "addresses, frames and crowds",
}


class Tally:
    """Counts attacks: as many as a test says it tried (`record_property("attacks", n)`), or one."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.through: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        kind = next((kind for file, kind in FILES.items() if report.nodeid.startswith(file)), "other")
        if report.when == "call":
            self.tried[kind] += int(dict(report.user_properties).get("attacks", 1))
        if report.failed:
            self.through[kind] += 1


def main() -> int:
    tally = Tally()
    status = pytest.main([*FILES, "-q", *sys.argv[1:]], plugins=[tally])
    lines = [f"{'kind of attack':34}{'tried':>9}{'got through':>13}"]
    lines += [f"{kind:34}{tried:9,}{tally.through[kind]:13,}" for kind, tried in sorted(tally.tried.items())]
    lines.append(f"{'all':34}{tally.tried.total():9,}{tally.through.total():13,}")
    sys.stdout.write("\n".join(lines) + "\n")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
