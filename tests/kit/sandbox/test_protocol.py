"""Messages are framed in one way at both ends of the sandbox's socket."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.wire.codec import WireError
from autograder.sandbox.wire.protocol import Frames, framed

parts = st.lists(st.binary(max_size=50), max_size=8)


def taken(frames: Frames) -> list[bytes]:
    return list(iter(frames.take, None))


@given(messages=parts, cuts=st.lists(st.integers(1, 30), min_size=1, max_size=10))
def test_messages_come_out_as_they_went_in_however_the_socket_cuts_them(messages, cuts):
    stream = b"".join(map(framed, messages))
    frames, received = Frames(), []
    while stream:
        for cut in cuts:
            frames.add(stream[:cut])
            stream = stream[cut:]
            received += taken(frames)
    assert received == messages


def test_a_message_is_not_there_before_its_last_byte():
    frames = Frames()
    frames.add(framed(b"whole")[:-1])
    assert frames.take() is None
    frames.add(b"e")
    assert frames.take() == b"whole"


def test_a_message_that_is_too_long_is_refused_by_its_head_alone():
    frames = Frames(most=10)
    frames.add(framed(b"x" * 11)[:4])
    with pytest.raises(
        WireError, match="the sandbox announced a message of 11 bytes; the limit is 10"
    ):
        frames.take()
