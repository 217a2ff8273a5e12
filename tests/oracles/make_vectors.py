"""Inputs, outputs and gradients of the course's functions, computed by PyTorch.

PyTorch is not among the project's requirements; run this by hand, in an environment of its own,
from the project's folder:

    python3 -m venv /tmp/oracle
    /tmp/oracle/bin/pip install torch numpy
    /tmp/oracle/bin/python -m tests.oracles.make_vectors

It writes torch_vectors.json beside this file; test_torch_vectors.py compares the reference
solutions with that, without PyTorch. The inputs are drawn from fixed seeds, so a second run changes
nothing, save perhaps last digits on another machine.
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from tests.oracles.case import Case, Vector, differentiate, place
from tests.oracles.recurrent import (
    gru,
    gru_step,
    gru_written_out,
    lstm,
    lstm_step,
    rnn,
    rnn_step,
    weights,
)

VECTORS = Path(__file__).with_name("torch_vectors.json")

SIZES = {
    "all_different": {"N": 4, "T": 5, "D": 2, "H": 3, "V": 6},
    "one_sequence": {"N": 1, "T": 4, "D": 3, "H": 2, "V": 5},
    "one_unit": {"N": 2, "T": 4, "D": 3, "H": 1, "V": 5},
}


def main() -> None:
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    vectors = {
        name: {
            label: make(Case(sizes, np.random.default_rng([*sizes.values()])))
            for label, sizes in SIZES.items()
        }
        for name, make in MAKERS.items()
    }
    version = torch.__version__.partition("+")[0]
    VECTORS.write_text(as_text({"torch": version, "vectors": vectors}) + "\n")


def as_text(value: Any, indent: str = "") -> str:
    """JSON with sorted keys and one array per line."""
    if not isinstance(value, dict):
        return json.dumps(value.tolist() if isinstance(value, Tensor) else value, allow_nan=False)
    deeper = indent + " "
    lines = [f"{deeper}{json.dumps(key)}: {as_text(value[key], deeper)}" for key in sorted(value)]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def activations(case: Case) -> Vector:
    x = 2.0 * case.normal("ND")
    x[0, 0] = 0.0
    outputs = {}
    for activation in (torch.sigmoid, torch.tanh, torch.relu):
        leaf = x.clone().requires_grad_()
        out = activation(leaf)
        outputs[activation.__name__] = out
        (outputs[f"{activation.__name__}_prime"],) = torch.autograd.grad(out.sum(), leaf)
    del outputs["tanh"]  # not an exercise
    return {"inputs": {"x": x}, "outputs": outputs}


def softmax_cross_entropy(case: Case, scale: float = 1.0) -> Vector:
    scores = (scale * case.normal("NTV")).requires_grad_()
    y, mask = case.integers(case.sizes["V"], "NT"), case.integers(2, "NT")
    mask[0, :2] = torch.tensor([1, 0])  # at least one of each
    losses = cross_entropy(scores.flatten(0, 1), y.flatten(), reduction="none")  # (N * T,)
    loss = (losses * mask.flatten()).sum() / case.sizes["N"]
    (dscores,) = torch.autograd.grad(loss, scores)
    inputs = {"scores": scores, "y": y, "mask": mask}
    return {"inputs": inputs, "outputs": {"loss": loss, "dscores": dscores}}


def output(case: Case) -> Vector:
    def forward(h, Wo, bo):
        layer = nn.Linear(*case.shape("HV"))
        return {"scores": place(layer, weight=Wo.T, bias=bo)(h)}

    inputs = {"h": case.normal("NTH"), "Wo": case.normal("HV"), "bo": case.normal("V")}
    return differentiate(forward, inputs, case)


def embedding(case: Case) -> Vector:
    def forward(words, W):
        layer = nn.Embedding(*case.shape("VD"))
        return {"out": place(layer, weight=W)(words)}

    words = case.integers(case.sizes["V"], "NT")
    words[:, -1] = words[:, 0]  # a repeated word in each sequence
    return differentiate(forward, {"words": words, "W": case.normal("VD")}, case)


def clip_by_global_norm(case: Case, share: float) -> Vector:
    """Clipping at this share of the norm."""
    grads = {f"d{name}": value for name, value in weights(case, 1).items()}
    threshold = share * torch.cat([g.flatten() for g in grads.values()]).norm()
    parameters = {name: nn.Parameter(torch.zeros_like(g)) for name, g in grads.items()}
    for name, parameter in parameters.items():
        parameter.grad = grads[name].clone()
    norm = nn.utils.clip_grad_norm_(parameters.values(), float(threshold))
    clipped = {name: parameter.grad for name, parameter in parameters.items()}
    inputs = {"grads": grads, "threshold": threshold}
    return {"inputs": inputs, "outputs": {"clipped": clipped, "norm": norm}}


MAKERS: dict[str, Callable[[Case], Vector]] = {
    "activations": activations,
    "softmax_cross_entropy": softmax_cross_entropy,
    "softmax_cross_entropy_large": partial(softmax_cross_entropy, scale=1000.0),
    "output": output,
    "embedding": embedding,
    "rnn": rnn,
    "rnn_relu": partial(rnn, nonlinearity="relu"),
    "rnn_step": rnn_step,
    "clip_by_global_norm": partial(clip_by_global_norm, share=0.3),
    "clip_by_global_norm_unneeded": partial(clip_by_global_norm, share=1.5),
    "lstm": lstm,
    "lstm_step": lstm_step,
    "gru": gru,
    "gru_step": gru_step,
    "gru_written_out": gru_written_out,
}

if __name__ == "__main__":
    main()
