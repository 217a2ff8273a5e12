"""The guest: it loads a student's cells, and calls their functions when the host asks.

It holds no test, no expected value and no verdict, so code that takes it over can only change its
answers. ``sandbox.wire.protocol`` defines the requests and their answers.
"""

from __future__ import annotations

import os
import random
import socket
import time
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np

from autograder.sandbox.guest.cells import Notebook
from autograder.sandbox.guest.observe import copied, describe_error, observe
from autograder.sandbox.guest.stand_ins import refuse_stand_ins
from autograder.sandbox.wire.codec import Reference, WireError, decode, encode
from autograder.sandbox.wire.protocol import (
    AT_ONCE,
    Absent,
    Call,
    Callback,
    CallbackAnswer,
    CellRun,
    Done,
    Ended,
    ExceptionText,
    Exit,
    Failed,
    Fork,
    Frames,
    Names,
    Read,
    Replace,
    RunCell,
    Taken,
    TakeUp,
    Value,
    framed,
)

__all__ = ["Link", "serve"]


class Link:
    """Length-prefixed messages on a socket; the process ends when the host closes it."""

    def __init__(self, descriptor: int) -> None:
        self.socket = socket.socket(fileno=descriptor)
        self.handles: list[object] = []
        self.kept: set[int] = set()
        self._frames = Frames()

    def send(self, message: Mapping[str, Any]) -> None:
        try:
            data = encode(message, self._refer)
        except WireError as error:
            problem = ExceptionText(type="WireError", message=str(error), where="")
            data = encode(Failed(error=problem))
        self.socket.sendall(framed(data))

    def receive(self) -> Any:
        """The next message of the host; the caller knows its type."""
        while (data := self._frames.take()) is None:
            part = self.socket.recv(AT_ONCE)
            if not part:
                os._exit(0)
            self._frames.add(part)
        return decode(data, self._resolve, trusted=True)

    def _refer(self, value: object) -> Reference:
        self.handles.append(value)
        kind = type(value)
        label = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
        if isinstance(value, np.ndarray):
            label += f" of dtype {value.dtype}"
        return Reference("handle", len(self.handles) - 1, label)

    def keep_last(self, value: object) -> object:
        """``value`` with a reference as its last part, if it is a tuple of several."""
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
    """A function of the host: calling it here computes it there."""

    def __init__(self, link: Link, reference: Reference) -> None:
        self.link, self.reference = link, reference
        self.__name__ = reference.label

    def __call__(self, *args: object, **kwargs: object) -> object:
        refuse_stand_ins([args, kwargs])
        self.link.send(Callback(callback=self.reference.id, args=args, kwargs=kwargs))
        reply: CallbackAnswer = self.link.receive()
        if "error" in reply:
            raise RuntimeError(reply["error"])
        return args[reply["same"]] if "same" in reply else reply["value"]


def _answer_call(link: Link, namespace: dict[str, Any], request: Call) -> None:
    reply: Value | Failed
    try:
        seen = observe(namespace[request["name"]], request["args"], request["kwargs"])
        refuse_stand_ins(seen.value)
        reply = Value(value=link.keep_last(seen.value) if request["keep"] else seen.value)
        if seen.mutated:
            reply["mutated"] = seen.mutated
        if seen.warnings:
            reply["warnings"] = seen.warnings
        if seen.printed:
            reply["printed"] = seen.printed
    except BaseException as error:  # any exception is an answer, even SystemExit
        reply = Failed(error=describe_error(error))
    link.send(reply)


def _serve_exercise(link: Link, namespace: dict[str, Any]) -> None:
    """Answer calls until told to exit; runs in a fork of the guest."""
    link.send(Names(names=[name for name, value in namespace.items() if callable(value)]))
    while True:
        request: Replace | Call | Exit = link.receive()
        if request["op"] == "exit":
            return
        if request["op"] == "replace":
            namespace[request["name"]] = request["function"]
            link.send(Done(ok=True))
        else:
            _answer_call(link, namespace, request)


def _run_cell(notebook: Notebook, index: int, source: str) -> CellRun:
    reply = CellRun()
    try:
        notebook.run(index, source)
    except BaseException as error:
        reply["error"] = describe_error(error)
    reply["notes"], reply["more"] = [*notebook.importer.notes], notebook.has_more(index)
    return reply


def _serve_fork(link: Link, notebook: Notebook) -> None:
    """Serve an exercise in a fork, wait until it has ended, and report its end.

    The fork uses the same socket. Only one of the two talks at a time, because this process waits.
    """
    drawn = random.getstate()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            notebook.importer.phase.is_graded = True
            random.setstate(drawn)  # Python seeds `random` again in each fork
            _serve_exercise(link, notebook.namespace)
            status = 0
        finally:
            os._exit(status)  # an exception must not carry the fork on into `serve`
    _, status, used = os.wait4(child, 0)  # with the processor time of this fork alone
    seconds = used.ru_utime + used.ru_stime
    link.send(Ended(ended=status, cpu_seconds=seconds, own_seconds=time.process_time()))


def serve(link: Link, notebook: Notebook) -> NoReturn:
    """Load cells and fork on request, until the host closes the socket."""
    namespace = notebook.namespace
    while True:
        request: RunCell | TakeUp | Read | Fork = link.receive()
        if request["op"] == "cell":
            link.send(_run_cell(notebook, request["index"], request["source"]))
        elif request["op"] == "take up":
            link.send(Taken(taken=notebook.take_up(request["index"])))
        elif request["op"] == "read":
            name = request["name"]
            there = name in namespace
            link.send(Value(value=namespace[name]) if there else Absent(missing=True))
        elif request["op"] == "fork":
            _serve_fork(link, notebook)
