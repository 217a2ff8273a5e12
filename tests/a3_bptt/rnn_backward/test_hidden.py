"""Hidden tests of `rnn_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from autograder.testing import (
    assert_backward_fits_forward,
    assert_backward_form,
    assert_close,
    assert_structure,
    exercise,
    named_gradients,
    outputs_and_cache,
    seeds,
)

from ..shared_hidden import (
    A_SEQUENCE,
    DEEP,
    LARGE,
    SEQUENCE,
    SEQUENCES,
    SINGLE,
    SMALL,
    assert_agree,
    assert_leaves_all_unchanged,
    assert_linear,
    assert_reached,
    assert_superposes,
    cotangent,
    forth,
    made,
    only,
)


def assert_sweep(student, reference, inputs, seed, names=(), scale=SMALL):
    """Assert that a sequence's gradients of ``names`` are the reference's, for a random dh."""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh = cotangent(seed, h.shape, scale)
    expected = reference.rnn_backward(dh, reference_cache)
    assert_agree(student.rnn_backward(dh, cache), expected, inputs, names)


def assert_dx(student, reference, inputs, seed, steps):
    """Assert that dx is the reference's at ``steps``, and of the right shape."""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh = cotangent(seed, h.shape)
    got = named_gradients(student.rnn_backward(dh, cache), inputs)["x_seq"]
    expected = named_gradients(reference.rnn_backward(dh, reference_cache), inputs)["x_seq"]
    assert_structure(got, expected, what="gradient of `x_seq`")
    where = f"gradient of `x_seq`[:, {steps.start}:{steps.stop or ''}]"
    assert_close(got[:, steps], expected[:, steps], what=where)


@exercise("rnn_backward", points=2.5, after="rnn_step_backward")
@settings(max_examples=8)
@given(inputs=DEEP, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_dx_agrees_after_the_first_step(student, reference, inputs, seed):
    """dx is right at every step but the first, for a loss at every step

    At each step, what arrives is dh[:, t] *plus* what is carried back from step t + 1. And dx[:, t]
    belongs to step t, although the sweep meets the last step first.
    """
    assert_dx(student, reference, inputs, seed, slice(1, None))


@exercise("rnn_backward", points=1.5, after="rnn_step_backward")
@settings(max_examples=8)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_dx_agrees_at_the_first_step(student, reference, inputs, seed):
    """dx is right at step 0, which all losses reach

    `range(T - 1, 0, -1)` ends with step 1.
    """
    assert_dx(student, reference, inputs, seed, slice(0, 1))


@exercise("rnn_backward", points=3, after="rnn_step_backward")
@settings(max_examples=10)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_dh0_agrees(student, reference, inputs, seed):
    """dh0 is what is carried out of step 0

    It has passed through every step, the first one included.
    """
    assert_sweep(student, reference, inputs, seed, ["h0"])


@exercise("rnn_backward", points=2.5, after="rnn_step_backward")
@settings(max_examples=10)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_dwx_agrees(student, reference, inputs, seed):
    """dWx is the sum over all steps, of all losses

    Add up (`+=`, from zeros) over all T steps, the first one included, and divide by nothing.
    """
    assert_sweep(student, reference, inputs, seed, ["Wx"])


@exercise("rnn_backward", points=3, after="rnn_step_backward")
@settings(max_examples=10)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_dwh_agrees(student, reference, inputs, seed):
    """dWh is the sum over all steps, of all losses

    The first step counts, too: it multiplies h0 by Wh.
    """
    assert_sweep(student, reference, inputs, seed, ["Wh"])


@exercise("rnn_backward", points=2.5, after="rnn_step_backward")
@settings(max_examples=10)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_db_agrees(student, reference, inputs, seed):
    """db is the sum over all steps, of all losses, and of shape (H,)"""
    assert_sweep(student, reference, inputs, seed, ["b"])


@exercise("rnn_backward", points=2.5, after="rnn_step_backward")
@settings(max_examples=6)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_backward_of_a_loss_at_the_last_step(student, reference, inputs, seed):
    """For a loss at the last step only, dx is right at every step

    Everything that arrives at an earlier step is carried there. If only this passes, look at where
    dh[:, t] comes in.
    """
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh = cotangent(seed, h.shape)
    last = only(dh, h.shape[1] - 1)
    expected = reference.rnn_backward(last, reference_cache)
    assert_agree(student.rnn_backward(last, cache), expected, inputs, ["x_seq"])


@exercise("rnn_backward", points=1, after="rnn_step_backward")
@settings(max_examples=5)
@given(inputs=SEQUENCES, seed=seeds)
def test_backward_fits_the_forward_function(student, inputs, seed):
    """The five gradients are those of your own rnn_forward, by central differences"""
    pair = student.rnn_forward, student.rnn_backward
    assert_backward_fits_forward(pair, inputs, np.random.default_rng(seed))


@exercise("rnn_backward", points=1, after="rnn_step_backward")
@settings(max_examples=5)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=2)
def test_backward_for_large_gradients(student, reference, inputs, seed):
    """Gradients of any size are right: nothing is clipped on the way"""
    assert_sweep(student, reference, inputs, seed, scale=LARGE)


@exercise("rnn_backward", points=0.5, after="rnn_step_backward")
@settings(max_examples=4)
@given(inputs=DEEP, seed=seeds)
def test_backward_is_linear(student, inputs, seed):
    """The result is linear in dh, 0 for a dh of 0, and not 0 in general"""
    assert_linear(student.rnn_forward, student.rnn_backward, inputs, seed)


@exercise("rnn_backward", points=1, after="rnn_step_backward")
@settings(max_examples=4)
@given(inputs=DEEP, seed=seeds)
def test_losses_superpose(student, inputs, seed):
    """The gradients of all losses together are the sum of those of each loss alone"""
    (h,), cache = outputs_and_cache(student.rnn_forward, inputs)
    assert_superposes(lambda dh: student.rnn_backward(dh, cache), h, inputs, seed)


@exercise("rnn_backward", points=1, after="rnn_step_backward")
@settings(max_examples=4)
@given(inputs=DEEP, seed=seeds)
def test_a_loss_reaches_all_earlier_steps(student, inputs, seed):
    """The loss of a step reaches the inputs of that step and of all earlier ones, and no later one

    If it stays at its own step, nothing is carried back. If it turns up at a later step, the sweep
    runs in the wrong direction, or dx is in the wrong order.
    """
    (h,), cache = outputs_and_cache(student.rnn_forward, inputs)
    dh = cotangent(seed, np.shape(h))
    for t in (1, dh.shape[1] - 1):
        got = named_gradients(student.rnn_backward(only(dh, t), cache), inputs)
        assert_structure(got["x_seq"], inputs["x_seq"], what="gradient of `x_seq`")
        assert_reached(got["x_seq"], range(t + 1), f"the loss of step {t}")


@exercise("rnn_backward", points=1, after="rnn_step_backward", ones=True)
def test_backward_keeps_axes_of_length_one(student, reference):
    """Every axis may have length 1, T among them, and stays

    For T = 1 the sweep is a single step backwards.
    """
    for seed, lengths in enumerate(SINGLE):
        assert_sweep(student, reference, made(SEQUENCE, lengths, seed), seed)


@exercise("rnn_backward", points=0.5, form=True)
def test_form_of_rnn_backward(student, reference):
    """Each gradient is a float64 array of the shape of its input"""
    functions = student.rnn_forward, student.rnn_backward
    references = reference.rnn_forward, reference.rnn_backward
    assert_backward_form(functions, references, A_SEQUENCE)


@exercise("rnn_backward", points=0.5, after="rnn_step_backward")
def test_backward_leaves_its_arguments_unchanged(student, reference):
    """rnn_backward leaves dh and the cache unchanged, so that it can be called again

    `dh[:, t] += …` writes into the caller's array, and `cache.pop()` empties the caller's list.
    """
    h, cache, reference_cache = forth(student, reference, "rnn_forward", A_SEQUENCE)
    dh = np.cos(np.arange(h.size)).reshape(h.shape)
    expected = reference.rnn_backward(dh, reference_cache)
    assert_leaves_all_unchanged(student.rnn_backward, dh, cache, expected=expected)
