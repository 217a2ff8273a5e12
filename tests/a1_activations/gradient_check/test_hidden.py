"""Hidden tests of `gradient_check`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import StudentFailure, Watched, describe, exercise, seeds, show


def layer(x, W, b):
    """Linear in each input, so that only the test about curvature depends on the difference."""
    return x @ W + b  # (N, H)


def layer_gradients(dout, x, W, b):
    """The right vjp of ``layer``."""
    return dout @ W.T, x.T @ dout, np.sum(dout, axis=0)


def layer_inputs(shape, seed):
    """x (N, D), W (D, H) and b (H,) of moderate size."""
    N, D, H = shape
    rng = np.random.default_rng(seed)
    return tuple(np.round(rng.uniform(0.2, 0.9, n), 2) for n in ((N, D), (D, H), (H,)))


LAYERS = st.builds(layer_inputs, st.permutations((2, 3, 4)), seeds)


class Judged:
    """``gradient_check`` of a student, asked about one function f at one place."""

    def __init__(self, student, label, f, right, inputs, seed):
        self.check, self.right = student.gradient_check, right
        self.inputs, self.seed, self.is_accepted = inputs, seed, False
        shapes_in = [x.shape for x in inputs]
        self.f = Watched(label, f, *shapes_in)
        self.takes = np.shape(f(*inputs)), *shapes_in

    def ask(self, vjp):
        """What the student's function answers and does for ``vjp``, which must be called."""
        watched = Watched("vjp", vjp, *self.takes)
        before = len(self.f.seen)
        reply = self.check.reply(self.f, watched, self.inputs, np.random.default_rng(self.seed))
        if np.asarray(reply.value).dtype != bool or np.shape(reply.value) != ():
            raise StudentFailure(
                "`gradient_check` answers neither True nor False",
                got=describe(reply.value),
                expected="True or False",
            )
        if reply.value and not (watched.seen and len(self.f.seen) > before):
            raise StudentFailure("`gradient_check` says True without having called f and vjp")
        return reply

    def accepts(self):
        """Assert that the student finds the right vjp right."""
        if not self.ask(self.right).value:
            raise StudentFailure(
                "`gradient_check` rejects a vjp that is right", got="False", expected="True"
            )
        self.is_accepted = True

    def rejects(self, vjp, because):
        """Assert that the student finds ``vjp`` wrong, and does not find the right one wrong."""
        if not self.is_accepted:
            self.accepts()
        if self.ask(vjp).value:
            raise StudentFailure(
                f"`gradient_check` accepts a vjp {because}", got="True", expected="False"
            )


def judged_layer(student, inputs, seed=0):
    """``gradient_check`` of the student, to be asked about ``layer``."""
    return Judged(student, "lambda x, W, b: x @ W + b", layer, layer_gradients, inputs, seed)


def changed(which, change):
    """The vjp of ``layer`` with its gradient number ``which`` put through ``change``."""

    def vjp(*args):
        gradients = list(layer_gradients(*args))
        gradients[which] = change(gradients[which])
        return tuple(gradients)

    return vjp


def with_one_entry_off(gradient):
    """``gradient`` with its largest entry 10 % too large."""
    wrong = np.array(gradient)
    wrong.flat[np.argmax(np.abs(gradient))] *= 1.1
    return wrong


@exercise("gradient_check", points=2.5)
@settings(max_examples=2)
@given(inputs=LAYERS, seed=seeds)
def test_right_gradients_are_accepted(student, inputs, seed):
    """A right vjp is accepted: of one input, of several, and of a function that gives a number

    Central differences with h = 1e-5 agree with a right gradient to 1e-6; one-sided ones do not.
    """
    x, W, _ = inputs
    asked = {
        "np.exp": (np.exp, lambda dout, x: (dout * np.exp(x),), (x,)),
        "lambda W: np.sum(W**3)": (
            lambda W: np.sum(W**3),
            lambda dout, W: (3.0 * dout * W**2,),
            (W,),
        ),
        "lambda x, W, b: np.sin(x @ W + b)": (
            lambda *args: np.sin(layer(*args)),
            lambda dout, *args: layer_gradients(dout * np.cos(layer(*args)), *args),
            inputs,
        ),
    }
    for label, question in asked.items():
        Judged(student, label, *question, seed).accepts()


@exercise("gradient_check", points=0.5)
def test_a_gradient_of_almost_zero_is_accepted(student):
    """A right vjp is accepted where its gradient is almost 0, also if an axis of x has length 1

    Below 1 the tolerance is absolute, that is what the `max(1, …)` is for: a relative error of
    numbers that are only round-off says nothing.
    """
    for shape in ((2, 3), (1, 3), (2, 1)):
        top = np.full(shape, np.pi / 2)
        Judged(student, "np.sin", np.sin, lambda dout, x: (dout * np.cos(x),), (top,), 6).accepts()


@exercise("gradient_check", points=3)
@settings(max_examples=3)
@given(inputs=LAYERS, seed=seeds)
def test_a_single_wrong_entry_is_found_in_each_input(student, inputs, seed):
    """A vjp with one entry 10 % off is rejected, whichever input's gradient it is in

    Each input has to be moved, and its own gradient compared.
    """
    judged = judged_layer(student, inputs, seed)
    for which, name in ((2, "b"), (1, "W"), (0, "x")):
        wrong = changed(which, with_one_entry_off)
        judged.rejects(wrong, f"whose gradient of {name} is 10 % off in one entry")


@exercise("gradient_check", points=1.5)
@settings(max_examples=2)
@given(seed=seeds)
def test_a_transposed_weight_gradient_is_found(student, seed):
    """A vjp that returns the gradient of a square weight matrix transposed is rejected"""
    judged = judged_layer(student, layer_inputs((2, 3, 3), seed), seed)
    judged.rejects(changed(1, np.transpose), "whose gradient of the square W is transposed")


@exercise("gradient_check", points=1.5)
@settings(max_examples=2)
@given(inputs=LAYERS, seed=seeds)
def test_a_vjp_that_ignores_dout_is_found(student, inputs, seed):
    """A vjp that forgets its dout is rejected

    With a dout of ones, forgetting it goes unnoticed: draw it at random.
    """
    judged = judged_layer(student, inputs, seed)
    judged.rejects(
        lambda dout, *inputs: layer_gradients(np.ones(dout.shape), *inputs),
        "that does not use its dout",
    )


@exercise("gradient_check", points=1.5)
@settings(max_examples=2)
@given(seed=seeds)
def test_errors_that_cancel_in_the_sum_are_found(student, seed):
    """A vjp whose errors add up to 0 is rejected

    Along a direction of ones only the sum of the gradient counts: draw the direction at random.
    """
    judged = judged_layer(student, layer_inputs((3, 2, 4), seed), seed)
    for which, name in ((1, "W"), (2, "b")):
        wrong = changed(which, lambda gradient: gradient + 0.3 * np.sign(np.arange(4) - 1.5))
        judged.rejects(wrong, f"with errors in the gradient of {name} that add up to 0")


@exercise("gradient_check", points=1)
def test_an_error_of_a_thousandth_is_found(student):
    """A vjp that is 0.1 % too large everywhere is rejected

    The tolerance is 1e-6, not a per cent: right gradients agree that well in float64.
    """
    judged = judged_layer(student, layer_inputs((2, 3, 4), 7))
    judged.rejects(
        lambda *args: tuple(1.001 * gradient for gradient in layer_gradients(*args)),
        "that is 0.1 % too large",
    )


@exercise("gradient_check", points=1)
def test_gradients_of_another_shape_are_rejected(student):
    """A gradient that has not exactly the shape of its input is answered by False

    Sums and products with NumPy's broadcasting hide a wrong shape, or raise an exception: compare
    the shapes first.
    """
    judged = judged_layer(student, layer_inputs((2, 3, 4), 8))
    judged.rejects(changed(2, lambda db: db[None, :]), "whose db is of shape (1, 4), not (4,)")
    judged.rejects(changed(1, np.transpose), "whose dW is of shape (4, 3), not (3, 4)")


@exercise("gradient_check", points=0.5)
def test_missing_and_surplus_gradients_are_rejected(student):
    """A vjp with a gradient too few or too many is answered by False

    `zip` stops silently at the shorter of two sequences.
    """
    judged = judged_layer(student, layer_inputs((2, 3, 4), 9))
    judged.rejects(lambda *args: layer_gradients(*args)[:2], "with two gradients for three inputs")
    judged.rejects(
        lambda *args: (*layer_gradients(*args), np.zeros(2)), "with four gradients for three inputs"
    )


@exercise("gradient_check", points=0.5)
def test_a_nan_is_rejected(student):
    """A NaN in a gradient is answered by False

    Every comparison with NaN is false, so "if the difference is too large: wrong" never notices.
    """
    judged = judged_layer(student, layer_inputs((2, 3, 4), 10))
    with_nan = changed(0, lambda dx: np.where(dx == dx[0, 1], np.nan, dx))
    judged.rejects(with_nan, "with a NaN in a gradient")


@exercise("gradient_check", points=0.5, form=True)
def test_the_answer_is_a_python_bool(student):
    """The answer is True or False of Python's own type bool

    A comparison of NumPy numbers gives a NumPy bool: `bool(…)` converts it.
    """
    judged = judged_layer(student, layer_inputs((2, 3, 4), 11))
    for vjp, expected in ((layer_gradients, True), (changed(0, np.negative), False)):
        answer = judged.ask(vjp).value
        if answer is not expected:
            raise StudentFailure(
                f"the answer is not the Python bool {expected}",
                got=f"{show(answer)}, of type {type(answer).__name__}",
                expected=f"{expected}, of type bool",
            )


@exercise("gradient_check", points=0.5)
def test_all_randomness_comes_from_rng(student):
    """The directions come from rng: another rng gives others, the same rng the same

    A generator made inside the function draws the same numbers in every call; NumPy's global one
    cannot be repeated.
    """
    x = np.array([[0.5, -1.0, 1.5]])

    def moves(seed):
        judged = Judged(student, "np.negative", np.negative, lambda dout, x: (-dout,), (x,), seed)
        judged.accepts()
        return [moved for (moved,) in judged.f.seen]

    first, again, other = moves(1), moves(1), moves(2)
    assert np.array_equal(first, again), "equal generators do not give equal directions"
    assert not np.array_equal(first, other), "different generators give the same directions"


@exercise("gradient_check", points=0.5)
def test_gradient_check_leaves_inputs_unchanged(student):
    """gradient_check leaves inputs and its arrays unchanged

    `x += h * v` moves the caller's array, and taking it back need not give the old numbers.
    """
    reply = judged_layer(student, layer_inputs((2, 3, 4), 13)).ask(layer_gradients)
    assert not reply.mutated, "`gradient_check` changes the arrays in inputs: move copies of them"
