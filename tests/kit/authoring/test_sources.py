"""Every citation leads to a source, every source is cited, and students read both."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from autograder.authoring.sources import (
    Source,
    cited,
    load_sources,
    section,
    with_short_forms,
)
from autograder.core.course import find_course
from autograder.core.errors import AuthorError

COURSE = find_course(Path(__file__).resolve().parents[3])
SOURCES = load_sources(COURSE.sources)
ELMAN = Source("Elman 1990", "J. L. Elman: Finding structure in time. 1990", "the step")


def prose(assignment: str) -> str:
    released = COURSE.release(assignment) / f"{assignment}.ipynb"
    cells = json.loads(released.read_text("utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_every_source_is_cited_somewhere():
    keys = {key for a in COURSE.assignments for key in cited(COURSE.solution(a).read_text("utf-8"))}
    assert keys == SOURCES.keys()


def test_each_document_with_claims_is_a_source():
    claims = tomllib.loads((COURSE.root / "quiz" / "claims.toml").read_text("utf-8"))
    assert {claim["document"] for claim in claims["claim"]} <= SOURCES.keys()


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_a_notebook_ends_with_the_sources_that_it_cites(assignment):
    text = prose(assignment)
    body, _, reading = text.rpartition("## Sources and further reading")
    keys = cited(COURSE.solution(assignment).read_text("utf-8"))
    assert keys
    for key, source in SOURCES.items():
        assert (source.text in reading) == (key in keys)
        assert (source.short in " ".join(body.split())) == (key in keys)
    assert "[@" not in text


def test_a_citation_becomes_the_short_form():
    assert with_short_forms("States [@elman1990].", {"elman1990": ELMAN}) == "States (Elman 1990)."


def test_neighbouring_citations_share_their_parentheses():
    sources = {"a": ELMAN, "b": Source("Werbos 1990", "", "")}
    assert with_short_forms("Sums [@a] [@b].", sources) == "Sums (Elman 1990; Werbos 1990)."


def test_a_citation_of_no_source_is_refused_with_what_there_is():
    with pytest.raises(
        AuthorError, match=r"\[@elman\] is not a known source \(elman1990\): add it"
    ):
        with_short_forms("[@elman]", {"elman1990": ELMAN})


def test_sources_that_nobody_cites_make_no_section():
    assert section([], {"elman1990": ELMAN}) == ""


def test_a_course_without_sources_has_none(tmp_path):
    assert load_sources(tmp_path / "sources.toml") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[elman", "is not valid TOML"),
        ("[elman1990]\nshort = 'Elman 1990'\n", "needs exactly the keys short, text and look_for"),
        ("[e]\nshort='E'\ntext='E'\nlook_for='x'\nyear=1990\n", "needs exactly the keys"),
    ],
)
def test_a_broken_file_of_sources_is_refused(tmp_path, text, message):
    path = tmp_path / "sources.toml"
    path.write_text(text)
    with pytest.raises(AuthorError, match=message):
        load_sources(path)
