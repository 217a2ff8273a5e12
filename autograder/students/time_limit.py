"""A limit of time for code that runs in this process: a student's own, in their own notebook."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys
import threading
import time
import types
from collections.abc import Iterator
from typing import Any

__all__ = ["TimeUp", "time_limit"]

_AGAIN = 0.2  # seconds


class TimeUp(BaseException):
    """The time is up. No `except Exception` catches it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp inside the block after ``seconds``, and again until it is left.

    By the alarm clock of the operating system where it has one, which interrupts sleep, too, and
    ends a loop with a bare `except:` in it. Elsewhere, and in other threads than the main one, by a
    watchdog, which does neither.
    """
    is_main = threading.current_thread() is threading.main_thread()
    with _alarm(seconds) if is_main and hasattr(signal, "setitimer") else _watchdog(seconds):
        yield


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    is_over = False

    def ring(number: int, frame: types.FrameType | None) -> None:
        if is_over:
            return
        sys.settrace(again)
        while frame is not None:
            frame.f_trace, frame = again, frame.f_back
        raise TimeUp

    def again(frame: types.FrameType, event: str, argument: object) -> Any:
        """Raise at the next line, too: where a bare `except:` has caught it, in the handler."""
        if event == "line" and not is_over:
            raise TimeUp
        return again

    handler = signal.signal(signal.SIGALRM, ring)
    tracing = sys.gettrace()
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    start = time.monotonic()
    try:
        yield
    finally:
        is_over = True
        sys.settrace(tracing)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:  # another limit around this one
            passed = time.monotonic() - start
            signal.setitimer(signal.ITIMER_REAL, max(left - passed, 0.001), interval)


@contextlib.contextmanager
def _watchdog(seconds: float) -> Iterator[None]:
    is_over = threading.Event()
    lock = threading.Lock()
    thread = ctypes.c_ulong(threading.get_ident())
    throw = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def watch() -> None:
        wait = seconds
        while not is_over.wait(wait):
            with lock:
                if not is_over.is_set():
                    throw(thread, ctypes.py_object(TimeUp))
            wait = _AGAIN

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        with lock:
            is_over.set()
            throw(thread, None)  # one that has not been raised yet
