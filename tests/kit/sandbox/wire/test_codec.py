"""Values cross to the worker and back as data, bounded, or not at all."""

from __future__ import annotations

import contextlib
import struct

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.wire import bounds as wire_bounds
from autograder.sandbox.wire import codec as wire
from autograder.sandbox.wire.codec import Reference, WireError, decode, encode

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


@pytest.mark.parametrize("kind", [set, frozenset])
def test_sets_of_a_bounded_size_come_back(kind):
    again = decode(encode(kind({"A", 2, (3, None)})))
    assert again == {"A", 2, (3, None)}
    assert type(again) is kind
    with pytest.raises(WireError, match="a set of more than 1000 parts is too large"):
        decode(encode(kind(range(1001))))


def test_the_dots_of_an_open_answer_come_back():
    assert decode(encode({"size": ..., "pair": (..., 1)})) == {"size": ..., "pair": (..., 1)}


def test_numpy_scalars_keep_their_type():
    for value in (np.float64(2.5), np.float32(2.5), np.int8(-3), np.bool_(True)):
        assert type(decode(encode(value))) is type(value)
        assert decode(encode(value)) == value


def test_nan_and_infinity_cross():
    again = decode(encode([float("nan"), float("-inf"), np.array([np.nan, np.inf])]))
    assert np.isnan(again[0])
    assert again[1] == float("-inf")
    np.testing.assert_array_equal(again[2], [np.nan, np.inf])


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox])
def test_a_generator_crosses_by_its_state(bits):
    rng = np.random.Generator(bits(7))
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


def test_an_array_of_too_many_dimensions_cannot_be_sent():
    with pytest.raises(WireError, match="an array of 40 dimensions is too large to send"):
        encode(np.ones([1] * 40))


def test_a_value_beyond_the_limit_cannot_be_sent(monkeypatch):
    monkeypatch.setattr(wire, "MAX_BYTES", 1000)
    with pytest.raises(WireError, match="too large to send"):
        encode(np.zeros(1000))


def ext(code, payload):
    return msgpack.packb(msgpack.ExtType(code, msgpack.packb(payload)))


def array(dtype, shape, data, code=2):
    head = dtype.encode().ljust(4) + struct.pack(f"<B{len(shape)}Q", len(shape), *shape)
    return msgpack.packb(msgpack.ExtType(code, head + data))


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
        (b"\xdd\xff\xff\xff\xff", "parts is too large"),
        (b"\x81\x90\x01", "malformed"),
        (b"\x91" * 5000, "nests more than"),
        (nested_tuples(70), "nests more than"),
        (ext(1, "no list"), "not a list"),
        (array("|O", [1], b"12345678"), "not plain data"),
        (array("<f8,<f8", [1], b"x" * 16), "not plain data"),
        (array("<f8", [2], b"12345678"), "do not fit"),
        (array("<f8", [2], b"1234567812345678more"), "do not fit"),
        (array("<f8", [2**64 - 1], b""), "impossible shape"),
        (array("<f8", [1] * 40, b"12345678"), "impossible shape"),
        (array("f8", [1], b"12345678"), "not plain data"),
        (msgpack.packb(msgpack.ExtType(2, b"<f8 ")), "malformed"),
        (msgpack.packb(msgpack.ExtType(2, b"<f8 \x021234")), "malformed"),
        (msgpack.packb(msgpack.ExtType(2, b"")), "malformed"),
        (b"\xc7\x09\x02<f8", "ends early"),
        (b"\xc8\x00", "ends early"),
        (array("<f8", [1], b"short", code=3), "do not fit"),
        (ext(6, {"bit_generator": "os.system"}), "malformed"),
        (ext(1, {0: 1}), "not a list"),
        (array("<f8", [2**40, 0], b""), "impossible shape"),
        (ext(4, ["1", 2.0]), "malformed complex"),
        (ext(7, ["handle", "1", "label"]), "malformed reference"),
        (ext(6, {"bit_generator": "SFC64", "state": {}}), "malformed"),
        (ext(99, []), "unknown extension"),
        (b"\xd6\xff\x00\x00\x00\x00", "unknown extension"),  # MessagePack's own timestamps
        (b"\xd9\x05four", "ends early"),
        (b"\xd4\x01\x90\x90", "ends early, or late"),
        (b"\xc7\x02\x01\x90\x90", "wrong length"),
        (b"\xdd\x00\x01\x00\x00" * 10, "parts is too large"),
        (msgpack.packb(msgpack.ExtType(5, b"")), "wrong length"),
        (msgpack.packb(msgpack.ExtType(5, b"1" * 100)), "wrong length"),
        (msgpack.packb(msgpack.ExtType(10, b"1")), "wrong length"),
    ],
)
def test_malformed_bytes_are_refused_with_a_reason(data, complaint):
    with pytest.raises(WireError, match=complaint):
        decode(data)


def test_lists_within_tuples_within_lists_are_counted_together():
    value: object = 1.0
    for _ in range(40):
        value = [(value,)]
    with pytest.raises(WireError, match="nests more than 64 deep"):
        decode(encode(value))


def test_bytes_that_are_copied_out_of_each_other_again_and_again_are_refused():
    data = msgpack.packb([b"x" * 2**24])
    for _ in range(10):
        data = b"\x91" + msgpack.packb(msgpack.ExtType(1, data))
    with pytest.raises(WireError, match="nests so much"):
        decode(data)


def test_keys_whose_hashes_collide_are_refused_before_they_cost_time():
    colliding = {i * (2**61 - 1): None for i in range(1, 2000)}
    with pytest.raises(WireError, match="so many rare keys"):
        decode(encode({**colliding, "a": 1}))
    assert len(decode(encode(dict.fromkeys(range(100_000))))) == 100_000


@pytest.mark.parametrize(
    ("bits", "changes"),
    [
        (np.random.MT19937, {"pos": 10**9}),
        (np.random.MT19937, {"pos": -1}),
        (np.random.MT19937, {"pos": 1.0}),
        (np.random.Philox, {"buffer_pos": -(10**9)}),
    ],
)
def test_a_generator_that_would_read_beyond_its_memory_is_refused(bits, changes):
    state = bits(0).state
    for key, value in changes.items():
        place = state if key in state else state["state"]
        place[key] = value
    packed = msgpack.packb(state, default=lambda array: array.tolist())
    with pytest.raises(WireError, match="impossible state"):
        decode(msgpack.packb(msgpack.ExtType(6, packed)))


def test_a_generator_of_another_kind_is_not_plain_data():
    with pytest.raises(WireError, match="is not plain data"):
        encode(np.random.Generator(np.random.SFC64(0)))


def test_a_truth_value_is_true_or_false_whatever_its_byte():
    (again,) = decode(array("|b1", [1], b"\x02"))
    assert again.tobytes() == b"\x01"
    assert decode(array("|b1", [], b"\x02", code=3)) is np.True_


def test_a_label_is_cut():
    assert len(decode(ext(7, ["handle", 0, "x" * 10_000])).label) == 200


def test_a_message_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(wire_bounds, "MAX_BYTES", 1000)
    with pytest.raises(WireError, match="too large"):
        decode(b"\x90" * 2000)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_wire_error(data):
    with contextlib.suppress(WireError):
        decode(data)
