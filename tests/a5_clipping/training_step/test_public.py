"""Public tests of `training_step`."""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_silent,
    exercise,
)

from ..shared_public import assert_like

PARAMS = {"W": np.array([[1.0, -2.0]]), "b": np.array([4.0])}


def slopes(loss=10.0, **grads):
    """A loss_and_grads with the gradients 2 · params, or others where they are given."""

    def loss_and_grads(*given, **named):
        params = (*given, *named.values(), None)[0]
        assert_like(params, PARAMS, "loss_and_grads")
        return loss, {name: grads.get(name, 2.0 * p) for name, p in params.items()}

    return loss_and_grads


@exercise("training_step", after=("clip_by_global_norm", "all_finite"))
def test_a_step_of_known_numbers(student):
    """Gradients [[2, −4]] and [8], scaled by a half, times a learning rate of 0.1

    Their norm is the root of 84, and the threshold is half of that: so params move by
    [[−0.1, 0.2]] and [−0.4]. Other numbers? What is clipped (the gradients, not the parameters and
    not the step), when, and which way does the update go?
    """
    norm = np.sqrt(84.0)
    moved, info = student.training_step(slopes(), PARAMS, 0.1, norm / 2)
    assert_close(moved, {"W": np.array([[0.9, -1.8]]), "b": np.array([3.6])}, what="new_params")
    assert_close(info, {"ok": True, "loss": 10.0, "norm": norm}, what="info")
    moved, info = student.training_step(slopes(), PARAMS, 0.1, 2 * norm)
    assert_close(moved, {"W": np.array([[0.8, -1.6]]), "b": np.array([3.2])}, what="new_params")
    assert_close(info, {"ok": True, "loss": 10.0, "norm": norm}, what="info")


@exercise("training_step", after=("clip_by_global_norm", "all_finite"))
def test_broken_numbers_stop_the_step(student):
    """A NaN or infinite loss, or gradient, leaves params as they are, with ok = False, norm = None

    If there is a warning, something was computed with the broken numbers before you looked.
    """
    for broken, loss in (
        (slopes(b=np.array([np.nan])), 10.0),
        (slopes(W=np.array([[np.inf, 1.0]])), 10.0),
        (slopes(loss=np.nan), np.nan),
        (slopes(loss=np.inf), np.inf),
    ):
        moved, info = student.training_step(broken, PARAMS, 0.1, 1.0)
        assert_bitwise_equal(moved, PARAMS, what="new_params")
        expected = {"ok": False, "loss": loss, "norm": None}
        assert_close(info, expected, what="info", finite=False)
        assert_silent(student.training_step, broken, PARAMS, 0.1, 1.0)


@exercise("training_step", after=("clip_by_global_norm", "all_finite"))
def test_training_step_builds_new_arrays(student):
    """The arrays that were given are left unchanged

    `p -= …` works in the array that you were given.
    """
    moved = {"W": np.array([[0.8, -1.6]]), "b": np.array([3.2])}
    info = {"ok": True, "loss": 10.0, "norm": np.sqrt(84.0)}
    assert_pure(student.training_step, slopes(), PARAMS, 0.1, 10.0, like=lambda *_: (moved, info))
