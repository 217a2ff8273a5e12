"""Typical wrong answers to `classify_dynamics`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

_STEEPEST = {"tanh": 1.0, "sigmoid": 0.25, "relu": 1.0}


def _answer(shrinks):
    return "vanishes" if shrinks else "may explode"


def _gamma(activation):
    if activation not in _STEEPEST:
        raise ValueError(f"unknown activation {activation!r}")
    return _STEEPEST[activation]


@misconception("classify_dynamics")
def eigenvalues_decide(Wh, activation):
    """Your function decides by the spectral radius. Eigenvalues below the limit promise nothing
    about a product of Jacobians: use the largest singular value."""
    return _answer(_gamma(activation) * np.max(np.abs(np.linalg.eigvals(Wh))) < 1)


@misconception("classify_dynamics")
def frobenius_norm_decides(Wh, activation):
    """Your function decides by the Frobenius norm, which is larger than the largest singular value:
    matrices that must vanish are said to be dangerous."""
    return _answer(_gamma(activation) * np.linalg.norm(Wh) < 1)


@misconception("classify_dynamics")
def one_limit_for_all(Wh, activation):
    """Your limit is 1 for the sigmoid as well. Its derivative is at most 1/4, so the weights may be
    as large as 4 before anything can grow."""
    _gamma(activation)
    return _answer(np.linalg.norm(Wh, 2) < 1)


@misconception("classify_dynamics")
def limit_upside_down(Wh, activation):
    """Your limit for the sigmoid is 1/4. The product of γ and the singular value has to be below 1,
    so the limit is 1 / γ = 4."""
    return _answer(np.linalg.norm(Wh, 2) < _gamma(activation))


@misconception("classify_dynamics")
def promises_explosion(Wh, activation):
    """Your function answers "explodes". Above the limit nothing is certain: units may saturate and
    the gradient vanish all the same. The answer is "may explode"."""
    return "vanishes" if _gamma(activation) * np.linalg.norm(Wh, 2) < 1 else "explodes"


@misconception("classify_dynamics")
def relu_never_vanishes(Wh, activation):
    """Your function never lets ReLU vanish. Its derivative is at most 1, so with a largest singular
    value below 1 the weights alone make the gradient vanish."""
    return _answer(activation != "relu" and _gamma(activation) * np.linalg.norm(Wh, 2) < 1)


@misconception("classify_dynamics")
def answers_swapped(Wh, activation):
    """Your two answers are swapped: *below* the limit the gradient vanishes."""
    return _answer(_gamma(activation) * np.linalg.norm(Wh, 2) >= 1)


@misconception("classify_dynamics")
def limit_itself_vanishes(Wh, activation):
    """Your function says "vanishes" where the singular value equals the limit. There a step may
    keep the gradient as it is: compare with < and not with <=."""
    return _answer(_gamma(activation) * np.linalg.norm(Wh, 2) <= 1)


@misconception("classify_dynamics")
def any_activation_accepted(Wh, activation):
    """Your function has an answer for activations that it does not know. Raise ValueError there: a
    misspelt name would otherwise get a wrong answer."""
    return _answer(_STEEPEST.get(activation, 1.0) * np.linalg.norm(Wh, 2) < 1)


@misconception("classify_dynamics")
def key_error_for_unknown_names(Wh, activation):
    """Your function looks an unknown activation up in a dict, which raises KeyError. ValueError is
    asked for."""
    return _answer(_STEEPEST[activation] * np.linalg.norm(Wh, 2) < 1)
