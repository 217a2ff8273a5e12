"""Public tests of `sgd_step`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, assert_raises, exercise

PARAMS = {"Wh": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([0.5, -0.5])}
GRADS = {"Wh": np.array([[10.0, 0.0], [-10.0, 20.0]]), "b": np.array([1.0, -5.0])}
STEPPED = {"Wh": np.array([[0.0, 2.0], [4.0, 2.0]]), "b": np.array([0.4, 0.0])}


@exercise("sgd_step")
def test_sgd_step_of_known_numbers(student):
    """With a learning rate of 0.1, 1 with the gradient 10 becomes 0, and params stay unchanged

    If it becomes 2, the step goes uphill; if −9, the learning rate is missing. If an argument has
    changed: `params[name] -= …` works in the caller's array.
    """
    assert_close(student.sgd_step(PARAMS, GRADS, 0.1), STEPPED, what="new parameters")
    assert_pure(student.sgd_step, PARAMS, GRADS, 0.1)


@exercise("sgd_step")
def test_sgd_step_keeps_to_the_parameters(student):
    """A gradient of something else is ignored, and a parameter without a gradient raises KeyError

    Loop over the parameters, and look each gradient up with `grads[name]`.
    """
    more = {**GRADS, "h0": np.ones((3, 2))}
    assert_close(student.sgd_step(PARAMS, more, 0.1), STEPPED, what="new parameters")
    assert_raises(student.sgd_step, KeyError, PARAMS, {"Wh": GRADS["Wh"]}, 0.1)


@exercise("sgd_step")
def test_sgd_step_refuses_other_shapes(student):
    """A gradient of shape (1, 2) for a bias of shape (2,) raises ValueError

    NumPy would broadcast, and the new bias would have the shape (1, 2). Compare the two shapes
    yourself.
    """
    for odd in (np.ones((1, 2)), np.ones(1)):
        assert_raises(student.sgd_step, ValueError, PARAMS, {**GRADS, "b": odd}, 0.1)
