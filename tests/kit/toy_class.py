"""A class of the toy course: a released assignment, submissions, nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import text
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.core.course import Course
from tests.kit.toy_course import TOY

PROJECT = Path(__file__).resolve().parents[2]
RIGHT = {
    "double": "def double(x):\n    return 2.0 * x",
    "quadruple": "def quadruple(x):\n    return 4.0 * x",
}
WRONG = {**RIGHT, "double": "def double(x):\n    return x * x"}


class Class:
    """A course with submissions, graded by nbgrader in this process."""

    def __init__(self, root: Path, settings: str = "") -> None:
        self.root = root
        settings = settings or (PROJECT / "nbgrader_config.py").read_text()
        (root / "nbgrader_config.py").write_text(settings)
        self.released = nbformat.read(root / "assignments" / TOY / f"{TOY}.ipynb", as_version=4)

    @property
    def course(self) -> Course:
        return Course(self.root)

    def submit(self, student: str, notebook, timestamp: str = "") -> None:
        folder = self.root / "course" / "submitted" / student / TOY
        folder.mkdir(parents=True, exist_ok=True)
        if timestamp:
            (folder / "timestamp.txt").write_text(timestamp)
        if isinstance(notebook, bytes):
            (folder / f"{TOY}.ipynb").write_bytes(notebook)
        else:
            nbformat.write(notebook, folder / f"{TOY}.ipynb")

    def autograde(self, force: bool = False, **settings) -> None:
        config = PyFileConfigLoader("nbgrader_config.py", str(self.root)).load_config()
        config.CourseDirectory.assignment_id = TOY
        config.merge(Config({"Grade": settings, "Autograde": {"force": force}}))
        config.NbGrader.logfile = ""
        application = NbGrader(config=config)
        Autograde(coursedir=CourseDirectory(parent=application), parent=application).start()

    def scores(self, student: str) -> dict[str, float | None]:
        with Gradebook(f"sqlite:///{self.root}/course/gradebook.db") as gradebook:
            (notebook,) = gradebook.find_submission(TOY, student).notebooks
            return {grade.name: grade.auto_score for grade in notebook.grades}

    def autograded(self, student: str):
        path = self.root / "course" / "autograded" / student / TOY / f"{TOY}.ipynb"
        return nbformat.read(path, as_version=4)

    def feedback(self, student: str, exercise: str) -> dict[str, str]:
        for cell in self.autograded(student).cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise:
                return cell.outputs[0].data
        raise AssertionError(f"no check cell for {exercise}")


def rows(klass: Class) -> dict[str, list[tuple]]:
    """All that the class's own gradebook says of students."""
    return rows_in(f"sqlite:///{klass.root}/course/gradebook.db")


def rows_in(url: str) -> dict[str, list[tuple]]:
    """All that a gradebook says of students, without ids, which are random."""
    grades = """
        select s.student_id, c.name, g.auto_score, g.manual_score, g.extra_credit,
            g.needs_manual_grade, s.timestamp, s.extension, n.late_submission_penalty, n.flagged
        from grade g join base_cell c on c.id = g.cell_id
        join submitted_notebook n on n.id = g.notebook_id
        join submitted_assignment s on s.id = n.assignment_id
        order by s.student_id, c.name
    """
    comments = """
        select s.student_id, c.name, k.auto_comment, k.manual_comment
        from comment k join base_cell c on c.id = k.cell_id
        join submitted_notebook n on n.id = k.notebook_id
        join submitted_assignment s on s.id = n.assignment_id
        order by s.student_id, c.name
    """
    students = "select id, first_name, last_name, email, lms_user_id from student order by id"
    with Gradebook(url, "unroll") as gradebook:
        return {
            name: [tuple(row) for row in gradebook.db.execute(text(query))]
            for name, query in {
                "grades": grades,
                "comments": comments,
                "students": students,
            }.items()
        }


def files(klass: Class) -> dict[str, tuple[bytes, int]]:
    """The autograded files: their content and their permissions."""
    root = klass.root / "course" / "autograded"
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mode)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
