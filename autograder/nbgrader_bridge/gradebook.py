"""Writer of grades to nbgrader's gradebook, with one transaction per submission."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from nbgrader.api import Assignment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import create_engine, make_url, select
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.core.errors import UserError
from autograder.core.machine_errors import first_line, told
from autograder.nbgrader_bridge.grades import Grades
from autograder.nbgrader_bridge.structure import Structure, read_structure

__all__ = ["GradebookWriter"]

_NOT_WRITTEN = "the gradebook cannot be written"


class _Transaction:
    """A session that flushes where nbgrader's gradebook commits, which is after every row.

    ``GradebookWriter`` commits at the end, so that a stop never leaves half of a submission's
    scores. A database error is converted here, because nbgrader would report an invalid entry.
    """

    def __init__(self, session: Any) -> None:
        self._session = session

    def commit(self) -> None:
        with told(_NOT_WRITTEN):
            self._session.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


class GradebookWriter:
    """A context manager: the gradebook of ``where``, open for the grades of one assignment."""

    def __init__(self, where: CourseDirectory, settings: Config, assignment: str) -> None:
        self._assignment = assignment
        self._url = where.db_url
        self._create_students = Autograde(config=settings).create_student
        self._penalties = _late_penalties(settings)
        try:
            _assert_there(where.db_url)
            _assert_writable(where.db_url)
            self._gradebook = Gradebook(where.db_url, where.course_id)
        except (SQLAlchemyError, ImportError) as error:
            raise UserError(
                f"the gradebook cannot be opened: {first_line(error)}. Check that you may write "
                "it and that no other program holds it, then try again"
            ) from error
        self._session = self._gradebook.db
        self._session().expire_on_commit = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._gradebook.db = self._session
        self._gradebook.close()

    def structure(self) -> Structure:
        """The released notebook's structure; raises UserError if the gradebook does not know it."""
        with told("the gradebook cannot be read"):
            return read_structure(self._gradebook, self._assignment)

    def graded(self) -> set[str]:
        """The students whose submission has a score for every check cell."""
        submitted = self._submitted()
        open_ = submitted.where(Grade.auto_score.is_(None), Grade.manual_score.is_(None))
        with told("the gradebook cannot be read"):
            every = set(self._session.execute(submitted).scalars())
            graded = every - set(self._session.execute(open_).scalars())
            self._session.rollback()
        return graded

    def has_score(self, student: str) -> bool:
        """Whether any check cell of the student's submission has an automatic score."""
        with told("the gradebook cannot be read"):
            judged = self._session.execute(
                self._submitted()
                .where(SubmittedAssignment.student_id == student, Grade.auto_score.is_not(None))
                .limit(1)
            )
            found = judged.first() is not None
            self._session.rollback()
        return found

    def write(self, student: str, grades: Grades | None, timestamp: datetime | None) -> None:
        """Write the student's ``grades``; with None, write only that there is a submission."""
        with self._transaction() as session:
            submission = self._submission(student, timestamp)
            if grades is None:
                return
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    _fill_in(grade, grades)
                for comment in notebook.comments:
                    if comment.name in grades.comments:
                        comment.auto_comment = grades.comments[comment.name]
                session.flush()
                self._penalise(session, submission, notebook)

    def _submitted(self) -> Any:
        """A query for the student of each check cell of each submission."""
        return (
            select(SubmittedAssignment.student_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .where(Assignment.name == self._assignment)
        )

    def _submission(self, student: str, timestamp: datetime | None) -> Any:
        """The student's submission; student and submission are created if they are new."""
        if self._create_students:
            self._gradebook.update_or_create_student(student)
        known = {"timestamp": timestamp} if timestamp else {}
        with warnings.catch_warnings():  # SQLAlchemy warns of how nbgrader builds rows
            warnings.simplefilter("ignore", SAWarning)
            return self._gradebook.update_or_create_submission(self._assignment, student, **known)

    def _penalise(self, session: Any, submission: Any, notebook: Any) -> None:
        """Set the late penalty, as nbgrader's AssignLatePenalties does."""
        if self._penalties is None:
            return
        notebook.late_submission_penalty = None
        late = submission.total_seconds_late
        if late > 0:
            # The plugin gets the notebook's score, which the database sums up from the grades:
            # write them first, then read the sum.
            session.flush()
            session.refresh(notebook)
            plugin = self._penalties.plugin_inst
            penalty = plugin.late_submission_penalty(submission.student_id, notebook.score, late)
            if penalty is not None:
                penalty = self._penalties._check_late_penalty(notebook, penalty)
            notebook.late_submission_penalty = penalty

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Any]:
        self._gradebook.db = _Transaction(self._session)
        try:
            with told(_NOT_WRITTEN):
                yield self._gradebook.db
                self._session.commit()
        finally:
            self._session.rollback()
            self._gradebook.db = self._session


def _fill_in(grade: Any, grades: Grades) -> None:
    """Set a row's automatic score as SaveAutoGrades does; a score given by hand stays."""
    if grade.name in grades.scores:
        grade.auto_score = grades.scores[grade.name]
        by_hand = grade.auto_score is None or grade.manual_score is not None
        grade.needs_manual_grade = by_hand


def _late_penalties(settings: Config) -> AssignLatePenalties | None:
    """The preprocessor that computes late penalties, if the settings list one."""
    for each in Autograde(config=settings).autograde_preprocessors:
        kind = import_item(each) if isinstance(each, str) else each
        if issubclass(kind, AssignLatePenalties):
            found = kind(config=settings)
            found.init_plugin()
            return found
    return None


def _assert_there(url: str) -> None:
    """Raise UserError for a missing gradebook, which nbgrader would replace with an empty one."""
    place = make_url(url)
    name = place.database or ""
    is_file = place.get_backend_name() == "sqlite" and not name.startswith("file:")
    if is_file and not Path(name).is_file():
        raise UserError(
            f"there is no gradebook {name}: put it back from a copy, or run `unroll release` to "
            "create a new one"
        )


def _assert_writable(url: str) -> None:
    """Raise SQLAlchemyError if SQLite cannot write now, before any submission is graded."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("begin immediate")
            connection.exec_driver_sql("create table unroll_tries (x)")  # rolled back
            connection.rollback()
    engine.dispose()
