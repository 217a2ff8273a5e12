"""What the hidden tests share."""

from __future__ import annotations

import inspect

import numpy as np
from hypothesis import strategies as st

from autograder.testing import StudentFailure, describe, show, tensors

FACTORS = st.sampled_from((0.1, 0.5, 0.9))

# three arrays of different sizes and numbers of axes, with entries beyond 1 and −1
MIXED = {
    "W": np.array([[2.5, -0.5], [0.25, -3.0], [0.75, 1.5]]),
    "b": np.array([-0.125, 4.0]),
    "cube": np.linspace(-2.25, 0.5, 8).reshape(2, 2, 2),
}
ZEROS = {name: np.zeros(g.shape) for name, g in MIXED.items()}
SINGLE = {"only one": np.array([3.0, -4.0])}


def norm_of(grads):
    """The global norm of a dict of arrays."""
    return float(np.sqrt(sum(np.sum(np.square(g)) for g in grads.values())))


def scaled(grads, factor):
    """Each array of ``grads`` times ``factor``."""
    return {name: factor * g for name, g in grads.items()}


def with_entry(grads, which, entry, value):
    """A copy of ``grads`` where one entry of its array number ``which`` is ``value``."""
    copies = {name: np.array(g) for name, g in grads.items()}
    name = list(copies)[which % len(copies)]
    copies[name].flat[entry % copies[name].size] = value
    return copies


# of three arrays or two, with a last entry that is large, so that there is something to clip
GRADS = st.one_of(
    tensors(scale=3.0, Wx="DH", Wh="HH", b="H"), tensors(scale=3.0, E="NTD", bias="T")
).map(lambda grads: with_entry(grads, -1, -1, -3.5))


def rng_of(seed):
    """A fresh generator: a student and the reference get equal ones."""
    return np.random.default_rng(seed)


def assert_repeatable(drawn):
    """Assert that ``drawn(seed)`` depends on the seed, and on nothing else."""
    first, again, other = drawn(1), drawn(1), drawn(2)
    assert np.array_equal(first, again), "equal generators do not give equal numbers"
    assert not np.array_equal(first, other), "different generators give the same numbers"


BROKEN_PLACES = {"which": st.integers(0, 2), "entry": st.integers(0, 20)}


class Watched:
    """``function``, for a student's to call with params like ``params``; refuses all else."""

    most_calls = 4000

    def __init__(self, function, params):
        self.__name__ = function.__name__
        self.function, self.params = function, params
        self.signature, self.calls = inspect.signature(function), 0

    def __call__(self, *given, **named):
        try:
            arguments = self.signature.bind(*given, **named).arguments
        except TypeError:
            raise self._refusal(", ".join(map(describe, (*given, *named.values())))) from None
        params, rate = arguments["params"], arguments.get("learning_rate", 1.0)
        if not self._is_like_params(params):
            raise self._refusal(_kinds(params))
        if not isinstance(rate, float | np.floating) or not rate >= 0:
            raise self._refusal(f"the learning rate {show(rate)}")
        self.calls += 1
        if self.calls > self.most_calls:
            raise StudentFailure(
                f"`{self.__name__}` is called again and again: look for a loop that never ends"
            )
        return self.function(**arguments)

    def _is_like_params(self, params):
        return (
            isinstance(params, dict)
            and params.keys() == self.params.keys()
            and all(_is_array_like(params[name], p) for name, p in self.params.items())
        )

    def _refusal(self, got):
        takes = ", ".join(self.signature.parameters)
        return StudentFailure(
            f"`{self.__name__}` is called with arguments that it does not take",
            got=got or "no argument",
            expected=f"{self.__name__}({takes}), where params is {_kinds(self.params)}",
        )


def _is_array_like(ours, wanted):
    return isinstance(ours, np.ndarray) and ours.dtype == np.float64 and ours.shape == wanted.shape


def _kinds(params):
    if not isinstance(params, dict):
        return describe(params)
    return "a dict of " + ", ".join(f"{name}: {describe(p)}" for name, p in params.items())
