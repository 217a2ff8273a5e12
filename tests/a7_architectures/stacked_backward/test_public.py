"""Public tests of `stacked_backward`."""

from __future__ import annotations

from autograder.testing import exercise

from ..shared_public import assert_slopes, in_layers, parts_of, stack


def assert_stack_slopes(student, inputs, shape, skip):
    """Assert that stacked_backward gives the slopes of stacked_forward."""

    def forward(x_seq, h0, *weights):
        return student.stacked_forward(x_seq, h0, in_layers(weights), skip)

    def unpack(gradients):
        form = "(dx, dh0, [(dWx, dWh, db), …]), with one tuple per layer"
        dx, dh0, dlayers = parts_of(gradients, 3, form)
        layers = parts_of(dlayers, len(inputs) // 3, form)
        return [dx, dh0, *(each for layer in layers for each in parts_of(layer, 3, form))]

    assert_slopes(forward, student.stacked_backward, inputs, shape, unpack)


@exercise("stacked_backward", after="stacked_forward")
def test_stacked_backward_fits_your_forward_without_skip(student):
    """Without skip, the gradients are the slopes of your own stacked_forward

    What a layer returns for its input is what the layer below gets for its output. dh0 and dlayers
    have the order of the layers, the lowest first.
    """
    assert_stack_slopes(student, stack(22, 2, 3, 5, 4, 3), (2, 3, 4), False)


@exercise("stacked_backward", after="stacked_forward")
def test_stacked_backward_fits_your_forward_with_skip(student):
    """With skip, they are, too

    If this fails and the one without skip does not: what was added on the way up is missing on the
    way down.
    """
    for D in (5, 4):
        assert_stack_slopes(student, stack(23, 2, 3, D, 4, 2), (2, 3, 4), True)
