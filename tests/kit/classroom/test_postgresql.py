"""The gradebook on PostgreSQL: a real server, started here, on a socket in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.authoring.release import release
from autograder.classroom.run import Counts, Options, grade_class
from tests.kit.toy_class import PROJECT, RIGHT, WRONG, Class, rows_in
from tests.kit.toy_course import TOY, make_course
from tests.submissions.fill import fill

pytestmark = pytest.mark.filterwarnings("default")  # nbgrader's own are not ours to mend

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
NOBODY = pwd.getpwnam("nobody").pw_uid


def as_user(*line: str | Path) -> None:
    """Run a command of PostgreSQL's, which refuses root."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    subprocess.run(list(map(str, line)), check=True, capture_output=True, cwd="/", **user)


@pytest.fixture(scope="module")
def server():
    """The URL of an empty database."""
    found = shutil.which("initdb") or (BINARIES[0] if BINARIES else None)
    if found is None:
        pytest.skip("PostgreSQL is not installed: `make postgresql`, or apt-get install postgresql")
    binaries = Path(found).parent
    with tempfile.TemporaryDirectory(prefix="unroll-pg-") as folder:
        if os.getuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        data = Path(folder, "data")
        as_user(binaries / "initdb", "-D", data, "-U", "unroll", "-A", "trust", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        control = binaries / "pg_ctl"
        as_user(control, "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg2://unroll@/postgres?host={folder}"
        finally:
            as_user(control, "-D", data, "-w", "-m", "immediate", "stop")


@pytest.fixture(scope="module")
def classes(server, tmp_path_factory):
    """Two halves of a class, on two machines so to speak, with one gradebook."""
    halves = []
    for name in ("north", "south"):
        root = tmp_path_factory.mktemp(name)
        settings = (PROJECT / "nbgrader_config.py").read_text()
        settings += f"\nc.CourseDirectory.db_url = {server!r}\n"
        release(make_course(root, config=settings), TOY)
        halves.append(Class(root, settings))
    for number in range(10):
        half = halves[number % 2]
        half.submit(f"s{number}", fill(half.released, WRONG if number % 3 else RIGHT))
    return halves


@contextlib.contextmanager
def command(klass: Class):
    line = [sys.executable, "-m", "autograder", "grade", TOY, "--workers", "1"]
    run = subprocess.Popen(line, cwd=klass.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    yield run
    out, error = run.communicate(timeout=120)
    assert (run.returncode, error) == (0, b""), out


def test_graders_at_work_at_once_share_a_gradebook_on_postgresql(server, classes):
    with contextlib.ExitStack() as stack:
        for half in classes:
            stack.enter_context(command(half))
    grades = rows_in(server)["grades"]
    assert [
        (student, name, score, manual) for student, name, score, _, _, manual, *_ in grades
    ] == [
        (f"s{number}", name, score, False)
        for number in range(10)
        for name, score in (("double", 1 if number % 3 else 4), ("quadruple", 2))
    ]
    for half in classes:
        assert grade_class(half.course, TOY, Options(workers=1)) == Counts(total=5, unchanged=5)


def test_nbgrader_itself_goes_on_from_there(server, classes):
    with Gradebook(server, "unroll") as gradebook:
        assert gradebook.average_assignment_score(TOY) == pytest.approx((4 * 6 + 6 * 3) / 10)
        assert len(gradebook.submission_dicts(TOY)) == 10
