"""Hidden tests of `bidirectional_forward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_forward_agrees,
    assert_forward_form,
    assert_pure,
    exercise,
    show,
)

from ..shared_hidden import (
    A_BATCH,
    BIDIRECTIONAL,
    ITS_LENGTHS,
    READERS,
    arguments,
    bidirectional,
    output_of,
    padded,
    real_steps,
    wide,
    with_an_axis_of_one,
)


def full(inputs):
    """Lengths without any padding."""
    N, T, _ = inputs["x_seq"].shape
    return np.full(N, T)


def halves(owner, inputs, lengths):
    """The forward and the backward half of the output, each (N, T, H), after a look at its shape"""
    (N, T, _), H = inputs["x_seq"].shape, inputs["b of fwd"].size
    out = output_of(bidirectional(owner, lengths)[0], inputs, np.zeros((N, T, 2 * H)))
    return out[:, :, :H], out[:, :, H:]


def assert_half(student, reference, inputs, lengths, half):
    """Assert that half 0 or 1 of the output is right at the real steps."""
    real = real_steps(inputs, lengths)
    got = np.where(real, halves(student, inputs, lengths)[half], 0.0)
    wanted = halves(reference, inputs, lengths)[half]
    name = ("forward", "backward")[half]
    assert_close(got, wanted, what=f"{name} half of the output, at real steps")


@exercise("bidirectional_forward", points=1.5)
@settings(max_examples=4)
@given(case=padded())
def test_bidirectional_forward_half(student, reference, case):
    """The first half of the output is the forward reader's state, at each real step"""
    assert_half(student, reference, *case, 0)


@exercise("bidirectional_forward", points=2)
@settings(max_examples=4)
@given(inputs=wide(BIDIRECTIONAL))
def test_bidirectional_backward_half_without_padding(student, reference, inputs):
    """Without padding, the second half is the backward reader's state after the steps T − 1, …, t

    The reader's first state belongs to the last step: was its result turned round again?
    """
    assert_half(student, reference, inputs, full(inputs), 1)


@exercise("bidirectional_forward", points=2)
@settings(max_examples=4)
@given(case=padded())
def test_bidirectional_backward_half_with_padding(student, reference, case):
    """With padding, the backward reader starts at each sequence's own last real step

    If this fails and sequences without padding are right, the whole array was turned round.
    """
    assert_half(student, reference, *case, 1)


@exercise("bidirectional_forward", points=0.5)
@settings(max_examples=4)
@given(case=padded())
def test_bidirectional_output_is_zero_at_padding(student, reference, case):
    """At padding, both halves of the output are exactly 0"""
    inputs, lengths = case
    assert_half(student, reference, inputs, lengths, 0)
    for half in halves(student, inputs, lengths):
        if np.any(np.where(real_steps(inputs, lengths), 0.0, half)):
            raise StudentFailure("the output at padding is not 0", got=show(half), expected="0")


@exercise("bidirectional_forward", points=0.5)
@settings(max_examples=4)
@given(case=padded())
def test_bidirectional_padding_is_never_read(student, reference, case):
    """NaN in the padding of x_seq changes nothing

    A product with a mask of 0 does not remove a NaN. Put something else in its place first.
    """
    inputs, lengths = case
    clean = halves(student, inputs, lengths)
    x_seq = np.where(real_steps(inputs, lengths), inputs["x_seq"], np.nan)
    spoilt = {**inputs, "x_seq": x_seq}
    assert_half(student, reference, spoilt, lengths, 0)
    assert_close(halves(student, spoilt, lengths), clean, what="pair of halves")


@exercise("bidirectional_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(BIDIRECTIONAL))
def test_bidirectional_is_symmetric(student, inputs):
    """Turning the sequences round and exchanging fwd and bwd turns round and exchanges the halves

    (Without padding.)
    """
    first, second = halves(student, inputs, full(inputs))
    assert np.any(first != second), "the two halves of the output are equal"
    names = [*READERS]
    swapped = dict(zip(names, (inputs[name] for name in names[3:] + names[:3]), strict=True))
    mirrored = {"x_seq": inputs["x_seq"][:, ::-1], **swapped}
    expected = (second[:, ::-1], first[:, ::-1])
    assert_close(halves(student, mirrored, full(inputs)), expected, what="pair of halves")


@exercise("bidirectional_forward", points=0.5, ones=True)
@settings(max_examples=1)
@given(inputs=wide(BIDIRECTIONAL))
@with_an_axis_of_one(BIDIRECTIONAL)
def test_bidirectional_keeps_axes_of_one(student, reference, inputs):
    """out has the shape (N, T, 2H), also where N, T, D or H is 1"""
    references = bidirectional(reference, full(inputs))
    assert_forward_agrees(bidirectional(student, full(inputs))[0], references[0], inputs)


@exercise("bidirectional_forward", points=0.5, form=True)
def test_form_of_bidirectional_forward(student, reference):
    """out is a float64 array of shape (N, T, 2H)"""
    forwards = (bidirectional(owner, ITS_LENGTHS)[0] for owner in (student, reference))
    assert_forward_form(*forwards, A_BATCH)


@exercise("bidirectional_forward", points=0.5)
def test_bidirectional_forward_leaves_its_arguments_unchanged(student, reference):
    """bidirectional_forward leaves its arguments unchanged"""
    references = bidirectional(reference, ITS_LENGTHS)
    assert_forward_agrees(bidirectional(student, ITS_LENGTHS)[0], references[0], A_BATCH)
    assert_pure(student.bidirectional_forward, *arguments(A_BATCH, ITS_LENGTHS))
