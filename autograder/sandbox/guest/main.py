"""The fork server, which bubblewrap starts: it loads Python and NumPy once, and forks guests.

Each fork enters namespaces of its own, gives up all rights, and becomes the guest of one
submission. No student code runs in the server itself, and nothing returns to it from the guests:
each guest talks on a socket of its own, which arrives with the request to fork it.
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

_SEED = 0  # of the global generators: code that draws without a seed draws the same every time


def main(descriptor: int, *, isolated: bool) -> NoReturn:
    """Fork a guest for each socket that arrives on the socket ``descriptor``, until it closes."""
    control = socket.socket(fileno=descriptor)
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograder"]:
        del sys.modules[name]  # a notebook that imports it gets a stand-in
    silence = os.open(os.devnull, os.O_RDWR)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps guests; none becomes a zombie
    gc.freeze()  # a collection in a guest would write to shared pages, and so copy them
    control.sendall(b"\n")
    # The standard streams close only now: until here the host reads from stderr why a start failed,
    # and from here on no student's output may reach it.
    for standard in (0, 1, 2):
        os.dup2(silence, standard)
    while True:
        _, ends, _, _ = socket.recv_fds(control, 1, 1)
        if not ends:
            os._exit(0)
        if os.fork() == 0:
            try:
                control.close()  # first: a guest must not read the requests to the server
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # the guest waits for its own forks
                _become_worker(Link(ends[0]), isolated=isolated)
            finally:
                os._exit(1)  # a guest that goes wrong must not go on as a second server
        os.close(ends[0])  # otherwise the host would not notice when the guest ends


def _become_worker(link: Link, *, isolated: bool) -> NoReturn:
    """Apply the settings of the first message, report success or the error, and serve requests.

    Rights are given up in an order that each step allows: namespaces and mounts need capabilities,
    limits must follow the change of user, and the filter forbids all of the steps before it.
    """
    try:
        settings: Settings = link.receive()
        os.setsid()  # a process group of its own, so that the host can kill all that it starts
        if isolated:
            _isolate(settings)
        limit(settings["limits"])  # after root has become nobody: RLIMIT_NPROC does not bind root
        if settings["filter"]:  # last: it forbids `unshare` and `mount`, which `_isolate` needs
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
    """Become the first process of new namespaces, without rights."""
    enter_namespaces()
    if os.fork():  # a new PID namespace holds only later children: the first of them is its PID 1
        os._exit(0)
    mount_scratch(settings["scratch"])  # before the capability to mount is given up
    drop_rights()


def _leave_to_a_child(link: Link) -> None:
    """Go on in a child; the namespace's first process stays behind, and ends when the child does.

    When the first process ends, the kernel kills all others in its namespace. It sends ``Ready``
    itself, so that the kernel tells the host its PID, the one to kill. No student code runs before
    the host has read that message, so no other process can have sent it. The guest is the child,
    because the kernel shields the first process from its own signals, such as that of `os.abort`.
    """
    child = os.fork()
    if child:
        link.send(Ready(ready=True))
        link.socket.close()
        with contextlib.suppress(ChildProcessError):
            while os.wait()[0] != child:  # orphans of the namespace end here, too
                pass
        os._exit(0)
