"""The health page: one light and one next step for each thing."""

from datetime import UTC, datetime

from actions import backups, nightly, site
from tests.conftest import on_sqlite
from tests.pages.conftest import words


def test_the_administrator_sees_that_there_is_no_backup_yet_and_what_to_do(open_page, ada):
    page = open_page(ada, "health")

    said = words(page)
    assert not page.exception
    assert "There is no backup yet." in said
    assert "Next: Take one now with “manage.py backup”" in said
    assert "`" not in said
    assert "Database: in order" in said


def test_an_officer_is_told_nothing_of_it(open_page, olga):
    assert "backup" not in words(open_page(olga, "health")).lower()


def test_an_old_backup_is_said_in_red_to_the_centers_people_only(open_page, irene, olga, tmp_path):
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "desk-2026-01-01-020000.backup").write_bytes(b"")

    assert "Backups need somebody." in words(open_page(irene, "queue"))
    assert "Backups" not in words(open_page(olga, "my_referrals"))


@on_sqlite
def test_a_drill_that_failed_stands_there_with_what_to_do(open_page, ada):
    file = backups.take(site.present()).file
    file.write_bytes(file.read_bytes()[:-40])
    nightly.run_due(site.present(), datetime.now(UTC))

    said = words(open_page(ada, "health"))

    assert "Backups tried out: look at this now" in said
    assert "A backup could not be brought back: " in said
    assert "Next: Take a new one with “manage.py backup” and try it with “manage.py drill”." in said
