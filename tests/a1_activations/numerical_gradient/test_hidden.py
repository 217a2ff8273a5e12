"""Hidden tests of `numerical_gradient`."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    Watched,
    arrays,
    assert_close,
    assert_form,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
    shapes,
)

ELEMENTWISE = {"np.sin": (np.sin, np.cos), "np.exp": (np.exp, np.exp)}


def assert_gradient(student, function, x, df, exact):
    """Assert that the student's numerical gradient of ``function`` at x is ``exact``, to 1e-7."""
    gradient = student.numerical_gradient(function, x, df)
    assert_close(gradient, exact, rtol=1e-7, what="gradient")


def assert_elementwise_gradient(student, name, x, scale, seed):
    """Assert the gradient of one of ELEMENTWISE at x, with a random cotangent."""
    function, slope = ELEMENTWISE[name]
    df = np.round(scale * np.random.default_rng(seed).uniform(0.5, 1.5, x.shape), 2)
    assert_gradient(student, Watched(name, function, x.shape), x, df, df * slope(x))


@exercise("numerical_gradient", points=3.5)
@settings(max_examples=8)
@given(
    x=arrays(shapes(2, most=4), largest=1.5),
    name=st.sampled_from(sorted(ELEMENTWISE)),
    scale=st.sampled_from((1.0, -20.0)),
    seed=seeds,
)
def test_numerical_gradient_agrees_with_the_derivative(student, x, name, scale, seed):
    """The gradient of sin and exp, under a random cotangent df, is right to 1e-7

    Right to five digits only? Then the differences are one-sided. Twice as large? x + h and x − h
    are 2h apart. Otherwise: is each difference weighed with df?
    """
    assert_elementwise_gradient(student, name, x, scale, seed)


@exercise("numerical_gradient", points=1, ones=True)
@settings(max_examples=6)
@given(
    x=arrays(st.sampled_from(((3,), (1,), (2, 3, 1), (1, 2, 2))), largest=1.5),
    name=st.sampled_from(sorted(ELEMENTWISE)),
    seed=seeds,
)
def test_numerical_gradient_takes_any_number_of_axes(student, x, name, seed):
    """x may have one axis, two or three

    If two axes work and others do not: a loop over `x.shape[0]` and `x.shape[1]` knows no others;
    `np.ndindex(x.shape)` does.
    """
    assert_elementwise_gradient(student, name, x, 1.0, seed)


@exercise("numerical_gradient", points=3)
@settings(max_examples=6)
@given(sizes=st.permutations((2, 3, 4)), seed=seeds)
def test_numerical_gradient_of_a_matrix_valued_function(student, sizes, seed):
    """f may have an output of another shape than x: every entry of x may move all of f

    For each entry of x, move that entry alone and sum df times the difference over the *whole*
    output of f.
    """
    N, D, H = sizes
    rng = np.random.default_rng(seed)
    x, W, df = (np.round(rng.standard_normal(n), 2) for n in ((N, D), (D, H), (N, H)))
    product = Watched("lambda x: x @ W", lambda x: x @ W, (N, D))
    assert_gradient(student, product, x, df, df @ W.T)


@exercise("numerical_gradient", points=1)
def test_numerical_gradient_of_a_number(student):
    """f may return a number, of Python's or of NumPy's, and df is then a number too

    A Python float has no methods of an array: `np.array(f(x))` makes a copy of whatever f returns.
    """
    x = np.array([[0.5, -1.25, 2.0], [1.5, -0.25, 0.75]])
    exact = np.full(x.shape, -40.0 * np.sum(x))
    for name, number in (("float", float), ("np.float64", np.float64)):
        label = f"lambda x: {name}(np.sum(x) ** 2)"
        square = Watched(label, lambda x, number=number: number(np.sum(x) ** 2), x.shape)
        assert_gradient(student, square, x, -20.0, exact)


@exercise("numerical_gradient", points=2)
@settings(max_examples=4)
@given(x=arrays(shapes(1, most=3), largest=1.0))
def test_the_error_falls_with_the_square_of_h(student, x):
    """The error falls as h²: with a tenth of the step, to a hundredth

    With one-sided differences it falls to a tenth only. If the result does not change at all, the
    function does not use the h that it is given.
    """
    df = np.full(x.shape, -2.0)
    exponential = Watched("np.exp", np.exp, x.shape)
    results = [student.numerical_gradient(exponential, x, df, h) for h in (0.1, 0.01, 0.001)]
    for result in results:
        assert_structure(result, x, what="gradient")
    first, second = (float(np.max(np.abs(b - a))) for a, b in itertools.pairwise(results))
    if not second < first / 50:
        raise StudentFailure(
            "the error does not fall as h²",
            got=f"a change of {first:.2g} from h = 0.1 to 0.01, of {second:.2g} from 0.01 to 0.001",
            expected="a second change of about a hundredth of the first",
        )


@exercise("numerical_gradient", points=1)
@settings(max_examples=4)
@given(x=arrays(shapes(2, most=3)), seed=seeds)
def test_numerical_gradient_of_the_identity(student, x, seed):
    """f may return the very array that it is given: the gradient of f(x) = x is df

    If the gradient is 0, both results are the same array: copy the first one before you change x
    again.
    """
    df = np.round(np.random.default_rng(seed).uniform(0.5, 2.0, x.shape), 2)
    assert_gradient(student, Watched("lambda x: x", lambda x: x, x.shape), x, df, df)


@exercise("numerical_gradient", points=0.5, form=True)
def test_form_of_numerical_gradient(student):
    """The result is a float64 array of the shape of x"""
    x = np.linspace(-1.0, 1.0, 6).reshape(2, 3)
    gradient = student.numerical_gradient(Watched("np.sin", np.sin, x.shape), x, np.ones(x.shape))
    assert_form(gradient, x, what="gradient")


@exercise("numerical_gradient", points=1)
def test_numerical_gradient_leaves_x_bitwise_unchanged(student):
    """x is afterwards what it was, to the last bit

    Adding h and subtracting it again need not give the old number: keep the old value and put it
    back, or move a copy.
    """
    x, df = np.array([[0.5, 1.2], [0.7, 3.1e-7]]), np.ones((2, 2))
    function = Watched("np.sin", np.sin, x.shape)
    assert_pure(student.numerical_gradient, function, x, df)
    assert function.seen, "the gradient is found without calling f"
