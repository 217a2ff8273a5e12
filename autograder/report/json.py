"""Render a report as JSON: one object on one line, with the same bytes for the same report."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from autograder.core.results import ExerciseResult, Report, Status, TestResult

__all__ = ["report_json"]


def report_json(report: Report) -> str:
    """Render the report as one line of JSON. ``score`` is null where the grader failed."""
    content = {
        "assignment": report.assignment,
        "score": None if report.needs_person else report.score,
        "max_score": report.max_score,
        "provenance": asdict(report.provenance),
        "exercises": [_exercise(exercise) for exercise in report.exercises],
        "problems": [str(problem) for problem in report.problems],
    }
    return json.dumps(content, ensure_ascii=False)


def _exercise(result: ExerciseResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "score": None if result.status is Status.ERROR else result.score,
        "max_score": result.max_score,
        "status": str(result.status),
        "diagnosis": result.diagnosis,
        "notes": list(result.notes),
        "tests": [_test(test) for test in result.tests],
    }


def _test(test: TestResult) -> dict[str, Any]:
    return {
        "name": test.name,
        "title": test.title,
        "points": test.points,
        "score": test.score,
        "outcome": str(test.outcome),
        "message": str(test.failure) if test.failure else "",
    }
