"""The process from which workers are forked, with the modules that all workers need loaded."""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing import forkserver
from multiprocessing.context import BaseContext

__all__ = ["begin_loading", "worker_context"]


def worker_context() -> BaseContext:
    """The multiprocessing context that starts workers."""
    # A fork of this process would also inherit its threads' locks, the open gradebook and the lock
    # of the run, which would then outlive a killed run.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.classroom.pool"])
    return context


def begin_loading() -> None:
    """Start the process now, so that it loads modules while the caller does; it ignores Ctrl-C."""
    worker_context()
    # A process inherits an ignored signal, so ignore it before the start and restore it after.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)
