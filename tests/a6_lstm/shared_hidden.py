"""What the hidden tests share."""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_structure,
    describe,
    outputs_and_cache,
)

STEP = {"x": "ND", "prev_h": "NH", "prev_c": "NH", "Wx": "D4H", "Wh": "H4H", "b": "4H"}
SEQUENCE = {"x_seq": "NTD", "h0": "NH", "Wx": "D4H", "Wh": "H4H", "b": "4H"}
PARTS = "ifog"
SURE = 1e4  # a pre-activation at which a gate is exactly 0 or 1


def part(name, H):
    """The columns of one of the four parts."""
    start = PARTS.index(name) * H
    return slice(start, start + H)


def with_gates(inputs, **pre_activations):
    """The inputs with zero weights and these biases in the parts that are named."""
    moved = {name: np.array(value) for name, value in inputs.items()}
    H = moved["b"].size // 4
    for name, value in pre_activations.items():
        columns = part(name, H)
        moved["Wx"][:, columns] = moved["Wh"][:, columns] = 0.0
        moved["b"][columns] = value
    return moved


def step_of(function, inputs):
    """The next state and the next cell that the student's ``function`` returns."""
    outputs, _ = outputs_and_cache(function, inputs)
    expected = inputs["prev_h"], inputs["prev_c"]
    assert_structure(outputs, expected, what="pair (next_h, next_c)")
    return outputs


def states(function, inputs):
    """The states that the student's ``function`` returns, an array of the right shape."""
    (h, *_), _ = outputs_and_cache(function, inputs)
    N, T, _ = inputs["x_seq"].shape
    assert_structure(h, np.zeros((N, T, inputs["b"].size // 4)), what="array of states")
    return h


def assert_some_gradient(gradients, inputs):
    """Assert that each gradient is there and is not 0 everywhere."""
    assert_structure(gradients, tuple(inputs.values()), what="gradients")
    for name, gradient in zip(inputs, gradients, strict=True):
        assert np.any(np.asarray(gradient) != 0), f"the gradient of `{name}` is 0 everywhere"


def assert_named(got, expected, inputs, names=(), columns=slice(None)):
    """Assert that the gradients of ``names``, or all of them, are the expected ones."""
    parts = got if isinstance(got, tuple | list) else (got,)
    if len(parts) != len(inputs):
        raise StudentFailure(
            f"{len(inputs)} gradients are expected, and this is not a tuple of {len(inputs)}",
            got=describe(got),
            expected="one gradient for each of " + ", ".join(f"`{name}`" for name in inputs),
        )
    for name, ours, wanted in zip(inputs, parts, expected, strict=True):
        if name in (names or inputs):
            assert_structure(ours, wanted, what=f"gradient of `{name}`")
            where = "" if columns == slice(None) else " in the columns of that part"
            what = f"gradient of `{name}`{where}"
            assert_close(ours[..., columns], wanted[..., columns], what=what)
