"""Typical wrong answers to `gradient_check`, each with its hint."""

from __future__ import annotations

import functools

import numpy as np

from autograder.testing import misconception


def _shapes_fit(gradients, inputs):
    return [np.shape(g) for g in gradients] == [x.shape for x in inputs]


def _is_close(numeric, analytic, tolerance=1e-6):
    return abs(numeric - analytic) <= tolerance * max(1.0, abs(numeric), abs(analytic))


def _check(
    f, vjp, inputs, rng, *, cotangent=None, direction=None, behind=1.0, fit=_shapes_fit,
    agree=_is_close,
):  # fmt: skip
    """A gradient check whose parts can be exchanged; right as it stands."""
    h = 1e-5
    for _ in range(3):
        dout = (cotangent or rng.standard_normal)(np.shape(f(*inputs)))
        gradients = vjp(dout, *inputs)
        if not fit(gradients, inputs):
            return False
        for i, (x, g) in enumerate(zip(inputs, gradients, strict=False)):
            v = (direction or rng.standard_normal)(x.shape)
            ahead = f(*inputs[:i], x + h * v, *inputs[i + 1 :])
            back = f(*inputs[:i], x - behind * h * v, *inputs[i + 1 :])
            numeric = np.sum(dout * (ahead - back)) / ((1.0 + behind) * h)
            if not agree(numeric, np.sum(g * v)):
                return False
    return True


@misconception("gradient_check")
def cotangent_of_ones(f, vjp, inputs, rng):
    """Your dout is all ones: a vjp that forgets to use dout passes. Draw dout from rng."""
    return _check(f, vjp, inputs, rng, cotangent=np.ones)


@misconception("gradient_check")
def direction_of_ones(f, vjp, inputs, rng):
    """Your direction is fixed, all ones: only the sum of the gradient is tested, and errors that
    cancel in it pass. Draw each direction from rng."""
    return _check(f, vjp, inputs, rng, direction=np.ones)


@misconception("gradient_check")
def one_sided_slope(f, vjp, inputs, rng):
    """Your numeric slope is one-sided, from x to x + h v. Its error of about h is larger than the
    tolerance, so right gradients are rejected: use x + h v and x − h v, and divide by 2h."""
    return _check(f, vjp, inputs, rng, behind=0.0)


@misconception("gradient_check")
def generous_tolerance(f, vjp, inputs, rng):
    """Your tolerance lets errors of about one per cent pass. Right gradients agree to 1e-6."""
    return _check(f, vjp, inputs, rng, agree=functools.partial(_is_close, tolerance=1e-2))


@misconception("gradient_check")
def purely_relative_tolerance(f, vjp, inputs, rng):
    """Your tolerance is relative however small the numbers are: where a gradient is almost 0, two
    round-off errors are compared and a right vjp is rejected. Below 1 the tolerance is absolute."""
    return _check(f, vjp, inputs, rng, agree=lambda n, a: abs(n - a) <= 1e-6 * (abs(n) + abs(a)))


@misconception("gradient_check")
def first_input_only(f, vjp, inputs, rng):
    """Your function moves only the first input: the gradients of the others are never looked at.
    Loop over all inputs."""
    if not _shapes_fit(vjp(rng.standard_normal(np.shape(f(*inputs))), *inputs), inputs):
        return False
    x, *rest = inputs
    return _check(lambda x: f(x, *rest), lambda dout, x: vjp(dout, x, *rest)[:1], (x,), rng)


@misconception("gradient_check")
def shapes_not_looked_at(f, vjp, inputs, rng):
    """Your function does not look at the shapes of the gradients: where NumPy can broadcast, a
    gradient of a wrong shape passes, and where it cannot, there is an exception. Compare the shapes
    first and return False."""
    return _check(f, vjp, inputs, rng, fit=lambda gradients, inputs: len(gradients) == len(inputs))


@misconception("gradient_check")
def gradients_not_counted(f, vjp, inputs, rng):
    """Your function does not count the gradients: `zip` stops at the shorter of its arguments, so
    a vjp that returns too few or too many of them passes. Compare the lengths."""
    return _check(
        f, vjp, inputs, rng, fit=lambda gradients, inputs: _shapes_fit(*_cut(gradients, inputs))
    )


def _cut(gradients, inputs):
    pairs = zip(gradients, inputs, strict=False)
    return zip(*pairs, strict=True)


@misconception("gradient_check")
def nan_passes(f, vjp, inputs, rng):
    """Your function says False only where the difference is *larger* than the tolerance. A NaN is
    not larger than anything, so it passes: return False unless the difference is small enough."""
    return _check(f, vjp, inputs, rng, agree=lambda n, a: not _is_larger(n, a))


def _is_larger(numeric, analytic):
    return abs(numeric - analytic) > 1e-6 * np.nanmax([1.0, abs(numeric), abs(analytic)])


@misconception("gradient_check")
def trusts_what_it_is_given(f, vjp, inputs, rng):
    """Your function compares the slopes and nothing else: a gradient of a wrong shape, a missing or
    a surplus one and a NaN get through, or raise an exception. Compare the number and the shapes of
    the gradients first, and return False unless a difference is small enough."""
    return _check(f, vjp, inputs, rng, fit=lambda *_: True, agree=lambda n, a: not _is_larger(n, a))


@misconception("gradient_check")
def moves_the_callers_inputs(f, vjp, inputs, rng):
    """Your function moves the arrays in `inputs` themselves (`x += …`) and takes the step back by
    arithmetic, which is not exact: the caller's arrays have changed. Move copies."""
    verdict = _check(f, vjp, inputs, rng)
    for x in inputs:
        v = rng.standard_normal(x.shape)
        for step in (1e-5, -2e-5, 1e-5):
            x += step * v
    return verdict
