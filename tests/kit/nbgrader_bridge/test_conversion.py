"""Submissions are converted where there is no gradebook, by the course's own settings."""

from __future__ import annotations

import pytest
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from sqlalchemy.exc import ArgumentError
from traitlets.config import Config

from autograder.core.errors import GraderError
from autograder.core.results import ExerciseResult, Outcome, Provenance, Report, Status, TestResult
from autograder.nbgrader_bridge.conversion import NO_GRADEBOOK, Conversion
from autograder.nbgrader_bridge.grade_cells import Grade
from autograder.nbgrader_bridge.mend_cells import MendCells
from autograder.nbgrader_bridge.structure import SourceCell, Structure

CHECK = SourceCell("double", "code", True, 'check("double")', "0", 4.0)
ESSAY = SourceCell("why", "markdown", False, "Say why.", "1", 3.0, is_solution=True)
STRUCTURE = Structure("null", (CHECK, ESSAY))
CONTENT = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [
        {
            "cell_type": "markdown",
            "id": "why",
            "metadata": {"nbgrader": {"grade_id": "why"}},
            "source": "Since it is so.",
        }
    ],
}


def judge(submission):
    tests = (TestResult("test_it", "It doubles", 4.0, Outcome.FAILED, partial=1.5),)
    result = ExerciseResult("double", Status.PARTIAL, tests)
    return Report("a0_toy", (result,), Provenance("", "", "", "", "", "", "bubblewrap sandbox"))


def settings(*autograde: type) -> Config:
    made = Config()
    made.Autograde.sanitize_preprocessors = [MendCells]
    made.Autograde.autograde_preprocessors = [*autograde]
    return made


def convert(*autograde: type):
    return Conversion(settings(*autograde), "a0_toy", STRUCTURE).convert(CONTENT, "ada", judge)


def test_scores_come_from_the_report_and_those_for_a_person_stay_open():
    done = convert(Grade, SaveAutoGrades)
    assert done.grades.scores == {"double": 1.5, "why": None}
    assert done.grades.comments == {"why": None}
    assert '"grade_id": "double"' in done.notebook  # the missing check cell is back


def test_without_save_auto_grades_no_score_is_saved():
    assert convert(Grade).grades.scores == {}


def test_settings_that_list_no_grade_are_the_courses_mistake():
    with pytest.raises(GraderError, match="the settings list no Grade"):
        convert(SaveAutoGrades)


def test_a_preprocessor_of_the_course_that_opens_a_gradebook_is_an_error():
    class Opens(NbGraderPreprocessor):
        def preprocess(self, nb, resources):
            Gradebook(resources["nbgrader"]["db_url"])

    with pytest.raises(ArgumentError):
        convert(Opens, Grade)
    assert "no-gradebook" in NO_GRADEBOOK
