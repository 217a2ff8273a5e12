"""Public tests of `embedding_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, assert_structure, exercise

from ..shared_public import TABLE, WORDS, out_of


@exercise("embedding_forward")
def test_embedding_of_known_words(student):
    """The words (2, 0, 1) and (2, 2, 1) become rows 2, 0, 1 and 2, 2, 1 of the table

    Words are counted from 0. If a row is the one before the right one, you have subtracted 1.
    """
    out = out_of(student.embedding_forward, WORDS, TABLE)
    row0, row1, row2, _ = TABLE
    assert_close(out, np.array([[row2, row0, row1], [row2, row2, row1]]))


@exercise("embedding_forward")
def test_embedding_keeps_its_axes_and_its_arguments(student):
    """out is (N, T, D), also where an axis is 1, and the arguments stay unchanged"""
    for words, D in ((WORDS, 2), (WORDS[:1], 2), (WORDS[:, :1], 2), (WORDS, 1)):
        out = out_of(student.embedding_forward, words, TABLE[:, :D])
        assert_structure(out, np.zeros((*words.shape, D)))
        assert_pure(student.embedding_forward, words, TABLE[:, :D])
