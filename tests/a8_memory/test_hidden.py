"""The graded tests of assignment 8: the public properties, on more and other inputs."""

from __future__ import annotations

import numpy as np
from autograder.compare import (
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_raises,
    assert_structure,
    describe,
    show,
)
from autograder.model import StudentFailure
from autograder.strategies import arrays, generators, seeds, shapes
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.suite import exercise

KINDS = st.sampled_from(("rnn", "lstm", "gru"))
CELLS = ("rnn", "rnn clipped", "lstm", "gru")
LARGE = 6000  # sequences that show how often something is drawn


def batches_of(least_T):
    """n and T, in any order of size, both as small as they may be in some draws."""
    return st.builds(
        lambda n, T: {"n": n, "T": T},
        st.one_of(st.just(1), st.integers(2, 6)),
        st.one_of(st.just(least_T), st.integers(least_T, 13)),
    )


def drawn(make, size, seed, like):
    """The x and y that the student's ``make`` draws, of the structure that ``like`` has."""
    result = make(size["n"], size["T"], np.random.default_rng(seed))
    assert_structure(result, like(size["n"], size["T"], np.random.default_rng(seed)))
    return result


def assert_marks(x, bounds):
    """Assert that x[:, :, 1] has one 1 in each of the ranges of steps and is 0 elsewhere."""
    markers = x[:, :, 1]
    if not np.all((markers == 0) | (markers == 1)):
        raise StudentFailure("a marker is neither 0 nor 1", got=show(markers))
    wanted = np.zeros(len(markers)) + len(bounds)
    assert_close(markers.sum(axis=1), wanted, what="number of markers of each sequence")
    for start, end in bounds:
        count = markers[:, start:end].sum(axis=1)
        what = f"number of markers among the steps {start} to {end - 1}"
        assert_close(count, np.ones(len(markers)), what=what)


def assert_often(count, expected, what):
    """Assert that ``what`` happens about as often as ``expected``, within six deviations."""
    far = np.abs(count - expected) > 6.0 * np.sqrt(expected)
    if np.any(far):
        raise StudentFailure(
            f"{what} is not equally likely", got=show(count), expected=f"about {expected:g} each"
        )


def assert_uses_only_rng(make):
    """Assert that the same state of rng gives the same batch, and another one another batch."""
    first, again, other = (make(30, 8, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert_structure(again, first)
    assert_structure(other, first)
    for what, one, two, three in zip(("x", "y"), first, again, other, strict=True):
        if one.tobytes() != two.tobytes():
            raise StudentFailure(f"{what} differs between two calls with the same rng")
        if one.tobytes() == three.tobytes():
            raise StudentFailure(f"{what} is the same for two different generators")


def assert_same_draw(make, like, size, seed):
    """Assert that the student's ``make`` draws bit for bit what ``like`` draws."""
    got = make(size["n"], size["T"], np.random.default_rng(seed))
    expected = like(size["n"], size["T"], np.random.default_rng(seed))
    assert_structure(got, expected)
    for what, ours, wanted in zip(("x", "y"), got, expected, strict=True):
        assert_close(ours, wanted, rtol=1e-12, what=what)


@exercise("make_adding", points=1)
@settings(max_examples=8)
@given(size=batches_of(2), seed=seeds)
def test_adding_has_values_from_0_to_1(student, reference, size, seed):
    """x has the shape (n, T, 2), and x[:, :, 0] holds values in [0, 1)

    Values and markers are the last axis of x, in this order.
    """
    x, _ = drawn(student.make_adding, size, seed, reference.make_adding)
    values = x[:, :, 0]
    if not np.all((values >= 0) & (values < 1)) or np.ptp(values) == 0:
        raise StudentFailure("the values are not random numbers in [0, 1)", got=show(values))


@exercise("make_adding", points=2.5)
@settings(max_examples=12)
@given(size=batches_of(2), seed=seeds)
def test_adding_has_one_marker_per_half(student, reference, size, seed):
    """x[:, :, 1] is 1 at one step of each half of every sequence, and 0 elsewhere

    The first half is the steps 0 .. T//2 - 1. The upper end of `rng.integers(low, high)` is not
    drawn.
    """
    x, _ = drawn(student.make_adding, size, seed, reference.make_adding)
    half, T = size["T"] // 2, size["T"]
    assert_marks(x, ((0, half), (half, T)))


@exercise("make_adding", points=2.5)
@settings(max_examples=12)
@given(n=st.integers(12, 18), T=st.integers(8, 13), seed=seeds)
def test_adding_answers_with_the_sum_of_the_marked_values(student, reference, n, T, seed):
    """y is the sum of the two marked values of your own x, for every sequence"""
    x, y = drawn(student.make_adding, {"n": n, "T": T}, seed, reference.make_adding)
    marked = x[:, :, 0] * x[:, :, 1]
    has_two = np.count_nonzero(marked, axis=1) == 2
    assert has_two.mean() > 0.5, "most sequences do not have two marked values"
    assert_close(y[has_two], marked[has_two].sum(axis=1), what="y")


@exercise("make_adding", points=2.5)
@settings(max_examples=10)
@given(size=batches_of(2), seed=seeds)
def test_adding_draws_in_the_stated_order(student, reference, size, seed):
    """x and y are to the last digit what the stated order of drawing gives

    First all values, then all first marked steps, then all second ones: three calls.
    """
    assert_same_draw(student.make_adding, reference.make_adding, size, seed)


@exercise("make_adding", points=1.5)
def test_adding_marks_every_step_equally_often(student):
    """Every step of a half is marked equally often, values are uniform, a guess of 1 costs 1/6"""
    x, y = student.make_adding(LARGE, 7, np.random.default_rng(1))
    assert_structure(x, np.zeros((LARGE, 7, 2)))
    assert_structure(y, np.zeros(LARGE))
    count = x[:, :, 1].sum(axis=0)
    assert_often(count[:3], LARGE / 3, "a mark at one of the steps 0 to 2")
    assert_often(count[3:], LARGE / 4, "a mark at one of the steps 3 to 6")
    tenths = np.histogram(x[:, :, 0], bins=10, range=(0.0, 1.0))[0]
    assert_often(tenths, LARGE * 0.7, "a value in each tenth of [0, 1)")
    baseline = np.mean((y - 1.0) ** 2)
    if abs(baseline - 1.0 / 6.0) > 0.01:
        raise StudentFailure(
            "a guess of 1 does not cost about 1/6", got=show(baseline), expected="0.157 to 0.177"
        )


@exercise("make_adding", points=1)
def test_adding_draws_from_rng_only(student):
    """The same state of rng gives the same batch, and another state another one

    `np.random.rand` and its like draw from a hidden generator that all code shares, and
    `default_rng()` makes a new one. Draw from the rng that you are given.
    """
    assert_uses_only_rng(student.make_adding)


@exercise("make_adding", points=1)
@settings(max_examples=4)
@given(seed=seeds)
def test_adding_in_two_steps(student, seed):
    """With T = 2 both steps are marked, and with one sequence no axis is lost"""
    x, y = student.make_adding(1, 2, np.random.default_rng(seed))
    assert_structure(x, np.zeros((1, 2, 2)))
    assert_close(x[:, :, 1], np.ones((1, 2)), what="markers")
    assert_close(y, x[:, :, 0].sum(axis=1), what="y")


def copied(student, size, seed):
    """The student's x and y as integers, also where they are whole numbers of type float."""
    n, T = size["n"], size["T"]
    result = student.make_copy(n, T, np.random.default_rng(seed))
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise StudentFailure("it must return two arrays, x and y", got=describe(result))
    tokens = [np.asarray(part) for part in result]
    for i, part in enumerate(tokens):
        if part.dtype.kind == "f" and np.all(part == np.floor(part)):
            tokens[i] = part.astype(int)
        assert_structure(tokens[i], np.zeros((n, T + 20), dtype=int), what="xy"[i])
    return tokens


@exercise("make_copy", points=3.5)
@settings(max_examples=12)
@given(size=batches_of(1), seed=seeds)
def test_copy_lays_out_the_input(student, size, seed):
    """x is ten symbols, T − 1 blanks, one delimiter at step T + 9, and ten blanks"""
    x, _ = copied(student, size, seed)
    symbols, rest = x[:, :10], x[:, 10:]
    if not np.all((symbols >= 0) & (symbols <= 7)):
        raise StudentFailure(
            "a symbol is not one of the tokens 0 to 7", got=show(symbols), expected="0 to 7"
        )
    expected = np.full((size["n"], size["T"] + 10), 8)
    expected[:, size["T"] - 1] = 9
    assert_close(rest, expected, what="part of x behind the ten symbols")


@exercise("make_copy", points=2)
@settings(max_examples=12)
@given(size=batches_of(1), seed=seeds)
def test_copy_answers_with_its_own_symbols(student, size, seed):
    """The last ten steps of y are the ten symbols of your own x, in their order

    The first symbol is due right after the delimiter, at step T + 10.
    """
    x, y = copied(student, size, seed)
    assert np.ptp(x[:, :10]) > 0, "all symbols of x are the same"
    assert_close(y[:, size["T"] + 10 :], x[:, :10], what="end of y")


@exercise("make_copy", points=1)
@settings(max_examples=8)
@given(size=batches_of(1), seed=seeds)
def test_copy_answers_with_blanks_before(student, size, seed):
    """The first T + 10 steps of y are blanks, token 8"""
    _, y = copied(student, size, seed)
    blanks = np.full((size["n"], size["T"] + 10), 8)
    assert_close(y[:, : size["T"] + 10], blanks, what="beginning of y")


@exercise("make_copy", points=1.5)
@settings(max_examples=8)
@given(size=batches_of(1), seed=seeds)
def test_copy_draws_once(student, reference, size, seed):
    """x and y are those of one call of rng.integers, of shape (n, 10)"""
    got = copied(student, size, seed)
    expected = reference.make_copy(size["n"], size["T"], np.random.default_rng(seed))
    for what, ours, wanted in zip(("x", "y"), got, expected, strict=True):
        assert_close(ours, wanted, what=what)


@exercise("make_copy", points=0.5)
def test_copy_gives_integers(student, reference):
    """The tokens are integers, in x and in y

    `np.zeros`, `np.ones` and `np.empty` make floats unless they are given a dtype.
    """
    drawn(student.make_copy, {"n": 2, "T": 3}, 1, reference.make_copy)


@exercise("make_copy", points=1)
def test_copy_draws_from_rng_only(student):
    """The same state of rng gives the same batch, and another state another one

    Is there an `np.random.…` that draws from a generator other than rng?
    """
    assert_uses_only_rng(student.make_copy)


@exercise("make_copy", points=0.5)
def test_copy_draws_all_symbols_equally_often(student):
    """At each of the ten places, each of the eight symbols is equally likely

    The upper end of `rng.integers` is not drawn.
    """
    x, _ = copied(student, {"n": LARGE // 4, "T": 1}, 2)
    for place in (0, 5, 9):
        count = np.array([np.sum(x[:, place] == symbol) for symbol in range(8)])
        assert_often(count, LARGE / 32, f"each symbol at step {place}")


@exercise("make_latch", points=2.5)
@settings(max_examples=12)
@given(size=batches_of(4), seed=seeds)
def test_latch_has_one_early_mark_and_weak_noise(student, reference, size, seed):
    """One of the steps 0 .. T//4 − 1 is marked, and all other values are noise in [−0.1, 0.1)

    There is noise before the mark, too.
    """
    x, _ = drawn(student.make_latch, size, seed, reference.make_latch)
    assert_marks(x, ((0, size["T"] // 4),))
    noise = x[:, :, 0][x[:, :, 1] == 0]
    if not np.all(np.abs(noise) <= 0.1) or np.any(noise == 0):
        raise StudentFailure(
            "a value without a mark is not noise in [−0.1, 0.1)", got=show(x[:, :, 0])
        )


@exercise("make_latch", points=1)
@settings(max_examples=8)
@given(size=batches_of(4), seed=seeds)
def test_latch_marks_with_a_sign(student, reference, size, seed):
    """The marked value is exactly −1 or 1

    It takes the place of the noise: assign it, and do not add it.
    """
    x, _ = drawn(student.make_latch, size, seed, reference.make_latch)
    assert np.all(x[:, :, 1].any(axis=1)), "there is a sequence without a marker"
    marks = x[:, :, 0][x[:, :, 1] == 1]
    if not np.all(np.abs(marks) == 1):
        raise StudentFailure("a marked value is not −1 or 1", got=show(marks))


@exercise("make_latch", points=2.5)
@settings(max_examples=12)
@given(size=batches_of(4), seed=seeds)
def test_latch_answers_with_the_marked_sign(student, reference, size, seed):
    """y is the marked value of your own x, for every sequence"""
    x, y = drawn(student.make_latch, size, seed, reference.make_latch)
    assert np.all(x[:, :, 1].any(axis=1)), "there is a sequence without a marker"
    assert_close(y, np.sum(x[:, :, 0] * x[:, :, 1], axis=1), what="y")


@exercise("make_latch", points=2)
@settings(max_examples=10)
@given(size=batches_of(4), seed=seeds)
def test_latch_draws_in_the_stated_order(student, reference, size, seed):
    """x and y are to the last digit what the stated order of drawing gives

    First the noise of all steps, the marked ones too; then all marked steps; then all signs.
    """
    assert_same_draw(student.make_latch, reference.make_latch, size, seed)


@exercise("make_latch", points=1)
def test_latch_spreads_marks_and_signs(student):
    """Every early step is marked equally often, and both signs come equally often"""
    x, y = student.make_latch(LARGE // 2, 19, np.random.default_rng(3))
    assert_structure(x, np.zeros((LARGE // 2, 19, 2)))
    assert_structure(y, np.zeros(LARGE // 2))
    assert_often(x[:, :4, 1].sum(axis=0), LARGE / 8, "a mark at one of the steps 0 to 3")
    signs = np.array([np.sum(y == -1), np.sum(y == 1)])
    assert_often(signs, LARGE / 4, "each of the two signs")
    fifths = np.histogram(x[:, 4:, 0], bins=5, range=(-0.1, 0.1))[0]
    assert_often(fifths, 1.5 * LARGE, "noise in each fifth of [−0.1, 0.1)")


@exercise("make_latch", points=1)
def test_latch_draws_from_rng_only(student):
    """The same state of rng gives the same batch, and another state another one

    Is there an `np.random.…` that draws from a generator other than rng?
    """
    assert_uses_only_rng(student.make_latch)


LATCH_SHAPES = (np.zeros((2, 1)), np.zeros((1, 1)), np.zeros(1))


def latch_states(student, reference, w, x):
    """The states (n, T) of the student's latch on x, by the given forward function."""
    Wx, Wh, b = weights = student.design_latch_rnn(w)
    assert_structure(weights, LATCH_SHAPES, what="weights")
    assert_close(Wh, np.full((1, 1), w), what="Wh")
    h, _ = reference.rnn_forward(x, np.zeros((len(x), 1)), Wx, Wh, b)
    return h[:, :, 0]


def assert_holds(states, y, when):
    """Assert that the last state of each sequence has the sign of y."""
    signs = np.sign(states[:, -1])
    if not np.array_equal(signs, y):
        lost = int(np.sum(signs != y))
        raise StudentFailure(
            f"{lost} of {len(y)} marks {'is' if lost == 1 else 'are'} lost {when}",
            got="signs of the last states: " + show(signs),
            expected="signs of the marks: " + show(y),
        )


def latch_inputs(marks, before, after, push):
    """Sequences with one mark each, and noise that pushes with ``push`` times the mark."""
    x = np.zeros((len(marks), before + 1 + after, 2))
    x[:, :, 0] = push * marks[:, None]
    x[:, before] = np.stack([marks, np.ones(len(marks))], axis=1)
    return x


SIGNS = np.array([-1.0, 1.0])


@exercise("design_latch_rnn", points=1.5)
@settings(max_examples=4)
@given(w=st.sampled_from((2, 2.5, 3.0, 7.0)))
@example(w=2)
def test_latch_rnn_has_the_weights_of_one_unit(student, w):
    """Wx (2, 1), Wh = [[w]] and b (1,) are float64, also where w is an integer

    `np.array([[w]])` of an integer is an array of integers.
    """
    weights = student.design_latch_rnn(w)
    assert_structure(weights, LATCH_SHAPES, what="weights")
    assert_close(weights[1], np.full((1, 1), float(w)), what="Wh")


@exercise("design_latch_rnn", points=4)
@settings(max_examples=8)
@given(w=st.sampled_from((2.0, 2.5, 3.0, 4.0, 6.0)), T=st.integers(50, 200), rng=generators)
@example(w=2.0, T=50, rng=np.random.default_rng(0))
def test_latch_rnn_holds_the_mark_through_noise(student, reference, w, T, rng):
    """The sign of the last state is the sign of the mark, on sequences of the latch task

    The unit has already been pushed to one side by the noise before the mark. Is u large enough to
    turn it over, and still small enough for noise of 0.1 not to?
    """
    x, y = reference.make_latch(30, T, rng)
    assert_holds(latch_states(student, reference, w, x), y, f"in {T} steps of noise")


@exercise("design_latch_rnn", points=1.5)
@settings(max_examples=4)
@given(w=st.sampled_from((2.0, 2.5, 3.0, 5.0)))
@example(w=2.0)
def test_latch_rnn_lets_the_mark_win(student, reference, w):
    """A mark turns the unit over, even if all noise before and after it pushes the other way

    Before the mark the unit holds itself with almost w. The mark enters with u, and what is left of
    it must be far enough on the other side.
    """
    x = latch_inputs(SIGNS, 60, 60, -0.1)
    assert_holds(latch_states(student, reference, w, x), SIGNS, "when noise pushes against them")


@exercise("design_latch_rnn", points=1)
@settings(max_examples=4)
@given(w=st.sampled_from((2.0, 2.5, 3.0, 8.0)))
@example(w=2.0)
def test_latch_rnn_does_not_give_way_to_noise(student, reference, w):
    """A mark at the first step is held for 1000 steps of noise of 0.1 against it

    For w = 2 the unit gives way to a lasting push of 0.54, so 0.1 u must stay below that.
    """
    x = latch_inputs(SIGNS, 0, 1000, -0.1)
    assert_holds(latch_states(student, reference, w, x), SIGNS, "in 1000 steps of steady noise")


@exercise("design_latch_rnn", points=0.5)
@settings(max_examples=3)
@given(w=st.sampled_from((2.0, 3.0, 4.5)))
def test_latch_rnn_reads_a_mark_at_the_last_step(student, reference, w):
    """A mark at the very last step is held, too, and one in a sequence of a single step"""
    for before in (0, 40):
        x = latch_inputs(SIGNS, before, 0, -0.1)
        assert_holds(latch_states(student, reference, w, x), SIGNS, "at the last step")


@exercise("design_latch_rnn", points=1)
def test_latch_rnn_stores_and_vanishes(student, reference):
    """With w = 2 the bit is there after 50 steps, and its gradient is below 1e-30"""
    x = latch_inputs(SIGNS, 0, 50, 0.0)
    Wx, Wh, b = student.design_latch_rnn(2.0)
    assert_structure((Wx, Wh, b), LATCH_SHAPES, what="weights")
    h, cache = reference.rnn_forward(x, np.zeros((2, 1)), Wx, Wh, b)
    assert_holds(h[:, :, 0], SIGNS, "in 50 steps without input")
    dh = np.zeros(h.shape)
    dh[:, -1] = 1.0
    slope = np.max(np.abs(reference.rnn_backward(dh, cache)[0][:, 0, 0]))
    if not slope < 1e-30:
        raise StudentFailure("the gradient is larger", got=show(slope), expected="below 1e-30")


@exercise("design_latch_rnn", points=1.5)
@settings(max_examples=5)
@given(w=st.sampled_from((1, 1.0, 0.9, 0.5, 0.0, -0.5, -2.0)))
@example(w=1.0)
@example(w=-2.0)
def test_latch_rnn_refuses_what_cannot_hold(student, w):
    """w ≤ 1 raises ValueError, and w = 1 is among them

    Negative numbers are below 1, whatever their size.
    """
    assert_raises(student.design_latch_rnn, ValueError, w)


def norms_and_eps(values, seed):
    """Norms that need not decrease, and a threshold between two of them."""
    norms = np.unique(np.abs(values))  # sorted
    rank = seed % len(norms)
    below = norms[rank - 1] if rank else 0.0
    order = np.random.default_rng(seed).permutation(len(norms))
    return norms[order], float(0.5 * (below + norms[rank]) + 1e-4)


@exercise("memory_horizon", points=3.5)
@settings(max_examples=20)
@given(values=arrays(shapes(1, most=9), away_from_zero=0.02), seed=seeds)
@example(values=np.array([1.0, 0.5, 0.25, 0.125]), seed=2)
def test_horizon_is_the_largest_lag(student, reference, values, seed):
    """The horizon is the largest lag whose norm is at least eps, for norms in any order"""
    norms, eps = norms_and_eps(values, seed)
    assert_close(student.memory_horizon(norms, eps), reference.memory_horizon(norms, eps))


@exercise("memory_horizon", points=1.5)
@settings(max_examples=6)
@given(gap=st.integers(1, 4), tail=st.integers(0, 3))
def test_horizon_reaches_across_gaps(student, gap, tail):
    """A weak norm in between does not end the memory: the last one that is large enough counts"""
    norms = np.array([1.0, 0.8, *[0.001] * gap, 0.5, *[0.01] * tail])
    assert_close(student.memory_horizon(norms, 0.1), 2 + gap)


@exercise("memory_horizon", points=1)
def test_horizon_counts_the_threshold_itself(student):
    """A norm that is exactly eps is within the horizon"""
    norms = np.array([1.0, 0.5, 0.25, 0.125])
    for lag in range(4):
        assert_close(student.memory_horizon(norms, 0.5**lag), lag)


@exercise("memory_horizon", points=1.5)
def test_horizon_may_be_none(student):
    """Where no norm reaches eps the answer is None, also for no norms; lag 0 alone is 0

    0 is a lag, and `if lag:` is not true for it. −1 is none.
    """
    assert_close(student.memory_horizon(np.array([0.4, 0.3, 0.35]), 0.5), None)
    assert_close(student.memory_horizon(np.zeros(0), 0.5), None)
    assert_close(student.memory_horizon(np.array([0.6, 0.3]), 0.5), 0)


@exercise("memory_horizon", points=0.5)
def test_horizon_leaves_norms_unchanged(student, reference):
    """memory_horizon leaves norms unchanged"""
    args = np.array([0.5, 2.0, 1.0, 0.1]), 0.7
    assert_pure(student.memory_horizon, *args, like=reference.memory_horizon)


def network(lengths, single, kind, seed):
    """A network of this kind, inputs for it and a gradient by its last state, of these lengths."""
    sizes = dict(zip("NTDH", lengths, strict=True))
    if single:
        sizes[single] = 1
    N, T, D, H = (sizes[axis] for axis in "NTDH")
    K = H * {"rnn": 1, "lstm": 4, "gru": 3}[kind]
    rng = np.random.default_rng(seed)
    shapes_of = {"x": (N, T, D), "Wx": (D, K), "Wh": (H, K), "b": (K,), "dh_T": (N, H)}
    made = {name: np.round(rng.standard_normal(shape), 2) for name, shape in shapes_of.items()}
    params = {name: 0.7 * made[name] for name in ("Wx", "Wh", "b")}
    return {"kind": kind, "x": made["x"], "params": params, "dh_T": made["dh_T"]}


def networks(kinds=KINDS):
    """Networks whose axes all differ in length, or of which one is 1."""
    single = st.sampled_from(("", "", "N", "T", "D", "H"))
    return st.builds(network, st.permutations((2, 3, 4, 5)), single, kinds, seeds)


def saliencies(module, net, *douts):
    """What ``module``, the student's or the reference, says for each of ``douts``."""
    _, cache = module.cell_forward(net["kind"], net["x"], net["params"])
    return [module.input_saliency(dout, cache) for dout in douts]


@exercise("input_saliency", points=4.5)
@settings(max_examples=12)
@given(net=networks(st.just("rnn")), scale=st.sampled_from((1.0, 20.0)))
@example(net=network((3, 4, 2, 5), "", "rnn", 1), scale=1.0)
def test_saliency_of_a_plain_network(student, reference, net, scale):
    """s[n, t] is the norm of the gradient by x[n, t], in a plain RNN

    The loss depends directly on the last state alone, so dh is 0 for all others. The norm is over
    the D inputs of a step.
    """
    dh_T = scale * net["dh_T"]
    (got,), (expected,) = (saliencies(module, net, dh_T) for module in (student, reference))
    assert_close(got, expected, what="saliency")


@exercise("input_saliency", points=3)
@settings(max_examples=8)
@given(net=networks(st.sampled_from(("lstm", "gru"))))
def test_saliency_of_gated_networks(student, reference, net):
    """The same holds in an LSTM and in a GRU, whose caches are other ones

    `cell_backward` knows each cache; only the number of steps has to be found.
    """
    (got,), (expected,) = (saliencies(module, net, net["dh_T"]) for module in (student, reference))
    assert_close(got, expected, what="saliency")


@exercise("input_saliency", points=1.5)
@settings(max_examples=6)
@given(net=networks())
def test_saliency_grows_in_proportion(student, net):
    """Twice the gradient, with either sign, gives twice the saliency, and no gradient gives 0

    A norm is never negative, and it is not its square.
    """
    dh_T = net["dh_T"]
    one, two, minus, zero = saliencies(student, net, dh_T, 2 * dh_T, -2 * dh_T, 0 * dh_T)
    assert_structure(one, np.zeros(net["x"].shape[:2]), what="saliency")
    assert np.all(one[:, -1] > 0), "the last step counts for nothing"
    assert_close(two, 2 * one, what="saliency of 2 dh_T")
    assert_close(minus, 2 * one, what="saliency of −2 dh_T")
    assert_close(zero, 0 * one, what="saliency of 0 dh_T")


@exercise("input_saliency", points=1.5)
@settings(max_examples=6)
@given(net=networks(), other=st.integers(0, 10))
def test_saliency_keeps_sequences_apart(student, net, other):
    """A sequence's saliency does not depend on the gradients of the others in its batch"""
    dh_T = net["dh_T"]
    n = other % len(dh_T)
    alone = np.zeros_like(dh_T)
    alone[n] = dh_T[n]
    together, single = saliencies(student, net, dh_T, alone)
    assert_structure(together, np.zeros(net["x"].shape[:2]), what="saliency")
    assert_structure(single, together, what="saliency")
    assert np.all(together[:, -1] > 0), "the last step counts for nothing"
    expected = np.zeros_like(together)
    expected[n] = together[n]
    assert_close(single, expected, what=f"saliency where only sequence {n} has a gradient")


@exercise("input_saliency", points=1)
@settings(max_examples=3)
@given(net=networks())
def test_saliency_uses_a_cache_twice(student, reference, net):
    """The same cache gives the same saliency a second time"""
    expected = saliencies(reference, net, net["dh_T"])[0]
    for got in saliencies(student, net, net["dh_T"], net["dh_T"]):
        assert_close(got, expected, what="saliency")


@exercise("input_saliency", points=0.5)
@settings(max_examples=3)
@given(net=networks())
def test_saliency_leaves_its_arguments_unchanged(student, reference, net):
    """input_saliency leaves dh_T and the cache unchanged"""
    _, cache = student.cell_forward(net["kind"], net["x"], net["params"])
    expected = saliencies(reference, net, net["dh_T"])[0]
    assert_pure(student.input_saliency, net["dh_T"], cache, like=lambda *_: expected)


def adding_batches(make, count, n, T, seed):
    """Batches of the adding task, by the reference's ``make_adding``."""
    rng = np.random.default_rng(seed)
    return [make(n, T, rng) for _ in range(count)]


def uneven_batches(make, seed, scale=1.0):
    """Three batches of different sizes and lengths, with targets times ``scale``."""
    rng = np.random.default_rng(seed)
    sizes = ((3, 4), (1, 5), (4, 2))
    pairs = [make(n, T, rng) for n, T in (sizes[i] for i in rng.permutation(3))]
    return [(x, scale * y) for x, y in pairs]


def gentle_batches(reference, cell, seed):
    """Three batches whose targets the starting point almost meets: nothing in them is clipped."""
    kind = cell.split()[0]
    params = reference.init_network(kind, np.random.default_rng(seed))
    batches = []
    for x, y in uneven_batches(reference.make_adding, seed):
        h, _ = reference.cell_forward(kind, x, params)
        prediction = (h[:, -1] @ params["Wo"] + params["bo"])[:, 0]
        batches.append((x, prediction + 0.05 * (y - 1.0)))
    return batches


def train(module, cell, seed, batches, *rate):
    """The losses and parameters of a training; None for the latter where they are not returned."""
    result = module.train_adding(cell, np.random.default_rng(seed), batches, *rate)
    if isinstance(result, list):
        result = result, None  # the other half of the answer can still be judged
    if not isinstance(result, tuple) or len(result) != 2:
        raise StudentFailure(
            "`train_adding` must return two things: `return losses, params`", got=show(result)
        )
    losses, params = result
    if not isinstance(losses, list | tuple | np.ndarray):
        raise StudentFailure("the losses are not a list", got=show(losses))
    return list(losses), params


def assert_losses_agree(student, reference, cell, seed, batches, *rate):
    """Assert that the student's losses are the reference's."""
    got, _ = train(student, cell, seed, batches, *rate)
    expected, _ = train(reference, cell, seed, batches, *rate)
    if len(got) != len(expected):
        raise StudentFailure(
            f"there are {len(got)} losses for {len(expected)} batches", got=show(got)
        )
    for i, (ours, wanted) in enumerate(zip(got, expected, strict=True)):
        assert_close(ours, wanted, rtol=1e-8, what=f"loss of batch {i} (“{cell}”)")


@exercise("train_adding", points=3)
@settings(max_examples=6)
@given(cell=st.sampled_from(CELLS), seed=seeds)
@example(cell="rnn", seed=1)
def test_training_begins_with_the_error_of_the_starting_point(student, reference, cell, seed):
    """The first loss is the mean squared error of the network as init_network made it

    The prediction is read off the last state, h[:, -1]. If the loss is far too large: h_T @ Wo has
    the shape (N, 1), and minus y, of shape (N,), it becomes (N, N).
    """
    batches = uneven_batches(reference.make_adding, seed)[:1]
    assert_losses_agree(student, reference, cell, seed, batches)


@exercise("train_adding", points=4.5)
@settings(max_examples=6)
@given(seed=seeds)
@example(seed=1)
def test_training_a_plain_network(student, reference, seed):
    """The plain RNN's losses on the next batches are right, so every update was

    The second loss tells of the gradients and of the first update, the third one of the velocity,
    too. Each loss is the one before its own update.
    """
    batches = gentle_batches(reference, "rnn", seed)
    assert_losses_agree(student, reference, "rnn", seed, batches)


@exercise("train_adding", points=2.5)
@settings(max_examples=6)
@given(cell=st.sampled_from(("lstm", "gru")), seed=seeds)
@example(cell="lstm", seed=1)
@example(cell="gru", seed=1)
def test_training_a_gated_network(student, reference, cell, seed):
    """The LSTM's and the GRU's losses on the next batches are right"""
    batches = gentle_batches(reference, cell, seed)
    assert_losses_agree(student, reference, cell, seed, batches)


@exercise("train_adding", points=3)
@settings(max_examples=6)
@given(cell=st.sampled_from(CELLS[1:]), seed=seeds, scale=st.sampled_from((3.0, 20.0)))
@example(cell="rnn clipped", seed=1, scale=20.0)
def test_training_clips_large_gradients(student, reference, cell, seed, scale):
    """Large gradients are clipped to a global norm of 1, all five together, before the update

    The targets are larger here, and the gradients with them. Clip the gradients, not the parameters
    and not the velocity, and Wo and bo are among them.
    """
    batches = uneven_batches(reference.make_adding, seed, scale)
    assert_losses_agree(student, reference, cell, seed, batches)


@exercise("train_adding", points=1)
@settings(max_examples=4)
@given(seed=seeds)
@example(seed=1)
def test_training_does_not_clip_the_plain_network(student, reference, seed):
    """The gradients of "rnn" are not clipped, however large they are"""
    batches = uneven_batches(reference.make_adding, seed, 20.0)
    assert_losses_agree(student, reference, "rnn", seed, batches)


@exercise("train_adding", points=2)
@settings(max_examples=4)
@given(cell=st.sampled_from(CELLS), seed=seeds)
@example(cell="rnn clipped", seed=1)
def test_training_returns_the_last_parameters(student, reference, cell, seed):
    """params are the five parameters after the last update"""
    batches = gentle_batches(reference, cell, seed)
    _, got = train(student, cell, seed, batches)
    _, expected = train(reference, cell, seed, batches)
    assert_structure(got, expected, what="params")
    for name in expected:
        assert_close(got[name], expected[name], rtol=1e-8, what=f"parameter {name}")


@exercise("train_adding", points=0.5)
def test_training_without_batches(student, reference):
    """Without batches there are no losses, and the parameters are the starting point"""
    for cell in ("rnn clipped", "lstm"):
        losses, params = train(student, cell, 3, [])
        assert_close(losses, [], what="losses")
        start = reference.init_network(cell.split()[0], np.random.default_rng(3))
        assert_close(params, start, what="params")


@exercise("train_adding", points=0.5)
def test_training_records_python_floats(student, reference):
    """losses is a list of Python floats, one per batch

    `float(…)` makes one of a NumPy number.
    """
    batches = uneven_batches(reference.make_adding, 2)
    result = student.train_adding("rnn", np.random.default_rng(2), batches)
    assert_structure(result[0], [0.0, 0.0, 0.0], what="losses")
    kinds = [type(loss).__name__ for loss in result[0]]
    if type(result[0]) is not list or kinds != ["float"] * 3:
        raise StudentFailure(
            "losses is not a list of Python floats",
            got=f"{type(result[0]).__name__} of {', '.join(kinds)}",
            expected="list of float, float, float",
        )
    assert result[0][0] > 0, "the first loss is not above 0"


@exercise("train_adding", points=1)
@settings(max_examples=3)
@given(rate=st.sampled_from((0.0, 0.01, 0.3)), seed=seeds)
@example(rate=0.0, seed=1)
def test_training_uses_its_learning_rate(student, reference, rate, seed):
    """The learning rate is the one given, 0 included"""
    batches = gentle_batches(reference, "gru", seed)
    assert_losses_agree(student, reference, "gru", seed, batches, rate)


@exercise("train_adding", points=1)
def test_training_is_repeatable(student, reference):
    """The same rng gives the same losses, to the last bit, and another rng gives others"""
    batches = adding_batches(reference.make_adding, 4, 3, 4, seed=1)
    first, again, other = (train(student, "gru", seed, batches)[0] for seed in (4, 4, 5))
    assert_structure(first, [0.0] * 4, what="losses")
    assert_bitwise_equal(again, first, what="losses of the second run")
    if other == first:
        raise StudentFailure(
            "two different generators give the same losses", got=show(other), expected="others"
        )


@exercise("train_adding", points=1)
def test_training_survives_a_wild_learning_rate(student, reference):
    """At a learning rate of 1e15 the clipped network's losses stay finite, the plain one's do not

    Clipped gradients have a norm of 1 at most, so each step has a limited length. The plain network
    explodes, and training goes on to the last batch all the same.
    """
    batches = adding_batches(reference.make_adding, 12, 4, 4, seed=2)
    losses, _ = train(student, "rnn clipped", 2, batches, 1e15)
    assert_structure(losses, [0.0] * 12, what="losses")
    assert np.all(np.isfinite(losses)), "a loss of “rnn clipped” is not finite"
    losses, _ = train(student, "rnn", 2, batches, 1e15)
    assert_structure(losses, [0.0] * 12, what="losses")
    assert not np.all(np.isfinite(losses)), "all losses of “rnn” are finite: is it clipped?"


@exercise("train_adding", points=1.5)
def test_training_puts_the_cells_in_order(student, reference):
    """After 100 batches the gated cells are below half the baseline, and the plain RNN is last

    If only this fails: do all batches take part, in their order?
    """
    batches = adding_batches(reference.make_adding, 100, 32, 6, seed=2)
    last = {}
    for cell in CELLS:
        losses, _ = train(student, cell, 2, batches)
        assert_structure(losses, [0.0] * 100, what="losses")
        last[cell] = float(np.mean(losses[-30:]))
    said = ", ".join(f"{cell}: {show(loss)}" for cell, loss in last.items())
    gated = max(last["lstm"], last["gru"])
    if not (gated < 1.0 / 12.0 and gated < last["rnn clipped"] < last["rnn"]):
        raise StudentFailure(
            "the mean of the last 30 losses is not in the order that it should have",
            got=said,
            expected="rnn above rnn clipped, and both above lstm and gru, which are below 1/12",
        )


@exercise("train_adding", points=0.5)
def test_training_leaves_batches_unchanged(student, reference):
    """train_adding leaves the batches unchanged"""
    batches = gentle_batches(reference, "lstm", 1)
    args = "lstm", np.random.default_rng(1), batches
    expected = reference.train_adding("lstm", np.random.default_rng(1), batches)
    assert_pure(student.train_adding, *args, like=lambda *_: expected)
