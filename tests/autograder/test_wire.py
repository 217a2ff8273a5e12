"""Values cross to the worker and back as data, bounded, or not at all."""

from __future__ import annotations

import contextlib

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder import wire
from autograder.wire import Reference, WireError, decode, encode

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(max_size=8)
    | st.binary(max_size=8)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=4) | st.integers(0, 9), inner, max_size=4)
    ),
    max_leaves=12,
)
arrays = hnp.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_, np.complex128]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


@given(values)
def test_plain_values_come_back_equal_and_of_the_same_type(value):
    again = decode(encode(value))
    assert again == value
    assert type(again) is type(value)


@given(arrays)
def test_arrays_come_back_bitwise_with_dtype_and_shape_and_can_be_written(array):
    again = decode(encode(array))
    assert (again.dtype, again.shape) == (array.dtype, array.shape)
    assert again.tobytes() == array.tobytes()
    assert again.flags.writeable


def test_numpy_scalars_keep_their_type():
    for value in (np.float64(2.5), np.float32(2.5), np.int8(-3), np.bool_(True)):
        assert type(decode(encode(value))) is type(value)
        assert decode(encode(value)) == value


def test_nan_and_infinity_cross():
    again = decode(encode([float("nan"), float("-inf"), np.array([np.nan, np.inf])]))
    assert np.isnan(again[0])
    assert again[1] == float("-inf")
    np.testing.assert_array_equal(again[2], [np.nan, np.inf])


def test_a_generator_crosses_by_its_state():
    rng = np.random.default_rng(7)
    rng.random(3)
    again = decode(encode(rng))
    np.testing.assert_array_equal(again.standard_normal(5), rng.standard_normal(5))


class FloatOfMyOwn(float):
    pass


class ArrayOfMyOwn(np.ndarray):
    def __eq__(self, other):
        return True


@pytest.mark.parametrize(
    "value",
    [
        FloatOfMyOwn(1.0),
        np.ones(2).view(ArrayOfMyOwn),
        np.array([None]),
        np.array(["a"]),
        np.ma.masked_array([1.0], [True]),
        object(),
        len,
        np.random.Generator(np.random.MT19937(7)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_exact_plain_types_cross(value):
    with pytest.raises(WireError, match="is not plain data"):
        encode(value)
    with pytest.raises(WireError, match="is not plain data"):
        encode([1, (value,)])


def test_what_cannot_cross_may_go_by_reference():
    kept = []

    def refer(value):
        kept.append(value)
        return Reference("handle", len(kept) - 1, type(value).__name__)

    data = encode((np.ones(2), object), refer)
    array, handle = decode(data)
    assert handle == Reference("handle", 0, "type")
    assert decode(data, lambda reference: kept[reference.id])[1] is object
    np.testing.assert_array_equal(array, [1.0, 1.0])


def test_a_list_that_holds_itself_cannot_be_sent():
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(WireError, match="cannot be sent"):
        encode(circle)


def test_a_huge_integer_cannot_be_sent():
    with pytest.raises(WireError, match="too large to send"):
        encode(1 << 100_000)


def test_a_value_beyond_the_limit_cannot_be_sent(monkeypatch):
    monkeypatch.setattr(wire, "MAX_BYTES", 1000)
    with pytest.raises(WireError, match="too large to send"):
        encode(np.zeros(1000))


def ext(code, payload):
    return msgpack.packb(msgpack.ExtType(code, msgpack.packb(payload)))


def np_state(bits):
    """A generator's state that reads far outside its buffer."""
    state = bits(0).state
    state["state"]["key"] = state["state"]["key"].tolist()
    state["state"]["pos"] = -5_000_000
    return state


def nested_tuples(depth):
    data = msgpack.packb([])
    for _ in range(depth):
        data = msgpack.packb(msgpack.ExtType(1, data))
    return data


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "malformed"),
        (b"\xc1", "malformed"),
        (encode(1) + b"more", "malformed"),
        (b"\xdd\xff\xff\xff\xff", "malformed"),
        (b"\x81\x90\x01", "key of type list"),
        (b"\x91" * 5000, "malformed"),
        (b"\x91" * 40 + b"\x01", "nests more than"),
        (msgpack.packb([[0] * 999] * 999), "more than 100000 parts"),
        (msgpack.packb({msgpack.ExtType(1, msgpack.packb([1])): 0}), "key of type tuple"),
        (msgpack.packb({msgpack.ExtType(5, b"1" * 40): 0}), "key of type int"),
        (nested_tuples(40), "nests more than"),
        (ext(1, "no list"), "no list"),
        (ext(2, ["|O", [1], b"12345678"]), "not plain data"),
        (ext(2, ["<f8,<f8", [1], b"x" * 16]), "not plain data"),
        (ext(2, ["<f8", [2], b"12345678"]), "do not fit"),
        (ext(2, ["<f8", [-1], b""]), "impossible shape"),
        (ext(2, ["<f8", [2**40, 0], b""]), "impossible shape"),
        (ext(2, ["<f8", [1] * 40, b"12345678"]), "impossible shape"),
        (ext(2, ["nonsense", [1], b""]), "not plain data"),
        (ext(2, ["f99", [1], b""]), "malformed"),
        (ext(2, ["|b1", [1], b"2"]), "neither true nor false"),
        (ext(2, ["<f8"]), "malformed"),
        (ext(6, {"bit_generator": "os.system"}), "malformed"),
        (ext(6, np_state(np.random.MT19937)), "malformed"),
        (ext(99, []), "unknown extension"),
        (msgpack.packb(msgpack.ExtType(5, b"")), "wrong length"),
        (msgpack.packb(msgpack.ExtType(5, b"1" * 100)), "wrong length"),
    ],
)
def test_malformed_bytes_are_refused_with_a_reason(data, complaint):
    with pytest.raises(WireError, match=complaint):
        decode(data)


def test_a_message_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(wire, "MAX_BYTES", 1000)
    with pytest.raises(WireError, match="too large"):
        decode(b"\x90" * 2000)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_wire_error(data):
    with contextlib.suppress(WireError):
        decode(data)
