"""Hidden tests of `input_saliency`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_close,
    assert_form,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
)

KINDS = st.sampled_from(("rnn", "lstm", "gru"))


def network(lengths, single, kind, seed):
    """A network of this kind, inputs for it and a gradient by its last state, of these lengths."""
    sizes = dict(zip("NTDH", lengths, strict=True))
    if single:
        sizes[single] = 1
    N, T, D, H = (sizes[axis] for axis in "NTDH")
    K = H * {"rnn": 1, "lstm": 4, "gru": 3}[kind]
    rng = np.random.default_rng(seed)
    shapes_of = {"x": (N, T, D), "Wx": (D, K), "Wh": (H, K), "b": (K,), "dh_T": (N, H)}
    made = {name: np.round(rng.standard_normal(shape), 2) for name, shape in shapes_of.items()}
    params = {name: 0.7 * made[name] for name in ("Wx", "Wh", "b")}
    return {"kind": kind, "x": made["x"], "params": params, "dh_T": made["dh_T"]}


def networks(kinds=KINDS):
    """Networks whose axes all differ in length."""
    return st.builds(network, st.permutations((2, 3, 4, 5)), st.just(""), kinds, seeds)


def saliencies(module, net, *douts):
    """What ``module``, the student's or the reference, says for each of ``douts``."""
    _, cache = module.cell_forward(net["kind"], net["x"], net["params"])
    return [module.input_saliency(dout, cache) for dout in douts]


@exercise("input_saliency", points=4)
@settings(max_examples=12)
@given(net=networks(st.just("rnn")), scale=st.sampled_from((1.0, 20.0)))
@example(net=network((3, 4, 2, 5), "", "rnn", 1), scale=1.0)
def test_saliency_of_a_plain_network(student, reference, net, scale):
    """s[n, t] is the norm of the gradient by x[n, t], in a plain RNN

    The loss depends directly on the last state alone, so dh is 0 for all others. The norm is over
    the D inputs of a step.
    """
    dh_T = scale * net["dh_T"]
    (got,), (expected,) = (saliencies(module, net, dh_T) for module in (student, reference))
    assert_close(got, expected, what="saliency")


@exercise("input_saliency", points=3)
@settings(max_examples=8)
@given(net=networks(st.sampled_from(("lstm", "gru"))))
def test_saliency_of_gated_networks(student, reference, net):
    """The same holds in an LSTM and in a GRU, whose caches are other ones

    `cell_backward` knows each cache; only the number of steps has to be found.
    """
    (got,), (expected,) = (saliencies(module, net, net["dh_T"]) for module in (student, reference))
    assert_close(got, expected, what="saliency")


@exercise("input_saliency", points=1.5)
@settings(max_examples=6)
@given(net=networks())
def test_saliency_grows_in_proportion(student, net):
    """Twice the gradient, with either sign, gives twice the saliency, and no gradient gives 0

    A norm is never negative, and it is not its square.
    """
    dh_T = net["dh_T"]
    one, two, minus, zero = saliencies(student, net, dh_T, 2 * dh_T, -2 * dh_T, 0 * dh_T)
    assert_structure(one, np.zeros(net["x"].shape[:2]), what="saliency")
    assert np.all(one[:, -1] > 0), "the last step counts for nothing"
    assert_close(two, 2 * one, what="saliency of 2 dh_T")
    assert_close(minus, 2 * one, what="saliency of −2 dh_T")
    assert_close(zero, 0 * one, what="saliency of 0 dh_T")


@exercise("input_saliency", points=1.5)
@settings(max_examples=6)
@given(net=networks(), other=st.integers(0, 10))
def test_saliency_keeps_sequences_apart(student, net, other):
    """A sequence's saliency does not depend on the gradients of the others in its batch"""
    dh_T = net["dh_T"]
    n = other % len(dh_T)
    alone = np.zeros_like(dh_T)
    alone[n] = dh_T[n]
    together, single = saliencies(student, net, dh_T, alone)
    assert_structure(together, np.zeros(net["x"].shape[:2]), what="saliency")
    assert_structure(single, together, what="saliency")
    assert np.all(together[:, -1] > 0), "the last step counts for nothing"
    expected = np.zeros_like(together)
    expected[n] = together[n]
    assert_close(single, expected, what=f"saliency where only sequence {n} has a gradient")


@exercise("input_saliency", points=1)
@settings(max_examples=3)
@given(net=networks())
def test_saliency_uses_a_cache_twice(student, reference, net):
    """The same cache gives the same saliency a second time"""
    expected = saliencies(reference, net, net["dh_T"])[0]
    for got in saliencies(student, net, net["dh_T"], net["dh_T"]):
        assert_close(got, expected, what="saliency")


@exercise("input_saliency", points=0.5, form=True)
def test_form_of_input_saliency(student, reference):
    """The saliency is a float64 array of shape (N, T), also where an axis is 1"""
    for single in ("", "N", "T", "D", "H"):
        net = network((2, 3, 4, 5), single, "rnn", 1)
        got, expected = (saliencies(module, net, net["dh_T"]) for module in (student, reference))
        assert_form(got, expected)


@exercise("input_saliency", points=0.5)
@settings(max_examples=3)
@given(net=networks())
def test_saliency_leaves_its_arguments_unchanged(student, reference, net):
    """input_saliency leaves dh_T and the cache unchanged"""
    _, cache = student.cell_forward(net["kind"], net["x"], net["params"])
    expected = saliencies(reference, net, net["dh_T"])[0]
    assert_pure(student.input_saliency, net["dh_T"], cache, like=lambda *_: expected)
