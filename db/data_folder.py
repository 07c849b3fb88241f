"""The folder that holds a site's data: private, on this computer's own disk, and served by one app only."""

import ctypes
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import IO

from domain.refusals import Refused

NETWORK_KINDS = frozenset(
    "9p afs afpfs beegfs ceph cifs davfs glusterfs lustre ncpfs nfs nfs4 smb3 smbfs webdav "
    "fuse.sshfs fuse.rclone fuse.davfs2 fuse.glusterfs fuse.s3fs fuse.gcsfuse fuse.google-drive-ocamlfuse".split()
)
SYNCED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud": "iCloud",
    "mobile documents": "iCloud",
    "cloudstorage": "a cloud drive",
    "box sync": "Box",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "syncthing": "Syncthing",
}
REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW


def prepare(folder: Path) -> None:
    """Make the folder if it is missing and let nobody else into it: 0700, files 0600."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.umask(0o077)
    folder.chmod(0o700)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o700 if path.is_dir() else 0o600)


def refuse_unsafe(folder: Path) -> None:
    """Refuse a folder where SQLite can lose data: on a network drive, or synced by a cloud service."""
    place = synced_by(folder) or network_kind(folder)
    if place:
        raise Refused(
            f"The data folder {folder} lies on {place}, where a database can be damaged. "
            "Set DATA_DIR to a folder on this computer's own disk, and let the backups go to the other place."
        )


def refuse_keys_inside(folder: Path, keys: Path) -> None:
    """Refuse the keys of an encrypted database inside the folder: who copies that would have both."""
    if keys.is_relative_to(folder):
        raise Refused(
            f"ENCRYPTED=yes asks that the keys lie outside the data folder {folder}. "
            "Set KEY_DIR to another folder; if there are keys already, move them there."
        )


def synced_by(folder: PurePath) -> str:
    """The name of the cloud service that syncs this folder, or nothing."""
    for part in folder.parts:
        for mark, name in SYNCED.items():
            if part.casefold().startswith(mark):
                return name
    return ""


def network_kind(folder: Path) -> str:
    """What kind of network drive this folder is on, or nothing."""
    if sys.platform == "win32":
        return windows_kind(str(folder), ctypes.windll.kernel32.GetDriveTypeW(folder.anchor))
    if sys.platform == "darwin":
        listed = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
        return kind_at(folder, macos_mounts(listed))
    table = Path("/proc/self/mountinfo")
    return kind_at(folder, linux_mounts(table.read_text())) if table.exists() else ""


def kind_at(folder: PurePath, mounts: dict[PurePath, str]) -> str:
    """The network kind of the mount that holds the folder, or nothing."""
    holding = [point for point in mounts if folder.is_relative_to(point)]
    kind = mounts[max(holding, key=lambda point: len(point.parts))] if holding else ""
    return f"a network drive ({kind})" if kind in NETWORK_KINDS else ""


def linux_mounts(table: str) -> dict[PurePath, str]:
    """Mount point -> kind, from /proc/self/mountinfo."""
    mounts = {}
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        mounts[PurePath(before.split()[4].encode().decode("unicode_escape"))] = after.split()[0]
    return mounts


def macos_mounts(listed: str) -> dict[PurePath, str]:
    """Mount point -> kind, from what `mount` says: `//x@server/share on /Volumes/share (smbfs, nodev)`."""
    mounts = {}
    for line in listed.splitlines():
        before, _, after = line.rpartition(" (")
        mounts[PurePath(before.partition(" on ")[2])] = after.split(",")[0].rstrip(")")
    return mounts


def windows_kind(folder: str, drive_type: int) -> str:
    """What Windows calls the drive: a share by its name, or a letter mapped to one."""
    return "a network drive" if folder.startswith("\\\\") or drive_type == REMOTE_DRIVE else ""


class AppLock:
    """Held by the app that serves a data folder; ends with its process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "app.lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Refuse when another app process holds it."""
        file = open(self._path, "a+", encoding="utf-8")  # noqa: SIM115  (held open as long as the app runs)
        try:
            _lock(file)
        except OSError:
            file.close()
            raise Refused(self._already()) from None
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _already(self) -> str:
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
            holder = f" (process {held['pid']} on {held['host']}, since {held['since']})"
        except (OSError, ValueError, KeyError):
            holder = ""
        return (
            f"Referral Desk already runs on the data folder {self._path.parent}{holder}. "
            "Use that one, or stop it first."
        )


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        # A byte far behind the text, so that others can still read who holds the lock.
        file.seek(1_000_000)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
