"""Public tests of `identity_init`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_structure, exercise


@exercise("identity_init")
def test_recurrent_weights_and_bias(student):
    """With D = 3, H = 2 and scale = 0.5, Wh is [[0.5, 0], [0, 0.5]] and b is [0, 0]

    Zeros beside the diagonal of Wh, and one axis in b.
    """
    weights = student.identity_init(3, 2, 0.5, np.random.default_rng(0))
    assert_structure(weights, (np.zeros((3, 2)), np.zeros((2, 2)), np.zeros(2)))
    assert_close(weights[1], np.array([[0.5, 0.0], [0.0, 0.5]]), what="weight matrix Wh")
    assert_close(weights[2], np.zeros(2), what="bias b")


@exercise("identity_init")
def test_input_weights(student):
    """Wx holds the numbers of rng, divided by the root of D, whatever scale is

    Here D = 4, so each number of rng is halved. If yours do not change from one generator to the
    next, they come from somewhere else.
    """
    for seed, scale in ((0, 1.0), (1, 0.5)):
        Wx = student.identity_init(4, 3, scale, np.random.default_rng(seed))[0]
        assert_close(
            Wx, np.random.default_rng(seed).standard_normal((4, 3)) / 2.0, what="weight matrix Wx"
        )
