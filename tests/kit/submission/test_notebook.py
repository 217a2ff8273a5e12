"""A submission's code cells are read, whatever state the file is in."""

from __future__ import annotations

import json

import nbformat
import pytest

from autograder.core.errors import UserError
from autograder.submission.notebook import read, read_node
from tests.kit.toy_course import notebook


def sources(content) -> list[str]:
    return [cell.source for cell in read_node(content).cells]


def test_code_cells_are_numbered_as_in_the_notebook():
    content = notebook("x = 1", "y = 2")
    content.cells.insert(0, nbformat.v4.new_markdown_cell("# Title"))
    assert [(cell.index, cell.source) for cell in read_node(content).cells] == [
        (2, "x = 1"),
        (3, "y = 2"),
    ]


def test_check_cells_are_left_out_and_named():
    content = notebook("x = 1", 'check("double")')
    content.cells[1].metadata["nbgrader"] = {"grade": True, "grade_id": "double"}
    submission = read_node(content)
    assert [cell.source for cell in submission.cells] == ["x = 1"]
    assert submission.exercises == ("double",)


def test_empty_cells_are_left_out():
    assert sources(notebook("", "  \n", "x = 1")) == ["x = 1"]


def test_magics_and_shell_lines_become_python():
    (code,) = sources(notebook("%matplotlib inline\n!pip install numpy\nx = 1"))
    assert code.endswith("x = 1\n")
    compile(code, "cell", "exec")


def test_plain_python_is_left_as_it_is():
    assert sources(notebook("x = '%d' % 1  # done?")) == ["x = '%d' % 1  # done?"]


def test_a_cell_that_is_no_python_at_all_is_kept_for_its_error():
    assert [source.strip() for source in sources(notebook("def f(:"))] == ["def f(:"]


def test_sources_may_be_lists_of_lines_with_windows_line_ends():
    content = {"cells": [{"cell_type": "code", "source": ["x = 1\r\n", "y = 2"]}], "nbformat": 4}
    assert sources(content) == ["x = 1\ny = 2"]


@pytest.mark.parametrize(
    "metadata", [None, [], {"nbgrader": None}, {"nbgrader": [1]}, {"nbgrader": "x"}]
)
def test_malformed_metadata_is_no_obstacle(metadata):
    content = {"cells": [{"cell_type": "code", "source": "x = 1", "metadata": metadata}]}
    assert sources(content) == ["x = 1"]


@pytest.mark.parametrize("cells", [None, {}, [1], "text"])
def test_a_notebook_without_a_list_of_cells_is_refused(cells):
    with pytest.raises(UserError, match="no list of cells"):
        read_node({"cells": cells})


def test_a_notebook_without_cells_is_an_empty_submission():
    assert read_node({"cells": []}).cells == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not json", "it is not JSON"),
        (b'{"cells": [', "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"<html>\n", "it is not JSON .*; it begins with '<html>'"),
        (b"\xff\xfe\x00", "it is not UTF-8 text"),
        (b"[]", "it holds no notebook"),
        (b'{"nbformat": 4}', "it has no list of cells"),
        (b'{"nbformat": 3, "worksheets": 1}', "its format, 3, cannot be read"),
        (b'{"nbformat": 99, "cells": []}', "its format is 99, not 4: open it in Jupyter"),
        (b'{"nbformat": "x", "cells": []}', "its format is 'x', not 4"),
    ],
)
def test_a_file_that_is_no_notebook_is_named_with_the_reason(tmp_path, content, message):
    path = tmp_path / "broken.ipynb"
    path.write_bytes(content)
    with pytest.raises(UserError, match=message) as raised:
        read(path)
    assert "broken.ipynb is not a notebook" in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"none\.ipynb cannot be read: No such file"):
        read(tmp_path / "none.ipynb")


def test_a_huge_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.submission.notebook.MAX_BYTES", 10)
    path = tmp_path / "huge.ipynb"
    path.write_text(" " * 11)
    with pytest.raises(UserError, match="clear its outputs"):
        read(path)


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    path = tmp_path / "bom.ipynb"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(notebook("x = 1")).encode())
    assert [cell.source for cell in read(path).cells] == ["x = 1"]


def test_a_notebook_of_format_3_is_read(tmp_path):
    path = tmp_path / "old.ipynb"
    cells = [{"cell_type": "code", "input": "x = 1", "language": "python", "outputs": []}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    path.write_text(json.dumps(old))
    assert [cell.source for cell in read(path).cells] == ["x = 1"]


def test_a_file_of_too_many_brackets_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.submission.notebook._MAX_BRACKETS", 10)
    path = tmp_path / "brackets.ipynb"
    path.write_text("[" * 11)
    with pytest.raises(UserError, match="more lists and dicts than can be read"):
        read(path)


@pytest.mark.parametrize(("limit", "at"), [("_MAX_CELLS", 2), ("_MAX_CODE", 12)])
def test_a_notebook_of_too_much_code_is_refused(monkeypatch, limit, at):
    monkeypatch.setattr(f"autograder.submission.notebook.{limit}", at)
    with pytest.raises(UserError, match="it has more than"):
        read_node(notebook("x = 1", "y = 2", "z = 3"))


def test_a_cell_that_is_too_long_raises_and_says_why():
    (code,) = sources(notebook("x = 1  # " + "y" * 200_000))
    with pytest.raises(ValueError, match="longer than 200,000 characters: it was not run"):
        exec(code)


def test_half_a_character_is_replaced():
    assert sources(notebook("x = '\ud83d'; y = '\U0001f600'")) == ["x = '\ufffd'; y = '\U0001f600'"]


def test_line_ends_of_all_kinds_are_read():
    assert sources(notebook("x = 1\r\ny = 2\rz = 3\n")) == ["x = 1\ny = 2\nz = 3\n"]


def test_a_backslash_that_python_warns_of_warns_nobody(recwarn):
    assert sources(notebook("'\\sigma'")) == ["'\\sigma'"]
    assert not recwarn


def test_the_body_of_a_timed_cell_is_a_cell_like_another():
    (code,) = sources(notebook("%%time\n%matplotlib inline\nx = 1"))
    magic = "get_ipython().run_line_magic('matplotlib', 'inline')"
    assert code.splitlines() == ["#", magic, "x = 1"]


def test_a_cell_of_very_many_magics_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr("autograder.submission.magics._MAX_TRANSFORMED", 1000)
    many = "%a\n" * 100
    assert sources(notebook("%a", many, "%a")) == [
        "get_ipython().run_line_magic('a', '')\n",
        many,
        "%a",
    ]


def test_a_cell_to_be_filled_in_stays_code_whatever_it_was_turned_into():
    content = notebook("x = 1")
    settings = {"solution": True, "grade": False, "cell_type": "code"}
    content.cells[0] |= {"cell_type": "raw", "metadata": {"nbgrader": settings}}
    assert sources(content) == ["x = 1"]


def test_what_does_not_run_is_set_aside():
    content = notebook("x = 1", "check()")
    content.cells[1].metadata["nbgrader"] = {"grade": True, "grade_id": "double"}
    content.cells.append(nbformat.v4.new_markdown_cell("# Title"))
    assert [cell.source for cell in read_node(content).set_aside] == ["check()", "# Title"]
