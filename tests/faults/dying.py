"""Processes that die: forked from one that has imported everything, so that a death costs a moment only."""

import multiprocessing
import os
import random
import time

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.faults.scenes"])


def a_random_moment(longest, *, least=0.0):
    return least + random.random() * longest


def killed_at_work(told, longest, scene, *arguments):
    """Run a scene, wait until it has said something, and kill it -9 at a random moment after that."""
    before = _said(told)
    process = start(scene, *arguments)
    end = time.monotonic() + 60
    while _said(told) == before and process.is_alive() and time.monotonic() < end:
        time.sleep(0.003)
    process.join(a_random_moment(longest))
    process.kill()
    process.join()


def _said(told):
    return told.stat().st_size if told.exists() else 0


def start(scene, *arguments):
    process = _context.Process(target=scene, args=arguments)
    process.start()
    return process


def opened_for_telling(path):
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
