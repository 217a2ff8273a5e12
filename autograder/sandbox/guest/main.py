"""What bubblewrap starts: loads Python, NumPy and the worker once, and forks itself when asked.

Each fork gets namespaces of its own, gives up all rights, and becomes a submission's worker. No
code of a student runs here, and nothing comes back from the forks: each talks on a socket of its
own, which arrives with the request for it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import random
import signal
import socket
import sys
from typing import NoReturn

import numpy as np

from autograder.sandbox.guest.cells import Notebook
from autograder.sandbox.guest.observe import describe_error
from autograder.sandbox.guest.privileges import (
    drop_rights,
    enter_namespaces,
    filter_system_calls,
    limit,
    mount_scratch,
)
from autograder.sandbox.guest.serve import Link, serve
from autograder.sandbox.wire.protocol import Failed, Ready, Settings

__all__ = ["main"]

_SEED = 0  # of the global generators: who draws without a seed gets what everyone gets


def main(descriptor: int, *, isolated: bool) -> NoReturn:
    """Fork a worker for each socket that comes in on the socket ``descriptor``, until it closes."""
    control = socket.socket(fileno=descriptor)
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograder"]:
        del sys.modules[name]  # so that a notebook's `from autograder import check` is idle, too
    silence = os.open(os.devnull, os.O_RDWR)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    gc.freeze()
    control.sendall(b"\n")
    for standard in (0, 1, 2):
        os.dup2(silence, standard)
    while True:
        _, ends, _, _ = socket.recv_fds(control, 1, 1)
        if not ends:
            os._exit(0)
        if os.fork() == 0:
            try:
                control.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _become_worker(Link(ends[0]), isolated=isolated)
            finally:
                os._exit(1)
        os.close(ends[0])


def _become_worker(link: Link, *, isolated: bool) -> NoReturn:
    """Do what the first message says, and say so or what went wrong; then answer requests."""
    try:
        settings: Settings = link.receive()
        os.setsid()
        if isolated:
            _isolate(settings)
        limit(settings["limits"])
        if settings["filter"]:  # not before: started by root, it had to make a namespace
            filter_system_calls(settings["filter"])
    except Exception as error:
        link.send(Failed(error=describe_error(error)))
        os._exit(1)
    if isolated:
        _leave_to_a_child(link)
    else:
        link.send(Ready(ready=os.getpid()))
    random.seed(_SEED)
    np.random.seed(_SEED)
    notebook = Notebook()
    sys.modules["__main__"] = notebook.module
    sys.meta_path.insert(0, notebook.importer)
    serve(link, notebook)


def _isolate(settings: Settings) -> None:
    """Go on as the first process of new namespaces, without rights."""
    enter_namespaces()
    if os.fork():
        os._exit(0)
    mount_scratch(settings["scratch"])
    drop_rights()


def _leave_to_a_child(link: Link) -> None:
    """Go on in a child; what is left behind, the namespace's first process, ends when that does.

    It is the one that says that all is ready: the grader learns its PID from that.
    """
    child = os.fork()
    if child:
        link.send(Ready(ready=True))
        link.socket.close()
        with contextlib.suppress(ChildProcessError):
            while os.wait()[0] != child:
                pass
        os._exit(0)
