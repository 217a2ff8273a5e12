"""What the public tests share; released with them."""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    StudentFailure,
    assert_finite,
    assert_gradients,
    assert_pure,
    assert_structure,
    describe,
    outputs_and_cache,
)

LOG3 = np.log(3.0)  # sigmoid(LOG3) is 3/4, sigmoid(-LOG3) is 1/4


def normal(seed, *shapes, scale=0.6):
    """Random arrays of these shapes."""
    rng = np.random.default_rng(seed)
    return [np.round(scale * rng.standard_normal(shape), 2) for shape in shapes]


def output_of(forward, args, shape):
    """The output, after a look at its shape; and the cache."""
    (out, *_), cache = outputs_and_cache(forward, dict(enumerate(args)))
    assert_structure(out, np.zeros(shape), what="output")
    assert_finite(out, what="output")
    return out, cache


def parts_of(value, count, form):
    """A backward function's result, which must have ``count`` parts."""
    if not isinstance(value, tuple | list) or len(value) != count:
        raise StudentFailure(f"the gradients must come as {form}", got=describe(value))
    return list(value)


def assert_slopes(forward, backward, inputs, shape, unpack=list):
    """Assert that ``backward`` gives the slopes of the student's own ``forward``, and stays pure.

    ``forward`` takes the arrays in ``inputs``, a dict by their names; ``unpack`` makes a plain list
    of the gradients.
    """
    out, cache = output_of(forward, inputs.values(), shape)
    dout = 20.0 * np.random.default_rng(0).standard_normal(out.shape)
    gradients = unpack(backward(dout, cache))
    parts = parts_of(gradients, len(inputs), "a tuple: one for each of " + ", ".join(inputs))
    named = dict(zip(inputs, parts, strict=True))
    rng = np.random.default_rng(1)
    assert_gradients(lambda **moved: forward(*moved.values())[0], inputs, [dout], named, rng)
    assert_pure(backward, dout, cache)


def gru_arrays(seed, N, D, H, *leading):
    """x, h, Wx, Wh, b of a GRU; ``leading`` is (T,) for a whole sequence."""
    names = ("x_seq" if leading else "x", "h0" if leading else "prev_h", "Wx", "Wh", "b")
    shapes = (N, *leading, D), (N, H), (D, 3 * H), (H, 3 * H), (3 * H,)
    return dict(zip(names, normal(seed, *shapes), strict=True))


ONE, NONE, NO_BIAS = np.ones((1, 1)), np.zeros((1, 1)), np.zeros(1)
ADDS = ONE, ONE, NO_BIAS  # h = tanh(x + h before)


def stack(seed, N, T, D, H, L):
    """The arrays of a stack by their names."""
    names = ["x_seq", "h0"]
    shapes: list[tuple[int, ...] | int] = [(N, T, D), (L, N, H)]
    for layer in range(L):
        names += [f"{name} of layer {layer}" for name in ("Wx", "Wh", "b")]
        shapes += [(H if layer else D, H), (H, H), H]
    return dict(zip(names, normal(seed, *shapes), strict=True))


def in_layers(weights):
    """Weights one after another as the list of layers."""
    return [tuple(weights[i : i + 3]) for i in range(0, len(weights), 3)]
