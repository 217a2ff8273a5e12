"""What all tests share: repeatable examples, no clock."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", database=None, deadline=None, derandomize=True)
settings.load_profile("repeatable")

# Started in the background, a shell's children ignore Ctrl-C, and so would theirs.
signal.signal(signal.SIGINT, signal.default_int_handler)


# With a file for each processor in turn, those that take longest must not be the last.
LONGEST = (
    "test_demo.py",
    "test_run.py",
    "test_student_install.py",
    "test_readme_recipe.py",
    "test_faults.py",
    "test_broken.py",
    "test_cluster.py",
    "test_postgresql.py",
    "test_hostile.py",
)


def pytest_collection_modifyitems(items):
    rank = {name: i for i, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """What students install."""
    folder = tmp_path_factory.mktemp("dist")
    build = ["wheel", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-q"]
    project = Path(__file__).resolve().parent.parent
    subprocess.run([sys.executable, "-m", "pip", *build, "-w", folder, project], check=True)
    (path,) = folder.glob("*.whl")
    return path
