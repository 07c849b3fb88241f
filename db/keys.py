"""The site's keys: made once, kept in files that only the app's user may read."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from domain.recovery_key import new_key
from domain.refusals import Refused

NAMES = ("site", "recovery", "database")


@dataclass(frozen=True)
class Keys:
    """256 bits each."""

    site: bytes
    """Chains the audit trail and seals second factors."""
    recovery: bytes
    """Opens the backups. Printed at first run; the paper is what counts when the computer is gone."""
    database: bytes
    """The raw key of an encrypted database file."""


def read_or_make(folder: Path, *, new_site: bool) -> Keys:
    """The keys in this folder. Missing ones are made only for a new site: another key would not fit its data."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    missing = [name for name in NAMES if not (folder / f"{name}.key").exists()]
    if missing and not new_site:
        raise Refused(
            f"The site's keys are missing from {folder}. "
            "Copy the folder back from where it was, or restore a backup with the recovery key."
        )
    return Keys(*(_read_or_make(folder / f"{name}.key", new_key) for name in NAMES))


def write(folder: Path, keys: Keys) -> None:
    """Put the keys of a restored site in place."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in NAMES:
        path = folder / f"{name}.key"
        path.unlink(missing_ok=True)
        _read_or_make(path, lambda name=name: getattr(keys, name))  # type: ignore[misc]


def _read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    if not path.exists():
        _place(path, make().hex() + "\n")
    path.chmod(0o600)
    try:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError:
        raise Refused(f"The key file {path} is damaged. Restore a backup with the recovery key.") from None


def _place(path: Path, text: str) -> None:
    """Create the file whole; of two processes that start at once, one wins and both read its key."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
