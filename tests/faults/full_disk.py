"""Run inside a small volume of its own: work until the disk is full, read on, make room, work on.

unshare --mount python -m tests.faults.full_disk FOLDER ROUNDS KEY
"""

import random
import subprocess
import sys
from pathlib import Path

from db import store as stores
from db.store import FULL, Store
from domain.refusals import Refused
from tests.cast import bring_in, send
from tests.conftest import SECRET, make_tables
from tests.faults import desk_work

SIZE, SIZE_WITH_LOG = 3_000_000, 9_000_000
"""Bytes; an encrypted file comes with a write-ahead log, which a later write uses again but never shortens."""
ON_ONE_DESK = 20
"""Rounds after which the volume begins with a new desk: what was kept would fill it otherwise."""


def main(folder, rounds, key):
    volume = Path(folder)
    size = SIZE_WITH_LOG if key else SIZE
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    refused = kept = 0
    for done in range(0, rounds, ON_ONE_DESK):
        sent, turned_away = _fill_again_and_again(volume, min(ON_ONE_DESK, rounds - done), key)
        refused, kept = refused + turned_away, kept + sent
        for file in volume.iterdir():
            file.unlink()
    sys.stdout.write(f"refused {refused} kept {kept}\n")


def _fill_again_and_again(volume, rounds, key):
    """A new desk that meets a full disk so often; how much was kept, and how much was refused."""
    url = f"sqlite:///{volume / 'desk.db'}"
    make_tables(url, key)
    store = stores.use(Store(url, SECRET, key))
    cast = bring_in(store)
    kept, refused = [send(cast.olga)], []
    for _ in range(rounds):
        _fill_but(volume, random.randrange(0, 150_000))
        try:
            kept.append(send(cast.olga))
        except Refused as refusal:
            refused.append(refusal.message)
        _reads_go_on(store, cast)
        assert desk_work.torn(store) == []
        (volume / "filler").unlink()
        kept.append(send(cast.olga))
        assert desk_work.missing(store, [("sent", str(each)) for each in kept]) == []
    store.close()
    assert set(refused) <= {FULL}, set(refused)
    return len(kept), len(refused)


def _fill_but(volume, left):
    """Fill the volume until only so many bytes are left."""
    with open(volume / "filler", "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            pass
        size = file.tell()
        file.truncate(max(0, size - left))


def _reads_go_on(store, cast):
    with store.reading() as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM referral").scalar()
    with stores.present().reading():
        pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), bytes.fromhex(sys.argv[3]) or None)
