"""Sends referrals on a disk whose calls fail now and then; says of each whether it was kept or refused, and why.

python -m tests.faults.faulty_writer DATABASE SECRET KEY CAST TOLD COUNT
"""

import os
import pickle
import sys
from contextlib import suppress
from pathlib import Path

from db import store as stores
from db.store import Store
from domain.refusals import Refused
from tests.cast import act
from tests.faults.desk_work import sent


def main(database, secret, key, cast, told, count):
    olga = pickle.loads(Path(cast).read_bytes()).olga
    telling = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for _ in range(int(count)):
        # A new connection each time, so that the file is read and not only the memory of the last one.
        store = stores.use(Store(f"sqlite:///{database}", bytes.fromhex(secret), bytes.fromhex(key) or None))
        with suppress(Refused), act(olga):
            pass  # Work goes on for longer than an unused session lives.
        try:
            line = f"sent {sent(olga)}"
        except Refused as refusal:
            line = f"refused {refusal.message}"
        store.close()
        os.write(telling, f"{line}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
