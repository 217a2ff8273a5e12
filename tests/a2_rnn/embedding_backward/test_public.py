"""Public tests of `embedding_backward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise, outputs_and_cache

from ..shared_public import TABLE, WORDS, arrays_of


@exercise("embedding_backward", after="embedding_forward")
def test_table_gradient_counts_words(student):
    """With a dout of ones, each row of dW says how often its word occurs: 1, 2, 3 and 0 times

    Ones where there should be 2 and 3: repeats are lost. With `dW[words] += dout`, NumPy computes
    all the sums first and stores them then, each over the one before. Three rows where there should
    be four: dW has the shape of W, also when the last word does not occur.
    """
    _, cache = outputs_and_cache(student.embedding_forward, {"words": WORDS, "W": TABLE})
    expected = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [0.0, 0.0]])
    assert_close(student.embedding_backward(np.ones((2, 3, 2)), cache), expected, what="dW")


@exercise("embedding_backward", after="embedding_forward")
def test_table_gradient_adds_up_dout(student):
    """Row v of dW is the sum of dout over the places of word v

    dout is 1, 2, 4 and 8, 16, 32 at the six places, so 1 + 8 + 16 = 25 for word 2. Which of the
    terms can you see in your number?
    """
    _, cache = outputs_and_cache(student.embedding_forward, {"words": WORDS, "W": TABLE})
    dout = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])[:, :, None] * np.array([1.0, -1.0])
    expected = np.array([[2.0, -2.0], [36.0, -36.0], [25.0, -25.0], [0.0, 0.0]])
    assert_close(student.embedding_backward(dout, cache), expected, what="dW")


@exercise("embedding_backward", after="embedding_forward")
def test_embedding_backward_leaves_its_arguments_unchanged(student):
    """embedding_backward leaves dout, and the arrays in the cache, unchanged, and can be repeated

    Its second call with the same cache gives what the first one gave.
    """
    _, cache = outputs_and_cache(student.embedding_forward, {"words": WORDS, "W": TABLE})
    (dout,) = arrays_of((2, 3, 2))
    first = student.embedding_backward(dout, cache)
    assert_close(student.embedding_backward(dout, cache), first, what="dW of the second call")
    assert_pure(student.embedding_backward, dout, cache)
