"""Where attacks are played: a judge, a neighbour beside them, and eyes on the machine."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import numpy as np

from autograder.authoring.release import release
from autograder.core.results import Report
from autograder.judging.judge import Judge, load_judge
from autograder.report import plain, report_json, report_text
from autograder.sandbox.host.limits import MEGABYTE, Limits
from autograder.sandbox.host.process import Guest
from autograder.sandbox.wire.protocol import Frames
from autograder.submission.notebook import read_node
from tests.kit.toy_course import TOY
from tests.submissions.fill import answers, fill
from tests.submissions.hostile.course import POINTS, Attack, hostile_course

LIMITS = Limits(
    call_seconds=1.0,
    cell_seconds=1.0,
    exercise_seconds=2.5,
    timeouts_per_exercise=1,
    callbacks_per_call=500,
    address_space=512 * MEGABYTE,
    memory=600 * MEGABYTE,
    processes=8,
)
HONEST = {
    "double": "def double(x):\n    return 2.0 * x",
    "quadruple": "def quadruple(x):\n    return 4.0 * x",
    "twice": "def twice(f, x):\n    return f(f(x))",
    "keep": "def keep(x):\n    return x, [x]",
    "give_back": "def give_back(cache):\n    return cache[0]",
}
MARK = "unroll-mark"
_PORT_IN_SHEETS = "40001"
_SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/dev", "/")
_SESSION_KEYRING, _SYS_ADD_KEY, _SYS_KEYCTL, _UNLINK = -3, 248, 250, 9


@dataclass(frozen=True)
class Outcome:
    """What came of an attack. All but the report should be empty."""

    report: Report
    leaks: tuple[str, ...]
    left_behind: tuple[str, ...]
    neighbour_changed: bool

    @property
    def given(self) -> float | None:
        """The score; None where a person would have to look."""
        return None if self.report.needs_person else self.report.score

    @property
    def text(self) -> str:
        """All that the report says."""
        failures = [str(t.failure) for e in self.report.exercises for t in e.tests if t.failure]
        notes = [note for exercise in self.report.exercises for note in exercise.notes]
        return "\n".join([*failures, *notes, *map(str, self.report.problems)])


@dataclass
class Arena:
    """A course that is full of secrets, its judge, and a neighbour's notebook."""

    root: Path
    canary: str
    judge: Judge
    released: Any
    port: int
    beside: ThreadPoolExecutor
    baseline: str = ""

    def play(self, attack: Attack) -> Outcome:
        """Grade the attack, with a neighbour beside it, and look at what it left."""
        cells = self.answers(attack)
        seen: list[bytes] = []
        namespaces: set[str] = set()
        before = self._state()
        with (
            patch.object(Frames, "add", _overheard(Frames.add, seen, self.canary)),
            patch.object(Guest, "__init__", _noted(Guest.__init__, namespaces)),
        ):
            beside = self.beside.submit(self.neighbour)
            report = self.judge.grade(read_node(fill(self.released, cells)))
            is_same = beside.result() == self.baseline
        shown = report_json(report) + plain(report_text(report))
        leaks = [*map(str, seen), *([shown] if self.canary in shown else [])]
        left = [*_alive_in(namespaces), *sorted(self._state() ^ before)]
        return Outcome(report, tuple(leaks), tuple(left), not is_same)

    def answers(self, attack: Attack) -> dict[str, str]:
        found = answers(attack.sheet, set(POINTS))
        return {name: code.replace(_PORT_IN_SHEETS, str(self.port)) for name, code in found.items()}

    def neighbour(self) -> str:
        """The report, byte for byte, on an honest submission under the usual limits."""
        judge = replace(self.judge, limits=Limits())
        return report_json(judge.grade(read_node(fill(self.released, HONEST))))

    def _state(self) -> set[str]:
        """What an attack might change: the course's files, installed packages, marks anywhere."""
        files = [path for path in self.root.rglob("*") if path.is_file()]
        state = {f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files}
        state |= {str(path) for path in Path(np.__file__).parents[1].iterdir()}
        state |= {f"{np.__file__} {Path(np.__file__).stat().st_mtime_ns}"}
        for folder in _SHARED_FOLDERS:
            state |= {str(path) for path in Path(folder).glob(f"*{MARK}*")}
        with contextlib.suppress(OSError):
            keys = Path("/proc/keys").read_text().splitlines()
            state |= {line for line in keys if MARK in line}
        return state


@contextlib.contextmanager
def arena(root: Path) -> Iterator[Arena]:
    """An arena below the empty folder ``root``, with listeners and secrets in place."""
    course, canary = hostile_course(root)
    release(course, TOY)
    released = nbformat.read(root / "assignments" / TOY / f"{TOY}.ipynb", as_version=4)
    judge = load_judge(course, TOY, limits=LIMITS)
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as abstract,
        patch.dict(os.environ, {"UNROLL_SECRET": canary}),
        _key(canary),
        ThreadPoolExecutor(1) as beside,
    ):
        port = tcp.getsockname()[1]
        abstract.bind(f"\0{MARK}-{port}")
        abstract.listen()
        found = Arena(root, canary, judge, released, port, beside)
        found.baseline = found.neighbour()
        yield found
        for listener in (tcp, abstract):
            listener.settimeout(0)
            with contextlib.suppress(BlockingIOError):
                raise AssertionError(f"something connected to {listener.accept()[1]}")


def _overheard(add: Any, seen: list[bytes], canary: str) -> Any:
    """``Frames.add``, keeping what holds the secret."""

    def overhearing(self: Frames, part: bytes) -> None:
        add(self, part)
        if canary.encode() in self._waiting:
            seen.append(bytes(self._waiting[:1000]))

    return overhearing


def _noted(start: Any, namespaces: set[str]) -> Any:
    """``Guest.__init__``, noting the PID namespace that it makes."""

    def noting(self: Guest, *args: Any) -> None:
        start(self, *args)
        namespaces.update(os.readlink(f"/proc/{pid}/ns/pid") for pid in self._own)

    return noting


def _alive_in(namespaces: set[str]) -> list[str]:
    """The processes that live in one of these PID namespaces, after a moment's grace."""
    deadline = time.monotonic() + 5.0
    while True:
        alive = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(process / "ns" / "pid") in namespaces:
                    is_dead = ") Z " in (process / "stat").read_text()
                    alive += [] if is_dead else [process.name]
        if not alive or time.monotonic() > deadline:
            return alive
        time.sleep(0.02)


@contextlib.contextmanager
def _key(canary: str) -> Iterator[None]:
    """A secret in the kernel's session keyring, where the machine has keyrings."""
    libc = ctypes.CDLL(None)
    name, payload = b"unroll-canary", canary.encode()
    key = libc.syscall(_SYS_ADD_KEY, b"user", name, payload, len(payload), _SESSION_KEYRING)
    try:
        yield
    finally:
        if key > 0:
            libc.syscall(_SYS_KEYCTL, _UNLINK, key, _SESSION_KEYRING)
