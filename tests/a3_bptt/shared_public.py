"""What the public tests share; released with them."""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_structure,
    describe,
    outputs_and_cache,
    show,
    tensors,
)

# tanh(log 2) = 0.6 and tanh(log 3) = 0.8, where the slope of tanh is 0.64 and 0.36
LOG2, LOG3 = np.log(2.0), np.log(3.0)

# Three steps of a network of one number that stands still: x = 1 and h = 0.6 at every step, h0 too.
# One step back multiplies a gradient by Wh = 0.78125, and tanh by 0.64: together by one half.
STANDSTILL = {
    "x_seq": np.ones((1, 3, 1)),
    "h0": np.array([[0.6]]),
    "Wx": np.array([[2.0]]),
    "Wh": np.array([[0.78125]]),
    "b": np.array([LOG2 - 2.0 - 0.6 * 0.78125]),
}
LOSSES = np.array([1.0, 2.0, 4.0]).reshape(1, 3, 1) / 0.64  # 1, 2 and 4 behind tanh
SEQUENCES = tensors(scale=0.5, x_seq="NTD", h0="NH", Wx="DH", Wh="HH", b="H")


def a_sequence(seed, T=4):
    """Inputs of rnn_forward with axes all different."""
    rng = np.random.default_rng(seed)
    N, D, H = 2, 5, 3
    shapes = {"x_seq": (N, T, D), "h0": (N, H), "Wx": (D, H), "Wh": (H, H), "b": (H,)}
    return {name: 0.5 * rng.standard_normal(shape) for name, shape in shapes.items()}


def forth(student, inputs, name="rnn_forward"):
    """Output and cache of the student's forward function."""
    (out,), cache = outputs_and_cache(getattr(student, name), inputs)
    return np.asarray(out), cache


def named(got, inputs):
    """The gradients by the names of the inputs; there must be one of its shape for each."""
    parts = got if isinstance(got, tuple | list) else (got,)
    if len(parts) != len(inputs):
        raise StudentFailure(
            f"{len(inputs)} gradients are expected, and this is not a tuple of {len(inputs)}",
            got=describe(got),
            expected="one gradient for each of " + ", ".join(f"`{name}`" for name in inputs),
        )
    for name, gradient in zip(inputs, parts, strict=True):
        assert_structure(gradient, inputs[name], what=f"gradient of `{name}`")
    return dict(zip(inputs, parts, strict=True))


def assert_gradients_are(got, inputs, **expected):
    """Assert that ``got`` holds one gradient for each input, with these values."""
    parts = named(got, inputs)
    for name, values in expected.items():
        wanted = np.reshape(values, inputs[name].shape)
        assert_close(parts[name], wanted, what=f"gradient of `{name}`")


def assert_reach(dx, first, last):
    """Assert that dx is 0 before step ``first`` and after step ``last``, and not 0 between."""
    for s in range(dx.shape[1]):
        is_reached = first <= s <= last
        if is_reached != bool(np.max(np.abs(dx[:, s])) > 1e-12):
            raise StudentFailure(
                f"a loss at step {last} alone gives a wrong dx[:, {s}] (steps count from 0)",
                got=show(dx[:, s]),
                expected="not 0" if is_reached else "0",
            )


def one_loss(h, t):
    """A dh that is 0 at all steps but t."""
    dh = np.zeros(h.shape)
    dh[:, t] = 1.0 + np.arange(h.shape[2])
    return dh
