"""The tests that come with a7_architectures: the notebook's cells `check("…")` run them.

You may read them. The grader asks the same questions, on more and other inputs.
"""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_finite,
    assert_gradients,
    assert_pure,
    assert_raises,
    assert_structure,
    describe,
    exercise,
    outputs_and_cache,
)

LOG3 = np.log(3.0)  # sigmoid(LOG3) is 3/4, sigmoid(-LOG3) is 1/4


def normal(seed, *shapes, scale=0.6):
    """Random arrays of these shapes."""
    rng = np.random.default_rng(seed)
    return [np.round(scale * rng.standard_normal(shape), 2) for shape in shapes]


def output_of(forward, args, shape):
    """The output, after a look at its shape; and the cache."""
    (out, *_), cache = outputs_and_cache(forward, dict(enumerate(args)))
    assert_structure(out, np.zeros(shape), what="output")
    assert_finite(out, what="output")
    return out, cache


def parts_of(value, count, form):
    """A backward function's result, which must have ``count`` parts."""
    if not isinstance(value, tuple | list) or len(value) != count:
        raise StudentFailure(f"the gradients must come as {form}", got=describe(value))
    return list(value)


def assert_slopes(forward, backward, inputs, shape, unpack=list):
    """Assert that ``backward`` gives the slopes of the student's own ``forward``, and stays pure.

    ``forward`` takes the arrays in ``inputs``, a dict by their names; ``unpack`` makes a plain list
    of the gradients.
    """
    out, cache = output_of(forward, inputs.values(), shape)
    dout = 20.0 * np.random.default_rng(0).standard_normal(out.shape)
    gradients = unpack(backward(dout, cache))
    parts = parts_of(gradients, len(inputs), "a tuple: one for each of " + ", ".join(inputs))
    named = dict(zip(inputs, parts, strict=True))
    rng = np.random.default_rng(1)
    assert_gradients(lambda **moved: forward(*moved.values())[0], inputs, [dout], named, rng)
    assert_pure(backward, dout, cache)


def gru_arrays(seed, N, D, H, *leading):
    """x, h, Wx, Wh, b of a GRU; ``leading`` is (T,) for a whole sequence."""
    names = ("x_seq" if leading else "x", "h0" if leading else "prev_h", "Wx", "Wh", "b")
    shapes = (N, *leading, D), (N, H), (D, 3 * H), (H, 3 * H), (3 * H,)
    return dict(zip(names, normal(seed, *shapes), strict=True))


ONE, NONE, NO_BIAS = np.ones((1, 1)), np.zeros((1, 1)), np.zeros(1)
ADDS = ONE, ONE, NO_BIAS  # h = tanh(x + h before)


def stack(seed, N, T, D, H, L):
    """The arrays of a stack by their names."""
    names = ["x_seq", "h0"]
    shapes: list[tuple[int, ...] | int] = [(N, T, D), (L, N, H)]
    for layer in range(L):
        names += [f"{name} of layer {layer}" for name in ("Wx", "Wh", "b")]
        shapes += [(H if layer else D, H), (H, H), H]
    return dict(zip(names, normal(seed, *shapes), strict=True))


def in_layers(weights):
    """Weights one after another as the list of layers."""
    return [tuple(weights[i : i + 3]) for i in range(0, len(weights), 3)]


@exercise("gru_step_forward")
def test_gru_step_of_known_numbers(student):
    """One unit with u = 1/4 and r = 3/4: the candidate sees 3/4 of the old state

    The old state is 2 and x is 0. Both gates get their values from the bias alone. The candidate is
    tanh(0.75 · 2 · 0.5), and the new state is 3/4 of 2 plus 1/4 of the candidate. If yours is 1/4
    of 2 plus 3/4 of something: u = 0 must keep the state. If it is a little off: does r multiply
    prev_h, is n a tanh, and is the order u, r, n?
    """
    Wh, b = np.array([[0.0, 0.0, 0.5]]), np.array([-LOG3, LOG3, 0.0])
    args = np.zeros((1, 1)), np.full((1, 1), 2.0), np.ones((1, 3)), Wh, b
    next_h, _ = output_of(student.gru_step_forward, args, (1, 1))
    assert_close(next_h, np.array([[1.5 + 0.25 * np.tanh(0.75)]]), what="next state")


@exercise("gru_step_forward")
def test_gru_step_with_gates_open_and_closed(student):
    """With u = 0 the state is kept; with u = 1 and r = 0 it is tanh(x @ Wxn + bn)

    The gates are forced by biases of ±50, the update gate's in b[:H] and the reset gate's in
    b[H:2H]. A state that is kept in the wrong case means that u stands on the wrong side.
    """
    x, prev_h, Wx, Wh, b = gru_arrays(1, 2, 3, 4).values()
    b[:4] = -50.0
    next_h, _ = output_of(student.gru_step_forward, (x, prev_h, Wx, Wh, b), (2, 4))
    assert_close(next_h, prev_h, what="next state with u = 0")
    b[:4], b[4:8] = 50.0, -50.0
    next_h, _ = output_of(student.gru_step_forward, (x, prev_h, Wx, Wh, b), (2, 4))
    assert_close(next_h, np.tanh(x @ Wx[:, 8:] + b[8:]), what="next state with u = 1 and r = 0")
    assert_pure(student.gru_step_forward, x, prev_h, Wx, Wh, b)


@exercise("gru_step_forward")
def test_gru_step_far_out(student):
    """With u = 1/2 and a candidate of tanh(±1000), next_h is half of prev_h and half of ±1

    NaN? exp(1000) is too large for a float64: `np.tanh` knows better than a formula with exp.
    """
    b = np.array([0.0, 0.0, 0.0, 0.0, 1000.0, -1000.0])
    args = np.zeros((1, 1)), np.array([[0.5, 0.5]]), np.zeros((1, 6)), np.zeros((2, 6)), b
    next_h, _ = output_of(student.gru_step_forward, args, (1, 2))
    assert_close(next_h, np.array([[0.75, -0.25]]), what="next state")


@exercise("gru_step_forward")
def test_gru_step_resets_before_the_product(student):
    """r multiplies prev_h before the product with Whn

    Two units, and Whn lets each hear the other one only. r is almost 0 for the first and almost 1
    for the second. So the candidate of the second, which hears the first, must be 0. If it is the
    other way round, you multiply by r after the product.
    """
    Wh = np.zeros((2, 6))
    Wh[0, 5] = Wh[1, 4] = 1.0
    b = np.array([50.0, 50.0, -50.0, 50.0, 0.0, 0.0])
    args = np.zeros((1, 1)), np.ones((1, 2)), np.zeros((1, 6)), Wh, b
    next_h, _ = output_of(student.gru_step_forward, args, (1, 2))
    assert_close(next_h, np.array([[np.tanh(1.0), 0.0]]), what="next state")


@exercise("gru_step_backward", after="gru_step_forward")
def test_gru_step_backward_of_known_numbers(student):
    """One unit with Wh = 0 in the gates: dprev_h is 3/4 from what is kept plus what n lets through

    u = 1/4, r = 3/4, prev_h = 2 and Whn = 0.5, as for the forward step. Kept is 1 − u = 3/4. The
    candidate gives u · (1 − n²) · 0.5 · r. Which of the two is missing in yours?
    """
    Wh, b = np.array([[0.0, 0.0, 0.5]]), np.array([-LOG3, LOG3, 0.0])
    args = np.zeros((1, 1)), np.full((1, 1), 2.0), np.ones((1, 3)), Wh, b
    _, cache = output_of(student.gru_step_forward, args, (1, 1))
    form = "(dx, dprev_h, dWx, dWh, db)"
    dprev_h = parts_of(student.gru_step_backward(np.ones((1, 1)), cache), 5, form)[1]
    through = 0.25 * (1.0 - np.tanh(0.75) ** 2) * 0.5 * 0.75
    assert_close(dprev_h, np.array([[0.75 + through]]), what="gradient of prev_h")


@exercise("gru_step_backward", after="gru_step_forward")
def test_gru_step_backward_fits_your_forward(student):
    """The gradients are the slopes of your own gru_step_forward

    If only `prev_h` is named: it is used four times. If only `Wh` is: what was multiplied by its
    third part? If all but `prev_h` are: look at the gradients of the three pre-activations, first
    that of the candidate.
    """
    for N, D, H in ((2, 3, 4), (1, 2, 3), (3, 2, 1)):
        inputs = gru_arrays(2, N, D, H)
        assert_slopes(student.gru_step_forward, student.gru_step_backward, inputs, (N, H))


@exercise("gru_forward", after="gru_step_forward")
def test_gru_is_the_repeated_step(student):
    """h[:, t] is your own gru_step_forward from h[:, t − 1], and h[:, 0] one from h0

    If only the first step is right, the state is not handed on. If all are right but shifted, you
    store the state before the step.
    """
    inputs = gru_arrays(3, 2, 5, 4, 3)
    h, _ = output_of(student.gru_forward, inputs.values(), (2, 3, 4))
    x_seq, state, *weights = inputs.values()
    for t in range(3):
        state = student.gru_step_forward(x_seq[:, t], state, *weights)[0]
        assert_close(h[:, t], state, what=f"state after step {t}")
    assert_pure(student.gru_forward, *inputs.values())


@exercise("gru_forward", after="gru_step_forward")
def test_gru_keeps_axes_of_one(student):
    """h is (N, T, H), also for one sequence, one step, one input or one unit

    Time is the second axis. `squeeze` removes axes that are meant.
    """
    for N, T, D, H in ((1, 2, 3, 4), (2, 1, 3, 4), (2, 3, 1, 4), (2, 3, 4, 1)):
        output_of(student.gru_forward, gru_arrays(4, N, D, H, T).values(), (N, T, H))


GRU_BACK = ("gru_step_forward", "gru_step_backward", "gru_forward")


@exercise("gru_backward", after=GRU_BACK)
def test_gru_backward_fits_your_forward(student):
    """The gradients are the slopes of your own gru_forward

    If only `h0` is named: it is what is carried out of the first step. If the weights are: are they
    summed over the steps? If all are: what does dh[:, t] have to be added to, and when?
    """
    inputs = gru_arrays(5, 2, 5, 4, 3)
    assert_slopes(student.gru_forward, student.gru_backward, inputs, (2, 3, 4))


@exercise("gru_backward", after=GRU_BACK)
def test_gru_backward_reaches_all_steps_before_a_loss(student):
    """A loss at step 1 of three reaches the inputs of the steps 0 and 1, and h0, but not step 2

    If dx[:, 0] is 0, nothing is carried from a step to the one before it. If dx is 0 everywhere,
    only the loss of the last step is used.
    """
    _, cache = output_of(student.gru_forward, gru_arrays(6, 2, 5, 4, 3).values(), (2, 3, 4))
    dh = np.zeros((2, 3, 4))
    dh[:, 1] = 1.0
    form = "(dx, dh0, dWx, dWh, db)"
    dx, dh0, *_ = parts_of(student.gru_backward(dh, cache), 5, form)
    assert_structure(dx, np.zeros((2, 3, 5)), what="gradient of x_seq")
    assert_structure(dh0, np.zeros((2, 4)), what="gradient of h0")
    for t in (0, 1):
        assert np.any(dx[:, t]), f"dx[:, {t}] is 0"
    assert not np.any(dx[:, 2]), "dx[:, 2] is not 0, although step 2 comes after the loss"
    assert np.any(dh0), "dh0 is 0"


@exercise("count_parameters")
def test_parameters_of_small_layers(student):
    """With D = 2 and H = 3, a plain layer has 6 + 9 + 3 parameters, a GRU 54 and an LSTM 72

    A D × H matrix, an H × H matrix and one bias of H. A GRU has two gates *and* a candidate, an
    LSTM three gates *and* a candidate.
    """
    for kind, number in (("rnn", 18), ("gru", 54), ("lstm", 72)):
        assert_close(student.count_parameters(kind, 2, 3), number, what=f"number for {kind!r}")


@exercise("count_parameters")
def test_parameters_of_the_lecture_notes(student):
    """With D = 10 and H = 20 the numbers are 620, 1860 and 2480"""
    for kind, number in (("rnn", 620), ("gru", 1860), ("lstm", 2480)):
        assert_close(student.count_parameters(kind, 10, 20), number, what=f"number for {kind!r}")


@exercise("count_parameters")
def test_unknown_kinds_raise(student):
    """An unknown kind raises ValueError

    A dictionary raises KeyError by itself, and an `else` gives an answer to everything.
    """
    assert_raises(student.count_parameters, ValueError, "gru2", 2, 3)


@exercise("residual_forward")
def test_residual_of_known_numbers(student):
    """out = x + tanh(x @ W + b): for x = (1, 2) and W that exchanges them, (1 + tanh 2, 2 + tanh 1)

    With W = 0 and b = 0 the layer hands its input on.
    """
    x, W = np.array([[1.0, 2.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    out, _ = output_of(student.residual_forward, (x, W, np.zeros(2)), (1, 2))
    assert_close(out, x + np.tanh(x[:, ::-1]), what="output")
    out, _ = output_of(student.residual_forward, (x, 0.0 * W, np.zeros(2)), (1, 2))
    assert_close(out, x, what="output for W = 0 and b = 0")


@exercise("residual_forward")
def test_residual_forward_leaves_its_arguments_unchanged(student):
    """The layer changes none of its arguments, and W is used the right way round

    `x += …` changes the caller's array. And (x @ W)[j] is the sum over i of x[i] · W[i, j].
    """
    x, W, b = normal(7, (2, 3), (3, 3), 3)
    out, _ = output_of(student.residual_forward, (x, W, b), (2, 3))
    assert_close(out, x + np.tanh(np.einsum("ni,ij->nj", x, W) + b), what="output")
    assert_pure(student.residual_forward, x, W, b)


@exercise("residual_backward", after="residual_forward")
def test_residual_backward_fits_your_forward(student):
    """The gradients are the slopes of your own residual_forward

    If only `x` is named: the gradient takes two ways, around the layer and through it, and on the
    second W is transposed. If all are: the slope is that of tanh, 1 − f², and f is not the output.
    """
    inputs = dict(zip(("x", "W", "b"), normal(8, (2, 3), (3, 3), 3), strict=True))
    assert_slopes(student.residual_forward, student.residual_backward, inputs, (2, 3))


@exercise("residual_backward", after="residual_forward")
def test_residual_backward_without_weights(student):
    """With W = 0, dx is dout itself

    The way through the layer is closed, the one around it is always open.
    """
    x, dout, b = normal(9, (2, 3), (2, 3), 3)
    _, cache = output_of(student.residual_forward, (x, np.zeros((3, 3)), b), (2, 3))
    dx = parts_of(student.residual_backward(dout, cache), 3, "(dx, dW, db)")[0]
    assert_close(dx, dout, what="gradient of x")


@exercise("highway_forward")
def test_highway_of_known_numbers(student):
    """With a gate of 1/4, out is 1/4 of tanh(x @ W + b) and 3/4 of x

    If it is the other way round, t stands on the wrong side. If x is there as a whole, its share
    1 − t is missing.
    """
    x, W, b = normal(10, (2, 3), (3, 3), 3)
    args = x, W, b, np.zeros((3, 3)), np.full(3, -LOG3)
    out, _ = output_of(student.highway_forward, args, (2, 3))
    assert_close(out, 0.25 * np.tanh(x @ W + b) + 0.75 * x, what="output")
    assert_pure(student.highway_forward, *args)


@exercise("highway_forward")
def test_highway_with_a_gate_open_and_closed(student):
    """With t = 0 the layer is the identity, with t = 1 it is tanh(x @ W + b)

    The gate is forced by a bias bt of −50 and 50. It depends on Wt and bt, and not on W and b.
    """
    x, W, b, Wt = normal(11, (2, 3), (3, 3), 3, (3, 3))
    for bias, expected in ((-50.0, x), (50.0, np.tanh(x @ W + b))):
        out, _ = output_of(student.highway_forward, (x, W, b, Wt, np.full(3, bias)), (2, 3))
        assert_close(out, expected, what="output")


@exercise("highway_backward", after="highway_forward")
def test_highway_backward_fits_your_forward(student):
    """The gradients are the slopes of your own highway_forward

    If only `x` is named: it has three terms. If `Wt` and `bt` are: the derivative of the output by
    t is f − x, and that of t by its pre-activation is t (1 − t).
    """
    shapes = (2, 3), (3, 3), 3, (3, 3), 3
    inputs = dict(zip(("x", "W", "b", "Wt", "bt"), normal(12, *shapes), strict=True))
    assert_slopes(student.highway_forward, student.highway_backward, inputs, (2, 3))


@exercise("highway_backward", after="highway_forward")
def test_highway_backward_with_a_closed_gate(student):
    """With t = 0, dx is dout, and with t = 1/2 and W = 0 half of it, if the gate does not hear x"""
    x, W, b, dout = normal(13, (2, 3), (3, 3), 3, (2, 3))
    zeros = np.zeros((3, 3))
    for weights, share in (((W, b, W, np.full(3, -50.0)), 1.0), ((zeros, b, zeros, 0.0 * b), 0.5)):
        _, cache = output_of(student.highway_forward, (x, *weights), (2, 3))
        dx = parts_of(student.highway_backward(dout, cache), 5, "(dx, dW, db, dWt, dbt)")[0]
        assert_close(dx, share * dout, what="gradient of x")


@exercise("bidirectional_forward")
def test_each_half_knows_one_side(student):
    """One word in three: the forward half knows it from there on, the backward half up to there

    One unit per reader and h = tanh(x + h before). Only the last word is not 0. If the backward
    half knows it at its first place and nowhere else, its states were not turned round again.
    """
    x_seq, lengths = np.array([[[0.0], [0.0], [1.0]]]), np.array([3])
    out, _ = output_of(student.bidirectional_forward, (x_seq, lengths, ADDS, ADDS), (1, 3, 2))
    once = np.tanh(1.0)
    twice = np.tanh(once)
    assert_close(out[0, :, 0], np.array([0.0, 0.0, once]), what="forward half")
    assert_close(out[0, :, 1], np.array([np.tanh(twice), twice, once]), what="backward half")


@exercise("bidirectional_forward")
def test_readers_start_at_the_last_real_step_and_ignore_padding(student):
    """A padded sequence gives what it gives alone, and 0 at its padding, whatever stands there

    The padding holds a 5 first, then NaN. If the backward half is wrong with 5, your reader starts
    in the padding. If NaN appears: a product with 0 does not remove it.
    """
    (x_seq,) = normal(14, (1, 4, 2))
    fwd, bwd = normal(15, (2, 3), (3, 3), 3), normal(16, (2, 3), (3, 3), 3)
    readers = tuple(fwd), tuple(bwd)
    args = x_seq[:, :2], np.array([2]), *readers
    alone, _ = output_of(student.bidirectional_forward, args, (1, 2, 6))
    for padding in (5.0, np.nan):
        x_seq[:, 2:] = padding
        args = x_seq, np.array([2]), *readers
        out, _ = output_of(student.bidirectional_forward, args, (1, 4, 6))
        assert_close(out[:, :2], alone, what=f"output at real steps, with a padding of {padding},")
        assert_close(out[:, 2:], np.zeros((1, 2, 6)), what="output at padding")
    assert_pure(student.bidirectional_forward, *args)


@exercise("bidirectional_forward")
def test_each_reader_has_its_own_weights(student):
    """fwd belongs to the first half and bwd to the second

    The backward reader's weights are zeros and its bias makes every state tanh(1).
    """
    still = NONE, NONE, np.ones(1)
    args = np.zeros((1, 2, 1)), np.array([2]), ADDS, still
    out, _ = output_of(student.bidirectional_forward, args, (1, 2, 2))
    expected = np.array([[[0.0, np.tanh(1.0)]] * 2])
    assert_close(out, expected, what="output")


READERS = [f"{name} of {reader}" for reader in ("fwd", "bwd") for name in ("Wx", "Wh", "b")]


@exercise("bidirectional_backward", after="bidirectional_forward")
def test_bidirectional_backward_fits_your_forward(student):
    """The gradients are the slopes of your own bidirectional_forward

    If only `x_seq` is named: each word was read twice, and what comes from the backward reader has
    to be turned round again. If the weights of bwd are: was its part of dout turned round first?
    """
    lengths = np.array([2, 4])
    weights = normal(17, *[(3, 2), (2, 2), 2] * 2)
    inputs = dict(zip(["x_seq", *READERS], normal(18, (2, 4, 3)) + weights, strict=True))

    def forward(x_seq, *weights):
        readers = tuple(weights[:3]), tuple(weights[3:])
        return student.bidirectional_forward(x_seq, lengths, *readers)

    def unpack(gradients):
        form = "(dx, (dWx, dWh, db), (dWx, dWh, db))"
        dx, dfwd, dbwd = parts_of(gradients, 3, form)
        return [dx, *parts_of(dfwd, 3, form), *parts_of(dbwd, 3, form)]

    assert_slopes(forward, student.bidirectional_backward, inputs, (2, 4, 4), unpack)


@exercise("bidirectional_backward", after="bidirectional_forward")
def test_bidirectional_backward_ignores_padding(student):
    """dout at padding changes nothing, and dx is 0 there

    The output at padding is the constant 0, whatever the weights are.
    """
    x_seq, dout = normal(19, (1, 4, 1), (1, 4, 2))
    args = x_seq, np.array([2]), ADDS, ADDS
    _, cache = output_of(student.bidirectional_forward, args, (1, 4, 2))
    other = np.array(dout)
    other[:, 2:] += 3.0
    results = [student.bidirectional_backward(each, cache) for each in (dout, other)]
    first, second = (parts_of(each, 3, "(dx, dfwd, dbwd)") for each in results)
    assert_structure(first[0], x_seq, what="gradient of x_seq")
    assert_close(second, first, what="result for another dout at padding")
    assert_close(first[0][:, 2:], np.zeros((1, 2, 1)), what="gradient of x_seq at padding")


def by_hand(x_seq, h0, layers, adds):
    """The output of a stack; ``adds[l]`` tells whether layer l adds its input."""
    out = x_seq
    for state, (Wx, Wh, b), add in zip(h0, layers, adds, strict=True):
        states = []
        for t in range(out.shape[1]):
            state = np.tanh(out[:, t] @ Wx + state @ Wh + b)
            states.append(state + out[:, t] if add else state)
        out = np.stack(states, axis=1)
    return out


@exercise("stacked_forward")
def test_stack_without_skip(student):
    """Without skip, each layer reads the states of the one below at the same step

    One layer is a plain network. If one layer is right and three are not: has each layer its own
    weights and its own h0[l]?
    """
    for L in (1, 3):
        x_seq, h0, *weights = stack(20, 2, 3, 5, 4, L).values()
        layers = in_layers(weights)
        out, _ = output_of(student.stacked_forward, (x_seq, h0, layers, False), (2, 3, 4))
        expected = by_hand(x_seq, h0, layers, [False] * L)
        assert_close(out, expected, what=f"output of {L} layers")


@exercise("stacked_forward")
def test_stack_with_skip(student):
    """With skip, a layer adds its input where the shapes agree

    With D ≠ H these are all but the lowest, with D = H all of them. What is added is the layer's
    own input; the state that goes on to the next step is without it.
    """
    for D, lowest in ((5, False), (4, True)):
        x_seq, h0, *weights = stack(21, 2, 3, D, 4, 3).values()
        args = x_seq, h0, in_layers(weights), True
        out, _ = output_of(student.stacked_forward, args, (2, 3, 4))
        expected = by_hand(*args[:3], [lowest, True, True])
        assert_close(out, expected, what=f"output with D = {D} and H = 4")
        assert_pure(student.stacked_forward, *args)


def assert_stack_slopes(student, inputs, shape, skip):
    """Assert that stacked_backward gives the slopes of stacked_forward."""

    def forward(x_seq, h0, *weights):
        return student.stacked_forward(x_seq, h0, in_layers(weights), skip)

    def unpack(gradients):
        form = "(dx, dh0, [(dWx, dWh, db), …]), with one tuple per layer"
        dx, dh0, dlayers = parts_of(gradients, 3, form)
        layers = parts_of(dlayers, len(inputs) // 3, form)
        return [dx, dh0, *(each for layer in layers for each in parts_of(layer, 3, form))]

    assert_slopes(forward, student.stacked_backward, inputs, shape, unpack)


@exercise("stacked_backward", after="stacked_forward")
def test_stacked_backward_fits_your_forward_without_skip(student):
    """Without skip, the gradients are the slopes of your own stacked_forward

    What a layer returns for its input is what the layer below gets for its output. dh0 and dlayers
    have the order of the layers, the lowest first.
    """
    assert_stack_slopes(student, stack(22, 2, 3, 5, 4, 3), (2, 3, 4), False)


@exercise("stacked_backward", after="stacked_forward")
def test_stacked_backward_fits_your_forward_with_skip(student):
    """With skip, they are, too

    If this fails and the one without skip does not: what was added on the way up is missing on the
    way down.
    """
    for D in (5, 4):
        assert_stack_slopes(student, stack(23, 2, 3, D, 4, 2), (2, 3, 4), True)
