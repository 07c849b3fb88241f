"""The writer whose file calls are recorded: real referrals, each acknowledged once its commit came back.

python -m tests.faults.power_writer DATABASE SECRET KEY CAST TOLD COUNT JOURNAL SYNCHRONOUS
"""

import os
import pickle
import sys
from pathlib import Path

from db import engines
from db import store as stores
from db.store import Store
from tests.faults.desk_work import sent


def main(database, secret, key, cast, told, count, journal, synchronous):
    if journal != "shipped":
        engines.journal_for = lambda version: (journal, synchronous)
    stores.use(Store(f"sqlite:///{database}", bytes.fromhex(secret), bytes.fromhex(key) or None))
    olga = pickle.loads(Path(cast).read_bytes()).olga
    telling = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for _ in range(int(count)):
        os.write(telling, f"{sent(olga)}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
