"""Hidden tests of `cell_gradient`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_close,
    assert_form_agrees,
    assert_pure,
    assert_structure,
    exercise,
    made,
    seeds,
)

from ..shared_hidden import STEP


def gates(shape, seed):
    """Forget gates between 0.02 and 0.98."""
    return np.round(0.02 + 0.96 * np.random.default_rng(seed).random(shape), 2)


SHAPES = st.sampled_from(((2, 3), (3, 2), (4, 3), (5, 2), (3, 5), (6, 4)))


@exercise("cell_gradient", points=2.5)
@settings(max_examples=14)
@given(f=st.builds(gates, SHAPES, seeds))
def test_cell_gradient_is_the_product_of_later_gates(student, reference, f):
    """Row t is the product of f[t + 1], …, f[T − 1], unit by unit

    The gate of step t itself is not in it: it acts on the cell before step t.
    """
    assert_close(student.cell_gradient(f), reference.cell_gradient(f))


@exercise("cell_gradient", points=1.5)
@settings(max_examples=4)
@given(f=st.builds(gates, SHAPES, seeds))
def test_cell_gradient_with_equal_gates(student, f):
    """Where a unit's gate is the same at all steps, each row is the next one times that gate

    Going one step further back multiplies by one more gate, whatever the last row is.
    """
    f = np.repeat(f[:1] + 0.01, len(f) + 1, axis=0)
    result = student.cell_gradient(f)
    assert_structure(result, f)
    assert np.all(result > 0), "a row is not above 0, although all gates are"
    assert_close(result[:-1], f[0] * result[1:], what="rows before the last one")


@exercise("cell_gradient", points=0.5)
@settings(max_examples=4)
@given(f=st.builds(gates, SHAPES, seeds))
def test_cell_gradient_ends_with_ones(student, f):
    """The last row is 1, and the row before it is the last gate"""
    result = student.cell_gradient(f)
    assert_structure(result, f)
    assert_close(result[-1], np.ones(f.shape[1]), what="last row")
    assert_close(result[-2], f[-1], what="row before the last one")


@exercise("cell_gradient", points=0.5, ones=True)
def test_cell_gradient_keeps_axes_of_one(student, reference):
    """The result has the shape of f, also for one step or one unit"""
    for shape in ((1, 3), (4, 1), (1, 1)):
        f = gates(shape, seed=1)
        assert_close(student.cell_gradient(f), reference.cell_gradient(f))


@exercise("cell_gradient", points=1)
def test_cell_gradient_with_shut_and_open_gates(student, reference):
    """A gate of 0 makes all rows before it 0 and leaves the others; a gate of 1 changes nothing

    NaN comes from dividing one product by another, or from a logarithm.
    """
    f = gates((6, 3), seed=2)
    f[3, 0] = f[0, 1] = f[5, 2] = 0.0
    f[2, 0] = f[4, 1] = 1.0
    assert_close(student.cell_gradient(f), reference.cell_gradient(f))
    whole = np.ones((200, 2))
    whole[:, 1] = 0.5
    assert_close(student.cell_gradient(whole), reference.cell_gradient(whole))


@exercise("cell_gradient", points=1)
@settings(max_examples=4)
@given(seed=seeds)
def test_cell_gradient_is_what_a_real_cell_does(student, reference, seed):
    """It is the slope of the last cell by each cell, in an LSTM whose Wh is 0

    With Wh = 0 the gates do not depend on the states, so the direct path is the only one.
    """
    inputs = made(STEP, {"N": 1, "D": 3, "H": 4}, seed)
    Wx, Wh, b = inputs["Wx"], np.zeros((4, 16)), inputs["b"]
    x_seq = np.random.default_rng(seed).standard_normal((5, 1, 3))
    f = reference.sigmoid((x_seq[:, 0] @ Wx + b)[:, 4:8])  # (T, H)
    got = student.cell_gradient(f)
    assert_structure(got, f)
    for t in range(5):
        h = change = np.zeros((1, 4))
        one = np.ones((1, 4))
        for x in x_seq[t + 1 :]:
            _, one, _ = reference.lstm_step_forward(x, h, one, Wx, Wh, b)
            _, change, _ = reference.lstm_step_forward(x, h, change, Wx, Wh, b)
        assert_close(got[t], (one - change)[0], what=f"slope of the last cell by that of step {t}")


@exercise("cell_gradient", points=0.5, form=True)
def test_form_of_cell_gradient(student, reference):
    """The result is a float64 array of shape (T, H)"""
    assert_form_agrees(student.cell_gradient, reference.cell_gradient, gates((4, 3), 1))


@exercise("cell_gradient", points=0.5)
def test_cell_gradient_leaves_f_unchanged(student, reference):
    """cell_gradient leaves f unchanged"""
    assert_pure(student.cell_gradient, gates((4, 3), seed=3), like=reference.cell_gradient)
