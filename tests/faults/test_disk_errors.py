"""A disk that fails to sync or to read (EIO, put in by strace): refused in words, never said to be saved, none lost."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from db import engines
from db.store import DAMAGED, FAULT, UNSURE
from tests.conftest import SECRET, on_sqlite
from tests.faults import desk_work

ROOT = Path(__file__).resolve().parents[2]


@on_sqlite
@pytest.mark.timeout(3000)
@pytest.mark.parametrize(
    ("calls", "every"), [("fsync,fdatasync", (9, 9)), ("pread64", (101, 499))], ids=["sync", "read"]
)
def test_what_the_disk_did_not_take_is_never_said_to_be_saved(store, cast, tmp_path, rounds, calls, every):
    people, told = tmp_path / "cast", tmp_path / "told"
    people.write_bytes(pickle.dumps(cast))
    database = engines.sqlite_file(store.url)
    store.close()
    wanted = rounds(short=20, long=500)
    # The more is on file, the more of it each act reads: in the long form a call fails less often, not each act.
    nth = rounds(short=every[0], long=every[1])

    subprocess.run(
        [
            *(
                "strace",
                "-f",
                "-o",
                "/dev/null",
                "-P",
                str(database),
                "-P",
                f"{database}-journal",
                "-P",
                f"{database}-wal",
            ),
            *("-e", f"trace={calls}", "-e", f"inject={calls}:error=EIO:when={nth}+{nth}"),
            *(sys.executable, "-m", "tests.faults.faulty_writer", str(database), SECRET.hex()),
            *((store.key or b"").hex(), str(people), str(told)),
            str(4 * wanted),
        ],
        cwd=ROOT,
        check=True,
        timeout=2000,
    )

    lines = [line.partition(" ") for line in told.read_text().splitlines()]
    refused = [rest for what, _, rest in lines if what == "refused"]
    kept = [(what, rest) for what, _, rest in lines if what == "sent"]
    assert len(refused) >= wanted, lines
    # SQLite calls a page that cannot be read damaged: it cannot know whether the disk will ever give it.
    assert set(refused) <= {FAULT, UNSURE, DAMAGED}
    assert len(kept) >= wanted // 2, "it goes on by itself when the disk works again"
    assert desk_work.missing(store, kept) == []
    assert desk_work.torn(store) == []
