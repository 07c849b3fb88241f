"""Simulated power cuts: the file calls of a real writer, recorded with strace, replayed up to a random moment.

What was synced is on the disk. What was not may be there, be missing, or be torn in sectors of 512 bytes; directory
entries that were not synced may be missing, and removed ones may come back (after SQLite's own crash tests).
"""

import random
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CALLS = "openat,open,creat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2"
WITH_FD = re.compile(r"^(\w+)\((\d+)<([^>]*)>(?:, (.*))?\)\s+= (-?\d+)")
OPENED = re.compile(r'^openat\([^,]*, "([^"]*)", ([A-Z_|]+).*\) = \d+<')
UNLINKED = re.compile(r'^unlink\("([^"]*)"\)\s+= 0')
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(?:, (\d+)(?:, (\d+))?)?')


@dataclass
class File:
    """A file's bytes as the disk has them, and the changes that were not synced yet."""

    durable: bytearray = field(default_factory=bytearray)
    waiting: list = field(default_factory=list)
    end: int = 0
    """Where the next plain write goes."""


class Disk:
    """A folder on a disk that can lose power."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = {path.name: File(bytearray(path.read_bytes())) for path in folder.iterdir()}
        self.durable = dict(self.now)
        self.waiting = []

    def made(self, name):
        if name not in self.now:
            self.now[name] = File()
            self.waiting.append((name, self.now[name]))

    def removed(self, name):
        if name in self.now:
            del self.now[name]
            self.waiting.append((name, None))

    def wrote(self, name, place, content):
        file = self.now[name]
        place = file.end if place is None else place
        file.waiting.append((place, content))
        file.end = place + len(content)

    def cut_short(self, name, length):
        self.now[name].waiting.append((length, None))

    def synced(self, name):
        file = self.now.get(name)
        if file:
            for change in file.waiting:
                _apply(file.durable, *change)
            file.waiting.clear()

    def synced_folder(self):
        self.durable = dict(self.now)
        self.waiting.clear()

    def after_power_cut(self, chance: random.Random) -> dict[str, bytes]:
        """What is on the disk when the power comes back."""
        entries = dict(self.durable)
        for name, file in self.waiting[: chance.choice((0, len(self.waiting), chance.randint(0, len(self.waiting))))]:
            if file is None:
                entries.pop(name, None)
            else:
                entries[name] = file
        way = chance.choice(("dropped", "kept", "some", "torn"))
        return {name: _survived(file, way, chance) for name, file in entries.items()}


def _survived(file: File, way: str, chance: random.Random) -> bytes:
    content = bytearray(file.durable)
    for place, written in file.waiting:
        if way == "dropped" or (way in ("some", "torn") and chance.random() < 0.5):
            continue
        if way == "torn" and written is not None:
            for start in range(0, len(written), SECTOR):
                if chance.random() < 0.5:
                    _apply(content, place + start, written[start : start + SECTOR])
        else:
            _apply(content, place, written)
    return bytes(content)


def _apply(content: bytearray, place: int, written: bytes | None) -> None:
    if written is None:
        del content[place:]
        return
    if len(content) < place:
        content.extend(bytes(place - len(content)))
    content[place : place + len(written)] = written


def record(folder: Path, log: Path, *arguments: str, root: Path) -> None:
    """Run the writer under strace; fails where strace is missing."""
    command = ["strace", "-o", str(log), "-y", "-x", "-s", "4000000", "-e", f"trace={CALLS}"]
    subprocess.run([*command, sys.executable, *arguments], cwd=root, check=True, timeout=600)


def replayed(folder: Path, before: Disk, log: Path, said: str):
    """Play the recorded calls on the disk one by one; yields the disk and what was acknowledged so far."""
    acknowledged = []
    for line in log.read_text(encoding="latin-1").splitlines():
        if not _played(line, str(folder), before, acknowledged, said):
            continue
        yield before, acknowledged


def _played(line: str, folder: str, disk: Disk, acknowledged: list, said: str) -> bool:
    """Play one call; whether it had anything to do with the folder."""
    if opened := OPENED.match(line):
        path, flags = opened.groups()
        if not path.startswith(folder + "/"):
            return False
        name = path[len(folder) + 1 :]
        if "O_CREAT" in flags:
            disk.made(name)
        if "O_TRUNC" in flags and name in disk.now:
            disk.cut_short(name, 0)
        return True
    if unlinked := UNLINKED.match(line):
        path = unlinked.group(1)
        if path.startswith(folder + "/"):
            disk.removed(path[len(folder) + 1 :])
            return True
        return False
    if called := WITH_FD.match(line):
        call, _, path, rest, _ = called.groups()
        if path == folder and call in ("fsync", "fdatasync"):
            disk.synced_folder()
            return True
        if path.startswith(folder + "/"):
            return _file_call(call, path[len(folder) + 1 :], rest or "", disk)
        if path == said and call == "write":
            acknowledged.append(_text(rest)[0].decode().strip())
            return True
    return False


def _file_call(call: str, name: str, rest: str, disk: Disk) -> bool:
    name = name.removesuffix(" (deleted)")
    if name not in disk.now:
        return False
    if call in ("fsync", "fdatasync"):
        disk.synced(name)
    elif call == "ftruncate":
        disk.cut_short(name, int(rest))
    else:
        content, place = _text(rest)
        disk.wrote(name, place if call == "pwrite64" else None, content)
    return True


def _text(rest: str) -> tuple[bytes, int | None]:
    found = STRING.match(rest)
    content, _, place = found.groups()
    return content.encode("latin-1").decode("unicode_escape").encode("latin-1"), int(place) if place else None
