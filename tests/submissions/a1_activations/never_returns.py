"""Everything is right but numerical_gradient, whose while-loop forgets to count and never ends. A
person would give 72 of 85: all but the 13 for that function.
"""

import numpy as np


def sigmoid(x):
    # tanh is the same curve, and NumPy's never overflows
    return (1 + np.tanh(np.asarray(x) / 2)) / 2


def sigmoid_prime(x):
    s = sigmoid(x)
    return s - s * s


def tanh_prime(x):
    return 1 - np.square(np.tanh(x))


def relu(x):
    x = np.asarray(x, dtype=float)
    return (x + np.abs(x)) / 2


def relu_prime(x):
    return np.where(relu(x) > 0, 1.0, 0.0)


def softmax_cross_entropy(scores, y, mask):
    N = len(scores)
    top = np.max(scores, axis=2, keepdims=True)
    p = np.exp(scores - top)
    total = np.sum(p, axis=2, keepdims=True)
    right = np.take_along_axis(scores - top, y[:, :, None], axis=2) - np.log(total)
    counts = np.asarray(mask).astype(bool)
    loss = -np.sum(right[:, :, 0][counts]) / N
    dscores = p / total
    np.put_along_axis(
        dscores, y[:, :, None], np.take_along_axis(dscores, y[:, :, None], axis=2) - 1, axis=2
    )
    dscores[~counts] = 0
    return loss, dscores / N


def numerical_gradient(f, x, df, h=1e-5):
    grad = np.zeros(x.size)
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    ahead = [f(x + step) for step in steps]
    behind = [f(x - step) for step in steps]
    i = 0
    while i < x.size:
        grad[i] = np.sum(df * (ahead[i] - behind[i])) / (2 * h)
    return grad.reshape(x.shape)


def relative_error(a, b):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError("different shapes")
    errors = [0.0]
    for p, q in zip(a.flat, b.flat, strict=True):
        if p != q:
            errors.append(abs(p - q) / (abs(p) + abs(q)))
    return max(errors)


def slope(f, inputs, i, v, dout, h=1e-5):
    there = [x + h * v if j == i else x for j, x in enumerate(inputs)]
    back = [x - h * v if j == i else x for j, x in enumerate(inputs)]
    return np.sum(dout * (f(*there) - f(*back))) / (2 * h)


def gradient_check(f, vjp, inputs, rng):
    good = []
    for _ in range(3):
        dout = rng.normal(size=np.shape(f(*inputs)))
        grads = vjp(dout, *inputs)
        if [np.shape(g) for g in grads] != [np.shape(x) for x in inputs]:
            return False
        for i, g in enumerate(grads):
            v = rng.normal(size=g.shape)
            a, b = slope(f, inputs, i, v, dout), np.sum(g * v)
            good.append(abs(a - b) <= 1e-6 * max(1, abs(a), abs(b)))
    return bool(np.all(good))
