"""The project's metadata: the package, the workflow, the citation and the changelog agree."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[3]
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
JOBS = yaml.safe_load((PROJECT / ".github/workflows/ci.yml").read_text())["jobs"]
CITATION = yaml.safe_load((PROJECT / "CITATION.cff").read_text())
PREFIX = "Programming Language :: Python :: 3."
PYTHONS = [f"3.{c.removeprefix(PREFIX)}" for c in METADATA["classifiers"] if PREFIX in c]


def test_the_oldest_classifier_is_the_required_python():
    assert METADATA["requires-python"] == f">={PYTHONS[0]}"


def test_the_workflow_runs_all_checks_on_the_oldest_and_the_newest_python():
    assert JOBS["checks"]["strategy"]["matrix"]["python"] == [PYTHONS[0], PYTHONS[-1]]
    assert JOBS["checks"]["steps"][-1] == {"run": ".ci/run"}


def test_the_workflow_runs_a_students_part_on_every_python():
    assert JOBS["student"]["strategy"]["matrix"]["python"] == PYTHONS


@pytest.mark.parametrize("key", ["version", "license", "keywords"])
def test_the_citation_agrees_with_the_package(key):
    assert CITATION[key] == METADATA[key]


def test_the_changelog_has_a_section_for_the_version():
    changelog = (PROJECT / "CHANGELOG.md").read_text()
    assert f"\n## {METADATA['version']}\n" in changelog
