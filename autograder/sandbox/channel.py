"""The trusted end of the worker's socket: bounded messages, each awaited only until a deadline."""

from __future__ import annotations

import socket
import struct
import time
from typing import Any

from autograder.wire import MAX_BYTES, Refer, Resolve, WireError, decode, encode

__all__ = ["Channel", "Closed", "TimedOut"]


_AT_ONCE = 2**16  # bytes: more than most messages have
_CREDENTIALS = struct.Struct("3i")  # process, user, group


class Closed(Exception):
    """The worker has gone, or speaks something that is not the protocol."""


class TimedOut(Exception):
    """The worker did not answer in time."""


class Channel:
    """Dicts in wire format, each behind its length in four bytes."""

    def __init__(self, end: socket.socket) -> None:
        if hasattr(socket, "SO_PASSCRED"):  # Linux
            end.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._socket = end
        self._waiting = bytearray()
        self.received = 0  # bytes, of all messages

    def close(self) -> None:
        self._socket.close()

    def send(self, message: dict[str, Any], deadline: float, refer: Refer | None = None) -> None:
        data = encode(message, refer)
        try:
            self._socket.settimeout(_remaining(deadline))
            self._socket.sendall(len(data).to_bytes(4, "big") + data)
        except TimeoutError as error:
            raise TimedOut from error
        except OSError as error:
            raise Closed("the worker has gone") from error

    def receive(self, deadline: float, resolve: Resolve | None = None) -> dict[str, Any]:
        """The next message. Raises TimedOut after ``deadline`` (``time.monotonic``), or Closed."""
        size = int.from_bytes(self._read(4, deadline), "big")
        if size > MAX_BYTES:
            raise Closed(f"the worker announced a message of {size} bytes")
        self.received += size
        try:
            message = decode(self._read(size, deadline), resolve)
        except WireError as error:
            raise Closed(f"the worker sent no valid message: {error}") from error
        if not isinstance(message, dict):
            raise Closed("the worker sent no valid message")
        return message

    def sender(self, deadline: float) -> int:
        """The PID of who sent the next message, as seen here, by the kernel's own word."""
        try:
            self._socket.settimeout(_remaining(deadline))
            room = socket.CMSG_SPACE(_CREDENTIALS.size)
            _, parts, _, _ = self._socket.recvmsg(1, room, socket.MSG_PEEK)
        except TimeoutError as error:
            raise TimedOut from error
        except OSError as error:
            raise Closed("the worker has gone") from error
        if not parts:
            raise Closed("the worker has gone")
        pid: int = _CREDENTIALS.unpack(parts[0][2])[0]
        return pid

    def _read(self, size: int, deadline: float) -> bytes:
        try:
            while len(self._waiting) < size:
                self._socket.settimeout(_remaining(deadline))
                part = self._socket.recv(_AT_ONCE)
                if not part:
                    raise Closed("the worker has gone")
                self._waiting += part
        except TimeoutError as error:
            raise TimedOut from error
        except OSError as error:
            raise Closed("the worker has gone") from error
        data = bytes(self._waiting[:size])
        del self._waiting[:size]
        return data


def _remaining(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining
