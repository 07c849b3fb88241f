"""All security tests, and how many attacks of each kind were tried and got through: `python -m tests.security`.

`--long` runs the long forms. Beside each kind stands whether the same attack succeeded with its defence taken away.
"""

import sys
from collections import Counter

import pytest

CONTROL = "tests/security/test_controls.py::"
FILES = {
    "tests/actions/test_accounts.py": ("sign-in, sessions, codes", f"{CONTROL}test_sessions_whose_end"),
    "tests/actions/test_restricted.py": ("restricted records", f"{CONTROL}test_restricted_records_without"),
    "tests/security/test_audit.py": ("tampering with the trail", "test_audit.py::test_without_the_copy_outside"),
    "tests/security/test_canaries.py": ("values that are not one's own", f"{CONTROL}test_rows_without_their_filter"),
    "tests/security/test_closed_set.py": ("ways in without a permission", "test_a_planted_page_that_calls"),
    "tests/security/test_door.py": ("requests at the door", f"{CONTROL}test_requests_of_other_sites"),
    "tests/security/test_guessing.py": ("guessing passwords", "test_without_the_throttle"),
    "tests/security/test_hostile_words.py": ("hostile words in a browser", "test_the_payloads_do_harm"),
    "tests/security/test_logs.py": ("words in logs and error pages", "test_an_ordinary_log_line"),
    "tests/security/test_events.py": ("acts that leave no entry", "test_an_act_that_is_kept_without_its_entry"),
    "tests/security/test_outside.py": ("sign-in through a provider", f"{CONTROL}test_a_proof_that_is_not_remembered"),
    "tests/security/test_proxy.py": ("behind a TLS proxy", f"{CONTROL}test_names_that_point_here"),
    "tests/security/test_matrix.py": ("actions beyond one's roles", f"{CONTROL}test_actions_without_their_lock"),
    "tests/web/test_frames.py": ("frames nobody may send", f"{CONTROL}test_frames_that_are_not_looked_at"),
    "tests/web": ("addresses and crowds", f"{CONTROL}test_crowds_that_are_not_counted"),
}
"""File of attacks -> their kind, and the test in which the same attack succeeds with its defence taken away."""


class Tally:
    """Counts attacks: as many as a test says it tried (`record_property("attacks", n)`), or one."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.through: Counter[str] = Counter()
        self.controls: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.controls |= {control for _, control in FILES.values() if control in report.nodeid}
        kind = next((kind for file, (kind, _) in FILES.items() if report.nodeid.startswith(file)), None)
        if kind is None:
            return
        if report.when == "call":
            self.tried[kind] += int(dict(report.user_properties).get("attacks", 1))
        if report.failed:
            self.through[kind] += 1


def main() -> int:
    tally = Tally()
    status = pytest.main([*FILES, CONTROL.removesuffix("::"), "-q", *sys.argv[1:]], plugins=[tally])
    lines = [f"{'kind of attack':34}{'tried':>9}{'got through':>13}   with its defence taken away"]
    for kind, control in sorted(FILES.values()):
        undefended = "it succeeded" if control in tally.controls else "NOT SHOWN"
        lines.append(f"{kind:34}{tally.tried[kind]:9,}{tally.through[kind]:13,}   {undefended}")
    lines.append(f"{'all':34}{tally.tried.total():9,}{tally.through.total():13,}")
    sys.stdout.write("\n".join(lines) + "\n")
    return int(status) or int(len(tally.controls) < len(FILES))


if __name__ == "__main__":
    sys.exit(main())
