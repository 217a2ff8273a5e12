"""The figures that the corrections in ``claims.toml`` state, each of them computed.

A correction names a figure in braces, as in ``{left:.4f}``; the function for its claim returns it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["FIGURES"]

FIGURES: dict[str, Callable[[], Mapping[str, Any]]] = {}
_F = Callable[[], Mapping[str, Any]]


def figures_of(claim: str) -> Callable[[_F], _F]:
    """Mark a function as the one that computes the figures of ``claim``."""

    def mark(function: _F) -> _F:
        FIGURES[claim] = function
        return function

    return mark


def sigmoid(a: float) -> float:
    return float(1 / (1 + np.exp(-a)))


def settled(w: float, push: float = 0.0) -> float:
    """Where h = tanh(w h + push) comes to rest."""
    h = 0.1
    for _ in range(500):
        h = float(np.tanh(w * h + push))
    return h


def norm(W: Any) -> float:
    """The largest singular value."""
    return float(np.linalg.norm(W, ord=2))


def radius(W: Any) -> float:
    """The largest size of an eigenvalue."""
    return float(np.abs(np.linalg.eigvals(W)).max())


def by_lag(w: float, x: float, T: int, slope: Callable[[float], float]) -> Any:
    """What the use of the weight at each lag adds to dh_T/dw; h_0 = 0, the input is constant."""
    f = np.tanh if slope(1.0) != 1 else lambda a: a
    h = [0.0]
    for _ in range(T):
        h.append(float(f(w * h[-1] + x)))
    slopes = np.array([slope(each) for each in h[1:]])
    carried = slopes[::-1] * np.cumprod([1.0, *(w * slopes[:0:-1])])
    return carried * h[-2::-1]


@figures_of("000-4")
def misprint() -> Mapping[str, Any]:
    w, h_0, u = 0.7, 0.5, (0.3, -0.2)

    def z_3(v: float) -> float:
        h = h_0
        for each in u:
            h = float(np.tanh(v * h + each))
        return v * h

    step = 1e-6
    h_1 = float(np.tanh(w * h_0 + u[0]))
    z_2 = w * h_1 + u[1]
    h_2 = float(np.tanh(z_2))
    dh_1 = (1 - h_1**2) * h_0
    near = h_2 + w * (1 - h_2**2) * h_1
    return {
        "w": w,
        "h_0": h_0,
        "inputs": f"{u[0]:g} and {u[1]:g}",
        "measured": (z_3(w + step) - z_3(w - step)) / (2 * step),
        "corrected": near + w**2 * (1 - h_2**2) * dh_1,
        "printed": near + w**2 * (1 - np.tanh(z_2 * dh_1) ** 2),
    }


@figures_of("000-6")
def weight_above_one() -> Mapping[str, Any]:
    small, large = 1.5, 5.0
    slopes = [w * (1 - settled(w) ** 2) for w in (small, large)]
    return {
        "small": small,
        "large": large,
        "rest": settled(small),
        "slope": slopes[0],
        "large_slope": slopes[1],
    }


@figures_of("000-7")
def faded_words() -> Mapping[str, Any]:
    def first_below(limit: float) -> int:
        return next(k for k in range(1, 100) if 0.9**k < limit)

    return {"left": 0.9**25, "tenth": first_below(0.1), "hundredth": first_below(0.01)}


@figures_of("000-9")
def shares_by_lag() -> Mapping[str, Any]:
    w, x, T, near, far = 0.5, 0.6, 60, 5, 40
    tanh, linear = by_lag(w, x, T, lambda h: 1 - h**2), by_lag(w, x, T, lambda h: 1.0)
    return {
        "w": w,
        "x": x,
        "T": T,
        "last": near - 1,
        "far": far,
        "near_share": tanh[:near].sum() / tanh.sum(),
        "far_size": tanh[far],
        "linear_share": linear[:near].sum() / linear.sum(),
        "linear_size": linear[far],
    }


@figures_of("000-11")
def identity_with_tanh() -> Mapping[str, Any]:
    start, steps = 0.5, 50
    h, product = start, 1.0
    for _ in range(steps):
        h = float(np.tanh(h))
        product *= 1 - h**2
    return {"start": start, "steps": steps, "left": product}


@figures_of("000-13")
def five_to_the_25th() -> Mapping[str, Any]:
    return {"power": 5.0**25}


@figures_of("000-14")
def overflow() -> Mapping[str, Any]:
    def first_infinite(kind: Any) -> int:
        value, steps = kind(1), 0
        with np.errstate(all="ignore"):
            while np.isfinite(value):
                value, steps = kind(value * kind(5)), steps + 1
        return steps

    size = np.dtype(float).itemsize
    return {
        "size": size,
        "double": first_infinite(np.float64),
        "single": first_infinite(np.float32),
    }


@figures_of("000-15")
def reset() -> Mapping[str, Any]:
    below, above = np.where(np.array([9.9e7, 1.01e8]) > 1e8, 10.0, [9.9e7, 1.01e8])
    return {"below": 9.9e7, "kept": below, "above": 1.01e8, "reset": above, "ratio": below / above}


@figures_of("000-17")
def three_factors() -> Mapping[str, Any]:
    steps, factors = 30, (0.9, 1.0, 1.1)
    return {
        "steps": steps,
        "factors": ", ".join(f"{each:g}" for each in factors),
        "left": ", ".join(f"{each**steps:.2g}" for each in factors),
    }


@figures_of("000-18")
def steepest_tanh() -> Mapping[str, Any]:
    a = np.linspace(-3, 3, 601)
    slopes = 1 - np.tanh(a) ** 2
    return {"most": slopes.max(), "place": abs(a[slopes.argmax()])}


@figures_of("000-Q1")
def fewer_losses() -> Mapping[str, Any]:
    w, T = 0.9, 20
    return {"w": w, "T": T, "all": sum(w**t for t in range(1, T + 1)), "last": w**T}


@figures_of("000-Q2")
def slope_above_one() -> Mapping[str, Any]:
    return {"slope": 1.1, "steps": 100, "product": 1.1**100}


@figures_of("000-Q3")
def memory_of_word_5() -> Mapping[str, Any]:
    steps = 20 - 5
    return {"steps": steps, "left": 0.8**steps, "low": 0.01, "high": 0.05}


@figures_of("000-Q4")
def memory_of_word_18() -> Mapping[str, Any]:
    return {"left": 0.8 ** (20 - 18)}


@figures_of("001-4")
def steepest_sigmoid() -> Mapping[str, Any]:
    return {"most": sigmoid(0.0) * (1 - sigmoid(0.0))}


@figures_of("001-8")
def norm_overflow() -> Mapping[str, Any]:
    g = np.array([1e25, -1e25], dtype=np.float32)
    with np.errstate(all="ignore"):
        length = np.sqrt(np.sum(g**2))
    return {"entry": float(g[0]), "length": float(length), "clipped": float(abs(g / length).max())}


@figures_of("001-12")
def forget_biases() -> Mapping[str, Any]:
    steps = 100
    return {
        "steps": steps,
        "zero": sigmoid(0.0) ** steps,
        "one": sigmoid(1.0) ** steps,
        "bias": 3,
        "three": sigmoid(3.0) ** steps,
    }


@figures_of("004-12")
def gates_and_cell() -> Mapping[str, Any]:
    found = forget_biases()
    named = {name: found[name] for name in ("steps", "zero", "bias", "three")}
    return {**named, "half": sigmoid(0.0)}


@figures_of("001-13")
def layers_and_factors() -> Mapping[str, Any]:
    layers = 10
    return {"layers": layers, "low": 0.5, "left": 0.5**layers, "kept": 1.0**layers}


@figures_of("002-9")
def quarter_left() -> Mapping[str, Any]:
    peak, layers = 0.25, 10
    return {
        "peak": peak,
        "lost": 1 - peak,
        "layers": layers,
        "left": peak**layers,
        "mistaken": (1 - peak) ** layers,
        "weight": 1 / peak,
    }


@figures_of("002-13")
def value_and_norm() -> Mapping[str, Any]:
    g = np.array([3.0, 4.0])
    clipped = np.minimum(g, 1)
    cosine = g @ clipped / np.linalg.norm(g) / np.linalg.norm(clipped)
    entries = 100
    return {
        "g": f"[{g[0]:g}, {g[1]:g}]",
        "clipped": f"[{clipped[0]:g}, {clipped[1]:g}]",
        "cosine": cosine,
        "entries": entries,
        "length": np.linalg.norm(np.minimum(np.full(entries, 7.0), 1)),
    }


@figures_of("002-15")
def latch() -> Mapping[str, Any]:
    w, steps = 2.0, 50
    h = float(np.tanh(1.0))
    slope = 1 - h**2
    for _ in range(steps):
        h = float(np.tanh(w * h))
        slope *= w * (1 - h**2)
    return {"w": w, "steps": steps, "state": h, "slope": slope}


@figures_of("002-18")
def turned_for_long() -> Mapping[str, Any]:
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    return {"steps": 1000, "size": norm(np.linalg.matrix_power(turn, 1000))}


@figures_of("003-6")
def slow_decay() -> Mapping[str, Any]:
    return {"slow": 0.999, "steps": 99, "left": 0.999**99}


@figures_of("003-7")
def relu_with_weight_one() -> Mapping[str, Any]:
    steps, x, H, rounds = 99, 0.5, 4, 20
    states = x * np.arange(steps)  # h_0 to h_98
    return {
        "steps": steps,
        "product": 1.0**steps,
        "x": x,
        "of_input": steps * x,
        "of_state": states.sum(),
        "above": 1.1,
        "grown": 1.1**steps,
        "H": H,
        "rounds": rounds,
        "ones": norm(np.linalg.matrix_power(np.ones((H, H)), rounds)),
    }


@figures_of("004-2")
def collected_weights() -> Mapping[str, Any]:
    rng, errors, H, steps = np.random.default_rng(0), [], 4, 5
    for _ in range(200):
        W = rng.standard_normal((H, H))
        slopes = 1 - np.tanh(rng.standard_normal((steps, H))) ** 2
        ordered = np.linalg.multi_dot([d[:, None] * W for d in slopes])
        collected = np.linalg.matrix_power(W, steps) @ np.diag(slopes.prod(axis=0))
        errors.append(norm(collected - ordered) / norm(ordered))
    return {"error": float(np.median(errors)), "runs": len(errors), "H": H, "steps": steps}


@figures_of("004-6")
def radius_below_one() -> Mapping[str, Any]:
    shear = np.array([[0.5, 10.0], [0.0, 0.5]])
    cancelling = np.array([[2.0, 1.99], [-1.99, -2.0]])
    h, product = np.array([1.0, 0.0]), np.eye(2)
    for _ in range(10):
        a = cancelling @ h
        product = (a > 0)[:, None] * cancelling @ product
        h = np.maximum(a, 0)
    quarter = 1 / quarter_left()["peak"]
    return {
        "quarter": quarter,
        "below": quarter - 0.1,
        "shear": "[[0.5, 10], [0, 0.5]]",
        "shear_radius": radius(shear),
        "few": 5,
        "grown": norm(np.linalg.matrix_power(shear, 5)),
        "more": 8,
        "shrunk": norm(np.linalg.matrix_power(shear, 8)),
        "cancelling": "[[2, 1.99], [−1.99, −2]]",
        "radius": radius(cancelling),
        "steps": 10,
        "product": norm(product),
    }


@figures_of("004-7")
def radius_above_one() -> Mapping[str, Any]:
    W = np.array([[1.2, 1.5], [-1.5, -1.2]])
    held, steps = np.array([[1.0], [0.0]]) * W, 20
    rest = settled(1.2)
    return {
        "W": "[[1.2, 1.5], [−1.5, −1.2]]",
        "radius": radius(W),
        "stretch": norm(W),
        "factor": radius(held),
        "steps": steps,
        "grown": norm(np.linalg.matrix_power(held, steps)),
        "rest": rest,
        "shrinking": 1.2 * (1 - rest**2),
    }


@figures_of("004-16")
def parameter_counts() -> Mapping[str, Any]:
    D, H = 10, 20
    part = D * H + H * H + H
    return {"D": D, "H": H, "rnn": part, "gru": 3 * part, "lstm": 4 * part, "three": 3, "four": 4}


@figures_of("004-8")
def number_agreement() -> Mapping[str, Any]:
    words = ["the", "writer", "of", "the", "books"]
    return {"words": len(words) - words.index("writer")}
