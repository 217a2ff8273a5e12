"""Hidden tests of `rnn_backward_truncated`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_backward_form,
    assert_gradients,
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
    assert_reached,
    assert_superposes,
    cotangent,
    forth,
    made,
    only,
)

SHORTER = ("rnn_step_backward", "rnn_backward")


def assert_truncated(student, reference, inputs, seed, k, names=(), scale=SMALL):
    """Assert that the truncated gradients of ``names`` are the reference's, for a random dh."""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh = cotangent(seed, h.shape, scale)
    expected = reference.rnn_backward_truncated(dh, reference_cache, k)
    assert_agree(student.rnn_backward_truncated(dh, cache, k), expected, inputs, names)


@st.composite
def truncations(draw):
    """Inputs with 3 to 6 steps, and a k from 2 to one less."""
    inputs = draw(DEEP)
    return inputs, draw(st.integers(2, inputs["x_seq"].shape[1] - 1))


@exercise("rnn_backward_truncated", points=2, after=SHORTER)
@settings(max_examples=8)
@given(case=truncations(), seed=seeds)
@example(case=(A_SEQUENCE, 2), seed=1)
@example(case=(A_SEQUENCE, 3), seed=1)
def test_truncated_dx_agrees(student, reference, case, seed):
    """dx[:, s] collects the losses of the steps s to s + k − 1, for 1 < k < T

    Each loss has k steps of its own, whichever step it belongs to. Its own step is the first.
    """
    inputs, k = case
    assert_truncated(student, reference, inputs, seed, k, ["x_seq"])


@exercise("rnn_backward_truncated", points=1.5, after=SHORTER)
@settings(max_examples=8)
@given(case=truncations(), seed=seeds)
@example(case=(A_SEQUENCE, 2), seed=1)
@example(case=(A_SEQUENCE, 3), seed=1)
def test_truncated_dh0_agrees(student, reference, case, seed):
    """dh0 collects the losses of the first k steps, for 1 < k < T

    Counting from 0, the loss of step t reaches h0 if t < k. What is carried out of a window that
    ends before step 0 belongs to a state that counts as constant, and is dropped.
    """
    inputs, k = case
    assert_truncated(student, reference, inputs, seed, k, ["h0"])


@exercise("rnn_backward_truncated", points=2, after=SHORTER)
@settings(max_examples=8)
@given(case=truncations(), seed=seeds)
@example(case=(A_SEQUENCE, 2), seed=1)
@example(case=(A_SEQUENCE, 3), seed=1)
def test_truncated_gradients_of_the_weights_agree(student, reference, case, seed):
    """dWx, dWh and db are sums over the k steps of every loss, for 1 < k < T"""
    inputs, k = case
    assert_truncated(student, reference, inputs, seed, k, ["Wx", "Wh", "b"])


@exercise("rnn_backward_truncated", points=2, after=SHORTER)
@settings(max_examples=5)
@given(inputs=SEQUENCES, seed=seeds, beyond=st.sampled_from((1, 2, 7)))
@example(inputs=A_SEQUENCE, seed=1, beyond=1)
def test_truncation_beyond_the_sequence_changes_nothing(student, reference, inputs, seed, beyond):
    """For k > T the result is that of the full sweep"""
    assert_truncated(student, reference, inputs, seed, inputs["x_seq"].shape[1] + beyond)


@exercise("rnn_backward_truncated", points=1, after=SHORTER)
@settings(max_examples=4)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_truncation_to_all_steps_changes_nothing(student, reference, inputs, seed):
    """For k = T the result is that of the full sweep, too

    The loss of the last step then reaches the first step, and h0. Does it with yours?
    """
    assert_truncated(student, reference, inputs, seed, inputs["x_seq"].shape[1])


@exercise("rnn_backward_truncated", points=1.5, after=SHORTER)
@settings(max_examples=5)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_a_truncation_to_one_step_carries_nothing(student, reference, inputs, seed):
    """For k = 1 each loss acts on its own step only, and the first one on h0"""
    assert_truncated(student, reference, inputs, seed, 1)


@exercise("rnn_backward_truncated", points=2, after=SHORTER)
@settings(max_examples=5)
@given(case=truncations(), seed=seeds)
@example(case=(A_SEQUENCE, 2), seed=1)
@example(case=(A_SEQUENCE, 3), seed=1)
def test_each_loss_reaches_back_k_steps(student, reference, case, seed):
    """The loss of a step reaches exactly k steps, its own among them, or as many as there are

    One too many or too few: where does the loop end? If only some of the losses get their k steps,
    they share windows: think of blocks, or of a cut at the end of the sequence.
    """
    inputs, k = case
    h, cache, _ = forth(student, reference, "rnn_forward", inputs)
    dh = cotangent(seed, h.shape)
    for t in (0, k - 1, k, h.shape[1] - 1):
        because = f"the loss of step {t}, with k = {k},"
        got = named_gradients(student.rnn_backward_truncated(only(dh, t), cache, k), inputs)
        assert_structure(got["x_seq"], inputs["x_seq"], what="gradient of `x_seq`")
        assert_reached(got["x_seq"], range(max(0, t - k + 1), t + 1), because)


@exercise("rnn_backward_truncated", points=0.5, after=SHORTER)
@settings(max_examples=3)
@given(case=truncations(), seed=seeds)
def test_truncation_takes_the_state_before_the_window_as_constant(student, reference, case, seed):
    """Truncated gradients are those of windows of k steps, each begun from a constant state

    By central differences: your own rnn_forward runs from the state k steps before each loss, which
    stays as it is while inputs and weights are moved.
    """
    inputs, k = case
    h, cache, _ = forth(student, reference, "rnn_forward", inputs)
    rng = np.random.default_rng(seed)
    dh = cotangent(rng, h.shape)

    def windows(x_seq, h0, **weights):
        last_states = []
        for t in range(h.shape[1]):
            first = max(0, t - k + 1)
            start = h[:, first - 1] if first else h0
            window = {"x_seq": x_seq[:, first : t + 1], "h0": start, **weights}
            (states,), _ = outputs_and_cache(student.rnn_forward, window)
            last_states.append(states[:, -1])
        return np.stack(last_states, axis=1)

    got = named_gradients(student.rnn_backward_truncated(dh, cache, k), inputs)
    assert_gradients(windows, inputs, [dh], got, rng)


@exercise("rnn_backward_truncated", points=0.5, after=SHORTER)
@settings(max_examples=4)
@given(case=truncations(), seed=seeds)
@example(case=(A_SEQUENCE, 3), seed=2)
def test_truncated_gradients_may_be_large(student, reference, case, seed):
    """Gradients of any size are right: nothing is clipped on the way"""
    inputs, k = case
    assert_truncated(student, reference, inputs, seed, k, scale=LARGE)


@exercise("rnn_backward_truncated", points=0.5, after=SHORTER)
@settings(max_examples=3)
@given(case=truncations(), seed=seeds)
def test_truncated_losses_superpose(student, case, seed):
    """The gradients of all losses together are the sum of those of each loss alone"""
    inputs, k = case
    (h,), cache = outputs_and_cache(student.rnn_forward, inputs)
    assert_superposes(lambda dh: student.rnn_backward_truncated(dh, cache, k), h, inputs, seed)


@exercise("rnn_backward_truncated", points=0.5, after=SHORTER, ones=True)
def test_truncation_keeps_axes_of_length_one(student, reference):
    """Every axis may have length 1, T among them, and stays"""
    for seed, lengths in enumerate(SINGLE):
        assert_truncated(student, reference, made(SEQUENCE, lengths, seed), seed, 2)


@exercise("rnn_backward_truncated", points=0.5, form=True)
def test_form_of_rnn_backward_truncated(student, reference):
    """Each gradient is a float64 array of the shape of its input"""
    functions = student.rnn_forward, lambda dh, cache: student.rnn_backward_truncated(dh, cache, 2)
    references = reference.rnn_forward, reference.rnn_backward
    assert_backward_form(functions, references, A_SEQUENCE)


@exercise("rnn_backward_truncated", points=0.5, after=SHORTER)
def test_truncation_leaves_its_arguments_unchanged(student, reference):
    """rnn_backward_truncated leaves dh and the cache unchanged, so that it can be called again"""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", A_SEQUENCE)
    dh = np.cos(np.arange(h.size)).reshape(h.shape)
    expected = reference.rnn_backward_truncated(dh, reference_cache, 2)
    assert_leaves_all_unchanged(student.rnn_backward_truncated, dh, cache, 2, expected=expected)
