"""Play one assignment through nbgrader's own commands, with five students.

    python -m tests.demo [FOLDER]

Make a course in FOLDER (course/demo by default), with a real exchange and a real gradebook, and
print the gradebook at the end. Solutions, tests and configuration are links to the project's. `make
demo` runs this; tests/kit/test_demo.py checks the outcome.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Table

from autograder.authoring.release import build_source_folder
from autograder.core.course import Course
from autograder.judging.quiz import PUBLIC
from tests.submissions.fill import SHEETS, quiz_of, submission, wrong_answers

PROJECT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "a1_activations"
PUBLIC_SEED = "public: the demo's seed, no secret\n"
AT_ONCE = 2

STUDENTS = {
    "ada": ("complete", "everything right"),
    "ben": ("half_done", "the first half right, the rest untouched"),
    "cleo": ("three_mistakes", "three typical mistakes, and half of the questions wrong"),
    "dan": ("never_returns", "one function never returns"),
    "eve": ("cheat", "patches test libraries, overrides __eq__, writes to the gradebook"),
}


def answers_of(student: str) -> dict[str, object]:
    """A student's answers to the questions for marks."""
    quiz = quiz_of(ASSIGNMENT)
    wrong = dict(list(wrong_answers(quiz).items())[::2])
    return {"ada": quiz.key, "dan": quiz.key, "cleo": quiz.key | wrong}.get(student, {})


@dataclass(frozen=True)
class Demo:
    """A course in a folder of its own: the instructor's root, the exchange, the students' homes."""

    root: Path
    console: Console

    @property
    def exchange(self) -> Path:
        return self.root / "exchange"

    @property
    def course(self) -> Course:
        return Course(self.root)

    @property
    def gradebook(self) -> str:
        return f"sqlite:///{self.root}/course/gradebook.db"

    def home(self, student: str) -> Path:
        return self.root / "students" / student

    def notebook(self, student: str) -> Path:
        return self.home(student) / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"

    def play(self) -> None:
        """Generate, release, fetch, fill in, submit, collect, autograde, feedback, export."""
        self.make_course()
        self.instructor("generate_assignment", ASSIGNMENT)
        self.instructor("release_assignment", ASSIGNMENT)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self.hand_in, STUDENTS))
        self.instructor("collect", ASSIGNMENT)
        self.instructor("autograde", ASSIGNMENT)
        self.instructor("generate_feedback", ASSIGNMENT)
        self.instructor("release_feedback", ASSIGNMENT)
        self.instructor("export", "--to", str(self.root / "grades.csv"))

    def make_course(self) -> None:
        """Make a fresh course folder that links to the project's sources."""
        if self.root.exists() and any(self.root.iterdir()) and not self.exchange.is_dir():
            raise SystemExit(f"demo: {self.root} holds something else; choose an empty folder")
        shutil.rmtree(self.root, ignore_errors=True)
        (self.root / "course").mkdir(parents=True)
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        for name in ("solutions", "tests", "nbgrader_config.py"):
            (self.root / name).symlink_to(PROJECT / name)
        (self.root / "course" / "seed").write_text(PUBLIC_SEED)
        build_source_folder(self.course, ASSIGNMENT, self.root / "course" / "source", PUBLIC)

    def hand_in(self, student: str) -> None:
        """Fetch the assignment, fill it in and submit it, as one student."""
        home = self.home(student)
        home.mkdir(parents=True)
        self.nbgrader(home, "fetch_assignment", ASSIGNMENT, "--student", student)
        path = self.notebook(student)
        sheet = SHEETS / ASSIGNMENT / f"{STUDENTS[student][0]}.py"
        nbformat.write(submission(path, sheet, answers_of(student)), path)
        self.nbgrader(home, "submit", ASSIGNMENT, "--student", student)

    def instructor(self, *arguments: str) -> None:
        self.nbgrader(self.root, *arguments)

    def nbgrader(self, folder: Path, *arguments: str) -> None:
        """Run one of nbgrader's commands; show its log only if it fails."""
        who = "instructor" if folder == self.root else folder.name
        start = time.monotonic()
        line = [sys.executable, "-m", "nbgrader", *arguments, "--course", "unroll"]
        run = subprocess.run(
            [*line, f"--Exchange.root={self.exchange}", f"--Exchange.cache={self.root}/cache"],
            cwd=folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = f"{time.monotonic() - start:.1f} s"
        said = " ".join(arguments).replace(f"{self.root}/", "")
        self.console.print(f"  {who:>10}  nbgrader {said}  [dim]{seconds}[/dim]")
        if run.returncode:
            sys.stderr.write(run.stdout + run.stderr)
            raise SystemExit(f"demo: nbgrader {arguments[0]} failed; its log is above")

    def environment(self) -> dict[str, str]:
        """This process's environment, with .venv's commands first and no Jupyter settings."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        return {**os.environ, "PATH": path, "JUPYTER_CONFIG_DIR": str(self.root / "no_config")}

    def scores(self) -> Iterator[tuple[str, dict[str, float], dict[str, float]]]:
        """Each student with the scores and the greatest possible scores, by exercise."""
        with Gradebook(self.gradebook) as gradebook:
            for student in STUDENTS:
                handed_in = gradebook.find_submission(ASSIGNMENT, student)
                grades = [grade for nb in handed_in.notebooks for grade in nb.grades]
                yield (
                    student,
                    {grade.name: grade.score for grade in grades},
                    {grade.name: grade.max_score for grade in grades},
                )

    def feedback_page(self, student: str) -> Path:
        return self.root / "course" / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"


def table(demo: Demo) -> Table:
    """The gradebook, with a row per exercise and a column per student."""
    rows = list(demo.scores())
    shown = Table(title=f"The gradebook: {ASSIGNMENT}", title_style="bold", show_footer=True)
    most = rows[0][2]
    names = [name for name in (c.name for c in _in_order(demo)) if name in most]
    shown.add_column("exercise", footer="total")
    shown.add_column("points", justify="right", footer=f"{sum(most.values()):g}")
    for student, scores, _ in rows:
        shown.add_column(student, justify="right", footer=f"{sum(scores.values()):g}")
    for name in names:
        shown.add_row(name, f"{most[name]:g}", *(f"{scores[name]:g}" for _, scores, _ in rows))
    return shown


def _in_order(demo: Demo) -> list[object]:
    with Gradebook(demo.gradebook) as gradebook:
        notebook = gradebook.find_notebook(ASSIGNMENT, ASSIGNMENT)
        return list(notebook.source_cells)


def main(folder: Path) -> None:
    """Play the loop in ``folder`` and print the results."""
    console = Console(highlight=False)
    demo = Demo(folder.resolve(), console)
    start = time.monotonic()
    shown = os.path.relpath(demo.root)
    console.print(f"[bold]A course in {shown}[/bold], graded through nbgrader's own commands:")
    demo.play()
    console.print()
    console.print(table(demo))
    for student, (_, story) in STUDENTS.items():
        console.print(f"  {student:>4}: {story}")
    page = demo.feedback_page("cleo")
    if not page.is_file():
        raise SystemExit(f"demo: there is no feedback page {page}")
    console.print(f"\nA feedback page: {os.path.relpath(page)}")
    console.print(f"The grades:      {shown}/grades.csv")
    console.print(f"Done in {time.monotonic() - start:.0f} s.")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "course" / "demo")
