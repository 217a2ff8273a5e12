"""Typical wrong answers to `cell_gradient`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _later(f):
    """The gate of the step after each step, and 1 for the last one."""
    return np.concatenate([f[1:], np.ones_like(f[:1])])


@misconception("cell_gradient")
def own_gate_included(f):
    """Your row t has the gate of step t in it. That gate acts on the cell *before* step t; the
    first factor of row t is f[t + 1], and the last row is 1."""
    return np.cumprod(f[::-1], axis=0)[::-1]


@misconception("cell_gradient")
def last_gate_left_out(f):
    """Your row t is the product of f[t], …, f[T − 2]: it is one gate too early. The way from cell t
    to the last one crosses the gates t + 1 to T − 1."""
    return np.cumprod(np.concatenate([np.ones_like(f[:1]), f[-2::-1]]), axis=0)[::-1]


@misconception("cell_gradient")
def product_from_the_beginning(f):
    """Your row t is the product of the gates up to step t. Those have been crossed *before* the
    cell of step t; what counts are the gates after it, up to the last step."""
    return np.cumprod(f, axis=0)


@misconception("cell_gradient")
def reversed_in_time(f):
    """Your rows are in reversed order: the products run back from the last step, as they should,
    and the result has to be turned round again."""
    return np.cumprod(_later(f)[::-1], axis=0)


@misconception("cell_gradient")
def sum_of_the_gates(f):
    """Your rows are sums of gates. Each step back multiplies, so they are products."""
    return np.cumsum(_later(f)[::-1], axis=0)[::-1]


@misconception("cell_gradient")
def always_one(f):
    """Your result is 1 everywhere. That is the cell of 1997, without a forget gate; here each step
    back multiplies by f."""
    return np.ones_like(f)


@misconception("cell_gradient")
def one_gate_only(f):
    """Your row t is the gate of the next step alone. All gates up to the last step are crossed:
    take their product."""
    return _later(f)


@misconception("cell_gradient")
def whole_product_everywhere(f):
    """All your rows are the product of all gates. Row t has only those after step t."""
    return np.ones_like(f) * np.prod(f, axis=0)


@misconception("cell_gradient")
def product_over_the_units(f):
    """Your products run along the units. Each unit has a cell of its own; multiply along time,
    axis 0."""
    later = np.concatenate([f[:, 1:], np.ones_like(f[:, :1])], axis=1)
    return np.cumprod(later[:, ::-1], axis=1)[:, ::-1]


@misconception("cell_gradient")
def divided_products(f):
    """Your function divides the product of all gates by the product up to step t. Where a gate is 0
    that is 0 / 0. Multiply from the end instead."""
    upto = np.cumprod(f, axis=0)
    return upto[-1] / upto


@misconception("cell_gradient")
def works_inside_f(f):
    """Your result is right, and it was computed in the caller's own f. Work on a copy."""
    result = np.cumprod(_later(f)[::-1], axis=0)[::-1].copy()
    f[...] = result
    return result
