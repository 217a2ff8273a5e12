"""Start, question and kill a guest; every answer has a deadline."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from typing import Any

from autograder.core.errors import GraderError
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.channel import Channel, Closed, TimedOut
from autograder.sandbox.host.exception_text import error_of
from autograder.sandbox.host.kernel import (
    allow_processors,
    descendants,
    offer_to_oom_killer,
    out_of_memory_kills,
    share_processor,
)
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.server import ForkServer, give_back, take_server
from autograder.sandbox.host.syscalls import system_call_filter
from autograder.sandbox.wire.codec import Reference
from autograder.sandbox.wire.protocol import CallbackAnswer, Request, Settings

__all__ = ["Guest"]


class Guest:
    """A guest: the process with one submission's cells, and the channel to it."""

    def __init__(self, isolation: Isolation, limits: Limits) -> None:
        self._is_isolated = isolation is Isolation.BUBBLEWRAP
        try:
            self._start(take_server(isolation), limits)
        except Closed:  # the server may have been killed since it was last used
            try:
                self._start(take_server(isolation), limits)
            except Closed as error:
                raise GraderError(f"the sandbox did not start: {error}") from error
        self._kills_before = out_of_memory_kills()
        self._own = descendants(self.pid)  # before any student code: later ones are `has_company`
        offer_to_oom_killer({self.pid, *self._own})
        self._processors = share_processor({self.pid, *self._own})

    def _start(self, server: ForkServer, limits: Limits) -> None:
        self._server, self._memory = server, server.memory
        if self._memory:
            self._memory.allow(limits.memory)  # before the fork, which the limit shall bind
        self._channel = Channel(server.fork())
        deadline = time.monotonic() + limits.start_seconds
        try:
            self._channel.send(_settings(limits, isolated=self._is_isolated), deadline)
            # Look up the sender before `receive` takes its message: a guest in a PID namespace does
            # not know its PID in this one.
            sender = self._channel.sender(deadline) if self._is_isolated else 0
            started = self._channel.receive(deadline)
            if "error" in started:
                problem = error_of(started["error"])["message"]
                raise GraderError(f"the sandbox did not start: {problem}")
            self.pid = sender or started["ready"]
            # By the time of the kill, the PID may be another process's; the handle cannot be.
            self._handle = os.pidfd_open(self.pid) if hasattr(os, "pidfd_open") else None
        except BaseException as error:
            self._channel.close()
            server.kill()  # a guest may be half started, and the server is not given back
            if isinstance(error, TimedOut):
                raise GraderError("the sandbox did not start: it does not answer") from error
            raise

    @property
    def received(self) -> int:
        """The number of bytes that came from the guest so far."""
        return self._channel.received

    @property
    def has_company(self) -> bool:
        """Whether the student's code has started processes that are still alive."""
        return bool(descendants(self.pid) - self._own)

    @property
    def lacked_memory(self) -> bool:
        """Whether the kernel killed the student's processes for exceeding their limit together.

        Raises GraderError if it killed processes because the machine had no memory left.
        """
        if self._memory:
            kills, is_their_own = self._memory.kills, self._memory.was_full
        else:
            kills, is_their_own = out_of_memory_kills() - self._kills_before, False
        if kills and not is_their_own:
            raise GraderError(
                "the machine ran out of memory: grade again with fewer submissions at once"
            )
        return bool(kills)

    def ask(
        self,
        message: Request | CallbackAnswer,
        deadline: float,
        refer: Callable[[object], Reference | None] | None = None,
        resolve: Callable[[Reference], object] | None = None,
    ) -> dict[str, Any]:
        self._channel.send(message, deadline, refer)
        return self._channel.receive(deadline, resolve)

    def kill(self) -> None:
        """Kill the guest and, with its process group or PID namespace, all that it has started.

        The server is given back only after the guest has ended, so that the next guest's control
        group holds no processes and no memory of this one.
        """
        allow_processors(self._processors)
        with contextlib.suppress(ProcessLookupError):
            if not self._is_isolated:
                os.killpg(self.pid, signal.SIGKILL)
            elif self._handle is not None:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        if self._handle is not None:
            select.select([self._handle], [], [])  # readable once it has ended, with its namespace
            os.close(self._handle)
        self._channel.close()
        give_back(self._server)


def _settings(limits: Limits, *, isolated: bool) -> Settings:
    system = limits.of_system()
    if not isolated:  # without a user namespace, it would count all processes of the user
        del system["RLIMIT_NPROC"]
    return Settings(
        limits=system, scratch=limits.scratch, filter=system_call_filter() if isolated else None
    )
