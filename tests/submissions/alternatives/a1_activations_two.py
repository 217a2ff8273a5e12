"""Right: entry by entry with math, explicit loops, identities between the functions."""

import math

import numpy as np


def sigmoid_of_number(v):
    return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))


def sigmoid(x):
    x = np.asarray(x, dtype=float)
    return np.array([sigmoid_of_number(v) for v in x.ravel()]).reshape(x.shape)


def sigmoid_prime(x):
    return sigmoid(x) - sigmoid(x) ** 2


def tanh_prime(x):
    return 4 * sigmoid_prime(2 * np.asarray(x, dtype=float))


def relu(x):
    out = np.array(x, dtype=float)
    out[out < 0] = 0
    return out


def relu_prime(x):
    return np.sign(relu(x))


def softmax_cross_entropy(scores, y, mask):
    N, T, V = scores.shape
    shifted = scores - scores.max(axis=-1, keepdims=True)
    sums = np.exp(shifted).sum(axis=-1)
    losses = np.zeros((N, T))
    for n in range(N):
        for t in range(T):
            losses[n, t] = np.log(sums[n, t]) - shifted[n, t, y[n, t]]
    loss = np.where(mask, losses, 0).sum(axis=1).mean()
    dscores = np.exp(shifted) / sums[..., None] - (np.arange(V) == y[..., None])
    return loss, np.where(np.asarray(mask, dtype=bool)[..., None], dscores, 0) / N


def numerical_gradient(f, x, df, h=1e-5):
    steps = h * np.eye(x.size).reshape((-1, *x.shape))
    slopes = [np.sum(df * f(x + step)) - np.sum(df * f(x - step)) for step in steps]
    return np.array(slopes).reshape(x.shape) / (2 * h)


def relative_error(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError(f"{np.shape(a)} is not {np.shape(b)}")
    a, b = np.atleast_1d(np.array(a, dtype=float)), np.atleast_1d(np.array(b, dtype=float))
    if a.size == 0:
        return 0
    size = abs(a) + abs(b)
    size[size == 0] = 1
    return (abs(a - b) / size).max()


def gradient_check(f, vjp, inputs, rng):
    inputs = [np.array(x) for x in inputs]
    fits = True
    for _ in range(3):
        dout = rng.standard_normal(size=np.asarray(f(*inputs)).shape)
        grads = vjp(dout, *inputs)
        if [np.shape(g) for g in grads] != [x.shape for x in inputs]:
            return False
        for x, g in zip(inputs, grads, strict=True):
            v = rng.standard_normal(x.shape)
            kept = x.copy()
            x[...] = kept + 1e-5 * v
            ahead = np.sum(dout * f(*inputs))
            x[...] = kept - 1e-5 * v
            behind = np.sum(dout * f(*inputs))
            x[...] = kept
            numeric, analytic = (ahead - behind) / 2e-5, np.sum(g * v)
            fits = fits and bool(
                abs(numeric - analytic) <= 1e-6 * max(1, abs(numeric), abs(analytic))
            )
    return fits
