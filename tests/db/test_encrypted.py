from dataclasses import replace

import pytest
from sqlalchemy import QueuePool

from actions import backups, site
from db import copying, engines
from domain.recovery_key import written
from domain.refusals import Refused
from settings import read
from tests.cast import bring_in, send

CANARY = "Zyxwvut-Canary"


@pytest.fixture
def settings(tmp_path):
    """A site whose database file is encrypted, with its keys outside the data folder."""
    said = {"DATA_DIR": str(tmp_path / "data"), "KEY_DIR": str(tmp_path / "keys"), "ENCRYPTED": "yes"}
    return read(said, tmp_path / "none.toml")


def held(opened):
    with opened.store.reading() as session:
        return copying.contents(session.connection())


@pytest.fixture
def referred(settings):
    with site.opened(settings) as opened:
        send(bring_in(opened.store).olga, child_first_name=CANARY)
    return settings


def test_no_name_can_be_read_in_any_file_of_the_data_folder(referred):
    files = [path for path in referred.data_dir.rglob("*") if path.is_file()]

    assert referred.sqlite_path in files
    for path in files:
        content = path.read_bytes()
        assert CANARY.encode() not in content
        assert b"SQLite format 3" not in content


def test_the_site_opens_again_with_its_key_and_not_with_another(referred):
    with site.opened(referred) as opened:
        assert held(opened)["referral"].rows == 1

    (referred.key_dir / "database.key").write_text("ab" * 32)
    with pytest.raises(Refused), site.opened(referred):
        pass


def test_without_the_setting_the_file_is_refused(referred):
    with pytest.raises(Refused), site.opened(replace(referred, encrypted=False)):
        pass


@pytest.mark.parametrize("inside", ["data/keys", "data", "data/a/b", "elsewhere/../data/keys"])
def test_a_key_inside_the_data_folder_is_refused(settings, tmp_path, inside):
    """A copy of the folder would hold the key to what it holds."""
    with pytest.raises(Refused, match="KEY_DIR"), site.opened(replace(settings, key_dir=(tmp_path / inside).resolve())):
        pass

    assert not settings.sqlite_path.exists()


def test_the_connections_of_an_encrypted_file_are_kept_and_cached(referred):
    """Each thread's first question would otherwise open the file and derive its key anew."""
    with site.opened(referred) as opened:
        pool = opened.store.engine.pool
        with opened.store.reading() as session:
            driver, cached = session.connection().connection.driver_connection, f"-{engines.CACHE_KIB}"
            assert str(session.connection().exec_driver_sql("PRAGMA cache_size").scalar()) == cached
        with opened.store.reading() as session:
            assert session.connection().connection.driver_connection is driver

    assert isinstance(pool, QueuePool)


def test_a_backup_of_it_comes_back_on_an_empty_machine(referred, tmp_path):
    with site.opened(referred) as opened:
        taken = backups.take(opened)
        assert backups.drill(opened).counts["referral"] == 1
        sheet, before = written(opened.keys.recovery), held(opened)["referral"]
    new = tmp_path / "new"
    elsewhere = replace(
        referred,
        data_dir=new,
        key_dir=tmp_path / "new-keys",
        backup_dir=new / "backups",
        database_url=f"sqlite:///{new / 'desk.db'}",
    )

    with pytest.raises(Refused, match="ENCRYPTED=yes"):
        backups.restore(replace(elsewhere, encrypted=False), taken.file, sheet)
    with pytest.raises(Refused, match="KEY_DIR"):
        backups.restore(replace(elsewhere, key_dir=new / "keys"), taken.file, sheet)
    assert not elsewhere.sqlite_path.exists()
    backups.restore(elsewhere, taken.file, sheet)

    with site.opened(elsewhere) as opened:
        assert held(opened)["referral"] == before
    assert CANARY.encode() not in (new / "desk.db").read_bytes()


def test_every_flipped_bit_is_found(referred, tmp_path, rounds):
    import random
    import shutil

    chance = random.Random(3)
    whole = referred.sqlite_path.read_bytes()
    with site.opened(referred) as opened:
        key = opened.keys.database
    for number in range(rounds(short=50, long=1000)):
        copy = tmp_path / f"flipped-{number}.db"
        shutil.copyfile(referred.sqlite_path, copy)
        content = bytearray(whole)
        place = chance.randrange(len(content))
        content[place] ^= 1 << chance.randrange(8)
        copy.write_bytes(content)

        assert not _sound(copy, key), place
        copy.unlink()


def _sound(path, key):
    """SQLCipher's own check: every page against its seal."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(str(path))
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        return connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
    except dbapi2.DatabaseError:
        return False
    finally:
        connection.close()
