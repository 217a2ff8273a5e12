"""A control group around a fork server and its guests, to limit their total memory.

Limits of a process bind each of a submission's processes, but not all of them together. A group
also tells who caused a kill for lack of memory: the student, if the group has met its own limit,
and otherwise the machine. Groups need a memory controller (of either version) and the right to make
groups beside or below one's own. Grading works without them, but without these two benefits.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import time
from collections.abc import Iterable
from pathlib import Path

__all__ = ["MemoryGroup", "memory_group", "remove_stale_groups"]

_PREFIX = "unroll-"
_PATIENCE = 100  # hundredths of a second
_CHARGED_AT_ONCE = 2**20  # bytes: more than the kernel charges to a group in one step
_numbers = itertools.count(1)


class MemoryGroup:
    """A control group of running processes. ``allow`` restarts its counts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kills = 0

    def allow(self, limit: int) -> None:
        """Limit all processes together to ``limit`` bytes, including swap.

        A server keeps its group from guest to guest, so each guest's counts begin here.
        """
        self._kills = self._all_kills()
        self._limit(limit)

    @property
    def kills(self) -> int:
        """The number of its processes killed for lack of memory, the group's or the machine's."""
        return self._all_kills() - self._kills

    @property
    def was_full(self) -> bool:
        """Whether the group has met its own limit."""
        raise NotImplementedError

    def remove(self) -> None:
        """Remove the group, whose processes are ending: until they have, the kernel refuses."""
        for _ in range(_PATIENCE):
            try:
                self._folder.rmdir()
                return
            except OSError as error:
                if error.errno != errno.EBUSY:
                    return
                time.sleep(0.01)

    def _limit(self, limit: int) -> None:
        raise NotImplementedError

    def _all_kills(self) -> int:
        raise NotImplementedError

    def _write(self, name: str, value: int) -> None:
        (self._folder / name).write_text(str(value))

    def _read(self, name: str, key: str = "") -> int:
        """The number in a file, or the one after ``key``."""
        lines = map(str.split, (self._folder / name).read_text().splitlines())
        return next(int(words[-1]) for words in lines if words[:-1] == ([key] if key else []))


class _VersionOne(MemoryGroup):
    _allowed = 0

    def _limit(self, limit: int) -> None:
        names = ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"]  # the second is with swap
        is_raised = 0 < self._allowed < limit
        # The kernel refuses a limit with swap below that without: raise it first, lower it last.
        for name in reversed(names) if is_raised else names:
            with contextlib.suppress(FileNotFoundError):  # not every kernel counts swap
                self._write(name, limit)
        self._write("memory.max_usage_in_bytes", 0)  # resets the peak, for `was_full`
        self._allowed = limit

    @property
    def was_full(self) -> bool:
        return self._read("memory.max_usage_in_bytes") >= self._allowed - _CHARGED_AT_ONCE

    def _all_kills(self) -> int:
        return self._read("memory.oom_control", "oom_kill")


class _VersionTwo(MemoryGroup):
    _met = 0

    def _limit(self, limit: int) -> None:
        self._write("memory.max", limit)
        with contextlib.suppress(FileNotFoundError):
            self._write("memory.swap.max", 0)
        self._met = self._read("memory.events", "oom")

    @property
    def was_full(self) -> bool:
        return self._read("memory.events", "oom") > self._met

    def _all_kills(self) -> int:
        return self._read("memory.events", "oom_kill")


def memory_group(pids: Iterable[int]) -> MemoryGroup | None:
    """Put processes, and all that they start, into a new group; None if the machine offers none."""
    parent = _parent()
    if parent is None:
        return None
    folder = parent / f"{_PREFIX}{os.getpid()}-{next(_numbers)}"
    try:
        folder.mkdir()
    except OSError:
        return None
    group = _group(folder)
    try:
        for pid in pids:
            (folder / "cgroup.procs").write_text(str(pid))
    except OSError:
        group.remove()
        return None
    return group


def _group(folder: Path) -> MemoryGroup:
    return _VersionTwo(folder) if (folder / "memory.max").exists() else _VersionOne(folder)


def remove_stale_groups() -> None:
    """Remove the groups that killed graders have left behind."""
    parent = _parent()
    for folder in parent.glob(f"{_PREFIX}*") if parent else ():
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if not Path("/proc", pid).exists():
            MemoryGroup(folder).remove()


def _parent(process: Path = Path("/proc/self")) -> Path | None:
    """The folder in which groups with a memory controller can be made; None if there is none.

    In version 1 it is the process's own group. In version 2 it is the parent of that one, because a
    group that holds processes cannot give its subgroups a controller.
    """
    with contextlib.suppress(OSError):
        for line in (process / "cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            own = _mounted(process, controllers, path)
            if own is None:
                continue
            if controllers:
                return own
            parent = own.parent if (own.parent / "cgroup.procs").exists() else own
            if "memory" in (parent / "cgroup.subtree_control").read_text().split():
                return parent
    return None


def _mounted(process: Path, controllers: str, path: str) -> Path | None:
    """The folder of a process's group, if it is mounted and may have a memory controller."""
    if controllers and "memory" not in controllers.split(","):
        return None
    for line in (process / "mountinfo").read_text().splitlines():
        place, _, source = line.partition(" - ")
        kind, _, options = source.split(" ", 2)
        root, where = place.split(" ")[3:5]
        fits = "memory" in options.split(",") if controllers else kind == "cgroup2"
        if kind.startswith("cgroup") and fits and Path(path).is_relative_to(root):
            return Path(where, Path(path).relative_to(root))
    return None
