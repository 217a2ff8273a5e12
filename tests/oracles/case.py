"""One vector: inputs of given sizes, and what PyTorch makes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

Tensors = dict[str, Tensor]
Vector = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """The length of each axis (batch, time, input, state, vocabulary), and numbers for them."""

    sizes: dict[str, int]
    rng: np.random.Generator

    def shape(self, axes: str) -> tuple[int, ...]:
        return tuple(self.sizes[axis] for axis in axes)

    def normal(self, axes: str) -> Tensor:
        return torch.tensor(self.rng.standard_normal(self.shape(axes)))

    def integers(self, high: int, axes: str) -> Tensor:
        return torch.tensor(self.rng.integers(high, size=self.shape(axes)))


def differentiate(forward: Callable[..., Tensors], inputs: Tensors, case: Case) -> Vector:
    """The outputs of ``forward`` and the gradients of sum(cotangent * output), both by name."""
    floats = [name for name, value in inputs.items() if value.is_floating_point()]
    leaves = inputs | {name: inputs[name].clone().requires_grad_() for name in floats}
    outputs = forward(**leaves)
    cotangents = {
        f"d{name}": torch.tensor(case.rng.standard_normal(out.shape))
        for name, out in outputs.items()
    }
    torch.autograd.backward(list(outputs.values()), list(cotangents.values()))
    gradients = {f"d{name.removesuffix('_seq')}": leaves[name].grad for name in floats}
    return {
        "inputs": inputs,
        "outputs": outputs,
        "cotangents": cotangents,
        "gradients": gradients,
    }


def place(module: nn.Module, **tensors: Tensor) -> nn.Module:
    """The module with these tensors, through which autograd sees, for its parameters."""
    for name, tensor in tensors.items():
        delattr(module, name)
        setattr(module, name, tensor)
    return module
