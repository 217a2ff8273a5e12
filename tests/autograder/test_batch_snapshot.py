"""What stands in for the gradebook while nbgrader's preprocessors run in a worker."""

from __future__ import annotations

import nbgrader.preprocessors.overwritecells as module
import pytest
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import ClearOutput, OverwriteCells
from sqlalchemy.exc import ArgumentError

from autograder.batch.snapshot import NO_GRADEBOOK, Snapshot, standing_in
from autograder.structure import SourceCell, Structure

CELL = SourceCell("double", "code", True, "check('double')", "0", 4.0)
SNAPSHOT = Snapshot(Structure("null", (CELL,)))


def test_preprocessors_get_the_snapshot_and_afterwards_the_gradebook_again():
    with standing_in(SNAPSHOT, [OverwriteCells(), ClearOutput()]):
        assert module.Gradebook("anything") is SNAPSHOT
    assert module.Gradebook is Gradebook
    with pytest.raises(ZeroDivisionError), standing_in(SNAPSHOT, [OverwriteCells()]):
        raise ZeroDivisionError
    assert module.Gradebook is Gradebook


def test_the_snapshot_knows_its_cells_and_no_others():
    assert SNAPSHOT.find_source_cell("double", "nb", "a") is CELL
    with pytest.raises(MissingEntry, match="No such source cell: half"):
        SNAPSHOT.find_graded_cell("half", "nb", "a")


def test_a_gradebook_opened_in_spite_of_it_is_an_error():
    with pytest.raises(ArgumentError):
        Gradebook(NO_GRADEBOOK)
