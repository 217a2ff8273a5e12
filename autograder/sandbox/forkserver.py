"""The process that workers are forked from, one in each grading process: NumPy is loaded once."""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import socket
import subprocess
import tempfile
import threading

from autograder.model import GraderError
from autograder.sandbox.bubblewrap import ENVIRONMENT, Isolation, command
from autograder.sandbox.machine import descendants
from autograder.sandbox.memory import MemoryGroup, memory_group

__all__ = ["ForkServer", "fork_server"]

_START_SECONDS = 60.0
_servers: dict[Isolation, ForkServer] = {}
_lock = threading.Lock()


class ForkServer:
    """The process, and the socket on which it is asked for forks."""

    def __init__(self, isolation: Isolation) -> None:
        self.memory: MemoryGroup | None = None
        start = command(isolation)
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
            if not self._has_started():
                self.kill()
                errors.seek(0)
                said = errors.read(10_000).decode("utf-8", "replace").strip().splitlines()
                complaint = said[-1] if said else "it said nothing"
                raise GraderError(f"the sandbox did not start: {complaint}")
        self.memory = memory_group([self.pid, *descendants(self.pid)])

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

    def kill(self) -> None:
        """Kill it and, with its process group or its PID namespace, the workers."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._control.close()
        if self.memory:
            self.memory.remove()

    def _has_started(self) -> bool:
        readable, _, _ = select.select([self._control], [], [], _START_SECONDS)
        return bool(readable) and self._control.recv(1) == b"\n"


def fork_server(isolation: Isolation) -> ForkServer:
    """This process's server; started when there is none, or it was killed.

    (The kernel kills it with the thread that started it, for one.) Raises GraderError when it
    cannot be had here.
    """
    with _lock:
        found = _servers.get(isolation)
        if found and not found.is_alive():
            found.kill()
            found = None
        if found is None:
            found = _servers[isolation] = ForkServer(isolation)
        return found


@atexit.register
def _end() -> None:
    while _servers:
        _servers.popitem()[1].kill()


os.register_at_fork(after_in_child=_servers.clear)
