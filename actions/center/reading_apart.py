"""Reads an uploaded spreadsheet in a process of its own, so that a hostile one costs the desk nothing but seconds."""

import json
import subprocess
import sys
import threading
from pathlib import Path

from domain.refusals import Refused
from domain.spreadsheet.reading import CHOOSE, EMPTY
from domain.spreadsheet.tables import LARGEST_FILE, Table

PATIENCE = 40
"""Seconds for one file; 20,000 ordinary lines take about three."""
HERE = Path(__file__).resolve().parents[2]
TOO_HARD = (
    "This file takes more time or memory than a list of clients does, so it was given up. "
    "Copy the lines into a new workbook, or save them as CSV, and choose that file."
)
_one_at_a_time = threading.Semaphore(1)
"""Two such processes at once would already be half of a small computer."""


def read_apart(content: bytes) -> Table:
    """The table in a file; refuses with what to do instead. Nothing of the file touches this process but its text."""
    if not content:
        raise Refused(EMPTY)
    if len(content) > LARGEST_FILE:
        raise Refused(f"This file is larger than {LARGEST_FILE // 1_000_000} MB. Load the list in parts.")
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Refused("Another file is being read just now. Choose your file again in a minute.")
    try:
        read = subprocess.run(
            [sys.executable, "-m", "domain.spreadsheet"],
            input=content,
            capture_output=True,
            cwd=HERE,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(TOO_HARD) from None
    finally:
        _one_at_a_time.release()
    return _table(read)


def _table(read: subprocess.CompletedProcess[bytes]) -> Table:
    if read.returncode != 0:
        raise Refused(TOO_HARD if b"MemoryError" in read.stderr or read.returncode < 0 else f"{_BROKE} {CHOOSE}")
    said = json.loads(read.stdout)
    if "refused" in said:
        raise Refused(said["refused"])
    return Table.from_json(said["table"])


_BROKE = "This file could not be read: it is damaged or of another kind."
