"""Public tests of `jacobian_product`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_close,
    assert_gradients,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
)

from ..shared_public import HS, WH


@exercise("jacobian_product", after="step_jacobian")
def test_product_of_known_numbers(student):
    """For hs = [[0, .5], [.5, 0]] and Wh = [[1, 2], [3, 4]] it is [[4.125, 9], [8, 18]]

    J_1 = [[1, 3], [1.5, 3]] and J_2 = [[.75, 2.25], [2, 4]]. Compute J_2 @ J_1 and J_1 @ J_2 on
    paper: which one is yours? If neither, were the weights collected, or was `*` used for `@`?
    """
    product = student.jacobian_product(HS, WH)
    assert_close(product, np.array([[4.125, 9.0], [8.0, 18.0]]), what="product")


@exercise("jacobian_product", after="step_jacobian")
def test_product_of_one_step(student):
    """For one step it is that step's Jacobian, and nothing is changed

    The state h_0 is not in hs, so each row of hs gives a factor, the first one too.
    """
    product = student.jacobian_product(HS[:1], WH)
    assert_close(product, np.array([[1.0, 3.0], [1.5, 3.0]]), what="product")
    assert_pure(student.jacobian_product, HS, WH)


@exercise("jacobian_product", after="step_jacobian")
@settings(max_examples=5)
@given(seed=seeds)
def test_product_by_differences(student, seed):
    """It is the derivative of the state after three steps by the initial one

    By central differences. If your own `step_jacobian` passes its checks, only the order can be
    wrong here.
    """
    rng = np.random.default_rng(seed)
    h0, Wh, drive, dh = (rng.standard_normal(shape) for shape in (2, (2, 2), (3, 2), 2))

    def states(h0):
        hs = [h0]
        for step in drive:
            hs.append(np.tanh(step + hs[-1] @ Wh))
        return np.array(hs[1:])

    P = student.jacobian_product(states(h0), Wh)
    assert_structure(P, Wh, what="product")
    assert_gradients(lambda h0: states(h0)[-1], {"h0": h0}, [dh], {"h0": dh @ P}, rng)
