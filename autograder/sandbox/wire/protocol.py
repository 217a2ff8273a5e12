"""Messages on the sandbox's socket, typed once for both ends, and their framing.

The host sends a request, and the guest answers it. While a call runs, the student's code may call
a function that it was given: the guest then sends a ``Callback`` in place of the reply, and the
host answers with a ``CallbackAnswer``.

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
    """The first message to a guest: its limits, and the filter of its system calls."""

    limits: dict[str, int]
    scratch: int
    filter: bytes | None


class RunCell(TypedDict):
    op: Literal["cell"]
    index: int
    source: str


class TakeUp(TypedDict):
    """A request to define names from below the line where the cell stopped, after all cells ran."""

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
    """A call of a student's function. ``keep``: the last part of a returned tuple stays there.

    That part is a cache. Caches make up most of the data, and only the student's functions read
    them.
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
    """The answer to ``Settings``: the guest's PID, or True if the kernel tells it."""

    ready: int


class Done(TypedDict):
    ok: Literal[True]


class Failed(TypedDict):
    error: ExceptionText


class CellRun(TypedDict, total=False):
    """The exception that a cell raised, remarks on it, and whether it stopped early."""

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
    """The value that a function returned, and its other effects, if there are any."""

    value: Any
    mutated: Sequence[str]
    warnings: Sequence[str]
    printed: str


class Ended(TypedDict):
    """The fork's exit status, its processor time, and that of the guest so far."""

    ended: int
    cpu_seconds: float
    own_seconds: float


class Callback(TypedDict):
    """A call of a function that went with the request, by its number."""

    callback: int
    args: Sequence[object]
    kwargs: dict[str, object]


class CallbackAnswer(TypedDict, total=False):
    """The function's value, the number of the argument that it returned, or its error."""

    value: object
    same: int
    error: str


def framed(data: bytes) -> bytes:
    """``data`` behind its length, as it is sent over the socket."""
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
            raise WireError(
                f"the sandbox announced a message of {size} bytes; the limit is {self._most}"
            )
        if len(self._waiting) < _HEAD + size:
            return None
        data = bytes(self._waiting[_HEAD : _HEAD + size])
        del self._waiting[: _HEAD + size]
        return data
