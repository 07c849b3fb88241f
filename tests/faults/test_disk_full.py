"""A volume of three megabytes runs full at any write: refused in words, reads go on, and it recovers by itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(3000)
def test_a_full_disk_loses_nothing_and_recovers(tmp_path, rounds, file_key):
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    volume = tmp_path / "volume"
    volume.mkdir()
    key = (file_key or b"").hex()

    done = subprocess.run(
        [*alone, sys.executable, "-m", "tests.faults.full_disk", str(volume), str(rounds(short=20, long=500)), key],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    refused = int(done.stdout.split()[1])
    assert refused >= 3, done.stdout
