"""What the hidden tests share."""

from __future__ import annotations

import functools

import numpy as np
from hypothesis import strategies as st

from autograder import testing
from autograder.testing import (
    StudentFailure,
    assert_backward_fits_forward,
    assert_close,
    assert_pure,
    assert_structure,
    describe,
    named_gradients,
    outputs_and_cache,
    seeds,
)

GRU_STEP = {"x": "ND", "prev_h": "NH", "Wx": "D3H", "Wh": "H3H", "b": "3H"}
GRU = {"x_seq": "NTD", "h0": "NH", "Wx": "D3H", "Wh": "H3H", "b": "3H"}
RESIDUAL = {"x": "ND", "W": "DD", "b": "D"}
HIGHWAY = {"x": "ND", "W": "DD", "b": "D", "Wt": "DD", "bt": "D"}
READERS = {
    f"{name} of {reader}": letters
    for reader in ("fwd", "bwd")
    for name, letters in (("Wx", "DH"), ("Wh", "HH"), ("b", "H"))
}
BIDIRECTIONAL = {"x_seq": "NTD", **READERS}
SMALL = 0.05  # the size of cotangents
LARGE = 20.0  # times a cotangent: what clips anything shows
SCALES = st.just(LARGE)

made = functools.partial(testing.made, scale=0.7)
wide = functools.partial(testing.wide, scale=0.7)
with_an_axis_of_one = functools.partial(testing.with_an_axis_of_one, scale=0.7)


def pair(owner, name):
    """The functions ``name``_forward and ``name``_backward of the student or the reference."""
    return getattr(owner, f"{name}_forward"), getattr(owner, f"{name}_backward")


def output_of(forward, inputs, like):
    """The student's output, an array of the shape of ``like``."""
    (out, *_), _ = outputs_and_cache(forward, inputs)
    assert_structure(out, like, what="output")
    return out


def cotangent(references, inputs, seed, scale=SMALL):
    """A random gradient of the output, and the gradients that the reference makes of it."""
    (out,), cache = outputs_and_cache(references[0], inputs)
    dout = np.round(scale * np.random.default_rng(seed).standard_normal(out.shape), 3)
    return dout, references[1](dout, cache)


def assert_gradients(
    functions, references, inputs, seed, names=(), scale=SMALL, *, dout=None, part=None
):
    """Assert that the gradients of ``names``, or all, are the reference's, for a random dout.

    ``part`` is u, r or n where only that third of packed gradients is to be compared.
    """
    forward, backward = functions
    drawn, expected = cotangent(references, inputs, seed, scale)
    if dout is not None:
        drawn, expected = dout, references[1](dout, outputs_and_cache(references[0], inputs)[1])
    (out, *_), cache = outputs_and_cache(forward, inputs)
    assert_structure(out, drawn, what="output of your forward function")
    ours, wanted = (
        named_gradients(backward(drawn, cache), inputs),
        named_gradients(expected, inputs),
    )
    try:
        for name in names or inputs:
            mine, theirs, what = ours[name], wanted[name], f"gradient of `{name}`"
            if part:
                assert_structure(mine, theirs, what=what)
                mine, theirs = third(mine, part), third(theirs, part)
                what = f"third {part} of the {what}"
            assert_close(mine, theirs, what=what)
    except StudentFailure as failure:
        try:
            assert_backward_fits_forward(functions, inputs, np.random.default_rng(seed))
        except StudentFailure:
            raise failure from None
        raise StudentFailure(
            f"{failure.summary}. Your backward is right for your own forward: mend the forward",
            got=failure.got,
            expected=failure.expected,
        ) from None


def assert_fits(functions, inputs, seed):
    """Assert that the gradients fit the student's own forward function and are not all 0."""
    (out, *_), cache = outputs_and_cache(functions[0], inputs)
    for name, gradient in named_gradients(
        functions[1](np.ones(np.shape(out)), cache), inputs
    ).items():
        assert_structure(gradient, inputs[name], what=f"gradient of `{name}`")
        assert np.any(gradient), f"the gradient of `{name}` is 0 everywhere"
    assert_backward_fits_forward(functions, inputs, np.random.default_rng(seed))


def assert_backward_leaves_unchanged(functions, references, inputs):
    """Assert the right gradients, unchanged arguments, and the same from the cache once more."""
    dout, expected = cotangent(references, inputs, 1)
    _, cache = outputs_and_cache(functions[0], inputs)
    assert_pure(functions[1], dout, cache, like=lambda *_: expected)
    what = "result of a second call with the same cache"
    assert_close(functions[1](dout, cache), expected, what=what)


def with_biases(inputs, **parts):
    """GRU inputs in which u or r of the bias are what is given: with_biases(…, u=-50.0)."""
    b = np.array(inputs["b"])
    H = b.size // 3
    for name, value in parts.items():
        b["urn".index(name) * H :][:H] = value
    return {**inputs, "b": b}


def third(array, part):
    """The part u, r or n of a packed array."""
    H = array.shape[-1] // 3
    return array[..., "urn".index(part) * H :][..., :H]


def flat(value, form, template):
    """The arrays in a student's nested ``value``, in order; it must be nested as ``template``."""
    if template is None:
        return [value]
    if not isinstance(value, tuple | list) or len(value) != len(template):
        raise StudentFailure(f"the gradients must come as {form}", got=describe(value))
    parts = zip(value, template, strict=True)
    return [leaf for part, wanted in parts for leaf in flat(part, form, wanted)]


TRIPLE = (None, None, None)


def bidirectional(owner, lengths):
    """(forward, backward) of the student or the reference, with one array per argument."""

    def forward(x_seq, *weights):
        return owner.bidirectional_forward(x_seq, lengths, tuple(weights[:3]), tuple(weights[3:]))

    def backward(dout, cache):
        form = "(dx, (dWx, dWh, db), (dWx, dWh, db))"
        gradients = owner.bidirectional_backward(dout, cache)
        return tuple(flat(gradients, form, (None, TRIPLE, TRIPLE)))

    forward.__name__ = "bidirectional_forward"
    return forward, backward


@st.composite
def padded(draw):
    """Inputs of a bidirectional network, and lengths that are not all T."""
    inputs = draw(wide(BIDIRECTIONAL))
    N, T, _ = inputs["x_seq"].shape
    rng = np.random.default_rng(draw(seeds))
    lengths = rng.integers(1, T + 1, N)
    lengths[rng.integers(N)] = rng.integers(1, T)
    return inputs, lengths


def real_steps(inputs, lengths):
    """(N, T, 1): whether a step is real."""
    return (np.arange(inputs["x_seq"].shape[1]) < lengths[:, None])[:, :, None]


A_BATCH = made(BIDIRECTIONAL, {"N": 3, "T": 4, "D": 5, "H": 2})
ITS_LENGTHS = np.array([3, 4, 1])


def arguments(inputs, lengths):
    """The arguments of bidirectional_forward."""
    x_seq, *weights = inputs.values()
    return x_seq, lengths, tuple(weights[:3]), tuple(weights[3:])


def stacked(owner, skip):
    """(forward, backward) of the student or the reference, with one array per argument."""

    def forward(x_seq, h0, *weights):
        return owner.stacked_forward(x_seq, h0, in_layers(weights), skip)

    def backward(dout, cache):
        form = "(dx, dh0, [(dWx, dWh, db), …]), with one tuple per layer"
        gradients = owner.stacked_backward(dout, cache)
        head = flat(gradients, form, TRIPLE)
        layers = head.pop()
        count = len(layers) if isinstance(layers, tuple | list) else 1
        return (*head, *flat(layers, form, (TRIPLE,) * count))

    forward.__name__ = "stacked_forward"
    return forward, backward


def in_layers(weights):
    """A flat sequence of weights as the list of layers."""
    return [tuple(weights[i : i + 3]) for i in range(0, len(weights), 3)]


def stack(lengths, seed, scale=0.7):
    """Inputs of a stack whose numbers of layers, sequences, steps, inputs, units are given."""
    axes = {"x_seq": "NTD", "h0": "LNH"}
    for layer in range(lengths["L"]):
        name = f"of layer {layer}"
        axes |= {f"Wx {name}": "HH" if layer else "DH", f"Wh {name}": "HH", f"b {name}": "H"}
    return made(axes, lengths, seed, scale=scale)


def stacks(*layers, square=False):
    """Stacks of one of these numbers of layers; the other lengths all differ, or D is H."""

    def build(count, drawn, seed):
        lengths = dict(zip("NTDH", drawn, strict=True)) | {"L": count}
        return stack(lengths | ({"D": lengths["H"]} if square else {}), seed)

    return st.builds(build, st.sampled_from(layers), st.permutations((2, 3, 4, 5)), seeds)


SINGLE = [
    stack(lengths, 1)
    for lengths in (
        {"L": 2, "N": 1, "T": 3, "D": 2, "H": 4},
        {"L": 3, "N": 2, "T": 1, "D": 3, "H": 4},
        {"L": 2, "N": 3, "T": 2, "D": 1, "H": 4},
        {"L": 3, "N": 2, "T": 4, "D": 3, "H": 1},
    )
]
A_STACK = stack({"L": 3, "N": 2, "T": 4, "D": 5, "H": 3}, 2)
