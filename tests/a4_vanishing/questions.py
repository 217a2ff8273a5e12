"""The questions for marks of a4_vanishing. Their keys never leave the judge's side."""

from __future__ import annotations

import numpy as np

from quiz.engine import (
    CONDITION,
    FAILS,
    HOLDS,
    Choice,
    Judgement,
    Number,
    Several,
    either,
    question,
    right,
    slip,
    some_of,
    told_apart,
    wrong,
)
from quiz.engine.measure import jacobian, largest_stretch


@question("000-Q3", "000-7", level=1, points=2)
def memory_of_t5(rng):
    now, word = int(rng.integers(28, 41)), int(rng.integers(4, 9))
    factor = float(rng.choice([0.85, 0.9, 0.95]))
    part = int(rng.choice([10, 20, 30]))
    left, from_start = factor ** (now - word), factor**now

    def answer(share):
        return f"{'Yes' if share >= 1 / part else 'No'}: about {share:.2g} of it is left"

    return Choice(
        prompt=rf"""
The network reads word $t = {now}$ and would need word $t = {word}$. Every step back multiplies the
gradient by {factor:g}, and this network can still use a word if at least 1/{part} of the gradient
reaches it.

Can it use word {word}?""",
        options=(
            right(
                answer(left),
                rf"There are {now - word} factors between the two, and 1/{part} is {1 / part:.2g}.",
                abs(left - factor ** (now - word)) < 1e-12,
            ),
            wrong(
                answer(from_start),
                f"You multiplied {now} times. How many steps lie between the two words?",
                abs(from_start - left) < 1e-12,
            ),
            wrong(
                answer(factor),
                f"{factor:g} is what *one* step leaves.",
                abs(factor - left) < 1e-12,
            ),
            wrong(
                answer(factor**word),
                f"You multiplied {word} times, once for each word up to word {word}.",
                abs(factor**word - left) < 1e-12,
            ),
        ),
        explanation=rf"""
${factor:g}^{{{now - word}}} = {left:.4f}$, and $1/{part} = {1 / part:.4f}$. With another threshold
the answer may be another one.""",
    )


@question("000-5", "002-5", "003-3", level=2, points=2)
def two_kinds_of_steps(rng):
    open_steps, shut = int(rng.integers(8, 12)), int(rng.integers(14, 19))
    high, low = float(rng.choice([1.2, 1.3])), float(rng.choice([0.8, 0.85]))
    factors = np.array([high] * open_steps + [low] * shut)
    steps = open_steps + shut
    value = float(np.prod(factors))
    return Number(
        prompt=rf"""
On its way back a gradient passes {steps} steps of a one-unit network. At {open_steps} of them the
unit is open, and weight times slope is {high:g}; at the other {shut} it is {low:g}. The two kinds
alternate irregularly.

By which factor has the gradient changed in the end?""",
        value=value,
        tolerance=0.005 * value,
        slips=told_apart(
            value,
            0.005 * value,
            (
                slip(
                    np.mean(factors) ** steps,
                    "You took the mean of the factors. For a product another kind of mean counts.",
                ),
                slip(high * low, f"That is one step of each kind. There are {steps} steps."),
                slip(
                    high**open_steps + low**shut,
                    "You added the two groups. All steps follow each other.",
                ),
                slip(
                    (high * low) ** (steps / 2),
                    "That would be as many steps of one kind as of the other.",
                ),
            ),
        ),
        explanation=rf"""
Numbers may be multiplied in any order: ${high:g}^{{{open_steps}}} \cdot {low:g}^{{{shut}}}$ is
${high**open_steps:.3f} \cdot {low**shut:.4f} = {value:.3f}$. The mean factor,
{np.mean(factors):.3g}, would have promised {np.mean(factors) ** steps:.2f}. What counts is the mean
of the *logarithms*.""",
    )


@question("004-2", level=3, points=2)
def order_of_the_factors(rng):
    draw = np.random.default_rng(7)
    W, inputs = draw.standard_normal((3, 3)), draw.standard_normal((3, 3))
    is_row, is_turned = bool(rng.integers(2)), bool(rng.integers(2))
    matrix = W.T if is_row else W  # what a column of states is multiplied by
    h, states = np.zeros(3), []
    for x in inputs:
        h = np.tanh(x + matrix @ h)
        states.append(h)

    def last(h):
        for x in inputs:
            h = np.tanh(x + matrix @ h)
        return h

    measured = jacobian(last, np.zeros(3))  # [i, j]: how h_3[i] moves with h_0[j]
    wanted = measured.T if is_turned else measured
    first, second, third = (np.diag(1 - state**2) for state in states)
    products = {
        r"$D_3 W^\top D_2 W^\top D_1 W^\top$": (third, W.T, second, W.T, first, W.T),
        r"$W D_1 W D_2 W D_3$": (W, first, W, second, W, third),
        r"$D_3 W D_2 W D_1 W$": (third, W, second, W, first, W),
        r"$W^\top D_1 W^\top D_2 W^\top D_3$": (W.T, first, W.T, second, W.T, third),
    }
    formula = r"x_t W_x + h_{t-1} W + b" if is_row else r"W h_{t-1} + W_x x_t + b"
    entry = (
        r"\partial h_3[j] / \partial h_0[i]" if is_turned else r"\partial h_3[i] / \partial h_0[j]"
    )
    side = "row" if is_row else "column"
    return Choice(
        prompt=rf"""
A network is written with {side} vectors, $h_t = \tanh({formula})$. $D_t$ is the diagonal matrix of
$1 - h_t^2$. Let $P$ have the entries $P[i, j] = {entry}$.

Which product is $P$?""",
        options=tuple(
            either(
                text,
                "Each step is one diagonal matrix and one weight matrix, in this order for this "
                "notation and these entries.",
                np.allclose(np.linalg.multi_dot(factors), wanted, rtol=1e-5, atol=1e-7),
                if_wrong="Follow one entry: which unit of $h_0$ does it start from, by which index "
                "of $W$ does it go on, and at which step is the slope taken?",
            )
            for text, factors in products.items()
        ),
        explanation=rf"""
A change of $h_0$ is weighted, then scaled by the slopes of step 1, weighted again, and so on. With
{side} vectors one step has the entries $(1 - h_t[i]^2)\,W[{"j, i" if is_row else "i, j"}]$, and to
exchange $i$ and $j$ in $P$ is to transpose the whole product, which turns its order round. The
answer was compared with finite differences.""",
    )


@question("004-5", "004-6", "004-7", level=3, points=3)
def radius_and_stretch(rng):
    radius, stretch = float(rng.choice([0.6, 0.7, 0.8])), float(rng.choice([0.9, 1.25, 1.4, 1.6]))
    most, steps = float(rng.choice([0.5, 0.6, 0.7, 0.9])), int(rng.integers(3, 6))
    W = np.array([[radius, stretch - radius**2 / stretch], [0.0, radius]])  # it has both numbers
    fits = (
        np.isclose(largest_stretch(W), stretch) and np.isclose(np.linalg.eigvals(W), radius).all()
    )
    at_zero = largest_stretch(jacobian(lambda h: np.tanh(W @ h), np.zeros(2)))
    far = largest_stretch(np.linalg.matrix_power(W, 300))
    grown = stretch**steps
    options = (
        right(
            rf"In {steps} steps the norm of a gradient grows at most {grown * 1.01:.3g}-fold.",
            rf"${stretch:g}^{steps} = {grown:.3g}$, and $\tanh'$ can only take from it.",
            fits and largest_stretch(np.linalg.matrix_power(W, steps)) <= grown <= grown * 1.01,
        ),
        either(
            "At some states, one step back makes some gradients longer.",
            r"With the state at 0 the step is $W_h$ alone, and it stretches some vector by the "
            r"largest singular value.",
            fits and at_zero > 1,
        ),
        wrong(
            rf"Each step back takes at least {1 - radius:.0%} of a gradient's norm.",
            "That reads the spectral radius as a limit of what happens to *every* vector.",
            not fits or stretch <= radius,
        ),
        wrong(
            "Over enough steps, some gradient is certain to explode.",
            "A bound that permits growth does not promise it.",
            not fits or far > 1,
        ),
        either(
            rf"If no slope $\tanh'$ is ever above {most:g}, the gradient vanishes.",
            rf"Then a step leaves at most ${most:g} \cdot {stretch:g} = {most * stretch:.3g}$ of "
            r"the norm.",
            fits and most * stretch < 1,
        ),
        either(
            "The gradient vanishes, whatever the inputs are.",
            "That is sure if the largest singular value is below 1, as the slopes are at most 1.",
            fits and stretch < 1,
        ),
    )
    return Several(
        prompt=rf"""
The weights $W_h$ of a tanh network have the spectral radius {radius:g} and the largest singular
value {stretch:g}. Nothing else is known about them.

Which statements are sure?""",
        options=some_of(rng, options, 5),
        explanation=rf"""
`[[{radius:g}, {W[0, 1]:.3g}], [0, {radius:g}]]` is such a matrix. One step of it stretches by up to
{largest_stretch(W):.2f}, {steps} by {largest_stretch(np.linalg.matrix_power(W, steps)):.2f}, and
300 by {far:.1g}. Norms give upper bounds: ${stretch:g}^{steps} = {grown:.3f}$ for any {steps}
steps, and powers of {most * stretch:.3g} when slopes stay below {most:g}.""",
    )


@question("004-4", "000-6", "004-7", level=3, points=3)
def weights_of_two_and_a_half(rng):
    kind = int(rng.integers(3))
    c = float((rng.choice([1.1, 1.5]), 2.5, rng.choice([0.5, 0.8]))[kind])
    is_linear = kind == 0

    def growth(W, steps=60):
        draw = np.random.default_rng(9)
        h, product = np.zeros(len(W)), np.eye(len(W))
        for _ in range(steps):
            a = W @ h + 0.1 * draw.standard_normal(len(W))
            h = a if is_linear else np.tanh(a)
            slopes = np.ones(len(W)) if is_linear else 1 - h**2
            product = slopes[:, None] * (W @ product)
        return float(np.linalg.norm(product, 2))

    Q = np.linalg.qr(np.random.default_rng(10).standard_normal((32, 32)))[0]
    sizes = growth(c * Q), growth(c * np.eye(32))
    explodes = [size > 100 for size in sizes]
    name = "linear" if is_linear else "tanh"
    return Judgement(
        prompt=rf"""
A {name} network of 32 units is driven by small random inputs. *All* singular values of $W_h$ are
{c:g}. "With such weights," it is said, "the gradient grows more than a hundredfold on its way back
through 60 steps."

Does it grow that much?""",
        options=(
            either(
                r"every direction grows at every step, and nothing else is in the product",
                rf"Each step multiplies the length by {c:g}.",
                all(explodes),
                HOLDS,
                if_wrong="Two things are in the product: the weights and the slopes. Is every "
                "direction made longer by the two of them?",
            ),
            either(
                r"where units drive each other and stay open, not where each one saturates",
                "The same singular values give both, depending on how the units drive each other.",
                any(explodes) and not all(explodes),
                CONDITION,
                if_wrong="Whether units are open makes no difference here: compute a step.",
            ),
            either(
                r"a step cannot make a gradient longer, since weights times slopes are below 1",
                "The largest singular value is below 1, and slopes of tanh are at most 1.",
                not any(explodes),
                FAILS,
                if_wrong="Compare the singular values with 1, and think of units near 0.",
            ),
        ),
        explanation=rf"""
With {c:g} times a random orthogonal matrix, 60 steps give a product of norm ${_power(sizes[0])}$;
with {c:g} times the identity, where each unit feeds itself alone, it is ${_power(sizes[1])}$.
Large weights are needed for an explosion; with tanh they do not decide.""",
    )


def _power(x):
    digits, exponent = f"{x:.0e}".split("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}"


@question("004-6", "004-5", level=2, points=3)
def limit_for_a_rotation(rng):
    p, q = ((0.6, 0.8), (0.8, 0.6))[rng.integers(2)]
    s = float(rng.choice([0.5, 1.0, 2.0]))
    turn = s * np.array([[p, -q], [q, p]])
    inner = float(rng.choice([1.0, 2.0, 0.5]))
    a = np.linspace(-6, 6, 1201)
    steepest = float(np.max(inner / (1 + np.exp(-inner * a)) / (1 + np.exp(inner * a))))
    value = 1 / (steepest * largest_stretch(turn))
    name = r"\sigma(x)" if inner == 1 else rf"\sigma({inner:g}\,x)"
    entries = f"[[{s * p:g}, {-s * q:g}], [{s * q:g}, {s * p:g}]]"
    slips = {
        1 / s: r"That is the limit for tanh. How steep is this activation?",
        steepest: r"That is the largest slope, not the limit that follows from it.",
        1 / (steepest * s * p): r"You took the real part of the eigenvalues. What does a rotation "
        r"do to a length?",
        1 / (steepest * s * (p + q)): r"You took the sum of a row. By how much does the matrix "
        r"stretch a vector?",
    }
    return Number(
        prompt=rf"""
The recurrent weights of a network are $c$ times `{entries}`, with $c > 0$. Its activation is
${name}$, where $\sigma$ is the logistic sigmoid.

Up to which $c$ must the gradient vanish over many steps, whatever the inputs are?""",
        value=value,
        tolerance=0.01 * value,
        slips=told_apart(value, 0.01 * value, [slip(*each) for each in slips.items()]),
        explanation=rf"""
The matrix turns vectors and multiplies their lengths by {largest_stretch(turn):.3g}. The slope of
the activation is at most {steepest:.3g}. A step leaves at most
$c \cdot {steepest * largest_stretch(turn):.3g}$ of the norm, which shrinks for $c < {value:.3g}$;
beyond, inputs that hold the units at their steepest make it grow.""",
    )
