"""The real desk on a free port, and the real Chromium that looks at it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)


@dataclass
class RunningDesk:
    """A desk that answers at `url`; `log` is what it printed so far."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        return (self.folder / "console.txt").read_text(errors="replace")

    def setup_code(self) -> str:
        """The one-time code of the first run, from the console."""
        found = re.search(r"Set-up code for its first page: (\S+)", self.log)
        assert found, self.log
        return found.group(1)


@contextmanager
def running_desk(folder: Path, **environment: str) -> Iterator[RunningDesk]:
    """Start the desk with its data in `folder`, wait until it answers, and stop it in the end."""
    port = free_port()
    with (folder / "console.txt").open("wb") as console:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(folder / "data")} | environment,
            stdout=console,
            stderr=subprocess.STDOUT,
        )
    desk = RunningDesk(f"http://127.0.0.1:{port}", folder, process)
    try:
        wait_for(desk)
        yield desk
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless; without its sandbox only as root, who cannot have one."""
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def wait_for(desk: RunningDesk) -> None:
    """Wait until a desk that was started answers."""
    for _ in range(240):
        assert desk.process.poll() is None, desk.log
        try:
            with urllib.request.urlopen(f"{desk.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"the desk did not start: {desk.log}")


def free_port() -> int:
    """A port of this computer on which nothing listens."""
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port: int = any_port.getsockname()[1]
        return port
