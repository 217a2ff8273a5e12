"""A gradient is checked along random directions, and the wrong one is named."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.core.errors import StudentFailure
from autograder.testing.gradcheck import assert_gradients, directional_derivative


def forward(x, W):
    return np.tanh(x @ W)


def inputs(seed=0):
    rng = np.random.default_rng(seed)
    return {"x": rng.standard_normal((3, 4)), "W": rng.standard_normal((4, 4))}


def backward(x, W, dout):
    da = dout * (1 - np.tanh(x @ W) ** 2)
    return {"x": da @ W.T, "W": x.T @ da}


def check(gradients, seed=0, dout=None, function=forward):
    at = inputs(seed)
    dout = np.random.default_rng(seed + 1).standard_normal((3, 4)) if dout is None else dout
    assert_gradients(function, at, [dout], gradients(**at, dout=dout), np.random.default_rng(2))


def test_the_directional_derivative_of_a_square_is_known():
    x, v = np.array([1.0, 2.0]), np.array([3.0, -1.0])
    slope = directional_derivative(lambda x: x**2, {"x": x}, {"x": v}, [np.ones(2)])
    assert slope == pytest.approx(2.0)


def test_inputs_without_a_direction_stay_where_they_are():
    at = {"x": np.ones(1), "y": np.ones(1)}
    slope = directional_derivative(lambda x, y: x * y, at, {"x": np.ones(1)}, [np.ones(1)])
    assert slope == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(50))
def test_a_right_gradient_passes(seed):
    check(backward, seed)


@pytest.mark.parametrize("seed", range(5))
def test_a_right_gradient_passes_for_large_and_for_vanishing_cotangents(seed):
    for scale in (1e3, 1e-6):
        dout = scale * np.random.default_rng(seed).standard_normal((3, 4))
        check(backward, seed, dout)


@pytest.mark.parametrize("seed", range(20))
def test_a_transposed_weight_shows_and_only_its_gradient_is_named(seed):
    def transposed(x, W, dout):
        right = backward(x, W, dout)
        return {**right, "x": dout * (1 - np.tanh(x @ W) ** 2) @ W}

    with pytest.raises(StudentFailure, match="gradient with respect to `x` does not fit") as found:
        check(transposed, seed)
    assert "slope" in found.value.got
    assert "central differences" in found.value.expected


@pytest.mark.parametrize("seed", range(20))
def test_ten_percent_in_one_entry_shows(seed):
    def off(x, W, dout):
        right = backward(x, W, dout)
        entry = np.unravel_index(np.argmax(np.abs(right["W"])), (4, 4))
        right["W"][entry] *= 1.1
        return right

    with pytest.raises(StudentFailure, match="with respect to `W`"):
        check(off, seed)


def test_a_gradient_of_the_wrong_shape_is_told_before_its_values():
    with pytest.raises(StudentFailure, match="the gradient of `W` has shape"):
        check(lambda x, W, dout: {**backward(x, W, dout), "W": np.ones(4)})


def test_nan_is_no_gradient():
    with pytest.raises(StudentFailure, match="with respect to `x` and `W`"):
        check(lambda x, W, dout: {"x": x * np.nan, "W": W * np.nan})


def test_several_outputs_have_a_cotangent_each():
    at = {"x": np.array([0.5, 2.0])}
    douts = [np.array([1.0, -1.0]), np.array([2.0, 0.5])]
    gradient = {"x": douts[0] * 2 * at["x"] + douts[1] * np.cos(at["x"])}
    assert_gradients(lambda x: (x**2, np.sin(x)), at, douts, gradient, np.random.default_rng(0))


def test_a_forward_function_of_the_wrong_shape_is_told():
    with pytest.raises(StudentFailure, match=r"the result\[0\] has shape"):
        check(backward, function=lambda x, W: np.ones(2))
