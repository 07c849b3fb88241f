"""The health page: one light and one next step for each thing."""

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
