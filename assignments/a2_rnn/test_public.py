"""The tests that come with a2_rnn: the notebook's cells `check("…")` run them.

You may read them. The grader asks the same questions, on more and other inputs.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_backward_fits_forward,
    assert_backward_is_linear,
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_structure,
    exercise,
    outputs_and_cache,
    seeds,
    tensors,
)

L = np.log(2.0)  # tanh(L) = 3/5 and tanh(2L) = 15/17


def arrays_of(*shapes):
    """Arrays of these shapes, with numbers between −1 and 1 that are not all alike."""
    rng = np.random.default_rng(7)
    return [np.round(rng.uniform(-1.0, 1.0, shape), 2) for shape in shapes]


def out_of(function, *args):
    """What a student's forward ``function`` returns beside its cache."""
    (out, *_), _ = outputs_and_cache(function, dict(enumerate(args)))
    return out


H_KNOWN = np.array([[[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]])  # N = 2, T = 3, H = 1
WO, BO = np.array([[1.0, 10.0]]), np.array([0.5, -1.0])  # V = 2
WORDS = np.array([[2, 0, 1], [2, 2, 1]])  # word 2 three times, word 1 twice, word 3 never
TABLE = np.array([[0.0, 0.5], [1.0, -1.0], [20.0, -20.0], [300.0, 3.0]])


@exercise("rnn_step_forward")
def test_step_of_known_numbers(student):
    """Three sequences, two units: each number of the next state is 0, ±3/5 or 15/17

    Unit 1 hears unit 0 through Wh[0, 1]; unit 0 hears no unit. The three sequences have
    pre-activations of (L, 2L), (0, 2L) and (−L, 0), with tanh(L) = 3/5. Is only the second sequence
    wrong? Then the trouble is with prev_h and Wh: who hears whom? Is the first one wrong, where
    prev_h is 0? Then it is with Wx, the bias, or the activation.
    """
    x, prev_h = np.array([[1.0], [0.0], [-1.0]]), np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    Wx, Wh, b = np.array([[L, L]]), np.array([[0.0, L], [0.0, 0.0]]), np.array([0.0, L])
    next_h = out_of(student.rnn_step_forward, x, prev_h, Wx, Wh, b)
    expected = np.array([[0.6, 15.0 / 17.0], [0.0, 15.0 / 17.0], [-0.6, 0.0]])
    assert_close(next_h, expected, what="next state")


@exercise("rnn_step_forward")
def test_step_adds_the_bias_after_the_products(student):
    """With an input and a state of zeros, each row of the next state is tanh(b)

    Is the bias used, and is it outside the products with Wx and Wh, and inside tanh?
    """
    _, _, Wx, Wh, _ = arrays_of((4, 2), (4, 3), (2, 3), (3, 3), (3,))
    b = np.array([0.0, L, -2.0 * L])
    next_h = out_of(student.rnn_step_forward, np.zeros((4, 2)), np.zeros((4, 3)), Wx, Wh, b)
    row = [0.0, 0.6, -15.0 / 17.0]
    assert_close(next_h, np.array([row] * 4), what="next state")


@exercise("rnn_step_forward")
def test_step_saturates_far_out(student):
    """At pre-activations of −1000 and 1000 the state is −1 and 1

    NaN? exp(1000) is too large for a float64: `np.tanh` knows better than a formula with exp.
    """
    x, Wx, b = np.array([[1000.0], [-1000.0]]), np.ones((1, 2)), np.zeros(2)
    next_h = out_of(student.rnn_step_forward, x, np.zeros((2, 2)), Wx, np.eye(2), b)
    assert_close(next_h, np.array([[1.0, 1.0], [-1.0, -1.0]]), what="next state")


@exercise("rnn_step_forward")
def test_step_keeps_its_axes_and_its_arguments(student):
    """next_h is (N, H), also for one sequence or one unit, and the arguments stay unchanged

    Does something remove axes of length 1? If an argument has changed: `prev_h += …`, `out=prev_h`
    and `prev_h[...] = …` write into the array that you were given.
    """
    for N, D, H in ((3, 4, 2), (1, 4, 2), (3, 1, 2), (3, 4, 1), (1, 1, 1)):
        args = arrays_of((N, D), (N, H), (D, H), (H, H), (H,))
        assert_structure(out_of(student.rnn_step_forward, *args), np.zeros((N, H)), what="state")
        assert_pure(student.rnn_step_forward, *args)


SEQUENCE = {"x_seq": "NTD", "h0": "NH", "Wx": "DH", "Wh": "HH", "b": "H"}


@exercise("rnn_forward", after="rnn_step_forward")
def test_sequence_of_known_numbers(student):
    """A network whose unit 0 says what comes in, and unit 1 what unit 0 said one step ago

    In h[n, :, 0] you should see the inputs 1, 0, −1 as 0.6, 0, −0.6, and in h[n, :, 1] the same
    numbers one step later, where the first one comes from h0. All steps alike: they share one
    array. A first step without h0: what is `h[:, t - 1]` at t = 0? Inputs too late: which input
    goes with which step? Zeros at the end: over which axis does the loop run?
    """
    x_seq = np.array([[1.0, 0.0, -1.0, 1.0], [0.0, 1.0, 1.0, -1.0]])[:, :, None]
    h0 = np.array([[-0.6, 0.0], [0.6, 0.3]])
    Wx, Wh = np.array([[L, 0.0]]), np.array([[0.0, L / 0.6], [0.0, 0.0]])
    h = out_of(student.rnn_forward, x_seq, h0, Wx, Wh, np.zeros(2))
    expected = np.array(
        [
            [[0.6, -0.6], [0.0, 0.6], [-0.6, 0.0], [0.6, -0.6]],
            [[0.0, 0.6], [0.6, 0.0], [0.6, 0.6], [-0.6, 0.6]],
        ]
    )
    assert_close(h, expected, what="array of states")


@exercise("rnn_forward", after="rnn_step_forward")
@settings(max_examples=4)
@given(inputs=tensors(**SEQUENCE, scale=0.4), seed=seeds)
def test_no_state_knows_the_future(student, inputs, seed):
    """Causality: when only the last input changes, no state but the last one does

    Not by a single bit. A state that does change was computed from something at the end of an
    array (an index of −1 is the end), or was overwritten by a later step.
    """
    x_seq, *rest = inputs.values()
    h = out_of(student.rnn_forward, x_seq, *rest)
    assert_structure(h, np.zeros((*x_seq.shape[:2], inputs["b"].size)), what="array of states")
    changed = np.array(x_seq)
    changed[:, -1] += 1.0
    moved = out_of(student.rnn_forward, changed, *rest)
    if x_seq.shape[1] > 1:
        assert_bitwise_equal(moved[:, :-1], h[:, :-1], what="states before the last step")
    assert not np.array_equal(moved, h), "the last state does not change with the last input"


@exercise("rnn_forward", after="rnn_step_forward")
def test_sequence_in_two_parts(student):
    """Reading two steps and then, from where they ended, three more is reading five

    The second part is told of the first by its h0 alone. Does your first step start from h0, and
    each later one from the state before it?
    """
    x_seq, h0, Wx, Wh, b = arrays_of((3, 5, 2), (3, 4), (2, 4), (4, 4), (4,))
    h = out_of(student.rnn_forward, x_seq, h0, Wx, Wh, b)
    assert_structure(h, np.zeros((3, 5, 4)), what="array of states")
    first = out_of(student.rnn_forward, x_seq[:, :2], h0, Wx, Wh, b)
    second = out_of(student.rnn_forward, x_seq[:, 2:], first[:, -1], Wx, Wh, b)
    assert_close(np.concatenate([first, second], axis=1), h, what="states of the two parts")


@exercise("rnn_forward", after="rnn_step_forward")
def test_sequence_keeps_its_axes_and_its_arguments(student):
    """h is (N, T, H), also where an axis is 1, and the arguments stay unchanged

    Does something remove axes of length 1? If h0 has changed: `h = h0` is a second name for the
    same array, and what is stored in it is stored in h0.
    """
    for N, T, D, H in ((2, 3, 4, 5), (1, 3, 4, 5), (2, 1, 4, 5), (2, 3, 1, 5), (2, 3, 4, 1)):
        args = arrays_of((N, T, D), (N, H), (D, H), (H, H), (H,))
        h = out_of(student.rnn_forward, *args)
        assert_structure(h, np.zeros((N, T, H)), what="array of states")
        assert_pure(student.rnn_forward, *args)


@exercise("rnn_relu_forward")
def test_relu_sequence_sums_up(student):
    """With Wh = I, b = 0 and h0 = 0, inputs of 1, 2, 0, 4 give states of 1, 3, 3, 7

    Nothing limits a state from above. If yours stay below 1, or stop there, look at the activation.
    """
    x_seq, one = np.array([1.0, 2.0, 0.0, 4.0]).reshape(1, 4, 1), np.ones((1, 1))
    h = out_of(student.rnn_relu_forward, x_seq, np.zeros((1, 1)), one, one, np.zeros(1))
    assert_close(h, np.array([1.0, 3.0, 3.0, 7.0]).reshape(1, 4, 1), what="array of states")


@exercise("rnn_relu_forward")
def test_relu_sequence_of_known_numbers(student):
    """Inputs of 1, −3, 1 give 3, 0, 1 from h0 = 2, and 0, 0, 1 from h0 = −2

    The pre-activations are 3, 0, 1 and −1, −3, 1. If yours are others: is it the state after the
    ReLU that goes into the next step, and is h0 taken as it is?
    """
    x_seq, h0 = np.array([[1.0, -3.0, 1.0]] * 2)[:, :, None], np.array([[2.0], [-2.0]])
    h = out_of(student.rnn_relu_forward, x_seq, h0, np.ones((1, 1)), np.ones((1, 1)), np.zeros(1))
    assert_close(h[:, :, 0], np.array([[3.0, 0.0, 1.0], [0.0, 0.0, 1.0]]), what="array of states")
    negative = -np.ones((1, 1))
    h = out_of(student.rnn_relu_forward, x_seq, h0, np.ones((1, 1)), negative, np.zeros(1))
    expected = np.array([[0.0, 0.0, 1.0], [3.0, 0.0, 1.0]])
    assert_close(h[:, :, 0], expected, what="array of states for Wh = −1")


@exercise("rnn_relu_forward")
def test_relu_sequence_keeps_its_axes_and_its_arguments(student):
    """h is (N, T, H), also where an axis is 1, and the arguments stay unchanged"""
    for N, T, D, H in ((2, 3, 4, 5), (1, 3, 4, 5), (2, 1, 4, 5), (2, 3, 1, 5), (2, 3, 4, 1)):
        args = arrays_of((N, T, D), (N, H), (D, H), (H, H), (H,))
        h = out_of(student.rnn_relu_forward, *args)
        assert_structure(h, np.zeros((N, T, H)), what="array of states")
        assert_pure(student.rnn_relu_forward, *args)


@exercise("output_forward")
def test_scores_of_known_numbers(student):
    """States 1, 2, 3 and 4, 5, 6, with Wo = (1, 10) and bo = (0.5, −1), have these scores

    The first score of each step is its state plus 0.5, the second ten times its state minus 1. If
    the right numbers stand in wrong places, look at your reshapes.
    """
    scores = out_of(student.output_forward, H_KNOWN, WO, BO)
    expected = np.concatenate([H_KNOWN + 0.5, 10.0 * H_KNOWN - 1.0], axis=2)
    assert_close(scores, expected, what="array of scores")


@exercise("output_forward")
def test_output_keeps_its_axes_and_its_arguments(student):
    """scores is (N, T, V), also where an axis is 1, and the arguments stay unchanged"""
    for N, T, H, V in ((2, 3, 4, 5), (1, 3, 4, 5), (2, 1, 4, 5), (2, 3, 1, 5), (2, 3, 4, 1)):
        args = arrays_of((N, T, H), (H, V), (V,))
        scores = out_of(student.output_forward, *args)
        assert_structure(scores, np.zeros((N, T, V)), what="array of scores")
        assert_pure(student.output_forward, *args)


@exercise("output_backward", after="output_forward")
def test_output_gradients_of_known_numbers(student):
    """With dscores of ones, dbo is 6 twice and dWo is 21 twice: sums over 2 × 3 places

    1 + 2 + 3 + 4 + 5 + 6 = 21. Less than that: a mean, or not all places. Each dh is 1 + 10. Right
    here, and wrong where only sequence 1 at step 0 has a dscores, of 20 and −30? Then see how
    dscores gets in, and whether something cuts it off.
    """
    _, cache = outputs_and_cache(student.output_forward, {"h": H_KNOWN, "Wo": WO, "bo": BO})
    expected = (np.full((2, 3, 1), 11.0), np.array([[21.0, 21.0]]), np.array([6.0, 6.0]))
    got = student.output_backward(np.ones((2, 3, 2)), cache)
    assert_close(got, expected, what="(dh, dWo, dbo)")
    dscores, dh = np.zeros((2, 3, 2)), np.zeros((2, 3, 1))
    dscores[1, 0] = 20.0, -30.0
    dh[1, 0] = 20.0 - 300.0
    expected = (dh, np.array([[80.0, -120.0]]), np.array([20.0, -30.0]))
    what = "(dh, dWo, dbo) for dscores at one place"
    assert_close(student.output_backward(dscores, cache), expected, what=what)


@exercise("output_backward", after="output_forward")
@settings(max_examples=4)
@given(inputs=tensors(h="NTH", Wo="HV", bo="V"), seed=seeds)
def test_output_gradients_are_slopes(student, inputs, seed):
    """The gradients are the slopes of your output_forward, and linear in dscores

    If only `Wo` is named: are states and dscores of the *same* sequence and step multiplied? If the
    message is about 2a − 3b: is something clipped, or is the cache changed by its first use?
    """
    functions, rng = (student.output_forward, student.output_backward), np.random.default_rng(seed)
    assert_backward_fits_forward(functions, inputs, rng, scale=20.0)
    assert_backward_is_linear(functions, inputs, rng)


@exercise("output_backward", after="output_forward")
def test_output_backward_leaves_its_arguments_unchanged(student):
    """output_backward leaves dscores, and the arrays in the cache, unchanged"""
    h, Wo, bo, dscores = arrays_of((2, 3, 4), (4, 5), (5,), (2, 3, 5))
    _, cache = outputs_and_cache(student.output_forward, {"h": h, "Wo": Wo, "bo": bo})
    assert_pure(student.output_backward, dscores, cache)


@exercise("embedding_forward")
def test_embedding_of_known_words(student):
    """The words (2, 0, 1) and (2, 2, 1) become rows 2, 0, 1 and 2, 2, 1 of the table

    Words are counted from 0. If a row is the one before the right one, you have subtracted 1.
    """
    out = out_of(student.embedding_forward, WORDS, TABLE)
    row0, row1, row2, _ = TABLE
    assert_close(out, np.array([[row2, row0, row1], [row2, row2, row1]]))


@exercise("embedding_forward")
def test_embedding_keeps_its_axes_and_its_arguments(student):
    """out is (N, T, D), also where an axis is 1, and the arguments stay unchanged"""
    for words, D in ((WORDS, 2), (WORDS[:1], 2), (WORDS[:, :1], 2), (WORDS, 1)):
        out = out_of(student.embedding_forward, words, TABLE[:, :D])
        assert_structure(out, np.zeros((*words.shape, D)))
        assert_pure(student.embedding_forward, words, TABLE[:, :D])


@exercise("embedding_backward", after="embedding_forward")
def test_table_gradient_counts_words(student):
    """With a dout of ones, each row of dW says how often its word occurs: 1, 2, 3 and 0 times

    Ones where there should be 2 and 3: repeats are lost. With `dW[words] += dout`, NumPy computes
    all the sums first and stores them then, each over the one before. Three rows where there should
    be four: dW has the shape of W, also when the last word does not occur.
    """
    _, cache = outputs_and_cache(student.embedding_forward, {"words": WORDS, "W": TABLE})
    expected = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [0.0, 0.0]])
    assert_close(student.embedding_backward(np.ones((2, 3, 2)), cache), expected, what="dW")


@exercise("embedding_backward", after="embedding_forward")
def test_table_gradient_adds_up_dout(student):
    """Row v of dW is the sum of dout over the places of word v

    dout is 1, 2, 4 and 8, 16, 32 at the six places, so 1 + 8 + 16 = 25 for word 2. Which of the
    terms can you see in your number?
    """
    _, cache = outputs_and_cache(student.embedding_forward, {"words": WORDS, "W": TABLE})
    dout = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])[:, :, None] * np.array([1.0, -1.0])
    expected = np.array([[2.0, -2.0], [36.0, -36.0], [25.0, -25.0], [0.0, 0.0]])
    assert_close(student.embedding_backward(dout, cache), expected, what="dW")


@exercise("embedding_backward", after="embedding_forward")
def test_embedding_backward_leaves_its_arguments_unchanged(student):
    """embedding_backward leaves dout, and the arrays in the cache, unchanged, and can be repeated

    Its second call with the same cache gives what the first one gave.
    """
    _, cache = outputs_and_cache(student.embedding_forward, {"words": WORDS, "W": TABLE})
    (dout,) = arrays_of((2, 3, 2))
    first = student.embedding_backward(dout, cache)
    assert_close(student.embedding_backward(dout, cache), first, what="dW of the second call")
    assert_pure(student.embedding_backward, dout, cache)


STATES = np.arange(24.0).reshape(3, 4, 2)  # N = 3, T = 4, H = 2
LENGTHS = np.array([2, 4, 1])


@exercise("last_valid_state")
def test_last_valid_state_of_known_numbers(student):
    """For lengths of 2, 4 and 1 it is h[0, 1], h[1, 3] and h[2, 0]

    The steps of a sequence of length 2 are 0 and 1. If your shape has an axis too many, each
    sequence was given all three lengths.
    """
    expected = np.array([[2.0, 3.0], [14.0, 15.0], [16.0, 17.0]])
    assert_close(student.last_valid_state(STATES, LENGTHS), expected)


@exercise("last_valid_state")
def test_last_valid_state_does_not_read_padding(student):
    """NaN in the padding changes nothing

    To multiply by a mask is to read: 0 times NaN is NaN.
    """
    h = np.array(STATES)
    h[0, 2:] = h[2, 1:] = np.nan
    expected = np.array([[2.0, 3.0], [14.0, 15.0], [16.0, 17.0]])
    assert_close(student.last_valid_state(h, LENGTHS), expected)


@exercise("last_valid_state")
def test_last_valid_state_keeps_its_axes_and_its_arguments(student):
    """It is (N, H), also where an axis is 1, and h and lengths stay unchanged

    If lengths has changed: `lengths -= 1` works in the array that you were given.
    """
    for h, lengths in (
        (STATES, LENGTHS),
        (STATES[:1], LENGTHS[:1]),
        (STATES[:, :1], np.array([1, 1, 1])),
        (STATES[:, :, :1], LENGTHS),
    ):
        out = student.last_valid_state(h, lengths)
        assert_structure(out, np.zeros((len(h), h.shape[2])))
        assert_pure(student.last_valid_state, h, lengths)
