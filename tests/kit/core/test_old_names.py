"""A course that was released before version 0.2 still finds what it imports."""

from __future__ import annotations

import importlib

import pytest
from traitlets.utils.importstring import import_item

from autograder.core.old_names import OLD_NAMES


@pytest.mark.parametrize("old", OLD_NAMES)
def test_an_old_name_has_all_that_its_modules_have_today(old):
    module = importlib.import_module(old)
    for new in OLD_NAMES[old]:
        for name in importlib.import_module(new).__all__:
            assert getattr(module, name) is getattr(importlib.import_module(new), name)


def test_old_settings_of_nbgrader_name_the_preprocessors_and_the_exporter_of_today():
    from autograder.nbgrader_bridge.exporter import SubmissionExporter
    from autograder.nbgrader_bridge.grade_cells import Grade
    from autograder.nbgrader_bridge.mend_cells import MendCells

    assert import_item("autograder.nbgrader_plugin.Grade") is Grade
    assert import_item("autograder.nbgrader_plugin.MendCells") is MendCells
    assert import_item("autograder.nbgrader_reader.SubmissionExporter") is SubmissionExporter


def test_old_public_tests_find_the_decorator_of_exercises():
    from autograder.suite import exercise
    from autograder.testing.decorators import exercise as today

    assert exercise is today


def test_what_an_old_module_never_had_is_told_as_python_tells_it():
    message = "module 'autograder.compare' has no attribute 'nothing'"
    with pytest.raises(AttributeError, match=message):
        _ = importlib.import_module("autograder.compare").nothing
