from pathlib import Path

from settings import APP_FOLDER, read

NOWHERE = Path("/nowhere/settings.toml")


def test_without_a_word_data_lies_beside_the_app():
    settings = read({}, NOWHERE)

    assert settings.data_dir == APP_FOLDER / "data"
    assert settings.database_url == f"sqlite:///{APP_FOLDER / 'data' / 'desk.db'}"
    assert settings.sqlite_path == APP_FOLDER / "data" / "desk.db"
    assert settings.key_dir == APP_FOLDER / "data" / "keys"
    assert settings.backup_copy_dir is None
    assert not settings.https
    assert not settings.encrypted


def test_a_file_is_read_and_the_environment_wins(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('data_dir = "/srv/desk"\nhttps = true\ntrusted_proxies = ["10.0.0.1", "10.0.0.2"]\n')

    settings = read({"DATA_DIR": str(tmp_path)}, file)

    assert settings.data_dir == tmp_path
    assert settings.https
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")


def test_a_providers_address_gets_our_driver():
    for written in ("postgres://ada:x@db/desk", "postgresql://ada:x@db/desk", "postgresql+psycopg://ada:x@db/desk"):
        settings = read({"DATABASE_URL": written}, NOWHERE)

        assert settings.database_url == "postgresql+psycopg://ada:x@db/desk"
        assert settings.sqlite_path is None


def test_yes_has_many_spellings_and_everything_else_is_no():
    for written in ("1", "yes", "True", "ON"):
        assert read({"HTTPS": written}, NOWHERE).https
    for written in ("", "0", "no", "false", "perhaps"):
        assert not read({"HTTPS": written}, NOWHERE).https


def test_an_identity_provider_is_there_only_when_it_is_named():
    named = {f"OIDC_{name}": "x" for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "ADDRESS")}

    assert read({}, NOWHERE).outside is None
    assert read({"OIDC_NAME": "Entra"}, NOWHERE).outside is None
    assert read(named, NOWHERE).outside.name == "your work account"
    assert "client_secret" not in repr(read(named, NOWHERE))
