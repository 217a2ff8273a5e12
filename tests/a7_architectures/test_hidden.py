"""The graded tests of assignment 7: the public properties, on more and other inputs."""

from __future__ import annotations

import functools

import numpy as np
from autograder.assertions import (
    assert_backward_fits_forward,
    assert_forward_agrees,
    assert_forward_leaves_unchanged,
    named_gradients,
    outputs_and_cache,
)
from autograder.compare import (
    assert_close,
    assert_pure,
    assert_raises,
    assert_structure,
    describe,
    show,
)
from autograder.model import StudentFailure
from autograder.strategies import seeds
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder import strategies
from autograder.suite import exercise

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
LARGE = 20.0  # times a cotangent: what clips anything shows
SCALES = st.sampled_from((1.0, LARGE))

made = functools.partial(strategies.made, scale=0.7)
wide = functools.partial(strategies.wide, scale=0.7)
with_an_axis_of_one = functools.partial(strategies.with_an_axis_of_one, scale=0.7)


def pair(owner, name):
    """The functions ``name``_forward and ``name``_backward of the student or the reference."""
    return getattr(owner, f"{name}_forward"), getattr(owner, f"{name}_backward")


def output_of(forward, inputs, like):
    """The student's output, an array of the shape of ``like``."""
    (out, *_), _ = outputs_and_cache(forward, inputs)
    assert_structure(out, like, what="output")
    return out


def cotangent(references, inputs, seed, scale=1.0):
    """A random gradient of the output, and the gradients that the reference makes of it."""
    (out,), cache = outputs_and_cache(references[0], inputs)
    dout = np.round(scale * np.random.default_rng(seed).standard_normal(out.shape), 2)
    return dout, references[1](dout, cache)


def assert_gradients(
    functions, references, inputs, seed, names=(), scale=1.0, *, dout=None, part=None
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


@exercise("gru_step_forward", points=1.5)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
def test_gru_step_from_a_zero_state(student, reference, inputs):
    """From a state of zeros, next_h = u · n

    The reset gate plays no part here: this is about the order u, r, n and the activations.
    """
    inputs = {**inputs, "prev_h": np.zeros(inputs["prev_h"].shape)}
    assert_forward_agrees(student.gru_step_forward, reference.gru_step_forward, inputs)


@exercise("gru_step_forward", points=1.5)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
def test_gru_step_with_a_gate_half_open(student, reference, inputs):
    """With u = 1/2, next_h is half of prev_h and half of n

    This is about the candidate: tanh, and r · prev_h in its product.
    """
    H = inputs["prev_h"].shape[1]
    half = {name: np.array(inputs[name]) for name in ("Wx", "Wh", "b")}
    for array in half.values():
        array[..., :H] = 0.0
    inputs = {**inputs, **half}
    assert_forward_agrees(student.gru_step_forward, reference.gru_step_forward, inputs)


@exercise("gru_step_forward", points=2)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
def test_gru_step_agrees_with_its_formula(student, reference, inputs):
    """next_h = (1 − u) · prev_h + u · n, with u, r and n as in the text

    If this holds from a state of zeros only: which side of u does prev_h stand on, and is it
    multiplied by r before the matrix product?
    """
    assert_forward_agrees(student.gru_step_forward, reference.gru_step_forward, inputs)


@exercise("gru_step_forward", points=1)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
def test_gru_step_keeps_the_state_when_u_is_zero(student, inputs):
    """With u = 0 the state is kept, whatever the input

    If the state is lost here and kept with u = 1, your gate is the z of the other convention.
    """
    prev_h = inputs["prev_h"]
    next_h = output_of(student.gru_step_forward, with_biases(inputs, u=-50.0), prev_h)
    assert_close(next_h, prev_h, what="next state")
    moved = output_of(student.gru_step_forward, inputs, prev_h)
    assert np.any(moved != prev_h), "the state is kept with other gates, too"


@exercise("gru_step_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
def test_gru_step_drops_the_state_when_r_is_zero(student, inputs):
    """With u = 1 and r = 0 the next state is tanh(x @ Wxn + bn): the old one is dropped"""
    closed = with_biases(inputs, u=50.0, r=-50.0)
    next_h = output_of(student.gru_step_forward, closed, inputs["prev_h"])
    a = inputs["x"] @ third(inputs["Wx"], "n") + third(inputs["b"], "n")
    assert_close(next_h, np.tanh(a), what="next state")


@exercise("gru_step_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP, scale=2.0))
def test_gru_step_stays_between_the_old_state_and_the_candidate(student, inputs):
    """next_h lies between prev_h and a number from −1 to 1

    It is a mixture of the two, with the weights 1 − u and u.
    """
    prev_h = inputs["prev_h"]
    next_h = output_of(student.gru_step_forward, inputs, prev_h)
    low, high = np.minimum(prev_h, -1.0), np.maximum(prev_h, 1.0)
    if not np.all((next_h >= low - 1e-12) & (next_h <= high + 1e-12)):
        raise StudentFailure("a state leaves its range", got=show(next_h), expected="a mixture")
    assert np.any(next_h != prev_h), "the state does not change"
    assert np.any(next_h), "the next state is 0 everywhere"


@exercise("gru_step_forward", points=0.5)
@settings(max_examples=2)
@given(inputs=wide(GRU_STEP))
@with_an_axis_of_one(GRU_STEP)
def test_gru_step_keeps_axes_of_one(student, reference, inputs):
    """next_h has the shape (N, H), also where N, D or H is 1"""
    assert_forward_agrees(student.gru_step_forward, reference.gru_step_forward, inputs)


@exercise("gru_step_forward", points=0.5)
def test_gru_step_leaves_its_arguments_unchanged(student, reference):
    """gru_step_forward leaves its arguments unchanged"""
    inputs = made(GRU_STEP, {"N": 2, "D": 3, "H": 4})
    assert_forward_leaves_unchanged(student.gru_step_forward, reference.gru_step_forward, inputs)


STEP_BACK = "gru_step_forward"


def assert_step_back(student, reference, inputs, seed, names=(), part=None, scale=1.0):
    """Assert that gradients of a GRU step, or their parts u, r or n, are the reference's."""
    both = pair(student, "gru_step"), pair(reference, "gru_step")
    assert_gradients(*both, inputs, seed, names, scale, part=part)


@exercise("gru_step_backward", points=3, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_dprev_h(student, reference, inputs, seed):
    """dprev_h is the sum of four terms: one for each use of prev_h

    It is kept, goes into u, goes into r, and goes into n behind r.
    """
    assert_step_back(student, reference, inputs, seed, ["prev_h"])


@exercise("gru_step_backward", points=1, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_dx(student, reference, inputs, seed):
    """dx = da @ Wx.T, with da of shape (N, 3H)

    If everything that goes through da is wrong, look at its thirds one by one.
    """
    assert_step_back(student, reference, inputs, seed, ["x"])


WEIGHTS = ["Wx", "Wh", "b"]


def one_row(inputs):
    """The inputs with the first sequence of the batch alone."""
    return {**inputs, "x": inputs["x"][:1], "prev_h": inputs["prev_h"][:1]}


@exercise("gru_step_backward", points=1.5, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_gradients_of_the_candidate(student, reference, inputs, seed):
    """The thirds n of dWx, dWh and db are those of the candidate, here for a single sequence

    What was multiplied by Whn is r · prev_h.
    """
    assert_step_back(student, reference, one_row(inputs), seed, WEIGHTS, "n")


@exercise("gru_step_backward", points=1, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_gradients_of_the_update_gate(student, reference, inputs, seed):
    """The thirds u of dWx, dWh and db are those of the update gate, here for a single sequence

    The derivative of (1 − u) · prev_h + u · n by u has two terms.
    """
    assert_step_back(student, reference, one_row(inputs), seed, WEIGHTS, "u")


@exercise("gru_step_backward", points=1, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_gradients_of_the_reset_gate(student, reference, inputs, seed):
    """The thirds r of dWx, dWh and db are those of the reset gate, here for a single sequence

    It acts through the candidate only.
    """
    assert_step_back(student, reference, one_row(inputs), seed, WEIGHTS, "r")


@exercise("gru_step_backward", points=1, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_gradients_of_the_weights_of_a_batch(student, reference, inputs, seed):
    """For a batch, dWx, dWh and db are sums over it"""
    assert_step_back(student, reference, inputs, seed, WEIGHTS)


@exercise("gru_step_backward", points=1.5, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_backward_fits_the_students_forward(student, inputs, seed):
    """The gradients are those of your own gru_step_forward, by central differences"""
    assert_fits(pair(student, "gru_step"), inputs, seed)


@exercise("gru_step_backward", points=1, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_backward_with_gates_open_and_closed(student, inputs, seed):
    """With u = 0, dprev_h is dnext_h; with u = 1 and r = 0 it is 0; with both 1, a plain step's"""
    prev_h = inputs["prev_h"]
    dnext_h = np.random.default_rng(seed).standard_normal(prev_h.shape) + 0.1
    Wxn, Whn, bn = (third(inputs[name], "n") for name in ("Wx", "Wh", "b"))
    n = np.tanh(inputs["x"] @ Wxn + prev_h @ Whn + bn)
    plain = (dnext_h * (1.0 - n**2)) @ Whn.T
    forward, backward = pair(student, "gru_step")
    for gates, expected in (
        ({"u": -50.0}, dnext_h),
        ({"u": 50.0, "r": 50.0}, plain),
        ({"u": 50.0, "r": -50.0}, np.zeros(prev_h.shape)),
    ):
        _, cache = outputs_and_cache(forward, with_biases(inputs, **gates))
        got = named_gradients(backward(dnext_h, cache), inputs)["prev_h"]
        assert_structure(got, prev_h, what="gradient of `prev_h`")
        # added to numbers around 1, since 0 is to be met within rounding
        assert_close(got + dnext_h, expected + dnext_h, what="gradient of `prev_h`, plus dnext_h,")


@exercise("gru_step_backward", points=0.5, after=STEP_BACK)
@settings(max_examples=1)
@given(inputs=wide(GRU_STEP))
@with_an_axis_of_one(GRU_STEP)
def test_gru_step_backward_keeps_axes_of_one_and_large_gradients(student, reference, inputs):
    """All gradients keep their shapes where an axis is 1, and nothing is clipped"""
    assert_step_back(student, reference, inputs, 1, scale=LARGE)


@exercise("gru_step_backward", points=0.5, after=STEP_BACK)
def test_gru_step_backward_leaves_its_arguments_unchanged(student, reference):
    """gru_step_backward leaves dnext_h and the cache unchanged"""
    inputs = made(GRU_STEP, {"N": 2, "D": 3, "H": 4})
    both = pair(student, "gru_step"), pair(reference, "gru_step")
    assert_backward_leaves_unchanged(*both, inputs)


@exercise("gru_forward", points=1.5, after="gru_step_forward")
@settings(max_examples=4)
@given(inputs=wide(GRU))
def test_gru_from_a_zero_state(student, reference, inputs):
    """h[:, t] is a step from h[:, t − 1], from h0 = 0

    Is each step given the state that the last one left, and is each state stored in its own place?
    """
    inputs = {**inputs, "h0": np.zeros(inputs["h0"].shape)}
    assert_forward_agrees(student.gru_forward, reference.gru_forward, inputs)


@exercise("gru_forward", points=1.5, after="gru_step_forward")
@settings(max_examples=4)
@given(inputs=wide(GRU))
def test_gru_from_any_state(student, reference, inputs):
    """The same from any h0"""
    assert_forward_agrees(student.gru_forward, reference.gru_forward, inputs)


@exercise("gru_forward", points=0.5, after="gru_step_forward")
@settings(max_examples=2)
@given(inputs=wide(GRU))
@with_an_axis_of_one(GRU)
def test_gru_keeps_axes_of_one(student, reference, inputs):
    """h has the shape (N, T, H), also for one sequence, one step, one input or one unit"""
    assert_forward_agrees(student.gru_forward, reference.gru_forward, inputs)


@exercise("gru_forward", points=0.5, after="gru_step_forward")
@settings(max_examples=4)
@given(inputs=wide(GRU))
def test_gru_can_be_split(student, inputs):
    """Reading a sequence in two parts, the second from the last state of the first, is the same"""
    x_seq = inputs["x_seq"]
    like = np.zeros((*x_seq.shape[:2], inputs["h0"].shape[1]))
    whole = output_of(student.gru_forward, inputs, like)
    first = output_of(student.gru_forward, {**inputs, "x_seq": x_seq[:, :1]}, like[:, :1])
    later = {**inputs, "x_seq": x_seq[:, 1:], "h0": first[:, -1]}
    rest = output_of(student.gru_forward, later, like[:, 1:])
    assert_close(np.concatenate([first, rest], axis=1), whole, what="states of the two parts")
    moved = output_of(student.gru_forward, {**inputs, "h0": inputs["h0"] + 1.0}, like)
    assert np.any(moved[:, -1] != whole[:, -1]), "the last state does not depend on h0"


@exercise("gru_forward", points=0.5, after="gru_step_forward")
@settings(max_examples=4)
@given(inputs=wide(GRU))
def test_gru_is_causal(student, inputs):
    """An input moves the states from its own step on, and none before it"""
    x_seq = inputs["x_seq"]
    like = np.zeros((*x_seq.shape[:2], inputs["h0"].shape[1]))
    h = output_of(student.gru_forward, inputs, like)
    for t in range(1, x_seq.shape[1]):
        changed = np.array(x_seq)
        changed[:, t] += 1.0
        moved = output_of(student.gru_forward, {**inputs, "x_seq": changed}, like)
        what = f"states before step {t}, when the input of step {t} changes"
        assert_close(moved[:, :t], h[:, :t], rtol=1e-12, what=what)
        assert np.all(np.any(moved[:, t] != h[:, t], axis=-1)), f"h[:, {t}] does not feel its input"


@exercise("gru_forward", points=0.5, after="gru_step_forward")
def test_gru_forward_leaves_its_arguments_unchanged(student, reference):
    """gru_forward leaves its arguments unchanged"""
    inputs = made(GRU, {"N": 2, "T": 3, "D": 5, "H": 4})
    assert_forward_leaves_unchanged(student.gru_forward, reference.gru_forward, inputs)


GRU_BACK = ("gru_step_forward", "gru_step_backward", "gru_forward")


def assert_gru_back(student, reference, inputs, seed, names, dout=None):
    both = pair(student, "gru"), pair(reference, "gru")
    assert_gradients(*both, inputs, seed, names, dout=dout)


@exercise("gru_backward", points=1, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_dx_of_the_last_loss(student, reference, inputs, seed):
    """For a loss at the last step only, dx is what is carried back to each step

    Carry the gradient from each step to the one before it.
    """
    dh, _ = cotangent(pair(reference, "gru"), inputs, seed)
    dh[:, :-1] = 0.0
    assert_gru_back(student, reference, inputs, seed, ["x_seq"], dh)


@exercise("gru_backward", points=0.5, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_dx(student, reference, inputs, seed):
    """dx[:, t] is what the losses of the step t and of all later ones send to its input

    Add dh[:, t] to what is carried, at every step.
    """
    assert_gru_back(student, reference, inputs, seed, ["x_seq"])


@exercise("gru_backward", points=0.5, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_dh0(student, reference, inputs, seed):
    """dh0 is what has been carried through all steps"""
    assert_gru_back(student, reference, inputs, seed, ["h0"])


@exercise("gru_backward", points=0.5, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_backward_of_one_step(student, reference, inputs, seed):
    """For a sequence of one step, all gradients are those of that step"""
    one = {**inputs, "x_seq": inputs["x_seq"][:, :1]}
    assert_gru_back(student, reference, one, seed, ())


@exercise("gru_backward", points=1.5, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_gradients_of_the_weights(student, reference, inputs, seed):
    """dWx, dWh and db are sums over all steps"""
    assert_gradients(pair(student, "gru"), pair(reference, "gru"), inputs, seed, ["Wx", "Wh", "b"])


@exercise("gru_backward", points=1, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_backward_fits_the_students_forward(student, inputs, seed):
    """The gradients are those of your own gru_forward, by central differences"""
    assert_fits(pair(student, "gru"), inputs, seed)


@exercise("gru_backward", points=0.5, after=GRU_BACK)
@settings(max_examples=1)
@given(inputs=wide(GRU))
@with_an_axis_of_one(GRU)
def test_gru_backward_keeps_axes_of_one_and_large_gradients(student, reference, inputs):
    """All gradients keep their shapes where an axis is 1, and nothing is clipped"""
    assert_gradients(pair(student, "gru"), pair(reference, "gru"), inputs, 1, scale=LARGE)


@exercise("gru_backward", points=0.5, after=GRU_BACK)
def test_gru_backward_leaves_its_arguments_unchanged(student, reference):
    """gru_backward leaves dh and the cache unchanged"""
    inputs = made(GRU, {"N": 2, "T": 3, "D": 5, "H": 4})
    assert_backward_leaves_unchanged(pair(student, "gru"), pair(reference, "gru"), inputs)


def assert_counts(student, reference, kind, D, H):
    expected = reference.count_parameters(kind, D, H)
    assert_close(student.count_parameters(kind, D, H), expected, what="number of parameters")


LENGTHS = {"D": st.integers(1, 40), "H": st.integers(1, 40)}


@exercise("count_parameters", points=1)
@settings(max_examples=4)
@given(**LENGTHS)
def test_parameters_of_the_plain_network(student, reference, D, H):
    """A plain layer has a matrix for x, one for h, and one bias vector"""
    assert_counts(student, reference, "rnn", D, H)


@exercise("count_parameters", points=1)
@settings(max_examples=4)
@given(**LENGTHS)
def test_parameters_of_the_gru(student, reference, D, H):
    """A GRU has the parameters of its two gates and of its candidate"""
    assert_counts(student, reference, "gru", D, H)


@exercise("count_parameters", points=1)
@settings(max_examples=4)
@given(**LENGTHS)
def test_parameters_of_the_lstm(student, reference, D, H):
    """An LSTM has the parameters of its three gates and of its candidate"""
    assert_counts(student, reference, "lstm", D, H)


@exercise("count_parameters", points=0.5)
@settings(max_examples=4)
@given(**LENGTHS)
def test_parameters_are_in_a_fixed_ratio(student, D, H):
    """The numbers are as 1 : 3 : 4, whatever D and H are"""
    numbers = [student.count_parameters(kind, D, H) for kind in ("rnn", "gru", "lstm")]
    assert_structure(numbers, [1, 3, 4], what="list of the three numbers")
    assert numbers[0] > 0, "a plain layer has no parameters"
    assert_close(numbers, [k * numbers[0] for k in (1, 3, 4)], what="list of the three numbers")


@exercise("count_parameters", points=0.5)
def test_parameters_of_an_unknown_kind(student, reference):
    """Any other kind raises ValueError"""
    assert_counts(student, reference, "gru", 2, 3)
    for kind in ("transformer", "GRU", ""):
        assert_raises(student.count_parameters, ValueError, kind, 2, 3)


@exercise("residual_forward", points=2)
@settings(max_examples=7)
@given(inputs=wide(RESIDUAL))
def test_residual_agrees_with_its_formula(student, reference, inputs):
    """out = x + tanh(x @ W + b)"""
    assert_forward_agrees(student.residual_forward, reference.residual_forward, inputs)


@exercise("residual_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL))
def test_residual_without_weights_is_the_identity(student, inputs):
    """With W = 0 and b = 0, out is x"""
    nothing = {name: np.zeros(inputs[name].shape) for name in ("W", "b")}
    out = output_of(student.residual_forward, {**inputs, **nothing}, inputs["x"])
    assert_close(out, inputs["x"], what="output")
    moved = output_of(student.residual_forward, inputs, inputs["x"])
    assert np.any(moved != inputs["x"]), "the output is x with other weights, too"


@exercise("residual_forward", points=0.5)
@settings(max_examples=2)
@given(inputs=wide(RESIDUAL))
@with_an_axis_of_one(RESIDUAL)
def test_residual_keeps_axes_of_one(student, reference, inputs):
    """out has the shape of x, also where N or D is 1"""
    assert_forward_agrees(student.residual_forward, reference.residual_forward, inputs)


@exercise("residual_forward", points=0.5)
def test_residual_forward_leaves_its_arguments_unchanged(student, reference):
    """residual_forward leaves its arguments unchanged

    `x += …` adds to the caller's own array.
    """
    inputs = made(RESIDUAL, {"N": 2, "D": 3})
    assert_forward_leaves_unchanged(student.residual_forward, reference.residual_forward, inputs)


@exercise("residual_backward", points=0.5, after="residual_forward")
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL), seed=seeds)
def test_residual_dx_without_weights(student, reference, inputs, seed):
    """With W = 0, dx is dout: only the way around the layer is open"""
    inputs = {**inputs, "W": np.zeros(inputs["W"].shape)}
    both = pair(student, "residual"), pair(reference, "residual")
    assert_gradients(*both, inputs, seed, ["x"])


@exercise("residual_backward", points=1.5, after="residual_forward")
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL), seed=seeds, scale=SCALES)
@example(inputs=made(RESIDUAL, {"N": 1, "D": 3}), seed=1, scale=1.0)
@example(inputs=made(RESIDUAL, {"N": 3, "D": 1}), seed=1, scale=1.0)
def test_residual_dx(student, reference, inputs, seed, scale):
    """dx = dout + da @ W.T: both ways add up"""
    both = pair(student, "residual"), pair(reference, "residual")
    assert_gradients(*both, inputs, seed, ["x"], scale)


@exercise("residual_backward", points=1.5, after="residual_forward")
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL), seed=seeds, scale=SCALES)
@example(inputs=made(RESIDUAL, {"N": 1, "D": 3}), seed=1, scale=1.0)
def test_residual_gradients_of_the_weights(student, reference, inputs, seed, scale):
    """dW = x.T @ da and db is the sum of da, with da = dout · (1 − f²)

    f is tanh(x @ W + b), and not the output.
    """
    both = pair(student, "residual"), pair(reference, "residual")
    assert_gradients(*both, inputs, seed, ["W", "b"], scale)


@exercise("residual_backward", points=0.5, after="residual_forward")
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL), seed=seeds)
def test_residual_backward_fits_the_students_forward(student, inputs, seed):
    """The gradients are those of your own residual_forward, by central differences"""
    assert_fits(pair(student, "residual"), inputs, seed)


@exercise("residual_backward", points=0.5, after="residual_forward")
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL))
def test_residual_jacobian_is_the_identity_and_more(student, inputs):
    """The Jacobian of the layer is I + J_f"""
    W, D = inputs["W"], len(inputs["W"])
    x = np.repeat(inputs["x"][:1], D, axis=0)
    forward, backward = pair(student, "residual")
    _, cache = outputs_and_cache(forward, {**inputs, "x": x})
    slope = 1.0 - np.tanh(x[0] @ W + inputs["b"]) ** 2
    dx = named_gradients(backward(np.eye(D), cache), inputs)["x"]
    assert_close(dx, np.eye(D) + slope[:, None] * W.T, what="Jacobian")


@exercise("residual_backward", points=0.5, after="residual_forward")
def test_residual_backward_leaves_its_arguments_unchanged(student, reference):
    """residual_backward leaves dout and the cache unchanged"""
    both = pair(student, "residual"), pair(reference, "residual")
    assert_backward_leaves_unchanged(*both, made(RESIDUAL, {"N": 2, "D": 3}))


@exercise("highway_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY))
def test_highway_with_a_gate_half_open(student, inputs):
    """With t = 1/2, out is half of tanh(x @ W + b) and half of x"""
    x, W, b, Wt, bt = inputs.values()
    half = {**inputs, "Wt": np.zeros(Wt.shape), "bt": np.zeros(bt.shape)}
    out = output_of(student.highway_forward, half, x)
    assert_close(out, 0.5 * (np.tanh(x @ W + b) + x), what="output")


@exercise("highway_forward", points=2)
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY))
def test_highway_agrees_with_its_formula(student, reference, inputs):
    """out = t · tanh(x @ W + b) + (1 − t) · x with t = sigmoid(x @ Wt + bt)"""
    assert_forward_agrees(student.highway_forward, reference.highway_forward, inputs)


@exercise("highway_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY))
def test_highway_with_a_closed_gate_is_the_identity(student, inputs):
    """With t = 0, out is x"""
    closed = {**inputs, "bt": np.full(inputs["bt"].shape, -50.0)}
    out = output_of(student.highway_forward, closed, inputs["x"])
    assert_close(out, inputs["x"], what="output")
    moved = output_of(student.highway_forward, inputs, inputs["x"])
    assert np.any(moved != inputs["x"]), "the output is x with other gates, too"


@exercise("highway_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY))
def test_highway_with_an_open_gate_is_a_plain_layer(student, inputs):
    """With t = 1, out is tanh(x @ W + b)"""
    wide_open = {**inputs, "bt": np.full(inputs["bt"].shape, 50.0)}
    out = output_of(student.highway_forward, wide_open, inputs["x"])
    expected = np.tanh(inputs["x"] @ inputs["W"] + inputs["b"])
    assert_close(out, expected, what="output")


@exercise("highway_forward", points=0.5)
@settings(max_examples=2)
@given(inputs=wide(HIGHWAY))
@with_an_axis_of_one(HIGHWAY)
def test_highway_keeps_axes_of_one(student, reference, inputs):
    """out has the shape of x, also where N or D is 1"""
    assert_forward_agrees(student.highway_forward, reference.highway_forward, inputs)


@exercise("highway_forward", points=0.5)
def test_highway_forward_leaves_its_arguments_unchanged(student, reference):
    """highway_forward leaves its arguments unchanged"""
    inputs = made(HIGHWAY, {"N": 2, "D": 3})
    assert_forward_leaves_unchanged(student.highway_forward, reference.highway_forward, inputs)


@exercise("highway_backward", points=3, after="highway_forward")
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY), seed=seeds, scale=SCALES)
@example(inputs=made(HIGHWAY, {"N": 1, "D": 3}), seed=1, scale=1.0)
@example(inputs=made(HIGHWAY, {"N": 3, "D": 1}), seed=1, scale=1.0)
def test_highway_dx(student, reference, inputs, seed, scale):
    """dx has three terms: past the layer, through the transform, and through the gate"""
    both = pair(student, "highway"), pair(reference, "highway")
    assert_gradients(*both, inputs, seed, ["x"], scale)


@exercise("highway_backward", points=1.5, after="highway_forward")
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY), seed=seeds, scale=SCALES)
@example(inputs=made(HIGHWAY, {"N": 1, "D": 3}), seed=1, scale=1.0)
def test_highway_gradients_of_the_transform(student, reference, inputs, seed, scale):
    """dW and db are those of the transform, which the gate lets through in part"""
    both = pair(student, "highway"), pair(reference, "highway")
    assert_gradients(*both, inputs, seed, ["W", "b"], scale)


@exercise("highway_backward", points=1.5, after="highway_forward")
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY), seed=seeds, scale=SCALES)
@example(inputs=made(HIGHWAY, {"N": 1, "D": 3}), seed=1, scale=1.0)
def test_highway_gradients_of_the_gate(student, reference, inputs, seed, scale):
    """dWt and dbt are those of the gate, which chooses between tanh(x @ W + b) and x"""
    both = pair(student, "highway"), pair(reference, "highway")
    assert_gradients(*both, inputs, seed, ["Wt", "bt"], scale)


@exercise("highway_backward", points=1, after="highway_forward")
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY), seed=seeds)
def test_highway_backward_fits_the_students_forward(student, inputs, seed):
    """The gradients are those of your own highway_forward, by central differences"""
    assert_fits(pair(student, "highway"), inputs, seed)


@exercise("highway_backward", points=0.5, after="highway_forward")
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY), seed=seeds)
def test_highway_backward_with_a_gate_open_and_closed(student, inputs, seed):
    """With t = 0, dx is dout; with t = 1 it is a plain layer's"""
    x, W = inputs["x"], inputs["W"]
    dout = np.random.default_rng(seed).standard_normal(x.shape)
    plain = (dout * (1.0 - np.tanh(x @ W + inputs["b"]) ** 2)) @ W.T
    forward, backward = pair(student, "highway")
    for bias, expected in ((-50.0, dout), (50.0, plain)):
        _, cache = outputs_and_cache(forward, {**inputs, "bt": np.full(inputs["bt"].shape, bias)})
        dx = named_gradients(backward(dout, cache), inputs)["x"]
        assert_close(dx, expected, what="gradient of `x`")


@exercise("highway_backward", points=0.5, after="highway_forward")
def test_highway_backward_leaves_its_arguments_unchanged(student, reference):
    """highway_backward leaves dout and the cache unchanged"""
    both = pair(student, "highway"), pair(reference, "highway")
    assert_backward_leaves_unchanged(*both, made(HIGHWAY, {"N": 2, "D": 3}))


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


def full(inputs):
    """Lengths without any padding."""
    N, T, _ = inputs["x_seq"].shape
    return np.full(N, T)


def real_steps(inputs, lengths):
    """(N, T, 1): whether a step is real."""
    return (np.arange(inputs["x_seq"].shape[1]) < lengths[:, None])[:, :, None]


def halves(owner, inputs, lengths):
    """The forward and the backward half of the output, each (N, T, H), after a look at its shape"""
    (N, T, _), H = inputs["x_seq"].shape, inputs["b of fwd"].size
    out = output_of(bidirectional(owner, lengths)[0], inputs, np.zeros((N, T, 2 * H)))
    return out[:, :, :H], out[:, :, H:]


def assert_half(student, reference, inputs, lengths, half):
    """Assert that half 0 or 1 of the output is right at the real steps."""
    real = real_steps(inputs, lengths)
    got = np.where(real, halves(student, inputs, lengths)[half], 0.0)
    wanted = halves(reference, inputs, lengths)[half]
    name = ("forward", "backward")[half]
    assert_close(got, wanted, what=f"{name} half of the output, at real steps")


@exercise("bidirectional_forward", points=1.5)
@settings(max_examples=4)
@given(case=padded())
def test_bidirectional_forward_half(student, reference, case):
    """The first half of the output is the forward reader's state, at each real step"""
    assert_half(student, reference, *case, 0)


@exercise("bidirectional_forward", points=2)
@settings(max_examples=4)
@given(inputs=wide(BIDIRECTIONAL))
def test_bidirectional_backward_half_without_padding(student, reference, inputs):
    """Without padding, the second half is the backward reader's state after the steps T − 1, …, t

    The reader's first state belongs to the last step: was its result turned round again?
    """
    assert_half(student, reference, inputs, full(inputs), 1)


@exercise("bidirectional_forward", points=2.5)
@settings(max_examples=4)
@given(case=padded())
def test_bidirectional_backward_half_with_padding(student, reference, case):
    """With padding, the backward reader starts at each sequence's own last real step

    If this fails and sequences without padding are right, the whole array was turned round.
    """
    assert_half(student, reference, *case, 1)


@exercise("bidirectional_forward", points=0.5)
@settings(max_examples=4)
@given(case=padded())
def test_bidirectional_output_is_zero_at_padding(student, reference, case):
    """At padding, both halves of the output are exactly 0"""
    inputs, lengths = case
    assert_half(student, reference, inputs, lengths, 0)
    for half in halves(student, inputs, lengths):
        if np.any(np.where(real_steps(inputs, lengths), 0.0, half)):
            raise StudentFailure("the output at padding is not 0", got=show(half), expected="0")


@exercise("bidirectional_forward", points=0.5)
@settings(max_examples=4)
@given(case=padded())
def test_bidirectional_padding_is_never_read(student, reference, case):
    """NaN in the padding of x_seq changes nothing

    A product with a mask of 0 does not remove a NaN. Put something else in its place first.
    """
    inputs, lengths = case
    clean = halves(student, inputs, lengths)
    x_seq = np.where(real_steps(inputs, lengths), inputs["x_seq"], np.nan)
    spoilt = {**inputs, "x_seq": x_seq}
    assert_half(student, reference, spoilt, lengths, 0)
    assert_close(halves(student, spoilt, lengths), clean, what="pair of halves")


@exercise("bidirectional_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(BIDIRECTIONAL))
def test_bidirectional_is_symmetric(student, inputs):
    """Turning the sequences round and exchanging fwd and bwd turns round and exchanges the halves

    (Without padding.)
    """
    first, second = halves(student, inputs, full(inputs))
    assert np.any(first != second), "the two halves of the output are equal"
    names = [*READERS]
    swapped = dict(zip(names, (inputs[name] for name in names[3:] + names[:3]), strict=True))
    mirrored = {"x_seq": inputs["x_seq"][:, ::-1], **swapped}
    expected = (second[:, ::-1], first[:, ::-1])
    assert_close(halves(student, mirrored, full(inputs)), expected, what="pair of halves")


@exercise("bidirectional_forward", points=0.5)
@settings(max_examples=1)
@given(inputs=wide(BIDIRECTIONAL))
@with_an_axis_of_one(BIDIRECTIONAL)
def test_bidirectional_keeps_axes_of_one(student, reference, inputs):
    """out has the shape (N, T, 2H), also where N, T, D or H is 1"""
    references = bidirectional(reference, full(inputs))
    assert_forward_agrees(bidirectional(student, full(inputs))[0], references[0], inputs)


A_BATCH = made(BIDIRECTIONAL, {"N": 3, "T": 4, "D": 5, "H": 2})
ITS_LENGTHS = np.array([3, 4, 1])


def arguments(inputs, lengths):
    """The arguments of bidirectional_forward."""
    x_seq, *weights = inputs.values()
    return x_seq, lengths, tuple(weights[:3]), tuple(weights[3:])


@exercise("bidirectional_forward", points=0.5)
def test_bidirectional_forward_leaves_its_arguments_unchanged(student, reference):
    """bidirectional_forward leaves its arguments unchanged"""
    references = bidirectional(reference, ITS_LENGTHS)
    assert_forward_agrees(bidirectional(student, ITS_LENGTHS)[0], references[0], A_BATCH)
    assert_pure(student.bidirectional_forward, *arguments(A_BATCH, ITS_LENGTHS))


def assert_readers(student, reference, case, seed, names, scale=1.0, half=slice(None)):
    """Assert gradients for a dout of 0 at padding, and outside of the slice ``half``."""
    inputs, lengths = case
    both = bidirectional(student, lengths), bidirectional(reference, lengths)
    drawn, _ = cotangent(both[1], inputs, seed, scale)
    dout = np.zeros(drawn.shape)
    dout[:, :, half] = np.where(real_steps(inputs, lengths), drawn, 0.0)[:, :, half]
    assert_gradients(*both, inputs, seed, names, dout=dout)


@exercise("bidirectional_backward", points=1, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds)
def test_bidirectional_dx_of_the_forward_half(student, reference, case, seed):
    """dx is right where dout is 0 in the backward half"""
    forward_half = slice(case[0]["b of fwd"].size)
    assert_readers(student, reference, case, seed, ["x_seq"], half=forward_half)


@exercise("bidirectional_backward", points=2, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds, scale=SCALES)
def test_bidirectional_dx(student, reference, case, seed, scale):
    """dx is the sum of what comes from the two readers, each word in its own place"""
    assert_readers(student, reference, case, seed, ["x_seq"], scale)


@exercise("bidirectional_backward", points=1.5, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds)
def test_bidirectional_dfwd(student, reference, case, seed):
    """dfwd holds the gradients of the forward reader's weights"""
    names = ["Wx of fwd", "Wh of fwd", "b of fwd"]
    assert_readers(student, reference, case, seed, names)


@exercise("bidirectional_backward", points=2, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds)
def test_bidirectional_dbwd(student, reference, case, seed):
    """dbwd holds the gradients of the backward reader's weights

    Its part of dout has to be turned round, like its input, before it goes back.
    """
    names = ["Wx of bwd", "Wh of bwd", "b of bwd"]
    assert_readers(student, reference, case, seed, names)


@exercise("bidirectional_backward", points=1, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds)
@example(case=(made(BIDIRECTIONAL, {"N": 1, "T": 3, "D": 2, "H": 4}), np.array([2])), seed=1)
@example(case=(made(BIDIRECTIONAL, {"N": 2, "T": 4, "D": 1, "H": 3}), np.array([2, 4])), seed=1)
def test_bidirectional_backward_fits_the_students_forward(student, case, seed):
    """The gradients are those of your own bidirectional_forward, by central differences"""
    inputs, lengths = case
    real = real_steps(inputs, lengths)
    whole_forward, whole_backward = bidirectional(student, lengths)
    like = np.zeros((*real.shape[:2], 2 * inputs["b of fwd"].size))

    def forward(*args):  # padding has a test of its own
        (out, *_), cache = outputs_and_cache(whole_forward, dict(zip(inputs, args, strict=True)))
        assert_structure(out, like, what="output")
        return np.where(real, out, 0.0), cache

    def backward(dout, cache):
        return whole_backward(np.where(real, dout, 0.0), cache)

    dx = backward(np.ones(like.shape), forward(*inputs.values())[1])[0]
    assert_structure(dx, inputs["x_seq"], what="gradient of `x_seq`")
    assert np.any(dx), "dx is 0 everywhere"
    assert_backward_fits_forward((forward, backward), inputs, np.random.default_rng(seed))


@exercise("bidirectional_backward", points=0.5, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds)
def test_bidirectional_gradients_ignore_padding(student, reference, case, seed):
    """Neither dout at padding nor NaN in the padding of x_seq makes a difference"""
    inputs, lengths = case
    references = bidirectional(reference, lengths)
    dout, _ = cotangent(references, inputs, seed)
    expected = references[1](dout, outputs_and_cache(references[0], inputs)[1])
    real = real_steps(inputs, lengths)
    forward, backward = bidirectional(student, lengths)
    spoilt = {**inputs, "x_seq": np.where(real, inputs["x_seq"], np.nan)}
    _, cache = outputs_and_cache(forward, spoilt)
    for another in (dout, np.where(real, dout, 7.0)):
        ours, wanted = (
            named_gradients(backward(another, cache), inputs),
            named_gradients(expected, inputs),
        )
        for name in inputs:
            assert_close(ours[name], wanted[name], what=f"gradient of `{name}`")


@exercise("bidirectional_backward", points=0.5, after="bidirectional_forward")
def test_bidirectional_backward_leaves_its_arguments_unchanged(student, reference):
    """bidirectional_backward leaves dout and the cache unchanged"""
    given_to_both = arguments(A_BATCH, ITS_LENGTHS)
    out, reference_cache = reference.bidirectional_forward(*given_to_both)
    dout = np.random.default_rng(1).standard_normal(out.shape) * (out != 0)
    expected = reference.bidirectional_backward(dout, reference_cache)
    result = student.bidirectional_forward(*given_to_both)
    assert isinstance(result, tuple), "bidirectional_forward does not return (out, cache)"
    cache = result[-1]
    assert_pure(student.bidirectional_backward, dout, cache, like=lambda *_: expected)


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


def from_zeros(inputs):
    return {**inputs, "h0": np.zeros(inputs["h0"].shape)}


def assert_stack(student, reference, inputs, skip):
    forward, _ = stacked(student, skip)
    assert_forward_agrees(forward, stacked(reference, skip)[0], inputs)


@exercise("stacked_forward", points=1)
@settings(max_examples=4)
@given(inputs=stacks(1))
def test_a_stack_of_one_layer_is_a_plain_network(student, reference, inputs):
    """A stack of one layer is a plain recurrent network"""
    assert_stack(student, reference, inputs, False)


@exercise("stacked_forward", points=1)
@settings(max_examples=4)
@given(inputs=stacks(2, 3))
def test_layers_read_the_layer_below(student, reference, inputs):
    """Without skip and from h0 = 0, each layer reads the states of the one below at the same step

    With its own weights.
    """
    assert_stack(student, reference, from_zeros(inputs), False)


@exercise("stacked_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=stacks(2, 3))
def test_layers_start_from_their_own_states(student, reference, inputs):
    """The same from any h0: layer l starts from h0[l]"""
    assert_stack(student, reference, inputs, False)


@exercise("stacked_forward", points=1)
@settings(max_examples=4)
@given(inputs=stacks(2, 3))
def test_skip_adds_the_input_of_a_layer(student, reference, inputs):
    """With skip and D ≠ H, all layers but the lowest add their input to their states

    Only to what they hand up: the state carried from step to step is without it. And it is the
    input of that layer, not the one of the network.
    """
    assert_stack(student, reference, from_zeros(inputs), True)


@exercise("stacked_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=stacks(1, 3, square=True))
def test_skip_adds_in_the_lowest_layer_too(student, reference, inputs):
    """With skip and D = H, the lowest layer adds its input, too; without skip no layer does"""
    assert_stack(student, reference, inputs, True)
    assert_stack(student, reference, inputs, False)


SINGLE = [
    stack(lengths, 1)
    for lengths in (
        {"L": 2, "N": 1, "T": 3, "D": 2, "H": 4},
        {"L": 3, "N": 2, "T": 1, "D": 3, "H": 4},
        {"L": 2, "N": 3, "T": 2, "D": 1, "H": 4},
        {"L": 3, "N": 2, "T": 4, "D": 3, "H": 1},
    )
]


@exercise("stacked_forward", points=0.5)
def test_stack_keeps_axes_of_one(student, reference):
    """out has the shape (N, T, H), also where N, T, D or H is 1"""
    for inputs in SINGLE:
        assert_stack(student, reference, inputs, True)


A_STACK = stack({"L": 3, "N": 2, "T": 4, "D": 5, "H": 3}, 2)


@exercise("stacked_forward", points=0.5)
def test_stacked_forward_leaves_its_arguments_unchanged(student, reference):
    """stacked_forward leaves its arguments unchanged, also the list of layers"""
    assert_stack(student, reference, A_STACK, True)
    x_seq, h0, *weights = A_STACK.values()
    assert_pure(student.stacked_forward, x_seq, h0, in_layers(weights), True)


def of_layers(inputs):
    """The names of all weights of a stack."""
    return [name for name in inputs if "of layer" in name]


def assert_stack_gradients(student, reference, inputs, skip, seed, names=(), scale=1.0):
    both = stacked(student, skip), stacked(reference, skip)
    assert_gradients(*both, inputs, seed, names, scale)


@exercise("stacked_backward", points=1.5, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(1, 2, 3), seed=seeds)
def test_stacked_dx(student, reference, inputs, seed):
    """Without skip, dx is what comes down through all layers

    What a layer returns for its input is the gradient of the output of the layer below.
    """
    assert_stack_gradients(student, reference, inputs, False, seed, ["x_seq"])


@exercise("stacked_backward", points=1, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(1, 2, 3), seed=seeds)
def test_stacked_gradients_of_the_top_layer(student, reference, inputs, seed):
    """Without skip, the last tuple of dlayers holds the gradients of the top layer's weights"""
    assert_stack_gradients(student, reference, inputs, False, seed, of_layers(inputs)[-3:])


@exercise("stacked_backward", points=1, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(2, 3), seed=seeds)
def test_stacked_gradients_of_the_weights(student, reference, inputs, seed):
    """Without skip, dlayers holds the gradients of each layer's own weights, in their order"""
    assert_stack_gradients(student, reference, inputs, False, seed, of_layers(inputs))


@exercise("stacked_backward", points=0.5, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(2, 3), seed=seeds)
def test_stacked_dh0(student, reference, inputs, seed):
    """Without skip, dh0[l] is the gradient of the first state of layer l"""
    assert_stack_gradients(student, reference, inputs, False, seed, ["h0"])


@exercise("stacked_backward", points=1.5, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(2, 3) | stacks(2, square=True), seed=seeds, scale=SCALES)
def test_stacked_gradients_with_skip(student, reference, inputs, seed, scale):
    """With skip, the gradient comes down past each layer as well as through it"""
    names = ["x_seq", *of_layers(inputs)]
    assert_stack_gradients(student, reference, inputs, True, seed, names, scale)


@exercise("stacked_backward", points=1, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(2, 3), seed=seeds, skip=st.booleans())
@example(inputs=SINGLE[0], seed=1, skip=True)
@example(inputs=SINGLE[1], seed=1, skip=False)
@example(inputs=SINGLE[3], seed=1, skip=True)
def test_stacked_backward_fits_the_students_forward(student, inputs, seed, skip):
    """The gradients are those of your own stacked_forward, by central differences"""
    assert_fits(stacked(student, skip), inputs, seed)


@exercise("stacked_backward", points=0.5, after="stacked_forward")
def test_stacked_backward_leaves_its_arguments_unchanged(student, reference):
    """stacked_backward leaves dout and the cache unchanged"""
    x_seq, h0, *weights = A_STACK.values()
    given_to_both = x_seq, h0, in_layers(weights), True
    out, reference_cache = reference.stacked_forward(*given_to_both)
    dout = np.random.default_rng(1).standard_normal(out.shape)
    expected = reference.stacked_backward(dout, reference_cache)
    result = student.stacked_forward(*given_to_both)
    assert isinstance(result, tuple), "stacked_forward does not return (out, cache)"
    assert_pure(student.stacked_backward, dout, result[-1], like=lambda *_: expected)
