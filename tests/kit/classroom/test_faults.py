"""Faults of the machine while a class is graded: told clearly, and mended by the same command."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
from unittest import mock

import pytest

from autograder.authoring.release import release
from autograder.classroom import pool
from autograder.classroom.ledger import Ledger
from autograder.classroom.run import Options, grade_class
from autograder.core.course import Course
from autograder.core.errors import GraderError, UserError
from autograder.sandbox.host.bubblewrap import find_bwrap
from tests.kit.classroom import faults
from tests.kit.toy_class import RIGHT, Class
from tests.kit.toy_course import HIDDEN, TOY, make_course, write_tests
from tests.submissions.fill import fill

pytestmark = pytest.mark.filterwarnings("default")  # nbgrader's own are not ours to mend

GO_ON = "Grades so far are saved. Fix this and run the command again"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A class that is not graded yet."""
    root = tmp_path_factory.mktemp("template")
    release(make_course(root), TOY)
    faults.hand_in(Class(root), 5)
    return root


@pytest.fixture(scope="module")
def undisturbed(template, tmp_path_factory):
    """What grading leaves."""
    klass = Class(shutil.copytree(template, tmp_path_factory.mktemp("undisturbed") / "course"))
    grade(klass)
    return faults.left(klass)


@pytest.fixture
def klass(template, tmp_path):
    return Class(shutil.copytree(template, tmp_path / "course"))


def grade(klass: Class):
    return grade_class(klass.course, TOY, Options(workers=1))


def run(klass: Class, *prefix: str, **settings) -> tuple[int, str]:
    """The command's exit status and complaint, the fault being in force."""
    process = faults.command(klass, *prefix, **settings)
    _, complaint = process.communicate(timeout=120)
    assert "Traceback" not in complaint
    return process.returncode, complaint


def disturbed(*mounts: str) -> list[str]:
    """A prefix that changes what is mounted for one command."""
    prefix = [find_bwrap(), "--dev-bind", "/", "/", *mounts, "--"]
    if os.spawnvp(os.P_WAIT, prefix[0], [*prefix, "true"]):
        pytest.skip("bubblewrap cannot mount here: a full or read-only disk cannot be had")
    return prefix


def untouched(klass: Class) -> bool:
    """Whether nothing is graded, nor noted."""
    noted = faults.noted(klass)
    return not noted and not faults.rows(klass)["grades"] and not faults.files(klass)


def test_killed_at_random_moments_it_goes_on_to_the_same_end(klass, undisturbed):
    draw = random.Random(faults.SEED)
    for started in (False, True, True):
        assert not faults.kill_after(klass, draw.uniform(0, 0.5), started)
    grade(klass)
    assert faults.left(klass) == undisturbed


def test_a_worker_killed_from_outside_costs_nothing(klass, undisturbed, monkeypatch):
    killed = []

    def kill_its_workers(counts):
        if not killed:
            killed.extend(pool.multiprocessing.active_children())
            for each in killed:
                os.kill(each.pid, signal.SIGKILL)

    grade_class(klass.course, TOY, Options(workers=2), kill_its_workers)
    assert killed
    assert faults.left(klass) == undisturbed


@pytest.mark.parametrize(("place", "size"), [("autograded", 24_000), ("grading", 128_000)])
def test_a_full_disk_is_told_and_what_is_missing_is_made_later(klass, undisturbed, place, size):
    path = klass.root / "course" / place
    path.mkdir(exist_ok=True)
    status, complaint = run(klass, *disturbed("--size", str(size), "--tmpfs", str(path)))
    assert (status, complaint.count("\n")) == (1, 1)
    assert str(path) in complaint
    assert GO_ON in complaint
    assert "disk is full" in complaint or "No space left on device" in complaint
    grade(klass)
    assert faults.left(klass) == undisturbed


def test_a_full_disk_below_the_gradebook_is_told(klass, undisturbed):
    """Only a folder can be small: the gradebook is copied into one for the time of the fault."""
    path, room = klass.root / "course" / "gradebook.db", klass.root / "course" / "room"
    room.mkdir()
    settings = klass.root / "nbgrader_config.py"
    before = settings.read_text()
    settings.write_text(before.replace("/course/gradebook.db", "/course/room/gradebook.db"))
    prefix = disturbed("--size", str(path.stat().st_size + 24_000), "--tmpfs", str(room))
    status, complaint = run(klass, *prefix, "sh", "-c", f'cp {path} {room} && exec "$@"', "sh")
    assert (status, complaint.count("\n")) == (1, 1)
    assert re.search(f"the gradebook cannot be written: .*disk is full. {GO_ON}", complaint)
    settings.write_text(before)
    grade(klass)
    assert faults.left(klass) == undisturbed


def test_a_read_only_gradebook_is_told_before_anything_is_graded(klass):
    path = str(klass.root / "course" / "gradebook.db")
    status, complaint = run(klass, *disturbed("--ro-bind", path, path))
    assert status == 2
    assert "the gradebook cannot be opened" in complaint
    assert "readonly database. Check that you may write" in complaint
    assert untouched(klass)


def test_a_gradebook_that_another_program_holds_is_told(klass, undisturbed):
    impatient(klass)
    with held(klass), pytest.raises(UserError, match=r"is locked\. Check that .* no other program"):
        grade(klass)
    assert untouched(klass)
    grade(klass)
    assert faults.left(klass) == undisturbed


def test_a_gradebook_that_is_taken_meanwhile_stops_the_run_and_loses_nothing(klass, undisturbed):
    impatient(klass)
    message = f"the gradebook cannot be written: .* locked. {GO_ON}"
    with contextlib.ExitStack() as stack:

        def take(counts):
            stack.enter_context(held(klass))

        with pytest.raises(GraderError, match=message):
            grade_class(klass.course, TOY, Options(workers=1), take)
    grade(klass)
    assert faults.left(klass) == undisturbed


def impatient(klass: Class) -> None:
    settings = klass.root / "nbgrader_config.py"
    settings.write_text(settings.read_text().replace("gradebook.db", "gradebook.db?timeout=0.1"))


@contextlib.contextmanager
def held(klass: Class):
    with contextlib.closing(sqlite3.connect(klass.root / "course" / "gradebook.db")) as database:
        database.execute("begin exclusive")
        yield


def test_a_missing_gradebook_is_told_and_none_is_made(klass, undisturbed):
    path = klass.root / "course" / "gradebook.db"
    path.rename(path.with_suffix(".away"))
    with pytest.raises(UserError, match=r"there is no gradebook .*gradebook.db: put it back"):
        grade(klass)
    assert not path.exists()
    path.with_suffix(".away").rename(path)
    grade(klass)
    assert faults.left(klass) == undisturbed


def test_out_of_memory_is_no_score(klass):
    """The hidden test asks for more memory than the machine has left, before it compares."""
    hungry = "    np.empty(3 * 2**30, np.uint8)\n    assert_close(student.double"
    hidden = HIDDEN.replace("from hypothesis", "import numpy as np\nfrom hypothesis", 1)
    hidden = hidden.replace("    assert_close(student.double", hungry)
    write_tests(klass.root, "test_hidden.py", hidden)
    limited = "import resource as r; r.setrlimit(r.RLIMIT_AS, (5 * 2**29, -1)); "
    enter = "import os, sys; os.execv(sys.argv[1], sys.argv[1:])"
    status, complaint = run(klass, sys.executable, "-c", limited + enter)
    assert status == 1
    assert "the reference solution cannot be judged: " in complaint
    assert "ran out of memory" in complaint
    assert untouched(klass)
    assert grade(klass).graded == 5


def test_a_worker_without_memory_to_start_is_told(klass, monkeypatch):
    monkeypatch.setattr(pool, "_grader", MemoryError())
    with pytest.raises(GraderError, match=f"a worker cannot start: MemoryError. {GO_ON}"):
        pool._grade(None)


def test_without_user_namespaces_nothing_is_written(klass, undisturbed, tmp_path):
    path = faults.path_without_sandbox(tmp_path / "bin")
    status, complaint = run(klass, env={**os.environ, "PATH": path})
    assert status == 1
    assert "this machine cannot isolate student code: bwrap: No permissions" in complaint
    assert "sysctl" in complaint
    assert untouched(klass)
    grade(klass)
    assert faults.left(klass) == undisturbed


def test_a_clock_that_jumps_changes_nothing(klass, undisturbed, tmp_path):
    """In every process of the run the wall clock is up to ten years off, anew at each look."""
    (tmp_path / "sitecustomize.py").write_text(
        "import random, time\n"
        "_now, _draw = time.time, random.Random(0)\n"
        "time.time = lambda: _now() + _draw.uniform(-3e8, 3e8)\n"
        "time.time_ns = lambda: int(1e9 * time.time())\n"
    )
    jumps = run(klass, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert jumps == (1, "")  # the one who needs a person
    assert faults.left(klass) == undisturbed


def test_a_change_taken_back_after_a_stop_leaves_no_stale_grade(klass, undisturbed, monkeypatch):
    """The stop is between the gradebook and the record: the record is the older grade's."""
    grade(klass)
    path = klass.root / "course" / "submitted" / "s01" / TOY / f"{TOY}.ipynb"
    before = path.read_bytes()
    klass.submit("s01", fill(klass.released, RIGHT))

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "note_graded", mock.Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            grade(klass)
    path.write_bytes(before)
    grade(klass)
    assert faults.left(klass) == undisturbed


def test_records_that_cannot_be_opened_are_told(tmp_path):
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(UserError, match=r"ledger.db cannot be used \(unable .*: fix that"):
        Ledger(tmp_path / "ledger.db")


def test_an_empty_seed_is_refused(tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "seed").write_text("")
    with pytest.raises(UserError, match="seed is empty: put the seed back from a copy, or remove"):
        Course(tmp_path).seed()
