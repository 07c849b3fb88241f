import os
import stat
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from db import data_folder
from db.data_folder import AppLock, kind_at, linux_mounts, macos_mounts, prepare, refuse_unsafe, synced_by, windows_kind
from domain.refusals import Refused

LINUX = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 22 0:40 / /mnt/office rw,relatime shared:7 - cifs //server/office rw
41 22 0:41 / /mnt/home\\040folders rw,relatime - nfs4 server:/home rw
42 22 0:42 / /home/ada/remote rw - fuse.sshfs ada@server: rw
43 40 254:1 / /mnt/office/local rw - xfs /dev/vdb rw
"""
MACOS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//ada@server/share on /Volumes/share (smbfs, nodev, nosuid, mounted by ada)
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/desk", ""),
        ("/mnt/office/desk", "cifs"),
        ("/mnt/home folders/ada", "nfs4"),
        ("/home/ada/remote/desk", "fuse.sshfs"),
        ("/home/ada/desk", ""),
        ("/mnt/office/local/desk", ""),
        ("/mnt/office2/desk", ""),
    ],
)
def test_network_drives_are_known_on_linux(folder, kind):
    assert kind_at(PurePosixPath(folder), linux_mounts(LINUX)) == (f"a network drive ({kind})" if kind else "")


def test_network_drives_are_known_on_macos():
    mounts = macos_mounts(MACOS)

    assert kind_at(PurePosixPath("/Volumes/share/desk"), mounts) == "a network drive (smbfs)"
    assert kind_at(PurePosixPath("/Users/ada/desk"), mounts) == ""


@pytest.mark.parametrize(
    ("folder", "drive", "network"),
    [("C:\\desk", 3, False), ("\\\\server\\share\\desk", 0, True), ("Z:\\desk", 4, True)],
)
def test_network_drives_are_known_on_windows(folder, drive, network):
    assert bool(windows_kind(folder, drive)) is network


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        (PureWindowsPath("C:/Users/Ada/OneDrive - Juniper CAC/desk"), "OneDrive"),
        (PureWindowsPath("C:/Users/Ada/Dropbox/desk"), "Dropbox"),
        (PurePosixPath("/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/desk"), "iCloud"),
        (PurePosixPath("/Users/ada/Library/CloudStorage/GoogleDrive-ada/desk"), "a cloud drive"),
        (PureWindowsPath("G:/My Drive/desk"), "Google Drive"),
        (PurePosixPath("/home/ada/Nextcloud/desk"), "Nextcloud"),
        (PurePosixPath("/srv/referral-desk/data"), ""),
    ],
)
def test_synced_folders_are_known(folder, service):
    assert synced_by(folder) == service


def test_a_synced_data_folder_is_refused_in_words(tmp_path):
    with pytest.raises(Refused, match="OneDrive, where a database can be damaged"):
        refuse_unsafe(tmp_path / "OneDrive" / "desk")


def test_this_computers_own_disk_is_welcome(tmp_path):
    refuse_unsafe(tmp_path)


def test_nobody_else_gets_into_the_data_folder(tmp_path):
    before = os.umask(0o022)
    folder = tmp_path / "data"
    (folder / "keys").mkdir(parents=True)
    (folder / "desk.db").write_text("")
    (folder / "keys" / "site.key").write_text("")

    prepare(folder)
    (folder / "later").write_text("")
    os.umask(before)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    assert modes == {"data": 0o700, "keys": 0o700, "desk.db": 0o600, "site.key": 0o600, "later": 0o600}


def test_a_second_app_on_the_same_folder_is_refused(tmp_path):
    first, second = AppLock(tmp_path), AppLock(tmp_path)
    first.take()

    with pytest.raises(Refused, match=rf"already runs on the data folder .*process {os.getpid()} on"):
        second.take()

    first.release()
    second.take()
    second.release()


def test_the_lock_ends_with_its_process_however_that_ends(tmp_path):
    program = f"""
import os, signal
from pathlib import Path
from db.data_folder import AppLock
AppLock(Path({str(tmp_path)!r})).take()
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = Path(data_folder.__file__).parents[1]
    subprocess.run([sys.executable, "-c", program], cwd=root, check=False)

    lock = AppLock(tmp_path)
    lock.take()
    lock.release()
