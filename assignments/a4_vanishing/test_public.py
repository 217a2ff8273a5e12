"""The tests that come with a4_vanishing: the notebook's cells `check("…")` run them.

You may read them. The grader asks the same questions, on more and other inputs.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_gradients,
    assert_pure,
    assert_raises,
    assert_structure,
    exercise,
    seeds,
    show,
)

TRAP = np.array([[0.5, 10.0], [0.0, 0.5]])
SIGMA_OF_TRAP = 0.5 * (np.sqrt(101.0) + 10.0)
QUARTER_TURN = np.array([[0.0, -2.0], [2.0, 0.0]])  # twice a rotation by 90 degrees
WH = np.array([[1.0, 2.0], [3.0, 4.0]])
HS = np.array([[0.0, 0.5], [0.5, 0.0]])  # (T, H)


def assert_count(got, expected):
    """Assert that a number of steps is the integer ``expected``, or None where that is expected."""
    if expected is None and got is not None:
        raise StudentFailure("the result must be None here", got=show(got), expected="None")
    if expected is not None:
        assert_close(got, expected, what="number of steps")


@exercise("gradient_factor")
def test_factors_of_known_numbers(student):
    """0.5 leaves 1/8 after three steps, −0.5 leaves −1/8, and no step leaves 1

    As many multiplications as steps. If you get NaN for a negative number, a logarithm was taken.
    """
    for a, steps, factor in ((0.5, 3, 0.125), (-0.5, 3, -0.125), (-0.5, 2, 0.25), (3.0, 1, 3.0)):
        assert_close(student.gradient_factor(a, steps), factor)
    for a in (0.7, -2.0, 0.0):
        assert_close(student.gradient_factor(a, 0), 1.0, what="factor after no step")


@exercise("gradient_factor")
def test_factors_of_arrays(student):
    """steps may be an array, and is left unchanged; the factors are float64, also for an integer a

    Numbers without a decimal point make an array of integers, whose powers wrap round when they
    become too large.
    """
    steps = np.array([[0, 1], [2, 28]])
    expected = np.array([[1.0, 5.0], [25.0, 5.0**28]])
    assert_close(student.gradient_factor(5, steps), expected)
    assert_pure(student.gradient_factor, 0.5, steps)


@exercise("gradient_factor")
def test_factors_may_be_infinite(student):
    """5 to the power 500 is inf, and (−2) to the power 2001 is −inf: values, and no exception

    If yours raises OverflowError, the power was computed with Python's own float, not with NumPy's
    float64.
    """
    assert_close(student.gradient_factor(5.0, 500), np.inf, finite=False)
    assert_close(student.gradient_factor(-2.0, 2001), -np.inf, finite=False)


@exercise("steps_until_below", after="gradient_factor")
def test_steps_of_known_numbers(student):
    """0.9 falls below 0.1 at step 22 and below 0.01 at step 44; −0.9 as well

    0.9**21 is 0.109 and 0.9**22 is 0.098. For a negative a the size counts. The result is an
    integer.
    """
    for a in (0.9, -0.9):
        assert_count(student.steps_until_below(a, 0.1), 22)
        assert_count(student.steps_until_below(a, 0.01), 44)
    assert_count(student.steps_until_below(0.2, 0.5), 1)


@exercise("steps_until_below", after="gradient_factor")
def test_some_numbers_never_fall_below(student):
    """For |a| ≥ 1 the result is None

    No number of steps is enough there. A loop would run for ever, and the logarithm of 1 is 0.
    """
    assert_count(student.steps_until_below(0.5, 0.1), 4)
    for a in (1.0, -1.0, 1.1, -5.0):
        assert_count(student.steps_until_below(a, 0.1), None)


@exercise("steps_until_below", after="gradient_factor")
def test_edges_of_below(student):
    """0.5 falls below 0.25 at step 3, and 0 falls below anything at step 1

    0.5**2 equals 0.25 and is not below it. For 0, think before you take a logarithm.
    """
    assert_count(student.steps_until_below(0.5, 0.25), 3)
    assert_count(student.steps_until_below(0.0, 0.25), 1)


@exercise("overflow_step")
def test_overflow_of_five(student):
    """5, −5 and the integer 5 overflow at step 442 in float64, and at step 56 in float32

    Both the same? Then dtype is not used. 28 or so? That is the range of integers. An
    OverflowError? Python's `**` raises it where NumPy's numbers would become inf.
    """
    for a in (5.0, -5.0, 5):
        assert_count(student.overflow_step(a, "float64"), 442)
        assert_count(student.overflow_step(a, "float32"), 56)


@exercise("overflow_step")
def test_overflow_of_two(student):
    """2 overflows at step 1024 in float64, and at step 128 in float32

    2**1023 is a float64, and 2**1024 is not. The largest float64 is just below 2**1024, so close
    that their logarithms are the same after rounding.
    """
    assert_count(student.overflow_step(2.0, "float64"), 1024)
    assert_count(student.overflow_step(2.0, "float32"), 128)


@exercise("overflow_step")
def test_small_numbers_never_overflow(student):
    """For |a| ≤ 1 the result is None

    Their powers do not grow. Ask before you count.
    """
    assert_count(student.overflow_step(3.0, "float32"), 81)
    for a in (1.0, -1.0, 0.5, 0.0):
        assert_count(student.overflow_step(a, "float32"), None)


@exercise("step_jacobian")
def test_jacobian_of_known_numbers(student):
    """For next_h = [0, 0.5] and Wh = [[1, 2], [3, 4]] it is [[1, 3], [1.5, 3]]

    tanh′ is 1 and 0.75 here. New unit 1 reads column 1 of Wh, (2, 4), and its row is multiplied by
    0.75. Compare yours: transposed, scaled by columns, or not scaled at all?
    """
    jacobian = student.step_jacobian(HS[0], WH)
    assert_close(jacobian, np.array([[1.0, 3.0], [1.5, 3.0]]), what="Jacobian")


@exercise("step_jacobian")
@settings(max_examples=5)
@given(seed=seeds)
def test_jacobian_by_differences(student, seed):
    """It is the derivative of a tanh step, by central differences

    If the known numbers are right and this is not, look at the sign of next_h: it may be negative.
    """
    rng = np.random.default_rng(seed)
    prev_h, Wh, dh = (rng.standard_normal(shape) for shape in (3, (3, 3), 3))
    jacobian = student.step_jacobian(np.tanh(prev_h @ Wh), Wh)
    assert_structure(jacobian, Wh, what="Jacobian")
    step = lambda prev_h: np.tanh(prev_h @ Wh)  # noqa: E731
    assert_gradients(step, {"prev_h": prev_h}, [dh], {"prev_h": dh @ jacobian}, rng)


@exercise("step_jacobian")
def test_jacobian_of_one_unit(student):
    """For one unit it is (1 − h²) w, in an array of shape (1, 1), and nothing is changed

    With h = 0.6 and w = 2 that is 0.64 · 2.
    """
    jacobian = student.step_jacobian(np.array([0.6]), np.array([[2.0]]))
    assert_close(jacobian, np.array([[1.28]]), what="Jacobian")
    assert_pure(student.step_jacobian, HS[0], WH)


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


@exercise("spectral_radius")
def test_spectral_radius_of_known_matrices(student):
    """The diagonal matrix of 1 and −3 has 3, and [[.5, 10], [0, .5]] has 0.5

    Eigenvalues count by their absolute value. If you get 10.02 for the second one, you have a
    singular value; if you get 0.5 for [[.5, 0], [10, .5]] only, a solver for symmetric matrices.
    """
    assert_close(student.spectral_radius(np.diag([1.0, -3.0])), 3.0)
    assert_close(student.spectral_radius(TRAP), 0.5, rtol=1e-6)
    assert_close(student.spectral_radius(TRAP.T), 0.5, rtol=1e-6)
    assert_pure(student.spectral_radius, TRAP)


@exercise("spectral_radius")
def test_spectral_radius_of_a_rotation(student):
    """Twice a rotation by 90 degrees has the eigenvalues 2i and −2i, so the spectral radius is 2

    0? The real parts were taken. A complex result? The absolute value is missing.
    """
    assert_close(student.spectral_radius(QUARTER_TURN), 2.0)


@exercise("largest_singular_value")
def test_largest_singular_value_of_known_matrices(student):
    """[[3, 0], [4, 0]] stretches by 5, and [[.5, 10], [0, .5]] by (√101 + 10) / 2

    25 for the first one is the square. 3 is an eigenvalue, 4 an entry, 7 a sum.
    """
    assert_close(student.largest_singular_value(np.array([[3.0, 0.0], [4.0, 0.0]])), 5.0)
    assert_close(student.largest_singular_value(TRAP), SIGMA_OF_TRAP)


@exercise("largest_singular_value")
def test_largest_singular_value_of_orthogonal_and_oblong_matrices(student):
    """Twice a rotation stretches by 2, the (3, 3) identity by 1, and a (2, 3) matrix has one, too

    √3 for the identity is the Frobenius norm, 3 the sum of its singular values.
    """
    assert_close(student.largest_singular_value(QUARTER_TURN), 2.0)
    assert_close(student.largest_singular_value(np.eye(3)), 1.0)
    oblong = np.array([[0.0, 2.0, 0.0], [-1.0, 0.0, 0.0]])
    assert_close(student.largest_singular_value(oblong), 2.0)
    assert_pure(student.largest_singular_value, oblong)


@exercise("jacobian_norm_bound", after="largest_singular_value")
def test_bound_of_known_numbers(student):
    """For hs = [[0, .5], [.6, .8]] and a Wh with singular value 5, it is 25 · 1 · 0.64 = 16

    The derivatives are (1, 0.75) and (0.64, 0.36), and of each step the larger one counts. If yours
    is smaller: is it a norm of Jacobians? The bound takes weights and derivatives apart.
    """
    hs, Wh = np.array([[0.0, 0.5], [0.6, 0.8]]), np.array([[3.0, 4.0], [0.0, 0.0]])
    assert_close(student.jacobian_norm_bound(hs, Wh), 16.0, what="bound")
    assert_pure(student.jacobian_norm_bound, hs, Wh)


@exercise("jacobian_norm_bound", after="largest_singular_value")
def test_bound_when_units_take_turns(student):
    """With hs = [[0, .8], [.8, 0]] and an Wh of singular value 2 it is 4

    At each step one of the units is fully open. The maximum comes before the product.
    """
    hs = np.array([[0.0, 0.8], [0.8, 0.0]])
    assert_close(student.jacobian_norm_bound(hs, QUARTER_TURN), 4.0, what="bound")


@exercise("jacobian_norm_bound", after="largest_singular_value")
def test_bound_of_the_trap(student):
    """With all states 0 and Wh = [[.5, 10], [0, .5]] it is 10.02 for one step, and its powers

    Here the product is a power of Wh, whose norm is far above any power of the eigenvalue 0.5.
    """
    for steps in (1, 2, 5):
        bound = student.jacobian_norm_bound(np.zeros((steps, 2)), TRAP)
        assert_close(bound, SIGMA_OF_TRAP**steps, what="bound")


def assert_answers(student, Wh, activation, expected):
    """Assert the student's answer, naming the question in the message."""
    answer = student.classify_dynamics(Wh, activation)
    assert_close(answer, expected, what=f"answer for {activation!r}")


MEASURES = ("spectral_radius", "largest_singular_value")


@exercise("classify_dynamics", after=MEASURES)
@settings(max_examples=5)
@given(size=st.sampled_from((2, 3)), share=st.sampled_from((0.9, 1.1)), seed=seeds)
def test_where_the_answer_turns(student, size, share, seed):
    """The answer turns at a largest singular value of 1 for tanh and relu, and of 4 for sigmoid

    The limit is 1 / γ, with γ the largest derivative of the activation. Below it: "vanishes".
    """
    W = np.random.default_rng(seed).standard_normal((size, size))
    W = share * W / np.linalg.norm(W, 2)
    expected = "vanishes" if share < 1 else "may explode"
    assert_answers(student, W, "tanh", expected)
    assert_answers(student, W, "relu", expected)
    assert_answers(student, 4.0 * W, "sigmoid", expected)


@exercise("classify_dynamics", after=MEASURES)
def test_eigenvalues_promise_nothing(student):
    """[[.5, 10], [0, .5]] may explode, whatever its eigenvalues; 0.8 times the identity vanishes

    The eigenvalues of the first are 0.5 and promise nothing. The second has the largest singular
    value 0.8, and the Frobenius norm 1.39. The identity itself keeps every gradient as it is: a
    largest singular value of exactly 1 is not below 1.
    """
    for activation in ("tanh", "relu", "sigmoid"):
        assert_answers(student, TRAP, activation, "may explode")
    assert_answers(student, 0.8 * np.eye(3), "tanh", "vanishes")
    assert_answers(student, np.eye(2), "tanh", "may explode")
    assert_answers(student, np.eye(2), "sigmoid", "vanishes")


@exercise("classify_dynamics", after=MEASURES)
def test_other_activations_are_refused(student):
    """An unknown activation raises ValueError, and Wh is left unchanged"""
    assert_raises(student.classify_dynamics, ValueError, np.eye(2), "tangent")
    assert_pure(student.classify_dynamics, TRAP, "relu")


def cache_of(h, Wh):
    """The cache of a run from h0 = 0 with the states h (N, T, H): its inputs are made to fit."""
    h0 = np.zeros(h[:, 0].shape)
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    H = len(Wh)
    return np.arctanh(h) - before @ Wh, h0, np.eye(H), Wh, h


AFTER = ("step_jacobian", "jacobian_product")


@exercise("gradient_norm_profile", after=AFTER)
def test_profile_of_one_unit(student):
    """For one unit with w = 2 and the states 0, 0.5, 0 the profile of dh_T = 1 is [3, 2, 1]

    At the loss the norm is 1. From the last step back: times tanh′ = 1, times 2. From the middle
    one: times 0.75, times 2. The first entry belongs to the first step, and h0 has no entry.
    """
    cache = cache_of(np.array([[[0.0], [0.5], [0.0]]]), np.array([[2.0]]))
    profile = student.gradient_norm_profile(np.array([[1.0]]), cache)
    assert_close(profile, np.array([3.0, 2.0, 1.0]), what="profile")


@exercise("gradient_norm_profile", after=AFTER)
def test_profile_of_two_units(student):
    """With Wh = [[1, 2], [3, 4]] and states [0, .5], [.5, 0], dh_T = [1, 0] gives [0.75 √10, 1]

    Times tanh′ = [0.75, 1] of the last step it is [0.75, 0], and times the transpose of Wh 0.75
    times [1, 3]. Without the transpose it would be 0.75 times [1, 2].
    """
    cache = cache_of(HS[None], WH)
    dh_T = np.array([[1.0, 0.0]])
    profile = student.gradient_norm_profile(dh_T, cache)
    assert_close(profile, np.array([0.75 * np.sqrt(10.0), 1.0]), what="profile")
    assert_pure(student.gradient_norm_profile, dh_T, cache)


@exercise("gradient_norm_profile", after=AFTER)
def test_profile_of_a_batch(student):
    """Two sequences with the gradients [3, 0] and [0, 4] have the norm 5 at the last step

    One number for each step, over all entries of the batch. 25 is the square, 3.5 a mean, 4 another
    norm.
    """
    cache = cache_of(np.zeros((2, 3, 2)), 0.5 * np.eye(2))
    dh_T = np.array([[3.0, 0.0], [0.0, 4.0]])
    profile = student.gradient_norm_profile(dh_T, cache)
    assert_close(profile, np.array([1.25, 2.5, 5.0]), what="profile")
