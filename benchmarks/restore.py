"""A restore on an empty machine, timed: `python -m benchmarks.restore [REFERRALS]`.

Fills a site, takes a backup, and brings it back in a folder that holds nothing, with the recovery key alone; in a
process of its own, as the command of docs/operations.md does. Getting the app and its packages is not in the figure.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from actions import backups, site
from actions.site import Site
from db import copying
from domain.recovery_key import written
from settings import APP_FOLDER, environment_with, read
from tests.cast import bring_in
from tests.faults import desk_work

COMMANDS = ("get the app and go into its folder", "./start --restore FILE", "the recovery key", "yes")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.restore", description=__doc__)
    parser.add_argument("referrals", type=int, nargs="?", default=300)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="desk-restore-") as folder:
        measure(Path(folder), asked.referrals)


def measure(folder: Path, referrals: int) -> None:
    """Print what a backup holds, how large it is, and how long looking into it and restoring it take."""
    settings = read({"DATA_DIR": str(folder / "old")}, folder / "none.toml")
    with site.opened(settings) as opened:
        cast = bring_in(opened.store)
        for _ in range(referrals):
            desk_work.sent(cast.olga)
        started = time.perf_counter()
        file, key = backups.take(opened).file, written(opened.keys.recovery)
        took, before = time.perf_counter() - started, _rows(opened)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", "restore", str(file), "--yes"],
        cwd=APP_FOLDER,
        env=environment_with(DATA_DIR=str(folder / "new")),
        input=f"{key}\n",
        capture_output=True,
        text=True,
        check=True,
    )
    restored = time.perf_counter() - started
    with site.opened(read({"DATA_DIR": str(folder / "new")}, folder / "none.toml")) as opened:
        same = _rows(opened) == before
    print(done.stdout.strip())
    print(f"{referrals} referrals; backup of {file.stat().st_size / 1e6:.1f} MB taken in {took:.1f} s")
    print(f"restored on an empty folder in {restored:.1f} s with {len(COMMANDS)} things to type; rows equal: {same}")


def _rows(opened: Site) -> dict[str, copying.Content]:
    """Every table but those to which a restore itself adds a line."""
    with opened.store.reading() as session:
        found = copying.contents(session.connection())
    return {name: content for name, content in found.items() if name not in ("audit_entry", "user_session")}


if __name__ == "__main__":
    main()
