"""Assignment 4 in plain loops: one multiplication at a time, entries one by one, old functions."""

import numpy as np


def gradient_factor(a, steps):
    counts = np.asarray(steps)
    factors = np.ones(counts.shape)
    for index in np.ndindex(counts.shape):
        for _ in range(counts[index]):
            factors[index] *= a
    return factors


def steps_until_below(a, eps):
    if not -1 < a < 1:
        return None
    k = 0
    while True:
        k += 1
        if abs(gradient_factor(a, k)) < eps:
            return k


def overflow_step(a, dtype):
    kind = np.dtype(dtype).type
    size, power, k = kind(abs(a)), kind(1), 0
    if abs(a) <= 1:
        return None
    while np.isfinite(power):
        power = power * size
        k = k + 1
    return k


def step_jacobian(next_h, Wh):
    H = len(next_h)
    J = np.empty((H, H))
    for i in range(H):
        for j in range(H):
            J[i, j] = Wh[j, i] * (1 - next_h[i] * next_h[i])
    return J


def jacobian_product(hs, Wh):
    product = step_jacobian(hs[-1], Wh)
    for t in range(len(hs) - 2, -1, -1):
        product = np.dot(product, step_jacobian(hs[t], Wh))
    return product


def spectral_radius(W):
    return max(abs(value) for value in np.linalg.eigvals(W))


def largest_singular_value(W):
    return np.sqrt(max(np.linalg.eigvalsh(W.T @ W)))


def jacobian_norm_bound(hs, Wh):
    s = largest_singular_value(Wh)
    bound = 1.0
    for h in hs:
        bound *= s * max(1 - value**2 for value in h)
    return bound


def classify_dynamics(Wh, activation):
    if activation == "sigmoid":
        gamma = 0.25
    elif activation == "tanh" or activation == "relu":
        gamma = 1.0
    else:
        raise ValueError("the activation is tanh, sigmoid or relu")
    if largest_singular_value(Wh) >= 1 / gamma:
        return "may explode"
    return "vanishes"


def gradient_norm_profile(dh_T, cache):
    _, _, _, Wh, h = cache
    gradients = list(dh_T)
    profile = []
    for t in range(h.shape[1])[::-1]:
        profile.insert(0, sum(float(g @ g) for g in gradients) ** 0.5)
        gradients = [g @ step_jacobian(h[n, t], Wh) for n, g in enumerate(gradients)]
    return np.array(profile)
