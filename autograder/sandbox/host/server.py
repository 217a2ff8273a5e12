"""The process that workers are forked from: NumPy is loaded once for many submissions.

A server serves one worker at a time, so that its control group is that worker's. It belongs to the
thread that started it, with which the kernel kills it, and is kept there for the next worker.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import tempfile
import threading
import weakref

from autograder.core.errors import GraderError
from autograder.sandbox.host.bubblewrap import ENVIRONMENT, Isolation, command
from autograder.sandbox.host.kernel import descendants
from autograder.sandbox.host.memory_cgroup import MemoryGroup, memory_group

__all__ = ["ForkServer", "give_back", "take_server"]

_START_SECONDS = 60.0


class _Idle(threading.local):
    """The servers of this thread that serve nobody."""

    def __init__(self) -> None:
        self.servers: dict[Isolation, list[ForkServer]] = {}


_idle = _Idle()
os.register_at_fork(after_in_child=lambda: _idle.servers.clear())


class ForkServer:
    """The process, and the socket on which it is asked for forks. Ends with its last reference."""

    def __init__(self, isolation: Isolation) -> None:
        start = command(isolation)
        self.isolation, self.thread = isolation, threading.get_ident()
        self._control, theirs = socket.socketpair()
        with tempfile.TemporaryFile() as errors, theirs:
            try:
                self._process = subprocess.Popen(
                    [*start, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    start_new_session=True,
                    cwd="/",
                    env=ENVIRONMENT,
                )
            except OSError as error:
                self._control.close()
                raise GraderError(f"the sandbox cannot be started: {error}") from error
            theirs.close()
            has_started = self._has_started()
            pids = [self.pid, *descendants(self.pid)]
            self.memory = memory_group(pids) if has_started else None
            self.kill = weakref.finalize(
                self, _end, self._process, self._control, self.memory, os.getpid()
            )
            if not has_started:
                self.kill()
                errors.seek(0)
                said = errors.read(10_000).decode("utf-8", "replace").strip().splitlines()
                complaint = said[-1] if said else "it said nothing"
                raise GraderError(f"the sandbox did not start: {complaint}")

    @property
    def pid(self) -> int:
        return self._process.pid

    def fork(self) -> socket.socket:
        """The trusted end of the socket of a new worker.

        It is closed at the other end when the server cannot fork.
        """
        ours, theirs = socket.socketpair()
        with theirs, contextlib.suppress(OSError):
            socket.send_fds(self._control, [b"\n"], [theirs.fileno()])
        return ours

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def _has_started(self) -> bool:
        readable, _, _ = select.select([self._control], [], [], _START_SECONDS)
        return bool(readable) and self._control.recv(1) == b"\n"


def _end(
    process: subprocess.Popen[bytes], control: socket.socket, memory: MemoryGroup | None, owner: int
) -> None:
    """Kill a server and, with its process group or its PID namespace, the workers."""
    if os.getpid() != owner:  # a fork of the one whose server it is
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    control.close()
    if memory:
        memory.remove()


def take_server(isolation: Isolation) -> ForkServer:
    """A server that serves nobody else; raises GraderError when it cannot be had here."""
    idle = _idle.servers.get(isolation, [])
    while idle:
        server = idle.pop()
        if server.is_alive():
            return server
        server.kill()
    return ForkServer(isolation)


def give_back(server: ForkServer) -> None:
    """Keep ``server``, whose worker has ended, for the next one."""
    if server.thread == threading.get_ident():
        _idle.servers.setdefault(server.isolation, []).append(server)
