"""The memory limit of a submission, and GraderError where the machine runs out of memory."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.core.errors import GraderError, StudentFailure
from autograder.sandbox.host import kernel as machine
from autograder.sandbox.host import memory_cgroup as memory
from autograder.sandbox.host import process
from autograder.sandbox.host import server as forkserver
from autograder.sandbox.host.limits import Limits
from autograder.students.remote import remote_student
from tests.kit.sandbox.sandboxes import PROJECT, QUICK, answer, sandbox

HOARD = """
    import os, time
    def f(children, megabytes):
        for _ in range(children):
            if os.fork() == 0:
                hoard = bytearray(b"x") * (60 * 2**20)
                time.sleep(60)
                os._exit(0)
        hoard = bytearray(b"x") * (megabytes * 2**20)
        time.sleep(60)
    def g():
        return 7
"""


@pytest.fixture
def memory_folder():
    """A control group with a memory limit, below this process's own."""
    parent = memory._parent()
    if parent is None or not os.access(parent, os.W_OK):
        pytest.skip("control groups with a memory limit cannot be made here")
    folder = parent / f"test-{os.getpid()}"
    folder.mkdir()
    yield folder
    folder.rmdir()


@pytest.mark.usefixtures("memory_folder", "no_server_yet")
def test_all_processes_of_a_submission_together_have_a_limit_of_memory():
    limits = replace(QUICK, call_seconds=20.0, exercise_seconds=60.0, memory=300 * 2**20)
    with sandbox(HOARD, limits=limits) as box:
        with remote_student(box) as student, pytest.raises(StudentFailure) as raised:
            student.f(3, 200)
        said = "`f` was stopped: it used more than 300 MiB of memory in all"
        assert raised.value.summary == said
        with remote_student(box) as student:
            assert student.g() == 7


@pytest.mark.usefixtures("memory_folder", "no_server_yet")
def test_a_cell_that_takes_too_much_memory_is_skipped():
    limits = replace(QUICK, cell_seconds=20.0, memory=300 * 2**20)
    with sandbox("x = bytearray(b'x') * (400 * 2**20)", HOARD, limits=limits) as box:
        (problem,) = box.problems
        assert str(problem) == "cell 1: used more than 300 MiB of memory and was skipped"
        with remote_student(box) as student:
            assert student.g() == 7


def test_a_machine_without_memory_is_the_graders_error(memory_folder):
    program = textwrap.dedent("""
        import sys
        from autograder.core.errors import GraderError
        from tests.kit.sandbox.host.test_memory import HOARD, sandbox
        from autograder.sandbox.host.limits import Limits
        from autograder.students.remote import remote_student
        box = sandbox(HOARD, limits=Limits(call_seconds=20.0))
        with box, remote_student(box) as student:
            try:
                student.f(0, 400)
            except GraderError as error:
                print(error)
    """)
    memory._group(memory_folder).allow(300 * 2**20)  # the whole machine, as it were

    def join() -> None:
        (memory_folder / "cgroup.procs").write_text(str(os.getpid()))

    line = [sys.executable, "-c", program]
    run = subprocess.run(
        line, cwd=PROJECT, preexec_fn=join, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.startswith("the machine ran out of memory: grade again with fewer"), run


def test_groups_of_memory_are_gone_when_their_graders_are(no_server_yet):
    if (parent := memory._parent()) is None:
        pytest.skip("there are no control groups with a memory limit here")

    def own_groups():
        return set(parent.glob(f"{memory._PREFIX}{os.getpid()}-*"))

    before = own_groups()
    assert answer("def f():\n    return 7") == 7
    assert own_groups() - before
    no_server_yet.clear()
    assert not own_groups() - before


@pytest.fixture
def second_version(tmp_path):
    """What the second version of control groups looks like; few machines have both."""
    own = tmp_path / "groups" / "user" / "grader"
    own.mkdir(parents=True)
    for folder in (own, own.parent):
        (folder / "cgroup.procs").touch()
        (folder / "cgroup.subtree_control").touch()
    (tmp_path / "cgroup").write_text("1:name=systemd:/other\n0::/outer/user/grader\n")
    mount = f"30 1 0:9 /outer {tmp_path}/groups rw - cgroup2 cgroup2 rw\n"
    (tmp_path / "mountinfo").write_text(f"29 1 0:8 / /proc rw - proc proc rw\n{mount}")
    return tmp_path


def test_groups_of_the_second_version_are_made_beside_the_graders(second_version):
    beside = second_version / "groups" / "user"
    assert memory._parent(second_version) is None  # nobody gave it a memory controller
    (beside / "cgroup.subtree_control").write_text("cpu memory pids\n")
    assert memory._parent(second_version) == beside
    (second_version / "cgroup").write_text("0::/elsewhere\n")
    assert memory._parent(second_version) is None


def test_groups_of_the_second_version_count_their_own_kills(tmp_path):
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.events").write_text("low 0\noom 3\noom_kill 5\n")
    group = memory._group(tmp_path)
    group.allow(1000)
    assert (tmp_path / "memory.max").read_text() == "1000"
    assert (group.kills, group.was_full) == (0, False)
    (tmp_path / "memory.events").write_text("low 0\noom 3\noom_kill 6\n")
    assert (group.kills, group.was_full) == (1, False)
    (tmp_path / "memory.events").write_text("low 0\noom 4\noom_kill 7\n")
    assert (group.kills, group.was_full) == (2, True)


def test_groups_that_a_killed_grader_left_behind_are_removed():
    group = memory.memory_group([])
    if group is None:
        pytest.skip("control groups with a memory limit cannot be made here")
    nobody = subprocess.Popen(["true"])
    nobody.wait()
    left = group._folder.rename(group._folder.with_name(f"unroll-{nobody.pid}-1"))
    memory.remove_stale_groups()
    assert not left.exists()


@pytest.mark.usefixtures("no_server_yet")
def test_a_kill_for_lack_of_memory_is_the_graders_error_and_not_the_students(monkeypatch):
    monkeypatch.setattr(forkserver, "memory_group", lambda pids: None)
    source = "def f():\n    while True: pass"
    limits = Limits(call_seconds=9, cpu_seconds=1)
    with sandbox(source, limits=limits) as box, remote_student(box) as student:
        monkeypatch.setattr(process, "out_of_memory_kills", lambda: 10**9)
        with pytest.raises(GraderError, match="the machine ran out of memory"):
            student.f()


@pytest.mark.usefixtures("no_server_yet")
def test_a_cell_killed_for_lack_of_memory_is_the_graders_error(monkeypatch):
    monkeypatch.setattr(forkserver, "memory_group", lambda pids: None)
    counts = iter([0, 1])
    monkeypatch.setattr(process, "out_of_memory_kills", lambda: next(counts))
    with (
        pytest.raises(GraderError, match="the machine ran out of memory"),
        sandbox("import os; os._exit(1)"),
    ):
        pass


def test_the_kernel_counts_kills_for_lack_of_memory():
    assert machine.out_of_memory_kills() >= 0
    assert "\noom_kill " in Path("/proc/vmstat").read_text()


def test_the_sandbox_is_the_first_to_go_where_memory_runs_out():
    with sandbox("def f(): pass") as box:
        for pid in box._guest._own:
            assert Path(f"/proc/{pid}/oom_score_adj").read_text() == "1000\n"
