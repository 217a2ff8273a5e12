"""The graded tests of assignment 4: the public properties, on more and other inputs."""

from __future__ import annotations

import numpy as np
from autograder.compare import (
    assert_close,
    assert_pure,
    assert_raises,
    assert_structure,
    describe,
    show,
)
from autograder.gradcheck import assert_gradients
from autograder.model import StudentFailure
from autograder.strategies import arrays, seeds, tensors
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.suite import exercise

SCALES = st.sampled_from((1.0, 20.0))  # of cotangents
TRAP = np.array([[0.5, 10.0], [0.0, 0.5]])
CANCELLING = np.array([[2.0, 1.99], [-1.99, -2.0]])


def assert_steps(got, expected):
    """Assert that ``got`` is the number ``expected``, or None where that is expected.

    A whole number may be a float here: its type has tests of its own.
    """
    if expected is None and got is not None:
        raise StudentFailure(
            "the result must be None here", got=describe_value(got), expected="None"
        )
    if expected is not None:
        assert_structure(got, float(expected), what="number of steps")
        if got != expected:
            raise StudentFailure(
                "the number of steps is wrong", got=show(got), expected=str(expected)
            )


def assert_almost(got, steps):
    """Assert that ``got`` is at most one off: an off by one is another test's business."""
    assert_structure(got, float(steps), what="number of steps")
    if not abs(got - steps) <= 1:
        raise StudentFailure("the number of steps is wrong", got=show(got), expected=str(steps))


def describe_value(value):
    """A short value as it is, a long one by its kind."""
    return describe(value) if np.ndim(value) else show(value)


def rounded(rng, *shape, scale=1.0):
    """Standard normal entries times ``scale``, to two decimals; none is 0."""
    values = np.round(scale * rng.standard_normal(shape), 2)
    return np.where(values == 0, 0.05, values)


def run(h0, drive, Wh):
    """The states (T, H) of a tanh network from h0 (H,), with what each step's input adds (T, H)."""
    states = []
    for step in drive:
        h0 = np.tanh(step + h0 @ Wh)
        states.append(h0)
    return np.array(states)


def network(T, H, seed):
    """A small network: its initial state (H,), what its inputs add (T, H), and Wh (H, H)."""
    rng = np.random.default_rng(seed)
    return rounded(rng, H, scale=0.5), rounded(rng, T, H, scale=0.6), rounded(rng, H, H, scale=0.8)


SIZES = ((3, 4), (5, 2), (1, 3), (4, 1), (2, 5))  # T, H
NETWORKS = st.builds(lambda size, seed: network(*size, seed), st.sampled_from(SIZES), seeds)
LONGER = st.builds(
    lambda size, seed: network(*size, seed), st.sampled_from(((3, 4), (5, 2), (6, 3))), seeds
)
NUMBERS = st.integers(-200, 200).map(lambda n: n / 100)
POSITIVE = st.integers(5, 200).map(lambda n: n / 100)  # signs have a test of their own


# one number, again and again


@exercise("gradient_factor", points=1.5)
@given(a=POSITIVE, steps=st.integers(1, 30))
@example(a=0.75, steps=3)
@example(a=1.0, steps=7)
def test_gradient_factor_agrees_with_its_formula(student, reference, a, steps):
    """After k steps with the derivative a, the factor is a**k

    One multiplication for each step: no more, and no fewer.
    """
    assert_close(student.gradient_factor(a, steps), reference.gradient_factor(a, steps))


@exercise("gradient_factor", points=0.5)
def test_gradient_factor_of_the_documents_numbers(student):
    """0.8^15 = 0.035, 0.8^2 = 0.64, 0.9^25 = 0.0718 and 5^25 = 2.98e17"""
    for a, steps in ((0.8, 15), (0.8, 2), (0.9, 25), (5, 25)):
        assert_close(student.gradient_factor(a, steps), float(a) ** steps)


@exercise("gradient_factor", points=0.5)
@settings(max_examples=8)
@given(a=POSITIVE, seed=seeds)
def test_gradient_factor_takes_arrays_of_steps(student, reference, a, seed):
    """steps may be an array of integers, of any shape

    Then the result is a float64 array of its shape, also for an integer a: in an array of integers
    5**28 is beyond the largest number, and wraps round without a word.
    """
    rng = np.random.default_rng(seed)
    for shape in ((4,), (2, 1, 3)):
        steps = rng.integers(1, 12, size=shape)
        assert_close(student.gradient_factor(a, steps), reference.gradient_factor(a, steps))
    whole = np.array([3, 27, 28, 40])
    assert_close(student.gradient_factor(5, whole), reference.gradient_factor(5, whole))


@exercise("gradient_factor", points=0.5)
@settings(max_examples=5)
@given(a=POSITIVE)
def test_no_step_leaves_the_gradient_as_it_is(student, a):
    """No step gives 1, one step gives a; also for a = 0"""
    for each in (a, 0.0):
        assert_close(student.gradient_factor(each, 0), 1.0, what="factor after no step")
        assert_close(student.gradient_factor(each, 1), each, what="factor after one step")


@exercise("gradient_factor", points=1)
@settings(max_examples=8)
@given(a=POSITIVE, steps=st.integers(1, 9))
def test_gradient_factor_keeps_the_sign(student, reference, a, steps):
    """A negative derivative makes the factor change its sign at every step

    If you get NaN: a logarithm of a negative number is not a real one. If all are positive: only
    the size was taken.
    """
    assert_close(student.gradient_factor(-0.5, 3), -0.125)
    assert_close(student.gradient_factor(-a, steps), reference.gradient_factor(-a, steps))


@exercise("gradient_factor", points=0.5)
def test_gradient_factor_may_be_infinite(student):
    """A power beyond float64 is inf, or -inf where it is negative, and no exception

    Python's own `**` raises OverflowError for floats; for integers it makes ever longer numbers.
    NumPy's gives inf: begin with `np.float64(a)`.
    """
    for a, steps in ((5.0, 442), (5, 442), (-2.0, 2000), (-2.0, 2001)):
        expected = -np.inf if a < 0 and steps % 2 else np.inf
        assert_close(student.gradient_factor(a, steps), expected)
    assert_close(student.gradient_factor(5.0, 441), 5.0**441)


@exercise("gradient_factor", points=0.5)
def test_gradient_factor_leaves_steps_unchanged(student, reference):
    """gradient_factor leaves the array steps unchanged"""
    assert_pure(student.gradient_factor, 0.5, np.array([2, 0, 3]), like=reference.gradient_factor)


def threshold(a, steps, share):
    """An eps that |a| falls below for the first time at ``steps``, well away from rounding."""
    return abs(a) ** (steps - share)


BELOW_ONE = st.integers(5, 99).map(lambda n: n / 100)


@exercise("steps_until_below", points=3, after="gradient_factor")
@given(a=BELOW_ONE, steps=st.integers(1, 25), share=st.sampled_from((0.2, 0.5, 0.8)))
@example(a=0.5, steps=1, share=0.5)
def test_steps_until_below_is_the_first_step_below(student, a, steps, share):
    """It is the smallest k with |a|**k < eps

    One less, and you return the last step that is *not* below; one more, and you count a step that
    was not needed.
    """
    eps = threshold(a, steps, share)
    assert_steps(student.steps_until_below(a, eps), steps)


@exercise("steps_until_below", points=1, after="gradient_factor")
def test_steps_until_below_of_the_documents_numbers(student):
    """0.9 falls below 0.1 at step 22 and below 0.01 at step 44; 0.8 falls below 0.1 at step 11"""
    for a, eps, steps in ((0.9, 0.1, 22), (0.9, 0.01, 44), (0.8, 0.1, 11), (0.99, 0.5, 69)):
        assert_steps(student.steps_until_below(a, eps), steps)


@exercise("steps_until_below", points=1.5, after="gradient_factor")
@settings(max_examples=6)
@given(a=st.sampled_from((1.0, 1.5, 5.0, 1.01)), sign=st.sampled_from((1, -1)))
@example(a=1.0, sign=1)
def test_from_one_on_nothing_falls_below(student, a, sign):
    """For |a| ≥ 1 there is no such step: the result is None

    The formula with logarithms divides by log 1 = 0, or gives a negative number of steps. A loop
    would never end. Ask first.
    """
    assert_almost(student.steps_until_below(0.5, 0.3), 2)
    assert_steps(student.steps_until_below(sign * a, 0.3), None)
    assert_steps(student.steps_until_below(sign * a, 1.0), None)


@exercise("steps_until_below", points=1, after="gradient_factor")
@settings(max_examples=8)
@given(a=BELOW_ONE, steps=st.integers(4, 9))
def test_steps_until_below_takes_negative_numbers(student, a, steps):
    """For a negative a the size of a**k counts, not its sign

    (−0.9)**1 is below 0.1, and it has not faded.
    """
    eps = threshold(a, steps, 0.5)
    expected = student.steps_until_below(a, eps)
    assert_almost(expected, steps)
    assert_steps(student.steps_until_below(-a, eps), expected)


@exercise("steps_until_below", points=0.5, after="gradient_factor")
def test_below_is_strict(student):
    """A power that equals eps is not below it

    0.5**2 is 0.25 exactly, so 0.5 falls below 0.25 at the third step.
    """
    for eps, steps in ((0.25, 3), (0.5, 2), (1.0, 1)):
        assert_steps(student.steps_until_below(0.5, eps), steps)


@exercise("steps_until_below", points=0.5, after="gradient_factor")
def test_zero_is_below_at_once(student):
    """For a = 0 it takes one step

    The logarithm of 0 is not a number to compute with.
    """
    for a in (0.0, -0.0, 0):
        assert_steps(student.steps_until_below(a, 0.1), 1)
    assert_almost(student.steps_until_below(0.5, 0.1), 4)


@exercise("steps_until_below", points=0.5, after="gradient_factor")
def test_a_number_of_steps_is_an_integer(student):
    """The number of steps is an integer, not a float

    `np.ceil` and `np.floor` give floats, even where there is nothing behind the point.
    """
    steps = student.steps_until_below(0.9, 0.1)
    assert_almost(steps, 22)
    assert_structure(steps, 22, what="number of steps")


def just_above(steps, dtype, share):
    """A number whose power ``steps`` is the first beyond ``dtype``, well away from rounding."""
    return float(np.finfo(dtype).max) ** (1.0 / (steps - share))


DTYPES = st.sampled_from(("float64", "float32"))


@exercise("overflow_step", points=1.5)
@settings(max_examples=8)
@given(steps=st.integers(3, 400), share=st.sampled_from((0.3, 0.5, 0.7)))
def test_overflow_step_is_the_first_infinite_one(student, steps, share):
    """It is the smallest k for which |a|**k exceeds the largest float64

    One less, and you return the last step that is still finite.
    """
    a = just_above(steps, "float64", share)
    assert_steps(student.overflow_step(a, "float64"), steps)


@exercise("overflow_step", points=1)
@settings(max_examples=8)
@given(steps=st.integers(3, 400), share=st.sampled_from((0.3, 0.5, 0.7)))
@example(steps=56, share=0.5)
def test_overflow_step_knows_single_precision(student, steps, share):
    """With dtype "float32" it is the smallest k for which |a|**k exceeds the largest float32"""
    a = just_above(steps, "float32", share)
    assert_steps(student.overflow_step(a, "float32"), steps)


@exercise("overflow_step", points=1.5)
def test_overflow_step_of_five(student):
    """5 overflows at step 442 in float64 and at step 56 in float32, as a float and as an integer

    Where an integer gives another answer, or none: Python's integers never overflow.
    """
    for a in (5.0, 5):
        assert_steps(student.overflow_step(a, "float64"), 442)
        assert_steps(student.overflow_step(a, "float32"), 56)


@exercise("overflow_step", points=1.5)
@settings(max_examples=6)
@given(a=st.sampled_from((1.0, -1.0, 0.99, 0.5, 0.0, -0.7)), dtype=DTYPES)
def test_up_to_one_nothing_overflows(student, a, dtype):
    """For |a| ≤ 1 nothing overflows: the result is None

    Ask before you start to count: a loop that waits for inf would never end.
    """
    assert_almost(student.overflow_step(8.5, "float64"), 332)
    assert_steps(student.overflow_step(a, dtype), None)


@exercise("overflow_step", points=0.5)
@settings(max_examples=5)
@given(steps=st.integers(4, 300))
def test_overflow_step_takes_negative_numbers(student, steps):
    """For a negative a the size counts: -inf is an overflow, too"""
    a = just_above(steps, "float64", 0.5)
    expected = student.overflow_step(a, "float64")
    assert_almost(expected, steps)
    assert_steps(student.overflow_step(-a, "float64"), expected)


@exercise("overflow_step", points=0.5)
def test_the_step_of_an_overflow_is_an_integer(student):
    """The step is an integer, not a float"""
    step = student.overflow_step(3.0, "float64")
    assert_almost(step, 647)
    assert_structure(step, 647, what="number of steps")


@exercise("overflow_step", points=0.5)
def test_overflow_step_of_two(student):
    """2 overflows at step 1024 in float64 and at step 128 in float32

    The largest number is just below a power of 2. Its logarithm is rounded, so a formula with
    logarithms has to be right at a whole number, too.
    """
    assert_steps(student.overflow_step(2.0, "float64"), 1024)
    assert_steps(student.overflow_step(2.0, "float32"), 128)


# Jacobians


def state_and_weights(size, seed):
    """One state (H,) inside (−1, 1), and Wh (H, H)."""
    rng = np.random.default_rng(seed)
    h = np.clip(np.round(np.tanh(rng.standard_normal(size)), 2), -0.95, 0.95)
    return h, rounded(rng, size, size)


STATES = st.builds(state_and_weights, st.sampled_from((3, 4, 2, 5, 1)), seeds)


@exercise("step_jacobian", points=4.5)
@settings(max_examples=15)
@given(case=STATES)
@example(case=(np.array([0.5, -0.5, 0.0]), np.arange(9.0).reshape(3, 3)))
def test_step_jacobian_agrees_with_its_formula(student, reference, case):
    """J[i, j] = (1 − next_h[i]²) · Wh[j, i]

    Row i belongs to the new unit i and is scaled by *its* derivative; its weights stand in column i
    of Wh. next_h is tanh(a) already.
    """
    assert_close(student.step_jacobian(*case), reference.step_jacobian(*case), what="Jacobian")


@exercise("step_jacobian", points=2.5)
@settings(max_examples=10)
@given(case=NETWORKS, seed=seeds, scale=SCALES)
def test_step_jacobian_is_the_derivative_of_a_step(student, case, seed, scale):
    """J is the derivative of a tanh step, by central differences"""
    prev_h, (drive, *_), Wh = case
    rng = np.random.default_rng(seed)
    cotangent = scale * rng.standard_normal(prev_h.shape)
    jacobian = student.step_jacobian(np.tanh(drive + prev_h @ Wh), Wh)
    assert_structure(jacobian, Wh, what="Jacobian")
    assert_gradients(
        lambda prev_h: np.tanh(drive + prev_h @ Wh),
        {"prev_h": prev_h},
        [cotangent],
        {"prev_h": cotangent @ jacobian},
        rng,
    )


@exercise("step_jacobian", points=1.5)
@settings(max_examples=8)
@given(case=STATES, seed=seeds)
def test_a_saturated_unit_passes_nothing_on(student, reference, case, seed):
    """A saturated unit, h = ±1, has a row of zeros; one unit's state changes its own row only

    If a *column* becomes 0, the derivatives stand on the wrong side of the weights.
    """
    next_h, Wh = case
    unit = seed % len(next_h)
    before = student.step_jacobian(next_h, Wh)
    assert_structure(before, Wh, what="Jacobian")
    assert np.any(before != 0), "the Jacobian is 0 everywhere"
    is_unit = np.arange(len(next_h)) == unit
    for limit in (1.0, -1.0):
        jacobian = student.step_jacobian(np.where(is_unit, limit, next_h), Wh)
        assert_close(jacobian, np.where(is_unit[:, None], 0.0, before), what="Jacobian")


@exercise("step_jacobian", points=1)
@settings(max_examples=5)
@given(Wh=st.sampled_from((2, 3, 4)).flatmap(lambda size: arrays((size, size))))
def test_open_units_pass_the_weights_on(student, Wh):
    """Where all states are 0, tanh′ is 1 and J is the transpose of Wh"""
    assert_close(student.step_jacobian(np.zeros(len(Wh)), Wh), Wh.T, what="Jacobian")


@exercise("step_jacobian", points=2)
@settings(max_examples=5)
@given(h=st.integers(-99, 99).map(lambda n: n / 100), w=NUMBERS)
def test_step_jacobian_of_one_unit(student, h, w):
    """For one unit J is (1 − h²) w, an array of shape (1, 1)"""
    jacobian = student.step_jacobian(np.array([h]), np.array([[w]]))
    assert_close(jacobian, np.array([[(1.0 - h**2) * w]]), what="Jacobian")


@exercise("step_jacobian", points=0.5)
def test_step_jacobian_leaves_its_arguments_unchanged(student, reference):
    """step_jacobian leaves next_h and Wh unchanged"""
    assert_pure(student.step_jacobian, *state_and_weights(3, 1), like=reference.step_jacobian)


def product_of(student, hs, Wh):
    """The student's product, which must have the shape of Wh and not be 0."""
    product = student.jacobian_product(hs, Wh)
    assert_structure(product, Wh, what="product")
    assert np.any(product != 0), "the product is 0 everywhere"
    return product


@exercise("jacobian_product", points=4.5, after="step_jacobian")
@settings(max_examples=15)
@given(case=NETWORKS)
@example(case=network(3, 2, 1))
def test_jacobian_product_agrees_with_its_formula(student, reference, case):
    """P = J_T @ … @ J_2 @ J_1: the last step on the left

    Each diagonal matrix stays between two weight matrices: they cannot be collected. If T = 1 is
    right and T = 2 is not, look at the side on which you multiply.
    """
    hs, Wh = run(*case), case[2]
    expected = reference.jacobian_product(hs, Wh)
    assert_close(student.jacobian_product(hs, Wh), expected, what="product")


@exercise("jacobian_product", points=2.5, after="step_jacobian")
@settings(max_examples=10)
@given(case=NETWORKS, seed=seeds, scale=SCALES)
def test_jacobian_product_is_the_derivative_of_the_run(student, case, seed, scale):
    """P is the derivative of the last state by the initial one, by central differences"""
    h0, drive, Wh = case
    rng = np.random.default_rng(seed)
    cotangent = scale * rng.standard_normal(h0.shape)
    product = product_of(student, run(*case), Wh)
    assert_gradients(
        lambda h0: run(h0, drive, Wh)[-1],
        {"h0": h0},
        [cotangent],
        {"h0": cotangent @ product},
        rng,
    )


@exercise("jacobian_product", points=1, after="step_jacobian")
@settings(max_examples=8)
@given(inputs=tensors(x_seq="NTD", h0="NH", Wx="DH", Wh="HH", b="H", scale=0.7), seed=seeds)
def test_jacobian_product_agrees_with_back_propagation(student, reference, inputs, seed):
    """dh_T @ P is the dh0 that back-propagation through time computes"""
    h, cache = reference.rnn_forward(*inputs.values())
    dh = np.zeros(h.shape)
    dh[:, -1] = np.random.default_rng(seed).standard_normal(inputs["h0"].shape)
    dh0 = reference.rnn_backward(dh, cache)[1]
    product = student.jacobian_product(h[0], inputs["Wh"])
    assert_structure(product, inputs["Wh"], what="product")
    assert_close(dh[0, -1] @ product, dh0[0], what="product dh_T @ P")


@exercise("jacobian_product", points=1, after="step_jacobian")
@settings(max_examples=5)
@given(case=STATES)
def test_one_step_is_its_jacobian(student, reference, case):
    """For one step the product is that step's Jacobian"""
    next_h, Wh = case
    expected = reference.step_jacobian(next_h, Wh)
    assert_close(student.jacobian_product(next_h[None], Wh), expected, what="product")


@exercise("jacobian_product", points=1.5, after="step_jacobian")
@settings(max_examples=5)
@given(steps=st.integers(2, 5), seed=seeds)
def test_the_factors_of_one_unit_are_multiplied(student, steps, seed):
    """For one unit P is the product of all (1 − h²) w, an array of shape (1, 1)

    Numbers commute, so here the order does not matter. As many factors as states.
    """
    rng = np.random.default_rng(seed)
    hs, w = np.clip(rounded(rng, steps, 1, scale=0.4), -0.9, 0.9), 1.0 + abs(rounded(rng, 1, 1))
    expected = np.prod((1.0 - hs**2) * w, axis=0, keepdims=True)
    assert_close(student.jacobian_product(hs, w), expected, what="product")


@exercise("jacobian_product", points=2, after="step_jacobian")
@settings(max_examples=8)
@given(case=LONGER, seed=seeds)
def test_a_run_can_be_cut_in_two(student, reference, case, seed):
    """The product over a whole run is that of its later part times that of its earlier part

    In this order. For the other one, your product has its first step on the left.
    """
    hs, Wh = run(*case), case[2]
    first = product_of(student, hs[:1], Wh)
    assert_close(first, reference.step_jacobian(hs[0], Wh), what="product over the first step")
    cut = 1 + seed % (len(hs) - 1)
    whole = product_of(student, hs, Wh)
    later, earlier = product_of(student, hs[cut:], Wh), product_of(student, hs[:cut], Wh)
    assert_close(whole, later @ earlier, what="product over the whole run")


@exercise("jacobian_product", points=0.5, after="step_jacobian")
def test_jacobian_product_leaves_its_arguments_unchanged(student, reference):
    """jacobian_product leaves hs and Wh unchanged"""
    h0, drive, Wh = network(3, 2, 4)
    assert_pure(student.jacobian_product, run(h0, drive, Wh), Wh, like=reference.jacobian_product)


# how large is a matrix


def square(size):
    return arrays((size, size))


SQUARES = st.sampled_from((2, 3, 4, 5, 1)).flatmap(square)


NONZERO = SQUARES.map(lambda W: W if W.any() else W + 1.0)


def rotation(angle, radius=1.0):
    """A rotation of the plane times ``radius``: complex eigenvalues, all of that size."""
    c, s = np.cos(angle), np.sin(angle)
    return radius * np.array([[c, -s], [s, c]])


def orthogonal(size, seed):
    """An orthogonal matrix (size, size)."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))[0]


@exercise("spectral_radius", points=3)
@settings(max_examples=15)
@given(W=SQUARES)
@example(W=np.array([[0.0, 1.0], [4.0, 0.0]]))
def test_spectral_radius_agrees_with_its_formula(student, reference, W):
    """It is the largest |λ| among the eigenvalues of W

    NumPy has two functions for eigenvalues; the one whose name ends in h is for symmetric matrices
    and does not look at one half of W.
    """
    assert_close(student.spectral_radius(W), reference.spectral_radius(W), rtol=1e-7)


@exercise("spectral_radius", points=1.5)
@settings(max_examples=8)
@given(angle=st.integers(1, 6), radius=st.integers(1, 40).map(lambda n: n / 10))
@example(angle=3, radius=1.5)
def test_complex_eigenvalues_have_a_size(student, angle, radius):
    """A rotation times r has complex eigenvalues, and the spectral radius r

    The absolute value is that of a complex number, and the result is a real one. The real part
    alone, or the absolute value of it, is too small.
    """
    W = rotation(0.5 * angle, radius)
    assert_close(student.spectral_radius(W), radius)


@exercise("spectral_radius", points=1)
@settings(max_examples=5)
@given(large=st.integers(4, 9), seed=seeds)
def test_negative_eigenvalues_have_a_size(student, large, seed):
    """A negative eigenvalue counts by its absolute value"""
    basis = orthogonal(3, seed)
    W = basis @ np.diag([-float(large), 2.0, 3.0]) @ basis.T
    assert_close(student.spectral_radius(W), float(large))


@exercise("spectral_radius", points=1)
def test_spectral_radius_of_non_normal_matrices(student):
    """[[.5, 10], [0, .5]] has the spectral radius 0.5, and [[2, 1.99], [−1.99, −2]] has 0.1997

    If you get 10.02 and 3.99, these are the largest singular values.
    """
    assert_close(student.spectral_radius(TRAP), 0.5, rtol=1e-6)
    assert_close(student.spectral_radius(CANCELLING), np.sqrt(0.0399), rtol=1e-6)


@exercise("spectral_radius", points=0.5)
def test_spectral_radius_leaves_w_unchanged(student, reference):
    """spectral_radius leaves W unchanged"""
    assert_pure(student.spectral_radius, state_and_weights(3, 2)[1], like=reference.spectral_radius)


@exercise("largest_singular_value", points=2.5)
@settings(max_examples=15)
@given(W=SQUARES)
@example(W=np.array([[0.0, 1.0], [4.0, 0.0]]))
def test_largest_singular_value_agrees_with_its_formula(student, reference, W):
    """It is the most by which W stretches a vector

    Its *square* is the largest eigenvalue of Wᵀ W. The default of `np.linalg.norm` for a matrix is
    another norm.
    """
    assert_close(student.largest_singular_value(W), reference.largest_singular_value(W))


@exercise("largest_singular_value", points=1)
@settings(max_examples=6)
@given(W=st.sampled_from(((2, 3), (4, 2), (1, 3), (3, 1))).flatmap(arrays))
def test_largest_singular_value_takes_any_matrix(student, reference, W):
    """W need not be square: every matrix has singular values"""
    assert_close(student.largest_singular_value(W), reference.largest_singular_value(W))


@exercise("largest_singular_value", points=0.5)
@settings(max_examples=5)
@given(size=st.sampled_from((2, 3, 4)), seed=seeds)
def test_all_singular_values_of_an_orthogonal_matrix_are_one(student, size, seed):
    """For 1.5 times an orthogonal matrix it is 1.5; for the diagonal matrix of 1 and −3 it is 3"""
    W = 1.5 * orthogonal(size, seed)
    assert_close(student.largest_singular_value(W), 1.5)
    assert_close(student.largest_singular_value(np.diag([1.0, -3.0])), 3.0)


@exercise("largest_singular_value", points=0.5)
def test_largest_singular_value_of_non_normal_matrices(student):
    """For [[.5, 10], [0, .5]] it is 10.025, and for [[2, 1.99], [−1.99, −2]] it is 3.99

    If you get 0.5 and 0.2, these are the spectral radii.
    """
    assert_close(student.largest_singular_value(TRAP), 0.5 * (np.sqrt(101.0) + 10.0))
    assert_close(student.largest_singular_value(CANCELLING), 3.99)


@exercise("largest_singular_value", points=0.5)
def test_largest_singular_value_leaves_w_unchanged(student, reference):
    """largest_singular_value leaves W unchanged"""
    W = state_and_weights(3, 3)[1]
    assert_pure(student.largest_singular_value, W, like=reference.largest_singular_value)


# the bound


@exercise("jacobian_norm_bound", points=5, after="largest_singular_value")
@settings(max_examples=15)
@given(case=NETWORKS)
@example(case=network(3, 2, 2))
def test_the_bound_agrees_with_its_formula(student, reference, case):
    """The bound is s**T · ∏ₜ max_i (1 − hs[t, i]²), s the largest singular value of Wh

    For each step one factor s and the largest derivative *of that step*.
    """
    hs, Wh = run(*case), case[2]
    expected = reference.jacobian_norm_bound(hs, Wh)
    assert_close(student.jacobian_norm_bound(hs, Wh), expected, what="bound")


def skewed(T, H, seed):
    """A network near 0 whose weights are large on one side of the diagonal and 0 on the other."""
    h0, drive, _ = network(T, H, seed)
    return 0.1 * h0, 0.1 * drive, 0.5 * np.eye(H) + 3.0 * np.triu(np.ones((H, H)), 1)


@exercise("jacobian_norm_bound", points=1.5, after="largest_singular_value")
@settings(max_examples=8)
@given(case=st.builds(skewed, st.integers(2, 5), st.integers(2, 4), seeds))
@example(case=skewed(2, 3, 1))
def test_the_bound_lies_above_the_true_norm(student, reference, case):
    """The bound is never below the norm of the Jacobian product, nor above s**T

    Below it: is s the largest singular value, or an eigenvalue? Above s**T: the Frobenius norm is
    too generous.
    """
    hs, Wh = run(*case), case[2]
    bound = student.jacobian_norm_bound(hs, Wh)
    assert_structure(bound, 0.0, what="bound")
    norm = float(np.linalg.norm(reference.jacobian_product(hs, Wh), 2))
    most = float(np.linalg.norm(Wh, 2)) ** len(hs)
    if not norm * (1 - 1e-9) <= bound <= most * (1 + 1e-9):
        raise StudentFailure(
            "the bound is not between the true norm and s**T",
            got=show(bound),
            expected=f"from {show(norm)}, the true norm, to {show(most)}, s**T",
        )


@exercise("jacobian_norm_bound", points=1, after="largest_singular_value")
@settings(max_examples=5)
@given(size=st.sampled_from((2, 3)), radius=st.sampled_from((0.5, 1.5, 2.0)), seed=seeds)
def test_the_most_open_unit_may_change(student, size, radius, seed):
    """Where at every step another unit is open, nothing is lost: the bound is s**T

    The maximum is taken at each step, before the product. The other way round, no unit is open all
    the time.
    """
    hs = np.full((size, size), 0.8)
    np.fill_diagonal(hs, 0.0)
    bound = student.jacobian_norm_bound(hs, radius * orthogonal(size, seed))
    assert_close(bound, radius**size, what="bound")


@exercise("jacobian_norm_bound", points=1, after="largest_singular_value")
@settings(max_examples=5)
@given(case=LONGER, seed=seeds)
def test_bounds_of_two_parts_multiply(student, reference, case, seed):
    """The bound of a run is the product of the bounds of its two parts, however it is cut"""
    hs, Wh = run(*case), case[2]
    first = student.jacobian_norm_bound(hs[:1], Wh)
    assert_close(first, reference.jacobian_norm_bound(hs[:1], Wh), what="bound of the first step")
    cut = 1 + seed % (len(hs) - 1)
    parts = [student.jacobian_norm_bound(part, Wh) for part in (hs[:cut], hs[cut:])]
    for part in parts:
        assert_structure(part, 0.0, what="bound")
    bound = student.jacobian_norm_bound(hs, Wh)
    assert_close(bound, float(parts[0] * parts[1]), what="bound of the whole run")


@exercise("jacobian_norm_bound", points=0.5, after="largest_singular_value")
@settings(max_examples=5)
@given(case=STATES)
def test_the_bound_of_one_step(student, reference, case):
    """For one step the bound is s times the largest derivative"""
    next_h, Wh = case
    expected = reference.jacobian_norm_bound(next_h[None], Wh)
    assert_close(student.jacobian_norm_bound(next_h[None], Wh), expected, what="bound")


@exercise("jacobian_norm_bound", points=0.5, after="largest_singular_value")
def test_the_bound_at_rest_is_a_power_of_the_singular_value(student):
    """Where all states are 0, the bound is s**T: for [[.5, 10], [0, .5]] and T = 3 it is 1007.5

    An eigenvalue for s would give 0.125, although the norm of the cube is 7.5.
    """
    s = 0.5 * (np.sqrt(101.0) + 10.0)
    assert_close(student.jacobian_norm_bound(np.zeros((3, 2)), TRAP), s**3, what="bound")


@exercise("jacobian_norm_bound", points=0.5, after="largest_singular_value")
def test_jacobian_norm_bound_leaves_its_arguments_unchanged(student, reference):
    """jacobian_norm_bound leaves hs and Wh unchanged"""
    h0, drive, Wh = network(3, 2, 5)
    hs = run(h0, drive, Wh)
    assert_pure(student.jacobian_norm_bound, hs, Wh, like=reference.jacobian_norm_bound)


# what can be promised


MEASURES = ("spectral_radius", "largest_singular_value")


def with_singular_value(W, value):
    """W, scaled so that its largest singular value is ``value``."""
    return value * W / np.linalg.norm(W, 2)


def assert_turns_at(student, W, activation, limit):
    """Assert that W, scaled to a bit below and to a bit above ``limit``, is told apart.

    The words for what lies above have a test of their own.
    """
    for share, vanishes in ((0.97, True), (1.03, False)):
        answer = student.classify_dynamics(with_singular_value(W, share * limit), activation)
        if not isinstance(answer, str) or (answer == "vanishes") is not vanishes:
            raise StudentFailure(
                f"the answer is wrong for {activation!r} and a largest singular value of "
                f"{show(share * limit)}",
                got=describe_value(answer),
                expected="'vanishes'" if vanishes else "'may explode'",
            )


@exercise("classify_dynamics", points=2, after=MEASURES)
@settings(max_examples=8)
@given(W=NONZERO)
@example(W=TRAP)
def test_classify_dynamics_of_tanh(student, W):
    """For tanh the limit of the largest singular value is 1

    If matrices with small eigenvalues are taken for harmless: those promise nothing about the
    first steps. Above the limit a gradient *may* explode, no more can be said.
    """
    assert_turns_at(student, W, "tanh", 1.0)


@exercise("classify_dynamics", points=2, after=MEASURES)
@settings(max_examples=8)
@given(W=NONZERO)
@example(W=TRAP)
def test_classify_dynamics_of_the_sigmoid(student, W):
    """For the logistic sigmoid the limit is 4, because its derivative is at most 1/4

    The limit is 1 / γ: a flatter activation allows larger weights.
    """
    assert_turns_at(student, W, "sigmoid", 4.0)


@exercise("classify_dynamics", points=1, after=MEASURES)
@settings(max_examples=8)
@given(W=NONZERO)
@example(W=CANCELLING)
def test_classify_dynamics_of_relu(student, W):
    """For ReLU the limit is 1: an active unit has the derivative 1"""
    assert_turns_at(student, W, "relu", 1.0)


def assert_answers(student, *cases):
    """Assert the student's answer in each case (Wh, activation, answer)."""
    for Wh, activation, expected in cases:
        assert_close(student.classify_dynamics(Wh, activation), expected, what="answer")


@exercise("classify_dynamics", points=1.5, after=MEASURES)
def test_classify_dynamics_of_known_matrices(student):
    """3.9 times a rotation vanishes under the sigmoid; [[2, 1.99], [−1.99, −2]] may explode

    The answers are the strings "vanishes" and "may explode": nothing here can promise an explosion.
    """
    assert_answers(
        student,
        (0.5 * np.eye(2), "sigmoid", "vanishes"),
        (rotation(1.0, 3.9), "sigmoid", "vanishes"),
        (rotation(1.0, 3.9), "tanh", "may explode"),
        (CANCELLING, "relu", "may explode"),
        (TRAP, "tanh", "may explode"),
        (TRAP, "sigmoid", "may explode"),
        (CANCELLING, "sigmoid", "vanishes"),
        (np.ones((4, 4)), "relu", "may explode"),
        (np.zeros((2, 2)), "relu", "vanishes"),
    )


@exercise("classify_dynamics", points=0.5, after=MEASURES)
def test_at_the_limit_nothing_is_promised(student):
    """A largest singular value of exactly 1 / γ may explode: only below it can vanishing be proved

    The identity multiplies by 1 at every open step, and does not shrink anything.
    """
    assert_answers(
        student,
        (np.eye(2), "tanh", "may explode"),
        (np.eye(2), "relu", "may explode"),
        (4.0 * np.eye(2), "sigmoid", "may explode"),
        (0.5 * np.eye(2), "tanh", "vanishes"),
    )


@exercise("classify_dynamics", points=0.5, after=MEASURES)
def test_unknown_activations_are_refused(student):
    """Any other activation raises ValueError"""
    assert_answers(student, (0.5 * np.eye(2), "relu", "vanishes"))
    for name in ("softmax", "Tanh", ""):
        assert_raises(student.classify_dynamics, ValueError, np.eye(2), name)


@exercise("classify_dynamics", points=0.5, after=MEASURES)
def test_classify_dynamics_leaves_wh_unchanged(student, reference):
    """classify_dynamics leaves Wh unchanged"""
    Wh = state_and_weights(3, 6)[1]
    for size in (0.1, 10.0):
        assert_pure(
            student.classify_dynamics, size * Wh, "sigmoid", like=reference.classify_dynamics
        )


# the profile


AFTER = ("step_jacobian", "jacobian_product")
PROFILES = tensors(x_seq="NTD", h0="NH", Wx="DH", Wh="HH", b="H", scale=0.7)


def profile_of(student, dh_T, cache):
    """The student's profile, which must have one entry per step, the last one above 0."""
    profile = student.gradient_norm_profile(dh_T, cache)
    assert_structure(profile, np.zeros(cache[-1].shape[1]), what="profile")
    assert profile[-1] > 0, "the last entry of the profile is not above 0"
    return profile


def last_gradient(cache, seed, scale=1.0):
    """A random gradient (N, H) by the last state."""
    N, _, H = cache[-1].shape
    return scale * np.random.default_rng(seed).standard_normal((N, H))


@exercise("gradient_norm_profile", points=3, after=AFTER)
@settings(max_examples=12)
@given(inputs=PROFILES, seed=seeds, scale=SCALES)
def test_the_profile_agrees_with_back_propagation(student, reference, inputs, seed, scale):
    """Entry t is the norm of ∂L/∂h[:, t], carried back from the last step

    One number per step, over the whole batch. If single sequences are right and batches are not,
    look at what your norm sums over.
    """
    _, cache = reference.rnn_forward(*inputs.values())
    dh_T = last_gradient(cache, seed, scale)
    expected = reference.gradient_norm_profile(dh_T, cache)
    assert_close(student.gradient_norm_profile(dh_T, cache), expected, what="profile")


@exercise("gradient_norm_profile", points=2.5, after=AFTER)
@settings(max_examples=12)
@given(inputs=PROFILES, seed=seeds)
def test_the_profile_of_a_single_sequence(student, reference, inputs, seed):
    """The same for a single sequence, N = 1

    Begin with dh_T at the last step. Then, for each step back: times tanh′ of the step that you
    leave, times the transpose of Wh.
    """
    x_seq, h0, *weights = inputs.values()
    _, cache = reference.rnn_forward(x_seq[:1], h0[:1], *weights)
    dh_T = last_gradient(cache, seed)
    expected = reference.gradient_norm_profile(dh_T, cache)
    assert_close(student.gradient_norm_profile(dh_T, cache), expected, what="profile")


def long_cache(reference, size, N, seed):
    """The cache of a run of 30 steps, whose weights have singular values around ``size``."""
    rng = np.random.default_rng(seed)
    D, H = 2, 4
    inputs = 0.2 * rng.standard_normal((N, 30, D)), np.zeros((N, H)), rng.standard_normal((D, H))
    return reference.rnn_forward(*inputs, size * orthogonal(H, seed), np.zeros(H))[1]


@exercise("gradient_norm_profile", points=1.5, after=AFTER)
@settings(max_examples=6)
@given(size=st.sampled_from((0.4, 1.0, 2.0)), seed=seeds)
def test_the_profile_is_right_at_far_steps(student, reference, size, seed):
    """Thirty steps back the norms are right as well, each compared on its own

    Small numbers far back count here as much as large ones near the loss.
    """
    cache = long_cache(reference, size, 1, seed)
    dh_T = last_gradient(cache, seed)
    expected = reference.gradient_norm_profile(dh_T, cache)
    ratio = profile_of(student, dh_T, cache) / expected
    assert_close(ratio, np.ones(30), rtol=1e-7, what="ratio of your profile to the right one")


@exercise("gradient_norm_profile", points=1, after=AFTER)
@settings(max_examples=6)
@given(inputs=PROFILES, seed=seeds)
def test_a_shorter_run_has_the_end_of_the_profile(student, reference, inputs, seed):
    """A run that starts later has the end of the whole run's profile, and the last entry is ‖dh_T‖

    The gradient by a state does not depend on what came before that state.
    """
    x_seq, h0, Wx, Wh, b = inputs.values()
    h, cache = reference.rnn_forward(x_seq, h0, Wx, Wh, b)
    dh_T = last_gradient(cache, seed)
    whole = profile_of(student, dh_T, cache)
    assert_close(whole[-1], float(np.linalg.norm(dh_T)), what="last entry")
    if h.shape[1] > 1:
        _, shorter = reference.rnn_forward(x_seq[:, 1:], h[:, 0], Wx, Wh, b)
        assert_close(profile_of(student, dh_T, shorter), whole[1:], what="profile of a part")


@exercise("gradient_norm_profile", points=1, after=AFTER)
@settings(max_examples=6)
@given(inputs=PROFILES, seed=seeds, factor=st.sampled_from((-2.0, 0.25, 20.0)))
def test_the_profile_grows_with_the_gradient(student, reference, inputs, seed, factor):
    """If dh_T is multiplied by a number, so is the profile, by its absolute value

    That is all that an output's derivative can do: the slope of the profile stays. If the factor
    appears squared, the square root is missing.
    """
    _, cache = reference.rnn_forward(*inputs.values())
    dh_T = last_gradient(cache, seed)
    expected = abs(factor) * profile_of(student, dh_T, cache)
    got = student.gradient_norm_profile(factor * dh_T, cache)
    assert_close(got, expected, what="profile")


@exercise("gradient_norm_profile", points=0.5, after=AFTER)
@settings(max_examples=5)
@given(seed=seeds)
def test_the_squares_of_the_sequences_add_up(student, reference, seed):
    """The squared norm of a batch is the sum of the squared norms of its sequences

    One norm over all N · H entries: no mean over the batch, and not one number per sequence.
    """
    x_seq, h0, Wx, Wh, h = cache = long_cache(reference, 1.0, 3, seed)
    dh_T = last_gradient(cache, seed)
    whole = profile_of(student, dh_T, cache)
    parts = []
    for n in range(3):
        alone = slice(n, n + 1)
        cache = x_seq[alone], h0[alone], Wx, Wh, h[alone]
        parts.append(profile_of(student, dh_T[alone], cache))
    assert_close(whole, np.sqrt(sum(part**2 for part in parts)), what="profile of the batch")


@exercise("gradient_norm_profile", points=0.5, after=AFTER)
def test_gradient_norm_profile_leaves_its_arguments_unchanged(student, reference):
    """gradient_norm_profile leaves dh_T and the cache unchanged

    `*=` and `+=` on what you carry back write into dh_T itself.
    """
    cache = long_cache(reference, 0.9, 2, 3)
    dh_T = last_gradient(cache, 4)
    assert_pure(student.gradient_norm_profile, dh_T, cache, like=reference.gradient_norm_profile)
