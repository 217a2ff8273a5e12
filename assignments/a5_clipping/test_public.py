"""The tests that come with a5_clipping: the notebook's cells `check("…")` run them.

You may read them. The grader asks the same questions, on more and other inputs.
"""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    StudentFailure,
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_silent,
    assert_structure,
    describe,
    exercise,
    show,
)

GRADS = {"W": np.array([[3.0, -0.5], [0.25, -4.0]]), "b": np.array([12.0, 0.0])}


def assert_like(params, expected, label):
    """Assert that a student calls ``label`` with a dict of arrays like those of ``expected``."""
    kinds = [
        {name: (np.shape(p), getattr(p, "dtype", None)) for name, p in each.items()}
        if isinstance(each, dict)
        else describe(each)
        for each in (params, expected)
    ]
    if kinds[0] != kinds[1]:
        raise StudentFailure(
            f"`{label}` is called with params of another kind than the given ones",
            got=show(params),
            expected=show(expected),
        )


@exercise("identity_init")
def test_recurrent_weights_and_bias(student):
    """With D = 3, H = 2 and scale = 0.5, Wh is [[0.5, 0], [0, 0.5]] and b is [0, 0]

    Zeros beside the diagonal of Wh, and one axis in b.
    """
    weights = student.identity_init(3, 2, 0.5, np.random.default_rng(0))
    assert_structure(weights, (np.zeros((3, 2)), np.zeros((2, 2)), np.zeros(2)))
    assert_close(weights[1], np.array([[0.5, 0.0], [0.0, 0.5]]), what="weight matrix Wh")
    assert_close(weights[2], np.zeros(2), what="bias b")


@exercise("identity_init")
def test_input_weights(student):
    """Wx holds the numbers of rng, divided by the root of D, whatever scale is

    Here D = 4, so each number of rng is halved. If yours do not change from one generator to the
    next, they come from somewhere else.
    """
    for seed, scale in ((0, 1.0), (1, 0.5)):
        Wx = student.identity_init(4, 3, scale, np.random.default_rng(seed))[0]
        assert_close(
            Wx, np.random.default_rng(seed).standard_normal((4, 3)) / 2.0, what="weight matrix Wx"
        )


@exercise("orthogonal_init")
def test_columns_are_orthonormal(student):
    """Qᵀ Q = I, to 1e-12

    On its diagonal are the squared lengths of the columns, beside it their inner products. Columns
    of length 1 are not enough.
    """
    for H in (1, 2, 5):
        Q = student.orthogonal_init(H, np.random.default_rng(H))
        assert_structure(Q, np.zeros((H, H)), what="Q")
        assert_close(Q.T @ Q, np.eye(H), rtol=1e-12, what="product Qᵀ Q")


@exercise("orthogonal_init")
def test_decomposition(student):
    """Qᵀ A is upper triangular with a positive diagonal, where A = rng.standard_normal((3, 3))

    Qᵀ A is R. If some of its diagonal is negative, the columns of Q that belong to these entries
    need the other sign. If it is not triangular, your Q does not come from this A.
    """
    for seed in range(3):
        Q = student.orthogonal_init(3, np.random.default_rng(seed))
        assert_structure(Q, np.zeros((3, 3)), what="Q")
        R = Q.T @ np.random.default_rng(seed).standard_normal((3, 3))
        assert_close(np.tril(R, -1) + 1.0, np.ones((3, 3)), what="1 + what is below R's diagonal")
        if not np.all(np.diag(R) > 0):
            raise StudentFailure(
                "the diagonal of R is not positive", got=show(np.diag(R)), expected="above 0"
            )


CUT_AT_ONE = {"W": np.array([[1.0, -0.5], [0.25, -1.0]]), "b": np.array([1.0, 0.0])}


@exercise("clip_by_value")
def test_clip_by_value_of_known_numbers(student):
    """With a limit of 1: 3 and 12 become 1, −4 becomes −1, and what is smaller stays

    Each entry on its own, on both sides of 0, in every array.
    """
    clipped = student.clip_by_value(GRADS, 1.0)
    assert_close(clipped, CUT_AT_ONE)
    assert_bitwise_equal(student.clip_by_value(clipped, 1.0), CUT_AT_ONE)


@exercise("clip_by_value")
def test_clip_by_value_builds_new_arrays(student):
    """The arrays that were given are left unchanged

    A copy of the dict alone still holds the caller's arrays.
    """
    assert_pure(student.clip_by_value, GRADS, 1.0, like=lambda *_: CUT_AT_ONE)


SHORT = {"W": np.array([[2.0, -4.0]]), "b": np.array([4.0])}  # norm 6
QUARTER = {"W": np.array([[0.5, -1.0]]), "b": np.array([1.0])}


@exercise("clip_by_global_norm")
def test_clip_by_global_norm_of_known_numbers(student):
    """W = [[2, −4]] and b = [4] have the norm 6: at a threshold of 1.5 all become a quarter

    4 + 16 + 16 = 36. If W and b are scaled differently, each has got a norm of its own; if you get
    36, the root is missing. The norm returned is 6, the one before clipping.
    """
    clipped, norm = student.clip_by_global_norm(SHORT, 1.5)
    assert_close(norm, 6.0, what="norm")
    assert_close(clipped, QUARTER, what="clipped")


@exercise("clip_by_global_norm")
def test_short_gradients_stay(student):
    """At thresholds of 6 and of 100 they stay as they are, to the last bit

    Clipping never makes a gradient longer.
    """
    for threshold in (6.0, 100.0):
        clipped, norm = student.clip_by_global_norm(SHORT, threshold)
        assert_close(norm, 6.0, what="norm")
        assert_bitwise_equal(clipped, SHORT, what="clipped")


@exercise("clip_by_global_norm")
def test_zero_gradients_stay_zero(student):
    """Gradients of 0 stay 0, with norm 0 and without a warning

    If you get NaN, something is divided by a norm of 0.
    """
    zeros = {"W": np.zeros((2, 3)), "b": np.zeros(3)}
    assert_close(student.clip_by_global_norm(zeros, 1.0), (zeros, 0.0))
    assert_silent(student.clip_by_global_norm, zeros, 1.0)


@exercise("clip_by_global_norm")
def test_clip_by_global_norm_builds_new_arrays(student):
    """The arrays that were given are left unchanged

    `g *= …` works in the array that you were given.
    """
    assert_pure(student.clip_by_global_norm, SHORT, 1.5, like=lambda *_: (QUARTER, 6.0))


@exercise("stable_global_norm")
def test_stable_norm_of_known_numbers(student):
    """The norm of 3, −0.5, 0.25, −4, 12 and 0 is the root of 169.3125

    If you get a number between 1 and 3, the scale was not put back; if it is negative, the scale is
    not an *absolute* value.
    """
    assert_close(student.stable_global_norm(GRADS), np.sqrt(169.3125), what="norm")
    assert_close(student.stable_global_norm({"b": np.array([-3.0, -4.0])}), 5.0, what="norm")
    assert_pure(student.stable_global_norm, GRADS)


@exercise("stable_global_norm")
def test_stable_norm_of_large_and_of_tiny_numbers(student):
    """3 and −4 times 1e20 in float32, times 1e200 and times 1e-200 have the norm 5 times as much

    If it is infinite or 0, a square overflows or underflows: in which dtype, and is the scale that
    of *all* arrays?
    """
    single = {"W": np.array([[3e20]], np.float32), "b": np.array([-4e20], np.float32)}
    assert_close(student.stable_global_norm(single), 5e20, rtol=1e-6, what="norm")
    for size in (1e199, 1e-199):
        grads = {"W": size * np.array([[3.0]]), "b": size * np.array([-4.0])}
        assert_close(student.stable_global_norm(grads), 5.0 * size, what="norm")
        assert_silent(student.stable_global_norm, grads)


@exercise("stable_global_norm")
def test_stable_norm_of_zeros(student):
    """The norm of zeros is 0, without a warning

    What is the largest entry then, and what do you divide by?
    """
    zeros = {"W": np.zeros((2, 3)), "b": np.zeros(3)}
    assert_close(student.stable_global_norm(zeros), 0.0, what="norm")
    assert_silent(student.stable_global_norm, zeros)


def assert_says(student, grads, expected, because):
    """Assert that the student's all_finite answers ``expected``."""
    answer = student.all_finite(grads)
    if answer is not expected:
        raise StudentFailure(
            f"`all_finite` does not answer {expected} although {because}",
            got=f"{show(answer)}, of type {type(answer).__name__}",
            expected=f"{expected}, of type bool",
        )


@exercise("all_finite")
def test_broken_numbers_are_found(student):
    """NaN, inf and −inf are found, in the first array and in the last

    If one of the arrays is missed: does your loop answer before it has seen the others, or forget
    what it has seen? If NaN is missed: every comparison with NaN is False.
    """
    assert_says(student, GRADS, True, "all entries are finite")
    for value in (np.nan, np.inf, -np.inf):
        first = {"W": np.array([[1.0, value]]), "b": np.zeros(2)}
        last = {"W": np.array([[1.0, 2.0]]), "b": np.array([value, 0.0])}
        for name, grads in (("W", first), ("b", last)):
            assert_says(student, grads, False, f"{name} holds {value}")


@exercise("all_finite")
def test_large_numbers_are_finite(student):
    """1.7e308 is finite, and so are two of them, without a warning

    Their sum is not finite, and neither are their squares: look at the entries themselves.
    """
    large = {"W": np.array([[1.7e308, 1.7e308]]), "b": np.array([-1.7e308])}
    assert_says(student, large, True, "all entries are finite")
    assert_silent(student.all_finite, large)
    assert_pure(student.all_finite, large)


PARAMS = {"W": np.array([[1.0, -2.0]]), "b": np.array([4.0])}


def slopes(loss=10.0, **grads):
    """A loss_and_grads with the gradients 2 · params, or others where they are given."""

    def loss_and_grads(*given, **named):
        params = (*given, *named.values(), None)[0]
        assert_like(params, PARAMS, "loss_and_grads")
        return loss, {name: grads.get(name, 2.0 * p) for name, p in params.items()}

    return loss_and_grads


@exercise("training_step", after=("clip_by_global_norm", "all_finite"))
def test_a_step_of_known_numbers(student):
    """Gradients [[2, −4]] and [8], scaled by a half, times a learning rate of 0.1

    Their norm is the root of 84, and the threshold is half of that: so params move by
    [[−0.1, 0.2]] and [−0.4]. Other numbers? What is clipped (the gradients, not the parameters and
    not the step), when, and which way does the update go?
    """
    norm = np.sqrt(84.0)
    moved, info = student.training_step(slopes(), PARAMS, 0.1, norm / 2)
    assert_close(moved, {"W": np.array([[0.9, -1.8]]), "b": np.array([3.6])}, what="new_params")
    assert_close(info, {"ok": True, "loss": 10.0, "norm": norm}, what="info")
    moved, info = student.training_step(slopes(), PARAMS, 0.1, 2 * norm)
    assert_close(moved, {"W": np.array([[0.8, -1.6]]), "b": np.array([3.2])}, what="new_params")
    assert_close(info, {"ok": True, "loss": 10.0, "norm": norm}, what="info")


@exercise("training_step", after=("clip_by_global_norm", "all_finite"))
def test_broken_numbers_stop_the_step(student):
    """A NaN or infinite loss, or gradient, leaves params as they are, with ok = False, norm = None

    If there is a warning, something was computed with the broken numbers before you looked.
    """
    for broken, loss in (
        (slopes(b=np.array([np.nan])), 10.0),
        (slopes(W=np.array([[np.inf, 1.0]])), 10.0),
        (slopes(loss=np.nan), np.nan),
        (slopes(loss=np.inf), np.inf),
    ):
        moved, info = student.training_step(broken, PARAMS, 0.1, 1.0)
        assert_bitwise_equal(moved, PARAMS, what="new_params")
        expected = {"ok": False, "loss": loss, "norm": None}
        assert_close(info, expected, what="info", finite=False)
        assert_silent(student.training_step, broken, PARAMS, 0.1, 1.0)


@exercise("training_step", after=("clip_by_global_norm", "all_finite"))
def test_training_step_builds_new_arrays(student):
    """The arrays that were given are left unchanged

    `p -= …` works in the array that you were given.
    """
    moved = {"W": np.array([[0.8, -1.6]]), "b": np.array([3.2])}
    info = {"ok": True, "loss": 10.0, "norm": np.sqrt(84.0)}
    assert_pure(student.training_step, slopes(), PARAMS, 0.1, 10.0, like=lambda *_: (moved, info))


START = {"w": np.array([1.0, -1.0]), "age": np.zeros(1)}  # age: how many steps lie behind


def walk(accidents=(), *, broken_loss=1.0, in_place=False):
    """A step that adds learning_rate to w and 1 to age.

    ``accidents`` are pairs (age, rate): at this age, at rates above this one, it breaks. Then w
    becomes NaN or, where ``broken_loss`` is given, the loss this number.
    """

    def step(*given, **named):
        if len(given) + len(named) != 2:
            raise StudentFailure(
                f"`step` is called with {len(given) + len(named)} arguments",
                expected="step(params, learning_rate)",
            )
        params = given[0] if given else named.get("params")
        learning_rate = given[1] if len(given) > 1 else named.get("learning_rate")
        assert_like(params, START, "step")
        if not isinstance(learning_rate, float) or not learning_rate > 1e-6:
            raise StudentFailure(
                "`step` is called with a learning rate that is not right",
                got=show(learning_rate),
                expected="0.1, halved at most ten times",
            )
        age = params["age"][0]
        is_bad = any(age == when and learning_rate > rate for when, rate in accidents)
        moved = params if in_place else {name: p.copy() for name, p in params.items()}
        moved["w"] += learning_rate
        moved["age"] += 1.0
        if is_bad and broken_loss == 1.0:
            moved["w"][1] = np.nan
        return dict(moved), broken_loss if is_bad else 1.0

    return step


def assert_ends(student, step, n_steps, every, *, w, age, restarts):
    """Assert that a run from START ends with these numbers added to w, in age and in restarts."""
    result = student.train_with_checkpoints(step, START, n_steps, every)
    assert_structure(result, (START, 0))
    params, times = result
    assert_close(times, restarts, what="number of restarts")
    assert_close(params["age"][0], float(age), what="number of good steps behind the result")
    assert_close(params["w"], START["w"] + w, what="w")


@exercise("train_with_checkpoints", after="all_finite")
def test_a_run_without_accidents(student):
    """Five good steps at a learning rate of 0.1, with a checkpoint after every two

    Each step adds its learning rate to w: 0.5 in all. If only four steps are in the result, it is
    the checkpoint that is returned. And the given params stay what they were.
    """
    assert_ends(student, walk(), 5, 2, w=0.5, age=5, restarts=0)
    assert_pure(student.train_with_checkpoints, walk(), START, 5, 2)


@exercise("train_with_checkpoints", after="all_finite")
def test_a_run_with_an_accident(student):
    """After a bad fifth step, a run of six goes on from the checkpoint after three, at 0.05

    Three steps at 0.1, then three at 0.05: w grows by 0.45. A result with a NaN: look at the new
    params, not only at the loss, and save nothing before you have looked. Fewer steps: the count
    has to go back, too. Another w: which state, which rate?
    """
    assert_ends(student, walk([(4, 0.07)]), 6, 3, w=0.45, age=6, restarts=1)
    # the sixth step itself is bad, when a checkpoint would be due and the run would end
    assert_ends(student, walk([(5, 0.07)]), 6, 3, w=0.45, age=6, restarts=1)
    for loss in (np.nan, np.inf):
        bad_loss = walk([(4, 0.07)], broken_loss=loss)
        assert_ends(student, bad_loss, 6, 3, w=0.45, age=6, restarts=1)


@exercise("train_with_checkpoints", after="all_finite")
def test_steps_that_work_in_place(student):
    """A step may change the arrays that it is given: the checkpoint and the given params do not

    If this fails and the others pass, what you save, or what you go back to, is another name for
    arrays that step is going to change. `dict(params)` copies the dict and not its arrays.
    """
    step = walk([(1, 0.03), (4, 0.03)], in_place=True)
    assert_ends(student, step, 5, 3, w=0.125, age=5, restarts=2)
    late = walk([(4, 0.03)], in_place=True)
    assert_ends(student, late, 6, 3, w=0.3 + 0.075, age=6, restarts=2)
    assert_pure(student.train_with_checkpoints, late, START, 6, 3)


@exercise("train_with_checkpoints", after="all_finite")
def test_a_run_that_never_gets_through(student):
    """After ten restarts the next bad step ends the run, with the last checkpoint

    Here the fourth step is bad at every rate that ten halvings can reach. The result is the state
    after two steps, and it is a good one.
    """
    assert_ends(student, walk([(3, 1e-5)]), 6, 2, w=0.2, age=2, restarts=10)
