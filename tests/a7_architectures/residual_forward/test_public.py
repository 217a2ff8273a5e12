"""Public tests of `residual_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import normal, output_of


@exercise("residual_forward")
def test_residual_of_known_numbers(student):
    """out = x + tanh(x @ W + b): for x = (1, 2) and W that exchanges them, (1 + tanh 2, 2 + tanh 1)

    With W = 0 and b = 0 the layer hands its input on.
    """
    x, W = np.array([[1.0, 2.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    out, _ = output_of(student.residual_forward, (x, W, np.zeros(2)), (1, 2))
    assert_close(out, x + np.tanh(x[:, ::-1]), what="output")
    out, _ = output_of(student.residual_forward, (x, 0.0 * W, np.zeros(2)), (1, 2))
    assert_close(out, x, what="output for W = 0 and b = 0")


@exercise("residual_forward")
def test_residual_forward_leaves_its_arguments_unchanged(student):
    """The layer changes none of its arguments, and W is used the right way round

    `x += …` changes the caller's array. And (x @ W)[j] is the sum over i of x[i] · W[i, j].
    """
    x, W, b = normal(7, (2, 3), (3, 3), 3)
    out, _ = output_of(student.residual_forward, (x, W, b), (2, 3))
    assert_close(out, x + np.tanh(np.einsum("ni,ij->nj", x, W) + b), what="output")
    assert_pure(student.residual_forward, x, W, b)
