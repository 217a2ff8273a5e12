"""The trusted end of the guest's socket: bounded messages, each awaited only until a deadline."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Callable, Mapping
from typing import Any

from autograder.sandbox.wire.codec import MAX_BYTES, Refer, Resolve, WireError, decode, encode
from autograder.sandbox.wire.protocol import AT_ONCE, Frames, framed

__all__ = ["Channel", "Closed", "TimedOut"]

_GONE = "the sandbox's process has ended"
_CREDENTIALS = struct.Struct("3i")  # process, user, group


class Closed(Exception):
    """The end of the guest, or a message of its that breaks the protocol."""


class TimedOut(Exception):
    """The lack of an answer before the deadline."""


class Channel:
    """A socket for the messages of ``protocol``; ``received`` counts the bytes that came."""

    def __init__(self, end: socket.socket) -> None:
        if hasattr(socket, "SO_PASSCRED"):  # Linux
            # Set before the guest can send: each message then carries the PID of its sender.
            end.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        end.setblocking(False)  # student code must not be able to block the grader; see ``_wait``
        self._socket = end
        self._ready = {event: select.poll() for event in (select.POLLIN, select.POLLOUT)}
        for event, poll in self._ready.items():
            poll.register(end, event)
        self._frames = Frames(MAX_BYTES)
        self.received = 0  # bytes, of all messages

    def close(self) -> None:
        self._socket.close()

    def send(self, message: Mapping[str, Any], deadline: float, refer: Refer | None = None) -> None:
        unsent = memoryview(framed(encode(message, refer)))
        while unsent:
            try:
                unsent = unsent[self._do(self._socket.send, unsent) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)

    def receive(self, deadline: float, resolve: Resolve | None = None) -> dict[str, Any]:
        """The next message. Raises TimedOut after ``deadline`` (``time.monotonic``), or Closed."""
        while (data := self._next_frame()) is None:
            self._wait(select.POLLIN, deadline)
            part = self._do(self._socket.recv, AT_ONCE)
            if not part:
                raise Closed(_GONE)
            self._frames.add(part)
        self.received += len(data)
        try:
            message = decode(data, resolve)
        except WireError as error:
            raise Closed(f"the sandbox sent no valid message: {error}") from error
        if not isinstance(message, dict):
            raise Closed("the sandbox sent no valid message")
        return message

    def sender(self, deadline: float) -> int:
        """The PID of the next message's sender in this namespace, as the kernel attests it.

        The message stays in the socket for ``receive``.
        """
        self._wait(select.POLLIN, deadline)
        room = socket.CMSG_SPACE(_CREDENTIALS.size)
        _, parts, _, _ = self._do(self._socket.recvmsg, 1, room, socket.MSG_PEEK)
        if not parts:
            raise Closed(_GONE)
        pid: int = _CREDENTIALS.unpack(parts[0][2])[0]
        return pid

    def _next_frame(self) -> bytes | None:
        try:
            return self._frames.take()
        except WireError as error:
            raise Closed(str(error)) from error

    def _do(self, operation: Callable[..., Any], *args: Any) -> Any:
        """The result of a socket operation that need not wait; raises Closed."""
        try:
            return operation(*args)
        except BlockingIOError:
            raise
        except OSError as error:
            raise Closed(_GONE) from error

    def _wait(self, event: int, deadline: float) -> None:
        """Wait until the socket is ready for ``event``; raises TimedOut after ``deadline``."""
        milliseconds = (deadline - time.monotonic()) * 1000
        if milliseconds <= 0 or not self._ready[event].poll(milliseconds):
            raise TimedOut("the sandbox does not answer")
