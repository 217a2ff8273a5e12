"""The same attacks on stock nbgrader, whose hidden tests run in the student's kernel.

Each attack gets a course of its own and a bubblewrap container around all of nbgrader: no network,
nothing writable but that course and a scratch folder. Only the container keeps this machine safe;
nbgrader itself runs the submission as it always does.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sandbox.host.bubblewrap import find_bwrap
from tests.submissions.fill import answers, fill
from tests.submissions.hostile.course import POINTS, Attack

PROJECT = Path(__file__).resolve().parents[3]
NAME = "a0_toy"
EXERCISES = {"double": 2, "quadruple": 4}
ATTACKER, NEIGHBOUR = "attacker", "neighbour"
_SECONDS = 180
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc")

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "stock"
c.Execute.timeout = 20
c.NbGrader.logfile = ""
"""
TESTS = """
import numpy as np
assert np.allclose({name}(np.ones(1)), {factor})
### BEGIN HIDDEN TESTS
secret_of_the_tests = "{canary}"
for x in (np.arange(3.0), np.array([-0.5]), np.linspace(-1.0, 1.0, 5)):
    assert np.allclose({name}(x), {factor} * x)
### END HIDDEN TESTS
"""


@dataclass(frozen=True)
class StockOutcome:
    """What stock nbgrader made of an attack; ``given`` is None where it could not grade it."""

    given: float | None
    leaked: bool
    neighbour_harmed: bool


@dataclass(frozen=True)
class Stock:
    """A released course of stock nbgrader, to be copied for each attack."""

    root: Path
    canary: str

    def play(self, attack: Attack) -> StockOutcome:
        course = self.root.with_name(attack.name.replace("/", "-"))
        shutil.copytree(self.root, course)
        released = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)
        honest = {name: f"def {name}(x):\n    return {k}.0 * x" for name, k in EXERCISES.items()}
        for student, cells in (
            (ATTACKER, answers(attack.sheet, set(EXERCISES))),
            (NEIGHBOUR, honest),
        ):
            folder = course / "submitted" / student / NAME
            folder.mkdir(parents=True)
            nbformat.write(fill(released, cells), folder / f"{NAME}.ipynb")
        before = _files(course)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._contained(course, "autograde", NAME)
        full = sum(POINTS[name] for name in EXERCISES)
        is_harmed = _score(course, NEIGHBOUR) != full or _files(course) != before
        autograded = course / "autograded" / ATTACKER / NAME / f"{NAME}.ipynb"
        shown = autograded.read_text() if autograded.is_file() else ""
        return StockOutcome(_score(course, ATTACKER), self._leaked(shown), is_harmed)

    def _leaked(self, autograded: str) -> bool:
        """Whether an output tells the secret; nbgrader puts hidden tests into the cells anyway."""
        cells = nbformat.reads(autograded, as_version=4).cells if autograded else []
        outputs = [
            str(output.get("evalue", output)) for c in cells for output in c.get("outputs", [])
        ]
        return any(self.canary in output for output in outputs)

    def _contained(self, course: Path, *arguments: str) -> None:
        mounts = [
            part for each in _SYSTEM if os.path.exists(each) for part in ("--ro-bind", each, each)
        ]
        for folder in {sys.base_prefix, sys.prefix, str(PROJECT)}:
            mounts += ["--ro-bind", folder, folder]
        container = [
            *(find_bwrap(), "--unshare-all", "--die-with-parent", "--new-session"),
            *("--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev", *mounts),
            *("--bind", str(course), "/tmp/course", "--chdir", "/tmp/course", "--clearenv"),
            *("--setenv", "HOME", "/tmp", "--setenv", "UNROLL_SECRET", self.canary),
            *("--setenv", "PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin"),
        ]
        line = [sys.executable, "-m", "nbgrader", *arguments]
        subprocess.run(
            [*container, "--", *line], capture_output=True, timeout=_SECONDS, check=False
        )


@contextlib.contextmanager
def stock(root: Path, canary: str) -> Iterator[Stock]:
    """A stock course below the empty folder ``root``."""
    found = Stock(root / "template", canary)
    cells = []
    for name, factor in EXERCISES.items():
        solution = f"def {name}(x):\n    ### BEGIN SOLUTION\n    return {factor} * x  # {canary}\n"
        cells.append(_cell(f"{name}-solution", solution + "    ### END SOLUTION", solution=True))
        tests = TESTS.format(name=name, factor=factor, canary=canary)
        cells.append(_cell(name, tests, grade=True, locked=True, points=POINTS[name]))
    source = found.root / "source" / NAME
    source.mkdir(parents=True)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), source / f"{NAME}.ipynb")
    (found.root / "nbgrader_config.py").write_text(CONFIG)
    found._contained(found.root, "generate_assignment", NAME)
    yield found


def _cell(name: str, source: str, **settings: object) -> nbformat.NotebookNode:
    facts = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return new_code_cell(source, metadata={"nbgrader": {**facts, "grade_id": name, **settings}})


def _score(course: Path, student: str) -> float | None:
    """What the gradebook says: manual scores go before automatic ones, as nbgrader has it."""
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as gradebook:
        rows = gradebook.execute(
            "SELECT grade.auto_score, grade.manual_score FROM grade"
            " JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id"
            " JOIN submitted_assignment AS assignment"
            " ON submitted_notebook.assignment_id = assignment.id WHERE assignment.student_id = ?",
            (student,),
        ).fetchall()
    scores = [manual if manual is not None else auto for auto, manual in rows]
    return None if not scores or None in scores else sum(scores)


def _files(course: Path) -> dict[str, bytes]:
    """What no submission may change."""
    folders = ("source", "release", f"submitted/{NEIGHBOUR}")
    paths = [path for folder in folders for path in (course / folder).rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in paths}
