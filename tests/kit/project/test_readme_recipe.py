"""README's recipe for instructors and students, read out of it and followed by an ordinary user."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from autograder.core.course import Course
from tests.kit.project.ordinary_user import PROJECT, ordinary_home, run_as_ordinary_user
from tests.submissions.fill import SHEETS, quiz_of, submission

ASSIGNMENT = "a1_activations"
README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)

BY_HAND = f"""python - <<END
from nbgrader.api import Gradebook
with Gradebook("sqlite:///course/gradebook.db") as gradebook:
    (submission,) = gradebook.notebook_submissions("{ASSIGNMENT}", "{ASSIGNMENT}")
    (grade,) = (grade for grade in submission.grades if grade.name == "sigmoid")
    grade.manual_score = 5
    gradebook.db.commit()
END
"""


def commands(word: str) -> str:
    """The one block of README's commands that holds ``word``."""
    (block,) = (block for block in BLOCKS if word in block)
    return block


@dataclass(frozen=True)
class Classroom:
    """A course, and the folder of its one student, in the home of an ordinary user."""

    home: Path

    @property
    def course(self) -> Path:
        return self.home / "course"

    @property
    def notebook(self) -> Path:
        return self.home / "work" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"

    def instructor(self, script: str) -> None:
        self._run(script, self.course)

    def student(self, script: str) -> None:
        self._run(script, self.home / "work")

    def _run(self, script: str, cwd: Path) -> None:
        run = run_as_ordinary_user(script, self.home, cwd)
        assert run.returncode == 0, run.stdout + run.stderr

    def submit(self, sheet: str, given: dict[str, object]) -> None:
        filled = submission(self.notebook, SHEETS / ASSIGNMENT / f"{sheet}.py", given)
        self.notebook.write_text(nbformat.writes(filled))
        self.student(commands("nbgrader submit"))

    def grades(self) -> tuple[str, str]:
        """What nbgrader's export and the feedback page that the student fetched last say."""
        self.student(commands("nbgrader fetch_feedback"))
        with (self.course / "grades.csv").open() as file:
            (row,) = csv.DictReader(file)
        pages = sorted((self.notebook.parent / "feedback").rglob("*.html"))
        (score,) = re.findall(r"\(Score: ([\d.]+) / 100.0\)", pages[-1].read_text())
        return row["score"], score


@pytest.fixture(scope="module")
def classroom():
    with ordinary_home() as home:
        found = Classroom(home)
        parts = " ".join(
            f"{PROJECT}/{part}" for part in ("solutions", "tests", "nbgrader_config.py")
        )
        run_as_ordinary_user(f"mkdir course work; ln -s {parts} course", home, home)
        yield found


def test_the_recipe_grades_each_resubmission_and_each_change_of_a_score(classroom):
    classroom.instructor(commands("c.Exchange.root"))
    classroom.instructor(commands("nbgrader release_assignment"))
    classroom.student(commands("nbgrader fetch_assignment"))
    grade = commands("nbgrader collect")

    classroom.submit("half_done", {})
    classroom.instructor(grade.replace("nbgrader autograde", "unroll grade"))  # as README offers
    assert classroom.grades() == ("32.0", "32.0")

    seed = Course(classroom.course).seed()  # README releases with the course's own
    classroom.submit("complete", quiz_of(ASSIGNMENT, seed).key)
    classroom.instructor(grade)
    assert classroom.grades() == ("100.0", "100.0")

    classroom.instructor(BY_HAND)
    classroom.instructor(grade)
    assert classroom.grades() == ("95.0", "95.0")
