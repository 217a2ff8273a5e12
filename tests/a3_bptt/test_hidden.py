"""The graded tests of assignment 3: the public properties, on more and other inputs."""

from __future__ import annotations

import numpy as np
from autograder.assertions import (
    assert_backward_fits_forward,
    assert_backward_is_linear,
    named_gradients,
    outputs_and_cache,
)
from autograder.compare import (
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_raises,
    assert_structure,
    show,
)
from autograder.gradcheck import assert_gradients
from autograder.model import StudentFailure
from autograder.strategies import seeds, tensors
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.suite import exercise

STEP = {"x": "ND", "prev_h": "NH", "Wx": "DH", "Wh": "HH", "b": "H"}
SEQUENCE = {"x_seq": "NTD", "h0": "NH", "Wx": "DH", "Wh": "HH", "b": "H"}
STEPS = tensors(scale=0.7, **STEP)
SEQUENCES = tensors(scale=0.5, **SEQUENCE)
LARGE = 20.0  # times a cotangent: what clips anything shows
STATE_ATOL = 1e-9  # of states, which lie between -1 and 1 and may all be 0
NOTHING = 1e-12  # the size of what should have cancelled
SINGLE = (  # lengths of which some are 1
    {"N": 1, "T": 3, "D": 2, "H": 4},
    {"N": 3, "T": 1, "D": 4, "H": 2},
    {"N": 2, "T": 4, "D": 1, "H": 3},
    {"N": 4, "T": 2, "D": 3, "H": 1},
    {"N": 1, "T": 1, "D": 1, "H": 1},
)


def made(axes, lengths, seed):
    """Inputs of given lengths without any 0: made(STEP, {"N": 2, "D": 4, "H": 5}, 1)."""
    rng = np.random.default_rng(seed)
    drawn = {
        name: np.round(0.5 * rng.standard_normal([lengths[axis] for axis in letters]), 2)
        for name, letters in axes.items()
    }
    return {name: value + np.where(value < 0, -0.05, 0.05) for name, value in drawn.items()}


@st.composite
def inputs_of(draw, axes, steps):
    """Inputs without any 0, of ``steps`` steps (drawn), the other lengths 1, 2 and 3."""
    lengths = dict(zip("NDH", draw(st.permutations((1, 2, 3))), strict=True))
    return made(axes, {**lengths, "T": draw(steps)}, draw(seeds))


DEEP = inputs_of(SEQUENCE, st.integers(3, 6))


A_STEP = made(STEP, {"N": 3, "D": 2, "H": 4}, 1)
A_SEQUENCE = made(SEQUENCE, {"N": 2, "T": 5, "D": 3, "H": 4}, 2)
A_LAST_STATE = np.array([[0.5, -1.0, 2.0, 0.25], [-0.75, 1.5, 1.0, -2.0]])  # a cotangent of it


def forth(student, reference, name, inputs):
    """Output and cache of the student's forward function ``name``, and the reference's cache."""
    forward = getattr(student, name)
    (expected,), reference_cache = outputs_and_cache(getattr(reference, name), inputs)
    outputs, cache = outputs_and_cache(forward, inputs)
    assert_structure(outputs, (expected,), what=f"output of your `{name}`")
    if not np.allclose(outputs[0], expected, rtol=0.0, atol=STATE_ATOL):
        assert_close(outputs[0], expected, what=f"output of your `{name}`")
    return expected, cache, reference_cache


def assert_agree(got, expected, inputs, names=()):
    """Assert that the gradients of ``names``, or all of them, are the expected ones."""
    ours, wanted = named_gradients(got, inputs), named_gradients(expected, inputs)
    for name in names or inputs:
        assert_close(ours[name], wanted[name], what=f"gradient of `{name}`")


def assert_all_there(gradients, inputs):
    """Assert right shapes, and something that is not 0: doing nothing is linear, too."""
    parts = named_gradients(gradients, inputs)
    for name, gradient in parts.items():
        assert_structure(gradient, inputs[name], what=f"gradient of `{name}`")
    assert any(np.any(gradient) for gradient in parts.values()), "all gradients are 0 everywhere"


def assert_linear(forward, backward, inputs, seed):
    """Assert that ``backward`` is linear, 0 for 0, and not 0 everywhere."""
    (out,), cache = outputs_and_cache(forward, inputs)
    assert_all_there(backward(np.ones(np.shape(out)), cache), inputs)
    zeros = tuple(np.zeros(value.shape) for value in inputs.values())
    assert_agree(backward(np.zeros(np.shape(out)), cache), zeros, inputs)
    assert_backward_is_linear((forward, backward), inputs, np.random.default_rng(seed))


def assert_superposes(backward, h, inputs, seed):
    """Assert that backward(dh) is the sum over the steps of dh, and not 0."""
    dh = np.random.default_rng(seed).standard_normal(np.shape(h))
    together = backward(dh)
    assert_all_there(together, inputs)
    alone = [named_gradients(backward(only(dh, t)), inputs) for t in range(dh.shape[1])]
    for each in alone:
        for name, value in inputs.items():
            assert_structure(each[name], value, what=f"gradient of `{name}`")
    assert_agree(together, [sum(each[name] for each in alone) for name in inputs], inputs)


def assert_leaves_all_unchanged(backward, *args, expected):
    """Assert the right value, the same from the same cache once more, and unchanged arguments."""
    assert_close(backward(*args), expected, what="result of a first call")
    assert_pure(backward, *args, like=lambda *_: expected)


def assert_reached(dx, steps, because):
    """Assert that dx is 0, but for round-off, at all steps but ``steps``, and not 0 at those."""
    for s in range(dx.shape[1]):
        size = float(np.max(np.abs(dx[:, s])))
        if s in steps and size == 0.0:
            raise StudentFailure(f"dx[:, {s}] is 0 although {because} reaches step {s}")
        if s not in steps and not size <= NOTHING:
            raise StudentFailure(
                f"dx[:, {s}] is not 0 although {because} does not reach step {s}",
                got=show(dx[:, s]),
            )


def only(dh, t):
    """dh with all steps but t set to 0."""
    return np.where(np.arange(dh.shape[1])[:, None] == t, dh, 0.0)


def run_of(w, start, u):
    """z_1, z_2, … and h_0, h_1, … of the scalar unit with recurrent weight w and inputs u."""
    z, h = [], [start]
    for entering in u:
        z.append(w * h[-1] + entering)
        h.append(float(np.tanh(z[-1])))
    return np.array(z), np.array(h)


def arguments(w, start, u):
    """The arguments w, z, h of two_step_gradient for such a run."""
    z, h = run_of(w, start, u)
    return w, z[:2], h[:3]


def scalar_run(w, seed):
    """w, h_0 and three inputs."""
    rng = np.random.default_rng(seed)
    start, *u = np.round(rng.uniform(0.2, 0.9, 4) * rng.choice((-1.0, 1.0), 4), 2)
    return w, float(start), u


RUNS = st.builds(
    scalar_run, st.sampled_from((-1.7, -0.9, -0.6, 0.3, 0.5, 0.8, 1.2, 1.6, 2.0)), seeds
)


@exercise("two_step_gradient", points=2)
@given(run=RUNS)
@example(run=(0.8, 0.5, [0.1, -0.4, 0.3]))
@example(run=(-1.5, 0.25, [0.5, 0.2, -0.1]))
def test_two_step_gradient_agrees_with_its_formula(student, reference, run):
    """It is h_2 + w tanh′(z_2) h_1 + w² tanh′(z_2) tanh′(z_1) h_0

    Three terms: each is a state, multiplied by w and by a slope once for every step that lies
    between it and z_3. The slope of a step is taken at its z, and the state stands beside it.
    """
    given_to_both = arguments(*run)
    assert_close(
        student.two_step_gradient(*given_to_both), reference.two_step_gradient(*given_to_both)
    )


@exercise("two_step_gradient", points=1.5)
@settings(max_examples=8)
@given(run=RUNS)
def test_two_step_gradient_is_the_slope_of_z_3(student, run):
    """It is the slope of z_3 as w is moved, by central differences

    If yours is too large by nearly w²: is the last state a factor of its own, outside of tanh′?
    """
    w, start, u = run
    step = 1e-5
    ahead, behind = run_of(w + step, start, u), run_of(w - step, start, u)
    slope = (ahead[0][2] - behind[0][2]) / (2.0 * step)
    got = student.two_step_gradient(*arguments(*run))
    assert_structure(got, slope)
    if not abs(got - slope) <= 1e-6 * max(1.0, abs(slope)):
        raise StudentFailure("it is not the slope of z_3", got=show(got), expected=show(slope))


@exercise("two_step_gradient", points=0.5)
@settings(max_examples=4)
@given(run=RUNS)
def test_two_step_gradient_for_a_weight_of_zero(student, run):
    """For w = 0 it is h_2 alone: nothing comes from earlier steps"""
    _, start, u = run
    args = arguments(0.0, start, u)
    assert_close(student.two_step_gradient(*args), args[2][2])


@exercise("two_step_gradient", points=1.5)
@settings(max_examples=4)
@given(run=RUNS)
def test_two_step_gradient_for_a_first_state_of_zero(student, run):
    """For h_0 = 0 the third term is 0

    The first use of w multiplies h_0, so it contributes nothing.
    """
    w, z, h = arguments(run[0], 0.0, run[2])
    assert_close(student.two_step_gradient(w, z, h), h[2] + w * h[1] / np.cosh(z[1]) ** 2)


@exercise("two_step_gradient", points=0.5)
def test_two_step_gradient_leaves_its_arguments_unchanged(student, reference):
    """two_step_gradient leaves z and h unchanged"""
    args = arguments(0.7, 0.4, (0.3, 0.4, 0.1))
    assert_pure(student.two_step_gradient, *args, like=reference.two_step_gradient)


def assert_step(student, reference, inputs, seed, names=(), scale=1.0):
    """Assert that a step's gradients of ``names`` are the reference's, for a random dnext_h."""
    next_h, cache, reference_cache = forth(student, reference, "rnn_step_forward", inputs)
    dnext_h = np.round(scale * np.random.default_rng(seed).standard_normal(next_h.shape), 2)
    expected = reference.rnn_step_backward(dnext_h, reference_cache)
    assert_agree(student.rnn_step_backward(dnext_h, cache), expected, inputs, names)


@exercise("rnn_step_backward", points=2.5)
@settings(max_examples=10)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=1)
def test_step_dx(student, reference, inputs, seed):
    """dx = da @ Wx.T with da = dnext_h · (1 − next_h²)

    If all five gradients are wrong, look at da: the slope of tanh is one minus the *square* of
    next_h, which is in the cache and needs no second tanh.
    """
    assert_step(student, reference, inputs, seed, ["x"])


@exercise("rnn_step_backward", points=4.5)
@settings(max_examples=10)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=1)
def test_step_dprev_h(student, reference, inputs, seed):
    """dprev_h = da @ Wh.T

    Wh is square, so no error of shape tells whether it is transposed.
    """
    assert_step(student, reference, inputs, seed, ["prev_h"])


@exercise("rnn_step_backward", points=2.5)
@settings(max_examples=10)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=1)
def test_step_dwx(student, reference, inputs, seed):
    """dWx = x.T @ da, summed over the batch"""
    assert_step(student, reference, inputs, seed, ["Wx"])


@exercise("rnn_step_backward", points=2.5)
@settings(max_examples=10)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=1)
def test_step_dwh(student, reference, inputs, seed):
    """dWh = prev_h.T @ da, summed over the batch

    Wh multiplied the *previous* state. And is the product in this order, not da.T @ prev_h?
    """
    assert_step(student, reference, inputs, seed, ["Wh"])


@exercise("rnn_step_backward", points=2.5)
@settings(max_examples=10)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=1)
def test_step_db(student, reference, inputs, seed):
    """db is the sum of da over the batch, of shape (H,)

    A sum, not a mean: each of the N sequences uses the bias once. And no axis is kept.
    """
    assert_step(student, reference, inputs, seed, ["b"])


@exercise("rnn_step_backward", points=2)
@settings(max_examples=5)
@given(inputs=inputs_of(STEP, st.just(1)), seed=seeds)
def test_step_backward_where_the_slope_is_one(student, reference, inputs, seed):
    """Where next_h is 0, da is dnext_h itself, and dx, dWx, dWh and db follow from it

    If this passes and other inputs fail, look at the slope 1 − next_h².
    """
    exact = {name: np.copysign(np.ceil(4 * np.abs(v)) / 4, v) for name, v in inputs.items()}
    one = {**exact, "x": exact["x"][:1], "prev_h": exact["prev_h"][:1]}
    one["b"] = -(one["x"] @ one["Wx"] + one["prev_h"] @ one["Wh"])[0]  # quarters: no round-off
    assert_step(student, reference, one, seed, ["x", "Wx", "Wh", "b"])


@exercise("rnn_step_backward", points=1)
@settings(max_examples=5)
@given(inputs=STEPS, seed=seeds)
def test_step_backward_fits_the_forward_function(student, inputs, seed):
    """The five gradients are those of your own rnn_step_forward, by central differences"""
    pair = student.rnn_step_forward, student.rnn_step_backward
    assert_backward_fits_forward(pair, inputs, np.random.default_rng(seed))


@exercise("rnn_step_backward", points=1)
@settings(max_examples=5)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=2)
def test_step_backward_for_large_gradients(student, reference, inputs, seed):
    """Gradients of any size are right: nothing is clipped"""
    assert_step(student, reference, inputs, seed, scale=LARGE)


@exercise("rnn_step_backward", points=0.5)
@settings(max_examples=4)
@given(inputs=inputs_of(STEP, st.just(1)), seed=seeds)
def test_step_backward_is_linear(student, inputs, seed):
    """The result is linear in dnext_h, 0 for a dnext_h of 0, and not 0 in general"""
    assert_linear(student.rnn_step_forward, student.rnn_step_backward, inputs, seed)


@exercise("rnn_step_backward", points=0.5)
def test_step_backward_keeps_axes_of_length_one(student, reference):
    """Every axis may have length 1, and stays

    `squeeze` removes such axes, and an outer product is only right for a batch of one.
    """
    for seed, lengths in enumerate(SINGLE):
        assert_step(student, reference, made(STEP, lengths, seed), seed)


@exercise("rnn_step_backward", points=0.5)
def test_step_backward_leaves_its_arguments_unchanged(student, reference):
    """rnn_step_backward leaves dnext_h and the cache unchanged, so that it can be called again

    `dnext_h *= …` writes into the caller's array, and `cache.pop()` empties the caller's cache.
    """
    next_h, cache, reference_cache = forth(student, reference, "rnn_step_forward", A_STEP)
    dnext_h = np.cos(np.arange(next_h.size)).reshape(next_h.shape)
    expected = reference.rnn_step_backward(dnext_h, reference_cache)
    assert_leaves_all_unchanged(student.rnn_step_backward, dnext_h, cache, expected=expected)


def assert_sweep(student, reference, inputs, seed, names=(), scale=1.0):
    """Assert that a sequence's gradients of ``names`` are the reference's, for a random dh."""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh = np.round(scale * np.random.default_rng(seed).standard_normal(h.shape), 2)
    expected = reference.rnn_backward(dh, reference_cache)
    assert_agree(student.rnn_backward(dh, cache), expected, inputs, names)


def assert_dx(student, reference, inputs, seed, steps):
    """Assert that dx is the reference's at ``steps``, and of the right shape."""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh = np.round(np.random.default_rng(seed).standard_normal(h.shape), 2)
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


@exercise("rnn_backward", points=3.5, after="rnn_step_backward")
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
    dh = np.round(np.random.default_rng(seed).standard_normal(h.shape), 2)
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
    dh = np.random.default_rng(seed).standard_normal(np.shape(h))
    for t in (1, dh.shape[1] - 1):
        got = named_gradients(student.rnn_backward(only(dh, t), cache), inputs)
        assert_structure(got["x_seq"], inputs["x_seq"], what="gradient of `x_seq`")
        assert_reached(got["x_seq"], range(t + 1), f"the loss of step {t}")


@exercise("rnn_backward", points=1, after="rnn_step_backward")
def test_backward_keeps_axes_of_length_one(student, reference):
    """Every axis may have length 1, T among them, and stays

    For T = 1 the sweep is a single step backwards.
    """
    for seed, lengths in enumerate(SINGLE):
        assert_sweep(student, reference, made(SEQUENCE, lengths, seed), seed)


@exercise("rnn_backward", points=0.5, after="rnn_step_backward")
def test_backward_leaves_its_arguments_unchanged(student, reference):
    """rnn_backward leaves dh and the cache unchanged, so that it can be called again

    `dh[:, t] += …` writes into the caller's array, and `cache.pop()` empties the caller's list.
    """
    h, cache, reference_cache = forth(student, reference, "rnn_forward", A_SEQUENCE)
    dh = np.cos(np.arange(h.size)).reshape(h.shape)
    expected = reference.rnn_backward(dh, reference_cache)
    assert_leaves_all_unchanged(student.rnn_backward, dh, cache, expected=expected)


def assert_lags(student, reference, inputs, seed, scale=1.0):
    """Assert that lag_contributions agrees with the reference, for a random dh_T."""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh_last = np.round(scale * np.random.default_rng(seed).standard_normal(h[:, -1].shape), 2)
    expected = reference.lag_contributions(dh_last, reference_cache)
    assert_close(student.lag_contributions(dh_last, cache), expected, what="contributions")


@exercise("lag_contributions", points=5, after="rnn_step_backward")
@settings(max_examples=12)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_lag_contributions_agree_with_their_formula(student, reference, inputs, seed):
    """Entry k is h_{T−k−1}ᵀ da_{T−k}, with da carried back step by step

    At each step, first the slope 1 − h² of that step, then the product with the state before it,
    and only then Wh.T to the step before. The order matters: matrices do not commute.
    """
    assert_lags(student, reference, inputs, seed)


@exercise("lag_contributions", points=2, after="rnn_step_backward")
@settings(max_examples=6)
@given(inputs=DEEP, seed=seeds)
def test_lag_zero_is_the_immediate_term(student, reference, inputs, seed):
    """Entry 0 is the last use of Wh: h_{T−1}ᵀ (dh_T · (1 − h_T²))

    If this is your last entry instead, the order is that of time. It is to be that of distance.
    """
    h, cache, _ = forth(student, reference, "rnn_forward", inputs)
    dh_last = np.round(np.random.default_rng(seed).standard_normal(h[:, -1].shape), 2)
    got = student.lag_contributions(dh_last, cache)
    assert_structure(got, np.zeros((h.shape[1], *inputs["Wh"].shape)), what="contributions")
    immediate = np.einsum("ni,nj->ij", h[:, -2], dh_last * (1.0 - h[:, -1] ** 2))
    assert_close(got[0], immediate, what="entry 0")


@exercise("lag_contributions", points=3, after="rnn_step_backward")
@settings(max_examples=6)
@given(inputs=DEEP, seed=seeds)
def test_lag_contributions_sum_to_dwh(student, reference, inputs, seed):
    """The sum over all lags is the dWh of back-propagation for a loss at the last step"""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh_last = np.round(np.random.default_rng(seed).standard_normal(h[:, -1].shape), 2)
    dh = np.zeros(h.shape)
    dh[:, -1] = dh_last
    got = student.lag_contributions(dh_last, cache)
    assert_structure(got, np.zeros((h.shape[1], *inputs["Wh"].shape)), what="contributions")
    dwh = reference.rnn_backward(dh, reference_cache)[3]
    assert_close(np.sum(got, axis=0), dwh, what="sum of the contributions")


@exercise("lag_contributions", points=1, after="rnn_step_backward")
@settings(max_examples=4)
@given(inputs=DEEP, seed=seeds)
def test_lag_k_depends_on_the_last_steps_only(student, reference, inputs, seed):
    """A sequence that begins later, from the state reached by then, has the same first lags"""
    h, cache, _ = forth(student, reference, "rnn_forward", inputs)
    dh_last = np.round(np.random.default_rng(seed).standard_normal(h[:, -1].shape), 2)
    late = {**inputs, "x_seq": inputs["x_seq"][:, 1:], "h0": h[:, 0]}
    _, late_cache, _ = forth(student, reference, "rnn_forward", late)
    of_all = student.lag_contributions(dh_last, cache)
    of_late = student.lag_contributions(dh_last, late_cache)
    assert_structure(of_all, np.zeros((h.shape[1], *inputs["Wh"].shape)), what="contributions")
    assert all(np.any(part) for part in of_all), "a contribution is 0 everywhere"
    assert_close(of_late, of_all[:-1], what="contributions of the later steps")


@exercise("lag_contributions", points=1, after="rnn_step_backward")
def test_lag_contributions_keep_axes_of_length_one(student, reference):
    """Every axis may have length 1, T among them, and stays

    For T = 1 there is one entry, and it contains h0.
    """
    for seed, lengths in enumerate(SINGLE):
        assert_lags(student, reference, made(SEQUENCE, lengths, seed), seed)


@exercise("lag_contributions", points=0.5, after="rnn_step_backward")
@settings(max_examples=4)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_lag_contributions_for_large_gradients(student, reference, inputs, seed):
    """Contributions of any size are right: nothing is clipped"""
    assert_lags(student, reference, inputs, seed, scale=LARGE)


@exercise("lag_contributions", points=0.5, after="rnn_step_backward")
def test_lag_contributions_leave_their_arguments_unchanged(student, reference):
    """lag_contributions leaves dh_T and the cache unchanged, so that it can be called again"""
    _, cache, reference_cache = forth(student, reference, "rnn_forward", A_SEQUENCE)
    expected = reference.lag_contributions(A_LAST_STATE, reference_cache)
    assert_leaves_all_unchanged(student.lag_contributions, A_LAST_STATE, cache, expected=expected)


SHORTER = ("rnn_step_backward", "rnn_backward")


def assert_truncated(student, reference, inputs, seed, k, names=(), scale=1.0):
    """Assert that the truncated gradients of ``names`` are the reference's, for a random dh."""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh = np.round(scale * np.random.default_rng(seed).standard_normal(h.shape), 2)
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


@exercise("rnn_backward_truncated", points=2.5, after=SHORTER)
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
    dh = np.round(np.random.default_rng(seed).standard_normal(h.shape), 2)
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
    dh = np.round(rng.standard_normal(h.shape), 2)

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


@exercise("rnn_backward_truncated", points=0.5, after=SHORTER)
def test_truncation_keeps_axes_of_length_one(student, reference):
    """Every axis may have length 1, T among them, and stays"""
    for seed, lengths in enumerate(SINGLE):
        assert_truncated(student, reference, made(SEQUENCE, lengths, seed), seed, 2)


@exercise("rnn_backward_truncated", points=0.5, after=SHORTER)
def test_truncation_leaves_its_arguments_unchanged(student, reference):
    """rnn_backward_truncated leaves dh and the cache unchanged, so that it can be called again"""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", A_SEQUENCE)
    dh = np.cos(np.arange(h.size)).reshape(h.shape)
    expected = reference.rnn_backward_truncated(dh, reference_cache, 2)
    assert_leaves_all_unchanged(student.rnn_backward_truncated, dh, cache, 2, expected=expected)


PARAMETERS = tensors(Wx="DH", Wh="HH", b="H", Wo="HV")
SOME_PARAMETERS = {
    "Wh": np.array([[0.5, -1.0], [2.0, 0.25]]),
    "b": np.array([1.0, -3.0]),
    "Wo": np.array([[0.1], [-0.2]]),
}


def gradients_for(params, seed):
    """A random gradient for each parameter."""
    rng = np.random.default_rng(seed)
    return {name: np.round(rng.standard_normal(value.shape), 2) for name, value in params.items()}


def assert_moves(got, params, grads, learning_rate):
    """Assert that each parameter has moved by learning_rate * gradient, uphill or downhill."""
    assert_structure(got, params, what="new parameters")
    moved = {name: np.abs(got[name] - params[name]) for name in params}
    lengths = {name: np.abs(learning_rate * grads[name]) for name in params}
    assert_close(moved, lengths, what="size of the step")


@exercise("sgd_step", points=3)
@settings(max_examples=12)
@given(params=PARAMETERS, seed=seeds, rate=st.sampled_from((0.01, 0.1, 0.5, 2.0)))
@example(params=SOME_PARAMETERS, seed=1, rate=0.1)
def test_sgd_step_agrees_with_its_formula(student, reference, params, seed, rate):
    """new = old − learning_rate · gradient, for every parameter

    Downhill is against the gradient. The result is a new dict with the same keys.
    """
    grads = gradients_for(params, seed)
    got = student.sgd_step(params, grads, rate)
    assert_close(got, reference.sgd_step(params, grads, rate), what="new parameters")


@exercise("sgd_step", points=1)
@settings(max_examples=5)
@given(params=PARAMETERS, seed=seeds)
def test_sgd_step_ignores_other_gradients(student, params, seed):
    """Gradients of other things than parameters, of an input for example, are ignored

    Loop over the parameters, and look their gradients up.
    """
    others = {"x_seq": np.ones((2, 3, 4)), "h0": np.ones((2, 4))}
    grads = {**others, **gradients_for(params, seed)}
    assert_moves(student.sgd_step(params, grads, 0.1), params, grads, 0.1)


@exercise("sgd_step", points=1)
def test_sgd_step_refuses_a_missing_gradient(student):
    """A parameter without a gradient raises KeyError

    It would never learn, and nobody would notice.
    """
    grads = gradients_for(SOME_PARAMETERS, 3)
    assert_moves(student.sgd_step(SOME_PARAMETERS, grads, 0.1), SOME_PARAMETERS, grads, 0.1)
    for name in SOME_PARAMETERS:
        others = {key: value for key, value in grads.items() if key != name}
        assert_raises(student.sgd_step, KeyError, SOME_PARAMETERS, others, 0.1)


@exercise("sgd_step", points=1)
def test_sgd_step_refuses_other_shapes(student):
    """A gradient of another shape than its parameter raises ValueError, also where NumPy broadcasts

    A bias of shape (2,) minus a gradient of shape (1, 2) is an array of shape (1, 2). Compare the
    shapes first.
    """
    grads = gradients_for(SOME_PARAMETERS, 4)
    assert_moves(student.sgd_step(SOME_PARAMETERS, grads, 0.1), SOME_PARAMETERS, grads, 0.1)
    for name, shape in (("b", (1, 2)), ("b", (1,)), ("Wh", (2,)), ("Wh", (2, 1)), ("Wo", (2, 2))):
        odd = {**grads, name: np.full(shape, 0.5)}
        assert_raises(student.sgd_step, ValueError, SOME_PARAMETERS, odd, 0.1)


@exercise("sgd_step", points=0.5)
def test_sgd_step_of_length_zero(student):
    """With a learning rate of 0 the new parameters are the old ones"""
    grads = gradients_for(SOME_PARAMETERS, 5)
    assert_moves(student.sgd_step(SOME_PARAMETERS, grads, 0.5), SOME_PARAMETERS, grads, 0.5)
    still = student.sgd_step(SOME_PARAMETERS, grads, 0.0)
    assert_bitwise_equal(still, SOME_PARAMETERS, what="new parameters")


@exercise("sgd_step", points=0.5)
def test_sgd_step_leaves_its_arguments_unchanged(student, reference):
    """sgd_step leaves params, grads and the arrays in them unchanged

    `params[name] -= …` changes the caller's array, even if `params` is a copy of the dict.
    """
    grads = gradients_for(SOME_PARAMETERS, 6)
    assert_pure(student.sgd_step, SOME_PARAMETERS, grads, 0.1, like=reference.sgd_step)
