"""Public tests of `gru_forward`."""

from __future__ import annotations

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import gru_arrays, output_of


@exercise("gru_forward", after="gru_step_forward")
def test_gru_is_the_repeated_step(student):
    """h[:, t] is your own gru_step_forward from h[:, t − 1], and h[:, 0] one from h0

    If only the first step is right, the state is not handed on. If all are right but shifted, you
    store the state before the step.
    """
    inputs = gru_arrays(3, 2, 5, 4, 3)
    h, _ = output_of(student.gru_forward, inputs.values(), (2, 3, 4))
    x_seq, state, *weights = inputs.values()
    for t in range(3):
        state = student.gru_step_forward(x_seq[:, t], state, *weights)[0]
        assert_close(h[:, t], state, what=f"state after step {t}")
    assert_pure(student.gru_forward, *inputs.values())


@exercise("gru_forward", after="gru_step_forward")
def test_gru_keeps_axes_of_one(student):
    """h is (N, T, H), also for one sequence, one step, one input or one unit

    Time is the second axis. `squeeze` removes axes that are meant.
    """
    for N, T, D, H in ((1, 2, 3, 4), (2, 1, 3, 4), (2, 3, 1, 4), (2, 3, 4, 1)):
        output_of(student.gru_forward, gru_arrays(4, N, D, H, T).values(), (N, T, H))
