"""What docs/architecture.md says of the levels is what the import contract enforces."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from autograder.judging.fingerprint import _JUDGING

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENT = (PROJECT / "docs" / "architecture.md").read_text("utf-8")


def levels() -> list[list[str]]:
    """The packages of each level, from the top, by the contract."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    return [re.split(r" [|:] ", layer) for layer in contract["layers"] if layer != "__main__"]


def purpose(package: str) -> str:
    """The first sentence of the package's docstring."""
    folder = PROJECT / "autograder" / package
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).removesuffix(".")


def table() -> str:
    rows = ["| level | package | holds |", "|---|---|---|"]
    for number, packages in zip(range(len(levels()), 0, -1), levels(), strict=True):
        for package in packages:
            rows.append(f"| {number} | `{package}` | {purpose(package)} |")
    return "\n".join(rows)


def test_the_document_shows_the_levels_of_the_contract():
    shown = DOCUMENT.partition("<!-- levels -->")[2].partition("<!-- /levels -->")[0].strip()
    assert shown == table(), f"put this table between the two comments:\n\n{table()}"


def test_there_are_nine_levels():
    assert len(levels()) == 9


def test_every_package_says_what_it_is_for():
    assert [name for level in levels() for name in level if not purpose(name)] == []


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:\w+/)+\w+\.py)`", DOCUMENT))))
def test_every_file_that_the_document_names_is_there(path):
    assert (PROJECT / "autograder" / path).is_file() or (PROJECT / path).is_file()


def test_the_document_names_the_packages_whose_change_makes_results_stale():
    said = DOCUMENT.partition("a digest of what judges: ")[2].partition(" and the exercise's")[0]
    named = set(re.findall(r"`([\w/]+)`", said))
    assert named == {each.removeprefix("autograder/") for each in _JUDGING}
