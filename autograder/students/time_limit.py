"""A time limit for code in this process: a student's own code in their own notebook."""

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

_AGAIN = 0.2  # seconds between attempts: code may catch the first TimeUp


class TimeUp(BaseException):
    """The end of the time. `except Exception` does not catch it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp inside the block after ``seconds``, and again until the block is left.

    The operating system's alarm, where it has one, also interrupts sleep and ends a loop with a
    bare `except:`. Elsewhere, and in other threads than the main one, a watchdog thread does not.
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
        sys.settrace(again)  # for functions called from here on; the running frames follow
        while frame is not None:
            frame.f_trace, frame = again, frame.f_back
        raise TimeUp

    def again(frame: types.FrameType, event: str, argument: object) -> Any:
        """Raise at the next line as well: in the handler, if a bare `except:` has caught it."""
        if event == "line" and not is_over:
            raise TimeUp
        return again

    # The handler before the timer: an alarm without a handler would end the process.
    handler = signal.signal(signal.SIGALRM, ring)
    tracing = sys.gettrace()
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    start = time.monotonic()
    try:
        yield
    finally:
        is_over = True  # first: an alarm during the next lines must do nothing
        sys.settrace(tracing)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:  # the timer of a limit around this one
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
            with lock:  # so that no TimeUp is thrown after the block has been left
                if not is_over.is_set():
                    throw(thread, ctypes.py_object(TimeUp))
            wait = _AGAIN

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        with lock:
            is_over.set()
            throw(thread, None)  # cancels one that has not been raised yet
