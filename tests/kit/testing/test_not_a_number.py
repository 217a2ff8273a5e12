"""NaN, infinity and None pass no test of the course, whichever function returns them."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest

from autograder.core.course import Seed, find_course
from autograder.core.results import Outcome
from autograder.judging.judge import load_judge
from autograder.students.local import LocalStudent
from autograder.suite import load_public, run_test
from autograder.suite.load import PUBLIC_SEED

COURSE = find_course(Path(__file__))
FILLINGS = {"NaN": np.nan, "inf": np.inf, "minus inf": -np.inf, "None": None}


@functools.cache
def judge_of(assignment):
    return load_judge(COURSE, assignment, seed=Seed(PUBLIC_SEED, "public"))


def filled(value, filling):
    """``value`` with ``filling`` in place of each number."""
    if isinstance(value, dict):
        return {key: filled(part, filling) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(filled(part, filling) for part in value)
    if filling is None or not isinstance(value, np.ndarray) or not value.size:
        return filling
    return np.full(value.shape, filling)


def spoilt(function, filling, has_cache):
    """``function`` with ``filling`` in all that it returns but its cache."""

    @functools.wraps(function)
    def spoiling(*args, **kwargs):
        try:
            with np.errstate(all="ignore"):
                value = function(*args, **kwargs)
        except Exception:  # where it should raise, it returns
            return filling
        if has_cache:
            return (*filled(value[:-1], filling), value[-1])
        return filled(value, filling)

    return spoiling


@pytest.mark.parametrize("filling", FILLINGS.values(), ids=FILLINGS)
@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_what_is_no_number_passes_no_test(assignment, filling):
    judge = judge_of(assignment)
    passing = []
    for suite in (judge.suite, load_public(COURSE, assignment)):
        for exercise in suite.exercises:
            name = exercise.name
            function = spoilt(getattr(judge.reference, name), filling, name in judge.caching)
            student = LocalStudent({**vars(judge.reference), name: function})
            passing += [
                test.name
                for test in exercise.tests
                if run_test(test, student, judge.reference).outcome is Outcome.PASSED
            ]
    assert passing == [], "\n".join(passing)
