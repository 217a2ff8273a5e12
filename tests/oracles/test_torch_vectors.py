"""The reference solutions agree with PyTorch, which has no author in common with them.

The expected numbers are in torch_vectors.json; make_vectors.py tells where they come from.
"""

import functools
import json
from pathlib import Path

import numpy as np
import pytest

from autograder.core.course import find_course
from autograder.suite import import_file
from autograder.testing.compare import assert_bitwise_equal, assert_close

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "torch_vectors.json").read_text())["vectors"]
COURSE = find_course(HERE)

GRADIENTS = ["dx", "dh0", "dWx", "dWh", "db"]


@functools.cache
def reference(assignment):
    return import_file(COURSE.solution(assignment))


def arrays(part):
    """The same with lists as arrays."""
    if isinstance(part, dict):
        return {name: arrays(inside) for name, inside in part.items()}
    return np.array(part) if isinstance(part, list) else part


def on(*names):
    """The test runs on every case of the vectors of these names."""
    cases = [
        pytest.param(arrays(vector), id=f"{name}-{case}")
        for name in names
        for case, vector in VECTORS[name].items()
    ]
    return pytest.mark.parametrize("vector", cases)


def assert_both_ways(forward, backward, vector, outputs, gradients):
    """Forward and, from its cache, backward give the vector's values for these names, in order."""
    *got, cache = forward(**vector["inputs"])
    assert_close(dict(zip(outputs, got, strict=True)), vector["outputs"])
    got = backward(**vector["cotangents"], cache=cache)
    assert_close(dict(zip(gradients, got, strict=True)), vector["gradients"])


@on("activations")
@pytest.mark.parametrize(
    "function", ["sigmoid", "sigmoid_prime", "tanh_prime", "relu", "relu_prime"]
)
def test_activations_and_their_derivatives(function, vector):
    got = getattr(reference("a1_activations"), function)(**vector["inputs"])
    assert_close(got, vector["outputs"][function])


@on("softmax_cross_entropy", "softmax_cross_entropy_large")
def test_the_loss_and_its_gradient(vector):
    loss, dscores = reference("a1_activations").softmax_cross_entropy(**vector["inputs"])
    assert_close({"loss": loss, "dscores": dscores}, vector["outputs"])


@on("rnn")
def test_the_states_of_a_tanh_rnn(vector):
    h, _ = reference("a2_rnn").rnn_forward(**vector["inputs"])
    assert_close(h, vector["outputs"]["h"])


@on("rnn_step")
def test_the_next_state_of_a_tanh_rnn(vector):
    next_h, _ = reference("a2_rnn").rnn_step_forward(**vector["inputs"])
    assert_close(next_h, vector["outputs"]["next_h"])


@on("rnn_relu")
def test_the_states_of_a_relu_rnn(vector):
    h, _ = reference("a2_rnn").rnn_relu_forward(**vector["inputs"])
    assert_close(h, vector["outputs"]["h"])


@on("output")
def test_the_output_layer_both_ways(vector):
    a2 = reference("a2_rnn")
    assert_both_ways(
        a2.output_forward, a2.output_backward, vector, ["scores"], ["dh", "dWo", "dbo"]
    )


@on("embedding")
def test_the_embedding_both_ways(vector):
    a2 = reference("a2_rnn")
    out, cache = a2.embedding_forward(**vector["inputs"])
    assert_close(out, vector["outputs"]["out"])
    dW = a2.embedding_backward(**vector["cotangents"], cache=cache)
    assert_close(dW, vector["gradients"]["dW"])


@on("rnn_step")
def test_a_step_of_an_rnn_both_ways(vector):
    a3 = reference("a3_bptt")
    gradients = ["dx", "dprev_h", "dWx", "dWh", "db"]
    assert_both_ways(a3.rnn_step_forward, a3.rnn_step_backward, vector, ["next_h"], gradients)


@on("rnn")
@pytest.mark.parametrize("assignment", ["a3_bptt", "a4_vanishing", "a7_architectures"])
def test_an_rnn_both_ways_wherever_the_course_has_one(assignment, vector):
    module = reference(assignment)
    assert_both_ways(module.rnn_forward, module.rnn_backward, vector, ["h"], GRADIENTS)


@on("clip_by_global_norm")
def test_clipping_is_torchs_but_for_its_small_constant(vector):
    clipped, norm = reference("a5_clipping").clip_by_global_norm(**vector["inputs"])
    assert_close(norm, vector["outputs"]["norm"], rtol=1e-14)
    assert_close(clipped, vector["outputs"]["clipped"], rtol=1e-5)  # torch: / (norm + 1e-6)


@on("clip_by_global_norm_unneeded")
def test_small_gradients_are_not_clipped(vector):
    clipped, norm = reference("a5_clipping").clip_by_global_norm(**vector["inputs"])
    assert_close(norm, vector["outputs"]["norm"], rtol=1e-14)
    assert_bitwise_equal(clipped, vector["outputs"]["clipped"])


@on("lstm_step")
def test_a_step_of_an_lstm_both_ways(vector):
    a6 = reference("a6_lstm")
    outputs, gradients = ["next_h", "next_c"], ["dx", "dprev_h", "dprev_c", "dWx", "dWh", "db"]
    assert_both_ways(a6.lstm_step_forward, a6.lstm_step_backward, vector, outputs, gradients)


@on("lstm")
def test_an_lstm_both_ways(vector):
    a6 = reference("a6_lstm")
    assert_both_ways(a6.lstm_forward, a6.lstm_backward, vector, ["h"], GRADIENTS)


def comparable(backward):
    """A GRU's backward with dWh in two: torch's has other entries beside the diagonal of Whn."""

    def wrapped(**given):
        dx, dstart, dWx, dWh, db = backward(**given)
        gates = 2 * len(dWh)  # columns of u and r
        return dx, dstart, dWx, dWh[:, :gates], dWh[:, gates:].diagonal(), db

    return wrapped


@on("gru_step")
def test_a_step_of_a_gru_both_ways_where_torchs_is_ours(vector):
    a7 = reference("a7_architectures")
    backward = comparable(a7.gru_step_backward)
    gradients = ["dx", "dprev_h", "dWx", "dWh_gates", "dWhn_diagonal", "db"]
    assert_both_ways(a7.gru_step_forward, backward, vector, ["next_h"], gradients)


@on("gru")
def test_a_gru_both_ways_where_torchs_is_ours(vector):
    a7 = reference("a7_architectures")
    backward = comparable(a7.gru_backward)
    gradients = ["dx", "dh0", "dWx", "dWh_gates", "dWhn_diagonal", "db"]
    assert_both_ways(a7.gru_forward, backward, vector, ["h"], gradients)


@on("gru_written_out")
def test_a_gru_both_ways_with_autograds_gradients(vector):
    a7 = reference("a7_architectures")
    assert_both_ways(a7.gru_forward, a7.gru_backward, vector, ["h"], GRADIENTS)
