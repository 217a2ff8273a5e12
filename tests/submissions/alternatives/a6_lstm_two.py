"""A right answer to everything, with objects and closures for caches."""

import numpy as np


class Step:
    """What one step has seen and computed."""

    def __init__(self, x, h, c, Wx, Wh, b):
        H = c.shape[1]
        joined = np.hstack([x, h, np.ones((len(x), 1))])
        weights = np.vstack([Wx, Wh, b])
        a = joined @ weights
        self.joined, self.weights, self.before, self.H, self.D = joined, weights, c, H, x.shape[1]
        self.i = 0.5 * (1.0 + np.tanh(0.5 * a[:, 0:H]))
        self.f = 0.5 * (1.0 + np.tanh(0.5 * a[:, H : 2 * H]))
        self.o = 0.5 * (1.0 + np.tanh(0.5 * a[:, 2 * H : 3 * H]))
        self.g = np.tanh(a[:, 3 * H : 4 * H])
        self.c = self.f * c + self.i * self.g
        self.shown = np.tanh(self.c)

    def back(self, dh, dc):
        dc = dc + dh * self.o - dh * self.o * self.shown * self.shown
        da = np.hstack(
            [
                dc * self.g * (self.i - self.i**2),
                dc * self.before * (self.f - self.f**2),
                dh * self.shown * (self.o - self.o**2),
                dc * self.i - dc * self.i * self.g**2,
            ]
        )
        djoined, dweights = da @ self.weights.T, self.joined.T @ da
        D, H = self.D, self.H
        return (
            djoined[:, :D],
            djoined[:, D : D + H],
            dc * self.f,
            dweights[:D],
            dweights[D : D + H],
            dweights[-1],
        )


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    step = Step(x, prev_h, prev_c, Wx, Wh, b)
    return step.o * step.shown, step.c, step


def lstm_step_backward(dnext_h, dnext_c, cache):
    return cache.back(dnext_h, dnext_c)


def lstm_forward(x_seq, h0, Wx, Wh, b):
    steps = []
    h, c = h0, 0.0 * h0
    for x in x_seq.transpose(1, 0, 2):
        step = Step(x, h, c, Wx, Wh, b)
        h, c = step.o * step.shown, step.c
        steps.append(step)

    def back(dh):
        dxs, weights = [], []
        dh_later, dc_later = 0.0, 0.0
        for t, step in reversed(list(enumerate(steps))):
            dx, dh_later, dc_later, *of_weights = step.back(dh[:, t] + dh_later, dc_later)
            dxs.append(dx)
            weights.append(of_weights)
        return (np.stack(dxs[::-1], 1), dh_later, *map(sum, zip(*weights, strict=True)))

    return np.stack([s.o * s.shown for s in steps], 1), back


def lstm_backward(dh, cache):
    return cache(dh)


def cell_gradient(f):
    return np.array([np.prod(f[t + 1 :], axis=0) for t in range(len(f))])


def forget_bias_init(b, value):
    part = np.arange(b.size) // (b.size // 4)
    return np.where(part == 1, value, b)


def design_latch_lstm():
    # the candidate is sure of its sign; state and cell may be heard, too little to matter
    Wx = np.array([[0.0, 0.0, 0.0, 1e3], [2e3, -2e3, 1.0, 0.0]])
    Wh = np.array([[1.0, -1.0, 5.0, 2.0]])
    return Wx, Wh, np.array([-1e3, 1e3, 1e3, 0.0])
