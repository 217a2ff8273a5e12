"""Kernel facts about a sandbox, which student code cannot forge.

Outside Linux there are none: no descendants, no kills.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

__all__ = [
    "allow_processors",
    "descendants",
    "offer_to_oom_killer",
    "out_of_memory_kills",
    "share_processor",
]

_PROC = Path("/proc")
_FIRST_TO_GO = "1000"


def descendants(pid: int) -> frozenset[int]:
    """The descendants of the process ``pid``, as the kernel lists them."""
    found: set[int] = set()
    parents = [pid]
    while parents:
        tasks = f"{_PROC}/{parents.pop()}/task"
        with contextlib.suppress(OSError):  # the process has ended meanwhile
            for task in os.listdir(tasks):
                with contextlib.suppress(OSError), open(f"{tasks}/{task}/children") as listed:
                    children = {*map(int, listed.read().split())} - found
                    found |= children
                    parents += children
    return frozenset(found)


def share_processor(pids: Iterable[int]) -> set[int]:
    """Pin this thread and the processes ``pids`` to the processor where this thread is now.

    They talk in turns, so a second processor would only have to wake up for each message. Returns
    the processors on which this thread could run before, for ``allow_processors``.
    """
    if not hasattr(os, "sched_setaffinity"):
        return set()
    allowed = os.sched_getaffinity(0)
    here = ctypes.CDLL(None).sched_getcpu()
    for pid in (0, *pids) if here in allowed else ():
        with contextlib.suppress(OSError):
            os.sched_setaffinity(pid, {here})
    return allowed


def allow_processors(allowed: set[int]) -> None:
    """Let this thread run on all of these processors again."""
    if allowed:
        os.sched_setaffinity(0, allowed)


def out_of_memory_kills() -> int:
    """The number of processes that the kernel has killed for lack of memory since it started."""
    with contextlib.suppress(OSError):
        for line in (_PROC / "vmstat").read_text().splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    return 0


def offer_to_oom_killer(pids: Iterable[int]) -> None:
    """Make the kernel kill these processes rather than the grader when memory runs out."""
    for pid in pids:
        with contextlib.suppress(OSError):  # owned by another user, or ended
            (_PROC / str(pid) / "oom_score_adj").write_text(_FIRST_TO_GO)
