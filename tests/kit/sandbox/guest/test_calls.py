"""Calls of student code in the sandbox: arguments, values, callbacks and what a reply reports."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.core.errors import GraderError, Kind, StudentFailure
from autograder.sandbox.host.limits import Limits
from autograder.students.remote import Handle, remote_student
from tests.kit.sandbox.sandboxes import answer, failure, sandbox


def test_a_function_is_called_with_copies_and_its_value_comes_back():
    x = np.arange(3.0)
    assert answer("def f(x):\n    return (x * 2, [1, None])", x)[1] == [1, None]
    np.testing.assert_array_equal(x, [0, 1, 2])


CACHING = """
import numpy as np
def forward(x):
    return 2 * x, [x, {"twice": 2 * x}]
def backward(dout, cache):
    cache[0] *= 0
    cache[1]["twice"][:] = 0
    return dout * cache[1]["twice"]
def look(cache):
    return cache[0], cache[1]["twice"]
"""


def test_a_cache_stays_in_the_sandbox_and_each_call_gets_a_copy():
    x = np.array([1.0, 2.0])
    with sandbox(CACHING) as box, remote_student(box, caching={"forward"}) as student:
        out, cache = student.forward(x)
        np.testing.assert_array_equal(out, 2 * x)
        assert isinstance(cache, Handle)
        np.testing.assert_array_equal(student.backward(x, cache), 0 * x)
        kept, twice = student.look(cache)
        np.testing.assert_array_equal(kept, x)
        np.testing.assert_array_equal(twice, 2 * x)


def test_a_change_of_a_kept_cache_is_told():
    with sandbox(CACHING) as box, remote_student(box, caching={"forward"}) as student:
        _, cache = student.forward(np.ones(2))
        assert student.backward.reply(np.ones(2), cache).mutated == ("cache",)


def test_what_crosses_in_an_exercise_is_limited_in_all():
    limits = Limits(replies_per_exercise=2**20)
    source = "import numpy as np\ndef f():\n    return np.ones(2**16)"
    with sandbox(source, limits=limits) as box, remote_student(box) as student:
        student.f()
        with pytest.raises(StudentFailure, match="it has sent more than 1 MiB"):
            student.f()


def test_numpy_is_there():
    assert answer("import numpy as np\ndef f():\n    return np.float64(2.5)") == 2.5


def test_a_call_tells_which_arguments_were_changed_what_was_printed_and_what_warned():
    source = """
        import numpy as np
        def f(x, y):
            y += 1
            print("hello")
            return np.exp(x * 1e4)
    """
    with sandbox(source) as box, remote_student(box) as student:
        reply = student.f.reply(np.ones(2), np.ones(2))
    assert reply.mutated == ("y",)
    assert reply.printed == "hello\n"
    assert reply.warnings == ("RuntimeWarning: overflow encountered in exp",)


def test_only_the_first_10_kb_of_prints_are_kept():
    with sandbox("def f():\n    print('x' * 10**7)") as box, remote_student(box) as student:
        assert len(student.f.reply().printed) == 10_000


def test_a_function_among_the_arguments_is_called_back():
    source = "def f(g, x):\n    return g(x) + g(2 * x)"
    assert answer(source, lambda x: 10 * x, 1.0) == 30.0


def test_a_callback_that_returns_its_argument_returns_the_same_object():
    source = "import numpy as np\ndef f(g):\n    x = np.ones(2)\n    return g(x) is x"
    assert answer(source, lambda x: x) is True


def test_an_assertion_inside_a_callback_passes_through_whatever_the_student_makes_of_it():
    source = """
        def f(g):
            try:
                return g(1.0)
            except Exception:
                return 42
    """

    def refuse(x):
        raise AssertionError("a number, not an array")

    with pytest.raises(AssertionError, match="a number, not an array"):
        answer(source, refuse)


def test_a_callback_that_was_not_given_is_refused():
    source = """
        def f(g):
            g.reference = type(g.reference)("callable", 99, "another")
            return g(1.0)
    """
    found = failure(source, lambda x: x)
    assert found.kind is Kind.CRASHED
    assert "was not given" in found.summary


def test_a_callback_may_not_call_the_student_again():
    source = "def f(g):\n    return g(1.0)\ndef h(x):\n    return x"
    with sandbox(source) as box, remote_student(box) as student:
        with pytest.raises(GraderError, match="calls the student's `h` while the student is"):
            student.f(student.h)
        assert student.h(2.0) == 2.0


def test_a_generator_arrives_in_the_same_state():
    rng = np.random.default_rng(5)
    expected = np.random.default_rng(5).standard_normal(3)
    source = "def f(rng):\n    return rng.standard_normal(3)"
    np.testing.assert_array_equal(answer(source, rng), expected)
    np.testing.assert_array_equal(answer(source, rng), expected)


def test_an_object_stays_inside_and_can_be_handed_back():
    source = """
        class Cache:
            pass
        def forward(x):
            cache = Cache()
            cache.x = x
            return 2 * x, cache
        def backward(cache):
            return cache.x
    """
    with sandbox(source) as box, remote_student(box) as student:
        _, cache = student.forward(3.0)
        assert isinstance(cache, Handle)
        assert cache.label == "__main__.Cache"
        assert student.backward(cache) == 3.0


def test_a_replaced_function_is_the_one_that_the_others_call():
    source = "def step(x):\n    return 0\ndef f(x):\n    return step(x) + 1"
    with (
        sandbox(source) as box,
        remote_student(box, replacing={"step": lambda x: 10 * x}) as student,
    ):
        assert student.f(2.0) == 21.0
