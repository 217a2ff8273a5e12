"""The graded tests of assignment 5: the public properties, on more and other inputs."""

from __future__ import annotations

import inspect

import numpy as np
from autograder.compare import (
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_silent,
    assert_structure,
    describe,
    show,
)
from autograder.model import StudentFailure
from autograder.strategies import seeds, tensors
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.suite import exercise

SIZES = st.tuples(st.integers(1, 5), st.integers(1, 5))
SCALES = st.sampled_from((1.0, 0.5, 2.0))
FACTORS = st.sampled_from((0.1, 0.5, 0.9))
NEARLY = 1e-5  # for a right idea with a small constant in it: one test asks for the last digits

# three arrays of different sizes and numbers of axes, with entries beyond 1 and −1
MIXED = {
    "W": np.array([[2.5, -0.5], [0.25, -3.0], [0.75, 1.5]]),
    "b": np.array([-0.125, 4.0]),
    "cube": np.linspace(-2.25, 0.5, 8).reshape(2, 2, 2),
}
ZEROS = {name: np.zeros(g.shape) for name, g in MIXED.items()}
SINGLE = {"only one": np.array([3.0, -4.0])}


def norm_of(grads):
    """The global norm of a dict of arrays."""
    return float(np.sqrt(sum(np.sum(np.square(g)) for g in grads.values())))


def scaled(grads, factor):
    """Each array of ``grads`` times ``factor``."""
    return {name: factor * g for name, g in grads.items()}


def with_entry(grads, which, entry, value):
    """A copy of ``grads`` where one entry of its array number ``which`` is ``value``."""
    copies = {name: np.array(g) for name, g in grads.items()}
    name = list(copies)[which % len(copies)]
    copies[name].flat[entry % copies[name].size] = value
    return copies


# of three arrays or two, with a last entry that is large, so that there is something to clip
GRADS = st.one_of(
    tensors(scale=3.0, Wx="DH", Wh="HH", b="H"), tensors(scale=3.0, E="NTD", bias="T")
).map(lambda grads: with_entry(grads, -1, -1, -3.5))


def rng_of(seed):
    """A fresh generator: a student and the reference get equal ones."""
    return np.random.default_rng(seed)


def initial(student, reference, sizes, scale, seed):
    """Wx, Wh and b of the student and of the reference."""
    weights = student.identity_init(*sizes, scale, rng_of(seed))
    if not isinstance(weights, tuple | list) or len(weights) != 3:
        raise StudentFailure(
            "`identity_init` does not return three arrays, Wx, Wh and b", got=describe(weights)
        )
    return weights, reference.identity_init(*sizes, scale, rng_of(seed))


@exercise("identity_init", points=3)
@settings(max_examples=10)
@given(sizes=SIZES, scale=SCALES, seed=seeds)
@example(sizes=(3, 4), scale=1.0, seed=1)
@example(sizes=(2, 1), scale=0.9, seed=2)
def test_recurrent_matrix_is_a_multiple_of_the_identity(student, reference, sizes, scale, seed):
    """Wh (H, H) has scale on its diagonal and 0 elsewhere"""
    weights, expected = initial(student, reference, sizes, scale, seed)
    assert_close(weights[1], expected[1], what="weight matrix Wh")


@exercise("identity_init", points=2)
@settings(max_examples=10)
@given(sizes=SIZES, scale=SCALES, seed=seeds)
@example(sizes=(3, 4), scale=0.5, seed=1)
@example(sizes=(1, 3), scale=1.0, seed=2)
def test_input_weights_are_gaussian(student, reference, sizes, scale, seed):
    """Wx (D, H) is rng.standard_normal((D, H)) / sqrt(D)

    If only the size is off: the divisor is the root of D, and scale is for Wh alone.
    """
    weights, expected = initial(student, reference, sizes, scale, seed)
    assert_close(weights[0], expected[0], what="weight matrix Wx")


@exercise("identity_init", points=1.5)
@settings(max_examples=6)
@given(sizes=SIZES, seed=seeds)
@example(sizes=(3, 4), seed=1)
def test_bias_is_zero(student, reference, sizes, seed):
    """b is an array of H zeros, of one axis"""
    weights, expected = initial(student, reference, sizes, 1.0, seed)
    assert_close(weights[2], expected[2], what="bias b")


@exercise("identity_init", points=1.5)
@settings(max_examples=5)
@given(sizes=SIZES, seed=seeds)
@example(sizes=(2, 4), seed=1)
def test_relu_network_starts_with_jacobians_of_exactly_one(student, reference, sizes, seed):
    """With scale = 1 and active ReLU units, the Jacobian product of 20 steps is exactly I"""
    (Wx, Wh, b), expected = initial(student, reference, sizes, 1.0, seed)
    assert_structure((Wx, Wh, b), expected, what="weights")
    x_seq = np.random.default_rng(seed).uniform(0.0, 0.1, (20, sizes[0]))
    h, product = np.full(sizes[1], 50.0), np.eye(sizes[1])
    for x in x_seq:
        a = x @ Wx + h @ Wh + b
        h, product = np.maximum(a, 0.0), ((a > 0)[:, None] * Wh.T) @ product
    assert_bitwise_equal(product, np.eye(sizes[1]), what="Jacobian product")


@exercise("identity_init", points=1)
def test_identity_init_draws_from_rng(student):
    """Wx comes from rng: equal generators give equal weights, another one gives others

    A generator made inside the function draws the same numbers in every call; NumPy's global one
    cannot be repeated.
    """

    def drawn(seed):
        return np.asarray(student.identity_init(3, 4, 1.0, rng_of(seed))[0])

    assert_repeatable(drawn)


def assert_repeatable(drawn):
    """Assert that ``drawn(seed)`` depends on the seed, and on nothing else."""
    first, again, other = drawn(1), drawn(1), drawn(2)
    assert np.array_equal(first, again), "equal generators do not give equal numbers"
    assert not np.array_equal(first, other), "different generators give the same numbers"


def orthogonal(student, H, seed):
    """The student's matrix, of the right shape and, from 2 by 2, with no entry that is just 0."""
    Q = student.orthogonal_init(H, rng_of(seed))
    assert_structure(Q, np.zeros((H, H)), what="Q")
    if H > 1 and not np.all(Q):
        raise StudentFailure(
            "Q has entries that are exactly 0: it is not a random orthogonal matrix", got=show(Q)
        )
    return Q


@exercise("orthogonal_init", points=4)
@settings(max_examples=10)
@given(H=st.integers(1, 8), seed=seeds)
@example(H=2, seed=1)
@example(H=20, seed=2)
def test_columns_are_orthonormal(student, H, seed):
    """Qᵀ Q = I, to 1e-12

    The diagonal of Qᵀ Q holds the squared lengths of the columns, the rest their inner products.
    """
    Q = orthogonal(student, H, seed)
    assert_close(Q.T @ Q, np.eye(H), rtol=1e-12, what="product Qᵀ Q")


@exercise("orthogonal_init", points=1.5)
@settings(max_examples=6)
@given(H=st.integers(2, 6), seed=seeds)
def test_lengths_do_not_change(student, H, seed):
    """A vector has the same length after 100 products with Q"""
    Q = orthogonal(student, H, seed)
    v = np.random.default_rng(seed).uniform(0.5, 1.5, H)
    length = float(np.linalg.norm(v))
    with np.errstate(over="ignore", invalid="ignore"):
        moved = float(np.linalg.norm(v @ np.linalg.matrix_power(Q, 100)))
    assert_close(moved, length, what="length after 100 steps")


@exercise("orthogonal_init", points=1.5)
@settings(max_examples=8)
@given(H=st.integers(2, 5), seed=seeds)
def test_decomposition_has_a_positive_diagonal(student, reference, H, seed):
    """Q is that of A = Q R with a positive diagonal of R, and A = rng.standard_normal((H, H))

    If some columns have the wrong sign, the diagonal of your R is not positive everywhere: turn
    the sign of those *columns* of Q. If all is different, A is not drawn as the formula says.
    """
    assert_close(
        student.orthogonal_init(H, rng_of(seed)), reference.orthogonal_init(H, rng_of(seed))
    )


@exercise("orthogonal_init", points=1)
def test_both_signs_occur(student):
    """For H = 1 the result is 1 for some generators and −1 for others

    The decomposition of the library always gives the same sign here.
    """
    drawn = [orthogonal(student, 1, seed)[0, 0] for seed in range(8)]
    assert_close(np.abs(drawn), np.ones(8), what="size of Q for H = 1")
    if len(set(np.sign(drawn))) < 2:
        raise StudentFailure(
            "Q is the same for eight generators", got=show(drawn), expected="1 as well as −1"
        )


@exercise("orthogonal_init", points=1)
def test_orthogonal_init_draws_from_rng(student):
    """Q comes from rng: equal generators give equal matrices, another one gives another

    A generator made inside the function draws the same numbers in every call; NumPy's global one
    cannot be repeated.
    """
    assert_repeatable(lambda seed: orthogonal(student, 4, seed))


@exercise("clip_by_value", points=3.5)
@settings(max_examples=12)
@given(grads=GRADS, limit=st.sampled_from((0.5, 1.0, 2.5)))
@example(grads=MIXED, limit=1.0)
@example(grads=scaled(MIXED, 1e6), limit=2.0)
def test_clip_by_value_agrees_with_its_formula(student, reference, grads, limit):
    """Every entry g becomes min(max(g, −limit), limit), in every array"""
    assert_close(student.clip_by_value(grads, limit), reference.clip_by_value(grads, limit))


@exercise("clip_by_value", points=1)
@settings(max_examples=6)
@given(grads=GRADS)
def test_clip_by_value_works_on_both_sides(student, grads):
    """What is above limit becomes limit, and what is below −limit becomes −limit"""
    far = {name: np.where(g < 0, g - 5.0, g + 5.0) for name, g in grads.items()}
    expected = {name: 2.0 * np.sign(g) for name, g in far.items()}
    assert_close(student.clip_by_value(far, 2.0), expected)


@exercise("clip_by_value", points=1.5)
@settings(max_examples=8)
@given(grads=GRADS, which=st.integers(0, 2))
def test_clip_by_value_leaves_small_entries_alone(student, grads, which):
    """Entries within the limit stay as they are, to the last bit, also beside a large one"""
    small = {name: np.clip(g, -0.7, 0.7) / 3.0 for name, g in grads.items()}
    clipped = student.clip_by_value(with_entry(small, which, 0, 50.0), 0.25)
    assert_bitwise_equal(clipped, with_entry(small, which, 0, 0.25))


@exercise("clip_by_value", points=1)
def test_clip_by_value_takes_any_names_and_shapes(student, reference):
    """Any number of arrays, of any names and shapes, come back under their names"""
    many = {f"W{i}": np.linspace(-3.0, 2.0, 6).reshape(shape) for i, shape in enumerate(
        ((6,), (1, 6), (6, 1), (2, 3), (3, 1, 2), (1, 2, 1, 3))
    )}  # fmt: skip
    for grads in (SINGLE, many, {"b": np.array([[-7.5]])}):
        assert_close(student.clip_by_value(grads, 1.5), reference.clip_by_value(grads, 1.5))


@exercise("clip_by_value", points=0.5)
@settings(max_examples=4)
@given(grads=GRADS)
def test_clip_by_value_twice_is_clip_by_value_once(student, grads):
    """Clipping what is clipped changes nothing more"""
    once = student.clip_by_value(grads, 1.25)
    assert_structure(once, grads)
    largest = max(float(np.max(np.abs(g))) for g in once.values())
    assert_close(largest, 1.25, what="largest size of an entry")
    assert_bitwise_equal(student.clip_by_value(once, 1.25), once)


@exercise("clip_by_value", points=0.5)
def test_clip_by_value_leaves_its_arguments_unchanged(student, reference):
    """clip_by_value leaves grads and its arrays unchanged

    `g[g > limit] = limit` and `np.clip(…, out=g)` write into the caller's arrays.
    """
    assert_pure(student.clip_by_value, MIXED, 1.0, like=reference.clip_by_value)


def clipped_and_norm(student, grads, threshold):
    """What the student's clip_by_global_norm returns, if it is a dict like grads and a number."""
    result = student.clip_by_global_norm(grads, threshold)
    assert_structure(result, (grads, 0.0))
    return result


@exercise("clip_by_global_norm", points=3.5)
@settings(max_examples=12)
@given(grads=GRADS, factor=FACTORS)
@example(grads=MIXED, factor=0.5)
@example(grads=scaled(MIXED, 1e80), factor=1e-80)
def test_clip_by_global_norm_agrees_with_its_formula(student, reference, grads, factor):
    """Gradients longer than the threshold c become (c / n) g, with n the global norm of all arrays

    One factor for all entries of all arrays.
    """
    threshold = factor * norm_of(grads)
    clipped, _ = clipped_and_norm(student, grads, threshold)
    expected, _ = reference.clip_by_global_norm(grads, threshold)
    assert_close(clipped, expected, rtol=NEARLY, what="clipped")


@exercise("clip_by_global_norm", points=2)
@settings(max_examples=10)
@given(grads=GRADS, factor=st.sampled_from((0.25, 4.0)))
@example(grads=MIXED, factor=0.5)
def test_norm_returned_is_the_one_before_clipping(student, grads, factor):
    """The norm returned is the global norm of the gradients before clipping

    The root of *one* sum of squares, over all arrays.
    """
    norm = norm_of(grads)
    _, returned = clipped_and_norm(student, grads, factor * norm)
    assert_close(returned, norm, what="norm")


@exercise("clip_by_global_norm", points=1.5)
@settings(max_examples=6)
@given(grads=GRADS, factor=FACTORS)
def test_norm_after_clipping_is_the_threshold(student, grads, factor):
    """What has been clipped has the threshold as its global norm, to rounding

    If it is a tiny bit too short: has a small constant been added somewhere?
    """
    threshold = factor * norm_of(grads)
    clipped, _ = clipped_and_norm(student, grads, threshold)
    assert_close(norm_of(clipped), threshold, what="norm of what is returned")


@exercise("clip_by_global_norm", points=2)
@settings(max_examples=8)
@given(grads=GRADS, which=st.integers(0, 2), size=st.sampled_from((1e-3, 1e3)))
def test_direction_is_kept(student, grads, which, size):
    """The direction stays: the cosine of the gradients before and after is 1

    Also where one array is a thousand times larger than the others. A factor of its own for each
    array, or for each entry, turns the gradient.
    """
    name = list(grads)[which % len(grads)]
    uneven = {**grads, name: size * grads[name]}
    before = norm_of(uneven)
    clipped, _ = clipped_and_norm(student, uneven, 0.5 * before)
    after = norm_of(clipped)
    if not after > 0:
        raise StudentFailure("nothing is left of the gradients", got=show(clipped))
    assert after < before, "the gradients are longer than the threshold, and are not clipped"
    inner = sum(float(np.sum(clipped[key] * g)) for key, g in uneven.items())
    assert_close(inner / before / after, 1.0, what="cosine")
    assert_close(scaled(clipped, 1 / after), scaled(uneven, 1 / before), what="direction")


@exercise("clip_by_global_norm", points=2)
@settings(max_examples=8)
@given(grads=GRADS, factor=st.sampled_from((1.001, 2.0, 100.0)))
@example(grads=MIXED, factor=10.0)
def test_short_gradients_stay_as_they_are(student, grads, factor):
    """Gradients no longer than the threshold stay as they are, to the last bit

    A longer threshold must not make them longer.
    """
    norm = norm_of(grads)
    clipped, returned = clipped_and_norm(student, grads, factor * norm)
    assert_close(returned, norm, what="norm")
    assert_bitwise_equal(clipped, grads, what="clipped")


@exercise("clip_by_global_norm", points=1)
def test_zero_gradients_stay_zero(student):
    """Gradients that are all 0 stay 0, with norm 0 and without a warning

    For NaN: 0 / 0. There is no need to divide where nothing is clipped.
    """
    assert_close(clipped_and_norm(student, MIXED, 1.5)[1], norm_of(MIXED), what="norm")
    for grads in (ZEROS, {"b": np.zeros(1)}):
        clipped, norm = clipped_and_norm(student, grads, 1.5)
        assert_close(clipped, grads, what="clipped")
        assert_close(norm, 0.0, what="norm")
        assert_silent(student.clip_by_global_norm, grads, 1.5)


@exercise("clip_by_global_norm", points=1)
def test_clip_by_global_norm_takes_any_names_and_shapes(student, reference):
    """Any number of arrays, of any names and shapes, count in the norm and come back"""
    many = {f"W{i}": np.linspace(-3.0, 2.5, 6).reshape(shape) for i, shape in enumerate(
        ((6,), (1, 6), (6, 1), (2, 3), (3, 1, 2), (1, 2, 1, 3))
    )}  # fmt: skip
    for grads in (SINGLE, many, {"b": np.array([[-7.5]])}):
        expected = reference.clip_by_global_norm(grads, 2.0)
        assert_close(student.clip_by_global_norm(grads, 2.0), expected, rtol=NEARLY)


@exercise("clip_by_global_norm", points=0.5)
def test_norm_equal_to_the_threshold_is_not_clipped(student):
    """Gradients whose norm equals the threshold stay as they are, to the last bit"""
    assert_bitwise_equal(student.clip_by_global_norm(SINGLE, 5.0), (SINGLE, 5.0))


@exercise("clip_by_global_norm", points=0.5)
def test_clip_by_global_norm_leaves_its_arguments_unchanged(student, reference):
    """clip_by_global_norm leaves grads and its arrays unchanged

    `g *= …` writes into the caller's arrays.
    """
    expected, _ = reference.clip_by_global_norm(MIXED, 2.0)
    assert_close(student.clip_by_global_norm(MIXED, 2.0)[0], expected, rtol=NEARLY, what="clipped")
    assert_pure(student.clip_by_global_norm, MIXED, 2.0)


@exercise("stable_global_norm", points=2.5)
@settings(max_examples=12)
@given(grads=GRADS, size=st.sampled_from((1.0, 1e-3, 1e6)))
@example(grads=MIXED, size=1.0)
@example(grads={"b": np.array([-3.0]), "c": np.array([[-4.0]])}, size=1.0)
def test_stable_norm_is_the_global_norm(student, grads, size):
    """It is the root of the sum of the squares of all entries of all arrays

    Is the scale the largest *absolute* value, over all arrays, and do you multiply by it again?
    """
    grads = scaled(grads, size)
    assert_close(student.stable_global_norm(grads), norm_of(grads), what="norm")


@exercise("stable_global_norm", points=2)
@settings(max_examples=6)
@given(grads=GRADS, power=st.sampled_from((20, 25, 30)))
@example(grads={"b": np.array([1.0])}, power=20)
def test_large_float32_gradients_have_a_finite_norm(student, grads, power):
    """Entries of 1e20 to 1e30 in float32 have a finite, right norm

    1e20 squared is 1e40, and float32 ends at 3.4e38. Divide by the largest entry before you square.
    """
    single = {name: (10.0**power * g).astype(np.float32) for name, g in grads.items()}
    wanted = 10.0**power * norm_of(grads)
    assert_close(student.stable_global_norm(single), wanted, rtol=1e-6, what="norm")


@exercise("stable_global_norm", points=1.5)
@settings(max_examples=5)
@given(grads=GRADS, power=st.sampled_from((160, 180, 199)))
@example(grads=MIXED, power=199)
def test_large_float64_gradients_have_a_finite_norm(student, grads, power):
    """Entries of 1e160 to 1e200 in float64 have a finite, right norm

    float64 ends at 1.8e308, and squares reach it at 1e154. The scale must be that of all arrays
    together: what is squared later must not be large any more.
    """
    factor = 10.0**power
    got = student.stable_global_norm(scaled(grads, factor))
    assert_close(got, factor * norm_of(grads), what="norm")


@exercise("stable_global_norm", points=1)
@settings(max_examples=4)
@given(grads=GRADS, power=st.sampled_from((-170, -190, -198)))
def test_tiny_gradients_have_a_norm_above_zero(student, grads, power):
    """Entries of 1e-200 have a right norm, too, not 0

    Their squares underflow to 0. A small constant added to the scale drowns them.
    """
    factor = 10.0**power
    got = student.stable_global_norm(scaled(grads, factor))
    assert_close(got, factor * norm_of(grads), what="norm")


@exercise("stable_global_norm", points=1)
def test_stable_norm_of_zeros_is_zero(student):
    """If all entries are 0 the norm is 0.0, without a warning; one array of zeros does no harm

    For NaN: 0 / 0.
    """
    assert_close(student.stable_global_norm({**ZEROS, **SINGLE}), 5.0, what="norm")
    for grads in (ZEROS, {"b": np.zeros(1)}):
        assert_close(student.stable_global_norm(grads), 0.0, what="norm")
        assert_silent(student.stable_global_norm, grads)


@exercise("stable_global_norm", points=0.5)
def test_stable_norm_is_silent(student, reference):
    """The norm of large numbers is found without a warning

    A square overflows somewhere, even if its result is not used.
    """
    single = {"b": np.array([3e20, -4e20], dtype=np.float32)}
    assert_close(student.stable_global_norm(single), 5e20, rtol=1e-6, what="norm")
    assert_silent(student.stable_global_norm, single)
    large = scaled(MIXED, 1e170)
    assert_silent(student.stable_global_norm, large, like=reference.stable_global_norm)


@exercise("stable_global_norm", points=0.5)
def test_stable_global_norm_leaves_its_arguments_unchanged(student, reference):
    """stable_global_norm leaves grads and its arrays unchanged

    `g /= …` writes into the caller's arrays.
    """
    assert_pure(student.stable_global_norm, MIXED, like=reference.stable_global_norm)


def assert_answer(student, grads, expected, because):
    """Assert that the student's all_finite answers ``expected``, as a truth value of any kind."""
    answer = student.all_finite(grads)
    if np.shape(answer) != () or np.asarray(answer).dtype != bool:
        raise StudentFailure(
            "`all_finite` answers neither True nor False",
            got=describe(answer),
            expected="True or False",
        )
    if bool(answer) is not expected:
        raise StudentFailure(
            f"`all_finite` answers {bool(answer)} although {because}",
            got=str(bool(answer)),
            expected=str(expected),
        )


BROKEN_PLACES = {"which": st.integers(0, 2), "entry": st.integers(0, 20)}


@exercise("all_finite", points=3)
@settings(max_examples=10)
@given(grads=GRADS, **BROKEN_PLACES)
@example(grads=MIXED, which=2, entry=7)
@example(grads=MIXED, which=0, entry=0)
def test_a_nan_is_found_wherever_it_is(student, grads, which, entry):
    """A NaN in any entry of any array gives False; without it the answer is True

    Each array has to be looked at, and a comparison with NaN is always False.
    """
    assert_answer(student, grads, True, "every entry is a number")
    broken = with_entry(grads, which, entry, np.nan)
    assert_answer(student, broken, False, "one entry is NaN")


@exercise("all_finite", points=2)
@settings(max_examples=6)
@given(grads=GRADS, sign=st.sampled_from((1.0, -1.0)), **BROKEN_PLACES)
@example(grads=MIXED, which=1, entry=1, sign=-1.0)
@example(grads=MIXED, which=0, entry=2, sign=1.0)
def test_infinities_of_both_signs_are_found(student, grads, which, entry, sign):
    """inf or −inf in any entry gives False; without it the answer is True"""
    assert_answer(student, grads, True, "every entry is a number")
    broken = with_entry(grads, which, entry, sign * np.inf)
    assert_answer(student, broken, False, f"one entry is {sign * np.inf}")


@exercise("all_finite", points=1.5)
def test_large_numbers_are_finite(student):
    """Entries of ±1.7e308 are finite, and so are two of them in one array

    Their sum is not, nor is their square: look at each entry itself.
    """
    large = {"W": np.array([[1.7e308, 1.7e308]]), "b": np.array([-1.7e308, -1.7e308, 1e200])}
    for grads in ({"b": np.array([1e200, -1.0])}, large):
        assert_answer(student, grads, True, "every entry is finite, if large")
    assert_answer(student, with_entry(large, 1, 2, np.nan), False, "one entry is NaN")


@exercise("all_finite", points=0.5)
def test_all_finite_is_silent(student, reference):
    """all_finite gives no warning, whatever is in the arrays"""
    large = {"W": np.array([1.7e308, 1.7e308]), "b": np.array([np.inf, -np.inf])}
    for grads in (large, with_entry(MIXED, 0, 0, np.nan), MIXED):
        assert_answer(student, grads, reference.all_finite(grads), "the entries say otherwise")
        assert_silent(student.all_finite, grads)


@exercise("all_finite", points=0.5)
def test_the_answer_is_a_python_bool(student, reference):
    """The answer is True or False of Python's own type bool

    NumPy's functions give a NumPy bool: `bool(…)` converts it.
    """
    for grads in (MIXED, SINGLE, with_entry(MIXED, 1, 0, np.inf)):
        answer, expected = student.all_finite(grads), reference.all_finite(grads)
        if answer is not expected:
            raise StudentFailure(
                f"the answer is not the Python bool {expected}",
                got=f"{show(answer)}, of type {type(answer).__name__}",
                expected=f"{expected}, of type bool",
            )


@exercise("all_finite", points=0.5)
def test_all_finite_leaves_its_arguments_unchanged(student, reference):
    """all_finite leaves grads and its arrays unchanged"""
    for grads in (MIXED, with_entry(MIXED, 0, 1, np.nan)):
        assert_pure(student.all_finite, grads, like=reference.all_finite)


class Watched:
    """``function``, for a student's to call with params like ``params``; refuses all else."""

    most_calls = 4000

    def __init__(self, function, params):
        self.__name__ = function.__name__
        self.function, self.params = function, params
        self.signature, self.calls = inspect.signature(function), 0

    def __call__(self, *given, **named):
        try:
            arguments = self.signature.bind(*given, **named).arguments
        except TypeError:
            raise self._refusal(", ".join(map(describe, (*given, *named.values())))) from None
        params, rate = arguments["params"], arguments.get("learning_rate", 1.0)
        if not self._is_like_params(params):
            raise self._refusal(_kinds(params))
        if not isinstance(rate, float | np.floating) or not rate >= 0:
            raise self._refusal(f"the learning rate {show(rate)}")
        self.calls += 1
        if self.calls > self.most_calls:
            raise StudentFailure(
                f"`{self.__name__}` is called again and again: look for a loop that never ends"
            )
        return self.function(**arguments)

    def _is_like_params(self, params):
        return (
            isinstance(params, dict)
            and params.keys() == self.params.keys()
            and all(_is_array_like(params[name], p) for name, p in self.params.items())
        )

    def _refusal(self, got):
        takes = ", ".join(self.signature.parameters)
        return StudentFailure(
            f"`{self.__name__}` is called with arguments that it does not take",
            got=got or "no argument",
            expected=f"{self.__name__}({takes}), where params is {_kinds(self.params)}",
        )


def _is_array_like(ours, wanted):
    return isinstance(ours, np.ndarray) and ours.dtype == np.float64 and ours.shape == wanted.shape


def _kinds(params):
    if not isinstance(params, dict):
        return describe(params)
    return "a dict of " + ", ".join(f"{name}: {describe(p)}" for name, p in params.items())


def bowl(params, seed):
    """A loss_and_grads: a quadratic function whose slope depends on params, around the seed's."""
    generator = rng_of(seed)
    tilt = {name: np.round(generator.uniform(0.5, 2.0, p.shape), 2) for name, p in params.items()}

    def loss_and_grads(params):
        grads = {name: 1.5 * p + tilt[name] for name, p in params.items()}
        loss = sum(float(np.sum(0.75 * p**2 + tilt[name] * p)) for name, p in params.items())
        return loss, grads

    return Watched(loss_and_grads, params)


def broken_bowl(params, seed, *, loss=None, which=0, entry=0, value=None):
    """A bowl whose loss, or one entry of whose gradient, is broken; of the same name."""
    right = bowl(params, seed)

    def loss_and_grads(params):
        found, grads = right.function(params)
        if value is not None:
            grads = with_entry(grads, which, entry, value)
        return found if loss is None else loss, grads

    return Watched(loss_and_grads, params)


def stepped(student, reference, loss_and_grads, params, *options):
    """What the student's training_step returns, and what it should."""
    expected = reference.training_step(loss_and_grads.function, params, *options)
    got = student.training_step(loss_and_grads, params, *options)
    if not isinstance(got, tuple | list) or len(got) != 2:
        raise StudentFailure(
            "`training_step` does not return two things, new_params and info", got=describe(got)
        )
    return got, expected


def slope_norm(loss_and_grads, params):
    """The global norm of the gradients at params."""
    return norm_of(loss_and_grads.function(params)[1])


RATES = st.sampled_from((0.1, 0.25, 1.0))
STEP_AFTER = ("clip_by_global_norm", "all_finite")


@exercise("training_step", points=3.5, after=STEP_AFTER)
@settings(max_examples=8)
@given(params=GRADS, seed=seeds, rate=RATES, factor=FACTORS)
@example(params=MIXED, seed=1, rate=0.25, factor=0.5)
def test_long_gradients_are_clipped_before_the_update(
    student, reference, params, seed, rate, factor
):
    """With gradients longer than the threshold, params move by learning_rate × the clipped ones

    Clip the gradients: not the parameters, before or after, and not the product with the learning
    rate. And the update goes downhill.
    """
    loss_and_grads = bowl(params, seed)
    threshold = factor * slope_norm(loss_and_grads, params)
    got, expected = stepped(student, reference, loss_and_grads, params, rate, threshold)
    assert_close(got[0], expected[0], what="new_params")


@exercise("training_step", points=2, after=STEP_AFTER)
@settings(max_examples=6)
@given(params=GRADS, seed=seeds, rate=RATES)
def test_short_gradients_are_used_as_they_are(student, reference, params, seed, rate):
    """With gradients shorter than the threshold, params move by learning_rate × gradient

    If this fails and clipping works: parameters that are larger than the threshold are nobody's
    business.
    """
    loss_and_grads = bowl(params, seed)
    threshold = 1.25 * slope_norm(loss_and_grads, params)
    got, expected = stepped(student, reference, loss_and_grads, params, rate, threshold)
    assert_close(got[0], expected[0], what="new_params")


@exercise("training_step", points=2, after=STEP_AFTER)
@settings(max_examples=6)
@given(params=GRADS, seed=seeds, factor=st.sampled_from((0.5, 2.0)))
def test_info_of_a_good_step(student, reference, params, seed, factor):
    """info of a good step has ok = True, the loss, and the norm before clipping"""
    loss_and_grads = bowl(params, seed)
    threshold = factor * slope_norm(loss_and_grads, params)
    got, expected = stepped(student, reference, loss_and_grads, params, 0.1, threshold)
    assert_close(got[1], expected[1], what="info")


def assert_refused(student, reference, loss_and_grads, params):
    """Assert that the student refuses a step, and takes the one of a bowl that is not broken."""
    got, expected = stepped(student, reference, loss_and_grads, params, 0.1, 2.0)
    assert_bitwise_equal(got[0], expected[0], what="new_params")
    assert_close(got[1], expected[1], what="info")
    got, expected = stepped(student, reference, bowl(params, 1), params, 0.1, 2.0)
    assert_structure(got, expected)
    assert got[1]["ok"], "a step whose numbers are all finite is refused"


@exercise("training_step", points=2, after=STEP_AFTER)
@settings(max_examples=6)
@given(params=GRADS, value=st.sampled_from((np.nan, np.inf, -np.inf)), **BROKEN_PLACES)
@example(params=MIXED, value=np.nan, which=2, entry=0)
def test_broken_gradients_are_refused(student, reference, params, value, which, entry):
    """With NaN or infinity in a gradient, params stay, ok is False and norm is None

    The loss may be finite: look at every gradient. And do it before anything is clipped or moved.
    """
    broken = broken_bowl(params, 3, which=which, entry=entry, value=value)
    assert_refused(student, reference, broken, params)


@exercise("training_step", points=1, after=STEP_AFTER)
def test_a_broken_loss_is_refused(student, reference):
    """With a NaN or infinite loss, params stay, ok is False and norm is None

    Here the gradients are finite.
    """
    for loss in (np.nan, np.inf, -np.inf):
        assert_refused(student, reference, broken_bowl(MIXED, 4, loss=loss), MIXED)


@exercise("training_step", points=0.5, after=STEP_AFTER)
def test_a_refusal_is_silent(student, reference):
    """A step is refused without a warning

    inf · 0 and inf / inf warn: look for broken numbers before you clip.
    """
    for value in (np.inf, np.nan):
        broken = broken_bowl(MIXED, 5, which=1, entry=1, value=value)
        assert_silent(student.training_step, broken, MIXED, 0.1, 2.0, like=reference.training_step)


@exercise("training_step", points=0.5, after=STEP_AFTER)
def test_the_backward_pass_is_run_once(student, reference):
    """loss_and_grads is called exactly once in a step"""
    loss_and_grads = bowl(MIXED, 6)
    got, expected = stepped(student, reference, loss_and_grads, MIXED, 0.1, 2.0)
    assert_structure(got, expected)
    if loss_and_grads.calls != 1:
        raise StudentFailure(
            "loss_and_grads is slow, and is not called once",
            got=f"{loss_and_grads.calls} calls",
            expected="1 call",
        )


@exercise("training_step", points=1, after=STEP_AFTER)
def test_training_step_takes_any_names_and_shapes(student, reference):
    """Any number of parameters, of any names and shapes, are updated and come back"""
    many = {f"W{i}": np.linspace(-1.0, 2.0, 6).reshape(shape) for i, shape in enumerate(
        ((6,), (1, 6), (6, 1), (2, 3), (3, 1, 2))
    )}  # fmt: skip
    for params in (SINGLE, many, {"b": np.array([[-7.5]])}):
        got, expected = stepped(student, reference, bowl(params, 7), params, 0.5, 1.5)
        assert_close(got, expected)


@exercise("training_step", points=0.5, after=STEP_AFTER)
def test_training_step_leaves_its_arguments_unchanged(student, reference):
    """training_step leaves params and its arrays unchanged

    `p -= …` writes into the caller's arrays.
    """
    options = bowl(MIXED, 8), MIXED, 0.1, 2.0
    assert_pure(student.training_step, *options, like=reference.training_step)


STATE = {
    "W": np.array([[2.5, -0.5, 0.25], [-3.0, 0.75, 1.5]]),
    "age": np.zeros(1),
    "b": np.array([-0.125, 4.0, 2.0]),
}
BROKEN_ARRAYS = {"both": ("W", np.nan), "first": ("W", np.nan), "last": ("b", np.inf)}


def descent(accidents, kind="both"):
    """A step towards 1, 2, 3, …, which goes wrong at some ages where the learning rate is too high.

    ``accidents`` maps ages (the number of steps behind the params) to the highest rates at which
    nothing happens. ``kind`` says what breaks then: the first array, the last one, the loss (which
    becomes nan, inf or -inf) or both.
    """

    def step(params, learning_rate):
        age = params["age"][0]
        with np.errstate(over="ignore", invalid="ignore"):  # where a broken state goes on
            loss = float(np.sum(params["W"] ** 2) + np.sum(params["b"] ** 2))
            moved = {name: p + learning_rate * (_goal(p) - p) for name, p in params.items()}
        moved["age"] = params["age"] + 1.0
        if learning_rate > accidents.get(age, np.inf):
            if kind in BROKEN_ARRAYS:
                name, value = BROKEN_ARRAYS[kind]
                moved[name].flat[-1] = value
            if kind not in ("first", "last"):
                loss = float("nan" if kind == "both" else kind)
        return moved, loss

    return Watched(step, STATE)


def _goal(p):
    return np.arange(1.0, p.size + 1.0).reshape(p.shape)


def trained(student, step, n_steps, every):
    """What the student's train_with_checkpoints returns, if it is params and a number."""
    got = student.train_with_checkpoints(step, STATE, n_steps, every)
    assert_structure(got, (STATE, 0), what="result")
    return got


def assert_trains(student, reference, step, n_steps, every):
    """Assert that the student's run ends where the reference's does, after as many restarts."""
    expected = reference.train_with_checkpoints(step.function, STATE, n_steps, every)
    params, restarts = trained(student, step, n_steps, every)
    assert_close(restarts, expected[1], what="number of restarts")
    ages = params["age"][0], expected[0]["age"][0]
    if ages[0] != ages[1]:
        raise StudentFailure(
            "the params returned do not have the right number of good steps behind them",
            got=f"{show(ages[0])} steps",
            expected=f"{show(ages[1])} steps",
        )
    assert_close(params, expected[0], what="params")


def assert_recovers(student, step, n_steps, every):
    """Assert that the student's run survives its one accident; returns what it has reached."""
    params, restarts = trained(student, step, n_steps, every)
    assert_close(restarts, 1, what="number of restarts")
    for name, p in params.items():
        assert np.all(np.isfinite(p)), f"params[{name!r}] has broken numbers in the end"
    return params


@st.composite
def runs(draw, most_accidents=1, rates=(0.09, 0.04, 0.02)):
    """n_steps, every and accidents: ages, and the rates that are low enough there.

    None happens where a checkpoint would be due: that has a test of its own.
    """
    n_steps, every = draw(st.integers(3, 10)), draw(st.integers(2, 5))
    possible = [age for age in range(n_steps) if (age + 1) % every]
    ages = st.lists(st.sampled_from(possible), min_size=1, max_size=most_accidents, unique=True)
    return n_steps, every, {age: draw(st.sampled_from(rates)) for age in draw(ages)}


@exercise("train_with_checkpoints", points=3, after="all_finite")
@settings(max_examples=6)
@given(n_steps=st.integers(1, 10), every=st.integers(1, 5))
@example(n_steps=7, every=3)
@example(n_steps=4, every=20)
def test_a_run_without_accidents_takes_all_its_steps(student, reference, n_steps, every):
    """Where no step is bad, params are those after n_steps steps at 0.1, and restarts is 0

    Return the current params: the last checkpoint may be older.
    """
    assert_trains(student, reference, descent({}), n_steps, every)


@exercise("train_with_checkpoints", points=2, after="all_finite")
@settings(max_examples=5)
@given(run=runs(rates=(0.09,)))
@example(run=(8, 3, {4: 0.09}))
@example(run=(6, 5, {0: 0.09}))
def test_one_accident_means_one_restart(student, run):
    """After one bad step there is one restart, and the params at the end are finite

    The step that broke at 0.1 is a good one at 0.05: there, the learning rate has to be lower.
    """
    n_steps, every, accidents = run
    assert_recovers(student, descent(accidents), n_steps, every)


@exercise("train_with_checkpoints", points=1.5, after="all_finite")
@settings(max_examples=5)
@given(run=runs(rates=(0.09,)))
@example(run=(8, 3, {4: 0.09}))
@example(run=(6, 5, {3: 0.09}))
def test_the_steps_since_the_checkpoint_are_taken_again(student, run):
    """After a restart the params at the end still have n_steps good steps behind them

    The count goes back together with the params, so a `for` loop over n_steps will not do.
    """
    n_steps, every, accidents = run
    params = assert_recovers(student, descent(accidents), n_steps, every)
    if params["age"][0] != n_steps:
        raise StudentFailure(
            "the params returned do not have the right number of good steps behind them",
            got=f"{show(params['age'][0])} steps",
            expected=f"{n_steps} steps",
        )


@exercise("train_with_checkpoints", points=2, after="all_finite")
@settings(max_examples=6)
@given(run=runs())
@example(run=(8, 3, {4: 0.09}))
@example(run=(7, 2, {4: 0.02}))
def test_after_an_accident_the_run_goes_on_from_the_checkpoint(student, reference, run):
    """A bad step leads back to the last checkpoint, at half the learning rate

    If the number of restarts is right and the params are not, they went on from another state or at
    another rate.
    """
    n_steps, every, accidents = run
    assert_trains(student, reference, descent(accidents), n_steps, every)


@exercise("train_with_checkpoints", points=1.5, after="all_finite")
@settings(max_examples=5)
@given(run=runs(3))
@example(run=(9, 2, {0: 0.09, 4: 0.02, 6: 0.01}))
def test_the_learning_rate_is_halved_at_each_restart(student, reference, run):
    """Each accident halves the learning rate, and it never rises again"""
    n_steps, every, accidents = run
    assert_trains(student, reference, descent(accidents), n_steps, every)


@exercise("train_with_checkpoints", points=1.5, after="all_finite")
@settings(max_examples=4)
@given(every=st.integers(1, 4), times=st.integers(1, 2), kind=st.sampled_from(("first", "last")))
@example(every=3, times=2, kind="first")
def test_a_bad_state_is_never_saved(student, every, times, kind):
    """A bad step where a checkpoint is due is thrown away, not saved

    Check first, save afterwards. And the saved arrays must be a copy: what is only another name
    for the current arrays breaks with them.
    """
    age = every * times - 1  # this step would be number every · times
    assert_recovers(student, descent({age: 0.09}, kind), every * times + 2, every)


@exercise("train_with_checkpoints", points=1.5, after="all_finite")
def test_params_and_loss_are_both_looked_at(student):
    """A step is bad if its loss is NaN or infinite, and if an entry of any new array is

    The loss is that of the params before the step: after the last step of all nothing but a look
    at the new params can find a NaN in them.
    """
    for kind in ("first", "last", "nan", "inf", "-inf"):
        for age in (5, 2):
            assert_recovers(student, descent({age: 0.09}, kind), 6, 4)


@exercise("train_with_checkpoints", points=1, after="all_finite")
def test_a_hopeless_run_ends_after_ten_restarts(student, reference):
    """After ten restarts the next bad step ends the run, with the last checkpoint

    What is returned then is a good state, not the broken one. Ten restarts are allowed, and after
    the tenth the run may still succeed.
    """
    for accidents in ({4: 0.1 / 2**12.5}, {0: 0.1 / 2**12.5}, {2: 0.1 / 2**9.5}):
        assert_trains(student, reference, descent(accidents), 7, 2)


@exercise("train_with_checkpoints", points=0.5, after="all_finite")
def test_no_step_is_wasted(student):
    """step is called exactly n_steps times where no step is bad"""
    for n_steps in (5, 1):
        step = descent({})
        trained(student, step, n_steps, 2)
        if step.calls != n_steps:
            raise StudentFailure(
                "step is not called once for each good step",
                got=f"{step.calls} calls",
                expected=f"{n_steps} calls",
            )


@exercise("train_with_checkpoints", points=0.5, after="all_finite")
def test_train_with_checkpoints_leaves_its_arguments_unchanged(student, reference):
    """train_with_checkpoints leaves params and its arrays unchanged"""
    options = descent({2: 0.09}), STATE, 5, 2
    assert_pure(student.train_with_checkpoints, *options, like=reference.train_with_checkpoints)
