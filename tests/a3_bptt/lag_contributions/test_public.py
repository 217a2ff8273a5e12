"""Public tests of `lag_contributions`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_gradients,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
    show,
)

from ..shared_public import LOSSES, SEQUENCES, STANDSTILL, a_sequence, forth


@exercise("lag_contributions", after="rnn_step_backward")
def test_lag_contributions_of_a_network_that_stands_still(student):
    """A loss of 4 behind tanh, halved by each step back, contributes 0.6 times 4, 2 and 1

    Each use of Wh multiplies the state before it, here 0.6. The order is that of distance: entry 0
    is the last step. If entry 0 is 3.75, the slope of its own step is missing.
    """
    _, cache = forth(student, STANDSTILL)
    got = student.lag_contributions(LOSSES[:, 2], cache)
    assert_close(got, np.array([2.4, 1.2, 0.6]).reshape(3, 1, 1), what="contributions")


@exercise("lag_contributions", after="rnn_step_backward")
@settings(max_examples=4)
@given(inputs=SEQUENCES, seed=seeds)
def test_the_sum_of_the_lags_is_a_gradient(student, inputs, seed):
    """Their sum is the gradient by Wh of a loss at the last step, by central differences

    If this fails, and the network of one number above is right, the order of the factors is wrong:
    numbers commute, matrices do not. Go back step by step with da @ Wh.T, and multiply the state
    *before* a step, transposed, with its da.
    """
    h, cache = forth(student, inputs)
    rng = np.random.default_rng(seed)
    dh_last = rng.standard_normal(h[:, -1].shape)
    got = student.lag_contributions(dh_last, cache)
    assert_structure(got, np.zeros((h.shape[1], *inputs["Wh"].shape)), what="contributions")

    def last_state(Wh):
        return forth(student, {**inputs, "Wh": Wh})[0][:, -1]

    assert_gradients(last_state, {"Wh": inputs["Wh"]}, [dh_last], {"Wh": np.sum(got, axis=0)}, rng)


@exercise("lag_contributions", after="rnn_step_backward")
def test_the_longest_lag_begins_at_h0(student):
    """With h0 = 0 the last entry is 0 and the others are not; the arguments are left unchanged

    The first use of Wh multiplies h0. If another entry is 0 instead, they are in the wrong order,
    or a state goes with the wrong step.
    """
    inputs = a_sequence(2)
    h, cache = forth(student, {**inputs, "h0": np.zeros((2, 3))})
    got = student.lag_contributions(h[:, -1] + 1.0, cache)
    assert_structure(got, np.zeros((4, 3, 3)), what="contributions")
    is_zero = [not np.any(part) for part in got]
    if is_zero != [False, False, False, True]:
        raise StudentFailure(
            "not the right entries are 0",
            got=show([k for k, each in enumerate(is_zero) if each]),
            expected="[3]",
        )
    assert_pure(student.lag_contributions, h[:, -1] + 1.0, cache, like=lambda *_: got)
