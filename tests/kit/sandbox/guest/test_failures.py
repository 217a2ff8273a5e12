"""Failures of student code: each is reported, limited in time, and spares the next exercise."""

from __future__ import annotations

import pytest

from autograder.core.errors import Kind, StudentFailure
from autograder.sandbox.host.limits import Limits
from autograder.students.remote import remote_student
from tests.kit.sandbox.sandboxes import answer, failure, sandbox


def test_each_exercise_sees_the_notebook_as_it_was_loaded():
    source = "counter = []\ndef f():\n    counter.append(1)\n    return len(counter)"
    with sandbox(source) as box:
        for _ in range(2):
            with remote_student(box) as student:
                assert (student.f(), student.f()) == (1, 2)


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("while True: pass", Kind.TIMEOUT, "does not return within 1 s"),
        ("import time; time.sleep(60)", Kind.TIMEOUT, "does not return within 1 s"),
        ("import os; os._exit(3)", Kind.CRASHED, "exit status 3"),
        ("import ctypes; ctypes.string_at(0)", Kind.CRASHED, "SIGSEGV"),
        ("import sys; sys.exit()", Kind.RAISED, "raises SystemExit"),
        ("return f()", Kind.RAISED, "raises RecursionError"),
        ("return [0] * 10**10", Kind.RAISED, "raises MemoryError"),
        ("return 1 / 0", Kind.RAISED, "ZeroDivisionError: division by zero (cell 1, line 2"),
        ("raise NotImplementedError()", Kind.UNFINISHED, "`f` is not implemented yet"),
        ("return 1 << 100000", Kind.RAISED, "too large to send"),
        ("x = []; x.append(x); return x", Kind.RAISED, "cannot be sent"),
    ],
)
def test_what_goes_wrong_in_one_exercise_is_told_and_the_next_one_works(body, kind, message):
    with sandbox(f"def f():\n    {body}\ndef g():\n    return 7") as box:
        with remote_student(box) as student, pytest.raises(StudentFailure) as raised:
            student.f()
        assert raised.value.kind is kind
        assert message in raised.value.summary
        with remote_student(box) as student:
            assert student.g() == 7


def test_code_without_line_numbers_is_told_by_its_cell():
    source = """
        def f():
            raise ValueError("x")
        f.__code__ = f.__code__.replace(co_linetable=b"")
    """
    with pytest.raises(StudentFailure) as raised:
        answer(source)
    assert raised.value.summary == "`f` raises ValueError: x (cell 1)"


def test_after_two_calls_without_an_answer_the_third_is_not_tried():
    with (
        sandbox("def f():\n    while True: pass", limits=Limits(call_seconds=0.2)) as box,
        remote_student(box) as student,
    ):
        for expected in ("within 0.2 s", "within 0.2 s", "not tried"):
            with pytest.raises(StudentFailure, match=expected):
                student.f()


def test_the_time_of_an_exercise_is_bounded():
    source = "import time\ndef f():\n    time.sleep(0.3)"
    limits = Limits(exercise_seconds=0.5)
    with sandbox(source, limits=limits) as box, remote_student(box) as student:
        student.f()
        with pytest.raises(StudentFailure):
            student.f()
        with pytest.raises(StudentFailure, match="time for `f` is used up"):
            student.f()


def test_a_missing_function_is_named():
    found = failure("def g():\n    pass")
    assert (found.kind, "`f` is not defined" in found.summary) == (Kind.MISSING, True)


def test_endless_callbacks_are_stopped():
    source = "def f(g):\n    while True: g(1.0)"
    found = failure(source, lambda x: x, limits=Limits(callbacks_per_call=50))
    assert found.kind is Kind.TIMEOUT
    assert "calls the functions that it is given more than 50 times" in found.summary


def test_processor_time_is_bounded():
    found = failure("def f():\n    while True: pass", limits=Limits(call_seconds=9, cpu_seconds=1))
    assert "more than 1 s of processor time" in found.summary
