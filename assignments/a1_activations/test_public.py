"""The tests that come with a1_activations: the notebook's cells `check("…")` run them.

You may read them. The grader asks the same questions, on more and other inputs.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    StudentFailure,
    Watched,
    arrays,
    assert_close,
    assert_gradients,
    assert_pure,
    assert_raises,
    assert_silent,
    assert_structure,
    exercise,
    shapes,
    show,
)

LOG3 = np.log(3.0)
X = np.array([[-2.0, 0.0, 0.5], [1.25, -0.75, 3.0]])
ROWS = arrays(shapes(2, most=4), scale=2.0, largest=5.0)


def assert_keeps_shapes(function):
    """Assert that a student's ``function`` gives floats of the shape of whatever it is given."""
    for x in (X, X[:1], X[:, :1], np.zeros((0, 3)), 0.5, 2, np.array([-3, 0, 3])):
        assert_structure(function(x), np.zeros(np.shape(x)))
    assert_pure(function, X)


@exercise("sigmoid")
def test_sigmoid_of_known_numbers(student):
    """σ(0) = 1/2, σ(log 3) = 3/4 and σ(−log 3) = 1/4

    exp(−log 3) is 1/3, so 1 / (1 + exp(−x)) is 3/4 at log 3. If yours is exactly the other way
    round, the exponent has the wrong sign; if it is off by a tiny bit, something was added that
    the formula does not have.
    """
    x = np.array([[0.0, LOG3, -LOG3]])
    assert_close(student.sigmoid(x), np.array([[0.5, 0.75, 0.25]]))


@exercise("sigmoid")
@settings(max_examples=10)
@given(x=ROWS)
def test_sigmoid_is_symmetric(student, x):
    """σ(−x) = 1 − σ(x) for every x

    If this fails and single values are right, look at how your function treats the two signs of x,
    and at what it does with an array that holds both.
    """
    assert_close(student.sigmoid(-x), 1.0 - np.asarray(student.sigmoid(x)))


@exercise("sigmoid")
def test_sigmoid_far_out(student):
    """σ(−1e4) = 0 and σ(1e4) = 1, without a warning

    exp overflows above 709. Which exponential do you compute for x = −1e4, and which for 1e4? Note
    that `np.where(condition, a, b)` computes all of a and all of b before it chooses.
    """
    x = np.array([1e4, 0.0, -1e4])
    assert_close(student.sigmoid(x), np.array([1.0, 0.5, 0.0]))
    assert_silent(student.sigmoid, x)


@exercise("sigmoid")
def test_sigmoid_keeps_shapes(student):
    """sigmoid takes numbers, integers and arrays of any shape, and leaves x unchanged

    A number has no entries: `np.asarray(x, dtype=np.float64)` at the beginning turns it into an
    array without axes, and integers into floats.
    """
    assert_keeps_shapes(student.sigmoid)


@exercise("sigmoid_prime", after="sigmoid")
def test_sigmoid_prime_of_known_numbers(student):
    """σ′(0) = 1/4 and σ′(±log 3) = 3/16

    At log 3, σ is 3/4, and 3/4 times 1/4 is 3/16. If you get 0.218 there, sigmoid was taken twice;
    if you get more than 1/4, look at the sign in (1 − s), and at whether s is σ(x) or x.
    """
    x = np.array([[0.0, LOG3, -LOG3]])
    assert_close(student.sigmoid_prime(x), np.array([[0.25, 0.1875, 0.1875]]))


@exercise("sigmoid_prime", after="sigmoid")
@settings(max_examples=5)
@given(x=arrays(shapes(1, most=4), largest=3.0))
def test_sigmoid_prime_fits_your_sigmoid(student, x):
    """σ′ is the slope of your own sigmoid, by central differences

    The two have to fit each other. If the known numbers are right and this is not, the mistake is
    in `sigmoid`.
    """
    slope = student.sigmoid_prime(x)
    rng = np.random.default_rng(0)
    assert_gradients(student.sigmoid, {"x": x}, [np.ones(x.shape)], {"x": slope}, rng)


@exercise("sigmoid_prime", after="sigmoid")
def test_sigmoid_prime_far_out(student):
    """σ′(±1e4) = 0, without a warning

    If `sigmoid` is silent out there and this is not, you exponentiate again: s is all you need.
    """
    x = np.array([1e4, 0.0, -1e4])
    assert_close(student.sigmoid_prime(x), np.array([0.0, 0.25, 0.0]))
    assert_silent(student.sigmoid_prime, x)


@exercise("sigmoid_prime", after="sigmoid")
def test_sigmoid_prime_keeps_shapes(student):
    """sigmoid_prime takes numbers, integers and arrays of any shape, and leaves x unchanged"""
    assert_keeps_shapes(student.sigmoid_prime)


@exercise("tanh_prime")
def test_tanh_prime_of_known_numbers(student):
    """tanh′(0) = 1 and tanh′(±log 2) = 16/25

    tanh(log 2) is 3/5, and 1 − 9/25 is 16/25. If you get 0.712, tanh was taken twice; 0.4 and 1.6
    mean that the square is missing; 9/25, that "1 −" is; 25/16, that it was turned upside down.
    """
    x = np.array([[0.0, np.log(2.0), -np.log(2.0)]])
    assert_close(student.tanh_prime(x), np.array([[1.0, 0.64, 0.64]]))


@exercise("tanh_prime")
@settings(max_examples=10)
@given(x=ROWS)
def test_tanh_prime_lies_between_zero_and_one(student, x):
    """tanh′ lies above 0 and is at most 1, for |x| ≤ 5

    A derivative of tanh that is negative or above 1 treats x as something that it is not, or has
    lost a square.
    """
    slope = student.tanh_prime(x)
    assert_structure(slope, x)
    if not np.all((slope > 0) & (slope <= 1)):
        raise StudentFailure("it leaves the interval", got=show(slope), expected="above 0, to 1")


@exercise("tanh_prime")
@settings(max_examples=5)
@given(x=arrays(shapes(1, most=4), largest=3.0))
def test_tanh_prime_fits_tanh(student, x):
    """tanh′ is the slope of np.tanh, by central differences

    x is the argument of tanh, not its value.
    """
    rng = np.random.default_rng(0)
    slope = student.tanh_prime(x)
    assert_gradients(lambda x: np.tanh(x), {"x": x}, [np.ones(x.shape)], {"x": slope}, rng)


@exercise("tanh_prime")
def test_tanh_prime_keeps_shapes(student):
    """tanh_prime takes numbers, integers and arrays of any shape, and leaves x unchanged"""
    assert_keeps_shapes(student.tanh_prime)


@exercise("relu")
def test_relu_of_known_numbers(student):
    """relu of −2, −0.5, 0, 1.5 and 30 is 0, 0, 0, 1.5 and 30

    Entry by entry, the larger of x and 0. NumPy has two functions with "max" in their names: one
    compares two arrays, the other looks for the largest entry of one.
    """
    x = np.array([[-2.0, -0.5, 0.0, 1.5, 30.0]])
    assert_close(student.relu(x), np.array([[0.0, 0.0, 0.0, 1.5, 30.0]]))


@exercise("relu")
def test_relu_keeps_shapes(student):
    """relu takes numbers, integers and arrays of any shape, gives floats, and leaves x unchanged

    The result is float64 also where x holds integers, and it is a new array: an assignment like
    `x[…] = 0` changes the caller's numbers.
    """
    assert_keeps_shapes(student.relu)


@exercise("relu_prime", after="relu")
def test_relu_prime_of_known_numbers(student):
    """relu′ of −2, −0.5, 1.5 and 30 is 0, 0, 1 and 1

    The slope of relu: flat on the left, and 1 on the right however large x is.
    """
    x = np.array([[-2.0, -0.5, 1.5, 30.0]])
    assert_close(1.0 * np.asarray(student.relu_prime(x)), np.array([[0.0, 0.0, 1.0, 1.0]]))


@exercise("relu_prime", after="relu")
def test_relu_prime_at_the_kink(student):
    """relu′(0) = 0

    There is no derivative at 0; this course takes 0. Is your comparison strict?
    """
    assert_close(1.0 * np.asarray(student.relu_prime(np.zeros((2, 1)))), np.zeros((2, 1)))


@exercise("relu_prime", after="relu")
def test_relu_prime_keeps_shapes(student):
    """relu_prime takes numbers, integers and arrays of any shape, gives floats, leaves x unchanged

    The result is float64: a comparison gives True and False, and `np.where(…, 1, 0)` gives
    integers.
    """
    assert_keeps_shapes(student.relu_prime)


SCORES = np.array([[[0.0, LOG3], [LOG3, 0.0], [0.0, 0.0]]])  # N = 1, T = 3, V = 2
Y = np.array([[0, 0, 1]])


@exercise("softmax_cross_entropy")
def test_loss_and_dscores_of_known_numbers(student):
    """Scores of 0 and log 3 mean probabilities of 1/4 and 3/4

    One sequence of three steps. The right words have the probabilities 1/4, 3/4 and 1/2, so the
    loss is log 4 + log 4/3 + log 2: a sum over the steps. dscores is the probability, minus 1 at
    the right word only. If an argument has changed: `-=` works in the array that you were given.
    """
    args = SCORES, Y, np.ones((1, 3))
    loss, dscores = student.softmax_cross_entropy(*args)
    assert_close(loss, np.log(32.0 / 3.0), what="loss")
    expected = np.array([[[-0.75, 0.75], [-0.25, 0.25], [0.5, -0.5]]])
    assert_close(dscores, expected, what="dscores")
    assert_pure(student.softmax_cross_entropy, *args)


@exercise("softmax_cross_entropy")
def test_loss_is_summed_over_time_and_averaged_over_the_batch(student):
    """With equal scores the loss is T · log V, whatever N is

    All words have the probability 1/V, so each step costs log V. The loss adds up the T steps of a
    sequence and takes the mean over the N sequences; dscores is divided by N, too.
    """
    N, T, V = 2, 3, 4
    y = np.zeros((N, T), dtype=int)
    loss, dscores = student.softmax_cross_entropy(np.zeros((N, T, V)), y, np.ones((N, T)))
    assert_close(loss, 3.0 * np.log(4.0), what="loss")
    expected = np.broadcast_to([-0.375, 0.125, 0.125, 0.125], (N, T, V))
    assert_close(dscores, expected, what="dscores")


@exercise("softmax_cross_entropy")
def test_masked_steps_count_nowhere(student):
    """Masked steps count neither in the loss nor in dscores

    Only the first step is left here: its right word has the probability 1/4. The divisor is still
    the number of sequences, here 1. And with nothing left at all, everything is 0.
    """
    loss, dscores = student.softmax_cross_entropy(SCORES, Y, np.array([[1, 0, 0]]))
    assert_close(loss, np.log(4.0), what="loss")
    expected = np.array([[[-0.75, 0.75], [0.0, 0.0], [0.0, 0.0]]])
    assert_close(dscores, expected, what="dscores")
    loss, dscores = student.softmax_cross_entropy(SCORES, Y, np.zeros((1, 3)))
    assert_close(loss, 0.0, what="loss where all is masked")
    assert_close(dscores, np.zeros((1, 3, 2)), what="dscores where all is masked")


@exercise("softmax_cross_entropy")
def test_large_scores_are_no_danger(student):
    """Scores of ±1000 give the right loss, without a warning

    exp(1000) overflows and exp(−1000) is 0, whose log is −∞. Shift each step's scores by their own
    maximum, and take log p from the shifted scores. Was a maximum taken over too much?
    """
    scores = np.array([[[1000.0, 0.0, 0.0], [-1000.0, -1000.0, -1000.0]]])
    args = scores, np.array([[1, 2]]), np.ones((1, 2))
    loss, dscores = student.softmax_cross_entropy(*args)
    assert_close(loss, 1000.0 + np.log(3.0), what="loss")
    expected = np.array([[[1.0, -1.0, 0.0], [1.0 / 3.0, 1.0 / 3.0, -2.0 / 3.0]]])
    assert_close(dscores, expected, what="dscores")
    assert_silent(student.softmax_cross_entropy, *args)


@exercise("numerical_gradient")
def test_numerical_gradient_of_squares(student):
    """For f(x) = x² the gradient is 2 x df, to 1e-7

    Twice that? The two points are 2h apart. Right to four digits only? Then the difference is
    one-sided. Right where df is 1 only? Then df is not used.
    """
    df = np.array([[1.0, -2.0, 0.5], [3.0, 1.0, -1.0]])
    gradient = student.numerical_gradient(Watched("np.square", np.square, (2, 3)), X, df)
    assert_close(gradient, 2.0 * X * df, rtol=1e-7, what="gradient")


@exercise("numerical_gradient")
def test_numerical_gradient_of_a_matrix_product(student):
    """For f(x) = x @ W the gradient is df @ W.T

    Here the output has another shape than x, and each entry of x moves a whole row of it: sum df
    times the difference over all of the output.
    """
    W, df = np.array([[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]]), np.array([[1.0, 2.0], [-1.0, 0.5]])
    product = Watched("lambda x: x @ W", lambda x: x @ W, (2, 3))
    gradient = student.numerical_gradient(product, X, df)
    assert_close(gradient, df @ W.T, rtol=1e-7, what="gradient")


@exercise("numerical_gradient")
def test_numerical_gradient_of_a_number(student):
    """For f(x) = Σ x², a Python float, the gradient is 2 x df, and df is a number

    A float has no `copy()`: `np.array(f(x))` makes a copy of whatever f returns.
    """
    total = Watched("lambda x: float(np.sum(x**2))", lambda x: float(np.sum(x**2)), (2, 3))
    gradient = student.numerical_gradient(total, X, -3.0)
    assert_close(gradient, -6.0 * X, rtol=1e-7, what="gradient")


@exercise("numerical_gradient")
def test_numerical_gradient_uses_h(student):
    """For f(x) = x³ and h = 0.5 the result is 3 x² + 0.25, exactly that

    ((x + h)³ − (x − h)³) / 2h is 3 x² + h². Whoever gets 3 x² has not used the h that was given.
    """
    cube = Watched("lambda x: x**3", lambda x: x**3, (2, 3))
    gradient = student.numerical_gradient(cube, X, np.ones((2, 3)), 0.5)
    assert_close(gradient, 3.0 * X**2 + 0.25, what="gradient")


@exercise("numerical_gradient")
def test_numerical_gradient_of_the_identity_leaves_x_unchanged(student):
    """For f(x) = x the gradient is df, and x is afterwards what it was, to the last bit

    f hands back the very array that it is given. If the gradient is 0, both of your results are
    that one array. If x has changed: x + h − h is not always x in floating point.
    """
    identity, x = Watched("lambda x: x", lambda x: x, (3,)), np.array([0.5, 1.2, 3e-7])
    df = np.array([1.0, -2.0, 3.0])
    gradient = student.numerical_gradient(identity, x, df)
    assert_close(gradient, df, rtol=1e-7, what="gradient")
    assert_pure(student.numerical_gradient, identity, x, df)


@exercise("relative_error")
def test_relative_error_of_known_numbers(student):
    """It is the largest of |a − b| / (|a| + |b|), and 0 beside 0 counts as 0

    1 beside 3 is 2/4, −2 beside −3 is 1/5, 0 beside 0 is 0: the largest is 1/2, from either side.
    Numbers of different sign are 1 apart, the most there is. If you get NaN: what is 0 / 0?
    """
    a, b = np.array([1.0, -2.0, 0.0]), np.array([3.0, -3.0, 0.0])
    assert_close(student.relative_error(a, b), 0.5)
    assert_close(student.relative_error(b, a), 0.5)
    assert_close(student.relative_error(np.array([[1.0, 5.0]]), np.array([[-2.0, 5.0]])), 1.0)
    assert_silent(student.relative_error, a, b)


@exercise("relative_error")
def test_relative_error_does_not_depend_on_the_scale(student):
    """1e-12 and 3e-12 are as far apart as 1 and 3

    If other numbers are right and these are not: whatever is added to the denominator against a
    division by 0 hides errors in small numbers. Treat 0 beside 0 on its own.
    """
    small, large = np.array([[1e-12, 2.0]]), np.array([[3e-12, 2.0]])
    assert_close(student.relative_error(small, large), 0.5)


@exercise("relative_error")
def test_relative_error_refuses_other_shapes(student):
    """Shapes (3, 1) and (3,) raise ValueError, and so do an array and a number

    NumPy would stretch both to (3, 3) and compare each number with each. Compare the shapes
    yourself, before anything else.
    """
    a = np.array([1.0, 2.0, 3.0])
    assert_raises(student.relative_error, ValueError, a[:, None], a)
    assert_raises(student.relative_error, ValueError, a, 2.0)


@exercise("relative_error")
def test_relative_error_of_numbers_and_of_nothing(student):
    """It takes two numbers, and two empty arrays (then it is 0), and leaves a and b unchanged

    If numbers work and empty arrays do not: the maximum of nothing is an error in NumPy, unless it
    is told where to begin.
    """
    assert_close(student.relative_error(1.0, 3.0), 0.5)
    assert_close(student.relative_error(np.zeros((0, 2)), np.zeros((0, 2))), 0.0)
    assert_pure(student.relative_error, X, X + 1.0)


W = np.array([[0.5, -0.3, 0.8], [0.2, 0.7, -0.6], [-0.4, 0.9, 0.1]])  # square


def wave(x, W):
    """sin(x @ W), for x of shape (2, 3)."""
    return np.sin(x @ W)


def wave_vjp(dout, x, W):
    """The right gradients of ``wave``."""
    da = dout * np.cos(x @ W)
    return da @ W.T, x.T @ da


def ask(student, vjp, f=wave, inputs=(X, W)):
    """The student's gradient_check, asked about ``vjp``: its answer, and what else it does."""
    shapes_in = [x.shape for x in inputs]
    watched = Watched(f.__name__, f, *shapes_in)
    watched_vjp = Watched("vjp", vjp, f(*inputs).shape, *shapes_in)
    return student.gradient_check.reply(watched, watched_vjp, inputs, np.random.default_rng(0))


def assert_says(student, expected, because, *question):
    """Assert that the student's gradient_check answers with ``expected``, True or False."""
    said = ask(student, *question).value
    if said is not expected:
        raise StudentFailure(
            f"`gradient_check` does not answer {expected} to a vjp {because}",
            got=f"{show(said)}, of type {type(said).__name__}",
            expected=f"{expected}, of type bool",
        )


def assert_rejects(student, because, vjp):
    """Assert that the student's gradient_check finds ``vjp`` wrong."""
    assert_says(student, False, because, vjp)


@exercise("gradient_check")
def test_right_gradients_are_accepted(student):
    """Right gradients are accepted, also one of almost 0, and inputs stay unchanged

    If a right gradient is rejected: is the difference central, divided by 2h, multiplied by dout,
    and is only one input moved at a time, by its own direction? If only the last one is: below 1
    the tolerance is absolute.
    """
    assert_says(student, True, "that is right", wave_vjp)
    assert not ask(student, wave_vjp).mutated, "the arrays in inputs have changed: move copies"
    top = np.full((2, 2), np.pi / 2)
    flat = lambda dout, x: (dout * np.cos(x),), np.sin, (top,)
    assert_says(student, True, "that is right, and almost 0", *flat)


@exercise("gradient_check")
def test_wrong_gradients_are_rejected(student):
    """A transposed gradient of W is rejected, one that is 1 % off, and one with a wrong entry

    W is the *second* input: does its turn come, with a random direction of its own, and is the
    tolerance 1e-6?
    """
    assert_rejects(
        student,
        "whose gradient of W is transposed",
        lambda *args: (wave_vjp(*args)[0], wave_vjp(*args)[1].T),
    )
    assert_rejects(
        student, "that is 1 % off", lambda *args: tuple(1.01 * g for g in wave_vjp(*args))
    )
    mistake = np.zeros((3, 3))
    mistake[1, 2] = 0.1
    assert_rejects(
        student,
        "with one entry of W's gradient 0.1 off",
        lambda *args: (wave_vjp(*args)[0], wave_vjp(*args)[1] + mistake),
    )


@exercise("gradient_check")
def test_randomness_finds_what_ones_do_not(student):
    """A vjp that ignores dout is rejected, and one whose errors cancel in the sum

    A dout of ones cannot tell whether dout is used. A direction of ones sees only the sum of the
    gradient. Both are to be drawn from rng.
    """
    assert_rejects(
        student,
        "that does not use its dout",
        lambda dout, x, W: wave_vjp(np.ones((2, 3)), x, W),
    )
    assert_rejects(
        student,
        "with errors that add up to 0",
        lambda *args: (wave_vjp(*args)[0] + np.array([0.2, 0.0, -0.2]), wave_vjp(*args)[1]),
    )


@exercise("gradient_check")
def test_ill_shaped_gradients_are_rejected(student):
    """A gradient of another shape, a missing one, a surplus one and a NaN are answered by False

    Compare number and shapes of the gradients before you compute with them: `zip` stops at the
    shorter one, and NumPy broadcasts. And no comparison with NaN is ever true.
    """
    assert_rejects(
        student,
        "whose first gradient has the shape (1, 2, 3)",
        lambda *args: (wave_vjp(*args)[0][None], wave_vjp(*args)[1]),
    )
    assert_rejects(student, "with one gradient only", lambda *args: wave_vjp(*args)[:1])
    assert_rejects(student, "with three gradients", lambda *args: (*wave_vjp(*args), np.zeros(3)))
    assert_rejects(
        student,
        "with a NaN in a gradient",
        lambda *args: (wave_vjp(*args)[0], np.full((3, 3), np.nan)),
    )
