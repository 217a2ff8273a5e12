"""Public tests of `output_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, assert_structure, exercise

from ..shared_public import BO, H_KNOWN, WO, arrays_of, out_of


@exercise("output_forward")
def test_scores_of_known_numbers(student):
    """States 1, 2, 3 and 4, 5, 6, with Wo = (1, 10) and bo = (0.5, −1), have these scores

    The first score of each step is its state plus 0.5, the second ten times its state minus 1. If
    the right numbers stand in wrong places, look at your reshapes.
    """
    scores = out_of(student.output_forward, H_KNOWN, WO, BO)
    expected = np.concatenate([H_KNOWN + 0.5, 10.0 * H_KNOWN - 1.0], axis=2)
    assert_close(scores, expected, what="array of scores")


@exercise("output_forward")
def test_output_keeps_its_axes_and_its_arguments(student):
    """scores is (N, T, V), also where an axis is 1, and the arguments stay unchanged"""
    for N, T, H, V in ((2, 3, 4, 5), (1, 3, 4, 5), (2, 1, 4, 5), (2, 3, 1, 5), (2, 3, 4, 1)):
        args = arrays_of((N, T, H), (H, V), (V,))
        scores = out_of(student.output_forward, *args)
        assert_structure(scores, np.zeros((N, T, V)), what="array of scores")
        assert_pure(student.output_forward, *args)
