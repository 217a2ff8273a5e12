"""Public tests of `numerical_gradient`."""

from __future__ import annotations

import numpy as np

from autograder.testing import Watched, assert_close, assert_pure, exercise

from ..shared_public import X


@exercise("numerical_gradient")
def test_numerical_gradient_of_squares(student):
    """For f(x) = x² the gradient is 2 x df, to 1e-7

    Twice that? The two points are 2h apart. Right to four digits only? Then the difference is
    one-sided. Right where df is 1 only? Then df is not used.
    """
    df = np.array([[1.0, -2.0, 0.5], [3.0, 1.0, -1.0]])
    gradient = student.numerical_gradient(Watched("np.square", np.square, (2, 3)), X, df)
    assert_close(gradient, 2.0 * X * df, rtol=1e-7, what="gradient")


@exercise("numerical_gradient")
def test_numerical_gradient_of_a_matrix_product(student):
    """For f(x) = x @ W the gradient is df @ W.T

    Here the output has another shape than x, and each entry of x moves a whole row of it: sum df
    times the difference over all of the output.
    """
    W, df = np.array([[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]]), np.array([[1.0, 2.0], [-1.0, 0.5]])
    product = Watched("lambda x: x @ W", lambda x: x @ W, (2, 3))
    gradient = student.numerical_gradient(product, X, df)
    assert_close(gradient, df @ W.T, rtol=1e-7, what="gradient")


@exercise("numerical_gradient")
def test_numerical_gradient_of_a_number(student):
    """For f(x) = Σ x², a Python float, the gradient is 2 x df, and df is a number

    A float has no `copy()`: `np.array(f(x))` makes a copy of whatever f returns.
    """
    total = Watched("lambda x: float(np.sum(x**2))", lambda x: float(np.sum(x**2)), (2, 3))
    gradient = student.numerical_gradient(total, X, -3.0)
    assert_close(gradient, -6.0 * X, rtol=1e-7, what="gradient")


@exercise("numerical_gradient")
def test_numerical_gradient_uses_h(student):
    """For f(x) = x³ and h = 0.5 the result is 3 x² + 0.25, exactly that

    ((x + h)³ − (x − h)³) / 2h is 3 x² + h². Whoever gets 3 x² has not used the h that was given.
    """
    cube = Watched("lambda x: x**3", lambda x: x**3, (2, 3))
    gradient = student.numerical_gradient(cube, X, np.ones((2, 3)), 0.5)
    assert_close(gradient, 3.0 * X**2 + 0.25, what="gradient")


@exercise("numerical_gradient")
def test_numerical_gradient_of_the_identity_leaves_x_unchanged(student):
    """For f(x) = x the gradient is df, and x is afterwards what it was, to the last bit

    f hands back the very array that it is given. If the gradient is 0, both of your results are
    that one array. If x has changed: x + h − h is not always x in floating point.
    """
    identity, x = Watched("lambda x: x", lambda x: x, (3,)), np.array([0.5, 1.2, 3e-7])
    df = np.array([1.0, -2.0, 3.0])
    gradient = student.numerical_gradient(identity, x, df)
    assert_close(gradient, df, rtol=1e-7, what="gradient")
    assert_pure(student.numerical_gradient, identity, x, df)
