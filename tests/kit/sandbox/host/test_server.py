"""Servers that fork sandboxes: started once, started again after a kill, refused with a reason."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.core.errors import GraderError
from autograder.sandbox.host import bubblewrap
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.session import Sandbox
from autograder.students.remote import remote_student
from tests.kit.sandbox.sandboxes import QUICK, answer, cells, sandbox


def bwrap_that_says(tmp_path: Path, complaint: str, *, from_start: int) -> Path:
    """A bubblewrap that works, but is refused from its ``from_start``th start on."""
    broken, count = tmp_path / "bwrap", tmp_path / "starts"
    broken.write_text(
        f"#!/bin/sh\necho >> {count}\n"
        f'[ $(wc -l < {count}) -lt {from_start} ] && exec {bubblewrap.find_bwrap()} "$@"\n'
        f"echo 'bwrap: {complaint}' >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    return broken


@pytest.mark.usefixtures("no_server_yet")
def test_without_user_namespaces_grading_is_refused_with_the_way_out(monkeypatch, tmp_path):
    refused = "No permissions to create new namespace"
    broken = bwrap_that_says(tmp_path, refused, from_start=1)
    monkeypatch.setattr(bubblewrap, "find_bwrap", lambda: str(broken))
    with pytest.raises(GraderError) as raised, sandbox("x = 1"):
        pass
    assert "No permissions to create new namespace" in str(raised.value)
    assert "--isolation process" in str(raised.value)


def test_a_plain_process_serves_where_isolation_is_given_up():
    with (
        Sandbox(cells("def f():\n    return 7"), Isolation.PROCESS, QUICK) as box,
        remote_student(box) as student,
    ):
        assert student.f() == 7


@pytest.mark.usefixtures("no_server_yet")
def test_a_sandbox_that_does_not_start_says_why(monkeypatch, tmp_path):
    broken = bwrap_that_says(tmp_path, "no room for mounts", from_start=2)
    monkeypatch.setattr(bubblewrap, "find_bwrap", lambda: str(broken))
    with pytest.raises(GraderError, match="the sandbox did not start: bwrap: no room for mounts"):
        answer("")


def test_a_server_that_was_killed_is_started_again(no_server_yet):
    source = "def f():\n    return 7"
    assert answer(source) == 7
    (first,) = no_server_yet[Isolation.BUBBLEWRAP]
    os.kill(first.pid, signal.SIGKILL)
    assert answer(source) == 7
    (second,) = no_server_yet[Isolation.BUBBLEWRAP]
    assert second is not first


@pytest.mark.usefixtures("no_server_yet")
def test_sandboxes_at_the_same_time_do_not_share_a_server():
    source = "def f():\n    return 7"
    with sandbox(source) as one, sandbox(source) as two:
        assert one._guest._server is not two._guest._server
        with remote_student(one) as first, remote_student(two) as second:
            assert first.f() == second.f() == 7
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(answer, source).result() == 7
    assert answer(source) == 7
