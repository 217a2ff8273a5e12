"""Broken as files: what came of saving, sending, converting and merging."""

from __future__ import annotations

from tests.submissions.broken.case import RIGHT, Case, as_bytes, collect

__all__ = ["FILES"]

FILES: list[Case] = []
case = collect(FILES)


@case
def not_json(notebook):
    """Python code, renamed to .ipynb: refused, with the reason."""
    return RIGHT["double"].encode()


@case
def truncated(notebook):
    """Half of a file, from a full disk or a broken upload: refused, with the reason."""
    return as_bytes(notebook)[:900]


@case
def empty_file(notebook):
    """No bytes at all: refused, and told that it is empty."""
    return b""


@case
def only_spaces(notebook):
    """A file of blank lines: refused, and told that it is empty."""
    return b" \n\n"


@case
def merge_conflict(notebook):
    """git's conflict markers stand in the file: refused, with their line."""
    return b"<<<<<<< HEAD\n" + as_bytes(notebook) + b"\n>>>>>>> mine\n"


@case
def a_web_page(notebook):
    """The page around the notebook was saved instead of it: refused, with the reason."""
    return b"<!DOCTYPE html>\n<html><body>a0_toy</body></html>\n"


@case
def a_list(notebook):
    """JSON, but a list of cells without the notebook around it: refused, with the reason."""
    return as_bytes(notebook["cells"])


@case
def no_cells(notebook):
    """A notebook whose list of cells is gone: refused, with the reason."""
    del notebook["cells"]


@case
def not_utf8(notebook):
    """Saved in Latin-1, with an accent in a comment: refused, with the place."""
    notebook.cells[2].source = "# d\N{LATIN SMALL LETTER E WITH ACUTE}j\N{LATIN SMALL LETTER A}"
    text = as_bytes(notebook).decode().replace("\\u00e9", "\N{LATIN SMALL LETTER E WITH ACUTE}")
    return text.encode("latin-1")


@case
def utf16(notebook):
    """Saved as UTF-16 by an editor: refused, with the reason."""
    return as_bytes(notebook).decode().encode("utf-16")


@case
def byte_order_mark(notebook):
    """A byte order mark in front: full marks."""
    return b"\xef\xbb\xbf" + as_bytes(notebook)


@case
def windows_line_ends(notebook):
    """CR LF in the file and in the cells' sources: full marks."""
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    return as_bytes(notebook).replace(b"\n", b"\r\n")


@case
def old_mac_line_ends(notebook):
    """CR alone in the cells' sources: full marks."""
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r")


@case
def huge_output(notebook):
    """A cell that has printed 50 MB: full marks, and the output is not in the report."""
    output = {"output_type": "stream", "name": "stdout", "text": "0123456789\n" * 4_800_000}
    notebook.cells[2].outputs = [output]


@case
def nbformat_2(notebook):
    """Format 2, of 2011: converted, full marks."""
    return as_bytes({**_old(notebook), "nbformat": 2})


@case
def nbformat_3(notebook):
    """Format 3, of 2013: converted, full marks."""
    return as_bytes({**_old(notebook), "nbformat": 3, "nbformat_minor": 0})


@case
def nbformat_4_0(notebook):
    """Format 4.0, without cell ids: full marks."""
    for cell in notebook.cells:
        del cell["id"]
    notebook.nbformat_minor = 0


@case
def nbformat_4_99(notebook):
    """A minor version of the future: full marks."""
    notebook.nbformat_minor = 99


@case
def nbformat_5(notebook):
    """A major version of the future: refused, with the reason."""
    notebook.nbformat = 5


@case
def nbformat_text(notebook):
    """The version is a word: refused, with the reason."""
    notebook.nbformat = "four"


@case
def no_nbformat(notebook):
    """The version is missing: read as format 4, full marks."""
    del notebook["nbformat"], notebook["nbformat_minor"]


@case
def no_metadata(notebook):
    """The notebook's and the cells' metadata were stripped: full marks."""
    notebook.metadata = {}
    for cell in notebook.cells:
        cell.metadata = {}


@case
def no_metadata_keys(notebook):
    """The keys `metadata` themselves are gone: full marks."""
    del notebook["metadata"]
    for cell in notebook.cells:
        del cell["metadata"]


@case
def metadata_against_the_format(notebook):
    """Metadata is there, with values that the format does not allow: full marks."""
    for cell in notebook.cells:
        cell.metadata.update(collapsed="yes", tags="one", name="", jupyter=[1])


@case
def notebook_metadata_against_the_format(notebook):
    """The notebook's own metadata has values that the format does not allow: full marks."""
    notebook.metadata.update(kernelspec="python", language_info=3, authors="me", title=1)


@case
def attachments_against_the_format(notebook):
    """Pictures that are attached to a cell are no pictures: full marks."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell["attachments"] = {"plot.png": "lost"}


@case
def metadata_of_other_kinds(notebook):
    """Metadata is a text, a list, a number: full marks."""
    notebook.metadata = "none"
    for cell, metadata in zip(notebook.cells, ["x", [], 3, None, True], strict=False):
        cell["metadata"] = metadata


@case
def missing_kernel(notebook):
    """The kernel is not named: full marks."""
    del notebook.metadata["kernelspec"]


@case
def other_kernel(notebook):
    """Set to R by accident, with Python in its cells: full marks."""
    notebook.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    notebook.metadata["language_info"] = {"name": "R"}


@case
def sources_as_lines(notebook):
    """Each source is a list of lines, as on disk, with a number among them: full marks."""
    for cell in notebook.cells:
        cell["source"] = [*cell.source.splitlines(keepends=True), 0]


@case
def half_a_character(notebook):
    """A comment holds half of an emoji (a lone surrogate): full marks."""
    return as_bytes(notebook).replace(b"def double(x):", b"def double(x):  # \\ud83d")


@case
def null_byte(notebook):
    """A NUL in a cell of its own: that cell does not run, full marks."""
    notebook.cells[2].source = "x = 1\x00"


@case
def huge_number(notebook):
    """A number of 5000 digits in the metadata: refused, with the reason."""
    return as_bytes(notebook).replace(b'"metadata": {}', b'"metadata": {"n": ' + b"1" * 5000 + b"}")


@case
def deeply_nested(notebook):
    """JSON that nests 100 000 deep: refused, with the reason."""
    return b"[" * 100_000


def _old(notebook):
    """The notebook as formats 2 and 3 have it: worksheets, and `input` in place of `source`."""
    cells = [
        {"cell_type": "code", "language": "python", "outputs": [], "collapsed": False}
        | {"input": cell.source, "metadata": {}, "prompt_number": 1}
        if cell.cell_type == "code"
        else {"cell_type": "markdown", "source": cell.source, "metadata": {}}
        for cell in notebook.cells
    ]
    return {"metadata": {"name": "a0_toy"}, "worksheets": [{"cells": cells, "metadata": {}}]}
