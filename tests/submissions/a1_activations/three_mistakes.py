"""Everything is there, with three typical mistakes: sigmoid overflows for large negative x,
tanh_prime takes tanh twice, and dscores is not masked. A person would give 77.5 of 85: 1.5 off for
the first, 4 for the second, 2 for the third, and nothing off for sigmoid_prime, which is right but
for the sigmoid that it calls.
"""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-np.array(x, dtype=float)))


def sigmoid_prime(x):
    return sigmoid(x) * (1 - sigmoid(x))


def tanh_prime(x):
    h = np.tanh(x)  # the hidden state
    return 1 - np.tanh(h) ** 2


def relu(x):
    return np.maximum(0.0, x)


def relu_prime(x):
    x = np.array(x)
    grad = np.zeros(x.shape)
    grad[x > 0] = 1
    return grad


def log_softmax(scores):
    biggest = scores.max(axis=-1, keepdims=True)
    return scores - biggest - np.log(np.exp(scores - biggest).sum(axis=-1, keepdims=True))


def softmax_cross_entropy(scores, y, mask):
    N, T = y.shape
    logp = log_softmax(scores)
    rows, cols = np.arange(N)[:, None], np.arange(T)[None, :]
    loss = -np.sum(mask * logp[rows, cols, y]) / N

    dscores = np.exp(logp)
    dscores[rows, cols, y] -= 1
    dscores /= N
    return loss, dscores


def numerical_gradient(f, x, df, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        xp, xm = x.copy(), x.copy()
        xp[ix] += h
        xm[ix] -= h
        grad[ix] = np.sum((f(xp) - f(xm)) * df) / (2 * h)
        it.iternext()
    return grad


def relative_error(a, b):
    a, b = np.array(a, dtype=float), np.array(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} is not {b.shape}")
    top, bottom = np.abs(a - b), np.abs(a) + np.abs(b)
    ratio = np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
    return ratio.max() if ratio.size else 0.0


def gradient_check(f, vjp, inputs, rng):
    h = 1e-5
    for _ in range(3):
        out = f(*inputs)
        dout = rng.standard_normal(np.shape(out))
        grads = vjp(dout, *inputs)
        if len(grads) != len(inputs):
            return False
        for i in range(len(inputs)):
            if np.shape(grads[i]) != np.shape(inputs[i]):
                return False
            v = rng.standard_normal(inputs[i].shape)
            plus, minus = list(inputs), list(inputs)
            plus[i] = plus[i] + h * v
            minus[i] = minus[i] - h * v
            numeric = np.sum(dout * (f(*plus) - f(*minus))) / (2 * h)
            analytic = np.sum(grads[i] * v)
            if np.isnan(analytic):
                return False
            if abs(numeric - analytic) > 1e-6 * max(1, abs(numeric), abs(analytic)):
                return False
    return True
