"""Typical wrong answers to assignment 4, each with the hint that its author needs."""

from __future__ import annotations

import math

import numpy as np

from autograder.suite import misconception


def _power(a, steps):
    with np.errstate(over="ignore"):
        return np.float64(a) ** np.asarray(steps)


@misconception("gradient_factor")
def one_step_too_few(a, steps):
    """Your factor is that of one step less: k steps back mean k multiplications."""
    with np.errstate(divide="ignore"):
        return _power(a, np.asarray(steps) - 1.0)


@misconception("gradient_factor")
def one_step_too_many(a, steps):
    """Your factor is that of one step more: k steps back mean k multiplications, and after no step
    the factor is 1."""
    return _power(a, np.asarray(steps) + 1)


@misconception("gradient_factor")
def sign_dropped(a, steps):
    """Your factor is never negative: it seems to be |a|**steps. A negative derivative changes the
    sign of the gradient at every step."""
    return _power(abs(a), steps)


@misconception("gradient_factor")
def multiplied_by_the_steps(a, steps):
    """Your function multiplies a by the number of steps. Each step multiplies what is left by a:
    that is a power."""
    return np.float64(a) * np.asarray(steps)


@misconception("gradient_factor")
def exponential_of_a_logarithm(a, steps):
    """Your function goes through log(a), which does not exist for a negative a and is -∞ for 0. Use
    the power itself."""
    with np.errstate(over="ignore"):
        return np.exp(np.asarray(steps) * np.log(a))


@misconception("gradient_factor")
def pythons_own_power(a, steps):
    """Your function uses Python's `**` on what it is given: floats then raise OverflowError where
    the power is too large, and an integer a stays an integer, which NumPy's arrays wrap round.
    Make a float64 of a first: `np.float64(a)`."""
    return a**steps


@misconception("gradient_factor")
def numbers_of_steps_only(a, steps):
    """Your function loops over `range(steps)`, which takes one number. steps may be an array as
    well: NumPy's power works for both."""
    factor = np.float64(1.0)
    with np.errstate(over="ignore"):
        for _ in range(steps):
            factor = factor * a
    return factor


def _first_below(size, eps):
    steps, left = 1, size
    while left >= eps:
        steps, left = steps + 1, left * size
    return steps


@misconception("steps_until_below")
def last_step_not_below(a, eps):
    """Your result is one step early: it is the last k whose power is *not* yet below eps."""
    return None if abs(a) >= 1 else _first_below(abs(a), eps) - 1


@misconception("steps_until_below")
def one_step_late(a, eps):
    """Your result is one step late: the power is below eps one step before already. Where does your
    count begin?"""
    return None if abs(a) >= 1 else _first_below(abs(a), eps) + 1


@misconception("steps_until_below")
def logarithm_from_one_on(a, eps):
    """Your function uses the logarithm also where |a| ≥ 1: that divides by 0 for 1, and gives a
    number of steps that is not positive above 1. Return None there, before you compute."""
    size = abs(a)
    if size < 1:
        return _first_below(size, eps)
    return math.floor(math.log(eps) / math.log(size)) + 1


@misconception("steps_until_below")
def gives_up_after_many_steps(a, eps):
    """Your function counts up to some large number and returns that where |a| ≥ 1. No number is
    right there: return None."""
    return _first_below(abs(a), eps) if abs(a) < 1 else 10_000


@misconception("steps_until_below")
def negative_power_taken_as_small(a, eps):
    """Your function compares a**k itself with eps. For a negative a that is below eps at the first
    step, although nothing has faded: compare the absolute value."""
    return None if abs(a) >= 1 else 1 if a < 0 else _first_below(a, eps)


@misconception("steps_until_below")
def logarithm_of_a_negative_number(a, eps):
    """Your function takes the logarithm of a, which fails for a negative a. Take it of |a|."""
    if abs(a) >= 1:
        return None
    if a < 0:
        raise ValueError("math domain error")
    return _first_below(a, eps)


@misconception("steps_until_below")
def logarithm_of_zero(a, eps):
    """Your function takes the logarithm of a = 0, which does not exist. After one step nothing is
    left: treat this case on its own."""
    if a == 0:
        raise ValueError("math domain error")
    return None if abs(a) >= 1 else _first_below(abs(a), eps)


@misconception("steps_until_below")
def plain_logarithms(a, eps):
    """Your function computes with the logarithm of a and asks nothing first: it fails for negative
    a and for 0, where it should use |a| and the answer 1, and for |a| ≥ 1, where it should return
    None."""
    steps = math.floor(math.log(eps) / math.log(a)) + 1
    return steps


@misconception("steps_until_below")
def logarithms_of_the_size(a, eps):
    """Your formula with the logarithms of eps and |a| is right between 0 and 1. But for |a| ≥ 1 the
    answer is None, and for 0 it is 1: ask for both before you compute."""
    steps = math.floor(math.log(eps) / math.log(abs(a))) + 1
    return steps


@misconception("steps_until_below")
def at_most_for_below(a, eps):
    """Your function stops where the power *equals* eps. "Below" is strict here: 0.5 falls below
    0.25 at the third step."""
    if abs(a) >= 1:
        return None
    steps, left = 1, abs(a)
    while left > eps:
        steps, left = steps + 1, left * abs(a)
    return steps


@misconception("steps_until_below")
def whole_number_as_a_float(a, eps):
    """Your number of steps is a float, as `np.ceil` and `np.floor` give it. A count is an integer:
    convert it with int."""
    return None if abs(a) >= 1 else float(_first_below(abs(a), eps))


@misconception("steps_until_below")
def fraction_of_a_step(a, eps):
    """Your function returns the quotient of two logarithms, which is no whole number. The first
    step below is the next integer above it."""
    if abs(a) >= 1:
        return None
    return 1.0 if a == 0 else math.log(eps) / math.log(abs(a))


def _first_infinite(size, largest):
    steps, power = 1, float(size)
    while power <= largest:
        steps, power = steps + 1, power * size
    return steps


def _largest(dtype):
    return float(np.finfo(dtype).max)


@misconception("overflow_step")
def last_finite_step(a, dtype):
    """Your result is one step early: it is the last power that dtype can still hold."""
    return None if abs(a) <= 1 else _first_infinite(abs(a), _largest(dtype)) - 1


@misconception("overflow_step")
def step_after_the_first_inf(a, dtype):
    """Your result is one step late: the power before it is infinite already. Where does your count
    begin?"""
    return None if abs(a) <= 1 else _first_infinite(abs(a), _largest(dtype)) + 1


@misconception("overflow_step")
def always_double_precision(a, dtype):
    """Your function counts in float64 whatever dtype says. Python's floats are float64: use the
    largest number of dtype, or make each power a number of that type."""
    return None if abs(a) <= 1 else _first_infinite(abs(a), _largest("float64"))


@misconception("overflow_step")
def negative_numbers_never_overflow(a, dtype):
    """Your function returns None for every negative a. Their powers grow in size as well, and
    overflow to inf or -inf: use |a|."""
    return None if a <= 1 else _first_infinite(a, _largest(dtype))


@misconception("overflow_step")
def never_returns_none(a, dtype):
    """Your function counts up to some large number and returns that for |a| ≤ 1, where nothing ever
    overflows. Return None there, before you begin to count."""
    return 10_000 if abs(a) <= 1 else _first_infinite(abs(a), _largest(dtype))


@misconception("overflow_step")
def pythons_power_raises(a, dtype):
    """Your function computes |a|**k with Python's floats. Their `**` never gives inf: it raises
    OverflowError beyond float64. Multiply step by step, or compare logarithms."""
    if abs(a) <= 1:
        return None
    steps = 1
    while float(abs(a)) ** steps <= _largest(dtype):
        steps += 1
    return steps


@misconception("overflow_step")
def largest_integer(a, dtype):
    """Your function counts until the power exceeds the largest *integer* of that many bits. A
    float keeps only the leading digits and an exponent, and so reaches much further:
    `np.finfo(dtype).max`."""
    bits = {"float64": 63, "float32": 31}[dtype]
    return None if abs(a) <= 1 else _first_infinite(abs(a), float(2**bits - 1))


@misconception("overflow_step")
def overflow_step_as_a_float(a, dtype):
    """Your step is a float, as `np.ceil` and `np.floor` give it. A count is an integer: convert it
    with int."""
    return None if abs(a) <= 1 else float(_first_infinite(abs(a), _largest(dtype)))


@misconception("overflow_step")
def logarithm_rounded_down_plus_one(a, dtype):
    """Your formula with logarithms is one too large for a = 2: the largest number is just *below*
    a power of 2, and its rounded logarithm does not show it. The step is the quotient of the
    logarithms, rounded up."""
    size = float(abs(a))
    return None if size <= 1 else math.floor(math.log(_largest(dtype)) / math.log(size)) + 1


def _slope(next_h):
    return 1.0 - next_h**2


@misconception("step_jacobian")
def transposed_jacobian(next_h, Wh):
    """Your Jacobian is transposed: J[i, j] is the derivative of the *new* unit i by the *old* unit
    j."""
    return Wh * _slope(next_h)


@misconception("step_jacobian")
def weights_not_transposed(next_h, Wh):
    """Your derivatives scale the right rows, but Wh is not transposed: with h = prev_h @ Wh, the
    weight from the old unit j to the new unit i is Wh[j, i]."""
    return _slope(next_h)[:, None] * Wh


@misconception("step_jacobian")
def slope_on_the_wrong_side(next_h, Wh):
    """Your derivatives scale the columns of the Jacobian. tanh′ belongs to the *new* unit, whose
    row it scales: the diagonal matrix stands on the left of Wh's transpose."""
    return Wh.T * _slope(next_h)


@misconception("step_jacobian")
def tanh_prime_left_out(next_h, Wh):
    """Your Jacobian is Wh transposed: that of a linear network. Each row has to be multiplied by
    tanh′, which is 1 − next_h²."""
    return Wh.T.copy()


@misconception("step_jacobian")
def square_left_out(next_h, Wh):
    """Your derivative is 1 − next_h: the square is missing."""
    return (1.0 - next_h)[:, None] * Wh.T


@misconception("step_jacobian")
def tanh_taken_again(next_h, Wh):
    """Your derivative is 1 − tanh²(next_h). next_h is the tanh of the pre-activation already, so
    square it as it is."""
    return _slope(np.tanh(next_h))[:, None] * Wh.T


@misconception("step_jacobian")
def slope_of_the_sigmoid(next_h, Wh):
    """Your derivative is h (1 − h), which belongs to the sigmoid. tanh has 1 − h²."""
    return (next_h * (1.0 - next_h))[:, None] * Wh.T


def _jacobians(hs, Wh):
    return [_slope(h)[:, None] * Wh.T for h in hs]


def _chain(matrices, size):
    product = np.eye(size)
    for matrix in matrices:
        product = matrix @ product
    return product


@misconception("jacobian_product")
def reversed_order(hs, Wh):
    """Your product has the first step on the left. The chain rule goes from the last state to the
    first: each new Jacobian is multiplied from the left."""
    return _chain(_jacobians(hs, Wh)[::-1], len(Wh))


@misconception("jacobian_product")
def weights_taken_out_to_the_left(hs, Wh):
    """Your function collects the weights in a power in front of all the derivatives. Matrices do
    not commute: each diagonal matrix stays between its two weight matrices."""
    return np.linalg.matrix_power(Wh.T, len(hs)) @ np.diag(np.prod(_slope(hs), axis=0))


@misconception("jacobian_product")
def weights_taken_out_to_the_right(hs, Wh):
    """Your function collects the derivatives in front of a power of the weights. Matrices do not
    commute: each diagonal matrix stays between its two weight matrices."""
    return np.prod(_slope(hs), axis=0)[:, None] * np.linalg.matrix_power(Wh.T, len(hs))


@misconception("jacobian_product")
def transposed_product(hs, Wh):
    """Your product is transposed: P[i, j] is the derivative of the last state's unit i by the
    initial state's unit j."""
    return _chain(_jacobians(hs, Wh), len(Wh)).T.copy()


@misconception("jacobian_product")
def last_step_only(hs, Wh):
    """Your function returns the Jacobian of the last step. All T of them have to be multiplied."""
    return _jacobians(hs, Wh)[-1]


@misconception("jacobian_product")
def first_step_skipped(hs, Wh):
    """Your product leaves the first step out: it goes back to hs[0], the state *after* the first
    step. The state h_0 comes before it, so there are T factors."""
    return _chain(_jacobians(hs, Wh)[1:], len(Wh))


@misconception("jacobian_product")
def multiplied_entry_by_entry(hs, Wh):
    """Your Jacobians are multiplied entry by entry, with `*`. The chain rule asks for the matrix
    product, `@`."""
    return np.prod(_jacobians(hs, Wh), axis=0)


@misconception("jacobian_product")
def summed_up(hs, Wh):
    """Your function adds the Jacobians of the steps. A path through all steps multiplies them."""
    return np.sum(_jacobians(hs, Wh), axis=0)


@misconception("jacobian_product")
def power_of_the_weights(hs, Wh):
    """Your product is a power of the transposed weights: tanh′ is missing at every step."""
    return np.linalg.matrix_power(Wh.T, len(hs))


@misconception("spectral_radius")
def symmetric_solver(W):
    """Your function uses a solver for symmetric matrices (`eigvalsh`, `eigh`). It looks at one half
    of W only, and never finds a complex eigenvalue: use `eigvals`."""
    return float(np.max(np.abs(np.linalg.eigvalsh(W))))


@misconception("spectral_radius")
def largest_real_part(W):
    """Your function takes the largest real part of the eigenvalues. Their size is the absolute
    value: |−3| is 3, and |2i| is 2."""
    return float(np.max(np.linalg.eigvals(W).real))


@misconception("spectral_radius")
def size_of_the_real_part(W):
    """Your function drops the imaginary parts before it takes absolute values, so a rotation seems
    to be small. Take the absolute value of the complex number."""
    return float(np.max(np.abs(np.linalg.eigvals(W).real)))


@misconception("spectral_radius")
def no_absolute_value(W):
    """Your function returns an eigenvalue, not its size: it may be negative or complex. Take
    absolute values before the maximum."""
    return np.max(np.linalg.eigvals(W))


@misconception("spectral_radius")
def singular_value_for_eigenvalue(W):
    """Your function returns the largest singular value. The two agree for symmetric matrices and
    rotations, and differ for most others: here eigenvalues are asked for."""
    return float(np.linalg.norm(W, 2))


@misconception("spectral_radius")
def smallest_eigenvalue(W):
    """Your function returns the absolute value of the *smallest* eigenvalue, or of whichever comes
    first. NumPy does not sort them: take the maximum."""
    return float(np.min(np.abs(np.linalg.eigvals(W))))


@misconception("spectral_radius")
def first_eigenvalue(W):
    """Your function takes the first eigenvalue. NumPy does not sort them: take the maximum of the
    absolute values."""
    return float(np.abs(np.linalg.eigvals(W)[0]))


@misconception("largest_singular_value")
def frobenius_norm(W):
    """Your function returns the Frobenius norm, the default of `np.linalg.norm`: it adds up the
    squares of *all* singular values. The second argument says which norm you want."""
    return float(np.linalg.norm(W))


@misconception("largest_singular_value")
def eigenvalue_for_singular_value(W):
    """Your function returns the spectral radius. Eigenvalues do not tell how much a vector is
    stretched, unless W is normal; and only square matrices have any."""
    return float(np.max(np.abs(np.linalg.eigvals(W))))


@misconception("largest_singular_value")
def square_root_forgotten(W):
    """Your function returns the largest eigenvalue of Wᵀ W: that is the *square* of the largest
    singular value."""
    return float(np.linalg.norm(W, 2) ** 2)


@misconception("largest_singular_value")
def largest_entry(W):
    """Your function returns the largest absolute value of an entry of W. Entries of a row or column
    work together."""
    return float(np.max(np.abs(W)))


@misconception("largest_singular_value")
def smallest_singular_value(W):
    """Your function returns the smallest singular value. NumPy sorts them from large to small."""
    return float(np.linalg.svd(W, compute_uv=False)[-1])


@misconception("largest_singular_value")
def sum_of_singular_values(W):
    """Your function adds up the singular values. The most by which a vector can be stretched is the
    largest one alone."""
    return float(np.sum(np.linalg.svd(W, compute_uv=False)))


@misconception("largest_singular_value")
def largest_column_sum(W):
    """Your function returns the largest sum of absolute values in a column, `norm(W, 1)`. The norm
    with the second argument 2 is the largest singular value."""
    return float(np.linalg.norm(W, 1))


def _most_open(hs):
    return np.max(_slope(hs), axis=1)  # (T,)


@misconception("jacobian_norm_bound")
def bound_with_an_eigenvalue(hs, Wh):
    """Your bound uses the spectral radius of Wh. For a matrix that is not normal the true norm can
    be larger, so it is no bound: use the largest singular value."""
    return float(np.prod(np.max(np.abs(np.linalg.eigvals(Wh))) * _most_open(hs)))


@misconception("jacobian_norm_bound")
def bound_with_the_frobenius_norm(hs, Wh):
    """Your bound uses the Frobenius norm of Wh. It is a bound, but much too loose: an orthogonal
    matrix would seem to stretch by √H. Use the largest singular value."""
    return float(np.prod(np.linalg.norm(Wh) * _most_open(hs)))


@misconception("jacobian_norm_bound")
def bound_of_a_linear_network(hs, Wh):
    """Your bound is s**T: tanh′ is missing. Each step also has the largest of its derivatives."""
    return float(np.linalg.norm(Wh, 2) ** len(hs))


@misconception("jacobian_norm_bound")
def maximum_after_the_product(hs, Wh):
    """Your function multiplies each unit's derivatives over time and then takes the maximum. That
    can be too small: the weights mix the units, so the gradient may pass through another unit at
    every step. Take the maximum first."""
    return float(np.linalg.norm(Wh, 2) ** len(hs) * np.max(np.prod(_slope(hs), axis=0)))


@misconception("jacobian_norm_bound")
def maximum_over_time(hs, Wh):
    """Your maximum runs over the steps and your product over the units. It is the other way round:
    hs is (T, H), and each step gives its largest derivative."""
    return float(np.linalg.norm(Wh, 2) ** len(hs) * np.prod(np.max(_slope(hs), axis=0)))


@misconception("jacobian_norm_bound")
def smallest_derivative(hs, Wh):
    """Your bound takes the smallest derivative of each step. A bound has to allow for the most open
    unit: take the largest (that is the unit whose |h| is smallest)."""
    return float(np.prod(np.linalg.norm(Wh, 2) * np.min(_slope(hs), axis=1)))


@misconception("jacobian_norm_bound")
def mean_derivative(hs, Wh):
    """Your bound takes the mean derivative of each step. Some direction may pass through the most
    open unit alone: take the largest."""
    return float(np.prod(np.linalg.norm(Wh, 2) * np.mean(_slope(hs), axis=1)))


@misconception("jacobian_norm_bound")
def norm_of_the_derivatives_as_a_vector(hs, Wh):
    """Your function takes the length of the *vector* of derivatives. The spectral norm of the
    diagonal matrix is its largest entry."""
    return float(np.prod(np.linalg.norm(Wh, 2) * np.linalg.norm(_slope(hs), axis=1)))


@misconception("jacobian_norm_bound")
def weights_counted_once(hs, Wh):
    """Your bound has the largest singular value once. Wh is multiplied at every step: it enters T
    times."""
    return float(np.linalg.norm(Wh, 2) * np.prod(_most_open(hs)))


@misconception("jacobian_norm_bound")
def the_norm_itself(hs, Wh):
    """Your function returns the norm of the Jacobian product itself. Asked for is the bound, which
    needs no product of matrices: norms of the weights and of the derivatives, multiplied."""
    return float(np.linalg.norm(_chain(_jacobians(hs, Wh), len(Wh)), 2))


@misconception("jacobian_norm_bound")
def norms_of_the_step_jacobians(hs, Wh):
    """Your function multiplies the norms of the steps' Jacobians. That is a bound, too, and a
    tighter one; asked for is the one with the weights and the derivatives taken apart."""
    return float(np.prod([np.linalg.norm(J, 2) for J in _jacobians(hs, Wh)]))


_STEEPEST = {"tanh": 1.0, "sigmoid": 0.25, "relu": 1.0}


def _answer(shrinks):
    return "vanishes" if shrinks else "may explode"


def _gamma(activation):
    if activation not in _STEEPEST:
        raise ValueError(f"unknown activation {activation!r}")
    return _STEEPEST[activation]


@misconception("classify_dynamics")
def eigenvalues_decide(Wh, activation):
    """Your function decides by the spectral radius. Eigenvalues below the limit promise nothing
    about a product of Jacobians: use the largest singular value."""
    return _answer(_gamma(activation) * np.max(np.abs(np.linalg.eigvals(Wh))) < 1)


@misconception("classify_dynamics")
def frobenius_norm_decides(Wh, activation):
    """Your function decides by the Frobenius norm, which is larger than the largest singular value:
    matrices that must vanish are said to be dangerous."""
    return _answer(_gamma(activation) * np.linalg.norm(Wh) < 1)


@misconception("classify_dynamics")
def one_limit_for_all(Wh, activation):
    """Your limit is 1 for the sigmoid as well. Its derivative is at most 1/4, so the weights may be
    as large as 4 before anything can grow."""
    _gamma(activation)
    return _answer(np.linalg.norm(Wh, 2) < 1)


@misconception("classify_dynamics")
def limit_upside_down(Wh, activation):
    """Your limit for the sigmoid is 1/4. The product of γ and the singular value has to be below 1,
    so the limit is 1 / γ = 4."""
    return _answer(np.linalg.norm(Wh, 2) < _gamma(activation))


@misconception("classify_dynamics")
def promises_explosion(Wh, activation):
    """Your function answers "explodes". Above the limit nothing is certain: units may saturate and
    the gradient vanish all the same. The answer is "may explode"."""
    return "vanishes" if _gamma(activation) * np.linalg.norm(Wh, 2) < 1 else "explodes"


@misconception("classify_dynamics")
def relu_never_vanishes(Wh, activation):
    """Your function never lets ReLU vanish. Its derivative is at most 1, so with a largest singular
    value below 1 the weights alone make the gradient vanish."""
    return _answer(activation != "relu" and _gamma(activation) * np.linalg.norm(Wh, 2) < 1)


@misconception("classify_dynamics")
def answers_swapped(Wh, activation):
    """Your two answers are swapped: *below* the limit the gradient vanishes."""
    return _answer(_gamma(activation) * np.linalg.norm(Wh, 2) >= 1)


@misconception("classify_dynamics")
def limit_itself_vanishes(Wh, activation):
    """Your function says "vanishes" where the singular value equals the limit. There a step may
    keep the gradient as it is: compare with < and not with <=."""
    return _answer(_gamma(activation) * np.linalg.norm(Wh, 2) <= 1)


@misconception("classify_dynamics")
def any_activation_accepted(Wh, activation):
    """Your function has an answer for activations that it does not know. Raise ValueError there: a
    misspelt name would otherwise get a wrong answer."""
    return _answer(_STEEPEST.get(activation, 1.0) * np.linalg.norm(Wh, 2) < 1)


@misconception("classify_dynamics")
def key_error_for_unknown_names(Wh, activation):
    """Your function looks an unknown activation up in a dict, which raises KeyError. ValueError is
    asked for."""
    return _answer(_STEEPEST[activation] * np.linalg.norm(Wh, 2) < 1)


def _carried(dh_T, cache):
    """The gradients by h[:, T-1], ..., h[:, 0] and by h0, each of shape (N, H)."""
    _, _, _, Wh, h = cache
    gradients = [dh_T]
    for t in reversed(range(h.shape[1])):
        gradients.append((gradients[-1] * _slope(h[:, t])) @ Wh.T)
    return gradients


def _norms(gradients):
    return np.array([np.linalg.norm(gradient) for gradient in gradients])


@misconception("gradient_norm_profile")
def profile_reversed(dh_T, cache):
    """Your profile runs backwards in time: entry 0 should belong to the first step, and the last
    entry to the last one, where the loss is."""
    return _norms(_carried(dh_T, cache)[:-1])


@misconception("gradient_norm_profile")
def profile_one_step_early(dh_T, cache):
    """Your profile is shifted by one step: its last entry is not the norm of dh_T, and its first
    one is that of h0's gradient. Note the norm *before* you carry the gradient on."""
    return _norms(_carried(dh_T, cache)[1:][::-1])


@misconception("gradient_norm_profile")
def profile_with_h0(dh_T, cache):
    """Your profile has T + 1 entries: the gradient by h0 is among them. Only the T states of the
    sequence are asked for."""
    return _norms(_carried(dh_T, cache)[::-1])


@misconception("gradient_norm_profile")
def one_norm_per_sequence(dh_T, cache):
    """Your norm runs over the units only and leaves one number for each sequence. One number per
    step is asked for, over all N · H entries."""
    gradients = _carried(dh_T, cache)[:-1][::-1]
    return np.array([np.linalg.norm(gradient, axis=1) for gradient in gradients])


@misconception("gradient_norm_profile")
def one_norm_per_unit(dh_T, cache):
    """Your norm runs over the batch only and leaves one number for each unit. One number per step
    is asked for, over all N · H entries."""
    gradients = _carried(dh_T, cache)[:-1][::-1]
    return np.array([np.linalg.norm(gradient, axis=0) for gradient in gradients])


@misconception("gradient_norm_profile")
def mean_norm_of_the_sequences(dh_T, cache):
    """Your profile is the mean of the sequences' norms. Asked for is one norm over all entries, the
    square root of the sum of all squares."""
    gradients = _carried(dh_T, cache)[:-1][::-1]
    return np.array([np.mean(np.linalg.norm(gradient, axis=1)) for gradient in gradients])


@misconception("gradient_norm_profile")
def spectral_norm_of_the_batch(dh_T, cache):
    """Your norm is the spectral norm of the (N, H) gradient (`norm(…, 2)`). A gradient's length is
    the square root of the sum of the squares, the default of `np.linalg.norm`."""
    gradients = _carried(dh_T, cache)[:-1][::-1]
    return np.array([np.linalg.norm(gradient, 2) for gradient in gradients])


@misconception("gradient_norm_profile")
def squares_without_the_root(dh_T, cache):
    """Your profile holds the sums of the squares: the square root is missing."""
    return _norms(_carried(dh_T, cache)[:-1][::-1]) ** 2


def _carry_by(step, dh_T, cache):
    """The profile of a gradient that ``step(carried, t, Wh, h)`` carries from h[:, t] back."""
    _, _, _, Wh, h = cache
    gradients = [dh_T]
    for t in reversed(range(1, h.shape[1])):
        gradients.append(step(gradients[-1], t, Wh, h))
    return _norms(gradients[::-1])


@misconception("gradient_norm_profile")
def tanh_prime_forgotten_on_the_way(dh_T, cache):
    """Your gradient is carried back by the weights alone: at each step it also has to be multiplied
    by tanh′, that is 1 − h²."""
    return _carry_by(lambda dh, t, Wh, h: dh @ Wh.T, dh_T, cache)


@misconception("gradient_norm_profile")
def weights_not_transposed_on_the_way(dh_T, cache):
    """Your gradient is multiplied by Wh on its way back. Forwards it is `h @ Wh`, so backwards it
    is the transpose."""
    return _carry_by(lambda dh, t, Wh, h: (dh * _slope(h[:, t])) @ Wh, dh_T, cache)


@misconception("gradient_norm_profile")
def slope_of_the_step_before(dh_T, cache):
    """Your tanh′ is taken one step too early: to go from h[:, t] back to h[:, t-1], the derivative
    is that of step t."""
    return _carry_by(lambda dh, t, Wh, h: (dh * _slope(h[:, t - 1])) @ Wh.T, dh_T, cache)


@misconception("gradient_norm_profile")
def weights_before_tanh_prime(dh_T, cache):
    """Your gradient is multiplied by the weights first and by tanh′ afterwards. Backwards through
    tanh(h @ Wh) tanh comes first."""
    return _carry_by(lambda dh, t, Wh, h: (dh @ Wh.T) * _slope(h[:, t]), dh_T, cache)


@misconception("gradient_norm_profile")
def nothing_carried(dh_T, cache):
    """Your gradient does not change on its way: every entry is the norm of dh_T. What one step
    gives is what the next one begins with."""
    return _carry_by(lambda dh, t, Wh, h: dh, dh_T, cache)


@misconception("gradient_norm_profile")
def writes_into_dh(dh_T, cache):
    """Your function multiplies dh_T in place (`dh_T *= …`): the caller's array has changed. Give
    what you carry a name of its own and build new arrays."""
    h = cache[-1]
    profile = _norms(_carried(dh_T, cache)[:-1][::-1])
    dh_T *= _slope(h[:, -1])
    return profile
