"""Broken as notebooks: cells deleted, doubled, moved, split, renamed, edited, retyped."""

from __future__ import annotations

import copy

import nbformat

from tests.submissions.broken.case import RIGHT, Case, cell_of, collect

__all__ = ["CELLS"]

CELLS: list[Case] = []
case = collect(CELLS)


@case
def deleted_check_cell(notebook):
    """A check cell is deleted: full marks; nbgrader's is restored."""
    notebook.cells.remove(cell_of(notebook, "double"))


@case
def deleted_check_cells(notebook):
    """All check cells are deleted: full marks."""
    for name in RIGHT:
        notebook.cells.remove(cell_of(notebook, name))


@case
def deleted_answer_cell(notebook):
    """The answer's cell is deleted: nothing for double, all for quadruple."""
    notebook.cells.remove(cell_of(notebook, "double-solution"))


@case
def deleted_import_cell(notebook):
    """`import numpy as np` is deleted, and np used: the message names np."""
    cell_of(notebook, "double-solution").source = "def double(x):\n    return 2.0 * np.asarray(x)"
    del notebook.cells[2]


@case
def deleted_everything(notebook):
    """A notebook without cells: nothing, both functions are missing."""
    notebook.cells = []


@case
def duplicated_check_cell(notebook):
    """A check cell is there twice: full marks, once."""
    notebook.cells.append(copy.deepcopy(cell_of(notebook, "double")))


@case
def duplicated_answer_cell(notebook):
    """The answer's cell was copied and its copy, above, is still wrong: the lower one counts."""
    wrong = copy.deepcopy(cell_of(notebook, "double-solution"))
    wrong.source = "def double(x):\n    return x * x"
    notebook.cells.insert(5, wrong)


@case
def wrong_copy_below(notebook):
    """An old, wrong copy of the answer stands below it: it is what runs last, and what counts."""
    wrong = copy.deepcopy(cell_of(notebook, "double-solution"))
    wrong.source = "def double(x):\n    return x * x"
    notebook.cells.append(wrong)


@case
def reordered(notebook):
    """All cells in reverse order: full marks, since functions need each other only when called."""
    notebook.cells.reverse()


@case
def used_before_defined(notebook):
    """A cell tries double out above its definition: that cell fails, full marks."""
    notebook.cells.insert(3, nbformat.v4.new_code_cell("print(double(3))"))


@case
def split_check_cell(notebook):
    """A check cell is cut in two, both with its name: full marks."""
    first = cell_of(notebook, "double")
    second = copy.deepcopy(first)
    first.source, second.source = "check(", '"double")'
    notebook.cells.insert(notebook.cells.index(first) + 1, second)


@case
def split_answer_cell(notebook):
    """The answer is cut in two between its lines: neither half is Python, and told so."""
    first = cell_of(notebook, "double-solution")
    second = copy.deepcopy(first)
    first.source, second.source = "def double(x):", "    return 2.0 * x"
    notebook.cells.insert(notebook.cells.index(first) + 1, second)


@case
def merged_answer_cells(notebook):
    """Both answers in one cell, the other is deleted: full marks."""
    first = cell_of(notebook, "double-solution")
    first.source += "\n\n" + RIGHT["quadruple"]
    notebook.cells.remove(cell_of(notebook, "quadruple-solution"))


@case
def renamed_check_cell(notebook):
    """A check cell's name was changed: full marks."""
    cell_of(notebook, "double").metadata.nbgrader.grade_id = "double-check"


@case
def renamed_answer_cell(notebook):
    """The answer's cell has another name: full marks."""
    cell_of(notebook, "double-solution").metadata.nbgrader.grade_id = "mine"


@case
def swapped_names(notebook):
    """The check cells have each other's names: full marks, each for its own."""
    one, two = (cell_of(notebook, name) for name in RIGHT)
    one.metadata.nbgrader.grade_id, two.metadata.nbgrader.grade_id = "quadruple", "double"


@case
def edited_check_cell(notebook):
    """A check cell and its points were edited, and the answer is wrong: nothing for double."""
    cell_of(notebook, "double-solution").source = "def double(x):\n    return x * x"
    check = cell_of(notebook, "double")
    check.source, check.metadata.nbgrader.points = "100", 100.0


@case
def answer_in_the_check_cell(notebook):
    """The answer was typed into the check cell: it does not run, and told where it is."""
    cell_of(notebook, "double-solution").source = ""
    cell_of(notebook, "double").source = RIGHT["double"]


@case
def unlocked_check_cell(notebook):
    """The check cell's marks say that it is an answer, too: full marks."""
    cell_of(notebook, "double").metadata.nbgrader.update(solution=True, locked=False)


@case
def markdown_into_code(notebook):
    """Prose became a code cell: it fails alone, full marks."""
    notebook.cells[4] = nbformat.v4.new_code_cell(notebook.cells[4].source)


@case
def code_into_markdown(notebook):
    """The answer's cell became Markdown; nbgrader still knows it as code: full marks."""
    _retype(cell_of(notebook, "double-solution"), "markdown")


@case
def code_into_raw_text(notebook):
    """The answer's cell became raw text; nbgrader still knows it as code: full marks."""
    _retype(cell_of(notebook, "double-solution"), "raw")


@case
def answer_in_a_markdown_cell(notebook):
    """The answer stands in a Markdown cell of its own: the message says which."""
    cell_of(notebook, "double-solution").source = ""
    notebook.cells.insert(3, nbformat.v4.new_markdown_cell(RIGHT["double"]))


@case
def check_cell_into_markdown(notebook):
    """A check cell became Markdown: full marks."""
    _retype(cell_of(notebook, "double"), "markdown")


@case
def another_assignment(notebook):
    """The notebook of another assignment under this one's name: it needs a person, and is named."""
    for name in RIGHT:
        notebook.cells.remove(cell_of(notebook, f"{name}-solution"))
        cell_of(notebook, name).metadata.nbgrader.grade_id = f"other_{name}"


@case
def cells_of_no_kind(notebook):
    """Cells without type or source, or of an unknown type, between the others: full marks."""
    notebook.cells[2:2] = [{}, {"cell_type": "code"}, {"cell_type": "plot", "source": "x"}]


def _retype(cell, kind):
    cell.cell_type = kind
    del cell["outputs"], cell["execution_count"]
