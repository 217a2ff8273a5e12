"""Processes of a submission: their rights and limits, and their end before the next one starts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.sandbox.host import bubblewrap
from autograder.sandbox.host import kernel as machine
from autograder.students.remote import remote_student
from tests.kit.sandbox.sandboxes import answer, sandbox
from tests.kit.waiting import wait_until


def test_no_other_process_can_be_seen_or_signalled():
    source = """
        import os, signal
        def f(pid):
            seen = []
            for target in (pid, 1):
                try:
                    os.kill(target, signal.SIGKILL)
                    seen.append(target)
                except OSError:
                    pass
            return os.getpid() < 100, seen
    """
    victim = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        small, killed = answer(source, victim.pid)
        assert small
        assert victim.poll() is None
        assert killed in ([], [1])
    finally:
        victim.communicate(b"\n")


def test_processes_are_few_and_end_with_the_submission():
    source = """
        import os, time
        def f():
            children = 0
            try:
                while children < 500:
                    if os.fork() == 0:
                        time.sleep(300)
                        os._exit(0)
                    children += 1
            except OSError:
                return children
    """
    with sandbox(source) as box, remote_student(box) as student:
        assert student.f() < 64
        assert len(machine.descendants(box._guest.pid)) > 2
        server = box._guest._server
        assert machine.descendants(box._guest.pid) < machine.descendants(server.pid)
    wait_until(lambda: len(machine.descendants(server.pid)) == 2)  # bubblewrap's, and the server


def test_the_student_is_nobody_and_has_no_capability():
    source = """
        import ctypes, os
        def f():
            libc = ctypes.CDLL(None, use_errno=True)
            header = (ctypes.c_uint32 * 2)(0x20080522, 0)
            data = (ctypes.c_uint32 * 6)()
            libc.capget(header, data)
            return os.getuid(), sum(data), libc.prctl(39, 0, 0, 0, 0)
    """
    assert answer(source) == (65534, 0, 1)  # nobody, none, no new privileges


def test_limits_cannot_be_raised():
    source = """
        import resource
        def f():
            try:
                resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))
            except (OSError, ValueError) as error:
                return type(error).__name__
    """
    assert answer(source) == "ValueError"


def test_nothing_of_a_submission_is_there_for_the_next():
    source = """
        import os, sys
        import numpy as np
        def f():
            seen = os.listdir("/tmp"), hasattr(np, "spoiled"), "spoiled" in sys.modules
            np.spoiled = sys.modules["spoiled"] = True
            open("/tmp/left", "w").write("behind")
            return *seen, os.getpid()
    """
    assert answer(source) == answer(source) == ([], False, False, 3)


def test_draws_without_a_seed_and_orders_of_sets_are_the_same_for_everyone(no_server_yet):
    source = """
        import random
        import numpy as np
        def f():
            return np.random.rand(), random.random(), list(set("unrolled"))
    """
    first = answer(source)
    assert answer(source) == first
    no_server_yet.clear()
    assert answer(source) == first


def test_a_process_that_outlives_its_exercise_is_dead_before_the_next_one_starts():
    source = """
        import os, time
        def f():
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            return 1
        def g():
            return 7
    """
    with sandbox(source) as box:
        with remote_student(box) as student:
            assert student.f() == 1
        assert box._guest.has_company
        with remote_student(box) as student:
            assert student.g() == 7
            assert len(machine.descendants(box._guest.pid)) == 2  # the worker, and its fork


def test_the_grader_shares_a_processor_with_the_sandbox_while_it_is_there():
    allowed = os.sched_getaffinity(0)
    with sandbox("def f(): pass") as box:
        assert len(os.sched_getaffinity(0)) == 1
        assert os.sched_getaffinity(max(box._guest._own)) == os.sched_getaffinity(0)
    assert os.sched_getaffinity(0) == allowed


@pytest.mark.usefixtures("no_server_yet")
def test_an_ordinary_user_gets_a_user_namespace_of_their_own(monkeypatch):
    monkeypatch.setattr(bubblewrap.os, "getuid", lambda: 1000)
    source = """
        import ctypes, os
        def f():
            return os.getuid(), ctypes.CDLL(None).unshare(0x10000000)
    """
    assert answer(source) == (65534, -1)
