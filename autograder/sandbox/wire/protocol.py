"""Messages of the sandbox's socket, typed once for both ends, and their framing.

The host sends a request, the guest answers it. While a call runs, the student's code may call one
of the functions that it was given: the guest then sends a ``Callback`` in place of the reply, and
the host a ``CallbackAnswer``.

| request    | asks the guest to             | reply                                       |
|------------|-------------------------------|---------------------------------------------|
| `RunCell`  | run a code cell               | `CellRun`                                   |
| `TakeUp`   | define what is still missing  | `Taken`                                     |
| `Read`     | copy a global's plain value   | `Value`, or `Absent` where there is none    |
| `Fork`     | serve calls in a fork         | `Names`, from the fork                      |
| `Replace`  | put a function in place       | `Done`                                      |
| `Call`     | call a function               | `Value`, `Failed`, or first a `Callback`    |
| `Exit`     | end the fork                  | `Ended`, from its parent                    |

Every message is a dict in the format of ``codec``, behind its length in four bytes. The host trusts
no reply: these types say what an honest guest sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

from autograder.sandbox.wire.codec import WireError

__all__ = [
    "AT_ONCE",
    "Absent",
    "Call",
    "Callback",
    "CallbackAnswer",
    "CellRun",
    "Done",
    "Ended",
    "ExceptionText",
    "Exit",
    "Failed",
    "Fork",
    "Frames",
    "Names",
    "Read",
    "Ready",
    "Replace",
    "Request",
    "RunCell",
    "Settings",
    "TakeUp",
    "Taken",
    "Value",
    "framed",
]

AT_ONCE = 2**16  # bytes that are received at once: more than most messages have
_HEAD = 4


class Settings(TypedDict):
    """The first message to a worker: its limits, and the filter of its system calls."""

    limits: dict[str, int]
    scratch: int
    filter: bytes | None


class RunCell(TypedDict):
    op: Literal["cell"]
    index: int
    source: str


class TakeUp(TypedDict):
    """From below the place where the cell stopped, once all cells have run."""

    op: Literal["take up"]
    index: int


class Read(TypedDict):
    op: Literal["read"]
    name: str


class Fork(TypedDict):
    op: Literal["fork"]


class Replace(TypedDict):
    op: Literal["replace"]
    name: str
    function: object


class Call(TypedDict):
    """``keep``: the last part of a tuple that is returned, a cache, stays there.

    Most of what calls would send to and fro is caches, which only the student's own functions read.
    """

    op: Literal["call"]
    name: str
    args: Sequence[object]
    kwargs: dict[str, object]
    keep: bool


class Exit(TypedDict):
    op: Literal["exit"]


Request = RunCell | TakeUp | Read | Fork | Replace | Call | Exit


class ExceptionText(TypedDict):
    """An exception in words: the name of its type, its message, and the line in a cell."""

    type: str
    message: str
    where: str


class Ready(TypedDict):
    """The answer to ``Settings``: the worker's PID, or True where the kernel tells it."""

    ready: int


class Done(TypedDict):
    ok: Literal[True]


class Failed(TypedDict):
    error: ExceptionText


class CellRun(TypedDict, total=False):
    """What a cell raised, what else is to be told of it, and whether it stopped early."""

    error: ExceptionText
    notes: Sequence[str]
    more: bool


class Taken(TypedDict):
    """The names that were taken up."""

    taken: Sequence[str]


class Absent(TypedDict):
    missing: Literal[True]


class Names(TypedDict):
    names: list[str]


class Value(TypedDict, total=False):
    """What a function returned, and what else it did, where it did anything."""

    value: Any
    mutated: Sequence[str]
    warnings: Sequence[str]
    printed: str


class Ended(TypedDict):
    """The fork's exit status, its processor time, and that of the loaded worker so far."""

    ended: int
    cpu_seconds: float
    own_seconds: float


class Callback(TypedDict):
    """A call of the function of this number among those that went with the request."""

    callback: int
    args: Sequence[object]
    kwargs: dict[str, object]


class CallbackAnswer(TypedDict, total=False):
    """The function's value, the number of the argument that it returned, or why it failed."""

    value: object
    same: int
    error: str


def framed(data: bytes) -> bytes:
    """``data`` as it goes over the socket."""
    return len(data).to_bytes(_HEAD, "big") + data


class Frames:
    """Bytes from the socket, cut into messages; the host limits them to ``most`` bytes each."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._waiting = bytearray()

    def add(self, part: bytes) -> None:
        self._waiting += part

    def take(self) -> bytes | None:
        """The next message; None while it is incomplete. Raises WireError when it is too long."""
        if len(self._waiting) < _HEAD:
            return None
        size = int.from_bytes(self._waiting[:_HEAD], "big")
        if self._most is not None and size > self._most:
            raise WireError(f"the worker announced a message of {size} bytes")
        if len(self._waiting) < _HEAD + size:
            return None
        data = bytes(self._waiting[_HEAD : _HEAD + size])
        del self._waiting[: _HEAD + size]
        return data
