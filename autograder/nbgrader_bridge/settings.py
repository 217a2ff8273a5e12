"""nbgrader's settings of a course, read as nbgrader reads them."""

from __future__ import annotations

import logging

from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.core.course import Course

__all__ = ["course_directory", "load_settings"]


class _Settings(NbGrader):  # type: ignore[misc]  # nbgrader has no types
    load_cwd_config = False  # read the course's own file, whatever the current directory


def load_settings(course: Course) -> Config:
    """Jupyter's own settings merged with the course's nbgrader_config.py."""
    application = _Settings()
    application.log.setLevel(logging.ERROR)
    application.initialize([], root=str(course.root))
    settings: Config = application.config
    return settings


def course_directory(course: Course, settings: Config) -> CourseDirectory:
    """nbgrader's paths to the course's submissions and gradebook."""
    root = settings.CourseDirectory.get("root") or str(course.root)
    return CourseDirectory(config=settings, root=root)
