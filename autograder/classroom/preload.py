"""The process that workers are forked from: it has loaded what all of them need."""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing import forkserver
from multiprocessing.context import BaseContext

__all__ = ["begin_loading", "worker_context"]


def worker_context() -> BaseContext:
    """How to start workers."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.classroom.pool"])
    return context


def begin_loading() -> None:
    """Start the process now, so that it loads while the caller does. Ctrl-C is not for it."""
    worker_context()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)
