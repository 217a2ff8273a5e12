"""Typical wrong answers to `count_parameters`, each with its hint."""

from __future__ import annotations

from autograder.testing import misconception


def _parts(kind, **parts):
    if kind not in parts:
        raise ValueError(kind)
    return parts[kind]


@misconception("count_parameters")
def bias_forgotten(kind, D, H):
    """Your number lacks the biases: H for each gate and for the candidate."""
    return _parts(kind, rnn=1, gru=3, lstm=4) * (D * H + H * H)


@misconception("count_parameters")
def doubled_bias(kind, D, H):
    """Your number has two bias vectors per gate, as PyTorch's layers have. Here there is one."""
    return _parts(kind, rnn=1, gru=3, lstm=4) * (D * H + H * H + 2 * H)


@misconception("count_parameters")
def candidate_forgotten(kind, D, H):
    """Your number counts the gates, two in a GRU and three in an LSTM. Their candidates have
    weights, too."""
    return _parts(kind, rnn=1, gru=2, lstm=3) * (D * H + H * H + H)


@misconception("count_parameters")
def weights_of_h_forgotten(kind, D, H):
    """Your number lacks the weights of the state: an H × H matrix for each gate and for the
    candidate."""
    return _parts(kind, rnn=1, gru=3, lstm=4) * (D * H + H)


@misconception("count_parameters")
def unknown_kind_is_a_key_error(kind, D, H):
    """An unknown kind raises KeyError in your function: the error of your table and not of the
    caller. Look first, and raise ValueError."""
    return {"rnn": 1, "gru": 3, "lstm": 4}[kind] * (D * H + H * H + H)


@misconception("count_parameters")
def unknown_kind_accepted(kind, D, H):
    """Your function has an answer for any kind, as an `else` or a default catches all others. Raise
    ValueError for a kind that is not one of the three."""
    return {"rnn": 1, "gru": 3}.get(kind, 4) * (D * H + H * H + H)
