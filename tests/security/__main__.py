"""All security tests, and how many attacks of each kind were tried and got through: `python -m tests.security`.

`--long` runs the long forms. Beside each kind stands whether the same attack succeeded with its defence taken away:
a kind for which that was not shown counts as a failure, whatever its tests say.
"""

import sys
from collections import Counter
from collections.abc import Iterable

import pytest

CONTROL = "tests/security/test_controls.py::"
DOOR = "tests/security/test_door.py::"
WHERE = (
    "tests/security",
    "tests/web",
    "tests/actions/test_accounts.py",
    "tests/actions/test_restricted.py",
    "tests/pages/test_sql_typed.py",
)
KINDS = {
    "tests/actions/test_accounts.py::test_a_code_": ("second-factor codes used again", f"{CONTROL}test_a_code_whose"),
    "tests/actions/test_accounts.py::test_of_two_threads_with_one_code": (
        "second-factor codes used again",
        f"{CONTROL}test_a_code_whose",
    ),
    "tests/actions/test_accounts.py": ("sign-in, sessions, codes", f"{CONTROL}test_sessions_whose_end"),
    "tests/actions/test_restricted.py": ("restricted records", f"{CONTROL}test_restricted_records_without"),
    "tests/security/test_audit.py": ("tampering with the trail", "test_audit.py::test_without_the_copy_outside"),
    "tests/security/test_canaries": ("values that are not one's own", f"{CONTROL}test_rows_without_their_filter"),
    "tests/security/test_closed_set.py": ("ways in without a permission", "test_a_planted_page_that_calls"),
    f"{DOOR}test_a_foreign_site_posts": ("requests of other sites", f"{CONTROL}test_requests_of_other_sites"),
    f"{DOOR}test_a_foreign_site_uploads": ("uploads of other sites", f"{CONTROL}test_uploads_of_other_sites"),
    f"{DOOR}test_a_foreign_site_opens": ("WebSockets of other sites", f"{CONTROL}test_web_sockets_of_other_sites"),
    f"{DOOR}test_another_name": ("names that point here", f"{CONTROL}test_names_that_point_here"),
    f"{DOOR}test_an_unknown_proxy": ("forged addresses", f"{CONTROL}test_a_forwarded_address"),
    "tests/security/test_door.py": ("strangers and dead sessions at the door", f"{CONTROL}test_what_is_for_people"),
    "tests/security/test_guessing.py": ("guessing passwords", "test_without_the_throttle"),
    "tests/security/test_hostile_words.py": ("hostile words in a browser", "test_the_payloads_do_harm"),
    "tests/security/test_logs.py": ("words in logs and error pages", "test_an_ordinary_log_line"),
    "tests/security/test_sql.py": ("SQL in texts", "test_sql_that_is_made_part_of_a_statement"),
    "tests/pages/test_sql_typed.py": ("SQL in texts", "test_sql_that_is_made_part_of_a_statement"),
    "tests/security/test_events.py": ("acts that leave no entry", "test_an_act_that_is_kept_without_its_entry"),
    "tests/security/test_outside.py": ("sign-in through a provider", f"{CONTROL}test_a_proof_that_is_not_remembered"),
    "tests/security/test_proxy.py": ("behind a TLS proxy", f"{CONTROL}test_a_forwarded_address"),
    "tests/security/test_matrix.py": ("actions beyond one's roles", f"{CONTROL}test_actions_without_their_lock"),
    "tests/web/test_frames.py": ("frames nobody may send", f"{CONTROL}test_frames_that_are_not_looked_at"),
    "tests/web/test_visitors.py::test_a_configured": ("forged addresses", f"{CONTROL}test_a_forwarded_address"),
    "tests/web/test_visitors.py::test_anybody": ("forged addresses", f"{CONTROL}test_a_forwarded_address"),
    "tests/web/test_outside.py": ("sign-in through a provider", f"{CONTROL}test_a_proof_that_is_not_remembered"),
    "tests/web": ("crowds and strange names", f"{CONTROL}test_crowds_that_are_not_counted"),
}
"""Where a test's name begins so -> the kind of its attacks, and the test in which the same attack succeeds with its
defence taken away. The first that fits counts."""


def kind_of(test: str) -> str | None:
    """The kind of a test's attacks; None of one that attacks nothing."""
    return next((kind for start, (kind, _) in KINDS.items() if test.startswith(start)), None)


class Tally:
    """Counts attacks: as many as a test says it tried (`record_property("attacks", n)`), or one."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.through: Counter[str] = Counter()
        self.shown: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.shown |= {kind for kind, control in KINDS.values() if control in report.nodeid}
        kind = kind_of(report.nodeid)
        if kind is None:
            return
        if report.when == "call":
            self.tried[kind] += int(dict(report.user_properties).get("attacks", 1))
        if report.failed:
            self.through[kind] += 1

    @property
    def not_shown(self) -> set[str]:
        """Kinds whose attack was not seen to succeed undefended."""
        return {kind for kind, _ in KINDS.values()} - self.shown

    def lines(self) -> Iterable[str]:
        """The table that is printed last."""
        yield f"{'kind of attack':42}{'tried':>8}{'got through':>13}   with its defence taken away"
        for kind in sorted({kind for kind, _ in KINDS.values()}):
            undefended = "NOT SHOWN" if kind in self.not_shown else "it succeeds"
            yield f"{kind:42}{self.tried[kind]:8,}{self.through[kind]:13,}   {undefended}"
        yield f"{'all':42}{self.tried.total():8,}{self.through.total():13,}"
        if self.not_shown:
            yield f"Not shown to succeed undefended: {', '.join(sorted(self.not_shown))}."


def main() -> int:
    tally = Tally()
    status = pytest.main([*WHERE, "-q", *sys.argv[1:]], plugins=[tally])
    sys.stdout.write("\n".join(tally.lines()) + "\n")
    return int(status) or int(bool(tally.not_shown))


if __name__ == "__main__":
    sys.exit(main())
