"""What the processes do that are killed in the middle of it."""

import os
import random
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from actions import backups, site
from actions.center import client_batches, client_loading, client_spreadsheets, retention
from actions.hands import of_session
from actions.work import working
from db import backup, engines, migrations, rewriting
from db import store as stores
from db.store import Store
from domain.spreadsheet.reading import read_table
from tests.faults import desk_work
from tests.faults.dying import opened_for_telling

HEADER, LINES = "First name,Last name,DOB", 12


def work(url, secret, key, cast, told):
    """Do the desk's daily work until killed."""
    stores.use(Store(url, secret, key))
    desk_work.work_until_killed(cast, opened_for_telling(told))


def back_up(source, folder, told):
    """Take one backup after another until killed."""
    telling = opened_for_telling(told)
    number = 0
    while True:
        number += 1
        taken, _ = backup.take(source(), folder, datetime.now(UTC))
        os.write(telling, f"backup {taken.name}\n".encode())


def upgrade(url, key, folder, told):
    """Upgrade a database; the steps lie in this folder."""
    migrations.FOLDER = Path(folder)
    engine = engines.engine(url, key)
    telling = opened_for_telling(told)
    os.write(telling, b"begun now\n")
    migrations.upgrade(engine)
    os.write(telling, b"done now\n")


def load_lists(url, secret, key, member, told):
    """Bring in one list of clients after another until killed: read, map, check, load."""
    stores.use(Store(url, secret, key))
    telling, hands = opened_for_telling(told), of_session(member.session_id)
    while True:
        content = "\n".join((HEADER, *(",".join(desk_work.a_child().values()) for _ in range(LINES)))).encode()
        with working(member.session_id) as work:
            batch = client_spreadsheets.keep_file(work, "list.csv", sha256(content).hexdigest(), read_table(content))
        os.write(telling, f"read {batch}\n".encode())
        with working(member.session_id) as work:
            client_spreadsheets.choose(work, batch, client_spreadsheets.mapping(work, batch).choices)
        client_spreadsheets.check(hands, batch, lambda _done, _all: None)
        with working(member.session_id) as work:
            client_batches.leave_out_undecided(work, batch)
        client_loading.load(hands, batch)
        os.write(telling, f"loaded {batch}\n".encode())


def purge(url, secret, key, member, purge_id, told):
    """Agree to a purge, and write the files anew."""
    store = stores.use(Store(url, secret, key))
    telling = opened_for_telling(told)
    os.write(telling, b"begun now\n")
    with working(member.session_id) as work:
        retention.approve(work, purge_id)
    os.write(telling, b"purged now\n")
    rewriting.write_anew(store)


def restore(settings, file, key, told):
    """Restore a backup."""
    telling = opened_for_telling(told)
    os.write(telling, b"begun now\n")
    backups.restore(settings, file, key)


def serve(settings, told):
    """Hold a site open."""
    with site.serving(settings):
        os.write(opened_for_telling(told), b"open now\n")
        while True:
            random.random()
