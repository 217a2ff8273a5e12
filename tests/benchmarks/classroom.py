"""Courses and submissions for the benchmarks of grading a class.

Of the submissions, 60 % are correct, 25 % have a misconception, 10 % are incomplete and 5 % are
broken or hostile, as in a real class.
"""

from __future__ import annotations

import ast
import contextlib
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.authoring.release import build_source, release
from autograder.core.course import MISCONCEPTIONS, Course
from autograder.suite import check_folders, load_misconceptions
from tests.submissions.fill import SHEETS, answers, fill, quiz_of, with_answers

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("__future__", "autograder.testing")
KINDS = "rrrrrrrrrrrrmmmmmiix"
HOSTILE = [
    "import os\nos._exit(0)",
    "while True: pass",
    "x = [0] * 10**10",
    "import os\nwhile True: os.fork()",
]


def make_course(root: Path, assignment: str) -> Course:
    """A course in ``root`` with the project's sources, and ``assignment`` released."""
    for name in ("solutions", "tests"):
        (root / name).symlink_to(PROJECT / name)
    shutil.copy(PROJECT / "nbgrader_config.py", root)
    (root / "course").mkdir()
    (root / "course" / "seed").write_text("public: the benchmark's seed\n")
    course = Course(root)
    release(course, assignment)
    return course


@dataclass(frozen=True)
class Answers:
    """Sources of right functions and of misconceptions, by exercise."""

    released: nbformat.NotebookNode
    right: tuple[dict[str, str], ...]
    wrong: tuple[tuple[str, str], ...]


def answers_of(course: Course, assignment: str) -> Answers:
    """Right answers from the reference and the alternatives; wrong ones are misconceptions."""
    released = nbformat.read(course.release(assignment) / f"{assignment}.ipynb", as_version=4)
    cells = build_source(course, assignment).cells
    reference = {
        c.metadata["nbgrader"]["grade_id"].removesuffix("-solution"): c.source
        for c in cells
        if c.metadata.get("nbgrader", {}).get("solution")
    }
    sheets = sorted((SHEETS / "alternatives").glob(f"{assignment}_*.py"))
    return Answers(
        released,
        (reference, *(answers(sheet, set(reference)) for sheet in sheets)),
        tuple(_misconceptions(course, assignment)),
    )


def _misconceptions(course: Course, assignment: str) -> Iterator[tuple[str, str]]:
    """Each misconception's exercise and source, under the exercise's name, with its helpers."""
    found = load_misconceptions(course, assignment)
    shared = course.tests(assignment) / "shared_misconceptions.py"
    for name, folder in check_folders(course, assignment).items():
        marked = {each.name for each in found if each.exercise == name}
        text = "\n".join(p.read_text() for p in (shared, folder / MISCONCEPTIONS) if p.is_file())
        lines, nodes = text.splitlines(), [n for n in ast.parse(text).body if not _is_ours(n)]
        source = {node: "\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in nodes}
        helpers = "\n\n".join(source[n] for n in nodes if getattr(n, "name", "") not in marked)
        for node in nodes:
            if getattr(node, "name", "") in marked:
                yield name, f"{helpers}\n\n{source[node]}\n\n\n{name} = {node.name}"


def _is_ours(node: ast.stmt) -> bool:
    """Whether a statement is a docstring or an import that a student does not have."""
    is_import = isinstance(node, ast.ImportFrom)
    return isinstance(node, ast.Expr) or (is_import and (node.level or node.module in OURS))


def submissions(
    given: Answers, number: int, kinds: str = KINDS
) -> Iterator[tuple[str, dict[str, str]]]:
    """Names and answers, by the letters of ``kinds``.

    r: right; m: a misconception; i: incomplete; s: stubs; x: broken or hostile.
    """
    rng = random.Random(7)
    for i in range(number):
        kind = kinds[i * 7 % len(kinds)]
        chosen = dict(rng.choice(given.right))
        if kind == "m":
            chosen.update([rng.choice(given.wrong)])
        elif kind == "i":
            chosen = dict(list(chosen.items())[: rng.randrange(len(chosen))])
        elif kind == "x":
            chosen[rng.choice(list(chosen))] = rng.choice(HOSTILE)
        elif kind == "s":
            chosen = {}
        yield f"s{i:06}", chosen


def hand_in(course: Course, assignment: str, number: int, kinds: str = KINDS) -> None:
    """Hand in ``number`` submissions, with right answers to the questions unless all are stubs."""
    given = answers_of(course, assignment)
    key = quiz_of(assignment).key
    for student, chosen in submissions(given, number, kinds):
        notebook = with_answers(fill(given.released, chosen), key if chosen else {})
        submit(course.state, student, assignment, notebook)


def submit(root: Path, student: str, assignment: str, notebook: nbformat.NotebookNode) -> None:
    """Put a notebook where nbgrader's ``collect`` would; ``root`` holds the course's state."""
    folder = root / "submitted" / student / assignment
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{assignment}.ipynb")


def forget(course: Course, assignment: str) -> None:
    """Remove everything of an earlier run but the gradebook."""
    shutil.rmtree(course.state / "grading", ignore_errors=True)
    shutil.rmtree(course.state / "autograded", ignore_errors=True)


@dataclass
class Used:
    """Seconds on the clock, and of processor time of a command and all its processes."""

    wall: float = 0.0
    cpu: float = 0.0


class Usage:
    """A control group in which commands run, so that sandboxed processes are measured, too."""

    def __init__(self) -> None:
        self.folder = Path(f"/sys/fs/cgroup/cpuacct/unroll-{os.getpid()}")
        self.has_group = True
        try:
            self.folder.mkdir()
        except OSError:
            self.has_group = False

    @property
    def how(self) -> str:
        return "a control group" if self.has_group else "getrusage (no sandboxed processes)"

    def run(self, line: list[str], cwd: Path, **settings: str) -> Used:
        """Run a command to its end. Status 1 is allowed: a submission may need a person."""
        start, before = time.perf_counter(), self._cpu()
        run = subprocess.run(
            line, cwd=cwd, env={**os.environ, **settings}, preexec_fn=self._join,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if run.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(line)} failed:\n{run.stdout}{run.stderr}")
        return Used(time.perf_counter() - start, self._cpu() - before)

    @contextlib.contextmanager
    def started(self, line: list[str]) -> Iterator[None]:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(line, preexec_fn=self._join, **quiet)
        try:
            yield
        finally:
            process.terminate()
            process.wait()

    def close(self) -> None:
        if self.has_group:
            time.sleep(0.2)
            with contextlib.suppress(OSError):
                self.folder.rmdir()

    def _join(self) -> None:
        if self.has_group:
            (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def _cpu(self) -> float:
        if self.has_group:
            return int((self.folder / "cpuacct.usage").read_text()) / 1e9
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime


def unroll(assignment: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "autograder", "grade", assignment, *options]
