"""What runs inside the sandbox: loads a student's cells, then calls their functions when asked.

It holds no test, no expected value and no verdict, so code that takes it over can only change what
it answers. Requests and answers are dicts
in wire format, each behind its length in four bytes, on the inherited socket:

    {"op": "cell", "index", "source"}      run a code cell           -> {"notes"} | {"error", ...}
    {"op": "take up", "index"}             define what is missing    -> {"taken"}
    {"op": "read", "name"}                 a plain value's copy      -> {"value"} | {"missing"}
    {"op": "fork"}                         serve calls in a fork     -> {"names"} from the fork
    {"op": "replace", "name", "function"}  put a function in place   -> {"ok"}
    {"op": "call", "name", "args", "kwargs", "keep"}                 -> {"value", ...} | {"error"}
    {"op": "exit"}                         the fork ends             -> {"ended"} from its parent

Where a cell stopped early, the answer has "more", and something may be taken up from it. With
"keep", the last part of a tuple that is returned, a cache, stays here and is referred to: most
of what calls would send to and fro is caches, which only the student's own functions read.

While a call runs, the student's code may call back: {"callback", "args", "kwargs"} goes out and
{"value"}, {"same": i} (the result is the i-th argument itself) or {"error"} comes in.
"""

from __future__ import annotations

import os
import random
import socket
import time
from typing import Any, NoReturn

import numpy as np

from autograder.sandbox.inside.cells import Notebook
from autograder.sandbox.inside.observe import copied, describe_error, observe
from autograder.sandbox.inside.stand_ins import refuse_stand_ins
from autograder.wire import Reference, WireError, decode, encode

__all__ = ["Link", "serve"]

_AT_ONCE = 2**16  # bytes: more than most messages have


class Link:
    """Length-prefixed messages on a socket; ends the process when the other side has gone."""

    def __init__(self, descriptor: int) -> None:
        self.socket = socket.socket(fileno=descriptor)
        self.handles: list[object] = []
        self.kept: set[int] = set()
        self._waiting = bytearray()

    def send(self, message: dict[str, Any]) -> None:
        try:
            data = encode(message, self._refer)
        except WireError as error:
            problem = {"type": "WireError", "message": str(error), "where": ""}
            data = encode({"error": problem})
        self.socket.sendall(len(data).to_bytes(4, "big") + data)

    def receive(self) -> dict[str, Any]:
        size = int.from_bytes(self._read(4), "big")
        message: dict[str, Any] = decode(self._read(size), self._resolve, trusted=True)
        return message

    def _read(self, size: int) -> bytes:
        while len(self._waiting) < size:
            part = self.socket.recv(max(_AT_ONCE, size - len(self._waiting)))
            if not part:
                os._exit(0)
            self._waiting += part
        data = bytes(self._waiting[:size])
        del self._waiting[:size]
        return data

    def _refer(self, value: object) -> Reference:
        self.handles.append(value)
        kind = type(value)
        label = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
        if isinstance(value, np.ndarray):
            label += f" of dtype {value.dtype}"
        return Reference("handle", len(self.handles) - 1, label)

    def keep_last(self, value: object) -> object:
        """``value`` with a reference in place of the last part, where it is a tuple of several."""
        if type(value) is tuple and len(value) > 1:
            self.kept.add(len(self.handles))
            return (*value[:-1], self._refer(value[-1]))
        return value

    def _resolve(self, reference: Reference) -> object:
        if reference.kind != "handle":
            return _Callback(self, reference)
        value = self.handles[reference.id]
        return copied(value) if reference.id in self.kept else value


class _Callback:
    """A function that lives on the other side: called here, it is computed there."""

    def __init__(self, link: Link, reference: Reference) -> None:
        self.link, self.reference = link, reference
        self.__name__ = reference.label

    def __call__(self, *args: object, **kwargs: object) -> object:
        refuse_stand_ins([args, kwargs])
        call = {"callback": self.reference.id, "args": args, "kwargs": kwargs}
        self.link.send(call)
        reply = self.link.receive()
        if "error" in reply:
            raise RuntimeError(reply["error"])
        return args[reply["same"]] if "same" in reply else reply["value"]


def _answer_call(link: Link, namespace: dict[str, Any], request: dict[str, Any]) -> None:
    try:
        seen = observe(namespace[request["name"]], request["args"], request["kwargs"])
        refuse_stand_ins(seen.value)
        reply = {"value": link.keep_last(seen.value) if request["keep"] else seen.value}
        others = {"mutated": seen.mutated, "warnings": seen.warnings, "printed": seen.printed}
        reply |= {name: other for name, other in others.items() if other}
    except BaseException as error:  # whatever a student raises is an answer, SystemExit included
        reply = {"error": describe_error(error)}
    link.send(reply)


def _serve_exercise(link: Link, namespace: dict[str, Any]) -> None:
    """Answer calls until told to exit; runs in a fork of the loaded worker."""
    link.send({"names": [name for name, value in namespace.items() if callable(value)]})
    while (request := link.receive())["op"] != "exit":
        if request["op"] == "replace":
            namespace[request["name"]] = request["function"]
            link.send({"ok": True})
        else:
            _answer_call(link, namespace, request)


def _run_cell(notebook: Notebook, index: int, source: str) -> dict[str, Any]:
    reply: dict[str, Any] = {}
    try:
        notebook.run(index, source)
    except BaseException as error:
        reply["error"] = describe_error(error)
    return reply | {"notes": [*notebook.importer.notes], "more": notebook.has_more(index)}


def serve(link: Link, notebook: Notebook) -> NoReturn:
    """Load cells and fork, as asked, until the other side has gone."""
    namespace = notebook.namespace
    while True:
        request = link.receive()
        if request["op"] == "cell":
            link.send(_run_cell(notebook, request["index"], request["source"]))
        elif request["op"] == "take up":
            link.send({"taken": notebook.take_up(request["index"])})
        elif request["op"] == "read":
            name = request["name"]
            link.send({"value": namespace[name]} if name in namespace else {"missing": True})
        elif request["op"] == "fork":
            drawn = random.getstate()
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    notebook.importer.phase.is_graded = True
                    random.setstate(drawn)  # Python draws it anew in each fork
                    _serve_exercise(link, namespace)
                    status = 0
                finally:
                    os._exit(status)
            _, status, used = os.wait4(child, 0)
            seconds = used.ru_utime + used.ru_stime
            link.send({"ended": status, "cpu_seconds": seconds, "own_seconds": time.process_time()})
