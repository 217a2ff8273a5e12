"""Hidden tests of `training_step`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_bitwise_equal,
    assert_close,
    assert_form,
    assert_pure,
    assert_silent,
    assert_structure,
    describe,
    exercise,
    seeds,
)

from ..shared_hidden import (
    BROKEN_PLACES,
    FACTORS,
    GRADS,
    MIXED,
    SINGLE,
    Watched,
    norm_of,
    rng_of,
    with_entry,
)


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


@exercise("training_step", points=1.5, after=STEP_AFTER)
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
    assert_close(got[1], expected[1], what="info", finite=False)
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


@exercise("training_step", points=1, after=STEP_AFTER, ones=True)
def test_training_step_takes_any_names_and_shapes(student, reference):
    """Any number of parameters, of any names and shapes, are updated and come back"""
    many = {f"W{i}": np.linspace(-1.0, 2.0, 6).reshape(shape) for i, shape in enumerate(
        ((6,), (1, 6), (6, 1), (2, 3), (3, 1, 2))
    )}  # fmt: skip
    for params in (SINGLE, many, {"b": np.array([[-7.5]])}):
        got, expected = stepped(student, reference, bowl(params, 7), params, 0.5, 1.5)
        assert_close(got, expected)


@exercise("training_step", points=0.5, form=True)
def test_form_of_training_step(student, reference):
    """new_params is a dict of float64 arrays like params, and the norm in info a number"""
    got, expected = stepped(student, reference, bowl(MIXED, 1), MIXED, 0.1, 1.0)
    assert_form(got, expected)


@exercise("training_step", points=0.5, after=STEP_AFTER)
def test_training_step_leaves_its_arguments_unchanged(student, reference):
    """training_step leaves params and its arrays unchanged

    `p -= …` writes into the caller's arrays.
    """
    options = bowl(MIXED, 8), MIXED, 0.1, 2.0
    assert_pure(student.training_step, *options, like=reference.training_step)
