"""What student code can find in the sandbox's file system: nothing of the course, and no seed."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.authoring.validate import secret_lines
from autograder.core.course import find_course
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.session import Sandbox
from autograder.students.remote import remote_student
from autograder.submission.notebook import Cell

COURSE = find_course(Path(__file__))
PATIENT = replace(Limits(), call_seconds=60.0, exercise_seconds=60.0)
LOOK = """
    import os

    def paths(libraries):
        found = []
        for folder, folders, names in os.walk("/"):
            folders[:] = [each for each in folders if os.path.join(folder, each) not in libraries]
            found += [os.path.join(folder, name) for name in names]
        return sorted(found)

    def lines(paths, secrets):
        secrets, found = set(secrets), []
        for path in paths:
            with open(path, encoding="latin-1") as file:
                found += [(path, line) for line in map(str.strip, file) if line in secrets]
        return found

    def listing(folder):
        return sorted(os.listdir(folder))
"""


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox([Cell(1, textwrap.dedent(LOOK))], limits=PATIENT) as found:
        yield found


@pytest.fixture(scope="module")
def paths(sandbox):
    """Every file but those of the system's and of Python's own libraries."""
    libraries = ["/usr", "/lib", "/lib64", str(Path(sys.base_prefix).resolve() / "lib")]
    with remote_student(sandbox) as student:
        return student.paths(libraries)


def test_every_file_is_of_numpy_or_msgpack_or_the_worker(paths):
    kit = [f"/unroll/autograder/sandbox/{part}/" for part in ("guest", "wire")]
    rooms = ("/unroll/numpy", "/unroll/msgpack", *kit)
    known = {"/dev/null", "/dev/zero", "/dev/urandom"}
    python = str(Path(sys.executable).resolve())
    unknown = [path for path in paths if not path.startswith(rooms) and path not in known]
    assert set(unknown) <= {python}


def test_no_line_of_a_test_or_a_solution_is_in_a_file(sandbox, paths):
    secrets = {
        line
        for assignment in COURSE.assignments
        for _, lines in secret_lines(COURSE, assignment)
        for line in lines
    }
    assert len(secrets) > 1000
    text = [path for path in paths if path.endswith((".py", ".pyi", ".json", ".txt", ".md"))]
    with remote_student(sandbox) as student:
        found = student.lines(text, sorted(secrets))
    theirs = [(path, line) for path, line in found if not path.startswith("/unroll/numpy")]
    assert theirs == []
    assert [line for _, line in found if "student." in line or "reference." in line] == []


def test_no_package_beside_pythons_own_can_be_seen(sandbox):
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    folder = Path(sys.base_prefix).resolve() / "lib" / version
    with remote_student(sandbox) as student:
        for name in ("site-packages", "dist-packages"):
            if (folder / name).is_dir():
                assert student.listing(str(folder / name)) == []
