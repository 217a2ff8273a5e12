"""Strange inputs, saved and new, do no harm. ``make soak`` tries a million."""

from __future__ import annotations

import contextlib
import tracemalloc
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from autograder.sandbox.wire.codec import WireError, decode
from tests.fuzz.corpus import FOLDER, load
from tests.fuzz.run import mutated
from tests.fuzz.seeds import seeds
from tests.fuzz.strategies import messages, notebooks, sources
from tests.fuzz.targets import TARGETS, assert_plain, cell, notebook, same, wire

short = settings(max_examples=150, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("target", TARGETS)
def test_the_saved_inputs_do_no_harm(target):
    saved = load(target)
    assert saved
    for data in (*seeds(target), *saved):
        TARGETS[target](data)


def test_each_saved_corpus_has_a_target():
    assert {path.stem for path in FOLDER.glob("*.zip")} == set(TARGETS)


@short
@given(messages)
def test_messages_that_are_nearly_right_do_no_harm(data):
    wire(data)


@short
@given(notebooks)
def test_notebooks_that_are_nearly_right_do_no_harm(data):
    notebook(data)


@short
@given(sources)
def test_cells_of_nearly_any_text_do_no_harm(text):
    cell(text.encode("utf-8", "surrogatepass"))


def test_a_message_takes_memory_in_proportion_to_its_bytes():
    tracemalloc.start()
    try:
        for data in seeds("wire"):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            with contextlib.suppress(WireError):
                decode(data)
            taken = tracemalloc.get_traced_memory()[1] - before
            assert taken < 100_000 + 100 * len(data), data[:50]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("value", [{1, len}, [object()], {"a": (len,)}, "x".join])
def test_what_is_no_plain_data_would_be_noticed(value):
    with pytest.raises(AssertionError):
        assert_plain(value)


@pytest.mark.parametrize(
    ("one", "two"), [({1}, {2}), (1, 1.0), ([1], (1,)), ({"a": 1}, {"a": 2}), (1j, 2j)]
)
def test_a_value_that_comes_back_as_another_would_be_noticed(one, two):
    assert same(one, one)
    assert not same(one, two)


def test_sets_are_the_same_in_whatever_order_they_were_built():
    assert same({None, (None,), 1, "1"}, {"1", 1, (None,), None})
    assert same(frozenset([None, frozenset({None})]), frozenset([frozenset({None}), None]))


def test_random_changes_are_changes_and_repeatable():
    made = {mutated(Random(i), b"abcdefgh" * 9, b"12345678" * 9) for i in range(50)}
    assert len(made) > 30
    assert mutated(Random(1), b"abc", b"123") == mutated(Random(1), b"abc", b"123")
