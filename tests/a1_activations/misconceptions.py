"""Typical wrong answers to assignment 1, each with the hint that its author needs."""

from __future__ import annotations

import functools

import numpy as np

from autograder.suite import misconception


def _sigmoid(x):
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(x, dtype=np.float64)))


def _log_softmax(scores, axis=2):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _p_of_right_words(scores, y):
    p = np.exp(_log_softmax(scores))
    return np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0]  # (N, T)


def _result(log_p, y, mask, count=None):
    """Loss and dscores of the log-probabilities; right when ``count``, the divisor, is N."""
    count = len(log_p) if count is None else count
    weight = np.asarray(mask, dtype=np.float64)[:, :, None] / count
    truth = np.eye(log_p.shape[2])[y]  # (N, T, V), one-hot
    return float(-np.sum(weight * truth * log_p)), weight * (np.exp(log_p) - truth)


@misconception("sigmoid")
def overflows_for_negative_x(x):
    """Your function types the formula 1 / (1 + exp(−x)) as it stands: exp(−x) overflows for large
    negative x. There, use the equal form with exp(x)."""
    return 1.0 / (1.0 + np.exp(-np.asarray(x)))


@misconception("sigmoid")
def overflows_for_positive_x(x):
    """Your function computes exp(x) / (1 + exp(x)) everywhere: for large positive x that is
    infinity by infinity, NaN. Use this form only where x is negative."""
    e = np.exp(np.asarray(x))
    return e / (1.0 + e)


@misconception("sigmoid")
def computes_both_branches(x):
    """Your function has the right two forms, but `np.where` computes both of them for every entry
    before it chooses, so the unsafe one still overflows. Give exp only numbers that are safe."""
    x = np.asarray(x)
    return np.where(x >= 0, 1.0 / (1.0 + np.exp(-x)), np.exp(x) / (1.0 + np.exp(x)))


@misconception("sigmoid")
def clips_its_argument(x):
    """Your function seems to clip x before it exponentiates. That stops the overflow, but the
    tails are wrong: far out the result is a small number where it should be 0."""
    return 1.0 / (1.0 + np.exp(-np.clip(x, -20.0, 20.0)))


@misconception("sigmoid")
def epsilon_in_the_denominator(x):
    """Your function seems to add a small constant to the denominator. 1 + exp(−x) is never 0, so
    the constant protects against nothing, and it makes σ(0) differ from 0.5."""
    return 1.0 / (1.0 + np.exp(-np.asarray(x)) + 1e-6)


@misconception("sigmoid")
def sign_of_the_exponent(x):
    """Your function falls where it should rise: it computes 1 / (1 + exp(x)), which is σ(−x). Look
    at the sign inside the exponential."""
    return _sigmoid(-np.asarray(x, dtype=np.float64))


@misconception("sigmoid_prime")
def plus_for_minus(x):
    """Your function computes s (1 + s). The derivative is s times *one minus* s."""
    s = _sigmoid(x)
    return s * (1.0 + s)


@misconception("sigmoid_prime")
def sigmoid_taken_twice(x):
    """Your function takes the sigmoid of the sigmoid: its result is never above 0.235. It is given
    x itself, so apply sigmoid once and then use s (1 − s)."""
    s = _sigmoid(_sigmoid(x))
    return s * (1.0 - s)


@misconception("sigmoid_prime")
def without_one_minus_s(x):
    """Your function returns the sigmoid itself: the factor (1 − s) is missing."""
    return _sigmoid(x)


@misconception("sigmoid_prime")
def x_taken_for_s(x):
    """Your function computes x (1 − x): it treats its argument as if it were σ(x) already. Here x
    is the argument of the sigmoid, so compute s = σ(x) first."""
    x = np.asarray(x, dtype=np.float64)
    return x * (1.0 - x)


@misconception("sigmoid_prime")
def quotient_that_overflows(x):
    """Your function computes exp(−x) / (1 + exp(−x))², which is infinity by infinity for large
    negative x. Write the derivative with your sigmoid, which is safe."""
    e = np.exp(-np.asarray(x))
    return e / (1.0 + e) ** 2


@misconception("sigmoid_prime")
def slope_of_an_overflowing_sigmoid(x):
    """Your derivative is right, but the sigmoid in it overflows for large negative x. Mend that,
    or call your own sigmoid once it is safe."""
    s = 1.0 / (1.0 + np.exp(-np.asarray(x)))
    return s * (1.0 - s)


@misconception("tanh_prime")
def without_the_square(x):
    """Your function computes 1 − tanh(x): the square is missing, so it is above 1 for negative
    x."""
    return 1.0 - np.tanh(x)


@misconception("tanh_prime")
def tanh_taken_twice(x):
    """Your function takes tanh of tanh(x): far out its result stays near 0.42 where it should tend
    to 0. It is given x itself, so apply tanh once."""
    return 1.0 - np.tanh(np.tanh(x)) ** 2


@misconception("tanh_prime")
def x_taken_for_tanh(x):
    """Your function computes 1 − x²: it treats its argument as if it were tanh(x) already, and
    becomes negative beyond 1. Here x is the argument of tanh."""
    return 1.0 - np.asarray(x, dtype=np.float64) ** 2


@misconception("tanh_prime")
def reciprocal(x):
    """Your function computes 1 / (1 − tanh²(x)), which is above 1: that is one over the
    derivative."""
    return 1.0 / (1.0 - np.tanh(x) ** 2)


@misconception("tanh_prime")
def without_one_minus(x):
    """Your function returns tanh²(x), which is 0 at 0 where the derivative is 1: "one minus" is
    missing."""
    return np.tanh(x) ** 2


@misconception("relu")
def absolute_value(x):
    """Your function turns negative numbers into positive ones. ReLU stops them: they become 0."""
    return np.abs(np.asarray(x, dtype=np.float64))


@misconception("relu")
def leaky_relu(x):
    """Your function lets a little of negative numbers through: that is a leaky ReLU. Here
    everything below 0 becomes 0."""
    x = np.asarray(x, dtype=np.float64)
    return np.where(x > 0, x, 0.01 * x)


@misconception("relu")
def mask_for_value(x):
    """Your function returns 1 where x is positive: that is the derivative. ReLU returns x
    itself there."""
    return np.where(np.asarray(x) > 0, 1.0, 0.0)


@misconception("relu")
def max_over_an_axis(x):
    """Your function uses `np.max(x, 0)`, whose second argument is an axis: it gives the largest
    number of each column. You want the larger of two numbers, entry by entry."""
    return np.max(np.asarray(x, dtype=np.float64), 0)


@misconception("relu")
def writes_into_x(x):
    """Your function sets the negative entries of the caller's own array to 0. Compute a new
    array."""
    x[x < 0] = 0.0
    return x


@misconception("relu")
def integers_stay_integers(x):
    """Your function gives an array of integers for an array of integers. Its result is always
    float64: compare with 0.0, or convert x first."""
    return np.maximum(x, 0)


@misconception("relu_prime")
def truth_values(x):
    """Your function returns the comparison itself, an array of True and False. Convert it to
    float64 numbers."""
    return np.asarray(x) > 0


@misconception("relu_prime")
def one_everywhere(x):
    """Your function is 1 everywhere. ReLU is flat for negative x, so its derivative is 0 there."""
    return np.ones(np.shape(x))


@misconception("relu_prime")
def one_at_the_kink(x):
    """Your function is 1 at x = 0. There is no derivative there, and this course takes 0: compare
    with > and not with >=."""
    return np.where(np.asarray(x) >= 0, 1.0, 0.0)


@misconception("relu_prime")
def leaky_slope(x):
    """Your function has a small slope for negative x: that is the derivative of a leaky ReLU.
    Here it is 0."""
    return np.where(np.asarray(x) > 0, 1.0, 0.01)


@misconception("relu_prime")
def sign_of_x(x):
    """Your function returns the sign of x, −1 for negative numbers. The derivative of ReLU is 0
    there; the sign you want is that of relu(x)."""
    return np.sign(np.asarray(x, dtype=np.float64))


@misconception("relu_prime")
def value_for_slope(x):
    """Your function returns relu(x), not its derivative: where x is positive the slope is 1,
    however large x is."""
    return np.maximum(x, 0.0)


@misconception("softmax_cross_entropy")
def exponentials_overflow(scores, y, mask):
    """Your function exponentiates the scores as they are: exp(1000) is infinite, and infinity by
    infinity is NaN. Subtract the largest score of each step first; p stays the same."""
    e = np.exp(scores)
    return _result(np.log(e / e.sum(axis=2, keepdims=True)), y, mask)


@misconception("softmax_cross_entropy")
def log_of_an_underflowed_p(scores, y, mask):
    """Your function takes the log of p. For a very unlikely word p has underflowed to 0 and its log
    is −∞. Compute log p from the shifted scores, without going through p."""
    _, dscores = _result(_log_softmax(scores), y, mask)
    return float(-np.sum(mask * np.log(_p_of_right_words(scores, y))) / len(scores)), dscores


@misconception("softmax_cross_entropy")
def epsilon_inside_the_log(scores, y, mask):
    """Your function seems to add a small constant to p before it takes the log. The loss is then
    never large, however wrong the prediction is, and no longer fits its gradient. Compute log p
    from the shifted scores."""
    _, dscores = _result(_log_softmax(scores), y, mask)
    p = _p_of_right_words(scores, y) + 1e-12
    return float(-np.sum(mask * np.log(p)) / len(scores)), dscores


@misconception("softmax_cross_entropy")
def one_maximum_for_all_steps(scores, y, mask):
    """Your function subtracts one maximum, that of all scores. Where a step's own scores are far
    below it, all its exponentials become 0 and p is 0 by 0. Take the maximum over the last axis,
    with keepdims=True."""
    e = np.exp(scores - scores.max())
    return _result(np.log(e / e.sum(axis=2, keepdims=True)), y, mask)


@misconception("softmax_cross_entropy")
def softmax_over_time(scores, y, mask):
    """Your softmax runs over the steps instead of the words: p should add up to 1 over the last
    axis."""
    return _result(_log_softmax(scores, axis=1), y, mask)


@misconception("softmax_cross_entropy")
def mean_over_time(scores, y, mask):
    """Your loss and gradient are divided by T as well. Here the loss is the *sum* over the steps of
    a sequence, and the mean over the N sequences only."""
    return _result(_log_softmax(scores), y, mask, y.size)


@misconception("softmax_cross_entropy")
def mean_over_the_mask(scores, y, mask):
    """Your function divides by the number of steps that count, the sum of the mask. Here it is
    divided by N, the number of sequences (and if all is masked you would divide by 0)."""
    return _result(_log_softmax(scores), y, mask, np.sum(mask, dtype=np.float64))


@misconception("softmax_cross_entropy")
def sum_over_the_batch(scores, y, mask):
    """Your loss and gradient are sums over the batch: the division by N, the number of sequences,
    is missing."""
    return _result(_log_softmax(scores), y, mask, 1)


@misconception("softmax_cross_entropy")
def gradient_not_divided_by_n(scores, y, mask):
    """Your loss is divided by N and dscores is not. The gradient of a mean is a mean as well."""
    loss, dscores = _result(_log_softmax(scores), y, mask)
    return loss, dscores * len(scores)


@misconception("softmax_cross_entropy")
def gradient_not_masked(scores, y, mask):
    """Your loss respects the mask and dscores does not: masked steps still get a gradient, so the
    network would learn from padding. Multiply the gradient by the mask, too."""
    loss, _ = _result(_log_softmax(scores), y, mask)
    return loss, _result(_log_softmax(scores), y, np.ones(y.shape))[1]


@misconception("softmax_cross_entropy")
def loss_not_masked(scores, y, mask):
    """Your dscores respects the mask and your loss does not: masked steps still count in it.
    Multiply each step's −log p by its mask before you sum."""
    _, dscores = _result(_log_softmax(scores), y, mask)
    return _result(_log_softmax(scores), y, np.ones(y.shape))[0], dscores


@misconception("softmax_cross_entropy")
def mask_ignored(scores, y, mask):
    """Your function does not use its mask: steps of padding count in the loss and in dscores."""
    return _result(_log_softmax(scores), y, np.ones(y.shape))


@misconception("softmax_cross_entropy")
def without_minus_one_at_the_target(scores, y, mask):
    """Your dscores is p itself, always positive. At the right word 1 has to be subtracted: the
    gradient is probability minus truth."""
    loss, _ = _result(_log_softmax(scores), y, mask)
    weight = np.asarray(mask, dtype=np.float64)[:, :, None] / len(scores)
    return loss, weight * np.exp(_log_softmax(scores))


@misconception("softmax_cross_entropy")
def shifts_the_callers_scores(scores, y, mask):
    """Your function subtracts the maximum from the caller's own array (`scores -= …`). Put the
    shifted scores into an array of your own."""
    scores -= scores.max(axis=2, keepdims=True)
    return _result(_log_softmax(scores), y, mask)


def _differences(f, x, df, ahead, behind):
    """sum(df * (f(x + ahead e_i) - f(x - behind e_i))) / (ahead + behind) for each entry i."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[i] = 1.0
        difference = f(x + ahead * unit) - f(x - behind * unit)
        gradient[i] = np.sum(df * difference) / (ahead + behind)
    return gradient


@misconception("numerical_gradient")
def one_sided_difference(f, x, df, h=1e-5):
    """Your function computes the one-sided difference (f(x + h) − f(x)) / h. Its error falls only
    as h: use the central difference, f(x + h) − f(x − h) by 2h."""
    return _differences(f, x, df, h, 0.0)


@misconception("numerical_gradient")
def divided_by_h(f, x, df, h=1e-5):
    """Your gradient is twice as large as it should be: x + h and x − h are 2h apart, so divide by
    2h."""
    return 2.0 * _differences(f, x, df, h, h)


@misconception("numerical_gradient")
def cotangent_ignored(f, x, df, h=1e-5):
    """Your function does not use df: it sums the differences of f with equal weights. Multiply by
    df before you sum."""
    return _differences(f, x, 1.0, h, h)


@misconception("numerical_gradient")
def step_ignored(f, x, df, h=1e-5):
    """Your function does not use the h that it is given, but a step of its own."""
    return _differences(f, x, df, 1e-5, 1e-5)


@misconception("numerical_gradient")
def all_entries_at_once(f, x, df, h=1e-5):
    """Your function moves all entries of x together. Each entry of the gradient needs a move of
    that entry alone: loop over the entries."""
    slope = np.sum(df * (f(x + h) - f(x - h))) / (2.0 * h)
    return np.full(x.shape, slope)


@misconception("numerical_gradient")
def entries_never_put_back(f, x, df, h=1e-5):
    """Your function moves an entry of x and does not put it back, so the next entries are tried at
    a wrong place, and the caller's x has changed. Keep the old value and restore it."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        ahead = np.copy(f(x))
        x[i] -= 2.0 * h
        gradient[i] = np.sum(df * (ahead - f(x))) / (2.0 * h)
    return gradient


@misconception("numerical_gradient")
def put_back_by_arithmetic(f, x, df, h=1e-5):
    """Your gradient is right, but x is afterwards not what it was: adding h, taking away 2h and
    adding h again is not exact in floating point. Keep the old value and put it back."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        ahead = np.copy(f(x))
        x[i] -= 2.0 * h
        behind = np.copy(f(x))
        x[i] += h
        gradient[i] = np.sum(df * (ahead - behind)) / (2.0 * h)
    return gradient


@misconception("numerical_gradient")
def result_not_copied(f, x, df, h=1e-5):
    """Where f returns the very array it is given, your two results are one array, and their
    difference is 0. Copy the first result before you change x again."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        ahead = f(x)
        x[i] = old - h
        behind = f(x)
        x[i] = old
        gradient[i] = np.sum(df * (ahead - behind)) / (2.0 * h)
    return gradient


def _require_equal_shapes(a, b):
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError("the shapes differ")
    return a, b


def _quotient(difference, size):
    """The largest |difference| / size; 0 where the size is 0."""
    return float(np.max(np.abs(difference) / np.where(size == 0, 1.0, size), initial=0.0))


@misconception("relative_error")
def shapes_not_compared(a, b):
    """Your function lets NumPy broadcast arrays of different shapes, (N, 1) with (N,) for example,
    and compares numbers that do not belong together. Compare the shapes first and raise
    ValueError."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    return _quotient(a - b, np.abs(a) + np.abs(b))


@misconception("relative_error")
def zero_by_zero(a, b):
    """Your function divides 0 by 0 where an entry is 0 in both arrays: that is NaN, and it spoils
    the maximum. Such an entry counts as 0."""
    a, b = _require_equal_shapes(a, b)
    return float(np.max(np.abs(a - b) / (np.abs(a) + np.abs(b)), initial=0.0))


@misconception("relative_error")
def without_absolute_values(a, b):
    """Your function divides by a + b without absolute values: where the signs differ that is
    nearly 0, or negative. Use |a| + |b|."""
    a, b = _require_equal_shapes(a, b)
    total = a + b
    quotient = np.abs(a - b) / np.where(total == 0, 1.0, total)
    return float(np.max(quotient, initial=0.0))


@misconception("relative_error")
def sign_of_the_difference(a, b):
    """Your function takes no absolute value of a − b: where a is the smaller one, the error is
    negative, and the maximum passes over it."""
    a, b = _require_equal_shapes(a, b)
    size = np.abs(a) + np.abs(b)
    return float(np.max((a - b) / np.where(size == 0, 1.0, size), initial=0.0))


@misconception("relative_error")
def floor_of_the_denominator(a, b):
    """Your denominator has a smallest value (1e-8 in many courses): two tiny numbers then seem to
    agree whatever they are. Treat only 0 beside 0 as a special case."""
    a, b = _require_equal_shapes(a, b)
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-8), initial=0.0))


@misconception("relative_error")
def relative_to_b_only(a, b):
    """Your function divides by |b| alone, so it is not symmetric and not bounded by 1. Divide by
    |a| + |b|."""
    a, b = _require_equal_shapes(a, b)
    return _quotient(a - b, np.abs(b))


@misconception("relative_error")
def mean_for_maximum(a, b):
    """Your function returns the mean of the errors: one wrong entry among many right ones
    disappears in it. Return the largest."""
    a, b = _require_equal_shapes(a, b)
    size = np.abs(a) + np.abs(b)
    errors = np.abs(a - b) / np.where(size == 0, 1.0, size)
    return float(np.mean(errors)) if errors.size else 0.0


@misconception("relative_error")
def maxima_divided(a, b):
    """Your function divides the largest difference by the largest size. Entries are to be divided
    one by one, before the maximum: otherwise small entries are measured by large ones."""
    a, b = _require_equal_shapes(a, b)
    size = np.max(np.abs(a) + np.abs(b), initial=0.0)
    return _quotient(np.max(np.abs(a - b), initial=0.0), size)


@misconception("relative_error")
def absolute_difference(a, b):
    """Your function returns the largest difference, not divided by anything: it is not relative."""
    a, b = _require_equal_shapes(a, b)
    return float(np.max(np.abs(a - b), initial=0.0))


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
