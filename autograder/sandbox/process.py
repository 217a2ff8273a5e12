"""The worker's process, and what can be asked of it until a deadline."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from typing import Any

from autograder.model import GraderError
from autograder.printable import printable
from autograder.sandbox.bubblewrap import Isolation, command
from autograder.sandbox.channel import Channel, Closed, TimedOut
from autograder.sandbox.limits import Limits
from autograder.sandbox.machine import descendants, offer_to_oom_killer, out_of_memory_kills
from autograder.sandbox.syscalls import system_call_filter
from autograder.wire import Reference

__all__ = ["Worker", "error_of", "one_line"]

_LONGEST = 500


class Worker:
    """The worker's process and the channel to it."""

    def __init__(self, isolation: Isolation, limits: Limits) -> None:
        start, settings = command(isolation, limits), _settings(isolation, limits)
        ours, theirs = socket.socketpair()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed by kill)
        try:
            self._process = subprocess.Popen(
                [*start, str(theirs.fileno()), settings],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
                cwd="/",
                env={"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
        except OSError as error:
            ours.close()
            self._errors.close()
            raise GraderError(f"the sandbox cannot be started: {error}") from error
        finally:
            theirs.close()
        self._channel = Channel(ours)
        self._kills_before = out_of_memory_kills()
        try:
            self._channel.receive(time.monotonic() + limits.start_seconds)
        except (Closed, TimedOut) as error:
            complaint = self._complaint()
            self.kill()
            raise GraderError(f"the sandbox did not start: {complaint}") from error
        self._own = descendants(self._process.pid)
        offer_to_oom_killer(self._own)

    @property
    def received(self) -> int:
        """The bytes that came from it so far."""
        return self._channel.received

    @property
    def has_company(self) -> bool:
        """Whether the student's code has started processes that still live."""
        return bool(descendants(self._process.pid) - self._own)

    def assert_not_out_of_memory(self) -> None:
        """Raise GraderError if the machine killed processes for lack of memory since the start."""
        if out_of_memory_kills() > self._kills_before:
            raise GraderError(
                "the machine ran out of memory: grade again with fewer submissions at once"
            )

    def ask(
        self,
        message: dict[str, Any],
        deadline: float,
        refer: Callable[[object], Reference | None] | None = None,
        resolve: Callable[[Reference], object] | None = None,
    ) -> dict[str, Any]:
        self._channel.send(message, deadline, refer)
        return self._channel.receive(deadline, resolve)

    def kill(self) -> None:
        """Kill the worker and, with its process group and PID namespace, all it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._channel.close()
        self._errors.close()

    def _complaint(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read(10_000).decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def _settings(isolation: Isolation, limits: Limits) -> str:
    isolated = isolation is Isolation.BUBBLEWRAP
    program = system_call_filter() if isolated else None
    system = limits.of_system()
    if not isolated:  # per user, not per sandbox: it would count what else the user runs
        del system["RLIMIT_NPROC"]
    return json.dumps(
        {
            "isolated": isolated,
            "limits": system,
            "filter": base64.b64encode(program or b"").decode(),
        }
    )


def error_of(error: object) -> dict[str, str]:
    """The worker's description of an exception, checked; raises Closed when it is none."""
    if not isinstance(error, dict):
        raise Closed("the worker sent no valid error")
    return {key: one_line(error.get(key)) for key in ("type", "message", "where")}


def one_line(text: object) -> str:
    """What the worker says, as a short line without characters that could draw on a terminal."""
    return printable(text, _LONGEST).replace("\n", " ") if isinstance(text, str) else ""
