"""What differs from one center to the next; the only reader of the environment.

Two matter on the first day: DATA_DIR and DATABASE_URL. Each may stand in the environment or, in lower case,
in a file `settings.toml` beside the app; the environment wins.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

APP_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class OutsideSignIn:
    """The center's identity provider (OpenID Connect). Off unless it is named; it proves who somebody is, no more."""

    issuer: str
    """As the provider writes it: https://login.example.org/tenant/v2.0"""
    client_id: str
    client_secret: str = field(repr=False)
    address: str
    """Where people reach this desk: https://desk.example.org"""
    name: str
    """What its button says: "Sign in with ..."."""


@dataclass(frozen=True)
class Settings:
    """Everything a center may set outside the app's own screens."""

    data_dir: Path
    """Database, keys and backups. On this computer's own disk, never on a shared or synced one."""
    database_url: str
    """An SQLite file in the data folder, or postgresql://user:password@server/database."""
    key_dir: Path
    """Where the site's keys are kept; outside the data folder when the database file is encrypted."""
    encrypted: bool
    """Keep the SQLite file encrypted (needs requirements-encrypted.txt)."""
    backup_dir: Path
    backup_copy_dir: Path | None
    """A second place for each backup: a USB stick or a network folder."""
    postgres_tools: str
    """Folder of pg_dump and pg_restore, when they are not on the PATH."""
    https: bool
    """A proxy in front ends TLS: cookies are marked Secure."""
    trusted_proxies: tuple[str, ...]
    """Addresses of the proxies whose X-Forwarded-For is believed."""
    outside: OutsideSignIn | None = None

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None on PostgreSQL."""
        _, found, path = self.database_url.partition("sqlite:///")
        return Path(path) if found else None


@cache
def current() -> Settings:
    """The settings of this process."""
    return read(os.environ, APP_FOLDER / "settings.toml")


def environment_with(**more: str) -> dict[str, str]:
    """The environment for a program that we start, with something more in it."""
    return {**os.environ, **more}


def read(environment: Mapping[str, str], file: Path) -> Settings:
    """Settings from an environment and a file that may be missing."""
    written: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def said(name: str, default: str = "") -> str:
        value = environment.get(name) or written.get(name.lower(), default)
        return ",".join(value) if isinstance(value, list) else str(value)

    data_dir = _folder(said("DATA_DIR", "data"))
    copy_to = said("BACKUP_COPY_DIR")
    return Settings(
        data_dir=data_dir,
        database_url=with_driver(said("DATABASE_URL", f"sqlite:///{data_dir / 'desk.db'}")),
        key_dir=_folder(said("KEY_DIR", str(data_dir / "keys"))),
        encrypted=_yes(said("ENCRYPTED")),
        backup_dir=_folder(said("BACKUP_DIR", str(data_dir / "backups"))),
        backup_copy_dir=_folder(copy_to) if copy_to else None,
        postgres_tools=said("POSTGRES_TOOLS"),
        https=_yes(said("HTTPS")),
        trusted_proxies=tuple(part.strip() for part in said("TRUSTED_PROXIES").split(",") if part.strip()),
        outside=_outside(said),
    )


def _outside(said: Callable[[str], str]) -> OutsideSignIn | None:
    issuer, client_id, client_secret, address = (
        said(f"OIDC_{name}") for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "ADDRESS")
    )
    if not (issuer or client_id or client_secret or address):
        return None
    return OutsideSignIn(issuer, client_id, client_secret, address, said("OIDC_NAME") or "your work account")


def _folder(written: str) -> Path:
    return (APP_FOLDER / Path(written).expanduser()).resolve()


def _yes(written: str) -> bool:
    return written.strip().lower() in {"1", "yes", "true", "on"}


def with_driver(url: str) -> str:
    """Name our driver where a provider's address does not: postgres://... and postgresql://..."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url
