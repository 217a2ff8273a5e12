"""Right: log-sum-exp, flat indices, nditer with restored entries, one-dimensional slopes."""

import numpy as np


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -np.asarray(x, dtype=float)))


def sigmoid_prime(x):
    e = np.exp(-np.abs(np.asarray(x, dtype=float)))
    return e / (1 + e) ** 2


def tanh_prime(x):
    return 1 / np.cosh(x) ** 2


def relu(x):
    return np.asarray(np.clip(x, 0, None), dtype=np.float64)


def relu_prime(x):
    return np.asarray(relu(x) != 0) * 1.0


def softmax_cross_entropy(scores, y, mask):
    N, T, V = scores.shape
    flat, rows = scores.reshape(N * T, V), np.arange(N * T)
    target, counts = y.reshape(-1), np.asarray(mask, dtype=float).reshape(-1)
    largest = flat.max(axis=1)
    log_sum = largest + np.log(np.exp(flat - largest[:, None]).sum(axis=1))
    losses = log_sum - flat[rows, target]
    dflat = np.exp(flat - log_sum[:, None])
    dflat[rows, target] -= 1
    dflat *= counts[:, None] / N
    return np.asarray((losses * counts).sum() / N), dflat.reshape(N, T, V)


def numerical_gradient(f, x, df, h=1e-5):
    gradient = np.empty_like(x)
    entries = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not entries.finished:
        i = entries.multi_index
        kept = x[i]
        x[i] = kept + h
        ahead = np.copy(f(x))
        x[i] = kept - h
        behind = np.copy(f(x))
        x[i] = kept
        gradient[i] = np.sum((ahead - behind) * df) / (2 * h)
        entries.iternext()
    return gradient


def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("the shapes differ")
    with np.errstate(invalid="ignore"):
        quotient = np.abs(a - b) / (np.abs(a) + np.abs(b))
    quotient = np.nan_to_num(quotient, nan=0.0)
    return float(quotient.max()) if quotient.size else 0.0


def gradient_check(f, vjp, inputs, rng):
    for _ in range(3):
        dout = rng.standard_normal(np.shape(f(*inputs)))
        grads = vjp(dout, *inputs)
        if len(grads) != len(inputs):
            return False
        for i, x in enumerate(inputs):
            if np.shape(grads[i]) != x.shape:
                return False
            v = rng.standard_normal(x.shape)

            def along(t, i=i, x=x, v=v):
                return np.array(f(*inputs[:i], x + t[0] * v, *inputs[i + 1 :]))

            numeric = numerical_gradient(along, np.zeros(1), dout)[0]
            analytic = (grads[i] * v).sum()
            most = 1e-6 * max(1, abs(numeric), abs(analytic))
            if not np.isclose(numeric, analytic, rtol=0, atol=most):
                return False
    return True
