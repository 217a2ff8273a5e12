"""Tests are read from a file, their examples drawn once and replayed from small to large."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.core.errors import AuthorError
from autograder.core.results import Outcome
from autograder.students.local import LocalStudent
from autograder.suite import exercise, load_suite, misconception, run_test
from autograder.suite.examples import DEFAULT_EXAMPLES, record, size
from autograder.suite.load import as_test
from autograder.testing import strategies
from tests.kit.toy_course import HIDDEN


def write(tmp_path, text):
    path = tmp_path / "test_hidden.py"
    path.write_text(text)
    return path


def test_a_file_of_tests_becomes_exercises_in_its_order_with_points(tmp_path):
    suite = load_suite(write(tmp_path, HIDDEN), seed=1)
    assert [(e.name, e.points, e.after) for e in suite.exercises] == [
        ("double", 4, ()),
        ("quadruple", 2, ("double",)),
    ]
    assert suite.points == 6
    assert suite.exercise("double").tests[0].title == "double(x) is 2 x"
    assert suite.exercise("triple") is None


def test_the_same_seed_draws_the_same_examples_and_another_seed_others(tmp_path):
    path = write(tmp_path, HIDDEN)
    first, second, other = (load_suite(path, seed) for seed in (1, 1, 2))

    def drawn(suite):
        return repr([test.examples for e in suite.exercises for test in e.tests])

    assert drawn(first) == drawn(second) != drawn(other)
    assert first.digest == second.digest != other.digest


def test_examples_come_small_first_read_only_and_as_many_as_asked():
    @exercise("double")
    @settings(max_examples=30)
    @given(x=strategies.arrays(strategies.shapes(2)))
    def test_it(student, x):
        """It holds"""

    examples = record(test_it, ("student",), 1)
    assert len(examples) == 30
    assert list(examples) == sorted(examples, key=size)
    assert not examples[0]["x"].flags.writeable


def test_explicit_examples_are_among_them_and_the_default_count_is_ours():
    @exercise("double")
    @given(n=st.integers())
    @example(n=123456789)
    def test_it(student, n):
        """It holds"""

    examples = record(test_it, ("student",), 1)
    assert {"n": 123456789} in examples
    assert len(examples) == DEFAULT_EXAMPLES + 1


def test_examples_depend_on_the_seed_alone_not_on_what_else_is_loaded(monkeypatch, tmp_path):
    @exercise("double")
    @settings(max_examples=200)
    @given(n=st.integers(0, 10**9))
    def test_it(student, n):
        """It holds"""

    before = record(test_it, ("student",), 1)
    (tmp_path / "telltale.py").write_text("NUMBERS = [" + "123456701, " * 99 + "]")
    monkeypatch.syspath_prepend(tmp_path)
    __import__("telltale")
    assert record(test_it, ("student",), 1) == before


def test_each_student_gets_a_drawn_generator_in_the_same_state():
    @exercise("double")
    @given(rng=strategies.generators)
    def test_it(student, rng):
        """It holds"""
        seen.append(rng.random())

    seen: list[float] = []
    test = as_test(test_it, 1)
    for _ in range(2):
        run_test(test, LocalStudent({}), None)
    half = len(seen) // 2
    assert seen[:half] == seen[half:]


def test_recording_leaves_the_test_as_it_was():
    @exercise("double")
    @given(n=st.integers(0, 3))
    def test_it(student, n):
        """It holds"""
        raise AssertionError("ran")

    record(test_it, ("student",), 1)
    with pytest.raises(AssertionError, match="ran"):
        test_it(None)


def test_a_test_fails_on_its_smallest_failing_example():
    @exercise("double")
    @given(x=strategies.arrays(strategies.shapes(1, most=9)))
    def test_it(student, x):
        """Short arrays only"""
        assert student.double(x).size < 4, "too long"

    test = as_test(test_it, 1)
    result = run_test(test, LocalStudent({"double": lambda x: x}), None)
    assert result.outcome is Outcome.FAILED
    assert result.failure.given.count(",") == 3


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def test_x(student):\n    '''t'''", "test_x has no @exercise"),
        ("@exercise('f')\ndef test_x(student):\n    pass", "test_x has no docstring"),
        ("@exercise('f')\ndef test_x(tmp_path):\n    '''t'''", "test_x asks for tmp_path"),
        (
            "import pytest\n@exercise('f')\n@pytest.mark.parametrize('x', [1])\n"
            "def test_x(student, x):\n    '''t'''",
            "test_x is parametrized",
        ),
        ("@exercise('f', points=-1)\ndef test_x(student):\n    '''t'''", "must not be negative"),
        (
            "from hypothesis import given, strategies as st\n@exercise('f')\n"
            "@given(x=st.integers().filter(lambda x: 1 / 0))\n"
            "def test_x(student, x):\n    '''t'''",
            "its examples cannot be drawn",
        ),
        ("1 / 0", "cannot be imported: ZeroDivisionError"),
        ("", "holds no test"),
    ],
)
def test_a_test_that_cannot_be_graded_is_named_with_what_to_do(tmp_path, source, message):
    path = write(tmp_path, f"from autograder.suite import exercise\n{source}")
    with pytest.raises(AuthorError, match=message):
        load_suite(path, 1)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(AuthorError, match=r"nowhere\.py is missing"):
        load_suite(tmp_path / "nowhere.py", 1)


def test_a_misconception_needs_a_hint():
    with pytest.raises(AuthorError, match="misconception `wrong` has no hint"):

        @misconception("f")
        def wrong(x):
            return x


@given(strategies.arrays(strategies.shapes(), scale=20, away_from_zero=0.5, largest=30))
def test_drawn_arrays_keep_their_promises(x):
    assert x.dtype == np.float64
    assert x.ndim <= 3
    assert np.all((np.abs(x) >= 0.5) & (np.abs(x) <= 30))
    np.testing.assert_array_equal(x, np.round(x, 2))


@given(strategies.generators)
def test_drawn_generators_are_usable(rng):
    assert rng.random() < 1
