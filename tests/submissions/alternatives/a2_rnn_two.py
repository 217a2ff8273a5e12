"""Everything is right, with explicit loops; caches are objects, closures or lists."""

import numpy as np


class Remembered:
    def __init__(self, **what):
        self.__dict__.update(what)


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    N, H = prev_h.shape
    next_h = np.zeros((N, H))
    for n in range(N):
        for j in range(H):
            a = b[j]
            a = a + sum(x[n, d] * Wx[d, j] for d in range(x.shape[1]))
            a = a + sum(prev_h[n, i] * Wh[i, j] for i in range(H))
            # tanh, written with exponentials that cannot overflow
            e = np.expm1(-2 * abs(a))
            next_h[n, j] = np.copysign(-e / (2 + e), a)
    return next_h, Remembered(x=x, prev_h=prev_h, Wx=Wx, Wh=Wh, next_h=next_h)


def rnn_forward(x_seq, h0, Wx, Wh, b):
    h = []
    caches = []
    state = h0
    for t in range(x_seq.shape[1]):
        state, step = rnn_step_forward(x_seq[:, t, :], state, Wx, Wh, b)
        h.append(state[:, None, :])
        caches.append(step)
    return np.concatenate(h, axis=1), tuple(caches)


def relu(a):
    return (a + np.abs(a)) / 2


def rnn_relu_forward(x_seq, h0, Wx, Wh, b):
    # column form, one sequence at a time
    N, T, _ = x_seq.shape
    h = np.full((N, T, len(b)), np.nan)
    for n in range(N):
        state = h0[n]
        for t in range(T):
            state = relu(Wx.T @ x_seq[n, t] + Wh.T @ state + b)
            h[n, t] = state
    return h, lambda: (x_seq, h0, Wx, Wh, h)


def output_forward(h, Wo, bo):
    scores = np.stack([h[:, t] @ Wo + bo for t in range(h.shape[1])], axis=1)

    def backward(dscores):
        dh, dWo, dbo = np.zeros(h.shape), np.zeros(Wo.shape), np.zeros(bo.shape)
        for n in range(h.shape[0]):
            for t in range(h.shape[1]):
                dh[n, t] = Wo @ dscores[n, t]
                dWo += np.outer(h[n, t], dscores[n, t])
                dbo += dscores[n, t]
        return dh, dWo, dbo

    return scores, backward


def output_backward(dscores, cache):
    return cache(dscores)


def embedding_forward(words, W):
    out = np.zeros((words.shape[0], words.shape[1], W.shape[1]))
    for (n, t), word in np.ndenumerate(words):
        out[n, t] = W[word]
    return out, [words, len(W)]


def embedding_backward(dout, cache):
    words, n_words = cache
    return np.array([dout[words == v].sum(axis=0) for v in range(n_words)])


def last_valid_state(h, lengths):
    return np.stack([sequence[length - 1] for sequence, length in zip(h, lengths, strict=True)])
