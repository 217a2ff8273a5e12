"""Typical wrong answers to `sgd_step`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("sgd_step")
def uphill(params, grads, learning_rate):
    """Your step adds the gradient, which leads uphill: the loss grows. Subtract it."""
    return _updated(params, grads, -learning_rate)


@misconception("sgd_step")
def learning_rate_not_used(params, grads, learning_rate):
    """Your step subtracts the whole gradient: the learning rate is missing."""
    return _updated(params, grads, 1.0)


@misconception("sgd_step")
def updated_in_place(params, grads, learning_rate):
    """Your new values are right, but `-=` writes them into the caller's arrays. Compute
    `params[name] - …` and put it into a new dict."""
    result = _updated(params, grads, learning_rate)
    for name in params:
        params[name] -= learning_rate * grads[name]
    return result


@misconception("sgd_step")
def missing_gradient_skipped(params, grads, learning_rate):
    """Your function keeps a parameter as it is when it has no gradient. That hides a misspelt name:
    let it raise KeyError."""
    zeros = {name: np.zeros(value.shape) for name, value in params.items()}
    return _updated(params, {**zeros, **grads}, learning_rate)


@misconception("sgd_step")
def loops_over_the_gradients(params, grads, learning_rate):
    """Your loop goes over the gradients. A parameter without one is then missing from the result,
    and a gradient of something else, an input say, raises KeyError. Loop over the parameters."""
    return {name: params[name] - learning_rate * gradient for name, gradient in grads.items()}


@misconception("sgd_step")
def shapes_not_compared(params, grads, learning_rate):
    """Your function lets NumPy broadcast a gradient of another shape, and the parameter may change
    its shape with it. Compare the shapes and raise ValueError."""
    return {name: value - learning_rate * grads[name] for name, value in params.items()}


@misconception("sgd_step")
def gradients_returned(params, grads, learning_rate):
    """Your function returns the steps, −learning_rate · gradient, and not the new parameters: add
    them to the old ones."""
    return {
        name: value - params[name] for name, value in _updated(params, grads, learning_rate).items()
    }


def _updated(params, grads, learning_rate):
    """A right step."""
    for name, value in params.items():
        if grads[name].shape != value.shape:
            raise ValueError(name)
    return {name: value - learning_rate * grads[name] for name, value in params.items()}
