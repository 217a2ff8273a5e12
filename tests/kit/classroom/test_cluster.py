"""Grading on a Dask cluster: scheduler and workers are processes of their own, on loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from unittest import mock

import pytest
from distributed import Client

from autograder.authoring.release import release
from autograder.classroom.run import Counts, Options, grade_class, records_folder
from autograder.core.errors import AuthorError, GraderError, UserError
from tests.kit.classroom.faults import path_without_sandbox
from tests.kit.classroom.test_same_as_nbgrader import files, rows
from tests.kit.toy_class import PROJECT, RIGHT, WRONG, Class
from tests.kit.toy_course import TOY, make_course
from tests.kit.waiting import wait_until
from tests.submissions.fill import fill

pytestmark = pytest.mark.filterwarnings("default")  # nbgrader's and Dask's are not ours to mend

SUBMISSIONS = 12
SETTINGS = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2",
    "DASK_DISTRIBUTED__DASHBOARD__LINK": "",
    "PYTHONPATH": str(PROJECT),
}


@contextlib.contextmanager
def process(*arguments: str, **settings: str):
    """A process of the cluster; it ends with the test."""
    line = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = subprocess.Popen(line, env={**os.environ, **SETTINGS, **settings}, **quiet)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def worker(address: str, *options: str, **settings: str):
    return process(
        "dask_worker", address, "--no-nanny", "--no-dashboard", "--host", "127.0.0.1",
        *(options or ("--nthreads", "1")), **settings,
    )  # fmt: skip


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """The address of a scheduler."""
    where = tmp_path_factory.mktemp("scheduler") / "address.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
    with process("dask_scheduler", *options, "--scheduler-file", str(where)):
        wait_until(where.exists, seconds=60)
        with Client(scheduler_file=str(where), set_as_default=False) as client:
            yield client.scheduler.address


def wait_for_workers(address: str, number: int) -> None:
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(number, timeout=60)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    root = tmp_path_factory.mktemp("template")
    release(make_course(root), TOY)
    klass = Class(root)
    for number in range(SUBMISSIONS):
        klass.submit(f"s{number:02}", fill(klass.released, WRONG if number % 3 else RIGHT))
    klass.submit("zoe", b"not json")
    return root


def copy_of(template, folder) -> Class:
    shutil.copytree(template, folder)
    return Class(folder)


def reports(klass: Class) -> bytes:
    return (records_folder(klass.course, TOY) / "reports.jsonl").read_bytes()


def test_a_cluster_that_loses_a_worker_makes_the_same_gradebook(template, scheduler, tmp_path):
    here, there = copy_of(template, tmp_path / "here"), copy_of(template, tmp_path / "there")
    grade_class(here.course, TOY, Options(workers=2))
    with worker(scheduler) as doomed, worker(scheduler):
        wait_for_workers(scheduler, 2)

        def kill_one(counts: Counts) -> None:
            if counts.graded == 3:
                os.kill(doomed.pid, signal.SIGKILL)

        counts = grade_class(there.course, TOY, Options(scheduler=scheduler), kill_one)
        assert doomed.wait(60) == -signal.SIGKILL
    assert counts == Counts(total=SUBMISSIONS + 1, graded=SUBMISSIONS, problems=1)
    assert rows(there) == rows(here)
    assert files(there) == files(here)
    assert reports(there) == reports(here)


def test_jobs_are_read_only_as_fast_as_they_are_graded(template, scheduler, tmp_path, monkeypatch):
    klass = copy_of(template, tmp_path / "klass")
    read, ahead = [], []
    from autograder.classroom import run

    original = run.Folders.read
    monkeypatch.setattr(
        run.Folders, "read", lambda self, each: (read.append(each), original(self, each))[1]
    )
    with worker(scheduler):
        wait_for_workers(scheduler, 1)
        grade_class(
            klass.course, TOY, Options(scheduler=scheduler),
            lambda counts: ahead.append(len(read) - counts.done),
        )  # fmt: skip
    assert len(read) == SUBMISSIONS + 1
    assert max(ahead) <= 6


def refused(klass: Class, **options) -> str:
    with pytest.raises(UserError) as caught:
        grade_class(klass.course, TOY, Options(**options))
    assert not (klass.root / "course" / "autograded").exists()
    return str(caught.value)


def test_a_cluster_that_cannot_grade_is_refused(template, scheduler, tmp_path):
    klass = copy_of(template, tmp_path / "klass")
    assert "a cluster brings its own" in refused(klass, scheduler=scheduler, workers=2)
    assert "the scheduler has no workers" in refused(klass, scheduler=scheduler)
    with worker(scheduler, "--nthreads", "2"):
        wait_for_workers(scheduler, 1)
        assert "has several threads" in refused(klass, scheduler=scheduler)


def test_a_worker_with_other_software_is_refused(template, scheduler, tmp_path, monkeypatch):
    klass = copy_of(template, tmp_path / "klass")
    from autograder.classroom import cluster

    with worker(scheduler):
        wait_for_workers(scheduler, 1)
        monkeypatch.setattr(cluster, "ours", lambda: "unroll 0, python 2.7")
        message = refused(klass, scheduler=scheduler)
    assert "the scheduler runs engine" in message
    assert "but this machine runs unroll 0, python 2.7: install the same" in message


def test_a_worker_that_can_have_no_sandbox_is_refused(template, scheduler, tmp_path):
    klass = copy_of(template, tmp_path / "klass")
    with worker(scheduler, PATH=path_without_sandbox(tmp_path / "bin")):
        wait_for_workers(scheduler, 1)
        message = refused(klass, scheduler=scheduler)
    assert message.startswith("the worker tcp://127.0.0.1:")
    assert ": this machine cannot isolate student code: bwrap: No permissions to create" in message


def test_where_no_sandbox_can_be_had_here_the_cluster_judges_the_reference(
    template, scheduler, tmp_path, monkeypatch
):
    klass = copy_of(template, tmp_path / "klass")
    from autograder.classroom import run

    no_sandbox = mock.Mock(side_effect=GraderError("this machine cannot isolate student code"))
    monkeypatch.setattr(run, "assert_isolates", no_sandbox)
    monkeypatch.setattr(run.LocalPool, "examine", mock.Mock(side_effect=AssertionError("here")))
    right = (klass.root / "tests" / TOY / "double" / "test_hidden.py").read_text()
    with worker(scheduler):
        wait_for_workers(scheduler, 1)
        wrong = right.replace("    assert_pure", "    nothing\n    assert_pure")
        (klass.root / "tests" / TOY / "double" / "test_hidden.py").write_text(wrong)
        with pytest.raises(AuthorError, match=r"test_hidden.py:11: .* raises NameError"):
            grade_class(klass.course, TOY, Options(scheduler=scheduler))
        assert not (klass.root / "course" / "autograded").exists()
        (klass.root / "tests" / TOY / "double" / "test_hidden.py").write_text(right)
        assert grade_class(klass.course, TOY, Options(scheduler=scheduler)).graded == SUBMISSIONS


def test_a_scheduler_that_is_not_there_is_refused(template, tmp_path, monkeypatch):
    from autograder.classroom import cluster

    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    klass = copy_of(template, tmp_path / "klass")
    message = refused(klass, scheduler="tcp://127.0.0.1:9")
    assert "there is no Dask scheduler at tcp://127.0.0.1:9: start one" in message
    assert "there is no Dask scheduler at nonsense://x" in refused(klass, scheduler="nonsense://x")
