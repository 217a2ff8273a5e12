"""The graded tests of assignment 1: the public properties, on more and other inputs."""

from __future__ import annotations

import itertools

import numpy as np
from autograder.assertions import Watched
from autograder.compare import (
    assert_close,
    assert_pure,
    assert_raises,
    assert_silent,
    assert_structure,
    describe,
    show,
)
from autograder.gradcheck import assert_gradients
from autograder.model import StudentFailure
from autograder.strategies import arrays, seeds, shapes
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.suite import exercise

SCALES = st.sampled_from((1.0, 20.0))  # of cotangents
EMPTY = np.zeros((0, 3))
CUBE = np.linspace(-2.5, 2.25, 24).reshape(2, 3, 4)  # axes all different
ROW, COLUMN = CUBE[:1, 0], CUBE[1, :, :1]  # an axis of 1


def values(**options):
    """Arrays of one to three axes, as inputs of a function that works elementwise."""
    shape = st.integers(1, 3).flatmap(lambda ndim: shapes(ndim, most=4))
    return arrays(shape, **{"scale": 3.0, "largest": 8.0, **options})


def assert_like_reference(function, reference, *inputs):
    """Assert that the student's ``function`` agrees with the reference on each of ``inputs``."""
    for x in inputs:
        assert_close(function(x), reference(x))


def as_floats(value):
    """``value`` with truth values and integers as floats: their kind has tests of its own."""
    is_exact = isinstance(value, bool | np.ndarray | np.generic) and np.asarray(value).dtype.kind
    return np.asarray(value, dtype=np.float64) if is_exact in ("b", "i", "u") else value


def assert_leaves_unchanged(function, x):
    """Assert that the student's ``function`` does something with x, and nothing to x."""
    result = as_floats(function(x))
    assert_structure(result, x)
    assert np.any(result != 0), "the result is 0 everywhere"
    assert_pure(function, x)


def assert_falls_on_both_sides(function, x):
    """Assert that the student's ``function`` is even, and smaller at |x| + 1 than at |x|."""
    here = function(x)
    assert_structure(here, x)
    assert_close(function(-x), here, what="value at −x")
    further = function(np.abs(x) + 1.0)
    assert np.all(further < here), "it does not fall from |x| to |x| + 1"


@exercise("sigmoid", points=3.5)
@given(x=values())
@example(x=CUBE)
@example(x=ROW)
@example(x=COLUMN)
def test_sigmoid_agrees_with_its_formula(student, reference, x):
    """σ(x) = 1 / (1 + exp(−x)) for arrays of any shape"""
    assert_like_reference(student.sigmoid, reference.sigmoid, x)


@exercise("sigmoid", points=0.5)
def test_sigmoid_is_a_half_at_zero(student):
    """σ(0) is exactly 0.5

    A small constant in the denominator protects against nothing here: it is never 0.
    """
    assert_close(student.sigmoid(np.zeros((2, 1))), np.full((2, 1), 0.5), rtol=0.0)


@exercise("sigmoid", points=0.5)
@settings(max_examples=10)
@given(x=values())
def test_sigmoid_is_symmetric(student, x):
    """σ(−x) = 1 − σ(x) for every x"""
    here = student.sigmoid(x)
    assert_structure(here, x)
    assert_close(student.sigmoid(-x), 1.0 - here, what="value at −x")


@exercise("sigmoid", points=1)
@settings(max_examples=10)
@given(x=arrays(shapes(1, most=12), scale=5.0, largest=15.0))
def test_sigmoid_never_decreases(student, x):
    """σ never decreases, and rises from almost 0 to almost 1"""
    rising = np.unique([-15.0, *x, 15.0])
    result = student.sigmoid(rising)
    assert_structure(result, rising)
    falls = np.flatnonzero(np.diff(result) < 0)
    if falls.size:
        here = slice(falls[0], falls[0] + 2)
        raise StudentFailure(
            f"σ falls between x = {show(rising[here][0])} and x = {show(rising[here][1])}",
            got=show(result[here]),
            expected="a second value that is not smaller than the first",
        )
    assert result[-1] - result[0] > 0.99, "σ does not rise from almost 0 to almost 1"


@exercise("sigmoid", points=1)
@settings(max_examples=5)
@given(x=arrays(shapes(1, most=3), scale=1e4, away_from_zero=1e4))
def test_sigmoid_is_right_far_out(student, x):
    """σ is 0 at −1e4 and further out, and 1 at 1e4 and further out

    For NaN: exp overflows to infinity above 709, and infinity by infinity is NaN. For numbers that
    are only almost 0 and 1: x seems to be clipped.
    """
    for far in (np.abs(x), -np.abs(x)):
        inputs = np.append(far, 0.0)
        limits = np.append(np.where(far > 0, 1.0, 0.0), 0.5)
        assert_close(student.sigmoid(inputs), limits, rtol=1e-12)


@exercise("sigmoid", points=1.5)
def test_sigmoid_is_silent_far_out(student):
    """σ rises from −1e4 to 1e4 without an overflow warning

    Some exponential is taken of a large positive number. `np.where` does not help by itself: it
    computes both branches for every entry, and only then chooses.
    """
    for far in (1e4, -1e4, 1e6, -1e6):
        assert_silent(student.sigmoid, np.array([far]))
    x = np.array([-1e4, -720.0, 0.0, 720.0, 1e4])
    assert_silent(student.sigmoid, x)
    result = student.sigmoid(x)
    assert_structure(result, x)
    assert result[0] < result[2] < result[4], "σ does not rise from −1e4 to 0 to 1e4"


@exercise("sigmoid", points=0.5)
def test_sigmoid_takes_numbers(student, reference):
    """σ works for a single number

    If arrays work and numbers do not: `np.asarray(x)` makes an array of shape () of a number.
    """
    assert_like_reference(student.sigmoid, reference.sigmoid, 1.5, -2.25, 0.0, np.array(-0.75))


@exercise("sigmoid", points=0.5)
def test_sigmoid_takes_integers(student, reference):
    """σ works for integers and gives floats

    If floats work and integers do not: `np.zeros_like(x)` of integers is an array of integers, and
    what is stored there loses its fraction.
    """
    assert_like_reference(student.sigmoid, reference.sigmoid, np.array([[-3, 0], [1, 4]]), 2, -1)


@exercise("sigmoid", points=0.5)
def test_sigmoid_takes_empty_arrays(student):
    """σ of an array without entries is such an array"""
    assert_close(student.sigmoid(EMPTY), EMPTY)
    assert_close(student.sigmoid(np.zeros(0)), np.zeros(0))


@exercise("sigmoid", points=0.5)
def test_sigmoid_leaves_x_unchanged(student):
    """sigmoid leaves x unchanged"""
    assert_leaves_unchanged(student.sigmoid, CUBE)


@exercise("sigmoid_prime", points=2.5, after="sigmoid")
@given(x=values())
@example(x=CUBE)
@example(x=ROW)
@example(x=COLUMN)
def test_sigmoid_prime_agrees_with_its_formula(student, reference, x):
    """σ′(x) = s (1 − s) with s = σ(x), for arrays of any shape

    x is the argument of σ, so s has to be computed from it, once.
    """
    assert_like_reference(student.sigmoid_prime, reference.sigmoid_prime, x)


@exercise("sigmoid_prime", points=1.5, after="sigmoid")
@settings(max_examples=6)
@given(x=values(scale=1.5), seed=seeds, scale=SCALES)
def test_sigmoid_prime_is_the_slope_of_the_students_sigmoid(student, x, seed, scale):
    """σ′ is the slope of your own sigmoid, by central differences"""
    rng = np.random.default_rng(seed)
    cotangent = np.asarray(scale * rng.standard_normal(x.shape))
    slope = student.sigmoid_prime(x)
    assert_structure(slope, x)
    assert np.all(slope > 0), "σ′ is not above 0"
    assert_gradients(student.sigmoid, {"x": x}, [cotangent], {"x": cotangent * slope}, rng)


@exercise("sigmoid_prime", points=1, after="sigmoid")
@settings(max_examples=10)
@given(x=values(away_from_zero=0.01))
def test_sigmoid_prime_is_at_most_a_quarter(student, x):
    """σ′ is 0.25 at 0 and smaller everywhere else"""
    assert_close(student.sigmoid_prime(np.zeros(2)), np.full(2, 0.25), what="slope at 0")
    slope = student.sigmoid_prime(x)
    assert_structure(slope, x)
    if np.any(slope >= 0.25):
        raise StudentFailure("σ′ is not below 0.25", got=show(slope), expected="below 0.25")


@exercise("sigmoid_prime", points=0.5, after="sigmoid")
@settings(max_examples=6)
@given(x=values(largest=7.0))
def test_sigmoid_prime_is_even_and_falls_on_both_sides(student, x):
    """σ′(−x) = σ′(x), and σ′ falls on both sides of 0"""
    assert_falls_on_both_sides(student.sigmoid_prime, x)


@exercise("sigmoid_prime", points=0.5, after="sigmoid")
def test_sigmoid_prime_is_zero_far_out(student):
    """σ′ is 0 at ±1e4 and further out, without a warning"""
    for far in (1e4, -1e4, 1e6, -1e6):
        x = np.array([0.0, far])
        assert_close(student.sigmoid_prime(x), np.array([0.25, 0.0]))
        assert_silent(student.sigmoid_prime, x)


@exercise("sigmoid_prime", points=0.5, after="sigmoid")
def test_sigmoid_prime_takes_numbers_integers_and_empty_arrays(student, reference):
    """σ′ works for numbers, for integers and for empty arrays"""
    assert_like_reference(
        student.sigmoid_prime, reference.sigmoid_prime, 0.5, -2, np.array([[-3], [0], [1]]), EMPTY
    )


@exercise("sigmoid_prime", points=0.5, after="sigmoid")
def test_sigmoid_prime_leaves_x_unchanged(student):
    """sigmoid_prime leaves x unchanged"""
    assert_leaves_unchanged(student.sigmoid_prime, CUBE)


@exercise("tanh_prime", points=2.5)
@given(x=values(largest=5.0))
@example(x=CUBE)
@example(x=ROW)
@example(x=COLUMN)
def test_tanh_prime_agrees_with_its_formula(student, reference, x):
    """tanh′(x) = 1 − tanh²(x) for arrays of any shape

    x is the argument of tanh, so tanh has to be taken of it, once.
    """
    assert_like_reference(student.tanh_prime, reference.tanh_prime, x)


@exercise("tanh_prime", points=1)
@settings(max_examples=6)
@given(x=values(scale=1.0, largest=5.0), seed=seeds, scale=SCALES)
def test_tanh_prime_is_the_slope_of_tanh(student, x, seed, scale):
    """tanh′ is the slope of np.tanh, by central differences"""
    rng = np.random.default_rng(seed)
    cotangent = np.asarray(scale * rng.standard_normal(x.shape))
    slope = student.tanh_prime(x)
    assert_structure(slope, x)
    assert_gradients(lambda x: np.tanh(x), {"x": x}, [cotangent], {"x": cotangent * slope}, rng)


@exercise("tanh_prime", points=1)
@settings(max_examples=10)
@given(x=values(largest=5.0, away_from_zero=0.01))
def test_tanh_prime_lies_between_zero_and_one(student, x):
    """tanh′ is exactly 1 at 0, and between 0 and 1 elsewhere"""
    assert_close(student.tanh_prime(np.zeros(2)), np.ones(2), rtol=0.0, what="slope at 0")
    slope = student.tanh_prime(x)
    assert_structure(slope, x)
    if not np.all((slope > 0) & (slope < 1)):
        raise StudentFailure(
            "tanh′ leaves the interval (0, 1)", got=show(slope), expected="above 0 and below 1"
        )


@exercise("tanh_prime", points=0.5)
@settings(max_examples=6)
@given(x=values(largest=4.0))
def test_tanh_prime_is_even_and_falls_on_both_sides(student, x):
    """tanh′(−x) = tanh′(x), and tanh′ falls on both sides of 0"""
    assert_falls_on_both_sides(student.tanh_prime, x)


@exercise("tanh_prime", points=0.5)
def test_tanh_prime_takes_numbers_integers_and_empty_arrays(student, reference):
    """tanh′ works for numbers, for integers and for empty arrays"""
    assert_like_reference(
        student.tanh_prime, reference.tanh_prime, 0.5, -2, np.array([[-3], [0], [1]]), EMPTY
    )


@exercise("tanh_prime", points=0.5)
def test_tanh_prime_leaves_x_unchanged(student):
    """tanh_prime leaves x unchanged"""
    assert_leaves_unchanged(student.tanh_prime, CUBE)


@exercise("relu", points=3)
@given(x=values(scale=20.0, largest=np.inf))
@example(x=CUBE)
@example(x=ROW)
@example(x=COLUMN)
def test_relu_agrees_with_its_formula(student, reference, x):
    """relu(x) = max(x, 0), entry by entry"""
    assert_like_reference(student.relu, reference.relu, x)


@exercise("relu", points=0.5)
def test_relu_takes_numbers_integers_and_empty_arrays(student, reference):
    """relu works for numbers, for integers (and gives floats) and for empty arrays"""
    assert_like_reference(
        student.relu, reference.relu, 2.5, -1.5, np.array([[-3], [0], [4]]), EMPTY
    )


@exercise("relu", points=0.5)
def test_relu_leaves_x_unchanged(student):
    """relu leaves x unchanged

    `x[x < 0] = 0` and `np.maximum(x, 0, out=x)` write into the caller's array.
    """
    assert_leaves_unchanged(student.relu, CUBE)


@exercise("relu_prime", points=2.5, after="relu")
@given(x=values(scale=20.0, largest=np.inf, away_from_zero=0.01))
@example(x=CUBE)
@example(x=ROW)
@example(x=COLUMN)
def test_relu_prime_agrees_with_its_formula(student, reference, x):
    """relu′(x) is 1 where x > 0 and 0 where x < 0"""
    assert_close(as_floats(student.relu_prime(x)), reference.relu_prime(x))


@exercise("relu_prime", points=1, after="relu")
def test_relu_prime_is_zero_at_the_kink(student):
    """relu′(0) = 0: the value that this course has chosen"""
    x = np.array([1.0, 0.0, -0.0, 0.01])
    assert_close(as_floats(student.relu_prime(x)), np.array([1.0, 0.0, 0.0, 1.0]))


@exercise("relu_prime", points=0.5, after="relu")
@settings(max_examples=5)
@given(x=values(away_from_zero=0.01))
def test_relu_prime_gives_floats(student, reference, x):
    """relu′ gives float64 numbers, for floats and for integers

    A comparison gives truth values, and numbers without a decimal point make an array of integers:
    `~`, `-` or `+` do something else with those.
    """
    for each in (x, np.where(x > 0, 2, -1)):
        assert_structure(student.relu_prime(each), reference.relu_prime(each))


@exercise("relu_prime", points=0.5, after="relu")
def test_relu_prime_takes_numbers_and_empty_arrays(student):
    """relu′ works for numbers and for empty arrays"""
    for x, slope in ((2.5, 1.0), (-1.5, 0.0), (3, 1.0), (EMPTY, EMPTY)):
        assert_close(as_floats(student.relu_prime(x)), slope)


@exercise("relu_prime", points=0.5, after="relu")
def test_relu_prime_leaves_x_unchanged(student):
    """relu_prime leaves x unchanged"""
    assert_leaves_unchanged(student.relu_prime, CUBE)


def words(shape, seed):
    """Scores (N, T, V), right words (N, T) and a mask (N, T) that leaves at least one step."""
    rng = np.random.default_rng(seed)
    scores = np.clip(np.round(1.5 * rng.standard_normal(shape), 2), -4.0, 4.0)
    mask = rng.integers(2, size=shape[:2])
    mask.flat[rng.integers(mask.size)] = 1
    return scores, rng.integers(shape[2], size=shape[:2]), mask


BATCHES = st.builds(
    words, st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(2, 5)), seeds
)
SHAPES = [words(shape, 1) for shape in ((2, 3, 4), (1, 3, 4), (4, 1, 3), (3, 4, 2))]


def assert_result(got, expected):
    """Assert that a loss and its dscores are the expected ones."""
    assert_structure(got, expected)
    for name, ours, wanted in zip(("loss", "dscores"), got, expected, strict=True):
        assert_close(ours, wanted, what=name)


def loss_of(student, *args):
    """The student's loss, which must not be 0 where nothing is certain."""
    loss = student.softmax_cross_entropy(*args)[0]
    assert_structure(loss, 0.0, what="loss")
    assert loss > 0, "the loss is not above 0, although no prediction is certain"
    return loss


@exercise("softmax_cross_entropy", points=4)
@given(batch=BATCHES)
@example(batch=SHAPES[0])
@example(batch=SHAPES[1])
@example(batch=SHAPES[2])
@example(batch=SHAPES[3])
def test_loss_agrees_with_its_formula(student, reference, batch):
    """The loss is the sum of −log p over the steps, averaged over the N sequences

    Divide by N, the number of sequences: not by the number of steps, of words or of mask entries.
    """
    scores, y, _ = batch
    loss, _ = student.softmax_cross_entropy(scores, y, np.ones(y.shape))
    assert_close(loss, reference.softmax_cross_entropy(scores, y, np.ones(y.shape))[0], what="loss")


@exercise("softmax_cross_entropy", points=4)
@given(batch=BATCHES)
@example(batch=SHAPES[0])
@example(batch=SHAPES[1])
@example(batch=SHAPES[2])
@example(batch=SHAPES[3])
def test_dscores_agree_with_their_formula(student, reference, batch):
    """dscores = (p − 1 at the right word) / N, where no step is masked

    Only the entry of the right word gets the −1, and everything is divided by N, as the loss is.
    """
    scores, y, _ = batch
    _, dscores = student.softmax_cross_entropy(scores, y, np.ones(y.shape))
    _, expected = reference.softmax_cross_entropy(scores, y, np.ones(y.shape))
    assert_close(dscores, expected, what="dscores")


@exercise("softmax_cross_entropy", points=1)
@settings(max_examples=6)
@given(batch=BATCHES, seed=seeds)
def test_dscores_are_the_gradient_of_the_students_loss(student, batch, seed):
    """dscores is the gradient of your own loss, by central differences"""
    scores, y, _ = batch
    mask = np.ones(y.shape)
    _, dscores = student.softmax_cross_entropy(scores, y, mask)
    assert_gradients(
        lambda scores: loss_of(student, scores, y, mask),
        {"scores": scores},
        [np.asarray(20.0)],
        {"scores": 20.0 * np.asarray(dscores)},
        np.random.default_rng(seed),
    )


@exercise("softmax_cross_entropy", points=1.5)
@settings(max_examples=8)
@given(batch=BATCHES)
@example(batch=SHAPES[0])
def test_masked_steps_do_not_count_in_the_loss(student, batch):
    """Only the steps whose mask is 1 count in the loss: any mask and its opposite share all of it

    Multiply each step's −log p by its mask before you sum. What is left is divided by N as ever:
    not by the number of steps that count.
    """
    scores, y, mask = batch
    whole = loss_of(student, scores, y, np.ones(mask.shape))
    parts = [student.softmax_cross_entropy(scores, y, part)[0] for part in (mask, 1 - mask)]
    for part in parts:
        assert_structure(part, whole, what="loss")
    if mask.min() == 1:
        assert_close(parts[1], 0.0, what="loss where all is masked")
    assert_close(sum(parts), whole, what="loss of the two parts together")


@exercise("softmax_cross_entropy", points=1.5)
@settings(max_examples=8)
@given(batch=BATCHES)
@example(batch=SHAPES[0])
def test_masked_steps_get_no_gradient(student, batch):
    """dscores is exactly 0 at masked steps, and only there

    The mask has to reach the gradient too: what is masked in the loss alone still trains the
    network.
    """
    scores, _, mask = batch
    dscores = student.softmax_cross_entropy(*batch)[1]
    assert_structure(dscores, scores, what="dscores")
    for n, t in np.ndindex(mask.shape):
        step = dscores[n, t]
        if mask[n, t] == 0 and np.any(step != 0):
            raise StudentFailure(
                f"dscores[{n}, {t}] is not 0 although mask[{n}, {t}] is 0",
                got=show(step),
                expected=show(np.zeros_like(step)),
            )
        if mask[n, t] == 1 and np.all(step == 0):
            raise StudentFailure(f"dscores[{n}, {t}] is 0 although mask[{n}, {t}] is 1")


@exercise("softmax_cross_entropy", points=0.5)
def test_all_steps_may_be_masked(student):
    """If every step is masked, the loss is 0 and so is dscores

    For NaN: a division by the sum of the mask is a division by 0 here.
    """
    scores, y, mask = words((1, 2, 3), 2)
    loss_of(student, scores, y, np.ones(mask.shape))
    result = student.softmax_cross_entropy(scores, y, np.zeros(mask.shape))
    assert_result(result, (0.0, np.zeros(scores.shape)))


@exercise("softmax_cross_entropy", points=0.5)
def test_masks_may_be_truth_values_integers_or_floats(student):
    """The mask may hold truth values, integers or floats: the result is the same

    Arithmetic that works for 0 and 1 may not work for False and True, and the other way round.
    """
    scores, y, _ = words((1, 2, 3), 4)
    mask = np.array([[1.0, 0.0]])
    loss_of(student, scores, y, mask)
    expected = student.softmax_cross_entropy(scores, y, mask)
    for kind in (bool, int):
        assert_result(student.softmax_cross_entropy(scores, y, mask.astype(kind)), expected)


def assert_shift_changes_nothing(student, batch, shifts, seed):
    """Assert that one of ``shifts``, drawn for each step, may be added to all its scores."""
    scores, y, _ = batch
    mask = np.ones(y.shape)
    loss_of(student, scores, y, mask)
    expected = student.softmax_cross_entropy(scores, y, mask)
    shifted = scores + np.random.default_rng(seed).choice(shifts, size=(*y.shape, 1))
    assert_result(student.softmax_cross_entropy(shifted, y, mask), expected)
    assert_silent(student.softmax_cross_entropy, shifted, y, mask)


@exercise("softmax_cross_entropy", points=0.5)
@settings(max_examples=4)
@given(batch=BATCHES, seed=seeds)
def test_a_shift_of_all_scores_of_a_step_changes_nothing(student, batch, seed):
    """Adding the same number to all V scores of a step changes neither loss nor dscores"""
    assert_shift_changes_nothing(student, batch, (-30.0, 10.0, 50.0), seed)


@exercise("softmax_cross_entropy", points=1)
@settings(max_examples=4)
@given(batch=BATCHES, seed=seeds)
@example(batch=SHAPES[0], seed=1)
def test_a_large_shift_changes_nothing(student, batch, seed):
    """Nor does it change anything, or give a warning, to add 1e3 to one step and −1e3 to another

    exp(1000) overflows, and exp(−1000) is 0: subtract the largest score before you exponentiate,
    for each step its own.
    """
    assert_shift_changes_nothing(student, batch, (-1e3, 1e3), seed)


@exercise("softmax_cross_entropy", points=1)
@settings(max_examples=4)
@given(size=st.sampled_from((1e3, 1e4, 1e5, 1e6)))
def test_large_differences_between_scores_are_no_danger(student, reference, size):
    """Scores of ±1e3 to ±1e6 in one step give neither a NaN, nor an infinite loss, nor a warning

    The loss of a very unlikely word is large, and finite. Its p has underflowed to 0: take log p
    from the shifted scores, without going through p.
    """
    scores = size * np.array([[[0.0, -1.0, 1.0, 1.0]]])
    for word in (1, 3, 0):
        args = scores, np.array([[word]]), np.ones((1, 1))
        result = student.softmax_cross_entropy(*args)
        assert_result(result, reference.softmax_cross_entropy(*args))
        assert_silent(student.softmax_cross_entropy, *args)


@exercise("softmax_cross_entropy", points=0.5)
def test_softmax_cross_entropy_leaves_its_arguments_unchanged(student):
    """softmax_cross_entropy leaves its arguments unchanged

    `scores -= …` and `scores[…] -= …` write into the caller's array.
    """
    batch = words((1, 2, 3), 5)
    loss_of(student, *batch)
    assert_pure(student.softmax_cross_entropy, *batch)


ELEMENTWISE = {"np.sin": (np.sin, np.cos), "np.exp": (np.exp, np.exp)}


def assert_gradient(student, function, x, df, exact):
    """Assert that the student's numerical gradient of ``function`` at x is ``exact``, to 1e-7."""
    gradient = student.numerical_gradient(function, x, df)
    assert_close(gradient, exact, rtol=1e-7, what="gradient")


def assert_elementwise_gradient(student, name, x, scale, seed):
    """Assert the gradient of one of ELEMENTWISE at x, with a random cotangent."""
    function, slope = ELEMENTWISE[name]
    df = np.round(scale * np.random.default_rng(seed).uniform(0.5, 1.5, x.shape), 2)
    assert_gradient(student, Watched(name, function, x.shape), x, df, df * slope(x))


@exercise("numerical_gradient", points=4)
@settings(max_examples=8)
@given(
    x=arrays(shapes(2, most=4), largest=1.5),
    name=st.sampled_from(sorted(ELEMENTWISE)),
    scale=st.sampled_from((1.0, -20.0)),
    seed=seeds,
)
def test_numerical_gradient_agrees_with_the_derivative(student, x, name, scale, seed):
    """The gradient of sin and exp, under a random cotangent df, is right to 1e-7

    Right to five digits only? Then the differences are one-sided. Twice as large? x + h and x − h
    are 2h apart. Otherwise: is each difference weighed with df?
    """
    assert_elementwise_gradient(student, name, x, scale, seed)


@exercise("numerical_gradient", points=1)
@settings(max_examples=6)
@given(
    x=arrays(st.sampled_from(((3,), (1,), (2, 3, 1), (1, 2, 2))), largest=1.5),
    name=st.sampled_from(sorted(ELEMENTWISE)),
    seed=seeds,
)
def test_numerical_gradient_takes_any_number_of_axes(student, x, name, seed):
    """x may have one axis, two or three

    If two axes work and others do not: a loop over `x.shape[0]` and `x.shape[1]` knows no others;
    `np.ndindex(x.shape)` does.
    """
    assert_elementwise_gradient(student, name, x, 1.0, seed)


@exercise("numerical_gradient", points=3)
@settings(max_examples=6)
@given(sizes=st.sampled_from(((2, 3, 4), (1, 3, 2), (3, 1, 2), (2, 3, 1))), seed=seeds)
def test_numerical_gradient_of_a_matrix_valued_function(student, sizes, seed):
    """f may have an output of another shape than x: every entry of x may move all of f

    For each entry of x, move that entry alone and sum df times the difference over the *whole*
    output of f.
    """
    N, D, H = sizes
    rng = np.random.default_rng(seed)
    x, W, df = (np.round(rng.standard_normal(n), 2) for n in ((N, D), (D, H), (N, H)))
    product = Watched("lambda x: x @ W", lambda x: x @ W, (N, D))
    assert_gradient(student, product, x, df, df @ W.T)


@exercise("numerical_gradient", points=1)
def test_numerical_gradient_of_a_number(student):
    """f may return a number, and df is then a number too"""
    x = np.array([[0.5, -1.25, 2.0]])
    square = Watched("lambda x: np.sum(x) ** 2", lambda x: np.sum(x) ** 2, (1, 3))
    assert_gradient(student, square, x, -20.0, np.full((1, 3), -40.0 * np.sum(x)))


@exercise("numerical_gradient", points=2)
@settings(max_examples=4)
@given(x=arrays(shapes(1, most=3), largest=1.0))
def test_the_error_falls_with_the_square_of_h(student, x):
    """The error falls as h²: with a tenth of the step, to a hundredth

    With one-sided differences it falls to a tenth only. If the result does not change at all, the
    function does not use the h that it is given.
    """
    df = np.full(x.shape, -2.0)
    exponential = Watched("np.exp", np.exp, x.shape)
    results = [student.numerical_gradient(exponential, x, df, h) for h in (0.1, 0.01, 0.001)]
    for result in results:
        assert_structure(result, x, what="gradient")
    first, second = (float(np.max(np.abs(b - a))) for a, b in itertools.pairwise(results))
    if not second < first / 50:
        raise StudentFailure(
            "the error does not fall as h²",
            got=f"a change of {first:.2g} from h = 0.1 to 0.01, of {second:.2g} from 0.01 to 0.001",
            expected="a second change of about a hundredth of the first",
        )


@exercise("numerical_gradient", points=1)
@settings(max_examples=4)
@given(x=arrays(shapes(2, most=3)), seed=seeds)
def test_numerical_gradient_of_the_identity(student, x, seed):
    """f may return the very array that it is given: the gradient of f(x) = x is df

    If the gradient is 0, both results are the same array: copy the first one before you change x
    again.
    """
    df = np.round(np.random.default_rng(seed).uniform(0.5, 2.0, x.shape), 2)
    assert_gradient(student, Watched("lambda x: x", lambda x: x, x.shape), x, df, df)


@exercise("numerical_gradient", points=1)
def test_numerical_gradient_leaves_x_bitwise_unchanged(student):
    """x is afterwards what it was, to the last bit

    Adding h and subtracting it again need not give the old number: keep the old value and put it
    back, or move a copy.
    """
    x, df = np.array([[0.5, 1.2], [0.7, 3.1e-7]]), np.ones((2, 2))
    function = Watched("np.sin", np.sin, x.shape)
    assert_pure(student.numerical_gradient, function, x, df)
    assert function.seen, "the gradient is found without calling f"


def pair(a, seed):
    """a, and a second array of its shape that differs in every entry; neither is near 0."""
    b = np.round(3.0 * np.random.default_rng(seed).standard_normal(a.shape), 2)
    return a, b + np.copysign(0.105, b)


PAIRS = st.builds(pair, values(largest=np.inf, away_from_zero=0.1), seeds)


def error_of(student, a, b):
    """The student's relative error of two arrays that differ."""
    error = student.relative_error(a, b)
    assert_structure(error, 0.0)
    assert error > 0, "it is not above 0, although a and b differ"
    return error


@exercise("relative_error", points=3)
@given(pair=PAIRS)
@example(pair=(CUBE, CUBE**2 - 1.0))
@example(pair=(ROW, 2.0 - ROW))
@example(pair=(COLUMN, -0.5 * COLUMN))
def test_relative_error_agrees_with_its_formula(student, reference, pair):
    """It is the largest entry of |a − b| / (|a| + |b|)

    Divide entry by entry, then take the maximum; and take absolute values of a and of b, before
    they are added.
    """
    assert_close(student.relative_error(*pair), reference.relative_error(*pair))


@exercise("relative_error", points=0.5)
@settings(max_examples=8)
@given(pair=PAIRS)
def test_relative_error_is_symmetric(student, pair):
    """relative_error(a, b) = relative_error(b, a), and it is above 0 where a and b differ"""
    a, b = pair
    error = error_of(student, a, b)
    assert_close(student.relative_error(b, a), error, what="relative error of b and a")


@exercise("relative_error", points=1.5)
@settings(max_examples=6)
@given(pair=PAIRS)
def test_two_zeros_agree(student, pair):
    """An entry that is 0 in both arrays counts as 0: it changes nothing, and gives no warning

    0 / 0 is NaN in NumPy, with a warning, and one NaN spoils the maximum of all entries.
    """
    error = error_of(student, *pair)
    a, b = (np.append(each, 0.0) for each in pair)
    assert_close(student.relative_error(a, b), error, what="relative error with zeros")
    zeros = np.zeros((2, 3))
    assert_close(student.relative_error(zeros, zeros), 0.0, what="relative error of zeros")
    for arrays_with_zeros in ((a, b), (zeros, zeros)):
        assert_silent(student.relative_error, *arrays_with_zeros)


@exercise("relative_error", points=1.5)
def test_relative_error_refuses_other_shapes(student):
    """Arrays of different shapes raise ValueError, also where NumPy would broadcast

    NumPy stretches (3, 1) and (3,) to (3, 3) without a word: compare the shapes yourself, first.
    """
    a = np.array([1.0, 2.0, 3.0])
    for b in (a[:, None], a[None, :], a[:1], np.float64(2.0), np.ones((2, 3))):
        assert_raises(student.relative_error, ValueError, a, b)
        assert_raises(student.relative_error, ValueError, b, a)


@exercise("relative_error", points=1)
@settings(max_examples=6)
@given(pair=PAIRS, power=st.sampled_from((-60, -30, 30)))
def test_relative_error_does_not_depend_on_the_scale(student, pair, power):
    """The error of c·a and c·b is that of a and b, for very small and very large c

    A constant added to the denominator, or a smallest value for it, hides errors in small numbers.
    """
    error = error_of(student, *pair)
    a, b = (2.0**power * each for each in pair)
    assert_close(student.relative_error(a, b), error, what="relative error of c·a and c·b")


@exercise("relative_error", points=0.5)
def test_relative_error_takes_numbers(student):
    """a and b may be two numbers"""
    for a, b, error in ((1.0, 3.0, 0.5), (-2.0, 2.0, 1.0), (0.0, 3, 1.0), (3, 1, 0.5)):
        assert_close(student.relative_error(a, b), error)


@exercise("relative_error", points=0.5)
def test_relative_error_takes_empty_arrays(student):
    """Arrays without entries give 0.0

    The maximum of nothing is an error in NumPy, unless it is told where to begin.
    """
    assert_close(student.relative_error(EMPTY, EMPTY), 0.0)


@exercise("relative_error", points=0.5)
def test_relative_error_leaves_its_arguments_unchanged(student):
    """relative_error leaves a and b unchanged"""
    a, b = CUBE, CUBE + 1.0
    error_of(student, a, b)
    assert_pure(student.relative_error, a, b)


def layer(x, W, b):
    """Linear in each input, so that only the test about curvature depends on the difference."""
    return x @ W + b  # (N, H)


def layer_gradients(dout, x, W, b):
    """The right vjp of ``layer``."""
    return dout @ W.T, x.T @ dout, np.sum(dout, axis=0)


def layer_inputs(shape, seed):
    """x (N, D), W (D, H) and b (H,) of moderate size."""
    N, D, H = shape
    rng = np.random.default_rng(seed)
    return tuple(np.round(rng.uniform(0.2, 0.9, n), 2) for n in ((N, D), (D, H), (H,)))


LAYERS = st.builds(layer_inputs, st.sampled_from(((2, 3, 4), (1, 3, 2), (3, 1, 2))), seeds)


class Judged:
    """``gradient_check`` of a student, asked about one function f at one place."""

    def __init__(self, student, label, f, right, inputs, seed):
        self.check, self.right = student.gradient_check, right
        self.inputs, self.seed, self.is_accepted = inputs, seed, False
        shapes_in = [x.shape for x in inputs]
        self.f = Watched(label, f, *shapes_in)
        self.takes = np.shape(f(*inputs)), *shapes_in

    def ask(self, vjp):
        """What the student's function answers and does for ``vjp``, which must be called."""
        watched = Watched("vjp", vjp, *self.takes)
        before = len(self.f.seen)
        reply = self.check.reply(self.f, watched, self.inputs, np.random.default_rng(self.seed))
        if np.asarray(reply.value).dtype != bool or np.shape(reply.value) != ():
            raise StudentFailure(
                "`gradient_check` answers neither True nor False",
                got=describe(reply.value),
                expected="True or False",
            )
        if reply.value and not (watched.seen and len(self.f.seen) > before):
            raise StudentFailure("`gradient_check` says True without having called f and vjp")
        return reply

    def accepts(self):
        """Assert that the student finds the right vjp right."""
        if not self.ask(self.right).value:
            raise StudentFailure(
                "`gradient_check` rejects a vjp that is right", got="False", expected="True"
            )
        self.is_accepted = True

    def rejects(self, vjp, because):
        """Assert that the student finds ``vjp`` wrong, and does not find the right one wrong."""
        if not self.is_accepted:
            self.accepts()
        if self.ask(vjp).value:
            raise StudentFailure(
                f"`gradient_check` accepts a vjp {because}", got="True", expected="False"
            )


def judged_layer(student, inputs, seed=0):
    """``gradient_check`` of the student, to be asked about ``layer``."""
    return Judged(student, "lambda x, W, b: x @ W + b", layer, layer_gradients, inputs, seed)


def changed(which, change):
    """The vjp of ``layer`` with its gradient number ``which`` put through ``change``."""

    def vjp(*args):
        gradients = list(layer_gradients(*args))
        gradients[which] = change(gradients[which])
        return tuple(gradients)

    return vjp


def with_one_entry_off(gradient):
    """``gradient`` with its largest entry 10 % too large."""
    wrong = np.array(gradient)
    wrong.flat[np.argmax(np.abs(gradient))] *= 1.1
    return wrong


@exercise("gradient_check", points=2.5)
@settings(max_examples=2)
@given(inputs=LAYERS, seed=seeds)
def test_right_gradients_are_accepted(student, inputs, seed):
    """A right vjp is accepted: of one input, of several, and of a function that gives a number

    Central differences with h = 1e-5 agree with a right gradient to 1e-6; one-sided ones do not.
    """
    x, W, _ = inputs
    asked = {
        "np.exp": (np.exp, lambda dout, x: (dout * np.exp(x),), (x,)),
        "lambda W: np.sum(W**3)": (
            lambda W: np.sum(W**3),
            lambda dout, W: (3.0 * dout * W**2,),
            (W,),
        ),
        "lambda x, W, b: np.sin(x @ W + b)": (
            lambda *args: np.sin(layer(*args)),
            lambda dout, *args: layer_gradients(dout * np.cos(layer(*args)), *args),
            inputs,
        ),
    }
    for label, question in asked.items():
        Judged(student, label, *question, seed).accepts()


@exercise("gradient_check", points=0.5)
def test_a_gradient_of_almost_zero_is_accepted(student):
    """A right vjp is accepted where its gradient is almost 0

    Below 1 the tolerance is absolute, that is what the `max(1, …)` is for: a relative error of
    numbers that are only round-off says nothing.
    """
    top = np.full((2, 3), np.pi / 2)
    Judged(student, "np.sin", np.sin, lambda dout, x: (dout * np.cos(x),), (top,), 6).accepts()


@exercise("gradient_check", points=3)
@settings(max_examples=3)
@given(inputs=LAYERS, seed=seeds)
def test_a_single_wrong_entry_is_found_in_each_input(student, inputs, seed):
    """A vjp with one entry 10 % off is rejected, whichever input's gradient it is in

    Each input has to be moved, and its own gradient compared.
    """
    judged = judged_layer(student, inputs, seed)
    for which, name in ((2, "b"), (1, "W"), (0, "x")):
        wrong = changed(which, with_one_entry_off)
        judged.rejects(wrong, f"whose gradient of {name} is 10 % off in one entry")


@exercise("gradient_check", points=1.5)
@settings(max_examples=2)
@given(seed=seeds)
def test_a_transposed_weight_gradient_is_found(student, seed):
    """A vjp that returns the gradient of a square weight matrix transposed is rejected"""
    judged = judged_layer(student, layer_inputs((2, 3, 3), seed), seed)
    judged.rejects(changed(1, np.transpose), "whose gradient of the square W is transposed")


@exercise("gradient_check", points=1.5)
@settings(max_examples=2)
@given(inputs=LAYERS, seed=seeds)
def test_a_vjp_that_ignores_dout_is_found(student, inputs, seed):
    """A vjp that forgets its dout is rejected

    With a dout of ones, forgetting it goes unnoticed: draw it at random.
    """
    judged = judged_layer(student, inputs, seed)
    judged.rejects(
        lambda dout, *inputs: layer_gradients(np.ones(dout.shape), *inputs),
        "that does not use its dout",
    )


@exercise("gradient_check", points=1.5)
@settings(max_examples=2)
@given(seed=seeds)
def test_errors_that_cancel_in_the_sum_are_found(student, seed):
    """A vjp whose errors add up to 0 is rejected

    Along a direction of ones only the sum of the gradient counts: draw the direction at random.
    """
    judged = judged_layer(student, layer_inputs((3, 2, 4), seed), seed)
    for which, name in ((1, "W"), (2, "b")):
        wrong = changed(which, lambda gradient: gradient + 0.3 * np.sign(np.arange(4) - 1.5))
        judged.rejects(wrong, f"with errors in the gradient of {name} that add up to 0")


@exercise("gradient_check", points=1)
def test_an_error_of_a_thousandth_is_found(student):
    """A vjp that is 0.1 % too large everywhere is rejected

    The tolerance is 1e-6, not a per cent: right gradients agree that well in float64.
    """
    judged = judged_layer(student, layer_inputs((2, 3, 4), 7))
    judged.rejects(
        lambda *args: tuple(1.001 * gradient for gradient in layer_gradients(*args)),
        "that is 0.1 % too large",
    )


@exercise("gradient_check", points=1)
def test_gradients_of_another_shape_are_rejected(student):
    """A gradient that has not exactly the shape of its input is answered by False

    Sums and products with NumPy's broadcasting hide a wrong shape, or raise an exception: compare
    the shapes first.
    """
    judged = judged_layer(student, layer_inputs((2, 3, 4), 8))
    judged.rejects(changed(2, lambda db: db[None, :]), "whose db is of shape (1, 4), not (4,)")
    judged.rejects(changed(1, np.transpose), "whose dW is of shape (4, 3), not (3, 4)")


@exercise("gradient_check", points=0.5)
def test_missing_and_surplus_gradients_are_rejected(student):
    """A vjp with a gradient too few or too many is answered by False

    `zip` stops silently at the shorter of two sequences.
    """
    judged = judged_layer(student, layer_inputs((2, 3, 4), 9))
    judged.rejects(lambda *args: layer_gradients(*args)[:2], "with two gradients for three inputs")
    judged.rejects(
        lambda *args: (*layer_gradients(*args), np.zeros(2)), "with four gradients for three inputs"
    )


@exercise("gradient_check", points=0.5)
def test_a_nan_is_rejected(student):
    """A NaN in a gradient is answered by False

    Every comparison with NaN is false, so "if the difference is too large: wrong" never notices.
    """
    judged = judged_layer(student, layer_inputs((2, 3, 4), 10))
    with_nan = changed(0, lambda dx: np.where(dx == dx[0, 1], np.nan, dx))
    judged.rejects(with_nan, "with a NaN in a gradient")


@exercise("gradient_check", points=0.5)
def test_the_answer_is_a_python_bool(student):
    """The answer is True or False of Python's own type bool

    A comparison of NumPy numbers gives a NumPy bool: `bool(…)` converts it.
    """
    judged = judged_layer(student, layer_inputs((1, 2, 2), 11))
    for vjp, expected in ((layer_gradients, True), (changed(0, np.negative), False)):
        answer = judged.ask(vjp).value
        if answer is not expected:
            raise StudentFailure(
                f"the answer is not the Python bool {expected}",
                got=f"{show(answer)}, of type {type(answer).__name__}",
                expected=f"{expected}, of type bool",
            )


@exercise("gradient_check", points=0.5)
def test_all_randomness_comes_from_rng(student):
    """The directions come from rng: another rng gives others, the same rng the same

    A generator made inside the function draws the same numbers in every call; NumPy's global one
    cannot be repeated.
    """
    x = np.array([[0.5, -1.0, 1.5]])

    def moves(seed):
        judged = Judged(student, "np.negative", np.negative, lambda dout, x: (-dout,), (x,), seed)
        judged.accepts()
        return [moved for (moved,) in judged.f.seen]

    first, again, other = moves(1), moves(1), moves(2)
    assert np.array_equal(first, again), "equal generators do not give equal directions"
    assert not np.array_equal(first, other), "different generators give the same directions"


@exercise("gradient_check", points=0.5)
def test_gradient_check_leaves_inputs_unchanged(student):
    """gradient_check leaves inputs and its arrays unchanged

    `x += h * v` moves the caller's array, and taking it back need not give the old numbers.
    """
    reply = judged_layer(student, layer_inputs((2, 3, 4), 13)).ask(layer_gradients)
    assert not reply.mutated, "`gradient_check` changes the arrays in inputs: move copies of them"
