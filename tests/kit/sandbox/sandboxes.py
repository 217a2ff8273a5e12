"""Sandboxes that hold a few cells of student code, for the tests of the sandbox."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from autograder.core.errors import StudentFailure
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.session import Sandbox
from autograder.students.remote import remote_student
from autograder.submission.notebook import Cell

PROJECT = Path(__file__).resolve().parents[3]
QUICK = Limits(call_seconds=1.0, cell_seconds=1.0, exercise_seconds=5.0)


def cells(*sources: str) -> list[Cell]:
    return [Cell(i, textwrap.dedent(source)) for i, source in enumerate(sources, start=1)]


def sandbox(*sources: str, limits: Limits = QUICK) -> Sandbox:
    return Sandbox(cells(*sources), limits=limits)


def answer(source: str, *args: object, limits: Limits = QUICK) -> object:
    """What ``def f`` in ``source`` returns in a sandbox."""
    with sandbox(source, limits=limits) as box, remote_student(box) as student:
        return student.f(*args)


def failure(source: str, *args: object, limits: Limits = QUICK) -> StudentFailure:
    with pytest.raises(StudentFailure) as raised:
        answer(source, *args, limits=limits)
    return raised.value
