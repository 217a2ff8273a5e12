"""PyTorch's recurrent layers with our weights.

PyTorch multiplies by the transposed matrices and has two biases, of which one is set to 0. Its
gates have another order than ours; the gradients are by our weights in our layout all the same,
since autograd sees through the mapping.
"""

import torch
from torch import Tensor, nn

from tests.oracles.case import Case, Tensors, Vector, differentiate, place


def weights(case: Case, gates: int) -> Tensors:
    """Weights packed along the last axis, of gates * H entries."""
    axes = {"Wx": "DH", "Wh": "HH", "b": "H"}
    return {
        name: 0.7 * torch.cat([case.normal(each) for _ in range(gates)], dim=-1)
        for name, each in axes.items()
    }


def of_sequence(case: Case, gates: int) -> Tensors:
    return {"x_seq": case.normal("NTD"), "h0": case.normal("NH"), **weights(case, gates)}


def of_step(case: Case, gates: int) -> Tensors:
    return {"x": case.normal("ND"), "prev_h": case.normal("NH"), **weights(case, gates)}


def place_weights(module: nn.Module, Wx: Tensor, Wh: Tensor, b: Tensor) -> nn.Module:
    layer = "" if isinstance(module, nn.RNNCellBase) else "_l0"
    kernels = {f"weight_ih{layer}": Wx.T, f"weight_hh{layer}": Wh.T}
    biases = {f"bias_ih{layer}": b, f"bias_hh{layer}": torch.zeros_like(b)}
    return place(module, **kernels, **biases)


def rnn(case: Case, nonlinearity: str = "tanh") -> Vector:
    def forward(x_seq, h0, Wx, Wh, b):
        layer = nn.RNN(*case.shape("DH"), nonlinearity=nonlinearity, batch_first=True)
        return {"h": place_weights(layer, Wx, Wh, b)(x_seq, h0[None])[0]}

    return differentiate(forward, of_sequence(case, 1), case)


def rnn_step(case: Case) -> Vector:
    def forward(x, prev_h, Wx, Wh, b):
        cell = nn.RNNCell(*case.shape("DH"))
        return {"next_h": place_weights(cell, Wx, Wh, b)(x, prev_h)}

    return differentiate(forward, of_step(case, 1), case)


def lstm_order(packed: Tensor) -> Tensor:
    """From our i, f, o, g to torch's i, f, g, o."""
    i, f, o, g = packed.chunk(4, dim=-1)
    return torch.cat((i, f, g, o), dim=-1)


def lstm(case: Case) -> Vector:
    def forward(x_seq, h0, Wx, Wh, b):
        layer = nn.LSTM(*case.shape("DH"), batch_first=True)
        place_weights(layer, *map(lstm_order, (Wx, Wh, b)))
        return {"h": layer(x_seq, (h0[None], torch.zeros_like(h0)[None]))[0]}

    return differentiate(forward, of_sequence(case, 4), case)


def lstm_step(case: Case) -> Vector:
    def forward(x, prev_h, prev_c, Wx, Wh, b):
        cell = place_weights(nn.LSTMCell(*case.shape("DH")), *map(lstm_order, (Wx, Wh, b)))
        next_h, next_c = cell(x, (prev_h, prev_c))
        return {"next_h": next_h, "next_c": next_c}

    return differentiate(forward, of_step(case, 4) | {"prev_c": case.normal("NH")}, case)


def gru_order(packed: Tensor) -> Tensor:
    """From our u, r, n to torch's r, z, n; torch's h' = (1 - z) n + z h, so its z is our 1 - u."""
    u, r, n = packed.chunk(3, dim=-1)
    return torch.cat((r, -u, n), dim=-1)


def with_diagonal(inputs: Tensors) -> Tensors:
    """Inputs for which torch's GRU is ours.

    With Whn the recurrent weights of n, torch has r * (h @ Whn), and we have (r * h) @ Whn. Where
    Whn is diagonal, both are the same function of all other inputs and of the diagonal.
    """
    u, r, n = inputs["Wh"].chunk(3, dim=-1)
    return inputs | {"Wh": torch.cat((u, r, n.diagonal().diag()), dim=-1)}


def comparable(vector: Vector) -> Vector:
    """The gradients that the two GRUs share: all but those by Whn beside its diagonal."""
    gradients = dict(vector["gradients"])
    du, dr, dn = gradients.pop("dWh").chunk(3, dim=-1)
    gradients |= {"dWh_gates": torch.cat((du, dr), dim=-1), "dWhn_diagonal": dn.diagonal()}
    return vector | {"gradients": gradients}


def gru(case: Case) -> Vector:
    def forward(x_seq, h0, Wx, Wh, b):
        layer = nn.GRU(*case.shape("DH"), batch_first=True)
        return {"h": place_weights(layer, *map(gru_order, (Wx, Wh, b)))(x_seq, h0[None])[0]}

    return comparable(differentiate(forward, with_diagonal(of_sequence(case, 3)), case))


def gru_step(case: Case) -> Vector:
    def forward(x, prev_h, Wx, Wh, b):
        cell = nn.GRUCell(*case.shape("DH"))
        return {"next_h": place_weights(cell, *map(gru_order, (Wx, Wh, b)))(x, prev_h)}

    return comparable(differentiate(forward, with_diagonal(of_step(case, 3)), case))


def gru_written_out(case: Case) -> Vector:
    """Our GRU with a full Whn: the formula is the course's, only the gradients are torch's."""

    def forward(x_seq, h0, Wx, Wh, b):
        xu, xr, xn = (x_seq @ Wx + b).chunk(3, dim=-1)  # each (N, T, H)
        Whu, Whr, Whn = Wh.chunk(3, dim=-1)
        h, states = h0, []
        for t in range(case.sizes["T"]):
            u = torch.sigmoid(xu[:, t] + h @ Whu)
            r = torch.sigmoid(xr[:, t] + h @ Whr)
            n = torch.tanh(xn[:, t] + (r * h) @ Whn)
            h = (1 - u) * h + u * n
            states.append(h)
        return {"h": torch.stack(states, dim=1)}

    return differentiate(forward, of_sequence(case, 3), case)
