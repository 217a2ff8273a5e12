"""The trusted end of fork servers: they load NumPy once for the guests of many submissions.

A server serves one guest at a time, so that its control group measures that guest alone. It belongs
to the thread that started it, because the kernel kills it when that thread ends, and it waits there
for the next guest.
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
    """The servers of this thread that have no guest."""

    def __init__(self) -> None:
        self.servers: dict[Isolation, list[ForkServer]] = {}


_idle = _Idle()
# A forked child must not share its parent's servers: both would talk on one socket.
os.register_at_fork(after_in_child=lambda: _idle.servers.clear())


class ForkServer:
    """A fork server's process, and the socket for requests. It ends with its last reference."""

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
                    start_new_session=True,  # Ctrl-C reaches the grader alone, which then ends it
                    cwd="/",
                    env=ENVIRONMENT,
                )
            except OSError as error:
                self._control.close()
                raise GraderError(f"the sandbox cannot be started: {error}") from error
            theirs.close()  # only the server holds its end now, so its death closes the socket
            has_started = self._has_started()
            # Guests inherit the group. bubblewrap has started all of its own processes by now.
            pids = [self.pid, *descendants(self.pid)]
            self.memory = memory_group(pids) if has_started else None
            self.kill = weakref.finalize(
                self, _end, self._process, self._control, self.memory, os.getpid()
            )
            if not has_started:
                self.kill()
                errors.seek(0)
                said = errors.read(10_000).decode("utf-8", "replace").strip().splitlines()
                complaint = said[-1] if said else "it printed no error"
                raise GraderError(f"the sandbox did not start: {complaint}")

    @property
    def pid(self) -> int:
        return self._process.pid

    def fork(self) -> socket.socket:
        """Ask for a new guest, and return the trusted end of its socket.

        If the server cannot fork, the other end is closed.
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
    """Kill a server with its process group and its PID namespace, guests included."""
    if os.getpid() != owner:  # a fork inherits the finalizer, but the server is its parent's
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()  # the group can only be removed when its processes have ended
    control.close()
    if memory:
        memory.remove()


def take_server(isolation: Isolation) -> ForkServer:
    """An idle server or a new one; raises GraderError if it cannot be started here."""
    idle = _idle.servers.get(isolation, [])
    while idle:
        server = idle.pop()
        if server.is_alive():
            return server
        server.kill()
    return ForkServer(isolation)


def give_back(server: ForkServer) -> None:
    """Keep ``server``, whose guest has ended, for the next guest of its thread."""
    if server.thread == threading.get_ident():
        _idle.servers.setdefault(server.isolation, []).append(server)
