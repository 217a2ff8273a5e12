"""What the hidden tests share."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_backward_is_linear,
    assert_close,
    assert_pure,
    assert_structure,
    named_gradients,
    outputs_and_cache,
    seeds,
    show,
    tensors,
)

SEQUENCE = {"x_seq": "NTD", "h0": "NH", "Wx": "DH", "Wh": "HH", "b": "H"}
SEQUENCES = tensors(scale=0.5, **SEQUENCE)
SMALL = 0.05  # the size of cotangents
LARGE = 20.0  # times a cotangent: what clips anything shows
STATE_ATOL = 1e-9  # of states, which lie between -1 and 1 and may all be 0
NOTHING = 1e-12  # the size of what should have cancelled
SINGLE = (  # lengths of which some are 1
    {"N": 1, "T": 3, "D": 2, "H": 4},
    {"N": 3, "T": 1, "D": 4, "H": 2},
    {"N": 2, "T": 4, "D": 1, "H": 3},
    {"N": 4, "T": 2, "D": 3, "H": 1},
    {"N": 1, "T": 1, "D": 1, "H": 1},
)


def made(axes, lengths, seed):
    """Inputs of given lengths without any 0: made(STEP, {"N": 2, "D": 4, "H": 5}, 1)."""
    rng = np.random.default_rng(seed)
    drawn = {
        name: np.round(0.5 * rng.standard_normal([lengths[axis] for axis in letters]), 2)
        for name, letters in axes.items()
    }
    return {name: value + np.where(value < 0, -0.05, 0.05) for name, value in drawn.items()}


@st.composite
def inputs_of(draw, axes, steps):
    """Inputs without any 0, of ``steps`` steps (drawn), the other lengths from 2, all different."""
    T = draw(steps)
    others = draw(st.permutations([n for n in (2, 3, 4, 5) if n != T][:3]))
    return made(axes, {**dict(zip("NDH", others, strict=True)), "T": T}, draw(seeds))


DEEP = inputs_of(SEQUENCE, st.integers(3, 6))
A_SEQUENCE = made(SEQUENCE, {"N": 2, "T": 5, "D": 3, "H": 4}, 2)


def cotangent(seed, shape, scale=SMALL):
    """A random gradient of an output, to three decimals."""
    return np.round(scale * np.random.default_rng(seed).standard_normal(shape), 3)


def forth(student, reference, name, inputs):
    """Output and cache of the student's forward function ``name``, and the reference's cache."""
    forward = getattr(student, name)
    (expected,), reference_cache = outputs_and_cache(getattr(reference, name), inputs)
    outputs, cache = outputs_and_cache(forward, inputs)
    assert_structure(outputs, (expected,), what=f"output of your `{name}`")
    if not np.allclose(outputs[0], expected, rtol=0.0, atol=STATE_ATOL):
        assert_close(outputs[0], expected, what=f"output of your `{name}`")
    return expected, cache, reference_cache


def assert_agree(got, expected, inputs, names=()):
    """Assert that the gradients of ``names``, or all of them, are the expected ones."""
    ours, wanted = named_gradients(got, inputs), named_gradients(expected, inputs)
    for name in names or inputs:
        assert_close(ours[name], wanted[name], what=f"gradient of `{name}`")


def assert_all_there(gradients, inputs):
    """Assert right shapes, and something that is not 0: doing nothing is linear, too."""
    parts = named_gradients(gradients, inputs)
    for name, gradient in parts.items():
        assert_structure(gradient, inputs[name], what=f"gradient of `{name}`")
    assert any(np.any(gradient) for gradient in parts.values()), "all gradients are 0 everywhere"


def assert_linear(forward, backward, inputs, seed):
    """Assert that ``backward`` is linear, 0 for 0, and not 0 everywhere."""
    (out,), cache = outputs_and_cache(forward, inputs)
    assert_all_there(backward(np.ones(np.shape(out)), cache), inputs)
    zeros = tuple(np.zeros(value.shape) for value in inputs.values())
    assert_agree(backward(np.zeros(np.shape(out)), cache), zeros, inputs)
    assert_backward_is_linear((forward, backward), inputs, np.random.default_rng(seed))


def assert_superposes(backward, h, inputs, seed):
    """Assert that backward(dh) is the sum over the steps of dh, and not 0."""
    dh = cotangent(seed, np.shape(h))
    together = backward(dh)
    assert_all_there(together, inputs)
    alone = [named_gradients(backward(only(dh, t)), inputs) for t in range(dh.shape[1])]
    for each in alone:
        for name, value in inputs.items():
            assert_structure(each[name], value, what=f"gradient of `{name}`")
    assert_agree(together, [sum(each[name] for each in alone) for name in inputs], inputs)


def assert_leaves_all_unchanged(backward, *args, expected):
    """Assert the right value, the same from the same cache once more, and unchanged arguments."""
    assert_close(backward(*args), expected, what="result of a first call")
    assert_pure(backward, *args, like=lambda *_: expected)


def assert_reached(dx, steps, because):
    """Assert that dx is 0, but for round-off, at all steps but ``steps``, and not 0 at those."""
    for s in range(dx.shape[1]):
        size = float(np.max(np.abs(dx[:, s])))
        if s in steps and size == 0.0:
            raise StudentFailure(f"dx[:, {s}] is 0 although {because} reaches step {s}")
        if s not in steps and not size <= NOTHING:
            raise StudentFailure(
                f"dx[:, {s}] is not 0 although {because} does not reach step {s}",
                got=show(dx[:, s]),
            )


def only(dh, t):
    """dh with all steps but t set to 0."""
    return np.where(np.arange(dh.shape[1])[:, None] == t, dh, 0.0)
