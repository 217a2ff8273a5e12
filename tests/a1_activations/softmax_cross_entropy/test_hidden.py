"""Hidden tests of `softmax_cross_entropy`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_form_agrees,
    assert_gradients,
    assert_pure,
    assert_silent,
    assert_structure,
    exercise,
    seeds,
    show,
)


def words(shape, seed):
    """Scores (N, T, V), right words (N, T) and a mask (N, T) that leaves at least one step."""
    rng = np.random.default_rng(seed)
    scores = np.clip(np.round(1.5 * rng.standard_normal(shape), 2), -4.0, 4.0)
    mask = rng.integers(2, size=shape[:2])
    mask.flat[rng.integers(mask.size)] = 1
    return scores, rng.integers(shape[2], size=shape[:2]), mask


BATCHES = st.builds(
    words, st.permutations((2, 3, 4, 5)).map(lambda lengths: tuple(lengths[:3])), seeds
)
SHAPES = [words(shape, 1) for shape in ((2, 3, 4), (3, 4, 2))]


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


@exercise("softmax_cross_entropy", points=3.5)
@given(batch=BATCHES)
@example(batch=SHAPES[0])
@example(batch=SHAPES[1])
def test_loss_agrees_with_its_formula(student, reference, batch):
    """The loss is the sum of −log p over the steps, averaged over the N sequences

    Divide by N, the number of sequences: not by the number of steps, of words or of mask entries.
    """
    scores, y, _ = batch
    loss, _ = student.softmax_cross_entropy(scores, y, np.ones(y.shape))
    assert_close(loss, reference.softmax_cross_entropy(scores, y, np.ones(y.shape))[0], what="loss")


@exercise("softmax_cross_entropy", points=3.5)
@given(batch=BATCHES)
@example(batch=SHAPES[0])
@example(batch=SHAPES[1])
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


@exercise("softmax_cross_entropy", points=0.5, ones=True)
def test_softmax_cross_entropy_keeps_axes_of_one(student, reference):
    """Loss and dscores are right also for a single sequence, and for a single step"""
    for shape in ((1, 3, 4), (4, 1, 3), (1, 1, 2)):
        args = words(shape, 1)
        expected = reference.softmax_cross_entropy(*args)
        assert_result(student.softmax_cross_entropy(*args), expected)


@exercise("softmax_cross_entropy", points=0.5, form=True)
def test_form_of_softmax_cross_entropy(student, reference):
    """The loss is a number, and dscores a float64 array of the shape of scores"""
    scores = np.linspace(-1.0, 2.0, 24).reshape(2, 3, 4)
    y, mask = np.array([[0, 3, 1], [2, 2, 0]]), np.array([[1, 1, 0], [1, 1, 1]])
    function = student.softmax_cross_entropy
    assert_form_agrees(function, reference.softmax_cross_entropy, scores, y, mask)


@exercise("softmax_cross_entropy", points=0.5)
def test_softmax_cross_entropy_leaves_its_arguments_unchanged(student):
    """softmax_cross_entropy leaves its arguments unchanged

    `scores -= …` and `scores[…] -= …` write into the caller's array.
    """
    batch = words((1, 2, 3), 5)
    loss_of(student, *batch)
    assert_pure(student.softmax_cross_entropy, *batch)
