"""The tests that come with a3_bptt: the notebook's cells `check("…")` run them.

You may read them. The grader asks the same questions, on more and other inputs.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    StudentFailure,
    assert_backward_fits_forward,
    assert_close,
    assert_gradients,
    assert_pure,
    assert_raises,
    assert_structure,
    describe,
    exercise,
    outputs_and_cache,
    seeds,
    show,
    tensors,
)

# tanh(log 2) = 0.6 and tanh(log 3) = 0.8, where the slope of tanh is 0.64 and 0.36
LOG2, LOG3 = np.log(2.0), np.log(3.0)

# Three steps of a network of one number that stands still: x = 1 and h = 0.6 at every step, h0 too.
# One step back multiplies a gradient by Wh = 0.78125, and tanh by 0.64: together by one half.
STANDSTILL = {
    "x_seq": np.ones((1, 3, 1)),
    "h0": np.array([[0.6]]),
    "Wx": np.array([[2.0]]),
    "Wh": np.array([[0.78125]]),
    "b": np.array([LOG2 - 2.0 - 0.6 * 0.78125]),
}
LOSSES = np.array([1.0, 2.0, 4.0]).reshape(1, 3, 1) / 0.64  # 1, 2 and 4 behind tanh
SEQUENCES = tensors(scale=0.5, x_seq="NTD", h0="NH", Wx="DH", Wh="HH", b="H")


def a_sequence(seed, T=4):
    """Inputs of rnn_forward with axes all different."""
    rng = np.random.default_rng(seed)
    N, D, H = 2, 5, 3
    shapes = {"x_seq": (N, T, D), "h0": (N, H), "Wx": (D, H), "Wh": (H, H), "b": (H,)}
    return {name: 0.5 * rng.standard_normal(shape) for name, shape in shapes.items()}


def forth(student, inputs, name="rnn_forward"):
    """Output and cache of the student's forward function."""
    (out,), cache = outputs_and_cache(getattr(student, name), inputs)
    return np.asarray(out), cache


def named(got, inputs):
    """The gradients by the names of the inputs; there must be one of its shape for each."""
    parts = got if isinstance(got, tuple | list) else (got,)
    if len(parts) != len(inputs):
        raise StudentFailure(
            f"{len(inputs)} gradients are expected, and this is not a tuple of {len(inputs)}",
            got=describe(got),
            expected="one gradient for each of " + ", ".join(f"`{name}`" for name in inputs),
        )
    for name, gradient in zip(inputs, parts, strict=True):
        assert_structure(gradient, inputs[name], what=f"gradient of `{name}`")
    return dict(zip(inputs, parts, strict=True))


def assert_gradients_are(got, inputs, **expected):
    """Assert that ``got`` holds one gradient for each input, with these values."""
    parts = named(got, inputs)
    for name, values in expected.items():
        wanted = np.reshape(values, inputs[name].shape)
        assert_close(parts[name], wanted, what=f"gradient of `{name}`")


def assert_reach(dx, first, last):
    """Assert that dx is 0 before step ``first`` and after step ``last``, and not 0 between."""
    for s in range(dx.shape[1]):
        is_reached = first <= s <= last
        if is_reached != bool(np.max(np.abs(dx[:, s])) > 1e-12):
            raise StudentFailure(
                f"a loss at step {last} alone gives a wrong dx[:, {s}] (steps count from 0)",
                got=show(dx[:, s]),
                expected="not 0" if is_reached else "0",
            )


def one_loss(h, t):
    """A dh that is 0 at all steps but t."""
    dh = np.zeros(h.shape)
    dh[:, t] = 1.0 + np.arange(h.shape[2])
    return dh


def run(w, start, u):
    """All z and h of the scalar unit z_t = w h_{t-1} + u_t, h_t = tanh(z_t)."""
    z, h = [], [start]
    for entering in u:
        z.append(w * h[-1] + entering)
        h.append(np.tanh(z[-1]))
    return np.array(z), np.array(h)


@exercise("two_step_gradient")
def test_two_step_gradient_of_known_numbers(student):
    """For w = 2, z = (log 2, log 3) and h = (0.5, 0.6, 0.8) it is 1.6928

    tanh(log 2) = 0.6 and tanh(log 3) = 0.8, so the slopes are 0.64 and 0.36, and the three terms
    0.8, 2 · 0.36 · 0.6 and 4 · 0.36 · 0.64 · 0.5. Which of yours is another?
    """
    z, h = np.array([LOG2, LOG3]), np.array([0.5, 0.6, 0.8])
    assert_close(student.two_step_gradient(2.0, z, h), 0.8 + 0.432 + 0.4608)


@exercise("two_step_gradient")
@settings(max_examples=5)
@given(seed=seeds)
def test_two_step_gradient_is_a_slope(student, seed):
    """It is the slope of z_3 as w is moved, by central differences

    The difference needs no formula, so it cannot have a misprint. If w = 2 above is right and this
    is not, something in your function depends on those numbers.
    """
    w, start, *u = np.random.default_rng(seed).uniform(-1.0, 1.0, 5)
    z, h = run(w, start, u)
    slope = (run(w + 1e-5, start, u)[0][2] - run(w - 1e-5, start, u)[0][2]) / 2e-5
    got = student.two_step_gradient(w, z[:2], h[:3])
    assert_structure(got, slope)
    if not abs(got - slope) <= 1e-6:  # true for NaN, too
        raise StudentFailure("it is not the slope of z_3", got=show(got), expected=show(slope))


@exercise("two_step_gradient")
def test_two_step_gradient_without_a_first_state(student):
    """For h_0 = 0 the third term is 0, and z and h are left unchanged

    The first use of w multiplies h_0. If your result is w² too large, h_0 is not a factor of the
    third term, but stands inside tanh′, where 0 becomes tanh′(0) = 1.
    """
    z, h = np.array([LOG2, LOG3]), np.array([0.0, 0.6, 0.8])
    assert_close(student.two_step_gradient(2.0, z, h), 0.8 + 0.432)
    assert_pure(student.two_step_gradient, 2.0, z, h)


# One step from x = 2 and prev_h = (1, −1) to next_h = (0.6, 0.8).
ONE_STEP = {
    "x": np.array([[2.0]]),
    "prev_h": np.array([[1.0, -1.0]]),
    "Wx": np.array([[1.0, 3.0]]),
    "Wh": np.array([[1.0, 2.0], [3.0, 4.0]]),
    "b": np.array([LOG2, LOG3 - 4.0]),
}
STEPS = tensors(scale=0.7, x="ND", prev_h="NH", Wx="DH", Wh="HH", b="H")


@exercise("rnn_step_backward")
def test_step_backward_of_known_numbers(student):
    """From next_h = (0.6, 0.8) and dnext_h = (1, −1), da is (0.64, −0.36)

    The five gradients follow from da by hand. All wrong? Then look at da: one minus the *square*
    of next_h. Only `prev_h` wrong? Wh is square, so a missing transpose makes no error. Only `Wh`
    wrong? Which state did it multiply, the one before or the one after?
    """
    _, cache = forth(student, ONE_STEP, "rnn_step_forward")
    got = student.rnn_step_backward(np.array([[1.0, -1.0]]), cache)
    assert_gradients_are(
        got,
        ONE_STEP,
        x=[0.64 * 1.0 - 0.36 * 3.0],
        prev_h=[0.64 * 1.0 - 0.36 * 2.0, 0.64 * 3.0 - 0.36 * 4.0],
        Wx=[2.0 * 0.64, 2.0 * -0.36],
        Wh=[0.64, -0.36, -0.64, 0.36],
        b=[0.64, -0.36],
    )


@exercise("rnn_step_backward")
def test_step_backward_sums_over_the_batch(student):
    """A batch of two equal sequences gives twice the gradients of the weights and of the bias

    Twice, not once: these gradients are sums over the batch. And db has the shape (H,), without an
    axis for the batch.
    """
    twice = {**ONE_STEP, "x": np.full((2, 1), 2.0), "prev_h": np.array([[1.0, -1.0]] * 2)}
    _, cache = forth(student, twice, "rnn_step_forward")
    got = student.rnn_step_backward(np.array([[1.0, -1.0]] * 2), cache)
    assert_gradients_are(
        got,
        twice,
        x=[-0.44, -0.44],
        prev_h=[-0.08, 0.48, -0.08, 0.48],
        Wx=[2.56, -1.44],
        Wh=[1.28, -0.72, -1.28, 0.72],
        b=[1.28, -0.72],
    )


@exercise("rnn_step_backward")
@settings(max_examples=6)
@given(inputs=STEPS, seed=seeds)
def test_step_backward_fits_your_forward_function(student, inputs, seed):
    """The five gradients are those of your own rnn_step_forward, by central differences

    dnext_h is about 20 in size here: if only this test fails, something is cut off at a limit.
    """
    pair = student.rnn_step_forward, student.rnn_step_backward
    assert_backward_fits_forward(pair, inputs, np.random.default_rng(seed), scale=20.0)


@exercise("rnn_step_backward")
def test_step_backward_leaves_its_arguments_unchanged(student):
    """rnn_step_backward leaves dnext_h and the cache unchanged, and may be called again

    `dnext_h *= …` works in the caller's array: write `da = dnext_h * …`.
    """
    _, cache = forth(student, ONE_STEP, "rnn_step_forward")
    dnext_h = np.array([[1.0, -1.0]])
    first = student.rnn_step_backward(dnext_h, cache)
    assert_pure(student.rnn_step_backward, dnext_h, cache, like=lambda *_: first)


@exercise("rnn_backward", after="rnn_step_backward")
def test_backward_of_a_network_that_stands_still(student):
    """Three losses of 1, 2 and 4 behind tanh, halved by each step back: da is 3, 4 and 4

    The last step has 4. The one before has its own 2, and half of 4. The first has its own 1, and
    half of 4. Now dx is 2 da, dh0 is 0.78125 · 3, dWx and db are the sum of da, and dWh is 0.6
    times that. If dx is (2, 4, 8), nothing is carried. If it is right, but backwards: which step
    does the loop meet first? If the weights have 3 or 4 in place of 11: `=` or `+=`?
    """
    _, cache = forth(student, STANDSTILL)
    got = student.rnn_backward(LOSSES, cache)
    expected = {"x_seq": [6.0, 8.0, 8.0], "h0": 0.78125 * 3.0, "Wx": 11.0, "Wh": 6.6, "b": 11.0}
    assert_gradients_are(got, STANDSTILL, **expected)


@exercise("rnn_backward", after="rnn_step_backward")
@settings(max_examples=6)
@given(inputs=SEQUENCES, seed=seeds)
def test_backward_fits_your_forward_function(student, inputs, seed):
    """The five gradients are those of your own rnn_forward, by central differences

    dh is about 20 in size here: if only this test fails, something is cut off at a limit.
    """
    pair = student.rnn_forward, student.rnn_backward
    assert_backward_fits_forward(pair, inputs, np.random.default_rng(seed), scale=20.0)


@exercise("rnn_backward", after="rnn_step_backward")
def test_a_loss_reaches_all_earlier_steps(student):
    """A loss at one step reaches the inputs of that step and of all earlier ones, and no later one

    If a loss at step 0 is lost, look at where your loop ends. If early losses are lost, is dh[:, t]
    added at every step, or only at the last?
    """
    inputs = a_sequence(1)
    h, cache = forth(student, inputs)
    for t in range(4):
        got = student.rnn_backward(one_loss(h, t), cache)
        assert_reach(named(got, inputs)["x_seq"], 0, t)


@exercise("rnn_backward", after="rnn_step_backward")
def test_backward_leaves_its_arguments_unchanged(student):
    """rnn_backward leaves dh and the cache unchanged, and may be called again

    `dh[:, t] += carried` works in the caller's array: add into a new one. `cache.pop()` and
    `cache.reverse()` change the caller's list: use `reversed(…)` or an index.
    """
    _, cache = forth(student, STANDSTILL)
    first = student.rnn_backward(LOSSES, cache)
    assert_pure(student.rnn_backward, LOSSES, cache, like=lambda *_: first)


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


@exercise("rnn_backward_truncated", after=("rnn_step_backward", "rnn_backward"))
def test_truncation_of_a_network_that_stands_still(student):
    """Losses of 1, 2, 4 behind tanh, halved by each step back: da is (2, 4, 4) for k = 2

    The last loss gives 4 to its own step and 2 to the one before, and no more. The middle one gives
    2 and 1, the first one 1. And dh0 gets what the first two carry out of step 0: 0.78125 · 2. If
    da is (1, 2, 4), your k is one too small; if it is (3, 4, 4), one too large. If da is (2, 2, 4)
    or (1, 4, 4), losses share windows.
    """
    _, cache = forth(student, STANDSTILL)
    got = student.rnn_backward_truncated(LOSSES, cache, 2)
    expected = {"x_seq": [4.0, 8.0, 8.0], "h0": 0.78125 * 2.0, "Wx": 10.0, "Wh": 6.0, "b": 10.0}
    assert_gradients_are(got, STANDSTILL, **expected)


@exercise("rnn_backward_truncated", after=("rnn_step_backward", "rnn_backward"))
def test_truncation_to_one_step_and_to_all(student):
    """For k = 1 nothing is carried: da is (1, 2, 4). For k = 3 and more it is (3, 4, 4), as in full

    For k = 1 the first loss still reaches h0, since step 0 is its one step.
    """
    _, cache = forth(student, STANDSTILL)
    own = {"x_seq": [2.0, 4.0, 8.0], "h0": 0.78125, "Wx": 7.0, "Wh": 4.2, "b": 7.0}
    assert_gradients_are(student.rnn_backward_truncated(LOSSES, cache, 1), STANDSTILL, **own)
    full = {"x_seq": [6.0, 8.0, 8.0], "h0": 0.78125 * 3.0, "Wx": 11.0, "Wh": 6.6, "b": 11.0}
    for k in (3, 4, 10):
        assert_gradients_are(student.rnn_backward_truncated(LOSSES, cache, k), STANDSTILL, **full)


@exercise("rnn_backward_truncated", after=("rnn_step_backward", "rnn_backward"))
def test_each_loss_reaches_back_k_steps(student):
    """A loss at one step reaches exactly k steps, its own among them, or as many as there are

    This holds for every loss, early or late. Blocks of k steps would give some of them fewer.
    """
    inputs = a_sequence(3, T=6)
    h, cache = forth(student, inputs)
    for k in (2, 3):
        for t in range(6):
            got = student.rnn_backward_truncated(one_loss(h, t), cache, k)
            assert_reach(named(got, inputs)["x_seq"], max(0, t - k + 1), t)


@exercise("rnn_backward_truncated", after=("rnn_step_backward", "rnn_backward"))
def test_truncation_leaves_its_arguments_unchanged(student):
    """rnn_backward_truncated leaves dh and the cache unchanged, and may be called again

    `carried = dh[:, t]` is a view: whatever is done to it in place is done to dh.
    """
    _, cache = forth(student, STANDSTILL)
    first = student.rnn_backward_truncated(LOSSES, cache, 2)
    assert_pure(student.rnn_backward_truncated, LOSSES, cache, 2, like=lambda *_: first)


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
