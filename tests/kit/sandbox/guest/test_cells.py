"""Loading the cells of a notebook in the sandbox: cells that fail are skipped and reported."""

from __future__ import annotations

import pytest

from autograder.sandbox.host.limits import Limits
from autograder.students.remote import remote_student
from tests.kit.sandbox.sandboxes import sandbox


def test_a_cell_that_raises_does_not_stop_the_cells_after_it():
    with (
        sandbox("1 / 0", "def f(:", "def f():\n    return 7") as box,
        remote_student(box) as student,
    ):
        assert student.f() == 7
    messages = [str(problem) for problem in box.problems]
    assert messages[0].startswith("cell 1: ZeroDivisionError: division by zero")
    assert messages[1].startswith("cell 2: SyntaxError")
    assert "cell 2, line 1" in messages[1]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("while True: pass", "did not finish within 1 s and was skipped"),
        ("import os; os._exit(0)", "ended the Python process and was skipped"),
    ],
)
def test_a_cell_that_hangs_or_ends_the_process_is_skipped(cell, message):
    with sandbox("x = 7", cell, "def f():\n    return x") as box, remote_student(box) as student:
        assert student.f() == 7
    assert [str(problem) for problem in box.problems] == [f"cell 2: {message}"]


def test_plots_and_checks_in_a_notebook_are_idle():
    source = """
        import matplotlib.pyplot as plt
        from autograder import check
        from IPython.display import display
        plt.plot([1, 2])
        figure, (left, right) = plt.subplots(1, 2)
        for axes in figure.axes:
            image = axes.imshow([[1]])
        figure.colorbar(image, ax=right)
        for label in left.get_xticklabels():
            label.set_rotation(45)
        with plt.style.context("default"):
            plt.gca().set(title="x")
        check("f")
        display(1)
        def f():
            return 7
    """
    with sandbox(source) as box, remote_student(box) as student:
        assert student.f() == 7
    assert box.problems == ()


def test_cells_beyond_the_time_of_the_notebook_are_not_run():
    limits = Limits(cell_seconds=5.0, submission_seconds=2.0)
    with sandbox("import time; time.sleep(9)", "x = 1", "y = 2", limits=limits) as box:
        pass
    assert [str(problem) for problem in box.problems] == [
        "cell 1: did not finish within 5 s and was skipped",
        "cell 2: was not run: the time for this notebook is used up",
        "cell 3: was not run: the time for this notebook is used up",
    ]
